//! The findings to list: all of them or, if there are too many, the most severe.

use crate::analysis::index::buckets;
use crate::analysis::line::{Analyst, Shown};
use crate::analysis::lines::file::Lines;
use crate::analysis::lines::source::Source;
use crate::rules::{Fact, Finding, RuleId, Severity, Verdict};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A finding and the first line of its record, 0-based.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The first line of the record that the finding's spans count from.
    pub line: usize,
    /// The finding. It is the same `Arc` as in the last listing if nothing changed for it.
    pub finding: Arc<Finding>,
}

impl Lines {
    /// All findings by place. If there are more than `max`, lists the `max` most severe, of which the first says what is
    /// left out. Reads only records with findings.
    pub fn list(&self, source: &impl Source, analyst: &mut Analyst, verdict: &Verdict, max: usize) -> Vec<Listed> {
        let mut listed = Vec::new();
        let mut collect = |severities: &[Severity], bound: usize| {
            if listed.len() >= bound {
                return;
            }
            self.visit_records_with_findings(verdict, severities, |line| {
                let findings = self.cached_findings_at(line, source, analyst, verdict);
                let wanted = findings.into_iter().filter(|finding| severities.contains(&finding.severity));
                listed.extend(wanted.map(|finding| Listed { line, finding }));
                listed.len() < bound
            });
            listed.truncate(bound);
        };
        if verdict.total() <= max {
            collect(&Severity::ALL, usize::MAX);
            listed.sort_by_key(|listed| (listed.line, listed.finding.span));
        } else {
            // The first place is for the finding that says what is left out.
            Severity::ALL.iter().for_each(|severity| collect(&[*severity], max.saturating_sub(1)));
            let mut verdict = verdict.clone();
            verdict.hidden = hidden(&verdict, &listed);
            let first = self.findings_at(0, source, analyst, &verdict, false);
            let capped = first.into_iter().find(|listed| listed.finding.rule.code == "findings-capped");
            listed.splice(0..0, capped);
        }
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
        let mut relations = self.relations_at(line, source, analyst);
        if fixes && buckets::may_lack_one(input.text) {
            relations.bucket = self.common_bucket(source);
        }
        let mut findings = analyst.findings(&input, Shown { verdict, line, relations: &relations, fixes, all: false });
        if fixes
            && findings.iter().any(|finding| finding.lacks_bucket)
            && let Some(bucket) = self.common_bucket(source)
        {
            relations.bucket = Some(bucket);
            findings = analyst.findings(&input, Shown { verdict, line, relations: &relations, fixes, all: false });
        }
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
        self.visit_records_with_findings(verdict, severities, |line| {
            lines.push(line);
            true
        });
        lines
    }

    /// Visits these records in order, each once, until `visit` returns false.
    fn visit_records_with_findings(
        &self,
        verdict: &Verdict,
        severities: &[Severity],
        mut visit: impl FnMut(usize) -> bool,
    ) {
        let is_wanted = |severity: Severity| severities.contains(&severity);
        let singles = verdict.single_lines.iter().filter(|(severity, _)| is_wanted(*severity)).map(|(_, line)| *line);
        let mut singles = singles.collect::<BTreeSet<_>>().into_iter().peekable();
        let facts = (0..Fact::count()).map(Fact::at);
        let facts: Vec<Fact> = facts.filter(|&fact| verdict.shown(fact).is_some_and(is_wanted)).collect();
        let mut goes_on = true;
        self.table.visit(&facts, |line| {
            while let Some(single) = singles.next_if(|single| *single <= line) {
                goes_on = goes_on && (single == line || visit(single));
            }
            goes_on = goes_on && visit(line);
            goes_on
        });
        while let Some(single) = singles.next().filter(|_| goes_on) {
            goes_on = visit(single);
        }
    }
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
