//! Commands that rewrite files: they write the new text, list the files that would change, or show a diff.

use crate::cli::command::{Outcome, Program};
use crate::cli::destination::{Color, Destination};
use crate::cli::fix;
use crate::cli::inputs::{InputArguments, Stop, sound};
use crate::cli::output::printable::printable;
use crate::disk::edited::Replacement;
use crate::disk::{FileText, Input, Reading};
use clap::Args;
use std::io::{self, Write};

#[derive(Args, Debug)]
pub struct RewriteArguments {
    #[command(flatten)]
    pub inputs: InputArguments,
    /// Only list the files that would change; exit with 1 if there are any
    #[arg(long)]
    pub check: bool,
    /// Print the changes as a diff for `patch -p0` and write nothing; exit with 1 if there are any
    #[arg(long)]
    pub diff: bool,
}

impl RewriteArguments {
    /// Reads each input, and makes, lists or shows the `changes` of its text.
    pub fn run(
        &self,
        Program { out, problems, .. }: &mut Program<'_>,
        mut changes: impl FnMut(&Input, &FileText) -> Vec<Replacement>,
    ) -> io::Result<Outcome> {
        let mut read = |input: &Input| {
            let text = input.read(&Reading::TO_WRITE)?;
            let changes = changes(input, &text);
            sound(input, &text)?;
            Ok::<_, Stop>((text, changes))
        };
        if self.diff {
            let mut destination = Destination::open(None, Color::Auto)?;
            let outcome = self.inputs.each(*problems, |input| {
                let (text, changes) = read(input)?;
                fix::show(input, &text, &changes, &mut destination)
            })?;
            destination.finish()?;
            return Ok(outcome);
        }
        self.inputs.each(*problems, |input| {
            let (text, changes) = read(input)?;
            if !self.check {
                fix::make(input, text, &changes, *out)?;
            } else if !changes.is_empty() {
                writeln!(out, "{}", printable(&input.name()))?;
                return Ok(Outcome::Findings);
            }
            Ok(Outcome::Clean)
        })
    }
}
