//! Where a rule reports: facts while a record is counted, findings once its file has a verdict.

use crate::formats::FormatId;
use crate::json::{Record, Span};
use crate::rules::facts::Within;
use crate::rules::{Fact, Finding, Levels, Relations, Rule, RuleId, Scope, Severity, Verdict, What};
use crate::settings::baseline::Accepted;

/// Where findings are shown: set once the file is counted.
#[derive(Debug)]
pub struct Showing<'a> {
    /// The verdict on the file.
    pub verdict: &'a Verdict,
    /// The first line of the record, 0-based.
    pub line: usize,
    /// What other records have to do with it.
    pub relations: &'a Relations,
    /// Where the findings go.
    pub findings: &'a mut Vec<Finding>,
    /// Whether their fixes are wanted.
    pub fixes: bool,
    /// Whether everything is wanted that can be fixed: faults beyond the reported ones, and every
    /// place of what is said once per file.
    pub all: bool,
    /// What has been said once already.
    pub said: Vec<Fact>,
}

/// Where a rule reports.
///
/// A record is looked at in one of two ways. *Counting* only notes which facts hold, and makes no
/// text. *Showing* makes the findings, when the verdict on the whole file is known.
#[derive(Debug)]
pub struct Report<'a> {
    pub(crate) rule: &'static Rule,
    pub(crate) id: RuleId,
    /// Which files count what it says of the line as an example.
    pub(crate) within: Within,
    /// The format that the record is read in.
    pub(crate) format: FormatId,
    pub(crate) levels: &'a Levels,
    pub(crate) facts: &'a mut Vec<(Fact, u32)>,
    /// Where strings begin that are cut off; what they say is nobody's fault.
    pub(crate) cuts: &'a [usize],
    /// The record, for the places of its findings.
    pub(crate) record: Record<'a>,
    /// What the baseline accepts on the record.
    pub(crate) accepted: &'a Accepted,
    pub(crate) showing: Option<Showing<'a>>,
}

impl Report<'_> {
    /// The verdict on the file, when findings are being shown.
    #[must_use]
    pub fn verdict(&self) -> Option<&Verdict> {
        self.showing.as_ref().map(|showing| showing.verdict)
    }

    /// The first line of the record, 0-based, when findings are being shown.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.showing.as_ref().map(|showing| showing.line)
    }

    /// What other records have to do with this one; nothing is known while counting.
    #[must_use]
    pub fn relations(&self) -> &Relations {
        self.showing.as_ref().map_or(Relations::NONE, |showing| showing.relations)
    }

    /// Whether everything is wanted that can be fixed, also beyond what is reported.
    #[must_use]
    pub fn wants_all(&self) -> bool {
        self.showing.as_ref().is_some_and(|showing| showing.all)
    }

    /// The fact that this record contributes this.
    #[must_use]
    pub fn of(&self, what: What) -> Fact {
        what.of(self.format)
    }

    /// The fact for what the rule [counts for itself](What::own).
    #[must_use]
    pub fn own(&self, number: u16) -> Fact {
        self.of(What::own(self.id, number))
    }

    /// Notes that a fact holds.
    pub fn fact(&mut self, fact: Fact) {
        self.amount(fact, 1);
    }

    /// Notes an amount that is summed up over the file.
    pub fn amount(&mut self, fact: Fact, amount: u64) {
        if self.showing.is_none() && amount > 0 {
            self.facts.push((fact, u32::try_from(amount).unwrap_or(u32::MAX)));
        }
    }

    /// Notes that a fact holds which shows a finding at `span` if the rest of the file asks for it.
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

    /// Reports something that is wrong whatever the rest of the file is like. Of most records there is nothing to find.
    #[cold]
    pub fn find<R>(&mut self, severity: Severity, span: Span, build: impl FnOnce(&mut Finding) -> R) {
        if self.showing.is_some() {
            self.show_here(severity, span, build);
        } else if !self.is_cut(span)
            && !self.is_accepted(span)
            && let Some(severity) = self.levels.severity(self.id, severity)
        {
            let within = match self.rule.scope {
                Scope::AnyFile => Within::AnyFile,
                Scope::TuningFile => Within::AnyFormat,
                Scope::Example => self.within,
            };
            self.facts.push((Fact::finding(within, self.id, severity), 1));
        }
    }

    /// Reports something once per file, at its first place; `build` is told how often it holds.
    pub fn once<R>(&mut self, fact: Fact, severity: Severity, span: Span, build: impl FnOnce(&mut Finding, u32) -> R) {
        self.fact_at(fact, span);
        if self.is_accepted(span) {
            return;
        }
        let Some(showing) = &self.showing else { return };
        let Some((line, count)) = showing.verdict.first(fact) else { return };
        if showing.all {
            return self.show_here(severity, span, |finding| build(finding, count));
        }
        // A record may hold the fact several times: its first place is the one to show.
        if line == showing.line && !self.is_cut(span) && !showing.said.contains(&fact) {
            self.show_here(severity, span, |finding| build(finding, count));
            if let Some(showing) = &mut self.showing {
                showing.said.push(fact);
            }
        }
    }

    /// Whether the finding would be about a key or value that is cut off, and not about the cut.
    fn is_cut(&self, span: Span) -> bool {
        self.cuts.contains(&span.start()) && self.rule.scope != Scope::AnyFile
    }

    /// Whether the baseline has the finding that this rule would make at `span`.
    pub(in crate::rules) fn is_accepted(&self, span: Span) -> bool {
        !self.accepted.is_empty() && self.is_in_baseline(span)
    }

    #[cold]
    fn is_in_baseline(&self, span: Span) -> bool {
        let (code, pointer) = (self.rule.code, pointer_at(self.record, span));
        self.accepted.iter().any(|accepted| accepted.0 == code && accepted.1 == pointer)
    }

    /// Shows a finding on this record that depends on the rest of the file, and whose fact was noted by
    /// [`Self::fact_at`]; does nothing while counting.
    #[cold]
    pub fn show_here<R>(&mut self, severity: Severity, span: Span, build: impl FnOnce(&mut Finding) -> R) {
        if !self.is_accepted(span) {
            self.show_finding(severity, span, false, build);
        }
    }

    /// Shows a finding about the whole file, or about other records too, which no baseline hides; does
    /// nothing while counting.
    #[cold]
    pub fn show<R>(&mut self, severity: Severity, span: Span, build: impl FnOnce(&mut Finding) -> R) {
        self.show_finding(severity, span, true, build);
    }

    /// Shows what the verdict says of the whole file under this rule.
    pub fn show_file_findings(&mut self, span: Span) {
        let Some(showing) = &self.showing else { return };
        let findings = showing.verdict.findings.iter().filter(|finding| finding.rule == self.id);
        for found in findings.cloned().collect::<Vec<_>>() {
            self.show_at_level(found.severity, span, true, |finding| {
                finding.says(found.message);
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
        if let Some(severity) = self.levels.severity(self.id, severity).filter(|_| !self.is_cut(span)) {
            self.show_at_level(severity, span, of_file, build);
        }
    }

    fn show_at_level<R>(
        &mut self,
        severity: Severity,
        span: Span,
        of_file: bool,
        build: impl FnOnce(&mut Finding) -> R,
    ) {
        let Some(showing) = &mut self.showing else { return };
        let rule = self.rule;
        if !showing.verdict.speaks(rule) {
            return;
        }
        let mut finding = Finding::new(rule, severity, span, showing.fixes);
        (finding.pointer, finding.of_file) = (pointer_at(self.record, span), of_file);
        build(&mut finding);
        showing.findings.push(finding);
    }
}

fn pointer_at(record: Record<'_>, span: Span) -> String {
    record.node_at(span.start()).map_or_else(String::new, |node| record.pointer(node))
}

/// How many other places a finding that is told once stands for.
#[must_use]
pub fn lines_like_it(count: u32) -> String {
    match count {
        0 | 1 => String::new(),
        count => format!(" ({count} in this file)"),
    }
}
