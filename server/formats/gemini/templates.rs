//! What an editor offers to start from in a Gemini file.

use crate::example::Speaker::{Model, System, User};
use crate::example::mime::MediaKind;
use crate::formats::template::{RoleDoc, Template};

/// The roles; `system` is for `systemInstruction` only.
pub static ROLES: [RoleDoc; 3] = [
    RoleDoc { role: "user", doc: "The turn is the user's: the prompt, the media, a function's result." },
    RoleDoc {
        role: "model",
        doc: "The turn is the model's. The last one of a supervised example is the target: the answer to learn.",
    },
    RoleDoc { role: "system", doc: "Only for `systemInstruction`, where the role is ignored. A turn can't have it." },
];

/// Lines, turns and parts, in the order of the list.
pub static TEMPLATES: [Template; 18] = [
    Template::example(
        "video example",
        "A video, a prompt, and the answer to learn.",
        "Describe what happens in this video.",
        r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://my-bucket/videos/clip.mp4","mimeType":"video/mp4"}},{"text":"PROMPT"}]},{"role":"model","parts":[{"text":"A player kicks the ball into the goal."}]}],"generationConfig":{"mediaResolution":"SHARED"}}"#,
    )
    .with(MediaKind::Video),
    Template::example(
        "video segment example",
        "A segment of a video, a prompt, and the answer to learn. The offsets count from the start of the file.",
        "Describe what happens in this video.",
        r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://my-bucket/videos/clip.mp4","mimeType":"video/mp4"},"videoMetadata":{"startOffset":"0s","endOffset":"10s"}},{"text":"PROMPT"}]},{"role":"model","parts":[{"text":"A player kicks the ball into the goal."}]}],"generationConfig":{"mediaResolution":"SHARED"}}"#,
    )
    .with(MediaKind::Video),
    Template::example(
        "image example",
        "An image, a prompt, and the answer to learn.",
        "Describe this picture.",
        r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://my-bucket/images/picture.jpg","mimeType":"image/jpeg"}},{"text":"PROMPT"}]},{"role":"model","parts":[{"text":"A red bicycle leans against a wall."}]}],"generationConfig":{"mediaResolution":"SHARED"}}"#,
    )
    .with(MediaKind::Image),
    Template::example(
        "text example",
        "A prompt and the answer to learn.",
        "Is this review positive or negative? The battery lasts two days.",
        r#"{"contents":[{"role":"user","parts":[{"text":"PROMPT"}]},{"role":"model","parts":[{"text":"Positive"}]}]}"#,
    ),
    Template::example(
        "multi-turn example",
        "A conversation of two questions and two answers; the model learns the last answer.",
        "What is the capital of France?",
        r#"{"contents":[{"role":"user","parts":[{"text":"PROMPT"}]},{"role":"model","parts":[{"text":"Paris."}]},{"role":"user","parts":[{"text":"How many people live there?"}]},{"role":"model","parts":[{"text":"About two million."}]}]}"#,
    ),
    Template::example(
        "preference example",
        "A prompt and two answers to it, the preferred one with score 1.",
        "When is the meeting?",
        r#"{"contents":[{"role":"user","parts":[{"text":"PROMPT"}]}],"completions":[{"score":1,"completion":{"role":"model","parts":[{"text":"The meeting is on Monday at 10."}]}},{"score":0,"completion":{"role":"model","parts":[{"text":"It is at some time."}]}}]}"#,
    ),
    Template::example(
        "reinforcement example",
        "A prompt, and references that the reward compares the model's answer with.",
        "What is 6 times 7?",
        r#"{"contents":[{"role":"user","parts":[{"text":"PROMPT"}]}],"references":{"ground_truth_answer":"42"}}"#,
    ),
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
