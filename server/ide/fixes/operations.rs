//! What the named operations make of a text: joining, splitting, unwrapping.

use crate::ide::edits::{Patch, without_mark};
use crate::json::{Fault, Kind, Parser, Span, lexer, print};
use std::borrow::Cow;
use std::ops::Range;

const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// So often a record, or the file, is looked at again after a repair.
pub const ROUNDS: usize = 10;

/// How often a record with so many grammar faults is looked at again: only the first 10,000 of them are
/// listed, so that one with more needs more rounds. Bounded, because each costs its length.
#[must_use]
pub fn rounds_for(faults: usize) -> usize {
    ROUNDS + (faults / 5_000).min(200)
}

/// A record of several lines on one line: grammar faults that can be mended safely are, a raw line break
/// in a string becomes `\n`, everything else stays as it stands. `None` when a comment could not be taken
/// out, or a line break not be written so, and the lines cannot be joined.
#[must_use]
pub fn join(parser: &mut Parser, text: &str) -> Option<String> {
    // Behind the end of a value nothing is read, so that each is joined by itself.
    let values = split(parser, text).into_iter().map(|range| join_value(parser, text.get(range)?));
    Some(values.collect::<Option<Vec<_>>>()?.join(" "))
}

fn join_value(parser: &mut Parser, text: &str) -> Option<String> {
    let (mark, body) = match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(body) => ("\u{FEFF}", body),
        None => ("", text),
    };
    let mut body = Cow::Borrowed(body);
    parser.parse(&body);
    for _ in 0..rounds_for(parser.fault_count()) {
        parser.parse(&body);
        let mut patch = Patch::default();
        for error in
            parser.errors().iter().filter(|error| error.fault != Fault::Comment || is_comment(&body, error.span))
        {
            if let Some(repair) = error.repair.as_ref().filter(|repair| repair.safe) {
                patch.add(&repair.edits);
            }
        }
        if patch.is_empty() {
            break;
        }
        body = Cow::Owned(patch.apply(&body)?);
    }
    parser.parse(&body);
    if parser.errors().iter().any(|error| matches!(error.fault, Fault::Comment | Fault::ControlCharacter)) {
        return None;
    }
    let joined = print::on_one_line(parser.record(&body))?;
    Some([mark, &joined].concat())
}

/// Whether what was read as a comment certainly is one. Where a value has to be, `gs://bucket` or `#ff0000`
/// may be a string without its quotes, and what follows on the line is lost with it.
#[must_use]
pub fn is_comment(text: &str, span: Span) -> bool {
    let (before, comment) = text.split_at_checked(span.start()).unwrap_or(("", ""));
    comment.starts_with("/*") || !before.trim_ascii_end().ends_with(':')
}

/// The values of a line of several, as bytes of the text. The first begins with the line, the last ends
/// with it; what is between them is white space, commas and comments.
#[must_use]
pub fn split(parser: &mut Parser, text: &str) -> Vec<Range<usize>> {
    let whole = without_mark(text);
    let mut values = Vec::new();
    let mut start = 0;
    while let Some((end, next)) = whole.get(start..).and_then(|rest| second_value(parser, rest)) {
        values.push(start..start + end);
        start += next;
    }
    values.push(start..text.len());
    values
}

/// Where the first of several values ends and the second begins.
fn second_value(parser: &mut Parser, text: &str) -> Option<(usize, usize)> {
    // The parser weighs brackets up to the end of what it is given: not all that follows, or each of many
    // broken values would cost the whole line.
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

/// An element of an array, or what is between elements and cannot be dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its bytes.
    pub span: Range<usize>,
    /// What it is as a line.
    pub line: String,
}

/// The elements of a text that is one array, as lines: those of several lines are joined, the others
/// stay byte for byte. Brackets, commas, white space and comments around them go. O(n).
#[must_use]
pub fn unwrap(parser: &mut Parser, text: &str) -> Vec<Element> {
    let whole = without_mark(text);
    parser.parse(&whole);
    let record = parser.record(&whole);
    let Some(root) = record.root().filter(|root| record.kind(*root) == Kind::Array) else { return Vec::new() };
    let array = record.span(root);
    let mut spans = Vec::new();
    let mut at = array.start() + 1;
    let mut add = |from: usize, to: usize, value: Option<Span>| {
        spans.extend(leftovers(&whole, from..to));
        spans.extend(value.filter(|value| !value.is_empty()).map(Span::range));
    };
    for child in record.children(root) {
        let span = record.span(child);
        add(at, span.start(), Some(span));
        at = at.max(span.end());
    }
    let closed = record.raw(array).ends_with(']') && array.end() > at;
    add(at, array.end() - usize::from(closed), None);
    add(array.end(), whole.len(), None);
    let elements = spans.into_iter().map(|span| {
        let value = whole.get(span.clone()).unwrap_or("");
        let broken = memchr::memchr2(b'\n', b'\r', value.as_bytes()).is_some();
        let line = if broken { join(parser, value).unwrap_or_else(|| value.to_owned()) } else { value.to_owned() };
        Element { span, line }
    });
    elements.collect()
}

/// What is neither white space nor a comma nor a comment between two elements, line by line.
fn leftovers(text: &str, gap: Range<usize>) -> Vec<Range<usize>> {
    let bytes = text.as_bytes().get(..gap.end).unwrap_or_default();
    let mut found = Vec::new();
    let mut at = gap.start;
    while let Some(&byte) = bytes.get(at) {
        if byte == b',' || lexer::is_space(byte) {
            at += 1;
            continue;
        }
        let line = memchr::memchr2(b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |end| at + end);
        let rest = &bytes[at..];
        at = match rest {
            [b'#', ..] | [b'/', b'/', ..] => line,
            [b'/', b'*', inner @ ..] => memchr::memmem::find(inner, b"*/").map_or(bytes.len(), |end| at + end + 4),
            _ => {
                let kept = bytes[at..line].trim_ascii_end().len();
                found.push(at..at + kept);
                line
            }
        };
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn joins(text: &str, expected: &str) {
        assert_eq!(join(&mut Parser::default(), text).as_deref(), Some(expected), "{text}");
    }

    #[test]
    fn joining_mends_what_is_safe_and_keeps_the_rest() {
        joins("{\n \"a\": [1,\n 2,],\n}", r#"{"a":[1,2]}"#);
        joins("{ // why\n 'a': \"x\r\n y\" # so\n}", r#"{"a":"x\n y"}"#);
        joins("{\n \"a\": NaN\n \"b\": 01.50\n}", r#"{"a":NaN "b":01.50}"#);
        joins("{\n \"a\": gs://b/c,\n \"b\": 1\n}", r#"{"a":gs://b/c,"b":1}"#);
        joins("{\n \"a\": gs://b/c,\n \"b\": 1\n}", r#"{"a":gs://b/c,"b":1}"#);
        joins("\u{FEFF}{\n}", "\u{FEFF}{}");
        joins("{ // a\n} , { // b\n'a':\n1}", "{} {\"a\":1}");
    }

    #[test]
    fn what_is_not_certain_is_not_joined() {
        for text in ["{\n\"a\": #ff0000,\n\"b\": 1}", "{\n} x // y\n z", "{\n\"a\": \"b\\\nc\"}"] {
            assert_eq!(join(&mut Parser::default(), text), None, "{text}");
        }
    }

    fn pieces(text: &str) -> Vec<&str> {
        split(&mut Parser::default(), text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn each_value_of_a_line_is_found() {
        assert_eq!(
            pieces(r#"{"a":1}{"b":2}, {"c":"}{"} /* x */ {}"#),
            [r#"{"a":1}"#, r#"{"b":2}"#, r#"{"c":"}{"}"#, "{}"]
        );
        assert_eq!(pieces(r#"{"a":1,} {"b":2}, x"#), [r#"{"a":1,}"#, r#"{"b":2}, x"#]);
        assert_eq!(pieces("\u{FEFF}{}{}"), ["\u{FEFF}{}", "{}"]);
    }

    fn elements(text: &str) -> Vec<String> {
        unwrap(&mut Parser::default(), text).into_iter().map(|element| element.line).collect()
    }

    #[test]
    fn an_array_becomes_its_elements() {
        let text = "[\n  {\"a\": 1},\n  // note\n  {\n    \"b\": [2,],\n  },\n  3, \"x\", [\n4]\n]\n";
        assert_eq!(elements(text), ["{\"a\": 1}", "{\"b\":[2]}", "3", "\"x\"", "[4]"]);
        assert_eq!(elements("[{}{}]"), ["{}", "{}"]);
        assert_eq!(elements("\u{FEFF}[{},{},]"), ["{}", "{}"]);
    }

    #[test]
    fn what_is_no_element_is_not_lost() {
        assert_eq!(elements("[{} ; {}]\nrest"), ["{}", ";", "{}", "rest"]);
    }
}
