//! `tuning-ls/paste`

use crate::ide::paste::{self, Host};
use crate::lsp::session::message::Reply;
use crate::lsp::session::state::State;
use crate::lsp::session::translate;
use lsp_types::TextDocumentIdentifier;
use serde::{Deserialize, Serialize};

/// A text to paste, and the file that takes it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PasteParams {
    /// The file.
    pub text_document: TextDocumentIdentifier,
    /// The text, as it was copied.
    pub text: String,
}

/// The lines to paste instead of the text.
#[derive(Debug, Serialize)]
pub struct PasteAnswer {
    /// The examples, one per line, with LF between the lines and not after the last one.
    pub lines: String,
    /// What the text is, such as `CSV`.
    pub what: &'static str,
    /// What is not in the lines, or can't be used there, each with the reason.
    pub unplaced: Vec<String>,
}

/// Answers with the examples in a text; `None` if there are none, or if it already has one JSON object per line.
pub fn answer(state: &mut State, params: PasteParams, reply: Reply<Option<PasteAnswer>>) {
    reply.send(Ok(pasted(state, &params)));
}

fn pasted(state: &mut State, params: &PasteParams) -> Option<PasteAnswer> {
    let uri = &params.text_document.uri;
    // A view shows one example.
    if translate::number(uri).is_some() {
        return None;
    }
    let open = state.documents.get_mut(uri)?;
    // Whether the file holds examples, and whether they have answers, depends on all lines.
    open.settle();
    let document = open.document();
    let is_blank = (0..document.line_count()).all(|line| document.line(line).chars().all(char::is_whitespace));
    let host = Host::new(&open.judge(), is_blank)?;
    let pasted = paste::examples(&params.text, &host)?;
    let unplaced = pasted.unplaced.iter().map(ToString::to_string).collect();
    Some(PasteAnswer { lines: pasted.lines.join("\n"), what: pasted.what, unplaced })
}
