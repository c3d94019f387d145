//! Analyzes whole files with several threads.

use crate::analysis::lines::records::Scanner;
use crate::analysis::{self, Analyst, Batch, Contribution, Lines, Listed, Source};
use crate::disk::pipeline;
use crate::disk::source::FileText;
use crate::disk::starts::Starts;
use crate::rules::Verdict;
use crate::settings::Settings;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A thread analyzes at most this many lines before it passes on the results. Waking another thread costs as much as
/// analyzing dozens of lines, and results take memory until they are stored.
const MAX_LINES: usize = 256;

/// The same limit in pieces of a file.
const MAX_PIECES: usize = 4;

/// A file and its findings.
#[derive(Debug)]
pub struct Checked {
    /// Its lines, all analyzed.
    pub lines: Lines,
    /// The verdict on the file.
    pub verdict: Verdict,
    /// The findings by place, or the most severe ones if there are too many.
    pub listed: Vec<Listed>,
}

/// Analyzes all records of a file and judges it, without listing the findings.
#[must_use]
pub fn analyze(source: &FileText, settings: &Settings) -> (Lines, Verdict) {
    let mut lines = match source.pieces() {
        0 => analyze_lines(source, settings, 0..source.line_count(), |batches| Lines::from_batches(batches)),
        pieces => analyze_pieces(source, settings, pieces),
    };
    let analyst = analyze_rest(&mut lines, source, settings);
    let verdict = lines.judge(source, &analyst);
    (lines, verdict)
}

/// Analyzes the records that are pending. One on which a rule panics is an [omission](FileText::omission).
fn analyze_rest(lines: &mut Lines, source: &FileText, settings: &Settings) -> Analyst {
    let mut worker = Worker::new(settings);
    let mut at_once = usize::MAX;
    while !lines.is_analyzed() {
        if worker.run(|analyst| lines.analyze(source, analyst, at_once)).is_none()
            && let Some(record) = lines.next_pending()
        {
            source.leave_out(record.start);
            lines.store(record.start, Contribution::default());
            // Listing all pending records again for each panic would take long.
            at_once = 1 << 16;
        }
    }
    worker.analyst
}

/// Analyzes the lines of a file while it is read for the first time, and sets its line starts.
fn analyze_pieces(source: &FileText, settings: &Settings, pieces: usize) -> Lines {
    let pieces_at_once = at_once(pieces, MAX_PIECES);
    // Batches are used again: allocating their memory costs more than filling it.
    let unused: Mutex<Vec<Batch>> = Mutex::default();
    let init = || (Worker::new(settings), Vec::new());
    let analyze = |(worker, raw): &mut (Worker<'_>, Vec<u8>), step: usize| {
        let (mut starts, mut batch) = (Vec::new(), locked(&unused).pop().unwrap_or_default());
        for piece in (step * pieces_at_once..pieces).take(pieces_at_once) {
            let piece = source.read_piece(piece, raw);
            let before = batch.len();
            let analyzed = worker.run(|analyst| piece.visit(&mut |line| analyst.analyze(line, &mut batch)));
            if analyzed.is_none() {
                batch.truncate(before);
                let mut scanner = Scanner::default();
                piece.visit(&mut |line| batch.push_scanned(scanner.scan(line.text)));
            }
            starts.extend_from_slice(piece.starts());
        }
        (starts, batch)
    };
    let mut starts = Starts::default();
    let store = |results: &mut dyn Iterator<Item = (Vec<usize>, Batch)>| {
        let batches = results.map(|(own, batch)| {
            own.into_iter().for_each(|start| starts.push(start));
            batch
        });
        // The memory is needed for what follows the last batch.
        let end = std::iter::from_fn(|| {
            locked(&unused).clear();
            None
        });
        Lines::from_reused(batches.chain(end), |batch| locked(&unused).push(batch))
    };
    let lines = pipeline::in_order(pieces.div_ceil(pieces_at_once), pipeline::threads(), init, analyze, store);
    source.set_starts(starts);
    lines
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many of `all` a thread analyzes at once. Each thread gets several turns, so that none waits long for the slowest
/// one, and a few very long lines are spread over the threads.
fn at_once(all: usize, max: usize) -> usize {
    const TURNS: usize = 4;
    (all / (pipeline::threads() * TURNS)).clamp(1, max)
}

/// Analyzes lines with several threads, and passes the batches in order to `store` while the threads go on. If a rule
/// panics on a line, the lines of its batch are only scanned.
pub fn analyze_lines<T>(
    source: &(impl Source + Sync),
    settings: &Settings,
    lines: Range<usize>,
    store: impl FnOnce(&mut dyn Iterator<Item = Batch>) -> T,
) -> T {
    let (start, end) = (lines.start, lines.end);
    let lines_at_once = at_once(lines.len(), MAX_LINES);
    let init = || Worker::new(settings);
    let analyze = |worker: &mut Worker<'_>, step: usize| {
        let start = start + step * lines_at_once;
        let lines = start..(start + lines_at_once).min(end);
        let batch = worker.run(|analyst| analysis::analyze(source, analyst, lines.clone()));
        batch.unwrap_or_else(|| analysis::scan(source, lines))
    };
    match lines.len().div_ceil(lines_at_once) {
        0 => store(&mut std::iter::empty()),
        1 => store(&mut std::iter::once_with(|| analyze(&mut init(), 0))),
        count => pipeline::in_order(count, pipeline::threads().min(count), init, analyze, store),
    }
}

/// A thread's analyst. It is kept for all of the thread's lines, because it learns their layouts.
struct Worker<'a> {
    settings: &'a Settings,
    analyst: Analyst,
}

impl<'a> Worker<'a> {
    fn new(settings: &'a Settings) -> Self {
        Self { settings, analyst: Analyst::new(settings) }
    }

    /// Runs the analyst. Returns `None`, and replaces the analyst, if it panics.
    fn run<T>(&mut self, analyze: impl FnOnce(&mut Analyst) -> T) -> Option<T> {
        let result = catch_unwind(AssertUnwindSafe(|| analyze(&mut self.analyst)));
        if result.is_err() {
            self.analyst = Analyst::new(self.settings);
        }
        result.ok()
    }
}

/// The line, and the byte in it, of a byte of the record that begins at line `first`, all 0-based. A byte inside a line
/// end gives the end of its line; a byte after the text gives the text's end. O(lines of the record before it).
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
        // The two reads differ if the file changes in between.
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
    use crate::analysis::FAULTY;

    #[test]
    fn a_record_on_which_a_rule_panics_is_left_out_and_said() {
        let faulty = format!("{{\"contents\":\"{FAULTY}\"}}\n");
        let text = ["{\"contents\":[1,]}\n", &faulty, "{\"contents\":[2,]}\n", &faulty].concat();
        let file = FileText::new(text.into_bytes());
        let (lines, verdict) = analyze(&file, &Settings::default());
        let listed = lines.list(&file, &mut Analyst::new(&Settings::default()), &verdict, usize::MAX);
        let commas = listed.iter().filter(|listed| listed.finding.rule.code == "trailing-comma");
        assert_eq!(commas.map(|listed| listed.line).collect::<Vec<_>>(), [0, 2]);
        assert!(listed.iter().all(|listed| ![1, 3].contains(&listed.line)));
        assert!(file.problem().is_none());
        let omission = file.omission().unwrap();
        assert!(omission.starts_with("line 2 can't be checked because of a bug in tuning-ls"), "{omission}");
    }

    #[test]
    fn a_byte_of_a_multi_line_record_is_on_its_line() {
        let file = FileText::new(b"first\r\n{\"a\":\r\n1}\rlast".to_vec());
        let place = |byte| place_in_record(&file, 1, byte);
        assert_eq!([place(0), place(5), place(6), place(7)], [(1, 0), (1, 5), (1, 5), (2, 0)]);
        assert_eq!([place(9), place(10), place(14), place(99)], [(2, 2), (3, 0), (3, 4), (3, 4)]);
    }
}
