//! Stores the results of all lines of a file in blocks. An edit costs its block, and a search for a fact skips the
//! blocks without it.

use crate::analysis::index::duplicates::{Index, LeakOrigin};
use crate::analysis::line::Contribution;
use crate::analysis::lines::batch::Batch;
use crate::analysis::store::block::{Block, Filter, Tally};
use crate::analysis::store::entry::{ANALYZED, CLEAN, Entry, FRESH, PENDING, Relation};
use crate::analysis::store::meanings::RecordId;
use crate::analysis::store::places::Places;
use crate::example::meaning::Meaning;
use crate::rules::{Counts, Fact};
use std::cell::Cell;

/// The number of lines of a full block; a block of twice as many is split.
const BLOCK: usize = 512;

/// The stored results of all lines of a file.
#[derive(Debug, Default)]
pub struct LineTable {
    blocks: Vec<Block>,
    len: usize,
    pending: usize,
    total: Counts,
    /// The facts that were added to a block and not counted yet.
    tally: Tally,
    /// The bytes of all lines, without their ends.
    bytes: u64,
    /// The block that the last search found, and the block's first line.
    hint: Cell<(usize, usize)>,
    /// The number of facts that were added or removed.
    pub facts_moved: u64,
    /// How often the number of lines changed.
    pub shifts: u64,
    /// The records by their meaning.
    pub index: Index,
    places: Places,
}

impl LineTable {
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn total(&self) -> &Counts {
        &self.total
    }

    /// The bytes of all lines, with an LF or CRLF after each but the last.
    pub fn bytes(&self) -> u64 {
        self.bytes + self.len.saturating_sub(1) as u64 + u64::from(self.total.of(Fact::ENDS_CRLF))
    }

    pub fn pending(&self) -> usize {
        self.pending
    }

    /// The position of the block of a line, and of the line in it. Lines after the last one are in the last block.
    fn locate(&self, line: usize) -> (usize, usize) {
        let (mut block, mut first) = self.hint.get();
        if block >= self.blocks.len() || line < first {
            (block, first) = (0, 0);
        }
        while block + 1 < self.blocks.len() && line >= first + self.blocks[block].entries.len() {
            first += self.blocks[block].entries.len();
            block += 1;
        }
        self.hint.set((block, first));
        (block, line - first)
    }

    pub fn get(&self, line: usize) -> Option<&Entry> {
        let (block, at) = self.locate(line);
        self.blocks.get(block)?.entries.get(at)
    }

    /// The line on which a record begins.
    pub fn line_of(&self, record: RecordId) -> usize {
        let (block, at) = self.places.of(record, &self.blocks);
        self.blocks[..block].iter().map(|block| block.entries.len()).sum::<usize>() + at
    }

    /// The records with the same digests as a record, including itself, in the order of the file.
    pub fn copies_of(&self, record: RecordId) -> &[RecordId] {
        let (input, target) = self.index.meanings.digests(record);
        self.index.with_digests(input, target)
    }

    /// The first record with this input that has a target.
    pub fn first_with_target(&self, input: u64) -> Option<RecordId> {
        self.index.first_with_target(input, |record| self.places.of(record, &self.blocks))
    }

    /// Sets or removes the leak of a record.
    pub fn set_leak(&mut self, record: RecordId, leak: Option<LeakOrigin>) {
        let has = leak.is_some();
        let before = match leak {
            Some(leak) => self.index.leaks.insert(record, leak),
            None => self.index.leaks.remove(&record),
        };
        if before.is_some() != has {
            self.set_relation(record, Relation::Leaks, has);
        }
    }

    /// Sets the relations of the records that were added and removed, if no record is pending.
    pub fn settle(&mut self) {
        if self.index.is_settled() || self.pending() > 0 {
            return;
        }
        let (places, blocks) = (&self.places, &self.blocks);
        for (record, bits) in self.index.settle(|record| places.of(record, blocks)) {
            for relation in Relation::ALL.into_iter().filter(|relation| *relation != Relation::Leaks) {
                self.set_relation(record, relation, bits & relation as u8 != 0);
            }
        }
    }

    fn set_relation(&mut self, record: RecordId, relation: Relation, has: bool) {
        let (block, at) = self.places.of(record, &self.blocks);
        if self.blocks[block].entries[at].record == record {
            self.set_relation_at(block, at, relation, has);
        }
    }

    /// Sets or clears a relation, and counts it.
    fn set_relation_at(&mut self, block: usize, at: usize, relation: Relation, has: bool) {
        let block = &mut self.blocks[block];
        let entry = &mut block.entries[at];
        if entry.has(relation) == has {
            return;
        }
        entry.relations ^= relation as u8;
        let fact = relation.fact();
        if has {
            block.counts.add([fact]);
            self.total.add(&[(fact, 1)]);
        } else {
            block.counts.remove(fact);
            self.total.remove(&[(fact, 1)]);
        }
        self.facts_moved += 1;
    }

    /// Adds the contribution of an entry's record. [`count`](Self::count) must follow.
    fn add(&mut self, block: usize, at: usize, facts: &[(Fact, u32)], meaning: Option<&Meaning>) {
        let block = &mut self.blocks[block];
        block.set_facts(at, facts);
        self.tally.add(facts);
        self.facts_moved += facts.len() as u64;
        if let Some(meaning) = meaning {
            let record = self.index.add(meaning);
            self.places.set(record, block);
            block.entries[at].record = record;
        }
    }

    /// Counts the facts that were added to a block.
    fn count(&mut self, block: usize) {
        let counts = &mut self.blocks[block].counts;
        for (fact, records, count) in self.tally.take() {
            counts.add_many(fact, records);
            self.total.add_sum(fact, count);
        }
    }

    /// Removes the contribution of an entry's record.
    fn clear(&mut self, block: usize, at: usize) {
        let record = std::mem::take(&mut self.blocks[block].entries[at].record);
        if record != 0 {
            Relation::ALL.into_iter().for_each(|relation| self.set_relation_at(block, at, relation, false));
            self.index.remove(record);
        }
        let facts = self.blocks[block].take_facts(at);
        self.total.remove(&facts);
        self.facts_moved += facts.len() as u64;
    }

    /// Sets the number of lines of the record that begins at `line`; 0 inside a record. Unless `keep` is set, the
    /// record becomes pending.
    pub fn set_record(&mut self, line: usize, lines: usize, clean: bool, keep: bool) {
        let (block, at) = self.locate(line);
        let entry = &mut self.blocks[block].entries[at];
        entry.lines = u16::try_from(lines).unwrap_or(u16::MAX);
        entry.set(CLEAN, clean);
        entry.set(FRESH, false);
        if keep {
            return;
        }
        entry.set(ANALYZED, false);
        self.clear(block, at);
        self.set_pending(block, at, lines > 0);
    }

    /// Makes each fresh line from `line` on a record of its own, up to the first line that isn't analyzed or may
    /// begin a longer record. Returns the number of these lines.
    pub fn set_single_records(&mut self, line: usize) -> usize {
        if line >= self.len {
            return 0;
        }
        let (first, mut at) = self.locate(line);
        let mut count = 0;
        for block in &mut self.blocks[first..] {
            let entries = block.entries[at..].iter_mut();
            let certain = entries.take_while(|entry| entry.is(FRESH) && entry.is(ANALYZED) && !entry.scan.may_go_on());
            let before = count;
            certain.for_each(|entry| {
                (entry.lines, count) = (1, count + 1);
                entry.set(CLEAN, true);
                entry.set(FRESH, false);
            });
            if count - before < block.entries.len() - at {
                break;
            }
            at = 0;
        }
        count
    }

    fn set_pending(&mut self, block: usize, at: usize, pending: bool) {
        let block = &mut self.blocks[block];
        let entry = &mut block.entries[at];
        let (before, now) = (usize::from(entry.is(PENDING)), usize::from(pending));
        entry.set(PENDING, pending);
        block.pending = block.pending + now - before;
        self.pending = self.pending + now - before;
    }

    /// Stores the contribution of the record that begins at `line`.
    pub fn store(&mut self, line: usize, contribution: &Contribution) {
        let (block, at) = self.locate(line);
        self.clear(block, at);
        self.add(block, at, &contribution.facts, contribution.meaning.as_ref());
        self.count(block);
        self.set_pending(block, at, false);
        let entry = &mut self.blocks[block].entries[at];
        entry.set(ANALYZED, entry.lines == 1);
    }

    /// The first pending record from line `from` on.
    pub fn next_pending(&self, from: usize) -> Option<usize> {
        if from >= self.len {
            return None;
        }
        let (first_block, at) = self.locate(from);
        let mut first = from - at;
        for (position, block) in self.blocks.iter().enumerate().skip(first_block) {
            let skip = if position == first_block { at } else { 0 };
            if block.pending > 0
                && let Some(found) = block.entries[skip..].iter().position(|entry| entry.is(PENDING))
            {
                return Some(first + skip + found);
            }
            first += block.entries.len();
        }
        None
    }

    /// Replaces `old` lines from `start` on by `new` ones.
    pub fn splice(&mut self, start: usize, old: usize, new: &mut Batch) {
        let mut left = old.min(self.len.saturating_sub(start));
        self.shifts += u64::from(left != new.len());
        while left > 0 {
            let (block, at) = self.locate(start);
            let end = (at + left).min(self.blocks[block].entries.len());
            for at in at..end {
                self.clear(block, at);
                self.set_pending(block, at, false);
            }
            for entry in self.blocks[block].entries.drain(at..end) {
                self.bytes -= entry.scan.bytes() as u64;
            }
            left -= end - at;
            self.len -= end - at;
            if self.blocks[block].entries.is_empty() {
                self.places.free(&self.blocks.remove(block));
                self.places.update(&mut self.blocks, block);
            }
            self.hint.set((0, 0));
        }
        self.insert(start, new);
    }

    fn insert_block(&mut self, position: usize, block: Block) {
        self.blocks.insert(position, block);
        self.places.update(&mut self.blocks, position);
    }

    fn insert(&mut self, start: usize, new: &mut Batch) {
        if self.blocks.is_empty() {
            self.insert_block(0, Block::default());
        }
        let (mut block, mut at) = self.locate(start.min(self.len));
        self.len += new.len();
        self.bytes += new.bytes();
        let mut tail = None;
        if self.blocks[block].entries.len() + new.len() > 2 * BLOCK {
            tail = Some(self.blocks[block].split_off(at)).filter(|tail| !tail.entries.is_empty());
        }
        let splits = tail.is_some();
        if let Some(tail) = tail {
            self.insert_block(block + 1, tail);
        }
        // A block with room takes them between its entries; otherwise they follow it, in as many blocks as they need.
        let between = !splits && at < self.blocks[block].entries.len();
        new.drain(|scan, contribution| {
            if !between && at >= BLOCK {
                self.count(block);
                self.blocks[block].facts.shrink();
                (block, at) = (block + 1, 0);
                self.insert_block(block, Block::default());
            }
            self.blocks[block].entries.insert(at, Entry::new(scan));
            if let Some((facts, meaning)) = contribution {
                self.blocks[block].entries[at].set(ANALYZED, true);
                self.add(block, at, facts, meaning);
            }
            at += 1;
        });
        self.count(block);
        self.hint.set((0, 0));
    }

    /// Calls `visit` with the first line of each record that has one of `facts`, in order, until it returns false.
    pub fn visit(&self, facts: &[Fact], mut visit: impl FnMut(usize) -> bool) {
        let mut first = 0;
        let mut wanted = vec![false; Fact::count()];
        facts.iter().for_each(|fact| wanted[fact.index()] = true);
        let is_wanted = |fact: Fact| wanted.get(fact.index()).is_some_and(|wanted| *wanted);
        for block in &self.blocks {
            if let Some(filter) = Filter::new(&block.counts, is_wanted) {
                let entries = block.entries.iter().enumerate();
                for (at, entry) in entries.filter(|(_, entry)| filter.may_match(entry)) {
                    let mut own = block.facts.get(entry.facts).chain(entry.relation_facts());
                    if own.any(|(fact, _)| is_wanted(fact)) && !visit(first + at) {
                        return;
                    }
                }
            }
            first += block.entries.len();
        }
    }
}
