//! Writes a new example as a line.

use crate::example::Speaker;
use crate::example::mime::MediaKind;
use crate::formats::draft::{Draft, DraftMedia, DraftPart, Left};
use crate::json::lexer::quote;

/// The line of an example. Adds what has no place in it to `left`.
pub(super) fn write(draft: &Draft, left: &mut Vec<Left>) -> String {
    let mut messages = Vec::new();
    if !draft.instructions.is_empty() {
        let parts: Vec<_> = draft.instructions.iter().cloned().map(DraftPart::Text).collect();
        messages.push(message(Speaker::System, &parts, left));
    }
    messages.extend(draft.turns.iter().map(|(speaker, parts)| message(*speaker, parts, left)));
    format!(r#"{{"messages":[{}]}}"#, messages.join(","))
}

fn message(speaker: Speaker, parts: &[DraftPart], left: &mut Vec<Left>) -> String {
    let role = match speaker {
        Speaker::User | Speaker::Tool => "user",
        Speaker::Model => "assistant",
        Speaker::System => "system",
    };
    let content = if let [DraftPart::Text(text)] = parts {
        quote(text)
    } else {
        let parts: Vec<_> = parts.iter().filter_map(|part| written(part, left)).collect();
        format!("[{}]", parts.join(","))
    };
    format!(r#"{{"role":"{role}","content":{content}}}"#)
}

fn written(part: &DraftPart, left: &mut Vec<Left>) -> Option<String> {
    match part {
        DraftPart::Text(text) => Some(format!(r#"{{"type":"text","text":{}}}"#, quote(text))),
        DraftPart::Media(media) => image(media, left),
    }
}

fn image(media: &DraftMedia, left: &mut Vec<Left>) -> Option<String> {
    if media.kind() != Some(MediaKind::Image) {
        left.push(Left { value: media.uri.clone(), why: "the format only has a place for images" });
        return None;
    }
    let times = [&media.start, &media.end].into_iter().flatten().cloned();
    left.extend(times.map(|value| Left { value, why: "it is a time, and only a video has segments" }));
    let named = media.mime.iter().cloned();
    left.extend(named.map(|value| Left { value, why: "the format has no place for a media type" }));
    Some(format!(r#"{{"type":"image_url","image_url":{{"url":{}}}}}"#, quote(&media.uri)))
}
