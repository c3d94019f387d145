//! Stores the meanings of a file's records, in 16 bytes each and one for a text that most of them have.

use crate::analysis::store::fixed_texts::FixedTexts;
use crate::example::meaning::{Clip, Meaning};
use std::collections::HashMap;
use std::sync::Arc;

/// Identifies a record that has a meaning, for as long as it is in the file. 0 is no record.
pub type RecordId = u32;

/// A record's meaning in 16 bytes.
#[derive(Clone, Copy, Debug)]
struct Stored {
    /// The digest of the input, its lower half first.
    input: [u32; 2],
    target: u32,
    /// Flags, and in the other bits the place of its clips or, with [`LABELED`], its place in `labeled`.
    rest: u32,
}

/// It has a target.
const HAS_TARGET: u32 = 1 << 31;
/// Its target is a label.
const LABELED: u32 = 1 << 30;
/// All bits but the flags; as a place: no clips.
const PLACE: u32 = LABELED - 1;
/// The record was removed.
const REMOVED: u32 = u32::MAX;

impl Stored {
    fn input(&self) -> u64 {
        u64::from(self.input[0]) | u64::from(self.input[1]) << 32
    }

    /// Its place in `labeled`, if it has one.
    fn labeled(&self) -> Option<usize> {
        (self.rest & LABELED != 0).then_some((self.rest & PLACE) as usize)
    }
}

/// A clip in 16 bytes: times in milliseconds.
#[derive(Clone, Copy, Debug)]
struct StoredClip {
    video: u64,
    /// The highest bit says that the record's next clip follows.
    start: u32,
    end: u32,
}

const ANOTHER: u32 = 1 << 31;
/// As the start: the end is the place of the clip in `other_clips`.
const OTHER: u32 = ANOTHER - 1;
/// As the end: the clip has no end.
const OPEN: u32 = u32::MAX;

/// The meanings of a file's records.
#[derive(Debug, Default)]
pub struct MeaningStore {
    /// By [`RecordId`]; the first is never used.
    records: Vec<Stored>,
    free_ids: Vec<RecordId>,
    /// The number of the label and the place of the clips, for each record whose target is a label.
    labeled: Vec<(u32, u32)>,
    free_labeled: Vec<u32>,
    clips: Vec<StoredClip>,
    /// Clips whose times aren't whole milliseconds, or exceed three weeks.
    other_clips: Vec<Clip>,
    /// Each label, by its number, and how many records have it.
    labels: Vec<(Arc<str>, u32)>,
    label_numbers: HashMap<Arc<str>, u32>,
    free_labels: Vec<u32>,
    pub fixed_texts: FixedTexts,
}

impl MeaningStore {
    /// All [`RecordId`]s are below this.
    pub fn id_bound(&self) -> usize {
        self.records.len()
    }

    /// All records, by their ids.
    pub fn records(&self) -> impl Iterator<Item = RecordId> {
        (0..).zip(&self.records).filter(|(_, stored)| stored.rest != REMOVED).map(|(record, _)| record)
    }

    /// The record, unless it was [removed](Self::remove).
    fn get(&self, record: RecordId) -> Option<&Stored> {
        self.records.get(record as usize).filter(|stored| stored.rest != REMOVED)
    }

    /// Whether the record was not [removed](Self::remove).
    pub fn contains(&self, record: RecordId) -> bool {
        self.get(record).is_some()
    }

    /// The digests of a record's input and target. They stay after [`remove`](Self::remove) until
    /// [`free`](Self::free).
    pub fn digests(&self, record: RecordId) -> (u64, u32) {
        self.records.get(record as usize).map_or((0, 0), |stored| (stored.input(), stored.target))
    }

    pub fn has_target(&self, record: RecordId) -> bool {
        self.records.get(record as usize).is_some_and(|stored| stored.rest & HAS_TARGET != 0)
    }

    /// The record's target, if it is a label.
    pub fn label(&self, record: RecordId) -> Option<&Arc<str>> {
        let (label, _) = self.labeled.get(self.get(record)?.labeled()?)?;
        self.labels.get(*label as usize).map(|(label, _)| label)
    }

    /// The number of labels.
    pub fn label_count(&self) -> usize {
        self.label_numbers.len()
    }

    /// Each label and how many records have it.
    pub fn labels(&self) -> impl Iterator<Item = (Arc<str>, u32)> {
        self.labels.iter().filter(|(_, count)| *count > 0).cloned()
    }

    /// The records with this label. O(records).
    pub fn with_label(&self, label: &str) -> impl Iterator<Item = RecordId> {
        let number = self.label_numbers.get(label).copied();
        self.records().filter(move |record| {
            let place = self.get(*record).and_then(Stored::labeled);
            number.is_some() && place.and_then(|place| self.labeled.get(place)).map(|(label, _)| *label) == number
        })
    }

    /// The pieces of video that a record shows.
    pub fn clips(&self, record: RecordId) -> impl Iterator<Item = Clip> {
        let mut next = self.get(record).map(|stored| self.clips_of(stored)).filter(|clips| *clips != PLACE);
        std::iter::from_fn(move || {
            let at = next?;
            let clip = self.clips.get(at as usize)?;
            next = (clip.start & ANOTHER != 0).then_some(at + 1);
            let micros = |millis: u32| u64::from(millis) * 1_000;
            match clip.start & !ANOTHER {
                OTHER => self.other_clips.get(clip.end as usize).copied(),
                start => {
                    let end = if clip.end == OPEN { u64::MAX } else { micros(clip.end) };
                    Some(Clip { video: clip.video, start: micros(start), end })
                }
            }
        })
    }

    /// The meaning of a record.
    pub fn meaning(&self, record: RecordId) -> Option<Meaning> {
        let stored = self.get(record)?;
        Some(Meaning {
            input: stored.input(),
            target: stored.target,
            has_target: stored.rest & HAS_TARGET != 0,
            label: self.label(record).cloned(),
            fixed_text: self.fixed_texts.of(record).cloned(),
            clips: self.clips(record).collect(),
        })
    }

    /// Stores a meaning. O(1).
    pub fn add(&mut self, meaning: &Meaning) -> RecordId {
        let record = self.store(meaning);
        self.fixed_texts.add(record, meaning.fixed_text.as_ref());
        record
    }

    fn store(&mut self, meaning: &Meaning) -> RecordId {
        let clips = self.add_clips(&meaning.clips);
        let mut rest = if meaning.has_target { HAS_TARGET } else { 0 };
        rest |= match meaning.label.as_ref().filter(|_| meaning.has_target) {
            None => clips,
            Some(label) => {
                let labeled = (self.count_label(label), clips);
                let place = self.free_labeled.pop().unwrap_or_else(|| {
                    self.labeled.push(labeled);
                    u32::try_from(self.labeled.len() - 1).unwrap_or(PLACE)
                });
                self.labeled[place as usize] = labeled;
                place | LABELED
            }
        };
        let input = [meaning.input as u32, (meaning.input >> 32) as u32];
        let stored = Stored { input, target: meaning.target, rest };
        if self.records.is_empty() {
            self.records.push(Stored { input: [0, 0], target: 0, rest: REMOVED });
        }
        if let Some(record) = self.free_ids.pop() {
            self.records[record as usize] = stored;
            return record;
        }
        self.records.push(stored);
        RecordId::try_from(self.records.len() - 1).unwrap_or(0)
    }

    fn count_label(&mut self, label: &Arc<str>) -> u32 {
        if let Some(&number) = self.label_numbers.get(label) {
            self.labels[number as usize].1 += 1;
            return number;
        }
        let number = self.free_labels.pop().unwrap_or_else(|| {
            self.labels.push((Arc::clone(label), 0));
            u32::try_from(self.labels.len() - 1).unwrap_or(u32::MAX)
        });
        self.labels[number as usize] = (Arc::clone(label), 1);
        self.label_numbers.insert(Arc::clone(label), number);
        number
    }

    /// Stores clips and returns their place.
    fn add_clips(&mut self, clips: &[Clip]) -> u32 {
        if clips.is_empty() {
            return PLACE;
        }
        let first = self.clips.len();
        for (place, clip) in clips.iter().enumerate() {
            let (start, end) = match (millis(clip.start), millis(clip.end)) {
                (Some(start), Some(end)) => (start, end),
                (Some(start), None) if clip.end == u64::MAX => (start, OPEN),
                _ => {
                    self.other_clips.push(*clip);
                    (OTHER, u32::try_from(self.other_clips.len() - 1).unwrap_or(OPEN))
                }
            };
            let another = if place + 1 < clips.len() { ANOTHER } else { 0 };
            self.clips.push(StoredClip { video: clip.video, start: start | another, end });
        }
        u32::try_from(first).unwrap_or(PLACE)
    }

    /// Removes a record, except for its digests.
    pub fn remove(&mut self, record: RecordId) {
        let Some(&stored) = self.get(record) else { return };
        self.fixed_texts.remove(record);
        self.records[record as usize].rest = REMOVED;
        let clips = self.clips_of(&stored);
        if let Some(place) = stored.labeled() {
            let label = self.labeled[place].0;
            let (text, count) = &mut self.labels[label as usize];
            *count -= 1;
            if *count == 0 {
                self.label_numbers.remove(text);
                self.free_labels.push(label);
            }
            self.free_labeled.push(place as u32);
        }
        // Only the last clip's 16 bytes are freed; those of the others stay until the file is opened again.
        if clips != PLACE && clips as usize + 1 == self.clips.len() {
            self.clips.pop();
        }
    }

    /// The place of a record's clips.
    fn clips_of(&self, stored: &Stored) -> u32 {
        stored.labeled().map_or(stored.rest & PLACE, |place| self.labeled[place].1)
    }

    /// Makes the id of a removed record available to others.
    pub fn free(&mut self, record: RecordId) {
        self.free_ids.push(record);
    }
}

/// A time in milliseconds, if [`StoredClip`] can hold it.
fn millis(micros: u64) -> Option<u32> {
    let millis = u32::try_from(micros / 1_000).ok().filter(|millis| *millis < OTHER)?;
    micros.is_multiple_of(1_000).then_some(millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_and_a_clip_take_sixteen_bytes_each() {
        assert_eq!((size_of::<Stored>(), size_of::<StoredClip>()), (16, 16));
    }

    fn meaning(clips: &[(u64, u64)], label: Option<&str>) -> Meaning {
        let clips = clips.iter().map(|&(start, end)| Clip { video: 7, start, end }).collect();
        Meaning {
            input: 1,
            target: 2,
            has_target: true,
            label: label.map(Arc::from),
            fixed_text: label.map(Arc::from),
            clips,
        }
    }

    #[test]
    fn a_meaning_is_read_as_it_was_added() {
        let mut meanings = MeaningStore::default();
        let long = u64::from(u32::MAX) * 1_000;
        let all = [
            meaning(&[], None),
            meaning(&[(0, u64::MAX)], Some("goal")),
            meaning(&[(1_000, 2_000), (1, 3), (5_000, u64::MAX), (long, long + 1)], Some("goal")),
            Meaning { has_target: false, ..meaning(&[(u64::MAX - 1, u64::MAX)], None) },
        ];
        let records: Vec<_> = all.iter().map(|meaning| meanings.add(meaning)).collect();
        for (record, expected) in records.iter().zip(&all) {
            assert_eq!(meanings.meaning(*record).as_ref(), Some(expected));
        }
        assert_eq!(meanings.labels().collect::<Vec<_>>(), [("goal".into(), 2)]);
        for &record in &records {
            meanings.remove(record);
            assert!(meanings.meaning(record).is_none() && meanings.clips(record).next().is_none());
            assert_eq!(meanings.digests(record), (1, 2));
            meanings.free(record);
        }
        assert_eq!((meanings.label_count(), meanings.records().count()), (0, 0));
        assert!(records.contains(&meanings.add(&all[1])));
    }
}
