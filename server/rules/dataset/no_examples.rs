//! Reports a file that the user named if it has no examples.

use crate::formats::{Foreign, Mark};
use crate::rules::Severity::Warning;
use crate::rules::wording::needs_of;
use crate::rules::{Fact, FaultKind, Fixes, Judge, Row, Scope, file_row};

/// The user named a file that has no tuning example.
pub(super) const NO_EXAMPLES: Row =
    file_row("no-examples", &[Warning], Fixes::None, "a named file without a tuning example", no_examples)
        .fault(FaultKind::File)
        .scope(Scope::AnyFile);

fn no_examples(judge: &mut Judge<'_>) {
    let verdict = &judge.verdict;
    let is_judged = verdict.tuning && verdict.examples > 0;
    if !verdict.named
        || is_judged
        || has_examples_in_comments(judge)
        || has_findings(judge, "invalid-utf8")
        || (verdict.tuning && has_findings(judge, "foreign-format"))
        || judge.index().counts().marked().any(|(_, lines)| lines > 0)
    {
        return;
    }
    let foreign = |fact: Fact| match fact.as_mark() {
        Some(Mark::Foreign(foreign)) => Some(foreign),
        _ => None,
    };
    let foreign = judge.index().counts().iter().filter_map(|(fact, count)| Some((count, foreign(fact)?)));
    let is_read = |foreign: Foreign| verdict.service.also_reads.contains(&foreign.name());
    let message = match foreign.max_by_key(|(count, _)| *count) {
        Some((_, foreign)) if foreign.is_other_data() || is_read(foreign) => return,
        Some((_, foreign)) => {
            format!("no line of this file is a tuning example; most are in the {} format", foreign.name())
        }
        None if is_blank(judge) => "this file is empty; a tuning file has one example on each line".to_owned(),
        None => format!("no line of this file is a tuning example: expected {}", expected(judge)),
    };
    if let Some(finding) = judge.on_file(Warning, message) {
        finding.effect = Some("A tuning job has nothing to learn from it".to_owned());
    }
}

/// What the lines should have.
fn expected(judge: &Judge<'_>) -> String {
    let (expected, service) = (&judge.verdict.expected, judge.verdict.service);
    let needs = match expected[..] {
        [format] => format!("{} for {}", format.needs, service.title),
        _ => needs_of(expected, |_| ""),
    };
    let others = match service.also_reads {
        [] => String::new(),
        others => format!(", or one of its other formats: {}", others.join(", ")),
    };
    needs + &others
}

/// Whether comments hold examples, which has findings of its own.
fn has_examples_in_comments(judge: &Judge<'_>) -> bool {
    let is_one = |fact: Fact| fact.as_own().is_some_and(|rule| rule.rule().code == "comment");
    judge.index().counts().iter().any(|(fact, _)| is_one(fact))
}

/// Whether the file is empty or only has blank lines.
fn is_blank(judge: &Judge<'_>) -> bool {
    judge.index().counts().iter().all(|(fact, _)| {
        fact <= Fact::ENDS_CRLF || is_finding(fact, "blank-line") || is_finding(fact, "byte-order-mark")
    })
}

/// Whether the file has findings of a rule.
fn has_findings(judge: &Judge<'_>, code: &str) -> bool {
    judge.verdict.totals.iter().any(|(rule, ..)| rule.rule().code == code)
}

fn is_finding(fact: Fact, code: &str) -> bool {
    fact.as_finding().is_some_and(|(_, rule, _)| rule.rule().code == code)
}
