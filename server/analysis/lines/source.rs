//! The text of a file as lines and records.

use crate::analysis::lines::records::is_closed;
use crate::formats::{self, ArrayOf};
use crate::json::{Kind, Parser};
use crate::rules::input::{MAX_RECORD, Unreadable};
use crate::rules::{ArrayFile, Input, LineEnd};
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
        self.read_lines(lines, |line, text| visit(line, &Input { lines: 1, first: line == 0, ..input_of(text) }));
    }

    fn record<'a>(&'a self, lines: Range<usize>, buffer: &'a mut String) -> Input<'a> {
        let (first, count) = (lines.start == 0, lines.len());
        let slice = self.line_with_end(lines.start);
        if slice.len_bytes() > MAX_RECORD {
            let end = slice.chunks().last().map_or(LineEnd::Missing, |chunk| strip_line_end(chunk).1);
            return Input { lines: count, first, ..too_long(slice.len_bytes(), end) };
        }
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
        Input { lines: count, first, ..input_of(text) }
    }
}

/// A record of one line that is not the first, given with its line end.
fn input_of(whole: &str) -> Input<'_> {
    let (text, end) = strip_line_end(whole);
    if whole.len() > MAX_RECORD {
        too_long(whole.len(), end)
    } else {
        Input { text, end, lines: 1, ..Input::default() }
    }
}

/// A record of one line that is longer than [`MAX_RECORD`], and not the first.
#[must_use]
pub fn too_long(bytes: usize, end: LineEnd) -> Input<'static> {
    Input { text: "", end, lines: 1, first: false, invalid: Some(Unreadable::TooLong { bytes }) }
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

/// What the array at the start of a text contains, if its first element is an object. Reads only the start.
fn array_at_start(text: &str) -> Option<ArrayFile> {
    const MAX_BYTES: usize = 16 << 10;
    let text = &text[..text.floor_char_boundary(MAX_BYTES)];
    let mut parser = Parser::default();
    parser.parse(text);
    let record = parser.record(text);
    let root = record.root().filter(|root| record.kind(*root) == Kind::Array)?;
    match formats::array_of(record, root) {
        ArrayOf::Turns(_) => Some(ArrayFile::Turns),
        ArrayOf::Messages => Some(ArrayFile::Messages),
        ArrayOf::Objects(_) => Some(ArrayFile::Records),
        ArrayOf::Other => None,
    }
}

/// What the file contains if it is one JSON array of objects instead of one record a line: its first token is a `[`
/// before an object, its last token is a `]`, and either the `[` is not closed on its line, or nothing follows that
/// line and it holds records. One line with the turns of an example or with a chat log is a record.
#[must_use]
pub fn array_file(source: &impl Source) -> Option<ArrayFile> {
    /// At most this many blank lines are skipped at either end, to keep this cheap.
    const MAX_BLANK: usize = 1_000;
    /// The first element must show what it is in this many lines.
    const MAX_LINES: usize = 100;
    let mut buffer = String::new();
    let count = source.line_count();
    let blank =
        |line: usize, buffer: &mut String| source.line(line, buffer).trim_start_matches('\u{FEFF}').trim().is_empty();
    let first = (0..count.min(MAX_BLANK)).find(|&line| !blank(line, &mut buffer))?;
    if !source.line(first, &mut buffer).trim_start_matches('\u{FEFF}').trim_start().starts_with('[') {
        return None;
    }
    let last = (first..count).rev().take(MAX_BLANK).find(|&line| !blank(line, &mut buffer))?;
    if !source.line(last, &mut buffer).trim_end().ends_with(']') {
        return None;
    }
    let is_closed = is_closed(source.line(first, &mut buffer));
    let lines = if is_closed { 1 } else { MAX_LINES };
    let top = source.record(first..count.min(first + lines), &mut buffer).text;
    let array = array_at_start(top.trim_start_matches('\u{FEFF}'))?;
    (!is_closed || (last == first && array == ArrayFile::Records)).then_some(array)
}
