//! Clock times in a text.

use std::ops::Range;

/// Whether a text has a colon between two digits.
#[must_use]
pub fn may_have_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    memchr::memchr_iter(b':', bytes).any(|at| at > 0 && is_digit(at - 1) && is_digit(at + 1))
}

/// A time such as `12:30` in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timestamp {
    /// The byte where it starts.
    pub start: usize,
    /// The byte after it, or before its fraction.
    pub end: usize,
    /// Its whole seconds.
    pub seconds: u32,
}

/// The times `MM:SS` and `H:MM:SS` in a text, with or without a fraction. A time of day (`3:15 pm`) and a longer
/// sequence of numbers don't count.
pub fn timestamps(text: &str) -> impl Iterator<Item = Timestamp> + '_ {
    clock_times(text).filter(move |Timestamp { start, end, .. }| {
        let (before, after) = (&text[..*start], &text[*end..]);
        let inside = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | ',' | '/' | '_');
        let glued = before.ends_with(inside) || after.starts_with(|letter: char| letter.is_alphabetic());
        !glued && !is_of_day(after)
    })
}

/// The first numbers with colons that look like a time, but are none of the [timestamps] and no time of day: `75:10`,
/// `00:00:05:12`.
#[must_use]
pub fn doubtful_time(text: &str) -> Option<Range<usize>> {
    let mut read = timestamps(text).map(|time| time.start).peekable();
    tokens(text).find(|token| {
        let is_read = read.next_if_eq(&token.start).is_some();
        let looks_like_one = || match &text.as_bytes()[token.clone()] {
            [first, .., b':', ten, one] => [first, ten, one].iter().all(|byte| byte.is_ascii_digit()),
            _ => false,
        };
        !is_read && looks_like_one() && !is_of_day(&text[token.end..])
    })
}

/// Whether the text after a time makes it a time of day.
fn is_of_day(after: &str) -> bool {
    let rest = after.trim_start_matches(' ');
    ["am", "pm", "a.m", "p.m"].iter().any(|half| {
        let found = rest.split_at_checked(half.len()).filter(|(next, _)| next.eq_ignore_ascii_case(half));
        found.is_some_and(|(_, rest)| !rest.starts_with(char::is_alphanumeric))
    })
}

/// The same, whatever is next to them.
pub fn clock_times(text: &str) -> impl Iterator<Item = Timestamp> + '_ {
    tokens(text).filter_map(|Range { start, end }| {
        clock_seconds(&text.as_bytes()[start..end]).map(|seconds| Timestamp { start, end, seconds })
    })
}

/// The runs of digits and colons that have a colon.
fn tokens(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let bytes = text.as_bytes();
    let in_token = |byte: &u8| byte.is_ascii_digit() || *byte == b':';
    let mut at = 0;
    std::iter::from_fn(move || {
        let colon = at + memchr::memchr(b':', bytes.get(at..)?)?;
        let start = colon - bytes[at..colon].iter().rev().take_while(|byte| in_token(byte)).count();
        let end = colon + bytes[colon..].iter().take_while(|byte| in_token(byte)).count();
        at = end.max(colon + 1);
        Some(start..end)
    })
}

/// The seconds of `MM:SS` or `H:MM:SS`.
fn clock_seconds(token: &[u8]) -> Option<u32> {
    // The first of hours and minutes may have one digit.
    let (rest, seconds) = two_digits(token)?;
    let (rest, minutes) = match rest {
        [digit, b':'] => return Some(value_of(b'0', *digit)? * 60 + seconds),
        [rest @ .., b':'] => two_digits(rest)?,
        _ => return None,
    };
    let hours = match rest {
        [] => 0,
        [digit, b':'] => value_of(b'0', *digit)?,
        [ten, one, b':'] => value_of(*ten, *one)?,
        _ => return None,
    };
    Some(hours * 3600 + minutes * 60 + seconds)
}

/// The last two digits as a number below 60, and the rest before them.
fn two_digits(token: &[u8]) -> Option<(&[u8], u32)> {
    let (rest, &[ten, one]) = token.split_last_chunk()?;
    Some((rest, value_of(ten, one)?))
}

/// Two digits as a number below 60.
fn value_of(ten: u8, one: u8) -> Option<u32> {
    let is_one = (b'0'..b'6').contains(&ten) && one.is_ascii_digit();
    is_one.then(|| u32::from(ten - b'0') * 10 + u32::from(one - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, u32)> {
        timestamps(text).map(|timestamp| (&text[timestamp.start..timestamp.end], timestamp.seconds)).collect()
    }

    #[test]
    fn clock_times_are_found_among_other_text() {
        assert_eq!(found("Goal at 1:05, foul at (12:30)."), [("1:05", 65), ("12:30", 750)]);
        assert_eq!(found("00:00:05,000 --> 00:01:07,500"), [("00:00:05", 5), ("00:01:07", 67)]);
        assert_eq!(found("[01:02:03]00:10-00:20"), [("01:02:03", 3723), ("00:10", 10), ("00:20", 20)]);
        assert_eq!(found("é1:05é ét 1:06"), [("1:06", 66)]);
        assert_eq!(found("1:05 amazing, 0:45 among, 2:10 Pmé"), [("1:05", 65), ("0:45", 45), ("2:10", 130)]);
    }

    #[test]
    fn a_colon_between_digits_is_found_everywhere() {
        for before in 0..140 {
            for after in [0, 1, 70] {
                let text = |time: &str| format!("{}{time}{}", ":".repeat(before), "1".repeat(after));
                assert!(may_have_time(&text("5:0")), "{before}");
                assert_eq!(may_have_time(&text("x5:")), after > 0, "{before}");
                assert!(!may_have_time(&text("x:")) && !may_have_time(&text("5x")), "{before}");
            }
        }
    }

    #[test]
    fn what_looks_like_a_time_but_is_not_read_is_doubtful() {
        for text in ["at 75:10", "00:00:05:12", "2024-01-01T12:30:00", "0:10,0:20", "1.05:30"] {
            assert!(doubtful_time(text).is_some(), "{text}");
        }
        for text in ["Goal at 1:05.", "16:9", "3:15 pm", "::", ":30", "a:b", "localhost:8080", "0:10, 0:20"] {
            assert_eq!(doubtful_time(text), None, "{text}");
        }
        assert_eq!(doubtful_time("0:10 and 75:10").map(|range| range.start), Some(9));
    }

    #[test]
    fn other_numbers_with_colons_are_not_times() {
        for text in [
            "2024-01-01T12:30:00",
            "ratio 16:9",
            "1:75",
            "75:10",
            "00:00:05:12",
            "3:15 pm",
            "a:b",
            "::",
            ":30",
            "12:30PM",
            "3:15 am.",
            "3:15 a.m.",
            "3:15 P.M",
            "1.05:30",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
