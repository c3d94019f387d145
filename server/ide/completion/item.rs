//! Something that can be typed, and where its documentation is to be had.

use crate::formats::{Format, FormatId, index};
use crate::json::Span;
use crate::schema::{Choices, Field, Shape};
use serde::{Deserialize, Serialize};

/// What an item is, for its icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// A key, with its value unless that is there.
    Field,
    /// An offset, a number, `true`, an object, a list.
    Value,
    /// A value of an enum, a role, a media type.
    Enum,
    /// The location of a media file, or a folder of them.
    File,
    /// A prompt, a label, a function's name.
    Text,
    /// A whole example.
    Template,
}

/// Something that can be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What the list shows.
    pub label: String,
    /// What it is.
    pub kind: ItemKind,
    /// A few words beside the label.
    pub detail: String,
    /// The bytes of the record that it replaces, quotes included; they contain or touch the cursor.
    pub replace: Span,
    /// What stands there afterwards: JSON, as plain text or as a snippet.
    pub text: String,
    /// Whether [`Self::text`] is a snippet.
    pub snippet: bool,
    /// What the typed text is compared with: it begins with a quote when the replaced text does.
    pub filter: String,
    /// The place in the list: in ascending order of this text.
    pub sort: String,
    /// Where its documentation is to be had.
    pub documentation: DocumentationKey,
    /// Whether it is to be selected at once; true of one item at most.
    pub preselect: bool,
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

/// Where the documentation of an item is to be had: small, to be sent to the client and back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DocumentationKey {
    /// There is none.
    #[default]
    Nothing,
    /// The field with this place among those of all formats.
    Field(u16),
    /// A value of an enum.
    Choice {
        /// The field whose values they are.
        field: u16,
        /// The place of the value among them.
        value: usize,
    },
    /// Who speaks a turn.
    Role {
        /// The name of the format that has the role.
        format: String,
        /// The role.
        role: String,
    },
    /// A media type.
    MimeType(String),
    /// An offset.
    Offset(String),
    /// An example with this place among the templates of all formats.
    Template(usize),
    /// A text that the label cuts short.
    Whole(String),
}

impl DocumentationKey {
    /// The documentation of a field.
    pub(super) fn field(field: Option<&'static Field>) -> Self {
        field.map_or(Self::Nothing, |field| Self::Field(number(field)))
    }

    /// That of the value at this place of the enum that `field`, or a list of it, is of.
    pub(super) fn choice(field: Option<&'static Field>, value: usize) -> Self {
        let field = field.filter(|field| enum_of(field.shape).is_some());
        field.map_or(Self::Nothing, |field| Self::Choice { field: number(field), value })
    }
}

/// The values of this shape, or of a list of it.
pub(super) fn enum_of(shape: Shape) -> Option<&'static Choices> {
    match shape {
        Shape::Enum(choices) => Some(choices),
        Shape::List(element) => enum_of(*element),
        Shape::OneOf(shapes) => shapes.iter().find_map(|shape| enum_of(*shape)),
        _ => None,
    }
}

/// The place of a field among those of all formats; `u16::MAX` for a field of no table.
fn number(field: &'static Field) -> u16 {
    let place = all_fields().position(|(_, known)| std::ptr::eq(known, field));
    place.and_then(|place| u16::try_from(place).ok()).unwrap_or(u16::MAX)
}

/// The field with this place, and its format.
pub(super) fn numbered(number: u16) -> Option<(&'static Format, &'static Field)> {
    all_fields().nth(usize::from(number))
}

fn all_fields() -> impl Iterator<Item = (&'static Format, &'static Field)> {
    FormatId::all().flat_map(|id| index::fields(id).iter().map(move |field| (id.format(), *field)))
}
