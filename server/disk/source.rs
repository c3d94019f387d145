//! A file's bytes as lines, whatever they are.

use crate::analysis::Source;
use crate::json::Span;
use crate::rules::report::InvalidUtf8;
use crate::rules::{Input, LineEnd};
use std::ops::Range;

/// The bytes of a file and where its lines begin. A byte that is not UTF-8 is read as one U+FFFD.
#[derive(Debug)]
pub struct FileText {
    bytes: Vec<u8>,
    /// Where each line begins; the last one may be empty.
    starts: Vec<usize>,
    utf16: bool,
}

impl FileText {
    /// Finds the lines of a file: ended by LF, CRLF or CR. O(n).
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        if is_utf16(&bytes) {
            return Self { bytes: Vec::new(), starts: vec![0], utf16: true };
        }
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', &bytes) {
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                starts.push(at + 1);
            }
        }
        Self { bytes, starts, utf16: false }
    }

    /// The bytes of lines, with their line ends but the last.
    fn range(&self, lines: Range<usize>) -> (Range<usize>, LineEnd) {
        let start = self.starts.get(lines.start).copied().unwrap_or(self.bytes.len());
        let next = self.starts.get(lines.end).copied();
        let end = next.unwrap_or(self.bytes.len());
        let line = &self.bytes[start..end];
        let (len, line_end) = match (next, line) {
            (None, _) => (0, LineEnd::Missing),
            (_, [.., b'\r', b'\n']) => (2, LineEnd::CrLf),
            (_, [.., b'\r']) => (1, LineEnd::Cr),
            _ => (1, LineEnd::Lf),
        };
        (start..end.saturating_sub(len).max(start), line_end)
    }

    /// The text of a range of bytes, and what in it was no text.
    fn text<'a>(&'a self, range: Range<usize>, buffer: &'a mut String) -> (&'a str, Option<InvalidUtf8>) {
        let bytes = &self.bytes[range.clone()];
        if let Ok(text) = std::str::from_utf8(bytes) {
            return (text, None);
        }
        buffer.clear();
        let mut first = None;
        let mut count = 0;
        let mut at = range.start;
        for chunk in bytes.utf8_chunks() {
            buffer.push_str(chunk.valid());
            at += chunk.valid().len();
            for &byte in chunk.invalid() {
                let start = buffer.len();
                buffer.push(char::REPLACEMENT_CHARACTER);
                first.get_or_insert((Span::new(start, buffer.len()), byte, at));
                count += 1;
                at += 1;
            }
        }
        let invalid = first.map(|(span, byte, offset)| InvalidUtf8::Bytes { span, byte, offset, count });
        (buffer, invalid)
    }
}

impl Source for FileText {
    fn line_count(&self) -> usize {
        self.starts.len()
    }

    fn line<'a>(&'a self, line: usize, buffer: &'a mut String) -> &'a str {
        self.text(self.range(line..line + 1).0, buffer).0
    }

    fn record<'a>(&'a self, lines: Range<usize>, buffer: &'a mut String) -> Input<'a> {
        let (first, count) = (lines.start == 0, lines.len());
        let (range, end) = self.range(lines);
        let (text, invalid) = self.text(range, buffer);
        let invalid = if self.utf16 { Some(InvalidUtf8::Utf16) } else { invalid };
        Input { text, end, lines: count, first, invalid }
    }
}

/// Whether the bytes look like UTF-16: its byte order mark, or ASCII in it.
fn is_utf16(bytes: &[u8]) -> bool {
    match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => true,
        [a, b, c, d, ..] => (*a != 0 && *b == 0 && *c != 0 && *d == 0) || (*a == 0 && *b != 0 && *c == 0 && *d != 0),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_in_an_editor() {
        let file = FileText::new(b"a\r\nb\rc\nd".to_vec());
        let mut buffer = String::new();
        let ends: Vec<_> = (0..4).map(|line| file.record(line..line + 1, &mut buffer).end).collect();
        assert_eq!(ends, [LineEnd::CrLf, LineEnd::Cr, LineEnd::Lf, LineEnd::Missing]);
        assert_eq!(file.record(0..3, &mut buffer).text, "a\r\nb\rc");
        assert_eq!(file.line(3, &mut buffer), "d");
    }

    #[test]
    fn a_byte_that_is_no_text_counts_as_one_character() {
        let file = FileText::new(b"ok\n\"\xFF\xFE\" \xC3".to_vec());
        let mut buffer = String::new();
        let input = file.record(1..2, &mut buffer);
        assert_eq!(input.text, "\"\u{FFFD}\u{FFFD}\" \u{FFFD}");
        let expected = InvalidUtf8::Bytes { span: Span::new(1, 4), byte: 0xFF, offset: 4, count: 3 };
        assert_eq!(input.invalid, Some(expected));
    }
}
