//! A whole file through the rules, its records shared out among all processors.

use crate::analysis::listing::Listed;
use crate::analysis::records::Scanner;
use crate::analysis::{self, Analyst, Lines, Source};
use crate::rules::Verdict;
use crate::settings::Settings;
use rayon::prelude::*;

/// Lines that a thread looks at in one go to find where records begin.
const LINES_AT_ONCE: usize = 256;

/// Bytes of text whose records are shared out among the threads at once.
const TEXT_AT_ONCE: usize = 64 << 20;

/// Records that a thread looks at in one go.
pub(super) const RECORDS_AT_ONCE: usize = 256;

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
    let mut lines = lines_of(source);
    loop {
        // Some at a time: what is found in them is soon put where it belongs.
        let records = lines.pending_records(TEXT_AT_ONCE);
        if records.is_empty() {
            break;
        }
        let contributions: Vec<_> = records
            .par_chunks(RECORDS_AT_ONCE)
            .flat_map_iter(|records| analysis::contributions(source, settings, records))
            .collect();
        for (line, contribution) in contributions {
            lines.store(line, contribution);
        }
        lines.next_pending();
    }
    let verdict = lines.verdict(source, &Analyst::new(settings));
    (lines, verdict)
}

/// The lines of a text, its records still to be looked at.
#[must_use]
pub fn lines_of(source: &(impl Source + Sync)) -> Lines {
    let count = source.line_count();
    let scan = |scanner: &mut Scanner, block: usize| {
        let start = block * LINES_AT_ONCE;
        let mut scans = Vec::with_capacity(LINES_AT_ONCE);
        source.read(start..(start + LINES_AT_ONCE).min(count), &mut |_, line| {
            scans.push(scanner.scan(line.text));
            true
        });
        scans
    };
    let blocks = (0..count.div_ceil(LINES_AT_ONCE)).into_par_iter().map_init(Scanner::default, scan);
    Lines::from_scans(blocks.flatten_iter().collect())
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
