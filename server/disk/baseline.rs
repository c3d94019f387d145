//! The findings of a file as entries of a baseline.

use crate::analysis::{Analyst, Lines, Shown, Source, are_alike, fold};
use crate::disk::check::{analyze, analyze_lines};
use crate::disk::source::FileText;
use crate::rules::{Finding, Relations};
use crate::settings::Settings;
use crate::settings::baseline::{Baseline, Entry};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::ops::Range;

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

/// The entries that accept the finding of a rule on the value at `pointer` in the record at `line`, with those that it stands
/// for. Empty if there is no such finding. O(file).
#[must_use]
pub fn accepting<S: Source + Sync>(
    source: &S,
    settings: &Settings,
    (line, code, pointer): (usize, &str, &str),
) -> BTreeSet<Entry> {
    let lines = analyze_lines(source, settings, 0..source.line_count(), |batches| Lines::from_batches(batches));
    let mut analyst = Analyst::new(settings);
    let verdict = lines.judge(source, &analyst);
    analyst.set_fallback(verdict.format);
    let mut buffer = String::new();
    let mut all_of = |record: Range<usize>, wanted: &dyn Fn(&Finding) -> bool| {
        let (line, input) = (record.start, source.record(record, &mut buffer));
        let shown = Shown { verdict: &verdict, line, relations: Relations::NONE, fixes: false, all: true };
        let findings = analyst.findings(&input, shown).into_iter();
        let findings = findings.filter(|finding| finding.rule.code == code && !finding.of_file && wanted(finding));
        findings.map(|finding| (Entry::new(code, finding.pointer.clone(), input.text), finding)).collect::<Vec<_>>()
    };
    let record = lines.record_at(line);
    let own = all_of(record.clone(), &|finding| finding.pointer == pointer);
    let Some((entry, finding)) = own.into_iter().next() else { return BTreeSet::new() };
    let mut analyst = Analyst::new(settings);
    analyst.set_fallback(verdict.format);
    let listed = fold(lines.list(source, &mut analyst, &verdict, settings.max_diagnostics), &verdict);
    let shown = listed.iter().filter(|listed| listed.line == record.start).map(|listed| &listed.finding);
    let mut shown = shown.filter(|shown| shown.rule.code == code && shown.pointer == pointer);
    if !shown.any(|shown| shown.stands_for_others) {
        return [entry].into();
    }
    let is_same = |other: &Finding| other.message == finding.message || are_alike(other, &finding);
    lines.records().flat_map(|record| all_of(record, &is_same)).map(|(entry, _)| entry).collect()
}
