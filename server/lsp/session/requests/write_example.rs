//! `tuning-ls/writeExample`

use crate::ide::edits::{Place, TextEdit};
use crate::json::Parser;
use crate::lsp::session::convert::{FileEdits, workspace_edit};
use crate::lsp::session::message::Reply;
use crate::lsp::session::state::State;
use crate::lsp::session::translate;
use crate::lsp::session::view;
use lsp_types::{TextDocumentIdentifier, WorkspaceEdit};
use serde::{Deserialize, Serialize};

/// Which view to write into its file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WriteParams {
    /// The view.
    pub text_document: TextDocumentIdentifier,
    /// Whether to write it in spite of a problem.
    #[serde(default)]
    pub anyway: bool,
}

/// Why a view is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Problem {
    /// The record in the file has changed since the view was opened or written.
    Changed,
    /// The record was deleted from the file.
    Deleted,
    /// The text of the view is not valid JSON.
    Syntax,
    /// The file is not open.
    Closed,
}

/// The edit to apply, or the problem.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WriteAnswer {
    /// The edit of the file that the client must apply; absent if there is nothing to change, or a problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit: Option<WorkspaceEdit>,
    /// Why nothing is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    /// The problem in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// Answers with the edit of the file that writes the line of a view into it.
pub fn answer(state: &mut State, params: WriteParams, reply: Reply<WriteAnswer>) {
    reply.send(Ok(write(state, &params)));
}

fn problem(problem: Problem, message: &str) -> WriteAnswer {
    WriteAnswer { edit: None, problem: Some(problem), message: Some(message.to_owned()) }
}

fn write(state: &mut State, params: &WriteParams) -> WriteAnswer {
    let closed = || problem(Problem::Closed, "The file of this example is not open. Open it, and save again.");
    let number = translate::number(&params.text_document.uri);
    let Some(view) = number.and_then(|number| state.views.get_mut(&number)) else { return closed() };
    let Some(open) = state.documents.get(&view.source) else { return closed() };
    let found = view::find(view, open);
    let new = view.now.text.clone();
    if found.is_none() && !params.anyway {
        return match view.is_gone {
            true => problem(Problem::Deleted, "This example was deleted from its file."),
            false => problem(Problem::Changed, "This example has changed in its file since you opened it."),
        };
    }
    if !params.anyway && faults(&new) > 0 && new != view.example.record() {
        return problem(Problem::Syntax, "The text of this example is not valid JSON, so it is not written yet.");
    }
    let is_new = found.is_none() && view.is_gone;
    let line = found.unwrap_or(view.line).min(open.document().line_count());
    let (old, first) = if is_new { (String::new(), line) } else { view::record_text(open, line) };
    view.line = first;
    if old == new {
        return WriteAnswer::default();
    }
    let edit = if is_new {
        let start = Place { line: first, byte: 0 };
        TextEdit { start, end: start, text: format!("{new}\n") }
    } else {
        smallest(&old, &new, first)
    };
    let client = state.client.capabilities();
    let (versioned, encoding) = (client.document_changes, client.encoding);
    let file = FileEdits { uri: view.source.clone(), document: open.document().clone(), open: true, edits: vec![edit] };
    WriteAnswer { edit: Some(workspace_edit(versioned, encoding, vec![file])), ..WriteAnswer::default() }
}

fn faults(text: &str) -> usize {
    let mut parser = Parser::default();
    parser.parse(text);
    parser.fault_count()
}

/// The smallest edit that turns the record that begins at a line into another one.
fn smallest(old: &str, new: &str, first: usize) -> TextEdit {
    let same = |(one, other): &(char, char)| one == other;
    let before: usize = old.chars().zip(new.chars()).take_while(same).map(|(letter, _)| letter.len_utf8()).sum();
    let rest = (old[before..].chars().rev()).zip(new[before..].chars().rev());
    let after: usize = rest.take_while(same).map(|(letter, _)| letter.len_utf8()).sum();
    let starts = crate::ide::edits::line_starts(old);
    let place = |byte: usize| {
        let line = starts.partition_point(|start| *start <= byte) - 1;
        Place { line: first + line, byte: byte - starts[line] }
    };
    TextEdit { start: place(before), end: place(old.len() - after), text: new[before..new.len() - after].to_owned() }
}
