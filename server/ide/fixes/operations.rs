//! The named operations on text: joining, splitting, unwrapping.

use crate::formats::{ArrayOf, array_of};
use crate::ide::edits::{apply_fixes, split_mark, without_mark};
use crate::json::{Fault, Kind, Parser, Record, Span, lexer, print, values};
use crate::schema::Means;
use std::borrow::Cow;
use std::ops::Range;

/// The most rounds of repairing a file: one repair may uncover the next fault.
pub const MAX_ROUNDS: usize = 10;

/// The most rounds of repairing a record: fixes that add to the same object take one round each.
const MAX_ROUNDS_OF_RECORD: usize = 40;

/// The most rounds for a record with this many syntax errors. Only the first 10,000 errors are listed, so more of them
/// need more rounds. Bounded, because each round costs the length of the record.
pub fn rounds_for(faults: usize) -> usize {
    MAX_ROUNDS_OF_RECORD + (faults / 5_000).min(200)
}

/// Joins a record of several lines into one line.
///
/// Syntax errors are fixed where that is safe, raw line breaks in strings become `\n`, and everything else stays. `None`
/// when the lines can't be joined: a comment can't be removed, a line break can't be escaped, or a string may end elsewhere
/// or hold other records.
pub fn join(parser: &mut Parser, text: &str) -> Option<String> {
    // The parser stops after the first value, so join each value by itself.
    let values = split(parser, text).into_iter().map(|range| join_value(parser, text.get(range)?));
    Some(values.collect::<Option<Vec<_>>>()?.join(" "))
}

fn join_value(parser: &mut Parser, text: &str) -> Option<String> {
    let (mark, body) = split_mark(text);
    let mut body = Cow::Borrowed(body);
    parser.parse(&body);
    if Parser::has_uncertain_tokens(parser.errors()) || holds_records(parser.record(&body)) {
        return None;
    }
    for _ in 0..rounds_for(parser.fault_count()) {
        parser.parse(&body);
        let certain = parser.errors().iter().filter(|it| it.fault != Fault::Comment || is_comment(&body, it.span));
        let repairs = certain.filter_map(|error| error.repair.as_ref()).filter(|repair| repair.safe);
        let fixes: Vec<_> = repairs.map(|repair| repair.edits.as_slice()).collect();
        let Some(next) = apply_fixes(&body, &fixes, |_| true) else { break };
        body = Cow::Owned(next);
    }
    parser.parse(&body);
    if parser.errors().iter().any(|error| matches!(error.fault, Fault::Comment | Fault::ControlCharacter)) {
        return None;
    }
    let joined = print::on_one_line(parser.record(&body))?;
    Some([mark, &joined].concat())
}

/// Whether a string goes on over lines that look like records of their own, because a quote is missing or wrong.
fn holds_records(record: Record<'_>) -> bool {
    let is_member = |text: &str| {
        let after_word = text.trim_start_matches(|letter: char| letter.is_alphanumeric() || letter == '_');
        text.starts_with(['"', '\'']) || (after_word != text && after_word.trim_start().starts_with(':'))
    };
    let mut strings = record.tree.nodes.iter().filter(|node| node.kind == Kind::String);
    strings.any(|node| {
        let lines: Vec<&str> = record.raw(node.span).lines().map(str::trim).collect();
        let mut after_first = lines.iter().enumerate().skip(1);
        after_first.any(|(place, line)| match line.strip_prefix('{').map(str::trim_start) {
            None => false,
            // A text may have a line with nothing but a bracket.
            Some("") => lines.get(place + 1).is_some_and(|next| is_member(next)),
            Some(inner) => is_member(inner),
        })
    })
}

/// Whether what was parsed as a comment certainly is one. In place of a value, `gs://bucket` or `#ff0000` may be a string
/// without quotes.
pub fn is_comment(text: &str, span: Span) -> bool {
    let (before, comment) = text.split_at_checked(span.start()).unwrap_or(("", ""));
    comment.starts_with("/*") || !before.trim_ascii_end().ends_with(':')
}

/// Splits a line into its [values](values::split), where a byte order mark is part of the first one.
pub fn split(parser: &mut Parser, text: &str) -> Vec<Range<usize>> {
    values::split(parser, &without_mark(text))
}

/// An element of an array, or text between elements that must be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its bytes.
    pub span: Range<usize>,
    /// The line that it becomes.
    pub line: String,
}

/// The elements of a text that is one array, as lines. Elements of several lines are joined, the others stay byte for byte.
/// The brackets, commas, white space and comments around them are dropped. The turns of one example become that example.
/// Empty if the array is a chat log, or if an element can't be joined. O(n).
pub fn unwrap(parser: &mut Parser, text: &str) -> Vec<Element> {
    let whole = without_mark(text);
    parser.parse(&whole);
    let record = parser.record(&whole);
    let Some(root) = record.root().filter(|root| record.kind(*root) == Kind::Array) else { return Vec::new() };
    let array = record.span(root);
    match array_of(record, root) {
        ArrayOf::Messages => return Vec::new(),
        ArrayOf::Turns(kind) => return as_example(record, array, kind.format.name_of(Means::Conversation)),
        ArrayOf::Objects(_) | ArrayOf::Other => {}
    }
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
        let line = if broken { join(parser, value)? } else { value.to_owned() };
        Some(Element { span, line })
    });
    elements.collect::<Option<_>>().unwrap_or_default()
}

/// The example with these turns, if nothing else is around them.
fn as_example(record: Record<'_>, turns: Span, name: &str) -> Vec<Element> {
    let around = [0..turns.start(), turns.end()..record.text.len()];
    let is_blank = |range: &Range<usize>| record.text[range.clone()].trim().is_empty();
    let list = around.iter().all(is_blank).then(|| join(&mut Parser::default(), record.raw(turns))).flatten();
    let line = list.map(|list| format!("{{\"{name}\": {list}}}"));
    line.map(|line| Element { span: turns.range(), line }).into_iter().collect()
}

/// The text between two elements that isn't white space, a comma or a comment, line by line.
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
        let begin = at;
        at = match rest {
            [b'#', ..] | [b'/', b'/', ..] => line,
            [b'/', b'*', inner @ ..] => memchr::memmem::find(inner, b"*/").map_or(bytes.len(), |end| at + end + 4),
            _ => {
                let kept = bytes[at..line].trim_ascii_end().len();
                found.push(at..at + kept);
                line
            }
        };
        // A comment; one that holds an example or a member is not dropped.
        if matches!(rest, [b'#' | b'/', ..]) && text.get(begin..at).is_some_and(lexer::holds_member) {
            found.push(begin..begin + bytes[begin..at].trim_ascii_end().len());
        }
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
    fn joining_makes_safe_fixes_and_keeps_the_rest() {
        joins("{\n \"a\": [1,\n 2,],\n}", r#"{"a":[1,2]}"#);
        joins("{ // why\n 'a': \"x\r\n y\" # so\n}", r#"{"a":"x\n y"}"#);
        joins("{\n \"a\": NaN\n \"b\": 01.50\n}", r#"{"a":NaN "b":01.50}"#);
        joins("{\n \"a\": gs://b/c,\n \"b\": 1\n}", r#"{"a":gs://b/c,"b":1}"#);
        joins("\u{FEFF}{\n}", "\u{FEFF}{}");
        joins("{ // a\n} , { // b\n'a':\n1}", "{} {\"a\":1}");
    }

    #[test]
    fn a_text_with_a_bracket_on_a_line_is_joined_and_one_with_a_record_is_not() {
        joins("{\n\"a\": \"x\n{\n.\"}", r#"{"a":"x\n{\n."}"#);
        for record in ["{\n\"b\": 1}", "{\nb: 1}", "{ 'b': 1}"] {
            assert_eq!(join(&mut Parser::default(), &format!("{{\n\"a\": “x\n{record}\n”}}")), None, "{record}");
        }
    }

    #[test]
    fn uncertain_comments_and_line_breaks_are_not_joined() {
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
    fn turns_become_one_example_and_messages_stay() {
        let turns = "\u{FEFF}[\n {\"role\": \"user\", \"parts\": []},\n {\"role\": \"model\", \"parts\": []},\n]\n";
        let line = r#"{"contents": [{"role":"user","parts":[]},{"role":"model","parts":[]}]}"#;
        assert_eq!(elements(turns), [line]);
        assert_eq!(elements("[\n{\"sender\": \"user\", \"text\": \"a\"}\n]"), Vec::<String>::new());
    }

    #[test]
    fn text_between_elements_is_not_lost() {
        assert_eq!(elements("[{} ; {}]\nrest"), ["{}", ";", "{}", "rest"]);
    }
}
