//! The lines of one file, updated with each edit at the cost of the records that it touches.

use crate::analysis::line::{Analyst, Contribution};
use crate::analysis::lines::analyze::scan;
use crate::analysis::lines::batch::Batch;
use crate::analysis::lines::cache::FindingCache;
use crate::analysis::lines::records::{Grouper, MAX_LINES};
use crate::analysis::lines::source::Source;
use crate::analysis::store::entry::{ANALYZED, CLEAN, FRESH};
use crate::analysis::store::line_table::LineTable;
use crate::json::lexer;
use crate::rules::Siblings;
use crate::rules::relations::Relations;
use crate::text::Splice;
use std::cell::RefCell;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

/// The work done so far. Tests bound the work of an edit by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Lines scanned for where records begin.
    pub lines_scanned: u64,
    /// Records analyzed.
    pub records_analyzed: u64,
    /// Bytes of lines read to scan or analyze them.
    pub bytes_read: u64,
    /// Facts added to or removed from the file's counts.
    pub facts_moved: u64,
}

/// The lines of a file: its records, their contributions, and which records are pending.
#[derive(Debug, Default)]
pub struct Lines {
    pub(in crate::analysis) table: LineTable,
    pub(super) siblings: Siblings,
    /// The relations of the first record in another file, if that is where it is from.
    pub(in crate::analysis) lent: Option<Relations>,
    work: Work,
    pub(super) cache: RefCell<FindingCache>,
    /// The [bucket](Self::common_bucket) of the text, when it was asked for.
    pub(in crate::analysis) bucket: RefCell<Option<Option<Arc<str>>>>,
}

impl Lines {
    /// The lines of `source`, with all records pending. O(text).
    #[must_use]
    pub fn new(source: &impl Source) -> Self {
        let mut lines = Self::default();
        lines.splice(Splice { start: 0, old: 0, new: source.line_count() }, source);
        lines
    }

    /// The lines of a whole file in batches. If the batches are [analyzed](crate::analysis::analyze), only records of
    /// several lines are pending.
    pub fn from_batches(batches: impl IntoIterator<Item = Batch>) -> Self {
        Self::from_reused(batches, drop)
    }

    /// Like [`from_batches`](Self::from_batches), and passes each batch to `reuse` when it is empty.
    pub fn from_reused(batches: impl IntoIterator<Item = Batch>, mut reuse: impl FnMut(Batch)) -> Self {
        let (mut lines, mut grouped) = (Self::default(), 0);
        for mut batch in batches {
            let count = lines.table.len();
            lines.put(Splice { start: count, old: 0, new: batch.len() }, &mut batch);
            reuse(batch);
            // The search for the end of a record reads at most this many lines, so grouping after it costs no more
            // than grouping the new lines.
            if lines.table.len() - grouped > MAX_LINES {
                lines.regroup(grouped..lines.table.len());
                grouped = lines.table.len();
            }
        }
        lines.regroup(grouped..lines.table.len());
        lines.table.settle();
        lines
    }

    /// Applies an edit of the text. Costs the lines that changed and the records around them.
    pub fn splice(&mut self, splice: Splice, source: &impl Source) {
        let batch = scan(source, splice.start..splice.start + splice.new);
        self.work.bytes_read += batch.bytes();
        self.splice_batch(splice, batch);
    }

    /// Applies an edit of the text whose new lines are in a batch.
    pub fn splice_batch(&mut self, splice: Splice, mut batch: Batch) {
        let changed = splice.start..splice.start + batch.len();
        self.put(splice, &mut batch);
        self.regroup(changed);
        self.table.settle();
    }

    fn put(&mut self, splice: Splice, batch: &mut Batch) {
        self.work.lines_scanned += batch.len() as u64;
        self.work.records_analyzed += batch.analyzed() as u64;
        self.table.splice(splice.start, splice.old, batch);
        self.cache.get_mut().splice(splice);
        *self.bucket.get_mut() = None;
    }

    /// Makes every record pending, after a change of the settings.
    pub fn invalidate(&mut self) {
        let mut line = 0;
        while let Some(entry) = self.table.get(line) {
            let (lines, clean) = (usize::from(entry.lines), entry.is(CLEAN));
            self.table.set_record(line, lines, clean, false);
            line += lines.max(1);
        }
        *self.cache.get_mut() = FindingCache::default();
    }

    fn regroup(&mut self, changed: Range<usize>) {
        let starts_clean = |line: &usize| self.table.get(*line).is_some_and(|entry| entry.lines > 0 && entry.is(CLEAN));
        let mut grouper = Grouper::at((0..changed.start).rev().find(starts_clean).unwrap_or(0));
        loop {
            if grouper.is_clean() {
                grouper = Grouper::at(grouper.line() + self.table.set_single_records(grouper.line()));
            }
            let line = grouper.line();
            let clean = grouper.is_clean();
            let Some(entry) = self.table.get(line) else { return };
            if line >= changed.end && clean && entry.lines > 0 && entry.is(CLEAN) && !entry.is(FRESH) {
                return;
            }
            let (before, analyzed) = (usize::from(entry.lines), entry.is(ANALYZED));
            let Some(lines) = grouper.next(|line| self.table.get(line).map(|entry| entry.scan)) else { return };
            let fresh = (line..line + lines).any(|line| self.table.get(line).is_some_and(|entry| entry.is(FRESH)));
            let keep = (before == lines && !fresh) || (lines == 1 && analyzed);
            if !keep {
                self.cache.get_mut().remove(line);
            }
            self.table.set_record(line, lines, clean, keep);
            for inside in line + 1..line + lines {
                self.table.set_record(inside, 0, false, before == lines && !fresh);
            }
        }
    }

    /// Whether no record is pending.
    #[must_use]
    pub fn is_analyzed(&self) -> bool {
        self.table.pending() == 0
    }

    /// Analyzes about `bytes` of pending records, and returns whether none is left.
    pub fn analyze(&mut self, source: &impl Source, analyst: &mut Analyst, bytes: usize) -> bool {
        source.read_records(&self.pending_records(bytes), &mut |line, input| {
            self.work.bytes_read += input.text.len() as u64;
            let contribution = analyst.contribution(input);
            self.store(line, contribution);
        });
        self.is_analyzed()
    }

    /// The lines of the first pending record.
    #[must_use]
    pub fn next_pending(&self) -> Option<Range<usize>> {
        self.table.next_pending(0).map(|line| self.record_at(line))
    }

    /// The first pending records, in order, up to about `bytes` of text.
    #[must_use]
    pub fn pending_records(&self, bytes: usize) -> Vec<Range<usize>> {
        let mut records = Vec::new();
        let (mut left, mut from) = (bytes, 0);
        while left > 0
            && let Some(line) = self.table.next_pending(from)
        {
            let record = self.record_at(line);
            from = record.end;
            let length = |line| self.table.get(line).map_or(0, |entry| entry.scan.bytes() + 1);
            left = left.saturating_sub(record.clone().map(length).sum());
            records.push(record);
        }
        records
    }

    /// Stores the contribution of the record that begins at `line`, which is no longer pending.
    pub fn store(&mut self, line: usize, contribution: Contribution) {
        self.work.records_analyzed += 1;
        self.table.store(line, &contribution);
        self.table.settle();
    }

    /// The lines of the record that `line` is part of.
    #[must_use]
    pub fn record_at(&self, line: usize) -> Range<usize> {
        let lines_at = |line: usize| self.table.get(line).map_or(1, |entry| usize::from(entry.lines));
        let mut start = line;
        while start > 0 && lines_at(start) == 0 {
            start -= 1;
        }
        start..start + lines_at(start).max(1)
    }

    /// The lines of each record, in order.
    pub fn records(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let mut line = 0;
        std::iter::from_fn(move || {
            let lines = usize::from(self.table.get(line)?.lines.max(1));
            let record = line..line + lines;
            line += lines;
            Some(record)
        })
    }

    /// The lines of each record that isn't blank, in order. O(lines), and reads only lines that may be blank.
    #[must_use]
    pub fn filled_records(&self, source: &impl Source) -> Vec<Range<usize>> {
        let (mut records, mut doubtful) = (Vec::new(), Vec::new());
        let mut line = 0;
        while let Some(entry) = self.table.get(line) {
            let record = line..line + usize::from(entry.lines.max(1));
            line = record.end;
            if record.len() == 1 && entry.scan.may_be_blank() {
                if entry.scan.bytes() == 0 {
                    continue;
                }
                doubtful.push(record.clone());
            }
            records.push(record);
        }
        let mut blank = HashSet::new();
        source.read_records(&doubtful, &mut |line, input| {
            if input.text.trim_start_matches('\u{FEFF}').bytes().all(lexer::is_space) {
                blank.insert(line);
            }
        });
        if !blank.is_empty() {
            records.retain(|record| !blank.contains(&record.start));
        }
        records
    }

    /// Sets what the other files of the dataset contribute, and returns whether it changed.
    pub(in crate::analysis) fn set_siblings(&mut self, siblings: Siblings) -> bool {
        let before = std::mem::replace(&mut self.siblings, siblings);
        before != self.siblings
    }

    /// The work done so far.
    #[must_use]
    pub fn work(&self) -> Work {
        Work { facts_moved: self.table.facts_moved, ..self.work }
    }
}
