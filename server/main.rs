//! The `tuning-ls` program: arguments, logging, and which front to open.

use clap::Parser;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;
use tuning_ls::cli::arguments::{Arguments, Command};
use tuning_ls::cli::{Outcome, check, completions, explain, format, report, schema, stats};

fn main() -> ExitCode {
    let log = EnvFilter::try_from_env("TUNING_LS_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(log).with_writer(io::stderr).with_ansi(false).init();
    let (mut out, mut problems) = (BufWriter::new(io::stdout()), io::stderr());
    let outcome = match Arguments::parse().command {
        Command::Check(arguments) => check::run(&arguments, &mut problems),
        Command::Format(arguments) => format::run(&arguments, &mut out, &mut problems),
        Command::Stats { inputs, json } => stats::run(&inputs, json, &mut out, &mut problems),
        Command::Report { inputs, output } => report::run(&inputs, &output, &mut out, &mut problems),
        Command::Schema => schema::run(&mut out),
        Command::Explain { code } => explain::run(&code, &mut out, &mut problems),
        Command::Completions { shell } => completions::run(shell, &mut out),
        Command::Serve { stdio: _ } => tuning_ls::lsp::serve(),
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
