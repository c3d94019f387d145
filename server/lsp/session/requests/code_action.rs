//! `textDocument/codeAction`

use crate::ide::fixes::{self, ActionKind, Task};
use crate::lsp::session::capabilities::{FIX_ALL, NORMALIZE, SET_SHARED, SET_SHARED_ALIAS};
use crate::lsp::session::convert::{self, FileEdits, workspace_edit};
use crate::lsp::session::edits::{Whole, find_edits};
use crate::lsp::session::message::Reply;
use crate::lsp::session::settings_files;
use crate::lsp::session::state::State;
use crate::rules::{Extent, Operation};
use lsp_types::{
    Code, CodeAction, CodeActionKind, CodeActionParams, CodeActionResponse, Diagnostic, DocumentChange, Uri,
    WorkspaceEdit,
};
use serde::{Deserialize, Serialize};

/// A code action whose edit is made when it is resolved.
#[derive(Debug, Serialize, Deserialize)]
pub struct Deferred {
    pub uri: Uri,
    /// The number of the text that it is for.
    pub revision: u64,
    pub what: DeferredTask,
}

/// A task that looks at the whole file.
#[derive(Debug, Serialize, Deserialize)]
pub enum DeferredTask {
    Operation { line: usize, operation: Operation },
    NormalizeAll,
    FixAll,
}

impl DeferredTask {
    /// A task whose edits are made only when they are wanted: one that looks at the whole file.
    fn of(task: &Task) -> Option<Self> {
        match task {
            Task::NormalizeAll => Some(Self::NormalizeAll),
            Task::FixAll => Some(Self::FixAll),
            &Task::Operation { line, operation } if is_whole(operation) => Some(Self::Operation { line, operation }),
            _ => None,
        }
    }

    pub fn task(self) -> Task {
        match self {
            Self::Operation { line, operation } => Task::Operation { line, operation },
            Self::NormalizeAll => Task::NormalizeAll,
            Self::FixAll => Task::FixAll,
        }
    }
}

fn is_whole(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::Unwrap
            | Operation::LineEnds
            | Operation::DeleteCopies
            | Operation::SetShared { extent: Extent::File | Extent::Dataset, .. }
    )
}

/// Whether an action of kind `kind` is wanted: kinds are hierarchical, `source` wants `source.fixAll`.
/// What changes the whole source has to be asked for.
fn is_wanted(kind: &CodeActionKind, only: Option<&[CodeActionKind]>) -> bool {
    let kind = kind.as_str();
    match only {
        None => !kind.starts_with("source"),
        Some(only) => only.iter().any(|wanted| {
            let wanted = wanted.as_str();
            kind == wanted || wanted.is_empty() || kind.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.'))
        }),
    }
}

pub fn answer(state: &mut State, params: CodeActionParams, reply: Reply<Option<Vec<CodeActionResponse>>>) {
    let CodeActionParams { text_document, range, context, .. } = params;
    let (uri, only) = (text_document.uri, context.only.as_deref());
    let State { documents, client, workspace, .. } = state;
    let Some(open) = documents.get_mut(&uri) else { return reply.send(Ok(Some(Vec::new()))) };
    // Whether a line is judged, and which shared value it should have, depends on the others.
    open.settle();
    let silencing = match open.path().filter(|_| is_wanted(&CodeActionKind::QuickFix, only)) {
        Some(path) => settings_files::actions(workspace, client, path, &context.diagnostics),
        None => Vec::new(),
    };
    let client = client.capabilities();
    let (encoding, versioned, revision) = (client.encoding, client.document_changes, open.revision());
    let (start, end) = (open.place(range.start, encoding), open.place(range.end, encoding));
    let (mut actions, mut tasks) = (Vec::new(), Vec::new());
    open.with_fixes(|file, analyst| {
        let mut found = fixes::actions(file, analyst, start, end);
        found.extend(fixes::file_actions(file));
        for action in found {
            let Some(kind) = wanted_kind(action.kind, only) else { continue };
            let deferred = DeferredTask::of(&action.task);
            let fixed = action.fixes.map(|(code, span, line)| {
                let place = convert::span_in_record(file.source, line, span, encoding);
                let same =
                    |shown: &&Diagnostic| shown.range == place && shown.code == Some(Code::String(code.to_owned()));
                context.diagnostics.iter().filter(same).cloned().collect::<Vec<_>>()
            });
            let mut answer = CodeAction {
                title: action.title,
                diagnostics: fixed.filter(|fixed| !fixed.is_empty()),
                kind: Some(kind),
                is_preferred: (action.preferred && client.code_action_preferred).then_some(true),
                ..CodeAction::default()
            };
            match deferred {
                Some(what) if client.code_action_resolve_edit => {
                    answer.data = serde_json::to_value(Deferred { uri: uri.clone(), revision, what }).ok();
                }
                Some(_) => tasks.push((actions.len(), action.task)),
                None => {
                    let edits = fixes::edits(file, analyst, &action.task);
                    let file = FileEdits { uri: uri.clone(), document: file.source.clone(), open: true, edits };
                    answer.edit = Some(workspace_edit(versioned, encoding, vec![file]));
                }
            }
            actions.push(answer);
        }
    });
    actions.extend(silencing);
    if tasks.is_empty() {
        return reply.send(Ok(Some(actions.into_iter().map(CodeActionResponse::CodeAction).collect())));
    }
    // A client that cannot resolve gets all edits with the list.
    let (places, tasks): (Vec<_>, Vec<_>) = tasks.into_iter().unzip();
    find_edits(state, uri, Whole::Tasks(tasks), reply, move |edits| {
        for (place, files) in places.into_iter().zip(edits) {
            actions[place].edit = Some(workspace_edit(versioned, encoding, files));
        }
        actions.retain(|action| action.edit.as_ref().is_some_and(|edit| !is_empty(edit)));
        Some(actions.into_iter().map(CodeActionResponse::CodeAction).collect())
    });
}

/// The kind under which the client wants an action. Clients drop answers of kinds that they did not ask for, so one that
/// asks for the alias gets the alias.
fn wanted_kind(kind: ActionKind, only: Option<&[CodeActionKind]>) -> Option<CodeActionKind> {
    let kind = lsp_kind(kind);
    let alias = (kind == SET_SHARED).then_some(SET_SHARED_ALIAS);
    [Some(kind), alias].into_iter().flatten().find(|kind| is_wanted(kind, only))
}

fn lsp_kind(kind: ActionKind) -> CodeActionKind {
    match kind {
        ActionKind::QuickFix => CodeActionKind::QuickFix,
        ActionKind::Rewrite => CodeActionKind::RefactorRewrite,
        ActionKind::FixAll => FIX_ALL,
        ActionKind::NormalizeAll => NORMALIZE,
        ActionKind::SetShared => SET_SHARED,
    }
}

fn is_empty(edit: &WorkspaceEdit) -> bool {
    let changes = edit.changes.as_ref().is_none_or(|changes| changes.values().all(Vec::is_empty));
    let documents = edit.document_changes.as_ref().is_none_or(|changes| {
        changes.iter().all(|change| matches!(change, DocumentChange::TextDocumentEdit(edit) if edit.edits.is_empty()))
    });
    changes && documents
}
