//! The text of a file and where its records are, to read them with several threads.

use crate::analysis::line::Reading;
use crate::analysis::{Analyst, Source};
use crate::formats::Format;
use crate::ide::edits::without_mark;
use crate::settings::Settings;
use rayon::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// The number of records that a thread reads at once.
const RECORDS_AT_ONCE: usize = 256;

/// A text as it was at one time. It can be moved to another thread.
#[derive(Clone, Debug)]
pub struct Snapshot<S> {
    /// The text.
    pub source: Arc<S>,
    /// The lines of each record that isn't blank. A record's index plus one is its number.
    pub records: Vec<Range<usize>>,
    /// The settings of the file.
    pub settings: Settings,
    /// The format in which to read records without a mark.
    pub fallback: &'static Format,
}

impl<S: Source + Send + Sync> Snapshot<S> {
    /// Reads some records, and returns what `look` returns for them, in order. `look` gets the index of the record.
    pub fn read<T: Send>(
        &self,
        indexes: Range<usize>,
        look: impl Fn(usize, &Reading<'_>) -> Option<T> + Sync,
    ) -> Vec<T> {
        let records = self.records.get(indexes.clone()).unwrap_or_default();
        let analyst = || {
            let mut analyst = Analyst::new(&self.settings);
            analyst.set_fallback(self.fallback);
            analyst
        };
        let chunks = records.par_chunks(RECORDS_AT_ONCE).enumerate().map_init(analyst, |analyst, (chunk, records)| {
            let mut index = indexes.start + chunk * RECORDS_AT_ONCE;
            let mut found = Vec::new();
            self.source.read_records(records, &mut |_, input| {
                found.extend(look(index, &analyst.read(&without_mark(input.text))));
                index += 1;
            });
            found
        });
        chunks.flatten_iter().collect()
    }
}
