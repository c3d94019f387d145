//! `tuning-ls serve`: the language server, which another room is.

use crate::cli::command::{Outcome, Program, Run};
use clap::Args;
use std::io;

/// Runs the language server over stdin and stdout
#[derive(Debug, Args)]
pub struct ServeArguments {
    /// Accepted for clients that pass it; there is no other way to talk
    #[arg(long)]
    pub stdio: bool,
}

impl Run for ServeArguments {
    fn run(&self, program: &mut Program<'_>) -> io::Result<Outcome> {
        (program.serve)()
    }
}
