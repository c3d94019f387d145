//! The statistics of a file, computed with several threads.

use crate::analysis::{Analyst, Lines, Source};
use crate::ide::collector::Collector;
use crate::ide::statistics::Statistics;
use crate::json::lexer::is_space;
use crate::rules::Verdict;
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
