//! Workflow commands, which GitHub Actions shows as annotations on the lines.
//!
//! Source: GitHub's documentation, "Workflow commands for GitHub Actions", and the escapes in its toolkit.

use crate::cli::output::diagnostic::CheckedFile;
use crate::cli::output::format::Format;
use crate::cli::output::paths::in_repository;
use crate::cli::output::printable::without_harm;
use crate::cli::output::printer::{Printer, Problem, TOOL};
use crate::rules::Severity;
use std::io::{self, Write};

pub(super) const FORMAT: Format = Format {
    name: "github",
    help: "Workflow commands, which GitHub Actions shows as annotations",
    shows_fixes: false,
    for_people: false,
    summed_up: false,
    printer: |_| Box::new(Github),
    statistics: None,
};

/// Prints one command per finding.
#[derive(Debug)]
struct Github;

impl Printer for Github {
    fn file(&mut self, file: &CheckedFile<'_>, out: &mut dyn Write) -> io::Result<()> {
        let path = property(&in_repository(file.path));
        for diagnostic in file.diagnostics() {
            let command = match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Information | Severity::Hint => "notice",
            };
            let (start, end) = (diagnostic.range.start, diagnostic.range.end);
            write!(out, "::{command} file={path},line={},col={}", start.line, start.column)?;
            // GitHub doesn't accept columns if an annotation spans several lines.
            write!(out, ",endLine={}", end.line)?;
            if end.line == start.line {
                write!(out, ",endColumn={}", end.column)?;
            }
            let title = property(&format!("{TOOL} ({})", diagnostic.rule.code));
            writeln!(out, ",title={title}::{}", data(&diagnostic.message))?;
        }
        Ok(())
    }

    fn problem(&mut self, problem: &Problem, out: &mut dyn Write) -> io::Result<()> {
        let (path, message) = (property(&in_repository(&problem.path)), data(&problem.message));
        writeln!(out, "::error file={path},title={TOOL}::{message}")
    }
}

/// Escapes the message of a command, which a log shows on a terminal. In it, nothing is a command of its own.
fn data(text: &str) -> String {
    without_harm(&text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")).into_owned()
}

/// Escapes a property value of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
