//! Mending a whole file: record by record, and again as long as that changes which lines form a record.

use crate::analysis::lines::records::is_closed;
use crate::analysis::lines::source::is_array;
use crate::analysis::{Analyst, Lines, Source};
use crate::formats::{self, Mark};
use crate::ide::edits::end_text;
use crate::ide::fixes::canonical;
use crate::ide::fixes::copy::{Block, Copy, Line, lines_of, lines_of_records, text_of};
use crate::ide::fixes::file::File;
use crate::ide::fixes::operations::{self, ROUNDS};
use crate::ide::fixes::repair::{Repaired, Repairer};
use crate::json::Parser;
use crate::rules::{Input, LineEnd, Verdict};
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
pub fn mend<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, goal: Goal) -> Vec<Block> {
    let (mut blocks, mut again) = pass(file, analyst, goal);
    for _ in 1..ROUNDS {
        if !again {
            break;
        }
        let copy = Copy::of(file.source, &blocks);
        let (lines, verdict) = analyze(&copy, analyst);
        let (next, more) = pass(&File { source: &copy, lines: &lines, verdict: &verdict }, analyst, goal);
        if next.is_empty() {
            break;
        }
        blocks = copy.compose(blocks, next);
        again = more;
    }
    blocks
}

/// The blocks that mend a copy that is not yet analyzed.
pub fn mend_copy(copy: &Copy, analyst: &mut Analyst, goal: Goal) -> Vec<Block> {
    let (lines, verdict) = analyze(copy, analyst);
    mend(&File { source: copy, lines: &lines, verdict: &verdict }, analyst, goal)
}

fn analyze(copy: &Copy, analyst: &mut Analyst) -> (Lines, Verdict) {
    let mut lines = Lines::new(copy);
    lines.analyze(copy, analyst, usize::MAX);
    let verdict = lines.judge(copy, analyst);
    (lines, verdict)
}

/// One pass over the records, and whether there may be more to mend when they are looked at anew.
fn pass<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, goal: Goal) -> (Vec<Block>, bool) {
    let &File { source, lines, verdict } = file;
    if verdict.array && file.speaks(analyst, "array-file") {
        return if goal == Goal::Fixed { (unwrapped(file), true) } else { (Vec::new(), false) };
    }
    let usual = file.usual_end();
    let odd: BTreeSet<usize> = if file.speaks(analyst, "line-ending") { file.odd_ends() } else { BTreeSet::new() };
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
    fn texts(&mut self, input: &Input<'_>, mendable: bool, odd: bool) -> Option<Texts> {
        let repaired = match mendable {
            true => self.repairer.record(input),
            false => Repaired { texts: vec![input.text.to_owned()], final_newline: false },
        };
        let mut texts = repaired.texts;
        if self.goal == Goal::Normalized {
            let (analyst, tuning) = (&mut *self.repairer.analyst, self.verdict.tuning);
            if !canonical::is_wanted(analyst, input.text, tuning) {
                texts = vec![input.text.to_owned()];
            }
            canonical::normalize(analyst, &mut texts, tuning);
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
        Some(Texts { lines: lines_of_records(&texts, self.usual, end), text_is_same })
    }

    /// Notes what the mended record means for others.
    fn look_ahead(&mut self, texts: &[String], text_is_same: bool) {
        for text in texts {
            let body = bare(text);
            self.again |= body.starts_with('{') && !is_closed(body);
            if !text_is_same && !self.verdict.tuning && !self.tells {
                let parser = &mut self.repairer.parser;
                parser.parse(text);
                self.tells = matches!(formats::mark(parser.record(text)), Mark::Known(_));
            }
        }
    }
}

/// The whole file as one block: one element of its array on each line.
fn unwrapped<S: Source>(file: &File<'_, S>) -> Vec<Block> {
    let mut buffer = String::new();
    let count = file.source.line_count();
    let text = file.source.record(0..count, &mut buffer).text;
    let end = file.usual_end();
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
