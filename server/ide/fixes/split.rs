//! Splits the long segments of a file, or of one line.

use super::copy::{lines_of_records, text_of};
use super::file::File;
use super::tasks::Task;
use crate::analysis::{Analyst, Source};
use crate::ide::edits::{TextEdit, change, split_mark};
use crate::ide::split::{Longest, Pieces, count_if_too_many, split};
use std::ops::Range;

/// The edits that split every segment that is longer than `longest` into pieces. None for a file that is one array.
pub fn split_segments<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, longest: Longest) -> Vec<TextEdit> {
    let lines = if file.verdict.tuning { file.lines.records().collect() } else { Vec::new() };
    let split = |record: Range<usize>| {
        let (text, _) = split_line(file, analyst, record.clone(), longest)?;
        change(file.source, record, &text)
    };
    lines.into_iter().filter_map(split).collect()
}

/// The lines that [`split_segments`] leaves as they are because there would be too many pieces, with their number.
pub fn too_many_pieces<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, longest: Longest) -> Vec<(usize, u64)> {
    let lines =
        if file.verdict.tuning && file.verdict.array.is_none() { file.lines.records().collect() } else { Vec::new() };
    let mut buffer = String::new();
    let mut count = |record: Range<usize>| {
        let line = record.start;
        let input = file.source.record(record, &mut buffer);
        Some((line, count_if_too_many(split_mark(input.text).1, longest, analyst)?))
    };
    lines.into_iter().filter(|record| record.len() == 1).filter_map(&mut count).collect()
}

/// The action that splits the segment at a line, if it is longer than the limit.
pub fn split_action<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, line: usize) -> Option<(String, Task)> {
    let record = file.lines.record_at(line);
    let longest = Longest::Limit(analyst.settings().shared(file.verdict.format).or(file.verdict.shared));
    let (text, Pieces { lines, length }) = split_line(file, analyst, record.clone(), longest)?;
    let title = format!("Split the segment into {} examples of {} each", lines.len(), length.clock());
    Some((title, Task::Lines { lines: record, text }))
}

/// The text of the lines that a one-line record becomes, and its pieces.
fn split_line<S: Source>(
    file: &File<'_, S>,
    analyst: &mut Analyst,
    record: Range<usize>,
    longest: Longest,
) -> Option<(String, Pieces)> {
    if record.len() != 1 || file.verdict.array.is_some() {
        return None;
    }
    let mut buffer = String::new();
    let input = file.source.record(record, &mut buffer);
    let (mark, body) = split_mark(input.text);
    let pieces = split(body, longest, analyst).filter(|_| input.invalid.is_none())?;
    let text = text_of(&lines_of_records(&pieces.lines, file.usual_end(), input.end));
    Some(([mark, &text].concat(), pieces))
}
