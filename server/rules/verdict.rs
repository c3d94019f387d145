//! The verdict on a file: what follows from its counts. It is computed again after every edit, in a time that doesn't
//! depend on the size of the file.

use crate::example::limits::Limits;
use crate::example::shared::SharedValue;
use crate::formats::{FORMATS, Format, Service};
use crate::rules::{ArrayFile, Counts, Fact, Fix, Outlook, Rule, RuleId, Scope, Severity, Siblings};
use std::sync::Arc;

/// The counts of a file, and the lines on which a fact holds.
pub trait FileIndex {
    /// How often each fact holds in the file.
    fn counts(&self) -> &Counts;
    /// The first line of the first record with `fact`, 0-based.
    fn first(&self, fact: Fact) -> Option<usize>;
    /// The first lines of the first `most` records with `fact`, 0-based.
    fn lines(&self, fact: Fact, most: usize) -> Vec<usize>;
    /// The distinct labels among the targets, with the number of records for each; empty if there are `most` or
    /// more. White space at their ends tells them apart.
    fn labels(&self, most: usize) -> Vec<(Arc<str>, u32)> {
        let _ = most;
        Vec::new()
    }
    /// The first lines of the first `most` records with this label, 0-based.
    fn lines_of_label(&self, label: &str, most: usize) -> Vec<usize> {
        let _ = (label, most);
        Vec::new()
    }
    /// The [texts](crate::example::meaning::fixed_text) that are usually the same in all records, with the number of records
    /// for each; empty if there are too many.
    fn fixed_texts(&self) -> Vec<(Arc<str>, u32)> {
        Vec::new()
    }
    /// The first lines of the first `most` records with this text, 0-based.
    fn lines_of_fixed_text(&self, text: &str, most: usize) -> Vec<usize> {
        let _ = (text, most);
        Vec::new()
    }
    /// The first line of a record with this text: of the first one, unless lines were added above it.
    fn line_of_fixed_text(&self, text: &str) -> Option<usize> {
        let _ = text;
        None
    }
    /// What is known about the other files of the dataset.
    fn siblings(&self) -> Siblings {
        Siblings::default()
    }
    /// The size of the file in bytes; 0 if unknown.
    fn bytes(&self) -> u64 {
        0
    }
}

/// A finding about the whole file, shown on its first record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFinding {
    /// The rule that made it.
    pub rule: RuleId,
    /// The severity, according to the user's levels.
    pub severity: Severity,
    /// The rule's own severity.
    pub own_severity: Severity,
    /// What is wrong and what was expected.
    pub message: String,
    /// What follows from it; `None` for what the service usually does.
    pub effect: Option<String>,
    /// Related lines, 0-based, each with a short phrase about it.
    pub related: Vec<(usize, String)>,
    /// Its fixes.
    pub fixes: Vec<Fix>,
}

/// A label that is probably a more frequent one, spelled differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelVariant {
    /// The label.
    pub label: Arc<str>,
    /// The number of its examples.
    pub count: u32,
    /// The more frequent one.
    pub usual: Arc<str>,
    /// The number of examples with the usual label.
    pub usual_count: u32,
    /// Whether they differ in a letter, not only in letter case, white space or final punctuation.
    pub in_letter: bool,
    /// The first lines of its examples, 0-based.
    pub lines: Vec<usize>,
}

/// Instructions or a prompt that are probably those of most examples, with a mistake in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextVariant {
    /// The text.
    pub text: Arc<str>,
    /// The text of most examples.
    pub usual: Arc<str>,
    /// The number of examples with the usual text.
    pub usual_count: u32,
    /// The first line of the first of them, 0-based.
    pub usual_line: usize,
    /// The first lines of the examples with this text, 0-based.
    pub lines: Vec<usize>,
    /// The number of examples with any such text.
    pub all: u32,
    /// The line whose finding stands for all examples; `None` if each has its own.
    pub shown_on: Option<usize>,
}

/// What is known about the file as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The format of the file: the configured one, or else that of most lines.
    pub format: &'static Format,
    /// The service that the file is meant for.
    pub service: &'static Service,
    /// The limits of the model that is tuned.
    pub limits: &'static Limits,
    /// The formats that its lines may be meant to have if they have none.
    pub expected: Vec<&'static Format>,
    /// Whether it is a tuning file: the format of a line was recognized, or the settings say so.
    pub tuning: bool,
    /// What it contains if it is one JSON array instead of one record per line.
    pub array: Option<ArrayFile>,
    /// Whether the user named the file itself, not only a folder or pattern.
    pub named: bool,
    /// The shared value that its examples should have: the configured one, or else that of most examples.
    pub shared: Option<SharedValue>,
    /// Whether the shared value is configured.
    pub configured: bool,
    /// Whether the shared value is that of another file in the dataset because no example here sets one.
    pub borrowed: bool,
    /// Whether another value is set as often; the first example decides then.
    pub tied: bool,
    /// The first line with the shared value, 0-based.
    pub shared_line: Option<usize>,
    /// The number of examples that the service would drop.
    pub dropped: u32,
    /// The number of examples.
    pub examples: u32,
    /// How many of them the service would train.
    pub outlook: Outlook,
    /// The number of examples with a target.
    pub targets: u32,
    /// In a file for reinforcement tuning: the number of prompts without data for the grader.
    pub prompts: u32,
    /// What is known about the other files of the dataset.
    pub siblings: Siblings,
    /// The labels that are probably others, spelled differently.
    pub label_variants: Vec<LabelVariant>,
    /// The instructions and prompts that probably have a mistake.
    pub text_variants: Vec<TextVariant>,
    /// If CRLF and LF are mixed: the first line with the less common ending, and whether that is CRLF.
    pub odd_line_end: Option<(usize, bool)>,
    /// The findings about the whole file.
    pub findings: Vec<FileFinding>,
    /// How many findings of which rules are not shown because there are too many.
    pub hidden: Vec<(&'static str, u32)>,
    /// Facts whose finding is shown once per file: the first line and the count of each.
    pub(super) firsts: Vec<(Fact, usize, u32)>,
    /// For each fact, the severity of its finding on every record with the fact.
    pub(super) shown: Vec<Option<Severity>>,
    /// The number of findings of each rule at each severity.
    pub totals: Vec<(RuleId, Severity, u32)>,
    /// The severities and lines of findings that are shown on one line only.
    pub single_lines: Vec<(Severity, usize)>,
}

impl Default for Verdict {
    fn default() -> Self {
        let format = FORMATS[0];
        Self {
            format,
            service: format.default_service(),
            limits: format.default_service().limits[0],
            expected: FORMATS.to_vec(),
            tuning: false,
            array: None,
            named: false,
            shared: None,
            configured: false,
            borrowed: false,
            tied: false,
            shared_line: None,
            dropped: 0,
            examples: 0,
            outlook: Outlook::default(),
            targets: 0,
            prompts: 0,
            siblings: Siblings::default(),
            label_variants: Vec::new(),
            text_variants: Vec::new(),
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
    /// Whether `rule` applies to this file.
    #[must_use]
    pub fn speaks(&self, rule: &'static Rule) -> bool {
        // In an array, only its bytes, blank lines and the array itself are checked.
        (self.array.is_none() || rule.in_arrays) && (rule.scope == Scope::AnyFile || self.tuning)
    }

    /// The first line and the count of a fact whose finding is shown once per file.
    #[must_use]
    pub fn first(&self, fact: Fact) -> Option<(usize, u32)> {
        self.firsts.iter().find(|(known, ..)| *known == fact).map(|&(_, line, count)| (line, count))
    }

    /// The findings of records of which only the first is shown.
    #[must_use]
    pub fn findings_shown_once(&self) -> Vec<Fact> {
        self.firsts.iter().map(|(fact, ..)| *fact).filter(|fact| fact.as_finding().is_some()).collect()
    }

    /// The severity of the finding that is shown on every record with this fact; `None` if there is none.
    #[must_use]
    pub fn shown(&self, fact: Fact) -> Option<Severity> {
        self.shown.get(fact.index()).copied().flatten()
    }

    /// The verdict for a document that has only the record at `line` of a file with this verdict. `own` is the verdict on that
    /// document alone. What follows from the rest of the file is taken from the file, and what is about the file as a whole
    /// is left out.
    #[must_use]
    pub fn for_record(&self, line: usize, own: Verdict) -> Self {
        let firsts =
            self.firsts.iter().map(|&(fact, first, count)| (fact, if first == line { 0 } else { usize::MAX }, count));
        let mut firsts: Vec<_> = firsts.collect();
        for first in own.firsts {
            if firsts.iter().all(|(fact, ..)| *fact != first.0) {
                firsts.push(first);
            }
        }
        let shown = self.shown.iter().zip(own.shown).map(|(file, own)| file.or(own)).collect();
        Self {
            array: None,
            shared_line: self.shared_line.filter(|shared| *shared == line).map(|_| 0),
            odd_line_end: None,
            findings: Vec::new(),
            hidden: Vec::new(),
            firsts,
            shown,
            totals: Vec::new(),
            single_lines: Severity::ALL.map(|severity| (severity, 0)).to_vec(),
            ..self.clone()
        }
    }

    /// Whether the service would drop so many examples that the job fails.
    #[must_use]
    pub fn fails(&self) -> bool {
        let most = self.limits.drop_percent;
        most.is_some_and(|percent| u64::from(self.dropped) * 100 > u64::from(self.examples) * percent)
    }

    /// The percentage of examples that the service would drop, such as `11.0%`.
    #[must_use]
    pub fn dropped_percent(&self) -> String {
        format!("{:.1}%", f64::from(self.dropped) * 100.0 / f64::from(self.examples.max(1)))
    }

    /// The number of findings in the file.
    #[must_use]
    pub fn total(&self) -> usize {
        self.totals.iter().map(|&(.., count)| count as usize).sum()
    }

    /// Whether the shared value of the file, which holds for examples without their own, is one of these.
    #[must_use]
    pub fn has_one_of(&self, values: &[SharedValue]) -> bool {
        self.shared.is_some_and(|own| values.contains(&own))
    }
}
