//! What a command reads, and how it is told when that cannot be done.

use crate::disk::files::{self, Found};
use crate::disk::input::sentence;
use crate::disk::{FileText, Input};
use clap::Args;
use std::io;
use std::path::PathBuf;

/// Why an input is not dealt with to the end.
#[derive(Debug)]
pub enum Stop {
    /// It cannot be read or written: a sentence for the user. The next one may do better.
    Input(String),
    /// Nothing can be printed any more.
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

/// The arguments that say what to read.
#[derive(Args, Clone, Debug, Default)]
pub struct InputArguments {
    /// Files, folders, patterns such as 'data/**/*.jsonl', or - for stdin; what ends in .gz is unpacked
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What stdin is called in the output
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<String>,
}

impl InputArguments {
    /// What they mean.
    #[must_use]
    pub fn find(&self) -> Found {
        files::find(&self.paths, self.stdin_filename.as_deref())
    }
}

/// That nothing went wrong when the text was read again.
///
/// # Errors
/// A sentence for the user.
pub fn sound(input: &Input, text: &FileText) -> Result<(), String> {
    text.problem().map_or(Ok(()), |problem| Err(format!("{}: {}", input.name(), sentence(problem))))
}
