//! The list of formats, and their detection by content.

use super::foreign::{self, Foreign};
use super::format::{Format, LineKind};
use super::{gemini, openai};
use crate::json::{Kind, NodeId, Parser, Record, guise};
use crate::schema::Means;

/// All formats; the first is the default.
pub static FORMATS: [&Format; 2] = [&gemini::GEMINI, &openai::FORMAT];

/// Whether a template of an editor has inserted this location.
#[must_use]
pub fn is_template_location(uri: &str) -> bool {
    FORMATS.iter().any(|format| format.template_locations.contains(&uri))
}

/// The format of a line, by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// A line of a known kind.
    Known(&'static LineKind),
    /// A line of a format that is only recognized.
    Foreign(Foreign),
    /// Any other line: of a log, of another dataset, or not an object.
    Unmarked,
}

/// The index of a format in [`FORMATS`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FormatId(u8);

impl FormatId {
    /// All formats, in order.
    pub fn all() -> impl Iterator<Item = FormatId> {
        (0..).take(FORMATS.len()).map(FormatId)
    }

    /// The format itself.
    #[must_use]
    pub fn format(self) -> &'static Format {
        FORMATS[self.index()]
    }

    /// Its index.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl Format {
    /// The format with this id.
    #[must_use]
    pub fn named(id: &str) -> Option<&'static Format> {
        FORMATS.into_iter().find(|format| format.id == id)
    }

    /// Its index among all formats.
    #[must_use]
    pub fn id(&self) -> FormatId {
        let place = FORMATS.iter().position(|format| *format == self).unwrap_or(0);
        FormatId(u8::try_from(place).unwrap_or(0))
    }
}

impl LineKind {
    /// All kinds of all formats, in order.
    pub fn all() -> impl Iterator<Item = &'static LineKind> {
        FORMATS.into_iter().flat_map(|format| format.kinds).copied()
    }
}

impl Mark {
    /// The format of a line of a known kind.
    #[must_use]
    pub fn format(self) -> Option<&'static Format> {
        match self {
            Mark::Known(kind) => Some(kind.format),
            _ => None,
        }
    }
}

/// Whether this key, as the raw text between its quotes, is enough to mark a top level as one of a known format.
#[must_use]
pub fn quick_mark(key: &str) -> bool {
    FORMATS.iter().any(|format| format.mark_keys.contains(&key))
}

/// The format of a line by its content alone. A line that holds a line in another notation has the format of that line.
#[must_use]
pub fn mark(record: Record<'_>) -> Mark {
    let inside = |mark: Mark| if mark.format().is_some() { mark } else { Mark::Unmarked };
    let root = record.root();
    match root.map(|root| (root, record.kind(root))) {
        Some((root, Kind::Object)) => mark_of_object(record, root),
        Some((root, Kind::Array)) => match array_of(record, root) {
            ArrayOf::Turns(kind) => Mark::Known(kind),
            ArrayOf::Messages => Mark::Foreign(Foreign::ChatLog),
            ArrayOf::Objects(first) => inside(mark_of_object(record, first)),
            ArrayOf::Other => Mark::Unmarked,
        },
        Some((root, kind)) if record.raw(record.span(root)) == record.text.trim() => {
            let text = record.string(root).filter(|text| kind == Kind::String && holds_record(text));
            text.map_or(Mark::Unmarked, |text| inside(mark_of(&text)))
        }
        _ if !record.text.contains('{') => Mark::Unmarked,
        _ => match guise::csv_row(record.text) {
            Some(row) => inside(mark_of(&row.record)),
            None => guise::surrounded(record.text).map_or(Mark::Unmarked, |it| inside(mark_of(record.raw(it.record)))),
        },
    }
}

/// Whether a text looks like an object or a list.
fn holds_record(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

fn mark_of(text: &str) -> Mark {
    let mut parser = Parser::default();
    parser.parse(text);
    let record = parser.record(text);
    match record.root() {
        Some(root) if record.kind(root) == Kind::Array => match array_of(record, root) {
            ArrayOf::Turns(kind) => Mark::Known(kind),
            _ => Mark::Unmarked,
        },
        Some(root) => mark_of_object(record, root),
        None => Mark::Unmarked,
    }
}

fn mark_of_object(record: Record<'_>, object: NodeId) -> Mark {
    if record.kind(object) != Kind::Object {
        return Mark::Unmarked;
    }
    let formats = || FORMATS.into_iter();
    let known = formats().find_map(|format| (format.recognize)(record, object)).map(Mark::Known);
    let foreign = || foreign::recognize(record, object).map(Mark::Foreign);
    let near = || formats().find_map(|format| (format.near)(record, object)).map(Mark::Known);
    known.or_else(foreign).or_else(near).unwrap_or(Mark::Unmarked)
}

/// What an array contains, by its first element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArrayOf {
    /// The turns of one example, without the object around them; the usual kind of line of their format.
    Turns(&'static LineKind),
    /// The messages of a chat log, which are not turns of a known format.
    Messages,
    /// Other objects, the first of which is this: probably a record each.
    Objects(NodeId),
    /// Anything else.
    Other,
}

/// What the array `list` contains.
#[must_use]
pub fn array_of(record: Record<'_>, list: NodeId) -> ArrayOf {
    let first = record.children(list).next().filter(|first| record.kind(*first) == Kind::Object);
    match first {
        None => ArrayOf::Other,
        Some(first) => match kind_of_turn(record, first) {
            Some(kind) => ArrayOf::Turns(kind),
            None if foreign::is_chat_message(record, first) => ArrayOf::Messages,
            None => ArrayOf::Objects(first),
        },
    }
}

/// The usual kind of line of the format that the object is a turn of.
fn kind_of_turn(record: Record<'_>, object: NodeId) -> Option<&'static LineKind> {
    let is_turn = |format: &&'static Format| {
        let member = |means: Means| format.field(means).and_then(|field| record.member(object, field.name));
        let is_list = |content: NodeId| record.kind(content) == Kind::Array;
        match (member(Means::Speaker), member(Means::Content)) {
            (Some(_), Some(_)) => true,
            (None, Some(content)) => !format.needs_role && is_list(content) && record.children(object).count() == 1,
            (_, None) => false,
        }
    };
    FORMATS.into_iter().find(is_turn).map(|format| format.kinds[0])
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
            assert_eq!(mark_of(text), Mark::Known(&gemini::SUPERVISED), "{text}");
        }
        for key in ["systemInstruction", "generation_config"] {
            let text = format!(r#"{{"{key}":{{}},"messages":[{{"role":"assistant","content":"a"}}]}}"#);
            assert_eq!(mark_of(&text), Mark::Known(&openai::CHAT), "{text}");
        }
        assert_eq!(mark_of(r#"{"contents":[],"completions":[]}"#), Mark::Known(&gemini::PREFERENCE));
        assert_eq!(mark_of(r#"{"completions":[]}"#), Mark::Known(&gemini::PREFERENCE));
    }

    #[test]
    fn a_line_in_another_notation_is_marked() {
        for (text, kind) in [
            (r#"[{"role":"user","parts":[{"text":"a"}]}]"#, &gemini::SUPERVISED),
            (r#"[{"role":"user","content":"a"}]"#, &openai::CHAT),
            (r#"[{"parts":[{"text":"a"}]}]"#, &gemini::SUPERVISED),
            (r#"[{"contents":[]},{"contents":[]}]"#, &gemini::SUPERVISED),
            (r#""{\"contents\":[]}""#, &gemini::SUPERVISED),
            (r#""[{\"role\":\"user\",\"content\":\"a\"}]""#, &openai::CHAT),
            (r#""{""contents"":[]}""#, &gemini::SUPERVISED),
            (r#"1,"{""contents"":[]}","""#, &gemini::SUPERVISED),
            (r#"data: {"contents":[]}"#, &gemini::SUPERVISED),
            (r#"1	{"contents":[]}"#, &gemini::SUPERVISED),
            (r#"'{"contents":[]}'"#, &gemini::SUPERVISED),
            (r#"｛"contents"：[]}"#, &gemini::SUPERVISED),
        ] {
            assert_eq!(mark_of(text), Mark::Known(kind), "{text}");
        }
    }

    #[test]
    fn each_foreign_format_is_recognized_by_its_shape() {
        for (text, expected) in [
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
            (r#"{"interactions":[{"role":"user","content":"a"}]}"#, Foreign::Mistral),
            (r#"{"conversations":[{"from":"human","value":"a"}]}"#, Foreign::ShareGpt),
            (r#"{"instruction":"a","input":"","output":"b"}"#, Foreign::Alpaca),
            (r#"{"prompt":"a","chosen":"b","rejected":"c"}"#, Foreign::TrlPreference),
            (r#"{"request":[{"role":"user","text":"a"}],"response":"b"}"#, Foreign::Yandex),
            (r#"{"input":"a","output":"b"}"#, Foreign::InputOutput),
            (r#"{"request":"{\"contents\":[]}"}"#, Foreign::GeminiBatch),
            (r#"{"classificationAnnotation":{},"videoGcsUri":"gs://a/b"}"#, Foreign::AutoMl),
            (r#"{"_id":"1","title":"a","text":"b"}"#, Foreign::EmbeddingCorpus),
            (r#"{"id":"1","contents":"a"}"#, Foreign::SearchCorpus),
            (r#"[{"role":"user","message":"a"},{"role":"model","message":"b"}]"#, Foreign::ChatLog),
            (r#"[{"sender":"bot","text":"a"}]"#, Foreign::ChatLog),
        ] {
            assert_eq!(mark_of(text), Mark::Foreign(expected), "{text}");
        }
    }

    #[test]
    fn the_mark_of_usual_lines_depends_on_their_layout() {
        let is_by_layout = |text: &str| {
            let mut parser = Parser::default();
            parser.parse(text);
            let record = parser.record(text);
            mark(record).format().is_some_and(|format| (format.is_marked_by_layout)(record))
        };
        for text in [
            r#"{"contents":[{"role":"user","parts":[{"text":"a"}]}]}"#,
            r#"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}"#,
        ] {
            assert!(is_by_layout(text), "{text}");
        }
        for text in [
            // `model` in place of `gpt` is another format.
            r#"{"messages":[{"from":"human","value":"a"},{"from":"gpt","value":"b"}]}"#,
            // It may be one of Bedrock, by its `schemaVersion`.
            r#"{"schemaVersion":"a","mesages":[{"role":"user","content":"a"}]}"#,
        ] {
            assert!(mark_of(text).format().is_some() && !is_by_layout(text), "{text}");
        }
    }

    #[test]
    fn lines_of_logs_and_other_data_are_unmarked() {
        for text in [
            "",
            "[]",
            "3",
            "{}",
            r#"{"level":"info","messages":"3 new"}"#,
            r#"{"messages":[]}"#,
            r#"{"messages":["a","b"]}"#,
            r#"{"messages":"[3 new]"}"#,
            r#"{"messages":[{"content":"a"}]}"#,
            r#"{"messages":[{"content":"a","id":1},{"content":"b","id":2}]}"#,
            r#"{"messages":[{"id":1,"body":"a"}]}"#,
            r#"{"prompt":"a"}"#,
            r#"{"prompt":"a","completion":{"id":1}}"#,
            r#"{"request":{"method":"GET"},"response":{"status":200}}"#,
            r#"{"chosen":"a","rejected":"b"}"#,
            r#"{"conversations":3}"#,
            r#"{"content":"a"}"#,
            r#"{"input":"a","output":"b","level":"info"}"#,
            r#"{"comments":[{"user":"a"}]}"#,
            r#"{"role":"assistant","content":[{"type":"text","text":"a"}]}"#,
            r#"[{"role":"admin"}]"#,
            r#"[{"parts":["bolt"],"name":"gear"}]"#,
            r#"[{"author":"Ann","text":"a"}]"#,
            r#"[{"id":1,"text":"a"}]"#,
            r#""a string""#,
        ] {
            assert_eq!(mark_of(text), Mark::Unmarked, "{text}");
        }
    }

    #[test]
    fn a_misspelled_gemini_key_still_marks_a_line() {
        for (text, format) in [
            (r#"{"content":[{"role":"user","parts":[]}]}"#, &gemini::SUPERVISED),
            (r#"{"Contents":[{"parts":[]}]}"#, &gemini::SUPERVISED),
            (r#"{"cotnents":[{"role":"user"}]}"#, &gemini::SUPERVISED),
            (r#"{"completion":[{"score":1,"completion":{}}]}"#, &gemini::PREFERENCE),
            (r#"{"Completions":[{"completion":{}}]}"#, &gemini::PREFERENCE),
        ] {
            assert_eq!(mark_of(text), Mark::Known(format), "{text}");
        }
    }

    #[test]
    fn indexes_match_the_list() {
        for (place, (foreign, name)) in Foreign::ALL.into_iter().enumerate() {
            assert_eq!((foreign.index(), foreign.name()), (place, name));
        }
    }

    #[test]
    fn a_key_with_escapes_is_not_a_quick_mark() {
        assert!(quick_mark("contents") && !quick_mark("content") && !quick_mark("c\\u006fntents"));
    }

    #[test]
    fn each_kind_of_messages_is_recognized_by_its_shape() {
        for (text, kind) in [
            (r#"{"messages":[{"role":"system","content":"a"},{"role":"user","content":"b"}]}"#, &openai::CHAT),
            (r#"{"messages":[{"role":"user","content":[{"type":"text","text":"b"}]}]}"#, &openai::CHAT),
            (
                r#"{"messages":[{"role":"user","content":"a"},{"role":"assistant","tool_calls":[{"id":"call_1"}]}]}"#,
                &openai::CHAT,
            ),
            (r#"{"messages":[{"role":"assistant","tool_calls":[{"id":"abc123DEF","function":{}}]}]}"#, &openai::CHAT),
            (r#"{"mesages":[{"role":"user","content":"a"}]}"#, &openai::CHAT),
            (r#"{"messages":[{"role":"user","content":"a"}],"weight":1}"#, &openai::CHAT),
            (r#"{"messages":[{"role":"user","content":"a"},{"content":"b"}]}"#, &openai::CHAT),
            (r#"{"input":{"messages":[]},"preferred_output":[],"non_preferred_output":[]}"#, &openai::PREFERENCE),
            (r#"{"messages":[{"content":"a"},{"content":"b"}]}"#, &openai::CHAT),
            (r#"{"messages":"[{\"role\":\"user\",\"content\":\"a\"}]"}"#, &openai::CHAT),
            (r#"{"messages":[{"from":"human","value":"a"},{"from":"gpt","value":"b"}]}"#, &openai::CHAT),
            (r#"{"messages":[{"role":"user","content":"a"}],"prompt":"b","completion":"c"}"#, &openai::REINFORCEMENT),
            (r#"{"messages":[{"role":"user","content":"a"}],"reference_answer":"b"}"#, &openai::REINFORCEMENT),
            (r#"{"messages":[{"role":"user","content":"a"}],"id":7}"#, &openai::REINFORCEMENT),
        ] {
            assert_eq!(mark_of(text), Mark::Known(kind), "{text}");
        }
    }
}
