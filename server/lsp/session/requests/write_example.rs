//! `tuning-ls/writeExample`

use crate::ide::edits::{Place, TextEdit, end_text};
use crate::json::Parser;
use crate::lsp::session::convert::{FileEdits, workspace_edit};
use crate::lsp::session::document::OpenDocument;
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
    /// The view isn't known: an earlier server opened it, or it was closed long ago.
    Unknown,
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
    /// The problem in words, or what is not written.
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

/// Says that the first line isn't written, if that was edited.
const HEADER: &str = "The first line only says where the example is. Your changes to it are not saved.";

fn write(state: &mut State, params: &WriteParams) -> WriteAnswer {
    let closed = || problem(Problem::Closed, "The file of this example is not open. Open it, and save again.");
    let unknown = "This view is no longer connected to its file. Copy your text, and open the example again.";
    let number = translate::number(&params.text_document.uri);
    let view = number.and_then(|number| state.views.get(&number));
    let Some(view) = view else { return problem(Problem::Unknown, unknown) };
    if !view.is_edited() {
        return WriteAnswer::default();
    }
    let Some(open) = state.documents.get_mut(&view.source) else { return closed() };
    let new = &view.now.text;
    let note = || view.example.has_edited_header(&view.shown.rope().to_string()).then(|| HEADER.to_owned());
    if !params.anyway && !view::is_there(view, open) {
        return match view.is_gone {
            true => problem(Problem::Deleted, "This example is no longer in its file."),
            false => problem(Problem::Changed, "This example has changed in its file since you opened it."),
        };
    }
    if !params.anyway && faults(new) > faults(view.example.record()) {
        return problem(Problem::Syntax, "The text of this example is not valid JSON, so it is not written yet.");
    }
    if !params.anyway && view.example.has_broken_quotes(&view.shown.rope().to_string()) {
        return problem(
            Problem::Syntax,
            "A text in single quotes has a line break, so it is not written yet. Write `\\n` there, or use double quotes.",
        );
    }
    let edit = if view.is_gone {
        insertion(open, view.line, new)
    } else {
        let (old, first) = view::record_text(open, view.line);
        if old == *new {
            return WriteAnswer { message: note(), ..WriteAnswer::default() };
        }
        smallest(&old, new, first, view::mark_len(open, first))
    };
    let client = state.client.capabilities();
    let (versioned, encoding) = (client.document_changes, client.encoding);
    let file = FileEdits { uri: view.source.clone(), document: open.document().clone(), open: true, edits: vec![edit] };
    let message = note();
    WriteAnswer { edit: Some(workspace_edit(versioned, encoding, vec![file])), message, problem: None }
}

/// The number of syntax errors of a record.
pub fn faults(text: &str) -> usize {
    let mut parser = Parser::default();
    parser.parse(text);
    parser.fault_count()
}

/// The edit that inserts a line before another one, or at the end of the file.
pub fn insertion(open: &mut OpenDocument, line: usize, new: &str) -> TextEdit {
    let end = end_text(open.with_fixes(|file, _| file.usual_end()));
    let document = open.document();
    let last = document.line_count().saturating_sub(1);
    let is_inside = line < document.line_count() && (line < last || document.line(last).len_bytes() > 0);
    if is_inside || document.line(last).len_bytes() == 0 {
        let start = Place { line: line.min(last), byte: 0 };
        return TextEdit { start, end: start, text: format!("{new}{end}") };
    }
    let start = Place { line: last, byte: document.line(last).len_bytes() };
    TextEdit { start, end: start, text: format!("{end}{new}") }
}

/// The smallest edit that turns the record that begins at a line, after so many bytes, into another one.
fn smallest(old: &str, new: &str, first: usize, skipped: usize) -> TextEdit {
    let same = |(one, other): &(char, char)| one == other;
    let before: usize = old.chars().zip(new.chars()).take_while(same).map(|(letter, _)| letter.len_utf8()).sum();
    let rest = (old[before..].chars().rev()).zip(new[before..].chars().rev());
    let after: usize = rest.take_while(same).map(|(letter, _)| letter.len_utf8()).sum();
    let starts = crate::ide::edits::line_starts(old);
    let place = |byte: usize| {
        let line = starts.partition_point(|start| *start <= byte) - 1;
        Place { line: first + line, byte: byte - starts[line] + if line == 0 { skipped } else { 0 } }
    };
    TextEdit { start: place(before), end: place(old.len() - after), text: new[before..new.len() - after].to_owned() }
}
