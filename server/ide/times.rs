//! The times in an answer, however they are written.

use crate::schema::scalar::Duration;
use crate::schema::scalar::clock::{Timestamp, doubtful_time, timestamps};
use std::ops::Range;

const SECOND: i128 = 1_000_000_000;

/// How a time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `1:05`, `0:01:05.5`
    Clock,
    /// `65s`
    Seconds,
    /// `65 seconds`, which may be a length
    Words,
    /// `{"start": 65}`
    Number,
}

/// A time in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    /// Its bytes, without a unit.
    pub range: Range<usize>,
    /// How it is written.
    pub form: Form,
    /// The nanoseconds.
    pub nanos: i128,
    /// The nanoseconds of the other time of its range, or its own.
    pub with: i128,
    /// The digits of its fraction.
    decimals: usize,
    /// The least digits of its first number.
    width: usize,
}

/// The times in a text that are written as a clock shows them. The error is something that may be one.
pub fn clock(text: &str) -> Result<Vec<Time>, Range<usize>> {
    if let Some(doubtful) = doubtful_time(text) {
        return Err(doubtful);
    }
    let first = |time: &Timestamp| text[time.start..time.end].split(':').next().map_or(0, str::len);
    let parts = |time: &Timestamp| text[time.start..time.end].split(':').count();
    // One time with a zero at its start shows how the others are written.
    let is_padded =
        |count| timestamps(text).any(|it| parts(&it) == count && text[it.start..].starts_with('0') && first(&it) > 1);
    let padded = [is_padded(2), is_padded(3)];
    let time = |time: Timestamp| {
        let fraction = fraction_after(&text[time.end..]);
        let decimals = fraction.saturating_sub(1);
        let nanos = i128::from(time.seconds) * SECOND + nanos(&text[time.end..time.end + fraction]);
        Time {
            range: time.start..time.end + fraction,
            form: Form::Clock,
            nanos,
            with: nanos,
            decimals,
            width: if first(&time) > 1 && padded[usize::from(parts(&time) == 3)] { 2 } else { 1 },
        }
    };
    Ok(timestamps(text).map(time).collect())
}

/// The length of a fraction such as `.5` or `,500` at the start of a text, or 0.
fn fraction_after(text: &str) -> usize {
    let digits = text.bytes().skip(1).take_while(u8::is_ascii_digit).count();
    let goes_on =
        text.get(1 + digits..).is_some_and(|rest| rest.starts_with(|it: char| it == ':' || it.is_alphanumeric()));
    if text.starts_with(['.', ',']) && (1..=9).contains(&digits) && !goes_on { 1 + digits } else { 0 }
}

/// The nanoseconds of a fraction with its separator; 0 for none.
fn nanos(fraction: &str) -> i128 {
    let digits = fraction.get(1..).unwrap_or("");
    format!("{digits:0<9}").parse().unwrap_or(0)
}

/// The times in a text that are written as a number of seconds. The error is something that may be one.
pub fn seconds(text: &str) -> Result<Vec<Time>, Range<usize>> {
    let mut times: Vec<Time> = Vec::new();
    for Number { range, key, .. } in numbers(text, None) {
        let is_signed = text[..range.start].ends_with(['-', '+']);
        let key = key.filter(|key| names_a_time(key) && !is_signed);
        let Some(form) = form(&text[..range.start], &text[range.end..], key) else { continue };
        let is_of_another_unit = form == Form::Number && key.is_some_and(counts_no_seconds);
        let is_part = form != Form::Number && is_part_of_number(&text[..range.start]);
        let read = time(text, range.clone(), form).filter(|_| !is_of_another_unit && !is_part);
        let Some(mut read) = read else { return Err(range) };
        // `25-28s` has the unit of both.
        if form != Form::Number
            && let Some(first) = first_of_range(text, range.start)
        {
            let first = first.and_then(|first| time(text, first, form)).filter(|first| first.nanos < read.nanos);
            let Some(mut first) = first else { return Err(range) };
            (first.with, read.with) = (read.nanos, first.nanos);
            times.push(first);
        }
        times.push(read);
    }
    Ok(times)
}

/// Whether the digits after a text are only a part of a number such as `.5` or `-5`.
fn is_part_of_number(before: &str) -> bool {
    let rest = before.strip_suffix(['.', '-', '+', '\u{2212}']);
    rest.is_some_and(|rest| !rest.ends_with(|it: char| it.is_alphanumeric() || matches!(it, ')' | ']' | '.')))
}

/// A number of seconds in a text.
fn time(text: &str, range: Range<usize>, form: Form) -> Option<Time> {
    let (whole, fraction) =
        text[range.clone()].split_at_checked(text[range.clone()].find('.').unwrap_or(range.len()))?;
    let decimals = fraction.len().saturating_sub(1);
    let seconds: u32 = whole.parse().ok().filter(|_| decimals <= 9)?;
    let nanos = i128::from(seconds) * SECOND + nanos(fraction);
    let width = if whole.starts_with('0') { whole.len() } else { 1 };
    Some(Time { range, form, nanos, with: nanos, decimals, width })
}

/// A number in a text.
pub(super) struct Number<'a> {
    /// Its bytes, with a fraction.
    pub range: Range<usize>,
    /// The key in JSON whose value, or list of values, it belongs to.
    pub key: Option<&'a str>,
    /// Whether it is in a list.
    pub in_list: bool,
}

/// The numbers in a text, which may be the value of a key.
pub(super) fn numbers<'a>(text: &'a str, key: Option<&'a str>) -> impl Iterator<Item = Number<'a>> {
    let bytes = text.as_bytes();
    let digits = move |at: usize| bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (mut at, mut key, mut in_list) = (0, key, false);
    std::iter::from_fn(move || {
        let start = at + bytes[at..].iter().position(u8::is_ascii_digit)?;
        // A list is as long as it likes.
        let sign = usize::from(text[at..start].ends_with(['-', '+']));
        let gap = &text[at..start - sign];
        if gap.chars().all(is_gap) {
            in_list |= gap.contains('[');
        } else {
            key = key_before(&text[..start - sign]);
            in_list = key.is_some() && gap.rsplit(':').next().is_some_and(|gap| gap.contains('['));
        }
        let whole = start + digits(start);
        let decimals = if bytes.get(whole) == Some(&b'.') { digits(whole + 1) } else { 0 };
        at = if decimals > 0 { whole + 1 + decimals } else { whole };
        Some(Number { range: start..at, key, in_list })
    })
}

/// The first number of a range that goes on here, such as `25-28s` or `25 to 28s`; inside, none if it can't be read.
fn first_of_range(text: &str, at: usize) -> Option<Option<Range<usize>>> {
    // The first number is near, and the text may be long.
    let near = text.floor_char_boundary(at.saturating_sub(64));
    let before = &text[near..at];
    let of_range = |it: char| matches!(it, '.' | ',' | '/' | '-' | '–' | '—' | '~');
    let first = before.trim_end_matches(of_range);
    let joint = &before[first.len()..];
    let (first, is_clear) = if joint.is_empty() {
        let (first, word) = before.trim_end().rsplit_once(char::is_whitespace)?;
        let first = first.trim_end();
        let is_between = || before_number(first).trim_end().to_lowercase().ends_with("between");
        let is_joint = before.ends_with(char::is_whitespace)
            && (matches!(word, "to" | "through" | "until" | "till") || word == "and" && is_between());
        (Some(first).filter(|_| is_joint)?, true)
    } else {
        (first, matches!(joint, "-" | "–" | "—" | "~"))
    };
    if !first.ends_with(|it: char| it.is_ascii_digit()) {
        return None;
    }
    let start = before_number(first).len();
    let is_glued = first[..start].ends_with(|it: char| it.is_alphanumeric() || of_range(it) || matches!(it, ':' | '_'));
    Some((is_clear && !is_glued).then_some(near + start..near + first.len()))
}

/// A text without the number at its end.
fn before_number(text: &str) -> &str {
    let digits = |text: &str| text.trim_end_matches(|it: char| it.is_ascii_digit()).len();
    let whole = &text[..digits(text)];
    match whole.strip_suffix('.').map(|rest| &text[..digits(rest)]) {
        Some(rest) if rest.len() + 1 < whole.len() => rest,
        _ => whole,
    }
}

/// How a number is written as a time, by what is next to it; `None` if it is something else.
fn form(before: &str, after: &str, key: Option<&str>) -> Option<Form> {
    let in_clock = || before.strip_suffix(':').is_some_and(|rest| rest.ends_with(|it: char| it.is_ascii_digit()));
    if before.ends_with(|it: char| it.is_alphanumeric() || it == '_') || in_clock() {
        return None;
    }
    let word =
        |text: &str| text.split(|it: char| !it.is_alphanumeric() && it != '_').next().unwrap_or("").to_lowercase();
    if word(after) == "s" {
        Some(Form::Seconds)
    } else if matches!(
        &*word(after.trim_start_matches(|it: char| it == '-' || it.is_whitespace() && !matches!(it, '\r' | '\n'))),
        "s" | "sec" | "secs" | "second" | "seconds"
    ) {
        Some(Form::Words)
    } else {
        key.filter(|_| is_value(after)).map(|_| Form::Number)
    }
}

/// Whether the value of a key ends here.
pub(super) fn is_value(after: &str) -> bool {
    let rest = after.trim_start_matches('"').trim_start();
    rest.is_empty() || rest.starts_with([',', ']', '}'])
}

/// What may be between the numbers of a list.
fn is_gap(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '[' | ']' | ',' | '.' | '"')
}

/// The key in JSON whose value, or list of values, goes on here.
fn key_before(before: &str) -> Option<&str> {
    let rest = before.trim_end_matches(is_gap).strip_suffix(':')?.trim_end().strip_suffix('"')?;
    let near = rest.floor_char_boundary(rest.len().saturating_sub(200));
    Some(rest[near..].rsplit_once('"')?.1)
}

/// Whether a key such as `start`, `end_time`, `startOffset` or `time2` names a time.
pub(super) fn names_a_time(key: &str) -> bool {
    words(key).iter().any(|word| {
        matches!(&**word, "end" | "stop" | "from" | "to" | "at" | "t" | "ts" | "sec" | "secs")
            || matches!(
                word.trim_end_matches(|it: char| it.is_ascii_digit()),
                "start"
                    | "starts"
                    | "started"
                    | "starting"
                    | "time"
                    | "times"
                    | "timestamp"
                    | "timestamps"
                    | "timecode"
                    | "timecodes"
                    | "starttime"
                    | "endtime"
                    | "begin"
                    | "begins"
                    | "beginning"
                    | "offset"
                    | "offsets"
                    | "second"
                    | "seconds"
            )
    })
}

/// The words of a key such as `end_time` or `endTime`, in lowercase.
pub(super) fn words(key: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for letter in key.chars() {
        if !letter.is_alphanumeric() || was_lower && letter.is_uppercase() {
            words.push(String::new());
        }
        was_lower = letter.is_lowercase() || letter.is_numeric();
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
    }
    words
}

/// The number `text` if `key` names a time. The error is a number that may be a time but can't be read.
pub fn number(key: &str, text: &str) -> Result<Option<Time>, Range<usize>> {
    if !names_a_time(key) {
        return Ok(None);
    }
    let is_plain = text.bytes().all(|it| it.is_ascii_digit() || it == b'.') && text.matches('.').count() <= 1;
    let read = time(text, 0..text.len(), Form::Number).filter(|_| is_plain && !counts_no_seconds(key));
    let Some(read) = read else { return Err(0..text.len()) };
    Ok(Some(Time { width: 1, ..read }))
}

/// Whether the key of a time names another unit than seconds.
fn counts_no_seconds(key: &str) -> bool {
    let lower = key.to_lowercase();
    ["frame", "milli", "minute", "duration"].iter().any(|part| lower.contains(part))
        || words(key).iter().any(|word| word == "ms")
}

impl Time {
    /// Whether it may be a point from `first` to `last`. A time without a fraction may be any in its second.
    pub fn is_in(&self, first: Duration, last: Option<Duration>) -> bool {
        self.nanos + unit(self.decimals) > first.nanos() && last.is_none_or(|last| self.nanos <= last.nanos())
    }

    /// The text of the time that is `by` later, written in the same way. It is rounded if a clock time has fewer digits
    /// than `by`. `None` if it would be negative.
    pub fn shifted(&self, text: &str, by: Duration) -> Option<String> {
        let exact = self.nanos + by.nanos();
        if exact <= -unit(self.decimals) {
            return None;
        }
        let decimals = if self.form == Form::Clock { self.decimals } else { self.decimals.max(decimals_of(by)) };
        let unit = unit(decimals);
        let nanos = ((exact + unit / 2).div_euclid(unit) * unit).max(0);
        let (whole, rest, width) = (nanos / SECOND, nanos % SECOND, self.width);
        let old = text.get(self.range.clone())?;
        let separator = if old.contains(',') { ',' } else { '.' };
        let digits = format!("{separator}{rest:09}");
        let fraction = if decimals > 0 { digits.get(..=decimals)? } else { "" };
        let (hours, minutes, seconds) = (whole / 3600, whole / 60, whole % 60);
        Some(match old.matches(':').count() {
            0 => format!("{whole:0width$}{fraction}"),
            1 if hours == 0 => format!("{minutes:0width$}:{seconds:02}{fraction}"),
            _ => format!("{hours:0width$}:{:02}:{seconds:02}{fraction}", minutes % 60),
        })
    }
}

/// The nanoseconds of the last of so many digits after the decimal point.
fn unit(decimals: usize) -> i128 {
    10i128.pow(u32::try_from(9usize.saturating_sub(decimals)).unwrap_or(0))
}

/// The digits that a duration has after its decimal point.
fn decimals_of(duration: Duration) -> usize {
    duration.to_string().split_once('.').map_or(0, |(_, digits)| digits.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::scalar::parse_duration;

    fn shifted(read: fn(&str) -> Result<Vec<Time>, Range<usize>>, text: &str, by: &str) -> Vec<Option<String>> {
        let by = parse_duration(by).unwrap();
        read(text).unwrap().iter().map(|time| time.shifted(text, by)).collect()
    }

    fn one(text: &str, by: &str) -> Option<String> {
        let read = if text.contains(':') { clock } else { seconds };
        let times = shifted(read, text, by);
        assert_eq!(times.len(), 1, "{text}");
        times.into_iter().next().unwrap()
    }

    #[test]
    fn a_time_keeps_how_it_is_written() {
        for (text, by, expected) in [
            ("1:05", "-12s", "0:53"),
            ("01:05", "-12s", "00:53"),
            ("10:40", "-600s", "0:40"),
            ("0:01:05", "-12s", "0:00:53"),
            ("00:01:05", "3600s", "01:01:05"),
            ("59:30", "60s", "1:00:30"),
            ("1:05.50", "-12s", "0:53.50"),
            ("00:01:05,500", "-12.25s", "00:00:53,250"),
            ("1:05", "-0.4s", "1:05"),
            ("0:12", "-12.9s", "0:00"),
            ("65s", "-12s", "53s"),
            ("65s", "-0.5s", "64.5s"),
            ("065.0s", "-1s", "064.0s"),
            ("65 seconds", "1s", "66"),
        ] {
            let expected =
                if text.ends_with('s') && !text.contains(' ') { expected.trim_end_matches('s') } else { expected };
            assert_eq!(one(text, by).as_deref(), Some(expected), "{text} {by}");
        }
        for (text, by) in [("0:12", "-13s"), ("12.5s", "-12.6s"), ("0:12.5", "-12.6s")] {
            assert_eq!(one(text, by), None, "{text} {by}");
        }
    }

    #[test]
    fn one_padded_time_shows_how_the_others_are_written() {
        let of = |text| shifted(clock, text, "-600s").into_iter().flatten().collect::<Vec<_>>().join(" ");
        assert_eq!(of("10:40 and 12:00"), "0:40 2:00");
        assert_eq!(clock("00:40 and 12:00").unwrap().iter().map(|time| time.width).collect::<Vec<_>>(), [2, 2]);
        assert_eq!(clock("00:40 and 1:12:00").unwrap().iter().map(|time| time.width).collect::<Vec<_>>(), [2, 1]);
    }

    #[test]
    fn seconds_are_found_by_their_unit_or_their_key() {
        let found = |text: &'static str| -> Vec<(&str, Form)> {
            seconds(text).unwrap().into_iter().map(|time| (&text[time.range], time.form)).collect()
        };
        assert_eq!(
            found("From 65s to 70.5s, for 10 seconds."),
            [("65", Form::Seconds), ("70.5", Form::Seconds), ("10", Form::Words)]
        );
        let json = r#"[{"start": 1.5, "endTime":"20", "score": 3, "friend": 4, "t": [[5, 6.5]], "label": "at 7"}]"#;
        assert_eq!(
            found(json),
            [("1.5", Form::Number), ("20", Form::Number), ("5", Form::Number), ("6.5", Form::Number)]
        );
        assert_eq!(
            found("1:05 0:05.5 v2s s5s the 80th, 5 shots, [65s-70s], 7\u{202f}s, (8s)-9s...10s"),
            [
                ("65", Form::Seconds),
                ("70", Form::Seconds),
                ("7", Form::Words),
                ("8", Form::Seconds),
                ("9", Form::Seconds),
                ("10", Form::Seconds)
            ]
        );
    }

    #[test]
    fn a_key_names_a_time_by_a_whole_word() {
        for key in ["start", "endTime", "END_TIME", "start-offset", "time2", "timestamps", "t", "seconds", "eventAt"] {
            assert!(names_a_time(key), "{key}");
        }
        for key in ["sentiment", "centimeters", "restart", "t2", "friend", "sometimes", "total", "é", ""] {
            assert!(!names_a_time(key), "{key}");
        }
        let text = r#"{"sentiment": 5, "centimeters": 7}"#;
        assert_eq!(seconds(text), Ok(Vec::new()));
    }

    #[test]
    fn a_number_is_a_time_by_its_key() {
        assert_eq!(number("score", "65"), Ok(None));
        let time = number("start", "65.50").unwrap().unwrap();
        assert_eq!(time.shifted("65.50", parse_duration("-1s").unwrap()).as_deref(), Some("64.50"));
        for (key, text) in [("start", "1e2"), ("start", "-5"), ("start_ms", "5"), ("start", "1.0000000001")] {
            assert_eq!(number(key, text), Err(0..text.len()), "{key} {text}");
        }
    }

    #[test]
    fn what_may_be_a_time_but_cannot_be_read_is_an_error() {
        for (text, part) in [
            ("5,5s", "5"),
            (r#"{"start_ms": 1500}"#, "1500"),
            (r#"{"startFrame": 30}"#, "30"),
            ("99999999999s", "99999999999"),
            ("cut at .5s", "5"),
            ("at -5s", "5"),
            ("+2.5 seconds", "2.5"),
        ] {
            assert_eq!(seconds(text).map_err(|range| &text[range]), Err(part), "{text}");
        }
        assert_eq!(clock("at 75:10").map_err(|range| range.start), Err(3));
    }
}
