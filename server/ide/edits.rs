//! Edits of a document as plain structs, and how the smallest one is found.

use crate::analysis::Source;
use crate::json::{Edit, Span};
use crate::rules::LineEnd;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

/// A place in a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line, 0-based, as the protocol counts lines: ended by LF, CRLF or CR.
    pub line: usize,
    /// The byte in that line; never inside or behind its line end.
    pub byte: usize,
}

/// A replacement of text of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// Where the replaced text begins.
    pub start: Place,
    /// Where it ends. One that ends at byte 0 of the next line takes the line end with it.
    pub end: Place,
    /// What stands there afterwards.
    pub text: String,
}

/// How this line end is written.
#[must_use]
pub fn end_text(end: LineEnd) -> &'static str {
    match end {
        LineEnd::Lf => "\n",
        LineEnd::CrLf => "\r\n",
        LineEnd::Cr => "\r",
        LineEnd::Missing => "",
    }
}

/// The text with spaces in the place of a byte order mark, so that spans stay right.
#[must_use]
pub fn without_mark(text: &str) -> Cow<'_, str> {
    match text.strip_prefix('\u{FEFF}') {
        Some(rest) => Cow::Owned(format!("   {rest}")),
        None => Cow::Borrowed(text),
    }
}

/// Where each line of a text begins: ended by LF, CRLF or CR. O(n).
#[must_use]
pub fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
            starts.push(at + 1);
        }
    }
    starts
}

/// Whole lines of a document, for turning their bytes into places.
#[derive(Debug)]
pub struct Excerpt {
    /// The text with all its line ends.
    pub text: String,
    first: usize,
    starts: Vec<usize>,
}

impl Excerpt {
    /// The lines `lines` of `source`.
    #[must_use]
    pub fn new(source: &impl Source, lines: Range<usize>) -> Self {
        let mut buffer = String::new();
        let first = lines.start;
        let input = source.record(lines, &mut buffer);
        let end = end_text(input.end);
        let text = [input.text, end].concat();
        let starts = line_starts(&text);
        Self { text, first, starts }
    }

    /// The place of a byte of the text.
    #[must_use]
    pub fn place(&self, byte: usize) -> Place {
        let line = self.starts.partition_point(|&start| start <= byte).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        Place { line: self.first + line, byte: byte - start }
    }

    /// The byte of the text that a place is at; one above or below the lines gives their start or end.
    #[must_use]
    pub fn byte(&self, place: Place) -> usize {
        let Some(line) = place.line.checked_sub(self.first) else { return 0 };
        let start = self.starts.get(line).copied().unwrap_or(self.text.len());
        (start + place.byte).min(self.text.len())
    }

    /// The smallest edit that makes `new` of the bytes `range`; none when they are the same.
    #[must_use]
    pub fn change(&self, range: Range<usize>, new: &str) -> Option<TextEdit> {
        let old = self.text.get(range.clone())?;
        let (bytes, text) = trimmed(old, new)?;
        let place = |byte| self.place(range.start + byte);
        Some(TextEdit { start: place(bytes.start), end: place(bytes.end), text: text.to_owned() })
    }

    /// An edit of a record that begins with the excerpt. `None` when the text is not what the edit was
    /// made for: its ends are beyond the text or inside a character.
    #[must_use]
    pub fn edit(&self, edit: &Edit) -> Option<TextEdit> {
        self.text.get(edit.span.range())?;
        let (start, end) = (self.place(edit.span.start()), self.place(edit.span.end()));
        Some(TextEdit { start, end, text: edit.text.clone() })
    }
}

/// The smallest edit that makes `new` of whole lines, line ends included; none when they are the same.
#[must_use]
pub fn change(source: &impl Source, lines: Range<usize>, new: &str) -> Option<TextEdit> {
    let excerpt = Excerpt::new(source, lines);
    excerpt.change(0..excerpt.text.len(), new)
}

/// What differs between two texts: the bytes of the old one and the text for them, without what they
/// share at both ends. Neither a character nor a CRLF is cut in two.
fn trimmed<'a>(old: &str, new: &'a str) -> Option<(Range<usize>, &'a str)> {
    if old == new {
        return None;
    }
    let (before, after) = (old.as_bytes(), new.as_bytes());
    let mut prefix = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    while !(old.is_char_boundary(prefix) && new.is_char_boundary(prefix))
        || (prefix > 0 && (cuts_line_end(before, prefix) || cuts_line_end(after, prefix)))
    {
        prefix -= 1;
    }
    let pairs = before[prefix..].iter().rev().zip(after[prefix..].iter().rev());
    let mut suffix = pairs.take_while(|(a, b)| a == b).count();
    while suffix > 0 {
        let (end, new_end) = (before.len() - suffix, after.len() - suffix);
        let whole = old.is_char_boundary(end) && new.is_char_boundary(new_end);
        if whole && !cuts_line_end(before, end) && !cuts_line_end(after, new_end) {
            break;
        }
        suffix -= 1;
    }
    Some((prefix..before.len() - suffix, new.get(prefix..after.len() - suffix)?))
}

/// Whether `at` lies between a CR and an LF.
fn cuts_line_end(bytes: &[u8], at: usize) -> bool {
    at > 0 && bytes.get(at - 1) == Some(&b'\r') && bytes.get(at) == Some(&b'\n')
}

/// Edits of one record that were made independently of each other.
#[derive(Clone, Debug, Default)]
pub struct Patch {
    edits: BTreeMap<Span, String>,
}

impl Patch {
    /// Takes the edits of a fix, all or none: none when one of them overlaps or touches an edit that is
    /// in already, because what it was made for may not be there any more.
    pub fn add(&mut self, edits: &[Edit]) -> bool {
        let meets = |edit: &Edit| {
            let behind = Span { start: edit.span.end, end: u32::MAX };
            self.edits.range(..=behind).next_back().is_some_and(|(known, _)| known.end >= edit.span.start)
        };
        if edits.iter().any(meets) {
            return false;
        }
        self.edits.extend(edits.iter().map(|edit| (edit.span, edit.text.clone())));
        true
    }

    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The text with all edits made. `None` when it is not the text that they were made for.
    #[must_use]
    pub fn apply(&self, text: &str) -> Option<String> {
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for (span, replacement) in &self.edits {
            out.push_str(text.get(at..span.start())?);
            out.push_str(replacement);
            at = span.end();
        }
        out.push_str(text.get(at..)?);
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Document;

    #[track_caller]
    fn check(old: &str, new: &str, start: (usize, usize), end: (usize, usize), text: &str) {
        let document = Document::new(old, 1);
        let place = |(line, byte)| Place { line, byte };
        let expected = TextEdit { start: place(start), end: place(end), text: text.to_owned() };
        assert_eq!(change(&document, 0..document.line_count(), new), Some(expected), "{old:?} to {new:?}");
    }

    #[test]
    fn an_edit_is_as_small_as_whole_characters_allow() {
        assert_eq!(change(&Document::new("abc", 1), 0..1, "abc"), None);
        check("abxcd", "abcd", (0, 2), (0, 3), "");
        check("aé", "aè", (0, 1), (0, 3), "è");
        check("aaa", "aa", (0, 2), (0, 3), "");
        check("x\ny\n", "x\n", (1, 0), (2, 0), "");
        check("x\n  ", "x\n", (1, 0), (1, 2), "");
    }

    #[test]
    fn a_line_end_is_replaced_as_a_whole() {
        check("x\r\ny", "x\ny", (0, 1), (1, 0), "\n");
        check("x\ny", "x\r\ny", (0, 1), (1, 0), "\r\n");
        check("x\ry", "x\r\ny", (0, 1), (1, 0), "\r\n");
    }

    #[test]
    fn edits_that_touch_are_not_made_together() {
        let mut patch = Patch::default();
        assert!(patch.add(&[Edit::insert(2, "x"), Edit::delete(Span::new(4, 6))]));
        assert!(!patch.add(&[Edit::insert(2, "y")]));
        assert!(!patch.add(&[Edit::insert(9, "y"), Edit::insert(6, "y")]));
        assert!(!patch.add(&[Edit::delete(Span::new(3, 5))]));
        assert!(patch.add(&[Edit::delete(Span::new(0, 1))]));
        assert_eq!(patch.apply("abcdefgh").as_deref(), Some("bxcdgh"));
        assert_eq!(patch.apply("abc"), None);
    }
}
