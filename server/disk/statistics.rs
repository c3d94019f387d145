//! The statistics of a file, computed with several threads.

use crate::analysis::{Analyst, Lines, Source};
use crate::ide::collector::Collector;
use crate::ide::fixes::operations::unwrap;
use crate::ide::statistics::Statistics;
use crate::json::Parser;
use crate::json::lexer::is_space;
use crate::rules::{ArrayFile, Verdict};
use crate::settings::Settings;
use rayon::prelude::*;
use std::ops::Range;

/// The number of records that a thread reads at once.
const RECORDS_AT_ONCE: usize = 256;

/// The statistics of a file that was [analyzed](crate::disk::check::analyze). Reads its records again.
#[must_use]
pub fn statistics(
    source: &(impl Source + Sync),
    (lines, verdict): &(Lines, Verdict),
    settings: &Settings,
) -> Statistics {
    if verdict.array.is_some() {
        return of_array(source, verdict, settings);
    }
    let records: Vec<_> = lines.records().collect();
    let collect = |mut collector: Collector, records: &[Range<usize>]| {
        let mut analyst = Analyst::new(settings);
        analyst.set_fallback(verdict.format);
        source.read_records(records, &mut |_, input| {
            let text = input.text.trim_start_matches('\u{FEFF}');
            if text.bytes().all(is_space) {
                return;
            }
            if input.lines > 1 {
                collector.add_other();
            } else {
                collector.add(&analyst.read(text), verdict);
            }
        });
        collector
    };
    let chunks = records.par_chunks(RECORDS_AT_ONCE).fold(|| Collector::new(settings), collect);
    chunks.reduce(|| Collector::new(settings), Collector::merge).finish(verdict)
}

/// The statistics of a file that is one array: those of its elements, or of the one example whose turns they are.
fn of_array(source: &impl Source, verdict: &Verdict, settings: &Settings) -> Statistics {
    let mut buffer = String::new();
    let text = source.record(0..source.line_count(), &mut buffer).text.trim_start_matches('\u{FEFF}');
    let (mut collector, mut analyst) = (Collector::new(settings), Analyst::new(settings));
    analyst.set_fallback(verdict.format);
    let mut parser = Parser::default();
    if verdict.array == Some(ArrayFile::Turns) {
        for example in unwrap(&mut parser, text) {
            collector.add(&analyst.read(&example.line), verdict);
        }
        return collector.finish(verdict);
    }
    parser.parse(text);
    let record = parser.record(text);
    for element in record.root().into_iter().flat_map(|root| record.children(root)) {
        collector.add(&analyst.read(record.raw(record.span(element))), verdict);
    }
    collector.finish(verdict)
}
