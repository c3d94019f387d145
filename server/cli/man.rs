//! `tuning-ls man`: manual pages.

use crate::cli::command::{Outcome, Program, Run, fail};
use clap::Args;
use std::io;

/// Print the manual page of a command, or of the program
///
/// To read one, run: tuning-ls man check | man -l -. Packages put them where man finds them.
#[derive(Debug, Args)]
pub struct ManArguments {
    /// The command
    pub command: Option<String>,
}

impl Run for ManArguments {
    fn run(&self, program: &mut Program<'_>) -> io::Result<Outcome> {
        let mut commands = (program.command_line)().disable_help_subcommand(true);
        // The pages of commands name the program, too.
        commands.build();
        let command = match &self.command {
            None => Some(&commands),
            Some(name) => commands.find_subcommand(name),
        };
        let Some(command) = command else {
            return fail(program.problems, "there is no such command; `tuning-ls help` lists them");
        };
        let page = clap_mangen::Man::new(command.clone()).source(concat!("tuning-ls ", env!("CARGO_PKG_VERSION")));
        page.render(program.out)?;
        Ok(Outcome::Clean)
    }
}
