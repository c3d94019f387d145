//! The `tuning-ls` program: parses the arguments, sets up logging and runs the command.

use clap::CommandFactory;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;
use tuning_ls::cli::Printable;
use tuning_ls::cli::arguments::Arguments;
use tuning_ls::cli::command::{Outcome, Program, Run, fail};

fn main() -> ExitCode {
    // These libraries warn about every broken media file.
    let usual = || EnvFilter::new("warn,lofty=off,mp4_atom=off");
    let log = EnvFilter::try_from_env("TUNING_LS_LOG").unwrap_or_else(|_| usual());
    tracing_subscriber::fmt().with_env_filter(log).with_writer(|| Printable(io::stderr())).with_ansi(false).init();
    let (mut out, mut problems) = (BufWriter::new(io::stdout()), Printable(io::stderr()));
    let command = Arguments::of_program(std::env::args_os()).command;
    let mut program = Program {
        command_line: Arguments::command,
        serve: tuning_ls::lsp::serve,
        out: &mut out,
        problems: &mut problems,
    };
    let outcome = command.run(&mut program).and_then(|outcome| out.flush().map(|()| outcome));
    match outcome {
        Ok(outcome) => ExitCode::from(outcome as u8),
        // The reader of the output has closed it, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(Outcome::Findings as u8),
        Err(error) => {
            let _ = fail(&mut problems, error);
            ExitCode::from(Outcome::Failed as u8)
        }
    }
}
