//! Facts: what a record contributes to its file, as small numbers that are counted.
//!
//! Every finding and everything a rule about the whole file needs is a count of facts. Counts are
//! added and taken away record by record, so an edit costs what it touches and no rule ever walks
//! the file.

use crate::rules::{RuleId, Severity};
use crate::schema::detect::Foreign;
use crate::schema::media::Resolution;
use crate::schema::{Field, index};
use std::sync::LazyLock;

/// One thing that can be counted over a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fact(u16);

const FOREIGN: u16 = 32;
const FINDINGS: u16 = 64;
const SEVERITIES: u16 = 4;

// A record is the sooner in order, the more of its facts are counted in the order of their numbers.
impl Fact {
    /// The line is marked as a Gemini tuning line.
    pub const GEMINI: Fact = Fact(0);
    /// The record counts as an example of the job.
    pub const EXAMPLE: Fact = Fact(1);
    /// The example has media.
    pub const MULTIMODAL: Fact = Fact(2);
    /// The example has a target.
    pub const TARGET: Fact = Fact(3);
    /// The line ends with LF.
    pub const ENDS_LF: Fact = Fact(4);
    /// The line ends with CRLF.
    pub const ENDS_CRLF: Fact = Fact(5);
    /// Media that comes by `inlineData`.
    pub const INLINE_DATA: Fact = Fact(6);
    /// The example would be dropped, whatever the rest of the file says.
    pub const DROPPED: Fact = Fact(7);
    /// The example would be dropped if the file's resolution is `LOW`.
    pub const DROPPED_AT_LOW: Fact = Fact(8);
    /// The example would be dropped if the file's resolution is `MEDIUM` or `HIGH`.
    pub const DROPPED_ABOVE_LOW: Fact = Fact(9);
    /// A segment that is too long if the file's resolution is `LOW`.
    pub const TOO_LONG_AT_LOW: Fact = Fact(10);
    /// A segment that is too long if the file's resolution is `MEDIUM` or `HIGH`.
    pub const TOO_LONG_ABOVE_LOW: Fact = Fact(11);
    /// The example sets `LOW`.
    pub const LOW: Fact = Fact(12);
    /// The example sets `MEDIUM`.
    pub const MEDIUM: Fact = Fact(13);
    /// The example sets `HIGH`.
    pub const HIGH: Fact = Fact(14);
    /// The example has video or images and sets no resolution.
    pub const NO_RESOLUTION: Fact = Fact(15);
    /// Tokens of frames of videos, by estimate, whose resolution the example says.
    pub const TOKENS_VIDEO: Fact = Fact(20);
    /// Tokens of the sound of videos, by estimate.
    pub const TOKENS_SOUND: Fact = Fact(21);
    /// Tokens of images, by estimate.
    pub const TOKENS_IMAGES: Fact = Fact(22);
    /// Tokens of text, by estimate.
    pub const TOKENS_TEXT: Fact = Fact(23);
    /// Frames of videos that have the resolution of their file.
    pub const FRAMES_OF_FILE: Fact = Fact(24);
    /// The estimate of the example leaves something out.
    pub const TOKENS_UNKNOWN: Fact = Fact(25);
    /// The example is over the limit of tokens if the file's resolution is `LOW`.
    pub const TOO_MANY_TOKENS_AT_LOW: Fact = Fact(26);
    /// The example is over the limit of tokens if the file's resolution is `MEDIUM` or `HIGH`.
    pub const TOO_MANY_TOKENS_ABOVE_LOW: Fact = Fact(27);

    /// As [`Fact::LOW`], and that others differ is in the baseline.
    pub const ACCEPTED_LOW: Fact = Fact(28);
    /// As [`Fact::MEDIUM`], and that others differ is in the baseline.
    pub const ACCEPTED_MEDIUM: Fact = Fact(29);
    /// As [`Fact::HIGH`], and that others differ is in the baseline.
    pub const ACCEPTED_HIGH: Fact = Fact(30);
    /// As [`Fact::NO_RESOLUTION`], and that it is missing is in the baseline.
    pub const ACCEPTED_NO_RESOLUTION: Fact = Fact(31);

    /// The fact that holds in the place of this one where its finding is in the baseline; `None` where the
    /// fact is for its finding alone.
    #[must_use]
    pub fn accepted(self) -> Option<Fact> {
        match self {
            Fact::LOW => Some(Fact::ACCEPTED_LOW),
            Fact::MEDIUM => Some(Fact::ACCEPTED_MEDIUM),
            Fact::HIGH => Some(Fact::ACCEPTED_HIGH),
            Fact::NO_RESOLUTION => Some(Fact::ACCEPTED_NO_RESOLUTION),
            _ => None,
        }
    }

    /// The example is the second of those that mean the same.
    pub const REPEATS: Fact = Fact(16);
    /// The example is the first that gives another label than the first with the same input.
    pub const OTHER_LABEL: Fact = Fact(17);
    /// The same, with answers that are no labels.
    pub const OTHER_TARGET: Fact = Fact(18);
    /// The example is held out, and the training file has it, or a piece of its video.
    pub const LEAKS: Fact = Fact(19);

    /// The example sets this resolution; `None` for the unspecified one.
    #[must_use]
    pub fn resolution(resolution: Resolution) -> Option<Fact> {
        match resolution {
            Resolution::Low => Some(Fact::LOW),
            Resolution::Medium => Some(Fact::MEDIUM),
            Resolution::High => Some(Fact::HIGH),
            Resolution::Unspecified => None,
        }
    }

    /// Which of the three that records set this resolution is, counted from 1; `None` for any other fact.
    #[must_use]
    pub fn resolution_number(self) -> Option<u8> {
        let number = self.0.checked_sub(Fact::LOW.0).filter(|number| *number < 3)?;
        Some(number as u8 + 1)
    }

    /// The line is in this foreign format.
    #[must_use]
    pub fn foreign(format: Foreign) -> Fact {
        Fact(FOREIGN + format.index() as u16)
    }

    /// The foreign format that the fact is about.
    pub fn as_foreign(self) -> Option<Foreign> {
        let index = self.0.checked_sub(FOREIGN).filter(|_| self.0 < FINDINGS)?;
        Foreign::ALL.get(usize::from(index)).copied()
    }

    /// A finding of this rule at this severity.
    #[must_use]
    pub fn finding(rule: RuleId, severity: Severity) -> Fact {
        Fact(FINDINGS + rule.0 * SEVERITIES + severity as u16)
    }

    /// The rule and severity of a finding.
    #[must_use]
    pub fn as_finding(self) -> Option<(RuleId, Severity)> {
        let index = self.0.checked_sub(FINDINGS).filter(|_| self.0 < first_field())?;
        Some((RuleId(index / SEVERITIES), Severity::ALL[usize::from(index % SEVERITIES)]))
    }

    /// The field is used under its snake_case name.
    #[must_use]
    pub fn snake_case(field: &'static Field) -> Fact {
        Fact(first_field() + index::field_id(field))
    }

    /// The field is used, and not documented for tuning.
    #[must_use]
    pub fn undocumented(field: &'static Field) -> Fact {
        Fact(first_field() + field_count() + index::field_id(field))
    }

    /// The field of a snake-case fact (`false`) or an undocumented one (`true`).
    #[must_use]
    pub fn as_field(self) -> Option<(&'static Field, bool)> {
        let index = self.0.checked_sub(first_field())?;
        let undocumented = index >= field_count();
        let field = index::fields().get(usize::from(index % field_count()))?;
        Some((field, undocumented))
    }

    /// Whether it is about the use of a field.
    #[must_use]
    pub fn is_of_field(self) -> bool {
        self.0 >= first_field()
    }

    /// Whether it is a finding, or what other records have to do with the record, which is shown as one. Few records
    /// have any.
    #[must_use]
    pub fn is_shown(self) -> bool {
        let is_relation = matches!(self, Fact::REPEATS | Fact::OTHER_LABEL | Fact::OTHER_TARGET | Fact::LEAKS);
        is_relation || (self.0 >= FINDINGS && !self.is_of_field())
    }

    /// The fact as an index below [`Fact::count`].
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The fact of an index below [`Fact::count`].
    #[must_use]
    pub fn at(index: usize) -> Fact {
        Fact(u16::try_from(index).unwrap_or(u16::MAX))
    }

    /// How many facts there are.
    #[must_use]
    pub fn count() -> usize {
        static COUNT: LazyLock<usize> = LazyLock::new(|| usize::from(first_field() + 2 * field_count()));
        *COUNT
    }
}

fn field_count() -> u16 {
    static COUNT: LazyLock<u16> = LazyLock::new(|| u16::try_from(index::fields().len()).unwrap_or(u16::MAX));
    *COUNT
}

fn first_field() -> u16 {
    static FIRST: LazyLock<u16> =
        LazyLock::new(|| FINDINGS + u16::try_from(crate::rules::all().count()).unwrap_or(0) * SEVERITIES);
    *FIRST
}

/// How often each fact holds: of a file, or of a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts(Vec<u64>);

impl Default for Counts {
    fn default() -> Self {
        Self(vec![0; Fact::count()])
    }
}

impl Counts {
    /// How often `fact` holds, or as much as fits.
    #[must_use]
    pub fn of(&self, fact: Fact) -> u32 {
        saturated(self.sum(fact))
    }

    /// The sum of what the records contribute to `fact`: for facts that are amounts.
    #[must_use]
    pub fn sum(&self, fact: Fact) -> u64 {
        self.0.get(fact.index()).copied().unwrap_or(0)
    }

    /// How often `fact` holds, whether or not the baseline has its finding.
    #[must_use]
    pub fn of_all(&self, fact: Fact) -> u32 {
        self.of(fact) + fact.accepted().map_or(0, |accepted| self.of(accepted))
    }

    /// Adds what one record contributes.
    pub fn add(&mut self, facts: &[(Fact, u32)]) {
        for &(fact, count) in facts {
            self.0[fact.index()] += u64::from(count);
        }
    }

    /// Adds to how often a fact holds.
    pub fn add_sum(&mut self, fact: Fact, count: u64) {
        self.0[fact.index()] += count;
    }

    /// Takes away what one record contributed.
    pub fn remove(&mut self, facts: &[(Fact, u32)]) {
        for &(fact, count) in facts {
            self.0[fact.index()] = self.0[fact.index()].saturating_sub(u64::from(count));
        }
    }

    /// The facts that hold, with their counts, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = (Fact, u32)> + '_ {
        self.0
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0)
            .map(|(index, &count)| (Fact::at(index), saturated(count)))
    }
}

fn saturated(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
