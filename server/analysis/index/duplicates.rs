//! Which records of a file have the same meaning, the same input or the same video.
//!
//! A finding on two records depends on a [`Relation`] of one of them: of the second record with the same input and target,
//! or of one with another target than the first record with its input. Added and removed records are collected, and
//! [settled](Index::settle) together: a few by searching for their places, many at the cost of sorting all records.

use crate::analysis::index::clips::{Piece, Videos};
use crate::analysis::store::entry::Relation;
use crate::analysis::store::meanings::{MeaningStore, RecordId};
use crate::example::meaning::{Meaning, is_variant_of};
use crate::rules::relations::Leak;
use std::collections::{BTreeSet, HashMap};
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

/// An input with more targets than this is [`in_order`](Index::in_order) after an edit.
const MANY_TARGETS: usize = 64;

/// The records of a file by their meaning.
#[derive(Debug, Default)]
pub struct Index {
    pub meanings: MeaningStore,
    /// The settled records, by their digests; those with the same digests in the order of the file.
    sorted: Vec<RecordId>,
    /// The settled records with an input that has many targets, in the order of the file. Collected when one of them is
    /// edited.
    in_order: HashMap<u64, Vec<RecordId>>,
    /// The record of an input that contradicts the first one.
    contradicting: HashMap<u64, RecordId>,
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
        let mut related: Vec<Related> = if added.len() + removed.len() > MAX_INSERTED {
            self.relate_all(&place)
        } else {
            self.relate_some(&added, &removed, &place).into_iter().collect()
        };
        removed.into_iter().for_each(|record| self.meanings.free(record));
        related.retain(|&(record, bits)| {
            let before = if bits == 0 { self.related.remove(&record) } else { self.related.insert(record, bits) };
            before.unwrap_or(0) != bits
        });
        related
    }

    /// Sorts all records, and returns the relations of those that have any, or had. O(n log n).
    fn relate_all(&mut self, place: &impl Fn(RecordId) -> Place) -> Vec<Related> {
        let groups = self.sort(place);
        let mut now: HashMap<RecordId, u8> = HashMap::new();
        let mut contradicting = HashMap::new();
        for group in groups {
            let group = &self.sorted[group];
            let mut firsts = Vec::new();
            for same in group.chunk_by(|&one, &other| self.meanings.digests(one) == self.meanings.digests(other)) {
                now.extend(same.get(1).map(|&second| (second, Relation::Repeats as u8)));
                firsts.extend(same.first());
            }
            if let Some((record, relation)) = self.contradiction(sorted_by(firsts, place).into_iter()) {
                now.insert(record, relation as u8);
                contradicting.insert(self.input(record), record);
            }
        }
        (self.contradicting, self.in_order) = (contradicting, HashMap::new());
        let before = self.related.keys().filter(|record| !now.contains_key(record)).map(|&record| (record, 0));
        before.collect::<Vec<_>>().into_iter().chain(now).collect()
    }

    /// Puts a few records into their places, and returns the relations of those that may have others now. Each is found
    /// by a binary search, or among its copies if it was removed; the first contradiction among those with its input.
    fn relate_some(
        &mut self,
        added: &[RecordId],
        removed: &[RecordId],
        place: &impl Fn(RecordId) -> Place,
    ) -> HashMap<RecordId, u8> {
        let all = removed.iter().chain(added);
        let digests: BTreeSet<(u64, u32)> = all.map(|&record| self.meanings.digests(record)).collect();
        let inputs: BTreeSet<u64> = digests.iter().map(|&(input, _)| input).collect();
        let seconds = |index: &Self| {
            let second = |&(input, target): &(u64, u32)| index.with_digests(input, target).get(1).copied();
            digests.iter().filter_map(second).collect::<Vec<_>>()
        };
        let mut related: HashMap<RecordId, u8> = seconds(self).into_iter().map(|second| (second, 0)).collect();
        related.extend(inputs.iter().filter_map(|input| self.contradicting.remove(input)).map(|record| (record, 0)));
        for &record in removed {
            let same = self.range_of(self.meanings.digests(record));
            if let Some(at) = self.sorted[same.clone()].iter().position(|&other| other == record) {
                self.sorted.remove(same.start + at);
            }
            let input = self.input(record);
            if let Some(order) = self.in_order.get_mut(&input)
                && let Some(at) = order.iter().position(|&other| other == record)
            {
                order.remove(at);
            }
        }
        for &record in added.iter().filter(|&&record| self.meanings.contains(record)) {
            let own = place(record);
            let is_before = |&other: &RecordId| place(other) < own;
            let same = self.range_of(self.meanings.digests(record));
            let at = same.start + self.sorted[same].partition_point(is_before);
            self.sorted.insert(at, record);
            let input = self.input(record);
            if let Some(order) = self.in_order.get_mut(&input) {
                order.insert(order.partition_point(is_before), record);
            }
        }
        related.extend(seconds(self).into_iter().map(|second| (second, Relation::Repeats as u8)));
        for input in inputs {
            let found = match self.firsts(input, MANY_TARGETS) {
                Some(firsts) => {
                    self.in_order.remove(&input);
                    self.contradiction(sorted_by(firsts, place).into_iter())
                }
                None => {
                    if !self.in_order.contains_key(&input) {
                        let order = sorted_by(self.with_input(input).to_vec(), place);
                        self.in_order.insert(input, order);
                    }
                    self.contradiction(self.in_order.get(&input).into_iter().flatten().copied())
                }
            };
            if let Some((record, relation)) = found {
                self.contradicting.insert(input, record);
                related.insert(record, relation as u8);
            }
        }
        related
    }

    fn input(&self, record: RecordId) -> u64 {
        self.meanings.digests(record).0
    }

    /// Sorts all records by their digests: first into parts by the highest bits of the input, then each part. Returns
    /// the ranges of records that share an input. O(n), and O(n log n) within these ranges.
    fn sort(&mut self, place: &impl Fn(RecordId) -> Place) -> Vec<Range<usize>> {
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
                        group.sort_by_cached_key(|&(_, record)| (self.meanings.digests(record).1, place(record)));
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

    /// The settled records with these digests, in the order of the file.
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
        let has_target = |record: &RecordId| self.meanings.has_target(*record);
        match self.in_order.get(&input) {
            Some(order) => order.iter().copied().find(has_target),
            None => self.firsts(input, usize::MAX)?.into_iter().filter(has_target).min_by_key(|&record| place(record)),
        }
    }

    /// The first record with each target, of the records with this input; `None` if there are more targets than `most`.
    /// O(targets log n).
    fn firsts(&self, input: u64, most: usize) -> Option<Vec<RecordId>> {
        let (mut firsts, mut rest) = (Vec::new(), self.with_input(input));
        while let Some(&first) = rest.first() {
            if firsts.len() == most {
                return None;
            }
            firsts.push(first);
            let digests = self.meanings.digests(first);
            rest = &rest[rest.partition_point(|&record| self.meanings.digests(record) == digests)..];
        }
        Some(firsts)
    }

    /// The record that contradicts the first one that has a target, of records that share an input, in the order of the
    /// file.
    fn contradiction(&self, records: impl Iterator<Item = RecordId>) -> Option<(RecordId, Relation)> {
        let mut records = records.filter(|&record| self.meanings.has_target(record));
        let first = records.next()?;
        let label = |record: RecordId| self.meanings.label(record);
        let target = |record: RecordId| self.meanings.digests(record).1;
        let mut variant = None;
        for other in records {
            if target(other) == target(first) || variant.is_some_and(|variant| target(variant) == target(other)) {
                continue;
            }
            // A real difference matters more than one in spelling.
            match label(first).zip(label(other)) {
                Some((first, label)) if is_variant_of(first, label) => drop(variant.get_or_insert(other)),
                Some(_) => return Some((other, Relation::OtherLabel)),
                None => return Some((other, Relation::OtherTarget)),
            }
        }
        Some((variant?, Relation::OtherTarget))
    }
}

/// The records in the order of the file.
fn sorted_by(mut records: Vec<RecordId>, place: &impl Fn(RecordId) -> Place) -> Vec<RecordId> {
    if records.len() > 1 {
        records.sort_by_cached_key(|&record| place(record));
    }
    records
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
            let place = |record| (0, record as usize);
            index.settle(place);
            let digests = |record: &RecordId| index.meanings.digests(*record);
            assert!(index.sorted.is_sorted_by_key(digests), "{count}");
            let mut all = index.sorted.clone();
            all.sort_unstable();
            assert_eq!(all, index.meanings.records().collect::<Vec<_>>());
            for group in index.sort(&place) {
                let inputs: Vec<u64> = index.sorted[group.clone()].iter().map(|record| index.input(*record)).collect();
                assert!(inputs.len() > 1 && inputs.iter().all(|input| *input == inputs[0]));
                assert_eq!(index.with_input(inputs[0]).len(), group.len());
            }
            let several = index.sorted.chunk_by(|&one, &other| index.input(one) == index.input(other));
            let several = several.filter(|group| group.len() > 1).count();
            assert_eq!(index.sort(&place).len(), several);
        }
    }

    #[test]
    fn edits_give_the_relations_that_the_final_records_have() {
        let mut random = 1u64;
        let mut below = |bound: usize| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (random >> 33) as usize % bound
        };
        for round in 0..300 {
            // Few inputs and targets, or one input with many targets.
            let (inputs, targets) = if round % 2 == 0 { (3, 4) } else { (1, 300) };
            let meaning = |below: &mut dyn FnMut(usize) -> usize| {
                let target = u32::try_from(below(targets)).unwrap();
                let labels = ["Goal", "goal", "Goal.", "Foul"];
                let label = (target < 4).then(|| labels[target as usize].into());
                let has_target = target != 2;
                Meaning { input: below(inputs) as u64, target, has_target, label, ..Meaning::default() }
            };
            let (mut index, mut file) = (Index::default(), Vec::new());
            let place_in = |file: &[(RecordId, Meaning)], record: RecordId| {
                (0, file.iter().position(|(other, _)| *other == record).unwrap())
            };
            let mut relations = HashMap::new();
            for edit in 0..40 {
                let count = if edit == 0 { 150 } else { 1 + below(3) };
                for _ in 0..count {
                    if edit > 0 && below(2) == 0 && !file.is_empty() {
                        let (record, _) = file.remove(below(file.len()));
                        relations.remove(&record);
                        index.remove(record);
                    } else {
                        let meaning = meaning(&mut below);
                        file.insert(below(file.len() + 1), (index.add(&meaning), meaning));
                    }
                }
                relations.extend(index.settle(|record| place_in(&file, record)));
                relations.retain(|_, bits| *bits != 0);
                let mut fresh = Index::default();
                let ids: Vec<RecordId> = file.iter().map(|(_, meaning)| fresh.add(meaning)).collect();
                let expected = fresh.relate_all(&|record| (0, record as usize)).into_iter();
                let expected: HashMap<_, _> =
                    expected.map(|(id, bits)| (file[ids.iter().position(|own| *own == id).unwrap()].0, bits)).collect();
                assert_eq!(relations, expected, "round {round}, edit {edit}");
                for input in 0..inputs as u64 {
                    let first = file.iter().find(|(_, meaning)| meaning.input == input && meaning.has_target);
                    let found = index.first_with_target(input, |record| place_in(&file, record));
                    assert_eq!(found, first.map(|(record, _)| *record));
                }
            }
        }
    }
}
