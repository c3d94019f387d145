//! Walks over the records of a file.

use crate::analysis::Source;
use crate::rules::Input;
use std::ops::Range;

/// Visits the records that begin in some lines, each with its first line, until `visit` returns false. `records` are the
/// file's records of more than one line, in order. None of them may begin before the lines and end in them.
pub fn visit_records(
    source: &dyn Source,
    lines: Range<usize>,
    records: &[Range<usize>],
    visit: &mut dyn FnMut(usize, &Input<'_>) -> bool,
) {
    let first = records.partition_point(|record| record.end <= lines.start);
    let mut records = records.get(first..).unwrap_or_default().iter().peekable();
    let mut buffer = String::new();
    source.read(lines, &mut |line, input| {
        while records.next_if(|record| record.end <= line).is_some() {}
        match records.peek() {
            Some(record) if record.start == line => visit(line, &source.record((*record).clone(), &mut buffer)),
            Some(record) if record.contains(&line) => true,
            _ => visit(line, input),
        }
    });
}

/// Cuts the lines of a file into about `count` ranges of equal length, without cutting a record of several lines.
#[must_use]
pub fn ranges(lines: usize, records: &[Range<usize>], count: usize) -> Vec<Range<usize>> {
    let length = lines.div_ceil(count.max(1)).max(1);
    let (mut ranges, mut start) = (Vec::new(), 0);
    while start < lines {
        let mut end = (start + length).min(lines);
        let next = records.partition_point(|record| record.end <= end);
        if let Some(record) = records.get(next).filter(|record| record.start < end) {
            end = record.end.min(lines);
        }
        ranges.push(start..end);
        start = end;
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Document;

    fn visited(lines: Range<usize>, records: &[Range<usize>]) -> Vec<(usize, String)> {
        let document = Document::new("a\nb\nc\nd\ne", 0);
        let mut visited = Vec::new();
        visit_records(&document, lines, records, &mut |line, input| {
            visited.push((line, input.text.to_owned()));
            true
        });
        visited
    }

    #[test]
    fn a_record_of_several_lines_is_visited_once() {
        let records = [1..3, 9..11];
        let all = [(0, "a".to_owned()), (1, "b\nc".to_owned()), (3, "d".to_owned()), (4, "e".to_owned())];
        assert_eq!(visited(0..5, &records), all);
        assert_eq!(visited(1..4, &records), all[1..3]);
        assert_eq!(visited(3..9, &records), all[2..]);
    }

    #[test]
    fn ranges_cut_no_record() {
        assert_eq!(ranges(10, &[], 3), [0..4, 4..8, 8..10]);
        assert_eq!(ranges(10, &[3..7, 8..9], 3), [0..7, 7..10]);
        assert_eq!(ranges(10, &[4..5, 7..9], 3), [0..4, 4..9, 9..10]);
        assert_eq!(ranges(0, &[], 3), [0..0; 0]);
    }
}
