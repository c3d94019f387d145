//! One finding for a fault that every line has.

use crate::analysis::lines::listing::Listed;
use crate::rules::{Finding, Severity, Verdict};
use std::collections::HashMap;
use std::sync::Arc;

/// In a file with fewer records, each finding is shown.
const FEWEST: usize = 3;

/// The findings that are alike: a rule's, with the same message, in the same place of their records.
type Alike = (&'static str, Severity, String, String);

#[derive(Debug, Default)]
struct Group {
    lines: usize,
    last: Option<usize>,
}

/// Keeps only the first of the findings that every record of the file has, and says there how many lines have it.
/// Fixes and baselines don't depend on it: each line still has its own findings.
#[must_use]
pub fn fold(mut listed: Vec<Listed>, verdict: &Verdict) -> Vec<Listed> {
    let is_capped = verdict.total() > listed.len();
    let records = verdict.outlook.records as usize;
    // A cap leaves out findings of other lines; the rule's total says whether every line can have the finding.
    let listed_lines = if is_capped { lines_of(&listed).saturating_sub(1).min(records) } else { records };
    if records < FEWEST || listed.len() < listed_lines {
        return listed;
    }
    let mut groups: HashMap<Alike, Group> = HashMap::new();
    for Listed { line, finding } in listed.iter().filter(|listed| !listed.finding.of_file) {
        let group = groups.entry(key(finding)).or_default();
        group.lines += usize::from(group.last.replace(*line) != Some(*line));
    }
    groups.retain(|key, group| group.lines >= listed_lines && (!is_capped || in_file(key.0, verdict) >= records));
    if groups.is_empty() {
        return listed;
    }
    listed.retain_mut(|Listed { finding, .. }| {
        let Some(group) = groups.get_mut(&key(finding)).filter(|_| !finding.of_file) else { return true };
        let is_first = group.last.take().is_some();
        if is_first {
            let lines = if is_capped { in_file(finding.rule.code, verdict) } else { group.lines };
            let finding = Arc::make_mut(finding);
            finding.stands_for_others = true;
            let end = if finding.message.trim_end_matches('"').ends_with(['.', '?', '!']) { "" } else { "." };
            finding.message = format!(
                "{}{end} {lines} lines of this file have this finding; only the first is shown.",
                finding.message
            );
        }
        is_first
    });
    listed
}

/// Whether one of these findings can stand for the other.
#[must_use]
pub fn are_alike(one: &Finding, other: &Finding) -> bool {
    key(one) == key(other)
}

fn key(finding: &Finding) -> Alike {
    let place = finding.pointer.split(|letter: char| letter.is_ascii_digit()).collect();
    (finding.rule.code, finding.severity, without_count(&finding.message), place)
}

/// A message without how often its fault is in the record.
fn without_count(message: &str) -> String {
    let count =
        message.split_once(" in this example)").and_then(|(before, after)| Some((before.rsplit_once(" (")?.0, after)));
    count.map_or_else(|| message.to_owned(), |(before, after)| [before, after].concat())
}

/// On how many lines there is a finding.
fn lines_of(listed: &[Listed]) -> usize {
    listed.chunk_by(|one, next| one.line == next.line).count()
}

/// How many findings of the rule the file has.
fn in_file(code: &str, verdict: &Verdict) -> usize {
    let of_rule = |id: &crate::rules::RuleId| id.rule().code == code;
    verdict.totals.iter().filter(|(id, ..)| of_rule(id)).map(|(.., count)| *count as usize).sum()
}
