//! Finds the words that differ in two lines, and cuts long lines to the text around them.

use crate::cli::output::printable::picture;
use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};
use std::borrow::Cow;
use std::ops::Range;
use std::time::{Duration, Instant};
use unicode_width::UnicodeWidthChar;

/// How long to look for the smallest difference of two lines.
const PATIENCE: Duration = Duration::from_millis(50);

/// At least this many columns of unchanged text are shown on each side of a change.
const MIN_AROUND: usize = 16;

/// The mark where a line is cut.
const CUT: &str = "…";

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    pub text: Cow<'a, str>,
    /// Whether the other line has another text here, or none.
    pub changed: bool,
}

/// The pieces of a line and of the line that replaces it. Lines that are wider than `columns` are cut to the text around
/// each change, both at the same places. O(n) for few changes.
pub(super) fn pieces<'a>(old: &'a str, new: &'a str, columns: usize) -> (Vec<Piece<'a>>, Vec<Piece<'a>>) {
    let runs = runs(old, new);
    let changed = |line: &str, range: fn(&Run) -> Range<usize>| -> usize {
        let texts = runs.iter().filter(|run| !run.same).map(|run| &line[range(run)]);
        texts.map(|text| width(text).min(columns)).sum()
    };
    let is_long = width(old).max(width(new)) > columns;
    let sides = runs.iter().enumerate().filter(|(_, run)| run.same);
    let sides: usize = sides.map(|(place, _)| if place == 0 || place + 1 == runs.len() { 1 } else { 2 }).sum();
    let free = columns.saturating_sub(changed(old, |run| run.old.clone()).max(changed(new, |run| run.new.clone())));
    let around = (free / sides.max(1)).saturating_sub(1).max(MIN_AROUND);

    let pieces_of = |line: &'a str, range: fn(&Run) -> Range<usize>| -> Vec<Piece<'a>> {
        let last = runs.len().saturating_sub(1);
        let pieces = runs.iter().enumerate().map(|(place, run)| {
            let text = &line[range(run)];
            let text = match (is_long, run.same) {
                (false, _) => Cow::Borrowed(text),
                (true, false) => middle_cut(text, columns / 2, columns / 4),
                (true, true) if place == 0 && place == last => cut(text, columns),
                (true, true) if place == 0 => middle_cut(text, 0, around),
                (true, true) if place == last => middle_cut(text, around, 0),
                (true, true) => middle_cut(text, around, around),
            };
            Piece { text, changed: !run.same }
        });
        pieces.filter(|piece| !piece.text.is_empty()).collect()
    };
    (pieces_of(old, |run| run.old.clone()), pieces_of(new, |run| run.new.clone()))
}

/// The beginning of a text, with a mark if more follows. It has at most so many columns.
pub(super) fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns { text.into() } else { middle_cut(text, columns.saturating_sub(1), 0) }
}

/// The first and the last columns of a text, with a mark between them, or the whole text if it isn't longer.
fn middle_cut(text: &str, first: usize, last: usize) -> Cow<'_, str> {
    if width(text) <= first + last + 1 {
        return text.into();
    }
    let start = fitting(text.chars(), first);
    let end = text.len() - fitting(text.chars().rev(), last);
    if start >= end { text.into() } else { format!("{}{CUT}{}", &text[..start], &text[end..]).into() }
}

/// The bytes of the first characters that fit into so many columns.
fn fitting(letters: impl Iterator<Item = char>, columns: usize) -> usize {
    let (mut used, mut bytes) = (0, 0);
    for letter in letters {
        used += letter_width(letter);
        if used > columns {
            break;
        }
        bytes += letter.len_utf8();
    }
    bytes
}

fn width(text: &str) -> usize {
    text.chars().map(letter_width).sum()
}

/// The width as it is shown. A character without a width counts as one column, so that many of them can't make a line long.
fn letter_width(letter: char) -> usize {
    picture(letter).width().unwrap_or(1).max(1)
}

/// Texts of both lines.
#[derive(Debug)]
struct Run {
    old: Range<usize>,
    new: Range<usize>,
    /// Whether they are equal.
    same: bool,
}

/// The equal and the different words, in order.
fn runs(old: &str, new: &str) -> Vec<Run> {
    let (old_words, new_words) = (words(old), words(new));
    let before = old_words.iter().zip(&new_words).take_while(|(old, new)| old == new).count();
    let (old_rest, new_rest) = (&old_words[before..], &new_words[before..]);
    let after = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old_rest, new_rest) = (&old_rest[..old_rest.len() - after], &new_rest[..new_rest.len() - after]);

    let mut runs: Vec<Run> = Vec::new();
    let mut at = (0, 0);
    let mut push = |old: usize, new: usize, same: bool| {
        let (old, new) = (at.0..at.0 + old, at.1..at.1 + new);
        at = (old.end, new.end);
        match runs.last_mut().filter(|last| last.same == same) {
            Some(last) => (last.old.end, last.new.end) = at,
            None if old.is_empty() && new.is_empty() => {}
            None => runs.push(Run { old, new, same }),
        }
    };
    let bytes = |words: &[&str]| words.iter().map(|word| word.len()).sum::<usize>();
    let first = bytes(&old_words[..before]);
    push(first, first, true);
    let deadline = Some(Instant::now() + PATIENCE);
    for op in capture_diff_slices_deadline(Algorithm::Myers, old_rest, new_rest, deadline) {
        let (old, new) = (bytes(&old_rest[op.old_range()]), bytes(&new_rest[op.new_range()]));
        push(old, new, matches!(op, DiffOp::Equal { .. }));
    }
    let last = bytes(&old_words[old_words.len() - after..]);
    push(last, last, true);
    runs
}

/// The words of a line; every other character is a word of its own.
fn words(line: &str) -> Vec<&str> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut words = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let end = if is_word(first) { rest.find(|letter| !is_word(letter)) } else { Some(first.len_utf8()) };
        let (word, others) = rest.split_at(end.unwrap_or(rest.len()));
        words.push(word);
        rest = others;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(pieces: &[Piece<'_>]) -> String {
        let piece =
            |piece: &Piece<'_>| if piece.changed { format!("[{}]", piece.text) } else { piece.text.to_string() };
        pieces.iter().map(piece).collect()
    }

    #[test]
    fn the_words_that_differ_are_marked_in_both_lines() {
        let (old, new) = pieces(r#"{"file_uri":"a","b":1,}"#, r#"{"fileUri":"a","b":1}"#, 80);
        assert_eq!(shown(&old), r#"{"[file_uri]":"a","b":1[,]}"#);
        assert_eq!(shown(&new), r#"{"[fileUri]":"a","b":1}"#);
    }

    #[test]
    fn a_long_line_is_cut_to_the_text_around_each_change() {
        let filler = "x ".repeat(2_000);
        let line = |first: &str, second: &str| format!("{filler}{first} {filler}{second} {filler}");
        let (one, other) = (line("role", "5s"), line("part", "7s"));
        let (old, new) = pieces(&one, &other, 79);
        for (pieces, first, second) in [(old, "[role]", "[5s]"), (new, "[part]", "[7s]")] {
            let text = shown(&pieces);
            assert!(text.contains(first) && text.contains(second), "{text}");
            assert!(text.starts_with('…') && text.ends_with('…') && text.matches('…').count() == 3, "{text}");
            assert!(width(&text) <= 79 + "[][]".len(), "{text}");
        }
    }

    #[test]
    fn a_long_change_is_cut_in_its_middle_and_one_without_context_too() {
        let long = "a".repeat(5_000);
        let (old, new) = pieces(&long, "", 79);
        assert!(width(&shown(&old)) < 79 && shown(&old).contains('…'));
        assert_eq!(new, []);
    }

    proptest! {
        #[test]
        fn short_lines_are_shown_whole(old in "[ab_, é語]{0,12}", new in "[ab_, é語]{0,12}") {
            let (before, after) = pieces(&old, &new, 80);
            let text = |pieces: Vec<Piece<'_>>| pieces.into_iter().map(|piece| piece.text).collect::<String>();
            prop_assert_eq!(text(before), old.as_str());
            prop_assert_eq!(text(after), new.as_str());
        }

        #[test]
        fn unchanged_text_is_cut_at_the_same_places(old in "[a ,語]{60,200}", at in 0usize..60, width in 20usize..50) {
            let at = old.floor_char_boundary(at);
            let new = format!("{}X{}", &old[..at], &old[at..]);
            let (before, after) = pieces(&old, &new, width);
            let same = |pieces: &[Piece<'_>]| {
                let same = pieces.iter().filter(|piece| !piece.changed);
                same.map(|piece| piece.text.to_string()).collect::<String>()
            };
            prop_assert_eq!(same(&before).replace('X', ""), same(&after).replace('X', ""));
        }
    }
}
