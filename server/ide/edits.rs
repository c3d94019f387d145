//! Edits of a document as plain structs, and the smallest edit between two texts.

use crate::analysis::Source;
use crate::json::{Edit, Span};
use crate::rules::LineEnd;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

/// A place in a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The 0-based line, as the protocol counts lines: each ends with LF, CRLF or CR.
    pub line: usize,
    /// The byte in that line; never inside or after its line end.
    pub byte: usize,
}

/// A replacement of text in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// Where the replaced text starts.
    pub start: Place,
    /// Where it ends. An edit that ends at byte 0 of the next line includes the line end.
    pub end: Place,
    /// The new text.
    pub text: String,
}

/// The text of a line end.
pub fn end_text(end: LineEnd) -> &'static str {
    match end {
        LineEnd::Lf => "\n",
        LineEnd::CrLf => "\r\n",
        LineEnd::Cr => "\r",
        LineEnd::Missing => "",
    }
}

/// Splits a text into its byte order mark, or nothing, and the rest.
pub fn split_mark(text: &str) -> (&str, &str) {
    text.split_at(if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 })
}

/// Replaces a byte order mark with spaces, so that spans stay right.
pub fn without_mark(text: &str) -> Cow<'_, str> {
    match split_mark(text) {
        ("", _) => Cow::Borrowed(text),
        (_, rest) => Cow::Owned(format!("   {rest}")),
    }
}

/// Where each line of a text starts. Lines end with LF, CRLF or CR. O(n).
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

/// Whole lines of a document, which converts between bytes and places.
#[derive(Debug)]
pub struct Excerpt {
    /// The text, with line ends.
    pub text: String,
    first: usize,
    starts: Vec<usize>,
}

impl Excerpt {
    /// Reads these lines.
    pub fn new(source: &impl Source, lines: Range<usize>) -> Self {
        let mut buffer = String::new();
        let first = lines.start;
        let input = source.record(lines, &mut buffer);
        let text = [input.text, end_text(input.end)].concat();
        let starts = line_starts(&text);
        Self { text, first, starts }
    }

    /// The place of a byte of the text.
    pub fn place(&self, byte: usize) -> Place {
        let line = self.starts.partition_point(|&start| start <= byte).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        Place { line: self.first + line, byte: byte - start }
    }

    /// The byte at a place. A place above or below these lines gives the start or end of the text.
    pub fn byte(&self, place: Place) -> usize {
        let Some(line) = place.line.checked_sub(self.first) else { return 0 };
        let start = self.starts.get(line).copied().unwrap_or(self.text.len());
        (start + place.byte).min(self.text.len())
    }

    /// The smallest edit that turns the bytes `range` into `new`; `None` when they are equal.
    pub fn change(&self, range: Range<usize>, new: &str) -> Option<TextEdit> {
        let old = self.text.get(range.clone())?;
        let (bytes, text) = trimmed(old, new)?;
        let place = |byte| self.place(range.start + byte);
        Some(TextEdit { start: place(bytes.start), end: place(bytes.end), text: text.to_owned() })
    }

    /// Converts an edit of a record that starts with this excerpt. `None` when its ends are beyond the text or inside
    /// a character: the edit was made for another text.
    pub fn edit(&self, edit: &Edit) -> Option<TextEdit> {
        self.text.get(edit.span.range())?;
        let (start, end) = (self.place(edit.span.start()), self.place(edit.span.end()));
        Some(TextEdit { start, end, text: edit.text.clone() })
    }
}

/// The smallest edit that turns whole lines, with their line ends, into `new`; `None` when they are equal.
pub fn change(source: &impl Source, lines: Range<usize>, new: &str) -> Option<TextEdit> {
    let excerpt = Excerpt::new(source, lines);
    excerpt.change(0..excerpt.text.len(), new)
}

/// The bytes of `old` that change and their new text, without the common start and end. Never cuts a character or a
/// CRLF in two.
fn trimmed<'a>(old: &str, new: &'a str) -> Option<(Range<usize>, &'a str)> {
    if old == new {
        return None;
    }
    let (before, after) = (old.as_bytes(), new.as_bytes());
    let mut prefix = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    while is_cut(old, prefix) || is_cut(new, prefix) {
        prefix -= 1;
    }
    let pairs = before[prefix..].iter().rev().zip(after[prefix..].iter().rev());
    let mut suffix = pairs.take_while(|(a, b)| a == b).count();
    while suffix > 0 && (is_cut(old, old.len() - suffix) || is_cut(new, new.len() - suffix)) {
        suffix -= 1;
    }
    Some((prefix..old.len() - suffix, new.get(prefix..new.len() - suffix)?))
}

/// Whether `at` lies inside a character or a CRLF.
fn is_cut(text: &str, at: usize) -> bool {
    text.split_at_checked(at).is_none_or(|(before, after)| before.ends_with('\r') && after.starts_with('\n'))
}

/// Applies fixes to the text of a record. Each fix is a list of edits that belong together.
///
/// A fix that overlaps or touches an earlier one is left out, because the text it was made for may be gone. If `accepts`
/// rejects the result, the first fix whose result it accepts is applied alone. `None` when nothing changes.
pub fn apply_fixes(text: &str, fixes: &[&[Edit]], mut accepts: impl FnMut(&str) -> bool) -> Option<String> {
    let mut apply = |fixes: &[&[Edit]]| apply_all(text, fixes).filter(|next| next != text && accepts(next));
    apply(fixes).or_else(|| fixes.iter().find_map(|fix| apply(&[*fix])))
}

/// `None` when the edits were made for another text.
fn apply_all(text: &str, fixes: &[&[Edit]]) -> Option<String> {
    let mut taken: BTreeMap<Span, &str> = BTreeMap::new();
    for fix in fixes {
        let meets = |edit: &Edit| {
            let after = Span { start: edit.span.end, end: u32::MAX };
            taken.range(..=after).next_back().is_some_and(|(known, _)| known.end >= edit.span.start)
        };
        if !fix.iter().any(meets) {
            taken.extend(fix.iter().map(|edit| (edit.span, edit.text.as_str())));
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (span, replacement) in taken {
        out.push_str(text.get(at..span.start())?);
        out.push_str(replacement);
        at = span.end();
    }
    out.push_str(text.get(at..)?);
    Some(out)
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
    fn fixes_that_touch_an_earlier_one_are_left_out() {
        let cut = |start, end| Edit::delete(Span::new(start, end));
        let fixes: [&[Edit]; 5] = [
            &[Edit::insert(2, "x"), cut(4, 6)],
            &[Edit::insert(2, "y")],
            &[Edit::insert(9, "y"), Edit::insert(6, "y")],
            &[cut(3, 5)],
            &[cut(0, 1)],
        ];
        assert_eq!(apply_fixes("abcdefgh", &fixes, |_| true).as_deref(), Some("bxcdgh"));
        assert_eq!(apply_fixes("abcdefgh", &fixes, |next| next.len() == 8).as_deref(), None);
        assert_eq!(apply_fixes("abcdefgh", &fixes, |next| next.len() == 9).as_deref(), Some("abycdefgh"));
        assert_eq!(apply_fixes("abc", &fixes[..1], |_| true), None);
    }
}
