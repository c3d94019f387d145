//! Which records of a file mean the same, ask the same, teach the same or show the same video.
//!
//! Every answer that hangs on two records is kept as a [`Relation`] of one of them, and corrected when a
//! record comes or goes: at the cost of its groups, not of the file.

use crate::analysis::groups::{Groups, Places, RecordId};
use crate::rules::Fact;
use crate::rules::relations::Leak;
use crate::schema::meaning::Meaning;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

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

/// A relation that a record has got (`true`) or lost.
pub(super) type Turned = (RecordId, Relation, bool);

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

impl Changes {
    fn note(&mut self, meaning: &Meaning, record: Option<RecordId>) {
        if !self.all {
            self.records.push((meaning.clone(), record));
            if self.records.len() > MOST_CHANGES {
                *self = Self { all: true, records: Vec::new() };
            }
        }
    }
}

/// The records of a file by what they mean.
#[derive(Debug)]
pub(super) struct Index {
    /// The meaning of each record; `None` for a number that is free. The first is never used.
    meanings: Vec<Option<Meaning>>,
    free: Vec<RecordId>,
    /// By the digest of the whole example.
    pub wholes: Groups,
    /// By the digest of the input: the first record of each whole that has a target.
    pub inputs: Groups,
    /// The labels that targets are, and how many records have each.
    pub labels: HashMap<Arc<str>, u32>,
    /// By the digest of a video's location.
    pub videos: Groups,
    pub leaks: HashMap<RecordId, Source>,
    pub changes: Changes,
}

impl Default for Index {
    fn default() -> Self {
        Self {
            meanings: vec![None],
            free: Vec::new(),
            wholes: Groups::default(),
            inputs: Groups::default(),
            labels: HashMap::new(),
            videos: Groups::default(),
            leaks: HashMap::new(),
            changes: Changes { all: true, records: Vec::new() },
        }
    }
}

impl Index {
    pub fn meaning(&self, record: RecordId) -> Option<&Meaning> {
        self.meanings.get(record as usize)?.as_ref()
    }

    /// All records, in no order of the file.
    pub fn records(&self) -> impl Iterator<Item = RecordId> {
        (0..).zip(&self.meanings).filter(|(_, meaning)| meaning.is_some()).map(|(record, _)| record)
    }

    /// A number for a record that is about to be [added](Self::add).
    pub fn reserve(&mut self) -> RecordId {
        self.free.pop().unwrap_or_else(|| {
            self.meanings.push(None);
            u32::try_from(self.meanings.len() - 1).unwrap_or(0)
        })
    }

    /// How many numbers there are, used or not.
    pub fn numbers(&self) -> usize {
        self.meanings.len()
    }

    /// Adds a record, whose place has to be known already.
    pub fn add(&mut self, record: RecordId, mut meaning: Meaning, places: &impl Places, turned: &mut Vec<Turned>) {
        self.changes.note(&meaning, Some(record));
        let whole = meaning.whole();
        for video in videos(&meaning) {
            self.videos.push(video, record);
        }
        if let Some(label) = &mut meaning.label {
            let class = self.labels.entry(Arc::clone(label));
            // One text for all that have it.
            *label = Arc::clone(class.key());
            *class.or_default() += 1;
        }
        self.meanings[record as usize] = Some(meaning);
        self.regroup(whole, turned, |index| index.wholes.insert(whole, record, places), places);
    }

    /// Takes a record out; its place still has to be known.
    pub fn remove(&mut self, record: RecordId, places: &impl Places, turned: &mut Vec<Turned>) {
        let Some(meaning) = self.meaning(record).cloned() else { return };
        self.changes.note(&meaning, None);
        let whole = meaning.whole();
        self.regroup(whole, turned, |index| index.wholes.remove(whole, record, places), places);
        if let Some(label) = &meaning.label
            && let Entry::Occupied(mut class) = self.labels.entry(Arc::clone(label))
        {
            *class.get_mut() -= 1;
            if *class.get() == 0 {
                class.remove();
            }
        }
        for video in videos(&meaning) {
            self.videos.drop_pushed(video, record);
        }
        self.leaks.remove(&record);
        self.meanings[record as usize] = None;
        self.free.push(record);
    }

    /// Changes the group of those that mean the same, and what follows from who is first and second in it.
    fn regroup(&mut self, whole: u64, turned: &mut Vec<Turned>, change: impl FnOnce(&mut Self), places: &impl Places) {
        let before = [self.wholes.get(whole).first().copied(), self.wholes.get(whole).get(1).copied()];
        change(self);
        let after = [self.wholes.get(whole).first().copied(), self.wholes.get(whole).get(1).copied()];
        turn(
            turned,
            before[1].map(|record| (record, Relation::Repeats)),
            after[1].map(|record| (record, Relation::Repeats)),
        );
        if before[0] == after[0] {
            return;
        }
        let Some(meaning) = before[0].or(after[0]).and_then(|record| self.meaning(record)) else { return };
        if !meaning.has_target {
            return;
        }
        let input = meaning.input;
        let before_conflict = self.conflict(input);
        if let Some(record) = before[0] {
            self.inputs.remove(input, record, places);
        }
        if let Some(record) = after[0] {
            self.inputs.insert(input, record, places);
        }
        turn(turned, before_conflict, self.conflict(input));
    }

    /// The record that answers otherwise than the first with this input, and how.
    fn conflict(&self, input: u64) -> Option<(RecordId, Relation)> {
        let [first, other, ..] = self.inputs.get(input) else { return None };
        let is_label = |record| self.meaning(record).is_some_and(|meaning| meaning.label.is_some());
        let labels = is_label(*first) && is_label(*other);
        Some((*other, if labels { Relation::OtherLabel } else { Relation::OtherTarget }))
    }
}

fn turn(turned: &mut Vec<Turned>, before: Option<(RecordId, Relation)>, after: Option<(RecordId, Relation)>) {
    if before != after {
        turned.extend(before.map(|(record, relation)| (record, relation, false)));
        turned.extend(after.map(|(record, relation)| (record, relation, true)));
    }
}

/// The videos of an example, each once.
fn videos(meaning: &Meaning) -> impl Iterator<Item = u64> {
    let clips = &meaning.clips;
    let first = |place: usize| clips[..place].iter().all(|clip| clip.video != clips[place].video);
    (0..clips.len()).filter(move |&place| first(place)).map(|place| clips[place].video)
}
