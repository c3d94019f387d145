//! What other records have to do with a record, read from the index and made sure of in the text.

use crate::analysis::groups::RecordId;
use crate::analysis::index::Relation;
use crate::analysis::line::Analyst;
use crate::analysis::lines::{Lines, Source};
use crate::rules::relations::{Contradicts, Relations, Repeats};
use crate::schema::meaning;

/// So many of the records that mean the same are named.
const MOST_NAMED: usize = 20;

impl Lines {
    /// What there is to tell about the record that begins at `line`. What hangs on equal digests is told
    /// only if the texts mean the same too.
    pub(super) fn relations_at(&self, line: usize, source: &impl Source, analyst: &mut Analyst) -> Relations {
        let mut relations = Relations::default();
        let Some(entry) = self.chunks.get(line).filter(|entry| entry.relations != 0) else { return relations };
        let index = self.chunks.index();
        let has = |relation: Relation| entry.relations & relation as u8 != 0;
        if has(Relation::Repeats) {
            let all = self.chunks.copies_of(entry.record);
            if let Some(&first) = all.first()
                && self.means_the_same(source, analyst, line, first)
            {
                let lines = all.iter().take(MOST_NAMED).map(|&record| self.line_of(record)).collect();
                relations.repeats = Some(Repeats { lines, count: all.len() });
            }
        }
        if (has(Relation::OtherLabel) || has(Relation::OtherTarget))
            && let Some(first) = self.chunks.first_answer(index.known.digests(entry.record).0)
            && self.asks_the_same(source, analyst, line, first)
        {
            let target = index.known.label(first).filter(|_| has(Relation::OtherLabel)).cloned();
            relations.contradicts = Some(Contradicts { line: self.line_of(first), target });
        }
        relations.leak = index.leaks.get(&entry.record).map(|leak| leak.told.clone());
        relations
    }

    fn means_the_same(&self, source: &impl Source, analyst: &mut Analyst, line: usize, other: RecordId) -> bool {
        let own = self.canonical_at(source, analyst, line);
        own == self.canonical_at(source, analyst, self.line_of(other))
    }

    fn asks_the_same(&self, source: &impl Source, analyst: &mut Analyst, line: usize, other: RecordId) -> bool {
        let own = self.canonical_at(source, analyst, line);
        own.0 == self.canonical_at(source, analyst, self.line_of(other)).0
    }

    /// The example on a line in its one form: its input and its target.
    pub(super) fn canonical_at(
        &self,
        source: &(impl Source + ?Sized),
        analyst: &mut Analyst,
        line: usize,
    ) -> (Vec<u8>, Vec<u8>) {
        let mut buffer = String::new();
        analyst.canonical(&source.record(self.record_at(line), &mut buffer))
    }

    /// The location of the video with this digest in the example on a line.
    pub(super) fn location_at(
        &self,
        source: &(impl Source + ?Sized),
        analyst: &mut Analyst,
        line: usize,
        video: u64,
    ) -> Option<String> {
        let mut buffer = String::new();
        let reading = analyst.read(source.record(self.record_at(line), &mut buffer).text);
        let locations = reading.example.media.iter().filter_map(|media| reading.record.string(media.uri?));
        locations.map(String::from).find(|location| meaning::video(location) == video)
    }

    /// The lines of the examples that mean the same as the one at `line` and stand behind the first of
    /// them.
    pub fn copies(&self, line: usize, source: &impl Source, analyst: &mut Analyst) -> Vec<usize> {
        let Some(entry) = self.chunks.get(line).filter(|entry| entry.record != 0) else { return Vec::new() };
        let all = self.chunks.copies_of(entry.record);
        let Some((&first, copies)) = all.split_first() else { return Vec::new() };
        let first = self.canonical_at(source, analyst, self.line_of(first));
        let copies = copies.iter().map(|&record| self.line_of(record));
        copies.filter(|&copy| self.canonical_at(source, analyst, copy) == first).collect()
    }

    /// The line on which a record begins, 0-based.
    #[must_use]
    pub fn line_of(&self, record: RecordId) -> usize {
        self.chunks.line_of(record)
    }
}
