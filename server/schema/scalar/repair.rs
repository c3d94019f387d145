//! The meaning of an offset in another form than decimal seconds and `s`.
//!
//! All arithmetic is on the digits as written, never on floats, so that a repair is exact.

use super::duration::{Duration, SECOND, digits};
use crate::json::lexer;

/// The canonical text of the duration that a JSON value means (`0.5s` for `500ms`), and whether that is certain; clock
/// times and decimal commas are only good guesses.
///
/// `raw` is the JSON text of the value: a string with its quotes, a number, or an object of `seconds` and `nanos`.
/// `None` if its meaning is unclear, has more than nine decimals or is out of range.
#[must_use]
pub fn repair_duration(raw: &str) -> Option<(String, bool)> {
    let raw = raw.trim();
    let (nanos, safe) = if raw.starts_with('{') {
        (object(raw)?, true)
    } else if raw.starts_with('"') {
        understand(&lexer::decode(raw, raw.contains('\\')))?
    } else if let Some(nanos) = exponent_number(raw) {
        (nanos, true)
    } else {
        understand(raw)?
    };
    Some((Duration::from_nanos(nanos)?.canonical(), safe))
}

/// The meaning of a string in nanoseconds, and whether that is certain.
fn understand(text: &str) -> Option<(i128, bool)> {
    let text = text.trim();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest.trim_start()),
        None => (1, text.strip_prefix('+').unwrap_or(text).trim_start()),
    };
    let (nanos, safe) = if text.contains(':') {
        (clock(text)?, false)
    } else if let Some(rest) = text.strip_prefix(['P', 'p']) {
        (iso8601(&rest.to_ascii_lowercase())?, true)
    } else {
        units(text)?
    };
    Some((sign * nanos, safe))
}

/// A decimal number as written.
struct Decimal<'a> {
    whole: &'a str,
    fraction: &'a str,
    comma: bool,
}

impl<'a> Decimal<'a> {
    /// The number at the start of a text, and the rest. `.5` and `5.` are numbers here.
    fn take(text: &'a str) -> Option<(Self, &'a str)> {
        let (whole, rest) = digits(text);
        let comma = rest.starts_with(',');
        let (fraction, rest) = rest.strip_prefix(['.', ',']).map_or(("", rest), digits);
        let number = !whole.is_empty() || !fraction.is_empty();
        let odd_comma = comma && (whole.is_empty() || fraction.is_empty());
        (number && !odd_comma).then_some((Self { whole, fraction, comma }, rest))
    }

    /// This many units of `unit` nanoseconds; `None` if that is not a whole number of nanoseconds.
    fn times(&self, unit: i128) -> Option<i128> {
        if self.fraction.len() > 9 {
            return None;
        }
        let number: i128 = format!("{}{}", self.whole, self.fraction).parse().ok()?;
        divide(number.checked_mul(unit)?, 10_i128.checked_pow(u32::try_from(self.fraction.len()).ok()?)?)
    }
}

/// Divides, if there is no remainder.
fn divide(number: i128, by: i128) -> Option<i128> {
    (number % by == 0).then(|| number / by)
}

/// Numbers with units, largest first: `5`, `5sec`, `1h 30m`, `500 ms`. A number without a unit is seconds.
fn units(text: &str) -> Option<(i128, bool)> {
    let (mut sum, mut last, mut comma) = (0_i128, i128::MAX, false);
    let mut rest = text;
    while !rest.is_empty() {
        let (number, after) = Decimal::take(rest)?;
        // `1,000s` may be a thousand seconds or one.
        if number.comma && number.fraction.len() == 3 {
            return None;
        }
        let after = after.trim_start();
        let (name, after) = after.split_at(after.bytes().take_while(u8::is_ascii_alphabetic).count());
        let unit = if name.is_empty() && last == i128::MAX && after.is_empty() { SECOND } else { unit(name)? };
        if unit >= last {
            return None;
        }
        sum = sum.checked_add(number.times(unit)?)?;
        comma |= number.comma;
        last = unit;
        rest = after.trim_start();
    }
    (last != i128::MAX).then_some((sum, !comma))
}

/// The nanoseconds of a unit.
fn unit(name: &str) -> Option<i128> {
    // A single capital M may be a minute, a month or a million.
    if name == "M" {
        return None;
    }
    match name.to_ascii_lowercase().as_str() {
        "h" | "hr" | "hrs" | "hour" | "hours" => Some(3600 * SECOND),
        "m" | "min" | "mins" | "minute" | "minutes" => Some(60 * SECOND),
        "s" | "sec" | "secs" | "second" | "seconds" => Some(SECOND),
        "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => Some(1_000_000),
        "us" | "usec" | "microsecond" | "microseconds" => Some(1_000),
        "ns" | "nanosecond" | "nanoseconds" => Some(1),
        _ => None,
    }
}

/// An ISO 8601 duration without its `p`, in lower case; years and months have no fixed length.
fn iso8601(text: &str) -> Option<i128> {
    let (date, time) = match text.split_once('t') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let day = 86_400 * SECOND;
    let days = iso_sum(date, &[('w', 7 * day), ('d', day)])?;
    match time {
        Some(time) if !time.is_empty() => {
            days.checked_add(iso_sum(time, &[('h', 3600 * SECOND), ('m', 60 * SECOND), ('s', SECOND)])?)
        }
        None if !date.is_empty() => Some(days),
        _ => None,
    }
}

fn iso_sum(mut text: &str, units: &[(char, i128)]) -> Option<i128> {
    let mut sum = 0_i128;
    let mut units = units.iter();
    while !text.is_empty() {
        let (number, after) = Decimal::take(text)?;
        let letter = after.chars().next()?;
        // The search continues in the same iterator, so the parts must be in order.
        let (_, unit) = units.find(|(name, _)| *name == letter)?;
        sum = sum.checked_add(number.times(*unit)?)?;
        text = &after[letter.len_utf8()..];
    }
    Some(sum)
}

/// `MM:SS` or `H:MM:SS`, with decimals after a point or (as in subtitles) a comma.
fn clock(text: &str) -> Option<i128> {
    let parts: Vec<&str> = text.split(':').collect();
    let (hours, minutes, seconds) = match parts[..] {
        [minutes, seconds] => ("0", minutes, seconds),
        [hours, minutes, seconds] if is_sixtieth(minutes) => (hours, minutes, seconds),
        _ => return None,
    };
    let (seconds, after) = Decimal::take(seconds)?;
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !after.is_empty() || !is_sixtieth(seconds.whole) || !all_digits(hours) || !all_digits(minutes) {
        return None;
    }
    let whole = |text: &str, unit: i128| text.parse::<i128>().ok()?.checked_mul(unit);
    whole(hours, 3600 * SECOND)?.checked_add(whole(minutes, 60 * SECOND)?)?.checked_add(seconds.times(SECOND)?)
}

/// Whether it is a number below 60 of one or two digits.
fn is_sixtieth(text: &str) -> bool {
    (1..=2).contains(&text.len()) && digits(text).1.is_empty() && text.parse::<u8>().is_ok_and(|number| number < 60)
}

/// The seconds of a JSON number with an exponent, such as `1.5e1`.
fn exponent_number(raw: &str) -> Option<i128> {
    let (sign, text) = raw.strip_prefix('-').map_or((1, raw), |rest| (-1, rest));
    let (number, exponent) = text.split_once(['e', 'E'])?;
    let (number, after) = Decimal::take(number)?;
    let exponent: i32 = exponent.parse().ok()?;
    if !after.is_empty() || number.comma || exponent.abs() > 30 {
        return None;
    }
    let seconds = number.times(10_i128.pow(9))?;
    let power = 10_i128.checked_pow(exponent.unsigned_abs())?;
    let nanos = if exponent < 0 { divide(seconds, power) } else { seconds.checked_mul(power) };
    nanos.map(|nanos| sign * nanos)
}

/// `{"seconds": 5, "nanos": 500000000}`, as the inference reference shows it; either may be absent.
///
/// The object is flat and its keys are known, so splitting at the separators is enough.
fn object(raw: &str) -> Option<i128> {
    let inside = raw.strip_prefix('{')?.strip_suffix('}')?;
    let (mut seconds, mut nanos) = (None, None);
    for member in inside.split(',') {
        let (key, value) = member.split_once(':')?;
        let (sign, value) = match unquoted(value).strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, unquoted(value)),
        };
        let (number, after) = Decimal::take(value)?;
        let (slot, unit) = match unquoted(key) {
            "seconds" => (&mut seconds, SECOND),
            "nanos" => (&mut nanos, 1),
            _ => return None,
        };
        if !after.is_empty() || slot.replace(sign * number.times(unit)?).is_some() {
            return None;
        }
    }
    let (seconds, nanos): (i128, i128) = (seconds.unwrap_or(0), nanos.unwrap_or(0));
    let opposite = seconds.signum() * nanos.signum() < 0;
    if nanos.abs() >= SECOND || opposite {
        return None;
    }
    seconds.checked_add(nanos)
}

/// A key or value of that object without the white space and quotes around it.
fn unquoted(text: &str) -> &str {
    text.trim().trim_matches('"').trim()
}

#[cfg(test)]
mod tests {
    use super::repair_duration;

    #[test]
    fn forms_with_one_meaning_are_repaired_safely() {
        for (raw, expected) in [
            ("5", "5s"),
            ("1.5", "1.5s"),
            ("0", "0s"),
            ("1e1", "10s"),
            ("1.5e-1", "0.15s"),
            ("\"5\"", "5s"),
            ("\"5sec\"", "5s"),
            ("\"5 s\"", "5s"),
            ("\" 5s \"", "5s"),
            ("\"5S\"", "5s"),
            ("\"+5s\"", "5s"),
            ("\".5s\"", "0.5s"),
            ("\"5.s\"", "5s"),
            ("\"500ms\"", "0.5s"),
            ("\"1m\"", "60s"),
            ("\"1.5m\"", "90s"),
            ("\"1h\"", "3600s"),
            ("\"1m30s\"", "90s"),
            ("\"1 h 2 min 3 sec\"", "3723s"),
            ("\"5 seconds\"", "5s"),
            ("\"90sec\"", "90s"),
            ("\"PT5S\"", "5s"),
            ("\"PT1M30S\"", "90s"),
            ("\"PT0.5S\"", "0.5s"),
            ("\"PT1,500S\"", "1.5s"),
            ("\"P1DT1H\"", "90000s"),
            ("{\"seconds\":5}", "5s"),
            ("{ \"seconds\": \"5\", \"nanos\": 500000000 }", "5.5s"),
            ("{\"nanos\":500000000}", "0.5s"),
            ("{\"seconds\":12.5}", "12.5s"),
            ("\"-5\"", "-5s"),
            ("-5", "-5s"),
            ("{\"seconds\":-1,\"nanos\":-500000000}", "-1.5s"),
            ("\"5.500s\"", "5.5s"),
            (".5", "0.5s"),
            ("\"\\u0035 s\"", "5s"),
        ] {
            assert_eq!(repair_duration(raw), Some((expected.to_owned(), true)), "{raw}");
        }
    }

    #[test]
    fn clocks_and_decimal_commas_are_only_suggested() {
        for (raw, expected) in [
            ("\"00:05\"", "5s"),
            ("\"1:02:03\"", "3723s"),
            ("\"00:05.5\"", "5.5s"),
            ("\"00:00:05,500\"", "5.5s"),
            ("\"90:00\"", "5400s"),
            ("\"5,5s\"", "5.5s"),
            ("\"-00:05\"", "-5s"),
        ] {
            assert_eq!(repair_duration(raw), Some((expected.to_owned(), false)), "{raw}");
        }
    }

    #[test]
    fn what_is_unclear_or_inexact_is_left_alone() {
        for raw in [
            "\"\"",
            "\"s\"",
            "\"-\"",
            "\"abc\"",
            "\"1,000s\"",
            "\"1M\"",
            "\"30s1m\"",
            "\"1m30\"",
            "\"P1M\"",
            "\"P\"",
            "\"PT\"",
            "\"PT5S1M\"",
            "\"1:2:3:4\"",
            "\"00:65\"",
            "\"1:75:00\"",
            "\"00:05:\"",
            "\"0.1234567890s\"",
            "\"0.0000000001m\"",
            "0.30000000000000004",
            "1e400",
            "1e12",
            "\"315576000001s\"",
            "{}",
            "{\"seconds\":1,\"nanos\":1000000000}",
            "{\"seconds\":1,\"nanos\":-1}",
            "{\"seconds\":1,\"seconds\":2}",
            "{\"minutes\":1}",
            "{\"seconds\":{\"seconds\":1}}",
            "null",
            "true",
            "[5]",
            "\"99999999999999999999999999999999999999999999\"",
            "\"99999999999999999999999999999999999999h\"",
        ] {
            assert_eq!(repair_duration(raw), None, "{raw}");
        }
    }
}
