//! Judges a file: rules about the whole file read the counts and add findings to the verdict.

use crate::example::shared::SharedValue;
use crate::formats::service::{Consequence, FaultKind};
use crate::formats::{Format, LineKind, Mark};
use crate::rules::facts::Within;
use crate::rules::outlook::Failure;
use crate::rules::verdict::FileFinding;
use crate::rules::{Fact, FileIndex, Levels, Rule, RuleId, Severity, Verdict, What};

/// The shared value that most examples set; on a tie, the value that occurs first.
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

/// The first line of the first record that contributes this, including records whose finding is in the baseline.
#[must_use]
pub fn first_of_all(index: &dyn FileIndex, format: &'static Format, what: What) -> Option<usize> {
    let accepted = what.accepted().and_then(|accepted| index.first(accepted.of(format.id())));
    index.first(what.of(format.id())).into_iter().chain(accepted).min()
}

/// The kind of line that most lines of the format are; among equals the usual one.
#[must_use]
pub fn kind_of(index: &dyn FileIndex, format: &'static Format) -> &'static LineKind {
    let lines = |kind: &&'static LineKind| Fact::mark(Mark::Known(kind)).map_or(0, |fact| index.counts().of(fact));
    // `max_by_key` returns the last of several maxima, so the usual kind comes last.
    format.kinds.iter().copied().rev().max_by_key(lines).unwrap_or(format.kinds[0])
}

/// Passed to each rule that judges the whole file; collects the verdict.
pub struct Judge<'a> {
    /// The counts of the file.
    pub(super) index: &'a dyn FileIndex,
    /// The level of each rule.
    pub(super) levels: &'a Levels,
    /// The verdict so far.
    pub verdict: Verdict,
    /// The rule that is judging.
    pub(super) rule: &'static Rule,
    pub(super) id: RuleId,
}

impl Judge<'_> {
    /// The counts of the file, and the lines on which facts hold.
    #[must_use]
    pub fn index(&self) -> &dyn FileIndex {
        self.index
    }

    /// The fact for this in the format of the file.
    #[must_use]
    pub fn fact(&self, what: What) -> Fact {
        what.of(self.verdict.format.id())
    }

    /// How many records in the format of the file contribute this.
    #[must_use]
    pub fn count(&self, what: What) -> u32 {
        self.index.counts().of(self.fact(what))
    }

    /// A fact of the rule's [own](What::own).
    #[must_use]
    pub fn own(&self, number: u16) -> What {
        What::own(self.id, number)
    }

    /// Adds findings to the totals and returns their severity; `None` if the rule is off or doesn't apply to the file.
    fn add(&mut self, severity: Severity, count: u32) -> Option<Severity> {
        let own = severity;
        let severity = self.levels.severity(self.id, severity)?;
        if count == 0 || !self.verdict.speaks(self.rule) {
            return None;
        }
        self.add_total(self.id, severity, count);
        self.conclude(self.rule, own);
        Some(severity)
    }

    /// Notes that the job or the whole file fails if that is what follows from an error of this rule.
    pub(super) fn conclude(&mut self, rule: &'static Rule, severity: Severity) {
        let of_file = rule.rejects_file || rule.fault == FaultKind::File || self.verdict.array.is_some();
        let failure = match self.verdict.service.consequence(rule.fault) {
            Consequence::JobFails if rule.may_fail => Failure::JobMayFail,
            Consequence::JobFails => Failure::JobFails,
            Consequence::Rejected if of_file => Failure::Rejected,
            _ => return,
        };
        if severity == Severity::Error && self.verdict.tuning {
            self.verdict.outlook.note_failure(failure, rule.code);
        }
    }

    pub(super) fn add_total(&mut self, rule: RuleId, severity: Severity, count: u32) {
        let totals = &mut self.verdict.totals;
        match totals.iter_mut().find(|(known, level, _)| (*known, *level) == (rule, severity)) {
            Some((.., total)) => *total += count,
            None => totals.push((rule, severity, count)),
        }
    }

    /// Adds a finding on every record with `fact`.
    pub fn on_each(&mut self, fact: Fact, severity: Severity) {
        let count = self.index.counts().of(fact);
        self.verdict.shown[fact.index()] = self.add(severity, count);
    }

    /// Adds one finding for all records with `fact`, on the first of them.
    pub fn on_first(&mut self, fact: Fact, severity: Severity) {
        let count = self.index.counts().of(fact);
        let Some(line) = self.index.first(fact).filter(|_| count > 0) else { return };
        self.add_once(fact, line, count, severity);
    }

    /// Like [`Self::on_first`], but without the records on the lines in `accepted`, which must be sorted.
    pub fn on_first_but(&mut self, fact: Fact, accepted: &[usize], severity: Severity) {
        if accepted.is_empty() {
            return self.on_first(fact, severity);
        }
        let mut lines = self.index.lines(fact, usize::MAX);
        lines.retain(|line| accepted.binary_search(line).is_err());
        if let Some(&line) = lines.first() {
            self.add_once(fact, line, u32::try_from(lines.len()).unwrap_or(u32::MAX), severity);
        }
    }

    fn add_once(&mut self, fact: Fact, line: usize, count: u32, severity: Severity) {
        if let Some(severity) = self.add(severity, 1) {
            self.verdict.firsts.push((fact, line, count));
            self.verdict.single_lines.push((severity, line));
        }
    }

    /// Counts one finding on the record that starts at `line`; the rule shows it when it runs on that record.
    pub fn at_line(&mut self, line: usize, severity: Severity) {
        if let Some(severity) = self.add(severity, 1) {
            self.verdict.single_lines.push((severity, line));
        }
    }

    /// Reports the rule's finding, which is made at most once a record, only on the first record if most lines have it.
    pub fn once_if_most(&mut self, severity: Severity) {
        let Some(level) = self.levels.severity(self.id, severity).filter(|_| self.verdict.speaks(self.rule)) else {
            return;
        };
        let own = Within::Format(self.verdict.format.id());
        let fact = Fact::finding(Within::of(self.rule.scope, own), self.id, level);
        let counts = self.index.counts();
        let (count, lines) = (counts.of(fact), counts.of(Fact::ENDS_LF) + counts.of(Fact::ENDS_CRLF));
        let Some(line) = self.index.first(fact).filter(|_| count > 1 && count > lines / 2) else { return };
        self.verdict.shown[fact.index()] = None;
        for total in self.verdict.totals.iter_mut().filter(|total| (total.0, total.1) == (self.id, level)) {
            total.2 = 1;
        }
        self.verdict.firsts.push((fact, line, count));
        self.verdict.single_lines.push((level, line));
    }

    /// Adds one finding about the whole file, shown on its first record.
    pub fn on_file(&mut self, severity: Severity, message: impl Into<String>) -> Option<&mut FileFinding> {
        let own_severity = severity;
        let severity = self.add(severity, 1)?;
        self.verdict.single_lines.push((severity, 0));
        let (rule, message) = (self.id, message.into());
        self.verdict.findings.push(FileFinding {
            rule,
            severity,
            own_severity,
            message,
            effect: None,
            related: Vec::new(),
            fixes: Vec::new(),
        });
        self.verdict.findings.last_mut()
    }
}
