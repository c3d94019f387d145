//! Facts: what a record contributes to its file, as small numbers that are counted.
//!
//! Every finding and everything a rule about the whole file needs is a count of facts. Counts are
//! added and taken away record by record, so an edit costs what it touches and no rule ever walks
//! the file.
//!
//! A record is read in the format it is marked with; one without a mark is read in every format. So nearly all facts
//! are kept by format, and the verdict on a file counts only those of the file's own.

use crate::example::shared::{MAX_SHARED_VALUES, SharedValue};
use crate::formats::{FORMATS, Foreign, FormatId, LineKind, Mark, index};
use crate::rules::{LineEnd, RuleId, Severity};
use crate::schema::Field;
use std::sync::LazyLock;

/// One thing that can be counted over a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fact(u16);

/// What a record contributes under a format, whatever the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct What(u16);

/// Which files a finding counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Within {
    /// All files.
    AnyFile,
    /// All files of some format.
    AnyFormat,
    /// Files of this format.
    Format(FormatId),
}

// A record is the sooner in order, the more of its facts are counted in the order of their numbers.
impl What {
    /// The record counts as an example of the job.
    pub const EXAMPLE: What = What(0);
    /// The example has media.
    pub const MULTIMODAL: What = What(1);
    /// The example has a target.
    pub const TARGET: What = What(2);
    /// The example would be dropped, whatever the rest of the file says.
    pub const DROPPED: What = What(3);
    /// The example has video or images and sets no shared value.
    pub const NO_SHARED: What = What(4);
    /// As [`What::NO_SHARED`], and that it is missing is in the baseline.
    pub const ACCEPTED_NO_SHARED: What = What(5);
    /// The estimate of the example leaves something out.
    pub const TOKENS_UNKNOWN: What = What(6);
    const SHARED: u16 = 7;
    const ACCEPTED_SHARED: u16 = Self::SHARED + VALUES;
    const DROPPED_AT: u16 = Self::ACCEPTED_SHARED + VALUES;
    const TOO_LONG_AT: u16 = Self::DROPPED_AT + VALUES;
    const TOO_MANY_TOKENS_AT: u16 = Self::TOO_LONG_AT + VALUES;
    const TOKENS: u16 = Self::TOO_MANY_TOKENS_AT + VALUES;
    /// Tokens of frames of videos, by estimate, whose shared value the example says.
    pub const TOKENS_VIDEO: What = What(Self::TOKENS);
    /// Tokens of the sound of videos, by estimate.
    pub const TOKENS_SOUND: What = What(Self::TOKENS + 1);
    /// Tokens of images, by estimate.
    pub const TOKENS_IMAGES: What = What(Self::TOKENS + 2);
    /// Tokens of text, by estimate.
    pub const TOKENS_TEXT: What = What(Self::TOKENS + 3);
    /// Frames of videos that have the shared value of their file.
    pub const FRAMES_OF_FILE: What = What(Self::TOKENS + 4);
    /// Behind the last of those above.
    const COMMON: u16 = Self::TOKENS + 5;

    /// The example sets this value, which is [set](SharedValue::is_set).
    #[must_use]
    pub fn shared(value: SharedValue) -> What {
        What::of_value(What::SHARED, value)
    }

    /// The example would be dropped if the file has this value.
    #[must_use]
    pub fn dropped_at(value: SharedValue) -> What {
        What::of_value(What::DROPPED_AT, value)
    }

    /// A segment that is too long if the file has this value.
    #[must_use]
    pub fn too_long_at(value: SharedValue) -> What {
        What::of_value(What::TOO_LONG_AT, value)
    }

    /// The example is over the limit of tokens if the file has this value.
    #[must_use]
    pub fn too_many_tokens_at(value: SharedValue) -> What {
        What::of_value(What::TOO_MANY_TOKENS_AT, value)
    }

    /// What a rule counts for itself; `number` is below [`OWN_FACTS`].
    #[must_use]
    pub fn own(rule: RuleId, number: u16) -> What {
        What(What::COMMON + rule.0 * OWN_FACTS + number.min(OWN_FACTS - 1))
    }

    /// What holds in the place of this where its finding is in the baseline; `None` where it is for its finding
    /// alone.
    #[must_use]
    pub fn accepted(self) -> Option<What> {
        match self {
            What::NO_SHARED => Some(What::ACCEPTED_NO_SHARED),
            What(number @ What::SHARED..What::ACCEPTED_SHARED) => Some(What(number + VALUES)),
            _ => None,
        }
    }

    /// The fact that it is of a record that is read in a format.
    #[must_use]
    pub fn of(self, format: FormatId) -> Fact {
        Fact(WHATS + format.index() as u16 * WHATS_OF_FORMAT + self.0)
    }

    fn of_value(first: u16, value: SharedValue) -> What {
        What(first + (value.number() as u16).clamp(1, VALUES) - 1)
    }
}

const VALUES: u16 = MAX_SHARED_VALUES as u16;

/// More rules than there are; a test of the catalogue holds it.
pub const MAX_RULES: u16 = 128;

/// How many facts a rule may count for itself.
pub const OWN_FACTS: u16 = 2;

const SEVERITIES: u16 = 4;

// Which facts have which numbers: lines and marks, what records contribute, findings, fields.

const FORMAT_COUNT: u16 = FORMATS.len() as u16;

/// The first of what records contribute: behind a fact for each mark.
static WHATS: u16 = {
    let (mut marks, mut format) = (Foreign::ALL.len(), 0);
    while format < FORMATS.len() {
        marks += FORMATS[format].kinds.len();
        format += 1;
    }
    Fact::MARKS + marks as u16
};
const WHATS_OF_FORMAT: u16 = What::COMMON + MAX_RULES * OWN_FACTS;
static FINDINGS: u16 = WHATS + FORMAT_COUNT * WHATS_OF_FORMAT;
const FINDINGS_OF_ONE: u16 = MAX_RULES * SEVERITIES;
static FIELDS: u16 = FINDINGS + (FORMAT_COUNT + 2) * FINDINGS_OF_ONE;

/// The first fact of the fields of each format, and how many fields it has.
static FIELDS_OF: LazyLock<Vec<(u16, u16)>> = LazyLock::new(|| {
    let mut next = FIELDS;
    let of_format = |format| {
        let (first, fields) = (next, u16::try_from(index::fields(format).len()).unwrap_or(u16::MAX));
        next += 2 * fields;
        (first, fields)
    };
    FormatId::all().map(of_format).collect()
});

impl Fact {
    /// The line ends with LF.
    pub const ENDS_LF: Fact = Fact(0);
    /// The line ends with CRLF.
    pub const ENDS_CRLF: Fact = Fact(1);
    /// The example is the second of those that mean the same.
    pub const REPEATS: Fact = Fact(2);
    /// The example is the first that gives another label than the first with the same input.
    pub const OTHER_LABEL: Fact = Fact(3);
    /// The same, with answers that are no labels.
    pub const OTHER_TARGET: Fact = Fact(4);
    /// The example is held out, and the training file has it, or a piece of its video.
    pub const LEAKS: Fact = Fact(5);
    const MARKS: u16 = 6;

    /// How the line ends, where it does so in one of the usual ways.
    #[must_use]
    pub fn line_end(end: LineEnd) -> Option<Fact> {
        match end {
            LineEnd::Lf => Some(Fact::ENDS_LF),
            LineEnd::CrLf => Some(Fact::ENDS_CRLF),
            LineEnd::Cr | LineEnd::Missing => None,
        }
    }

    /// The line is marked so; `None` for one without a mark.
    #[must_use]
    pub fn mark(mark: Mark) -> Option<Fact> {
        let place = match mark {
            Mark::Known(kind) => LineKind::all().position(|known| known == kind)?,
            Mark::Foreign(foreign) => LineKind::all().count() + foreign.index(),
            Mark::Unmarked => return None,
        };
        Some(Fact(Fact::MARKS + place as u16))
    }

    /// The mark that the fact is about.
    #[must_use]
    pub fn as_mark(self) -> Option<Mark> {
        let place = usize::from(self.0.checked_sub(Fact::MARKS).filter(|_| self.0 < WHATS)?);
        let foreign = || Foreign::ALL.get(place.checked_sub(LineKind::all().count())?).copied().map(Mark::Foreign);
        LineKind::all().nth(place).map(Mark::Known).or_else(foreign)
    }

    /// A finding of this rule at this severity.
    #[must_use]
    pub fn finding(within: Within, rule: RuleId, severity: Severity) -> Fact {
        let block = match within {
            Within::AnyFile => 0,
            Within::AnyFormat => 1,
            Within::Format(format) => 2 + format.index() as u16,
        };
        Fact(FINDINGS + block * FINDINGS_OF_ONE + rule.0 * SEVERITIES + severity as u16)
    }

    /// Where a finding counts, its rule and its severity.
    #[must_use]
    pub fn as_finding(self) -> Option<(Within, RuleId, Severity)> {
        let index = self.0.checked_sub(FINDINGS).filter(|_| self.0 < FIELDS)?;
        let within = match usize::from(index / FINDINGS_OF_ONE) {
            0 => Within::AnyFile,
            1 => Within::AnyFormat,
            block => Within::Format(FormatId::all().nth(block - 2)?),
        };
        let index = index % FINDINGS_OF_ONE;
        Some((within, RuleId(index / SEVERITIES), Severity::ALL[usize::from(index % SEVERITIES)]))
    }

    /// The field is used under its snake_case name.
    #[must_use]
    pub fn snake_case(format: FormatId, field: &'static Field) -> Fact {
        Fact(FIELDS_OF[format.index()].0 + index::field_id(field))
    }

    /// The field is used, and not documented for tuning.
    #[must_use]
    pub fn undocumented(format: FormatId, field: &'static Field) -> Fact {
        let (first, fields) = FIELDS_OF[format.index()];
        Fact(first + fields + index::field_id(field))
    }

    /// The format and the field of a snake-case fact (`false`) or an undocumented one (`true`).
    #[must_use]
    pub fn as_field(self) -> Option<(FormatId, &'static Field, bool)> {
        let in_format = |(_, (first, fields)): &(FormatId, &(u16, u16))| (*first..first + 2 * fields).contains(&self.0);
        let (format, (first, fields)) = FormatId::all().zip(FIELDS_OF.iter()).find(in_format)?;
        let index = self.0 - first;
        let field = index::fields(format).get(usize::from(index % fields))?;
        Some((format, field, index >= *fields))
    }

    /// Whether it is about the use of a field.
    #[must_use]
    pub fn is_of_field(self) -> bool {
        self.0 >= FIELDS
    }

    /// Whether it is a finding, or what other records have to do with the record, which is shown as one. Few records
    /// have any.
    #[must_use]
    pub fn is_shown(self) -> bool {
        let is_finding = self.0 >= FINDINGS && !self.is_of_field();
        is_finding || (Fact::REPEATS..=Fact::LEAKS).contains(&self)
    }

    /// Which of the [shared values](What::shared) the record sets, counted from 1; `None` for any other fact.
    #[inline]
    #[must_use]
    pub fn shared_number(self) -> Option<u8> {
        let mut number = self.0.checked_sub(WHATS).filter(|_| self.0 < FINDINGS)?;
        // Every record is asked for it, and a division costs more than the few formats.
        while number >= WHATS_OF_FORMAT {
            number -= WHATS_OF_FORMAT;
        }
        let number = number.checked_sub(What::SHARED).filter(|number| *number < VALUES)?;
        Some(number as u8 + 1)
    }

    /// The fact that holds in the place of this one where its finding is in the baseline; `None` where the
    /// fact is for its finding alone.
    #[must_use]
    pub fn accepted(self) -> Option<Fact> {
        let (format, what) = self.as_what()?;
        what.accepted().map(|accepted| accepted.of(format))
    }

    /// The format, and what a record contributes under it.
    #[must_use]
    pub fn as_what(self) -> Option<(FormatId, What)> {
        let index = self.0.checked_sub(WHATS).filter(|_| self.0 < FINDINGS)?;
        let format = FormatId::all().nth(usize::from(index / WHATS_OF_FORMAT))?;
        Some((format, What(index % WHATS_OF_FORMAT)))
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
        FIELDS_OF.last().map_or(0, |(first, fields)| usize::from(first + 2 * fields))
    }
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

    /// How often records of a format contribute this, whether or not the baseline has its finding.
    #[must_use]
    pub fn of_all(&self, format: FormatId, what: What) -> u32 {
        self.of(what.of(format)) + what.accepted().map_or(0, |accepted| self.of(accepted.of(format)))
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

    /// How many lines are marked as those of each format.
    pub fn marked(&self) -> impl Iterator<Item = (FormatId, u32)> + '_ {
        FormatId::all().map(|id| {
            let of_kind = |kind: &&'static LineKind| Fact::mark(Mark::Known(kind)).map_or(0, |fact| self.of(fact));
            (id, id.format().kinds.iter().map(of_kind).sum())
        })
    }
}

fn saturated(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
