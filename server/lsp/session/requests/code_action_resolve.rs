//! `codeAction/resolve`

use super::code_action::Deferred;
use crate::lsp::session::convert::workspace_edit;
use crate::lsp::session::document::OpenDocument;
use crate::lsp::session::edits::{Whole, find_edits};
use crate::lsp::session::message::Reply;
use crate::lsp::session::state::State;
use lsp_types::CodeAction;
use tower_lsp::jsonrpc::Error;

/// Adds the edit of an action, if the text hasn't changed since.
pub fn answer(state: &mut State, mut action: CodeAction, reply: Reply<CodeAction>) {
    let deferred = action.data.clone().and_then(|data| serde_json::from_value::<Deferred>(data).ok());
    let Some(Deferred { uri, revision, what }) = deferred else { return reply.send(Ok(action)) };
    if state.documents.get(&uri).map(OpenDocument::revision) != Some(revision) {
        return reply.send(Err(Error::content_modified()));
    }
    let (versioned, encoding) = (state.client.capabilities().document_changes, state.client.encoding());
    find_edits(state, uri, Whole::Tasks(vec![what]), reply, move |edits| {
        action.edit = Some(workspace_edit(versioned, encoding, edits.into_iter().flatten().collect()));
        action
    });
}
