//! The findings to list: all of them or, if there are too many, the most severe.

use crate::analysis::line::{Analyst, Shown};
use crate::analysis::lines::file::Lines;
use crate::analysis::lines::source::Source;
use crate::rules::{Fact, Finding, RuleId, Severity, Verdict};
use std::sync::Arc;

/// A finding and the first line of its record, 0-based.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The first line of the record that the finding's spans count from.
    pub line: usize,
    /// The finding; the same `Arc` as in the listing before if nothing changed for it.
    pub finding: Arc<Finding>,
}

impl Lines {
    /// All findings by place. If they are more than `max`, the `max` most severe, the first of which says what is left
    /// out. Reads only records with findings.
    pub fn list(&self, source: &impl Source, analyst: &mut Analyst, verdict: &Verdict, max: usize) -> Vec<Listed> {
        let total = verdict.total();
        let mut verdict = verdict.clone();
        let mut listed = Vec::new();
        if total <= max {
            self.collect(source, analyst, &verdict, &Severity::ALL, usize::MAX, &mut listed);
        } else {
            // One place is for the finding that says what is left out.
            let room = max.saturating_sub(1);
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
        let relations = self.relations_at(line, source, analyst);
        let findings = analyst.findings(&input, Shown { verdict, line, fixes, relations: &relations, all: false });
        findings.into_iter().map(|finding| Listed { line, finding: Arc::new(finding) }).collect()
    }

    /// The findings of the record that begins at `line`, from the cache if nothing changed for them.
    fn cached_findings_at(
        &self,
        line: usize,
        source: &impl Source,
        analyst: &mut Analyst,
        verdict: &Verdict,
    ) -> Vec<Arc<Finding>> {
        let mut find = || {
            let found = self.findings_at(line, source, analyst, verdict, false);
            found.into_iter().map(|listed| listed.finding).collect::<Vec<_>>()
        };
        // Findings that contain line numbers change with an edit above them.
        let names_lines =
            self.record_at(line).len() > 1 || self.table.get(line).is_some_and(|entry| entry.relations != 0);
        if line == 0 || names_lines || verdict.single_lines.iter().any(|(_, single)| *single == line) {
            return find();
        }
        self.cache.borrow_mut().get_or_insert_with(line, verdict, find)
    }

    /// The first lines of the records with a finding of one of these severities, in order.
    #[must_use]
    pub fn records_with_findings(&self, verdict: &Verdict, severities: &[Severity]) -> Vec<usize> {
        let mut lines = Vec::new();
        self.table.visit(&shown_facts(verdict, severities), |line| {
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
        max: usize,
        listed: &mut Vec<Listed>,
    ) {
        let mut singles: Vec<usize> = single_lines(verdict, severities).collect();
        singles.sort_unstable();
        singles.dedup();
        let mut singles = singles.into_iter().peekable();
        let bound = listed.len().saturating_add(max);
        let mut add = |line: usize, listed: &mut Vec<Listed>| {
            let findings = self.cached_findings_at(line, source, analyst, verdict);
            let wanted = findings.into_iter().filter(|finding| severities.contains(&finding.severity));
            listed.extend(wanted.map(|finding| Listed { line, finding }));
            listed.len() < bound
        };
        self.table.visit(&shown_facts(verdict, severities), |line| {
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

/// The facts that cause a finding of one of these severities on each record that has them.
fn shown_facts(verdict: &Verdict, severities: &[Severity]) -> Vec<Fact> {
    let facts = (0..Fact::count()).map(Fact::at);
    facts.filter(|&fact| verdict.shown(fact).is_some_and(|severity| severities.contains(&severity))).collect()
}

/// The lines of the findings that only one record has.
fn single_lines<'a>(verdict: &'a Verdict, severities: &'a [Severity]) -> impl Iterator<Item = usize> + 'a {
    verdict.single_lines.iter().filter(|(severity, _)| severities.contains(severity)).map(|(_, line)| *line)
}

/// The number of findings of each rule that are not listed.
fn hidden(verdict: &Verdict, listed: &[Listed]) -> Vec<(&'static str, u32)> {
    let mut hidden: Vec<(RuleId, u32)> = Vec::new();
    for &(rule, _, count) in &verdict.totals {
        match hidden.iter_mut().find(|(other, _)| *other == rule) {
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
    hidden.into_iter().map(|(rule, left)| (rule.rule().code, left)).collect()
}
