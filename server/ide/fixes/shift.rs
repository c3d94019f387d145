//! Rewrites the examples of a file one by one: shifts their segments, or makes them use cut files.

use super::file::File;
use super::tasks::Task;
use crate::analysis::{Analyst, Source};
use crate::ide::edits::{Excerpt, TextEdit, split_mark, without_mark};
use crate::ide::shift::{Refusal, to_start};

/// The examples that change, and those that have to stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rewritten {
    /// The edits, in order.
    pub edits: Vec<TextEdit>,
    /// The first line of each example that stays, 0-based, and the reason.
    pub refused: Vec<(usize, Refusal)>,
}

/// Rewrites each record of a file. `rewrite` gets the text of a record, and returns the new one if it changes.
pub fn rewrite_records<S: Source>(
    file: &File<'_, S>,
    analyst: &mut Analyst,
    mut rewrite: impl FnMut(&str, &mut Analyst) -> Result<Option<String>, Refusal>,
) -> Rewritten {
    let mut rewritten = Rewritten::default();
    if !file.verdict.tuning {
        return rewritten;
    }
    if file.verdict.array.is_some() {
        let reason = "the file is one array; write one example per line first".to_owned();
        rewritten.refused.push((0, Refusal::Impossible(reason)));
        return rewritten;
    }
    let (records, mut buffer): (Vec<_>, _) = (file.lines.records().collect(), String::new());
    for record in records {
        let (line, input) = (record.start, file.source.record(record.clone(), &mut buffer));
        let (mark, body) = split_mark(input.text);
        match rewrite(body, analyst) {
            Err(reason) => rewritten.refused.push((line, reason)),
            Ok(None) => {}
            Ok(Some(_)) if input.invalid.is_some() => {
                let reason = "the line is not valid UTF-8".to_owned();
                rewritten.refused.push((line, Refusal::Impossible(reason)));
            }
            Ok(Some(new)) => {
                let bytes = mark.len()..input.text.len();
                rewritten.edits.extend(Excerpt::new(file.source, record).change(bytes, &new));
            }
        }
    }
    rewritten
}

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
