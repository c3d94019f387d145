//! What the cursor is on, and where else a file mentions it: a media location, a label or the name of a function.
//!
//! This folder must not know which files there are, or what is done with the mentions.

mod finder;
mod needle;

pub use finder::{Finder, Mentions, Place};

use crate::analysis::Analyst;
use crate::analysis::line::Reading;
use crate::example::{Call, meaning};
use crate::formats::Format;
use crate::ide::edits::without_mark;
use crate::json::{NodeId, Record, Span, lexer};
use crate::schema::Means;
use std::borrow::Cow;

/// A longer location is not looked for: it contains the media data itself.
const MAX_LOCATION: usize = 4 << 10;

/// What is mentioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The location of a media file.
    Location,
    /// A short text that is the target of an example.
    Label,
    /// The name of a function.
    Function,
}

/// Something that several examples mention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// What it is.
    pub kind: Kind,
    /// Its decoded text.
    pub text: String,
}

/// How a string mentions the subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The declaration of a function.
    Declaration,
    /// A call of a function.
    Call,
    /// The response to a call.
    Response,
    /// Anything else.
    Use,
}

/// A string that mentions a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The first line of its record.
    pub line: usize,
    /// The bytes of the subject's text, inside the quotes.
    pub span: Span,
    /// The bytes of the whole string.
    pub string: Span,
    /// Whether it is between double quotes, as JSON demands.
    pub is_quoted: bool,
    /// The bytes of what it is about: the part of a media file, a call or a declaration.
    pub around: Span,
    /// How it mentions the subject.
    pub role: Role,
    /// The piece of a media file that it selects, in microseconds.
    pub piece: (u64, u64),
    /// Which of the locations that a finder looks for it is in.
    pub which: usize,
}

/// What is known of a string besides its record.
struct Found {
    node: NodeId,
    around: NodeId,
    role: Role,
    piece: (u64, u64),
}

const WHOLE: (u64, u64) = (0, u64::MAX);

/// The strings of a record that mention subjects of a kind.
fn strings(reading: &Reading<'_>, kind: Kind) -> Vec<Found> {
    let Reading { record, fit, example, .. } = *reading;
    let plain = |node, around, role| Found { node, around, role, piece: WHOLE };
    match kind {
        Kind::Location => {
            let files = example.media.iter().filter_map(|media| {
                let node = media.uri?;
                let around = example.parts.get(media.part).map_or(media.node, |part| part.node);
                let piece = meaning::piece(record, example, media).unwrap_or(WHOLE);
                Some(Found { node, around, role: Role::Use, piece })
            });
            files.collect()
        }
        Kind::Label => {
            let label = meaning::label_text(record, example);
            label.map(|(node, _)| plain(node, node, Role::Use)).into_iter().collect()
        }
        Kind::Function => {
            let parent = |node| record.parent(node).unwrap_or(node);
            let declared = example.declared.iter().map(|node| plain(*node, parent(*node), Role::Declaration));
            let role = |call: &Call| if call.is_result { Role::Response } else { Role::Call };
            let calls = example.calls.iter().filter_map(|call| Some(plain(call.name?, call.node, role(call))));
            let lists = fit.pairs.iter().filter(|pair| pair.field.is_some_and(|it| it.means == Means::DeclaredNames));
            let listed = lists.flat_map(|pair| record.children(pair.node)).map(|node| plain(node, node, Role::Use));
            let mut all: Vec<_> = declared.chain(calls).chain(listed).collect();
            all.sort_by_key(|found| found.node);
            all
        }
    }
}

/// The text that a string mentions.
fn text_of<'a>(record: Record<'a>, node: NodeId, kind: Kind) -> Option<Cow<'a, str>> {
    let text = record.string(node)?;
    let text = match (kind, text) {
        (Kind::Label, Cow::Borrowed(text)) => Cow::Borrowed(text.trim()),
        (Kind::Label, Cow::Owned(text)) => Cow::Owned(text.trim().to_owned()),
        (_, text) => text,
    };
    (!text.is_empty()).then_some(text)
}

/// The bytes of a string inside its quotes.
pub(super) fn inside_quotes(record: Record<'_>, node: NodeId) -> Span {
    let string = record.span(node);
    let raw = record.raw(string);
    let inner = lexer::unquote(raw);
    let start = string.start() + (inner.as_ptr().addr() - raw.as_ptr().addr());
    Span::new(start, start + inner.len())
}

/// The bytes of a string inside its quotes, for a label also without the white space around it.
fn inside(record: Record<'_>, node: NodeId, kind: Kind) -> Span {
    let span = inside_quotes(record, node);
    if kind != Kind::Label {
        return span;
    }
    let (start, inner) = (span.start(), record.raw(span));
    let spaces = |text: &str, escape: fn(&str) -> Option<&str>, trim: fn(&str) -> &str| {
        let mut rest = trim(text);
        while let Some(after) = escape(rest) {
            rest = trim(after);
        }
        text.len() - rest.len()
    };
    let before = spaces(inner, |text| ESCAPES.into_iter().find_map(|it| text.strip_prefix(it)), str::trim_start);
    let after = spaces(inner, |text| ESCAPES.into_iter().find_map(|it| text.strip_suffix(it)), str::trim_end);
    let trimmed = inner.get(before..inner.len().saturating_sub(after)).unwrap_or_default();
    let same = text_of(record, node, kind).is_some_and(|text| lexer::unescape_if_needed(trimmed) == text);
    if same { Span::new(start + before, start + before + trimmed.len()) } else { span }
}

/// The escapes of white space.
const ESCAPES: [&str; 3] = ["\\n", "\\r", "\\t"];

/// A subject at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtCursor {
    /// The subject.
    pub subject: Subject,
    /// The string at the cursor.
    pub mention: Mention,
    /// The format of the record.
    pub format: &'static Format,
}

/// The subject whose mention is at byte `offset` of a record. O(record).
pub fn at(text: &str, offset: usize, analyst: &mut Analyst) -> Option<AtCursor> {
    let offset = text.floor_char_boundary(offset);
    let text = without_mark(text);
    of_reading(&analyst.read(&text), offset)
}

/// The same, for a record that is read.
pub(super) fn of_reading(reading: &Reading<'_>, offset: usize) -> Option<AtCursor> {
    let record = reading.record;
    let node = record.node_at(offset).filter(|node| record.span(*node).touches(offset))?;
    [Kind::Location, Kind::Label, Kind::Function].into_iter().find_map(|kind| {
        let found = strings(reading, kind).into_iter().find(|found| found.node == node)?;
        let text = text_of(record, node, kind)?;
        if kind == Kind::Location && (text.len() > MAX_LOCATION || text.starts_with("data:")) {
            return None;
        }
        let subject = Subject { kind, text: text.into_owned() };
        Some(AtCursor { subject, mention: found.mention(record, 0, kind), format: reading.kind.format })
    })
}

impl Found {
    fn mention(&self, record: Record<'_>, line: usize, kind: Kind) -> Mention {
        let (string, span) = (record.span(self.node), inside(record, self.node, kind));
        let raw = record.raw(string);
        Mention {
            line,
            span,
            string,
            is_quoted: raw.len() > 1
                && raw.starts_with('"')
                && lexer::unquote(raw).len() + 2 == raw.len()
                && raw.ends_with('"'),
            around: record.span(self.around),
            role: self.role,
            piece: self.piece,
            which: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Document;

    const CLIP: &str = r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://b/a.mp4","mimeType":"video/mp4"},"videoMetadata":{"startOffset":"1s","endOffset":"2s"}}]},{"role":"model","parts":[{"text":"Goal"}]}]}"#;
    const CALLS: &str = r#"{"tools":[{"functionDeclarations":[{"name":"f"}]}],"toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}},"contents":[{"role":"user","parts":[{"text":"f"}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{"name":"f"}}}]},{"parts":[{"functionResponse":{"name":"\u0066","response":{}}}]},{"role":"model","parts":[{"text":"f"}]}]}"#;
    const CHAT: &str = r#"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https:\/\/a.org\/b.png"}}]},{"role":"assistant","content":" Goal\n"}]}"#;
    const CHAT_CALLS: &str = r#"{"messages":[{"role":"user","content":"?"},{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"1","content":"f","name":"f"},{"role":"assistant","content":"Yes"}],"tools":[{"type":"function","function":{"name":"f"}}]}"#;

    /// What is at the first `needle` of a line.
    fn found(line: &str, needle: &str) -> Option<(Kind, String, String)> {
        let at = line.find(needle).expect(needle) + 1;
        let found = super::at(line, at, &mut Analyst::default())?;
        Some((found.subject.kind, found.subject.text, line[found.mention.span.range()].to_owned()))
    }

    /// The mentions of a subject in a text, each with its line, its text and its role.
    fn mentions(text: &str, kind: Kind, subject: &str) -> (Vec<(usize, String, Role)>, usize) {
        let document = Document::new(text, 0);
        let finder = Finder::new(&Subject { kind, text: subject.to_owned() });
        let lines = 0..document.line_count();
        let found = finder.find(&document, lines, &[], usize::MAX, &mut Analyst::default());
        let raw = |it: &Mention| document.line(it.line).to_string()[it.span.range()].to_owned();
        let mentions = found.found.iter().map(|it| (it.line, raw(it), it.role)).collect();
        (mentions, found.parsed)
    }

    #[test]
    fn the_subject_is_the_string_at_the_cursor_in_both_formats() {
        let of = |kind, text: &str, raw: &str| Some((kind, text.to_owned(), raw.to_owned()));
        assert_eq!(found(CLIP, "gs://"), of(Kind::Location, "gs://b/a.mp4", "gs://b/a.mp4"));
        assert_eq!(found(CLIP, "Goal"), of(Kind::Label, "Goal", "Goal"));
        assert_eq!(found(CHAT, "https:"), of(Kind::Location, "https://a.org/b.png", r"https:\/\/a.org\/b.png"));
        assert_eq!(found(CHAT, " Goal"), of(Kind::Label, "Goal", "Goal"));
        assert_eq!(found(CALLS, r"\u0066"), of(Kind::Function, "f", r"\u0066"));
        assert_eq!(found(CHAT_CALLS, "f\",\"arguments"), of(Kind::Function, "f", "f"));
        assert_eq!(found(CHAT_CALLS, "f\",\"name"), None, "a result");
        for nothing in ["fileUri", "video/mp4", "\"role\"", "model", "\"1s"] {
            assert_eq!(found(CLIP, nothing), None, "{nothing}");
        }
        assert_eq!(found(CALLS, "f\"}]},{\"role\":\"model"), None, "a prompt");
        assert_eq!(found(CALLS, "f\"}}}]}"), None, "an argument");
    }

    #[test]
    fn strings_are_compared_decoded_and_other_lines_are_not_parsed() {
        let other = CLIP.replace("Goal", "No goal").replace("a.mp4", "b.mp4");
        let escaped = CLIP.replace("Goal", r"G\u006fal").replace('/', r"\/");
        let text = [CLIP, &other, &escaped, "", "not JSON: Goal", CHAT].join("\n");
        let label = |line, raw: &str| (line, raw.to_owned(), Role::Use);
        let (labels, parsed) = mentions(&text, Kind::Label, "Goal");
        assert_eq!(labels, [label(0, "Goal"), label(2, r"G\u006fal"), label(5, "Goal")]);
        assert_eq!(parsed, 4, "the fifth line may be a broken record");
        let (files, parsed) = mentions(&text, Kind::Location, "gs://b/a.mp4");
        assert_eq!(files, [label(0, "gs://b/a.mp4"), label(2, r"gs:\/\/b\/a.mp4")]);
        assert_eq!(parsed, 3);
    }

    #[test]
    fn a_function_is_mentioned_by_declarations_lists_calls_and_responses() {
        let (found, _) = mentions(CALLS, Kind::Function, "f");
        let roles: Vec<_> = found.iter().map(|(_, _, role)| *role).collect();
        assert_eq!(roles, [Role::Declaration, Role::Use, Role::Call, Role::Response]);
        let (found, _) = mentions(CHAT_CALLS, Kind::Function, "f");
        let roles: Vec<_> = found.iter().map(|(_, _, role)| *role).collect();
        assert_eq!(roles, [Role::Call, Role::Response, Role::Declaration]);
    }

    #[test]
    fn a_broken_line_still_mentions_what_is_certain() {
        let broken = CLIP.replace("\"}]}]}", "\"}]");
        let single = r#"{'contents':[{'role':'model','parts':[{'text':'Goal'}]}]}"#;
        let (found, _) = mentions(&format!("{broken}\n{single}"), Kind::Label, "Goal");
        assert_eq!(
            found.iter().map(|(line, raw, _)| (*line, raw.as_str())).collect::<Vec<_>>(),
            [(0, "Goal"), (1, "Goal")]
        );
        for at in 0..CALLS.len() {
            super::at(&CALLS[..at], at.saturating_sub(1), &mut Analyst::default());
        }
    }

    #[test]
    fn media_in_the_line_is_no_subject() {
        assert_eq!(found(&CHAT.replace(r"https:\/\/a.org\/b.png", "data:image/png;base64,aGk="), "data:"), None);
    }

    #[test]
    fn in_fifty_thousand_lines_only_those_with_the_string_are_parsed() {
        let lines = (0..50_000).map(|number| CLIP.replace("a.mp4", &format!("{}.mp4", number % 5_000)) + "\n");
        let (found, parsed) = mentions(&lines.collect::<String>(), Kind::Location, "gs://b/7.mp4");
        assert_eq!((found.len(), parsed), (10, 10));
    }
}
