//! Tasks: what an action does, and the edits that do it.

use crate::analysis::{Analyst, Source};
use crate::ide::edits::{Excerpt, Place, TextEdit, change, end_text};
use crate::ide::fixes::copy::{Block, lines_of_records, text_of};
use crate::ide::fixes::file::File;
use crate::ide::fixes::repair::Repairer;
use crate::ide::fixes::rounds::{self, Goal};
use crate::ide::fixes::{array, canonical, operations, shared, split};
use crate::json::{Edit, Parser, Span};
use crate::rules::{Extent, LineEnd, Operation};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What an action does. A client keeps [deferred](Self::is_deferred) tasks and sends them back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Task {
    /// Edits of the record that starts at `line`. They only fit the text that they were made for.
    #[serde(skip)]
    Record {
        /// The first line of the record, 0-based.
        line: usize,
        /// The edits.
        edits: Vec<Edit>,
    },
    /// A named operation on the record that contains `line`, or on the whole file.
    Operation {
        /// A line of the record, 0-based.
        line: usize,
        /// The operation.
        operation: Operation,
    },
    /// Apply every safe fix to the record that contains `line`.
    #[serde(skip)]
    FixLine {
        /// A line of the record, 0-based.
        line: usize,
    },
    /// Make the record that contains `line` canonical.
    #[serde(skip)]
    NormalizeLine {
        /// A line of the record, 0-based.
        line: usize,
    },
    /// Replace lines with others. They only fit the text that they were made for.
    #[serde(skip)]
    Lines {
        /// The lines to replace, 0-based.
        lines: Range<usize>,
        /// The new text, with line ends.
        text: String,
    },
    /// Split the segment of the example at `line` into pieces.
    SplitSegment {
        /// The line, 0-based.
        line: usize,
    },
    /// Make every line canonical.
    NormalizeAll,
    /// Apply every safe fix.
    FixAll,
}

impl Task {
    /// Whether it changes lines as a whole or several records, not only values of a record.
    pub fn is_of_lines(&self) -> bool {
        match self {
            Task::Record { .. } => false,
            Task::Operation { operation: Operation::SetShared { extent, .. }, .. } => *extent != Extent::Line,
            _ => true,
        }
    }

    /// Whether its edits are made only when the action is chosen, because they need the whole file or much memory.
    pub fn is_deferred(&self) -> bool {
        match self {
            Task::NormalizeAll | Task::FixAll | Task::SplitSegment { .. } => true,
            Task::Record { .. } | Task::FixLine { .. } | Task::NormalizeLine { .. } | Task::Lines { .. } => false,
            Task::Operation { operation, .. } => match operation {
                Operation::Unwrap | Operation::LineEnds | Operation::DeleteCopies => true,
                Operation::SetShared { extent, .. } => *extent != Extent::Line,
                _ => false,
            },
        }
    }
}

/// The edits of a task: in order, not overlapping, and as small as possible. Empty if there is nothing to do, or the task
/// was made for another text.
pub fn edits<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, task: &Task) -> Vec<TextEdit> {
    match task {
        Task::Record { line, edits } => {
            let excerpt = Excerpt::new(file.source, file.lines.record_at(*line));
            let mut edits: Vec<&Edit> = edits.iter().collect();
            edits.sort();
            edits.into_iter().map(|edit| excerpt.edit(edit)).collect::<Option<_>>().unwrap_or_default()
        }
        Task::Operation { line, operation } => operate(file, analyst, *line, *operation),
        Task::FixLine { line } => fix_line(file, analyst, *line),
        Task::NormalizeLine { line } => normalize_line(file, analyst, *line),
        Task::Lines { lines, text } => change(file.source, lines.clone(), text).into_iter().collect(),
        Task::SplitSegment { line } => split::split_segment(file, analyst, *line),
        Task::NormalizeAll => normalize_all(file, analyst),
        Task::FixAll => fix_all(file, analyst),
    }
}

/// The edits that apply every safe fix in the file, one edit per record. That includes fixes of findings that aren't
/// reported because there are too many. A second time, there is nothing left to do.
fn fix_all<S: Source>(file: &File<'_, S>, analyst: &mut Analyst) -> Vec<TextEdit> {
    if file.verdict.array.is_some() && file.applies(analyst, "array-file") {
        return array::unwrap(file, Some(analyst));
    }
    replaced(file.source, rounds::repair(file, analyst, Goal::Fixed))
}

/// The edits that apply every safe fix to the record at `line`.
fn fix_line<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, line: usize) -> Vec<TextEdit> {
    let record = file.lines.record_at(line);
    let mut buffer = String::new();
    let input = file.source.record(record.clone(), &mut buffer);
    if file.verdict.array.is_some() || input.invalid.is_some() {
        return Vec::new();
    }
    let repaired = Repairer::new(analyst, file.verdict).record(&input);
    let end = if repaired.final_newline { file.usual_end() } else { input.end };
    replaced(file.source, vec![Block { old: record, new: lines_of_records(&repaired.texts, file.usual_end(), end) }])
}

/// The edits that apply every safe fix to the record at `line` and then make it canonical. Several lines are joined, and
/// several values on a line are split. Empty if nothing changes, it isn't a tuning line, or the file is one array.
pub(super) fn normalize_line<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, line: usize) -> Vec<TextEdit> {
    let record = file.lines.record_at(line);
    let mut buffer = String::new();
    let input = file.source.record(record.clone(), &mut buffer);
    let tuning = file.verdict.tuning;
    if file.verdict.array.is_some() || input.invalid.is_some() || !canonical::is_wanted(analyst, input.text, tuning) {
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

/// The edits that apply every safe fix, including line ends, and then make every line canonical. Empty if the file is one
/// array or not a tuning file.
fn normalize_all<S: Source>(file: &File<'_, S>, analyst: &mut Analyst) -> Vec<TextEdit> {
    if file.verdict.array.is_some() || !file.verdict.tuning {
        return Vec::new();
    }
    replaced(file.source, rounds::repair(file, analyst, Goal::Normalized))
}

/// The edits that apply these blocks.
fn replaced(source: &impl Source, blocks: Vec<Block>) -> Vec<TextEdit> {
    blocks.into_iter().filter_map(|block| change(source, block.old, &text_of(&block.new))).collect()
}

fn operate<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, line: usize, operation: Operation) -> Vec<TextEdit> {
    let record = file.lines.record_at(line);
    let mut parser = Parser::default();
    match operation {
        Operation::Join | Operation::Split => {
            let excerpt = Excerpt::new(file.source, record);
            let body = excerpt.text.trim_end_matches(['\r', '\n']);
            if operation == Operation::Join {
                let joined = operations::join(&mut parser, body);
                return joined.and_then(|joined| excerpt.change(0..body.len(), &joined)).into_iter().collect();
            }
            let values = operations::split(&mut parser, body);
            let end = end_text(file.usual_end());
            let gaps = values.windows(2).map(|pair| (pair[0].end, pair[1].start));
            let edits = gaps.map(|(start, end_of_gap)| Edit::replace(Span::new(start, end_of_gap), end));
            edits.filter_map(|edit| excerpt.edit(&edit)).collect()
        }
        Operation::Unwrap => array::unwrap(file, None),
        Operation::DeleteLine if file.verdict.array.is_some() => Vec::new(),
        Operation::DeleteLine => {
            let mut blocks = Vec::new();
            rounds::delete(file.source, &mut blocks, record, file.usual_end());
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
            if byte == 0 { Vec::new() } else { vec![TextEdit { start: place, end: place, text }] }
        }
        Operation::SetShared { field, value, extent } => {
            let only = (extent == Extent::Line).then_some(record);
            shared::set(file, analyst, only, (field, value))
        }
    }
}

/// Gives lines the usual line end: the last line of the record if that ends with CR alone, or else every line.
fn line_ends<S: Source>(file: &File<'_, S>, line: usize) -> Vec<TextEdit> {
    let usual = file.usual_end();
    let record = file.lines.record_at(line);
    let mut buffer = String::new();
    let mut end_of = |line: usize| {
        let input = file.source.record(line..line + 1, &mut buffer);
        (input.end, input.text.len())
    };
    let last = record.end - 1;
    // The finding about the whole file is also shown on the first record.
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
