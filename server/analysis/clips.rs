//! Which pieces of a file's videos overlap with a piece.

use crate::analysis::groups::RecordId;
use crate::analysis::index::Index;
use crate::schema::meaning::Clip;
use std::collections::HashMap;

/// For so many pieces the file's own are not put in order first.
pub(super) const FEW: usize = 64;

/// The pieces of each video, in the order in which they begin, each with the one of those before it and
/// itself that ends last.
#[derive(Clone, Debug, Default)]
pub(super) struct Clips(HashMap<u64, Vec<Pair>>);

type Piece = (Clip, RecordId);
type Pair = (Piece, Piece);

impl Clips {
    /// The piece that overlaps with `clip`: of several the one that ends last. O(log n), and O(n log n) once
    /// for a video.
    pub fn overlapping(&mut self, index: &Index, clip: Clip, line_of: impl Fn(RecordId) -> usize) -> Option<Piece> {
        let pieces = self.0.entry(clip.video).or_insert_with(|| in_order(index, clip.video, line_of));
        let begun = pieces.partition_point(|((piece, _), _)| piece.start < clip.end);
        let (_, last) = *pieces.get(begun.checked_sub(1)?)?;
        (last.0.end > clip.start).then_some(last)
    }
}

fn in_order(index: &Index, video: u64, line_of: impl Fn(RecordId) -> usize) -> Vec<Pair> {
    let mut pieces: Vec<(Clip, usize, RecordId)> = of(index, video).map(|(clip, id)| (clip, line_of(id), id)).collect();
    pieces.sort_by_key(|(clip, line, _)| (clip.start, *line));
    let mut last: Option<Piece> = None;
    let with_last = pieces.into_iter().map(|(clip, _, record)| {
        let latest = last.filter(|(before, _)| before.end >= clip.end).unwrap_or((clip, record));
        last = Some(latest);
        ((clip, record), latest)
    });
    with_last.collect()
}

/// The same for one clip, without putting anything in order. O(pieces of the video).
pub(super) fn overlapping(index: &Index, clip: Clip, line_of: impl Fn(RecordId) -> usize) -> Option<Piece> {
    let pieces = of(index, clip.video).filter(|(piece, _)| piece.overlaps(clip));
    pieces.min_by_key(|&(piece, record)| (std::cmp::Reverse(piece.end), piece.start, line_of(record)))
}

/// All pieces of a video.
fn of(index: &Index, video: u64) -> impl Iterator<Item = Piece> + '_ {
    let clips_of = move |&record: &RecordId| {
        index.known.clips(record).filter(move |clip| clip.video == video).map(move |clip| (clip, record))
    };
    index.showing(video).iter().flat_map(clips_of)
}
