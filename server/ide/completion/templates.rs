//! Whole examples for an empty line: one line each, valid as it stands, with the file's resolution.

use super::documentation::DocumentationKey;
use super::keys::FIRST_RESOLUTION;
use super::nearby::{self, Nearby, Wanted};
use super::skeleton::Style;
use super::{Asked, Item, ItemKind};
use crate::json::{Span, lexer};
use crate::schema::media::{MediaKind, Resolution};

/// An example to begin with.
struct Template {
    label: &'static str,
    doc: &'static str,
    media: Option<MediaKind>,
    /// JSON; `PROMPT` and `RESOLUTION` in quotes are replaced.
    json: &'static str,
    prompt: &'static str,
}

static TEMPLATES: [Template; 6] = [
    Template {
        label: "video example",
        doc: "A video, a prompt, and the answer to learn.",
        media: Some(MediaKind::Video),
        json: r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://my-bucket/videos/clip.mp4","mimeType":"video/mp4"}},{"text":"PROMPT"}]},{"role":"model","parts":[{"text":"A player kicks the ball into the goal."}]}],"generationConfig":{"mediaResolution":"RESOLUTION"}}"#,
        prompt: "Describe what happens in this video.",
    },
    Template {
        label: "video segment example",
        doc: "A segment of a video, a prompt, and the answer to learn. The offsets count from the start of the file.",
        media: Some(MediaKind::Video),
        json: r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://my-bucket/videos/clip.mp4","mimeType":"video/mp4"},"videoMetadata":{"startOffset":"0s","endOffset":"10s"}},{"text":"PROMPT"}]},{"role":"model","parts":[{"text":"A player kicks the ball into the goal."}]}],"generationConfig":{"mediaResolution":"RESOLUTION"}}"#,
        prompt: "Describe what happens in this video.",
    },
    Template {
        label: "image example",
        doc: "An image, a prompt, and the answer to learn.",
        media: Some(MediaKind::Image),
        json: r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://my-bucket/images/picture.jpg","mimeType":"image/jpeg"}},{"text":"PROMPT"}]},{"role":"model","parts":[{"text":"A red bicycle leans against a wall."}]}],"generationConfig":{"mediaResolution":"RESOLUTION"}}"#,
        prompt: "Describe this picture.",
    },
    Template {
        label: "text example",
        doc: "A prompt and the answer to learn.",
        media: None,
        json: r#"{"contents":[{"role":"user","parts":[{"text":"PROMPT"}]},{"role":"model","parts":[{"text":"Positive"}]}]}"#,
        prompt: "Is this review positive or negative? The battery lasts two days.",
    },
    Template {
        label: "multi-turn example",
        doc: "A conversation of two questions and two answers; the last answer is what is learned.",
        media: None,
        json: r#"{"contents":[{"role":"user","parts":[{"text":"PROMPT"}]},{"role":"model","parts":[{"text":"Paris."}]},{"role":"user","parts":[{"text":"How many people live there?"}]},{"role":"model","parts":[{"text":"About two million."}]}]}"#,
        prompt: "What is the capital of France?",
    },
    Template {
        label: "preference example",
        doc: "A prompt and two answers to it, the preferred one with score 1.",
        media: None,
        json: r#"{"contents":[{"role":"user","parts":[{"text":"PROMPT"}]}],"completions":[{"score":1,"completion":{"role":"model","parts":[{"text":"The meeting is on Monday at 10."}]}},{"score":0,"completion":{"role":"model","parts":[{"text":"It is at some time."}]}}]}"#,
        prompt: "When is the meeting?",
    },
];

/// The examples, when the record is empty, one word, or nothing but its first bracket.
pub(super) fn items(asked: &Asked<'_>) -> Vec<Item> {
    let typed = asked.text.trim();
    let start = asked.text.len() - asked.text.trim_start().len();
    let span = Span::new(start, start + typed.len());
    let word = lexer::word_end(typed, 0) == typed.len();
    let bracket = matches!(typed, "{" | "{}");
    if !(word || bracket) || (!typed.is_empty() && !span.touches(asked.offset)) {
        return Vec::new();
    }
    if nearby::is_gemini(asked.nearby) == Some(false) {
        return Vec::new();
    }
    let nearby = Nearby::read(asked.nearby, Wanted::Texts);
    let style = Style::of(asked.snippets, asked.nearby.iter().copied());
    let replace = if typed.is_empty() { Span::new(asked.offset, asked.offset) } else { span };
    let item = |(place, template): (usize, &Template)| {
        let json = template.json(asked.resolution, usual_prompt(&nearby, template.media));
        let skeleton = style.skeleton("", &json, "");
        // Before the bracket nothing is typed yet that an item could be compared with.
        let bracket = if bracket { "{" } else { "" };
        Item {
            label: template.label.to_owned(),
            kind: ItemKind::Template,
            detail: "a whole example".to_owned(),
            replace,
            text: skeleton.text,
            snippet: skeleton.snippet,
            filter: format!("{bracket}{}", template.label),
            sort: format!("9{place:03}"),
            documentation: DocumentationKey::Template(place),
            preselect: false,
        }
    };
    TEMPLATES.iter().enumerate().map(item).collect()
}

/// What users ask most often of such media nearby.
fn usual_prompt(nearby: &Nearby, media: Option<MediaKind>) -> Option<&str> {
    media?;
    let prompts = nearby.prompts.by_frequency().into_iter();
    prompts.map(|((text, kind), _)| (text, kind)).find(|(_, kind)| **kind == media).map(|(text, _)| text.as_str())
}

impl Template {
    fn json(&self, resolution: Option<Resolution>, prompt: Option<&str>) -> String {
        let resolution = resolution.filter(|it| *it != Resolution::Unspecified).unwrap_or(FIRST_RESOLUTION);
        // The prompt last: it may say anything.
        let json = self.json.replace("RESOLUTION", resolution.name());
        json.replace("\"PROMPT\"", &lexer::quote(prompt.unwrap_or(self.prompt)))
    }
}

/// The documentation of the template at this place.
pub(super) fn documentation(place: usize) -> Option<String> {
    let template = TEMPLATES.get(place)?;
    Some(format!("{}\n\n```json\n{}\n```", template.doc, template.json(None, None)))
}
