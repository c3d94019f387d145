//! The preference line of OpenAI: a prompt and two answers to it.
//!
//! `FineTunePreferenceRequestInput` of openai/openai-openapi (2025-05).

use super::chat::{MESSAGE_SHAPE, MESSAGES, PARALLEL_TOOL_CALLS, PREFERENCE_HOMES, TOOLS};
use crate::schema::{Field, Means, Object, Shape};

/// A line of a preference file.
pub(super) static PREFERENCE: Object = Object {
    name: "PreferenceExample",
    noun: "example",
    doc: "One example of preference tuning: a conversation that ends with the user, and two answers. Text only.",
    fields: &[
        Field::required("input", Shape::Object(&INPUT), "The prompt of both answers.")
            .example(r#"{"messages":[{"role":"user","content":""}]}"#)
            .if_missing("the service rejects the line with \"missing key 'input'\""),
        output("preferred_output", "The better answer: a list with one `assistant` message.")
            .means(Means::Preferred)
            .aliases(&["preferred_completion", "chosen", "chosen_output"]),
        output("non_preferred_output", "The worse answer: a list with one `assistant` message.")
            .means(Means::Rejected)
            .aliases(&["non_preferred_completion", "rejected", "rejected_output", "dispreferred_output"]),
    ],
    ordered: 3,
    homes: &PREFERENCE_HOMES,
    ..Object::EXACT
};

const fn output(name: &'static str, doc: &'static str) -> Field {
    Field::required(name, Shape::List(&MESSAGE_SHAPE), doc).example(r#"[{"role":"assistant","content":""}]"#)
}

static INPUT: Object = Object {
    name: "PreferenceInput",
    noun: "input",
    doc: "The conversation that both answers belong to; its last message is not the assistant's.",
    fields: &[MESSAGES, TOOLS, PARALLEL_TOOL_CALLS],
    ordered: 3,
    ..Object::EXACT
};
