//! The preference tuning line of Gemini on Vertex AI: a conversation and two answers to it.
//!
//! The page "Preference tuning" (2026) and `GeminiPreferenceExample` of the Python SDK (2026-08-21). A line that has
//! `completions` is judged by these tables, whatever file it is in.

use super::example::{CONTENT, HOMES, ROOT_UNIONS, contents, line_fields};
use crate::schema::{Field, Means, Object, Shape};

/// A line of a preference tuning file.
pub(super) static EXAMPLE: Object = Object {
    name: "PreferenceExample",
    ordered: 6,
    noun: "example",
    homes: &HOMES,
    doc: "One example of preference tuning: a conversation that ends with the user, and two answers, one preferred. \
          Text only; at most 128K tokens with either answer.",
    fields: line_fields![
        contents(
            "The turns of the conversation, oldest first, text only. The last turn must be the user's: the answers to \
             it are in `completions`.",
            r#"[{"role":"user","parts":[{"text":""}]}]"#,
        ),
        Field::required(
            "completions",
            Shape::List(&Shape::Object(&COMPLETION)),
            "Exactly two answers: the preferred one with score 1, the other with score 0.",
        )
        .example(concat!(
            r#"[{"score":1,"completion":{"role":"model","parts":[{"text":""}]}},"#,
            r#"{"score":0,"completion":{"role":"model","parts":[{"text":""}]}}]"#
        ))
        .means(Means::Answers),
    ],
    unions: &ROOT_UNIONS,
    ..Object::PROTO_JSON
};

/// An answer of a preference line.
pub static COMPLETION: Object = Object {
    name: "Completion",
    noun: "completion",
    means: Means::ScoredAnswer,
    doc: "One of the two answers, with its score.",
    fields: &[
        Field::required("score", Shape::Number, "1 for the preferred answer, 0 for the other; nothing else.")
            .example("1")
            .means(Means::Score),
        Field::required("completion", Shape::Object(&CONTENT), "The answer: a `model` turn with text parts.")
            .example(r#"{"role":"model","parts":[{"text":""}]}"#)
            .means(Means::Answer),
    ],
    ..Object::PROTO_JSON
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preference_line_is_a_supervised_line_with_completions() {
        let mut expected: Vec<_> = super::super::example::EXAMPLE.fields.iter().map(|field| field.name).collect();
        expected.insert(2, "completions");
        let names: Vec<_> = EXAMPLE.fields.iter().map(|field| field.name).collect();
        assert_eq!(names, expected);
    }
}
