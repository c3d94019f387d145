//! What an editor offers to start from in an OpenAI file.

use crate::example::Speaker::{Model, System, Tool, User};
use crate::example::mime::MediaKind;
use crate::formats::template::{RoleDoc, Template};

/// The roles.
pub static ROLES: [RoleDoc; 5] = [
    RoleDoc { role: "user", doc: "The message is the user's: text, and images if the model accepts them." },
    RoleDoc {
        role: "assistant",
        doc: "The message is the model's: a text, or function calls. The model learns it unless its `weight` is 0.",
    },
    RoleDoc { role: "system", doc: "Instructions for the whole conversation." },
    RoleDoc { role: "tool", doc: "The result of a function call, with the id of the call." },
    RoleDoc { role: "developer", doc: "Instructions, like `system`; newer models use it." },
];

/// Lines, turns and parts, in the order of the list.
pub static TEMPLATES: [Template; 15] = [
    Template::example(
        "chat example",
        "A question and the answer to learn.",
        "Is this review positive or negative? The battery lasts two days.",
        r#"{"messages":[{"role":"user","content":"PROMPT"},{"role":"assistant","content":"Positive"}]}"#,
    ),
    Template::example(
        "chat example with instructions",
        "Instructions, a question, and the answer to learn.",
        "What color is snow?",
        r#"{"messages":[{"role":"system","content":"Answer in one word."},{"role":"user","content":"PROMPT"},{"role":"assistant","content":"White"}]}"#,
    ),
    Template::example(
        "multi-turn chat example",
        "A conversation of two questions and two answers; the model learns both answers.",
        "What is the capital of France?",
        r#"{"messages":[{"role":"user","content":"PROMPT"},{"role":"assistant","content":"Paris."},{"role":"user","content":"How many people live there?"},{"role":"assistant","content":"About two million."}]}"#,
    ),
    Template::example(
        "tool call example",
        "A function call, its result, and the answer to learn.",
        "How warm is it in Bern?",
        r#"{"messages":[{"role":"user","content":"PROMPT"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Bern\"}"}}]},{"role":"tool","tool_call_id":"call_1","content":"7 C"},{"role":"assistant","content":"Seven degrees."}],"tools":[{"type":"function","function":{"name":"weather","description":"The weather in a city.","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}]}"#,
    ),
    Template::example(
        "image chat example",
        "An image, a question, and the answer to learn.",
        "Describe this picture.",
        r#"{"messages":[{"role":"user","content":[{"type":"text","text":"PROMPT"},{"type":"image_url","image_url":{"url":"https://example.org/picture.jpg"}}]},{"role":"assistant","content":"A red bicycle leans against a wall."}]}"#,
    )
    .with(MediaKind::Image),
    Template::example(
        "chat preference example",
        "A question and two answers to it, the better one first.",
        "When is the meeting?",
        r#"{"input":{"messages":[{"role":"user","content":"PROMPT"}]},"preferred_output":[{"role":"assistant","content":"The meeting is on Monday at 10."}],"non_preferred_output":[{"role":"assistant","content":"It is at some time."}]}"#,
    ),
    Template::example(
        "chat reinforcement example",
        "A question, and the reference answer for the grader.",
        "What is 12 times 12?",
        r#"{"messages":[{"role":"user","content":"PROMPT"}],"reference_answer":"144"}"#,
    ),
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
