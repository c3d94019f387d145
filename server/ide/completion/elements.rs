//! Elements of a list: turns and parts by who speaks, other objects by their required fields.

use super::documentation::DocumentationKey;
use super::nearby::Speaker;
use super::question::{Question, object_start};
use super::{Item, ItemKind, values};
use crate::json::Parser;
use crate::schema::{Field, Object, Shape, Text, gemini, index, preference};

const TEXT_PART: &str = r#"{"text":""}"#;
const VIDEO_PART: &str = r#"{"fileData":{"fileUri":"gs://","mimeType":"video/mp4"}}"#;
const SEGMENT_PART: &str =
    r#"{"fileData":{"fileUri":"gs://","mimeType":"video/mp4"},"videoMetadata":{"startOffset":"0s","endOffset":"10s"}}"#;
const IMAGE_PART: &str = r#"{"fileData":{"fileUri":"gs://","mimeType":"image/jpeg"}}"#;
const AUDIO_PART: &str = r#"{"fileData":{"fileUri":"gs://","mimeType":"audio/mp3"}}"#;
const DOCUMENT_PART: &str = r#"{"fileData":{"fileUri":"gs://","mimeType":"application/pdf"}}"#;
const CALL_PART: &str = r#"{"functionCall":{"name":"","args":{}}}"#;
const RESPONSE_PART: &str = r#"{"functionResponse":{"name":"","response":{}}}"#;

/// What the list that the cursor is in can have as its next element.
pub(super) fn items(question: &Question<'_>, shape: Shape, field: Option<&'static Field>) -> Vec<Item> {
    match shape {
        Shape::String(Text::Plain) => values::listed(question, field),
        Shape::Enum(_) => values::items(question, shape, field),
        _ if question.in_string() => Vec::new(),
        Shape::Object(object) if std::ptr::eq(object, &raw const gemini::CONTENT) => turns(question, field),
        Shape::Object(object) if std::ptr::eq(object, &raw const gemini::PART) => parts(question, field),
        Shape::Object(object) => vec![object_item(question, object, field)],
        _ => Vec::new(),
    }
}

fn documented(item: Item, field: Option<&'static Field>) -> Item {
    item.documentation(field.map_or(DocumentationKey::Nothing, |field| DocumentationKey::Field(index::field_id(field))))
}

fn turns(question: &Question<'_>, field: Option<&'static Field>) -> Vec<Item> {
    let next = question.next_speaker();
    let turn = |speaker: Speaker, part: &str| format!(r#"{{"role":"{}","parts":[{part}]}}"#, speaker.role());
    let with_video = format!("{VIDEO_PART},{TEXT_PART}");
    let forms = [
        ("user turn", Speaker::User, turn(Speaker::User, TEXT_PART)),
        ("user turn with a video", Speaker::User, turn(Speaker::User, &with_video)),
        ("model turn", Speaker::Model, turn(Speaker::Model, TEXT_PART)),
    ];
    let item = |(place, (label, speaker, json)): (usize, &(&str, Speaker, String))| {
        let fits = *speaker == next;
        let item = question.skeleton(label, json, ItemKind::Value);
        let detail = if fits { "expected here" } else { "" };
        documented(item.detail(detail).sort(usize::from(!fits), place).preselect(fits), field)
    };
    forms.iter().enumerate().map(item).collect()
}

fn parts(question: &Question<'_>, field: Option<&'static Field>) -> Vec<Item> {
    let forms: &[(&str, &str)] = match question.speaker() {
        Some(Speaker::System) => &[("text part", TEXT_PART)],
        Some(Speaker::Model) => &[("text part", TEXT_PART), ("function call", CALL_PART)],
        Some(Speaker::User) | None if question.example().completion_list.is_some() => &[("text part", TEXT_PART)],
        Some(Speaker::User) | None => &[
            ("text part", TEXT_PART),
            ("video part", VIDEO_PART),
            ("video segment part", SEGMENT_PART),
            ("image part", IMAGE_PART),
            ("audio part", AUDIO_PART),
            ("PDF part", DOCUMENT_PART),
            ("function response", RESPONSE_PART),
        ],
    };
    let item = |(place, (label, json)): (usize, &(&str, &str))| {
        documented(question.skeleton(label, json, ItemKind::Value).sort(0, place), field)
    };
    forms.iter().enumerate().map(item).collect()
}

fn object_item(question: &Question<'_>, object: &'static Object, field: Option<&'static Field>) -> Item {
    let json = if std::ptr::eq(object, &raw const preference::COMPLETION) {
        let score = u8::from(scores(question).all(|score| score != "1" && score != "1.0"));
        format!(r#"{{"score":{score},"completion":{{"role":"model","parts":[{TEXT_PART}]}}}}"#)
    } else {
        field.and_then(|field| first_element(field.example)).unwrap_or_else(|| object_start(object))
    };
    let item = question.skeleton("{…}", &json, ItemKind::Value).detail(object.name).sort(0, 0);
    documented(item, field)
}

/// The scores in the list that the cursor is in, as they are written.
fn scores<'q>(question: &'q Question<'_>) -> impl Iterator<Item = &'q str> {
    let (site, record) = (question.site, question.site.record());
    let nodes = record.children(site.parent).filter_map(move |answer| site.member(answer, "score"));
    nodes.map(move |score| record.raw(record.span(score)))
}

/// The first element of an example that is a list.
fn first_element(example: &str) -> Option<String> {
    let mut parser = Parser::default();
    parser.parse(example);
    let record = parser.record(example);
    record.index(1).filter(|_| record.tree.nodes.len() > 1)?;
    Some(record.raw(record.span(1)).to_owned())
}
