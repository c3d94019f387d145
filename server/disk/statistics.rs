//! The statistics of a file, its records shared out among all processors.

use crate::analysis::{Analyst, Source};
use crate::disk::check::{Checked, RECORDS_AT_ONCE};
use crate::ide::statistics::{Collector, Statistics};
use crate::json::lexer::is_space;
use crate::schema::media::Profile;
use crate::settings::Settings;
use rayon::prelude::*;

/// The statistics of a text that has been checked. Reads its records once more.
#[must_use]
pub fn statistics(
    source: &(impl Source + Sync),
    checked: &Checked,
    settings: &Settings,
    profile: &Profile,
) -> Statistics {
    let verdict = &checked.verdict;
    let records: Vec<_> = checked.lines.records().collect();
    let collected = records
        .par_chunks(RECORDS_AT_ONCE)
        .fold(Collector::default, |mut collector, records| {
            let (mut analyst, mut buffer) = (Analyst::new(settings), String::new());
            for record in records {
                let input = source.record(record.clone(), &mut buffer);
                let text = input.text.trim_start_matches('\u{FEFF}');
                if text.bytes().all(is_space) {
                    continue;
                }
                if record.len() > 1 {
                    collector.add_other();
                } else {
                    collector.add(&analyst.read(text), profile, verdict.resolution);
                }
            }
            collector
        })
        .reduce(Collector::default, Collector::merge);
    collected.finish(verdict, profile)
}
