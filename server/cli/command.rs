//! What a command is: it runs with what the program lends it, and ends with an exit code.

use std::io::{self, Write};

/// How a command ended: the exit code of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Nothing is wrong.
    Clean = 0,
    /// There are findings.
    Findings = 1,
    /// An argument or setting is wrong, or a file could not be read.
    Failed = 2,
}

/// What the program lends a command.
pub struct Program<'a> {
    /// The whole command line, with all commands.
    pub command_line: fn() -> clap::Command,
    /// Runs the language server.
    pub serve: fn() -> !,
    /// Where results go.
    pub out: &'a mut dyn Write,
    /// Where people read what went wrong.
    pub problems: &'a mut dyn Write,
}

/// The arguments of a command.
pub trait Run {
    /// Runs the command. What could not be read is said on `problems`.
    ///
    /// # Errors
    /// Only of writing to `out` or `problems`.
    fn run(&self, program: &mut Program<'_>) -> io::Result<Outcome>;
}
