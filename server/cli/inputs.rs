//! The inputs of a command, and what happens when one can't be read.

use crate::cli::command::{Outcome, fail};
use crate::disk::files::{self, Found};
use crate::disk::input::sentence;
use crate::disk::{FileText, Input};
use clap::Args;
use std::io::{self, Write};
use std::path::PathBuf;

/// Why a command stops working on an input.
#[derive(Debug)]
pub enum Stop {
    /// A message about this input. The command continues with the next one.
    Input(String),
    Output(io::Error),
}

impl From<String> for Stop {
    fn from(problem: String) -> Self {
        Self::Input(problem)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

#[derive(Args, Clone, Debug, Default)]
pub struct InputArguments {
    /// Files, folders, patterns such as 'data/**/*.jsonl', or - for stdin; .gz files are decompressed
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The name of stdin in the output
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<String>,
}

impl InputArguments {
    pub fn find(&self) -> Found {
        files::find(&self.paths, self.stdin_filename.as_deref())
    }

    /// Finds the inputs and calls `run` for each, and writes messages about those that can't be read to `problems`.
    pub fn each(
        &self,
        problems: &mut dyn Write,
        mut run: impl FnMut(&Input) -> Result<Outcome, Stop>,
    ) -> io::Result<Outcome> {
        let found = self.find();
        let mut outcome = Outcome::Clean;
        for problem in &found.problems {
            outcome = fail(problems, problem)?;
        }
        for input in &found.inputs {
            let next = match run(input) {
                Ok(next) => next,
                Err(Stop::Input(problem)) => fail(problems, problem)?,
                Err(Stop::Output(error)) => return Err(error),
            };
            outcome = outcome.max(next);
        }
        Ok(outcome)
    }
}

/// Fails with a message if reading the text failed at any time, or if a record is not part of the results.
pub fn sound(input: &Input, text: &FileText) -> Result<(), String> {
    was_read(input, text)?;
    text.omission().map_or(Ok(()), |omission| Err(format!("{}: {omission}", input.name())))
}

/// Fails with a message if reading the text failed at any time.
pub fn was_read(input: &Input, text: &FileText) -> Result<(), String> {
    text.problem().map_or(Ok(()), |problem| Err(format!("{}: {}", input.name(), sentence(problem))))
}
