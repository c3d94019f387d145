//! The verdict on a file: what follows from its counts, decided anew after every edit in constant time.

use crate::rules::judge::{Judge, first_of_all, majority};
use crate::rules::{Counts, Fact, Levels, Rule, RuleId, Scope, Severity, Siblings};
use crate::schema::media::{Profile, Resolution};
use crate::settings::{Detection, Settings};
use std::sync::Arc;

/// The counts of a file, and which of its lines hold a fact.
pub trait FileIndex {
    /// How often each fact holds in the file.
    fn counts(&self) -> &Counts;
    /// The first line of the first record that holds `fact`, 0-based.
    fn first(&self, fact: Fact) -> Option<usize>;
    /// The first lines of the records that hold `fact`, the first `most` of them.
    fn lines(&self, fact: Fact, most: usize) -> Vec<usize>;
    /// The labels that the targets are, with how many records have each, when they are fewer than
    /// `most`; none when they are more.
    fn labels(&self, most: usize) -> Vec<(Arc<str>, u32)> {
        let _ = most;
        Vec::new()
    }
    /// What the other files of the dataset say.
    fn siblings(&self) -> Siblings {
        Siblings::default()
    }
    /// The length of the file in bytes, 0 where nobody cares.
    fn bytes(&self) -> u64 {
        0
    }
}

/// Which limit on the number of examples is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooMany {
    /// Training examples with media.
    Multimodal(u32),
    /// Training examples.
    Examples(u32),
    /// Validation examples.
    Validation(u32),
    /// Validation examples beside so many training examples.
    ValidationShare {
        /// How many are held out.
        validation: u32,
        /// How many are learned.
        training: u32,
    },
}

/// What is true of the file as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// The model whose limits hold.
    pub profile: &'static Profile,
    /// Whether it is a tuning file: a line of it is marked as one, or the settings say so.
    pub tuning: bool,
    /// Whether it is one JSON array instead of a record a line.
    pub array: bool,
    /// The resolution its examples are to have: the configured one, else the majority's, else the first.
    pub resolution: Option<Resolution>,
    /// Whether that one was configured.
    pub configured: bool,
    /// Whether it is that of another file of the dataset, since no example here sets one.
    pub borrowed: bool,
    /// Whether another one is set as often, so that the first example decided.
    pub tied: bool,
    /// The first line that has it, 0-based.
    pub resolution_line: Option<usize>,
    /// How many examples would be dropped.
    pub dropped: u32,
    /// How many examples there are.
    pub examples: u32,
    /// The lines that would be dropped, the first of them, 0-based.
    pub dropped_lines: Vec<usize>,
    /// What the other files of its dataset say.
    pub siblings: Siblings,
    /// The limit on the number of examples that is passed.
    pub too_many: Option<TooMany>,
    /// How many examples there are to learn from, when they are fewer than is advised.
    pub too_few: Option<u32>,
    /// The length of the file in bytes, when it is too large.
    pub too_large: Option<u64>,
    /// How many examples have a target.
    pub targets: u32,
    /// How many different labels the targets are; 0 when they are no labels.
    pub classes: usize,
    /// The labels out of balance, the rarest first, with how many targets they are.
    pub unbalanced: Vec<(Arc<str>, u32)>,
    /// The first line that ends unlike most, when CRLF and LF are mixed, and whether it ends with CRLF.
    pub odd_line_end: Option<(usize, bool)>,
    /// The findings that are not shown because there are too many: how many, and of which rules.
    pub hidden: Vec<(RuleId, u32)>,
    /// Facts that are told once: the first line and the count of each.
    pub(super) firsts: Vec<(Fact, usize, u32)>,
    /// The severity at which each fact is shown on every record that holds it.
    pub(super) shown: Vec<Option<Severity>>,
    /// How many findings there are of each rule at each severity.
    pub totals: Vec<(RuleId, Severity, u32)>,
    /// The lines of findings that stand only there, with their severities.
    pub single_lines: Vec<(Severity, usize)>,
}

impl Verdict {
    /// Decides. `array` says whether the file is one array. The work depends on how many facts there
    /// are, not on the file.
    #[must_use]
    pub fn new(index: &dyn FileIndex, array: bool, settings: &Settings, levels: &Levels) -> Self {
        let counts = index.counts();
        let mut verdict = Self {
            tuning: settings.format == Detection::Gemini || counts.of(Fact::GEMINI) > 0,
            profile: settings.profile(),
            array,
            configured: settings.media_resolution.is_some(),
            examples: counts.of(Fact::EXAMPLE),
            targets: counts.of(Fact::TARGET),
            siblings: index.siblings(),
            shown: vec![None; Fact::count()],
            ..Self::default()
        };
        verdict.resolution = settings.media_resolution.or_else(|| majority(index));
        if verdict.resolution.is_none() {
            verdict.resolution = verdict.siblings.other_resolution.as_ref().map(|(_, resolution, _)| *resolution);
            verdict.borrowed = verdict.resolution.is_some();
        }
        let times = |resolution| Fact::resolution(resolution).map_or(0, |fact| counts.of_all(fact));
        verdict.tied = verdict
            .resolution
            .is_some_and(|own| Resolution::ALL.into_iter().any(|other| other != own && times(other) == times(own)));
        if let Some(fact) = verdict.resolution.and_then(Fact::resolution) {
            verdict.resolution_line = first_of_all(index, fact);
        }
        Judge { index, levels, profile: settings.profile(), verdict }.verdict()
    }

    /// Whether `rule` has a say in this file.
    #[must_use]
    pub fn speaks(&self, rule: &'static Rule) -> bool {
        // Until an array is unwrapped, only what is wrong with its bytes, blank lines and the array itself.
        let in_time = !self.array
            || matches!(
                rule.code,
                "array-file"
                    | "findings-capped"
                    | "byte-order-mark"
                    | "invalid-utf8"
                    | "blank-line"
                    | "unusual-line-terminator"
            );
        in_time && (rule.scope == Scope::AnyFile || self.tuning)
    }

    /// The first line and the count of a fact that is told once per file.
    #[must_use]
    pub fn first(&self, fact: Fact) -> Option<(usize, u32)> {
        self.firsts.iter().find(|(known, ..)| *known == fact).map(|&(_, line, count)| (line, count))
    }

    /// The severity at which a fact is shown on every record that holds it; `None` when it is not.
    #[must_use]
    pub fn shown(&self, fact: Fact) -> Option<Severity> {
        self.shown.get(fact.index()).copied().flatten()
    }

    /// Whether so many examples would be dropped that the job fails: over 10 %.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.dropped * 10 > self.examples
    }

    /// The share of the examples that would be dropped, such as `11.0 %`.
    #[must_use]
    pub fn dropped_percent(&self) -> String {
        format!("{:.1} %", f64::from(self.dropped) * 100.0 / f64::from(self.examples.max(1)))
    }

    /// How many findings the file has.
    #[must_use]
    pub fn total(&self) -> usize {
        self.totals.iter().map(|&(.., count)| count as usize).sum()
    }

    /// Whether a segment of a line without a resolution of its own is too long under the file's.
    #[must_use]
    pub fn drops(&self, at_low: bool, above_low: bool) -> bool {
        match self.resolution {
            Some(Resolution::Low) => at_low,
            Some(Resolution::Medium | Resolution::High) => above_low,
            _ => false,
        }
    }
}
