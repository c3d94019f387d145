//! The values of settings as a tree, from JSON or TOML.

use serde_json::Value as Json;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// A message repeats at most this many characters of a value.
const MAX_SHOWN: usize = 60;

/// A value and its place in the text, in bytes. The place is empty for a client's value.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub span: Range<usize>,
    pub value: Value,
    /// The value as written, for messages.
    pub shown: String,
}

/// A value of a kind that some setting takes.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Nothing,
    Text(String),
    Count(usize),
    List(Vec<Given>),
    Table(Vec<Member>),
    Other,
}

/// A key and its value.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub key: String,
    pub span: Range<usize>,
    pub given: Given,
}

impl Given {
    /// The value, if it is a string.
    pub fn text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    pub fn from_json(json: &Json) -> Self {
        let value = match json {
            Json::Null => Value::Nothing,
            Json::String(text) => Value::Text(text.clone()),
            Json::Number(number) => {
                let count = number.as_u64().and_then(|count| usize::try_from(count).ok());
                count.map_or(Value::Other, Value::Count)
            }
            Json::Array(items) => Value::List(items.iter().map(Self::from_json).collect()),
            Json::Object(members) => {
                let member = |(key, value): (&String, &Json)| Member {
                    key: key.clone(),
                    span: 0..0,
                    given: Self::from_json(value),
                };
                Value::Table(members.iter().map(member).collect())
            }
            Json::Bool(_) => Value::Other,
        };
        Self { span: 0..0, value, shown: shortened(&json.to_string()) }
    }

    pub fn from_toml(text: &str, value: &Spanned<DeValue<'_>>) -> Self {
        let span = value.span();
        let shown = shortened(text.get(span.clone()).unwrap_or_default());
        let value = match value.get_ref() {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(integer) => {
                usize::from_str_radix(integer.as_str(), integer.radix()).map_or(Value::Other, Value::Count)
            }
            DeValue::Array(items) => Value::List(items.iter().map(|item| Self::from_toml(text, item)).collect()),
            DeValue::Table(table) => Value::Table(Self::members(text, table)),
            _ => Value::Other,
        };
        Self { span, value, shown }
    }

    /// The members of a table, in the order of the text.
    pub fn members(text: &str, table: &DeTable<'_>) -> Vec<Member> {
        let member = |(key, value): (&Spanned<DeString<'_>>, &Spanned<DeValue<'_>>)| Member {
            key: key.get_ref().to_string(),
            span: key.span(),
            given: Self::from_toml(text, value),
        };
        let mut members: Vec<_> = table.iter().map(member).collect();
        members.sort_by_key(|member| member.span.start);
        members
    }
}

/// The first line of a text, shortened for a message.
pub fn shortened(text: &str) -> String {
    let line = text.split(['\n', '\r']).next().unwrap_or_default();
    let end = line.char_indices().nth(MAX_SHOWN).map_or(line.len(), |(end, _)| end);
    let cut = if end < text.len() { "…" } else { "" };
    format!("{}{cut}", &line[..end])
}
