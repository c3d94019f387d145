//! `google.protobuf.Duration` in JSON: decimal seconds that end in `s`.
//!
//! Grammar and range: the ProtoJSON guide and `ParseDuration` of protobuf's C++ parser
//! (`protocolbuffers/protobuf` e712d276, 2026-08): `-?[0-9]+(\.[0-9]{1,9})?s`, whole seconds within
//! 315,576,000,000 either way.

use std::fmt;
use std::ops::Sub;

/// The most whole seconds either way: 10,000 years.
const MOST_SECONDS: i128 = 315_576_000_000;
/// Nanoseconds of a second.
pub(super) const SECOND: i128 = 1_000_000_000;

/// A length or a point of time, exact to the nanosecond.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Duration {
    nanos: i128,
}

impl Duration {
    /// No time at all.
    pub const ZERO: Duration = Duration { nanos: 0 };

    /// A whole number of seconds.
    #[must_use]
    pub fn from_seconds(seconds: u32) -> Self {
        Self { nanos: i128::from(seconds) * SECOND }
    }

    /// This many nanoseconds; `None` when out of the range of the type.
    #[must_use]
    pub fn from_nanos(nanos: i128) -> Option<Self> {
        ((nanos / SECOND).abs() <= MOST_SECONDS).then_some(Self { nanos })
    }

    /// All of it, in nanoseconds.
    #[must_use]
    pub fn nanos(self) -> i128 {
        self.nanos
    }

    /// The whole microseconds of it; `None` when it is less than zero.
    #[must_use]
    pub fn micros(self) -> Option<u64> {
        // Division of the wider number is slow, and hardly ever needed.
        match u64::try_from(self.nanos) {
            Ok(nanos) => Some(nanos / 1_000),
            Err(_) => u64::try_from(self.nanos / 1_000).ok().filter(|_| !self.is_negative()),
        }
    }

    /// The whole seconds of it, rounded toward zero.
    #[must_use]
    pub fn whole_seconds(self) -> i64 {
        i64::try_from(self.nanos / SECOND).unwrap_or(i64::MAX)
    }

    /// Whether it is less than zero; `-0s` is not, though it is written with a `-`.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.nanos < 0
    }

    /// The shortest text that means it: `5.500s` is `5.5s`.
    #[must_use]
    pub fn canonical(self) -> String {
        format!("{self}s")
    }

    /// As a clock shows it: `1:05`, `1:02:03`, `0:07.5`.
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

/// `.5` for half a second of nanoseconds; nothing for none.
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

/// Why a string is no duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DurationFault {
    /// Nothing in it.
    Empty,
    /// White space at either end.
    OuterSpace,
    /// It begins with `+`.
    PlusSign,
    /// No digit where the whole seconds belong: `.5s`, `s`, `abc`.
    NoWholeSeconds,
    /// A clock form such as `00:05`.
    Clock,
    /// A comma as decimal point: `5,5s`.
    DecimalComma,
    /// A point without digits behind it: `1.s`.
    NoFractionDigits,
    /// More than nine digits behind the point.
    TooManyFractionDigits,
    /// The unit is missing: `5`.
    NoUnit,
    /// Another unit than `s`, or more behind it: `5sec`, `500ms`, `5S`, `5ss`.
    OtherUnit,
    /// More than 10,000 years.
    OutOfRange,
}

impl DurationFault {
    /// The complaint, to be read after "is no duration: ".
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            DurationFault::Empty => "it is empty",
            DurationFault::OuterSpace => "it has white space around it",
            DurationFault::PlusSign => "it begins with `+`",
            DurationFault::NoWholeSeconds => "it does not begin with whole seconds",
            DurationFault::Clock => "it is a clock time, not seconds",
            DurationFault::DecimalComma => "its decimal point is a comma",
            DurationFault::NoFractionDigits => "its decimal point has no digits behind it",
            DurationFault::TooManyFractionDigits => "it has more than 9 digits behind the decimal point",
            DurationFault::NoUnit => "its `s` is missing",
            DurationFault::OtherUnit => "its unit is not `s`, directly behind the number and nothing more",
            DurationFault::OutOfRange => "it is longer than 315,576,000,000 seconds",
        }
    }
}

/// Reads the value of a JSON string as a duration, by the letter of the grammar.
///
/// # Errors
/// The first fault from the left. That a duration begins with `-` is none here; whoever cares
/// looks at the text, since `-0s` is zero.
pub fn parse_duration(text: &str) -> Result<Duration, DurationFault> {
    if let Some(seconds) = plain_seconds(text) {
        return Ok(Duration::from_seconds(seconds));
    }
    if text.is_empty() {
        return Err(DurationFault::Empty);
    }
    if text.trim().len() != text.len() {
        return Err(DurationFault::OuterSpace);
    }
    if text.starts_with('+') {
        return Err(DurationFault::PlusSign);
    }
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, rest) = digits(rest);
    if whole.is_empty() {
        return Err(DurationFault::NoWholeSeconds);
    }
    let pointed = rest.strip_prefix('.');
    let (fraction, rest) = pointed.map_or(("", rest), digits);
    if text.contains(':') {
        return Err(DurationFault::Clock);
    }
    if rest.strip_prefix(',').is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit())) {
        return Err(DurationFault::DecimalComma);
    }
    if pointed.is_some() && fraction.is_empty() {
        return Err(DurationFault::NoFractionDigits);
    }
    if fraction.len() > 9 {
        return Err(DurationFault::TooManyFractionDigits);
    }
    match rest {
        "s" => {}
        "" => return Err(DurationFault::NoUnit),
        _ => return Err(DurationFault::OtherUnit),
    }
    let seconds = number(whole).ok_or(DurationFault::OutOfRange)?;
    let missing = u32::try_from(9 - fraction.len()).unwrap_or(0);
    let nanos = number(fraction).unwrap_or(0) * 10u64.pow(missing);
    let nanos = i128::from(seconds) * SECOND + i128::from(nanos);
    Duration::from_nanos(if negative { -nanos } else { nanos }).ok_or(DurationFault::OutOfRange)
}

/// The seconds of a duration as nearly all are written: a few digits and `s`.
fn plain_seconds(text: &str) -> Option<u32> {
    let digits = text.strip_suffix('s').filter(|digits| (1..=9).contains(&digits.len()))?;
    digits.bytes().try_fold(0, |seconds, byte| byte.is_ascii_digit().then(|| seconds * 10 + u32::from(byte - b'0')))
}

/// The value of ASCII digits; `None` when it is too large for the type.
fn number(digits: &str) -> Option<u64> {
    let add = |number: u64, digit: u8| number.checked_mul(10)?.checked_add(u64::from(digit - b'0'));
    digits.bytes().try_fold(0, add)
}

/// The ASCII digits a text begins with, and what follows.
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
    fn each_fault_has_its_complaint() {
        use DurationFault as Fault;
        for (text, fault) in [
            ("", Fault::Empty),
            (" 5s", Fault::OuterSpace),
            ("+5s", Fault::PlusSign),
            (".5s", Fault::NoWholeSeconds),
            ("s", Fault::NoWholeSeconds),
            ("-s", Fault::NoWholeSeconds),
            ("PT5S", Fault::NoWholeSeconds),
            ("00:05", Fault::Clock),
            ("00:05.5", Fault::Clock),
            ("5,5s", Fault::DecimalComma),
            ("1.s", Fault::NoFractionDigits),
            ("1.0000000000s", Fault::TooManyFractionDigits),
            ("5", Fault::NoUnit),
            ("5.5", Fault::NoUnit),
            ("5 s", Fault::OtherUnit),
            ("5ss", Fault::OtherUnit),
            ("5S", Fault::OtherUnit),
            ("500ms", Fault::OtherUnit),
            ("1m", Fault::OtherUnit),
            ("1-2s", Fault::OtherUnit),
            ("315576000001s", Fault::OutOfRange),
            ("99999999999999999999999999999999999999999s", Fault::OutOfRange),
        ] {
            assert_eq!(parse_duration(text), Err(fault), "{text}");
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
