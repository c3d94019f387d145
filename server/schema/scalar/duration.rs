//! `google.protobuf.Duration` in JSON: decimal seconds that end in `s`.
//!
//! Grammar and range: the ProtoJSON guide and `ParseDuration` of protobuf's C++ parser (`protocolbuffers/protobuf`
//! e712d276, 2026-08): `-?[0-9]+(\.[0-9]{1,9})?s`, from -315,576,000,000 to 315,576,000,000 whole seconds.

use std::fmt;
use std::ops::Sub;

/// The maximum of whole seconds, positive or negative: 10,000 years.
const MAX_SECONDS: i128 = 315_576_000_000;
/// Nanoseconds per second.
pub(super) const SECOND: i128 = 1_000_000_000;

/// A duration or a point in time, exact to the nanosecond.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Duration {
    nanos: i128,
}

impl Duration {
    /// No time.
    pub const ZERO: Duration = Duration { nanos: 0 };

    /// A whole number of seconds.
    #[must_use]
    pub fn from_seconds(seconds: u32) -> Self {
        Self { nanos: i128::from(seconds) * SECOND }
    }

    /// This many nanoseconds; `None` if out of range.
    #[must_use]
    pub fn from_nanos(nanos: i128) -> Option<Self> {
        ((nanos / SECOND).abs() <= MAX_SECONDS).then_some(Self { nanos })
    }

    /// The number of nanoseconds.
    #[must_use]
    pub fn nanos(self) -> i128 {
        self.nanos
    }

    /// The number of whole microseconds; `None` if negative.
    #[must_use]
    pub fn micros(self) -> Option<u64> {
        // Dividing the wider number is slow and rarely needed.
        match u64::try_from(self.nanos) {
            Ok(nanos) => Some(nanos / 1_000),
            Err(_) => u64::try_from(self.nanos / 1_000).ok().filter(|_| !self.is_negative()),
        }
    }

    /// Whether it is less than zero; `-0s` is not.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.nanos < 0
    }

    /// Its shortest text: `5.5s` for `5.500s`.
    #[must_use]
    pub fn canonical(self) -> String {
        format!("{self}s")
    }

    /// As a clock time: `1:05`, `1:02:03`, `0:07.5`.
    #[must_use]
    pub fn clock(self) -> String {
        let sign = if self.is_negative() { "-" } else { "" };
        let (seconds, rest) = (self.nanos.abs() / SECOND, self.nanos.abs() % SECOND);
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let fraction = fraction(rest);
        if hours > 0 {
            format!("{sign}{hours}:{minutes:02}:{seconds:02}{fraction}")
        } else {
            format!("{sign}{minutes}:{seconds:02}{fraction}")
        }
    }
}

impl fmt::Display for Duration {
    /// The shortest decimal of seconds, without a unit.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_negative() { "-" } else { "" };
        write!(f, "{sign}{}{}", self.nanos.abs() / SECOND, fraction(self.nanos.abs() % SECOND))
    }
}

/// `.5` for half a second; empty for zero.
fn fraction(nanos: i128) -> String {
    if nanos == 0 {
        return String::new();
    }
    format!(".{nanos:09}").trim_end_matches('0').to_owned()
}

impl Sub for Duration {
    type Output = Duration;

    /// The time from `other` to `self`.
    fn sub(self, other: Self) -> Self {
        Self { nanos: self.nanos - other.nanos }
    }
}

/// Why a string is not a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DurationFault(&'static str);

impl DurationFault {
    /// The reason, as a clause about "it".
    #[must_use]
    pub fn message(self) -> &'static str {
        self.0
    }
}

/// Parses the value of a JSON string as a duration, exactly by the grammar.
///
/// # Errors
/// The first fault from the left. A leading `-` is not a fault; check the text for it, since `-0s` is zero.
pub fn parse_duration(text: &str) -> Result<Duration, DurationFault> {
    if let Some(seconds) = plain_seconds(text) {
        return Ok(Duration::from_seconds(seconds));
    }
    exact(text).map_err(DurationFault)
}

fn exact(text: &str) -> Result<Duration, &'static str> {
    const OUT_OF_RANGE: &str = "it is longer than 315,576,000,000 seconds";
    if text.is_empty() {
        return Err("it is empty");
    }
    if text.trim().len() != text.len() {
        return Err("it has white space around it");
    }
    if text.starts_with('+') {
        return Err("it begins with `+`");
    }
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, rest) = digits(rest);
    if whole.is_empty() {
        return Err("it does not begin with whole seconds");
    }
    let pointed = rest.strip_prefix('.');
    let (fraction, rest) = pointed.map_or(("", rest), digits);
    if text.contains(':') {
        return Err("it is a clock time, not seconds");
    }
    if rest.strip_prefix(',').is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit())) {
        return Err("its decimal point is a comma");
    }
    if pointed.is_some() && fraction.is_empty() {
        return Err("no digits follow the decimal point");
    }
    if fraction.len() > 9 {
        return Err("more than 9 digits follow the decimal point");
    }
    match rest {
        "s" => {}
        "" => return Err("its `s` is missing"),
        _ => return Err("it is not decimal seconds directly followed by `s`"),
    }
    let seconds = number(whole).ok_or(OUT_OF_RANGE)?;
    let missing = u32::try_from(9 - fraction.len()).unwrap_or(0);
    let nanos = number(fraction).unwrap_or(0) * 10u64.pow(missing);
    let nanos = i128::from(seconds) * SECOND + i128::from(nanos);
    Duration::from_nanos(if negative { -nanos } else { nanos }).ok_or(OUT_OF_RANGE)
}

/// The seconds of a duration in the most common form: a few digits and `s`.
fn plain_seconds(text: &str) -> Option<u32> {
    let digits = text.strip_suffix('s').filter(|digits| (1..=9).contains(&digits.len()))?;
    digits.bytes().try_fold(0, |seconds, byte| byte.is_ascii_digit().then(|| seconds * 10 + u32::from(byte - b'0')))
}

/// The value of ASCII digits; `None` if it is too large.
fn number(digits: &str) -> Option<u64> {
    let add = |number: u64, digit: u8| number.checked_mul(10)?.checked_add(u64::from(digit - b'0'));
    digits.bytes().try_fold(0, add)
}

/// The ASCII digits at the start of a text, and the rest.
pub(super) fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> String {
        parse_duration(text).map_or_else(|fault| fault.message().to_owned(), Duration::canonical)
    }

    #[test]
    fn the_shortest_text_means_the_same() {
        for (text, expected) in [
            ("5s", "5s"),
            ("5.500s", "5.5s"),
            ("5.0s", "5s"),
            ("005s", "5s"),
            ("-1.25s", "-1.25s"),
            ("-0.5s", "-0.5s"),
            ("-0s", "0s"),
            ("0.000000001s", "0.000000001s"),
            ("315576000000.999999999s", "315576000000.999999999s"),
        ] {
            assert_eq!(canonical(text), expected, "{text}");
        }
    }

    #[test]
    fn each_fault_has_its_message() {
        for (texts, message) in [
            (&[""][..], "it is empty"),
            (&[" 5s"], "it has white space around it"),
            (&["+5s"], "it begins with `+`"),
            (&[".5s", "s", "-s", "PT5S"], "it does not begin with whole seconds"),
            (&["00:05", "00:05.5"], "it is a clock time, not seconds"),
            (&["5,5s"], "its decimal point is a comma"),
            (&["1.s"], "no digits follow the decimal point"),
            (&["1.0000000000s"], "more than 9 digits follow the decimal point"),
            (&["5", "5.5"], "its `s` is missing"),
            (&["5 s", "5ss", "5S", "500ms", "1m", "1-2s"], "it is not decimal seconds directly followed by `s`"),
            (
                &["315576000001s", "99999999999999999999999999999999999999999s"],
                "it is longer than 315,576,000,000 seconds",
            ),
        ] {
            for text in texts {
                assert_eq!(canonical(text), message, "{text}");
            }
        }
    }

    #[test]
    fn durations_are_ordered_by_value_not_by_text() {
        let seconds = |text| parse_duration(text).unwrap();
        assert!(seconds("9s") < seconds("10s"));
        assert_eq!(seconds("1.50s"), seconds("1.5s"));
        assert_eq!((seconds("10s") - seconds("9.5s")).canonical(), "0.5s");
        assert!(seconds("300.000000001s") - Duration::ZERO > Duration::from_seconds(300));
    }

    #[test]
    fn a_clock_shows_hours_only_when_there_are_some() {
        let clock = |text| parse_duration(text).unwrap().clock();
        assert_eq!(clock("65s"), "1:05");
        assert_eq!(clock("3723.5s"), "1:02:03.5");
        assert_eq!(clock("-7s"), "-0:07");
    }
}
