//! Answers that are meant to be JSON.

use super::speaker::{is_read_by_position, targets};
use crate::example::Turn;
use crate::json::places::span_in_string;
use crate::json::tree::OTHER_ESCAPES;
use crate::json::{Fault, Kind, NodeId, Parser, Record, Span, SyntaxError, lexer};
use crate::rules::Severity::Warning;
use crate::rules::{Context, Report};
use std::borrow::Cow;

/// The backticks before and after a fenced block.
const FENCE: &str = "```";

/// How many fences of a text are tried as the end of its JSON.
const MAX_FENCES: usize = 20;

/// The first fault in a text that should be JSON: its bytes in the text, and the reason.
#[derive(Debug, PartialEq, Eq)]
struct Break {
    start: usize,
    end: usize,
    reason: String,
}

pub(super) fn broken_json_target(context: &Context<'_>, report: &mut Report<'_>) {
    // A line that is cut off cuts its answer off too.
    if context.structure_is_hidden() {
        return;
    }
    for turn in targets(context) {
        let texts = || texts(context, turn);
        // A text may continue in the next part.
        let mut is_valid_as_a_whole = None;
        for node in texts().filter(|node| may_be_json(context.raw(context.record.span(*node)))) {
            let Some(text) = fenced(context.record, node) else { continue };
            let Some(found) = break_of(&text) else { continue };
            let is_valid = || {
                let whole: String = texts().filter_map(|text| context.record.string(text)).collect();
                texts().nth(1).is_some() && break_of(&whole).is_none()
            };
            if *is_valid_as_a_whole.get_or_insert_with(is_valid)
                || is_rejected_answer(context, turn)
                || is_read_by_position(context)
            {
                continue;
            }
            let span = span_in_string(context.record, node, found.start, found.end);
            report.find(Warning, span, |finding| {
                finding
                    .says(format!("the answer isn't valid JSON: {}", found.reason))
                    .effect("The model learns to write JSON that no program can parse");
            });
        }
    }
}

/// The texts of a turn.
fn texts<'a>(context: &'a Context<'_>, turn: &Turn) -> impl Iterator<Item = NodeId> + 'a {
    let texts = context.example.parts_of(turn).iter().filter_map(|part| part.text);
    texts.filter(|text| context.record.kind(*text) == Kind::String)
}

/// Whether it is the rejected answer of a preference line, which may be broken on purpose.
fn is_rejected_answer(context: &Context<'_>, turn: &Turn) -> bool {
    let parent = context.record.node(turn.node).parent;
    let answers = &context.example.answers;
    let answer = answers.binary_search_by_key(&parent, |answer| answer.node).ok().and_then(|place| answers.get(place));
    answer.is_some_and(|answer| answer.is_rejected(context.record))
}

/// Whether a string's raw text may hold JSON: it has a fence, or begins with a bracket.
pub(super) fn may_be_json(raw: &str) -> bool {
    // The usual text begins with a letter.
    let begins_with_letter = raw.as_bytes().get(1).is_some_and(u8::is_ascii_alphanumeric);
    (!begins_with_letter && begins_with_bracket(raw)) || find_fence(raw).is_some()
}

/// Whether the inside of a string's raw text begins with a bracket, after white space.
fn begins_with_bracket(raw: &str) -> bool {
    let mut inner = raw.get(1..).unwrap_or_default();
    loop {
        let rest = inner.trim_start();
        let rest = ["\\n", "\\r", "\\t"].iter().find_map(|escape| rest.strip_prefix(escape)).unwrap_or(rest);
        if rest.len() == inner.len() {
            return inner.starts_with(['{', '[']);
        }
        inner = rest;
    }
}

/// The part of a text that decides about its [breaks](break_of), decoded: up to its last fence, unless JSON begins
/// after that.
fn fenced<'a>(record: Record<'a>, node: NodeId) -> Option<Cow<'a, str>> {
    let (raw, escapes) = (record.raw(record.span(node)), record.node(node).escapes);
    // Escapes of two letters hide no backtick.
    if escapes != OTHER_ESCAPES
        && let Some(last) = find_last_fence(raw)
        && json_label(&raw[last + FENCE.len()..]).is_none()
    {
        let inner = &raw[1..last + FENCE.len()];
        let text = if escapes == 0 { Cow::Borrowed(inner) } else { Cow::Owned(lexer::unescape(inner)) };
        if !begins_as_json(&text) {
            return Some(text);
        }
    }
    record.string(node)
}

/// The first break of a text that begins as JSON, or of a fenced block of JSON in it. `None` if there is no JSON, or
/// if it is valid.
fn break_of(text: &str) -> Option<Break> {
    if begins_as_json(text) {
        return break_of_json(text).map(|found| shifted(found, 0));
    }
    let mut at = 0;
    while let Some(fence) = find_fence(text.get(at..)?) {
        let inside = at + fence + 3;
        let Some(content) = json_fence(&text[inside..]).map(|label| inside + label) else {
            // A block in another language, or in none: skip it.
            at = inside + find_fence(&text[inside..])? + 3;
            continue;
        };
        let ends = || fences(&text[content..]).map(|end| content + end).take(MAX_FENCES);
        let holds = |end: &usize| {
            let inner = &text[content..*end];
            !inner.trim().is_empty() && break_of_json(inner).is_none()
        };
        if let Some(end) = ends().find(holds) {
            at = end + 3;
            continue;
        }
        let own_line = |end: &usize| text[..*end].trim_end_matches([' ', '\t']).ends_with('\n');
        let end = ends().find(own_line).or(ends().next()).unwrap_or(text.len());
        if text[content..end].trim().is_empty() {
            let reason = "the code block is empty".to_owned();
            return Some(Break { start: at + fence, end: content, reason });
        }
        return break_of_json(&text[content..end]).map(|found| shifted(found, content));
    }
    None
}

/// The offset of the next fence. Few texts have a backtick at all.
fn find_fence(text: &str) -> Option<usize> {
    memchr::memchr_iter(b'`', text.as_bytes()).find(|at| text[*at..].starts_with(FENCE))
}

/// The offset of the last fence.
fn find_last_fence(text: &str) -> Option<usize> {
    let ends = memchr::memrchr_iter(b'`', text.as_bytes());
    ends.map(|at| at + 1).find(|end| text[..*end].ends_with(FENCE)).map(|end| end - FENCE.len())
}

/// The offsets of all fences, without overlaps.
fn fences(text: &str) -> impl Iterator<Item = usize> {
    let mut end = 0;
    std::iter::from_fn(move || {
        let fence = end + find_fence(&text[end..])?;
        end = fence + FENCE.len();
        Some(fence)
    })
}

fn shifted(found: Break, by: usize) -> Break {
    Break { start: found.start + by, end: found.end + by, ..found }
}

/// The length of the label if the text after a fence's backticks marks the block as JSON.
fn json_fence(text: &str) -> Option<usize> {
    let label = json_label(text)?;
    let rest = text[label.len()..].trim_start_matches([' ', '\t', '\r']);
    (rest.is_empty() || rest.starts_with(['\n', '{', '['])).then_some(label.len())
}

/// The label `json` at the beginning of a text, in any letter case.
fn json_label(text: &str) -> Option<&str> {
    text.get(..4).filter(|label| label.eq_ignore_ascii_case("json"))
}

/// Whether a text begins as JSON and hardly anything else: `{` and a quote, `[` and `{`, or `[` and a quote.
fn begins_as_json(text: &str) -> bool {
    let is_quote = |letter: char| matches!(letter, '"' | '\'') || lexer::is_typographic_quote(letter);
    let text = text.trim_start();
    if let Some(rest) = text.strip_prefix('{') {
        return rest.trim_start().starts_with(is_quote);
    }
    let list = text.strip_prefix('[').map(str::trim_start);
    list.is_some_and(|rest| rest.starts_with('{') || rest.starts_with(is_quote))
}

/// The first break of a text that should be JSON or JSON Lines.
fn break_of_json(text: &str) -> Option<Break> {
    let whole = strict(text);
    if whole.is_ok() {
        return None;
    }
    let mut lines = text.split_inclusive('\n').scan(0, |start, line| {
        *start += line.len();
        Some((*start - line.len(), line))
    });
    // If the first line is a JSON value, each line has to be one.
    let first = lines.find(|(_, line)| !line.trim().is_empty())?;
    if strict(first.1).is_ok() {
        let (start, line) = lines.find(|(_, line)| !line.trim().is_empty() && strict(line).is_err())?;
        if !line.trim_start().starts_with(['{', '[']) {
            let (from, to) = (start + line.len() - line.trim_start().len(), start + line.trim_end().len());
            return Some(Break { start: from, end: to, reason: "unexpected text after the JSON".to_owned() });
        }
        return fault(line, strict(line).is_err_and(|error| error.is_eof())).map(|found| shifted(found, start));
    }
    fault(text, whole.is_err_and(|error| error.is_eof()))
}

/// Parses a text as one JSON value of any depth: the program that reads the answer may have no limit.
fn strict(text: &str) -> serde_json::Result<serde::de::IgnoredAny> {
    serde_json::from_str(text)
}

/// The first fault of a text that isn't JSON.
fn fault(text: &str, cut_off: bool) -> Option<Break> {
    let mut parser = Parser::default();
    parser.parse(text);
    let mut errors = parser.errors().iter().filter(|error| error.fault != Fault::TooDeep);
    // In a text that is cut off, an unclosed bracket is not at fault where it opens.
    let found = errors.find(|error| !cut_off || error.fault != Fault::Unclosed);
    match found {
        Some(error) => {
            let Span { start, end } = error.span;
            let (start, end) = (start as usize, end as usize);
            // Extend an empty span to the letter before it, to make it visible.
            let start = if start < end { start } else { last_letter(&text[..start.min(text.len())]) };
            Some(Break { start, end: end.max(start), reason: clause(error).into_owned() })
        }
        None if parser.fault_count() == 0 || !cut_off => None,
        None => {
            let end = text.trim_end().len();
            Some(Break { start: last_letter(&text[..end]), end, reason: "it is cut off".to_owned() })
        }
    }
}

/// The offset of the last letter of a text.
fn last_letter(text: &str) -> usize {
    text.char_indices().next_back().map_or(0, |(at, _)| at)
}

/// The parser's message about a record, worded for an answer.
fn clause(error: &SyntaxError) -> Cow<'static, str> {
    match error.fault {
        Fault::SeveralValues => "a second value follows the first".into(),
        _ if error.message.contains("record") => error.message.replace("record", "JSON").into(),
        _ => error.message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The text at the break.
    fn at(text: &str) -> Option<&str> {
        break_of(text).map(|found| &text[found.start..found.end])
    }

    #[test]
    fn json_and_prose_have_no_break() {
        for text in [
            "",
            "  ",
            "{}",
            r#"{"a": 1}"#,
            " [\n {\"a\": 1}\n]\n",
            "{\"a\":1}\n{\"a\":2}\n",
            "{\"a\":1}\n\n[1]",
            "[applause] and so on",
            "[1, 2",
            "{name} scores",
            "[]",
            "a {\"b\": ",
            "```json\n{\"a\": 1}\n```\nand ```json\n[1]\n```",
            "```json {\"a\": 1}```",
            "Here:\n```JSON\n{\"a\":\"```\"}\n```",
            "```json\n{\"a\":1}",
            "```python\n{'a': 1\n```",
            "```json5\n{a:1}\n```",
            "put it into ```json fences",
            "```",
            "```markdown\n```json\n",
        ] {
            assert_eq!(break_of(text), None, "{text}");
        }
    }

    #[test]
    fn the_text_after_the_last_fence_does_not_matter() {
        for value in [
            "",
            "no fence",
            "one ` tick",
            "{\"a\": `",
            "\n\t[1, `",
            "```json\n{\"a\": 1}\n```\nand prose",
            "```json\n{\"a\": 1,}\n```\nand prose",
            "a\n```json\n{\"a\": 1",
            "a\n```\n{\"a\": 1",
            "a\n```JSON {\"a\": 1} ``` and ```json\n[",
            "a ```json\n[1] ``` and `code`json",
            "```json\n{\"a\": \"`code`\"}",
            "```json\n{\"a\": \"`code`\"} ````",
            "\u{c}{\"a\": \"```\"}",
            "``````json\n[1",
        ] {
            breaks_alike(value);
        }
    }

    /// Checks that the fenced part of a text has the same break as the whole text.
    fn breaks_alike(value: &str) {
        let text = lexer::quote(value);
        let mut parser = Parser::default();
        parser.parse(&text);
        let found = fenced(parser.record(&text), 0).unwrap_or_default();
        assert_eq!(break_of(&found), break_of(value), "{value}");
        assert!(value.starts_with(&*found), "{value}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3_000) })]

        #[test]
        fn the_fenced_part_has_the_break_of_the_whole(value in "(`|```|json|JSON\n|\\{|\\}|\\[|\\]|\"a\"|:|1|,| |\n|\u{c}|x){0,14}") {
            breaks_alike(&value);
        }
    }

    #[test]
    fn a_break_is_found_where_it_is() {
        for (text, expected) in [
            (r#"{"a": 1"#, "1"),
            (r#"{"a": "x"#, "x"),
            ("{\"a\": [1, 2\n", "2"),
            (r#"{"a": 1,}"#, ","),
            (r#"{"a": 1 "b": 2}"#, "\""),
            (r#"{'a': 1}"#, "'a'"),
            (r#"{"a": None}"#, "None"),
            ("{\"a\":1}\n{\"a\":}", "}"),
            ("{\"a\":1}\nThat is all.", "That is all."),
            ("```json\n{\"a\": NaN}\n```", "NaN"),
            ("```json\n{\"a\": 1,\n", ","),
            ("Well:\n```json\n```", "```json"),
            ("```json\n{\"a\":1}\n```\n```json\n{\"b\":\n```", ":"),
        ] {
            assert_eq!(at(text), Some(expected), "{text}");
        }
    }
}
