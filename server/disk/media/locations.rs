//! The locations of media files in a dataset.

use crate::analysis::{Analyst, Lines, Source};
use crate::rules::Verdict;
use crate::settings::Settings;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// The number of records that a thread reads at once.
const RECORDS_AT_ONCE: usize = 256;

/// The locations in a file that was [analyzed](crate::disk::check::analyze). Reads its records again.
#[must_use]
pub fn locations(
    source: &(impl Source + Sync),
    (lines, verdict): &(Lines, Verdict),
    settings: &Settings,
) -> BTreeSet<String> {
    let records: Vec<_> = lines.records().collect();
    let of_chunk = |records: &[std::ops::Range<usize>]| {
        let mut analyst = Analyst::new(settings);
        analyst.set_fallback(verdict.format);
        let mut found = BTreeSet::new();
        source.read_records(records, &mut |_, input| {
            let read = analyst.read(input.text.trim_start_matches('\u{FEFF}'));
            let uris = read.example.media.iter().filter_map(|media| read.record.string(media.uri?));
            found.extend(uris.map(std::borrow::Cow::into_owned));
        });
        found
    };
    records.par_chunks(RECORDS_AT_ONCE).map(of_chunk).reduce(BTreeSet::new, |mut all, more| {
        all.extend(more);
        all
    })
}
