//! Places and edits, from the protocol's types to ours and back.

use crate::json::Span;
use crate::text::{Change, Document, Encoding, Position, position};
use lsp_types::{PositionEncodingKind, TextDocumentContentChangeEvent};
use std::ops::Range;

/// The encoding that a client names, if we know it.
#[must_use]
pub fn encoding(kind: &PositionEncodingKind) -> Option<Encoding> {
    match kind {
        PositionEncodingKind::UTF8 => Some(Encoding::Utf8),
        PositionEncodingKind::UTF16 => Some(Encoding::Utf16),
        PositionEncodingKind::UTF32 => Some(Encoding::Utf32),
        PositionEncodingKind::Custom(_) => None,
    }
}

/// The protocol's name of an encoding.
#[must_use]
pub fn encoding_kind(encoding: Encoding) -> PositionEncodingKind {
    match encoding {
        Encoding::Utf8 => PositionEncodingKind::UTF8,
        Encoding::Utf16 => PositionEncodingKind::UTF16,
        Encoding::Utf32 => PositionEncodingKind::UTF32,
    }
}

/// A place as the client names it.
#[must_use]
pub fn position(position: lsp_types::Position) -> Position {
    Position { line: position.line, character: position.character }
}

/// A range as the client names it.
#[must_use]
pub fn range(range: lsp_types::Range) -> Range<Position> {
    position(range.start)..position(range.end)
}

/// A place for the client.
#[must_use]
pub fn lsp_position(position: Position) -> lsp_types::Position {
    lsp_types::Position { line: position.line, character: position.character }
}

/// A range for the client.
#[must_use]
pub fn lsp_range(range: Range<Position>) -> lsp_types::Range {
    lsp_types::Range { start: lsp_position(range.start), end: lsp_position(range.end) }
}

/// An edit as the client sends it.
#[must_use]
pub fn change(event: TextDocumentContentChangeEvent) -> Change {
    match event {
        TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
            Change { range: Some(range(part.range)), text: part.text }
        }
        TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => {
            Change { range: None, text: whole.text }
        }
    }
}

/// Where `byte` of the record lies that begins with line `first_line`. A byte inside a line end gives
/// the end of its line, one beyond the document its end. O(log n).
#[must_use]
pub fn place_in_record(document: &Document, first_line: usize, byte: usize, encoding: Encoding) -> lsp_types::Position {
    let rope = document.rope();
    let start = rope.line_to_byte(first_line.min(document.line_count()));
    let byte = start.saturating_add(byte).min(rope.len_bytes());
    let line = rope.byte_to_line(byte);
    let in_line = byte - rope.line_to_byte(line);
    let character = position::column_of_byte(document.line(line), in_line, encoding);
    lsp_types::Position { line: u32::try_from(line).unwrap_or(u32::MAX), character }
}

/// The range of a span of the record that begins with line `first_line`.
#[must_use]
pub fn span_in_record(document: &Document, first_line: usize, span: Span, encoding: Encoding) -> lsp_types::Range {
    lsp_types::Range {
        start: place_in_record(document, first_line, span.start(), encoding),
        end: place_in_record(document, first_line, span.end(), encoding),
    }
}

/// The byte of the record beginning with line `first_line` at which the client's place lies; 0 when it
/// lies before the record. The inverse of [`place_in_record`].
#[must_use]
pub fn byte_in_record(document: &Document, first_line: usize, place: lsp_types::Position, encoding: Encoding) -> usize {
    let rope = document.rope();
    let (line, byte) = document.byte_in_line(position(place), encoding);
    let start = rope.line_to_byte(first_line.min(document.line_count()));
    (rope.line_to_byte(line) + byte).saturating_sub(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u32, character: u32) -> lsp_types::Position {
        lsp_types::Position { line, character }
    }

    #[test]
    fn a_span_of_a_record_of_several_lines_is_found_in_every_encoding() {
        let document = Document::new("x\r\n{\"é\":\r\n \"😀\"}\r\ny", 0);
        let record = document.lines_text(1..3);
        let (key, value) = (record.find("\"é").unwrap(), record.find("\"😀").unwrap());
        for (encoding, key_end, value_end) in [(Encoding::Utf8, 5, 7), (Encoding::Utf16, 4, 5), (Encoding::Utf32, 4, 4)]
        {
            let span = Span::new(key, key + 4);
            let range = span_in_record(&document, 1, span, encoding);
            assert_eq!((range.start, range.end), (at(1, 1), at(1, key_end)));
            let range = span_in_record(&document, 1, Span::new(value, value + 6), encoding);
            assert_eq!((range.start, range.end), (at(2, 1), at(2, value_end)));
            assert_eq!(byte_in_record(&document, 1, range.end, encoding), value + 6);
        }
    }

    #[test]
    fn places_outside_clamp() {
        let document = Document::new("ab\r\ncd", 0);
        // Between CR and LF, and beyond everything.
        assert_eq!(place_in_record(&document, 0, 3, Encoding::Utf16), at(0, 2));
        assert_eq!(place_in_record(&document, 0, 99, Encoding::Utf16), at(1, 2));
        assert_eq!(place_in_record(&document, 99, usize::MAX, Encoding::Utf16), at(1, 2));
        assert_eq!(byte_in_record(&document, 1, at(0, 1), Encoding::Utf16), 0);
        assert_eq!(byte_in_record(&document, 1, at(9, 9), Encoding::Utf16), 2);
    }
}
