//! Recovery from structural faults: the most likely meaning, and one fault for one mistake.

use crate::json::fault::{Fault, Repair};
use crate::json::lexer;
use crate::json::parse::{Expect, Key, MAX_DEPTH, Run};
use crate::json::tree::{Edit, Kind, Span};

impl Run<'_, '_> {
    /// Reads the first value of the record. Returns whether the parse continues.
    pub(super) fn root(&mut self) -> bool {
        let byte = self.bytes[self.at];
        let start = self.at;
        match byte {
            b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => {
                let faults = self.out.fault_count();
                self.value(Key::default());
                let word_at_fault = self.open.is_none() && self.out.fault_count() > faults && byte != b'"';
                if word_at_fault {
                    return false;
                }
                if self.open.is_none() {
                    self.trailing();
                }
                self.open.is_some()
            }
            _ if is_foreign_literal(&self.text[start..lexer::word_end(self.text, start)]) => {
                self.bare_value(Key::default());
                false
            }
            _ => {
                let end = self.junk_end(start);
                let found = shorten(&self.text[start..end]);
                let message = format!("expected `{{` at the start of the record, found `{found}`");
                self.fault(Fault::Syntax, Span::new(start, end), message, None);
                false
            }
        }
    }

    /// Something other than a key or `}` instead of a key.
    pub(super) fn irregular_key(&mut self) {
        let at = self.at;
        let byte = self.bytes[at];
        match byte {
            b',' => {
                self.at += 1;
                self.fault(
                    Fault::Syntax,
                    Span::new(at, at + 1),
                    "unexpected comma; there is no member before it",
                    None,
                );
            }
            b':' => {
                self.fault(Fault::Syntax, Span::new(at, at + 1), "missing key before `:`", None);
                self.at += 1;
                self.space();
                self.value(Key::default());
            }
            b']' | b'}' => self.mismatch(byte),
            b'{' if self.expect == Expect::Next && self.lacks_closer(b'}') => {
                self.unclosed_here("this object is not closed before the next one starts", self.comma);
                self.expect = Expect::Next;
            }
            b'{' | b'[' => {
                let end = self.balanced_end(at);
                self.at = end;
                self.expect = Expect::Separator;
                let message =
                    if byte == b'{' { "expected a key, found an object" } else { "expected a key, found an array" };
                self.fault(Fault::Syntax, Span::new(at, at + 1), message, None);
            }
            _ if self.at_foreign_quote() => {
                let key = self.foreign_string();
                self.irregular_colon(key);
            }
            _ if lexer::is_word(byte) => self.bare_key(),
            _ => self.stray("expected a key in double quotes"),
        }
    }

    /// A bare word instead of a key.
    fn bare_key(&mut self) {
        let (start, end) = (self.at, lexer::word_end(self.text, self.at));
        if end == start {
            return self.stray("expected a key in double quotes");
        }
        let after = lexer::skip_space(self.bytes, end);
        let span = Span::new(start, end);
        match self.bytes.get(after) {
            Some(b':' | b'=') => {
                let word = &self.text[span.range()];
                let (quoted, message) =
                    (lexer::quote(word), format!("the key `{}` needs double quotes", shorten(word)));
                let repair = Repair { safe: true, edits: vec![Edit::replace(span, quoted)] };
                self.fault(Fault::UnquotedKey, span, message, Some(repair));
                self.at = end;
                self.irregular_colon(Key::irregular(span));
            }
            // `role": …`: only the opening quote is missing.
            Some(b'"') if after == end && self.colon_follows(end + 1) => {
                let span = Span::new(start, end + 1);
                let repair = Repair { safe: false, edits: vec![Edit::insert(start, "\"")] };
                self.fault(Fault::Syntax, span, "missing opening quote of this key", Some(repair));
                self.out.guessed = true;
                self.at = end + 1;
                self.irregular_colon(Key::irregular(span));
            }
            _ => {
                self.at = end;
                let message = format!("expected a key and `:`, found `{}`", shorten(&self.text[span.range()]));
                self.fault(Fault::Syntax, span, message, None);
            }
        }
    }

    /// Handles what follows a key, and reads the member's value, if there is one.
    pub(super) fn irregular_colon(&mut self, key: Key) {
        self.space();
        let at = self.at;
        match self.bytes.get(at) {
            Some(b':') => {
                self.at += 1;
                self.space();
                self.value(key);
            }
            None => self.missing(key),
            Some(b'=') => {
                let end = at + if self.bytes.get(at + 1) == Some(&b'>') { 2 } else { 1 };
                let span = Span::new(at, end);
                let message = format!("expected `:` after the key, found `{}`", &self.text[span.range()]);
                self.fault(Fault::Syntax, span, message, None);
                self.at = end;
                self.space();
                self.value(key);
            }
            Some(b',' | b'}' | b']') => {
                let cut = self.out.cuts.contains(&key.span.start());
                if !cut {
                    self.fault(Fault::Syntax, key.span, "this key has no value", None);
                }
                self.missing(key);
            }
            Some(&byte) => {
                if self.broken_key(key) {
                    return;
                }
                if lexer::is_word(byte) || matches!(byte, b'"' | b'{' | b'[' | b'\'') {
                    let repair = Repair { safe: false, edits: vec![Edit::insert(key.span.end(), ":")] };
                    let message = "missing `:` between the key and its value";
                    self.fault(Fault::Syntax, self.letter(at), message, Some(repair));
                    self.value(key);
                } else {
                    self.strays("expected `:` after the key", b":=");
                    self.irregular_colon(key);
                }
            }
        }
    }

    /// Adds a member or element without a value.
    fn missing(&mut self, key: Key) {
        let at = if key.span.is_empty() { self.at } else { self.at.max(key.span.end()) };
        self.leaf(Kind::Missing, Span::new(at, at), false, key);
    }

    /// Something other than a JSON value instead of a value.
    pub(super) fn irregular_value(&mut self, key: Key) {
        let at = self.at;
        let Some(&byte) = self.bytes.get(at) else {
            if !key.span.is_empty() {
                self.missing(key);
            }
            return;
        };
        match byte {
            b',' | b'}' | b']' => {
                let span = Span::new(at, at + 1);
                if !key.span.is_empty() {
                    let message = format!("expected a value after the key, found `{}`", byte as char);
                    self.fault(Fault::Syntax, span, message, None);
                    self.missing(key);
                } else if byte == b',' {
                    self.at += 1;
                    self.fault(Fault::Syntax, span, "unexpected comma; there is no value before it", None);
                } else {
                    self.mismatch(byte);
                }
            }
            _ if self.at_foreign_quote() => {
                let string = self.foreign_string();
                self.leaf(Kind::String, string.span, true, key);
            }
            _ if lexer::is_word(byte) && lexer::word_end(self.text, at) > at => self.bare_value(key),
            _ => {
                let message = "expected a value";
                if self.open.is_none() || key.span.is_empty() {
                    return self.stray(message);
                }
                self.strays(message, b"");
                self.value(key);
            }
        }
    }

    /// A word that is not a JSON value.
    fn bare_value(&mut self, key: Key) {
        let start = self.at;
        let end = lexer::word_end(self.text, start);
        let word = &self.text[start..end];
        if self.text[end..].starts_with("://") {
            return self.bare_location(key);
        }
        let stop = |byte: &u8| matches!(byte, b'"' | b',' | b'}' | b']' | b':' | b'\n' | b'{' | b'[');
        let bound = self.bytes[end..].iter().position(stop).map_or(self.bytes.len(), |found| end + found);
        if self.bytes.get(bound) == Some(&b'"') && self.value_may_end(bound + 1) {
            let span = Span::new(start, bound + 1);
            let repair = Repair { safe: false, edits: vec![Edit::insert(start, "\"")] };
            self.fault(Fault::Syntax, span, "missing opening quote of this string", Some(repair));
            self.out.guessed = true;
            self.at = bound + 1;
            return self.leaf(Kind::String, span, true, key);
        }
        let literal = match word {
            "True" | "TRUE" => Some("true"),
            "False" | "FALSE" => Some("false"),
            "None" | "Null" | "NULL" => Some("null"),
            _ => None,
        };
        // Words without quotes up to the next separator are one mistake.
        let text_end = start + self.text[start..bound].trim_end().len();
        let span = Span::new(start, if literal.is_some() { end } else { text_end.max(end) });
        let repair = literal.map(|literal| Repair { safe: true, edits: vec![Edit::replace(span, literal)] });
        let message = match (literal, word) {
            (Some(literal), _) => format!("`{word}` is not JSON; JSON writes it as `{literal}`"),
            (None, "NaN" | "Infinity" | "-Infinity" | "nan" | "inf") => {
                format!("`{word}` is not JSON; numbers must be finite")
            }
            (None, "undefined") => "`undefined` is not a JSON value".to_owned(),
            _ if word.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
                && word.contains(|c: char| c.is_ascii_digit()) =>
            {
                format!("`{}` is not a JSON number", shorten(&self.text[span.range()]))
            }
            _ => format!("`{}` is not a JSON value; strings need double quotes", shorten(&self.text[span.range()])),
        };
        self.fault(Fault::BadLiteral, span, message, repair);
        self.at = span.end();
        self.leaf(Kind::Word, span, false, key);
    }

    /// A location without quotes, up to the next possible end of a value.
    fn bare_location(&mut self, key: Key) {
        let start = self.at;
        let ends = |byte: &u8| matches!(byte, b'"' | b',' | b'}' | b']') || lexer::is_space(*byte);
        let end = self.bytes[start..].iter().position(ends).map_or(self.bytes.len(), |found| start + found);
        let span = Span::new(start, end);
        let message =
            format!("`{}` is not a JSON value; strings need double quotes", shorten(&self.text[span.range()]));
        self.fault(Fault::BadLiteral, span, message, None);
        self.at = end;
        self.leaf(Kind::Word, span, false, key);
    }

    /// Something other than a comma or the right bracket after a value.
    pub(super) fn irregular_separator(&mut self) {
        let at = self.at;
        let byte = self.bytes[at];
        let last = self.out.tree().nodes[self.last as usize];
        // After something that isn't a value, the last value may be before the bracket that is open.
        let is_own = self.open.is_none_or(|open| last.parent == open && self.last != open);
        let is_string = is_own && last.kind == Kind::String;
        match byte {
            b'}' | b']' => return self.mismatch(byte),
            b':' if !self.in_object && is_string && self.key_in_array() => return,
            b':' | b';' | b'=' => {
                self.at += 1;
                let next = lexer::skip_space(self.bytes, self.at);
                if !matches!(self.bytes.get(next), None | Some(b'}' | b']' | b',')) {
                    self.expect = Expect::Next;
                    self.comma = at;
                }
                return self.fault(
                    Fault::Syntax,
                    Span::new(at, at + 1),
                    format!("expected a comma or a closing bracket, found `{}`", byte as char),
                    None,
                );
            }
            _ => {}
        }
        if is_string && self.broken_string() {
            return;
        }
        let end = lexer::word_end(self.text, at);
        let word_begins_member = end > at && (!self.in_object || self.colon_follows(end));
        if matches!(byte, b'"' | b'{' | b'[') || self.at_foreign_quote() || word_begins_member {
            let repair = is_own.then(|| Repair { safe: false, edits: vec![Edit::insert(last.span.end(), ",")] });
            let is_key = self.in_object && !matches!(byte, b'{' | b'[');
            let message = if is_key { "missing comma before this key" } else { "missing comma before this value" };
            self.fault(Fault::MissingComma, self.letter(at), message, repair);
            self.expect = Expect::Next;
            self.comma = at;
        } else {
            self.stray("expected a comma or a closing bracket");
        }
    }

    /// A string in an array with a colon after it: the array was not closed before it, or an object was not opened.
    /// Returns whether either fits.
    fn key_in_array(&mut self) -> bool {
        let Some(array) = self.open else { return false };
        let string = self.out.tree().nodes[self.last as usize];
        let key = Key { escaped: string.escaped, escapes: string.escapes, ..Key::irregular(string.span) };
        let parent = self.out.tree().nodes[array as usize].parent;
        let in_object = array != 0 && self.out.tree().nodes[parent as usize].kind == Kind::Object;
        self.out.tree.nodes.pop();
        self.index = string.index;
        if self.lacks_closer(b']') && in_object {
            self.unclosed_here("this array is not closed before the next key", self.comma);
        } else {
            let repair = Repair { safe: false, edits: vec![Edit::insert(key.span.start(), "{")] };
            self.fault(Fault::Syntax, key.span, "missing `{` before this key in an array", Some(repair));
            if self.depth < MAX_DEPTH {
                self.enter(Kind::Object, key.span.start(), Key::default());
            }
        }
        self.irregular_colon(if self.in_object { key } else { Key::default() });
        true
    }

    /// Reports and skips what does not belong here.
    fn stray(&mut self, message: &'static str) {
        let at = self.at;
        let end = self.junk_end(at);
        self.at = end;
        let found = shorten(&self.text[at..end]);
        self.fault(Fault::Syntax, Span::new(at, end), format!("{message}, found `{found}`"), None);
    }

    /// The same repeatedly, up to a value, the end of the member, or one of these bytes.
    fn strays(&mut self, message: &'static str, or: &[u8]) {
        let ends = |byte: &u8| b"\"'{[,}]".contains(byte) || or.contains(byte) || lexer::is_word(*byte);
        loop {
            self.stray(message);
            self.space();
            if self.bytes.get(self.at).is_none_or(ends) {
                return;
            }
        }
    }

    /// The end of the word at `at`, or else of one character.
    pub(super) fn junk_end(&self, at: usize) -> usize {
        let word = lexer::word_end(self.text, at);
        if word > at {
            return word;
        }
        self.letter(at).end()
    }

    /// The character at `at`.
    pub(super) fn letter(&self, at: usize) -> Span {
        Span::new(at, at + self.text[at..].chars().next().map_or(0, char::len_utf8))
    }

    /// Whether a `:` follows, after white space.
    pub(super) fn colon_follows(&self, at: usize) -> bool {
        self.bytes.get(lexer::skip_space(self.bytes, at)) == Some(&b':')
    }

    /// Whether a value may end at `at`: a comma, a closing bracket or the end follows.
    pub(super) fn value_may_end(&self, at: usize) -> bool {
        matches!(self.bytes.get(lexer::skip_space(self.bytes, at)), None | Some(b',' | b'}' | b']'))
    }
}

/// Whether a word is another language's literal.
fn is_foreign_literal(word: &str) -> bool {
    matches!(word, "True" | "False" | "None" | "NaN" | "undefined" | "Infinity" | "NULL" | "TRUE" | "FALSE")
}

/// The start of a text, for a message.
fn shorten(text: &str) -> String {
    const LONGEST: usize = 30;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
