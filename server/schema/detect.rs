//! Which format a line is in, told by its top level. Foreign formats are recognised by their
//! shape, never by a lucky key: a log line that has `messages` is no training example.
//!
//! Shapes: the vendors' documentation and validators as of 2026-08 (OpenAI, Bedrock, Mistral,
//! Together, LLaMA-Factory, TRL) and the older pages of Vertex AI (2025-05).

use super::Format;
use crate::json::{Kind, NodeId, Record};

/// What a line says of its own format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// A Gemini tuning line.
    Gemini(Format),
    /// A line of another format.
    Foreign(Foreign),
    /// Neither: a log line, another dataset, no object.
    Unmarked,
}

/// A format other than Gemini's.
///
/// Together and the open models on Vertex AI use OpenAI's three shapes; a line of only `text`,
/// which Together takes too, says too little to be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Foreign {
    /// `messages` with `role` and `content`.
    OpenAiChat,
    /// `input.messages`, `preferred_output`, `non_preferred_output`.
    OpenAiPreference,
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
    /// `messages` whose tool calls have ids of nine letters, or `interactions`.
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
    pub const ALL: [Foreign; 15] = [
        Foreign::OpenAiChat,
        Foreign::OpenAiPreference,
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

    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Foreign::OpenAiChat => "OpenAI chat",
            Foreign::OpenAiPreference => "OpenAI preference",
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

/// Whether this key, the raw text between its quotes, alone makes a top level Gemini's.
#[must_use]
pub fn quick_mark(key: &str) -> bool {
    matches!(
        key,
        "contents"
            | "systemInstruction"
            | "system_instruction"
            | "generationConfig"
            | "generation_config"
            | "completions"
    )
}

/// What the line says of its format, without regard to settings or to other lines.
#[must_use]
pub fn mark(record: Record<'_>) -> Mark {
    let Some(root) = record.root().filter(|root| record.kind(*root) == Kind::Object) else {
        return Mark::Unmarked;
    };
    let mut gemini = false;
    for member in record.children(root) {
        let key = record.key(member);
        if key == "completions" {
            return Mark::Gemini(Format::Preference);
        }
        gemini = gemini || quick_mark(&key);
    }
    if gemini {
        // A slip in `completions` beside `contents` still means a preference.
        let near = near_spelling(record, root).filter(|near| *near == Format::Preference);
        return Mark::Gemini(near.unwrap_or(Format::Supervised));
    }
    if let Some(foreign) = foreign(record, root) {
        return Mark::Foreign(foreign);
    }
    near_spelling(record, root).map_or(Mark::Unmarked, Mark::Gemini)
}

/// The foreign format whose shape the object has. One pass over the keys decides which shapes are
/// worth a look, because most lines of other files have none of them.
fn foreign(record: Record<'_>, root: NodeId) -> Option<Foreign> {
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
        "input" => {
            let conversation = record.member(member, "messages").is_some();
            let outputs = key("preferred_output").is_some() || key("non_preferred_output").is_some();
            (conversation && outputs).then_some(Foreign::OpenAiPreference)
        }
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
        } else if calls.is_some_and(|calls| has_short_ids(record, calls)) {
            Some(Foreign::Mistral)
        } else {
            None
        };
        found = found.or(told);
    }
    let bedrock = version.and_then(|version| record.string(version)).is_some_and(|name| name.starts_with("bedrock"));
    if bedrock {
        return Some(Foreign::Bedrock);
    }
    // An empty list is no conversation.
    record.children(list).next().map(|_| found.unwrap_or(Foreign::OpenAiChat))
}

/// Bedrock's content: blocks such as `{"text": ...}`, where OpenAI's say their `type`.
fn is_untyped_blocks(record: Record<'_>, content: NodeId) -> bool {
    record.kind(content) == Kind::Array
        && record.children(content).next().is_some_and(|block| {
            let has = |key: &str| record.member(block, key).is_some();
            !has("type") && ["text", "image", "video", "document"].into_iter().any(has)
        })
}

/// Mistral's tool calls: ids of nine letters and digits, where OpenAI's begin with `call_`.
fn has_short_ids(record: Record<'_>, calls: NodeId) -> bool {
    record.kind(calls) == Kind::Array
        && record
            .children(calls)
            .next()
            .and_then(|call| record.string(record.member(call, "id")?))
            .is_some_and(|id| id.len() == 9 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Gemini's format when a slip for `contents` or `completions` holds what belongs there.
fn near_spelling(record: Record<'_>, root: NodeId) -> Option<Format> {
    record.children(root).find_map(|member| {
        if record.kind(member) != Kind::Array {
            return None;
        }
        let key = record.key(member);
        if quick_mark(&key) {
            return None;
        }
        let format = if is_near(&key, "completions", 2) {
            Format::Preference
        } else if is_near(&key, "contents", 1) {
            Format::Supervised
        } else {
            return None;
        };
        let fits = |turn: NodeId| ["role", "parts", "completion"].iter().any(|key| record.member(turn, key).is_some());
        record.children(member).any(fits).then_some(format)
    })
}

/// Whether `key` is `name` in another case, without its plural or with a few wrong letters.
fn is_near(key: &str, name: &str, most: usize) -> bool {
    key.len().abs_diff(name.len()) <= most && strsim::osa_distance(&key.to_ascii_lowercase(), name) <= most
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Parser;

    fn mark_of(text: &str) -> Mark {
        let mut parser = Parser::default();
        parser.parse(text);
        mark(parser.record(text))
    }

    #[test]
    fn a_gemini_key_at_the_top_marks_a_line() {
        for text in [
            r#"{"contents":[]}"#,
            r#"{"systemInstruction":{}}"#,
            r#"{"system_instruction":{}}"#,
            r#"{"generationConfig":{}}"#,
            r#"{"generation_config":{}}"#,
            r#"{"messages":[{"role":"user","content":"a"}],"contents":[]}"#,
            r#"{"contents":[{"role":"user","#,
        ] {
            assert_eq!(mark_of(text), Mark::Gemini(Format::Supervised), "{text}");
        }
        assert_eq!(mark_of(r#"{"contents":[],"completions":[]}"#), Mark::Gemini(Format::Preference));
        assert_eq!(mark_of(r#"{"completions":[]}"#), Mark::Gemini(Format::Preference));
    }

    #[test]
    fn each_foreign_format_is_told_by_its_shape() {
        for (text, expected) in [
            (r#"{"messages":[{"role":"system","content":"a"},{"role":"user","content":"b"}]}"#, Foreign::OpenAiChat),
            (r#"{"messages":[{"role":"user","content":[{"type":"text","text":"b"}]}]}"#, Foreign::OpenAiChat),
            (
                r#"{"messages":[{"role":"user","content":"a"},{"role":"assistant","tool_calls":[{"id":"call_1"}]}]}"#,
                Foreign::OpenAiChat,
            ),
            (r#"{"input":{"messages":[]},"preferred_output":[],"non_preferred_output":[]}"#, Foreign::OpenAiPreference),
            (r#"{"custom_id":"1","method":"POST","url":"/v1","body":{"messages":[]}}"#, Foreign::OpenAiBatch),
            (r#"{"prompt":"a","completion":"b"}"#, Foreign::PromptCompletion),
            (r#"{"completion":"b","prompt":"a"}"#, Foreign::PromptCompletion),
            (r#"{"input_text":"a","output_text":"b"}"#, Foreign::TextBison),
            (r#"{"context":"a","messages":[{"author":"user","content":"b"}]}"#, Foreign::ChatBison),
            (r#"{"messages":[{"role":"user","content":"a"},{"role":"model","content":"b"}]}"#, Foreign::Gemini1),
            (r#"{"text_input":"a","output":"b"}"#, Foreign::AiStudio),
            (r#"{"key":"1","request":{"contents":[]}}"#, Foreign::GeminiBatch),
            (
                r#"{"schemaVersion":"bedrock-conversation-2024","messages":[{"role":"user","content":[]}]}"#,
                Foreign::Bedrock,
            ),
            (r#"{"messages":[{"role":"user","content":[{"text":"a"}]}]}"#, Foreign::Bedrock),
            (
                r#"{"messages":[{"role":"assistant","tool_calls":[{"id":"abc123DEF","function":{}}]}]}"#,
                Foreign::Mistral,
            ),
            (r#"{"interactions":[{"role":"user","content":"a"}]}"#, Foreign::Mistral),
            (r#"{"conversations":[{"from":"human","value":"a"}]}"#, Foreign::ShareGpt),
            (r#"{"instruction":"a","input":"","output":"b"}"#, Foreign::Alpaca),
            (r#"{"prompt":"a","chosen":"b","rejected":"c"}"#, Foreign::TrlPreference),
            (r#"{"request":[{"role":"user","text":"a"}],"response":"b"}"#, Foreign::Yandex),
        ] {
            assert_eq!(mark_of(text), Mark::Foreign(expected), "{text}");
        }
    }

    #[test]
    fn lines_of_logs_and_other_data_are_unmarked() {
        for text in [
            "",
            "[]",
            "3",
            "{}",
            r#"{"text":"a"}"#,
            r#"{"level":"info","messages":"3 new"}"#,
            r#"{"messages":[]}"#,
            r#"{"messages":["a","b"]}"#,
            r#"{"messages":[{"id":1,"body":"a"}]}"#,
            r#"{"prompt":"a"}"#,
            r#"{"prompt":"a","completion":{"id":1}}"#,
            r#"{"request":{"method":"GET"},"response":{"status":200}}"#,
            r#"{"chosen":"a","rejected":"b"}"#,
            r#"{"conversations":3}"#,
            r#"{"content":"a"}"#,
            r#"{"comments":[{"user":"a"}]}"#,
            r#"{"role":"assistant","content":[{"type":"text","text":"a"}]}"#,
        ] {
            assert_eq!(mark_of(text), Mark::Unmarked, "{text}");
        }
    }

    #[test]
    fn a_slip_for_a_gemini_key_still_marks_a_line() {
        for (text, format) in [
            (r#"{"content":[{"role":"user","parts":[]}]}"#, Format::Supervised),
            (r#"{"Contents":[{"parts":[]}]}"#, Format::Supervised),
            (r#"{"cotnents":[{"role":"user"}]}"#, Format::Supervised),
            (r#"{"completion":[{"score":1,"completion":{}}]}"#, Format::Preference),
            (r#"{"Completions":[{"completion":{}}]}"#, Format::Preference),
        ] {
            assert_eq!(mark_of(text), Mark::Gemini(format), "{text}");
        }
    }

    #[test]
    fn indexes_are_the_places_in_the_list() {
        for (place, foreign) in Foreign::ALL.into_iter().enumerate() {
            assert_eq!(foreign.index(), place, "{}", foreign.name());
        }
    }

    #[test]
    fn a_key_with_escapes_is_no_quick_mark() {
        assert!(quick_mark("contents") && !quick_mark("content") && !quick_mark("c\\u006fntents"));
    }
}
