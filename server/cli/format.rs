//! `tuning-ls format`: white space outside strings goes, and nothing else changes.

use crate::analysis::{Lines, Source};
use crate::cli::Outcome;
use crate::cli::fix;
use crate::cli::inputs::{InputArguments, Stop, sound};
use crate::disk::{Input, Reading, edited};
use crate::ide::format::format;
use clap::Args;
use std::io::{self, Write};

/// The arguments of the command.
#[derive(Args, Clone, Debug, Default)]
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

/// Formats files in place, and stdin to `out`; or says what would change.
///
/// # Errors
/// Only of writing to `out` or `problems`.
pub fn run(arguments: &FormatArguments, out: &mut impl Write, problems: &mut impl Write) -> io::Result<Outcome> {
    let found = arguments.inputs.find();
    let mut outcome = if found.problems.is_empty() { Outcome::Clean } else { Outcome::Failed };
    for problem in found.problems {
        writeln!(problems, "tuning-ls: {problem}")?;
    }
    for input in &found.inputs {
        match one(arguments, input, out) {
            Ok(of_one) => outcome = outcome.max(of_one),
            Err(Stop::Input(problem)) => {
                writeln!(problems, "tuning-ls: {problem}")?;
                outcome = Outcome::Failed;
            }
            Err(Stop::Output(error)) => return Err(error),
        }
    }
    out.flush()?;
    Ok(outcome)
}

fn one(arguments: &FormatArguments, input: &Input, out: &mut impl Write) -> Result<Outcome, Stop> {
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
