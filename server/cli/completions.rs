//! `tuning-ls completions`: shell completion scripts.

use crate::cli::command::{Outcome, Program, Run};
use clap::Args;
use clap_complete::Shell;
use std::io;

/// Print a script that makes a shell complete commands and options
///
/// In bash, run: source <(tuning-ls completions bash). In zsh, write the script to a file _tuning-ls in a folder of
/// $fpath; in fish, to ~/.config/fish/completions/tuning-ls.fish.
#[derive(Debug, Args)]
pub struct CompletionsArguments {
    /// The shell
    pub shell: Shell,
}

impl Run for CompletionsArguments {
    fn run(&self, program: &mut Program<'_>) -> io::Result<Outcome> {
        // The generator panics when it can't write, so let it write to memory.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut (program.command_line)(), "tuning-ls", &mut script);
        program.out.write_all(&script)?;
        Ok(Outcome::Clean)
    }
}
