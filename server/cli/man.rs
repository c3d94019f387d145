//! `tuning-ls man`: manual pages.

use crate::cli::command::{Outcome, Program, Run, fail};
use clap::Args;
use std::io;

/// Print the manual page of a command, or of the program
///
/// On Linux, this shows one: tuning-ls man check | man -l -. Packages install them where man finds them.
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
        let command = match self.command.as_deref() {
            None => &commands,
            Some(name) => match commands.find_subcommand(name) {
                Some(command) => command,
                None => {
                    let problem = format!("`{name}` is not a command; `tuning-ls help` lists all commands");
                    return fail(program.problems, problem);
                }
            },
        };
        let page = clap_mangen::Man::new(command.clone()).source(concat!("tuning-ls ", env!("CARGO_PKG_VERSION")));
        page.render(program.out)?;
        Ok(Outcome::Clean)
    }
}
