//! One line per finding: `path:line:column: severity[code] message`.

use crate::cli::output::diagnostic::{CheckedFile, Diagnostic};
use crate::cli::output::format::Format;
use crate::cli::output::printable::printable;
use crate::cli::output::printer::{Printer, Styles};
use crate::cli::output::statistics::write_table;
use std::io::{self, Write};

pub(super) const FORMAT: Format = Format {
    name: "concise",
    help: "One line per finding",
    shows_fixes: false,
    for_people: true,
    summed_up: false,
    printer: |options| Box::new(Concise { styles: options.styles }),
    statistics: Some(write_table),
};

/// Prints one line per finding.
#[derive(Debug)]
struct Concise {
    styles: Styles,
}

impl Printer for Concise {
    fn file(&mut self, file: &CheckedFile<'_>, out: &mut dyn Write) -> io::Result<()> {
        file.diagnostics().try_for_each(|diagnostic| write_line(&diagnostic, self.styles, out))
    }
}

/// Writes the line of a finding.
pub(super) fn write_line(diagnostic: &Diagnostic<'_>, styles: Styles, out: &mut dyn Write) -> io::Result<()> {
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
