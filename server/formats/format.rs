//! The description of a format.

use super::draft::{Draft, Left};
use super::service::Service;
use super::template::{RoleDoc, Template};
use crate::example::Vocabulary;
use crate::example::limits::Limits;
use crate::json::{NodeId, Record};
use crate::schema::Object;
use std::fmt;
use std::hash::{Hash, Hasher};

/// A vendor's format: the kinds of lines that one file may contain.
pub struct Format {
    /// Its name in settings.
    pub id: &'static str,
    /// Its usual name.
    pub title: &'static str,
    /// What its lines need, for a sentence about a line of another format.
    pub needs: &'static str,
    /// The documentation of its id as a setting, begun in lower case.
    pub summary: &'static str,
    /// Its kinds of lines, the usual one first.
    pub kinds: &'static [&'static LineKind],
    /// Its words for what an example contains.
    pub words: Vocabulary,
    /// The default service's answer to an unknown role, as a clause; empty if it only rejects the line.
    pub wrong_role: &'static str,
    /// How the default service reads a turn without a role, as a clause; empty if it rejects the line.
    pub without_role: &'static str,
    /// Whether a turn without a role is an error.
    pub needs_role: bool,
    /// How to tell its kinds of lines apart, for the JSON Schema.
    pub schema_description: &'static str,
    /// Templates that an editor offers, each kind of piece in the order of the list.
    pub templates: &'static [Template],
    /// The locations in these templates.
    pub template_locations: &'static [&'static str],
    /// The documentation of its roles.
    pub role_docs: &'static [RoleDoc],
    /// The roles of instructions outside the conversation, the usual one first.
    pub instruction_roles: &'static [&'static str],
    /// Keys whose string or number is a fixed part of a template, not something to fill in.
    pub fixed_keys: &'static [&'static str],
    /// A pattern of the locations of its media.
    pub location: &'static str,
    /// What a name of a function consists of, for a sentence.
    pub function_names: &'static str,
    /// Whether a text can be the name of a function.
    pub is_function_name: fn(&str) -> bool,
    /// The services that read it, the default first.
    pub services: &'static [&'static Service],
    /// Prefixes of the names of models that are accepted without being listed, because new ones appear often.
    pub new_models: &'static [&'static str],
    /// The model whose limits apply if none is set, for a person.
    pub default_model: &'static str,
    /// Keys each of which is enough to mark a top level as one of this format.
    pub mark_keys: &'static [&'static str],
    /// Whether the mark of a record in this format depends only on its keys, on the kinds of its values, and on the
    /// contents of those with [few values](super::index::has_few_values).
    pub is_marked_by_layout: fn(Record<'_>) -> bool,
    /// The kind of a line, by the shape of its top level.
    pub recognize: fn(Record<'_>, NodeId) -> Option<&'static LineKind>,
    /// The kind of a line that has a misspelled key with the right content.
    pub near: fn(Record<'_>, NodeId) -> Option<&'static LineKind>,
    /// Writes a new example as a line of its usual kind. Adds what has no place in the format to the list.
    pub write: fn(&Draft, &mut Vec<Left>) -> String,
}

/// A page of a vendor's documentation.
#[derive(Clone, Copy, Debug)]
pub struct VendorPage {
    /// Its address.
    pub url: &'static str,
    /// When this project last read it: the year and the month.
    pub read: &'static str,
}

/// A kind of line.
#[derive(Debug)]
pub struct LineKind {
    /// Its name.
    pub id: &'static str,
    /// Its format.
    pub format: &'static Format,
    /// Its usual name.
    pub title: &'static str,
    /// The table of its top level.
    pub root: &'static Object,
    /// The field that only lines of this kind have; empty for the usual kind.
    pub told_by: &'static str,
    /// What the model learns from it.
    pub target: Target,
    /// Whether it allows only text.
    pub text_only: bool,
    /// The figures of its own, where they are not those of the model.
    pub limits: Option<&'static Limits>,
    /// The page of its vendor that documents it, if a stable address of it is known.
    pub page: Option<VendorPage>,
}

/// What the model learns from a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The last turn of the conversation, which is the model's.
    LastTurn,
    /// Every turn of the model whose weight is not 0.
    ByWeight,
    /// The difference between two answers with scores.
    ScoredAnswers,
    /// The difference between a preferred and a rejected answer.
    TwoAnswers,
    /// Nothing: a grader rates generated answers.
    Nothing,
}

impl Format {
    /// The service that reads it if none is set.
    #[must_use]
    pub fn default_service(&self) -> &'static Service {
        self.services[0]
    }
}

/// Whether `key` is `name` in another case or with at most `most` wrong letters.
#[must_use]
pub(super) fn is_near(key: &str, name: &str, most: usize) -> bool {
    key.len().abs_diff(name.len()) <= most && strsim::osa_distance(&key.to_ascii_lowercase(), name) <= most
}

// Kinds refer to their format, so that printing all of it would not end.
impl fmt::Debug for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.id)
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Format {}

impl PartialEq for LineKind {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for LineKind {}

impl Hash for LineKind {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.title.hash(state);
    }
}
