//! The `tuning-ls` program: arguments, logging, and which front to open.

use clap::{Parser, Subcommand};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;
use tuning_ls::cli::{Outcome, check, explain, report, schema, stats};
use tuning_ls::settings::Settings;

/// Checks and repairs JSON Lines tuning datasets, in your editor and on the command line.
#[derive(Parser)]
#[command(version, about, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "Examples:
  tuning-ls check train.jsonl validation.jsonl
  tuning-ls check datasets/
  tuning-ls explain mixed-media-resolution
  tuning-ls serve            # what an editor starts

TUNING_LS_LOG=debug makes the server log what it does to stderr.";

#[derive(Subcommand)]
enum Command {
    /// Prints the findings of files, or of all .jsonl and .ndjson files in folders
    ///
    /// One finding a line: path:line:column: severity[code] message. The exit code is 0 without errors
    /// and warnings, 1 with, and 2 when something could not be read.
    Check {
        /// Files and folders
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// Prints lengths, tokens, labels and media of files, or of all .jsonl and .ndjson files in folders
    ///
    /// Tokens are an estimate: documented figures for video, sound and images, a rule for text; see
    /// `tuning-ls explain token-limit`.
    #[command(after_long_help = stats::JSON_HELP)]
    Stats {
        /// Files and folders
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Print JSON, which `--help` describes
        #[arg(long)]
        json: bool,
    },
    /// Writes a page for a browser about files, or all .jsonl and .ndjson files in folders
    ///
    /// It shows segment lengths, tokens, labels, findings and what would be dropped, in one file that loads
    /// nothing from elsewhere.
    Report {
        /// Files and folders
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Where the page goes; a name that ends in .html
        #[arg(short, long, value_name = "OUT.html")]
        output: PathBuf,
    },
    /// Prints the page of a rule: what goes wrong, and how to mend it
    Explain {
        /// The rule's code, as a finding names it in brackets
        code: String,
    },
    /// Prints the JSON Schema of a tuning line, for other tools
    Schema,
    /// Runs the language server over stdin and stdout
    Serve {
        /// Accepted for clients that pass it; there is no other way to talk
        #[arg(long)]
        stdio: bool,
    },
}

fn main() -> ExitCode {
    let log = EnvFilter::try_from_env("TUNING_LS_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(log).with_writer(io::stderr).with_ansi(false).init();
    let (mut out, mut problems) = (BufWriter::new(io::stdout().lock()), io::stderr());
    let outcome = match Arguments::parse().command {
        Command::Check { paths } => check::run(&paths, &Settings::default(), &mut out, &mut problems),
        Command::Stats { paths, json } => stats::run(&paths, json, &Settings::default(), &mut out, &mut problems),
        Command::Report { paths, output } => {
            report::run(&paths, &output, &Settings::default(), &mut out, &mut problems)
        }
        Command::Explain { code } => explain::run(&code, &mut out, &mut problems),
        Command::Schema => schema::run(&mut out),
        Command::Serve { stdio: _ } => {
            drop(out);
            tuning_ls::lsp::serve()
        }
    };
    match outcome {
        Ok(outcome) => ExitCode::from(outcome as u8),
        // Whoever read the output has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(Outcome::Findings as u8),
        Err(error) => {
            let _ = writeln!(problems, "tuning-ls: {error}");
            ExitCode::from(Outcome::Failed as u8)
        }
    }
}
