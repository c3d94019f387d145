//! A whole file through the rules, its records shared out among all processors.

use crate::analysis::lines::records::Scanner;
use crate::analysis::{self, Analyst, Batch, Lines, Listed, Source};
use crate::disk::pipeline;
use crate::disk::source::FileText;
use crate::disk::starts::Starts;
use crate::rules::Verdict;
use crate::settings::Settings;
use std::borrow::{Borrow, BorrowMut};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Lines that a thread looks at before it hands over what it saw, at most: waking another costs as much as looking
/// at dozens of lines, and what was seen takes memory until it is taken.
const MOST_LINES: usize = 256;

/// The same in pieces of a file.
const MOST_PIECES: usize = 4;

/// What there is to say about a file.
#[derive(Debug)]
pub struct Checked {
    /// Its lines, all analyzed.
    pub lines: Lines,
    /// The verdict on them.
    pub verdict: Verdict,
    /// The findings by place, or the worst of them when they are too many.
    pub listed: Vec<Listed>,
}

/// Analyzes all records of a file and judges it, but lists nothing.
#[must_use]
pub fn analyze(source: &FileText, settings: &Settings) -> (Lines, Verdict) {
    let mut lines = match source.pieces() {
        0 => analyze_lines(source, settings, 0..source.line_count(), |batches| Lines::from_batches(batches)),
        pieces => analyze_pieces(source, settings, pieces),
    };
    let mut analyst = Analyst::new(settings);
    lines.analyze(source, &mut analyst, usize::MAX);
    let verdict = lines.judge(source, &analyst);
    (lines, verdict)
}

/// Analyzes all lines of a file as it is read the first time, and tells the file where they begin.
fn analyze_pieces(source: &FileText, settings: &Settings, pieces: usize) -> Lines {
    let pieces_at_once = at_once(pieces, MOST_PIECES);
    let unused = Mutex::default();
    let init = || (Watched::new(settings), Vec::new());
    let analyze = |(analyst, raw): &mut (Watched<'_>, Vec<u8>), place: usize| {
        let mut used = Used::new(&unused);
        let Go { starts, batch } = &mut used.go;
        for piece in (place * pieces_at_once..pieces).take(pieces_at_once) {
            let piece = source.read_piece(piece, raw);
            let before = batch.len();
            let seen = analyst.with(|analyst| piece.visit(&mut |line| analyst.analyze(line, batch)));
            if seen.is_none() {
                batch.truncate(before);
                let mut scanner = Scanner::default();
                piece.visit(&mut |line| batch.scan(&mut scanner, line));
            }
            starts.extend_from_slice(piece.starts());
        }
        used
    };
    let mut starts = Starts::default();
    let take = |goes: &mut dyn Iterator<Item = Used<'_>>| {
        let goes = goes.inspect(|used| used.go.starts.iter().for_each(|start| starts.push(*start)));
        // What comes behind the last of them takes memory too.
        let end = std::iter::from_fn(|| {
            locked(&unused).clear();
            None
        });
        Lines::from_batches(goes.chain(end))
    };
    let goes = pieces.div_ceil(pieces_at_once);
    let lines = pipeline::in_order(0..goes, pipeline::threads(), init, analyze, take);
    source.set_starts(starts);
    lines
}

/// The lines of one go, and where its lines begin.
#[derive(Default)]
struct Go {
    starts: Vec<usize>,
    batch: Batch,
}

/// A go whose memory is used again: for the system to take memory back and give it out anew costs more than to write
/// to it.
struct Used<'a> {
    go: Go,
    unused: &'a Mutex<Vec<Go>>,
}

impl<'a> Used<'a> {
    fn new(unused: &'a Mutex<Vec<Go>>) -> Self {
        let go = locked(unused).pop().unwrap_or_default();
        Self { go, unused }
    }
}

impl Borrow<Batch> for Used<'_> {
    fn borrow(&self) -> &Batch {
        &self.go.batch
    }
}

impl BorrowMut<Batch> for Used<'_> {
    fn borrow_mut(&mut self) -> &mut Batch {
        &mut self.go.batch
    }
}

impl Drop for Used<'_> {
    fn drop(&mut self) {
        let mut go = std::mem::take(&mut self.go);
        go.starts.clear();
        go.batch.truncate(0);
        locked(self.unused).push(go);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many of all are analyzed in one go: there are several goes for each thread, so that none waits long for the
/// slowest, and a few very long lines are shared out.
fn at_once(all: usize, most: usize) -> usize {
    const GOES: usize = 4;
    (all / (pipeline::threads() * GOES)).clamp(1, most)
}

/// Analyzes lines of a text on all processors and gives the batches to `then`, in order: it is put
/// where it belongs while others go on.
///
/// Lines among which one makes a rule panic are only scanned.
pub fn analyze_lines<T>(
    source: &(impl Source + Sync),
    settings: &Settings,
    lines: Range<usize>,
    then: impl FnOnce(&mut dyn Iterator<Item = Batch>) -> T,
) -> T {
    let (start, end) = (lines.start, lines.end);
    let lines_at_once = at_once(lines.len(), MOST_LINES);
    let init = || Watched::new(settings);
    let analyze = |analyst: &mut Watched<'_>, go: usize| {
        let start = start + go * lines_at_once;
        let lines = start..(start + lines_at_once).min(end);
        let batch = analyst.with(|analyst| analysis::analyze(source, analyst, lines.clone()));
        batch.unwrap_or_else(|| analysis::scan(source, lines))
    };
    match lines.len().div_ceil(lines_at_once) {
        0 => then(&mut std::iter::empty()),
        1 => then(&mut std::iter::once_with(|| analyze(&mut init(), 0))),
        count => pipeline::in_order(0..count, pipeline::threads().min(count), init, analyze, then),
    }
}

/// An analyst, which another takes the place of when it panics. What it has found out about the layouts of lines is
/// good for the next lines too.
struct Watched<'a> {
    settings: &'a Settings,
    analyst: Analyst,
}

impl<'a> Watched<'a> {
    fn new(settings: &'a Settings) -> Self {
        Self { settings, analyst: Analyst::new(settings) }
    }

    /// What the analyst finds; nothing when it panics.
    fn with<T>(&mut self, look: impl FnOnce(&mut Analyst) -> T) -> Option<T> {
        let found = catch_unwind(AssertUnwindSafe(|| look(&mut self.analyst)));
        if found.is_err() {
            self.analyst = Analyst::new(self.settings);
        }
        found.ok()
    }
}

/// The line and the byte in it, both 0-based, at which `byte` of the record lies that begins with line
/// `first`. A byte inside a line end gives the end of its line, one beyond the text its end. O(lines
/// of the record before it).
#[must_use]
pub fn place_in_record(source: &impl Source, first: usize, byte: usize) -> (usize, usize) {
    let (mut line, mut byte) = (first, byte);
    let mut buffer = String::new();
    loop {
        let length = source.line(line, &mut buffer).len();
        if byte <= length || line + 1 >= source.line_count() {
            return (line, byte.min(length));
        }
        let both = source.record(line..line + 2, &mut buffer).text.len();
        // Not both are of the same text when the file is changed meanwhile.
        let next = both.saturating_sub(source.line(line + 1, &mut buffer).len());
        if byte < next {
            return (line, length);
        }
        byte -= next;
        line += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_of_a_record_of_several_lines_is_found_on_its_line() {
        let file = FileText::new(b"first\r\n{\"a\":\r\n1}\rlast".to_vec());
        let place = |byte| place_in_record(&file, 1, byte);
        assert_eq!([place(0), place(5), place(6), place(7)], [(1, 0), (1, 5), (1, 5), (2, 0)]);
        assert_eq!([place(9), place(10), place(14), place(99)], [(2, 2), (3, 0), (3, 4), (3, 4)]);
    }
}
