//! Numbers in an answer that look like times but are written in a way that is not shifted.

use super::times::{Form, Time, is_value, names_a_time, numbers, words};
use std::ops::Range;

/// The most bytes between the numbers of a range.
const MAX_JOINT: usize = 20;

/// The first number that may be a time but isn't in `read`. `key` is that of the text. With `only_clock`, only numbers in a
/// range with a clock time count.
pub fn doubt(text: &str, read: &[Time], key: Option<&str>, only_clock: bool) -> Option<Range<usize>> {
    let mut next = 0;
    numbers(text, key).find_map(|number| {
        let range = number.range;
        while read.get(next).is_some_and(|time| time.range.end <= range.start) {
            next += 1;
        }
        let last = next.checked_sub(1).and_then(|last| read.get(last));
        let next = read.get(next);
        if next.is_some_and(|next| next.range.start <= range.start) {
            return None;
        }
        let (before, after) = (&text[..range.start], &text[range.end..]);
        let near = |between: Range<usize>| text.get(between).filter(|between| between.len() <= MAX_JOINT);
        let goes_on = |last: &Time| near(last.range.end..range.start).is_some_and(|between| goes_on(between, after));
        let begins = |next: &Time| near(range.end..next.range.start).is_some_and(|between| begins(between, next.form));
        let is_joined = last.is_some_and(goes_on) || next.is_some_and(begins);
        let is_other = || {
            !is_of_clock(before, after)
                && (has_other_unit(before, after)
                    || number.key.is_some_and(|key| is_of_key(key, number.in_list, after))
                    || has_plain_key(before, after))
        };
        (is_joined || !only_clock && is_other()).then_some(range)
    })
}

/// How a range is written between its numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// `25-28`
    Tight,
    /// `25 - 28`
    Spaced,
    /// `25 to 28`
    Word,
}

fn joint(between: &str) -> Option<Joint> {
    if between.contains(['\n', '\r']) {
        return None;
    }
    let text = between.trim();
    match &*text.to_lowercase() {
        "-" | "–" | "—" | "~" | "−" | "‑" | "->" | "→" | ".." | "..." | "…" if text.len() == between.len() => {
            Some(Joint::Tight)
        }
        "-" | "–" | "—" | "~" | "−" | "‑" | "->" | "→" | "-->" | ".." | "..." | "…" => Some(Joint::Spaced),
        "to" | "through" | "until" | "till" if between.len() > text.len() => Some(Joint::Word),
        _ => None,
    }
}

/// Whether a time has a range that goes on with a number, by what is between them and after the number.
fn goes_on(between: &str, after: &str) -> bool {
    // The unit of the time.
    let rest = between.trim_start_matches([' ', '\u{a0}']);
    let unit = rest.len() - rest.trim_start_matches(|it: char| it.is_ascii_alphabetic()).len();
    let between = match &*rest[..unit].to_lowercase() {
        "s" | "sec" | "secs" | "second" | "seconds" => &rest[unit..],
        _ => between,
    };
    // In `0:25 - 2 players`, the dash is that of a list.
    joint(between).is_some_and(|joint| joint != Joint::Spaced || !goes_on_with_word(after))
}

/// Whether a number begins a range or list that goes on with a time, by what is between them.
fn begins(between: &str, form: Form) -> bool {
    let is_list = || matches!(between.trim(), "," | "and" | "or" | "&" | ", and" | ", or" | "/");
    // In `Goal 1 - 0:25`, the dash is that of a list.
    let is_of_list = |joint| form == Form::Clock && joint == Joint::Spaced;
    joint(between).is_some_and(|joint| !is_of_list(joint)) || form == Form::Seconds && is_list()
}

fn goes_on_with_word(after: &str) -> bool {
    after.trim_start_matches([' ', '\t', '\u{a0}']).starts_with(char::is_alphabetic)
}

/// Whether a number is part of one with colons.
fn is_of_clock(before: &str, after: &str) -> bool {
    let is_digit = |it: char| it.is_ascii_digit();
    before.strip_suffix(':').is_some_and(|rest| rest.ends_with(is_digit))
        || after.strip_prefix(':').is_some_and(|rest| rest.starts_with(is_digit))
}

/// Whether a number has a unit of time that isn't read: `1m25s`, `1 min 25 s`, `1'25"`, `25000 ms`, `PT25S`.
fn has_other_unit(before: &str, after: &str) -> bool {
    if let Some(rest) = before.strip_suffix("PT").or_else(|| before.strip_suffix("pt")) {
        return !rest.ends_with(char::is_alphanumeric);
    }
    if before.ends_with(|it: char| it.is_alphanumeric() || it == '_') {
        return false;
    }
    let (unit, rest) = unit(after);
    match &*unit.to_lowercase() {
        "ms" | "msec" | "msecs" | "millis" | "millisecond" | "milliseconds" => true,
        "h" | "hr" | "hrs" | "hour" | "hours" | "m" | "min" | "mins" | "minute" | "minutes" | "'" | "′" | "’" => {
            let next = rest.trim_start_matches([' ', '\u{a0}', ',']);
            let next = next.strip_prefix("and ").unwrap_or(next);
            let after = next.trim_start_matches(|it: char| it.is_ascii_digit() || it == '.');
            let next_unit = self::unit(after).0.to_lowercase();
            let is_smaller = matches!(
                &*next_unit,
                "s" | "sec"
                    | "secs"
                    | "second"
                    | "seconds"
                    | "m"
                    | "min"
                    | "mins"
                    | "minute"
                    | "minutes"
                    | "\""
                    | "″"
                    | "”"
            );
            after.len() < next.len() && (is_smaller || next.len() == rest.len())
        }
        _ => false,
    }
}

/// The word or mark after a number, and what is after it.
fn unit(after: &str) -> (&str, &str) {
    let text = after.trim_start_matches([' ', '\u{a0}', '-']);
    let letters = text.len() - text.trim_start_matches(char::is_alphabetic).len();
    let mark = text.chars().next().filter(|it| matches!(it, '\'' | '′' | '’' | '"' | '″' | '”'));
    text.split_at_checked(if letters > 0 { letters } else { mark.map_or(0, char::len_utf8) }).unwrap_or(("", text))
}

/// Whether a number that isn't read may be a time because of its key in JSON.
fn is_of_key(key: &str, in_list: bool, after: &str) -> bool {
    let may_be_value = || has_exponent(after) || !goes_on_with_word(after);
    let is_value = || in_list && (is_value(after) || has_exponent(after));
    names_a_time(key) && (may_be_value() || range_after(after))
        || names_a_span(key) && (is_value() || range_after(after))
}

/// Whether a key such as `interval` names a list of times.
pub fn names_a_span(key: &str) -> bool {
    words(key).iter().any(|word| {
        matches!(
            word.strip_suffix('s').unwrap_or(word),
            "interval" | "span" | "timespan" | "range" | "window" | "segment" | "clip" | "moment"
        )
    })
}

fn has_exponent(after: &str) -> bool {
    let digits = |text: &str| text.starts_with(|it: char| it.is_ascii_digit());
    after.strip_prefix(['e', 'E']).is_some_and(|rest| digits(rest.strip_prefix(['+', '-']).unwrap_or(rest)))
}

/// Whether a range goes on with another number.
fn range_after(after: &str) -> bool {
    let number = after.find(|it: char| it.is_ascii_digit());
    number.is_some_and(|number| number <= MAX_JOINT && joint(&after[..number]).is_some())
}

/// Whether a number has a key without quotes: `start=25`, `- Start: 25`.
fn has_plain_key(before: &str, after: &str) -> bool {
    let rest = before.trim_end_matches([' ', '*', '\'', '[', '(', '-', '+']);
    let Some(rest) = rest.strip_suffix([':', '=']) else { return false };
    let is_equation = before[rest.len()..].starts_with('=');
    let rest = rest.trim_end_matches([' ', '*', '\'', '`']);
    let is_of_key = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-');
    let start = rest.trim_end_matches(is_of_key);
    // The end of `Full time: 2-1` is no key.
    let is_alone = || {
        let line = start.trim_end_matches([' ', '*', '\'', '`']);
        line.is_empty() || line.ends_with(['\n', ',', ';', '(', '[', '{', '-', '|', '.', '•', '\r'])
    };
    names_a_time(&rest[start.len()..]) && (is_equation || is_alone() && !goes_on_with_word(after))
}
