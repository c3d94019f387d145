//! The interface of output formats, and the styles of output for people.

use crate::cli::output::diagnostic::CheckedFile;
use crate::cli::output::totals::Totals;
use crate::rules::Severity;
use annotate_snippets::renderer::{AnsiColor, Style};
use std::io::{self, Write};
use std::path::PathBuf;

/// The name of the program, for formats that include it.
pub(super) const TOOL: &str = env!("CARGO_PKG_NAME");

/// The version of the program.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A file or folder that can't be read.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The path, as it was given or found.
    pub path: PathBuf,
    /// A message that includes the path.
    pub message: String,
}

/// Prints findings in one format, either file by file or all at the end.
pub trait Printer {
    /// Prints or collects the findings of a file.
    ///
    /// # Errors
    /// If writing fails.
    fn file(&mut self, file: &CheckedFile<'_>, out: &mut dyn Write) -> io::Result<()>;

    /// Prints or collects a problem. The caller also reports it on stderr.
    ///
    /// # Errors
    /// If writing fails.
    fn problem(&mut self, _problem: &Problem, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    /// Prints what was collected, after the last file.
    ///
    /// # Errors
    /// If writing fails.
    fn finish(&mut self, _totals: &Totals, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// The styles of output for people.
#[derive(Clone, Copy, Debug, Default)]
pub struct Styles {
    /// Whether to use color.
    pub colored: bool,
}

impl Styles {
    /// The style of a finding's place.
    #[must_use]
    pub fn place(self) -> Style {
        if self.colored { Style::new().bold() } else { Style::new() }
    }

    /// The style of a severity.
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
