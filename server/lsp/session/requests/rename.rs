//! `textDocument/prepareRename` and `textDocument/rename`

use crate::ide::mentions::{Finder, Kind, Mention};
use crate::ide::rename;
use crate::json::Span;
use crate::lsp::session::convert;
use crate::lsp::session::document::OpenDocument;
use crate::lsp::session::message::Reply;
use crate::lsp::session::search::{self, FileMentions, Reach};
use crate::lsp::session::state::State;
use lsp_types::{
    LspErrorCodes, PrepareRenamePlaceholder, PrepareRenameResult, Range, RenameParams, TextDocumentPositionParams,
    TextEdit, Uri, WorkspaceEdit,
};
use std::borrow::Cow;
use std::collections::HashMap;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

/// The most places that are renamed at once: about 6 MB of edits.
const MAX_RENAMED: usize = 50_000;

const NOTHING: &str = "Only labels, media locations and names of functions can be renamed.";

const IN_A_VIEW: &str = "A view shows one example, and renaming changes all examples. Rename in the file instead.";

/// The range inside the quotes and the decoded text; null where nothing can be renamed.
pub fn prepare(state: &mut State, place: TextDocumentPositionParams, reply: Reply<Option<PrepareRenameResult>>) {
    if is_view(state, &place.text_document.uri) {
        return reply.send(Err(refusal(IN_A_VIEW)));
    }
    let encoding = state.client.encoding();
    let found = search::at_cursor(state, &place).and_then(|(found, first)| {
        let open = state.documents.get(&place.text_document.uri)?;
        let range = convert::span_in_record(open.document(), first, found.mention.span, encoding);
        let placeholder = found.subject.text;
        Some(PrepareRenameResult::PrepareRenamePlaceholder(PrepareRenamePlaceholder { range, placeholder }))
    });
    reply.send(Ok(found));
}

/// The edits of all mentions in the files of the dataset.
pub fn answer(state: &mut State, params: RenameParams, reply: Reply<Option<WorkspaceEdit>>) {
    let (place, name) = (params.text_document_position_params, params.new_name);
    let uri = place.text_document.uri.clone();
    if is_view(state, &uri) {
        return reply.send(Err(refusal(IN_A_VIEW)));
    }
    let Some((found, _)) = search::at_cursor(state, &place) else { return reply.send(Err(refusal(NOTHING))) };
    let Some(open) = state.documents.get(&uri) else { return reply.send(Ok(None)) };
    let reads = open.settings().service(found.format).reads;
    if let Some(problem) = rename::problem(&found.subject, &name, found.format, reads) {
        return reply.send(Err(refusal(problem)));
    }
    if name == found.subject.text {
        return reply.send(Ok(Some(WorkspaceEdit::default())));
    }
    let mut finder = Finder::new(&found.subject);
    if found.subject.kind == Kind::Function {
        finder = finder.also_finding(&name);
    }
    let new = name.clone();
    let convert = move |mention: &Mention, range: &dyn Fn(Span) -> Range| {
        let edit = rename::edit(mention, &new);
        Some(TextEdit { range: range(edit.span), new_text: edit.text })
    };
    let work_done = state.work_done(params.work_done_progress_params, "Renaming");
    let what = (finder, Reach::Dataset, MAX_RENAMED + 1);
    search::search(state, &uri, what, convert, (reply, work_done), move |state, files| {
        edit(state, files, &name).map(Some)
    });
}

fn is_view(state: &State, uri: &Uri) -> bool {
    state.documents.get(uri).is_some_and(OpenDocument::is_view)
}

fn edit(state: &State, files: Vec<FileMentions<TextEdit>>, name: &str) -> Result<WorkspaceEdit> {
    let document_changes = state.client.capabilities().document_changes;
    let (mut edits, mut left_out) = (Vec::new(), Vec::new());
    let mut count = 0;
    for file in files {
        let file_name = convert::name_of(&file.uri);
        if let Some(problem) = file.problem {
            return Err(refusal(format!(
                "Nothing was renamed, because a file of the dataset can't be read. {problem}"
            )));
        }
        if let Some(line) = file.taken {
            let line = line + 1;
            return Err(refusal(format!("A function `{name}` is already declared in {file_name}, line {line}.")));
        }
        if file.found.is_empty() {
            continue;
        }
        if !file.is_plain {
            left_out.push(file_name);
            continue;
        }
        if file.version.is_none() && !document_changes {
            let message = format!("{file_name} must change too, and it isn't open. Open it and try again.");
            return Err(refusal(message));
        }
        count += file.found.len();
        edits.push((file.uri, file.version, file.found));
    }
    if count > MAX_RENAMED {
        return Err(refusal(format!(
            "More than {MAX_RENAMED} places must change; at most that many can be renamed at once."
        )));
    }
    for name in left_out {
        state.client.warn(&format!("{name} is not UTF-8 text, so nothing was renamed in it."));
    }
    if document_changes {
        let changes = edits.into_iter().map(|(uri, version, edits)| convert::document_edit(uri, version, edits));
        return Ok(WorkspaceEdit { document_changes: Some(changes.collect()), ..WorkspaceEdit::default() });
    }
    let changes: HashMap<_, _> = edits.into_iter().map(|(uri, _, edits)| (uri, edits)).collect();
    Ok(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() })
}

/// The error for a request that is valid, but can't be fulfilled. Clients show its message.
fn refusal(message: impl Into<Cow<'static, str>>) -> Error {
    let code = ErrorCode::ServerError(i64::from(i32::from(LspErrorCodes::RequestFailed)));
    Error { code, message: message.into(), data: None }
}
