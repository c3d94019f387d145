//! The arguments of the program: every command and every option, with the texts of `--help`.

#![allow(rustdoc::broken_intra_doc_links, reason = "the texts are printed as help, brackets and all")]

use crate::cli::fix::FixArguments;
use crate::cli::format::FormatArguments;
use crate::cli::inputs::InputArguments;
use crate::cli::output::Format;
use crate::cli::project::ProjectArguments;
use crate::cli::selection::{Selection, Selector};
use crate::cli::stats;
use crate::rules::Severity;
use anstream::ColorChoice;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Checks and repairs JSON Lines tuning datasets, in your editor and on the command line.
#[derive(Debug, Parser)]
#[command(name = "tuning-ls", version, about, after_help = EXAMPLES)]
pub struct Arguments {
    /// What to do.
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
  tuning-ls serve            # what an editor starts

TUNING_LS_LOG=debug makes the server log what it does to stderr.";

/// A command of the program.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Prints the findings of files, or of all .jsonl and .ndjson files in folders
    ///
    /// One finding a line: path:line:column: severity[code] message. Lines and columns count from 1, columns
    /// in characters. The exit code is 0 without errors and warnings, 1 with, and 2 when an argument is wrong
    /// or something could not be read.
    Check(CheckArguments),
    /// Removes white space outside strings, and changes nothing else
    ///
    /// Keys, values, their text, records and lines stay. Records with errors of grammar are left alone.
    Format(FormatArguments),
    /// Prints lengths, tokens, labels and media of files, or of all .jsonl and .ndjson files in folders
    ///
    /// Tokens are an estimate: documented figures for video, sound and images, a rule for text; see
    /// `tuning-ls explain token-limit`.
    #[command(after_long_help = stats::JSON_HELP)]
    Stats {
        /// What is read.
        #[command(flatten)]
        inputs: InputArguments,
        /// Print JSON, which `--help` describes
        #[arg(long)]
        json: bool,
    },
    /// Writes a page for a browser about files, or all .jsonl and .ndjson files in folders
    ///
    /// It shows segment lengths, tokens, labels, findings and what would be dropped, in one file that loads
    /// nothing from elsewhere.
    Report {
        /// What is read.
        #[command(flatten)]
        inputs: InputArguments,
        /// Where the page goes; a name that ends in .html
        #[arg(short, long, value_name = "OUT.html")]
        output: PathBuf,
    },
    /// Prints the JSON Schema of a tuning line, for other tools
    Schema,
    /// Prints the page of a rule: what goes wrong, and how to mend it
    Explain {
        /// The rule's code, as a finding names it in brackets
        code: String,
    },
    /// Prints a script that makes a shell complete the commands and options
    ///
    /// In bash: source <(tuning-ls completions bash). In zsh, write it to a file _tuning-ls in a folder of
    /// $fpath; in fish, to ~/.config/fish/completions/tuning-ls.fish.
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Runs the language server over stdin and stdout
    Serve {
        /// Accepted for clients that pass it; there is no other way to talk
        #[arg(long)]
        stdio: bool,
    },
}

/// What `check` is asked for.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// What is checked.
    #[command(flatten)]
    pub inputs: InputArguments,
    /// What is fixed.
    #[command(flatten, next_help_heading = "Fixes")]
    pub fix: FixArguments,
    /// Which settings hold.
    #[command(flatten)]
    pub project: ProjectArguments,
    /// Which rules speak.
    #[command(flatten)]
    pub rules: RuleArguments,
    /// What is printed, and where.
    #[command(flatten)]
    pub output: OutputArguments,
    /// What the exit code says.
    #[command(flatten)]
    pub exit: ExitArguments,
}

/// Which rules speak.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub struct RuleArguments {
    /// Only these rules speak: codes, or families such as `media`
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = Selector::parse)]
    pub select: Vec<Selector>,
    /// These rules are silent: codes, or families; goes before --select
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = Selector::parse)]
    pub ignore: Vec<Selector>,
}

impl RuleArguments {
    /// The rules that are asked for.
    #[must_use]
    pub fn selection(&self) -> Selection<'_> {
        Selection { select: &self.select, ignore: &self.ignore }
    }
}

/// What is printed, and where.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArguments {
    /// How findings are printed
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub output_format: Format,
    /// Writes to this file instead of stdout; it is replaced only when everything has been written
    #[arg(long, short, value_name = "FILE")]
    pub output_file: Option<PathBuf>,
    /// Prints how often each rule found something, worst first, instead of the findings
    #[arg(long)]
    pub statistics: bool,
    /// When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured by `auto`
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub color: Color,
    /// Prints findings and what could not be read, but no summary, note or progress
    #[arg(long, short)]
    pub quiet: bool,
}

/// What the exit code says.
#[derive(Debug, Args)]
#[command(next_help_heading = "Exit code")]
pub struct ExitArguments {
    /// The mildest severity that makes the exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "warning", value_parser = severity())]
    pub fail_on: Severity,
    /// Exits with 0 whatever is found; still with 2 when something could not be read
    #[arg(long)]
    pub exit_zero: bool,
}

fn severity() -> impl TypedValueParser<Value = Severity> {
    const NAMES: [&str; 4] = ["error", "warning", "information", "hint"];
    let named = |name: String| {
        let named = NAMES.into_iter().zip(Severity::ALL).find(|(known, _)| *known == name);
        named.map_or(Severity::Warning, |(_, severity)| severity)
    };
    PossibleValuesParser::new(NAMES).map(named)
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal
    #[default]
    Auto,
    /// Always, also into a file or a pipe
    Always,
    /// Never
    Never,
}

impl From<Color> for ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
    }
}
