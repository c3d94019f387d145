//! A whole file through the rules, its records shared out among all processors.

use crate::analysis::listing::Listed;
use crate::analysis::records::Scanner;
use crate::analysis::{self, Analyst, Lines, Looked, Source};
use crate::disk::pipeline;
use crate::disk::source::FileText;
use crate::disk::starts::Starts;
use crate::rules::Verdict;
use crate::settings::Settings;
use std::borrow::{Borrow, BorrowMut};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

/// Lines that a thread looks at before it hands over what it saw, at most: waking another costs as much as looking
/// at dozens of lines, and what was seen takes memory until it is taken.
const MOST_LINES: usize = 256;

/// The same in pieces of a file.
const MOST_PIECES: usize = 4;

/// What there is to say about a file.
#[derive(Debug)]
pub struct Checked {
    /// Its lines, all looked at.
    pub lines: Lines,
    /// The verdict on them.
    pub verdict: Verdict,
    /// The findings by place, or the worst of them when they are too many.
    pub listed: Vec<Listed>,
}

/// Looks at all records of a file and judges it, but lists nothing.
#[must_use]
pub fn look_at(source: &FileText, settings: &Settings) -> (Lines, Verdict) {
    let mut lines = match source.pieces() {
        0 => looking(source, settings, 0..source.line_count(), |looked| Lines::of_looked(looked)),
        pieces => look_at_pieces(source, settings, pieces),
    };
    let mut analyst = Analyst::new(settings);
    lines.step(source, &mut analyst, usize::MAX);
    let verdict = lines.verdict(source, &analyst);
    (lines, verdict)
}

/// Looks at all lines of a file as it is read the first time, and tells the file where they begin.
fn look_at_pieces(source: &FileText, settings: &Settings, pieces: usize) -> Lines {
    let pieces_at_once = at_once(pieces, MOST_PIECES);
    let (analysts, raws, unused) = (Analysts::new(settings), Pool::default(), Pool::default());
    let look = |place: usize| {
        let mut go = Used { go: unused.take(), unused: &unused };
        let Go { starts, looked } = &mut go.go;
        let mut raw: Vec<u8> = raws.take();
        for piece in (place * pieces_at_once..pieces).take(pieces_at_once) {
            let piece = source.read_piece(piece, &mut raw);
            let before = looked.len();
            let seen = analysts.with(|analyst| piece.visit(&mut |line| analyst.look(line, looked)));
            if seen.is_none() {
                looked.truncate(before);
                let mut scanner = Scanner::default();
                piece.visit(&mut |line| looked.scan(&mut scanner, line));
            }
            starts.extend_from_slice(piece.starts());
        }
        raws.give(raw);
        go
    };
    let mut starts = Starts::default();
    let take = |goes: &mut dyn Iterator<Item = Used<'_>>| {
        let goes = goes.inspect(|go| go.go.starts.iter().for_each(|start| starts.push(*start)));
        // What comes behind the last of them takes memory too.
        let end = std::iter::from_fn(|| {
            raws.clear();
            unused.clear();
            analysts.idle.clear();
            None
        });
        Lines::of_looked(goes.chain(end))
    };
    let goes = pieces.div_ceil(pieces_at_once);
    let lines = pipeline::in_order(0..goes, pipeline::threads(), look, take);
    source.set_starts(starts);
    lines
}

/// What was seen in one go, and where its lines begin.
#[derive(Default)]
struct Go {
    starts: Vec<usize>,
    looked: Looked,
}

/// A go whose memory is used again.
struct Used<'a> {
    go: Go,
    unused: &'a Pool<Go>,
}

impl Borrow<Looked> for Used<'_> {
    fn borrow(&self) -> &Looked {
        &self.go.looked
    }
}

impl BorrowMut<Looked> for Used<'_> {
    fn borrow_mut(&mut self) -> &mut Looked {
        &mut self.go.looked
    }
}

impl Drop for Used<'_> {
    fn drop(&mut self) {
        let mut go = std::mem::take(&mut self.go);
        go.starts.clear();
        go.looked.truncate(0);
        self.unused.give(go);
    }
}

/// Things that are used by turns: for the system to take memory back and give it out anew costs more than to write
/// to it.
struct Pool<T>(Mutex<Vec<T>>);

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Pool<T> {
    fn pop(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn take(&self) -> T
    where
        T: Default,
    {
        self.pop().unwrap_or_default()
    }

    fn give(&self, thing: T) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(thing);
    }

    fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// How many of all are looked at in one go: there are several goes for each thread, so that none waits long for the
/// slowest, and a few very long lines are shared out.
fn at_once(all: usize, most: usize) -> usize {
    const GOES: usize = 4;
    (all / (pipeline::threads() * GOES)).clamp(1, most)
}

/// Looks at lines of a text on all processors and gives what was seen to `then`, in order: it is put
/// where it belongs while others go on looking.
///
/// Lines among which one makes a rule panic are only scanned.
pub fn looking<T>(
    source: &(impl Source + Sync),
    settings: &Settings,
    lines: Range<usize>,
    then: impl FnOnce(&mut dyn Iterator<Item = Looked>) -> T,
) -> T {
    let (start, end) = (lines.start, lines.end);
    let lines_at_once = at_once(lines.len(), MOST_LINES);
    let analysts = Analysts::new(settings);
    let look = |go: usize| {
        let start = start + go * lines_at_once;
        let lines = start..(start + lines_at_once).min(end);
        let looked = analysts.with(|analyst| analysis::look_at(source, analyst, lines.clone()));
        looked.unwrap_or_else(|| analysis::scan(source, lines))
    };
    let count = lines.len().div_ceil(lines_at_once);
    match count {
        0 | 1 => then(&mut (0..count).map(look)),
        _ => pipeline::in_order(0..count, pipeline::threads().min(count), look, then),
    }
}

/// Analysts that are used by turns: what one has found out about the layouts of lines is good for the next
/// lines too.
struct Analysts<'a> {
    settings: &'a Settings,
    idle: Pool<Analyst>,
}

impl<'a> Analysts<'a> {
    fn new(settings: &'a Settings) -> Self {
        Self { settings, idle: Pool::default() }
    }

    /// What an analyst finds; nothing when it panics.
    fn with<T>(&self, look: impl FnOnce(&mut Analyst) -> T) -> Option<T> {
        let mut analyst = self.idle.pop().unwrap_or_else(|| Analyst::new(self.settings));
        let found = catch_unwind(AssertUnwindSafe(|| look(&mut analyst))).ok()?;
        self.idle.give(analyst);
        Some(found)
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
