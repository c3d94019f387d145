//! Printing a record with other white space; number text and escapes stay as they are.

use crate::json::lexer;
use crate::json::lexer::string_end;
use crate::json::tree::{Kind, Record, Span};

/// Line separators that JSON allows in strings.
const SEPARATORS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

/// The runs of white space outside strings, in order. O(n).
///
/// `text` must not have syntax errors: there, white space may separate two words, or be part of a string.
pub fn white_space(text: &str) -> impl Iterator<Item = Span> + '_ {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(&byte) = bytes.get(at) {
            if byte == b'"' {
                at = string_end(bytes, at);
            } else if lexer::is_space(byte) {
                let start = at;
                at = lexer::skip_space(bytes, at);
                return Some(Span::new(start, at));
            } else {
                at += 1;
            }
        }
        None
    })
}

/// The same JSON without white space outside strings. O(n).
///
/// `text` must not have syntax errors, as for [`white_space`].
#[must_use]
pub fn compact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut kept = 0;
    for run in white_space(text) {
        out.push_str(text.get(kept..run.start()).unwrap_or(""));
        kept = run.end();
    }
    out.push_str(text.get(kept..).unwrap_or(""));
    out
}

/// The same JSON with escapes for the line separators of Unicode, which some programs read as line breaks. `text` must not
/// have syntax errors: then they are in strings.
#[must_use]
pub fn escape_separators(text: String) -> String {
    if !text.contains(SEPARATORS) {
        return text;
    }
    SEPARATORS.iter().fold(text, |text, letter| text.replace(*letter, &format!("\\u{:04x}", u32::from(*letter))))
}

/// A record of several lines on one line, with unchanged tokens, even if it has syntax errors. White space disappears
/// next to brackets, commas and colons and becomes one space elsewhere; a line break in a string becomes `\n`. O(n).
///
/// `None` if something outside strings looks like a comment, which might comment out the rest of the line.
#[must_use]
pub fn on_one_line(record: Record<'_>) -> Option<String> {
    let text = record.text;
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for node in &record.tree.nodes {
        let string = matches!(node.kind, Kind::String | Kind::Word).then_some(node.span);
        for span in [Some(node.key()), string].into_iter().flatten().filter(|span| !span.is_empty()) {
            if span.start() < at {
                continue;
            }
            between(&mut out, text.get(at..span.start())?)?;
            separate(&mut out, text.as_bytes(), span.start());
            without_breaks(&mut out, record.raw(span));
            at = span.end();
        }
    }
    between(&mut out, text.get(at..)?)?;
    out.truncate(out.trim_end_matches(' ').len());
    Some(out)
}

/// Adds text between strings with less white space. `None` if there is a comment in it.
fn between(out: &mut String, text: &str) -> Option<()> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if lexer::is_space(byte) {
            at = lexer::skip_space(bytes, at);
            if out.as_bytes().last().is_some_and(|&last| !is_punctuation(last) && last != b' ') {
                out.push(' ');
            }
            continue;
        }
        let end = if byte == b'"' {
            // The parser does not read strings below the deepest level.
            string_end(bytes, at)
        } else {
            let ends = |&byte: &u8| byte == b'"' || lexer::is_space(byte);
            let end = bytes[at..].iter().position(ends).map_or(bytes.len(), |len| at + len);
            let token = &bytes[at..end];
            if token.contains(&b'#') || token.windows(2).any(|pair| matches!(pair, b"//" | b"/*")) {
                return None;
            }
            end
        };
        separate(out, bytes, at);
        without_breaks(out, text.get(at..end)?);
        at = end;
    }
    Some(())
}

/// Removes the space before a token that needs none.
fn separate(out: &mut String, bytes: &[u8], next: usize) {
    if out.ends_with(' ') && bytes.get(next).is_some_and(|&next| is_punctuation(next)) {
        out.pop();
    }
}

fn is_punctuation(byte: u8) -> bool {
    matches!(byte, b'{' | b'}' | b'[' | b']' | b',' | b':')
}

/// Adds text with each line break as `\n`.
fn without_breaks(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(found) = memchr::memchr2(b'\n', b'\r', rest.as_bytes()) {
        out.push_str(&rest[..found]);
        out.push_str("\\n");
        rest = &rest[found..];
        rest = rest.strip_prefix("\r\n").unwrap_or(&rest[1..]);
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Parser;

    #[test]
    fn only_white_space_outside_strings_is_removed() {
        let text = "{ \"a b\" : [ 1.50 , \"\\u0041 \\\" x\" ]\t, \"n\":1E+2 }";
        assert_eq!(compact(text), "{\"a b\":[1.50,\"\\u0041 \\\" x\"],\"n\":1E+2}");
        assert_eq!(white_space("{ \"a \" }").collect::<Vec<_>>(), [Span::new(1, 2), Span::new(6, 7)]);
        assert_eq!(compact(" \n"), "");
    }

    fn joined(text: &str) -> String {
        let mut parser = Parser::default();
        parser.parse(text);
        on_one_line(parser.record(text)).unwrap()
    }

    #[test]
    fn valid_json_is_compact_on_one_line() {
        let text = "{\n  \"a b\": [1.50, \"x\\ny\",\r\n {}, true ],\n\t\"c\":\r\n null\n}\n";
        assert_eq!(joined(text), "{\"a b\":[1.50,\"x\\ny\",{},true],\"c\":null}");
    }

    #[test]
    fn invalid_json_keeps_its_tokens_separate() {
        assert_eq!(joined("{\n \"a\" \"b\" \n 1\n 2 }"), "{\"a\" \"b\" 1 2}");
        assert_eq!(joined("{ \"a\": Hello\n world }"), "{\"a\":Hello world}");
        assert_eq!(joined("{\"a\": 'x\r\ny' }"), "{\"a\":'x\\ny'}");
    }

    #[test]
    fn lines_with_a_comment_are_not_joined() {
        let mut parser = Parser::default();
        for text in ["{ // x\n }", "{} x # y\n z", "{} gs://b/c\n x"] {
            parser.parse(text);
            assert_eq!(on_one_line(parser.record(text)), None, "{text}");
        }
    }
}
