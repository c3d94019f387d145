//! JSON to insert, as a snippet or as plain text, with the spacing of the file.

use super::service::{Fitted, Reader};
use crate::example::mime::kind_of;
use crate::formats::index;
use crate::json::{Kind, NodeId, Parser, Record, Span, lexer};
use crate::schema::{Choices, Field, Means, Shape};

/// JSON to insert.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Skeleton {
    pub(super) text: String,
    /// Whether the text is a snippet.
    pub(super) snippet: bool,
}

/// The most values that are offered as choices at a place to fill in.
const MAX_CHOICES: usize = 12;

/// A string to fill in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hole {
    /// The string, with its quotes.
    pub(super) span: Span,
    /// The start of its text that stays.
    pub(super) start: String,
    /// The text to replace, as it is written in JSON.
    pub(super) default: String,
}

/// How JSON is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// Whether the client supports snippets.
    pub(super) snippets: bool,
    /// Whether a space follows colons and commas.
    pub(super) spaced: bool,
    /// Keys inside a value whose own value is not a place to fill in.
    pub(super) fixed: &'static [&'static str],
    pub(super) reader: Reader,
    /// The key whose value is written, if it is not in the JSON.
    pub(super) key: &'static str,
}

impl Style {
    /// The style of the first text that has a key.
    pub(super) fn of<'a>(snippets: bool, mut texts: impl Iterator<Item = &'a str>, reader: Reader) -> Self {
        let spaced = texts.find_map(|text| {
            let colon = memchr::memmem::find(text.as_bytes(), b"\":")?;
            Some(text.as_bytes().get(colon + 2) == Some(&b' '))
        });
        let spaced = spaced.unwrap_or(false);
        Self { snippets, spaced, fixed: reader.format.fixed_keys, reader, key: "" }
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

    /// Writes these bytes of `text` between `before` and `after`, with the holes in them to fill in. The holes are in order.
    pub(super) fn filled(self, text: &str, span: Span, holes: &[Hole], (before, after): (&str, &str)) -> Skeleton {
        let mut writer = Writer { style: self, out: String::new(), stops: 0 };
        writer.literal(before);
        let mut at = span.start();
        for hole in holes.iter().filter(|hole| span.start() <= hole.span.start() && hole.span.end() <= span.end()) {
            writer.literal(text.get(at..hole.span.start()).unwrap_or_default());
            writer.literal("\"");
            writer.literal(&hole.start);
            writer.stop(&hole.default);
            writer.literal("\"");
            at = hole.span.end();
        }
        writer.literal(text.get(at..span.end()).unwrap_or_default());
        writer.literal(after);
        match writer.stops {
            0 if self.snippets => Self { snippets: false, ..self }.filled(text, span, holes, (before, after)),
            0 => Skeleton { text: writer.out, snippet: false },
            _ => Skeleton { text: writer.out + "$0", snippet: true },
        }
    }

    /// The values that a string under this key can have, `default` first. Empty if there are more than [`MAX_CHOICES`], or
    /// if `default` isn't one of them.
    fn choices(self, key: &str, default: &str) -> Vec<&'static str> {
        let of = |field: &&'static Field| -> Vec<&'static str> {
            if field.means == Means::MimeType {
                return self
                    .reader
                    .format
                    .words
                    .media_types
                    .iter()
                    .copied()
                    .filter(|name| kind_of(name) == kind_of(default))
                    .collect();
            } else if field.means == Means::Speaker {
                return self.reader.service.role_names(&self.reader.format.words);
            }
            let values = enum_of(field.shape).map_or(&[][..], |choices| choices.values);
            values.iter().filter(|choice| !choice.is_unset).map(|choice| choice.name).collect()
        };
        let fields = index::fields(self.reader.format.id()).iter().copied().filter(|field| field.name == key);
        let mut values = fields.map(|field| of(&field)).find(|values| values.contains(&default)).unwrap_or_default();
        if !(2..=MAX_CHOICES).contains(&values.len()) {
            return Vec::new();
        }
        values.sort_by_key(|value| *value != default);
        values
    }
}

/// The enum that is this shape or the shape of its elements.
pub(super) fn enum_of(shape: Shape) -> Option<&'static Choices> {
    match shape {
        Shape::Enum(choices) => Some(choices),
        Shape::List(element) => enum_of(*element),
        Shape::OneOf(shapes) => shapes.iter().find_map(|shape| enum_of(*shape)),
        _ => None,
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
        let key = if outermost { self.style.key.into() } else { record.key(node) };
        let raw = record.raw(record.span(node));
        let is_fixed = !outermost && self.style.fixed.contains(&key.as_ref());
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
                    if record.key_span(child).is_some() {
                        self.literal(&lexer::quote(&self.style.reader.spelled(&record.key(child))));
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
                let inner = match self.style.reader.for_service(&key, lexer::unquote(raw)) {
                    Fitted::String(inner) => inner,
                    Fitted::Object(text) => return self.object(&text),
                };
                let inner = &*inner;
                self.literal("\"");
                if is_fixed {
                    self.literal(inner);
                } else if inner.ends_with('/') || inner.ends_with(";base64,") {
                    self.literal(inner);
                    self.stop("");
                } else {
                    match self.style.choices(&key, inner) {
                        choices if choices.is_empty() => self.stop(inner),
                        choices => self.choice(&choices),
                    }
                }
                self.literal("\"");
            }
            _ if is_fixed => self.literal(raw),
            _ => self.stop(raw),
        }
    }

    fn object(&mut self, text: &str) {
        let mut parser = Parser::default();
        parser.parse(text);
        let record = parser.record(text);
        if let Some(root) = record.root() {
            self.value(record, root, false);
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

    /// A place to fill in with one of these, the first of them by default.
    fn choice(&mut self, choices: &[&str]) {
        if !self.style.snippets {
            self.out.push_str(choices.first().copied().unwrap_or_default());
            return;
        }
        self.stops += 1;
        self.out.push_str(&format!("${{{}|", self.stops));
        for (place, choice) in choices.iter().enumerate() {
            if place > 0 {
                self.out.push(',');
            }
            self.escaped(choice, &['\\', ',', '|']);
        }
        self.out.push_str("|}");
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

    fn style() -> Style {
        let format = crate::formats::FORMATS[0];
        Style { fixed: &["role"], ..Style::of(true, std::iter::empty(), Reader::new(format, format.default_service())) }
    }

    #[test]
    fn few_values_are_choices_the_given_one_first() {
        let style = style();
        let mime = style.skeleton("", r#"{"mimeType":"image/png"}"#, "").text;
        assert!(mime.starts_with(r#"{"mimeType":"${1|image/png,"#) && mime.ends_with(r#"|}"}$0"#), "{mime}");
        assert!(mime.contains("image/jpeg") && !mime.contains("video"), "{mime}");
        let shared = style.skeleton("", r#"{"mediaResolution":"MEDIA_RESOLUTION_HIGH"}"#, "").text;
        let expected = "MEDIA_RESOLUTION_HIGH,MEDIA_RESOLUTION_LOW,MEDIA_RESOLUTION_MEDIUM";
        assert_eq!(shared, format!(r#"{{"mediaResolution":"${{1|{expected}|}}"}}$0"#));
        let role = Style { key: "role", ..style }.skeleton("\"role\":", "\"model\"", "");
        assert_eq!(role.text, r#""role":"${1|model,user|}"$0"#);
        // Without snippets there is one value, and an unknown one has no choices.
        let plain = Style { snippets: false, ..style };
        assert_eq!(plain.skeleton("", r#"{"mimeType":"image/png"}"#, "").text, r#"{"mimeType":"image/png"}"#);
        assert_eq!(style.skeleton("", r#"{"mimeType":"a/b"}"#, "").text, r#"{"mimeType":"${1:a/b}"}$0"#);
    }

    #[test]
    fn empty_values_become_tab_stops_and_others_placeholders() {
        let style = style();
        let turn = style.skeleton("", r#"{"role":"user","parts":[{"text":""}]}"#, ",");
        assert_eq!(turn.text, r#"{"role":"user","parts":[{"text":"$1"}]},$0"#);
        let file = style.skeleton("\"fileData\":", r#"{"fileUri":"gs://","mimeType":"text"}"#, "");
        assert_eq!(file.text, r#""fileData":{"fileUri":"gs://$1","mimeType":"${2:text}"}$0"#);
        assert_eq!(style.skeleton("", r##""$.}""##, "").text, r#""${1:\$.\}}"$0"#);
    }
}
