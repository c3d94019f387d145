//! From offsets in a string's value to offsets in the record.

use crate::json::lexer;
use crate::json::tree::{NodeId, Record, Span};

/// The bytes of the record that encode the bytes `start..end` of string `node`'s value.
#[must_use]
pub fn span_in_string(record: Record<'_>, node: NodeId, start: usize, end: usize) -> Span {
    let span = record.span(node);
    let raw = record.raw(span);
    let place = |at| span.start() + if record.node(node).escaped { raw_place(raw, at) } else { at + 1 };
    Span::new(place(start).min(span.end()), place(end).min(span.end()))
}

/// The offset in a string's raw text, with quotes and escapes, of byte `at` of its value.
fn raw_place(raw: &str, at: usize) -> usize {
    let is_quote = |letter: &char| matches!(letter, '"' | '\'') || lexer::is_typographic_quote(*letter);
    let opening = raw.chars().next().filter(is_quote).map_or(0, char::len_utf8);
    let bytes = raw.as_bytes();
    let (mut place, mut value) = (opening, 0);
    while value < at && place < bytes.len() {
        let escape = if bytes[place] == b'\\' { lexer::escape_len(bytes, place) } else { None };
        let length = escape.unwrap_or(1);
        value += match length {
            6 => lexer::hex4(bytes, place + 2).and_then(|unit| char::from_u32(unit.into())).map_or(3, char::len_utf8),
            12 => 4,
            _ => 1,
        };
        place += length;
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_after_escapes_is_found() {
        let raw = r#""a\n\u00e9\ud83d\ude00é!""#;
        let value = lexer::decode(raw, true);
        assert_eq!(value, "a\né😀é!");
        for (letter, expected) in [('a', 1), ('\n', 2), ('😀', 10), ('!', 24)] {
            assert_eq!(raw_place(raw, value.find(letter).unwrap()), expected, "{letter}");
        }
        assert_eq!(raw_place(raw, value.len()), 25);
        assert_eq!(raw_place("'x'", 1), 2);
    }
}
