//! `tuning-ls/example` and `tuning-ls/exampleLine`

use super::dataset_summary::FileParams;
use crate::ide::view::Example;
use crate::lsp::session::convert;
use crate::lsp::session::convert::name_of;
use crate::lsp::session::message::Reply;
use crate::lsp::session::state::State;
use crate::lsp::session::view::{self, View};
use crate::lsp::session::{translate, views};
use crate::rules::Severity;
use lsp_types::{Position, TextDocumentIdentifier, Uri};
use serde::{Deserialize, Serialize};

/// Which example to open.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExampleParams {
    /// A file, or a view of an example in it.
    pub text_document: TextDocumentIdentifier,
    /// A place in the file. A view needs none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// Another example than the one there.
    #[serde(default, rename = "move")]
    pub go: Option<Move>,
}

/// From an example to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Move {
    Next,
    Previous,
    /// The next example with a finding.
    NextFinding,
    PreviousFinding,
    /// The same example as it is in the file now, in the same view.
    Reload,
}

/// An example as a document of its own.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExampleView {
    /// The URI to open it under.
    pub uri: Uri,
    /// Its text.
    pub text: String,
    /// The place in the text that was asked for.
    pub position: Position,
    /// The file that it is from.
    pub source: Uri,
    /// The first line of its record there, 0-based.
    pub line: usize,
    /// The number of the example in the file, counted from 1.
    pub number: usize,
    /// The number of examples in the file.
    pub count: usize,
}

/// The place of an example in its file.
#[derive(Debug, Serialize)]
pub struct ExampleLine {
    /// The file.
    pub uri: Uri,
    /// The first line of the record, 0-based.
    pub line: usize,
}

/// Answers with the place of the example that a view shows; `None` if it isn't known.
pub fn line(state: &mut State, params: FileParams, reply: Reply<Option<ExampleLine>>) {
    let view = translate::number(&params.uri).and_then(|number| state.views.get(&number));
    let place = |view: &View| ExampleLine { uri: view.source.clone(), line: view.line };
    reply.send(Ok(view.map(place)));
}

/// Answers with a new view of an example, or `None` where there is none.
pub fn answer(state: &mut State, params: ExampleParams, reply: Reply<Option<ExampleView>>) {
    reply.send(Ok(example(state, &params)));
}

fn example(state: &mut State, params: &ExampleParams) -> Option<ExampleView> {
    let uri = &params.text_document.uri;
    let encoding = state.client.encoding();
    let (source, line) = match translate::number(uri) {
        Some(number) => {
            let view = state.views.get(&number)?;
            if view.is_gone && params.go == Some(Move::Reload) {
                return None;
            }
            (view.source.clone(), view.line)
        }
        None => (uri.clone(), params.position?.line as usize),
    };
    let number = match params.go {
        Some(Move::Reload) => translate::number(uri)?,
        _ => state.first_view + state.next_number(),
    };
    let open = state.documents.get_mut(&source)?;
    open.settle();
    let own = open.lines().record_at(line).start;
    let line = match params.go {
        None | Some(Move::Reload) => own,
        Some(Move::Next | Move::Previous) => {
            let is_forward = params.go == Some(Move::Next);
            beyond(view::examples(open).into_iter(), own, is_forward)?
        }
        Some(Move::NextFinding | Move::PreviousFinding) => {
            let is_forward = params.go == Some(Move::NextFinding);
            let lines = open.with_fixes(|file, _| file.lines.records_with_findings(file.verdict, &Severity::ALL));
            let is_array = open.judge().array.is_some();
            beyond(lines.into_iter().filter(|line| !is_array || !view::is_bracket(open, *line)), own, is_forward)?
        }
    };
    let (record, first) = view::record_text(open, line);
    if record.trim().is_empty() || (open.judge().array.is_some() && view::is_bracket(open, first)) {
        return None;
    }
    let example = Example::new(&record, &view::header(&name_of(&source), open, first));
    let byte = match params.position.filter(|_| params.go.is_none()) {
        Some(place) => {
            let byte = convert::byte_in_record(open.document(), first, place, encoding);
            byte.saturating_sub(view::mark_len(open, first)).min(record.len())
        }
        None => 0,
    };
    let known = state.views.get(&number).and_then(|view| view.uri.clone());
    let (place, count) = view::place_among_examples(open, first);
    let view = View::new(example, source.clone(), first);
    let position = convert::place_in_record(&view.shown, 0, view.now.to_view(byte), encoding);
    let answer = ExampleView {
        uri: translate::uri(number, &source)?,
        text: view.example.text().to_owned(),
        position,
        source,
        line: first,
        number: place,
        count,
    };
    let is_open = known.as_ref().is_some_and(|uri| state.documents.contains_key(uri));
    match state.views.get_mut(&number).filter(|_| is_open) {
        // The client still shows the old text.
        Some(open) => (open.line, open.offered) = (first, Some(view.example)),
        None => drop(state.views.insert(number, View { uri: known, ..view })),
    }
    views::forget(state);
    Some(answer)
}

/// The line of a sorted list that is next to `own`, in one direction.
fn beyond(lines: impl Iterator<Item = usize>, own: usize, is_forward: bool) -> Option<usize> {
    let mut lines = lines;
    if is_forward { lines.find(|line| *line > own) } else { lines.take_while(|line| *line < own).last() }
}
