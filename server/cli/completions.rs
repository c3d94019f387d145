//! `tuning-ls completions`: scripts that make shells complete the command line.

use crate::cli::Outcome;
use crate::cli::arguments::Arguments;
use clap::CommandFactory;
use clap_complete::Shell;
use std::io::{self, Write};

/// Prints the script for `shell` to `out`.
///
/// # Errors
/// Only of writing.
pub fn run(shell: Shell, out: &mut impl Write) -> io::Result<Outcome> {
    // The generator ends the process when it cannot write; a string can always be written.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "tuning-ls", &mut script);
    out.write_all(&script)?;
    out.flush()?;
    Ok(Outcome::Clean)
}
