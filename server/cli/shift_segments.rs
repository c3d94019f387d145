//! `tuning-ls shift-segments`: shifts segments and the times in answers after files were cut.

use crate::analysis::Analyst;
use crate::cli::command::{Outcome, Program, Run, fail, tell};
use crate::cli::project::SettingsArguments;
use crate::cli::rewrite::RewriteArguments;
use crate::disk::check::analyze;
use crate::disk::{Input, edited, media};
use crate::ide::edits::apply_fixes;
use crate::ide::fixes::{File, Rewritten, rewrite_records};
use crate::ide::shift::{Times, shift};
use crate::json::lexer::quote;
use crate::schema::scalar::{Duration, parse_duration, repair_duration};
use clap::{Args, ValueEnum};
use globset::{Glob, GlobMatcher};
use std::cell::Cell;
use std::io;

/// Shift video segments and the times in answers, after files were cut
///
/// If you removed the first 12 seconds of a file, shift by -12s. The offsets of segments are shifted, and times in the answer
/// that count from the start of the file. Everything else stays as it is, including how each time is written. An example
/// stays the same if a time would be negative, or if it is unclear what its times count from: it is listed on stderr, and
/// the exit code is 1.
#[derive(Args, Debug)]
pub struct ShiftArguments {
    #[command(flatten)]
    pub rewrite: RewriteArguments,
    /// The time to add, such as 3.5s, -12s or -1:30
    #[arg(long, value_name = "DURATION", value_parser = signed, allow_hyphen_values = true)]
    pub by: Duration,
    /// Only shift examples for media files whose location matches this pattern, such as 'gs://bucket/match-*.mp4'
    #[arg(long, value_name = "PATTERN", value_parser = Glob::new)]
    pub uri: Option<Glob>,
    #[command(flatten)]
    pub times: TimesArguments,
    #[command(flatten)]
    pub settings: SettingsArguments,
}

#[derive(Args, Clone, Copy, Debug)]
pub struct TimesArguments {
    /// Which times in answers to shift
    #[arg(long, value_name = "WHICH", default_value = "auto")]
    pub times: Which,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Which {
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
            Which::Auto => Times::Auto,
            Which::Keep => Times::Keep,
            Which::Clock => Times::Clock,
            Which::All => Times::All,
        }
    }
}

/// A duration that may be negative.
fn signed(text: &str) -> Result<Duration, String> {
    let size = unsigned(text.strip_prefix(['+', '-']).unwrap_or(text))?;
    Ok(if text.starts_with('-') { Duration::ZERO - size } else { size })
}

/// A duration without a sign: seconds, with units, or as a clock shows it.
pub fn unsigned(text: &str) -> Result<Duration, String> {
    let text = Some(text).filter(|text| !text.trim_start().starts_with(['+', '-']));
    let read = text.and_then(|text| repair_duration(&quote(text))).and_then(|(text, _)| parse_duration(&text).ok());
    read.ok_or_else(|| "expected a duration such as `90s`, `1m30s` or `1:30`".to_owned())
}

/// The messages about examples that stay the same.
pub fn refusals(input: &Input, rewritten: &Rewritten) -> Vec<String> {
    let message = |(line, reason): &(usize, _)| format!("{}:{}: skipped: {reason}", input.name(), line + 1);
    rewritten.refused.iter().map(message).collect()
}

impl Run for ShiftArguments {
    fn run(&self, program: &mut Program<'_>) -> io::Result<Outcome> {
        let mut projects = match self.settings.open(media::Options::default()) {
            Ok(projects) => projects,
            Err(problem) => return fail(program.problems, problem),
        };
        let pattern = self.uri.as_ref().map(Glob::compile_matcher);
        // None until a location is asked about.
        let has_matched = Cell::new(None);
        let is_wanted = |location: Option<&str>| {
            let matches = |pattern: &GlobMatcher| location.is_some_and(|location| pattern.is_match(location));
            let wanted = pattern.as_ref().is_none_or(matches);
            has_matched.set(Some(has_matched.get() == Some(true) || wanted));
            wanted
        };
        let mut refused = Vec::new();
        let outcome = self.rewrite.run(program, |input, text| {
            let settings = self.settings.settings_of(&mut projects, input.path());
            let (lines, verdict) = analyze(text, &settings);
            let file = File { source: text, lines: &lines, verdict: &verdict };
            let mut analyst = Analyst::new(&settings);
            analyst.set_fallback(verdict.format);
            let rewritten = rewrite_records(&file, &mut analyst, |text, analyst| {
                let edits = shift(text, self.by, self.times.which(), is_wanted, analyst)?;
                Ok(apply_fixes(text, &[&edits], |_| true))
            });
            refused.extend(refusals(input, &rewritten));
            edited::replacements(text, rewritten.edits)
        })?;
        for message in &refused {
            tell(program.problems, format_args!("warning: {message}"))?;
        }
        let matches_nothing = has_matched.get() == Some(false);
        if matches_nothing {
            tell(program.problems, "warning: no file that an example uses matches `--uri`")?;
        }
        Ok(if refused.is_empty() && !matches_nothing { outcome } else { outcome.max(Outcome::Findings) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_may_have_one_sign() {
        for (text, millis) in
            [("12", 12_000), ("+3.5s", 3500), ("-12s", -12_000), ("-1:30", -90_000), ("1m30s", 90_000)]
        {
            assert_eq!(signed(text), Ok(Duration::from_nanos(millis * 1_000_000).unwrap()), "{text}");
        }
        for text in ["", "-", "--1s", "-+1s", "- 1x", "s"] {
            assert!(signed(text).is_err(), "{text}");
        }
    }
}
