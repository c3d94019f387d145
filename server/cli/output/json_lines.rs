//! JSON Lines: one finding per line, as `fixtures/schemas/findings.schema.json` describes it.

use crate::cli::output::diagnostic::CheckedFile;
use crate::cli::output::format::Format;
use crate::cli::output::json::json_findings;
use crate::cli::output::printable::PrintableJson;
use crate::cli::output::printer::Printer;
use serde::Serialize;
use std::io::{self, Write};

pub(super) const FORMAT: Format = Format {
    name: "json-lines",
    help: "One JSON object per finding, each on its own line",
    shows_fixes: true,
    for_people: false,
    summed_up: false,
    printer: |_| Box::new(JsonLines),
    statistics: Some(|counts, out| counts.rows.iter().try_for_each(|row| write_line(row, out))),
};

/// Prints one object per finding, as soon as its file is checked.
#[derive(Debug)]
struct JsonLines;

impl Printer for JsonLines {
    fn file(&mut self, file: &CheckedFile<'_>, out: &mut dyn Write) -> io::Result<()> {
        json_findings(file).try_for_each(|finding| write_line(&finding, out))
    }
}

fn write_line(object: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(PrintableJson(&mut *out), object)?;
    writeln!(out)
}
