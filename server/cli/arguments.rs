//! The command line with all commands.

use crate::cli::command::{Outcome, Program, Run};
use crate::cli::{check, completions, explain, format, report, schema, serve, stats};
use clap::{Parser, Subcommand};
use std::io;

/// Check and repair JSON Lines tuning datasets, in your editor and on the command line.
#[derive(Debug, Parser)]
#[command(name = "tuning-ls", version, about, after_help = EXAMPLES)]
pub struct Arguments {
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "Examples:
  tuning-ls check train.jsonl validation.jsonl
  tuning-ls check datasets/ 'more/**/*.jsonl' --output-format full
  tuning-ls check --fix train.jsonl
  zcat train.jsonl.gz | tuning-ls check - --stdin-filename train.jsonl
  tuning-ls check datasets/ --output-format sarif --output-file findings.sarif
  tuning-ls format --check .
  tuning-ls explain mixed-media-resolution
  tuning-ls serve            # started by editors

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
    Stats(stats::StatsArguments),
    Report(report::ReportArguments),
    Schema(schema::SchemaArguments),
    Explain(explain::ExplainArguments),
    Completions(completions::CompletionsArguments),
    Serve(serve::ServeArguments),
}
