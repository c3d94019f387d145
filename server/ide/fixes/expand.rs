//! An example on several indented lines, and back on one line, for editors that can't show a view of it.

use super::copy::{lines_of_records, text_of};
use super::file::File;
use super::tasks::Task;
use crate::analysis::Source;
use crate::ide::view::{expanded, joined};

/// The action that writes the one-line record at a line on several lines, or a record of several lines on one. Only white
/// space between values and comments changes. A line break that was typed into a text becomes `\n`.
pub fn in_place<S: Source>(file: &File<'_, S>, line: usize) -> Option<(&'static str, Task)> {
    if !file.verdict.tuning || file.verdict.array.is_some() {
        return None;
    }
    let record = file.lines.record_at(line);
    let mut buffer = String::new();
    let input = file.source.record(record.clone(), &mut buffer);
    if input.text.trim().is_empty() || input.invalid.is_some() || input.text.starts_with('\u{FEFF}') {
        return None;
    }
    let (title, text) = match record.len() {
        1 => ("Expand this example to several lines", expanded(input.text)),
        _ => ("Collapse this example to one line", joined(input.text)),
    };
    let new = text_of(&lines_of_records(&[text], file.usual_end(), input.end));
    Some((title, Task::Lines { lines: record, text: new }))
}
