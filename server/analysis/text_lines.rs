//! The lines of a text in one piece.

use crate::analysis::lines::Source;
use crate::rules::{Input, LineEnd};
use std::ops::Range;

/// A text and where its lines begin.
#[derive(Debug)]
pub struct TextLines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> TextLines<'a> {
    /// The lines of a text, which LF, CRLF and CR end. O(n).
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
        let ends = ends.filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'));
        let starts = std::iter::once(0).chain(ends.map(|at| at + 1)).collect();
        Self { text, starts }
    }

    fn lines(&self, lines: Range<usize>) -> &'a str {
        let start_of = |line: usize| self.starts.get(line).copied().unwrap_or(self.text.len());
        &self.text[start_of(lines.start)..start_of(lines.end)]
    }
}

/// A line's text and how it ends.
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

impl Source for TextLines<'_> {
    fn line_count(&self) -> usize {
        self.starts.len()
    }

    fn line<'a>(&'a self, line: usize, _: &'a mut String) -> &'a str {
        strip_line_end(self.lines(line..line + 1)).0
    }

    fn record<'a>(&'a self, lines: Range<usize>, _: &'a mut String) -> Input<'a> {
        let (text, end) = strip_line_end(self.lines(lines.clone()));
        Input { text, end, lines: lines.len(), first: lines.start == 0, invalid: None }
    }
}
