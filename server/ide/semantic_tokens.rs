//! What the values of an example are, for colors: roles, locations, placeholders in them, media types, offsets, names of
//! functions, and what the model learns.

use crate::analysis::{Analyst, Source};
use crate::example::{Example, Place, Speaker, Turn};
use crate::formats::{LineKind, Mark, Target};
use crate::ide::edits::without_mark;
use crate::ide::fixes::File;
use crate::json::{Kind, NodeId, Record, Span};
use crate::schema::scalar::placeholder;
use std::ops::Range;

/// The most text to read for an answer, in bytes. Some editors request all lines of a file.
const MAX_BYTES: usize = 4 << 20;

/// The most tokens of an answer.
const MAX_TOKENS: usize = 20_000;

/// The most characters of a target that is a label.
const LABEL_LENGTH: usize = 40;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// The role of a turn.
    Role,
    /// The location of a media file.
    Location,
    /// A part of a location to replace with a real name.
    Placeholder,
    /// A media type.
    MediaType,
    /// The start, the end or the frame rate of a segment.
    Offset,
    /// The name of a function that is called, or was.
    Function,
    /// A short text that the model learns.
    Label,
    /// A longer text that the model learns.
    Target,
}

impl TokenKind {
    /// All of them, in order.
    pub const ALL: [TokenKind; 8] = [
        Self::Role,
        Self::Location,
        Self::Placeholder,
        Self::MediaType,
        Self::Offset,
        Self::Function,
        Self::Label,
        Self::Target,
    ];
}

/// A value on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// The first line of the record.
    pub line: usize,
    /// Its bytes in the record, without quotes.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
}

/// The tokens of the examples on these lines, by place. Reads only these lines, and at most 4 MB of them.
pub fn tokens<S: Source>(file: &File<'_, S>, range: Range<usize>, analyst: &mut Analyst) -> Vec<Token> {
    let File { source, lines, .. } = *file;
    let mut record = lines.record_at(range.start);
    let end = range.end.min(source.line_count());
    let (mut tokens, mut bytes, mut buffer) = (Vec::new(), 0, String::new());
    while record.start < end && tokens.len() < MAX_TOKENS && bytes < MAX_BYTES {
        let text = source.record(record.clone(), &mut buffer).text;
        bytes += text.len();
        let reading = without_mark(text);
        let reading = analyst.read(&reading);
        if let Mark::Known(kind) = reading.mark {
            let of_record = of_example(reading.record, reading.example, kind);
            tokens.extend(of_record.into_iter().map(|(span, kind)| Token { line: record.start, span, kind }));
        }
        record = lines.record_at(record.end);
    }
    tokens.truncate(MAX_TOKENS);
    tokens
}

fn of_example(record: Record<'_>, example: &Example, kind: &LineKind) -> Vec<(Span, TokenKind)> {
    let mut tokens = Vec::new();
    let mut add = |node: Option<NodeId>, kind: TokenKind| tokens.extend(node.map(|node| (inside(record, node), kind)));
    for turn in &example.turns {
        add(turn.role, TokenKind::Role);
    }
    for media in &example.media {
        add(media.mime, TokenKind::MediaType);
    }
    for segment in &example.segments {
        [segment.start, segment.end, segment.fps].into_iter().for_each(|node| add(node, TokenKind::Offset));
    }
    for call in &example.calls {
        add(call.name, TokenKind::Function);
    }
    for turn in learned(record, example, kind) {
        for text in example.parts_of(turn).iter().filter(|part| !part.thought).filter_map(|part| part.text) {
            let length = record.raw(inside(record, text)).chars().take(LABEL_LENGTH + 1).count();
            add(Some(text), if length > LABEL_LENGTH { TokenKind::Target } else { TokenKind::Label });
        }
    }
    for uri in example.media.iter().filter_map(|media| media.uri) {
        location(record, uri, &mut tokens);
    }
    tokens.retain(|(span, _)| !span.is_empty());
    tokens.sort_by_key(|(span, _)| (span.start(), span.end()));
    // Some clients don't support overlapping tokens.
    let mut reach = 0;
    tokens.retain(|(span, _)| {
        let free = span.start() >= reach;
        reach = if free { span.end() } else { reach };
        free
    });
    tokens
}

/// The turns that the model learns.
fn learned<'a>(record: Record<'a>, example: &'a Example, kind: &LineKind) -> impl Iterator<Item = &'a Turn> {
    let last = example.conversation().next_back().map(|turn| turn.node);
    let target = kind.target;
    let is_off = move |turn: &Turn| turn.weight.is_some_and(|weight| record.raw(record.span(weight)) == "0");
    example.turns.iter().filter(move |turn| match target {
        Target::LastTurn => Some(turn.node) == last && turn.speaker == Some(Speaker::Model),
        Target::ByWeight => turn.place == Place::Conversation && turn.speaker == Some(Speaker::Model) && !is_off(turn),
        Target::ScoredAnswers | Target::TwoAnswers => turn.place == Place::Answer,
        Target::Nothing => false,
    })
}

/// A location, and the placeholder in it apart.
fn location(record: Record<'_>, uri: NodeId, tokens: &mut Vec<(Span, TokenKind)>) {
    let span = inside(record, uri);
    let raw = record.raw(span);
    let text = record.string(uri).unwrap_or_default();
    let found = placeholder(&text).map(|found| found.text).and_then(|found| Some((raw.find(found)?, found.len())));
    let Some((at, length)) = found else { return tokens.push((span, TokenKind::Location)) };
    let (start, end) = (span.start() + at, span.start() + at + length);
    tokens.push((Span::new(span.start(), start), TokenKind::Location));
    tokens.push((Span::new(start, end), TokenKind::Placeholder));
    tokens.push((Span::new(end, span.end()), TokenKind::Location));
}

/// The bytes of a value without its quotes. A list, an object or a missing value has none.
fn inside(record: Record<'_>, node: NodeId) -> Span {
    let span = record.span(node);
    match record.kind(node) {
        Kind::Object | Kind::Array | Kind::Missing | Kind::TooDeep => Span::new(span.start(), span.start()),
        Kind::String => {
            let raw = record.raw(span);
            let start = span.start() + usize::from(raw.starts_with(['"', '\'']));
            let closed = raw.len() > 1 && raw.ends_with(['"', '\'']);
            Span::new(start, (span.end() - usize::from(closed)).max(start))
        }
        _ => span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Lines;
    use crate::settings::Settings;
    use crate::text::Document;

    /// The texts of the tokens and what they are.
    fn tokens_of(text: &str) -> Vec<(&str, TokenKind)> {
        let document = Document::new(text, 0);
        let mut analyst = Analyst::new(&Settings::default());
        let (lines, verdict) = Lines::judged(&document, &mut analyst);
        let file = File { source: &document, lines: &lines, verdict: &verdict };
        let found = tokens(&file, 0..usize::MAX, &mut analyst);
        found.into_iter().map(|token| (&text[token.span.range()], token.kind)).collect()
    }

    #[test]
    fn roles_locations_placeholders_offsets_and_labels_are_told_apart() {
        let text = concat!(
            r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://YOUR_BUCKET/a.mp4","#,
            r#""mimeType":"video/mp4"},"videoMetadata":{"startOffset":"1s","endOffset":"2.5s","fps":2}},"#,
            r#"{"text":"What?"}]},{"role":"model","parts":[{"text":"Goal"}]}]}"#
        );
        use TokenKind::*;
        assert_eq!(
            tokens_of(text),
            [
                ("user", Role),
                ("gs://", Location),
                ("YOUR_BUCKET", Placeholder),
                ("/a.mp4", Location),
                ("video/mp4", MediaType),
                ("1s", Offset),
                ("2.5s", Offset),
                ("2", Offset),
                ("model", Role),
                ("Goal", Label),
            ]
        );
    }

    #[test]
    fn only_answers_that_the_model_learns_are_targets() {
        let text = concat!(
            r#"{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"},"#,
            r#"{"role":"assistant","weight":0,"content":"Not this."},{"role":"user","content":"Why?"},"#,
            r#"{"role":"assistant","content":"This answer has more than forty characters."}]}"#
        );
        use TokenKind::*;
        let found = tokens_of(text);
        let roles = found.iter().filter(|(_, kind)| *kind == Role).count();
        assert_eq!((roles, found.len()), (5, 6));
        assert_eq!(found[5], ("This answer has more than forty characters.", Target));
    }

    #[test]
    fn a_broken_line_still_has_what_is_certain() {
        let found = tokens_of("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\",},{\"role\":\"assistant");
        assert_eq!(found[0], ("user", TokenKind::Role));
    }
}
