//! Everything that a rule may look at.

use crate::example::Example;
use crate::example::limits::Limits;
use crate::formats::{Format, LineKind, Mark, Service};
use crate::json::{NodeId, Record, Span, SyntaxError};
use crate::rules::Input;
use crate::schema::Means;
use crate::schema::fit::Fit;
use crate::settings::Settings;

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An empty or white line.
    Blank,
    /// One value on one line: what a record has to be. Only its inside is judged.
    Single,
    /// Several values on one line; silent inside until it is split.
    Several,
    /// One value on several lines; silent inside until it is joined.
    MultiLine,
}

/// Everything a rule may look at.
#[derive(Debug)]
pub struct Context<'a> {
    /// The record as it stands in its file.
    pub input: &'a Input<'a>,
    /// What became of it.
    pub form: Form,
    /// Its tree; without nodes unless it is [`Form::Single`] or [`Form::Several`].
    pub record: Record<'a>,
    /// Its faults of grammar, by place.
    pub errors: &'a [SyntaxError],
    /// How many faults there are; more than `errors` in a record of noise.
    pub fault_count: usize,
    /// What its top level says about its format.
    pub mark: Mark,
    /// The format it is read in.
    pub format: &'static Format,
    /// The kind of line it is read as.
    pub kind: &'static LineKind,
    /// The walk of its tree along the schema; empty for a foreign or broken-off record.
    pub fit: &'a Fit,
    /// What it means as an example.
    pub example: &'a Example,
    /// What the user set.
    pub settings: &'a Settings,
    /// The service that reads it.
    pub service: &'static Service,
    /// The model whose limits hold.
    pub limits: &'static Limits,
}

impl<'a> Context<'a> {
    /// Whether grammar faults leave it open what the record would contain without them.
    #[must_use]
    pub fn structure_is_hidden(&self) -> bool {
        self.errors.iter().any(|error| error.fault.hides_structure())
    }

    /// Where a finding about something missing in object `node` goes: the key it stands under; at top
    /// level or in a list its `{`.
    #[must_use]
    pub fn owner_span(&self, node: NodeId) -> Span {
        self.record.key_span(node).unwrap_or_else(|| first_byte(self.record.span(node)))
    }

    /// Where a finding about the whole file goes, on its first record: the first `{` or `[`, else the
    /// first character.
    #[must_use]
    pub fn file_span(&self) -> Span {
        let text = self.input.text;
        match text.find(['{', '[']) {
            Some(at) => Span::new(at, at + 1),
            None => Span::new(0, text.chars().next().map_or(0, char::len_utf8)),
        }
    }

    /// ` at /contents/0`, or nothing for the top level.
    #[must_use]
    pub fn place(&self, node: NodeId) -> String {
        match self.record.pointer(node) {
            pointer if pointer.is_empty() => String::new(),
            pointer => format!(" at {pointer}"),
        }
    }

    /// The name of the format's field that means this, for a sentence.
    #[must_use]
    pub fn name_of(&self, means: Means) -> &'static str {
        self.format.name_of(means)
    }

    /// The key or value text behind a span.
    #[must_use]
    pub fn raw(&self, span: Span) -> &'a str {
        self.record.raw(span)
    }
}

/// The first byte of a span: its bracket.
fn first_byte(span: Span) -> Span {
    Span::new(span.start(), (span.start() + 1).min(span.end()))
}
