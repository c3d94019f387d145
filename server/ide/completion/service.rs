//! JSON to insert, as the service in force reads it.

use crate::example::limits::Limits;
use crate::example::mime::{for_location, kind_of};
use crate::formats::{FORMATS, Format, Service, index};
use crate::json::{Parser, lexer};
use crate::schema::{Means, snake_case};
use std::borrow::Cow;

/// A string for the service.
pub(super) enum Fitted<'a> {
    /// A string, as it is written in JSON.
    String(Cow<'a, str>),
    /// The JSON that the string holds.
    Object(String),
}

/// Who reads the JSON to insert.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader {
    pub(super) format: &'static Format,
    pub(super) service: &'static Service,
    /// The number of a new call.
    pub(super) call: usize,
    /// The number of the call that a new result answers.
    pub(super) result: usize,
}

impl Reader {
    pub(super) fn new(format: &'static Format, service: &'static Service) -> Self {
        Self { format, service, call: 1, result: 1 }
    }

    /// A key in the spelling of the service.
    pub(super) fn spelled(self, key: &str) -> Cow<'_, str> {
        if self.service.writes_snake_case { Cow::Owned(snake_case(key)) } else { Cow::Borrowed(key) }
    }

    /// The string under a key of one of the format's own examples, for the service.
    pub(super) fn for_service<'a>(self, key: &str, inner: &'a str) -> Fitted<'a> {
        let own = || Cow::Borrowed(inner);
        Fitted::String(match self.means(key) {
            Means::Speaker => {
                let words = &self.format.words;
                let role = words.speaker(inner).and_then(|speaker| self.service.role(words, speaker));
                role.map_or_else(own, Cow::Borrowed)
            }
            Means::CallId => self.call_id(inner, self.call).map_or_else(own, Cow::Owned),
            Means::ResultId => self.call_id(inner, self.result).map_or_else(own, Cow::Owned),
            Means::Arguments if self.service.arguments_as_text == Some(false) => {
                return Fitted::Object(lexer::unescape(inner));
            }
            Means::Location => self.location(inner).map_or_else(own, Cow::Borrowed),
            _ => own(),
        })
    }

    /// The meaning of the fields with this name.
    fn means(self, key: &str) -> Means {
        let fields = index::fields(self.format.id()).iter().filter(|field| field.name == key);
        fields.map(|field| field.means).find(|means| *means != Means::Nothing).unwrap_or_default()
    }

    /// The id of the call, in the form of the example and with the length that the service wants.
    fn call_id(self, example: &str, number: usize) -> Option<String> {
        let (word, _) = example.split_once('_')?;
        Some(match self.service.call_id_length {
            None => format!("{word}_{number}"),
            Some(length) => format!("{word}{number:0width$}", width = length.saturating_sub(word.len())),
        })
    }

    /// A location to start from that the service reads; `None` if it reads the one of the example.
    fn location(self, example: &str) -> Option<&'static str> {
        let reads = self.service.reads;
        let is_alike = |uri: &&str| reads.take(uri) && for_location(uri) == for_location(example);
        let whole = || FORMATS.iter().flat_map(|format| format.template_locations).copied().find(is_alike);
        let found = || whole().filter(|_| !example.ends_with('/')).unwrap_or(reads.start());
        (!reads.take(example)).then(found)
    }

    /// Whether the service trains what a template contains: its roles and media.
    pub(super) fn is_taken(self, json: &str, limits: &Limits) -> bool {
        let mut parser = Parser::default();
        parser.parse(json);
        let record = parser.record(json);
        let words = &self.format.words;
        (0..).take(record.tree.nodes.len()).all(|node| {
            let Some(text) = record.string(node) else { return true };
            match self.means(&record.key(node)) {
                Means::Speaker => {
                    words.speaker(&text).is_none_or(|speaker| self.service.role(words, speaker).is_some())
                }
                Means::MimeType => kind_of(&text).is_none_or(|kind| limits.most(kind) != Some(0)),
                // A service that wants its files in a list doesn't read them in parts.
                Means::Location => self.service.media_lists.is_empty(),
                _ => true,
            }
        })
    }
}
