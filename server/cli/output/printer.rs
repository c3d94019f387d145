//! What prints findings, and how that looks for people.

use crate::cli::output::diagnostic::CheckedFile;
use crate::cli::output::totals::Totals;
use crate::rules::Severity;
use annotate_snippets::renderer::{AnsiColor, Style};
use std::io::{self, Write};
use std::path::PathBuf;

/// The name of the program in the formats that name it.
pub(super) const TOOL: &str = env!("CARGO_PKG_NAME");

/// Its version.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

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
