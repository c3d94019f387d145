//! `tuning-ls split-segments`: splits examples with long segments.

use crate::analysis::Analyst;
use crate::cli::command::{Outcome, Program, Run, fail, tell};
use crate::cli::project::SettingsArguments;
use crate::cli::rewrite::RewriteArguments;
use crate::cli::segments::{duration, refusals};
use crate::disk::check::analyze;
use crate::disk::{edited, media};
use crate::ide::fixes::{File, split_segments};
use crate::ide::split::Longest;
use crate::schema::scalar::Duration;
use clap::Args;
use std::io;

/// Split videos and segments that are too long into pieces of equal length
///
/// Each piece becomes an example of its own. Its answer is a copy that begins with `<REVIEW>`: write the answer for the
/// piece, and remove the mark. `check` reports the marks that are left. Examples with several videos stay the same, and so do
/// those with a video whose end is unknown. An example that can't be split is listed on stderr, with the reason, and the exit
/// code is 1.
#[derive(Args, Debug)]
pub struct SplitArguments {
    #[command(flatten)]
    pub rewrite: RewriteArguments,
    /// The longest piece, such as 90s, 1m30s or 1:30 [default: the limit of the service for the resolution]
    #[arg(long, value_name = "DURATION", value_parser = length)]
    pub longest: Option<Duration>,
    #[command(flatten)]
    pub settings: SettingsArguments,
}

/// A duration of a millisecond or more: pieces are whole milliseconds.
fn length(text: &str) -> Result<Duration, String> {
    let length = duration(text)?;
    if length.nanos() < 1_000_000 { Err("expected a duration of at least 0.001s".to_owned()) } else { Ok(length) }
}

impl Run for SplitArguments {
    fn run(&self, program: &mut Program<'_>) -> io::Result<Outcome> {
        let mut projects = match self.settings.open(media::Options::default()) {
            Ok(projects) => projects,
            Err(problem) => return fail(program.problems, problem),
        };
        let mut refused = Vec::new();
        let outcome = self.rewrite.run(program, |input, text| {
            let settings = self.settings.settings_of(&mut projects, input.path());
            let (lines, verdict) = analyze(text, &settings);
            let file = File { source: text, lines: &lines, verdict: &verdict };
            let mut analyst = Analyst::new(&settings);
            analyst.set_fallback(verdict.format);
            let shared = settings.shared(verdict.format).or(verdict.shared);
            let longest = self.longest.map_or(Longest::Limit(shared), Longest::This);
            let rewritten = split_segments(&file, &mut analyst, longest);
            refused.extend(refusals(input, &rewritten));
            edited::replacements(text, rewritten.edits)
        })?;
        for message in &refused {
            tell(program.problems, format_args!("warning: {message}"))?;
        }
        Ok(if refused.is_empty() { outcome } else { outcome.max(Outcome::Findings) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_written_as_elsewhere() {
        for (text, seconds) in [("90s", 90), ("90", 90), ("1m", 60), ("1:30", 90), ("1m30s", 90), ("1h", 3600)] {
            assert_eq!(length(text), Ok(Duration::from_seconds(seconds)), "{text}");
        }
        assert_eq!(length("0.5"), Ok(Duration::from_nanos(500_000_000).unwrap()));
        for text in ["", "s", "-5s", "0", "0.9ms", "1:3x", "long", "{}"] {
            assert!(length(text).is_err(), "{text}");
        }
    }
}
