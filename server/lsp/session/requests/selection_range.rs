//! `textDocument/selectionRange`

use crate::ide::edits::without_mark;
use crate::ide::selection;
use crate::json::Parser;
use crate::lsp::session::convert;
use crate::lsp::session::message::Reply;
use crate::lsp::session::state::State;
use lsp_types::{SelectionRange, SelectionRangeParams};

/// The most positions for which all ranges are found, so that the answer is at most a few MB. Those after them get only
/// the range of their record.
const MAX_POSITIONS: usize = 1_000;

pub fn answer(state: &mut State, params: SelectionRangeParams, reply: Reply<Option<Vec<SelectionRange>>>) {
    reply.send(Ok(selection_ranges(state, &params)));
}

fn selection_ranges(state: &mut State, params: &SelectionRangeParams) -> Option<Vec<SelectionRange>> {
    let open = state.documents.get(&params.text_document.uri)?;
    let (document, encoding) = (open.document(), state.client.encoding());
    let mut parser = Parser::default();
    // The record that is parsed: several cursors are often in one long line.
    let mut parsed: Option<(usize, String)> = None;
    let ranges = params.positions.iter().enumerate().map(|(place, position)| {
        let record = open.lines().record_at(open.place(*position, encoding).line);
        if place >= MAX_POSITIONS {
            return SelectionRange { range: convert::lines(document, record, encoding), parent: None };
        }
        let known = parsed.take().filter(|(first, _)| *first == record.start);
        let (first, text) = known.unwrap_or_else(|| {
            let (text, first, _) = open.record_at(*position, encoding);
            let text = without_mark(&text).into_owned();
            parser.parse(&text);
            (first, text)
        });
        let byte = convert::byte_in_record(document, first, *position, encoding).min(text.len());
        let spans = selection::selections(parser.record(&text), text.floor_char_boundary(byte));
        let range = spans.into_iter().rev().fold(None, |parent: Option<SelectionRange>, span| {
            let range = convert::span_in_record(document, first, span, encoding);
            Some(SelectionRange { range, parent: parent.map(Box::new) })
        });
        parsed = Some((first, text));
        range.unwrap_or_default()
    });
    Some(ranges.collect())
}
