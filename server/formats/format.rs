//! What a format is made of.

use super::service::Service;
use super::template::{RoleDoc, Template};
use crate::example::Vocabulary;
use crate::json::{NodeId, Record};
use crate::schema::Object;
use std::hash::{Hash, Hasher};

/// A vendor's format: some kinds of lines that stand in one file.
#[derive(Debug)]
pub struct Format {
    /// Its name in settings.
    pub id: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// What a line of it needs, for a sentence about a line that is none.
    pub needs: &'static str,
    /// What the setting of this name means, begun in lower case.
    pub summary: &'static str,
    /// Its kinds of lines, the usual one first.
    pub kinds: &'static [&'static LineKind],
    /// The words that its examples are read by.
    pub words: Vocabulary,
    /// What the service answers to a role it does not know, as the end of a sentence.
    pub wrong_role: &'static str,
    /// What the service makes of a turn without a role, as the end of a sentence.
    pub without_role: &'static str,
    /// Whether a turn without a role is an error.
    pub needs_role: bool,
    /// How the kinds of lines are told apart, for the JSON Schema.
    pub schema_description: &'static str,
    /// What an editor offers to start from, each kind of piece in the order of a list.
    pub templates: &'static [Template],
    /// What its roles mean, for a person.
    pub role_docs: &'static [RoleDoc],
    /// The roles of an instruction that stands outside the conversation, the usual one first.
    pub instruction_roles: &'static [&'static str],
    /// Keys whose string or number is part of the form of a template, not something to fill in.
    pub fixed_keys: &'static [&'static str],
    /// A pattern of the locations of its media.
    pub location: &'static str,
    /// Who reads it, the default first.
    pub services: &'static [&'static Service],
    /// How the names of models begin that need not be listed, because there are new ones all the time.
    pub new_models: &'static [&'static str],
    /// The model whose limits hold when none is set, for a person.
    pub default_model: &'static str,
    /// Keys that alone make a top level one of this format, letter for letter.
    pub mark_keys: &'static [&'static str],
    /// Whether only keys say that a line is in this format, and no string in it.
    pub is_marked_by_keys: bool,
    /// What kind of line a top level is, by its shape.
    pub recognize: fn(Record<'_>, NodeId) -> Option<&'static LineKind>,
    /// What kind of line a top level is, when a slip for a key holds what belongs there.
    pub near: fn(Record<'_>, NodeId) -> Option<&'static LineKind>,
}

/// A kind of line.
#[derive(Debug)]
pub struct LineKind {
    /// Its name.
    pub id: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// The shape of its top level.
    pub root: &'static Object,
    /// The field that only lines of this kind have; empty for the usual kind.
    pub told_by: &'static str,
    /// What is learned from it.
    pub target: Target,
    /// Whether it takes text alone.
    pub text_only: bool,
}

/// What is learned from a line.
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
    /// Nothing: an answer is generated, and graded.
    Nothing,
}

impl Format {
    /// The service that reads it when nothing is set.
    #[must_use]
    pub fn default_service(&self) -> &'static Service {
        self.services[0]
    }
}

/// Whether `key` is `name` in another case, without its plural or with a few wrong letters.
#[must_use]
pub fn is_near(key: &str, name: &str, most: usize) -> bool {
    key.len().abs_diff(name.len()) <= most && strsim::osa_distance(&key.to_ascii_lowercase(), name) <= most
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
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
