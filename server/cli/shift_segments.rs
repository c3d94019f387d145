//! `tuning-ls shift-segments`: shifts segments and the times in answers after files were cut.

use crate::analysis::Analyst;
use crate::cli::command::{Outcome, Program, Run, fail, tell};
use crate::cli::project::SettingsArguments;
use crate::cli::rewrite::RewriteArguments;
use crate::cli::segments::{TimesArguments, refusals, signed_duration};
use crate::disk::check::analyze;
use crate::disk::{edited, media};
use crate::ide::edits::apply_fixes;
use crate::ide::fixes::{File, rewrite_records};
use crate::ide::shift::shift;
use crate::schema::scalar::Duration;
use clap::Args;
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
    #[arg(long, value_name = "DURATION", value_parser = signed_duration, allow_hyphen_values = true)]
    pub by: Duration,
    /// Only shift examples for media files whose location matches this pattern, such as 'gs://bucket/match-*.mp4'
    #[arg(long, value_name = "PATTERN", value_parser = Glob::new)]
    pub uri: Option<Glob>,
    #[command(flatten)]
    pub times: TimesArguments,
    #[command(flatten)]
    pub settings: SettingsArguments,
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
