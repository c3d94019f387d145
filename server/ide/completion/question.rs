//! What all kinds of items need: the cursor, the record with its meaning, and the records around it.

use super::cursor::Cursor;
use super::item::{Item, ItemKind};
use super::nearby::Nearby;
use super::skeleton::{Skeleton, Style};
use super::speaker::{after, speaker_of};
use crate::example::limits::Limits;
use crate::example::shared::SharedValue;
use crate::example::{Example, Place, Speaker, Turn};
use crate::formats::service::Instructions;
use crate::formats::{Format, LineKind, Mark, Piece, Service, Target, Template};
use crate::json::{NodeId, Record, lexer};
use crate::schema::fit::Fit;
use crate::schema::{Field, Means, Object, Shape, Tagged};
use std::borrow::Cow;

/// A request for completions.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The text of the record.
    pub text: &'a str,
    /// The cursor as a byte of the text. An offset after its end or inside a character is moved back.
    pub offset: usize,
    /// Whether the client supports snippets.
    pub snippets: bool,
    /// Whether the user asked or typed a letter, not a quote or bracket, so that the cursor may be in a place to fill in of a snippet: an item
    /// for a closed string then stays inside its quotes.
    pub by_hand: bool,
    /// The texts of the records around it, nearest first. Only the first 24 KiB are read.
    pub nearby: &'a [&'a str],
    /// The shared value of the file, if any.
    pub shared: Option<SharedValue>,
}

/// A request at a place that the schema knows.
pub(super) struct Question<'a> {
    pub(super) asked: &'a Asked<'a>,
    pub(super) cursor: &'a Cursor,
    /// The record, with the marker in it.
    pub(super) record: Record<'a>,
    /// The marker: the member whose key it is, or the value.
    pub(super) node: NodeId,
    /// The object or list that the marker is in.
    pub(super) parent: NodeId,
    pub(super) mark: Mark,
    pub(super) kind: &'static LineKind,
    pub(super) format: &'static Format,
    pub(super) fit: &'a Fit,
    pub(super) example: &'a Example,
    /// The service that reads the file.
    pub(super) service: &'static Service,
    pub(super) limits: &'static Limits,
    pub(super) nearby: &'a Nearby,
    pub(super) style: Style,
}

impl Question<'_> {
    /// Whether a string is being typed, so that only a string can replace it.
    pub(super) fn in_string(&self) -> bool {
        self.cursor.quote.is_some()
    }

    /// The text that is typed in a string before the cursor, if there is any.
    pub(super) fn typed_in_string(&self) -> Option<&str> {
        let typed = self.asked.text.get(self.cursor.replace.start()..self.asked.offset)?;
        typed.strip_prefix(self.cursor.quote?).filter(|typed| !typed.is_empty())
    }

    /// The other members or elements of the cursor's object or list.
    pub(super) fn siblings(&self) -> impl Iterator<Item = NodeId> {
        self.record.children(self.parent).filter(|child| *child != self.node)
    }

    /// The object that a node is read as.
    pub(super) fn object(&self, node: NodeId) -> Option<&'static Object> {
        match self.fit.shape(node)?.shape {
            Shape::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The member of `node` with this meaning, in any spelling; never the marker.
    pub(super) fn member(&self, node: NodeId, means: Means) -> Option<NodeId> {
        let object = self.object(node)?;
        let mut members = self.record.children(node).filter(|child| *child != self.node);
        members.find(|&child| object.field(&self.record.key(child)).is_some_and(|it| it.means == means))
    }

    /// The string value of that member.
    pub(super) fn string(&self, node: NodeId, means: Means) -> Option<String> {
        self.record.string(self.member(node, means)?).map(Cow::into_owned)
    }

    /// The string value of the member with this meaning in the cursor's object.
    pub(super) fn sibling(&self, means: Means) -> Option<String> {
        self.string(self.parent, means)
    }

    /// The declared shape of a value, before its content decides between alternatives.
    pub(super) fn declared(&self, node: NodeId) -> Option<Shape> {
        let pair = self.fit.shape(node)?;
        Some(match (pair.field, self.fit.shape(self.record.parent(node)?)?.shape) {
            (Some(field), _) => field.shape,
            (None, Shape::List(inner) | Shape::Map(inner)) => *inner,
            _ => pair.shape,
        })
    }

    /// The alternatives of the cursor's object, if the value of this field decides between them.
    pub(super) fn decided_by(&self, field: Option<&'static Field>) -> Option<&'static Tagged> {
        fn tagged(shape: Shape) -> Option<&'static Tagged> {
            match shape {
                Shape::Tagged(tagged) => Some(tagged),
                Shape::OneOf(shapes) => shapes.iter().find_map(|shape| tagged(*shape)),
                _ => None,
            }
        }
        tagged(self.declared(self.parent)?).filter(|tagged| field.is_some_and(|field| field.name == tagged.tag))
    }

    /// The turn that the cursor is in.
    pub(super) fn turn(&self) -> Option<&Turn> {
        let mut around = std::iter::successors(Some(self.parent), |at| self.record.parent(*at));
        // There are few turns and few steps up.
        around.find_map(|at| self.example.turns.iter().find(|turn| turn.node == at))
    }

    /// The speaker of the turn that the cursor is in.
    pub(super) fn speaker(&self) -> Option<Speaker> {
        self.turn().map(|turn| self.speaker_of(turn))
    }

    pub(super) fn speaker_of(&self, turn: &Turn) -> Speaker {
        speaker_of(self.record, self.example, turn, &self.format.words)
    }

    /// The speaker of a turn that starts at the cursor.
    pub(super) fn next_speaker(&self) -> Speaker {
        let before = self.example.conversation().rev().find(|turn| turn.node < self.node);
        before.map_or(Speaker::User, |turn| after(self.speaker_of(turn)))
    }

    /// The parts that the turn at the cursor can have, in order.
    pub(super) fn parts(&self) -> impl Iterator<Item = (usize, &'static Template)> + use<> {
        let speaker = self.speaker().unwrap_or(Speaker::User);
        let (text_only, style, limits) = (self.kind.text_only, self.style, self.limits);
        let fits = move |template: &&Template| match template.of {
            Piece::Part { of, is_text } => {
                of.contains(&speaker) && (is_text || !text_only) && style.reader.is_taken(template.json, limits)
            }
            _ => false,
        };
        self.format.templates.iter().filter(fits).enumerate()
    }

    /// The name of this speaker's role in the turn that the cursor is in.
    pub(super) fn role_of(&self, speaker: Speaker) -> Option<&'static str> {
        let is_outside = self.turn().is_some_and(|turn| turn.place == Place::System);
        let outside = self.format.instruction_roles.first().filter(|_| is_outside).copied();
        outside.or_else(|| self.service.role(&self.format.words, speaker))
    }

    /// The roles that a turn of the conversation can have. A grader's prompt may have all roles of the format.
    pub(super) fn roles(&self) -> Vec<&'static str> {
        let words = &self.format.words;
        match self.kind.target {
            Target::Nothing => words.roles.iter().map(|(name, _)| *name).collect(),
            _ => self.service.role_names(words),
        }
    }

    /// Whether a turn with instructions can start at the cursor.
    pub(super) fn takes_instructions(&self) -> bool {
        let mut before =
            self.example.conversation().filter(|turn| turn.node != self.parent).map(|turn| self.speaker_of(turn));
        match self.service.instructions {
            Instructions::Free => true,
            Instructions::First => self.example.conversation().all(|turn| turn.node >= self.node),
            Instructions::Once => !before.any(|speaker| speaker == Speaker::System),
        }
    }

    /// The shared value that applies to the part at the cursor, if known.
    pub(super) fn shared(&self) -> Option<SharedValue> {
        let parts = self.turn().map(|turn| self.example.parts_of(turn)).unwrap_or_default();
        let is_around = |node| node < self.node && self.node < self.record.node(node).next;
        let own = parts.iter().find(|part| is_around(part.node));
        let values = [own.and_then(|part| part.shared), self.example.shared, self.asked.shared];
        values.into_iter().flatten().find(|value| value.is_set())
    }

    /// An item that inserts this JSON, with the commas that are certainly missing.
    pub(super) fn value(&self, label: &str, json: &str, kind: ItemKind) -> Item {
        let (before, after) = self.commas();
        self.item(label, Skeleton { text: format!("{before}{json}{after}"), snippet: false }, kind)
    }

    /// An item that inserts this text as a JSON string.
    pub(super) fn quoted(&self, text: &str, kind: ItemKind) -> Item {
        self.value(text, &lexer::quote(text), kind)
    }

    /// An item that inserts this JSON with places to fill in.
    pub(super) fn skeleton(&self, label: &str, json: &str, kind: ItemKind) -> Item {
        let (before, after) = self.commas();
        self.item(label, self.style.skeleton(&before, json, &after), kind)
    }

    /// The commas before and after an item, where they are missing.
    pub(super) fn commas(&self) -> (String, String) {
        let comma = |needed: bool| if needed { self.style.separator(',') } else { String::new() };
        (comma(self.cursor.comma_before), comma(self.cursor.comma_after))
    }

    /// An item that inserts exactly this.
    pub(super) fn item(&self, label: &str, skeleton: Skeleton, kind: ItemKind) -> Item {
        let item = Item::new(label, kind, self.cursor.replace, skeleton);
        let filter = self.cursor.quote.into_iter().chain(label.chars()).collect();
        Item { filter, ..item }
    }
}
