//! Splits JSON, broken or not, into tokens. Strings may contain line breaks.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// `{` or `[`.
    Open,
    /// `}` or `]`.
    Close,
    /// `:`
    Colon,
    /// `,`
    Comma,
    /// A string with its quotes. Without a closing quote it goes on to the end of the text.
    String,
    /// `//` and the rest of the line, or a text between `/*` and `*/`.
    Comment,
    /// Anything else that isn't white space.
    Word,
}

/// A token, as a range of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its first byte.
    pub start: usize,
    /// The byte after it.
    pub end: usize,
}

impl Token {
    /// The bytes of the token.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// What is one token, in addition to the tokens of JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Syntax {
    /// A text in single quotes.
    pub single: bool,
    /// A comment.
    pub comments: bool,
}

/// The tokens of a text from the byte `from` on. O(n).
#[must_use]
pub fn tokens(text: &str, from: usize, syntax: Syntax) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        let kind = match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {
                at += 1;
                continue;
            }
            b'{' | b'[' => TokenKind::Open,
            b'}' | b']' => TokenKind::Close,
            b':' => TokenKind::Colon,
            b',' => TokenKind::Comma,
            b'"' => TokenKind::String,
            b'/' if syntax.comments && matches!(bytes.get(at + 1), Some(b'/' | b'*')) => TokenKind::Comment,
            _ => TokenKind::Word,
        };
        at = match kind {
            TokenKind::String => string_end(bytes, start + 1),
            TokenKind::Comment => comment_end(bytes, start),
            TokenKind::Word if syntax.single && byte == b'\'' => single_quoted(bytes, start).unwrap_or(start + 1),
            TokenKind::Word => {
                let is_end = |byte: &u8| b" \t\r\n{}[]:,\"".contains(byte);
                bytes[start..].iter().position(is_end).map_or(bytes.len(), |len| start + len)
            }
            _ => start + 1,
        };
        found.push(Token { kind, start, end: at });
    }
    found
}

/// The byte after the comment that begins at `start`.
fn comment_end(bytes: &[u8], start: usize) -> usize {
    if bytes.get(start + 1) == Some(&b'*') {
        let inner = bytes.get(start + 2..).unwrap_or_default();
        return memchr::memmem::find(inner, b"*/").map_or(bytes.len(), |len| start + len + 4);
    }
    memchr::memchr2(b'\n', b'\r', &bytes[start..]).map_or(bytes.len(), |len| start + len)
}

/// The byte after the string whose content begins at `at`.
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(found) = memchr::memchr2(b'"', b'\\', bytes.get(at..).unwrap_or_default()) {
        at += found;
        if bytes[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

/// The end of a text in single quotes, which ends before a punctuation mark in the same line. `None` for an apostrophe.
fn single_quoted(bytes: &[u8], start: usize) -> Option<usize> {
    let line = memchr::memchr2(b'\n', b'\r', &bytes[start..]).map_or(bytes.len(), |end| start + end);
    single_quoted_before(bytes, start, line)
}

/// The same with another place where the text must have ended.
pub(super) fn single_quoted_before(bytes: &[u8], start: usize, limit: usize) -> Option<usize> {
    let mut at = start + 1;
    while let Some(found) = memchr::memchr2(b'\'', b'\\', bytes.get(at..limit)?) {
        at += found + 1;
        if bytes[at - 1] == b'\\' {
            at += 1;
            continue;
        }
        let after = bytes[at..].iter().find(|byte| !b" \t\r\n".contains(byte));
        if after.is_none_or(|byte| b",:}]".contains(byte)) {
            return Some(at);
        }
    }
    None
}

/// Calls `piece` with each piece of a string's raw text: what stays as it is, or an escape or a line break.
pub(super) fn pieces<'a>(raw: &'a str, mut piece: impl FnMut(&'a str)) {
    let bytes = raw.as_bytes();
    let mut from = 0;
    while let Some(found) = memchr::memchr3(b'\\', b'\n', b'\r', &bytes[from..]) {
        let at = from + found;
        let end = match (bytes[at], bytes.get(at + 1)) {
            (b'\\', Some(_)) => at + 1 + raw[at + 1..].chars().next().map_or(0, char::len_utf8),
            (b'\r', Some(b'\n')) => at + 2,
            _ => at + 1,
        };
        if at > from {
            piece(&raw[from..at]);
        }
        piece(&raw[at..end]);
        from = end;
    }
    if from < raw.len() {
        piece(&raw[from..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_ends_at_its_quote_and_may_have_line_breaks() {
        let text = "{\"a\\\"b\n\": [1e5,tru], \"c";
        let found: Vec<_> = tokens(text, 0, Syntax::default()).into_iter().map(|token| &text[token.range()]).collect();
        assert_eq!(found, ["{", "\"a\\\"b\n\"", ":", "[", "1e5", ",", "tru", "]", ",", "\"c"]);
    }

    #[test]
    fn comments_end_with_their_line_or_their_mark() {
        let text = "{ // \"a\", b\n1, /* c\nd */ 2 /x";
        let found = |comments| {
            let syntax = Syntax { comments, ..Syntax::default() };
            tokens(text, 0, syntax).into_iter().map(|token| &text[token.range()]).collect::<Vec<_>>()
        };
        assert_eq!(found(true), ["{", "// \"a\", b", "1", ",", "/* c\nd */", "2", "/x"]);
        assert_eq!(found(false)[..3], ["{", "//", "\"a\""]);
    }

    #[test]
    fn pieces_are_escapes_line_breaks_and_the_text_between() {
        let mut found = Vec::new();
        pieces("a\\\\nb\\n\r\nc\\é\\", |piece| found.push(piece));
        assert_eq!(found, ["a", "\\\\", "nb", "\\n", "\r\n", "c", "\\é", "\\"]);
    }
}
