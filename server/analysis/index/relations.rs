//! The relations of a record, as findings report them: equal digests are confirmed by comparing the texts.

use crate::analysis::line::Analyst;
use crate::analysis::lines::file::Lines;
use crate::analysis::lines::source::Source;
use crate::analysis::store::entry::Relation;
use crate::analysis::store::meanings::RecordId;
use crate::rules::relations::{Contradicts, Relations, Repeats};

/// The most records with the same meaning that are listed.
const MAX_LISTED: usize = 20;

impl Lines {
    /// Gives the first record the relations that it has in another file.
    pub fn lend_relations(&mut self, relations: Option<Relations>) {
        self.lent = relations;
    }

    /// The relations of the record that begins at `line`.
    pub fn relations_at(&self, line: usize, source: &impl Source, analyst: &mut Analyst) -> Relations {
        if let Some(lent) = self.lent.as_ref().filter(|_| line == 0) {
            return lent.clone();
        }
        let mut relations = Relations::default();
        let Some(entry) = self.table.get(line).filter(|entry| entry.relations != 0) else { return relations };
        let index = &self.table.index;
        let mut canonical_of = |record| self.canonical(record, source, analyst);
        if entry.has(Relation::Repeats) {
            let all = self.table.copies_of(entry.record);
            if all.first().is_some_and(|&first| canonical_of(entry.record) == canonical_of(first)) {
                let lines = all.iter().take(MAX_LISTED).map(|&record| self.line_of(record)).collect();
                relations.repeats = Some(Repeats { lines, count: all.len() });
            }
        }
        if (entry.has(Relation::OtherLabel) || entry.has(Relation::OtherTarget))
            && let Some(first) = self.table.first_with_target(index.meanings.digests(entry.record).0)
            && canonical_of(entry.record).0 == canonical_of(first).0
        {
            let target = index.meanings.label(first).filter(|_| index.meanings.label(entry.record).is_some()).cloned();
            relations.contradicts = Some(Contradicts { line: self.line_of(first), target });
        }
        relations.leak = index.leaks.get(&entry.record).map(|leak| leak.leak.clone());
        relations
    }

    /// The input and the target of an example in canonical form.
    pub(super) fn canonical(
        &self,
        record: RecordId,
        source: &(impl Source + ?Sized),
        analyst: &mut Analyst,
    ) -> (Vec<u8>, Vec<u8>) {
        let mut buffer = String::new();
        analyst.canonical(&source.record(self.record_at(self.line_of(record)), &mut buffer))
    }

    /// The lines of the examples with the same meaning as the one at `line`, except the first of them.
    pub fn copies(&self, line: usize, source: &impl Source, analyst: &mut Analyst) -> Vec<usize> {
        let Some(entry) = self.table.get(line).filter(|entry| entry.record != 0) else { return Vec::new() };
        let all = self.table.copies_of(entry.record);
        let Some((&first, copies)) = all.split_first() else { return Vec::new() };
        let first = self.canonical(first, source, analyst);
        let copies = copies.iter().filter(|&&copy| self.canonical(copy, source, analyst) == first);
        copies.map(|&copy| self.line_of(copy)).collect()
    }

    /// The line on which a record begins, 0-based.
    pub(super) fn line_of(&self, record: RecordId) -> usize {
        self.table.line_of(record)
    }
}
