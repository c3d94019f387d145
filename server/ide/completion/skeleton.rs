//! JSON to insert, as a snippet or as plain text, with the spacing of the file.

use crate::formats::Format;
use crate::json::{Kind, NodeId, Parser, Record, lexer};

/// JSON to insert.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Skeleton {
    pub(super) text: String,
    /// Whether the text is a snippet.
    pub(super) snippet: bool,
}

/// How JSON is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// Whether the client supports snippets.
    pub(super) snippets: bool,
    /// Whether a space follows colons and commas.
    spaced: bool,
    /// Keys inside a value whose own value is not a place to fill in.
    fixed: &'static [&'static str],
}

impl Style {
    /// The style of the first text that has a key.
    pub(super) fn of<'a>(snippets: bool, mut texts: impl Iterator<Item = &'a str>, format: &Format) -> Self {
        let spaced = texts.find_map(|text| {
            let colon = memchr::memmem::find(text.as_bytes(), b"\":")?;
            Some(text.as_bytes().get(colon + 2) == Some(&b' '))
        });
        Self { snippets, spaced: spaced.unwrap_or(false), fixed: format.fixed_keys }
    }

    /// A colon or a comma, with its space.
    pub(super) fn separator(self, byte: char) -> String {
        if self.spaced { format!("{byte} ") } else { byte.to_string() }
    }

    /// Writes `json` between `before` and `after`, which are literal text.
    pub(super) fn skeleton(self, before: &str, json: &str, after: &str) -> Skeleton {
        let mut parser = Parser::default();
        parser.parse(json);
        let record = parser.record(json);
        let mut writer = Writer { style: self, out: String::new(), stops: 0 };
        writer.literal(before);
        if let Some(root) = record.root() {
            writer.value(record, root, true);
        }
        writer.literal(after);
        match writer.stops {
            0 if self.snippets => Self { snippets: false, ..self }.skeleton(before, json, after),
            0 => Skeleton { text: writer.out, snippet: false },
            _ => Skeleton { text: writer.out + "$0", snippet: true },
        }
    }
}

struct Writer {
    style: Style,
    out: String,
    stops: u32,
}

impl Writer {
    /// Recursion is safe: only the formats' own examples are written.
    fn value(&mut self, record: Record<'_>, node: NodeId, outermost: bool) {
        let raw = record.raw(record.span(node));
        let is_fixed = !outermost && self.style.fixed.contains(&record.key(node).as_ref());
        match record.kind(node) {
            Kind::Object | Kind::Array => {
                let (open, close) = if record.kind(node) == Kind::Object { ("{", "}") } else { ("[", "]") };
                self.literal(open);
                let mut empty = true;
                for child in record.children(node) {
                    if !empty {
                        self.literal(&self.style.separator(','));
                    }
                    empty = false;
                    if let Some(key) = record.key_span(child) {
                        self.literal(record.raw(key));
                        self.literal(&self.style.separator(':'));
                    }
                    self.value(record, child, false);
                }
                if empty {
                    self.stop("");
                }
                self.literal(close);
            }
            Kind::String => {
                let inner = lexer::unquote(raw);
                self.literal("\"");
                if is_fixed {
                    self.literal(inner);
                } else if inner.ends_with("//") {
                    self.literal(inner);
                    self.stop("");
                } else {
                    self.stop(inner);
                }
                self.literal("\"");
            }
            _ if is_fixed => self.literal(raw),
            _ => self.stop(raw),
        }
    }

    fn literal(&mut self, text: &str) {
        self.escaped(text, &['$', '\\']);
    }

    /// A place to fill in, with its default text.
    fn stop(&mut self, default: &str) {
        if !self.style.snippets {
            self.out.push_str(default);
            return;
        }
        self.stops += 1;
        if default.is_empty() {
            self.out.push_str(&format!("${}", self.stops));
        } else {
            self.out.push_str(&format!("${{{}:", self.stops));
            self.escaped(default, &['$', '\\', '}']);
            self.out.push('}');
        }
    }

    fn escaped(&mut self, text: &str, special: &[char]) {
        for letter in text.chars() {
            if self.style.snippets && special.contains(&letter) {
                self.out.push('\\');
            }
            self.out.push(letter);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_values_become_tab_stops_and_others_placeholders() {
        let style = Style { snippets: true, spaced: false, fixed: &["role"] };
        let turn = style.skeleton("", r#"{"role":"user","parts":[{"text":""}]}"#, ",");
        assert_eq!(turn.text, r#"{"role":"user","parts":[{"text":"$1"}]},$0"#);
        let file = style.skeleton("\"fileData\":", r#"{"fileUri":"gs://","mimeType":"video/mp4"}"#, "");
        assert_eq!(file.text, r#""fileData":{"fileUri":"gs://$1","mimeType":"${2:video/mp4}"}$0"#);
        assert_eq!(style.skeleton("", r##""$.}""##, "").text, r#""${1:\$.\}}"$0"#);
    }
}
