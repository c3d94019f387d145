//! The JSON format that `fixtures/schemas/findings.schema.json` describes.

use crate::cli::output::diagnostic::{CheckedFile, Fixable, Place, Range};
use crate::cli::output::format::Format;
use crate::cli::output::printable::PrintableJson;
use crate::cli::output::printer::{Printer, Problem, TOOL, VERSION};
use crate::cli::output::statistics::Row;
use crate::cli::output::totals::Totals;
use crate::rules::Consequence;
use crate::rules::secrets::masked;
use serde::Serialize;
use std::io::{self, Write};

pub(super) const FORMAT: Format = Format {
    name: "json",
    help: "One JSON object (fixtures/schemas/findings.schema.json)",
    shows_fixes: true,
    for_people: false,
    summed_up: false,
    printer: |_| Box::<Json>::default(),
    statistics: Some(|counts, out| write_object(List::Statistics(counts.rows), counts.problems, counts.totals, out)),
};

/// A finding as JSON.
#[derive(Debug, Serialize)]
pub(super) struct JsonFinding {
    path: String,
    #[serde(flatten)]
    range: JsonRange,
    severity: String,
    code: &'static str,
    message: String,
    pointer: String,
    consequence: Consequence,
    summary: &'static str,
    fix: Option<Fixable>,
    related: Vec<JsonRelated>,
}

#[derive(Debug, Serialize)]
struct JsonRelated {
    path: String,
    #[serde(flatten)]
    range: JsonRange,
    message: String,
}

#[derive(Debug, Serialize)]
struct JsonRange {
    start: JsonPlace,
    end: JsonPlace,
}

#[derive(Debug, Serialize)]
struct JsonPlace {
    line: usize,
    column: usize,
    offset: Option<usize>,
}

/// A range as JSON. Without `file`, the text isn't available and the range has no offsets.
fn json_range(file: Option<&CheckedFile<'_>>, range: Range) -> JsonRange {
    let offset = |place| file.map(|file| file.offset(place));
    let place = |place: Place| JsonPlace { line: place.line, column: place.column, offset: offset(place) };
    JsonRange { start: place(range.start), end: place(range.end) }
}

/// The findings of a file as JSON.
pub(super) fn json_findings(file: &CheckedFile<'_>) -> impl Iterator<Item = JsonFinding> {
    file.diagnostics().map(|diagnostic| {
        let related = diagnostic.related.into_iter().map(|related| JsonRelated {
            path: related.path(file.path).display().to_string(),
            range: json_range(related.file.is_none().then_some(file), related.range),
            message: related.message,
        });
        JsonFinding {
            path: diagnostic.path.display().to_string(),
            range: json_range(Some(file), diagnostic.range),
            severity: diagnostic.severity.to_string(),
            code: diagnostic.rule.code,
            message: diagnostic.message,
            pointer: masked(&diagnostic.pointer).into_owned(),
            consequence: diagnostic.consequence,
            summary: diagnostic.rule.summary,
            fix: Fixable::best(&diagnostic.fixes),
            related: related.collect(),
        }
    })
}

/// The main list of the object.
#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum List<'a> {
    /// Findings.
    Findings(&'a [JsonFinding]),
    /// The number of findings by rule.
    Statistics(&'a [Row]),
}

#[derive(Serialize)]
struct Object<'a> {
    tool: &'static str,
    version: &'static str,
    #[serde(flatten)]
    list: List<'a>,
    problems: Vec<JsonProblem<'a>>,
    counts: &'a Totals,
}

#[derive(Serialize)]
struct JsonProblem<'a> {
    path: String,
    message: &'a str,
}

/// Writes the object.
fn write_object(list: List<'_>, problems: &[Problem], totals: &Totals, out: &mut dyn Write) -> io::Result<()> {
    let problems =
        problems.iter().map(|Problem { path, message }| JsonProblem { path: path.display().to_string(), message });
    let object = Object { tool: TOOL, version: VERSION, list, problems: problems.collect(), counts: totals };
    serde_json::to_writer_pretty(PrintableJson(&mut *out), &object)?;
    writeln!(out)
}

/// Collects the findings and prints one object.
#[derive(Debug, Default)]
struct Json {
    findings: Vec<JsonFinding>,
    problems: Vec<Problem>,
}

impl Printer for Json {
    fn file(&mut self, file: &CheckedFile<'_>, _out: &mut dyn Write) -> io::Result<()> {
        self.findings.extend(json_findings(file));
        Ok(())
    }

    fn problem(&mut self, problem: &Problem, _out: &mut dyn Write) -> io::Result<()> {
        self.problems.push(problem.clone());
        Ok(())
    }

    fn finish(&mut self, totals: &Totals, out: &mut dyn Write) -> io::Result<()> {
        write_object(List::Findings(&self.findings), &self.problems, totals, out)
    }
}
