//! `tuning-ls check`: the findings of files, one a line.

use crate::analysis::listing::Listed;
use crate::analysis::records::Scanner;
use crate::analysis::{self, Analyst, Lines, Source};
use crate::cli::source::FileText;
use crate::cli::{Outcome, files};
use crate::rules::Severity;
use crate::settings::Settings;
use crate::text::position::scalar_column;
use rayon::prelude::*;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Records that a thread looks at in one go.
const RECORDS_AT_ONCE: usize = 256;

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
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            writeln!(problems, "tuning-ls: {}: {error}", path.display())?;
            return Ok(Outcome::Failed);
        }
    };
    let source = FileText::new(bytes);
    let mut outcome = Outcome::Clean;
    let mut buffer = String::new();
    for Listed { line, finding } in findings(&source, settings) {
        if matches!(finding.severity, Severity::Error | Severity::Warning) {
            outcome = Outcome::Findings;
        }
        let text = source.record(line..source.line_count().min(line + 1), &mut buffer).text;
        let (line, column) = place(&source, line, text, finding.span.start());
        let (severity, code, message) = (finding.severity, finding.rule.code, &finding.message);
        writeln!(out, "{}:{line}:{column}: {severity}[{code}] {message}", path.display())?;
    }
    Ok(outcome)
}

/// All findings of a text, by place; its records are looked at on all threads.
#[must_use]
pub fn findings(source: &(impl Source + Sync), settings: &Settings) -> Vec<Listed> {
    let count = source.line_count();
    let scans = (0..count).into_par_iter().with_min_len(256).map_init(
        || (Scanner::default(), String::new()),
        |(scanner, buffer), line| scanner.scan(source.line(line, buffer)),
    );
    let mut lines = Lines::from_scans(scans.collect());
    let records = lines.pending_records(usize::MAX);
    let facts: Vec<_> = records
        .par_chunks(RECORDS_AT_ONCE)
        .flat_map_iter(|records| analysis::facts_of(source, settings, records))
        .collect();
    for (line, facts) in facts {
        lines.store(line, facts);
    }
    let mut analyst = Analyst::new(settings);
    let verdict = lines.verdict(source, &analyst);
    lines.list(source, &mut analyst, &verdict, usize::MAX)
}

/// The 1-based line and column of a byte of the record that begins at `line` with `text`.
fn place(source: &impl Source, mut line: usize, text: &str, mut byte: usize) -> (usize, usize) {
    let mut buffer = String::new();
    let mut text = text;
    // Only bytes that are no text can be found behind the first line of a record.
    while byte > text.len() && line + 1 < source.line_count() {
        let whole = source.record(line..line + 2, &mut buffer).text.len();
        let next = source.line(line + 1, &mut buffer).len();
        byte -= whole - next;
        line += 1;
        text = source.line(line, &mut buffer);
        if byte <= text.len() {
            return (line + 1, scalar_column(text, byte) + 1);
        }
        text = "";
    }
    (line + 1, scalar_column(text, byte) + 1)
}
