//! `tuning-ls normalize`: applies safe fixes, and writes every example in its canonical form.

use crate::cli::command::{Outcome, Program, Run, fail, tell};
use crate::cli::project::SettingsArguments;
use crate::cli::rewrite::RewriteArguments;
use crate::disk::media;
use crate::disk::repair::normalize;
use clap::Args;
use std::io;

/// Apply safe fixes, and write every example in its canonical form
///
/// Lines lose white space outside strings; known keys get their documented names and the order of the documentation; each
/// offset is written as the shortest decimal. Examples that differ only in these ways become equal. Values, texts, escapes
/// and the order of other keys stay the same. Records with syntax errors that no safe fix repairs stay as they are.
#[derive(Args, Debug)]
pub struct NormalizeArguments {
    #[command(flatten)]
    pub rewrite: RewriteArguments,
    #[command(flatten)]
    pub settings: SettingsArguments,
}

impl Run for NormalizeArguments {
    fn run(&self, program: &mut Program<'_>) -> io::Result<Outcome> {
        let mut projects = match self.settings.open(media::Options::default()) {
            Ok(projects) => projects,
            Err(problem) => return fail(program.problems, problem),
        };
        let mut skipped = Vec::new();
        let outcome = self.rewrite.run(program, |input, text| {
            let settings = self.settings.settings_of(&mut projects, input.path());
            normalize(text, &settings).unwrap_or_else(|why| {
                skipped.push(format!("{}: not changed: {why}", input.name()));
                Vec::new()
            })
        })?;
        skipped.iter().try_for_each(|note| tell(program.problems, note))?;
        Ok(outcome)
    }
}
