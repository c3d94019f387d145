//! The stored results of a line, in 24 bytes.

use crate::analysis::lines::records::Scan;
use crate::analysis::store::facts::NO_FACTS;
use crate::analysis::store::meanings::RecordId;
use crate::rules::Fact;

/// How a record relates to others, as a bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// It is the second of the records with the same meaning.
    Repeats = 1,
    /// It is the first of the records with the same input whose target differs from the first target. Both targets
    /// are labels.
    OtherLabel = 2,
    /// The same, but the targets are not both labels, or differ only in [spelling](crate::example::meaning::is_variant_of).
    OtherTarget = 4,
    /// It is held out, and a training file has it too.
    Leaks = 8,
}

impl Relation {
    pub const ALL: [Relation; 4] = [Relation::Repeats, Relation::OtherLabel, Relation::OtherTarget, Relation::Leaks];

    /// The fact that it counts as.
    pub fn fact(self) -> Fact {
        match self {
            Relation::Repeats => Fact::REPEATS,
            Relation::OtherLabel => Fact::OTHER_LABEL,
            Relation::OtherTarget => Fact::OTHER_TARGET,
            Relation::Leaks => Fact::LEAKS,
        }
    }
}

/// The stored results of a line.
#[derive(Clone, Debug)]
pub struct Entry {
    /// For grouping lines into records.
    pub scan: Scan,
    /// Where the facts of the record that begins here are stored.
    pub facts: u32,
    /// The record that begins here, if it has a meaning; else 0.
    pub record: RecordId,
    /// The number of lines of the record that begins here; 0 inside a record.
    pub lines: u16,
    pub(super) flags: u8,
    /// The bits of the record's [`Relation`]s, which count like facts.
    pub relations: u8,
}

const _: () = assert!(size_of::<Entry>() == 24);

/// No line before this one affects where records begin from here on.
pub const CLEAN: u8 = 1;
/// The record that begins here must be analyzed.
pub const PENDING: u8 = 2;
/// The line is new and belongs to no record yet.
pub const FRESH: u8 = 4;
/// The line was analyzed as a record of one line.
pub const ANALYZED: u8 = 8;
/// The record has a fact that is [shown](Fact::is_shown).
pub const SHOWS: u8 = 16;
/// Two bits: the number of the [shared value](Fact::shared_number) that the record sets.
pub const SHARED_VALUE: u8 = 32;
/// The record has a fact [of a field](Fact::is_of_field).
pub const FIELDS: u8 = 128;

impl Entry {
    /// The entry of a line that belongs to no record yet.
    pub fn new(scan: Scan) -> Self {
        Self { scan, lines: 0, flags: FRESH, relations: 0, facts: NO_FACTS, record: 0 }
    }

    /// Whether a flag is set.
    pub fn is(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// Sets or clears a flag.
    pub fn set(&mut self, flag: u8, on: bool) {
        self.flags = if on { self.flags | flag } else { self.flags & !flag };
    }

    /// Whether the record has a relation.
    pub fn has(&self, relation: Relation) -> bool {
        self.relations & relation as u8 != 0
    }

    /// Its relations as facts.
    pub fn relation_facts(&self) -> impl Iterator<Item = (Fact, u32)> + use<> {
        let relations = self.relations;
        Relation::ALL.into_iter().filter(move |&relation| relations & relation as u8 != 0).map(|it| (it.fact(), 1))
    }
}
