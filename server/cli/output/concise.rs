//! One finding a line: `path:line:column: severity[code] message`.

use crate::cli::output::printable::printable;
use crate::cli::output::{CheckedFile, Diagnostic, Printer, Styles};
use std::io::{self, Write};

/// Prints one finding a line.
#[derive(Debug)]
pub struct Concise {
    /// How it looks.
    pub styles: Styles,
}

impl Printer for Concise {
    fn file(&mut self, file: &CheckedFile<'_>, out: &mut dyn Write) -> io::Result<()> {
        file.diagnostics().try_for_each(|diagnostic| write_line(&diagnostic, self.styles, out))
    }
}

/// The line of a finding.
///
/// # Errors
/// Of writing.
pub fn write_line(diagnostic: &Diagnostic<'_>, styles: Styles, out: &mut dyn Write) -> io::Result<()> {
    let Diagnostic { range, severity, rule, message, .. } = diagnostic;
    let path = diagnostic.path.display().to_string();
    let (place, loud) = (styles.place(), styles.severity(*severity));
    writeln!(
        out,
        "{place}{}:{}:{}:{place:#} {loud}{severity}[{}]{loud:#} {}",
        printable(&path),
        range.start.line,
        range.start.column,
        rule.code,
        printable(message),
    )
}
