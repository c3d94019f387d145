//! The part of a long line around the text at fault.

use crate::cli::output::printable::{is_command, picture};
use crate::rules::secrets;
use std::ops::Range;
use unicode_width::UnicodeWidthChar;

/// The mark where a line is cut.
const CUT: char = '…';

/// The width of a tab, in columns.
const TAB: usize = 4;

/// A part of a line.
#[derive(Debug, PartialEq, Eq)]
pub struct Window {
    /// The text, with `…` at each end that is cut, and with harmful characters replaced.
    pub text: String,
    /// The bytes of `text` that are at fault, as far as they fit.
    pub span: Range<usize>,
}

impl Window {
    /// Cuts `line` to at most `columns` columns around the bytes `span`. O(columns).
    #[must_use]
    pub fn new(line: &str, span: Range<usize>, columns: usize) -> Self {
        let start = line.floor_char_boundary(span.start);
        let end = line.floor_char_boundary(span.end).max(start);
        let room = columns.saturating_sub(2);
        // The text before the fault gets a third of the room, or more if the text after it is short.
        let (mut first, mut used) = (start, 0);
        let mut take_before = |used: &mut usize, most: usize| {
            for letter in line[..first].chars().rev() {
                if *used + width(letter) > most {
                    break;
                }
                *used += width(letter);
                first -= letter.len_utf8();
            }
            first
        };
        take_before(&mut used, room / 3);
        let mut last = start;
        for letter in line[start..].chars() {
            if used + width(letter) > room {
                break;
            }
            used += width(letter);
            last += letter.len_utf8();
        }
        let first = take_before(&mut used, room);

        let secrets = secrets_near(line, first..last);
        let push = |text: &mut String, piece: Range<usize>| {
            text.extend(line[piece.clone()].char_indices().map(|(at, letter)| match letter {
                _ if secrets.iter().any(|secret| secret.contains(&(piece.start + at))) => '*',
                '\t' => letter,
                _ if is_command(&line[piece.start + at..]) => char::REPLACEMENT_CHARACTER,
                letter => picture(letter),
            }));
        };
        let mut text = String::new();
        if first > 0 {
            text.push(CUT);
        }
        push(&mut text, first..start);
        let from = text.len();
        push(&mut text, start..end.min(last));
        let to = text.len();
        push(&mut text, end.min(last)..last);
        if last < line.len() {
            text.push(CUT);
        }
        Self { text, span: from..to }
    }
}

/// The secrets in a part of a line. Reads a limited part around it, because a line may be long and have many findings.
fn secrets_near(line: &str, part: Range<usize>) -> Vec<Range<usize>> {
    const AROUND: usize = 2_000;
    let start = line.floor_char_boundary(part.start.saturating_sub(AROUND));
    let end = line.ceil_char_boundary(part.end.saturating_add(AROUND));
    let found = secrets::find(&line[start..end]).into_iter();
    found.map(|secret| secret.start + start..secret.end + start).collect()
}

/// The maximum width of a character on a terminal, in columns. Zero-width characters count as 1, so that many of them
/// can't make the text long.
fn width(letter: char) -> usize {
    if letter == '\t' { TAB } else { picture(letter).width().unwrap_or(1).max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_short_line_is_shown_whole_and_a_long_one_is_cut_where_it_is_not_at_fault() {
        assert_eq!(Window::new("{\"a\":1,}", 6..7, 40), Window { text: "{\"a\":1,}".to_owned(), span: 6..7 });
        let line = format!("{}X{}", "a".repeat(1_000_000), "b".repeat(1_000_000));
        let Window { text, span } = Window::new(&line, 1_000_000..1_000_001, 32);
        assert_eq!(text, format!("…{}X{}…", "a".repeat(10), "b".repeat(19)));
        assert_eq!(&text[span], "X");
    }

    #[test]
    fn a_secret_is_hidden_and_moves_nothing() {
        let line = "{\"location\": \"https://a.b/c?X-Goog-Signature=12ab\"}";
        let Window { text, span } = Window::new(line, 1..11, 80);
        assert_eq!((text.as_str(), span), ("{\"location\": \"https://a.b/c?X-Goog-Signature=****\"}", 1..11));
    }

    #[test]
    fn what_a_terminal_would_obey_is_replaced() {
        let line = "a\u{1b}[31m\u{202e}\u{9b}b\0";
        assert_eq!(Window::new(line, 0..1, 40).text, "a␛[31m\u{fffd}\u{fffd}b␀");
        assert_eq!(Window::new("a ##[b] ##vso[c] ## [d", 0..1, 40).text, "a \u{fffd}#[b] \u{fffd}#vso[c] ## [d");
    }

    proptest! {
        #[test]
        fn a_piece_is_never_wider_than_it_may_be_and_holds_the_beginning_of_the_fault(
            line in "(\\PC|\t|\u{1b}|語|\u{301}){0,80}", at in 0usize..200, length in 0usize..200, columns in 8usize..60
        ) {
            let at = line.floor_char_boundary(at);
            let Window { text, span } = Window::new(&line, at..at + length, columns);
            prop_assert!(text.chars().map(width).sum::<usize>() <= columns);
            let fault = line[at..].chars().next();
            if length >= 4 && let Some(fault) = fault {
                let shown = if fault == '\t' { fault } else { picture(fault) };
                prop_assert_eq!(text[span].chars().next(), Some(shown));
            }
        }
    }
}
