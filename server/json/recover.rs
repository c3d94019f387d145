//! Going on after a fault of structure: what was most likely meant, and one fault for one mistake.

use crate::json::lexer;
use crate::json::parse::{Expect, Fault, Key, MAX_DEPTH, Repair, Run};
use crate::json::tree::{Edit, Kind, OTHER_ESCAPES, Span};

impl Run<'_, '_> {
    /// The first value of the record. Says whether the parse goes on.
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
                self.fault(Fault::Syntax, Span::new(start, end), "a record begins with `{`", None);
                false
            }
        }
    }

    /// Something other than a key or `}` where a key has to be.
    pub(super) fn irregular_key(&mut self) {
        let at = self.at;
        let byte = self.bytes[at];
        match byte {
            b',' => {
                self.at += 1;
                self.fault(Fault::Syntax, Span::new(at, at + 1), "a comma without a member before it", None);
            }
            b':' => {
                self.fault(Fault::Syntax, Span::new(at, at + 1), "a value without its key", None);
                self.at += 1;
                self.space();
                self.value(Key::default());
            }
            b']' | b'}' => self.mismatch(byte),
            b'{' if self.expect == Expect::Next && self.lacks_closer(b'}') => {
                self.unclosed_here("this object is not closed before the next one begins", self.comma);
                self.expect = Expect::Next;
            }
            b'{' | b'[' => {
                let end = self.balanced_end(at);
                self.at = end;
                self.expect = Expect::Separator;
                self.fault(Fault::Syntax, Span::new(at, at + 1), "a value where a key has to be", None);
            }
            _ if self.at_foreign_quote() => {
                let key = self.foreign_string();
                self.irregular_colon(key);
            }
            _ if lexer::is_word(byte) => self.bare_key(),
            _ => self.stray("this cannot stand where a key has to be"),
        }
    }

    /// A bare word where a key has to be.
    fn bare_key(&mut self) {
        let (start, end) = (self.at, lexer::word_end(self.text, self.at));
        if end == start {
            return self.stray("this cannot stand where a key has to be");
        }
        let after = lexer::skip_space(self.bytes, end);
        let span = Span::new(start, end);
        match self.bytes.get(after) {
            Some(b':' | b'=') => {
                let quoted = lexer::quote(&self.text[span.range()]);
                let repair = Repair { safe: true, edits: vec![Edit::replace(span, quoted)] };
                self.fault(Fault::UnquotedKey, span, "a key without its double quotes", Some(repair));
                self.at = end;
                self.irregular_colon(Key { span, escaped: true, escapes: OTHER_ESCAPES, ascii: false });
            }
            // `role": …`: only the opening quote is missing.
            Some(b'"') if after == end && self.colon_follows(end + 1) => {
                let span = Span::new(start, end + 1);
                let repair = Repair { safe: false, edits: vec![Edit::insert(start, "\"")] };
                self.fault(Fault::Syntax, span, "a key without its opening quote", Some(repair));
                self.out.guessed = true;
                self.at = end + 1;
                self.irregular_colon(Key { span, escaped: true, escapes: OTHER_ESCAPES, ascii: false });
            }
            _ => {
                self.at = end;
                self.fault(Fault::Syntax, span, "a bare word where a key has to be", None);
            }
        }
    }

    /// What stands behind a key. Reads the member's value unless there is none.
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
                self.fault(Fault::Syntax, span, "`:` has to stand between a key and its value", None);
                self.at = end;
                self.space();
                self.value(key);
            }
            Some(b',' | b'}' | b']') => {
                let cut = self.out.cuts.contains(&key.span.start());
                if !cut {
                    self.fault(Fault::Syntax, key.span, "a key without a value", None);
                }
                self.missing(key);
            }
            Some(&byte) => {
                if self.broken_key(key) {
                    return;
                }
                if lexer::is_word(byte) || matches!(byte, b'"' | b'{' | b'[' | b'\'') {
                    let repair = Repair { safe: false, edits: vec![Edit::insert(key.span.end(), ":")] };
                    let message = "`:` is missing between a key and its value";
                    self.fault(Fault::Syntax, self.letter(at), message, Some(repair));
                    self.value(key);
                } else {
                    self.strays("this cannot stand behind a key", b":=");
                    self.irregular_colon(key);
                }
            }
        }
    }

    /// A member or element whose value is not there.
    fn missing(&mut self, key: Key) {
        let at = if key.span.is_empty() { self.at } else { self.at.max(key.span.end()) };
        self.leaf(Kind::Missing, Span::new(at, at), false, key);
    }

    /// Something that is no JSON value where a value has to be.
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
                    self.fault(Fault::Syntax, span, "a key without a value", None);
                    self.missing(key);
                } else if byte == b',' {
                    self.at += 1;
                    self.fault(Fault::Syntax, span, "a comma without a value before it", None);
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
                let message = "this cannot stand where a value has to be";
                if self.open.is_none() || key.span.is_empty() {
                    return self.stray(message);
                }
                self.strays(message, b"");
                self.value(key);
            }
        }
    }

    /// A word that is no JSON value.
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
            self.fault(Fault::Syntax, span, "a string without its opening quote", Some(repair));
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
            (Some(literal), _) => format!("`{word}` is not JSON; `{literal}` is"),
            (None, "NaN" | "Infinity" | "-Infinity" | "nan" | "inf") => format!("JSON has no `{word}`"),
            (None, "undefined") => "JSON has no `undefined`".to_owned(),
            _ if word.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) => {
                format!("`{}` is no JSON number", shorten(&self.text[span.range()]))
            }
            _ => format!("`{}` is no JSON value; a string needs double quotes", shorten(&self.text[span.range()])),
        };
        self.fault(Fault::BadLiteral, span, message, repair);
        self.at = span.end();
        self.leaf(Kind::Word, span, false, key);
    }

    /// A location without its quotes: one mistake up to where a value can end.
    fn bare_location(&mut self, key: Key) {
        let start = self.at;
        let ends = |byte: &u8| matches!(byte, b'"' | b',' | b'}' | b']') || lexer::is_space(*byte);
        let end = self.bytes[start..].iter().position(ends).map_or(self.bytes.len(), |found| start + found);
        let span = Span::new(start, end);
        let message = format!("`{}` is no JSON value; a string needs double quotes", shorten(&self.text[span.range()]));
        self.fault(Fault::BadLiteral, span, message, None);
        self.at = end;
        self.leaf(Kind::Word, span, false, key);
    }

    /// Something other than a comma or the right bracket behind a value.
    pub(super) fn irregular_separator(&mut self) {
        let at = self.at;
        let byte = self.bytes[at];
        let last = self.out.tree().nodes[self.last as usize];
        match byte {
            b'}' | b']' => return self.mismatch(byte),
            b':' if !self.in_object && last.kind == Kind::String && self.key_in_array() => return,
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
                    format!("`{}` where a comma or a closing bracket has to be", byte as char),
                    None,
                );
            }
            _ => {}
        }
        if last.kind == Kind::String && self.broken_string() {
            return;
        }
        let end = lexer::word_end(self.text, at);
        let word_begins_member = end > at && (!self.in_object || self.colon_follows(end));
        if matches!(byte, b'"' | b'{' | b'[') || self.at_foreign_quote() || word_begins_member {
            let repair = Repair { safe: false, edits: vec![Edit::insert(last.span.end(), ",")] };
            self.fault(Fault::MissingComma, self.letter(at), "a comma is missing before this", Some(repair));
            self.expect = Expect::Next;
            self.comma = at;
        } else {
            self.stray("this cannot stand behind a value");
        }
    }

    /// A string in an array that a colon follows: the array was not closed before it, or the object
    /// around it was not opened. Says whether either fits.
    fn key_in_array(&mut self) -> bool {
        let Some(array) = self.open else { return false };
        let string = self.out.tree().nodes[self.last as usize];
        let key = Key { ascii: false, span: string.span, escaped: string.escaped, escapes: string.escapes };
        let parent = self.out.tree().nodes[array as usize].parent;
        let in_object = array != 0 && self.out.tree().nodes[parent as usize].kind == Kind::Object;
        self.out.tree_mut().nodes.pop();
        self.index = string.index;
        if self.lacks_closer(b']') && in_object {
            self.unclosed_here("this array is not closed before the next key", self.comma);
        } else {
            let repair = Repair { safe: false, edits: vec![Edit::insert(key.span.start(), "{")] };
            self.fault(Fault::Syntax, key.span, "a key in an array: `{` is missing before it", Some(repair));
            if self.depth < MAX_DEPTH {
                self.enter(Kind::Object, key.span.start(), Key::default());
            }
        }
        self.irregular_colon(if self.in_object { key } else { Key::default() });
        true
    }

    /// What stands behind the record's value.
    pub(super) fn trailing(&mut self) {
        self.space();
        let at = self.at;
        let Some(&byte) = self.bytes.get(at) else { return };
        let object = self.out.tree().nodes.first().is_some_and(|root| root.kind == Kind::Object);
        let comma = byte == b',';
        let next = if comma { lexer::skip_space(self.bytes, at + 1) } else { at };
        let read_right = !self.out.guessed && !self.out.errors().iter().any(|error| error.fault.hides_structure());
        if object && read_right && self.bytes.get(next) == Some(&b'{') {
            let message = "a second value on the line; every record needs a line of its own";
            self.fault(Fault::SeveralValues, Span::new(next, next + 1), message, None);
        } else if comma && next == self.bytes.len() {
            let span = Span::new(at, at + 1);
            let repair = Repair { safe: false, edits: vec![Edit::delete(span)] };
            let message = "a comma behind the record; only the line end separates records";
            self.fault(Fault::Syntax, span, message, Some(repair));
        } else {
            let span = Span::new(at, self.junk_end(at));
            self.fault(Fault::Syntax, span, "text behind the end of the record", None);
        }
    }

    /// Reports what is here and cannot be placed, and skips it.
    fn stray(&mut self, message: &'static str) {
        let at = self.at;
        let end = self.junk_end(at);
        self.at = end;
        self.fault(Fault::Syntax, Span::new(at, end), message, None);
    }

    /// The same for any number of them, up to a value, the end of the member, or one of these bytes.
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

    /// The end of what belongs together at `at`: a word, or one character.
    fn junk_end(&self, at: usize) -> usize {
        let word = lexer::word_end(self.text, at);
        if word > at {
            return word;
        }
        self.letter(at).end()
    }

    /// The one character at `at`.
    pub(super) fn letter(&self, at: usize) -> Span {
        Span::new(at, at + self.text[at..].chars().next().map_or(0, char::len_utf8))
    }

    /// Whether a `:` comes next, white space aside.
    pub(super) fn colon_follows(&self, at: usize) -> bool {
        self.bytes.get(lexer::skip_space(self.bytes, at)) == Some(&b':')
    }

    /// Whether a value may end at `at`: a comma, a closing bracket or the end comes next.
    pub(super) fn value_may_end(&self, at: usize) -> bool {
        matches!(self.bytes.get(lexer::skip_space(self.bytes, at)), None | Some(b',' | b'}' | b']'))
    }
}

/// Whether a word is another language's literal.
fn is_foreign_literal(word: &str) -> bool {
    matches!(word, "True" | "False" | "None" | "NaN" | "undefined" | "Infinity" | "NULL" | "TRUE" | "FALSE")
}

/// The beginning of a text, for a message.
fn shorten(text: &str) -> String {
    const LONGEST: usize = 30;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
