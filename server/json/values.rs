//! Several values on one line.

use crate::json::fault::Fault;
use crate::json::parse::Parser;
use std::ops::Range;

/// Splits a line into its values. The first range starts at the start of the line and the last one ends at its end;
/// between them are only white space, commas and comments.
pub fn split(parser: &mut Parser, text: &str) -> Vec<Range<usize>> {
    let mut values = Vec::new();
    let mut start = 0;
    while let Some((end, next)) = text.get(start..).and_then(|rest| second_value(parser, rest)) {
        values.push(start..start + end);
        start += next;
    }
    values.push(start..text.len());
    values
}

/// Where the first of several values ends and the second starts.
fn second_value(parser: &mut Parser, text: &str) -> Option<(usize, usize)> {
    // The parser balances brackets up to the end of its input. Give it less than the whole rest, or each of many broken
    // values would cost the whole line.
    let mut len = 1 << 16;
    loop {
        let part = text.get(..text.floor_char_boundary(len)).unwrap_or(text);
        parser.parse(part);
        let second = parser.errors().iter().rev().find(|error| error.fault == Fault::SeveralValues);
        if let (Some(second), Some(first)) = (second, parser.tree().nodes.first()) {
            return Some((first.span.end(), second.span.start()));
        }
        if part.len() == text.len() {
            return None;
        }
        len *= 2;
    }
}
