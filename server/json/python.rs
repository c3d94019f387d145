//! Records printed by Python: the exact JSON for a dictionary of strings, numbers, lists, tuples and constants.

use crate::json::lexer;
use crate::json::parse::{MAX_DEPTH, Parser};
use crate::json::tree::{Edit, Span, edited};
use std::ops::Range;

/// The edits that make JSON of a text that is one Python dictionary, if its first key and most of its keys are in single
/// quotes and every value has an exact counterpart in JSON. O(n).
#[must_use]
pub fn edits(text: &str) -> Option<Vec<Edit>> {
    let start = lexer::skip_space(text.as_bytes(), 0);
    let inner = text.get(start..)?.strip_prefix('{')?;
    if !inner.trim_start().starts_with('\'') {
        return None;
    }
    let mut reader = Reader { text, at: start, edits: Vec::new(), keys: 0, single_keys: 0 };
    reader.value(0)?;
    reader.space();
    if reader.at < text.len() || reader.single_keys < 2 || reader.single_keys * 2 <= reader.keys {
        return None;
    }
    applied(text, 0..text.len(), &reader.edits)?;
    Some(reader.edits)
}

/// The JSON of the literal that begins at byte `at`, after white space, and the byte after it. `None` if it is not a literal,
/// or has no exact counterpart in JSON. O(n).
#[must_use]
pub fn literal(text: &str, at: usize) -> Option<(String, usize)> {
    let at = lexer::skip_space(text.as_bytes(), at);
    let mut reader = Reader { text, at, edits: Vec::new(), keys: 0, single_keys: 0 };
    reader.value(0)?;
    Some((applied(text, at..reader.at, &reader.edits)?, reader.at))
}

/// A piece of the text with these edits, if that is JSON.
fn applied(text: &str, range: Range<usize>, edits: &[Edit]) -> Option<String> {
    let json = edited(text, range, edits)?;
    let mut parser = Parser::default();
    parser.parse(&json);
    (parser.fault_count() == 0).then_some(json)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    edits: Vec<Edit>,
    keys: usize,
    single_keys: usize,
}

impl Reader<'_> {
    fn space(&mut self) {
        self.at = lexer::skip_space(self.text.as_bytes(), self.at);
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn value(&mut self, depth: usize) -> Option<()> {
        self.space();
        if depth > MAX_DEPTH {
            return None;
        }
        match self.byte()? {
            b'{' => self.items(b'}', depth).map(drop),
            b'[' => self.items(b']', depth).map(drop),
            b'(' => {
                let open = Span::new(self.at, self.at + 1);
                let place = self.edits.len();
                let (items, comma) = self.items(b')', depth)?;
                self.edits.insert(place, Edit::replace(open, "["));
                self.edits.push(Edit::replace(Span::new(self.at - 1, self.at), "]"));
                // `(1)` is not a tuple.
                (items != 1 || comma).then_some(())
            }
            byte if byte == b'-' || byte.is_ascii_digit() => {
                let end = lexer::number_end(self.text.as_bytes(), self.at);
                let number = self.text.as_bytes().get(self.at..end)?;
                self.at = end;
                lexer::is_number(number).then_some(())
            }
            _ if self.at_string() => self.strings(),
            _ => self.constant(),
        }
    }

    /// Reads the items up to `close`. Returns how many there are, and whether a comma is after the last one.
    fn items(&mut self, close: u8, depth: usize) -> Option<(usize, bool)> {
        self.at += 1;
        let (mut items, mut comma) = (0, None);
        loop {
            self.space();
            if self.byte()? == close {
                self.at += 1;
                self.edits.extend(comma.map(|at| Edit::delete(Span::new(at, at + 1))));
                return Some((items, comma.is_some()));
            }
            if items > 0 && comma.is_none() {
                return None;
            }
            if close == b'}' {
                self.keys += 1;
                self.single_keys += usize::from(self.byte() == Some(b'\''));
                if !self.at_string() {
                    return None;
                }
                self.strings()?;
                self.space();
                if self.byte()? != b':' {
                    return None;
                }
                self.at += 1;
            }
            self.value(depth + 1)?;
            items += 1;
            self.space();
            comma = (self.byte()? == b',').then_some(self.at);
            self.at += usize::from(comma.is_some());
        }
    }

    fn constant(&mut self) -> Option<()> {
        let words = [("True", "true"), ("False", "false"), ("None", "null")];
        let end = lexer::word_end(self.text, self.at);
        let (_, json) = words.into_iter().find(|(word, _)| self.text.get(self.at..end) == Some(word))?;
        self.edits.push(Edit::replace(Span::new(self.at, end), json));
        self.at = end;
        Some(())
    }

    /// The quote of the string that begins here, and whether it is a raw string.
    fn opening(&self) -> Option<(usize, char, bool)> {
        let rest = self.text.get(self.at..)?;
        let inner = rest.trim_start_matches(['r', 'R', 'u', 'U']);
        let prefix = rest.len() - inner.len();
        let quote = inner.chars().next().filter(|letter| matches!(letter, '\'' | '"'))?;
        (prefix < 2).then_some((prefix, quote, rest.starts_with(['r', 'R'])))
    }

    fn at_string(&self) -> bool {
        self.opening().is_some()
    }

    /// Strings next to each other, which Python joins.
    fn strings(&mut self) -> Option<()> {
        let (start, mut json, mut end) = (self.at, String::from("\""), self.at);
        while let Some((prefix, quote, raw)) = self.opening() {
            self.at += prefix + 1;
            self.string(quote, raw, &mut json)?;
            end = self.at;
            self.space();
        }
        self.at = end;
        json.push('"');
        if self.text.get(start..end) != Some(&*json) {
            self.edits.push(Edit::replace(Span::new(start, end), json));
        }
        Some(())
    }

    /// Appends the rest of a string as the inside of a JSON string.
    fn string(&mut self, quote: char, raw: bool, json: &mut String) -> Option<()> {
        loop {
            let letter = self.next()?;
            match letter {
                '\\' if raw => {
                    let next = self.next()?;
                    json.push_str("\\\\");
                    push(json, next);
                }
                '\\' => self.escape(json)?,
                '\n' | '\r' => return None,
                _ if letter == quote => return Some(()),
                _ => push(json, letter),
            }
        }
    }

    fn escape(&mut self, json: &mut String) -> Option<()> {
        if let Some(len) = numbered(self.text.get(self.at..)?, json) {
            self.at += len;
            return Some(());
        }
        match self.next()? {
            letter @ ('\\' | '\'' | '"') => push(json, letter),
            letter @ ('n' | 't' | 'r' | 'b' | 'f') => json.extend(['\\', letter]),
            'a' => push(json, '\u{7}'),
            'v' => push(json, '\u{b}'),
            // The name of a character, a number with too few digits, and a line that goes on.
            'N' | 'x' | 'u' | 'U' | '\n' | '\r' => return None,
            // Python keeps the backslash of an escape that it doesn't know.
            letter => {
                json.push_str("\\\\");
                push(json, letter);
            }
        }
        Some(())
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.text.get(self.at..)?.chars().next()?;
        self.at += letter.len_utf8();
        Some(letter)
    }
}

/// Appends a character to the inside of a JSON string.
fn push(json: &mut String, letter: char) {
    match letter {
        '"' => json.push_str("\\\""),
        '\\' => json.push_str("\\\\"),
        letter if letter < ' ' => json.push_str(&lexer::escape_control(letter)),
        letter => json.push(letter),
    }
}

/// Appends the character that an escape gives by its number, as an escape of JSON. `rest` follows the backslash: `x41`,
/// `u0041`, `U00000041` or, in octal, `101`. Returns the length of the escape without the backslash.
pub(super) fn numbered(rest: &str, json: &mut String) -> Option<usize> {
    let (start, len, radix) = match rest.bytes().next()? {
        b'x' => (1, 2, 16),
        b'u' => (1, 4, 16),
        b'U' => (1, 8, 16),
        _ => (0, rest.bytes().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count(), 8),
    };
    let digits = rest.get(start..start + len)?;
    // A number may have a sign.
    let code = digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, radix))?.ok()?;
    let mut units = [0; 2];
    match char::from_u32(code) {
        Some(letter) => letter.encode_utf16(&mut units).iter().for_each(|unit| json.push_str(&escaped(*unit))),
        // Half of a surrogate pair.
        None => json.push_str(&escaped(u16::try_from(code).ok()?)),
    }
    Some(start + len)
}

fn escaped(unit: u16) -> String {
    format!("\\u{unit:04x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn becomes(text: &str, expected: &str) {
        let json = edited(text, 0..text.len(), &edits(text).unwrap_or_default());
        assert_eq!(json.as_deref(), Some(expected), "{text}");
    }

    #[test]
    fn a_dictionary_becomes_json() {
        becomes("{'a': 1, 'b': (True, None, -1.5e3,)}", r#"{"a": 1, "b": [true, null, -1.5e3]}"#);
        becomes("{'a': ('x',), 'b': [[], {}, ()],}", r#"{"a": ["x"], "b": [[], {}, []]}"#);
        becomes(r#"{'a': "it's", 'b': 'c' "d" r'\e'}"#, r#"{"a": "it's", "b": "cd\\e"}"#);
    }

    #[test]
    fn each_escape_is_exact() {
        becomes(
            r#"{'a': '\x41 \' " \u00e9 \U0001F600 \a \012 \0', 'b': '\d\\'}"#,
            r#"{"a": "\u0041 ' \" \u00e9 \ud83d\ude00 \u0007 \u000a \u0000", "b": "\\d\\"}"#,
        );
    }

    #[test]
    fn what_has_no_exact_counterpart_stays() {
        for text in [
            "{'a': {1, 2}, 'b': 1}",
            "{'a': b'x', 'b': 1}",
            "{'a': datetime(2020, 1), 'b': 1}",
            "{'a': nan, 'b': 1}",
            "{'a': ('x'), 'b': 1}",
            r"{'a': '\N{BULLET}', 'b': 1}",
            r"{'a': '\x+1', 'b': 1}",
            "{'a': 'Who's', 'b': 1}",
            "{'a': 1}",
            r#"{'a': 1, "b": 2}"#,
            "{'a': 1, 'b': 2} x",
        ] {
            assert_eq!(edits(text), None, "{text}");
        }
    }
}
