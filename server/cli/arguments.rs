//! The command line with all commands.

use crate::cli::command::{Outcome, Program, Run};
use crate::cli::output::printable::printable;
use crate::cli::{
    check, completions, cut_list, explain, format, man, media, normalize, report, rules, schema, serve, shift_segments,
    split_segments, stats,
};
use clap::{CommandFactory, Parser, Subcommand};
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, is_separator};

/// Check and repair JSON Lines tuning datasets, in your editor and on the command line.
#[derive(Debug, Parser)]
#[command(name = "tuning-ls", version, about, after_help = EXAMPLES)]
pub struct Arguments {
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

impl Arguments {
    /// Parses the arguments of the program, or prints a message or the help and exits. Without a command, a path means
    /// `check`.
    pub fn of_program(arguments: impl IntoIterator<Item = OsString>) -> Self {
        let mut arguments: Vec<_> = arguments.into_iter().collect();
        let is_option = |argument: &OsString| argument.len() > 1 && argument.to_string_lossy().starts_with('-');
        let is_check = match arguments.get(1..) {
            // Options may come first, as in `tuning-ls --fix train.jsonl`. The program itself has none that go with a path.
            Some(all @ [first, ..]) if is_option(first) => {
                !all.iter().any(|argument| is_command(argument)) && all.iter().any(|argument| is_path(argument))
            }
            Some([first, ..]) => is_path(first),
            _ => false,
        };
        if is_check {
            arguments.insert(1, "check".into());
        }
        Self::try_parse_from(&arguments).unwrap_or_else(|error| {
            // Messages quote arguments as they are.
            let shown = arguments.iter().map(|argument| printable(&argument.to_string_lossy()).into_owned());
            Self::try_parse_from(shown).err().unwrap_or(error).exit()
        })
    }
}

fn is_command(argument: &OsStr) -> bool {
    argument == "help" || Arguments::command().get_subcommands().any(|command| argument == command.get_name())
}

/// Whether an argument is a path instead of an option or a command, even a misspelled one.
fn is_path(argument: &OsStr) -> bool {
    let text = argument.to_string_lossy();
    if text.starts_with('-') || is_command(argument) {
        return text == "-";
    }
    let path = Path::new(argument);
    let is_pattern = |letter: char| is_separator(letter) || matches!(letter, '*' | '?' | '[' | '{');
    text.contains(is_pattern) || path.extension().is_some() || path.exists()
}

const EXAMPLES: &str = "Examples:
  tuning-ls check train.jsonl validation.jsonl
  tuning-ls check datasets/ 'more/**/*.jsonl' --output-format full
  tuning-ls check --fix train.jsonl
  zcat train.jsonl.gz | tuning-ls check - --stdin-filename train.jsonl
  tuning-ls check datasets/ --output-format sarif --output-file findings.sarif
  tuning-ls format --check .
  tuning-ls normalize --diff train.jsonl
  tuning-ls split-segments --longest 30s train.jsonl
  tuning-ls shift-segments --by -12s train.jsonl
  tuning-ls cut-list train.jsonl -o cut.sh
  tuning-ls media datasets/ -o media.csv
  tuning-ls rules
  tuning-ls explain mixed-media-resolution
  tuning-ls serve            # started by editors

Without a command, paths are checked: `tuning-ls train.jsonl` is `tuning-ls check train.jsonl`.
Set TUNING_LS_LOG=debug to make the server log to stderr.";

/// Declares the commands in the order of `--help`. The documentation of their arguments is their help.
macro_rules! commands {
    ($($name:ident($arguments:ty),)*) => {
        /// A command of the program.
        #[derive(Debug, Subcommand)]
        #[allow(missing_docs, reason = "it would override the documentation of the arguments")]
        pub enum Command {
            $($name($arguments),)*
        }

        impl Run for Command {
            fn run(&self, program: &mut Program<'_>) -> io::Result<Outcome> {
                match self {
                    $(Self::$name(arguments) => arguments.run(program),)*
                }
            }
        }
    };
}

commands! {
    Check(check::CheckArguments),
    Format(format::FormatArguments),
    Normalize(normalize::NormalizeArguments),
    SplitSegments(split_segments::SplitArguments),
    ShiftSegments(shift_segments::ShiftArguments),
    CutList(cut_list::CutListArguments),
    Stats(stats::StatsArguments),
    Report(report::ReportArguments),
    Media(media::MediaArguments),
    Schema(schema::SchemaArguments),
    Rules(rules::RulesArguments),
    Explain(explain::ExplainArguments),
    Completions(completions::CompletionsArguments),
    Man(man::ManArguments),
    Serve(serve::ServeArguments),
}
