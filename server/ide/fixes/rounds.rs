//! Mending a whole file: record by record, and again as long as that changes which lines form a record.

use crate::analysis::lines::is_array;
use crate::analysis::records::is_closed;
use crate::analysis::{Analyst, Lines, Source};
use crate::ide::edits::end_text;
use crate::ide::fixes::copy::{Block, Copy, Line, lines_of, text_of};
use crate::ide::fixes::operations;
use crate::ide::fixes::repair::{ROUNDS, Repaired, Repairer};
use crate::ide::normalize;
use crate::json::Parser;
use crate::rules::{Fact, FileIndex, LineEnd, Rule, Severity, Verdict, by_code};
use crate::schema::detect::{self, Mark};
use std::collections::BTreeSet;
use std::ops::Range;

/// What is made of the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Every safe fix.
    Fixed,
    /// Every safe fix, and then the canonical line.
    Normalized,
}

/// The blocks that mend a file. Costs the records with something to mend, or all records when
/// normalizing; the whole file once more only where a repair may have changed which lines form a record.
pub fn mend(source: &impl Source, lines: &Lines, verdict: &Verdict, analyst: &mut Analyst, goal: Goal) -> Vec<Block> {
    let (mut blocks, mut again) = pass(source, lines, verdict, analyst, goal);
    for _ in 1..ROUNDS {
        if !again {
            break;
        }
        let copy = Copy::of(source, &blocks);
        let (next, more) = pass_anew(&copy, analyst, goal);
        if next.is_empty() {
            break;
        }
        blocks = copy.compose(blocks, next);
        again = more;
    }
    blocks
}

/// The blocks that mend a copy nobody has looked at yet.
pub fn mend_copy(copy: &Copy, analyst: &mut Analyst, goal: Goal) -> Vec<Block> {
    let (lines, verdict) = look_at(copy, analyst);
    mend(copy, &lines, &verdict, analyst, goal)
}

fn pass_anew(copy: &Copy, analyst: &mut Analyst, goal: Goal) -> (Vec<Block>, bool) {
    let (lines, verdict) = look_at(copy, analyst);
    pass(copy, &lines, &verdict, analyst, goal)
}

fn look_at(copy: &Copy, analyst: &mut Analyst) -> (Lines, Verdict) {
    let mut lines = Lines::new(copy);
    lines.step(copy, analyst, usize::MAX);
    let verdict = lines.verdict(copy, analyst);
    (lines, verdict)
}

/// One pass over the records, and whether there may be more to mend when they are looked at anew.
fn pass(
    source: &impl Source,
    lines: &Lines,
    verdict: &Verdict,
    analyst: &mut Analyst,
    goal: Goal,
) -> (Vec<Block>, bool) {
    if verdict.array && speaks(analyst, verdict, "array-file") {
        return if goal == Goal::Fixed { (unwrapped(source, lines, verdict), true) } else { (Vec::new(), false) };
    }
    let usual = usual_end(lines, verdict);
    let odd: BTreeSet<usize> =
        if speaks(analyst, verdict, "line-ending") { odd_ends(lines, verdict) } else { BTreeSet::new() };
    let mut pass = Pass { repairer: Repairer::new(analyst, verdict), verdict, usual, goal, again: false, tells: false };
    let candidates = pass.repairer.candidates(lines);
    let mut blocks = Vec::new();
    let mut buffer = String::new();
    // Lines deleted at the top: what follows them is the file's first record then.
    let mut top = 0;
    let mut visit = |line: usize, mendable: bool| {
        let record = lines.record_at(line);
        let mut input = source.record(record.clone(), &mut buffer);
        if input.invalid.is_some() {
            return;
        }
        input.first = record.start == top;
        let end = input.end;
        let Some(texts) = pass.texts(&input, mendable, odd.contains(&line)) else { return };
        if texts.lines.is_empty() && record.start == top {
            top = record.end;
        }
        if texts.lines.is_empty() {
            delete(source, &mut blocks, record, usual);
        } else if texts.text_is_same && record.len() > 1 {
            // Only its last line ends otherwise.
            let last = texts.lines.into_iter().next_back();
            blocks.extend(last.map(|last| Block { old: record.end - 1..record.end, new: vec![last] }));
        } else if !(texts.text_is_same && texts.lines.last().is_some_and(|last| last.end == end)) {
            blocks.push(Block { old: record, new: texts.lines });
        }
    };
    if goal == Goal::Normalized {
        for record in lines.records() {
            visit(record.start, candidates.binary_search(&record.start).is_ok());
        }
    } else {
        let all: BTreeSet<usize> = candidates.iter().copied().chain(odd.iter().copied()).collect();
        for line in all {
            visit(line, candidates.binary_search(&line).is_ok());
        }
    }
    let again = !blocks.is_empty() && (pass.again || pass.tells || begins_array(source, &blocks));
    (blocks, again)
}

/// Deletes lines that stand behind all blocks. Where an LF goes with them, a line before them that ends with CR alone
/// ends like the `usual` ones then: most readers know only LF, and would take it and the next line for one.
pub fn delete(source: &impl Source, blocks: &mut Vec<Block>, mut lines: Range<usize>, usual: LineEnd) {
    let mut buffer = String::new();
    let has_lf = matches!(source.record(lines.end - 1..lines.end, &mut buffer).end, LineEnd::Lf | LineEnd::CrLf);
    while let Some(deleted) = blocks.pop_if(|block| block.old.end == lines.start && block.new.is_empty()) {
        lines.start = deleted.old.start;
    }
    let before = lines.start.checked_sub(1).filter(|_| has_lf);
    match (before, blocks.last_mut().filter(|block| block.old.end == lines.start)) {
        (Some(_), Some(block)) => {
            if let Some(last) = block.new.last_mut().filter(|last| last.end == LineEnd::Cr) {
                last.end = usual;
            }
        }
        (Some(before), None) => {
            let input = source.record(before..lines.start, &mut buffer);
            if input.end == LineEnd::Cr && input.invalid.is_none() {
                let new = vec![Line { text: input.text.to_owned(), end: usual }];
                return blocks.push(Block { old: before..lines.end, new });
            }
        }
        (None, _) => {}
    }
    blocks.push(Block { old: lines, new: Vec::new() });
}

struct Pass<'a> {
    repairer: Repairer<'a>,
    verdict: &'a Verdict,
    usual: LineEnd,
    goal: Goal,
    /// Whether a line opens and does not close, so that it bears on those behind it.
    again: bool,
    /// Whether a record, mended, tells for the first time that this is a tuning file.
    tells: bool,
}

/// The lines that a record becomes.
struct Texts {
    lines: Vec<Line>,
    text_is_same: bool,
}

impl Pass<'_> {
    /// What becomes of a record; `None` when nothing changes.
    fn texts(&mut self, input: &crate::rules::Input<'_>, mendable: bool, odd: bool) -> Option<Texts> {
        let repaired = match mendable {
            true => self.repairer.record(input),
            false => Repaired { texts: vec![input.text.to_owned()], final_newline: false },
        };
        let mut texts = repaired.texts;
        if self.goal == Goal::Normalized {
            if !normalize::is_wanted(self.repairer.analyst, input.text, self.verdict.tuning) {
                texts = vec![input.text.to_owned()];
            }
            for text in &mut texts {
                if let Some(line) = normalize::canonical(self.repairer.analyst, text, self.verdict.tuning) {
                    *text = line;
                }
            }
        }
        let text_is_same = matches!(&texts[..], [text] if text == input.text);
        if mendable {
            self.look_ahead(&texts, text_is_same);
        }
        let end = match input.end {
            _ if odd => self.usual,
            LineEnd::Missing if repaired.final_newline => self.usual,
            end => end,
        };
        if text_is_same && end == input.end {
            return None;
        }
        let mut lines = Vec::with_capacity(texts.len());
        let count = texts.len();
        for (place, text) in texts.iter().enumerate() {
            lines.extend(lines_of(text, if place + 1 == count { end } else { self.usual }));
        }
        Some(Texts { lines, text_is_same })
    }

    /// Notes what the mended record means for others.
    fn look_ahead(&mut self, texts: &[String], text_is_same: bool) {
        for text in texts {
            let body = bare(text);
            self.again |= body.starts_with('{') && !is_closed(body);
            if !text_is_same && !self.verdict.tuning && !self.tells {
                let parser = &mut self.repairer.parser;
                parser.parse(text);
                self.tells = matches!(detect::mark(parser.record(text)), Mark::Gemini(_));
            }
        }
    }
}

/// Whether the rule is on and has a say in this file.
pub fn speaks(analyst: &Analyst, verdict: &Verdict, code: &str) -> bool {
    by_code(code).is_some_and(|rule: &'static Rule| {
        let severity = rule.severities.first().copied().unwrap_or(Severity::Error);
        verdict.speaks(rule) && analyst.levels().severity(rule.id(), severity).is_some()
    })
}

/// How new lines end: like most, and where there are as many of each, like the first.
#[must_use]
pub fn usual_end(lines: &Lines, verdict: &Verdict) -> LineEnd {
    let counts = FileIndex::counts(lines);
    let (lf, crlf) = (counts.of(Fact::ENDS_LF), counts.of(Fact::ENDS_CRLF));
    let is_crlf = match verdict.odd_line_end {
        Some((_, odd_is_crlf)) => !odd_is_crlf,
        None => crlf > lf,
    };
    if is_crlf { LineEnd::CrLf } else { LineEnd::Lf }
}

/// The records whose line ends are unlike most.
fn odd_ends(lines: &Lines, verdict: &Verdict) -> BTreeSet<usize> {
    let Some((_, odd_is_crlf)) = verdict.odd_line_end else { return BTreeSet::new() };
    let odd = if odd_is_crlf { Fact::ENDS_CRLF } else { Fact::ENDS_LF };
    FileIndex::lines(lines, odd, usize::MAX).into_iter().collect()
}

/// The whole file as one block: one element of its array on each line.
fn unwrapped(source: &impl Source, lines: &Lines, verdict: &Verdict) -> Vec<Block> {
    let mut buffer = String::new();
    let count = source.line_count();
    let text = source.record(0..count, &mut buffer).text;
    let end = usual_end(lines, verdict);
    let elements = operations::unwrap(&mut Parser::default(), text);
    let new: Vec<Line> = elements.into_iter().flat_map(|element| lines_of(&element.line, end)).collect();
    if new.is_empty() || text_of(&new) == [text, end_text(end)].concat() {
        return Vec::new();
    }
    vec![Block { old: 0..count, new }]
}

/// Whether the mended file may be one array, which something at its top had hidden.
fn begins_array(source: &impl Source, blocks: &[Block]) -> bool {
    /// Below so many lines at the top it is not looked for.
    const TOP: usize = 1_000;
    let top = blocks.partition_point(|block| block.old.start < TOP);
    if top == 0 || is_array(source) {
        return false;
    }
    let mut buffer = String::new();
    let mut line = 0;
    let mut blocks = blocks.iter().peekable();
    while line < source.line_count().min(TOP) {
        if let Some(block) = blocks.next_if(|block| block.old.start == line) {
            if let Some(text) = block.new.iter().map(|line| bare(&line.text)).find(|text| !text.is_empty()) {
                return text.starts_with('[');
            }
            line = block.old.end;
            continue;
        }
        let text = bare(source.line(line, &mut buffer));
        if !text.is_empty() {
            return text.starts_with('[');
        }
        line += 1;
    }
    false
}

/// A line without white space and byte order mark around it.
fn bare(text: &str) -> &str {
    text.trim_start_matches('\u{FEFF}').trim()
}
