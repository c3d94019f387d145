//! Consecutive lines, their facts, and the counts of the facts.

use crate::analysis::store::entry::{Entry, FIELDS, PENDING, SHARED_VALUE, SHOWS};
use crate::analysis::store::facts::{FactStore, NO_FACTS};
use crate::rules::Fact;

/// Finds the entries of a block that may have one of the wanted facts, by their flags.
#[derive(Debug, Default)]
pub struct Filter {
    /// A bit for each wanted shared value, by its number.
    shared_values: u8,
    /// Whether a wanted fact is [shown](Fact::is_shown).
    shown: bool,
    /// Whether a wanted fact is [of a field](Fact::is_of_field).
    fields: bool,
    /// Whether there is any other wanted fact.
    others: bool,
}

impl Filter {
    /// `None` if no record of the block has a wanted fact.
    pub fn new(counts: &RecordCounts, is_wanted: impl Fn(Fact) -> bool) -> Option<Self> {
        let mut filter = Self::default();
        for (fact, _) in counts.0.iter().filter(|(fact, _)| is_wanted(*fact)) {
            match fact.shared_number() {
                Some(number) => filter.shared_values |= 1 << number,
                None if fact.is_shown() => filter.shown = true,
                None if fact.is_of_field() => filter.fields = true,
                None => filter.others = true,
            }
        }
        (filter.shared_values != 0 || filter.shown || filter.fields || filter.others).then_some(filter)
    }

    /// False only if the entry has none of the wanted facts.
    pub fn may_match(&self, entry: &Entry) -> bool {
        let shared = entry.flags / SHARED_VALUE % 4;
        self.others
            || (self.shown && (entry.is(SHOWS) || entry.relations != 0))
            || (self.fields && entry.is(FIELDS))
            || self.shared_values & (1 << shared) != 0
    }
}

/// The number of records of a block that have each fact, in ascending order of the facts.
#[derive(Debug, Default)]
pub struct RecordCounts(Vec<(Fact, u32)>);

impl RecordCounts {
    /// Adds one record for each of these facts, which are in ascending order.
    pub fn add(&mut self, facts: impl IntoIterator<Item = Fact>) {
        let mut at = 0;
        for fact in facts {
            while self.0.get(at).is_some_and(|(other, _)| *other < fact) {
                at += 1;
            }
            match self.0.get_mut(at) {
                Some((other, records)) if *other == fact => *records += 1,
                _ => self.0.insert(at, (fact, 1)),
            }
        }
    }

    /// Adds several records for a fact.
    pub fn add_many(&mut self, fact: Fact, records: u32) {
        match self.0.binary_search_by_key(&fact, |(other, _)| *other) {
            Ok(at) => self.0[at].1 += records,
            Err(at) => self.0.insert(at, (fact, records)),
        }
    }

    /// Removes one record for a fact.
    pub fn remove(&mut self, fact: Fact) {
        let Ok(at) = self.0.binary_search_by_key(&fact, |(other, _)| *other) else { return };
        self.0[at].1 -= 1;
        if self.0[at].1 == 0 {
            self.0.remove(at);
        }
    }
}

/// The sum of the facts of new records. Adding is cheap: [`RecordCounts`] are updated only once for many records.
#[derive(Debug)]
pub struct Tally {
    /// For each fact, the number of records and the sum of its counts.
    counts: Box<[(u32, u64)]>,
    /// The facts with at least one record.
    facts: Vec<Fact>,
}

impl Default for Tally {
    fn default() -> Self {
        Self { counts: vec![(0, 0); Fact::count()].into(), facts: Vec::new() }
    }
}

impl Tally {
    /// Adds the facts of one record.
    pub fn add(&mut self, facts: &[(Fact, u32)]) {
        for &(fact, count) in facts {
            let counted = &mut self.counts[fact.index()];
            if counted.0 == 0 {
                self.facts.push(fact);
            }
            *counted = (counted.0 + 1, counted.1 + u64::from(count));
        }
    }

    /// Takes each fact with its number of records and the sum of its counts.
    pub fn take(&mut self) -> impl Iterator<Item = (Fact, u32, u64)> + '_ {
        let Self { counts, facts } = self;
        facts.drain(..).map(|fact| {
            let (records, count) = std::mem::take(&mut counts[fact.index()]);
            (fact, records, count)
        })
    }
}

/// Consecutive lines.
#[derive(Debug, Default)]
pub struct Block {
    /// Identifies the block as long as it exists; 0 until it has an id.
    pub id: u32,
    pub entries: Vec<Entry>,
    pub facts: FactStore,
    pub counts: RecordCounts,
    /// The number of pending records.
    pub pending: usize,
}

impl Block {
    /// Appends an entry of another block.
    fn push(&mut self, mut entry: Entry, from: &FactStore) {
        let facts = from.get(entry.facts);
        self.counts.add(facts.clone().map(|(fact, _)| fact));
        self.counts.add(entry.relation_facts().map(|(fact, _)| fact));
        self.pending += usize::from(entry.is(PENDING));
        entry.facts = self.facts.add(facts);
        self.entries.push(entry);
    }

    /// Moves the entries from `at` on into a new block.
    pub fn split_off(&mut self, at: usize) -> Block {
        let mut tail = Block::default();
        for entry in self.entries.split_off(at) {
            self.facts.get(entry.facts).chain(entry.relation_facts()).for_each(|(fact, _)| self.counts.remove(fact));
            self.pending -= usize::from(entry.is(PENDING));
            self.facts.remove(entry.facts);
            tail.push(entry, &self.facts);
        }
        tail
    }

    /// Sets the facts of an entry, in ascending order. The caller counts them.
    pub fn set_facts(&mut self, at: usize, facts: &[(Fact, u32)]) {
        let shared = facts.iter().find_map(|(fact, _)| fact.shared_number()).unwrap_or(0);
        // Findings are the last of a record's facts, except for facts of fields. Relations are not among them.
        let of_fields = facts.iter().rev().take_while(|(fact, _)| fact.is_of_field()).count();
        let shows = facts[..facts.len() - of_fields].last().is_some_and(|(fact, _)| fact.is_shown());
        let entry = &mut self.entries[at];
        entry.set(3 * SHARED_VALUE, false);
        entry.set(shared * SHARED_VALUE, true);
        entry.set(FIELDS, of_fields > 0);
        entry.set(SHOWS, shows);
        entry.facts = self.facts.add(facts.iter().copied());
    }

    /// Removes the facts of an entry and returns them.
    pub fn take_facts(&mut self, at: usize) -> Vec<(Fact, u32)> {
        let place = std::mem::replace(&mut self.entries[at].facts, NO_FACTS);
        let facts: Vec<_> = self.facts.get(place).collect();
        facts.iter().for_each(|(fact, _)| self.counts.remove(*fact));
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
    use crate::analysis::lines::records::Scan;
    use crate::analysis::store::entry::{ANALYZED, CLEAN, FRESH, Relation};
    use crate::example::shared::SharedValue;
    use crate::formats::FormatId;
    use crate::rules::What;

    fn shared(place: usize) -> Fact {
        What::shared(SharedValue::ALL[place]).of(FormatId::default())
    }

    fn example() -> Fact {
        What::EXAMPLE.of(FormatId::default())
    }

    /// Whether the filter lets an entry with these facts, in ascending order, pass.
    fn may_match(facts: &[Fact], is_wanted: impl Fn(Fact) -> bool) -> bool {
        let mut block = Block { entries: vec![Entry::new(Scan::default())], ..Block::default() };
        block.entries[0].set(ANALYZED | CLEAN | FRESH | PENDING, true);
        // Earlier facts leave no trace.
        block.set_facts(0, &[(shared(2), 1), (Fact::at(Fact::count() - 1), 1)]);
        block.set_facts(0, &facts.iter().map(|fact| (*fact, 1)).collect::<Vec<_>>());
        let mut counts = RecordCounts::default();
        counts.add((0..Fact::count()).map(Fact::at));
        let entry = &block.entries[0];
        assert!([ANALYZED, CLEAN, FRESH, PENDING].into_iter().all(|flag| entry.is(flag)));
        Filter::new(&counts, is_wanted).is_some_and(|filter| filter.may_match(entry))
    }

    #[test]
    fn an_entry_passes_for_each_of_its_facts() {
        // Relations are kept apart from what a record contributes.
        let all = || (0..Fact::count()).map(Fact::at).filter(|fact| !Relation::ALL.iter().any(|it| it.fact() == *fact));
        let last = Fact::at(Fact::count() - 1);
        for fact in all() {
            for others in [vec![], vec![example()], vec![last], vec![example(), shared(0), last]] {
                let mut facts = others;
                // No record sets two shared values.
                facts.retain(|other| fact.shared_number().is_none() || other.shared_number().is_none());
                facts.push(fact);
                facts.sort_unstable();
                facts.dedup();
                assert!(may_match(&facts, |wanted| wanted == fact), "{fact:?} in {facts:?}");
            }
        }
    }

    #[test]
    fn flags_tell_shared_values_findings_and_fields_apart() {
        let last = Fact::at(Fact::count() - 1);
        let resolutions = [shared(0), shared(1), shared(2)];
        for own in resolutions {
            for wanted in resolutions {
                assert_eq!(may_match(&[example(), own], |fact| fact == wanted), own == wanted);
            }
            assert!(!may_match(&[example(), own], |fact| fact.is_shown() || fact.is_of_field()));
        }
        assert!(!may_match(&[example(), last], Fact::is_shown));
        assert!(!may_match(&[], |fact| fact.is_shown() || fact.is_of_field() || fact.shared_number().is_some()));
    }
}
