//! The list of formats, and which of them a line is in.

use super::foreign::{self, Foreign};
use super::format::{Format, LineKind};
use super::{gemini, openai};
use crate::json::{Kind, Record};

/// All formats; the first is the one of a file that says nothing.
pub static FORMATS: [&Format; 2] = [&gemini::GEMINI, &openai::FORMAT];

/// What a line says of its own format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// A line of a known kind.
    Known(&'static LineKind),
    /// A line of a format that is only recognized.
    Foreign(Foreign),
    /// Neither: a log line, another dataset, no object.
    Unmarked,
}

/// The place of a format in [`FORMATS`].
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

    /// Its place.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl Format {
    /// The format of this name in settings.
    #[must_use]
    pub fn named(id: &str) -> Option<&'static Format> {
        FORMATS.into_iter().find(|format| format.id == id)
    }

    /// Its place among all.
    #[must_use]
    pub fn id(&self) -> FormatId {
        let place = FORMATS.iter().position(|format| *format == self).unwrap_or(0);
        FormatId(u8::try_from(place).unwrap_or(0))
    }
}

impl LineKind {
    /// Its format.
    #[must_use]
    pub fn format(&self) -> &'static Format {
        FORMATS.into_iter().find(|format| format.kinds.contains(&self)).unwrap_or(FORMATS[0])
    }

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
            Mark::Known(kind) => Some(kind.format()),
            _ => None,
        }
    }
}

/// Whether this key, the raw text between its quotes, alone makes a top level one of a known format.
#[must_use]
pub fn quick_mark(key: &str) -> bool {
    FORMATS.iter().any(|format| format.mark_keys.contains(&key))
}

/// What the line says of its format, without regard to settings or to other lines.
#[must_use]
pub fn mark(record: Record<'_>) -> Mark {
    let Some(root) = record.root().filter(|root| record.kind(*root) == Kind::Object) else {
        return Mark::Unmarked;
    };
    let formats = || FORMATS.into_iter();
    let known = formats().find_map(|format| (format.recognize)(record, root)).map(Mark::Known);
    let foreign = || foreign::recognize(record, root).map(Mark::Foreign);
    let near = || formats().find_map(|format| (format.near)(record, root)).map(Mark::Known);
    known.or_else(foreign).or_else(near).unwrap_or(Mark::Unmarked)
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
        assert_eq!(mark_of(r#"{"contents":[],"completions":[]}"#), Mark::Known(&gemini::PREFERENCE));
        assert_eq!(mark_of(r#"{"completions":[]}"#), Mark::Known(&gemini::PREFERENCE));
    }

    #[test]
    fn each_foreign_format_is_told_by_its_shape() {
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
    fn indexes_are_the_places_in_the_list() {
        for (place, foreign) in Foreign::ALL.into_iter().enumerate() {
            assert_eq!(foreign.index(), place, "{}", foreign.name());
        }
    }

    #[test]
    fn a_key_with_escapes_is_no_quick_mark() {
        assert!(quick_mark("contents") && !quick_mark("content") && !quick_mark("c\\u006fntents"));
    }

    #[test]
    fn each_kind_of_messages_is_told_by_its_shape() {
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
            (r#"{"messages":[{"role":"user","content":"a"}],"reference_answer":"b"}"#, &openai::REINFORCEMENT),
            (r#"{"messages":[{"role":"user","content":"a"}],"id":7}"#, &openai::REINFORCEMENT),
        ] {
            assert_eq!(mark_of(text), Mark::Known(kind), "{text}");
        }
    }
}
