//! A file that is one array, as one record a line.

use crate::analysis::{Analyst, Source};
use crate::ide::edits::{Excerpt, TextEdit, end_text};
use crate::ide::fixes::copy::{Copy, Line, lines_of};
use crate::ide::fixes::file::File;
use crate::ide::fixes::operations;
use crate::ide::fixes::rounds::{self, Goal};
use crate::json::Parser;

/// The edits that turn the array into one record a line, one for what is around each element; with an
/// `analyst`, its elements are mended as well. None when some of it is not UTF-8.
pub fn unwrap<S: Source>(file: &File<'_, S>, analyst: Option<&mut Analyst>) -> Vec<TextEdit> {
    let mut buffer = String::new();
    if file.source.record(0..file.source.line_count(), &mut buffer).invalid.is_some() {
        return Vec::new();
    }
    let excerpt = Excerpt::new(file.source, 0..file.source.line_count());
    let elements = operations::unwrap(&mut Parser::default(), &excerpt.text);
    let end = file.usual_end();
    let break_text = end_text(end);
    // Each region ends with its element; the last one is what is behind all of them.
    let ends: Vec<usize> = elements.iter().map(|element| element.span.end).collect();
    let mark = if excerpt.text.starts_with('\u{FEFF}') { "\u{FEFF}" } else { "" };
    let (mut lines, mut owners) = (Vec::new(), Vec::new());
    for (place, element) in elements.into_iter().enumerate() {
        let text = if place == 0 { [mark, &element.line].concat() } else { element.line };
        // One that could not be joined still has several.
        lines.extend(lines_of(&text, end));
        owners.resize(lines.len(), place);
    }
    let copy = Copy::new(lines);
    let blocks = analyst.map(|analyst| rounds::mend_copy(&copy, analyst, Goal::Fixed)).unwrap_or_default();
    let mut blocks = blocks.into_iter().peekable();
    let mut edits = Vec::new();
    let (mut line, mut from, mut some) = (0, 0, false);
    while line < owners.len() {
        let mut new = String::new();
        loop {
            let texts = match blocks.next_if(|block| block.old.start <= line) {
                Some(block) => {
                    line = block.old.end.clamp(line + 1, owners.len());
                    block.new
                }
                None => {
                    line += 1;
                    vec![Line { text: copy.line(line - 1, &mut buffer).to_owned(), end }]
                }
            };
            for Line { text, .. } in texts {
                if std::mem::replace(&mut some, true) {
                    new.push_str(break_text);
                }
                new.push_str(&text);
            }
            if owners.get(line) != owners.get(line - 1) {
                break;
            }
        }
        let to = owners.get(line - 1).and_then(|&owner| ends.get(owner)).copied().unwrap_or(from);
        edits.extend(excerpt.change(from..to, &new));
        from = to;
    }
    edits.extend(excerpt.change(from..excerpt.text.len(), if some { break_text } else { "" }));
    edits
}
