//! Formats that are only recognized: by their shape, never by a lucky key. A log line that has `messages` is no
//! training example.
//!
//! Shapes: the vendors' documentation and validators as of 2026-08 (OpenAI, Bedrock, Mistral,
//! Together, LLaMA-Factory, TRL) and the older pages of Vertex AI (2025-05).

use crate::json::{Kind, NodeId, Record};

/// A format that is only recognized.
///
/// A line of only `text`, which Together and others take, says too little to be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Foreign {
    /// `custom_id` and `body`.
    OpenAiBatch,
    /// `prompt` and `completion`.
    PromptCompletion,
    /// `input_text` and `output_text`.
    TextBison,
    /// `messages` with `author` and `content`.
    ChatBison,
    /// `messages` with the role `model`.
    Gemini1,
    /// `text_input` and `output`.
    AiStudio,
    /// `request.contents`.
    GeminiBatch,
    /// `messages` whose content is a list of blocks without `type`, or a `schemaVersion`.
    Bedrock,
    /// `interactions`.
    Mistral,
    /// `conversations` with `from` and `value`.
    ShareGpt,
    /// `instruction` and `output`.
    Alpaca,
    /// `chosen` and `rejected`.
    TrlPreference,
    /// `request` with `role` and `text`, and `response`.
    Yandex,
}

impl Foreign {
    /// All of them, in the order of their indexes.
    pub const ALL: [Foreign; 13] = [
        Foreign::OpenAiBatch,
        Foreign::PromptCompletion,
        Foreign::TextBison,
        Foreign::ChatBison,
        Foreign::Gemini1,
        Foreign::AiStudio,
        Foreign::GeminiBatch,
        Foreign::Bedrock,
        Foreign::Mistral,
        Foreign::ShareGpt,
        Foreign::Alpaca,
        Foreign::TrlPreference,
        Foreign::Yandex,
    ];

    /// The place in [`Self::ALL`].
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    /// What to add to a sentence about what a line needs: it may have it elsewhere.
    #[must_use]
    pub fn hint(self) -> &'static str {
        if self == Foreign::GeminiBatch { ", which here stand inside `request`" } else { "" }
    }

    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Foreign::OpenAiBatch => "OpenAI batch",
            Foreign::PromptCompletion => "prompt and completion",
            Foreign::TextBison => "Vertex text-bison",
            Foreign::ChatBison => "Vertex chat-bison",
            Foreign::Gemini1 => "Gemini 1.0 messages",
            Foreign::AiStudio => "Google AI Studio tuning",
            Foreign::GeminiBatch => "Gemini batch prediction",
            Foreign::Bedrock => "Bedrock conversation",
            Foreign::Mistral => "Mistral chat",
            Foreign::ShareGpt => "ShareGPT",
            Foreign::Alpaca => "Alpaca",
            Foreign::TrlPreference => "TRL preference",
            Foreign::Yandex => "Yandex tuning",
        }
    }
}

/// The foreign format whose shape the object has. One pass over the keys decides which shapes are
/// worth a look, because most lines of other files have none of them.
pub(super) fn recognize(record: Record<'_>, root: NodeId) -> Option<Foreign> {
    let key = |name: &str| record.member(root, name);
    let is_text = |name: &str| key(name).is_some_and(|id| record.kind(id) == Kind::String);
    record.children(root).find_map(|member| match record.key(member).as_ref() {
        "messages" => messages(record, member, key("schemaVersion")),
        "interactions" => has_items(record, member, &["role", "content"]).then_some(Foreign::Mistral),
        "conversations" => has_items(record, member, &["from", "value"]).then_some(Foreign::ShareGpt),
        "prompt" if is_text("prompt") && is_text("completion") => Some(Foreign::PromptCompletion),
        "prompt" if key("completion").is_some_and(|list| has_items(record, list, &["role", "content"])) => {
            Some(Foreign::PromptCompletion)
        }
        "chosen" => preference(record, root, member, key("rejected")?),
        "input_text" => (is_text("input_text") && is_text("output_text")).then_some(Foreign::TextBison),
        "text_input" => (is_text("text_input") && is_text("output")).then_some(Foreign::AiStudio),
        "instruction" => (is_text("instruction") && is_text("output")).then_some(Foreign::Alpaca),
        "custom_id" => key("body").filter(|body| record.kind(*body) == Kind::Object).map(|_| Foreign::OpenAiBatch),
        "request" if record.member(member, "contents").is_some() => Some(Foreign::GeminiBatch),
        "request" if has_items(record, member, &["role", "text"]) => key("response").map(|_| Foreign::Yandex),
        _ => None,
    })
}

/// Whether it is a list whose first element is an object with all of these keys.
fn has_items(record: Record<'_>, list: NodeId, keys: &[&str]) -> bool {
    let is_list = record.kind(list) == Kind::Array;
    let first = is_list.then(|| record.children(list).next()).flatten();
    first.is_some_and(|first| keys.iter().all(|key| record.member(first, key).is_some()))
}

/// The two answers of a preference: both strings beside a prompt, or both conversations.
fn preference(record: Record<'_>, root: NodeId, chosen: NodeId, rejected: NodeId) -> Option<Foreign> {
    let texts = [chosen, rejected].iter().all(|id| record.kind(*id) == Kind::String);
    let turns = [chosen, rejected].iter().all(|id| has_items(record, *id, &["role", "content"]));
    ((texts && record.member(root, "prompt").is_some()) || turns).then_some(Foreign::TrlPreference)
}

/// Which of the many formats with `messages` it is; none when they are no conversation.
fn messages(record: Record<'_>, list: NodeId, version: Option<NodeId>) -> Option<Foreign> {
    if record.kind(list) != Kind::Array {
        return None;
    }
    if has_items(record, list, &["author", "content"]) {
        return Some(Foreign::ChatBison);
    }
    let mut found = None;
    for message in record.children(list) {
        let role = record.member(message, "role").and_then(|role| record.string(role))?;
        let content = record.member(message, "content");
        let calls = record.member(message, "tool_calls");
        if content.is_none() && calls.is_none() && record.member(message, "function_call").is_none() {
            return None;
        }
        let told = if role == "model" {
            Some(Foreign::Gemini1)
        } else if content.is_some_and(|content| is_untyped_blocks(record, content)) {
            Some(Foreign::Bedrock)
        } else {
            None
        };
        found = found.or(told);
    }
    let bedrock = version.and_then(|version| record.string(version)).is_some_and(|name| name.starts_with("bedrock"));
    if bedrock {
        return Some(Foreign::Bedrock);
    }
    found
}

/// Bedrock's content: blocks such as `{"text": ...}`, without a `type`.
fn is_untyped_blocks(record: Record<'_>, content: NodeId) -> bool {
    record.kind(content) == Kind::Array
        && record.children(content).next().is_some_and(|block| {
            let has = |key: &str| record.member(block, key).is_some();
            !has("type") && ["text", "image", "video", "document"].into_iter().any(has)
        })
}
