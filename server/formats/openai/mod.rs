//! OpenAI's lines: chat, preference and reinforcement. Many services and trainers read them.
//!
//! This folder must not know the rules or any other vendor.

mod chat;
mod draft;
mod preference;
mod reinforcement;
mod services;
mod templates;

pub use services::{AZURE_OPENAI, FIREWORKS, MISTRAL, OPENAI, TOGETHER, TRL, VERTEX_OPEN_MODELS};

use super::foreign::is_untyped_blocks;
use super::format::{Format, LineKind, Target, VendorPage, is_near};
use crate::example::{Speaker, Vocabulary};
use crate::json::{Kind, NodeId, Parser, Record};

/// OpenAI's format.
pub static FORMAT: Format = Format {
    id: "openai",
    title: "OpenAI models",
    needs: "`messages` with roles and contents",
    summary: "a file of OpenAI's chat, preference or reinforcement lines: every line is checked as one",
    kinds: &[&CHAT, &PREFERENCE, &REINFORCEMENT],
    words: Vocabulary {
        roles: &[
            ("user", Speaker::User),
            ("assistant", Speaker::Model),
            ("system", Speaker::System),
            ("tool", Speaker::Tool),
            ("developer", Speaker::System),
            ("function", Speaker::Tool),
        ],
        aliases: &[("human", Speaker::User), ("model", Speaker::Model)],
        hints: &[("gpt", Speaker::Model), ("bot", Speaker::Model), ("ai", Speaker::Model)],
        segment_end: "",
        media_types: &[],
        shared: None,
    },
    wrong_role: "",
    without_role: "",
    needs_role: true,
    schema_description: "A line with `input` is for preference tuning, one with `reference_answer` for reinforcement \
                         fine-tuning, and any other for supervised fine-tuning.",
    templates: &templates::TEMPLATES,
    template_locations: &["https://example.org/picture.jpg"],
    role_docs: &templates::ROLES,
    instruction_roles: &[],
    fixed_keys: &["role", "type", "id", "tool_call_id", "weight", "detail"],
    location: "^(https?://.+|data:.+)$",
    function_names: "letters, digits, `_`, `-` and `.`, at most 64 characters",
    is_function_name: chat::is_function_name,
    services: &[&OPENAI, &AZURE_OPENAI, &TOGETHER, &FIREWORKS, &MISTRAL, &VERTEX_OPEN_MODELS, &TRL],
    new_models: &["gpt-", "ft:gpt-", "o4-mini"],
    default_model: "",
    mark_keys: &[],
    is_marked_by_layout,
    recognize,
    near,
    write: draft::write,
};

/// A line of supervised fine-tuning.
pub static CHAT: LineKind = LineKind {
    id: "chat",
    format: &FORMAT,
    title: "OpenAI chat",
    root: &chat::CHAT,
    told_by: "",
    target: Target::ByWeight,
    text_only: false,
    limits: None,
    page: Some(VendorPage {
        url: "https://developers.openai.com/api/docs/guides/supervised-fine-tuning",
        read: "2026-06",
    }),
};

/// A line of preference tuning.
pub static PREFERENCE: LineKind = LineKind {
    id: "preference",
    format: &FORMAT,
    title: "OpenAI preference",
    root: &preference::PREFERENCE,
    told_by: "input",
    target: Target::TwoAnswers,
    text_only: true,
    limits: None,
    page: Some(VendorPage {
        url: "https://developers.openai.com/api/docs/guides/direct-preference-optimization",
        read: "2026-11",
    }),
};

/// A line of reinforcement fine-tuning.
pub static REINFORCEMENT: LineKind = LineKind {
    id: "reinforcement",
    format: &FORMAT,
    title: "OpenAI reinforcement",
    root: &reinforcement::REINFORCEMENT,
    told_by: "reference_answer",
    target: Target::Nothing,
    text_only: false,
    limits: None,
    page: None,
};

/// The kind of a line, by its shape. A log line with `messages` is not a training example.
fn recognize(record: Record<'_>, root: NodeId) -> Option<&'static LineKind> {
    let has = |key: &str| record.member(root, key).is_some();
    if has("preferred_output") && has("non_preferred_output") {
        return Some(&PREFERENCE);
    }
    let mut list = None;
    for member in record.children(root) {
        match &*record.key(member) {
            "messages" => list = list.or(Some(member)),
            "input" => {
                let outputs = preference::PREFERENCE.fields.iter().filter(|field| field.name != "input");
                let has_outputs =
                    outputs.flat_map(|field| field.aliases.iter().chain([&field.name])).any(|key| has(key));
                if record.member(member, "messages").is_some() && has_outputs {
                    return Some(&PREFERENCE);
                }
            }
            // Another format.
            "custom_id" | "schemaVersion" => return None,
            "chosen" if has("rejected") && !has("reference_answer") => return None,
            _ => {}
        }
    }
    let list = list?;
    is_conversation(record, list).then(|| kind_of(record, root, list))
}

/// Whether the record has the usual keys of a conversation: those that are misspelled are looked for only after the
/// contents of others.
fn is_marked_by_layout(record: Record<'_>) -> bool {
    // It may hold any text, unlike `role`.
    let has_from = (0..).take(record.tree.nodes.len()).any(|node| record.key(node) == "from");
    !has_from && record.root().is_some_and(|root| recognize(record, root).is_some())
}

/// Whether a list contains OpenAI's messages: with roles, and text or parts with a type. `from` and `value` are other
/// names of the same.
fn is_conversation(record: Record<'_>, list: NodeId) -> bool {
    if record.kind(list) != Kind::Array {
        return false;
    }
    let role_of = |message| record.member(message, "role").or_else(|| record.member(message, "from"));
    if !record.children(list).any(|message| role_of(message).is_some()) && !is_without_roles(record, list) {
        return false;
    }
    let mut has_content = false;
    for message in record.children(list) {
        let has = |key: &str| record.member(message, key).is_some();
        // A message without a role is a mistake; one with another vendor's words is in another format.
        let role = role_of(message).and_then(|role| record.string(role));
        let is_content = ["content", "tool_calls", "function_call", "refusal"].into_iter().any(has);
        let is_content = is_content || (has("from") && has("value"));
        let is_known = role.as_deref().is_some_and(|role| FORMAT.words.speaker(role).is_some());
        if !(is_content || is_known) || role.as_deref() == Some("model") || has("author") {
            return false;
        }
        has_content |= is_content;
        if record.member(message, "content").is_some_and(|content| is_untyped_blocks(record, content)) {
            return false;
        }
    }
    has_content
}

/// Whether a list holds at least two messages that only have a text. Messages of another program have more.
fn is_without_roles(record: Record<'_>, list: NodeId) -> bool {
    let is_text = |member: NodeId| record.key(member) == "content" && record.kind(member) == Kind::String;
    let is_bare =
        |message: NodeId| record.member(message, "content").is_some() && record.children(message).all(is_text);
    record.children(list).nth(1).is_some() && record.children(list).all(is_bare)
}

/// The kind of line with these messages. If the prompt has no answer, the author's own keys are data for a grader.
fn kind_of(record: Record<'_>, root: NodeId, list: NodeId) -> &'static LineKind {
    let is_own = |member: &NodeId| chat::CHAT.field(&record.key(*member)).is_none();
    let last = record.children(list).last().and_then(|last| record.member(last, "role"));
    let is_prompt = last.and_then(|role| record.string(role)).as_deref() == Some("user");
    let has_reference = record.member(root, "reference_answer").is_some();
    let is_data = |member: NodeId| record.key(member) != "weight";
    let has_data = record.children(root).filter(is_own).any(is_data);
    if has_reference || (is_prompt && has_data) { &REINFORCEMENT } else { &CHAT }
}

/// The kind of a line with a misspelled `messages` that contains a conversation, or with one as a text.
fn near(record: Record<'_>, root: NodeId) -> Option<&'static LineKind> {
    record.children(root).find_map(|member| {
        let key = record.key(member);
        let is_misspelled = key != "messages" && is_near(&key, "messages", 2);
        let is_text = key == "messages" && is_text_of_conversation(record, member);
        (is_text || (is_misspelled && is_conversation(record, member))).then_some(&CHAT)
    })
}

/// Whether a text is the JSON of a conversation, as it is after an export of a table.
fn is_text_of_conversation(record: Record<'_>, value: NodeId) -> bool {
    let Some(text) = record.string(value).filter(|text| text.trim_start().starts_with('[')) else { return false };
    let mut parser = Parser::default();
    parser.parse(&text);
    let inside = parser.record(&text);
    inside.root().is_some_and(|root| is_conversation(inside, root))
}
