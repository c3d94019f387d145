//! `tuning-ls split-segments`: splits examples with long segments.

use crate::analysis::Analyst;
use crate::cli::command::{Outcome, Program, Run, fail};
use crate::cli::project::SettingsArguments;
use crate::cli::rewrite::RewriteArguments;
use crate::disk::check::analyze;
use crate::disk::{edited, media};
use crate::ide::fixes::{File, split_segments};
use crate::ide::split::Longest;
use crate::schema::scalar::{Duration, parse_duration};
use clap::Args;
use std::io;

/// Split videos and segments that are too long into pieces of equal length
///
/// Each piece becomes an example of its own. Its answer is a copy that begins with `<REVIEW>`: write the answer for the
/// piece, and remove the mark. `check` reports the marks that are left. Examples with several videos stay the same, and so do
/// those with a video whose end is unknown.
#[derive(Args, Debug)]
pub struct SplitArguments {
    #[command(flatten)]
    pub rewrite: RewriteArguments,
    /// The longest piece, such as 30s [default: the limit of the service for the resolution]
    #[arg(long, value_name = "DURATION", value_parser = length)]
    pub longest: Option<Duration>,
    #[command(flatten)]
    pub settings: SettingsArguments,
}

/// A duration that is longer than nothing, with or without its unit.
fn length(text: &str) -> Result<Duration, String> {
    let text = if text.ends_with(|last: char| last.is_ascii_digit()) { format!("{text}s") } else { text.to_owned() };
    let duration = parse_duration(&text).map_err(|fault| fault.message().to_owned())?;
    if duration <= Duration::ZERO { Err("expected a duration of more than 0 seconds".to_owned()) } else { Ok(duration) }
}

impl Run for SplitArguments {
    fn run(&self, program: &mut Program<'_>) -> io::Result<Outcome> {
        let mut projects = match self.settings.open(media::Options::default()) {
            Ok(projects) => projects,
            Err(problem) => return fail(program.problems, problem),
        };
        self.rewrite.run(program, |input, text| {
            let settings = self.settings.settings_of(&mut projects, input.path());
            let (lines, verdict) = analyze(text, &settings);
            let file = File { source: text, lines: &lines, verdict: &verdict };
            let mut analyst = Analyst::new(&settings);
            analyst.set_fallback(verdict.format);
            let shared = settings.shared(verdict.format).or(verdict.shared);
            let longest = self.longest.map_or(Longest::Limit(shared), Longest::This);
            edited::replacements(text, split_segments(&file, &mut analyst, longest))
        })
    }
}
