//! `textDocument/documentHighlight`

use crate::ide::mentions::{Finder, Kind, Mention, Role};
use crate::lsp::session::convert;
use crate::lsp::session::message::Reply;
use crate::lsp::session::search;
use crate::lsp::session::state::State;
use lsp_types::{DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams};
use std::ops::Range;

/// Only this many lines before and after the cursor are searched, because clients ask whenever the cursor moves.
const LINES: usize = 1_000;

/// The most highlights in an answer.
const MAX_HIGHLIGHTS: usize = 1_000;

/// The mentions near the cursor; those of a function in its example.
pub fn answer(state: &mut State, params: DocumentHighlightParams, reply: Reply<Option<Vec<DocumentHighlight>>>) {
    reply.send(Ok(highlights(state, &params)));
}

fn highlights(state: &mut State, params: &DocumentHighlightParams) -> Option<Vec<DocumentHighlight>> {
    let place = &params.text_document_position_params;
    let (found, first) = search::at_cursor(state, place)?;
    let encoding = state.client.encoding();
    let open = state.documents.get_mut(&place.text_document.uri)?;
    let lines = open.lines();
    let wanted = if found.subject.kind == Kind::Function {
        lines.record_at(first)
    } else {
        let last = open.document().line_count().saturating_sub(1);
        lines.record_at(first.saturating_sub(LINES)).start..lines.record_at(last.min(first + LINES)).end
    };
    let records = long_records(wanted.clone(), |line| lines.record_at(line));
    let document = open.document().clone();
    let found = Finder::new(&found.subject).find(&document, wanted, &records, MAX_HIGHLIGHTS, open.analyst()).found;
    let highlight = |mention: Mention| DocumentHighlight {
        range: convert::range_in_line(&document, mention.line, mention.span, encoding)
            .unwrap_or_else(|| convert::span_in_record(&document, mention.line, mention.span, encoding)),
        kind: Some(match mention.role {
            Role::Declaration => DocumentHighlightKind::Write,
            Role::Call | Role::Response => DocumentHighlightKind::Read,
            Role::Use => DocumentHighlightKind::Text,
        }),
    };
    Some(found.into_iter().take(MAX_HIGHLIGHTS).map(highlight).collect())
}

/// The records of several lines in some lines.
fn long_records(lines: Range<usize>, record_at: impl Fn(usize) -> Range<usize>) -> Vec<Range<usize>> {
    let mut line = lines.start;
    let mut records = Vec::new();
    while line < lines.end {
        let record = record_at(line);
        line = record.end.max(line + 1);
        records.extend(Some(record).filter(|record| record.len() > 1));
    }
    records
}
