//! GitLab Code Quality reports.
//!
//! Source: GitLab's documentation, "Code Quality", "Code Quality report format".

use crate::cli::output::diagnostic::CheckedFile;
use crate::cli::output::fingerprint::Fingerprints;
use crate::cli::output::format::Format;
use crate::cli::output::paths::in_repository;
use crate::cli::output::printable::PrintableJson;
use crate::cli::output::printer::Printer;
use crate::cli::output::totals::Totals;
use crate::rules::Severity;
use serde_json::{Value, json};
use std::io::{self, Write};

pub(super) const FORMAT: Format = Format {
    name: "gitlab",
    help: "A GitLab Code Quality report",
    shows_fixes: false,
    for_people: false,
    summed_up: false,
    printer: |_| Box::<Gitlab>::default(),
    statistics: None,
};

/// Collects the findings and prints one report.
#[derive(Debug, Default)]
struct Gitlab {
    findings: Vec<Value>,
    fingerprints: Fingerprints,
}

impl Printer for Gitlab {
    fn file(&mut self, file: &CheckedFile<'_>, _out: &mut dyn Write) -> io::Result<()> {
        let path = in_repository(file.path);
        for diagnostic in file.diagnostics() {
            let severity = match diagnostic.severity {
                Severity::Error => "critical",
                Severity::Warning => "major",
                Severity::Information => "minor",
                Severity::Hint => "info",
            };
            self.findings.push(json!({
                "description": diagnostic.message,
                "check_name": diagnostic.rule.code,
                "fingerprint": self.fingerprints.of(file, &diagnostic),
                "severity": severity,
                "location": {
                    "path": path,
                    "lines": { "begin": diagnostic.range.start.line, "end": diagnostic.range.end.line },
                },
            }));
        }
        Ok(())
    }

    fn finish(&mut self, _totals: &Totals, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(PrintableJson(&mut *out), &self.findings)?;
        writeln!(out)
    }
}
