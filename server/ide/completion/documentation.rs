//! The words of the schema as Markdown, and keys to find them again when an item is resolved.

use super::templates;
use crate::schema::media::{self, kind_of};
use crate::schema::scalar::parse_duration;
use crate::schema::{Choice, Choices, Field, Shape, Text, index};
use serde::{Deserialize, Serialize};

/// Where the documentation of an item is to be had: small, to be sent to the client and back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DocumentationKey {
    /// There is none.
    #[default]
    Nothing,
    /// The field with this place in [`index::fields`].
    Field(u16),
    /// A value of an enum.
    Choice {
        /// The field whose values they are.
        field: u16,
        /// The place of the value among them.
        value: usize,
    },
    /// Who speaks a turn.
    Role(String),
    /// A media type.
    MimeType(String),
    /// An offset.
    Offset(String),
    /// An example with this place among the templates.
    Template(usize),
    /// A text that the label cuts short.
    Whole(String),
}

impl DocumentationKey {
    /// The value at this place of the enum that `field`, or a list of it, is of.
    pub(super) fn choice(field: &'static Field, value: usize) -> Option<Self> {
        enum_of(field.shape).map(|_| Self::Choice { field: index::field_id(field), value })
    }
}

/// The documentation of an item, as Markdown; `None` when there is none, or when the key is not one
/// that an item was given.
#[must_use]
pub fn documentation(key: &DocumentationKey) -> Option<String> {
    match key {
        DocumentationKey::Nothing => None,
        DocumentationKey::Field(id) => index::fields().get(usize::from(*id)).map(|field| field_words(field)),
        DocumentationKey::Choice { field, value } => {
            let field = index::fields().get(usize::from(*field))?;
            enum_of(field.shape)?.values.get(*value).map(choice_words)
        }
        DocumentationKey::Role(role) => Some(role_words(role)?.to_owned()),
        DocumentationKey::MimeType(name) => mime_words(name),
        DocumentationKey::Offset(text) => {
            let time = parse_duration(text).ok()?;
            Some(format!("`{}` from the start of the file, as a clock shows it.", time.clock()))
        }
        DocumentationKey::Template(place) => templates::documentation(*place),
        DocumentationKey::Whole(text) => Some(fenced(text)),
    }
}

fn enum_of(shape: Shape) -> Option<&'static Choices> {
    match shape {
        Shape::Enum(choices) => Some(choices),
        Shape::List(element) => enum_of(*element),
        _ => None,
    }
}

/// A field: its name, its type, whether it is required, what it is.
pub(in crate::ide) fn field_words(field: &'static Field) -> String {
    let required = if field.required { ", required" } else { "" };
    let undocumented = if field.tuning { "" } else { "\n\nLegal, but no page on tuning documents it." };
    let undocumented = if field.doc.contains("tuning") { "" } else { undocumented };
    format!("**`{}`** · {}{required}\n\n{}{undocumented}", field.name, shape_words(field.shape), field.doc)
}

/// A value of an enum: its name and what it means.
pub(in crate::ide) fn choice_words(choice: &Choice) -> String {
    let number = choice.number.map_or(String::new(), |number| format!(" · number {number}"));
    format!("**`{}`**{number}\n\n{}", choice.name, choice.doc)
}

/// What a value of this shape is, in a few words.
pub(in crate::ide) fn shape_words(shape: Shape) -> String {
    let words = match shape {
        Shape::String(Text::Plain) => "string",
        Shape::String(Text::Role) => "user or model",
        Shape::String(Text::FileUri) => "location of a file",
        Shape::String(Text::MimeType) => "media type",
        Shape::Number => "number",
        Shape::Integer => "whole number",
        Shape::Boolean => "true or false",
        Shape::Enum(choices) => return format!("one of {} values", choices.values.len()),
        Shape::Object(_) => "object",
        Shape::List(element) => return format!("list of {}", plural(*element)),
        Shape::Map(_) => "object with keys of your own",
        Shape::Duration => "seconds, such as \"12.5s\"",
        Shape::Base64 => "base64",
        Shape::Struct => "any object",
        Shape::Any => "any JSON",
    };
    words.to_owned()
}

fn plural(shape: Shape) -> &'static str {
    match shape {
        Shape::Object(_) => "objects",
        Shape::String(_) => "strings",
        Shape::Enum(_) => "named values",
        _ => "values",
    }
}

/// What a role means.
pub(in crate::ide) fn role_words(role: &str) -> Option<&'static str> {
    Some(match role {
        "user" => "The turn is the user's: the prompt, the media, what a function gave back.",
        "model" => {
            "The turn is the model's. The last one of a supervised example is the target: the answer that is learned."
        }
        "system" => "Only in `systemInstruction`, where the role is ignored. It is no role of a turn.",
        _ => return None,
    })
}

/// What a media type is, and of which files; `None` when nothing is known of it.
pub(in crate::ide) fn mime_words(name: &str) -> Option<String> {
    let kind = kind_of(name)?;
    if !media::is_documented(name) {
        let near = media::nearest(name).filter(|near| *near != name);
        let near = near.map_or(String::new(), |near| format!(" The documented type that is nearest is `{near}`."));
        return Some(format!("A media type that no page of the documentation lists.{near}"));
    }
    let extensions: Vec<_> = media::extensions_of(name).map(|extension| format!("`.{extension}`")).collect();
    let files = if extensions.is_empty() { String::new() } else { format!(": {}", extensions.join(", ")) };
    let article = if kind.label().starts_with(['a', 'i']) { "An" } else { "A" };
    Some(format!("{article} {}{files}.", kind.label()))
}

/// A text in a fence that no Markdown in it can close.
pub(in crate::ide) fn fenced(text: &str) -> String {
    let mut longest = 2;
    let mut run = 0;
    for letter in text.chars() {
        run = if letter == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    // A terminal or a web view must not obey what a dataset says.
    let inert = |letter: char| letter.is_control() && letter != '\n' && letter != '\t';
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace(inert, "\u{FFFD}");
    format!("{fence}text\n{text}\n{fence}")
}
