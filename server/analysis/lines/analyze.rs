//! Scans and analyzes parts of a file, for callers that use several threads.

use crate::analysis::line::{Analyst, Contribution};
use crate::analysis::lines::batch::Batch;
use crate::analysis::lines::records::Scanner;
use crate::analysis::lines::source::Source;
use crate::settings::Settings;
use std::ops::Range;

/// Scans lines without analyzing them.
#[must_use]
pub fn scan(source: &(impl Source + ?Sized), lines: Range<usize>) -> Batch {
    let (mut batch, mut scanner) = (Batch::default(), Scanner::default());
    source.read(lines, &mut |_, line| {
        batch.push_scanned(scanner.scan(line.text));
        true
    });
    batch
}

/// Scans and analyzes lines, each as a record of one line.
#[must_use]
pub fn analyze(source: &(impl Source + ?Sized), analyst: &mut Analyst, lines: Range<usize>) -> Batch {
    let mut batch = Batch::default();
    source.read(lines, &mut |_, line| {
        analyst.analyze(line, &mut batch);
        true
    });
    batch
}

/// The contribution of each record, with its first line.
#[must_use]
pub fn analyze_records(
    source: &impl Source,
    settings: &Settings,
    records: &[Range<usize>],
) -> Vec<(usize, Contribution)> {
    let mut analyst = Analyst::new(settings);
    let mut contributions = Vec::with_capacity(records.len());
    source.read_records(records, &mut |line, input| contributions.push((line, analyst.contribution(input))));
    contributions
}
