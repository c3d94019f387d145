//! `tuning-ls completions`: scripts that make shells complete the command line.

use crate::cli::command::{Outcome, Program, Run};
use clap::Args;
use clap_complete::Shell;
use std::io;

/// Prints a script that makes a shell complete the commands and options
///
/// In bash: source <(tuning-ls completions bash). In zsh, write it to a file _tuning-ls in a folder of
/// $fpath; in fish, to ~/.config/fish/completions/tuning-ls.fish.
#[derive(Debug, Args)]
pub struct CompletionsArguments {
    /// The shell
    pub shell: Shell,
}

impl Run for CompletionsArguments {
    fn run(&self, program: &mut Program<'_>) -> io::Result<Outcome> {
        // The generator ends the process when it cannot write; a string can always be written.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut (program.command_line)(), "tuning-ls", &mut script);
        program.out.write_all(&script)?;
        Ok(Outcome::Clean)
    }
}
