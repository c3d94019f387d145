//! Collects what rules report: facts while a record is counted, findings once the file has a verdict.

use crate::formats::service::{Consequence, FaultKind};
use crate::formats::{FormatId, Service};
use crate::json::{Record, Span};
use crate::rules::facts::Within;
use crate::rules::{Fact, Finding, Levels, Loss, Relations, Rule, RuleId, Scope, Severity, Verdict, What};
use crate::settings::baseline::Accepted;

/// Set while findings are shown, after the file is counted.
#[derive(Debug)]
pub struct Showing<'a> {
    /// The verdict on the file.
    pub verdict: &'a Verdict,
    /// The first line of the record, 0-based.
    pub line: usize,
    /// How the record relates to other records.
    pub relations: &'a Relations,
    /// Receives the findings.
    pub findings: &'a mut Vec<Finding>,
    /// Whether to make fixes.
    pub fixes: bool,
    /// Whether to find everything that can be fixed: also syntax errors beyond the reported ones, and every place of
    /// a finding that is shown once per file.
    pub all: bool,
    /// The facts whose finding has been shown already, for findings that are shown once per file.
    pub said: Vec<Fact>,
}

/// Passed to each rule to report with.
///
/// A rule runs on a record in one of two modes. *Counting* only records which facts hold and makes no messages.
/// *Showing* makes the findings, once the verdict on the whole file is known.
#[derive(Debug)]
pub struct Report<'a> {
    pub(crate) rule: &'static Rule,
    pub(crate) id: RuleId,
    /// The files in which a finding on an example counts.
    pub(crate) within: Within,
    /// The format that the record is read in.
    pub(crate) format: FormatId,
    pub(crate) levels: &'a Levels,
    pub(crate) facts: &'a mut Vec<(Fact, u32)>,
    /// Where unclosed strings start; rules don't judge their incomplete values.
    pub(crate) cuts: &'a [usize],
    /// The record, to locate its findings.
    pub(crate) record: Record<'a>,
    /// The findings on the record that are in the baseline.
    pub(crate) accepted: &'a Accepted,
    pub(crate) showing: Option<Showing<'a>>,
    /// The service that reads the record.
    pub(crate) service: &'static Service,
    /// What becomes of the record, as far as it was counted.
    pub(crate) loss: Loss,
}

impl Report<'_> {
    /// The verdict on the file; `None` while counting.
    #[must_use]
    pub fn verdict(&self) -> Option<&Verdict> {
        self.showing.as_ref().map(|showing| showing.verdict)
    }

    /// The first line of the record, 0-based; `None` while counting.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.showing.as_ref().map(|showing| showing.line)
    }

    /// How the record relates to other records; none while counting.
    #[must_use]
    pub fn relations(&self) -> &Relations {
        self.showing.as_ref().map_or(Relations::NONE, |showing| showing.relations)
    }

    /// Whether to find everything that can be fixed safely, beyond what is normally reported. Suggested fixes may be missing
    /// then.
    #[must_use]
    pub fn wants_all(&self) -> bool {
        self.showing.as_ref().is_some_and(|showing| showing.all)
    }

    /// The fact for this in the format of the record.
    #[must_use]
    pub fn of(&self, what: What) -> Fact {
        what.of(self.format)
    }

    /// A fact of the rule's [own](What::own).
    #[must_use]
    pub fn own(&self, number: u16) -> Fact {
        self.of(What::own(self.id, number))
    }

    /// Counts a fact.
    pub fn fact(&mut self, fact: Fact) {
        self.amount(fact, 1);
    }

    /// Adds an amount to a fact that is summed up over the file.
    pub fn amount(&mut self, fact: Fact, amount: u64) {
        if self.showing.is_none() && amount > 0 {
            self.facts.push((fact, u32::try_from(amount).unwrap_or(u32::MAX)));
        }
    }

    /// Counts a fact that may become a finding at `span`, depending on the rest of the file.
    pub fn fact_at(&mut self, fact: Fact, span: Span) {
        if self.is_cut(span) {
            return;
        }
        if !self.is_accepted(span) {
            self.fact(fact);
        } else if let Some(accepted) = fact.accepted() {
            self.fact(accepted);
        }
    }

    /// Like [`Self::fact_at`]; also notes what the service does to a record with a finding of this severity, which a
    /// baseline doesn't change.
    pub fn lossy_fact_at(&mut self, fact: Fact, severity: Severity, span: Span) {
        let counts = self.showing.is_none() && !self.is_cut(span);
        if counts && self.levels.severity(self.id, severity).is_some() {
            self.loss.note(self.follows(self.rule.fault, severity));
        }
        self.fact_at(fact, span);
    }

    /// Notes that the service rejects the record.
    pub fn lose(&mut self) {
        if self.showing.is_none() && self.levels.severity(self.id, Severity::Error).is_some() {
            self.loss.note(Consequence::Rejected);
        }
    }

    /// Whether the verdict has a finding on every record with this fact.
    #[must_use]
    pub fn is_shown_on_each(&self, fact: Fact) -> bool {
        self.verdict().is_some_and(|verdict| verdict.shown(fact).is_some())
    }

    /// Reports a finding that doesn't depend on the rest of the file. Cold: most records have no findings.
    #[cold]
    pub fn find<R>(&mut self, severity: Severity, span: Span, build: impl FnOnce(&mut Finding) -> R) {
        self.find_as(self.rule.fault, severity, span, build);
    }

    /// The same for a finding of another kind than the rule's usual one.
    #[cold]
    pub fn find_as<R>(
        &mut self,
        fault: FaultKind,
        severity: Severity,
        span: Span,
        build: impl FnOnce(&mut Finding) -> R,
    ) {
        if self.showing.is_some() {
            self.show_here(severity, span, |finding| build(finding.fault(fault)));
        } else if !self.is_cut(span)
            && let Some(level) = self.levels.severity(self.id, severity)
        {
            // The service doesn't know the baseline.
            self.loss.note(self.follows(fault, severity));
            if !self.is_accepted(span) {
                self.facts.push((Fact::finding(self.within(), self.id, level), 1));
            }
        }
    }

    /// What the service does to a record with a finding of this kind.
    fn follows(&self, fault: FaultKind, severity: Severity) -> Consequence {
        match self.service.consequence(fault) {
            Consequence::Dropped if severity <= Severity::Warning => Consequence::Dropped,
            certain if severity == Severity::Error => certain,
            _ => Consequence::None,
        }
    }

    /// Reports a finding once per file, at its first place. `build` also gets the number of places.
    pub fn once<R>(&mut self, fact: Fact, severity: Severity, span: Span, build: impl FnOnce(&mut Finding, u32) -> R) {
        self.fact_at(fact, span);
        self.show_once(fact, severity, span, build);
    }

    /// Shows a finding once per file, whose fact [`Self::fact_at`] counted. Does nothing while counting.
    pub fn show_once<R>(
        &mut self,
        fact: Fact,
        severity: Severity,
        span: Span,
        build: impl FnOnce(&mut Finding, u32) -> R,
    ) {
        if self.is_accepted(span) {
            return;
        }
        let Some(showing) = &self.showing else { return };
        let Some((line, count)) = showing.verdict.first(fact) else { return };
        let build = |finding: &mut Finding| {
            finding.stands_for_others = count > 1;
            build(finding, count)
        };
        if showing.all {
            return self.show_here(severity, span, build);
        }
        // The fact can hold several times in the record; show its first place.
        if line == showing.line && !self.is_cut(span) && !showing.said.contains(&fact) {
            self.show_here(severity, span, build);
            if let Some(showing) = &mut self.showing {
                showing.said.push(fact);
            }
        }
    }

    /// Reports a finding that stands for those of all records if most have it, which its rule judges with
    /// [`Judge::once_if_most`](crate::rules::Judge::once_if_most). `build` also gets the number of records that it
    /// stands for.
    pub fn find_once_if_most<R>(&mut self, severity: Severity, span: Span, build: impl FnOnce(&mut Finding, u32) -> R) {
        let only = self.only_one(severity);
        let is_elsewhere = only.is_some_and(|(line, _)| Some(line) != self.line());
        if !is_elsewhere || self.wants_all() {
            self.find(severity, span, |finding| {
                finding.stands_for_others = only.is_some_and(|(_, count)| count > 1);
                build(finding, only.map_or(1, |(_, count)| count))
            });
        }
    }

    /// The line and the count of the finding that stands for those of all records; `None` if each has its own.
    fn only_one(&self, severity: Severity) -> Option<(usize, u32)> {
        let level = self.levels.severity(self.id, severity)?;
        self.verdict()?.first(Fact::finding(self.within(), self.id, level))
    }

    /// The files in which a finding of the rule counts.
    fn within(&self) -> Within {
        Within::of(self.rule.scope, self.within)
    }

    /// Whether the finding would be about an unclosed key or string, other than that it is unclosed.
    fn is_cut(&self, span: Span) -> bool {
        self.cuts.contains(&span.start()) && self.rule.scope == Scope::Example
    }

    /// Whether the baseline contains findings of this record.
    pub(in crate::rules) fn has_baseline(&self) -> bool {
        !self.accepted.is_empty()
    }

    /// Whether the baseline contains the finding of this rule at `span`.
    pub(in crate::rules) fn is_accepted(&self, span: Span) -> bool {
        self.has_baseline() && self.is_in_baseline(span)
    }

    #[cold]
    fn is_in_baseline(&self, span: Span) -> bool {
        let (code, pointer) = (self.rule.code, pointer_at(self.record, span));
        self.accepted.iter().any(|accepted| accepted.0 == code && accepted.1 == pointer)
    }

    /// Shows a finding that depends on the rest of the file and whose fact [`Self::fact_at`] counted. Does nothing while
    /// counting.
    #[cold]
    pub fn show_here<R>(&mut self, severity: Severity, span: Span, build: impl FnOnce(&mut Finding) -> R) {
        if !self.is_accepted(span) {
            self.show_finding(severity, span, false, build);
        }
    }

    /// Shows a finding about the whole file or several records, which a baseline never hides. Does nothing while
    /// counting.
    #[cold]
    pub fn show<R>(&mut self, severity: Severity, span: Span, build: impl FnOnce(&mut Finding) -> R) {
        self.show_finding(severity, span, true, build);
    }

    /// Shows the findings about the whole file that this rule added to the verdict.
    pub fn show_file_findings(&mut self, span: Span) {
        let Some(showing) = &self.showing else { return };
        let findings = showing.verdict.findings.iter().filter(|finding| finding.rule == self.id);
        for found in findings.cloned().collect::<Vec<_>>() {
            self.show_at_level(found.own_severity, found.severity, span, true, |finding| {
                finding.says(found.message);
                if let Some(effect) = found.effect {
                    finding.effect(effect);
                }
                for (line, message) in found.related {
                    finding.related_line(line, message);
                }
                for fix in found.fixes {
                    finding.fix(|| fix);
                }
            });
        }
    }

    #[cold]
    fn show_finding<R>(
        &mut self,
        severity: Severity,
        span: Span,
        of_file: bool,
        build: impl FnOnce(&mut Finding) -> R,
    ) {
        if let Some(level) = self.levels.severity(self.id, severity).filter(|_| !self.is_cut(span)) {
            self.show_at_level(severity, level, span, of_file, build);
        }
    }

    fn show_at_level<R>(
        &mut self,
        severity: Severity,
        level: Severity,
        span: Span,
        of_file: bool,
        build: impl FnOnce(&mut Finding) -> R,
    ) {
        let Some(showing) = &mut self.showing else { return };
        let rule = self.rule;
        if !showing.verdict.speaks(rule) {
            return;
        }
        let mut finding = Finding::new(rule, level, span, showing.fixes);
        (finding.pointer, finding.of_file) = (pointer_at(self.record, span), of_file);
        build(&mut finding);
        // A file that is not for tuning has no service.
        finding.conclude(showing.verdict.tuning.then_some(showing.verdict.service), severity);
        showing.findings.push(finding);
    }
}

fn pointer_at(record: Record<'_>, span: Span) -> String {
    record.node_at(span.start()).map_or_else(String::new, |node| record.pointer(node))
}

/// The number of places that a finding shown once per file stands for, to append to its message.
#[must_use]
pub fn lines_like_it(count: u32) -> String {
    match count {
        0 | 1 => String::new(),
        count => format!(" ({count} in this file)"),
    }
}
