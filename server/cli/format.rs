//! `tuning-ls format`: removes white space outside strings and changes nothing else.

use crate::analysis::{Lines, Source};
use crate::cli::command::{Outcome, Program, Run};
use crate::cli::fix;
use crate::cli::inputs::{InputArguments, Stop, sound};
use crate::disk::{Input, Reading, edited};
use crate::ide::format::format;
use clap::Args;
use std::io::{self, Write};

/// Remove white space outside strings, and change nothing else
///
/// Keys, values, their text, records and lines stay the same. Records with syntax errors are left alone.
#[derive(Args, Debug)]
pub struct FormatArguments {
    #[command(flatten)]
    pub inputs: InputArguments,
    /// Only list the files that would change; exit with 1 if there are any
    #[arg(long)]
    pub check: bool,
    /// Print the changes as a diff for `patch -p0` and write nothing; exit with 1 if there are any
    #[arg(long)]
    pub diff: bool,
}

impl Run for FormatArguments {
    fn run(&self, Program { out, problems, .. }: &mut Program<'_>) -> io::Result<Outcome> {
        self.inputs.each(*problems, |input| self.one(input, *out))
    }
}

impl FormatArguments {
    fn one(&self, input: &Input, out: &mut dyn Write) -> Result<Outcome, Stop> {
        let text = input.read(&Reading::TO_WRITE)?;
        let edits = format(&text, &Lines::new(&text), 0..text.line_count());
        let changes = edited::replacements(&text, edits);
        sound(input, &text)?;
        if self.diff {
            return fix::show(input, &text, &changes, out);
        }
        if !self.check {
            fix::make(input, text, &changes, out)?;
        } else if !changes.is_empty() {
            writeln!(out, "{}", input.name())?;
            return Ok(Outcome::Findings);
        }
        Ok(Outcome::Clean)
    }
}
