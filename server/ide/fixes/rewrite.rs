//! Rewrites the examples of a file one by one: splits or shifts their segments, or makes them use cut files.

use super::file::File;
use crate::analysis::{Analyst, Source};
use crate::ide::edits::{Excerpt, TextEdit, split_mark};
use crate::ide::shift::Refusal;

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
