//! The reinforcement line of OpenAI: a prompt, and data for the grader.
//!
//! `FineTuneReinforcementRequestInput` of openai/openai-openapi (2025-05).

use super::chat::{HOMES, MESSAGES, TOOLS};
use crate::schema::{Extra, Object};

/// A line of a reinforcement file.
pub(super) static REINFORCEMENT: Object = Object {
    name: "ReinforcementExample",
    noun: "example",
    doc: "One example of reinforcement fine-tuning: a prompt that ends with the user. All keys except `messages` and \
          `tools` are data for the grader, which reads them as `item.key`.",
    fields: &[MESSAGES, TOOLS],
    ordered: 2,
    extra: Extra::Data,
    homes: &HOMES,
    ..Object::EXACT
};
