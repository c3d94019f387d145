//! `tuning-ls check`: the findings of files, one a line.

use crate::analysis::Source;
use crate::analysis::listing::Listed;
use crate::cli::Outcome;
use crate::disk::check::place_in_record;
use crate::disk::{self, FileText, Reading, files};
use crate::rules::Severity;
use crate::settings::Settings;
use crate::text::Encoding;
use crate::text::position::column_in_text;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Checks files and folders and prints `path:line:column: severity[code] message` for each finding to
/// `out`; what could not be read is said on `problems`. Lines and columns are 1-based, a column counts
/// Unicode scalar values, and a byte that is not UTF-8 counts one.
///
/// # Errors
/// Only of writing to `out` or `problems`.
pub fn run(
    paths: &[PathBuf],
    settings: &Settings,
    out: &mut impl Write,
    problems: &mut impl Write,
) -> io::Result<Outcome> {
    let mut outcome = Outcome::Clean;
    for path in paths {
        let found = match files::dataset_files(path) {
            Ok(found) => found,
            Err(problem) => {
                writeln!(problems, "tuning-ls: {problem}")?;
                outcome = Outcome::Failed;
                continue;
            }
        };
        if found.is_empty() {
            writeln!(problems, "tuning-ls: {}: no .jsonl or .ndjson file in this folder", path.display())?;
        }
        for file in found {
            outcome = outcome.max(check_file(&file, settings, out, problems)?);
        }
    }
    out.flush()?;
    Ok(outcome)
}

fn check_file(
    path: &Path,
    settings: &Settings,
    out: &mut impl Write,
    problems: &mut impl Write,
) -> io::Result<Outcome> {
    let source = match FileText::open(path, &Reading::TO_LOOK) {
        Ok(source) => source,
        Err(error) => {
            writeln!(problems, "tuning-ls: {}: {error}", path.display())?;
            return Ok(Outcome::Failed);
        }
    };
    let listed = disk::check(&source, settings, usize::MAX).listed;
    if let Some(problem) = source.problem() {
        writeln!(problems, "tuning-ls: {}: {problem}", path.display())?;
        return Ok(Outcome::Failed);
    }
    let mut outcome = Outcome::Clean;
    let mut buffer = String::new();
    for Listed { line, finding } in listed {
        if matches!(finding.severity, Severity::Error | Severity::Warning) {
            outcome = Outcome::Findings;
        }
        let (line, byte) = place_in_record(&source, line, finding.span.start());
        let column = column_in_text(source.line(line, &mut buffer), byte, Encoding::Utf32) + 1;
        let (severity, code, message) = (finding.severity, finding.rule.code, &finding.message);
        writeln!(out, "{}:{}:{column}: {severity}[{code}] {message}", path.display(), line + 1)?;
    }
    Ok(outcome)
}
