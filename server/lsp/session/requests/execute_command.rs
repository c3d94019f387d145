//! `workspace/executeCommand`: actions by name, for key bindings and scripts. editors/README.md describes the arguments.

use crate::disk::baseline;
use crate::example::shared::SharedValue;
use crate::ide::fixes::Task;
use crate::lsp::session::accepted::accept;
use crate::lsp::session::convert::workspace_edit;
use crate::lsp::session::document::OpenDocument;
use crate::lsp::session::edits::{Whole, find_edits};
use crate::lsp::session::listing;
use crate::lsp::session::message::{self, Reply};
use crate::lsp::session::offered::ACCEPT;
use crate::lsp::session::settings_files;
use crate::lsp::session::state::State;
use crate::rules::{self, Extent, Operation, Rule};
use crate::settings::baseline::Entry;
use lsp_types::{ExecuteCommandParams, Uri, WorkspaceEdit};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use tower_lsp::jsonrpc::{Error, ErrorCode};

/// What a command changes.
pub enum Change {
    /// An edit for the client to apply.
    Edit(WorkspaceEdit),
    /// Entries for the baseline of the file at a path. Their edit must be [made](accepting) after the client has answered
    /// the edit of earlier ones, because it contains the whole baseline.
    Accept(PathBuf, BTreeSet<Entry>),
}

/// An edit that accepts findings, and what to do after the client has applied it.
pub struct Accepting {
    pub edit: WorkspaceEdit,
    pub then: message::Task<State>,
}

#[derive(Debug, Deserialize)]
struct FileArguments {
    uri: Uri,
}

#[derive(Debug, Deserialize)]
struct LineArguments {
    uri: Uri,
    line: usize,
}

#[derive(Debug, Deserialize)]
struct FindingArguments {
    uri: Uri,
    line: usize,
    code: String,
    #[serde(default)]
    pointer: String,
}

#[derive(Debug, Deserialize)]
struct SharedArguments {
    uri: Uri,
    value: String,
    /// Whether to change all files of the dataset.
    #[serde(default)]
    dataset: bool,
}

#[derive(Debug, Deserialize)]
struct RuleArguments {
    uri: Uri,
    code: String,
}

pub fn answer(state: &mut State, params: ExecuteCommandParams, reply: Reply<Option<Change>>) {
    let given = params.arguments.unwrap_or_default().into_iter().next().unwrap_or_default();
    match params.command.as_str() {
        ACCEPT => with(given, reply, |given, reply| accept_finding(state, given, reply)),
        "tuning-ls/deleteExample" => with(given, reply, |given, reply| delete_example(state, given, reply)),
        "tuning-ls/fixAll" => {
            with(given, reply, |FileArguments { uri }, reply| run(state, uri, Task::FixAll, reply));
        }
        "tuning-ls/normalizeAll" => {
            with(given, reply, |FileArguments { uri }, reply| run(state, uri, Task::NormalizeAll, reply));
        }
        "tuning-ls/setShared" => with(given, reply, |given, reply| set_shared(state, given, reply)),
        "tuning-ls/turnOffRule" => with(given, reply, |given, reply| turn_off(state, given, reply)),
        other => reply.send(Err(Error::invalid_params(format!("there is no command `{other}`")))),
    }
}

/// Reads the argument of a command, which is one object.
fn with<T: DeserializeOwned>(given: Value, reply: Reply<Option<Change>>, run: impl FnOnce(T, Reply<Option<Change>>)) {
    match serde_json::from_value(given) {
        Ok(read) => run(read, reply),
        Err(error) => reply.send(Err(Error::invalid_params(format!("the argument of this command is wrong: {error}")))),
    }
}

fn run(state: &mut State, uri: Uri, task: Task, reply: Reply<Option<Change>>) {
    if let Err(error) = document(state, &uri) {
        return reply.send(Err(error));
    }
    let (versioned, encoding) = (state.client.capabilities().document_changes, state.client.encoding());
    find_edits(state, uri, Whole::Tasks(vec![task]), reply, move |edits| {
        let files: Vec<_> = edits.into_iter().flatten().filter(|file| !file.edits.is_empty()).collect();
        let is_something = !files.is_empty();
        is_something.then(|| Change::Edit(workspace_edit(versioned, encoding, files)))
    });
}

fn delete_example(state: &mut State, given: LineArguments, reply: Reply<Option<Change>>) {
    let LineArguments { uri, line } = given;
    let open = match document(state, &uri) {
        Ok(open) => open,
        Err(error) => return reply.send(Err(error)),
    };
    // Which lines belong to an example depends on the lines before.
    open.settle();
    let problem = if line >= open.document().line_count() {
        Some(format!("the file has no line {line}, counted from 0"))
    } else if open.judge().array.is_some() {
        Some("this file is one array; its examples cannot be deleted by line".to_owned())
    } else {
        None
    };
    match problem {
        Some(problem) => reply.send(Err(Error::invalid_params(problem))),
        None => run(state, uri, Task::Operation { line, operation: Operation::DeleteLine }, reply),
    }
}

fn set_shared(state: &mut State, given: SharedArguments, reply: Reply<Option<Change>>) {
    let SharedArguments { uri, value, dataset } = given;
    let open = match document(state, &uri) {
        Ok(open) => open,
        Err(error) => return reply.send(Err(error)),
    };
    let field = open.judge().format.words.shared;
    let named = field.and_then(|field| {
        let named = SharedValue::ALL.into_iter().find(|known| field.name(*known) == value);
        named.map(|value| (field, value))
    });
    let Some((field, value)) = named else {
        return reply.send(Err(Error::invalid_params(format!("`{value}` is not a value that examples share here"))));
    };
    let extent = if dataset { Extent::Dataset } else { Extent::File };
    let operation = Operation::SetShared { field, value, extent };
    run(state, uri, Task::Operation { line: 0, operation }, reply);
}

fn turn_off(state: &mut State, given: RuleArguments, reply: Reply<Option<Change>>) {
    let RuleArguments { uri, code } = given;
    let (rule, path) = match rule_to_hide(&code).and_then(|rule| Ok((rule, path_of(state, &uri)?))) {
        Ok(given) => given,
        Err(error) => return reply.send(Err(error)),
    };
    let edit = settings_files::turning_off(&mut state.workspace, &state.client, &path, rule.code);
    reply.send(edit.map(|edit| edit.map(Change::Edit)).map_err(failed));
}

fn accept_finding(state: &mut State, given: FindingArguments, reply: Reply<Option<Change>>) {
    let FindingArguments { uri, line, code, pointer } = given;
    let path = match rule_to_hide(&code).and_then(|_| path_of(state, &uri)) {
        Ok(path) => path,
        Err(error) => return reply.send(Err(error)),
    };
    if !state.client.capabilities().can_accept() {
        return reply.send(Err(failed(settings_files::CANNOT_CREATE.to_owned())));
    }
    let Some(open) = state.documents.get(&uri) else { return };
    let (document, settings, revision) = (open.document().clone(), open.settings().clone(), open.revision());
    let bytes = document.rope().len_bytes() as u64;
    let progress = state.progress(bytes, || format!("Accepting {code}"));
    let work = move || {
        let _progress = progress;
        let entries = baseline::accepting(&document, &settings, (line, &code, &pointer));
        (entries, uri, path, reply)
    };
    state.work(work, move |state, (entries, uri, path, reply)| {
        if state.documents.get(&uri).map(|open| open.revision()) != Some(revision) {
            return reply.send(Err(Error::content_modified()));
        }
        reply.send(Ok((!entries.is_empty()).then_some(Change::Accept(path, entries))));
    });
}

/// Answers with the edit that adds entries to the baseline of the file at `path`.
pub fn accepting(state: &mut State, path: PathBuf, entries: BTreeSet<Entry>, reply: Reply<Accepting>) {
    let State { workspace, client, .. } = state;
    reply.send(match accept(workspace, client, &path, entries) {
        Err(problem) => Err(failed(problem)),
        Ok((edit, accepted)) => {
            let then: message::Task<State> = Box::new(move |state| {
                state.workspace.set_accepted(&path, accepted);
                state.apply_settings();
                listing::refresh(state);
            });
            Ok(Accepting { edit, then })
        }
    });
}

/// The rule whose findings a user wants to hide.
fn rule_to_hide(code: &str) -> Result<&'static Rule, Error> {
    let rule = rules::by_code(code).ok_or_else(|| Error::invalid_params(format!("there is no rule `{code}`")))?;
    if settings_files::may_be_kept(code) {
        return Ok(rule);
    }
    Err(Error::invalid_params(format!("`{code}` reports invalid JSON, which must be fixed and cannot be hidden")))
}

/// The open file that a command is for.
fn document<'a>(state: &'a mut State, uri: &Uri) -> Result<&'a mut OpenDocument, Error> {
    match state.documents.get_mut(uri) {
        None => Err(Error::invalid_params(format!("{uri} is not open"))),
        Some(open) if open.is_view() => {
            Err(Error::invalid_params("A view shows one example; run this command for its file."))
        }
        Some(open) => Ok(open),
    }
}

fn path_of(state: &mut State, uri: &Uri) -> Result<PathBuf, Error> {
    let path = document(state, uri)?.path().map(Path::to_path_buf);
    path.ok_or_else(|| Error::invalid_params(format!("{uri} is not a file on disk, so it has no settings file")))
}

/// `RequestFailed`, with a message that clients show.
fn failed(problem: String) -> Error {
    Error { code: ErrorCode::ServerError(-32803), message: problem.into(), data: None }
}
