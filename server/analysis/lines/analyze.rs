//! Scanning and analyzing parts of a file, for callers that use several threads.

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
        batch.scan(&mut scanner, line);
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
    let mut buffer = String::new();
    let mut contributions = Vec::with_capacity(records.len());
    let mut rest = records;
    while let Some(first) = rest.first() {
        // Consecutive records of one line are read in one pass.
        let row = rest
            .iter()
            .zip(first.start..)
            .take_while(|(record, line)| record.start == *line && record.len() == 1)
            .count();
        if row > 1 {
            source.read(first.start..first.start + row, &mut |line, input| {
                contributions.push((line, analyst.contribution(input)));
                true
            });
        } else {
            let contribution = analyst.contribution(&source.record(first.clone(), &mut buffer));
            contributions.push((first.start, contribution));
        }
        rest = &rest[row.max(1)..];
    }
    contributions
}
