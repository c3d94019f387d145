//! `tuning-ls format`: white space outside strings goes, and nothing else changes.

use crate::analysis::{Lines, Source};
use crate::cli::command::{Outcome, Program, Run};
use crate::cli::fix;
use crate::cli::inputs::{InputArguments, Stop, sound};
use crate::disk::{Input, Reading, edited};
use crate::ide::format::format;
use clap::Args;
use std::io::{self, Write};

/// Removes white space outside strings, and changes nothing else
///
/// Keys, values, their text, records and lines stay. Records with errors of grammar are left alone.
#[derive(Args, Debug)]
pub struct FormatArguments {
    /// What to format
    #[command(flatten)]
    pub inputs: InputArguments,
    /// Only list the files that would change, and fail if there are any
    #[arg(long)]
    pub check: bool,
    /// Print what would change, as a diff for `patch -p0`, and write nothing; fails if there is anything
    #[arg(long)]
    pub diff: bool,
}

impl Run for FormatArguments {
    fn run(&self, Program { out, problems, .. }: &mut Program<'_>) -> io::Result<Outcome> {
        let found = self.inputs.find();
        let mut outcome = if found.problems.is_empty() { Outcome::Clean } else { Outcome::Failed };
        for problem in found.problems {
            writeln!(problems, "tuning-ls: {problem}")?;
        }
        for input in &found.inputs {
            match one(self, input, out) {
                Ok(of_one) => outcome = outcome.max(of_one),
                Err(Stop::Input(problem)) => {
                    writeln!(problems, "tuning-ls: {problem}")?;
                    outcome = Outcome::Failed;
                }
                Err(Stop::Output(error)) => return Err(error),
            }
        }
        Ok(outcome)
    }
}

fn one(arguments: &FormatArguments, input: &Input, out: &mut dyn Write) -> Result<Outcome, Stop> {
    let text = input.read(&Reading::TO_WRITE)?;
    let edits = format(&text, &Lines::new(&text), 0..text.line_count());
    let changes = edited::replacements(&text, edits);
    sound(input, &text)?;
    if arguments.diff {
        return fix::show(input, &text, &changes, out);
    }
    if !arguments.check {
        fix::make(input, text, &changes, out)?;
        return Ok(Outcome::Clean);
    }
    if changes.is_empty() {
        return Ok(Outcome::Clean);
    }
    writeln!(out, "{}", input.name())?;
    Ok(Outcome::Findings)
}
