//! `tuning-ls serve`: starts the language server.

use crate::cli::command::{Outcome, Program, Run};
use clap::Args;
use std::io;

/// Run the language server over stdin and stdout
#[derive(Debug, Args)]
pub struct ServeArguments {
    /// Accepted for compatibility; the server always uses stdin and stdout
    #[arg(long)]
    pub stdio: bool,
}

impl Run for ServeArguments {
    fn run(&self, program: &mut Program<'_>) -> io::Result<Outcome> {
        (program.serve)()
    }
}
