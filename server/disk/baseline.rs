//! The findings of a file as entries of a baseline.

use crate::analysis::{Analyst, Shown, Source};
use crate::disk::check::analyze;
use crate::disk::source::FileText;
use crate::rules::{Relations, Verdict};
use crate::settings::Settings;
use crate::settings::baseline::{Baseline, Entry};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::ops::Range;

/// Records that a thread looks at in one go.
const RECORDS_AT_ONCE: usize = 256;

/// All findings of a file that a baseline can accept: each place of what is said once per file, and none
/// of those about the whole file or several records. With `among`, only those on records that this baseline has. O(file).
#[must_use]
pub fn entries(source: &FileText, settings: &Settings, among: Option<&Baseline>) -> BTreeSet<Entry> {
    let settings = Settings { baseline: None, ..settings.clone() };
    let (lines, verdict) = analyze(source, &settings);
    let records: Vec<_> = lines.records().collect();
    let pieces = records.par_chunks(RECORDS_AT_ONCE);
    pieces.flat_map_iter(|records| entries_of(source, &settings, &verdict, records, among)).collect()
}

fn entries_of(
    source: &impl Source,
    settings: &Settings,
    verdict: &Verdict,
    records: &[Range<usize>],
    among: Option<&Baseline>,
) -> Vec<Entry> {
    let mut analyst = Analyst::new(settings);
    let mut buffer = String::new();
    let mut entries = Vec::new();
    for record in records {
        let line = record.start;
        let input = source.record(record.clone(), &mut buffer);
        if among.is_some_and(|baseline| baseline.of(input.text).is_empty()) {
            continue;
        }
        let shown = Shown { verdict, relations: Relations::NONE, line, fixes: false, all: true };
        let findings = analyst.findings(&input, shown);
        let of_record = findings.into_iter().filter(|finding| !finding.of_file);
        entries.extend(of_record.map(|finding| Entry::new(finding.rule.code, finding.pointer, input.text)));
    }
    entries
}
