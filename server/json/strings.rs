//! Faults in and around strings: escapes, control characters, missing and foreign quotes.

use crate::json::balance::is_balanced;
use crate::json::fault::{Fault, Repair};
use crate::json::foreign_string::requoted;
use crate::json::lexer;
use crate::json::parse::{Expect, Key, Run};
use crate::json::search::{self, SPECIAL};
use crate::json::tree::{Edit, Kind, OTHER_ESCAPES, Span};

impl Run<'_, '_> {
    /// Reads the string with a fault whose opening quote is here.
    pub(super) fn irregular_string(&mut self) -> Key {
        let start = self.at;
        let mut at = start + 1;
        loop {
            at = search::find(SPECIAL, self.bytes, at);
            match self.bytes.get(at) {
                Some(b'"') => {
                    self.at = at + 1;
                    return Key::irregular(Span::new(start, at + 1));
                }
                Some(b'\\') => at += self.escape(at),
                Some(_) => at = self.control_characters(at),
                None => return self.unclosed_string(start),
            }
        }
    }

    /// The length of an escape; reports it if it is faulty.
    fn escape(&mut self, at: usize) -> usize {
        if let Some(len) = lexer::escape_len(self.bytes, at) {
            return len;
        }
        let Some(letter) = self.text[at + 1..].chars().next() else { return 1 };
        if letter != 'u' {
            // A control character after the backslash gets its own fault.
            let len = if letter < ' ' { 1 } else { 1 + letter.len_utf8() };
            let span = Span::new(at, at + len);
            let meant = match letter {
                '\'' | '`' => Some(letter.to_string()),
                'x' => self
                    .text
                    .get(at + 2..at + 4)
                    .filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
                    .map(|hex| format!("\\u00{hex}")),
                // A character by its name, as Python writes it.
                'N' if self.bytes.get(at + 2) == Some(&b'{') => None,
                letter if letter.is_ascii_alphabetic() => Some(format!("\\\\{letter}")),
                _ => None,
            };
            let end = if letter == 'x' && meant.is_some() { at + 4 } else { at + len };
            let found = if letter == '\'' { letter.to_string() } else { letter.escape_debug().to_string() };
            let message = match &meant {
                Some(meant) => format!("`\\{found}` is not a JSON escape; did you mean `{meant}`?"),
                None => format!("`\\{found}` is not a JSON escape"),
            };
            let edits = meant.map(|text| vec![Edit::replace(Span::new(at, end), text)]);
            let repair = edits.map(|edits| Repair { safe: false, edits });
            self.fault(Fault::BadEscape, span, message, repair);
            return len;
        }
        match lexer::hex4(self.bytes, at + 2) {
            Some(_) => {
                let span = Span::new(at, at + 6);
                let repair = Repair { safe: false, edits: vec![Edit::replace(span, "\\ufffd")] };
                let message =
                    format!("`{}` is half of a surrogate pair; the other half is missing", &self.text[span.range()]);
                self.fault(Fault::BadEscape, span, message, Some(repair));
                6
            }
            None => {
                let digits = self.bytes[at + 2..].iter().take(4).take_while(|byte| byte.is_ascii_hexdigit()).count();
                let span = Span::new(at, at + 2 + digits);
                let message =
                    format!("`{}` is not a JSON escape; `\\u` needs four hexadecimal digits", &self.text[span.range()]);
                self.fault(Fault::BadEscape, span, message, None);
                2 + digits
            }
        }
    }

    /// Reports a run of raw control characters in a string and returns its end.
    pub(super) fn control_characters(&mut self, at: usize) -> usize {
        let run = self.bytes[at..].iter().take_while(|&&byte| byte < 0x20).count();
        let span = Span::new(at, at + run);
        let raw = &self.text[span.range()];
        // A backslash that begins no escape would escape the backslash of an inserted one.
        let behind_backslash =
            self.out.errors().last().is_some_and(|last| last.fault == Fault::BadEscape && last.span.end() == at);
        let replaced = Span::new(at - usize::from(behind_backslash), span.end());
        let edits = vec![Edit::replace(replaced, escape_controls(raw))];
        let repair = Repair { safe: !behind_backslash, edits };
        let first = raw.chars().next().unwrap_or_default();
        let message = match first {
            '\t' => "raw tab in a string; write it as `\\t`".to_owned(),
            '\n' | '\r' => "raw line break in a string; write it as `\\n`".to_owned(),
            _ => {
                let escape = lexer::escape_control(first);
                format!("raw control character U+{:04X} in a string; write it as `{escape}`", u32::from(first))
            }
        };
        self.fault(Fault::ControlCharacter, span, message, Some(repair));
        span.end()
    }

    /// Ends the string from `start`, which runs to the end of the record.
    pub(super) fn unclosed_string(&mut self, start: usize) -> Key {
        let end = self.text.trim_end().len().max(start + 1);
        // `"LOW}}`: brackets at the end that close exactly what is open are not part of the string.
        let body = self.text[start + 1..end].trim_end_matches(|letter: char| "}] \t".contains(letter)).len();
        let tail = start + 1 + body;
        let closers = self.text[tail..end].bytes().filter(|byte| matches!(byte, b'}' | b']')).count();
        let cut = if closers == self.depth && closers > 0 && self.open.is_some() { tail } else { end };
        let repair = Repair { safe: false, edits: vec![Edit::insert(cut, "\"")] };
        let repair =
            (cut == tail && closers == self.depth).then_some(repair).or_else(|| self.closed_at_end(start, end));
        let message =
            if cut == end { "this string is not closed: the line ends inside it" } else { "this string is not closed" };
        self.fault(Fault::Unclosed, Span::new(start, start + 1), message, repair);
        self.out.cuts.push(start);
        if cut == end {
            self.out.runs_out = true;
            self.at = self.bytes.len();
            return Key::irregular(Span::new(start, self.at));
        }
        self.at = cut;
        Key::irregular(Span::new(start, cut))
    }

    /// Handles a key whose closing quote is missing, which shows in what follows it. Returns whether it is one.
    pub(super) fn broken_key(&mut self, key: Key) -> bool {
        let (start, end) = (key.span.start(), key.span.end());
        if self.bytes.get(start) != Some(&b'"') || end < start + 2 || self.bytes[end - 1] != b'"' {
            return false;
        }
        let inner = &self.text[start + 1..end - 1];
        let open = Span::new(start, start + 1);
        // `"role:"user"`, `"parts:[{"text"`: the quote taken for the key's end opens a value or a key in it.
        if let Some((name, rest)) = inner.split_once(':')
            && rest.chars().all(|letter| "[{ \t".contains(letter))
        {
            let cut = start + 1 + name.trim_end().len();
            let repair = Repair { safe: false, edits: vec![Edit::insert(cut, "\"")] };
            self.fault(Fault::Unclosed, open, "this key is not closed", Some(repair));
            self.at = start + 1 + name.len() + 1;
            self.space();
            self.value(Key::irregular(Span::new(start, cut)));
            return true;
        }
        // `"ro"role":…`: a key being typed before another.
        let word = lexer::word_end(self.text, end);
        if word > end && self.bytes.get(word) == Some(&b'"') && self.colon_follows(word + 1) {
            self.fault(Fault::Unclosed, open, "this key is not closed", None);
            let cut = end - 1;
            self.leaf(Kind::Missing, Span::new(cut, cut), false, Key::irregular(Span::new(start, cut)));
            self.at = cut;
            self.expect = Expect::Next;
            self.comma = cut;
            return true;
        }
        false
    }

    /// Handles a string followed by what cannot follow a value: its real end is earlier (a quote is missing) or later
    /// (a quote inside it is not escaped). Returns whether either fits.
    pub(super) fn broken_string(&mut self) -> bool {
        let last = self.last as usize;
        let span = self.out.tree().nodes[last].span;
        let (start, end) = (span.start(), span.end());
        let byte = self.bytes[self.at];
        let proper = self.bytes[start] == b'"' && end > start + 1 && self.bytes[end - 1] == b'"';
        if !proper || matches!(byte, b'{' | b'[') || (byte == b'"' && self.at > end) {
            return false;
        }
        if let Some(cut) = self.missing_quote(start, end) {
            let repair = Repair { safe: false, edits: vec![Edit::insert(cut, "\"")] };
            let message = "this string is not closed before the next key or value";
            self.fault(Fault::Unclosed, Span::new(start, start + 1), message, Some(repair));
            self.out.cuts.push(start);
            self.reshape(last, cut);
            return true;
        }
        if byte == b'"' && self.begins_member(self.at) {
            return false;
        }
        if let Some(stop) = self.real_end(end) {
            // Apparent comments and white space after the quote are inside the string.
            while self.out.errors().last().is_some_and(|error| error.span.start() >= end) {
                self.out.withdraw_last();
            }
            let inner = Span::new(end - 1, end);
            // With an odd bracket, the string would take in a part of the record's structure.
            let is_text = is_balanced(&self.text[start + 1..stop - 1]);
            let repair = is_text.then(|| Repair { safe: false, edits: self.unescaped_quotes(end - 1, stop - 1) });
            let message = "this quote inside the string is not escaped; write it as `\\\"`";
            self.fault(Fault::Syntax, inner, message, repair);
            self.out.guessed = true;
            self.reshape(last, stop);
            return true;
        }
        false
    }

    fn reshape(&mut self, node: usize, end: usize) {
        let node = &mut self.out.tree.nodes[node];
        node.span.end = Span::new(end, end).end;
        (node.escaped, node.escapes, node.ascii) = (true, OTHER_ESCAPES, false);
        self.at = end;
    }

    /// The real end of the string `start..end` if its closing quote is missing: before the separators that it includes
    /// together with the next opening quote.
    fn missing_quote(&self, start: usize, end: usize) -> Option<usize> {
        let word = lexer::word_end(self.text, end);
        let quoted = word > end && self.bytes.get(word) == Some(&b'"');
        let key = quoted && self.colon_follows(word + 1);
        let element = !self.in_object && self.bytes[end..].contains(&b'"');
        if !key && !element {
            return None;
        }
        let inner = &self.text[start + 1..end - 1];
        let tail = inner.trim_end_matches(|letter: char| "{}[], \t\r\n".contains(letter)).len();
        let separators = &inner[tail..];
        if !separators.contains(',') && !(separators.contains(['{', '['])) {
            return None;
        }
        // White space before the first separator belongs to the string.
        let first = separators.find(|letter: char| !letter.is_whitespace()).unwrap_or(0);
        Some(start + 1 + tail + first)
    }

    /// The end of a string with unescaped quotes in it: after the first quote followed by what may follow a value.
    fn real_end(&self, from: usize) -> Option<usize> {
        let mut at = from;
        while let Some(found) = memchr::memchr2(b'"', b'\\', &self.bytes[at..]) {
            at += found;
            if self.bytes[at] == b'\\' {
                at = (at + 2).min(self.bytes.len());
                continue;
            }
            at += 1;
            let next = lexer::skip_space(self.bytes, at);
            let fits = match self.bytes.get(next) {
                None | Some(b'}' | b']') => true,
                Some(b',') if self.in_object => self.begins_member(lexer::skip_space(self.bytes, next + 1)),
                Some(b',') => true,
                _ => false,
            };
            if fits {
                return Some(at);
            }
        }
        None
    }

    /// Whether a quoted key and its colon are at `at`.
    fn begins_member(&self, at: usize) -> bool {
        self.bytes.get(at) == Some(&b'"') && {
            let end = lexer::string_end(self.bytes, at);
            self.colon_follows(end)
        }
    }

    /// Inserts backslashes before the unescaped quotes in `from..to`.
    fn unescaped_quotes(&self, from: usize, to: usize) -> Vec<Edit> {
        /// More quotes are one edit, which takes less memory.
        const MAX: usize = 1_000;
        let mut quotes = Vec::new();
        let mut at = from;
        while at < to {
            match self.bytes[at] {
                b'\\' => at += 1,
                b'"' => quotes.push(at),
                _ => {}
            }
            at += 1;
        }
        if quotes.len() <= MAX {
            return quotes.into_iter().map(|quote| Edit::insert(quote, "\\")).collect();
        }
        let mut text = String::with_capacity(to - from + quotes.len());
        let mut copied = from;
        for quote in quotes {
            text.push_str(&self.text[copied..quote]);
            text.push('\\');
            copied = quote;
        }
        text.push_str(&self.text[copied..to]);
        vec![Edit::replace(Span::new(from, to), text)]
    }

    /// Whether a foreign quote is here.
    pub(super) fn at_foreign_quote(&self) -> bool {
        let letter = self.text[self.at..].chars().next();
        letter.is_some_and(|letter| letter == '\'' || lexer::is_typographic_quote(letter))
    }

    /// Reads a string in foreign quotes, with one fault for it.
    pub(super) fn foreign_string(&mut self) -> Key {
        let start = self.at;
        let mut letters = self.text[start..].char_indices();
        let Some((_, open)) = letters.next() else { return Key::default() };
        let closes = |letter: char| {
            if open == '\'' { letter == '\'' } else { letter == '"' || lexer::is_typographic_quote(letter) }
        };
        let (mut inner_quotes, mut end, mut close_len, mut skip) = (0, None, 0, false);
        for (offset, letter) in letters {
            if std::mem::take(&mut skip) {
                continue;
            }
            skip = letter == '\\';
            if !closes(letter) {
                continue;
            }
            let after = start + offset + letter.len_utf8();
            if self.colon_follows(after) || self.value_may_end(self.after_comments(after)) {
                (end, close_len) = (Some(after), letter.len_utf8());
                break;
            }
            inner_quotes += 1;
        }
        let name = if open == '\'' { "single" } else { "typographic" };
        let message = format!("expected double quotes, found {name} quotes");
        let Some(end) = end else {
            let span = Span::new(start, start + open.len_utf8());
            self.fault(Fault::QuoteStyle, span, message, None);
            self.out.runs_out = true;
            self.out.cuts.push(start);
            self.at = self.bytes.len();
            return Key::irregular(Span::new(start, self.at));
        };
        let span = Span::new(start, end);
        let inner = &self.text[start + open.len_utf8()..end - close_len];
        let text = requoted(inner);
        let safe = inner_quotes == 0 && is_string(&text);
        let repair = Repair { safe, edits: vec![Edit::replace(span, text)] };
        self.fault(Fault::QuoteStyle, span, message, Some(repair));
        self.at = end;
        Key::irregular(span)
    }

    /// The byte after the block comments, each of at most `LONGEST` bytes, that follow `at`.
    fn after_comments(&self, mut at: usize) -> usize {
        const LONGEST: usize = 200;
        loop {
            let start = lexer::skip_space(self.bytes, at);
            let rest = self.bytes.get(start..).unwrap_or_default();
            let Some(inner) = rest.strip_prefix(b"/*") else { return at };
            let Some(end) = memchr::memmem::find(&inner[..inner.len().min(LONGEST)], b"*/") else { return at };
            at = start + end + 4;
        }
    }

    /// Reports and skips a comment, if one is here.
    pub(super) fn comment(&mut self) -> bool {
        let at = self.at;
        let rest = &self.bytes[at..];
        let line = || memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let len = match rest {
            [b'#', ..] | [b'/', b'/', ..] => line(),
            [b'/', b'*', inner @ ..] => memchr::memmem::find(inner, b"*/").map_or(rest.len(), |end| end + 4),
            _ => return false,
        };
        let span = Span::new(at, at + len);
        if rest.starts_with(b"/*") && !self.text[span.range()].ends_with("*/") {
            // Its intended end is a guess.
            self.out.runs_out = true;
            self.fault(
                Fault::Comment,
                Span::new(at, at + 2),
                "this comment is not closed; JSON does not allow comments",
                None,
            );
            self.at = span.end();
            return true;
        }
        // After a colon it may be a value without quotes, such as a color.
        let is_value = !rest.starts_with(b"/*") && self.text[..at].trim_end().ends_with(':');
        let safe = !is_value && !lexer::holds_member(&self.text[span.range()]);
        let repair = Repair { safe, edits: vec![self.removal(span)] };
        self.fault(Fault::Comment, span, "JSON does not allow comments", Some(repair));
        self.at = span.end();
        true
    }

    /// Reports and skips foreign white space or invisible characters, if any are here, with JSON's own white space
    /// between them.
    pub(super) fn foreign_space(&mut self) -> bool {
        let start = self.at;
        let rest = &self.text[start..];
        let Some(first) = rest.chars().next().filter(|letter| lexer::is_foreign_space(*letter)) else { return false };
        let run = rest.find(|letter| !lexer::is_any_space(letter)).map_or(rest, |end| &rest[..end]);
        let run = run.trim_end_matches([' ', '\t', '\n', '\r']);
        let span = Span::new(start, start + run.len());
        let edit = if run.contains(char::is_whitespace) { Edit::replace(span, " ") } else { self.removal(span) };
        let name = match first {
            '\u{A0}' => " (no-break space)",
            '\u{200B}' => " (zero width space)",
            '\u{2028}' => " (line separator)",
            '\u{3000}' => " (ideographic space)",
            '\u{FEFF}' => " (byte order mark)",
            _ => "",
        };
        let message =
            format!("U+{:04X}{name} outside a string; JSON allows only spaces, tabs and line breaks", u32::from(first));
        self.fault(Fault::ForeignSpace, span, message, Some(Repair { safe: true, edits: vec![edit] }));
        self.at = span.end();
        true
    }

    /// The edit that removes what is between tokens; words stay separate.
    fn removal(&self, span: Span) -> Edit {
        let is_word =
            |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+-._".contains(byte));
        let before = span.start().checked_sub(1).and_then(|before| self.bytes.get(before));
        let parts = is_word(before) && is_word(self.bytes.get(span.end()));
        if parts { Edit::replace(span, " ") } else { Edit::delete(span) }
    }
}

/// Whether `text` is one well-formed JSON string.
fn is_string(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        at = search::find(SPECIAL, bytes, at);
        match bytes.get(at) {
            Some(b'"') => return at + 1 == bytes.len(),
            Some(b'\\') => match lexer::escape_len(bytes, at) {
                Some(len) => at += len,
                None => return false,
            },
            _ => return false,
        }
    }
    false
}

/// Control characters as escapes; any line break becomes one `\n`.
fn escape_controls(raw: &str) -> String {
    raw.replace("\r\n", "\n").replace('\r', "\n").chars().map(lexer::escape_control).collect()
}
