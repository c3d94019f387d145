//! Turns a file that is one array into one record per line.

use crate::analysis::{Analyst, Source};
use crate::ide::edits::{Excerpt, TextEdit, end_text, split_mark};
use crate::ide::fixes::copy::{Copy, lines_of};
use crate::ide::fixes::file::File;
use crate::ide::fixes::operations;
use crate::ide::fixes::rounds::{self, Goal};
use crate::json::Parser;
use std::ops::Range;

/// The edits that turn the array into one record per line. Each edit covers an element and the text before it. With an
/// `analyst`, the elements are fixed as well. Empty if some bytes are not UTF-8.
pub fn unwrap<S: Source>(file: &File<'_, S>, analyst: Option<&mut Analyst>) -> Vec<TextEdit> {
    let mut buffer = String::new();
    if file.source.record(0..file.source.line_count(), &mut buffer).invalid.is_some() {
        return Vec::new();
    }
    let excerpt = Excerpt::new(file.source, 0..file.source.line_count());
    let elements = operations::unwrap(&mut Parser::default(), &excerpt.text);
    if elements.is_empty() {
        return Vec::new();
    }
    let end = file.usual_end();
    // Each region ends with its element. The last region is the text after all elements.
    let ends: Vec<usize> = elements.iter().map(|element| element.span.end).collect();
    let (mark, _) = split_mark(&excerpt.text);
    let (mut lines, mut owners) = (Vec::new(), Vec::new());
    for (place, element) in elements.into_iter().enumerate() {
        let text = if place == 0 { [mark, &element.line].concat() } else { element.line };
        lines.extend(lines_of(&text, end));
        owners.resize(lines.len(), place);
    }
    let copy = Copy::new(lines);
    let blocks = analyst.map(|analyst| rounds::repair_copy(&copy, analyst, Goal::Fixed)).unwrap_or_default();
    let repaired = Copy::of(&copy, &blocks);
    // A line that comes from several elements belongs to the last one.
    let owner = |origin: &Range<usize>| owners.get(..origin.end).unwrap_or(&owners).last().copied();
    let mut lines = repaired.lines().filter(|(_, origin)| origin.start < owners.len()).peekable();
    let mut edits = Vec::new();
    let (mut from, mut gap) = (0, "");
    for (place, to) in ends.into_iter().enumerate() {
        let mut new = String::new();
        while let Some((text, _)) = lines.next_if(|(_, origin)| owner(origin) <= Some(place)) {
            new.push_str(std::mem::replace(&mut gap, end_text(end)));
            new.push_str(text);
        }
        edits.extend(excerpt.change(from..to, &new));
        from = to;
    }
    edits.extend(excerpt.change(from..excerpt.text.len(), gap));
    edits
}
