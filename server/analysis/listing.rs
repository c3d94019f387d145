//! The findings to show: all of them, or the worst when there are too many.

use crate::analysis::line::{Analyst, Shown};
use crate::analysis::lines::{Lines, Source};
use crate::rules::{Fact, Finding, RuleId, Severity, Verdict};

/// A finding and the first line of its record, 0-based.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The first line of the record that the finding's spans count from.
    pub line: usize,
    /// The finding.
    pub finding: Finding,
}

impl Lines {
    /// All findings by place; or, when they are more than `most`, errors first and then the next worse
    /// until there are so many, led by one that says what is left out and counts among them. Looks
    /// only at records that have something to show.
    pub fn list(&self, source: &impl Source, analyst: &mut Analyst, verdict: &Verdict, most: usize) -> Vec<Listed> {
        let total = verdict.total();
        let mut verdict = verdict.clone();
        let mut listed = Vec::new();
        if total <= most {
            self.collect(source, analyst, &verdict, &Severity::ALL, usize::MAX, &mut listed);
        } else {
            // The finding that says so takes one place.
            let room = most.saturating_sub(1);
            for severity in Severity::ALL {
                if listed.len() < room {
                    let left = room - listed.len();
                    self.collect(source, analyst, &verdict, &[severity], left, &mut listed);
                }
            }
            verdict.hidden = hidden(&verdict, &listed);
            let first = self.findings_at(0, source, analyst, &verdict, false);
            let capped = first.into_iter().find(|listed| listed.finding.rule.code == "findings-capped");
            listed.splice(0..0, capped);
            return listed;
        }
        listed.sort_by_key(|listed| (listed.line, listed.finding.span));
        listed
    }

    /// The findings of the record that begins at `line`.
    pub fn findings_at(
        &self,
        line: usize,
        source: &impl Source,
        analyst: &mut Analyst,
        verdict: &Verdict,
        fixes: bool,
    ) -> Vec<Listed> {
        let mut buffer = String::new();
        let record = self.record_at(line);
        let line = record.start;
        let input = source.record(record, &mut buffer);
        let findings = analyst.findings(&input, Shown { verdict, line, fixes, all: false });
        findings.into_iter().map(|finding| Listed { line, finding }).collect()
    }

    /// The first lines of the records that have a finding of one of these severities, in order.
    #[must_use]
    pub fn records_with_findings(&self, verdict: &Verdict, severities: &[Severity]) -> Vec<usize> {
        let mut lines = Vec::new();
        self.visit(&shown_facts(verdict, severities), |line| {
            lines.push(line);
            true
        });
        lines.extend(single_lines(verdict, severities));
        lines.sort_unstable();
        lines.dedup();
        lines
    }

    fn collect(
        &self,
        source: &impl Source,
        analyst: &mut Analyst,
        verdict: &Verdict,
        severities: &[Severity],
        most: usize,
        listed: &mut Vec<Listed>,
    ) {
        let mut singles: Vec<usize> = single_lines(verdict, severities).collect();
        singles.sort_unstable();
        singles.dedup();
        let mut singles = singles.into_iter().peekable();
        let bound = listed.len().saturating_add(most);
        let mut add = |line: usize, listed: &mut Vec<Listed>| {
            let mut findings = self.findings_at(line, source, analyst, verdict, false);
            findings.retain(|listed| severities.contains(&listed.finding.severity));
            listed.append(&mut findings);
            listed.len() < bound
        };
        self.visit(&shown_facts(verdict, severities), |line| {
            while let Some(single) = singles.next_if(|&single| single <= line) {
                if single < line && !add(single, listed) {
                    return false;
                }
            }
            add(line, listed)
        });
        for single in singles {
            if listed.len() >= bound || !add(single, listed) {
                break;
            }
        }
        listed.truncate(bound);
    }
}

/// The facts that show a finding of one of these severities on every record that holds them.
fn shown_facts(verdict: &Verdict, severities: &[Severity]) -> Vec<Fact> {
    let facts = (0..Fact::count()).map(Fact::at);
    facts.filter(|&fact| verdict.shown(fact).is_some_and(|severity| severities.contains(&severity))).collect()
}

/// The lines with a finding that stands only there.
fn single_lines<'a>(verdict: &'a Verdict, severities: &'a [Severity]) -> impl Iterator<Item = usize> + 'a {
    verdict.single_lines.iter().filter(|(severity, _)| severities.contains(severity)).map(|(_, line)| *line)
}

/// How many findings of each rule there are beyond those listed.
fn hidden(verdict: &Verdict, listed: &[Listed]) -> Vec<(RuleId, u32)> {
    let mut hidden: Vec<(RuleId, u32)> = Vec::new();
    for &(rule, _, count) in &verdict.totals {
        match hidden.iter_mut().find(|(known, _)| *known == rule) {
            Some((_, total)) => *total += count,
            None => hidden.push((rule, count)),
        }
    }
    for Listed { finding, .. } in listed {
        if let Some((_, left)) = hidden.iter_mut().find(|(rule, _)| std::ptr::eq(rule.rule(), finding.rule)) {
            *left = left.saturating_sub(1);
        }
    }
    hidden.retain(|(_, left)| *left > 0);
    hidden.sort_by_key(|&(rule, left)| (std::cmp::Reverse(left), rule));
    hidden
}
