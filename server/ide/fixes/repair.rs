//! Mending one record until nothing is left that can be mended safely.

use crate::analysis::line::Shown;
use crate::analysis::{Analyst, Lines};
use crate::formats::Mark;
use crate::ide::edits::{Patch, without_mark};
use crate::ide::fixes::operations;
use crate::json::{Edit, Parser};
use crate::rules::{
    self, Change, Counts, Fact, FileIndex, Finding, Fixes, Input, LineEnd, Operation, Relations, Rule, Verdict, json,
};

/// What became of a record.
#[derive(Debug, Default)]
pub struct Repaired {
    /// The records it is now, none when its line is to be deleted. One of several lines has its line
    /// ends inside.
    pub texts: Vec<String>,
    /// Whether its last line has to be ended.
    pub final_newline: bool,
}

/// Mends records of one file. Its memory is used again.
#[derive(Debug)]
pub struct Repairer<'a> {
    /// The analyst, which says what is wrong.
    pub analyst: &'a mut Analyst,
    /// For joining and splitting.
    pub parser: Parser,
    verdict: Verdict,
}

/// A file that holds every finding: so that none is passed over because the file, as it was counted, does
/// not have it yet.
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

/// What one look at a record led to.
enum Step {
    Done,
    Text { text: String, lines: usize },
    Pieces(Vec<String>),
    Delete,
}

impl<'a> Repairer<'a> {
    /// A repairer for a file of which `verdict` says whether it is a tuning file and whether it is an array.
    #[must_use]
    pub fn new(analyst: &'a mut Analyst, verdict: &Verdict) -> Self {
        let mut counts = Counts::default();
        let every = (0..Fact::count()).map(Fact::at);
        let rules = rules::all().count();
        let told = |fact: &Fact| match fact.as_finding() {
            Some((_, rule, _)) => usize::from(rule.0) < rules,
            None => matches!(fact.as_field(), Some((.., false))),
        };
        counts.add(&every.filter(told).map(|fact| (fact, 1)).collect::<Vec<_>>());
        let mark = Fact::mark(Mark::Known(verdict.format.kinds[0]));
        counts.add(&mark.filter(|_| verdict.tuning).map(|fact| (fact, 1)).into_iter().collect::<Vec<_>>());
        let verdict = Verdict::new(&Everything(counts), verdict.array, analyst.settings(), analyst.levels());
        Self { analyst, parser: Parser::default(), verdict }
    }

    /// The first lines of the records that may have something to mend, in order. Does not walk the file.
    #[must_use]
    pub fn candidates(&self, lines: &Lines) -> Vec<usize> {
        let worth = |fact: Fact| match fact.as_finding() {
            Some((_, rule, _)) => self.verdict.shown(fact).is_some() && is_mendable(rule.rule()),
            None => self.verdict.first(fact).is_some(),
        };
        let facts = (0..Fact::count()).map(Fact::at).filter(|&fact| worth(fact));
        let mut found: Vec<usize> = facts.flat_map(|fact| FileIndex::lines(lines, fact, usize::MAX)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Mends a record: joins it, splits it, and makes every safe repair, also of what is reported once per
    /// file or not at all because there is so much of it.
    pub fn record(&mut self, input: &Input<'_>) -> Repaired {
        let mut repaired = Repaired::default();
        let mut waiting = vec![(input.text.to_owned(), input.lines)];
        'pieces: while let Some((mut text, mut lines)) = waiting.pop() {
            let end = if waiting.is_empty() { input.end } else { LineEnd::Lf };
            let first = input.first && repaired.texts.is_empty();
            self.parser.parse(&text);
            for _ in 0..operations::rounds_for(self.parser.fault_count()) {
                let look = Input { text: &text, end, lines, first, invalid: None };
                match self.step(&look, &mut repaired.final_newline) {
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
                // Of the whole file.
                Operation::Unwrap | Operation::LineEnds | Operation::DeleteCopies | Operation::SetShared { .. } => {}
            }
        }
        match self.patched(input.text, &findings) {
            Some(text) => Step::Text { text, lines: input.lines },
            None => Step::Done,
        }
    }

    /// The text with the safe edits made that do not bear on each other: first those of grammar, and the
    /// others only when it is certain what belongs to what.
    fn patched(&mut self, text: &str, findings: &[Finding]) -> Option<String> {
        let certain = |finding: &Finding| finding.rule.code != "comment" || operations::is_comment(text, finding.span);
        let grammar =
            |finding: &&Finding| is_grammar(finding.rule) && certain(finding) && safe_edits(finding).next().is_some();
        let mut chosen: Vec<&Finding> = findings.iter().filter(grammar).collect();
        self.parser.parse(&without_mark(text));
        let faults = self.parser.fault_count();
        if chosen.is_empty() && !self.parser.errors().iter().any(|error| error.fault.hides_structure()) {
            chosen.extend(findings);
        }
        let mut patch = Patch::default();
        for edits in chosen.iter().flat_map(|finding| safe_edits(finding)) {
            patch.add(edits);
        }
        if patch.is_empty() {
            return None;
        }
        let next = patch.apply(text)?;
        if faults > 0 || self.parses(&next) {
            return (next != text).then_some(next);
        }
        // What parsed has to parse afterwards: the fixes one by one, without the one that breaks it.
        chosen.iter().flat_map(|finding| safe_edits(finding)).find_map(|edits| {
            let mut patch = Patch::default();
            patch.add(edits);
            patch.apply(text).filter(|next| next != text && self.parses(next))
        })
    }

    fn parses(&mut self, text: &str) -> bool {
        self.parser.parse(&without_mark(text));
        self.parser.fault_count() == 0
    }
}

/// Whether a record with a finding of this rule may have something to mend. Behind the grammar faults that
/// are reported may be others, of any kind.
fn is_mendable(rule: &'static Rule) -> bool {
    matches!(rule.fixes, Fixes::Safe | Fixes::Both) || is_grammar(rule)
}

fn is_grammar(rule: &'static Rule) -> bool {
    json::FAMILY.rules.iter().any(|other| std::ptr::eq(&raw const other.rule, rule))
}

fn safe_edits(finding: &Finding) -> impl Iterator<Item = &[Edit]> {
    finding.fixes.iter().filter(|fix| fix.safe).filter_map(|fix| match &fix.change {
        Change::Edits(edits) => Some(edits.as_slice()),
        Change::Operation(_) => None,
    })
}

fn safe_operations(findings: &[Finding]) -> impl Iterator<Item = Operation> {
    findings.iter().flat_map(|finding| &finding.fixes).filter(|fix| fix.safe).filter_map(|fix| match fix.change {
        Change::Operation(operation) => Some(operation),
        Change::Edits(_) => None,
    })
}
