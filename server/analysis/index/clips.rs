//! Which records show a video, and which of them show the same piece of it.

use crate::analysis::store::meanings::{MeaningStore, RecordId};
use crate::example::meaning::Clip;
use foldhash::fast::FixedState;
use std::cmp::Reverse;
use std::collections::HashMap;

/// A piece of a video, and the record that shows it.
pub type Piece = (Clip, RecordId);

/// The records that show each video, by the digest of its location.
#[derive(Debug, Default)]
pub struct Videos(HashMap<u64, Vec<RecordId>, FixedState>);

impl Videos {
    pub fn add(&mut self, record: RecordId, meanings: &MeaningStore) {
        for Clip { video, .. } in meanings.clips(record) {
            let records = self.0.entry(video).or_default();
            // A record may show several pieces of a video.
            if records.last() != Some(&record) {
                records.push(record);
            }
        }
    }

    /// O(records that show the same videos).
    pub fn remove(&mut self, record: RecordId, meanings: &MeaningStore) {
        for Clip { video, .. } in meanings.clips(record) {
            let Some(records) = self.0.get_mut(&video) else { continue };
            records.retain(|&other| other != record);
            if records.is_empty() {
                self.0.remove(&video);
            }
        }
    }

    /// All pieces of a video.
    pub fn pieces(&self, video: u64, meanings: &MeaningStore) -> impl Iterator<Item = Piece> {
        let records = self.0.get(&video).into_iter().flatten().copied();
        records.flat_map(move |record| {
            meanings.clips(record).filter(move |clip| clip.video == video).map(move |clip| (clip, record))
        })
    }
}

/// The pieces of each video in the order of their starts. Each is paired with the piece that ends last among the
/// pieces up to it.
#[derive(Clone, Debug, Default)]
pub struct SortedClips(HashMap<u64, Vec<(Piece, Piece)>>);

impl SortedClips {
    /// Does what [`overlapping`] does. O(log n), and O(n log n) the first time for a video.
    pub fn overlapping(
        &mut self,
        clip: Clip,
        pieces: impl Iterator<Item = Piece>,
        line_of: impl Fn(RecordId) -> usize,
    ) -> Option<Piece> {
        let sorted = self.0.entry(clip.video).or_insert_with(|| sort(pieces, line_of));
        let begun = sorted.partition_point(|((piece, _), _)| piece.start < clip.end);
        let (_, last) = *sorted.get(begun.checked_sub(1)?)?;
        (last.0.end > clip.start).then_some(last)
    }
}

fn sort(pieces: impl Iterator<Item = Piece>, line_of: impl Fn(RecordId) -> usize) -> Vec<(Piece, Piece)> {
    let mut pieces: Vec<(Piece, usize)> = pieces.map(|piece| (piece, line_of(piece.1))).collect();
    pieces.sort_by_key(|((clip, _), line)| (clip.start, *line));
    let mut last: Option<Piece> = None;
    let with_last = pieces.into_iter().map(|(piece, _)| {
        let latest = last.filter(|(before, _)| before.end >= piece.0.end).unwrap_or(piece);
        last = Some(latest);
        (piece, latest)
    });
    with_last.collect()
}

/// The piece of the clip's video that overlaps the clip and ends last. O(pieces).
pub fn overlapping(
    clip: Clip,
    pieces: impl Iterator<Item = Piece>,
    line_of: impl Fn(RecordId) -> usize,
) -> Option<Piece> {
    let pieces = pieces.filter(|(piece, _)| piece.overlaps(clip));
    pieces.min_by_key(|&(piece, record)| (Reverse(piece.end), piece.start, line_of(record)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::meaning::Meaning;

    #[test]
    fn removed_records_leave_nothing_behind() {
        let clips = [(7, 1_000), (8, 0), (7, 3_000)].map(|(video, start)| Clip { video, start, end: start + 1_000 });
        let (mut meanings, mut videos) = (MeaningStore::default(), Videos::default());
        let records = [&clips[..], &clips[..1]].map(|clips| {
            let record = meanings.add(&Meaning { clips: clips.into(), ..Meaning::default() });
            videos.add(record, &meanings);
            record
        });
        assert_eq!(videos.pieces(7, &meanings).map(|(_, record)| record).collect::<Vec<_>>(), [1, 1, 2]);
        assert_eq!((videos.pieces(8, &meanings).count(), videos.pieces(9, &meanings).count()), (1, 0));
        videos.remove(records[0], &meanings);
        assert_eq!(videos.pieces(7, &meanings).collect::<Vec<_>>(), [(clips[0], records[1])]);
        videos.remove(records[1], &meanings);
        assert!(videos.0.is_empty());
    }
}
