//! A whole file through the rules, its records shared out among all processors.

use crate::analysis::listing::Listed;
use crate::analysis::{self, Analyst, Lines, Looked, Source};
use crate::rules::Verdict;
use crate::settings::Settings;
use rayon::prelude::*;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

/// Lines that a thread looks at in one go, at most.
const MOST_AT_ONCE: usize = 128;

/// So many times that may have been looked at and wait to be put where it belongs.
const MOST_WAITING: usize = 4;

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

/// Looks at all records of a text and judges it, but lists nothing.
#[must_use]
pub fn look_at(source: &(impl Source + Sync), settings: &Settings) -> (Lines, Verdict) {
    let mut lines = looking(source, settings, 0..source.line_count(), Lines::of_looked);
    let mut analyst = Analyst::new(settings);
    lines.step(source, &mut analyst, usize::MAX);
    let verdict = lines.verdict(source, &analyst);
    (lines, verdict)
}

/// Looks at lines of a text on all processors and gives what was seen to `then`, in order: it is put
/// where it belongs while others go on looking.
///
/// Lines among which one makes a rule panic are only scanned.
pub fn looking<T>(
    source: &(impl Source + Sync),
    settings: &Settings,
    lines: Range<usize>,
    then: impl FnOnce(Receiver<Vec<Looked>>) -> T,
) -> T {
    let end = lines.end;
    // Several goes for each thread: none waits long for the slowest, and a few very long lines are shared out.
    let goes = rayon::current_num_threads() * 4;
    let lines_at_once = (lines.len() / goes).clamp(1, MOST_AT_ONCE);
    let look = |start: usize| {
        let lines = start..(start + lines_at_once).min(end);
        let looked = catch_unwind(AssertUnwindSafe(|| analysis::look_at(source, settings, lines.clone())));
        looked.unwrap_or_else(|_| analysis::scan(source, lines))
    };
    let (sender, receiver) = sync_channel(MOST_WAITING);
    thread::scope(|scope| {
        scope.spawn(move || {
            for start in lines.step_by(lines_at_once * goes) {
                let blocks = (start..end.min(start + lines_at_once * goes)).into_par_iter().step_by(lines_at_once);
                let looked: Vec<_> = blocks.map(look).collect();
                // Nobody listens any more when the other side has panicked.
                if looked.into_iter().any(|block| sender.send(block).is_err()) {
                    return;
                }
            }
        });
        then(receiver)
    })
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
    use crate::disk::FileText;

    #[test]
    fn a_byte_of_a_record_of_several_lines_is_found_on_its_line() {
        let file = FileText::new(b"first\r\n{\"a\":\r\n1}\rlast".to_vec());
        let place = |byte| place_in_record(&file, 1, byte);
        assert_eq!([place(0), place(5), place(6), place(7)], [(1, 0), (1, 5), (1, 5), (2, 0)]);
        assert_eq!([place(9), place(10), place(14), place(99)], [(2, 2), (3, 0), (3, 4), (3, 4)]);
    }
}
