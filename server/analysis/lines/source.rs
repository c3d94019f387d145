//! The text of a file as lines and records.

use crate::analysis::lines::records::is_closed;
use crate::formats;
use crate::json::Parser;
use crate::rules::{Input, LineEnd};
use crate::text::Document;
use std::ops::Range;

/// The text of a file, line by line.
pub trait Source {
    /// The number of lines. A line end at the end of the text is followed by one more line, which is empty.
    fn line_count(&self) -> usize;
    /// The text of a line without its line end. `buffer` is scratch memory.
    fn line<'a>(&'a self, line: usize, buffer: &'a mut String) -> &'a str {
        self.record(line..line + 1, buffer).text
    }
    /// Visits lines in order, each as a record of one line, until `visit` returns false.
    fn read(&self, lines: Range<usize>, visit: &mut dyn FnMut(usize, &Input<'_>) -> bool) {
        let mut buffer = String::new();
        for line in lines.start..lines.end.min(self.line_count()) {
            if !visit(line, &self.record(line..line + 1, &mut buffer)) {
                return;
            }
        }
    }
    /// Visits records in order, each with its first line. Consecutive records of one line are read in one pass.
    fn read_records(&self, records: &[Range<usize>], visit: &mut dyn FnMut(usize, &Input<'_>)) {
        let mut buffer = String::new();
        for row in records.chunk_by(|one, next| one.len() == 1 && next.len() == 1 && one.end == next.start) {
            if let [record] = row {
                visit(record.start, &self.record(record.clone(), &mut buffer));
            } else {
                let first = row[0].start;
                self.read(first..first + row.len(), &mut |line, input| {
                    visit(line, input);
                    true
                });
            }
        }
    }
    /// These lines as one record, with the line ends between them. `buffer` is scratch memory.
    fn record<'a>(&'a self, lines: Range<usize>, buffer: &'a mut String) -> Input<'a>;
}

impl Source for Document {
    fn line_count(&self) -> usize {
        Document::line_count(self)
    }

    fn read(&self, lines: Range<usize>, visit: &mut dyn FnMut(usize, &Input<'_>) -> bool) {
        self.read_lines(lines, |line, text| {
            let (text, end) = strip_line_end(text);
            visit(line, &Input { text, end, lines: 1, first: line == 0, invalid: None })
        });
    }

    fn record<'a>(&'a self, lines: Range<usize>, buffer: &'a mut String) -> Input<'a> {
        let (first, count) = (lines.start == 0, lines.len());
        let slice = self.line_with_end(lines.start);
        let text = match slice.as_str() {
            Some(text) if count == 1 => text,
            _ if count == 1 => {
                buffer.clear();
                buffer.reserve(slice.len_bytes());
                buffer.extend(slice.chunks());
                buffer
            }
            _ => {
                *buffer = self.lines_text(lines);
                buffer
            }
        };
        let (text, end) = strip_line_end(text);
        Input { text, end, lines: count, first, invalid: None }
    }
}

/// Splits a line into its text and its end.
#[must_use]
pub fn strip_line_end(line: &str) -> (&str, LineEnd) {
    if let Some(text) = line.strip_suffix("\r\n") {
        (text, LineEnd::CrLf)
    } else if let Some(text) = line.strip_suffix('\n') {
        (text, LineEnd::Lf)
    } else if let Some(text) = line.strip_suffix('\r') {
        (text, LineEnd::Cr)
    } else {
        (line, LineEnd::Missing)
    }
}

/// Whether a line is a list of turns: an example without the object around it.
fn is_list_of_turns(text: &str) -> bool {
    let mut parser = Parser::default();
    parser.parse(text);
    let record = parser.record(text);
    record.root().is_some_and(|root| formats::list_of_turns(record, root).is_some())
}

/// Whether the file is one JSON array of objects instead of one record a line: its first token is a `[` before an
/// object, its last token is a `]`, and either the `[` is not closed on its line or nothing follows that line.
#[must_use]
pub fn is_array(source: &impl Source) -> bool {
    /// At most this many blank lines are skipped at either end, to keep this cheap.
    const MAX_BLANK: usize = 1_000;
    let (mut first_text, mut next_text, mut last_text) = (String::new(), String::new(), String::new());
    let count = source.line_count();
    let blank =
        |line: usize, buffer: &mut String| source.line(line, buffer).trim_start_matches('\u{FEFF}').trim().is_empty();
    let Some(first) = (0..count.min(MAX_BLANK)).find(|&line| !blank(line, &mut first_text)) else { return false };
    let text = source.line(first, &mut first_text).trim_start_matches('\u{FEFF}').trim();
    let Some(inside) = text.strip_prefix('[') else { return false };
    let next = inside.trim_start();
    let opens_object = if next.is_empty() {
        let next = (first + 1..count.min(first + MAX_BLANK)).find(|&line| !blank(line, &mut next_text));
        next.is_some_and(|line| source.line(line, &mut next_text).trim_start().starts_with('{'))
    } else {
        next.starts_with('{')
    };
    if !opens_object {
        return false;
    }
    let Some(last) = (first..count).rev().take(MAX_BLANK).find(|&line| !blank(line, &mut last_text)) else {
        return false;
    };
    source.line(last, &mut last_text).trim_end().ends_with(']')
        && (!is_closed(text) || (last == first && !is_list_of_turns(text)))
}
