//! What is kept of each line, in chunks that know the counts of their lines: a change costs its chunk,
//! and a line that holds a fact is found without walking the file.

use crate::analysis::chunk::{ALONE, CLEAN, Chunk, Entry, FRESH, PENDING, Tally, Wanted};
use crate::analysis::groups::{Places, RecordId};
use crate::analysis::index::{Changes, Index, Related, Relation, Source};
use crate::analysis::line::Contribution;
use crate::analysis::looked::Looked;
use crate::rules::{Counts, Fact};
use crate::schema::meaning::Meaning;
use std::cell::Cell;

/// Lines of a full chunk; one of twice as many is split.
const CHUNK: usize = 512;

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

/// The entries of all lines of a file.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    chunks: Vec<Chunk>,
    len: usize,
    pending: usize,
    total: Counts,
    /// What was added to a chunk and is not counted yet.
    tally: Tally,
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
        self.pending
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

    /// Makes it possible to ask the index for videos. O(records) once.
    pub fn want_videos(&mut self) {
        self.index.want_videos();
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

    /// The records that mean the same as one, itself among them, in the order of the file.
    pub fn copies_of(&self, record: RecordId) -> Vec<RecordId> {
        let (input, target) = self.index.known.digests(record);
        self.meaning_the_same(input, target)
    }

    /// The records with these digests, in the order of the file.
    pub fn meaning_the_same(&self, input: u64, target: u32) -> Vec<RecordId> {
        let mut records = self.index.meaning_the_same(input, target).to_vec();
        if records.len() > 1 {
            records.sort_by_cached_key(|&record| self.order().place(record));
        }
        records
    }

    /// The first record with this input that has a target.
    pub fn first_answer(&self, input: u64) -> Option<RecordId> {
        self.index.first_answer(input, &self.order())
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
            self.set_relation(record, Relation::Leaks, has);
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
        let chunk = &mut self.chunks[rank];
        let entry = &mut chunk.entries[at];
        let record = std::mem::take(&mut entry.record);
        if record == 0 {
            return;
        }
        for fact in entry.relation_facts() {
            chunk.holders.remove(fact.0);
            self.total.remove(&[fact]);
            self.moved += 1;
        }
        entry.relations = 0;
        self.index.remove(record);
    }

    /// Gives an entry what its record contributes, which is still to be [counted](Self::count).
    fn link(&mut self, rank: usize, at: usize, facts: &[(Fact, u32)], meaning: Option<&Meaning>) {
        let chunk = &mut self.chunks[rank];
        chunk.set_facts(at, facts);
        self.tally.add(facts);
        self.moved += facts.len() as u64;
        if let Some(meaning) = meaning {
            let record = self.index.add(meaning);
            self.homes.resize(self.index.known.numbers(), 0);
            self.homes[record as usize] = chunk.name;
            chunk.entries[at].record = record;
        }
    }

    /// Counts what was added to a chunk.
    fn count(&mut self, rank: usize) {
        let holders = &mut self.chunks[rank].holders;
        for (fact, records, count) in self.tally.take() {
            holders.add_many(fact, records);
            self.total.add_sum(fact, count);
        }
    }

    /// Settles what the records that came and went have to do with others, once no record is pending.
    pub fn settle(&mut self) {
        if self.index.is_settled() || self.pending() > 0 {
            return;
        }
        let order = Order { chunks: &self.chunks, homes: &self.homes, ranks: &self.ranks };
        let related: Vec<Related> = self.index.settle(&order);
        for (record, bits) in related {
            for relation in Relation::ALL.into_iter().filter(|relation| *relation != Relation::Leaks) {
                self.set_relation(record, relation, bits & relation as u8 != 0);
            }
        }
    }

    /// Gives chunks from the first of those on that came or went their names and places. O(these chunks), and
    /// O(entries) of those that are new.
    fn rank(&mut self, first: usize) {
        for rank in first..self.chunks.len() {
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

    /// Says whether a record has a relation, and counts it.
    fn set_relation(&mut self, record: RecordId, relation: Relation, has: bool) {
        let (rank, at) = self.order().place(record);
        let chunk = &mut self.chunks[rank];
        let entry = &mut chunk.entries[at];
        if entry.record != record || (entry.relations & relation as u8 != 0) == has {
            return;
        }
        entry.relations ^= relation as u8;
        let fact = [(relation.fact(), 1)];
        if has {
            chunk.holders.add([relation.fact()]);
            self.total.add(&fact);
        } else {
            chunk.holders.remove(relation.fact());
            self.total.remove(&fact);
        }
        self.moved += 1;
    }

    /// Changes how the line stands among records. Unless `keep` is set, what it contributes is still to be
    /// found.
    pub fn set_record(&mut self, line: usize, lines: usize, clean: bool, keep: bool) {
        let (rank, at) = self.locate(line);
        let entry = &mut self.chunks[rank].entries[at];
        entry.lines = u16::try_from(lines).unwrap_or(u16::MAX);
        entry.set(CLEAN, clean);
        entry.set(FRESH, false);
        if keep {
            return;
        }
        entry.set(ALONE, false);
        self.clear(rank, at);
        self.set_pending(rank, at, lines > 0);
    }

    /// Makes each line from `line` on a record that bears on no other, as long as it was looked at by itself and
    /// certainly is one; says how many they are.
    pub fn set_alone(&mut self, line: usize) -> usize {
        if line >= self.len {
            return 0;
        }
        let (first, mut at) = self.locate(line);
        let mut count = 0;
        for chunk in &mut self.chunks[first..] {
            let entries = chunk.entries[at..].iter_mut();
            let certain = entries.take_while(|entry| entry.fresh() && entry.alone() && !entry.scan.may_go_on());
            let before = count;
            certain.for_each(|entry| {
                (entry.lines, count) = (1, count + 1);
                entry.set(CLEAN, true);
                entry.set(FRESH, false);
            });
            if count - before < chunk.entries.len() - at {
                break;
            }
            at = 0;
        }
        count
    }

    fn set_pending(&mut self, rank: usize, at: usize, pending: bool) {
        let chunk = &mut self.chunks[rank];
        let entry = &mut chunk.entries[at];
        let (before, now) = (usize::from(entry.pending()), usize::from(pending));
        entry.set(PENDING, pending);
        chunk.pending = chunk.pending + now - before;
        self.pending = self.pending + now - before;
    }

    /// Takes from an entry what it contributes.
    fn clear(&mut self, rank: usize, at: usize) {
        self.unlink(rank, at);
        let facts = self.chunks[rank].take_facts(at);
        self.total.remove(&facts);
        self.moved += facts.len() as u64;
    }

    /// Stores what the record that begins at `line` contributes.
    pub fn store(&mut self, line: usize, contribution: &Contribution) {
        let (rank, at) = self.locate(line);
        self.clear(rank, at);
        self.link(rank, at, &contribution.facts, contribution.meaning.as_ref());
        self.count(rank);
        self.set_pending(rank, at, false);
        let entry = &mut self.chunks[rank].entries[at];
        entry.set(ALONE, entry.lines == 1);
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
                && let Some(found) = chunk.entries[skip..].iter().position(Entry::pending)
            {
                return Some(first + skip + found);
            }
            first += chunk.entries.len();
        }
        None
    }

    /// Puts `new` in the place of `old` entries from `start` on.
    pub fn splice(&mut self, start: usize, old: usize, new: &mut Looked) {
        let mut left = old.min(self.len.saturating_sub(start));
        self.shifts += u64::from(left != new.len());
        while left > 0 {
            let (place, at) = self.locate(start);
            let end = (at + left).min(self.chunks[place].entries.len());
            for at in at..end {
                self.clear(place, at);
                self.set_pending(place, at, false);
            }
            for entry in self.chunks[place].entries.drain(at..end) {
                self.bytes -= entry.scan.bytes() as u64;
            }
            left -= end - at;
            self.len -= end - at;
            if self.chunks[place].entries.is_empty() {
                let chunk = self.chunks.remove(place);
                self.unused_names.push(chunk.name);
                self.rank(place);
            }
            self.hint.set((0, 0));
        }
        self.insert(start, new);
    }

    fn insert(&mut self, start: usize, new: &mut Looked) {
        if self.chunks.is_empty() {
            self.chunks.push(Chunk::default());
            self.rank(0);
        }
        let (mut place, mut at) = if start < self.len { self.locate(start) } else { self.end() };
        self.len += new.len();
        self.bytes += new.bytes();
        let mut tail = None;
        if self.chunks[place].entries.len() + new.len() > 2 * CHUNK {
            tail = Some(self.chunks[place].split_off(at)).filter(|tail| !tail.entries.is_empty());
        }
        let splits = tail.is_some();
        if let Some(tail) = tail {
            self.chunks.insert(place + 1, tail);
            self.rank(place + 1);
        }
        // In a chunk that has room, between its entries; else behind it, in as many as are needed.
        let between = !splits && at < self.chunks[place].entries.len();
        new.drain(|scan, contribution| {
            if !between && at >= CHUNK {
                self.count(place);
                self.chunks[place].facts.shrink();
                place += 1;
                at = 0;
                self.chunks.insert(place, Chunk::default());
                self.rank(place);
            }
            self.chunks[place].entries.insert(at, Entry::new(scan));
            if let Some((facts, meaning)) = contribution {
                self.chunks[place].entries[at].set(ALONE, true);
                self.link(place, at, facts, meaning);
            }
            at += 1;
        });
        self.count(place);
        self.hint.set((0, 0));
    }

    /// Behind the last entry: the last chunk and its length.
    fn end(&self) -> (usize, usize) {
        let last = self.chunks.len().saturating_sub(1);
        (last, self.chunks.get(last).map_or(0, |chunk| chunk.entries.len()))
    }

    /// Calls `visit` with the line and entry of each record that holds one of `facts`, in order,
    /// until it says stop. Chunks without any of them are passed over.
    pub fn visit(&self, facts: &[Fact], mut visit: impl FnMut(usize, &Entry) -> bool) {
        let mut first = 0;
        let mut wanted = vec![false; Fact::count()];
        facts.iter().for_each(|fact| wanted[fact.index()] = true);
        let is_wanted = |fact: Fact| wanted.get(fact.index()).is_some_and(|wanted| *wanted);
        for chunk in &self.chunks {
            if let Some(wanted) = Wanted::held(&chunk.holders, is_wanted) {
                let entries = chunk.entries.iter().enumerate();
                for (at, entry) in entries.filter(|(_, entry)| entry.may_have(&wanted)) {
                    let mut own = chunk.facts.get(entry.facts).chain(entry.relation_facts());
                    let holds = own.any(|(fact, _)| is_wanted(fact));
                    if holds && !visit(first + at, entry) {
                        return;
                    }
                }
            }
            first += chunk.entries.len();
        }
    }
}
