//! Repairs one record until no safe fix is left.

use crate::analysis::line::Shown;
use crate::analysis::{Analyst, Lines};
use crate::formats::Mark;
use crate::ide::edits::{apply_fixes, without_mark};
use crate::ide::fixes::operations;
use crate::json::{Edit, Parser};
use crate::rules::{
    self, Change, Counts, Fact, FileIndex, Finding, Fixes, Input, LineEnd, Operation, Relations, Rule, Verdict, json,
};

/// A repaired record.
#[derive(Debug, Default)]
pub struct Repaired {
    /// The records it becomes; none if its line is to be deleted. A record of several lines contains its line ends.
    pub texts: Vec<String>,
    /// Whether its last line needs a line end.
    pub final_newline: bool,
}

/// Repairs records of one file, and reuses its memory.
#[derive(Debug)]
pub struct Repairer<'a> {
    /// Finds what is wrong.
    pub analyst: &'a mut Analyst,
    /// Joins and splits.
    pub parser: Parser,
    verdict: Verdict,
}

/// A file with every finding. A repair may cause a finding that the file didn't have when it was counted.
struct Everything(Counts);

impl FileIndex for Everything {
    fn counts(&self) -> &Counts {
        &self.0
    }

    fn first(&self, _: Fact) -> Option<usize> {
        Some(0)
    }

    fn lines(&self, _: Fact, _: usize) -> Vec<usize> {
        vec![0]
    }
}

/// The result of one round.
enum Step {
    Done,
    Text { text: String, lines: usize },
    Pieces(Vec<String>),
    Delete,
}

impl<'a> Repairer<'a> {
    /// A repairer for a file with this verdict.
    pub fn new(analyst: &'a mut Analyst, verdict: &Verdict) -> Self {
        let mut counts = Counts::default();
        let every = (0..Fact::count()).map(Fact::at);
        let rules = rules::all().count();
        let told = |fact: &Fact| match fact.as_finding() {
            Some((_, rule, _)) => usize::from(rule.0) < rules,
            None => {
                let own = fact.as_own().filter(|rule| usize::from(rule.0) < rules);
                matches!(fact.as_field(), Some((.., false))) || own.is_some_and(|rule| has_safe_fixes(rule.rule()))
            }
        };
        counts.add(&every.filter(told).map(|fact| (fact, 1)).collect::<Vec<_>>());
        let mark = Fact::mark(Mark::Known(verdict.format.kinds[0]));
        counts.add(&mark.filter(|_| verdict.tuning).map(|fact| (fact, 1)).into_iter().collect::<Vec<_>>());
        let verdict = Verdict::new(&Everything(counts), verdict.array, analyst.settings(), analyst.levels());
        Self { analyst, parser: Parser::default(), verdict }
    }

    /// The first lines of the records that may need repair, in order. Doesn't walk the file.
    pub fn candidates(&self, lines: &Lines) -> Vec<usize> {
        let worth = |fact: Fact| match fact.as_finding() {
            Some((_, rule, _)) => self.verdict.shown(fact).is_some() && has_safe_fixes(rule.rule()),
            None => self.verdict.first(fact).is_some(),
        };
        let facts = (0..Fact::count()).map(Fact::at).filter(|&fact| worth(fact));
        let mut found: Vec<usize> = facts.flat_map(|fact| FileIndex::lines(lines, fact, usize::MAX)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Repairs a record: joins it, splits it, and applies every safe fix. That includes fixes of findings that are reported
    /// once per file, or not at all because there are too many.
    pub fn record(&mut self, input: &Input<'_>) -> Repaired {
        let mut repaired = Repaired::default();
        let mut waiting = vec![(input.text.to_owned(), input.lines)];
        'pieces: while let Some((mut text, mut lines)) = waiting.pop() {
            let end = if waiting.is_empty() { input.end } else { LineEnd::Lf };
            let first = input.first && repaired.texts.is_empty();
            self.parser.parse(&text);
            for _ in 0..operations::rounds_for(self.parser.fault_count()) {
                let input = Input { text: &text, end, lines, first, invalid: None };
                match self.step(&input, &mut repaired.final_newline) {
                    Step::Done => break,
                    Step::Delete => continue 'pieces,
                    Step::Text { text: next, lines: count } => (text, lines) = (next, count),
                    Step::Pieces(pieces) => {
                        waiting.extend(pieces.into_iter().rev().map(|piece| (piece, 1)));
                        continue 'pieces;
                    }
                }
            }
            repaired.texts.push(text);
        }
        repaired
    }

    fn step(&mut self, input: &Input<'_>, final_newline: &mut bool) -> Step {
        let shown = Shown { verdict: &self.verdict, line: 0, fixes: true, relations: Relations::NONE, all: true };
        let findings = self.analyst.findings(input, shown);
        for operation in safe_operations(&findings) {
            match operation {
                Operation::DeleteLine => return Step::Delete,
                Operation::FinalNewline => *final_newline = true,
                Operation::Join => {
                    if let Some(text) = operations::join(&mut self.parser, input.text) {
                        return Step::Text { text, lines: 1 };
                    }
                }
                Operation::Split => {
                    let pieces = operations::split(&mut self.parser, input.text);
                    if pieces.len() > 1 {
                        let text = |range| input.text.get(range).unwrap_or("").to_owned();
                        return Step::Pieces(pieces.into_iter().map(text).collect());
                    }
                }
                // These change the whole file.
                Operation::Unwrap | Operation::LineEnds | Operation::DeleteCopies | Operation::SetShared { .. } => {}
            }
        }
        match self.patched(input.text, &findings) {
            Some(text) => Step::Text { text, lines: input.lines },
            None => Step::Done,
        }
    }

    /// Applies safe fixes. Syntax errors come first: other fixes are applied only if the structure is certain.
    fn patched(&mut self, text: &str, findings: &[Finding]) -> Option<String> {
        let certain = |finding: &Finding| finding.rule.code != "comment" || operations::is_comment(text, finding.span);
        let syntax = findings.iter().filter(|finding| is_syntax(finding.rule) && certain(finding));
        let mut fixes: Vec<&[Edit]> = syntax.flat_map(safe_edits).collect();
        self.parser.parse(&without_mark(text));
        let faults = self.parser.fault_count();
        if fixes.is_empty() && !self.parser.errors().iter().any(|error| error.fault.hides_structure()) {
            fixes.extend(findings.iter().flat_map(safe_edits));
        }
        // A record that parses must still parse afterwards.
        apply_fixes(text, &fixes, |next| {
            self.parser.parse(&without_mark(next));
            faults > 0 || self.parser.fault_count() == 0
        })
    }
}

/// Whether a record with a finding of this rule may need repair. After a reported syntax error there may be other faults
/// of any kind.
pub(super) fn has_safe_fixes(rule: &'static Rule) -> bool {
    matches!(rule.fixes, Fixes::Safe | Fixes::Both) || is_syntax(rule)
}

fn is_syntax(rule: &'static Rule) -> bool {
    json::FAMILY.rules.iter().any(|other| std::ptr::eq(&raw const other.rule, rule))
}

fn safe_edits(finding: &Finding) -> impl Iterator<Item = &[Edit]> {
    finding.fixes.iter().filter(|fix| fix.is_safe()).filter_map(|fix| match &fix.change {
        Change::Edits(edits) => Some(edits.as_slice()),
        Change::Operation(_) => None,
    })
}

fn safe_operations(findings: &[Finding]) -> impl Iterator<Item = Operation> {
    findings.iter().flat_map(|finding| &finding.fixes).filter(|fix| fix.is_safe()).filter_map(|fix| match fix.change {
        Change::Operation(operation) => Some(operation),
        Change::Edits(_) => None,
    })
}
