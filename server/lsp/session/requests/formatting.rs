//! `textDocument/formatting` and `textDocument/rangeFormatting`

use crate::ide::format;
use crate::lsp::session::convert;
use crate::lsp::session::edits::{Whole, find_edits};
use crate::lsp::session::message::Reply;
use crate::lsp::session::state::State;
use lsp_types::{DocumentFormattingParams, DocumentRangeFormattingParams, Range, TextEdit, Uri};

/// The worker formats ranges of more lines than this.
const FEW_LINES: usize = 100;

pub fn document(state: &mut State, params: DocumentFormattingParams, reply: Reply<Option<Vec<TextEdit>>>) {
    answer(state, params.text_document.uri, None, reply);
}

pub fn range(state: &mut State, params: DocumentRangeFormattingParams, reply: Reply<Option<Vec<TextEdit>>>) {
    answer(state, params.text_document.uri, Some(params.range), reply);
}

fn answer(state: &mut State, uri: Uri, range: Option<Range>, reply: Reply<Option<Vec<TextEdit>>>) {
    let encoding = state.client.encoding();
    // A view is laid out already, and its white space isn't that of the line.
    let open = state.documents.get(&uri).filter(|open| !open.is_view());
    let Some(open) = open else { return reply.send(Ok(None)) };
    let all = 0..open.document().line_count();
    let lines = range.map_or(all.clone(), |range| {
        // A range that ends at the start of a line doesn't include that line.
        let end = range.end.line as usize + usize::from(range.end.character > 0 || range.end == range.start);
        let start = (range.start.line as usize).min(all.end);
        start..end.clamp(start, all.end)
    });
    if lines.len() <= FEW_LINES {
        let edits = format::format(open.document(), open.lines(), lines);
        return reply.send(Ok(Some(convert::text_edits(open.document(), encoding, edits))));
    }
    find_edits(state, uri, Whole::Format(lines), reply, move |edits| {
        let files = edits.into_iter().flatten();
        Some(files.flat_map(|file| convert::text_edits(&file.document, encoding, file.edits)).collect())
    });
}
