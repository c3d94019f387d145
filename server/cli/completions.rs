//! `tuning-ls completions`: shell completion scripts.

use crate::cli::command::{Outcome, Program, Run};
use clap::{Args, Command};
use clap_complete::Shell;
use std::io;

/// Print a script that makes a shell complete commands, options and rule codes
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
        let mut commands = (program.command_line)();
        clap_complete::generate(self.shell, &mut commands, "tuning-ls", &mut script);
        let mut script = String::from_utf8_lossy(&script).into_owned();
        if self.shell == Shell::Bash {
            complete_lists(&mut script, &commands);
        }
        program.out.write_all(script.as_bytes())?;
        Ok(Outcome::Clean)
    }
}

/// Makes bash complete the last item of a list with commas. The generator takes the whole list for one value.
fn complete_lists(script: &mut String, commands: &Command) {
    let arguments = commands.get_subcommands().flat_map(Command::get_arguments);
    for list in arguments.filter(|argument| argument.get_value_delimiter() == Some(',')) {
        let values: Vec<_> = list.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
        let values = values.join(" ");
        let whole = format!(r#"compgen -W "{values}" -- "${{cur}}""#);
        let last = format!(r#"compgen -P "${{cur%"${{cur##*,}}"}}" -W "{values}" -- "${{cur##*,}}""#);
        *script = script.replace(&whole, &last);
    }
}
