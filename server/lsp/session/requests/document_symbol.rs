//! `textDocument/documentSymbol`

use crate::disk::Snapshot;
use crate::ide::symbols::{self, Symbol};
use crate::ide::title::Title;
use crate::lsp::session::convert;
use crate::lsp::session::message::Reply;
use crate::lsp::session::state::State;
use crate::lsp::session::translate;
use crate::lsp::session::whole::answer_whole;
use crate::text::{Document, Encoding, position};
use lsp_types::{
    BaseSymbolInformation, DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, Location, Position, Range,
    SymbolInformation, SymbolKind, Uri,
};
use std::ops;

/// The most examples in an answer, which is then about 1 MB. One more symbol says how many are left out. Sending an example
/// takes several times as long as reading it.
const MAX_EXAMPLES: usize = 5_000;

/// The examples of a longer file have no children.
const MAX_EXAMPLES_WITH_CHILDREN: usize = 1_000;

/// The most children in an answer. The examples after them have none.
const MAX_CHILDREN: usize = 5_000;

/// The kind of the symbol of an example. Clients know the first 18 kinds without saying so.
pub const EXAMPLE: SymbolKind = SymbolKind::Module;

pub fn answer(state: &mut State, params: DocumentSymbolParams, reply: Reply<Option<DocumentSymbolResponse>>) {
    let client = state.client.capabilities();
    let (hierarchical, encoding) = (client.hierarchical_symbols, client.encoding);
    answer_whole(state, params.text_document.uri, reply, move |uri, snapshot| {
        // The number in the file isn't known in a view of one example.
        let has_numbers = translate::number(uri).is_none();
        let symbols = outline(snapshot, has_numbers, hierarchical, encoding);
        if hierarchical { symbols.into() } else { flat(uri, symbols).into() }
    });
}

fn outline(
    snapshot: &Snapshot<Document>,
    has_numbers: bool,
    children: bool,
    encoding: Encoding,
) -> Vec<DocumentSymbol> {
    let Snapshot { source: document, records, .. } = snapshot;
    let children = children && records.len() <= MAX_EXAMPLES_WITH_CHILDREN;
    let examples = snapshot.read(0..records.len().min(MAX_EXAMPLES), |index, reading| {
        let parts = if children { symbols::symbols(reading) } else { Vec::new() };
        let range = example_range(document, records[index].clone(), reading.record.text, encoding);
        let title = Title::of(reading);
        let name = match title.to_string() {
            _ if has_numbers => title.numbered(index + 1),
            name if name.is_empty() => "example".to_owned(),
            name => name,
        };
        Some((index, range, name, parts))
    });
    let mut room = MAX_CHILDREN;
    let mut outline: Vec<_> = examples
        .into_iter()
        .map(|(index, range, name, parts)| {
            let mut example = symbol(name, EXAMPLE, range, Range { start: range.start, end: range.start });
            if !parts.is_empty() {
                let parts = parts
                    .into_iter()
                    .map_while(|part| child(document, records[index].start, part, &mut room, encoding));
                example.children = Some(parts.collect());
            }
            example
        })
        .collect();
    if let Some(first) = records.get(MAX_EXAMPLES) {
        let count = records.len() - MAX_EXAMPLES;
        let name = format!("… {count} more examples, not listed: the limit is {MAX_EXAMPLES}");
        let range = convert::lines(document, first.start..document.line_count(), encoding);
        outline.push(symbol(name, EXAMPLE, range, Range { start: range.start, end: range.start }));
    }
    outline
}

/// The range of an example with this text. Counting in the text is faster than in the document.
fn example_range(document: &Document, lines: ops::Range<usize>, text: &str, encoding: Encoding) -> Range {
    // The text of the first line has no byte order mark.
    if lines.len() > 1 || lines.start == 0 {
        return convert::lines(document, lines, encoding);
    }
    let line = u32::try_from(lines.start).unwrap_or(u32::MAX);
    let place = |character| Position { line, character };
    Range { start: place(0), end: place(position::column_in_text(text, text.len(), encoding)) }
}

/// A part of the example that starts on line `first`; `None` when there is no room left.
fn child(
    document: &Document,
    first: usize,
    part: Symbol,
    room: &mut usize,
    encoding: Encoding,
) -> Option<DocumentSymbol> {
    *room = room.checked_sub(1)?;
    let kind = match part.kind {
        symbols::SymbolKind::Instruction => SymbolKind::Constant,
        symbols::SymbolKind::Turn => SymbolKind::String,
        symbols::SymbolKind::Media => SymbolKind::File,
        symbols::SymbolKind::Tools => SymbolKind::Function,
    };
    let range = |span| convert::span_in_record(document, first, span, encoding);
    let children: Vec<_> =
        part.children.into_iter().map_while(|part| child(document, first, part, room, encoding)).collect();
    let symbol = symbol(part.name, kind, range(part.span), range(part.target));
    Some(DocumentSymbol { children: (!children.is_empty()).then_some(children), ..symbol })
}

#[expect(deprecated, reason = "the field must be set")]
fn symbol(name: String, kind: SymbolKind, range: Range, selection_range: Range) -> DocumentSymbol {
    DocumentSymbol { name, detail: None, kind, tags: None, deprecated: None, range, selection_range, children: None }
}

/// For a client that doesn't support symbols in a hierarchy.
fn flat(uri: &Uri, symbols: Vec<DocumentSymbol>) -> Vec<SymbolInformation> {
    let symbols = symbols.into_iter().map(|DocumentSymbol { name, kind, range, .. }| {
        information(name, kind, Location { uri: uri.clone(), range }, None)
    });
    symbols.collect()
}

#[expect(deprecated, reason = "the field must be set")]
pub fn information(
    name: String,
    kind: SymbolKind,
    location: Location,
    container_name: Option<String>,
) -> SymbolInformation {
    let base_symbol_information = BaseSymbolInformation { name, kind, tags: None, container_name };
    SymbolInformation { deprecated: None, location, base_symbol_information }
}
