//! A working copy of a file in which some lines are replaced.

use crate::analysis::Source;
use crate::analysis::lines::source::strip_line_end;
use crate::ide::edits::{end_text, line_starts};
use crate::rules::{Input, LineEnd};
use std::ops::Range;

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The text without the line end.
    pub text: String,
    /// The line end.
    pub end: LineEnd,
}

/// The lines of a text. The last line ends with `end`.
pub fn lines_of(text: &str, end: LineEnd) -> Vec<Line> {
    let starts = line_starts(text);
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let mut lines: Vec<Line> = starts
        .iter()
        .zip(ends)
        .map(|(&start, end)| {
            let (text, end) = strip_line_end(text.get(start..end).unwrap_or(""));
            Line { text: text.to_owned(), end }
        })
        .collect();
    if let Some(last) = lines.last_mut() {
        last.end = end;
    }
    lines
}

/// The lines of consecutive records. The last record ends with `last`, the others with `between`.
pub fn lines_of_records(texts: &[String], between: LineEnd, last: LineEnd) -> Vec<Line> {
    let ends = (1..=texts.len()).map(|place| if place == texts.len() { last } else { between });
    texts.iter().zip(ends).flat_map(|(text, end)| lines_of(text, end)).collect()
}

/// The text of lines, with line ends.
pub fn text_of(lines: &[Line]) -> String {
    lines.iter().flat_map(|line| [line.text.as_str(), end_text(line.end)]).collect()
}

/// Lines that are replaced by others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The replaced lines; never empty.
    pub old: Range<usize>,
    /// The new lines; empty to delete.
    pub new: Vec<Line>,
}

/// A file with some lines replaced. Each line knows the lines of the original that it comes from.
#[derive(Debug)]
pub struct Copy {
    lines: Vec<Line>,
    origins: Vec<Range<usize>>,
}

impl Copy {
    /// A copy whose original is these lines.
    pub fn new(lines: Vec<Line>) -> Self {
        let origins = (0..lines.len()).map(|line| line..line + 1).collect();
        let mut copy = Self { lines, origins };
        copy.close();
        copy
    }

    /// A copy of `source` with these blocks, which must be in order, applied. O(text).
    pub fn of(source: &impl Source, blocks: &[Block]) -> Self {
        let mut copy = Self { lines: Vec::new(), origins: Vec::new() };
        let mut buffer = String::new();
        let mut at = 0;
        let mut blocks = blocks.iter().peekable();
        while at < source.line_count() {
            if let Some(block) = blocks.next_if(|block| block.old.start <= at) {
                copy.lines.extend(block.new.iter().cloned());
                copy.origins.extend(block.new.iter().map(|_| block.old.clone()));
                at = block.old.end.max(at);
                continue;
            }
            let input = source.record(at..at + 1, &mut buffer);
            copy.lines.push(Line { text: input.text.to_owned(), end: input.end });
            copy.origins.push(at..at + 1);
            at += 1;
        }
        copy.close();
        copy
    }

    /// The text of each line, with the lines of the original that it comes from.
    pub fn lines(&self) -> impl Iterator<Item = (&str, &Range<usize>)> {
        self.lines.iter().map(|line| line.text.as_str()).zip(&self.origins)
    }

    /// Adds the empty line after a final line end.
    fn close(&mut self) {
        if self.lines.last().is_none_or(|last| last.end != LineEnd::Missing) {
            let end = self.origins.last().map_or(0, |origin| origin.end);
            self.lines.push(Line { text: String::new(), end: LineEnd::Missing });
            self.origins.push(end..end);
        }
    }

    /// Combines the blocks that this copy was made with and the blocks `next` of this copy into blocks of the original.
    pub fn compose(&self, first: Vec<Block>, next: Vec<Block>) -> Vec<Block> {
        let mut merged: Vec<(Range<usize>, Vec<Block>)> = Vec::new();
        for block in next {
            let range = self.whole_origins(block.old.clone());
            match merged.last_mut() {
                Some((known, blocks)) if range.start < known.end => {
                    known.end = known.end.max(range.end);
                    blocks.push(block);
                }
                _ => merged.push((range, vec![block])),
            }
        }
        let mut result: Vec<Block> =
            merged.into_iter().filter_map(|(range, blocks)| self.merge(range, blocks)).collect();
        let replaced = |block: &Block| {
            let at = result.partition_point(|other| other.old.end <= block.old.start);
            result.get(at).is_some_and(|other| other.old.start < block.old.end)
        };
        let kept: Vec<Block> = first.into_iter().filter(|block| !replaced(block)).collect();
        result.extend(kept);
        result.sort_by_key(|block| block.old.start);
        result
    }

    /// Widens a range to all lines that come from the same lines of the original.
    fn whole_origins(&self, range: Range<usize>) -> Range<usize> {
        let same = |a: usize, b: usize| self.origins.get(a).is_some_and(|origin| Some(origin) == self.origins.get(b));
        let (mut start, mut end) = (range.start, range.end.min(self.lines.len()));
        while start > 0 && same(start - 1, start) {
            start -= 1;
        }
        while end > start && same(end - 1, end) {
            end += 1;
        }
        start..end
    }

    /// Combines blocks inside a range of this copy into one block of the original.
    fn merge(&self, range: Range<usize>, blocks: Vec<Block>) -> Option<Block> {
        let origins = self.origins.get(range.clone())?;
        let old = origins.first()?.start..origins.last()?.end;
        let mut new = Vec::new();
        let mut at = range.start;
        for block in blocks {
            new.extend_from_slice(self.lines.get(at..block.old.start)?);
            new.extend(block.new);
            at = block.old.end;
        }
        new.extend_from_slice(self.lines.get(at..range.end)?);
        (!old.is_empty()).then_some(Block { old, new })
    }
}

impl Source for Copy {
    fn line_count(&self) -> usize {
        self.lines.len()
    }

    fn line<'a>(&'a self, line: usize, _: &'a mut String) -> &'a str {
        self.lines.get(line).map_or("", |line| &line.text)
    }

    fn record<'a>(&'a self, lines: Range<usize>, buffer: &'a mut String) -> Input<'a> {
        let (first, count) = (lines.start == 0, lines.len());
        let (text, end) = match self.lines.get(lines) {
            None | Some([]) => ("", LineEnd::Missing),
            Some([line]) => (line.text.as_str(), line.end),
            Some([before @ .., last]) => {
                *buffer = text_of(before);
                buffer.push_str(&last.text);
                (buffer.as_str(), last.end)
            }
        };
        Input { text, end, lines: count, first, invalid: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Document;

    fn block(old: Range<usize>, new: &[&str]) -> Block {
        let new = new.iter().map(|text| Line { text: (*text).to_owned(), end: LineEnd::Lf }).collect();
        Block { old, new }
    }

    fn text(source: &Copy) -> String {
        text_of(&source.lines)
    }

    #[test]
    fn blocks_of_a_copy_become_blocks_of_the_original() {
        let document = Document::new("a\nb\nc\nd\ne\n", 1);
        let first = vec![block(0..1, &[]), block(2..3, &["x", "y"]), block(4..5, &["z"])];
        let copy = Copy::of(&document, &first);
        assert_eq!(text(&copy), "b\nx\ny\nd\nz\n");
        let next = vec![block(0..1, &["B"]), block(2..4, &["Q"])];
        let expected = text(&Copy::of(&copy, &next));
        assert_eq!(expected, "B\nx\nQ\nz\n");
        let blocks = copy.compose(first, next);
        assert_eq!(text(&Copy::of(&document, &blocks)), expected);
        assert_eq!(blocks.iter().map(|block| block.old.clone()).collect::<Vec<_>>(), [0..1, 1..2, 2..4, 4..5]);
    }

    #[test]
    fn a_file_whose_last_line_is_deleted_keeps_the_line_end_before_it() {
        let document = Document::new("a\n  ", 1);
        let copy = Copy::of(&document, &[block(1..2, &[])]);
        assert_eq!((text(&copy).as_str(), copy.line_count()), ("a\n", 2));
    }
}
