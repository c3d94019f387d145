//! Facts: what a record contributes to its file, as small numbers that are counted.
//!
//! A fact is, for example, "has a finding of this rule" or "sets this resolution". Rules about the whole file read
//! only the counts of facts. Counts are added and removed record by record, so the cost of an edit depends on the
//! records it touches, and no rule ever scans the file.
//!
//! A record is read in the format that its keys show; a record that shows none is read in every format. Most facts
//! are therefore counted per format, and the verdict on a file uses only those of the file's format.

use crate::example::shared::{MAX_SHARED_VALUES, SharedValue};
use crate::formats::{FORMATS, Foreign, FormatId, LineKind, Mark, index};
use crate::rules::{LineEnd, RuleId, Scope, Severity};
use crate::schema::Field;
use std::sync::LazyLock;

/// One thing that can be counted over a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fact(u16);

/// A fact without its format: [`What::of`] adds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct What(u16);

/// The files in which a finding counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Within {
    /// All files.
    AnyFile,
    /// Tuning files of any format.
    AnyFormat,
    /// Tuning files of this format.
    Format(FormatId),
}

impl Within {
    /// The files in which a finding of a rule with this scope counts; `example` is the answer for one on an example.
    #[must_use]
    pub fn of(scope: Scope, example: Within) -> Within {
        match scope {
            Scope::AnyFile => Within::AnyFile,
            Scope::TuningFile => Within::AnyFormat,
            Scope::Example => example,
        }
    }
}

// The facts of a record have to be sorted: they are numbered in the order in which records usually contribute them.
impl What {
    /// The record is an example.
    pub const EXAMPLE: What = What(0);
    /// The example has media.
    pub const MULTIMODAL: What = What(1);
    /// The example has a target.
    pub const TARGET: What = What(2);
    /// The service would drop the example, whatever the rest of the file contains.
    pub const DROPPED: What = What(3);
    /// The example has video or images and sets no shared value.
    pub const NO_SHARED: What = What(4);
    /// Like [`What::NO_SHARED`], but the finding on it is in the baseline.
    pub const ACCEPTED_NO_SHARED: What = What(5);
    const SHARED: u16 = 6;
    const ACCEPTED_SHARED: u16 = Self::SHARED + VALUES;
    const DROPPED_AT: u16 = Self::ACCEPTED_SHARED + VALUES;
    const TOO_LONG_AT: u16 = Self::DROPPED_AT + VALUES;
    const TOO_MANY_TOKENS_AT: u16 = Self::TOO_LONG_AT + VALUES;
    const TOKENS: u16 = Self::TOO_MANY_TOKENS_AT + VALUES;
    /// Estimated tokens of video frames, in examples that set the shared value.
    pub const TOKENS_VIDEO: What = What(Self::TOKENS);
    /// Estimated tokens of the sound of videos.
    pub const TOKENS_SOUND: What = What(Self::TOKENS + 1);
    /// Estimated tokens of images.
    pub const TOKENS_IMAGES: What = What(Self::TOKENS + 2);
    /// Estimated tokens of text.
    pub const TOKENS_TEXT: What = What(Self::TOKENS + 3);
    /// Video frames in examples that take the shared value from the rest of the file.
    pub const FRAMES_OF_FILE: What = What(Self::TOKENS + 4);
    /// The token estimate of the example is incomplete.
    pub const TOKENS_UNKNOWN: What = What(Self::TOKENS + 5);
    /// The service rejects the example, or the job fails on it.
    pub const REJECTED: What = What(Self::TOKENS + 6);
    /// The service drops the example, whatever the rest of the file contains.
    pub const LOST: What = What(Self::TOKENS + 7);
    /// The service trains another example in place of this one.
    pub const REPLACED: What = What(Self::TOKENS + 8);
    /// The record is marked as one of the format but can't be read as an example.
    pub const UNREAD: What = What(Self::TOKENS + 9);
    const LOST_AT: u16 = Self::TOKENS + 10;
    const VIDEO_TOO_LONG_AT: u16 = Self::LOST_AT + VALUES;
    /// The example has a media file about which nothing is known, although facts about media files are configured.
    pub const UNKNOWN_MEDIA: What = What(Self::VIDEO_TOO_LONG_AT + VALUES);
    /// How many facts there are above; those of rules follow.
    const COMMON: u16 = Self::VIDEO_TOO_LONG_AT + VALUES + 1;

    /// The example sets this shared value; `value` must be [set](SharedValue::is_set).
    #[must_use]
    pub fn shared(value: SharedValue) -> What {
        What::of_value(What::SHARED, value)
    }

    /// The service would drop the example if the file has this shared value.
    #[must_use]
    pub fn dropped_at(value: SharedValue) -> What {
        What::of_value(What::DROPPED_AT, value)
    }

    /// A segment is too long if the file has this shared value.
    #[must_use]
    pub fn too_long_at(value: SharedValue) -> What {
        What::of_value(What::TOO_LONG_AT, value)
    }

    /// A video is too long if the file has this shared value.
    #[must_use]
    pub fn video_too_long_at(value: SharedValue) -> What {
        What::of_value(What::VIDEO_TOO_LONG_AT, value)
    }

    /// The example exceeds the token limit if the file has this shared value.
    #[must_use]
    pub fn too_many_tokens_at(value: SharedValue) -> What {
        What::of_value(What::TOO_MANY_TOKENS_AT, value)
    }

    /// The service drops the example if the file has this shared value.
    #[must_use]
    pub fn lost_at(value: SharedValue) -> What {
        What::of_value(What::LOST_AT, value)
    }

    /// A fact of the rule's own; `number` must be below [`OWN_FACTS`].
    #[must_use]
    pub fn own(rule: RuleId, number: u16) -> What {
        What(What::COMMON + rule.0 * OWN_FACTS + number.min(OWN_FACTS - 1))
    }

    /// The fact to count instead if the finding on this one is in the baseline; `None` if only the finding uses this
    /// fact.
    #[must_use]
    pub fn accepted(self) -> Option<What> {
        match self {
            What::NO_SHARED => Some(What::ACCEPTED_NO_SHARED),
            What(number @ What::SHARED..What::ACCEPTED_SHARED) => Some(What(number + VALUES)),
            _ => None,
        }
    }

    /// The fact for a record that is read as this format.
    #[must_use]
    pub fn of(self, format: FormatId) -> Fact {
        Fact(WHATS + format.index() as u16 * WHATS_OF_FORMAT + self.0)
    }

    fn of_value(first: u16, value: SharedValue) -> What {
        What(first + (value.number() as u16).clamp(1, VALUES) - 1)
    }
}

const VALUES: u16 = MAX_SHARED_VALUES as u16;

/// The limit for the number of rules; a test of the catalogue checks it.
pub const MAX_RULES: u16 = 128;

/// How many facts of its own a rule can count.
pub const OWN_FACTS: u16 = 2;

const SEVERITIES: u16 = 4;

// Facts are numbered in this order: line ends and marks, contributions of records, findings, fields.

const FORMAT_COUNT: u16 = FORMATS.len() as u16;

/// The first contribution of records, after one fact for each mark.
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

/// For each format: the first fact of its fields, and the number of fields.
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
    /// The example is the second one of a group with the same meaning.
    pub const REPEATS: Fact = Fact(2);
    /// The example is the first whose label differs from that of the first example with the same input.
    pub const OTHER_LABEL: Fact = Fact(3);
    /// The same for answers that are not labels, or that differ only in spelling.
    pub const OTHER_TARGET: Fact = Fact(4);
    /// The example is in a validation file, and the training file has it too, or overlapping video.
    pub const LEAKS: Fact = Fact(5);
    /// The record has no mark and can't be read as an example of any format.
    pub const UNREAD: Fact = Fact(6);
    const MARKS: u16 = 7;

    /// The line ends with LF or CRLF; `None` for other ends.
    #[must_use]
    pub fn line_end(end: LineEnd) -> Option<Fact> {
        match end {
            LineEnd::Lf => Some(Fact::ENDS_LF),
            LineEnd::CrLf => Some(Fact::ENDS_CRLF),
            LineEnd::Cr | LineEnd::Missing => None,
        }
    }

    /// The line has this mark; `None` if it has no mark.
    #[must_use]
    pub fn mark(mark: Mark) -> Option<Fact> {
        let place = match mark {
            Mark::Known(kind) => LineKind::all().position(|known| known == kind)?,
            Mark::Foreign(foreign) => LineKind::all().count() + foreign.index(),
            Mark::Unmarked => return None,
        };
        Some(Fact(Fact::MARKS + place as u16))
    }

    /// The mark, if this is a fact about a mark.
    #[must_use]
    pub fn as_mark(self) -> Option<Mark> {
        let place = usize::from(self.0.checked_sub(Fact::MARKS).filter(|_| self.0 < WHATS)?);
        let foreign = || Some(Mark::Foreign(Foreign::ALL.get(place.checked_sub(LineKind::all().count())?)?.0));
        LineKind::all().nth(place).map(Mark::Known).or_else(foreign)
    }

    /// The record has a finding of this rule at this severity.
    #[must_use]
    pub fn finding(within: Within, rule: RuleId, severity: Severity) -> Fact {
        let block = match within {
            Within::AnyFile => 0,
            Within::AnyFormat => 1,
            Within::Format(format) => 2 + format.index() as u16,
        };
        Fact(FINDINGS + block * FINDINGS_OF_ONE + rule.0 * SEVERITIES + severity as u16)
    }

    /// Where the finding counts, its rule and its severity, if this is a fact about a finding.
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

    /// The rule, if this is a fact of a rule's [own](What::own).
    #[must_use]
    pub fn as_own(self) -> Option<RuleId> {
        let what = self.0.checked_sub(WHATS).filter(|_| self.0 < FINDINGS)? % WHATS_OF_FORMAT;
        Some(RuleId(what.checked_sub(What::COMMON)? / OWN_FACTS))
    }

    /// The record uses the field under its snake_case name.
    #[must_use]
    pub fn snake_case(format: FormatId, field: &'static Field) -> Fact {
        Fact(FIELDS_OF[format.index()].0 + index::field_id(field))
    }

    /// The record uses the field, which is not documented for tuning.
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

    /// Whether the fact is about the use of a field.
    #[must_use]
    pub fn is_of_field(self) -> bool {
        self.0 >= FIELDS
    }

    /// Whether the fact is a finding, or a relation to other records that is shown as one. Few records have such
    /// facts.
    #[must_use]
    pub fn is_shown(self) -> bool {
        let is_finding = self.0 >= FINDINGS && !self.is_of_field();
        is_finding || (Fact::REPEATS..=Fact::LEAKS).contains(&self)
    }

    /// The number, from 1, of the [shared value](What::shared) that the record sets; `None` for any other fact.
    #[inline]
    #[must_use]
    pub fn shared_number(self) -> Option<u8> {
        // This runs for most facts of every record, and with few formats this is faster than a division.
        let number = |format: u16| self.0.wrapping_sub(WHATS + format * WHATS_OF_FORMAT + What::SHARED);
        let number = (0..FORMAT_COUNT).map(number).find(|number| *number < VALUES)?;
        Some(number as u8 + 1)
    }

    /// The fact to count instead if the finding on this one is in the baseline; `None` if only the finding uses this
    /// fact.
    #[must_use]
    pub fn accepted(self) -> Option<Fact> {
        let (format, what) = self.as_what()?;
        what.accepted().map(|accepted| accepted.of(format))
    }

    /// The format and the [`What`] of the fact; `None` for facts without a format.
    #[must_use]
    pub fn as_what(self) -> Option<(FormatId, What)> {
        let index = self.0.checked_sub(WHATS).filter(|_| self.0 < FINDINGS)?;
        let format = FormatId::all().nth(usize::from(index / WHATS_OF_FORMAT))?;
        Some((format, What(index % WHATS_OF_FORMAT)))
    }

    /// The index of the fact, below [`Fact::count`].
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The fact with an index below [`Fact::count`].
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

/// How often each fact holds in a file or in a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts(Vec<u64>);

impl Default for Counts {
    fn default() -> Self {
        Self(vec![0; Fact::count()])
    }
}

impl Counts {
    /// How often `fact` holds; saturates.
    #[must_use]
    pub fn of(&self, fact: Fact) -> u32 {
        saturated(self.sum(fact))
    }

    /// The sum of the amounts that records contribute to `fact`.
    #[must_use]
    pub fn sum(&self, fact: Fact) -> u64 {
        self.0.get(fact.index()).copied().unwrap_or(0)
    }

    /// How often records of a format contribute this, including those whose finding is in the baseline.
    #[must_use]
    pub fn of_all(&self, format: FormatId, what: What) -> u32 {
        self.of(what.of(format)) + what.accepted().map_or(0, |accepted| self.of(accepted.of(format)))
    }

    /// Adds the facts of one record.
    pub fn add(&mut self, facts: &[(Fact, u32)]) {
        for &(fact, count) in facts {
            self.0[fact.index()] += u64::from(count);
        }
    }

    /// Adds `count` to one fact.
    pub fn add_sum(&mut self, fact: Fact, count: u64) {
        self.0[fact.index()] += count;
    }

    /// Removes the facts of one record.
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

    /// The number of lines that are marked as each format.
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
