//! What an editor offers to start from in a file of OpenAI's lines.

use crate::example::Speaker::{Model, System, Tool, User};
use crate::example::mime::MediaKind;
use crate::formats::template::{Piece, RoleDoc, Template};

/// The roles.
pub static ROLES: [RoleDoc; 5] = [
    RoleDoc { role: "user", doc: "The message is the user's: text, and images where the model reads them." },
    RoleDoc {
        role: "assistant",
        doc: "The message is the model's: a text, or calls of functions. It is learned unless its `weight` is 0.",
    },
    RoleDoc { role: "system", doc: "What the model is to be or to do in the whole conversation." },
    RoleDoc { role: "tool", doc: "What a called function gave back, with the id of the call." },
    RoleDoc { role: "developer", doc: "Instructions, as `system`; newer models have it." },
];

/// Lines, turns and parts, each in the order of a list.
pub static TEMPLATES: [Template; 15] = [
    Template {
        label: "chat example",
        of: Piece::Line,
        doc: "A question and the answer to learn.",
        json: r#"{"messages":[{"role":"user","content":"PROMPT"},{"role":"assistant","content":"Positive"}]}"#,
        prompt: "Is this review positive or negative? The battery lasts two days.",
        media: None,
    },
    Template {
        label: "chat example with instructions",
        of: Piece::Line,
        doc: "Instructions, a question, and the answer to learn.",
        json: r#"{"messages":[{"role":"system","content":"Answer in one word."},{"role":"user","content":"PROMPT"},{"role":"assistant","content":"White"}]}"#,
        prompt: "What color is snow?",
        media: None,
    },
    Template {
        label: "multi-turn chat example",
        of: Piece::Line,
        doc: "A conversation of two questions and two answers; both answers are learned.",
        json: r#"{"messages":[{"role":"user","content":"PROMPT"},{"role":"assistant","content":"Paris."},{"role":"user","content":"How many people live there?"},{"role":"assistant","content":"About two million."}]}"#,
        prompt: "What is the capital of France?",
        media: None,
    },
    Template {
        label: "tool call example",
        of: Piece::Line,
        doc: "A call of a function, its result, and the answer to learn.",
        json: r#"{"messages":[{"role":"user","content":"PROMPT"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Bern\"}"}}]},{"role":"tool","tool_call_id":"call_1","content":"7 C"},{"role":"assistant","content":"Seven degrees."}],"tools":[{"type":"function","function":{"name":"weather","description":"The weather in a city.","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}]}"#,
        prompt: "How warm is it in Bern?",
        media: None,
    },
    Template {
        label: "image chat example",
        of: Piece::Line,
        doc: "An image, a question, and the answer to learn.",
        json: r#"{"messages":[{"role":"user","content":[{"type":"text","text":"PROMPT"},{"type":"image_url","image_url":{"url":"https://example.org/picture.jpg"}}]},{"role":"assistant","content":"A red bicycle leans against a wall."}]}"#,
        prompt: "Describe this picture.",
        media: Some(MediaKind::Image),
    },
    Template {
        label: "chat preference example",
        of: Piece::Line,
        doc: "A question and two answers to it, the better one first.",
        json: r#"{"input":{"messages":[{"role":"user","content":"PROMPT"}]},"preferred_output":[{"role":"assistant","content":"The meeting is on Monday at 10."}],"non_preferred_output":[{"role":"assistant","content":"It is at some time."}]}"#,
        prompt: "When is the meeting?",
        media: None,
    },
    Template {
        label: "reinforcement example",
        of: Piece::Line,
        doc: "A question, and the reference answer for the grader.",
        json: r#"{"messages":[{"role":"user","content":"PROMPT"}],"reference_answer":"144"}"#,
        prompt: "What is 12 times 12?",
        media: None,
    },
    Template::turn("user message", User, r#"{"role":"user","content":""}"#),
    Template::turn("assistant message", Model, r#"{"role":"assistant","content":""}"#),
    Template::turn(
        "assistant message with a tool call",
        Model,
        r#"{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"","arguments":"{}"}}]}"#,
    ),
    Template::turn("tool message", Tool, r#"{"role":"tool","tool_call_id":"call_1","content":""}"#),
    Template::turn("system message", System, r#"{"role":"system","content":""}"#),
    Template::part("text part", &[User, Model, System], true, r#"{"type":"text","text":""}"#),
    Template::part("image part", &[User], false, r#"{"type":"image_url","image_url":{"url":"https://"}}"#),
    Template::part("refusal part", &[Model], false, r#"{"type":"refusal","refusal":""}"#),
];
