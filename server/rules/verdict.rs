//! The verdict on a file: what follows from its counts, decided again after every edit in constant time.

use crate::example::limits::Limits;
use crate::example::shared::SharedValue;
use crate::formats::{FORMATS, Format, Service};
use crate::rules::{Counts, Fact, Fix, Rule, RuleId, Scope, Severity, Siblings};
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

/// A finding about the whole file, shown on its first record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFinding {
    /// The rule.
    pub rule: RuleId,
    /// How bad it is, by the user's levels.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Lines that explain it, 0-based, each with what is there.
    pub related: Vec<(usize, String)>,
    /// How to fix it.
    pub fixes: Vec<Fix>,
}

/// What is true of the file as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The format of the file: the configured one, else the one that most lines are in.
    pub format: &'static Format,
    /// The service that reads it.
    pub service: &'static Service,
    /// The model whose limits hold.
    pub limits: &'static Limits,
    /// Whether it is a tuning file: a line of it is marked as one, or the settings say so.
    pub tuning: bool,
    /// Whether it is one JSON array instead of a record a line.
    pub array: bool,
    /// The shared value its examples are to have: the configured one, else the majority's, else the first.
    pub shared: Option<SharedValue>,
    /// Whether that one was configured.
    pub configured: bool,
    /// Whether it is that of another file of the dataset, since no example here sets one.
    pub borrowed: bool,
    /// Whether another one is set as often, so that the first example decided.
    pub tied: bool,
    /// The first line that has it, 0-based.
    pub shared_line: Option<usize>,
    /// How many examples would be dropped.
    pub dropped: u32,
    /// How many examples there are.
    pub examples: u32,
    /// How many examples have a target.
    pub targets: u32,
    /// What the other files of its dataset say.
    pub siblings: Siblings,
    /// The first line that ends unlike most, when CRLF and LF are mixed, and whether it ends with CRLF.
    pub odd_line_end: Option<(usize, bool)>,
    /// The findings about the whole file.
    pub findings: Vec<FileFinding>,
    /// The findings that are not shown because there are too many: of which rules, and how many.
    pub hidden: Vec<(&'static str, u32)>,
    /// Facts that are told once: the first line and the count of each.
    pub(super) firsts: Vec<(Fact, usize, u32)>,
    /// The severity at which each fact is shown on every record that holds it.
    pub(super) shown: Vec<Option<Severity>>,
    /// How many findings there are of each rule at each severity.
    pub totals: Vec<(RuleId, Severity, u32)>,
    /// The lines of findings that stand only there, with their severities.
    pub single_lines: Vec<(Severity, usize)>,
}

impl Default for Verdict {
    fn default() -> Self {
        let format = FORMATS[0];
        Self {
            format,
            service: format.default_service(),
            limits: format.default_service().limits[0],
            tuning: false,
            array: false,
            shared: None,
            configured: false,
            borrowed: false,
            tied: false,
            shared_line: None,
            dropped: 0,
            examples: 0,
            targets: 0,
            siblings: Siblings::default(),
            odd_line_end: None,
            findings: Vec::new(),
            hidden: Vec::new(),
            firsts: Vec::new(),
            shown: Vec::new(),
            totals: Vec::new(),
            single_lines: Vec::new(),
        }
    }
}

impl Verdict {
    /// Whether `rule` has a say in this file.
    #[must_use]
    pub fn speaks(&self, rule: &'static Rule) -> bool {
        // Until an array is unwrapped, only what is wrong with its bytes, blank lines and the array itself.
        (!self.array || rule.in_arrays) && (rule.scope == Scope::AnyFile || self.tuning)
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

    /// Whether so many examples would be dropped that the job fails.
    #[must_use]
    pub fn fails(&self) -> bool {
        let most = self.limits.drop_percent;
        most.is_some_and(|percent| u64::from(self.dropped) * 100 > u64::from(self.examples) * percent)
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

    /// Whether the file's shared value is one of these: for what is true of an example without a value of its own.
    #[must_use]
    pub fn has_one_of(&self, values: &[SharedValue]) -> bool {
        self.shared.is_some_and(|own| values.contains(&own))
    }
}
