//! Completion items, and keys to look up their documentation.

use super::skeleton::{Skeleton, enum_of};
use crate::formats::{Format, FormatId, index};
use crate::json::Span;
use crate::schema::Field;
use serde::{Deserialize, Serialize};

/// The kind of an item, for its icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// A key, with its value unless that exists.
    Field,
    /// An offset, a number, `true`, an object, a list.
    Value,
    /// A value of an enum, a role, a MIME type.
    Enum,
    /// The location of a media file or folder.
    File,
    /// A prompt, a label, the name of a function.
    Text,
    /// A whole example.
    Template,
}

/// A completion item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The text in the list.
    pub label: String,
    /// The kind of item.
    pub kind: ItemKind,
    /// A few words next to the label.
    pub detail: String,
    /// The bytes of the record that it replaces, including quotes. They contain or touch the cursor.
    pub replace: Span,
    /// The inserted JSON, as plain text or as a snippet.
    pub text: String,
    /// Whether [`Self::text`] is a snippet.
    pub snippet: bool,
    /// The text that typed text is matched against. It starts with a quote if the replaced text does.
    pub filter: String,
    /// The list is sorted by this text.
    pub sort: String,
    /// The key to look up its documentation.
    pub documentation: DocumentationKey,
    /// Whether it is selected at first. At most one item is.
    pub preselect: bool,
}

impl Item {
    pub(super) fn new(label: &str, kind: ItemKind, replace: Span, Skeleton { text, snippet }: Skeleton) -> Self {
        Self {
            label: label.to_owned(),
            kind,
            detail: String::new(),
            replace,
            text,
            snippet,
            filter: label.to_owned(),
            sort: String::new(),
            documentation: DocumentationKey::Nothing,
            preselect: false,
        }
    }

    /// The same item inside the quotes that it replaces, if it is one string; for a cursor inside these quotes.
    pub(super) fn inside_quotes(mut self, text: &str, offset: usize) -> Self {
        let (start, end) = (self.replace.start(), self.replace.end());
        let replaced = text.get(self.replace.range()).unwrap_or_default();
        let is_closed = replaced.len() > 1 && replaced.starts_with('"') && replaced.ends_with('"');
        let own = if self.snippet { self.text.strip_suffix("$0") } else { Some(&*self.text) };
        let inner = own.and_then(|own| own.strip_prefix('"')?.strip_suffix('"'));
        let Some(inner) = inner.filter(|inner| is_closed && start < offset && offset < end && is_one_string(inner))
        else {
            return self;
        };
        self.text = inner.to_owned();
        self.replace = Span::new(start + 1, end - 1);
        self.filter = self.filter.strip_prefix('"').unwrap_or(&self.filter).to_owned();
        self
    }

    pub(super) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// Sorts by rank, then by place.
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

/// Whether a text between quotes contains none that ends the string.
fn is_one_string(inner: &str) -> bool {
    let mut escaped = false;
    inner.bytes().all(|byte| {
        let is_end = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        !is_end
    }) && !escaped
}

/// Makes an item of each value and its index.
pub(super) fn each<T>(values: impl IntoIterator<Item = T>, item: impl Fn(usize, T) -> Item) -> Vec<Item> {
    values.into_iter().enumerate().map(|(place, value)| item(place, value)).collect()
}

/// A key to look up the documentation of an item. It is small: the client gets it and sends it back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DocumentationKey {
    /// No documentation.
    #[default]
    Nothing,
    /// A field, by its index among the fields of all formats.
    Field(u16),
    /// A value of an enum.
    Choice {
        /// The index of the field.
        field: u16,
        /// The index of the value in the enum.
        value: usize,
    },
    /// The role of a turn.
    Role {
        /// The id of the format.
        format: String,
        /// The role.
        role: String,
    },
    /// A MIME type.
    MimeType(String),
    /// An offset.
    Offset(String),
    /// A whole example.
    Template {
        /// Its index among the templates of all formats.
        place: usize,
        /// The id of the service that it is for.
        service: String,
    },
    /// The full text of a shortened label.
    Whole(String),
}

impl DocumentationKey {
    pub(super) fn field(field: Option<&'static Field>) -> Self {
        field.map_or(Self::Nothing, |field| Self::Field(number(field)))
    }

    /// A value, by its index, of the enum that is the shape of `field` or of its elements.
    pub(super) fn choice(field: Option<&'static Field>, value: usize) -> Self {
        let field = field.filter(|field| enum_of(field.shape).is_some());
        field.map_or(Self::Nothing, |field| Self::Choice { field: number(field), value })
    }
}

/// The index of a field among the fields of all formats; `u16::MAX` for a field of no format.
fn number(field: &'static Field) -> u16 {
    let place = all_fields().position(|(_, known)| std::ptr::eq(known, field));
    place.and_then(|place| u16::try_from(place).ok()).unwrap_or(u16::MAX)
}

/// The field with this index, and its format.
pub(super) fn numbered(number: u16) -> Option<(&'static Format, &'static Field)> {
    all_fields().nth(usize::from(number))
}

fn all_fields() -> impl Iterator<Item = (&'static Format, &'static Field)> {
    FormatId::all().flat_map(|id| index::fields(id).iter().map(move |field| (id.format(), *field)))
}
