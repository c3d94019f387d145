//! Growing a selection: from the inside of a string to its value, its member, the objects around it, and the record.

use crate::json::{Kind, NodeId, Record, Span, lexer};

/// The ranges around byte `offset` of a record, the smallest first. Each contains the one before it. The last is the
/// whole record. O(log n) plus the depth.
#[must_use]
pub fn selections(record: Record<'_>, offset: usize) -> Vec<Span> {
    let whole = Span::new(0, record.text.len());
    let mut found: Vec<Span> = Vec::new();
    let mut add = |span: Span| {
        let inside = |last: &Span| span.start <= last.start && last.end <= span.end;
        if span.touches(offset) && !span.is_empty() && span != whole && found.last().is_none_or(inside) {
            found.push(span);
        }
    };
    let mut next = record.node_at(offset);
    if let Some(key) = next.and_then(|node| record.key_span(node)).filter(|key| key.touches(offset)) {
        add(inside_string(record, key));
        add(key);
    }
    while let Some(node) = next {
        value(record, node, &mut add);
        next = record.parent(node);
    }
    found.push(whole);
    found.dedup();
    found
}

/// Adds the inside of a value, the value, and its member.
fn value(record: Record<'_>, node: NodeId, add: &mut impl FnMut(Span)) {
    let span = record.span(node);
    match record.kind(node) {
        Kind::String => add(inside_string(record, span)),
        Kind::Object | Kind::Array => add(inside_brackets(record, span)),
        _ => {}
    }
    add(span);
    if let Some(key) = record.key_span(node) {
        add(Span { start: key.start, end: span.end.max(key.end) });
    }
}

/// A string without its quotes, either of which may be missing.
fn inside_string(record: Record<'_>, span: Span) -> Span {
    let raw = record.raw(span);
    let inside = lexer::unquote(raw);
    let start = span.start() + (inside.as_ptr().addr() - raw.as_ptr().addr());
    Span::new(start, start + inside.len())
}

/// The contents of an object or array, without the white space around them.
fn inside_brackets(record: Record<'_>, span: Span) -> Span {
    let raw = record.raw(span);
    let inside = raw.strip_prefix(['{', '[']).unwrap_or(raw);
    let inside = inside.strip_suffix(['}', ']']).unwrap_or(inside);
    let start = span.end() - raw.len() + (inside.as_ptr().addr() - raw.as_ptr().addr());
    let before = inside.len() - inside.trim_start().len();
    Span::new(start + before, start + before + inside.trim().len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Parser;

    /// The texts of the ranges at the `▮`, the smallest first.
    fn selected(marked: &str) -> Vec<String> {
        let (offset, text) = (marked.find('▮').expect("a cursor"), marked.replace('▮', ""));
        let mut parser = Parser::default();
        parser.parse(&text);
        let spans = selections(parser.record(&text), offset);
        for pair in spans.windows(2) {
            assert!(pair[1].start <= pair[0].start && pair[0].end <= pair[1].end && pair[0] != pair[1], "{marked}");
        }
        assert_eq!(spans.last(), Some(&Span::new(0, text.len())));
        spans.into_iter().map(|span| text[span.range()].to_owned()).collect()
    }

    #[test]
    fn a_selection_grows_from_the_text_to_the_line() {
        assert_eq!(
            selected(r#" {"a": [1, {"b": "wo▮rd", "c": 2} ]}"#),
            [
                "word",
                r#""word""#,
                r#""b": "word""#,
                r#""b": "word", "c": 2"#,
                r#"{"b": "word", "c": 2}"#,
                r#"1, {"b": "word", "c": 2}"#,
                r#"[1, {"b": "word", "c": 2} ]"#,
                r#""a": [1, {"b": "word", "c": 2} ]"#,
                r#"{"a": [1, {"b": "word", "c": 2} ]}"#,
                r#" {"a": [1, {"b": "word", "c": 2} ]}"#,
            ]
        );
    }

    #[test]
    fn a_key_grows_to_its_member() {
        assert_eq!(selected(r#"{"k▮ey":{"a":1}}"#), ["key", r#""key""#, r#""key":{"a":1}"#, r#"{"key":{"a":1}}"#]);
        assert_eq!(selected(r#"{"a":1▮2}"#), ["12", r#""a":12"#, r#"{"a":12}"#]);
        assert_eq!(selected(r#"[ ▮ ]"#), ["[  ]"]);
        assert_eq!(selected("▮"), [""]);
    }

    #[test]
    fn broken_records_still_grow() {
        assert_eq!(selected(r#"{"a":["b▮"#), ["b", r#""b"#, r#"["b"#, r#""a":["b"#, r#"{"a":["b"#]);
        assert_eq!(selected("{a:'b▮'}"), ["b", "'b'", "a:'b'", "{a:'b'}"]);
        assert_eq!(selected(r#"{"a":▮}"#).last().map(String::as_str), Some(r#"{"a":}"#));
        let text = r#"{"a":[{"é":"\"x"},tru, 'y"]}"#;
        for cut in (0..=text.len()).filter(|cut| text.is_char_boundary(*cut)) {
            for at in (0..=cut).filter(|at| text.is_char_boundary(*at)) {
                selected(&format!("{}▮{}", &text[..at], &text[at..cut]));
            }
        }
    }
}
