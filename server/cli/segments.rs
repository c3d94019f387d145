//! What the commands for segments share: durations and `--times` as arguments, and messages about examples that are skipped.

use crate::disk::Input;
use crate::ide::fixes::Rewritten;
use crate::ide::shift::Times;
use crate::json::lexer::quote;
use crate::schema::scalar::{Duration, parse_duration, repair_duration};
use clap::{Args, ValueEnum};

#[derive(Args, Clone, Copy, Debug)]
pub struct TimesArguments {
    /// Which times in answers to shift
    #[arg(long, value_name = "WHICH", default_value = "auto")]
    pub times: TimesToShift,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum TimesToShift {
    /// Decide for each example; skip it if it is unclear what its times count from
    Auto,
    /// None: they count from the start of the segment
    Keep,
    /// Those such as 1:05 and 0:01:05
    Clock,
    /// Also those such as 65s, and numbers in JSON whose keys name a time
    All,
}

impl TimesArguments {
    pub fn which(self) -> Times {
        match self.times {
            TimesToShift::Auto => Times::Auto,
            TimesToShift::Keep => Times::Keep,
            TimesToShift::Clock => Times::Clock,
            TimesToShift::All => Times::All,
        }
    }
}

/// A duration that may be negative.
pub fn signed_duration(text: &str) -> Result<Duration, String> {
    let size = duration(text.strip_prefix(['+', '-']).unwrap_or(text))?;
    Ok(if text.starts_with('-') { Duration::ZERO - size } else { size })
}

/// A duration without a sign: seconds, with units, or as a clock shows it.
pub fn duration(text: &str) -> Result<Duration, String> {
    let text = Some(text).filter(|text| !text.trim_start().starts_with(['+', '-']));
    let read = text.and_then(|text| repair_duration(&quote(text))).and_then(|(text, _)| parse_duration(&text).ok());
    read.ok_or_else(|| "expected a duration such as `90s`, `1m30s` or `1:30`".to_owned())
}

/// The messages about examples that are skipped.
pub fn refusals(input: &Input, rewritten: &Rewritten) -> Vec<String> {
    let message = |(line, reason): &(usize, _)| format!("{}:{}: skipped: {reason}", input.name(), line + 1);
    rewritten.refused.iter().map(message).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_may_have_one_sign() {
        for (text, millis) in
            [("12", 12_000), ("+3.5s", 3500), ("-12s", -12_000), ("-1:30", -90_000), ("1m30s", 90_000)]
        {
            assert_eq!(signed_duration(text), Ok(Duration::from_nanos(millis * 1_000_000).unwrap()), "{text}");
        }
        for text in ["", "-", "--1s", "-+1s", "- 1x", "s"] {
            assert!(signed_duration(text).is_err(), "{text}");
        }
    }
}
