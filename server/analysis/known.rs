//! The meanings of a file's records, packed: with millions of lines, every byte of one counts.

use crate::analysis::groups::RecordId;
use crate::schema::meaning::{Clip, Meaning};
use std::collections::HashMap;
use std::sync::Arc;

/// What is kept of a record's meaning: 16 bytes.
#[derive(Clone, Copy, Debug)]
struct Packed {
    /// The digest of the input, its lower half first.
    input: [u32; 2],
    target: u32,
    /// Flags, and in the other bits the place of its clips or, with [`LABELLED`], that in `labelled`.
    rest: u32,
}

/// It has a target.
const TAUGHT: u32 = 1 << 31;
/// Its target is a label.
const LABELLED: u32 = 1 << 30;
/// All but the flags; as the place of clips: there are none.
const PLACE: u32 = LABELLED - 1;
/// In the place of all: the record is gone.
const GONE: u32 = u32::MAX;

impl Packed {
    fn input(&self) -> u64 {
        u64::from(self.input[0]) | u64::from(self.input[1]) << 32
    }

    fn is_gone(&self) -> bool {
        self.rest == GONE
    }

    /// Its place in `labelled`, when it has one.
    fn labelled(&self) -> Option<usize> {
        (!self.is_gone() && self.rest & LABELLED != 0).then_some((self.rest & PLACE) as usize)
    }
}

fn halves(digest: u64) -> [u32; 2] {
    [digest as u32, (digest >> 32) as u32]
}

/// A clip in 16 bytes: times in milliseconds.
#[derive(Clone, Copy, Debug)]
struct PackedClip {
    video: u64,
    /// The highest bit says that the record has another clip behind this one.
    start: u32,
    end: u32,
}

const ANOTHER: u32 = 1 << 31;
/// As the start: the end is the place of a clip that cannot be packed.
const UNPACKED: u32 = ANOTHER - 1;
/// As the end: nothing says where it ends.
const OPEN: u32 = u32::MAX;

/// The meanings of records, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The first is never used.
    records: Vec<Packed>,
    free: Vec<RecordId>,
    /// The label and the place of the clips of each record whose target is a label.
    labelled: Vec<(u32, u32)>,
    unused_labelled: Vec<u32>,
    clips: Vec<PackedClip>,
    /// Clips whose times are no whole milliseconds, or beyond three weeks.
    unpacked: Vec<Clip>,
    /// The labels that targets are, and how many records have each.
    labels: Vec<(Arc<str>, u32)>,
    numbers: HashMap<Arc<str>, u32>,
    unused_labels: Vec<u32>,
}

impl Known {
    /// How many numbers there are, used or not.
    pub fn numbers(&self) -> usize {
        self.records.len()
    }

    /// All records, in no order of the file.
    pub fn records(&self) -> impl Iterator<Item = RecordId> {
        let all = (0..).zip(&self.records).skip(1);
        all.filter(|(_, packed)| !packed.is_gone()).map(|(record, _)| record)
    }

    /// Whether a record is still there.
    pub fn has(&self, record: RecordId) -> bool {
        record != 0 && self.records.get(record as usize).is_some_and(|packed| !packed.is_gone())
    }

    /// The digests of a record's input and target, also of one that is [gone](Self::take) and not
    /// [forgotten](Self::forget) yet.
    pub fn digests(&self, record: RecordId) -> (u64, u32) {
        self.records.get(record as usize).map_or((0, 0), |packed| (packed.input(), packed.target))
    }

    pub fn has_target(&self, record: RecordId) -> bool {
        self.records.get(record as usize).is_some_and(|packed| packed.rest & TAUGHT != 0)
    }

    /// The label that a record's target is.
    pub fn label(&self, record: RecordId) -> Option<&Arc<str>> {
        let (label, _) = self.labelled.get(self.records.get(record as usize)?.labelled()?)?;
        self.labels.get(*label as usize).map(|(label, _)| label)
    }

    /// How many labels there are.
    pub fn label_count(&self) -> usize {
        self.numbers.len()
    }

    /// The labels, and how many records have each.
    pub fn labels(&self) -> impl Iterator<Item = (Arc<str>, u32)> {
        self.labels.iter().filter(|(_, count)| *count > 0).cloned()
    }

    /// The pieces of video that a record shows.
    pub fn clips(&self, record: RecordId) -> impl Iterator<Item = Clip> {
        let packed = self.records.get(record as usize).filter(|packed| !packed.is_gone());
        let mut next = packed.map(|packed| self.clips_of(*packed)).filter(|clips| *clips != PLACE);
        std::iter::from_fn(move || {
            let at = next?;
            let packed = self.clips.get(at as usize)?;
            next = (packed.start & ANOTHER != 0).then_some(at + 1);
            let micros = |millis: u32| u64::from(millis) * 1_000;
            match packed.start & !ANOTHER {
                UNPACKED => self.unpacked.get(packed.end as usize).copied(),
                start => {
                    let end = if packed.end == OPEN { u64::MAX } else { micros(packed.end) };
                    Some(Clip { video: packed.video, start: micros(start), end })
                }
            }
        })
    }

    /// The whole meaning of a record.
    pub fn meaning(&self, record: RecordId) -> Option<Meaning> {
        let packed = self.records.get(record as usize).filter(|packed| record != 0 && !packed.is_gone())?;
        Some(Meaning {
            input: packed.input(),
            target: packed.target,
            has_target: packed.rest & TAUGHT != 0,
            label: self.label(record).cloned(),
            clips: self.clips(record).collect(),
        })
    }

    /// Takes a meaning in, and gives the record its number. O(1).
    pub fn add(&mut self, meaning: &Meaning) -> RecordId {
        let clips = self.pack(&meaning.clips);
        let mut rest = if meaning.has_target { TAUGHT } else { 0 };
        rest |= match meaning.label.as_ref().filter(|_| meaning.has_target) {
            None => clips,
            Some(label) => {
                let labelled = (self.count_label(label), clips);
                let place = self.unused_labelled.pop().unwrap_or_else(|| {
                    self.labelled.push(labelled);
                    u32::try_from(self.labelled.len() - 1).unwrap_or(PLACE)
                });
                self.labelled[place as usize] = labelled;
                place | LABELLED
            }
        };
        let packed = Packed { input: halves(meaning.input), target: meaning.target, rest };
        if self.records.is_empty() {
            self.records.push(Packed { input: [0, 0], target: 0, rest: GONE });
        }
        if let Some(record) = self.free.pop() {
            self.records[record as usize] = packed;
            return record;
        }
        self.records.push(packed);
        RecordId::try_from(self.records.len() - 1).unwrap_or(0)
    }

    fn count_label(&mut self, label: &Arc<str>) -> u32 {
        if let Some(&number) = self.numbers.get(label) {
            self.labels[number as usize].1 += 1;
            return number;
        }
        let number = self.unused_labels.pop().unwrap_or_else(|| {
            self.labels.push((Arc::clone(label), 0));
            u32::try_from(self.labels.len() - 1).unwrap_or(u32::MAX)
        });
        self.labels[number as usize] = (Arc::clone(label), 1);
        self.numbers.insert(Arc::clone(label), number);
        number
    }

    fn pack(&mut self, clips: &[Clip]) -> u32 {
        if clips.is_empty() {
            return PLACE;
        }
        let first = self.clips.len();
        for (place, clip) in clips.iter().enumerate() {
            let (start, end) = match (millis(clip.start), millis(clip.end)) {
                (Some(start), Some(end)) => (start, end),
                (Some(start), None) if clip.end == u64::MAX => (start, OPEN),
                _ => {
                    self.unpacked.push(*clip);
                    (UNPACKED, u32::try_from(self.unpacked.len() - 1).unwrap_or(OPEN))
                }
            };
            let another = if place + 1 < clips.len() { ANOTHER } else { 0 };
            self.clips.push(PackedClip { video: clip.video, start: start | another, end });
        }
        u32::try_from(first).unwrap_or(PLACE)
    }

    /// Takes a record out, all but its digests.
    pub fn take(&mut self, record: RecordId) {
        let Some(packed) = self.records.get(record as usize).copied().filter(|packed| !packed.is_gone()) else {
            return;
        };
        self.records[record as usize].rest = GONE;
        let clips = self.clips_of(packed);
        if let Some(place) = packed.labelled() {
            let label = self.labelled[place].0;
            let (text, count) = &mut self.labels[label as usize];
            *count -= 1;
            if *count == 0 {
                self.numbers.remove(text);
                self.unused_labels.push(label);
            }
            self.unused_labelled.push(packed.rest & PLACE);
        }
        // What was packed last makes room; the rest waits for the file to be opened again. It is 16 bytes.
        if clips != PLACE && clips as usize + 1 == self.clips.len() {
            self.clips.pop();
        }
    }

    /// The place of a record's clips.
    fn clips_of(&self, packed: Packed) -> u32 {
        packed.labelled().map_or(packed.rest & PLACE, |place| self.labelled[place].1)
    }

    /// Gives the number of a record that was taken out to another.
    pub fn forget(&mut self, record: RecordId) {
        self.free.push(record);
    }
}

/// A time in whole milliseconds, when it is one that can be packed.
fn millis(micros: u64) -> Option<u32> {
    let millis = u32::try_from(micros / 1_000).ok().filter(|millis| *millis < UNPACKED)?;
    micros.is_multiple_of(1_000).then_some(millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_takes_sixteen_bytes_and_a_clip_as_many() {
        assert_eq!((size_of::<Packed>(), size_of::<PackedClip>()), (16, 16));
    }

    fn meaning(clips: &[(u64, u64)], label: Option<&str>) -> Meaning {
        let clips = clips.iter().map(|&(start, end)| Clip { video: 7, start, end }).collect();
        Meaning { input: 1, target: 2, has_target: true, label: label.map(Arc::from), clips }
    }

    #[test]
    fn a_meaning_comes_out_as_it_went_in() {
        let mut known = Known::default();
        let long = u64::from(u32::MAX) * 1_000;
        let all = [
            meaning(&[], None),
            meaning(&[(0, u64::MAX)], Some("goal")),
            meaning(&[(1_000, 2_000), (1, 3), (5_000, u64::MAX), (long, long + 1)], Some("goal")),
            Meaning { has_target: false, ..meaning(&[(u64::MAX - 1, u64::MAX)], None) },
        ];
        let records: Vec<_> = all.iter().map(|meaning| known.add(meaning)).collect();
        for (record, expected) in records.iter().zip(&all) {
            assert_eq!(known.meaning(*record).as_ref(), Some(expected));
        }
        assert_eq!(known.labels().collect::<Vec<_>>(), [("goal".into(), 2)]);
        for &record in &records {
            known.take(record);
            assert!(known.meaning(record).is_none() && known.clips(record).next().is_none());
            assert_eq!(known.digests(record), (1, 2));
            known.forget(record);
        }
        assert_eq!((known.label_count(), known.records().count()), (0, 0));
        assert!(records.contains(&known.add(&all[1])));
    }
}
