//! A text with edits made in it, written piece by piece.

use crate::analysis::Source;
use crate::disk::source::FileText;
use crate::ide::edits::{Place, TextEdit};
use std::io::{self, Write};
use std::ops::Range;

/// Bytes of a text and what takes their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The bytes, from the beginning of the text.
    pub range: Range<usize>,
    /// What stands there afterwards.
    pub text: String,
}

/// Edits of a text, in order and apart from each other, as replacements of its bytes. An edit of a line that
/// is not UTF-8 is left out: there, a place is not known to the byte. O(edits and the lines they are in).
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
        let behind = end.line + usize::from(end.byte > 0 || start == end);
        if (start.line..behind).all(&mut is_text) {
            let byte = |place: Place| source.start_of(place.line) + place.byte;
            replacements.push(Replacement { range: byte(start)..byte(end), text });
        }
    }
    replacements
}

/// Writes the text with its replacements made. O(n).
///
/// # Errors
/// Of writing, and of reading the text.
pub fn write(source: &FileText, replacements: &[Replacement], out: &mut dyn Write) -> io::Result<()> {
    let mut at = 0;
    for Replacement { range, text } in replacements {
        source.copy(at..range.start, out)?;
        out.write_all(text.as_bytes())?;
        at = range.end;
    }
    source.copy(at..source.len(), out)
}

/// The replacements that do at once what `first` does and then `second`, which is of the text that `first`
/// gives. O(both).
#[must_use]
pub fn compose(first: Vec<Replacement>, second: Vec<Replacement>) -> Vec<Replacement> {
    let mut composed: Vec<Replacement> = Vec::with_capacity(first.len() + second.len());
    let (mut first, mut second) = (first.into_iter().peekable(), second.into_iter().peekable());
    // What is to be added to a byte of the text between to have it in the first text; both ends move.
    let (mut removed, mut added) = (0usize, 0usize);
    while first.peek().is_some() || second.peek().is_some() {
        // A group: replacements of both that meet, as a range of the text between.
        let begin = |replacement: &Replacement, added: usize, removed: usize| replacement.range.start + added - removed;
        let of_first = first.peek().map(|replacement| begin(replacement, added, removed));
        let of_second = second.peek().map(|replacement| replacement.range.start);
        let start = of_first.into_iter().chain(of_second).min().unwrap_or(0);
        let old_start = start + removed - added;
        let (mut end, mut text, mut at) = (start, String::new(), start);
        // The text of the first that the group has so far, from byte `from` of the text between on.
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
