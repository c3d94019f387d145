//! Formats that are only recognized: by their shape, never by a single common key. A log line with `messages` is not a
//! training example.
//!
//! Shapes: the vendors' documentation and validators as of 2026-08 (OpenAI, Bedrock, Mistral, Together, LLaMA-Factory,
//! TRL) and the older pages of Vertex AI (2025-05).

use crate::formats::Format;
use crate::json::{Kind, NodeId, Record};

/// A format that is only recognized.
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
    /// `input` and `output`, and no key that says more.
    InputOutput,
    /// A text, image or video with its annotation.
    AutoMl,
    /// `_id` and `text`.
    EmbeddingCorpus,
    /// `contents` that is a text, next to `id`, `_id`, `docid` or `title`.
    SearchCorpus,
    /// A list of messages with the role or name of the sender and a text.
    ChatLog,
    /// `text` and no other key.
    PlainText,
    /// `prompt` and no answer: the model writes it.
    PromptOnly,
    /// `prompt`, and a list of steps with a label for each.
    Stepwise,
    /// `content` and no other key.
    MistralText,
}

impl Foreign {
    /// All of them with their usual names, in the order of their indexes.
    pub const ALL: [(Foreign, &'static str); 22] = [
        (Foreign::OpenAiBatch, "OpenAI batch"),
        (Foreign::PromptCompletion, "prompt and completion"),
        (Foreign::TextBison, "Vertex text-bison"),
        (Foreign::ChatBison, "Vertex chat-bison"),
        (Foreign::Gemini1, "Gemini 1.0 messages"),
        (Foreign::AiStudio, "Google AI Studio tuning"),
        (Foreign::GeminiBatch, "Gemini batch prediction"),
        (Foreign::Bedrock, "Bedrock conversation"),
        (Foreign::Mistral, "Mistral chat"),
        (Foreign::ShareGpt, "ShareGPT"),
        (Foreign::Alpaca, "Alpaca"),
        (Foreign::TrlPreference, "TRL preference"),
        (Foreign::Yandex, "Yandex tuning"),
        (Foreign::InputOutput, "input and output"),
        (Foreign::AutoMl, "AutoML import"),
        (Foreign::EmbeddingCorpus, "embedding corpus"),
        (Foreign::SearchCorpus, "search corpus"),
        (Foreign::ChatLog, "chat log"),
        (Foreign::PlainText, "plain text"),
        (Foreign::PromptOnly, "prompt-only"),
        (Foreign::Stepwise, "TRL stepwise"),
        (Foreign::MistralText, "Mistral plain text"),
    ];

    /// The index in [`Self::ALL`].
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    /// Whether it is data for another purpose, which no one means to tune on.
    #[must_use]
    pub fn is_other_data(self) -> bool {
        self == Foreign::SearchCorpus
    }

    /// An addition to a sentence about what a line needs in another format, if the line has it in another place or with
    /// another word.
    #[must_use]
    pub fn hint(self, wanted: &Format) -> &'static str {
        match self {
            Foreign::GeminiBatch if wanted.id == "gemini" => ", which here are inside `request`",
            Foreign::Gemini1 if wanted.id == "openai" => ", and the role `assistant` instead of `model`",
            _ => "",
        }
    }

    /// Its usual name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL[self.index()].1
    }
}

/// The foreign format with the shape of this object. One pass over the keys decides which shapes to check, because most
/// lines of other files have none of these keys.
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
        "completions" if is_stepwise(record, root) => Some(Foreign::Stepwise),
        "prompt" if is_prompt_alone(record, root, member) => Some(Foreign::PromptOnly),
        "chosen" => preference(record, root, member, key("rejected")?),
        "input_text" => (is_text("input_text") && is_text("output_text")).then_some(Foreign::TextBison),
        "text_input" => (is_text("text_input") && is_text("output")).then_some(Foreign::AiStudio),
        "instruction" => (is_text("instruction") && is_text("output")).then_some(Foreign::Alpaca),
        "custom_id" => key("body").filter(|body| record.kind(*body) == Kind::Object).map(|_| Foreign::OpenAiBatch),
        "request" if record.member(member, "contents").is_some() => Some(Foreign::GeminiBatch),
        "request" if record.string(member).is_some_and(|text| text.trim_start().starts_with('{')) => {
            Some(Foreign::GeminiBatch)
        }
        "request" if has_items(record, member, &["role", "text"]) => key("response").map(|_| Foreign::Yandex),
        "input" if is_text("input") && is_text("output") => {
            let more = ["input", "output", "system", "history", "id", "context"];
            record
                .children(root)
                .all(|member| more.contains(&record.key(member).as_ref()))
                .then_some(Foreign::InputOutput)
        }
        "textContent" | "textGcsUri" | "imageGcsUri" | "videoGcsUri" => Some(Foreign::AutoMl),
        "_id" if is_text("text") => Some(Foreign::EmbeddingCorpus),
        "text" if is_text("text") && record.children(root).nth(1).is_none() => Some(Foreign::PlainText),
        "contents" if is_search_corpus(record, root) => Some(Foreign::SearchCorpus),
        _ => None,
    })
}

/// Whether a prompt has a list of texts with a label for each, as TRL's process rewards need.
pub(super) fn is_stepwise(record: Record<'_>, root: NodeId) -> bool {
    let are = |name: &str, kind: Kind| {
        let list = record.member(root, name).filter(|list| record.kind(*list) == Kind::Array);
        list.is_some_and(|list| record.children(list).next().is_some_and(|first| record.kind(first) == kind))
    };
    record.member(root, "prompt").is_some()
        && are("completions", Kind::String)
        && record.member(root, "labels").is_some()
}

/// The format of a line with one text and nothing else. Many other files have such lines, so it only counts for a
/// service that reads the format.
#[must_use]
pub fn of_bare_text(record: Record<'_>) -> Option<Foreign> {
    let root = record.root().filter(|root| record.kind(*root) == Kind::Object)?;
    let mut members = record.children(root);
    let text = members.next().filter(|member| record.kind(*member) == Kind::String)?;
    match (&*record.key(text), members.next()) {
        ("prompt", None) => Some(Foreign::PromptOnly),
        ("content", None) => Some(Foreign::MistralText),
        _ => None,
    }
}

/// Whether a line is a conversation without any answer, next to whatever a reward reads.
fn is_prompt_alone(record: Record<'_>, root: NodeId, prompt: NodeId) -> bool {
    let answers = ["completion", "completions", "chosen", "rejected", "response", "messages"];
    has_items(record, prompt, &["role", "content"])
        && !answers.into_iter().any(|key| record.member(root, key).is_some())
}

/// Whether `contents` is one text, next to a key that names a document: what Pyserini, Anserini and FlashRAG index.
pub(super) fn is_search_corpus(record: Record<'_>, root: NodeId) -> bool {
    let is_text = record.member(root, "contents").is_some_and(|contents| record.kind(contents) == Kind::String);
    is_text && ["id", "_id", "docid", "title"].iter().any(|key| record.member(root, key).is_some())
}

/// Whether an object is a message of a chat log: a sender and a text.
pub(super) fn is_chat_message(record: Record<'_>, object: NodeId) -> bool {
    let text = |name: &str| record.member(object, name).and_then(|value| record.string(value));
    let has_sender = ["role", "sender", "speaker", "from"].iter().any(|name| text(name).is_some())
        || ["author", "name"].iter().any(|name| text(name).is_some_and(|sender| is_side(&sender)));
    has_sender && ["message", "text", "content", "value", "msg"].iter().any(|name| text(name).is_some())
}

/// Whether a sender is called by the side of the conversation.
fn is_side(sender: &str) -> bool {
    let sides = ["user", "human", "customer", "assistant", "model", "bot", "ai", "agent", "system"];
    sides.iter().any(|side| sender.eq_ignore_ascii_case(side))
}

/// Whether a value is a list whose first element is an object with all of these keys.
fn has_items(record: Record<'_>, list: NodeId, keys: &[&str]) -> bool {
    let is_list = record.kind(list) == Kind::Array;
    let first = is_list.then(|| record.children(list).next()).flatten();
    first.is_some_and(|first| keys.iter().all(|key| record.member(first, key).is_some()))
}

/// The preference format with these answers: both strings next to a prompt, or both conversations.
fn preference(record: Record<'_>, root: NodeId, chosen: NodeId, rejected: NodeId) -> Option<Foreign> {
    let texts = [chosen, rejected].iter().all(|id| record.kind(*id) == Kind::String);
    let turns = [chosen, rejected].iter().all(|id| has_items(record, *id, &["role", "content"]));
    let has_prompt = ["prompt", "messages"].into_iter().any(|key| record.member(root, key).is_some());
    ((texts && has_prompt) || turns).then_some(Foreign::TrlPreference)
}

/// The format with these `messages`; `None` if they are not a conversation.
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
        let is_bedrock = || content.is_some_and(|content| is_untyped_blocks(record, content));
        found = found.or_else(|| match &*role {
            "model" => Some(Foreign::Gemini1),
            _ => is_bedrock().then_some(Foreign::Bedrock),
        });
    }
    let version = version.and_then(|version| record.string(version));
    if version.is_some_and(|name| name.starts_with("bedrock")) { Some(Foreign::Bedrock) } else { found }
}

/// Whether a content is a list of blocks such as `{"text": ...}` without a `type`, as in Bedrock's format.
pub(super) fn is_untyped_blocks(record: Record<'_>, content: NodeId) -> bool {
    record.kind(content) == Kind::Array
        && record.children(content).next().is_some_and(|block| {
            let has = |key: &str| record.member(block, key).is_some();
            !has("type") && ["text", "image", "video", "document"].into_iter().any(has)
        })
}
