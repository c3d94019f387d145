//! Gemini on Vertex AI: supervised and preference lines, with their service.
//!
//! This folder must not know what a rule says of a line, nor any other vendor.

pub mod example;
mod generation;
pub mod preference;
mod services;
mod shared;
mod templates;
#[cfg(test)]
mod tests;
mod tools;

pub use services::{GEMINI_2_5, GEMINI_3, VERTEX_GEMINI};
pub use shared::{HIGH, LOW, MEDIA_RESOLUTION_FIELD, MEDIUM};

use super::format::{Format, LineKind, Target, is_near};
use crate::example::{Speaker, Vocabulary};
use crate::json::{Kind, NodeId, Record};

/// Gemini's format.
pub static GEMINI: Format = Format {
    id: "gemini",
    title: "Gemini",
    needs: "`contents` with turns and parts",
    summary: "a Gemini tuning file: every line is judged as one",
    kinds: &[&SUPERVISED, &PREFERENCE],
    words: Vocabulary {
        roles: &[("user", Speaker::User), ("model", Speaker::Model)],
        aliases: &[("human", Speaker::User), ("assistant", Speaker::Model)],
        hints: &[
            ("gpt", Speaker::Model),
            ("bot", Speaker::Model),
            ("ai", Speaker::Model),
            ("system", Speaker::System),
            ("developer", Speaker::System),
        ],
        segment_end: "endOffset",
        shared: Some(&MEDIA_RESOLUTION_FIELD),
    },
    wrong_role: "the service answers \"Please use a valid role: user, model.\"",
    without_role: "the service reads a turn without a role as the user's",
    needs_role: false,
    schema_description: "A line with `completions` is one of preference tuning, any other one of supervised tuning.",
    templates: &templates::TEMPLATES,
    role_docs: &templates::ROLES,
    instruction_roles: &["system", "user"],
    fixed_keys: &["role", "score", "type", "language"],
    location: "^(gs://[^/]+/.+|https?://.+)$",
    services: &[&VERTEX_GEMINI],
    new_models: &["gemini-3"],
    default_model: "`gemini-2.5-flash` for Gemini",
    mark_keys: &[
        "contents",
        "systemInstruction",
        "system_instruction",
        "generationConfig",
        "generation_config",
        "completions",
    ],
    is_marked_by_keys: true,
    recognize,
    near,
};

/// A line of supervised tuning: the last turn of `contents` is the target.
pub static SUPERVISED: LineKind = LineKind {
    id: "supervised",
    title: "Gemini supervised tuning",
    root: &example::EXAMPLE,
    told_by: "",
    target: Target::LastTurn,
    text_only: false,
};

/// A line of preference tuning: `contents` and two `completions`.
pub static PREFERENCE: LineKind = LineKind {
    id: "preference",
    title: "Gemini preference tuning",
    root: &preference::EXAMPLE,
    told_by: "completions",
    target: Target::ScoredAnswers,
    text_only: true,
};

/// What kind of line it is, by a key that only Gemini's lines have.
fn recognize(record: Record<'_>, root: NodeId) -> Option<&'static LineKind> {
    let mut marked = false;
    for member in record.children(root) {
        let key = record.key(member);
        if key == "completions" {
            return Some(&PREFERENCE);
        }
        marked = marked || GEMINI.mark_keys.contains(&&*key);
    }
    // A slip in `completions` next to `contents` still means a preference.
    marked.then(|| near(record, root).filter(|kind| *kind == &PREFERENCE).unwrap_or(&SUPERVISED))
}

/// What kind of line it is when a slip for `contents` or `completions` holds what belongs there.
fn near(record: Record<'_>, root: NodeId) -> Option<&'static LineKind> {
    record.children(root).find_map(|member| {
        if record.kind(member) != Kind::Array {
            return None;
        }
        let key = record.key(member);
        if GEMINI.mark_keys.contains(&&*key) {
            return None;
        }
        let kind = if is_near(&key, "completions", 2) {
            &PREFERENCE
        } else if is_near(&key, "contents", 1) {
            &SUPERVISED
        } else {
            return None;
        };
        let fits = |turn: NodeId| ["role", "parts", "completion"].iter().any(|key| record.member(turn, key).is_some());
        record.children(member).any(fits).then_some(kind)
    })
}
