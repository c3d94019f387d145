//! What an editor offers to start from in a file of Gemini.

use crate::example::Speaker::{Model, System, User};
use crate::example::mime::MediaKind;
use crate::formats::template::{Piece, RoleDoc, Template};

/// The roles; `system` stands in `systemInstruction` alone.
pub static ROLES: [RoleDoc; 3] = [
    RoleDoc { role: "user", doc: "The turn is the user's: the prompt, the media, what a function gave back." },
    RoleDoc {
        role: "model",
        doc: "The turn is the model's. The last one of a supervised example is the target: the answer that is learned.",
    },
    RoleDoc { role: "system", doc: "Only in `systemInstruction`, where the role is ignored. It is no role of a turn." },
];

/// Lines, turns and parts, each in the order of a list.
pub static TEMPLATES: [Template; 17] = [
    Template {
        label: "video example",
        of: Piece::Line,
        doc: "A video, a prompt, and the answer to learn.",
        json: r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://my-bucket/videos/clip.mp4","mimeType":"video/mp4"}},{"text":"PROMPT"}]},{"role":"model","parts":[{"text":"A player kicks the ball into the goal."}]}],"generationConfig":{"mediaResolution":"SHARED"}}"#,
        prompt: "Describe what happens in this video.",
        media: Some(MediaKind::Video),
    },
    Template {
        label: "video segment example",
        of: Piece::Line,
        doc: "A segment of a video, a prompt, and the answer to learn. The offsets count from the start of the file.",
        json: r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://my-bucket/videos/clip.mp4","mimeType":"video/mp4"},"videoMetadata":{"startOffset":"0s","endOffset":"10s"}},{"text":"PROMPT"}]},{"role":"model","parts":[{"text":"A player kicks the ball into the goal."}]}],"generationConfig":{"mediaResolution":"SHARED"}}"#,
        prompt: "Describe what happens in this video.",
        media: Some(MediaKind::Video),
    },
    Template {
        label: "image example",
        of: Piece::Line,
        doc: "An image, a prompt, and the answer to learn.",
        json: r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://my-bucket/images/picture.jpg","mimeType":"image/jpeg"}},{"text":"PROMPT"}]},{"role":"model","parts":[{"text":"A red bicycle leans against a wall."}]}],"generationConfig":{"mediaResolution":"SHARED"}}"#,
        prompt: "Describe this picture.",
        media: Some(MediaKind::Image),
    },
    Template {
        label: "text example",
        of: Piece::Line,
        doc: "A prompt and the answer to learn.",
        json: r#"{"contents":[{"role":"user","parts":[{"text":"PROMPT"}]},{"role":"model","parts":[{"text":"Positive"}]}]}"#,
        prompt: "Is this review positive or negative? The battery lasts two days.",
        media: None,
    },
    Template {
        label: "multi-turn example",
        of: Piece::Line,
        doc: "A conversation of two questions and two answers; the last answer is what is learned.",
        json: r#"{"contents":[{"role":"user","parts":[{"text":"PROMPT"}]},{"role":"model","parts":[{"text":"Paris."}]},{"role":"user","parts":[{"text":"How many people live there?"}]},{"role":"model","parts":[{"text":"About two million."}]}]}"#,
        prompt: "What is the capital of France?",
        media: None,
    },
    Template {
        label: "preference example",
        of: Piece::Line,
        doc: "A prompt and two answers to it, the preferred one with score 1.",
        json: r#"{"contents":[{"role":"user","parts":[{"text":"PROMPT"}]}],"completions":[{"score":1,"completion":{"role":"model","parts":[{"text":"The meeting is on Monday at 10."}]}},{"score":0,"completion":{"role":"model","parts":[{"text":"It is at some time."}]}}]}"#,
        prompt: "When is the meeting?",
        media: None,
    },
    Template::turn("user turn", User, r#"{"role":"user","parts":[{"text":""}]}"#),
    Template::turn(
        "user turn with a video",
        User,
        r#"{"role":"user","parts":[{"fileData":{"fileUri":"gs://","mimeType":"video/mp4"}},{"text":""}]}"#,
    ),
    Template::turn("model turn", Model, r#"{"role":"model","parts":[{"text":""}]}"#),
    Template::part("text part", &[User, Model, System], true, r#"{"text":""}"#),
    Template::part("video part", &[User], false, r#"{"fileData":{"fileUri":"gs://","mimeType":"video/mp4"}}"#),
    Template::part(
        "video segment part",
        &[User],
        false,
        r#"{"fileData":{"fileUri":"gs://","mimeType":"video/mp4"},"videoMetadata":{"startOffset":"0s","endOffset":"10s"}}"#,
    ),
    Template::part("image part", &[User], false, r#"{"fileData":{"fileUri":"gs://","mimeType":"image/jpeg"}}"#),
    Template::part("audio part", &[User], false, r#"{"fileData":{"fileUri":"gs://","mimeType":"audio/mp3"}}"#),
    Template::part("PDF part", &[User], false, r#"{"fileData":{"fileUri":"gs://","mimeType":"application/pdf"}}"#),
    Template::part("function response", &[User], false, r#"{"functionResponse":{"name":"","response":{}}}"#),
    Template::part("function call", &[Model], true, r#"{"functionCall":{"name":"","args":{}}}"#),
];
