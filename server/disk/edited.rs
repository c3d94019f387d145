//! Replaces parts of a text, and writes the result piece by piece.

use crate::analysis::Source;
use crate::disk::bytes::Reading;
use crate::disk::source::FileText;
use crate::ide::edits::{Place, TextEdit};
use std::io::{self, Write};
use std::ops::Range;

/// A range of bytes of a text, and the text that replaces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The bytes to replace.
    pub range: Range<usize>,
    /// The new text.
    pub text: String,
}

/// Turns ordered edits that don't overlap into replacements. Edits of a line that is not UTF-8 are left out, because a
/// byte of its text is not the same byte in the file. O(edits + their lines).
#[must_use]
pub fn replacements(source: &FileText, edits: Vec<TextEdit>) -> Vec<Replacement> {
    let mut buffer = String::new();
    // Many edits may be in one long line.
    let mut last = (usize::MAX, true);
    let mut is_text = |line: usize| {
        if last.0 != line {
            last = (line, source.record(line..line + 1, &mut buffer).invalid.is_none());
        }
        last.1
    };
    let mut replacements = Vec::with_capacity(edits.len());
    for TextEdit { start, end, text } in edits {
        let end_line = end.line + usize::from(end.byte > 0 || start == end);
        if (start.line..end_line).all(&mut is_text) {
            let byte = |place: Place| source.start_of(place.line) + place.byte;
            replacements.push(Replacement { range: byte(start)..byte(end), text });
        }
    }
    replacements
}

/// Writes the text after its replacements. O(n).
///
/// # Errors
/// The text cannot be read, or `out` cannot be written.
pub fn write(source: &FileText, replacements: &[Replacement], out: &mut dyn Write) -> io::Result<()> {
    let mut at = 0;
    for Replacement { range, text } in replacements {
        source.copy(at..range.start, out)?;
        out.write_all(text.as_bytes())?;
        at = range.end;
    }
    source.copy(at..source.len(), out)
}

/// The text after its replacements.
///
/// # Errors
/// The text cannot be read again, or a temporary copy cannot be written.
pub fn apply(source: &FileText, replacements: &[Replacement]) -> io::Result<FileText> {
    FileText::written(&Reading::TO_READ, |out| write(source, replacements, out))
}

/// The replacements that have the same effect as `first` and then `second`, which apply to the result of `first`.
/// O(both).
#[must_use]
pub fn compose(first: Vec<Replacement>, second: Vec<Replacement>) -> Vec<Replacement> {
    let mut composed: Vec<Replacement> = Vec::with_capacity(first.len() + second.len());
    let (mut first, mut second) = (first.into_iter().peekable(), second.into_iter().peekable());
    // An offset of the intermediate text, plus `removed`, less `added`, is an offset of the original text.
    let (mut removed, mut added) = (0usize, 0usize);
    while first.peek().is_some() || second.peek().is_some() {
        // A group: replacements of both that touch, as a range of the intermediate text.
        let begin = |replacement: &Replacement, added: usize, removed: usize| replacement.range.start + added - removed;
        let of_first = first.peek().map(|replacement| begin(replacement, added, removed));
        let of_second = second.peek().map(|replacement| replacement.range.start);
        let start = of_first.into_iter().chain(of_second).min().unwrap_or(0);
        let old_start = start + removed - added;
        let (mut end, mut text, mut at) = (start, String::new(), start);
        // The new texts of `first` in the group, each with its start in the intermediate text.
        let mut between: Vec<(usize, String)> = Vec::new();
        let mut next = Vec::new();
        loop {
            if let Some(replacement) = first.next_if(|replacement| begin(replacement, added, removed) <= end) {
                let from = begin(&replacement, added, removed);
                removed += replacement.range.len();
                added += replacement.text.len();
                end = end.max(from + replacement.text.len());
                between.push((from, replacement.text));
            } else if let Some(replacement) = second.next_if(|replacement| replacement.range.start <= end) {
                end = end.max(replacement.range.end);
                next.push(replacement);
            } else {
                break;
            }
        }
        let copy = |range: Range<usize>, text: &mut String| {
            for (from, piece) in &between {
                let (start, end) = (range.start.max(*from), range.end.min(from + piece.len()));
                text.push_str(piece.get(start.saturating_sub(*from)..end.saturating_sub(*from)).unwrap_or(""));
            }
        };
        for replacement in next {
            copy(at..replacement.range.start, &mut text);
            text.push_str(&replacement.text);
            at = replacement.range.end;
        }
        copy(at..end, &mut text);
        composed.push(Replacement { range: old_start..end + removed - added, text });
    }
    composed
}
