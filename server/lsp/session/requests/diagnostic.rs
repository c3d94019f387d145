//! `textDocument/diagnostic` and `workspace/diagnostic`. The main loop answers them when the findings have settled.

use crate::lsp::session::listing;
use crate::lsp::session::message::Reply;
use crate::lsp::session::state::State;
use crate::lsp::session::waiting::Pull;
use lsp_types::{
    DocumentDiagnosticParams, DocumentDiagnosticReport, WorkspaceDiagnosticParams, WorkspaceDiagnosticReport,
};

pub fn document(state: &mut State, params: DocumentDiagnosticParams, reply: Reply<DocumentDiagnosticReport>) {
    let (uri, previous) = (params.text_document.uri, params.previous_result_id);
    state.waiting.add(Pull::Document { uri, previous, reply });
}

pub fn workspace(state: &mut State, params: WorkspaceDiagnosticParams, reply: Reply<WorkspaceDiagnosticReport>) {
    // Without open documents, nothing has been listed yet.
    if !state.datasets.is_listed() {
        listing::refresh(state);
    }
    let previous = params.previous_result_ids.into_iter().map(|known| (known.uri, known.value)).collect();
    let token = params.partial_result_params.partial_result_token;
    state.waiting.add(Pull::Workspace { previous, token, reply });
}
