//! What is kept of each line, in 24 bytes, and of the lines of a chunk together.

use crate::analysis::groups::RecordId;
use crate::analysis::index::Relation;
use crate::analysis::packed::{self, PackedFacts};
use crate::analysis::records::Scan;
use crate::rules::Fact;

/// What is kept of a line.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// For finding records.
    pub scan: Scan,
    /// Where what the record that begins here contributes is.
    pub facts: u32,
    /// Its number, when it has a meaning; else 0.
    pub record: RecordId,
    /// The number of lines of the record that begins here; 0 inside a record.
    pub lines: u16,
    flags: u8,
    /// What other records have to do with it: the bits of [`Relation`]s, which count like facts.
    pub relations: u8,
}

/// The flag of an [`Entry`] that contributes a fact that is [shown](Fact::is_shown).
const SHOWS: u8 = 16;
/// Of one that contributes a fact [of a field](Fact::is_of_field).
const FIELDS: u8 = 128;
/// Of one that is [clean](Entry::clean).
pub(super) const CLEAN: u8 = 1;
/// Of one that is [pending](Entry::pending).
pub(super) const PENDING: u8 = 2;
/// Of one that is [fresh](Entry::fresh).
pub(super) const FRESH: u8 = 4;
/// Of one that is [known alone](Entry::alone).
pub(super) const ALONE: u8 = 8;
/// Two flags: so many times the number of the [resolution](Fact::resolution_number) that the record sets.
const RESOLUTION: u8 = 32;

impl Entry {
    /// Of a line that belongs to no record yet.
    pub fn new(scan: Scan) -> Self {
        Self { scan, lines: 0, flags: FRESH, relations: 0, facts: packed::NONE, record: 0 }
    }

    /// Whether no line before this one bears on where records begin from here on.
    pub fn clean(&self) -> bool {
        self.flags & CLEAN != 0
    }

    /// Whether the record that begins here has still to be looked at.
    pub fn pending(&self) -> bool {
        self.flags & PENDING != 0
    }

    /// Whether the line is new and belongs to no record yet.
    pub fn fresh(&self) -> bool {
        self.flags & FRESH != 0
    }

    /// Whether what it contributes is known, if the line is a record by itself.
    pub fn alone(&self) -> bool {
        self.flags & ALONE != 0
    }

    /// Sets or clears a flag.
    pub fn set(&mut self, flag: u8, on: bool) {
        self.flags = if on { self.flags | flag } else { self.flags & !flag };
    }

    /// Whether it may have one of some facts, told without looking at its own.
    pub fn may_have(&self, wanted: &Wanted) -> bool {
        let resolution = self.flags / RESOLUTION % 4;
        wanted.others
            || (wanted.shown && (self.flags & SHOWS != 0 || self.relations != 0))
            || (wanted.fields && self.flags & FIELDS != 0)
            || wanted.resolutions & (1 << resolution) != 0
    }

    /// Its relations as facts.
    pub fn relation_facts(&self) -> impl Iterator<Item = (Fact, u32)> + use<> {
        let relations = self.relations;
        Relation::ALL.into_iter().filter(move |&relation| relations & relation as u8 != 0).map(|it| (it.fact(), 1))
    }
}

/// Facts that are looked for, and that some record of a chunk holds.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// A bit for each resolution among them, by its number.
    resolutions: u8,
    /// Whether any is [shown](Fact::is_shown).
    shown: bool,
    /// Whether any is [of a field](Fact::is_of_field).
    fields: bool,
    /// Whether any is none of these.
    others: bool,
}

impl Wanted {
    /// Those of these facts that are held; `None` when there are none.
    pub fn held(holders: &Holders, is_wanted: impl Fn(Fact) -> bool) -> Option<Self> {
        let mut wanted = Self::default();
        for (fact, _) in holders.0.iter().filter(|(fact, _)| is_wanted(*fact)) {
            match fact.resolution_number() {
                Some(number) => wanted.resolutions |= 1 << number,
                None if fact.is_shown() => wanted.shown = true,
                None if fact.is_of_field() => wanted.fields = true,
                None => wanted.others = true,
            }
        }
        (wanted.resolutions != 0 || wanted.shown || wanted.fields || wanted.others).then_some(wanted)
    }
}

/// How many records of a chunk hold a fact, for the few facts that any of them holds, by fact.
#[derive(Debug, Default)]
pub(super) struct Holders(Vec<(Fact, u32)>);

impl Holders {
    /// One more record holds each of these, which are in ascending order.
    pub fn add(&mut self, facts: impl IntoIterator<Item = Fact>) {
        let mut at = 0;
        for fact in facts {
            while self.0.get(at).is_some_and(|(known, _)| *known < fact) {
                at += 1;
            }
            match self.0.get_mut(at) {
                Some((known, records)) if *known == fact => *records += 1,
                _ => self.0.insert(at, (fact, 1)),
            }
        }
    }

    /// So many more hold a fact.
    pub fn add_many(&mut self, fact: Fact, records: u32) {
        match self.0.binary_search_by_key(&fact, |(known, _)| *known) {
            Ok(at) => self.0[at].1 += records,
            Err(at) => self.0.insert(at, (fact, records)),
        }
    }

    /// One less holds it.
    pub fn remove(&mut self, fact: Fact) {
        let Ok(at) = self.0.binary_search_by_key(&fact, |(known, _)| *known) else { return };
        self.0[at].1 -= 1;
        if self.0[at].1 == 0 {
            self.0.remove(at);
        }
    }
}

/// What records that are added one after another contribute together, by fact: adding costs next to nothing.
#[derive(Debug)]
pub(super) struct Tally {
    /// How many records hold each fact, and how often it holds.
    counts: Box<[(u32, u64)]>,
    /// The facts that any of them holds.
    facts: Vec<Fact>,
}

impl Default for Tally {
    fn default() -> Self {
        Self { counts: vec![(0, 0); Fact::count()].into(), facts: Vec::new() }
    }
}

impl Tally {
    /// Adds what one record contributes.
    pub fn add(&mut self, facts: &[(Fact, u32)]) {
        for &(fact, count) in facts {
            let counted = &mut self.counts[fact.index()];
            if counted.0 == 0 {
                self.facts.push(fact);
            }
            *counted = (counted.0 + 1, counted.1 + u64::from(count));
        }
    }

    /// Takes out how many records hold each fact, and how often it holds.
    pub fn take(&mut self) -> impl Iterator<Item = (Fact, u32, u64)> + '_ {
        let Self { counts, facts } = self;
        facts.drain(..).map(|fact| {
            let (records, count) = std::mem::take(&mut counts[fact.index()]);
            (fact, records, count)
        })
    }
}

/// Lines that stand in a row, and what they contribute together.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    /// What it is known by as long as it exists.
    pub name: u32,
    /// What is kept of each line.
    pub entries: Vec<Entry>,
    /// What each contributes.
    pub facts: PackedFacts,
    /// Which facts they hold.
    pub holders: Holders,
    /// How many records have still to be looked at.
    pub pending: usize,
}

impl Chunk {
    /// Takes an entry of another chunk in, behind all others.
    pub fn take(&mut self, mut entry: Entry, from: &PackedFacts) {
        let facts = from.get(entry.facts);
        self.holders.add(facts.clone().map(|(fact, _)| fact));
        self.holders.add(entry.relation_facts().map(|(fact, _)| fact));
        self.pending += usize::from(entry.pending());
        entry.facts = self.facts.add(facts);
        self.entries.push(entry);
    }

    /// Takes the last entries out of the chunk.
    pub fn split_off(&mut self, at: usize) -> Chunk {
        let mut tail = Chunk::default();
        for entry in self.entries.split_off(at) {
            self.facts.get(entry.facts).chain(entry.relation_facts()).for_each(|(fact, _)| self.holders.remove(fact));
            self.pending -= usize::from(entry.pending());
            self.facts.remove(entry.facts);
            tail.take(entry, &self.facts);
        }
        tail
    }

    /// Gives an entry its facts, which are in ascending order and still to be counted.
    pub fn set_facts(&mut self, at: usize, facts: &[(Fact, u32)]) {
        let resolution = facts.iter().find_map(|(fact, _)| fact.resolution_number()).unwrap_or(0);
        // Findings stand behind all else that a record contributes, but for facts of fields; relations are none of
        // its facts.
        let of_fields = facts.iter().rev().take_while(|(fact, _)| fact.is_of_field()).count();
        let shows = facts[..facts.len() - of_fields].last().is_some_and(|(fact, _)| fact.is_shown());
        let entry = &mut self.entries[at];
        entry.set(3 * RESOLUTION, false);
        entry.set(resolution * RESOLUTION, true);
        entry.set(FIELDS, of_fields > 0);
        entry.set(SHOWS, shows);
        entry.facts = self.facts.add(facts.iter().copied());
    }

    /// Takes its facts from an entry.
    pub fn take_facts(&mut self, at: usize) -> Vec<(Fact, u32)> {
        let place = std::mem::replace(&mut self.entries[at].facts, packed::NONE);
        let facts: Vec<_> = self.facts.get(place).collect();
        facts.iter().for_each(|(fact, _)| self.holders.remove(*fact));
        self.facts.remove(place);
        if self.facts.is_wasteful() {
            let before = std::mem::take(&mut self.facts);
            for entry in &mut self.entries {
                entry.facts = self.facts.add(before.get(entry.facts));
            }
        }
        facts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether an entry with these facts, in ascending order, may have one of those that are wanted.
    fn may_have(facts: &[Fact], is_wanted: impl Fn(Fact) -> bool) -> bool {
        let mut chunk = Chunk { entries: vec![Entry::new(Scan::default())], ..Chunk::default() };
        chunk.entries[0].set(ALONE | CLEAN | FRESH | PENDING, true);
        // What it had before leaves no trace.
        chunk.set_facts(0, &[(Fact::HIGH, 1), (Fact::at(Fact::count() - 1), 1)]);
        chunk.set_facts(0, &facts.iter().map(|fact| (*fact, 1)).collect::<Vec<_>>());
        let mut holders = Holders::default();
        holders.add((0..Fact::count()).map(Fact::at));
        let entry = &chunk.entries[0];
        assert!(entry.alone() && entry.clean() && entry.fresh() && entry.pending());
        Wanted::held(&holders, is_wanted).is_some_and(|wanted| entry.may_have(&wanted))
    }

    #[test]
    fn an_entry_may_have_each_fact_that_it_has() {
        // Relations are kept apart from what a record contributes.
        let all = || (0..Fact::count()).map(Fact::at).filter(|fact| !Relation::ALL.iter().any(|it| it.fact() == *fact));
        let last = Fact::at(Fact::count() - 1);
        for fact in all() {
            for others in [vec![], vec![Fact::GEMINI], vec![last], vec![Fact::GEMINI, Fact::LOW, last]] {
                let mut facts = others;
                // No record sets two resolutions.
                facts.retain(|other| fact.resolution_number().is_none() || other.resolution_number().is_none());
                facts.push(fact);
                facts.sort_unstable();
                facts.dedup();
                assert!(may_have(&facts, |wanted| wanted == fact), "{fact:?} in {facts:?}");
            }
        }
    }

    #[test]
    fn flags_tell_resolutions_findings_and_fields_apart() {
        let last = Fact::at(Fact::count() - 1);
        let resolutions = [Fact::LOW, Fact::MEDIUM, Fact::HIGH];
        for own in resolutions {
            for wanted in resolutions {
                assert_eq!(may_have(&[Fact::GEMINI, own], |fact| fact == wanted), own == wanted);
            }
            assert!(!may_have(&[Fact::GEMINI, own], |fact| fact.is_shown() || fact.is_of_field()));
        }
        assert!(!may_have(&[Fact::GEMINI, last], Fact::is_shown));
        assert!(!may_have(&[], |fact| fact.is_shown() || fact.is_of_field() || fact.resolution_number().is_some()));
    }
}
