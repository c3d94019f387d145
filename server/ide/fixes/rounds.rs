//! Repairs a whole file record by record, and again as long as that changes which lines form a record.

use crate::analysis::lines::records::is_closed;
use crate::analysis::lines::source::array_file;
use crate::analysis::{Analyst, Lines, Source};
use crate::formats::{self, Mark};
use crate::ide::edits::end_text;
use crate::ide::fixes::canonical;
use crate::ide::fixes::copy::{Block, Copy, Line, lines_of, lines_of_records, text_of};
use crate::ide::fixes::file::File;
use crate::ide::fixes::operations::{self, MAX_ROUNDS};
use crate::ide::fixes::repair::{Repaired, Repairer};
use crate::json::Parser;
use crate::rules::{Input, LineEnd, Verdict};
use std::collections::BTreeSet;
use std::ops::Range;

/// What the records become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// All safe fixes are applied.
    Fixed,
    /// All safe fixes are applied, and then the lines are made canonical.
    Normalized,
}

/// The blocks that repair a file. Reads the records that need repair, or all records when normalizing. Reads the whole file
/// again only if a repair may have changed which lines form a record.
pub fn repair<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, goal: Goal) -> Vec<Block> {
    let (mut blocks, mut again) = pass(file, analyst, goal);
    for _ in 1..MAX_ROUNDS {
        if !again {
            break;
        }
        let copy = Copy::of(file.source, &blocks);
        let (lines, verdict) = Lines::judged(&copy, analyst);
        let (next, more) = pass(&File { source: &copy, lines: &lines, verdict: &verdict }, analyst, goal);
        if next.is_empty() {
            break;
        }
        blocks = copy.compose(blocks, next);
        again = more;
    }
    blocks
}

/// The blocks that repair a copy.
pub fn repair_copy(copy: &Copy, analyst: &mut Analyst, goal: Goal) -> Vec<Block> {
    let (lines, verdict) = Lines::judged(copy, analyst);
    repair(&File { source: copy, lines: &lines, verdict: &verdict }, analyst, goal)
}

/// Whether safe fixes change a record other than the one at `line`. Repairs at most `max` records to find out; if others may
/// need repair, too, returns true.
pub fn changes_another<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, line: usize, max: usize) -> bool {
    if file.applies(analyst, "line-ending") && file.odd_ends().iter().any(|odd| *odd != line) {
        return true;
    }
    let mut repairer = Repairer::new(analyst, file.verdict);
    let others = repairer.candidates(file.lines).into_iter().filter(|other| *other != line);
    let mut buffer = String::new();
    others.enumerate().any(|(place, other)| {
        if place == max {
            return true;
        }
        let record = file.lines.record_at(other);
        let mut input = file.source.record(record.clone(), &mut buffer);
        input.first = record.start == 0;
        if input.invalid.is_some() {
            return false;
        }
        let repaired = repairer.record(&input);
        repaired.final_newline || !matches!(&repaired.texts[..], [text] if text == input.text)
    })
}

/// One pass over the records, and whether another pass may find more to repair.
fn pass<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, goal: Goal) -> (Vec<Block>, bool) {
    let &File { source, lines, verdict } = file;
    if verdict.array.is_some() && file.applies(analyst, "array-file") {
        return if goal == Goal::Fixed { (unwrapped(file), true) } else { (Vec::new(), false) };
    }
    let usual = file.usual_end();
    let odd: BTreeSet<usize> = if file.applies(analyst, "line-ending") { file.odd_ends() } else { BTreeSet::new() };
    let mut pass = Pass {
        repairer: Repairer::new(analyst, verdict),
        verdict,
        usual,
        goal,
        again: false,
        shows_other_format: false,
    };
    let candidates = pass.repairer.candidates(lines);
    let mut blocks = Vec::new();
    let mut buffer = String::new();
    // The end of the lines deleted at the top: the next record becomes the first.
    let mut top = 0;
    let mut visit = |line: usize| {
        let record = lines.record_at(line);
        let mut input = source.record(record.clone(), &mut buffer);
        if input.invalid.is_some() {
            return;
        }
        input.first = record.start == top;
        let is_candidate = candidates.binary_search(&line).is_ok();
        let Some(new) = pass.lines(&input, is_candidate, odd.contains(&line)) else { return };
        if !new.is_empty() {
            return blocks.push(Block { old: record, new });
        }
        if record.start == top {
            top = record.end;
        }
        delete(source, &mut blocks, record, usual);
    };
    if goal == Goal::Normalized {
        lines.records().for_each(|record| visit(record.start));
    } else {
        let all: BTreeSet<usize> = candidates.iter().chain(&odd).copied().collect();
        all.into_iter().for_each(visit);
    }
    let again = !blocks.is_empty() && (pass.again || pass.shows_other_format || starts_array(source, &blocks));
    (blocks, again)
}

/// Deletes lines after all blocks. If that deletes an LF, a line before them that ends with CR alone gets the `usual` line
/// end. Most readers know only LF, and would read that line and the next one as one line.
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
    /// Whether a line doesn't close, so that it affects the lines after it.
    again: bool,
    /// Whether a repaired record may change what the file is taken for: it shows a format that the file doesn't have yet.
    shows_other_format: bool,
}

impl Pass<'_> {
    /// The lines that a record becomes; `None` if nothing changes.
    fn lines(&mut self, input: &Input<'_>, is_candidate: bool, odd: bool) -> Option<Vec<Line>> {
        let repaired = match is_candidate {
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
        if is_candidate {
            self.look_ahead(&texts, text_is_same);
        }
        let end = match input.end {
            _ if odd => self.usual,
            LineEnd::Missing if repaired.final_newline => self.usual,
            end => end,
        };
        (!text_is_same || end != input.end).then(|| lines_of_records(&texts, self.usual, end))
    }

    /// Notes how the repaired record affects others.
    fn look_ahead(&mut self, texts: &[String], text_is_same: bool) {
        for text in texts {
            let body = bare(text);
            self.again |= body.starts_with('{') && !is_closed(body);
            if !text_is_same && !self.shows_other_format {
                let parser = &mut self.repairer.parser;
                parser.parse(text);
                let Mark::Known(kind) = formats::mark(parser.record(text)) else { continue };
                self.shows_other_format = !self.verdict.tuning || !std::ptr::eq(kind.format, self.verdict.format);
            }
        }
    }
}

/// Puts each element of the array on its own line, as one block.
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

/// Whether the repaired file may be one array that something at its top hid.
fn starts_array(source: &impl Source, blocks: &[Block]) -> bool {
    /// The array must start in this many lines.
    const TOP: usize = 1_000;
    let top = blocks.partition_point(|block| block.old.start < TOP);
    if top == 0 || array_file(source).is_some() {
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

/// A line without its byte order mark and the white space around it.
fn bare(text: &str) -> &str {
    text.trim_start_matches('\u{FEFF}').trim()
}
