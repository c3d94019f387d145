//! `tuning-ls/duplicateExample`

use super::write_example::{faults, insertion};
use crate::lsp::session::convert::{FileEdits, workspace_edit};
use crate::lsp::session::message::Reply;
use crate::lsp::session::state::State;
use crate::lsp::session::{translate, view};
use lsp_types::{Position, TextDocumentIdentifier, Uri, WorkspaceEdit};
use serde::{Deserialize, Serialize};

/// Which example to copy.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DuplicateParams {
    /// A file, or a view of an example in it.
    pub text_document: TextDocumentIdentifier,
    /// A place in the file. A view needs none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}

/// The edit that inserts the copy, and where that will be.
#[derive(Debug, Serialize)]
pub struct DuplicateAnswer {
    /// The edit of the file that the client must apply.
    pub edit: WorkspaceEdit,
    /// The file.
    pub uri: Uri,
    /// The line of the copy after the edit, 0-based.
    pub line: usize,
}

/// Answers with the edit that copies an example; `None` if there is none, if the text of its view is
/// unfinished, or if it shares a line with other elements or the brackets of an array.
pub fn answer(state: &mut State, params: DuplicateParams, reply: Reply<Option<DuplicateAnswer>>) {
    reply.send(Ok(duplicate(state, &params)));
}

fn duplicate(state: &mut State, params: &DuplicateParams) -> Option<DuplicateAnswer> {
    let uri = &params.text_document.uri;
    // A view is copied as it is shown.
    let (source, line, shown) = match translate::number(uri) {
        Some(number) => {
            let view = state.views.get(&number)?;
            (view.source.clone(), view.line, Some(view.now.text.clone()))
        }
        None => (uri.clone(), params.position?.line as usize, None),
    };
    let open = state.documents.get_mut(&source)?;
    open.settle();
    let is_array = open.judge().array.is_some();
    let (text, first) = view::record_text(open, line);
    let is_view = shown.is_some();
    let text = shown.unwrap_or(text);
    if text.trim().is_empty() || (is_array && view::is_bracket(open, first)) {
        return None;
    }
    // The text of a view may be unfinished, and a line of an array may have more than one element.
    let element = if is_array { text.trim().trim_end_matches(',') } else { text.trim() };
    if (is_array || is_view) && (faults(element) > 0 || !element.starts_with('{')) {
        return None;
    }
    let end = open.lines().record_at(first).end;
    // In an array, the copy is inserted above the example, because the last element has no comma.
    let (line, text) = match is_array {
        true if text.trim_end().ends_with(',') => (first, text),
        true => (first, format!("{},", text.trim_end())),
        false => (end, text),
    };
    let edit = insertion(open, line, &text);
    let client = state.client.capabilities();
    let (versioned, encoding) = (client.document_changes, client.encoding);
    let file = FileEdits { uri: source.clone(), document: open.document().clone(), open: true, edits: vec![edit] };
    Some(DuplicateAnswer { edit: workspace_edit(versioned, encoding, vec![file]), uri: source, line })
}
