//! What is kept of each line, in chunks that know the counts of their lines: a change costs its chunk,
//! and a line that holds a fact is found without walking the file.

use crate::analysis::groups::{Places, RecordId};
use crate::analysis::index::{Changes, Index, Relation, Source, Turned};
use crate::analysis::line::{Contribution, Facts};
use crate::analysis::records::Scan;
use crate::rules::{Counts, Fact};
use crate::schema::meaning::Meaning;
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
    /// Its number, when it has a meaning; else 0.
    pub record: RecordId,
    /// What other records have to do with it: the bits of [`Relation`]s, which count like facts.
    pub relations: u8,
}

impl Entry {
    fn relation_facts(&self) -> impl Iterator<Item = (Fact, u32)> {
        let relations = self.relations;
        Relation::ALL.into_iter().filter(move |&relation| relations & relation as u8 != 0).map(|it| (it.fact(), 1))
    }
}

#[derive(Debug, Default)]
struct Chunk {
    /// What it is known by as long as it exists.
    name: u32,
    entries: Vec<Entry>,
    counts: Counts,
    pending: usize,
}

/// Where the records stand that have a number.
#[derive(Clone, Copy)]
struct Order<'a> {
    chunks: &'a [Chunk],
    /// The name of the chunk of each record.
    homes: &'a [u32],
    /// The place of each chunk, by its name.
    ranks: &'a [u32],
}

impl Places for Order<'_> {
    fn place(&self, record: RecordId) -> (usize, usize) {
        let rank = self.ranks[self.homes[record as usize] as usize] as usize;
        let at = self.chunks[rank].entries.iter().position(|entry| entry.record == record);
        (rank, at.unwrap_or(0))
    }
}

impl Chunk {
    fn new(entries: Vec<Entry>) -> Self {
        let mut counts = Counts::default();
        for entry in &entries {
            counts.add(&entry.facts);
            entry.relation_facts().for_each(|fact| counts.add(&[fact]));
        }
        let pending = entries.iter().filter(|entry| entry.pending).count();
        Self { name: 0, entries, counts, pending }
    }
}

/// The entries of all lines of a file.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    chunks: Vec<Chunk>,
    len: usize,
    total: Counts,
    /// The bytes of all lines, without their ends.
    bytes: u64,
    /// A chunk and its first line: where the last look-up ended.
    hint: Cell<(usize, usize)>,
    /// How many facts were added or taken away: the roll-up's work.
    pub moved: u64,
    /// How often lines came or went.
    pub shifts: u64,
    /// The records by what they mean.
    index: Index,
    homes: Vec<u32>,
    ranks: Vec<u32>,
    unused_names: Vec<u32>,
}

impl Chunks {
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn total(&self) -> &Counts {
        &self.total
    }

    /// The bytes of all lines, with an LF or CRLF behind each but the last.
    pub fn bytes(&self) -> u64 {
        self.bytes + self.len.saturating_sub(1) as u64 + u64::from(self.total.of(Fact::ENDS_CRLF))
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

    /// The records by what they mean.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The records that came or went since this was asked last.
    pub fn take_changes(&mut self) -> Changes {
        std::mem::take(&mut self.index.changes)
    }

    /// The line on which a record begins.
    pub fn line_of(&self, record: RecordId) -> usize {
        let (rank, at) = self.order().place(record);
        self.chunks[..rank].iter().map(|chunk| chunk.entries.len()).sum::<usize>() + at
    }

    fn order(&self) -> Order<'_> {
        Order { chunks: &self.chunks, homes: &self.homes, ranks: &self.ranks }
    }

    /// Says whether a record leaks, and from where.
    pub fn set_leak(&mut self, record: RecordId, leak: Option<Source>) {
        let had = self.index.leaks.contains_key(&record);
        let has = leak.is_some();
        match leak {
            Some(leak) => drop(self.index.leaks.insert(record, leak)),
            None => drop(self.index.leaks.remove(&record)),
        }
        if had != has {
            self.turn(&[(record, Relation::Leaks, has)]);
        }
    }

    /// Says on which line of the training file now stands what a record leaks from.
    pub fn set_leak_line(&mut self, record: RecordId, line: usize) {
        if let Some(leak) = self.index.leaks.get_mut(&record) {
            leak.told.line = line;
        }
    }

    /// Takes the record of an entry out of the index, and its relations from the counts.
    fn unlink(&mut self, rank: usize, at: usize) {
        let record = self.chunks[rank].entries[at].record;
        if record == 0 {
            return;
        }
        let mut turned = Vec::new();
        let order = Order { chunks: &self.chunks, homes: &self.homes, ranks: &self.ranks };
        let leaks = self.index.leaks.contains_key(&record);
        self.index.remove(record, &order, &mut turned);
        turned.extend(leaks.then_some((record, Relation::Leaks, false)));
        self.turn(&turned);
        self.chunks[rank].entries[at].record = 0;
    }

    /// Puts the record of an entry into the index.
    fn link(&mut self, rank: usize, at: usize, meaning: Meaning) {
        let record = self.index.reserve();
        self.homes.resize(self.index.numbers(), 0);
        self.homes[record as usize] = self.chunks[rank].name;
        self.chunks[rank].entries[at].record = record;
        let mut turned = Vec::new();
        let order = Order { chunks: &self.chunks, homes: &self.homes, ranks: &self.ranks };
        self.index.add(record, meaning, &order, &mut turned);
        self.turn(&turned);
    }

    /// Gives chunks their names and places after some of them came or went. O(chunks), and O(entries) of
    /// those that are new.
    fn rank(&mut self) {
        for rank in 0..self.chunks.len() {
            if self.chunks[rank].name == 0 {
                let name = self.unused_names.pop().unwrap_or_else(|| {
                    // The name 0 is no name.
                    self.ranks.resize(self.ranks.len().max(1) + 1, 0);
                    u32::try_from(self.ranks.len() - 1).unwrap_or(0)
                });
                let chunk = &mut self.chunks[rank];
                chunk.name = name;
                for entry in &chunk.entries {
                    if entry.record != 0 {
                        self.homes[entry.record as usize] = name;
                    }
                }
            }
            self.ranks[self.chunks[rank].name as usize] = u32::try_from(rank).unwrap_or(u32::MAX);
        }
    }

    /// Counts relations that records got or lost.
    fn turn(&mut self, turned: &[Turned]) {
        for &(record, relation, has) in turned {
            let (rank, at) = self.order().place(record);
            let chunk = &mut self.chunks[rank];
            let entry = &mut chunk.entries[at];
            if entry.record != record || (entry.relations & relation as u8 != 0) == has {
                continue;
            }
            entry.relations ^= relation as u8;
            let fact = [(relation.fact(), 1)];
            if has {
                chunk.counts.add(&fact);
                self.total.add(&fact);
            } else {
                chunk.counts.remove(&fact);
                self.total.remove(&fact);
            }
            self.moved += 1;
        }
    }

    /// Changes how the line stands among records; its facts stay with the counts.
    pub fn set_record(&mut self, line: usize, lines: u32, clean: bool, keep: bool) {
        let (rank, at) = self.locate(line);
        let entry = &mut self.chunks[rank].entries[at];
        (entry.lines, entry.clean, entry.fresh) = (lines, clean, false);
        if keep {
            return;
        }
        self.unlink(rank, at);
        let chunk = &mut self.chunks[rank];
        let entry = &mut chunk.entries[at];
        let facts = std::mem::take(&mut entry.facts);
        let pending = lines > 0;
        chunk.pending = chunk.pending + usize::from(pending) - usize::from(entry.pending);
        entry.pending = pending;
        chunk.counts.remove(&facts);
        self.total.remove(&facts);
        self.moved += facts.len() as u64;
    }

    /// Stores what the record that begins at `line` contributes.
    pub fn store(&mut self, line: usize, contribution: Contribution) {
        let Contribution { facts, meaning } = contribution;
        let (rank, at) = self.locate(line);
        self.unlink(rank, at);
        let chunk = &mut self.chunks[rank];
        let entry = &mut chunk.entries[at];
        chunk.counts.remove(&entry.facts);
        self.total.remove(&entry.facts);
        self.moved += (entry.facts.len() + facts.len()) as u64;
        chunk.counts.add(&facts);
        self.total.add(&facts);
        chunk.pending -= usize::from(entry.pending);
        entry.pending = false;
        entry.facts = facts;
        if let Some(meaning) = meaning {
            self.link(rank, at, meaning);
        }
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
        self.shifts += u64::from(left != new.len());
        while left > 0 {
            let (place, at) = self.locate(start);
            let end = (at + left).min(self.chunks[place].entries.len());
            (at..end).for_each(|at| self.unlink(place, at));
            let chunk = &mut self.chunks[place];
            for entry in chunk.entries.drain(at..end) {
                chunk.counts.remove(&entry.facts);
                self.total.remove(&entry.facts);
                self.moved += entry.facts.len() as u64;
                self.bytes -= entry.scan.bytes() as u64;
                chunk.pending -= usize::from(entry.pending);
            }
            left -= end - at;
            self.len -= end - at;
            if self.chunks[place].entries.is_empty() {
                let chunk = self.chunks.remove(place);
                self.unused_names.push(chunk.name);
                self.rank();
            }
            self.hint.set((0, 0));
        }
        self.insert(start, new);
    }

    fn insert(&mut self, start: usize, new: Vec<Entry>) {
        self.len += new.len();
        self.bytes += new.iter().map(|entry| entry.scan.bytes() as u64).sum::<u64>();
        if self.chunks.is_empty() {
            self.chunks.push(Chunk::default());
            self.rank();
        }
        let (place, at) = self.locate(start);
        let chunk = &mut self.chunks[place];
        if chunk.entries.len() + new.len() <= 2 * CHUNK {
            chunk.pending += new.iter().filter(|entry| entry.pending).count();
            chunk.entries.splice(at..at, new);
            return;
        }
        self.unused_names.push(chunk.name);
        let mut all = std::mem::take(&mut chunk.entries);
        all.splice(at..at, new);
        let mut pieces = Vec::with_capacity(all.len() / CHUNK + 1);
        let mut rest = all.into_iter().peekable();
        while rest.peek().is_some() {
            pieces.push(Chunk::new(rest.by_ref().take(CHUNK).collect()));
        }
        self.chunks.splice(place..=place, pieces);
        self.rank();
        self.hint.set((0, 0));
    }

    /// Calls `visit` with the line and entry of each record that holds one of `facts`, in order,
    /// until it says stop. Chunks without any of them are passed over.
    pub fn visit(&self, facts: &[Fact], mut visit: impl FnMut(usize, &Entry) -> bool) {
        let mut first = 0;
        for chunk in &self.chunks {
            if facts.iter().any(|&fact| chunk.counts.of(fact) > 0) {
                for (at, entry) in chunk.entries.iter().enumerate() {
                    let holds = entry.facts.iter().any(|(fact, _)| facts.contains(fact))
                        || entry.relation_facts().any(|(fact, _)| facts.contains(&fact));
                    if holds && !visit(first + at, entry) {
                        return;
                    }
                }
            }
            first += chunk.entries.len();
        }
    }
}
