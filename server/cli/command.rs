//! What every command has in common: its environment and its exit code.

use crate::cli::output::printable::printable;
use std::fmt::Display;
use std::io::{self, Write};

/// The exit code of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Nothing is wrong.
    Clean = 0,
    /// There are findings.
    Findings = 1,
    /// An argument or setting is wrong, or a file can't be read.
    Failed = 2,
}

/// What the program provides to a command.
pub struct Program<'a> {
    /// The whole command line, with all commands.
    pub command_line: fn() -> clap::Command,
    /// Runs the language server.
    pub serve: fn() -> !,
    /// The output.
    pub out: &'a mut dyn Write,
    /// Messages about what went wrong.
    pub problems: &'a mut dyn Write,
}

/// The arguments of a command.
pub trait Run {
    /// Runs the command. Errors are only those of writing to `out` or `problems`; all others are messages on `problems`.
    fn run(&self, program: &mut Program<'_>) -> io::Result<Outcome>;
}

/// Writes a message about what went wrong, which begins as those about wrong arguments do.
pub fn fail(problems: &mut dyn Write, problem: impl Display) -> io::Result<Outcome> {
    tell(problems, format_args!("error: {problem}"))?;
    Ok(Outcome::Failed)
}

/// Writes a message on a line of its own, even if a name in it has a line break.
pub fn tell(problems: &mut dyn Write, message: impl Display) -> io::Result<()> {
    writeln!(problems, "{}", printable(&message.to_string()))
}
