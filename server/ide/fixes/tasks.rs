//! Tasks: what an action does, and the edits that do it.

use crate::analysis::{Analyst, Source};
use crate::ide::edits::{Excerpt, Place, TextEdit, change, end_text};
use crate::ide::fixes::copy::{Block, lines_of_records, text_of};
use crate::ide::fixes::file::File;
use crate::ide::fixes::repair::Repairer;
use crate::ide::fixes::rounds::{self, Goal};
use crate::ide::fixes::{array, canonical, operations, shared};
use crate::json::{Edit, Parser, Span};
use crate::rules::{Extent, LineEnd, Operation};

/// How an action is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// These edits of the record that begins at `line`; only good for the text they were made for.
    Record {
        /// The first line of the record, 0-based.
        line: usize,
        /// What to change in it.
        edits: Vec<Edit>,
    },
    /// A named operation on the record that `line` is part of, or on the whole file.
    Operation {
        /// A line of the record, 0-based.
        line: usize,
        /// What to do.
        operation: Operation,
    },
    /// Make the record that `line` is part of canonical.
    NormalizeLine {
        /// A line of the record, 0-based.
        line: usize,
    },
    /// Make every line canonical.
    NormalizeAll,
    /// Make every safe fix.
    FixAll,
}

/// The edits of a task: in order, not overlapping, and no larger than they have to be. None when there is
/// nothing to do, or the text is not the one that the task was made for.
pub fn edits<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, task: &Task) -> Vec<TextEdit> {
    match task {
        Task::Record { line, edits } => {
            let excerpt = Excerpt::new(file.source, file.lines.record_at(*line));
            let mut edits: Vec<&Edit> = edits.iter().collect();
            edits.sort();
            edits.into_iter().map(|edit| excerpt.edit(edit)).collect::<Option<_>>().unwrap_or_default()
        }
        Task::Operation { line, operation } => operate(file, analyst, *line, *operation),
        Task::NormalizeLine { line } => normalize_line(file, analyst, *line),
        Task::NormalizeAll => normalize_all(file, analyst),
        Task::FixAll => fix_all(file, analyst),
    }
}

/// The edits that make every safe fix in the file, also of faults that are not reported because there are
/// so many: one edit a record. Made a second time there is nothing left to do.
fn fix_all<S: Source>(file: &File<'_, S>, analyst: &mut Analyst) -> Vec<TextEdit> {
    if file.verdict.array && file.speaks(analyst, "array-file") {
        return array::unwrap(file, Some(analyst));
    }
    replaced(file.source, rounds::mend(file, analyst, Goal::Fixed))
}

/// The edits that make the record at `line` canonical, after every safe fix; those of several lines are
/// joined, several on a line split. None when it is so already, is no tuning line, or belongs to a file
/// that is one array.
pub(super) fn normalize_line<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, line: usize) -> Vec<TextEdit> {
    let record = file.lines.record_at(line);
    let mut buffer = String::new();
    let input = file.source.record(record.clone(), &mut buffer);
    let tuning = file.verdict.tuning;
    if file.verdict.array || input.invalid.is_some() || !canonical::is_wanted(analyst, input.text, tuning) {
        return Vec::new();
    }
    let mut texts = Repairer::new(analyst, file.verdict).record(&input).texts;
    if texts.is_empty() {
        return Vec::new();
    }
    canonical::normalize(analyst, &mut texts, tuning);
    let new = lines_of_records(&texts, file.usual_end(), input.end);
    replaced(file.source, vec![Block { old: record, new }])
}

/// The edits that make every line canonical, after every safe fix, line ends included. None in a file that
/// is one array or no tuning file.
fn normalize_all<S: Source>(file: &File<'_, S>, analyst: &mut Analyst) -> Vec<TextEdit> {
    if file.verdict.array || !file.verdict.tuning {
        return Vec::new();
    }
    replaced(file.source, rounds::mend(file, analyst, Goal::Normalized))
}

/// The edits that put these blocks in place.
fn replaced(source: &impl Source, blocks: Vec<Block>) -> Vec<TextEdit> {
    blocks.into_iter().filter_map(|block| change(source, block.old, &text_of(&block.new))).collect()
}

fn operate<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, line: usize, operation: Operation) -> Vec<TextEdit> {
    let record = file.lines.record_at(line);
    let mut parser = Parser::default();
    match operation {
        Operation::Join => {
            let excerpt = Excerpt::new(file.source, record);
            let body = excerpt.text.trim_end_matches(['\r', '\n']).len();
            let joined = operations::join(&mut parser, &excerpt.text[..body]);
            joined.and_then(|joined| excerpt.change(0..body, &joined)).into_iter().collect()
        }
        Operation::Split => {
            let excerpt = Excerpt::new(file.source, record);
            let body = excerpt.text.trim_end_matches(['\r', '\n']).len();
            let values = operations::split(&mut parser, &excerpt.text[..body]);
            let end = end_text(file.usual_end());
            let gaps = values.windows(2).map(|pair| (pair[0].end, pair[1].start));
            let edits = gaps.map(|(start, end_of_gap)| Edit::replace(Span::new(start, end_of_gap), end));
            edits.filter_map(|edit| excerpt.edit(&edit)).collect()
        }
        Operation::Unwrap => array::unwrap(file, None),
        Operation::DeleteLine => {
            let mut blocks = Vec::new();
            rounds::delete(file.source, &mut blocks, line..line + 1, file.usual_end());
            replaced(file.source, blocks)
        }
        Operation::DeleteCopies => {
            let copies = file.lines.copies(record.start, file.source, analyst);
            copies.into_iter().filter_map(|copy| change(file.source, copy..copy + 1, "")).collect()
        }
        Operation::LineEnds => line_ends(file, line),
        Operation::FinalNewline => {
            let last = file.source.line_count().saturating_sub(1);
            let byte = file.source.line(last, &mut String::new()).len();
            let place = Place { line: last, byte };
            let text = end_text(file.usual_end()).to_owned();
            let ended = byte == 0;
            if ended { Vec::new() } else { vec![TextEdit { start: place, end: place, text }] }
        }
        Operation::SetShared { field, value, extent } => {
            let only = (extent == Extent::Line).then_some(record);
            shared::set(file, analyst, only, (field, value))
        }
    }
}

/// Ends the lines like most: the record's last line where it ends with a CR alone, else all that have
/// another end.
fn line_ends<S: Source>(file: &File<'_, S>, line: usize) -> Vec<TextEdit> {
    let usual = file.usual_end();
    let record = file.lines.record_at(line);
    let mut buffer = String::new();
    let mut end_of = |line: usize| {
        let input = file.source.record(line..line + 1, &mut buffer);
        (input.end, input.text.len())
    };
    let last = record.end - 1;
    // The finding about the whole file stands on the first record too, and asks for more.
    let mixed = record.start == 0 && file.verdict.odd_line_end.is_some();
    let lines = if end_of(last).0 == LineEnd::Cr && !mixed { last..last + 1 } else { 0..file.source.line_count() };
    let mut edits = Vec::new();
    for line in lines {
        let (end, byte) = end_of(line);
        if end != usual && end != LineEnd::Missing {
            let text = end_text(usual).to_owned();
            edits.push(TextEdit { start: Place { line, byte }, end: Place { line: line + 1, byte: 0 }, text });
        }
    }
    edits
}
