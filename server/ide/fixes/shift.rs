//! Offers to shift the segments of an example.

use super::file::File;
use super::tasks::Task;
use crate::analysis::{Analyst, Source};
use crate::ide::edits::without_mark;
use crate::ide::shift::{Refusal, to_start};

/// The menu entries for the example at a line whose file was cut where its segment starts, each with its task, or with
/// the reason why it can't be done.
pub(super) fn to_start_actions<S: Source>(
    file: &File<'_, S>,
    analyst: &mut Analyst,
    line: usize,
) -> Vec<(String, Task, Option<String>)> {
    let record = file.lines.record_at(line);
    let (line, mut buffer) = (record.start, String::new());
    let input = file.source.record(record, &mut buffer);
    if input.invalid.is_some() {
        return Vec::new();
    }
    let entry = |(title, done): (String, Result<_, Refusal>)| match done {
        Ok(edits) => (title, Task::Record { line, edits }, None),
        Err(reason) => (title, Task::Record { line, edits: Vec::new() }, Some(reason.to_string())),
    };
    to_start(&without_mark(input.text), analyst).into_iter().map(entry).collect()
}
