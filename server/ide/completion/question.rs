//! What the makers of items share: the place, what the record means, what is said nearby.

use super::item::{DocumentationKey, Item, ItemKind};
use super::nearby::Nearby;
use super::site::Site;
use super::skeleton::{Skeleton, Style};
use super::speaker::{after, speaker_of};
use crate::example::limits::Limits;
use crate::example::shared::SharedValue;
use crate::example::{Example, Place, Speaker, Turn};
use crate::formats::{Format, Piece, Template};
use crate::json::Record;

/// A request for completions.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The record's text.
    pub text: &'a str,
    /// The cursor, in bytes of it; what lies beyond its end or inside a character is moved back.
    pub offset: usize,
    /// Whether the client knows snippets.
    pub snippets: bool,
    /// The texts of records around, the nearest first; only the first 24 KiB are read.
    pub nearby: &'a [&'a str],
    /// The value that the examples of the file share, when they have one.
    pub shared: Option<SharedValue>,
}

/// One request, understood.
pub(super) struct Question<'a> {
    pub(super) asked: &'a Asked<'a>,
    pub(super) site: &'a Site<'a>,
    /// The record, the marker in it.
    pub(super) record: Record<'a>,
    /// What it means.
    pub(super) example: &'a Example,
    /// What the records around say.
    pub(super) nearby: &'a Nearby,
    /// How JSON is written here.
    pub(super) style: Style,
    /// The format that the record is read in.
    pub(super) format: &'static Format,
    /// The figures of the model that is tuned.
    pub(super) limits: &'static Limits,
}

impl Question<'_> {
    /// Whether a string is being typed, so that only a string can replace it.
    pub(super) fn in_string(&self) -> bool {
        self.site.slot.quote.is_some()
    }

    /// The turn that the cursor is in.
    pub(super) fn turn(&self) -> Option<&Turn> {
        let mut around = std::iter::successors(Some(self.site.parent), |at| self.record.parent(*at));
        // Few turns, and a handful of steps up.
        around.find_map(|at| self.example.turns.iter().find(|turn| turn.node == at))
    }

    /// Who speaks in the turn that the cursor is in.
    pub(super) fn speaker(&self) -> Option<Speaker> {
        self.turn().map(|turn| self.speaker_of(turn))
    }

    /// Who speaks in a turn.
    pub(super) fn speaker_of(&self, turn: &Turn) -> Speaker {
        speaker_of(self.record, self.example, turn, &self.format.words)
    }

    /// Who speaks in a turn that begins at the cursor.
    pub(super) fn next_speaker(&self) -> Speaker {
        let before = self.example.conversation().rev().find(|turn| turn.node < self.site.node);
        before.map_or(Speaker::User, |turn| after(self.speaker_of(turn)))
    }

    /// The parts that the turn at the cursor can have, in order.
    pub(super) fn parts(&self) -> impl Iterator<Item = (usize, &'static Template)> + use<> {
        let speaker = self.speaker().unwrap_or(Speaker::User);
        let text_only = self.site.reading.kind.text_only;
        let fits = move |template: &&Template| match template.of {
            Piece::Part { of, is_text } => of.contains(&speaker) && (is_text || !text_only),
            _ => false,
        };
        self.format.templates.iter().filter(fits).enumerate()
    }

    /// The role of the turn that the cursor is in, when this is who speaks.
    pub(super) fn role_of(&self, speaker: Speaker) -> Option<&'static str> {
        let is_outside = self.turn().is_some_and(|turn| turn.place == Place::System);
        let outside = self.format.instruction_roles.first().filter(|_| is_outside).copied();
        outside.or_else(|| self.format.words.role(speaker))
    }

    /// The shared value that counts for the part at the cursor, when one is known.
    pub(super) fn shared(&self) -> Option<SharedValue> {
        let parts = self.turn().map(|turn| self.example.parts_of(turn)).unwrap_or_default();
        let is_around = |node| node < self.site.node && self.site.node < self.record.node(node).next;
        let own = parts.iter().find(|part| is_around(part.node));
        let values = [own.and_then(|part| part.shared), self.example.shared, self.asked.shared];
        values.into_iter().flatten().find(|value| value.is_set())
    }

    /// An item whose text is the JSON `value`, with the commas it certainly needs.
    pub(super) fn value(&self, label: &str, value: &str, kind: ItemKind) -> Item {
        let (before, after) = self.commas();
        let skeleton = Skeleton { text: format!("{before}{value}{after}"), snippet: false };
        self.item(label, skeleton, kind)
    }

    /// The same for a value with places to fill in.
    pub(super) fn skeleton(&self, label: &str, json: &str, kind: ItemKind) -> Item {
        let (before, after) = self.commas();
        self.item(label, self.style.skeleton(&before, json, &after), kind)
    }

    /// The comma before and the one behind, or nothing.
    pub(super) fn commas(&self) -> (String, String) {
        let comma = |needed: bool| if needed { self.style.separator(',') } else { String::new() };
        (comma(self.site.slot.comma_before), comma(self.site.slot.comma_after))
    }

    /// An item that inserts just this.
    pub(super) fn item(&self, label: &str, skeleton: Skeleton, kind: ItemKind) -> Item {
        Item {
            label: label.to_owned(),
            kind,
            detail: String::new(),
            replace: self.site.slot.replace,
            text: skeleton.text,
            snippet: skeleton.snippet,
            filter: self.site.slot.quote.into_iter().chain(label.chars()).collect(),
            sort: String::new(),
            documentation: DocumentationKey::Nothing,
            preselect: false,
        }
    }
}
