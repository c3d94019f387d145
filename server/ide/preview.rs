//! An example as a conversation to look at: what each turn says, with its media files and their segments.

use crate::analysis::line::Reading;
use crate::example::mime::MediaKind;
use crate::example::{Media, Part, Place, Speaker, Turn};
use crate::ide::title::{Title, media_name};
use crate::ide::view::expanded;
use crate::json::{Kind, NodeId, Parser, Span};
use crate::schema::scalar::Duration;
use serde::Serialize;

/// The most bytes of a text that are shown.
const MAX_TEXT: usize = 100_000;

/// An example as a conversation.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Preview {
    /// The few words by which a person recognizes it.
    pub title: String,
    /// Its turns, in the order of the line.
    pub turns: Vec<ShownTurn>,
}

/// A turn.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShownTurn {
    /// Who speaks: `user`, `model`, `system` or `tool`; `None` if the role is not one of the format's.
    pub speaker: Option<&'static str>,
    /// Its role as it is written; empty if it has none.
    pub role: String,
    /// What sets it apart from other turns, such as `score 0` or `weight 0`.
    pub note: Option<String>,
    /// What it says.
    pub parts: Vec<ShownPart>,
}

/// A part of a turn.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShownPart {
    /// The bytes of the record that it stands for.
    #[serde(skip)]
    pub span: Span,
    /// What it holds.
    #[serde(flatten)]
    pub content: Content,
}

/// What a part holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Content {
    /// A text as it is written.
    Text(Words),
    /// A text that is JSON, indented.
    Json(Words),
    /// A thought, which is not part of the answer.
    Thought(Words),
    /// A media file.
    Media(ShownMedia),
    /// A function call, with its arguments as indented JSON.
    Call(Words),
    /// The result of a function call.
    Result(Words),
    /// Other content, as indented JSON.
    Other(Words),
}

/// A text, for a call or result with the name of the function.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Words {
    /// The name of the function; empty for other texts.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The text, cut after 100,000 bytes.
    pub text: String,
}

impl Words {
    fn of(text: &str) -> Self {
        Self::named(String::new(), text)
    }

    fn named(name: String, text: &str) -> Self {
        Self { name, text: cut(text) }
    }
}

/// A media file, with its segment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShownMedia {
    /// Its index among the media files of the example, for [`offsets`](super::offsets).
    pub index: usize,
    /// `video`, `audio`, `image`, `document`, `text`, or `None` if the line doesn't say.
    pub media: Option<&'static str>,
    /// Its location, or `None` for media inside the line.
    pub location: Option<String>,
    /// Its name and segment, for a person.
    pub name: String,
    /// The start of its segment, in seconds; `None` if it isn't set.
    pub start: Option<f64>,
    /// The end of its segment, in seconds; `None` if it isn't set.
    pub end: Option<f64>,
}

/// The conversation of an example. Broken records show what can be read. O(record).
#[must_use]
pub fn preview(reading: &Reading<'_>) -> Preview {
    let turns = reading.example.turns.iter().map(|turn| shown_turn(reading, turn)).collect();
    Preview { title: Title::of(reading).to_string(), turns }
}

fn shown_turn(reading: &Reading<'_>, turn: &Turn) -> ShownTurn {
    let &Reading { record, example, .. } = reading;
    let speaker = match (turn.place, turn.speaker) {
        (Place::System, _) | (_, Some(Speaker::System)) => Some("system"),
        (_, Some(Speaker::User)) => Some("user"),
        (_, Some(Speaker::Model)) | (Place::Answer, None) => Some("model"),
        (_, Some(Speaker::Tool)) => Some("tool"),
        (Place::Conversation, None) => None,
    };
    let role = turn.role.and_then(|role| record.string(role)).unwrap_or_default().into_owned();
    let parts = example.parts_of(turn).iter().flat_map(|part| shown_parts(reading, part)).collect();
    ShownTurn { speaker, role, note: note(reading, turn), parts }
}

/// The score of an answer, or the weight of a turn.
fn note(reading: &Reading<'_>, turn: &Turn) -> Option<String> {
    let &Reading { record, example, .. } = reading;
    if turn.place == Place::Answer {
        let holds = |node: NodeId| (node..record.node(node).next).contains(&turn.node);
        let answer = example.answers.iter().find(|answer| holds(answer.node))?;
        return Some(match answer.score_of(record) {
            Some((node, _)) => format!("score {}", record.raw(record.span(node))),
            None if answer.is_rejected(record) => "rejected".to_owned(),
            None => "preferred".to_owned(),
        });
    }
    turn.weight.map(|weight| format!("weight {}", record.raw(record.span(weight))))
}

fn shown_parts(reading: &Reading<'_>, part: &Part) -> Vec<ShownPart> {
    let &Reading { record, example, .. } = reading;
    let mut shown = Vec::new();
    let mut add = |node: NodeId, content| shown.push(ShownPart { span: record.span(node), content });
    for (index, media) in example.media.iter().enumerate() {
        if example.parts.get(media.part).is_some_and(|own| own.node == part.node) {
            add(part.node, Content::Media(shown_media(reading, index, media)));
        }
    }
    if let Some(text) = part.text.and_then(|node| record.string(node)) {
        let content = match json(&text).filter(|_| !part.thought) {
            Some(json) => Content::Json(Words::of(&json)),
            None if part.thought => Content::Thought(Words::of(&text)),
            None => Content::Text(Words::of(&text)),
        };
        add(part.node, content);
    }
    let of_part = |node: NodeId| (part.node..record.node(part.node).next).contains(&node);
    for call in example.calls.iter().filter(|call| of_part(call.node)) {
        let name = call.name.and_then(|name| record.string(name)).unwrap_or_default().into_owned();
        let value = call.arguments.unwrap_or(call.node);
        let text = match record.string(value) {
            Some(text) => json(&text).unwrap_or_else(|| text.into_owned()),
            None => expanded(record.raw(record.span(value))),
        };
        let words = Words::named(name, &text);
        add(call.node, if call.is_result { Content::Result(words) } else { Content::Call(words) });
    }
    if shown.is_empty() && !matches!(record.kind(part.node), Kind::String | Kind::Missing) {
        let span = record.span(part.node);
        shown.push(ShownPart { span, content: Content::Other(Words::of(&expanded(record.raw(span)))) });
    }
    shown
}

fn shown_media(reading: &Reading<'_>, index: usize, media: &Media) -> ShownMedia {
    let &Reading { record, example, .. } = reading;
    let location = media.uri.and_then(|uri| record.string(uri)).filter(|_| !media.inline);
    let segment = example.segment_of(media.part);
    let time = |node: Option<NodeId>, time: Option<Duration>| node.and(time).map(seconds);
    ShownMedia {
        index,
        media: media.kind.map(|kind| match kind {
            MediaKind::Video => "video",
            MediaKind::Audio => "audio",
            MediaKind::Image => "image",
            MediaKind::Document => "document",
            MediaKind::Text => "text",
        }),
        location: location.map(|location| cut(&location)),
        name: media_name(record, example, media),
        start: segment.and_then(|it| time(it.start, it.start_time)),
        end: segment.and_then(|it| time(it.end, it.end_time)),
    }
}

/// A text indented, if it is a JSON object or array.
fn json(text: &str) -> Option<String> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let mut parser = Parser::default();
    parser.parse(text);
    (parser.fault_count() == 0).then(|| expanded(text))
}

fn cut(text: &str) -> String {
    match text.floor_char_boundary(MAX_TEXT) {
        end if end < text.len() => format!("{}…", &text[..end]),
        _ => text.to_owned(),
    }
}

/// A duration in seconds, as a player takes it.
#[allow(clippy::cast_precision_loss)]
fn seconds(duration: Duration) -> f64 {
    duration.nanos() as f64 / 1e9
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analyst;

    fn of(line: &str) -> Preview {
        preview(&Analyst::default().read(line))
    }

    #[test]
    fn a_video_question_shows_its_segment_and_texts() {
        let shown = of(concat!(
            r#"{"systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[{"role":"user","parts":["#,
            r#"{"fileData":{"fileUri":"gs://bucket/a.mp4","mimeType":"video/mp4"},"#,
            r#""videoMetadata":{"startOffset":"1.5s","endOffset":"65s"}},{"text":"What\nhappens?"}]},"#,
            r#"{"role":"model","parts":[{"text":"{\"label\":\"goal\"}"}]}]}"#
        ));
        let speakers: Vec<_> = shown.turns.iter().map(|turn| turn.speaker).collect();
        assert_eq!(speakers, [Some("system"), Some("user"), Some("model")]);
        let [media, text] = &shown.turns[1].parts[..] else { panic!("{shown:?}") };
        let Content::Media(media) = &media.content else { panic!("{media:?}") };
        assert_eq!((media.index, media.media, media.start, media.end), (0, Some("video"), Some(1.5), Some(65.0)));
        assert_eq!(media.location.as_deref(), Some("gs://bucket/a.mp4"));
        assert_eq!(text.content, Content::Text(Words::of("What\nhappens?")));
        let answer = Content::Json(Words::of("{\n  \"label\": \"goal\"\n}"));
        assert_eq!(shown.turns[2].parts[0].content, answer);
    }

    #[test]
    fn answers_to_compare_have_their_scores() {
        let shown = of(concat!(
            r#"{"contents":[{"role":"user","parts":[{"text":"Name?"}]}],"completions":["#,
            r#"{"score":1.0,"completion":{"role":"model","parts":[{"text":"a"}]}},"#,
            r#"{"score":0,"completion":{"role":"model","parts":[{"text":"b"}]}}]}"#
        ));
        let notes: Vec<_> = shown.turns.iter().map(|turn| turn.note.as_deref()).collect();
        assert_eq!(notes, [None, Some("score 1.0"), Some("score 0")]);
    }

    #[test]
    fn calls_show_their_arguments() {
        let shown = of(concat!(
            r#"{"messages":[{"role":"user","content":"Weather?"},{"role":"assistant","tool_calls":[{"id":"call_1","#,
            r#""type":"function","function":{"name":"weather","arguments":"{\"city\":\"Lima\"}"}}]},"#,
            r#"{"role":"tool","tool_call_id":"call_1","content":"rain"},{"role":"assistant","content":"Rain."}]}"#
        ));
        let contents: Vec<_> = shown.turns.iter().flat_map(|turn| &turn.parts).map(|part| &part.content).collect();
        let call = Content::Call(Words::named("weather".to_owned(), "{\n  \"city\": \"Lima\"\n}"));
        assert!(contents.contains(&&call), "{contents:?}");
        assert!(contents.contains(&&Content::Text(Words::of("rain"))), "{contents:?}");
    }

    #[test]
    fn other_lines_show_nothing() {
        for line in ["", "   ", "{", "[1,2]", r#"{"a":1}"#] {
            assert_eq!(of(line).turns, [], "{line}");
        }
    }
}
