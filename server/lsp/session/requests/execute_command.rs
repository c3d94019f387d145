//! `workspace/executeCommand`: actions by name, for key bindings and scripts. editors/README.md describes the arguments.

use crate::disk::baseline;
use crate::example::shared::SharedValue;
use crate::ide::fixes::Task;
use crate::lsp::session::accepted::accept;
use crate::lsp::session::capabilities::ACCEPT;
use crate::lsp::session::convert::workspace_edit;
use crate::lsp::session::edits::{Whole, find_edits};
use crate::lsp::session::listing;
use crate::lsp::session::message::{self, Reply};
use crate::lsp::session::settings_files;
use crate::lsp::session::state::State;
use crate::rules::{self, Extent, Operation};
use lsp_types::{ExecuteCommandParams, Uri, WorkspaceEdit};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tower_lsp::jsonrpc::{Error, ErrorCode};

/// An edit for the client to apply.
pub struct Change {
    pub edit: WorkspaceEdit,
    /// What to do after the client has applied it.
    pub then: Option<message::Task<State>>,
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
        "tuning-ls/deleteExample" => with(given, reply, |LineArguments { uri, line }, reply| {
            run(state, uri, Task::Operation { line, operation: Operation::DeleteLine }, reply);
        }),
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
    if !state.documents.contains_key(&uri) {
        return reply.send(Err(not_open(&uri)));
    }
    let (versioned, encoding) = (state.client.capabilities().document_changes, state.client.encoding());
    find_edits(state, uri, Whole::Tasks(vec![task]), reply, move |edits| {
        let files: Vec<_> = edits.into_iter().flatten().filter(|file| !file.edits.is_empty()).collect();
        let is_something = !files.is_empty();
        is_something.then(|| Change { edit: workspace_edit(versioned, encoding, files), then: None })
    });
}

fn set_shared(state: &mut State, given: SharedArguments, reply: Reply<Option<Change>>) {
    let SharedArguments { uri, value, dataset } = given;
    let Some(open) = state.documents.get(&uri) else { return reply.send(Err(not_open(&uri))) };
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
    let Some(rule) = rules::by_code(&code) else {
        return reply.send(Err(Error::invalid_params(format!("there is no rule `{code}`"))));
    };
    let State { documents, client, workspace, .. } = state;
    let path = documents.get(&uri).and_then(|open| open.path());
    let edit = path.and_then(|path| settings_files::turning_off(workspace, client, path, rule.code));
    reply.send(Ok(edit.map(|edit| Change { edit, then: None })));
}

fn accept_finding(state: &mut State, given: FindingArguments, reply: Reply<Option<Change>>) {
    let FindingArguments { uri, line, code, pointer } = given;
    let Some(open) = state.documents.get(&uri) else { return reply.send(Err(not_open(&uri))) };
    let Some(path) = open.path().map(std::path::Path::to_path_buf) else { return reply.send(Ok(None)) };
    if !state.client.capabilities().can_accept() {
        return reply.send(Err(Error::invalid_params("the client cannot create files in an edit")));
    }
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
        if entries.is_empty() {
            return reply.send(Ok(None));
        }
        let State { workspace, client, .. } = state;
        reply.send(match accept(workspace, client, &path, entries) {
            Err(problem) => Err(failed(problem)),
            Ok((edit, accepted)) => {
                let then: message::Task<State> = Box::new(move |state| {
                    state.workspace.set_accepted(&path, accepted);
                    state.apply_settings();
                    listing::refresh(state);
                });
                Ok(Some(Change { edit, then: Some(then) }))
            }
        });
    });
}

fn not_open(uri: &Uri) -> Error {
    Error::invalid_params(format!("{uri} is not open"))
}

/// `RequestFailed`, with a message that clients show.
fn failed(problem: String) -> Error {
    Error { code: ErrorCode::ServerError(-32803), message: problem.into(), data: None }
}
