//! Gemini on Vertex AI: supervised, preference and reinforcement lines, and the service that reads them.
//!
//! This folder must not know the rules or any other vendor.

mod draft;
mod example;
mod generation;
mod homes;
mod media_types;
mod preference;
mod reinforcement;
mod services;
mod shared;
mod templates;
#[cfg(test)]
mod tests;
mod tools;

pub use preference::COMPLETION;
pub use services::{GEMINI_2_5, GEMINI_3, OPEN_MODELS, VERTEX_GEMINI};
pub use shared::{HIGH, LOW, MEDIA_RESOLUTION_FIELD, MEDIUM};
pub use tools::{FUNCTION_DECLARATION, MODE, SCHEMA, TYPE};

use super::foreign;
use super::format::{Format, LineKind, Target, VendorPage, is_near};
use crate::example::{Speaker, Vocabulary};
use crate::json::{Kind, NodeId, Record};

/// Gemini's format.
pub static GEMINI: Format = Format {
    id: "gemini",
    title: "Gemini",
    needs: "`contents` with turns and parts",
    summary: "a Gemini tuning file: every line is checked as one",
    kinds: &[&SUPERVISED, &PREFERENCE, &REINFORCEMENT],
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
        media_types: &media_types::MEDIA_TYPES,
        shared: Some(&MEDIA_RESOLUTION_FIELD),
    },
    wrong_role: "the service rejects the line with \"Please use a valid role: user, model.\"",
    without_role: "the service reads a turn without a role as the user's",
    needs_role: false,
    schema_description: "A line with `completions` is for preference tuning, one with `references` for reinforcement tuning, any other \
                         one for supervised tuning.",
    templates: &templates::TEMPLATES,
    template_locations: &["gs://my-bucket/videos/clip.mp4", "gs://my-bucket/images/picture.jpg"],
    role_docs: &templates::ROLES,
    instruction_roles: &["system", "user"],
    fixed_keys: &["role", "score", "type", "language"],
    location: "^(gs://[^/]+/.+|https?://.+)$",
    function_names: "a letter or `_` first, then letters, digits, `_`, `.`, `:` or `-`, at most 64 characters",
    is_function_name: tools::is_function_name,
    services: &[&VERTEX_GEMINI, &OPEN_MODELS],
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
    is_marked_by_layout: |_| true,
    recognize,
    near,
    write: draft::write,
};

/// A line of supervised tuning: the last turn of `contents` is the target.
pub static SUPERVISED: LineKind = LineKind {
    id: "supervised",
    format: &GEMINI,
    title: "Gemini supervised tuning",
    root: &example::EXAMPLE,
    told_by: "",
    target: Target::LastTurn,
    text_only: false,
    limits: None,
    page: Some(VendorPage {
        url: "https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/tuning/supervised/prepare-data",
        read: "2026-08",
    }),
};

/// A line of preference tuning: `contents` and two `completions`.
pub static PREFERENCE: LineKind = LineKind {
    id: "preference",
    format: &GEMINI,
    title: "Gemini preference tuning",
    root: &preference::EXAMPLE,
    told_by: "completions",
    target: Target::ScoredAnswers,
    text_only: true,
    limits: None,
    page: Some(VendorPage {
        url: "https://docs.cloud.google.com/vertex-ai/generative-ai/docs/models/gemini-preference-tuning",
        read: "2026-11",
    }),
};

/// A line of reinforcement tuning: `contents` and `references`; the model writes the answer during training.
pub static REINFORCEMENT: LineKind = LineKind {
    id: "reinforcement",
    format: &GEMINI,
    title: "Gemini reinforcement tuning",
    root: &reinforcement::EXAMPLE,
    told_by: "references",
    target: Target::Nothing,
    text_only: false,
    limits: Some(&services::REINFORCEMENT_LIMITS),
    page: None,
};

/// The kind of a line by its marks: keys that only Gemini's lines have.
fn recognize(record: Record<'_>, root: NodeId) -> Option<&'static LineKind> {
    let (mut marked, mut has_references, mut has_messages) = (false, false, false);
    for member in record.children(root) {
        let key = record.key(member);
        let is_set = record.kind(member) != Kind::Null;
        if key == "completions" && is_set {
            // A trainer has a key of the same name.
            return (!foreign::is_stepwise(record, root)).then_some(&PREFERENCE);
        }
        has_references = has_references || (key == "references" && is_set);
        has_messages = has_messages || key == "messages";
        marked = marked || GEMINI.mark_keys.contains(&&*key);
    }
    // A setting or an instruction next to another format's conversation is a stray field of that line.
    if has_messages && record.member(root, "contents").is_none() {
        return None;
    }
    // A misspelled `completions` next to `contents` still means a preference.
    let usual = if has_references { &REINFORCEMENT } else { &SUPERVISED };
    if foreign::is_search_corpus(record, root) && !has_references {
        return None;
    }
    marked.then(|| near(record, root).filter(|kind| *kind == &PREFERENCE).unwrap_or(usual))
}

/// The kind of a line that has a misspelled `contents` or `completions` with the right content.
fn near(record: Record<'_>, root: NodeId) -> Option<&'static LineKind> {
    record.children(root).find_map(|member| {
        if record.kind(member) != Kind::Array {
            return None;
        }
        let key = record.key(member);
        let kind = match &*key {
            key if GEMINI.mark_keys.contains(&key) => return None,
            key if is_near(key, "completions", 2) => &PREFERENCE,
            key if is_near(key, "contents", 1) => &SUPERVISED,
            _ => return None,
        };
        let fits = |turn: NodeId| ["role", "parts", "completion"].iter().any(|key| record.member(turn, key).is_some());
        record.children(member).any(fits).then_some(kind)
    })
}
