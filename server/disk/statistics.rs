//! The statistics of a file, its records shared out among all processors.

use crate::analysis::{Analyst, Lines, Source};
use crate::ide::collector::Collector;
use crate::ide::statistics::Statistics;
use crate::json::lexer::is_space;
use crate::rules::{Input, Verdict};
use crate::settings::Settings;
use rayon::prelude::*;
use std::ops::Range;

/// Records that a thread looks at in one go.
const RECORDS_AT_ONCE: usize = 256;

/// The statistics of a text that has been [analyzed](crate::disk::check::analyze). Reads its records once
/// more.
#[must_use]
pub fn statistics(
    source: &(impl Source + Sync),
    (lines, verdict): &(Lines, Verdict),
    settings: &Settings,
) -> Statistics {
    let records: Vec<_> = lines.records().collect();
    let collect = |mut collector: Collector, records: &[Range<usize>]| {
        let mut analyst = Analyst::new(settings);
        analyst.set_fallback(verdict.format);
        let mut add = |input: &Input<'_>| {
            let text = input.text.trim_start_matches('\u{FEFF}');
            if text.bytes().all(is_space) {
                return;
            }
            if input.lines > 1 {
                collector.add_other();
            } else {
                collector.add(&analyst.read(text), verdict);
            }
        };
        // Records of one line that stand in a row are read in a row.
        for row in records.chunk_by(|record, next| record.len() == 1 && next.len() == 1) {
            match row {
                [record] if record.len() > 1 => add(&source.record(record.clone(), &mut String::new())),
                [first, ..] => source.read(first.start..first.start + row.len(), &mut |_, input| {
                    add(input);
                    true
                }),
                [] => {}
            }
        }
        collector
    };
    let collected = records
        .par_chunks(RECORDS_AT_ONCE)
        .fold(Collector::default, collect)
        .reduce(Collector::default, Collector::merge);
    collected.finish(verdict)
}
