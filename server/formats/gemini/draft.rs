//! Writes a new example as a line.

use super::MEDIA_RESOLUTION_FIELD;
use crate::example::Speaker;
use crate::example::mime::MediaKind;
use crate::formats::draft::{Draft, DraftMedia, DraftPart, Left};
use crate::json::lexer::quote;

impl Draft {
    fn role(&self, speaker: Speaker) -> &'static str {
        if speaker == Speaker::Model { self.model_role.unwrap_or("model") } else { "user" }
    }
}

/// The line of an example. Adds what has no place in it to `left`.
pub(super) fn write(draft: &Draft, left: &mut Vec<Left>) -> String {
    let mut members = Vec::new();
    if !draft.instructions.is_empty() {
        let parts: Vec<_> = draft.instructions.iter().map(|instruction| text(instruction)).collect();
        members.push(format!(r#""systemInstruction":{{"parts":[{}]}}"#, parts.join(",")));
    }
    let turns = draft.turns.iter().map(|(speaker, parts)| turn(draft.role(*speaker), parts, left));
    members.push(format!(r#""contents":[{}]"#, turns.collect::<Vec<_>>().join(",")));
    if let Some(shared) = draft.shared.filter(|shared| shared.is_set() && draft.has_frames()) {
        let name = MEDIA_RESOLUTION_FIELD.name(shared);
        members.push(format!(r#""generationConfig":{{"mediaResolution":"{name}"}}"#));
    }
    format!("{{{}}}", members.join(","))
}

fn turn(role: &str, parts: &[DraftPart], left: &mut Vec<Left>) -> String {
    let parts = parts.iter().map(|part| match part {
        DraftPart::Text(it) => text(it),
        DraftPart::Media(it) => media(it, left),
    });
    format!(r#"{{"role":"{role}","parts":[{}]}}"#, parts.collect::<Vec<_>>().join(","))
}

fn text(text: &str) -> String {
    format!(r#"{{"text":{}}}"#, quote(text))
}

fn media(media: &DraftMedia, left: &mut Vec<Left>) -> String {
    let mut file = format!(r#""fileUri":{}"#, quote(&media.uri));
    if let Some(mime) = media.mime_type() {
        file += &format!(r#","mimeType":{}"#, quote(&mime));
    }
    let offsets = [("startOffset", &media.start), ("endOffset", &media.end)];
    let offsets = offsets.into_iter().filter_map(|(name, offset)| Some((name, offset.as_ref()?)));
    if matches!(media.kind(), None | Some(MediaKind::Video)) {
        let offsets: Vec<_> = offsets.map(|(name, offset)| format!(r#""{name}":{}"#, quote(offset))).collect();
        if !offsets.is_empty() {
            return format!(r#"{{"fileData":{{{file}}},"videoMetadata":{{{}}}}}"#, offsets.join(","));
        }
    } else {
        let why = "it is a time, and only a video has segments";
        left.extend(offsets.map(|(_, offset)| Left { value: offset.clone(), why }));
    }
    format!(r#"{{"fileData":{{{file}}}}}"#)
}
