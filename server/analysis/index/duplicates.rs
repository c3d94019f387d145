//! Which records of a file have the same meaning, the same input or the same video.
//!
//! A finding on two records depends on a [`Relation`] of one of them. Added and removed records are collected, and
//! [settled](Index::settle) together: a few at the cost of the records with the same inputs, many at the cost of sorting
//! all records.

use crate::analysis::index::clips::{Piece, Videos};
use crate::analysis::store::entry::Relation;
use crate::analysis::store::meanings::{MeaningStore, RecordId};
use crate::example::meaning::{Meaning, is_variant_of};
use crate::rules::relations::Leak;
use std::collections::HashMap;
use std::ops::Range;

/// The training record that a held-out record leaks from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeakOrigin {
    /// The position of the training file among the members of the dataset.
    pub file: usize,
    /// The record in that file.
    pub record: RecordId,
    pub leak: Leak,
}

/// The position of a record in its file, as something that increases from record to record.
pub type Place = (usize, usize);

/// A record and the bits of its [`Relation`]s except [`Relation::Leaks`].
pub type Related = (RecordId, u8);

/// The meaning of a record that was added or removed, and its id if it was added.
pub type Change = (Meaning, Option<RecordId>);

/// More changes than this are not listed.
const MAX_CHANGES: usize = 1_000;

/// More added and removed records than this are settled by sorting all records.
const MAX_INSERTED: usize = 64;

/// The records of a file by their meaning.
#[derive(Debug, Default)]
pub struct Index {
    pub meanings: MeaningStore,
    /// The settled records, by their digests.
    sorted: Vec<RecordId>,
    /// Records added since then; if there are many, only the first of them.
    added: Vec<RecordId>,
    /// Records removed since then.
    removed: Vec<RecordId>,
    /// The relations of the records that have any.
    related: HashMap<RecordId, u8>,
    /// `None` until they are [wanted](Self::want_videos).
    videos: Option<Videos>,
    /// The records that leak.
    pub leaks: HashMap<RecordId, LeakOrigin>,
    /// The changes since they were taken. `None`: any record may be among them.
    pub changes: Option<Vec<Change>>,
}

impl Index {
    /// Adds a record.
    pub fn add(&mut self, meaning: &Meaning) -> RecordId {
        let record = self.meanings.add(meaning);
        self.list_change(record, true);
        if let Some(videos) = &mut self.videos {
            videos.add(record, &self.meanings);
        }
        // If there are more, all records are sorted.
        if self.added.len() <= MAX_INSERTED {
            self.added.push(record);
        }
        record
    }

    /// Removes a record and its own relations. The relations of others to it are settled later.
    pub fn remove(&mut self, record: RecordId) {
        self.list_change(record, false);
        if let Some(videos) = &mut self.videos {
            videos.remove(record, &self.meanings);
        }
        self.related.remove(&record);
        self.leaks.remove(&record);
        self.meanings.remove(record);
        self.removed.push(record);
    }

    fn list_change(&mut self, record: RecordId, added: bool) {
        if let Some(changes) = &mut self.changes {
            changes.extend(self.meanings.meaning(record).map(|meaning| (meaning, added.then_some(record))));
            self.changes.take_if(|changes| changes.len() > MAX_CHANGES);
        }
    }

    /// Starts to index videos. O(records) the first time.
    pub fn want_videos(&mut self) {
        let meanings = &self.meanings;
        self.videos.get_or_insert_with(|| {
            let mut videos = Videos::default();
            meanings.records().for_each(|record| videos.add(record, meanings));
            videos
        });
    }

    /// The pieces of a video that the records show; none until videos are [wanted](Self::want_videos).
    pub fn pieces(&self, video: u64) -> impl Iterator<Item = Piece> {
        self.videos.iter().flat_map(move |videos| videos.pieces(video, &self.meanings))
    }

    /// Whether every added and removed record is settled.
    pub fn is_settled(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }

    /// Updates `sorted` with the records that were added and removed, and returns the records whose relations changed.
    pub fn settle(&mut self, place: impl Fn(RecordId) -> Place) -> Vec<Related> {
        let added: Vec<RecordId> = std::mem::take(&mut self.added);
        let removed = std::mem::take(&mut self.removed);
        let mut related = Vec::new();
        if added.len() + removed.len() > MAX_INSERTED {
            for group in self.sort() {
                self.relate(&self.sorted[group], &place, &mut related);
            }
            // The other records have no relations any more.
            let now: HashMap<RecordId, u8> = related.iter().copied().collect();
            related.extend(self.related.keys().filter(|record| !now.contains_key(record)).map(|&record| (record, 0)));
        } else {
            let mut inputs: Vec<u64> = removed.iter().chain(&added).map(|&record| self.input(record)).collect();
            inputs.sort_unstable();
            inputs.dedup();
            for &record in &removed {
                let mut same = self.range_of(self.meanings.digests(record));
                if let Some(at) = same.find(|&at| self.sorted[at] == record) {
                    self.sorted.remove(at);
                }
            }
            for &record in added.iter().filter(|&&record| self.meanings.contains(record)) {
                let at = self.range_of(self.meanings.digests(record)).start;
                self.sorted.insert(at, record);
            }
            for input in inputs {
                self.relate(self.with_input(input), &place, &mut related);
            }
        }
        removed.into_iter().for_each(|record| self.meanings.free(record));
        related.retain(|&(record, bits)| {
            let before = if bits == 0 { self.related.remove(&record) } else { self.related.insert(record, bits) };
            before.unwrap_or(0) != bits
        });
        related
    }

    fn input(&self, record: RecordId) -> u64 {
        self.meanings.digests(record).0
    }

    /// Sorts all records by their digests: first into parts by the highest bits of the input, then each part. Returns
    /// the ranges of records that share an input. O(n).
    fn sort(&mut self) -> Vec<Range<usize>> {
        const RECORDS_PER_PART: usize = 8;
        // The digests are scattered in memory: it is faster to read those of many parts before sorting any.
        const PARTS_AT_ONCE: usize = 256;
        let parts = self.meanings.id_bound() / RECORDS_PER_PART + 1;
        let part_of = |input: u64| ((u128::from(input) * parts as u128) >> 64) as usize;
        // Where the next record of each part goes.
        let mut next = vec![0; parts + 1];
        self.meanings.records().for_each(|record| next[part_of(self.input(record)) + 1] += 1);
        let mut count = 0u32;
        for start in &mut next {
            count += *start;
            *start = count;
        }
        let mut sorted = std::mem::take(&mut self.sorted);
        sorted.clear();
        sorted.reserve_exact(count as usize);
        sorted.resize(count as usize, 0);
        for record in self.meanings.records() {
            let next = &mut next[part_of(self.input(record))];
            sorted[*next as usize] = record;
            *next += 1;
        }
        let (mut groups, mut keyed, mut at) = (Vec::new(), Vec::new(), 0);
        for ends in next[..parts].chunks(PARTS_AT_ONCE) {
            let first = at;
            let some = &mut sorted[first..ends.last().map_or(first, |end| *end as usize)];
            keyed.clear();
            keyed.extend(some.iter().map(|&record| (self.input(record), record)));
            for &end in ends {
                let part = &mut keyed[at - first..end as usize - first];
                part.sort_unstable();
                for group in part.chunk_by_mut(|one, other| one.0 == other.0) {
                    if group.len() > 1 {
                        group.sort_by_key(|&(_, record)| self.meanings.digests(record).1);
                        groups.push(at..at + group.len());
                    }
                    at += group.len();
                }
            }
            some.iter_mut().zip(&keyed).for_each(|(record, (_, own))| *record = *own);
        }
        self.sorted = sorted;
        groups
    }

    /// The settled records with this input, by the digests of their targets.
    fn with_input(&self, input: u64) -> &[RecordId] {
        let first = self.sorted.partition_point(|&record| self.input(record) < input);
        let rest = &self.sorted[first..];
        &rest[..rest.partition_point(|&record| self.input(record) == input)]
    }

    /// The settled records with these digests, in no order.
    pub fn with_digests(&self, input: u64, target: u32) -> &[RecordId] {
        &self.sorted[self.range_of((input, target))]
    }

    /// Where the settled records with these digests are.
    fn range_of(&self, digests: (u64, u32)) -> Range<usize> {
        let start = self.sorted.partition_point(|&record| self.meanings.digests(record) < digests);
        let rest = &self.sorted[start..];
        start..start + rest.partition_point(|&record| self.meanings.digests(record) == digests)
    }

    /// The first record of the file with this input and a target.
    pub fn first_with_target(&self, input: u64, place: impl Fn(RecordId) -> Place) -> Option<RecordId> {
        let targets = self.with_input(input).iter().filter(|&&record| self.meanings.has_target(record));
        targets.min_by_key(|&&record| place(record)).copied()
    }

    /// Finds the relations between the records of a group, which share an input. O(members).
    fn relate(&self, group: &[RecordId], place: &impl Fn(RecordId) -> Place, related: &mut Vec<Related>) {
        if let [alone] = group {
            return related.push((*alone, 0));
        }
        let start = related.len();
        let mut firsts = Vec::new();
        for same in group.chunk_by(|&one, &other| self.meanings.digests(one) == self.meanings.digests(other)) {
            let [first, second] = first_two(same.iter().map(|&record| (place(record), record)));
            let repeats = |record: RecordId| second.is_some_and(|(_, second)| second == record);
            let bits = |&record: &RecordId| (record, if repeats(record) { Relation::Repeats as u8 } else { 0 });
            related.extend(same.iter().map(bits));
            firsts.extend(first.filter(|&(_, first)| self.meanings.has_target(first)));
        }
        firsts.sort_unstable();
        let Some((&(_, first), others)) = firsts.split_first() else { return };
        let label = |record: RecordId| self.meanings.label(record);
        let is_variant =
            |other: RecordId| label(first).zip(label(other)).is_some_and(|(first, other)| is_variant_of(first, other));
        // A real difference matters more than one in spelling.
        let different = others.iter().find(|&&(_, other)| !is_variant(other));
        let Some(&(_, other)) = different.or(others.first()) else { return };
        let labels = different.is_some() && label(first).is_some() && label(other).is_some();
        let relation = if labels { Relation::OtherLabel } else { Relation::OtherTarget };
        if let Some((_, bits)) = related[start..].iter_mut().find(|(record, _)| *record == other) {
            *bits |= relation as u8;
        }
    }
}

/// The two smallest.
fn first_two<T: Ord + Copy>(all: impl Iterator<Item = T>) -> [Option<T>; 2] {
    let (mut first, mut second) = (None, None);
    for next in all {
        if first.is_none_or(|first| next < first) {
            (first, second) = (Some(next), first);
        } else if second.is_none_or(|second| next < second) {
            second = Some(next);
        }
    }
    [first, second]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_records_is_sorted_by_digests() {
        for count in [1u64, 65, 70, 1_000, 10_000] {
            let mut index = Index::default();
            // Some inputs come several times, and some stand close to each other.
            let inputs = (0..count)
                .map(|number| (number % (count / 2 + 1)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (number % 2 * 40));
            for (number, input) in (0u32..).zip(inputs) {
                index.add(&Meaning { input, target: number % 3, has_target: true, ..Meaning::default() });
            }
            index.settle(|record| (0, record as usize));
            let digests = |record: &RecordId| index.meanings.digests(*record);
            assert!(index.sorted.is_sorted_by_key(digests), "{count}");
            let mut all = index.sorted.clone();
            all.sort_unstable();
            assert_eq!(all, index.meanings.records().collect::<Vec<_>>());
            for group in index.sort() {
                let inputs: Vec<u64> = index.sorted[group.clone()].iter().map(|record| index.input(*record)).collect();
                assert!(inputs.len() > 1 && inputs.iter().all(|input| *input == inputs[0]));
                assert_eq!(index.with_input(inputs[0]).len(), group.len());
            }
            let several = index.sorted.chunk_by(|&one, &other| index.input(one) == index.input(other));
            let several = several.filter(|group| group.len() > 1).count();
            assert_eq!(index.sort().len(), several);
        }
    }
}
