//! `textDocument/codeLens`

use crate::lsp::session::capabilities::SHOW_SUMMARY;
use crate::lsp::session::message::Reply;
use crate::lsp::session::state::State;
use lsp_types::{CodeLens, CodeLensParams, Command, Range};

/// Answers with the figures of a tuning file, on its first line. The command shows its summary.
pub fn answer(state: &mut State, params: CodeLensParams, reply: Reply<Option<Vec<CodeLens>>>) {
    let lens = state.documents.get_mut(&params.text_document.uri).filter(|open| !open.is_view()).and_then(|open| {
        open.settle();
        open.given.lens = open.summary().lens();
        open.given.lens.clone()
    });
    let argument = serde_json::to_value(&params.text_document.uri).ok();
    let lens = lens.map(|title| {
        let command = Command {
            title,
            tooltip: None,
            command: SHOW_SUMMARY.to_owned(),
            arguments: argument.map(|uri| vec![uri]),
        };
        CodeLens { range: Range::default(), command: Some(command), data: None }
    });
    reply.send(Ok(Some(lens.into_iter().collect())));
}
