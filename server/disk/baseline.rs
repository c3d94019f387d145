//! The findings of a file as entries of a baseline.

use crate::analysis::{Analyst, Shown, Source};
use crate::disk::check::analyze;
use crate::disk::source::FileText;
use crate::rules::Relations;
use crate::settings::Settings;
use crate::settings::baseline::{Baseline, Entry};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// The number of records that a thread analyzes at once.
const RECORDS_AT_ONCE: usize = 256;

/// All findings of a file that a baseline can accept. That includes every place of a finding that is reported once per
/// file, but no finding about the whole file or several records. With `among`, returns only the findings on records
/// that are in that baseline. O(file).
#[must_use]
pub fn entries(source: &FileText, settings: &Settings, among: Option<&Baseline>) -> BTreeSet<Entry> {
    let settings = Settings { baseline: None, ..settings.clone() };
    let (lines, verdict) = analyze(source, &settings);
    let records: Vec<_> = lines.records().collect();
    let chunks = records.par_chunks(RECORDS_AT_ONCE).map_init(
        || Analyst::new(&settings),
        |analyst, records| {
            let mut entries = Vec::new();
            source.read_records(records, &mut |line, input| {
                if among.is_none_or(|baseline| !baseline.of(input.text).is_empty()) {
                    let shown = Shown { verdict: &verdict, line, relations: Relations::NONE, fixes: false, all: true };
                    let findings = analyst.findings(input, shown).into_iter().filter(|finding| !finding.of_file);
                    entries.extend(findings.map(|it| Entry::new(it.rule.code, it.pointer, input.text)));
                }
            });
            entries
        },
    );
    chunks.flatten_iter().collect()
}
