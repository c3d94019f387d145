//! Splits the long segments of a file, or of one line.

use super::file::File;
use super::rewrite::{Rewritten, rewrite_records};
use crate::analysis::{Analyst, Source};
use crate::example::tokens::grouped;
use crate::ide::edits::{Excerpt, TextEdit, end_text, split_mark};
use crate::ide::shift::Refusal;
use crate::ide::split::{Cut, Longest, MAX_BYTES, MAX_PIECES};

/// Splits every segment that is longer than `longest` into pieces.
pub fn split_segments<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, longest: Longest) -> Rewritten {
    let end = end_text(file.usual_end());
    rewrite_records(file, analyst, |text, analyst| {
        let Some(cut) = Cut::of(text, longest, analyst) else { return Ok(None) };
        let refused = |reason: String| Err(Refusal::Impossible(reason));
        if text.contains(['\n', '\r']) {
            return refused("it is on several lines; `tuning-ls normalize` writes it on one".to_owned());
        }
        let count = grouped(cut.count);
        if cut.count > MAX_PIECES {
            return refused(format!("it would become {count} examples; at most {} are written", grouped(MAX_PIECES)));
        }
        if cut.is_too_large(text) {
            let (bytes, most) = (grouped(text.len() as u64), MAX_BYTES >> 20);
            return refused(format!(
                "it would become {count} examples of {bytes} bytes; at most {most} MiB are written"
            ));
        }
        Ok(cut.lines(text, analyst).map(|lines| lines.join(end)))
    })
}

/// The title of the action that splits the segment at a line, if it is longer than the limit.
pub fn split_title<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, line: usize) -> Option<String> {
    with_cut(file, analyst, line, |text, cut, analyst| {
        cut.line(text, 0, analyst)?;
        Some(format!("Split the segment into {} examples of {} each", cut.count, cut.piece.clock()))
    })
}

/// The edits that split the segment at a line.
pub fn split_segment<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, line: usize) -> Vec<TextEdit> {
    let end = end_text(file.usual_end());
    let edit = with_cut(file, analyst, line, |text, cut, analyst| {
        let lines = cut.lines(text, analyst)?.join(end);
        let excerpt = Excerpt::new(file.source, file.lines.record_at(line));
        let start = split_mark(&excerpt.text).0.len();
        excerpt.change(start..start + text.len(), &lines)
    });
    edit.into_iter().collect()
}

/// What `then` makes of the record at a line and the way to split it, if it isn't too large.
fn with_cut<S: Source, T>(
    file: &File<'_, S>,
    analyst: &mut Analyst,
    line: usize,
    then: impl FnOnce(&str, &Cut, &mut Analyst) -> Option<T>,
) -> Option<T> {
    let record = file.lines.record_at(line);
    if record.len() != 1 || file.verdict.array.is_some() {
        return None;
    }
    let longest = Longest::Limit(analyst.settings().shared(file.verdict.format).or(file.verdict.shared));
    let mut buffer = String::new();
    let input = file.source.record(record, &mut buffer);
    let text = split_mark(input.text).1;
    let cut = Cut::of(text, longest, analyst).filter(|cut| input.invalid.is_none() && !cut.is_too_large(text))?;
    then(text, &cut, analyst)
}
