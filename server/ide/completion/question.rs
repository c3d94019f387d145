//! What the makers of items share: the place, what the record means, what is said nearby.

use super::documentation::DocumentationKey;
use super::nearby::{Nearby, Speaker, Wanted};
use super::site::Site;
use super::skeleton::{Skeleton, Style};
use super::{Asked, Item, ItemKind};
use crate::schema::example::{Example, Turn};
use crate::schema::media::Resolution;
use crate::schema::{Object, Shape};
use std::cell::OnceCell;

/// One request, understood.
pub(super) struct Question<'a> {
    pub(super) asked: &'a Asked<'a>,
    pub(super) site: &'a Site,
    /// How JSON is written here.
    pub(super) style: Style,
    example: OnceCell<Example>,
}

impl<'a> Question<'a> {
    pub(super) fn new(asked: &'a Asked<'a>, site: &'a Site) -> Self {
        let texts = std::iter::once(asked.text).chain(asked.nearby.iter().copied());
        Self { asked, site, style: Style::of(asked.snippets, texts), example: OnceCell::new() }
    }

    /// What the record means, the marker in it; read when it is first needed.
    pub(super) fn example(&self) -> &Example {
        self.example.get_or_init(|| {
            let mut example = Example::default();
            example.read(self.site.record(), &self.site.fit);
            example
        })
    }

    /// What the records around say.
    pub(super) fn nearby(&self, wanted: Wanted) -> Nearby {
        Nearby::read(self.asked.nearby, wanted)
    }

    /// Whether a string is being typed, so that only a string can replace it.
    pub(super) fn in_string(&self) -> bool {
        self.site.quote.is_some()
    }

    /// The turn that the cursor is in.
    pub(super) fn turn(&self) -> Option<&Turn> {
        let record = self.site.record();
        let mut at = self.site.parent;
        loop {
            // Few turns, and a handful of steps up.
            if let Some(turn) = self.example().turns.iter().find(|turn| turn.node == at) {
                return Some(turn);
            }
            at = record.parent(at)?;
        }
    }

    /// Who speaks in the turn that the cursor is in.
    pub(super) fn speaker(&self) -> Option<Speaker> {
        self.turn().map(|turn| Speaker::of(self.site.record(), self.example(), turn))
    }

    /// Who speaks in a turn that begins at the cursor.
    pub(super) fn next_speaker(&self) -> Speaker {
        let before = self.example().conversation().rev().find(|turn| turn.node < self.site.node);
        match before.map(|turn| Speaker::of(self.site.record(), self.example(), turn)) {
            Some(Speaker::User) => Speaker::Model,
            _ => Speaker::User,
        }
    }

    /// The resolution that counts for the part at the cursor, when one is known.
    pub(super) fn resolution(&self) -> Option<Resolution> {
        let part = self.turn().map(|turn| self.example().parts_of(turn)).unwrap_or_default();
        let record = self.site.record();
        let own = part.iter().find(|part| part.node < self.site.node && self.site.node < record.node(part.node).next);
        let said = |resolution: Option<Resolution>| resolution.filter(|it| *it != Resolution::Unspecified);
        said(own.and_then(|part| part.resolution))
            .or_else(|| said(self.example().resolution))
            .or_else(|| said(self.asked.resolution))
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
        (comma(self.site.comma_before), comma(self.site.comma_after))
    }

    /// An item that inserts just this.
    pub(super) fn item(&self, label: &str, skeleton: Skeleton, kind: ItemKind) -> Item {
        let mut filter = String::new();
        filter.extend(self.site.quote);
        filter.push_str(label);
        Item {
            label: label.to_owned(),
            kind,
            detail: String::new(),
            replace: self.site.replace,
            text: skeleton.text,
            snippet: skeleton.snippet,
            filter,
            sort: String::new(),
            documentation: DocumentationKey::Nothing,
            preselect: false,
        }
    }
}

impl Item {
    pub(super) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// Its place in the list: by rank, then by place.
    pub(super) fn sort(mut self, rank: usize, place: usize) -> Self {
        self.sort = format!("{rank}{place:03}");
        self
    }

    pub(super) fn documentation(mut self, key: DocumentationKey) -> Self {
        self.documentation = key;
        self
    }

    pub(super) fn preselect(mut self, preselect: bool) -> Self {
        self.preselect = preselect;
        self
    }
}

/// JSON of an object to begin from: its required fields, else its first one.
pub(super) fn object_start(object: &'static Object) -> String {
    let required = object.fields.iter().filter(|field| field.required);
    let first = object.fields.iter().take(1).filter(|_| object.fields.iter().all(|field| !field.required));
    let members: Vec<_> = required.chain(first).map(|field| format!("\"{}\":{}", field.name, field.example)).collect();
    format!("{{{}}}", members.join(","))
}

/// JSON of this shape to begin from, when there is no field to give an example.
pub(super) fn shape_start(shape: Shape) -> Option<String> {
    match shape {
        Shape::Object(object) => Some(object_start(object)),
        Shape::List(_) => Some("[]".to_owned()),
        Shape::Map(_) | Shape::Struct => Some("{}".to_owned()),
        _ => None,
    }
}
