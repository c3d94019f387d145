//! What is kept of each line, in chunks that know the counts of their lines: a change costs its chunk,
//! and a line that holds a fact is found without walking the file.

use crate::analysis::line::Facts;
use crate::analysis::records::Scan;
use crate::rules::{Counts, Fact};
use std::cell::Cell;

/// Lines of a full chunk; one of twice as many is split.
const CHUNK: usize = 512;

/// What is kept of a line.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    /// For finding records.
    pub scan: Scan,
    /// The number of lines of the record that begins here; 0 inside a record.
    pub lines: u32,
    /// Whether no line before this one bears on where records begin from here on.
    pub clean: bool,
    /// Whether the record that begins here has still to be looked at.
    pub pending: bool,
    /// Whether the line is new and belongs to no record yet.
    pub fresh: bool,
    /// What the record that begins here contributes.
    pub facts: Facts,
}

#[derive(Debug, Default)]
struct Chunk {
    entries: Vec<Entry>,
    counts: Counts,
    pending: usize,
}

impl Chunk {
    fn new(entries: Vec<Entry>) -> Self {
        let mut counts = Counts::default();
        for entry in &entries {
            counts.add(&entry.facts);
        }
        let pending = entries.iter().filter(|entry| entry.pending).count();
        Self { entries, counts, pending }
    }
}

/// The entries of all lines of a file.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    chunks: Vec<Chunk>,
    len: usize,
    total: Counts,
    /// A chunk and its first line: where the last look-up ended.
    hint: Cell<(usize, usize)>,
    /// How many facts were added or taken away: the roll-up's work.
    pub moved: u64,
}

impl Chunks {
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn total(&self) -> &Counts {
        &self.total
    }

    pub fn pending(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.pending).sum()
    }

    /// The chunk and the place in it of a line below `len`.
    fn locate(&self, line: usize) -> (usize, usize) {
        let (mut chunk, mut first) = self.hint.get();
        if chunk >= self.chunks.len() || line < first {
            (chunk, first) = (0, 0);
        }
        while chunk + 1 < self.chunks.len() && line >= first + self.chunks[chunk].entries.len() {
            first += self.chunks[chunk].entries.len();
            chunk += 1;
        }
        self.hint.set((chunk, first));
        (chunk, line - first)
    }

    pub fn get(&self, line: usize) -> Option<&Entry> {
        if line >= self.len {
            return None;
        }
        let (chunk, at) = self.locate(line);
        self.chunks[chunk].entries.get(at)
    }

    /// Changes how the line stands among records; its facts stay with the counts.
    pub fn set_record(&mut self, line: usize, lines: u32, clean: bool, keep: bool) {
        let (chunk, at) = self.locate(line);
        let chunk = &mut self.chunks[chunk];
        let entry = &mut chunk.entries[at];
        (entry.lines, entry.clean, entry.fresh) = (lines, clean, false);
        if keep {
            return;
        }
        let facts = std::mem::take(&mut entry.facts);
        let pending = lines > 0;
        chunk.pending = chunk.pending + usize::from(pending) - usize::from(entry.pending);
        entry.pending = pending;
        chunk.counts.remove(&facts);
        self.total.remove(&facts);
        self.moved += facts.len() as u64;
    }

    /// Stores what the record that begins at `line` contributes.
    pub fn set_facts(&mut self, line: usize, facts: Facts) {
        let (chunk, at) = self.locate(line);
        let chunk = &mut self.chunks[chunk];
        let entry = &mut chunk.entries[at];
        chunk.counts.remove(&entry.facts);
        self.total.remove(&entry.facts);
        self.moved += (entry.facts.len() + facts.len()) as u64;
        chunk.counts.add(&facts);
        self.total.add(&facts);
        chunk.pending -= usize::from(entry.pending);
        entry.pending = false;
        entry.facts = facts;
    }

    /// The first record at or behind line `from` that has still to be looked at.
    pub fn next_pending(&self, from: usize) -> Option<usize> {
        if from >= self.len {
            return None;
        }
        let (first_chunk, at) = self.locate(from);
        let mut first = from - at;
        for (place, chunk) in self.chunks.iter().enumerate().skip(first_chunk) {
            let skip = if place == first_chunk { at } else { 0 };
            if chunk.pending > 0
                && let Some(found) = chunk.entries[skip..].iter().position(|entry| entry.pending)
            {
                return Some(first + skip + found);
            }
            first += chunk.entries.len();
        }
        None
    }

    /// Puts `new` in the place of `old` entries from `start` on.
    pub fn splice(&mut self, start: usize, old: usize, new: Vec<Entry>) {
        let mut left = old.min(self.len.saturating_sub(start));
        while left > 0 {
            let (place, at) = self.locate(start);
            let chunk = &mut self.chunks[place];
            let end = (at + left).min(chunk.entries.len());
            for entry in chunk.entries.drain(at..end) {
                chunk.counts.remove(&entry.facts);
                self.total.remove(&entry.facts);
                self.moved += entry.facts.len() as u64;
                chunk.pending -= usize::from(entry.pending);
            }
            left -= end - at;
            self.len -= end - at;
            if self.chunks[place].entries.is_empty() {
                self.chunks.remove(place);
            }
            self.hint.set((0, 0));
        }
        self.insert(start, new);
    }

    fn insert(&mut self, start: usize, new: Vec<Entry>) {
        self.len += new.len();
        if self.chunks.is_empty() {
            self.chunks.push(Chunk::default());
        }
        let (place, at) = self.locate(start);
        let chunk = &mut self.chunks[place];
        if chunk.entries.len() + new.len() <= 2 * CHUNK {
            chunk.pending += new.iter().filter(|entry| entry.pending).count();
            chunk.entries.splice(at..at, new);
            return;
        }
        let mut all = std::mem::take(&mut chunk.entries);
        all.splice(at..at, new);
        let mut pieces = Vec::with_capacity(all.len() / CHUNK + 1);
        let mut rest = all.into_iter().peekable();
        while rest.peek().is_some() {
            pieces.push(Chunk::new(rest.by_ref().take(CHUNK).collect()));
        }
        self.chunks.splice(place..=place, pieces);
        self.hint.set((0, 0));
    }

    /// Calls `visit` with the line and entry of each record that holds one of `facts`, in order,
    /// until it says stop. Chunks without any of them are passed over.
    pub fn visit(&self, facts: &[Fact], mut visit: impl FnMut(usize, &Entry) -> bool) {
        let mut first = 0;
        for chunk in &self.chunks {
            if facts.iter().any(|&fact| chunk.counts.of(fact) > 0) {
                for (at, entry) in chunk.entries.iter().enumerate() {
                    let holds = entry.facts.iter().any(|(fact, _)| facts.contains(fact));
                    if holds && !visit(first + at, entry) {
                        return;
                    }
                }
            }
            first += chunk.entries.len();
        }
    }
}
