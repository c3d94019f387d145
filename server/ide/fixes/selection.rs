//! Makes examples of selected lines.

use super::file::File;
use super::tasks::Task;
use crate::analysis::Source;
use crate::ide::edits::{Excerpt, Place, end_text};
use crate::ide::paste::{self, Host};
use std::ops::Range;

/// The most bytes of a selection. An editor asks for actions whenever the selection changes.
const MAX_BYTES: usize = 1 << 20;

/// The menu entry and the task that make examples of the selected lines, if their text is in one of the notations that people paste.
pub(super) fn examples<S: Source>(file: &File<'_, S>, from: Place, to: Place) -> Option<(String, Task)> {
    if from >= to {
        return None;
    }
    // A selection that ends at the start of a line doesn't include that line.
    let lines = from.line..(to.line + usize::from(to.byte > 0)).max(from.line + 1);
    let mut buffer = String::new();
    let mut bytes = 0;
    for line in lines.clone() {
        bytes += file.source.line(line, &mut buffer).len() + 1;
        if bytes > MAX_BYTES {
            return None;
        }
    }
    let excerpt = Excerpt::new(file.source, lines.clone());
    // Lines of a dataset have fixes of their own.
    let is_line = |line: &str| line.is_empty() || (line.starts_with('{') && line.ends_with('}'));
    if excerpt.text.lines().all(|line| is_line(line.trim())) {
        return None;
    }
    let host = Host::new(file.verdict, is_blank_around(file.source, &lines))?;
    let pasted = paste::examples(&excerpt.text, &host)?;
    let end = end_text(file.usual_end());
    let last = if excerpt.text.ends_with(['\n', '\r']) { end } else { "" };
    let text = [&pasted.lines.join(end), last].concat();
    Some((pasted.title(), Task::Lines { lines, text }))
}

/// Whether all other lines are blank.
fn is_blank_around(source: &impl Source, lines: &Range<usize>) -> bool {
    let mut buffer = String::new();
    let mut others = (0..lines.start).chain(lines.end..source.line_count());
    others.all(|line| source.line(line, &mut buffer).trim().is_empty())
}
