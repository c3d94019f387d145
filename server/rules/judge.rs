//! How the verdict on a file is reached: what each rule about the whole makes of the counts.

use crate::example::shared::SharedValue;
use crate::formats::Format;
use crate::rules::verdict::FileFinding;
use crate::rules::{Fact, FileIndex, Levels, Rule, RuleId, Severity, Verdict, What};

/// The shared value that most examples set; among equals the one that stands first.
#[must_use]
pub fn majority(index: &dyn FileIndex, format: &'static Format) -> Option<SharedValue> {
    let counted = SharedValue::ALL.map(|value| (index.counts().of_all(format.id(), What::shared(value)), value));
    let most = counted.iter().map(|(count, _)| *count).max().filter(|most| *most > 0)?;
    let leaders = || counted.iter().filter(|(count, _)| *count == most).map(|(_, value)| *value);
    match leaders().count() {
        1 => leaders().next(),
        _ => leaders().min_by_key(|value| first_of_all(index, format, What::shared(*value))),
    }
}

/// The first record that contributes this, whether or not the baseline has its finding.
#[must_use]
pub fn first_of_all(index: &dyn FileIndex, format: &'static Format, what: What) -> Option<usize> {
    let accepted = what.accepted().and_then(|accepted| index.first(accepted.of(format.id())));
    index.first(what.of(format.id())).into_iter().chain(accepted).min()
}

/// Adds up what each rule says of the whole file.
pub struct Judge<'a> {
    /// What is counted.
    pub(super) index: &'a dyn FileIndex,
    /// How loud each rule is.
    pub(super) levels: &'a Levels,
    /// The verdict so far.
    pub verdict: Verdict,
    /// The rule that is asked.
    pub(super) rule: &'static Rule,
    pub(super) id: RuleId,
}

impl Judge<'_> {
    /// What is counted, and which lines hold it.
    #[must_use]
    pub fn index(&self) -> &dyn FileIndex {
        self.index
    }

    /// The fact that a record of the file's format contributes this.
    #[must_use]
    pub fn fact(&self, what: What) -> Fact {
        what.of(self.verdict.format.id())
    }

    /// How many records of the file's format contribute this.
    #[must_use]
    pub fn count(&self, what: What) -> u32 {
        self.index.counts().of(self.fact(what))
    }

    /// What the rule [counts for itself](What::own).
    #[must_use]
    pub fn own(&self, number: u16) -> What {
        What::own(self.id, number)
    }

    /// Adds findings of the rule, unless it is off or has no say; gives their severity.
    fn add(&mut self, severity: Severity, count: u32) -> Option<Severity> {
        let severity = self.levels.severity(self.id, severity)?;
        if count == 0 || !self.verdict.speaks(self.rule) {
            return None;
        }
        self.add_total(self.id, severity, count);
        Some(severity)
    }

    pub(super) fn add_total(&mut self, rule: RuleId, severity: Severity, count: u32) {
        let totals = &mut self.verdict.totals;
        match totals.iter_mut().find(|(known, level, _)| (*known, *level) == (rule, severity)) {
            Some((.., total)) => *total += count,
            None => totals.push((rule, severity, count)),
        }
    }

    /// A finding on every record that holds `fact`.
    pub fn on_each(&mut self, fact: Fact, severity: Severity) {
        let count = self.index.counts().of(fact);
        self.verdict.shown[fact.index()] = self.add(severity, count);
    }

    /// One finding for all that hold `fact`, on the first of them.
    pub fn on_first(&mut self, fact: Fact, severity: Severity) {
        let count = self.index.counts().of(fact);
        let Some(line) = self.index.first(fact).filter(|_| count > 0) else { return };
        self.told_at(fact, line, count, severity);
    }

    /// The same, for all but those on these lines, which are in order.
    pub fn on_first_but(&mut self, fact: Fact, accepted: &[usize], severity: Severity) {
        if accepted.is_empty() {
            return self.on_first(fact, severity);
        }
        let mut lines = self.index.lines(fact, usize::MAX);
        lines.retain(|line| accepted.binary_search(line).is_err());
        if let Some(&line) = lines.first() {
            self.told_at(fact, line, u32::try_from(lines.len()).unwrap_or(u32::MAX), severity);
        }
    }

    fn told_at(&mut self, fact: Fact, line: usize, count: u32, severity: Severity) {
        if let Some(severity) = self.add(severity, 1) {
            self.verdict.firsts.push((fact, line, count));
            self.verdict.single_lines.push((severity, line));
        }
    }

    /// One finding on the record that begins at `line`, which the rule shows there.
    pub fn at_line(&mut self, line: usize, severity: Severity) {
        if let Some(severity) = self.add(severity, 1) {
            self.verdict.single_lines.push((severity, line));
        }
    }

    /// One finding about the whole file, shown on its first record.
    pub fn on_file(&mut self, severity: Severity, message: impl Into<String>) -> Option<&mut FileFinding> {
        let severity = self.add(severity, 1)?;
        self.verdict.single_lines.push((severity, 0));
        let (rule, message) = (self.id, message.into());
        self.verdict.findings.push(FileFinding { rule, severity, message, related: Vec::new(), fixes: Vec::new() });
        self.verdict.findings.last_mut()
    }
}
