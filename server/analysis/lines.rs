//! The lines of one file, kept in step with its text: an edit touches the records it touches.

use crate::analysis::chunks::Chunks;
use crate::analysis::line::{Analyst, Contribution};
use crate::analysis::line_end::strip_line_end;
use crate::analysis::listing::ShownBefore;
use crate::analysis::looked::Looked;
use crate::analysis::records::{Grouper, MAX_LINES, Scanner};
use crate::rules::{Counts, Fact, FileIndex, Input, Siblings, Verdict};
use crate::settings::Settings;
use crate::text::{Document, Splice};
use std::borrow::BorrowMut;
use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

/// The text that [`Lines`] keeps in step with.
pub trait Source {
    /// How many lines there are; behind a last line end there is one more, empty.
    fn line_count(&self) -> usize;
    /// The text of a line without its line end; `buffer` may be used to put it together.
    fn line<'a>(&'a self, line: usize, buffer: &'a mut String) -> &'a str;
    /// Reads lines one after the other, each as a record by itself, until `visit` says stop.
    fn read(&self, lines: Range<usize>, visit: &mut dyn FnMut(usize, &Input<'_>) -> bool) {
        let mut buffer = String::new();
        for line in lines.start..lines.end.min(self.line_count()) {
            if !visit(line, &self.record(line..line + 1, &mut buffer)) {
                return;
            }
        }
    }
    /// A record: these lines, with the line ends between them.
    fn record<'a>(&'a self, lines: Range<usize>, buffer: &'a mut String) -> Input<'a>;
}

impl Source for Document {
    fn line_count(&self) -> usize {
        Document::line_count(self)
    }

    fn line<'a>(&'a self, line: usize, buffer: &'a mut String) -> &'a str {
        let (text, _) = strip_line_end(whole(self, line, buffer));
        text
    }

    fn read(&self, lines: Range<usize>, visit: &mut dyn FnMut(usize, &Input<'_>) -> bool) {
        self.read_lines(lines, |line, text| {
            let (text, end) = strip_line_end(text);
            visit(line, &Input { text, end, lines: 1, first: line == 0, invalid: None })
        });
    }

    fn record<'a>(&'a self, lines: Range<usize>, buffer: &'a mut String) -> Input<'a> {
        let (first, count) = (lines.start == 0, lines.len());
        let text = if count == 1 {
            whole(self, lines.start, buffer)
        } else {
            *buffer = self.lines_text(lines);
            buffer
        };
        let (text, end) = strip_line_end(text);
        Input { text, end, lines: count, first, invalid: None }
    }
}

fn whole<'a>(document: &'a Document, line: usize, buffer: &'a mut String) -> &'a str {
    let slice = document.line_with_end(line);
    if let Some(text) = slice.as_str() {
        return text;
    }
    buffer.clear();
    buffer.reserve(slice.len_bytes());
    buffer.extend(slice.chunks());
    buffer
}

/// What was done since the beginning; tests hold edits to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Lines looked at for where records begin.
    pub lines_scanned: u64,
    /// Records run through the rules to count what they contribute.
    pub records_analyzed: u64,
    /// Bytes of lines that were read, to scan them or to look at them; a line that the document keeps in
    /// pieces is copied together for it.
    pub bytes_read: u64,
    /// Facts added to or taken from the file's counts.
    pub facts_moved: u64,
}

/// The lines of a file: where its records are, what each contributes, and what is still to be done.
#[derive(Debug, Default)]
pub struct Lines {
    pub(super) chunks: Chunks,
    siblings: Siblings,
    scanner: Scanner,
    buffer: String,
    /// No record before this line is pending.
    cursor: usize,
    work: Work,
    pub(super) shown: RefCell<ShownBefore>,
}

impl Lines {
    /// The lines of `source`, all still to be looked at. O(text).
    #[must_use]
    pub fn new(source: &impl Source) -> Self {
        let mut lines = Self::default();
        lines.splice(Splice { start: 0, old: 0, new: source.line_count() }, source);
        lines
    }

    /// The lines that were [looked at](look_at) elsewhere, one after another from the first; they are taken out of
    /// their blocks. Only records of several lines are still to be looked at.
    pub fn of_looked(blocks: impl IntoIterator<Item: BorrowMut<Looked>>) -> Self {
        let (mut lines, mut grouped) = (Self::default(), 0);
        for mut block in blocks {
            let (count, block) = (lines.chunks.len(), block.borrow_mut());
            lines.put(Splice { start: count, old: 0, new: block.len() }, block);
            // A record that is not closed has so many lines looked at: grouping anew what stands behind the
            // last of them costs no more than grouping what has come since.
            if lines.chunks.len() - grouped > MAX_LINES {
                lines.regroup(grouped..lines.chunks.len());
                grouped = lines.chunks.len();
            }
        }
        lines.regroup(grouped..lines.chunks.len());
        lines.chunks.settle();
        lines
    }

    /// Follows an edit of the text. Costs the lines that changed and the records around them.
    pub fn splice(&mut self, splice: Splice, source: &impl Source) {
        let mut scanned = Looked::default();
        source.read(splice.start..splice.start + splice.new, &mut |_, line| {
            self.work.bytes_read += line.text.len() as u64;
            scanned.scan(&mut self.scanner, line);
            true
        });
        self.splice_looked(splice, scanned);
    }

    /// Follows an edit of the text whose new lines were [looked at](look_at) already.
    pub fn splice_looked(&mut self, splice: Splice, mut looked: Looked) {
        let changed = splice.start..splice.start + looked.len();
        self.put(splice, &mut looked);
        self.regroup(changed);
        self.chunks.settle();
    }

    fn put(&mut self, splice: Splice, looked: &mut Looked) {
        self.work.lines_scanned += looked.len() as u64;
        self.work.records_analyzed += looked.analyzed() as u64;
        self.chunks.splice(splice.start, splice.old, looked);
        self.shown.get_mut().splice(splice);
    }

    /// Marks every record as still to be looked at: the settings have changed.
    pub fn forget(&mut self) {
        let mut line = 0;
        while let Some(entry) = self.chunks.get(line) {
            let (lines, clean) = (usize::from(entry.lines), entry.clean());
            self.chunks.set_record(line, lines, clean, false);
            line += lines.max(1);
        }
        self.cursor = 0;
        *self.shown.get_mut() = ShownBefore::default();
    }

    fn regroup(&mut self, changed: Range<usize>) {
        let starts_clean = |line: &usize| self.chunks.get(*line).is_some_and(|entry| entry.lines > 0 && entry.clean());
        let start = (0..changed.start).rev().find(starts_clean).unwrap_or(0);
        self.cursor = self.cursor.min(start);
        let mut grouper = Grouper::at(start);
        loop {
            if grouper.is_clean() {
                grouper = Grouper::at(grouper.line() + self.chunks.set_alone(grouper.line()));
            }
            let line = grouper.line();
            let clean = grouper.is_clean();
            let Some(entry) = self.chunks.get(line) else { return };
            if line >= changed.end && clean && entry.lines > 0 && entry.clean() && !entry.fresh() {
                return;
            }
            let (before, alone) = (usize::from(entry.lines), entry.alone());
            let Some(lines) = grouper.next(|line| self.chunks.get(line).map(|entry| entry.scan)) else { return };
            let fresh = (line..line + lines).any(|line| self.chunks.get(line).is_some_and(|entry| entry.fresh()));
            let keep = (before == lines && !fresh) || (lines == 1 && alone);
            if !keep {
                self.shown.get_mut().forget(line);
            }
            self.chunks.set_record(line, lines, clean, keep);
            for inside in line + 1..line + lines {
                self.chunks.set_record(inside, 0, false, before == lines && !fresh);
            }
        }
    }

    /// Whether every record has been looked at.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.chunks.pending() == 0
    }

    /// Looks at pending records until about `bytes` of text are done; true when none is left.
    pub fn step(&mut self, source: &impl Source, analyst: &mut Analyst, bytes: usize) -> bool {
        let mut done = 0;
        while let Some(lines) = self.next_pending() {
            let before = done;
            if lines.len() > 1 {
                let start = lines.start;
                let input = source.record(lines, &mut self.buffer);
                done += input.text.len();
                let contribution = analyst.contribution(&input);
                self.store(start, contribution);
            } else {
                // Records of one line that stand in a row are read in a row.
                source.read(lines.start..usize::MAX, &mut |line, input| {
                    if !self.chunks.get(line).is_some_and(|entry| entry.pending() && entry.lines == 1) {
                        return false;
                    }
                    done += input.text.len();
                    let contribution = analyst.contribution(input);
                    self.store(line, contribution);
                    done < bytes
                });
            }
            self.work.bytes_read += (done - before) as u64;
            if done >= bytes {
                return self.next_pending().is_none();
            }
        }
        true
    }

    /// The lines of the next record that has still to be looked at.
    pub fn next_pending(&mut self) -> Option<Range<usize>> {
        let line = self.chunks.next_pending(self.cursor);
        self.cursor = line.unwrap_or(self.chunks.len());
        line.map(|line| self.record_at(line))
    }

    /// The first records that have still to be looked at, in order: about `bytes` of text.
    #[must_use]
    pub fn pending_records(&self, bytes: usize) -> Vec<Range<usize>> {
        let mut records = Vec::new();
        let mut left = bytes;
        let mut from = self.cursor;
        while left > 0
            && let Some(line) = self.chunks.next_pending(from)
        {
            let record = self.record_at(line);
            from = record.end;
            let length = |line| self.chunks.get(line).map_or(0, |entry| entry.scan.bytes() + 1);
            left = left.saturating_sub(record.clone().map(length).sum());
            records.push(record);
        }
        records
    }

    /// Takes what the record that begins at `line` contributes.
    pub fn store(&mut self, line: usize, contribution: Contribution) {
        self.work.records_analyzed += 1;
        self.chunks.store(line, &contribution);
        self.chunks.settle();
    }

    /// The lines of the record that `line` is part of.
    #[must_use]
    pub fn record_at(&self, line: usize) -> Range<usize> {
        let lines_at = |line: usize| self.chunks.get(line).map_or(1, |entry| usize::from(entry.lines));
        let mut start = line;
        while start > 0 && lines_at(start) == 0 {
            start -= 1;
        }
        start..start + lines_at(start).max(1)
    }

    /// The first lines of all records.
    pub fn records(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let mut line = 0;
        std::iter::from_fn(move || {
            let lines = usize::from(self.chunks.get(line)?.lines.max(1));
            let record = line..line + lines;
            line += lines;
            Some(record)
        })
    }

    /// The verdict on the file as it was last looked at. Does not walk the file.
    #[must_use]
    pub fn verdict(&self, source: &impl Source, analyst: &Analyst) -> Verdict {
        Verdict::new(self, is_array(source), analyst.settings(), analyst.levels())
    }

    /// How often lines came or went: while it stays the same, a record stays on its line.
    pub(super) fn shifts(&self) -> u64 {
        self.chunks.shifts
    }

    /// Takes what the other files of the dataset say; true when that is something else than before.
    pub fn set_siblings(&mut self, siblings: Siblings) -> bool {
        let before = std::mem::replace(&mut self.siblings, siblings);
        before != self.siblings
    }

    /// What was done so far.
    #[must_use]
    pub fn work(&self) -> Work {
        Work { facts_moved: self.chunks.moved, ..self.work }
    }

    pub(super) fn visit(&self, facts: &[Fact], mut visit: impl FnMut(usize) -> bool) {
        self.chunks.visit(facts, |line, _| visit(line));
    }
}

/// Looks at lines, each by itself, for callers that share lines out among threads and make [`Lines`] of
/// [what was seen](Lines::of_looked).
#[must_use]
pub fn look_at(source: &(impl Source + ?Sized), analyst: &mut Analyst, lines: Range<usize>) -> Looked {
    let mut looked = Looked::default();
    source.read(lines, &mut |_, line| {
        analyst.look(line, &mut looked);
        true
    });
    looked
}

/// Scans lines and does not look at them: what they contribute is to be found later.
#[must_use]
pub fn scan(source: &(impl Source + ?Sized), lines: Range<usize>) -> Looked {
    let mut scanner = Scanner::default();
    let mut scanned = Looked::default();
    source.read(lines, &mut |_, line| {
        scanned.scan(&mut scanner, line);
        true
    });
    scanned
}

/// What each of these records contributes, with its first line: for callers that share records out
/// among threads and [store](Lines::store) the contributions themselves.
#[must_use]
pub fn contributions(
    source: &impl Source,
    settings: &Settings,
    records: &[Range<usize>],
) -> Vec<(usize, Contribution)> {
    let mut analyst = Analyst::new(settings);
    let mut buffer = String::new();
    let mut contributions = Vec::with_capacity(records.len());
    let mut rest = records;
    while let Some(first) = rest.first() {
        // Records of one line that stand in a row are read in a row.
        let row = rest
            .iter()
            .zip(first.start..)
            .take_while(|(record, line)| record.start == *line && record.len() == 1)
            .count();
        if row > 1 {
            source.read(first.start..first.start + row, &mut |line, input| {
                contributions.push((line, analyst.contribution(input)));
                true
            });
        } else {
            let contribution = analyst.contribution(&source.record(first.clone(), &mut buffer));
            contributions.push((first.start, contribution));
        }
        rest = &rest[row.max(1)..];
    }
    contributions
}

impl FileIndex for Lines {
    fn counts(&self) -> &Counts {
        self.chunks.total()
    }

    fn first(&self, fact: Fact) -> Option<usize> {
        self.lines(fact, 1).first().copied()
    }

    fn lines(&self, fact: Fact, most: usize) -> Vec<usize> {
        let mut lines = Vec::new();
        if most > 0 && self.chunks.total().of(fact) > 0 {
            self.chunks.visit(&[fact], |line, _| {
                lines.push(line);
                lines.len() < most
            });
        }
        lines
    }

    fn labels(&self, most: usize) -> Vec<(Arc<str>, u32)> {
        let known = &self.chunks.index().known;
        if known.label_count() >= most { Vec::new() } else { known.labels().collect() }
    }

    fn siblings(&self) -> Siblings {
        self.siblings.clone()
    }

    fn bytes(&self) -> u64 {
        self.chunks.bytes()
    }
}

/// Whether the file is one JSON array of objects instead of a record a line: its first token is a `[`
/// before an object, its last a `]`, and either the `[` is not closed on its own line or nothing
/// follows that line.
#[must_use]
pub fn is_array(source: &impl Source) -> bool {
    /// Blank lines beyond so many at either end are not passed over, to keep this cheap.
    const MOST_BLANK: usize = 1_000;
    let (mut first_text, mut next_text, mut last_text) = (String::new(), String::new(), String::new());
    let count = source.line_count();
    let blank =
        |line: usize, buffer: &mut String| source.line(line, buffer).trim_start_matches('\u{FEFF}').trim().is_empty();
    let Some(first) = (0..count.min(MOST_BLANK)).find(|&line| !blank(line, &mut first_text)) else { return false };
    let text = source.line(first, &mut first_text).trim_start_matches('\u{FEFF}').trim();
    let Some(inside) = text.strip_prefix('[') else { return false };
    let next = inside.trim_start();
    let opens_object = if next.is_empty() {
        let next = (first + 1..count.min(first + MOST_BLANK)).find(|&line| !blank(line, &mut next_text));
        next.is_some_and(|line| source.line(line, &mut next_text).trim_start().starts_with('{'))
    } else {
        next.starts_with('{')
    };
    if !opens_object {
        return false;
    }
    let Some(last) = (first..count).rev().take(MOST_BLANK).find(|&line| !blank(line, &mut last_text)) else {
        return false;
    };
    source.line(last, &mut last_text).trim_end().ends_with(']')
        && (last == first || !crate::analysis::records::is_closed(text))
}
