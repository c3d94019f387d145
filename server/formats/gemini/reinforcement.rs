//! The reinforcement tuning line of Gemini on Vertex AI: a prompt, and references for the reward.
//!
//! `ReinforcementTuningExample` of js-genai and the page "Reinforcement tuning" (preview, 2026-06-15).

use super::example::{HOMES, ROOT_UNIONS, contents, line_fields};
use crate::schema::{Field, Object, Shape};

/// A line of a reinforcement tuning file.
pub static EXAMPLE: Object = Object {
    name: "ReinforcementExample",
    ordered: 6,
    noun: "example",
    homes: &HOMES,
    doc: "One example of reinforcement tuning: a prompt that ends with the user, and references for the reward. The \
          model answers during training.",
    fields: line_fields![
        contents(
            "The turns of the prompt, oldest first. The last turn must be the user's: the model writes the answer \
             during training.",
            r#"[{"role":"user","parts":[{"text":""}]}]"#,
        ),
        Field::documented(
            "references",
            Shape::Map(&Shape::String),
            "What the reward compares the answer with: strings by names that the reward's configuration uses.",
        )
        .example(r#"{"ground_truth_answer":""}"#),
    ],
    unions: &ROOT_UNIONS,
    ..Object::PROTO_JSON
};
