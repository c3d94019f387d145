//! Which records of a file mean the same, ask the same, teach the same or show the same video.
//!
//! Every answer that hangs on two records is kept as a [`Relation`] of one of them. What came and went is
//! noted and [settled](Index::settle) at once: at the cost of its groups for a few records, and of putting
//! all of them in order for many.

use crate::analysis::groups::{Groups, Places, RecordId};
use crate::analysis::known::Known;
use crate::rules::Fact;
use crate::rules::relations::Leak;
use crate::schema::meaning::{Clip, Meaning};
use std::collections::HashMap;
use std::ops::Range;

/// What another record has to do with a record, as a bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// It is the second of those that mean the same.
    Repeats = 1,
    /// It is the first that answers otherwise than the first of those that ask the same; both are labels.
    OtherLabel = 2,
    /// The same, with longer answers.
    OtherTarget = 4,
    /// It is held out, and the training file has it too.
    Leaks = 8,
}

impl Relation {
    pub const ALL: [Relation; 4] = [Relation::Repeats, Relation::OtherLabel, Relation::OtherTarget, Relation::Leaks];

    /// The fact that it counts as.
    pub fn fact(self) -> Fact {
        match self {
            Relation::Repeats => Fact::REPEATS,
            Relation::OtherLabel => Fact::OTHER_LABEL,
            Relation::OtherTarget => Fact::OTHER_TARGET,
            Relation::Leaks => Fact::LEAKS,
        }
    }
}

/// Where a held-out record leaks from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    /// Which of the training files.
    pub file: usize,
    /// The record in that file.
    pub record: RecordId,
    /// What is told of it.
    pub told: Leak,
}

/// A record and the bits of all its [`Relation`]s but [`Relation::Leaks`].
pub(super) type Related = (RecordId, u8);

/// Records that came or went since somebody asked; more than a thousand count as all.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes {
    /// Whether they are too many to name.
    pub all: bool,
    /// Their meanings, and their numbers where they came.
    pub records: Vec<(Meaning, Option<RecordId>)>,
}

/// So many changes are named.
const MOST_CHANGES: usize = 1_000;

/// For more records than this, all are put in order anew.
const FEW: usize = 64;

impl Changes {
    fn note(&mut self, meaning: impl FnOnce() -> Option<Meaning>, record: Option<RecordId>) {
        if !self.all {
            self.records.extend(meaning().map(|meaning| (meaning, record)));
            if self.records.len() > MOST_CHANGES {
                *self = Self { all: true, records: Vec::new() };
            }
        }
    }
}

/// The records of a file by what they mean.
#[derive(Debug)]
pub(super) struct Index {
    pub known: Known,
    /// The records that were settled, by their digests.
    in_order: Vec<RecordId>,
    /// Came since then, at least the first of them.
    added: Vec<RecordId>,
    /// Went since then.
    gone: Vec<RecordId>,
    /// The relations of the records that have any.
    related: HashMap<RecordId, u8>,
    /// By the digest of a video's location, once somebody has asked.
    videos: Option<Groups>,
    pub leaks: HashMap<RecordId, Source>,
    pub changes: Changes,
}

impl Default for Index {
    fn default() -> Self {
        Self {
            known: Known::default(),
            in_order: Vec::new(),
            added: Vec::new(),
            gone: Vec::new(),
            related: HashMap::new(),
            videos: None,
            leaks: HashMap::new(),
            changes: Changes { all: true, records: Vec::new() },
        }
    }
}

impl Index {
    /// Adds a record.
    pub fn add(&mut self, meaning: &Meaning) -> RecordId {
        let record = self.known.add(meaning);
        let known = &self.known;
        self.changes.note(|| known.meaning(record), Some(record));
        if let Some(videos) = &mut self.videos {
            videos_of(known, record).into_iter().for_each(|video| videos.insert(video, record));
        }
        // Of more than a few nobody asks which they are.
        if self.added.len() <= FEW {
            self.added.push(record);
        }
        record
    }

    /// Takes a record out, and with it the relations it has; what others have to do with it is settled later.
    pub fn remove(&mut self, record: RecordId) {
        let known = &self.known;
        self.changes.note(|| known.meaning(record), None);
        if let Some(videos) = &mut self.videos {
            videos_of(known, record).into_iter().for_each(|video| videos.remove(video, record));
        }
        self.related.remove(&record);
        self.leaks.remove(&record);
        self.known.take(record);
        self.gone.push(record);
    }

    /// Makes it possible to [ask for videos](Self::showing). O(records) once.
    pub fn want_videos(&mut self) {
        if self.videos.is_none() {
            let mut videos = Groups::default();
            for record in self.known.records() {
                videos_of(&self.known, record).into_iter().for_each(|video| videos.insert(video, record));
            }
            self.videos = Some(videos);
        }
    }

    /// The records that show a piece of a video; none before they were [wanted](Self::want_videos).
    pub fn showing(&self, video: u64) -> &[RecordId] {
        self.videos.as_ref().map_or(&[], |videos| videos.get(video))
    }

    /// Whether all that came and went is settled.
    pub fn is_settled(&self) -> bool {
        self.added.is_empty() && self.gone.is_empty()
    }

    /// Puts what came and went since the last time where it belongs, and says whose relations have changed.
    pub fn settle(&mut self, places: &impl Places) -> Vec<Related> {
        let added: Vec<RecordId> = std::mem::take(&mut self.added);
        let gone = std::mem::take(&mut self.gone);
        let mut related = Vec::new();
        if added.len() + gone.len() > FEW {
            for group in self.put_in_order() {
                self.relate(&self.in_order[group], places, &mut related);
            }
            // Nobody is left who has to do with the others.
            let now: HashMap<RecordId, u8> = related.iter().copied().collect();
            related.extend(self.related.keys().filter(|record| !now.contains_key(record)).map(|&record| (record, 0)));
        } else {
            let mut inputs: Vec<u64> = gone.iter().chain(&added).map(|&record| self.input(record)).collect();
            inputs.sort_unstable();
            inputs.dedup();
            gone.iter().for_each(|&record| self.take_out(record));
            added.iter().filter(|&&record| self.known.has(record)).for_each(|&record| {
                let at = self.in_order.partition_point(|&other| self.known.digests(other) < self.known.digests(record));
                self.in_order.insert(at, record);
            });
            for input in inputs {
                self.relate(self.asking(input), places, &mut related);
            }
        }
        gone.into_iter().for_each(|record| self.known.forget(record));
        related.retain(|&(record, bits)| {
            let before = if bits == 0 { self.related.remove(&record) } else { self.related.insert(record, bits) };
            before.unwrap_or(0) != bits
        });
        related
    }

    fn input(&self, record: RecordId) -> u64 {
        self.known.digests(record).0
    }

    /// Takes a record out of the order, if it was in it.
    fn take_out(&mut self, record: RecordId) {
        let digests = self.known.digests(record);
        let first = self.in_order.partition_point(|&other| self.known.digests(other) < digests);
        let same = self.in_order[first..].iter().take_while(|&&other| self.known.digests(other) == digests);
        if let Some(at) = same.into_iter().position(|&other| other == record) {
            self.in_order.remove(first + at);
        }
    }

    /// Puts all records in the order of their digests: by their highest bits first, then those among a few that
    /// share these. Gives the places of those that have one input, where there are several. O(n).
    fn put_in_order(&mut self) -> Vec<Range<usize>> {
        const OF_A_PART: usize = 8;
        // Digests lie anywhere in memory: many are asked for before any is needed.
        const PARTS_AT_ONCE: usize = 256;
        let parts = self.known.numbers() / OF_A_PART + 1;
        let part_of = |input: u64| ((u128::from(input) * parts as u128) >> 64) as usize;
        // Where the next record of each part goes.
        let mut next = vec![0; parts + 1];
        self.known.records().for_each(|record| next[part_of(self.input(record)) + 1] += 1);
        let mut count = 0u32;
        for start in &mut next {
            count += *start;
            *start = count;
        }
        let mut in_order = std::mem::take(&mut self.in_order);
        in_order.clear();
        in_order.reserve_exact(count as usize);
        in_order.resize(count as usize, 0);
        for record in self.known.records() {
            let next = &mut next[part_of(self.input(record))];
            in_order[*next as usize] = record;
            *next += 1;
        }
        let (mut groups, mut keyed, mut at) = (Vec::new(), Vec::new(), 0);
        for ends in next[..parts].chunks(PARTS_AT_ONCE) {
            let first = at;
            let some = &mut in_order[first..ends.last().map_or(first, |end| *end as usize)];
            keyed.clear();
            keyed.extend(some.iter().map(|&record| (self.input(record), record)));
            for &end in ends {
                let part = &mut keyed[at - first..end as usize - first];
                part.sort_unstable();
                for group in part.chunk_by_mut(|one, other| one.0 == other.0) {
                    if group.len() > 1 {
                        group.sort_by_key(|&(_, record)| self.known.digests(record).1);
                        groups.push(at..at + group.len());
                    }
                    at += group.len();
                }
            }
            some.iter_mut().zip(&keyed).for_each(|(record, (_, own))| *record = *own);
        }
        self.in_order = in_order;
        groups
    }

    /// The records with this input, by the digests of their targets. Those that are not settled yet are not
    /// among them.
    fn asking(&self, input: u64) -> &[RecordId] {
        let first = self.in_order.partition_point(|&record| self.input(record) < input);
        let rest = &self.in_order[first..];
        &rest[..rest.partition_point(|&record| self.input(record) == input)]
    }

    /// The records that mean this, in no order.
    pub fn meaning_the_same(&self, input: u64, target: u32) -> &[RecordId] {
        let asking = self.asking(input);
        let target_of = |record: RecordId| self.known.digests(record).1;
        let first = asking.partition_point(|&record| target_of(record) < target);
        let rest = &asking[first..];
        &rest[..rest.partition_point(|&record| target_of(record) == target)]
    }

    /// The first record of the file with this input and a target.
    pub fn first_answer(&self, input: u64, places: &impl Places) -> Option<RecordId> {
        let answers = self.asking(input).iter().filter(|&&record| self.known.has_target(record));
        answers.min_by_key(|&&record| places.place(record)).copied()
    }

    /// What the records of a group, which have one input, have to do with each other. O(members).
    fn relate(&self, group: &[RecordId], places: &impl Places, related: &mut Vec<Related>) {
        if let [alone] = group {
            return related.push((*alone, 0));
        }
        let start = related.len();
        let mut firsts = Vec::new();
        for same in group.chunk_by(|&one, &other| self.known.digests(one) == self.known.digests(other)) {
            let [first, second] = first_two(same.iter().map(|&record| (places.place(record), record)));
            let repeats = |record: RecordId| second.is_some_and(|(_, second)| second == record);
            let bits = |&record: &RecordId| (record, if repeats(record) { Relation::Repeats as u8 } else { 0 });
            related.extend(same.iter().map(bits));
            firsts.extend(first.filter(|&(_, first)| self.known.has_target(first)));
        }
        let [Some((_, first)), Some((_, other))] = first_two(firsts.into_iter()) else { return };
        let labels = [first, other].iter().all(|&record| self.known.label(record).is_some());
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

/// The videos of a record, each once.
fn videos_of(known: &Known, record: RecordId) -> Vec<u64> {
    let mut videos: Vec<u64> = known.clips(record).map(|Clip { video, .. }| video).collect();
    videos.sort_unstable();
    videos.dedup();
    videos
}

#[cfg(test)]
mod tests {
    use super::*;

    struct ByNumber;

    impl Places for ByNumber {
        fn place(&self, record: RecordId) -> (usize, usize) {
            (0, record as usize)
        }
    }

    #[test]
    fn records_are_in_the_order_of_their_digests_however_many_they_are() {
        for count in [1u64, 65, 70, 1_000, 10_000] {
            let mut index = Index::default();
            // Some inputs come several times, and some stand close to each other.
            let inputs = (0..count)
                .map(|number| (number % (count / 2 + 1)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (number % 2 * 40));
            for (number, input) in (0u32..).zip(inputs) {
                index.add(&Meaning { input, target: number % 3, has_target: true, ..Meaning::default() });
            }
            index.settle(&ByNumber);
            let digests = |record: &RecordId| index.known.digests(*record);
            assert!(index.in_order.is_sorted_by_key(digests), "{count}");
            let mut all = index.in_order.clone();
            all.sort_unstable();
            assert_eq!(all, index.known.records().collect::<Vec<_>>());
            for group in index.put_in_order() {
                let inputs: Vec<u64> =
                    index.in_order[group.clone()].iter().map(|record| index.input(*record)).collect();
                assert!(inputs.len() > 1 && inputs.iter().all(|input| *input == inputs[0]));
                assert_eq!(index.asking(inputs[0]).len(), group.len());
            }
            let several = index.in_order.chunk_by(|&one, &other| index.input(one) == index.input(other));
            let several = several.filter(|group| group.len() > 1).count();
            assert_eq!(index.put_in_order().len(), several);
        }
    }
}
