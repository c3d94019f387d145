//! `textDocument/codeAction`

use crate::analysis::Listed;
use crate::ide::fixes::{self, ActionKind, Fixed, Task};
use crate::lsp::session::convert::{self, FileEdits, workspace_edit};
use crate::lsp::session::edits::{Whole, find_edits};
use crate::lsp::session::message::Reply;
use crate::lsp::session::offered::{ACCEPT, FIX_ALL, NORMALIZE, SET_SHARED, SET_SHARED_ALIAS};
use crate::lsp::session::settings_files;
use crate::lsp::session::state::State;
use lsp_types::{
    Code, CodeAction, CodeActionDisabled, CodeActionKind, CodeActionParams, CodeActionResponse, Command, Diagnostic,
    DocumentChange, Uri, WorkspaceEdit,
};
use serde::{Deserialize, Serialize};

/// The data of a code action whose edit is made when it is resolved.
#[derive(Debug, Serialize, Deserialize)]
pub struct Deferred {
    pub uri: Uri,
    /// The revision of the text that the action is for.
    pub revision: u64,
    pub what: Task,
}

/// Whether the client wants actions of this kind. Kinds are hierarchical: `source` includes `source.fixAll`. Source actions
/// must be requested explicitly.
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
    // The findings of a line and its expected shared value depend on the other lines.
    open.settle();
    let turning_off = match open.settings_path().filter(|_| is_wanted(&CodeActionKind::RefactorRewrite, only)) {
        Some(path) => settings_files::actions(workspace, client, path, &context.diagnostics),
        None => Vec::new(),
    };
    let client = client.capabilities();
    let accepts = client.can_accept()
        && !context.diagnostics.is_empty()
        && open.path().is_some()
        && !open.is_view()
        && is_wanted(&CodeActionKind::RefactorRewrite, only);
    let (encoding, versioned, revision) = (client.encoding, client.document_changes, open.revision());
    let literals = client.code_action_literals;
    let (start, end) = (open.place(range.start, encoding), open.place(range.end, encoding));
    let (mut actions, mut tasks, mut accepting) = (Vec::new(), Vec::new(), Vec::new());
    let is_view = open.is_view();
    open.with_fixes(|file, analyst| {
        let mut found = fixes::actions(file, analyst, start, end);
        if is_view {
            // What is done with whole lines or files must be done in the file.
            found.retain(|action| !action.task.is_of_lines());
        } else {
            found.extend(fixes::file_actions(file));
            // A view is better for reading and editing.
            found.extend(fixes::expand(file, start).filter(|_| !client.example_view));
        }
        let acceptable = if accepts { fixes::acceptable(file, analyst, start, end) } else { Vec::new() };
        for Listed { line, finding } in acceptable {
            let (code, place) = (finding.rule.code, convert::span_in_record(file.source, line, finding.span, encoding));
            let same = |shown: &&Diagnostic| shown.range == place && shown.code == Some(Code::String(code.to_owned()));
            let diagnostics: Vec<_> = context.diagnostics.iter().filter(same).cloned().collect();
            if !diagnostics.is_empty() && settings_files::may_be_kept(code) {
                accepting.push(accept(&uri, (line, code, &finding.pointer), diagnostics));
            }
        }
        let findings: Vec<Fixed> = found.iter().filter_map(|action| action.fixes.clone()).collect();
        for action in found {
            let Some(kind) = wanted_kind(action.kind, only) else { continue };
            if action.disabled.is_some() && !client.code_action_disabled {
                continue;
            }
            let fixed = action.fixes.map(|fixed| {
                let place = convert::span_in_record(file.source, fixed.line, fixed.span, encoding);
                let code = Some(Code::String(fixed.code.to_owned()));
                // A rule may have several findings at one place.
                let is_of = |shown: &Diagnostic, other: &Fixed| convert::says(shown, &other.message);
                let others = || findings.iter().filter(|other| other.is_at(&fixed) && other.message != fixed.message);
                let is_other = |shown: &Diagnostic| !is_of(shown, &fixed) && others().any(|other| is_of(shown, other));
                let same = |shown: &&Diagnostic| shown.range == place && shown.code == code && !is_other(shown);
                context.diagnostics.iter().filter(same).cloned().collect::<Vec<_>>()
            });
            let mut answer = CodeAction {
                title: action.title,
                diagnostics: fixed.filter(|fixed| !fixed.is_empty()),
                kind: Some(kind),
                is_preferred: (action.preferred && client.code_action_preferred).then_some(true),
                ..CodeAction::default()
            };
            if let Some(reason) = action.disabled {
                answer.disabled = Some(CodeActionDisabled { reason });
            } else if !action.task.is_deferred() {
                let edits = fixes::edits(file, analyst, &action.task);
                if edits.is_empty() {
                    continue;
                }
                let file = FileEdits { uri: uri.clone(), document: file.source.clone(), open: true, edits };
                answer.edit = Some(workspace_edit(versioned, encoding, vec![file]));
            } else if client.code_action_resolve_edit {
                answer.data = serde_json::to_value(Deferred { uri: uri.clone(), revision, what: action.task }).ok();
            } else {
                tasks.push((actions.len(), action.task));
            }
            actions.push(answer);
        }
    });
    if accepting.len() > 1 {
        accepting.iter_mut().for_each(|(code, action)| action.title.push_str(&format!(": {code}")));
    }
    actions.extend(accepting.into_iter().map(|(_, action)| action));
    actions.extend(turning_off);
    if tasks.is_empty() {
        return reply.send(Ok(Some(answers(actions, literals))));
    }
    // A client that can't resolve actions gets all edits with the list.
    let (places, tasks): (Vec<_>, Vec<_>) = tasks.into_iter().unzip();
    find_edits(state, uri, Whole::Tasks(tasks), reply, move |edits| {
        for (place, files) in places.into_iter().zip(edits) {
            actions[place].edit = Some(workspace_edit(versioned, encoding, files));
        }
        actions.retain(|action| {
            let has_edit = action.edit.as_ref().is_some_and(|edit| !is_empty(edit));
            has_edit || action.command.is_some() || action.disabled.is_some()
        });
        Some(answers(actions, literals))
    });
}

/// The actions as the client can take them. An older client only knows commands.
fn answers(actions: Vec<CodeAction>, literals: bool) -> Vec<CodeActionResponse> {
    if literals {
        return actions.into_iter().map(CodeActionResponse::CodeAction).collect();
    }
    actions.into_iter().filter_map(|action| action.command).map(CodeActionResponse::Command).collect()
}

/// The action that adds a finding to the baseline. It is a command, because the finding may stand for others in the file.
fn accept(
    uri: &Uri,
    (line, code, pointer): (usize, &'static str, &str),
    diagnostics: Vec<Diagnostic>,
) -> (&'static str, CodeAction) {
    let title = "Accept this finding (baseline)".to_owned();
    let argument = serde_json::json!({ "uri": uri, "line": line, "code": code, "pointer": pointer });
    let command =
        Command { title: title.clone(), command: ACCEPT.to_owned(), arguments: Some(vec![argument]), tooltip: None };
    // Not a quick fix, which editors preselect.
    let kind = Some(CodeActionKind::RefactorRewrite);
    let action =
        CodeAction { title, kind, diagnostics: Some(diagnostics), command: Some(command), ..CodeAction::default() };
    (code, action)
}

/// The wanted kind of an action. Clients drop actions of kinds that they didn't request, so a client that requests the alias
/// gets the alias.
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
