//! The findings to show: all of them, or the worst when there are too many.

use crate::analysis::line::{Analyst, Shown};
use crate::analysis::lines::{Lines, Source};
use crate::rules::{Fact, Finding, RuleId, Severity, Verdict};
use crate::schema::media::Resolution;
use crate::text::Splice;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::sync::Arc;

/// Records whose findings are kept from one listing to the next.
const MOST_KEPT: usize = 4_000;

/// A finding and the first line of its record, 0-based.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The first line of the record that the finding's spans count from.
    pub line: usize,
    /// The finding; the same one as before where nothing has changed for it.
    pub finding: Arc<Finding>,
}

/// The findings that were shown last, by the first line of their record, so that a keystroke in a file
/// with many findings makes only those anew that may have changed.
#[derive(Debug, Default)]
pub(super) struct ShownBefore {
    /// What the findings of a record hang on besides the record.
    hangs_on: Option<Judgement>,
    findings: HashMap<usize, Vec<Arc<Finding>>, FixedState>,
}

/// The part of the verdict that findings on any record may hang on. What only the records of
/// [`Verdict::single_lines`] say is not in it: those are made anew each time.
type Judgement = (bool, bool, Option<Resolution>, bool, bool, Option<usize>);

fn judgement(verdict: &Verdict) -> Judgement {
    let Verdict { tuning, array, resolution, configured, tied, resolution_line, .. } = *verdict;
    (tuning, array, resolution, configured, tied, resolution_line)
}

impl ShownBefore {
    /// The record at `line` has changed.
    pub fn forget(&mut self, line: usize) {
        self.findings.remove(&line);
    }

    /// Lines were replaced: what stands behind them moves.
    pub fn splice(&mut self, splice: Splice) {
        let end = splice.start + splice.old;
        if splice.old == splice.new {
            (splice.start..end).for_each(|line| self.forget(line));
        } else {
            let moved = std::mem::take(&mut self.findings).into_iter().filter_map(|(line, findings)| match line {
                line if line < splice.start => Some((line, findings)),
                line if line >= end => Some((line + splice.new - splice.old, findings)),
                _ => None,
            });
            self.findings = moved.collect();
        }
    }
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
        let relations = self.relations_at(line, source, analyst);
        let findings = analyst.findings(&input, Shown { verdict, line, fixes, relations: &relations, all: false });
        findings.into_iter().map(|finding| Listed { line, finding: Arc::new(finding) }).collect()
    }

    /// The findings of the record that begins at `line`, as they were shown before where nothing has
    /// changed for them.
    fn shown_at(
        &self,
        line: usize,
        source: &impl Source,
        analyst: &mut Analyst,
        verdict: &Verdict,
    ) -> Vec<Arc<Finding>> {
        let make = |analyst: &mut Analyst| {
            let found = self.findings_at(line, source, analyst, verdict, false);
            found.into_iter().map(|listed| listed.finding).collect::<Vec<_>>()
        };
        // What names other lines by number changes with an edit above them.
        let names_lines =
            self.record_at(line).len() > 1 || self.chunks.get(line).is_some_and(|entry| entry.relations != 0);
        if line == 0 || names_lines || verdict.single_lines.iter().any(|(_, single)| *single == line) {
            return make(analyst);
        }
        let mut shown = self.shown.borrow_mut();
        let now = Some(judgement(verdict));
        if shown.hangs_on != now {
            *shown = ShownBefore { hangs_on: now, findings: HashMap::default() };
        }
        // Findings that are listed no more are not kept for ever.
        if shown.findings.len() > MOST_KEPT {
            shown.findings.clear();
        }
        shown.findings.entry(line).or_insert_with(|| make(analyst)).clone()
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
            let findings = self.shown_at(line, source, analyst, verdict);
            let wanted = findings.into_iter().filter(|finding| severities.contains(&finding.severity));
            listed.extend(wanted.map(|finding| Listed { line, finding }));
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
