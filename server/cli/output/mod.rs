//! How findings are printed: one file for each format, all fed with the same [`Diagnostic`]s.
//!
//! This room must not know how findings come about, where the output goes, or what the process exits with.

pub mod concise;
pub mod diagnostic;
pub mod fingerprint;
pub mod full;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod paths;
pub mod printable;
pub mod sarif;
pub mod statistics;
pub mod totals;
pub mod window;

pub use diagnostic::{CheckedFile, Diagnostic};
pub use totals::Totals;

use crate::rules::Severity;
use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use std::io::{self, Write};
use std::path::PathBuf;

/// The name of the program in the formats that name it.
const TOOL: &str = env!("CARGO_PKG_NAME");

/// Its version.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// How findings are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One finding a line
    #[default]
    Concise,
    /// Each finding with the place in its line, and how to mend it
    Full,
    /// One JSON object (fixtures/schemas/findings.schema.json)
    Json,
    /// One JSON object a finding and line
    JsonLines,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands, which GitHub Actions shows on the lines
    Github,
    /// A Code Quality report of GitLab
    Gitlab,
    /// JUnit XML: a test suite for each file
    Junit,
}

impl Format {
    /// Whether it says of each finding how to mend it.
    #[must_use]
    pub fn shows_fixes(self) -> bool {
        matches!(self, Self::Full | Self::Json | Self::JsonLines | Self::Sarif)
    }

    /// What prints it: with `styles` and in so many columns where it is for people, and telling those
    /// findings that fail a check by `fail_on` where it tells them apart.
    #[must_use]
    pub fn printer(self, styles: Styles, columns: usize, fail_on: Severity) -> Box<dyn Printer> {
        match self {
            Self::Concise => Box::new(concise::Concise { styles }),
            Self::Full => Box::new(full::Full { styles, columns }),
            Self::Json => Box::<json::Json>::default(),
            Self::JsonLines => Box::new(json::JsonLines),
            Self::Sarif => Box::<sarif::SarifLog>::default(),
            Self::Github => Box::new(github::Github),
            Self::Gitlab => Box::<gitlab::Gitlab>::default(),
            Self::Junit => Box::new(junit::Junit::new(fail_on)),
        }
    }
}

/// Something that could not be read.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The path, as it was given or found.
    pub path: PathBuf,
    /// A sentence that names the path.
    pub message: String,
}

/// Prints in one format. The files come one after the other, and may be printed as they come.
pub trait Printer {
    /// A file has been checked.
    ///
    /// # Errors
    /// Of writing.
    fn file(&mut self, file: &CheckedFile<'_>, out: &mut dyn Write) -> io::Result<()>;

    /// Something could not be read. It is said on stderr as well.
    ///
    /// # Errors
    /// Of writing.
    fn problem(&mut self, _problem: &Problem, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    /// That was all.
    ///
    /// # Errors
    /// Of writing.
    fn finish(&mut self, _totals: &Totals, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// How what is meant for people looks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Styles {
    /// Whether there is any colour.
    pub colored: bool,
}

impl Styles {
    /// Of the place of a finding.
    #[must_use]
    pub fn place(self) -> Style {
        if self.colored { Style::new().bold() } else { Style::new() }
    }

    /// Of a severity.
    #[must_use]
    pub fn severity(self, severity: Severity) -> Style {
        let color = match severity {
            Severity::Error => AnsiColor::Red,
            Severity::Warning => AnsiColor::Yellow,
            Severity::Information => AnsiColor::Blue,
            Severity::Hint => AnsiColor::Cyan,
        };
        if self.colored { color.on_default().bold() } else { Style::new() }
    }
}
