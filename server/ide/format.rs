//! Formatting: removes white space outside strings and changes nothing else.

use crate::analysis::lines::source::array_file;
use crate::analysis::{Lines, Source};
use crate::ide::edits::{Place, TextEdit, split_mark};
use crate::json::{Parser, Span, print};
use std::ops::Range;

/// Runs of white space closer than this share an edit: many small edits cost a client more than a few that repeat some
/// text.
const NEAR: usize = 64;

/// The edits that remove white space outside strings from the records on the lines `range`.
///
/// Keys, values, their text, records and lines stay. Records with syntax errors, records of several lines, blank lines
/// and a file that is one array are left alone. O(text of these lines).
pub fn format(source: &impl Source, lines: &Lines, range: Range<usize>) -> Vec<TextEdit> {
    let mut edits = Vec::new();
    if array_file(source).is_some() {
        return edits;
    }
    let mut parser = Parser::default();
    let mut buffer = String::new();
    let mut line = range.start;
    while line < range.end.min(source.line_count()) {
        let record = lines.record_at(line);
        if record.len() == 1 {
            let input = source.record(record.clone(), &mut buffer);
            if input.invalid.is_none() {
                format_line(input.text, line, &mut parser, &mut edits);
            }
        }
        line = record.end.max(line + 1);
    }
    edits
}

fn format_line(text: &str, line: usize, parser: &mut Parser, edits: &mut Vec<TextEdit>) {
    let mut runs = print::white_space(text).peekable();
    let Some(mut group) = runs.next() else { return };
    parser.parse(if line == 0 { split_mark(text).1 } else { text });
    if parser.fault_count() > 0 {
        return;
    }
    let mut add = |group: Span| {
        let place = |byte| Place { line, byte };
        // A group starts and ends outside strings.
        let kept = text.get(group.range()).map(print::compact).unwrap_or_default();
        edits.push(TextEdit { start: place(group.start()), end: place(group.end()), text: kept });
    };
    for run in runs {
        if run.start() < group.end() + NEAR {
            group.end = run.end;
        } else {
            add(group);
            group = run;
        }
    }
    add(group);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Document;

    #[track_caller]
    fn formatted(text: &str, range: Range<usize>, expected: &[(usize, usize, usize, &str)]) {
        let document = Document::new(text, 1);
        let edits = format(&document, &Lines::new(&document), range);
        let found: Vec<_> =
            edits.iter().map(|edit| (edit.start.line, edit.start.byte, edit.end.byte, edit.text.as_str())).collect();
        assert_eq!(found, expected, "{text}");
        assert!(edits.iter().all(|edit| edit.start.line == edit.end.line));
    }

    #[test]
    fn white_space_is_removed_in_the_lines_of_the_range() {
        formatted("{ }\n [ 1 ]\t\n{\"a\": 1}", 1..2, &[(1, 0, 7, "[1]")]);
        formatted("{\"a b\":1}\n", 0..2, &[]);
        let long = "x".repeat(100);
        formatted(&format!("{{ \"a\":\"{long}\" }}"), 0..1, &[(0, 1, 2, ""), (0, 108, 109, "")]);
    }

    #[test]
    fn only_valid_records_on_one_line_are_formatted() {
        formatted("{ \"contents\": [,] }\n   \n{\n  \"contents\": []\n}\n", 0..6, &[]);
        formatted("[\n{ \"a\": 1 },\n{ \"b\": 2 }\n]\n", 0..5, &[]);
    }
}
