//! The input of a rule: the record, its meaning and the settings.

use crate::example::limits::Limits;
use crate::example::{Example, Speaker};
use crate::formats::{Format, LineKind, Mark, Service};
use crate::json::{NodeId, Record, Span, SyntaxError};
use crate::rules::Input;
use crate::schema::Means;
use crate::schema::fit::Fit;
use crate::settings::Settings;
use std::cell::OnceCell;

/// How a record is laid out over lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A line that is empty or only white space.
    Blank,
    /// One value on one line, as it has to be. Only this form has its content checked.
    Single,
    /// Several values on one line; the content is not checked until the line is split.
    Several,
    /// One value over several lines; the content is not checked until the lines are joined.
    MultiLine,
}

/// Everything that a rule can read about a record.
#[derive(Debug)]
pub struct Context<'a> {
    /// The record as it is in its file.
    pub input: &'a Input<'a>,
    /// How it is laid out over lines.
    pub form: Form,
    /// Its tree; empty unless the form is [`Form::Single`] or [`Form::Several`].
    pub record: Record<'a>,
    /// Its syntax errors, by place.
    pub errors: &'a [SyntaxError],
    /// The number of syntax errors; `errors` lists only the first 10,000.
    pub fault_count: usize,
    /// What its top-level keys say about its format.
    pub mark: Mark,
    /// The format that it is read as.
    pub format: &'static Format,
    /// The kind of line that it is read as.
    pub kind: &'static LineKind,
    /// How its tree fits the schema; empty if it is not read as an example.
    pub fit: &'a Fit,
    /// Its meaning as an example.
    pub example: &'a Example,
    /// The settings that apply to the file.
    pub settings: &'a Settings,
    /// The service that the file is meant for.
    pub service: &'static Service,
    /// The limits of the model that is tuned.
    pub limits: &'static Limits,
    /// What several rules ask about the whole record.
    pub(crate) known: Known,
}

/// Answers about the whole record, each found once.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// See [`Context::structure_is_hidden`].
    pub is_hidden: OnceCell<bool>,
    /// Whether one fault explains all syntax errors.
    pub is_explained: OnceCell<bool>,
    /// Whether only the position of a turn tells its speaker.
    pub is_read_by_position: OnceCell<bool>,
    /// Whether the shared value is there under a wrong name or in a wrong place.
    pub is_misspelled: OnceCell<bool>,
    /// Whether a media file is in a wrong place.
    pub has_misplaced_media: OnceCell<bool>,
}

impl<'a> Context<'a> {
    /// Whether syntax errors hide what the record contains, so that nothing can be called missing.
    #[must_use]
    pub fn structure_is_hidden(&self) -> bool {
        let is_hidden = || self.errors.iter().any(|error| error.fault.hides_structure());
        !self.errors.is_empty() && *self.known.is_hidden.get_or_init(is_hidden)
    }

    /// Whether a syntax error that hides structure meets a span.
    #[must_use]
    pub fn is_hidden(&self, span: Span) -> bool {
        let meets = |error: &SyntaxError| error.fault.hides_structure() && error.span.meets(span);
        self.structure_is_hidden() && self.errors.iter().any(meets)
    }

    /// The span of a finding about something missing in the object `node`: the object's key, or its `{` at the top
    /// level and in a list.
    #[must_use]
    pub fn owner_span(&self, node: NodeId) -> Span {
        self.record.key_span(node).unwrap_or_else(|| first_byte(self.record.span(node)))
    }

    /// The span, on the first record, of a finding about the whole file: the first `{` or `[`, else the first
    /// character.
    #[must_use]
    pub fn file_span(&self) -> Span {
        let text = self.input.text;
        match text.find(['{', '[']) {
            Some(at) => Span::new(at, at + 1),
            None => Span::new(0, text.chars().next().map_or(0, char::len_utf8)),
        }
    }

    /// The name of the format's field with this meaning, for a message.
    #[must_use]
    pub fn name_of(&self, means: Means) -> &'static str {
        self.format.name_of(means)
    }

    /// The service's word for a speaker, or else that of the format.
    #[must_use]
    pub fn role(&self, speaker: Speaker) -> Option<&'static str> {
        let words = &self.format.words;
        self.service.role(words, speaker).or_else(|| words.role(speaker))
    }

    /// The text of a span.
    #[must_use]
    pub fn raw(&self, span: Span) -> &'a str {
        self.record.raw(span)
    }
}

/// The opening bracket of the object or array at `span`.
fn first_byte(span: Span) -> Span {
    Span::new(span.start(), (span.start() + 1).min(span.end()))
}
