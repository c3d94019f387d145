//! The words of the schema as Markdown.

use crate::example::limits::Limits;
use crate::example::mime::{self, kind_of};
use crate::example::shared::SharedValue;
use crate::formats::Format;
use crate::schema::{Choice, Field, Means, Shape};

/// A field: its name, its type, whether it is required, what it is.
pub fn field_words(field: &'static Field, format: &Format) -> String {
    let required = if field.required { ", required" } else { "" };
    let undocumented = if field.documented { "" } else { "\n\nLegal, but no page on tuning documents it." };
    let undocumented = if field.doc.contains("tuning") { "" } else { undocumented };
    format!("**`{}`** · {}{required}\n\n{}{undocumented}", field.name, type_words(field, format), field.doc)
}

/// A value of an enum: its name and what it means.
pub fn choice_words(choice: &Choice) -> String {
    let number = choice.number.map_or(String::new(), |number| format!(" · number {number}"));
    format!("**`{}`**{number}\n\n{}", choice.name, choice.doc)
}

/// What a value of a field is, in a few words.
pub fn type_words(field: &'static Field, format: &Format) -> String {
    match (field.means, field.shape) {
        (Means::Speaker, Shape::String) => {
            let roles: Vec<_> = format.words.roles.iter().map(|(role, _)| *role).collect();
            alternatives(&roles)
        }
        (Means::Location, Shape::String) => "location of a file".to_owned(),
        (Means::MimeType, Shape::String) => "media type".to_owned(),
        (_, shape) => shape_words(shape),
    }
}

/// Words of which one holds: `a, b or c`.
pub fn alternatives<T: AsRef<str>>(words: &[T]) -> String {
    let words: Vec<_> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

/// The longest videos, in seconds, with the names of the shared values that allow just that.
pub fn video_limits(format: &Format, limits: &Limits) -> Vec<(u32, Vec<&'static str>)> {
    let mut found: Vec<(u32, Vec<&str>)> = Vec::new();
    let Some(field) = format.words.shared else { return found };
    for value in SharedValue::ALL {
        let Some(limit) = limits.longest_segment(value) else { continue };
        match found.iter_mut().find(|(known, _)| *known == limit) {
            Some((_, names)) => names.push(field.label(value)),
            None => found.push((limit, vec![field.label(value)])),
        }
    }
    found
}

/// What a value of this shape is, in a few words.
pub fn shape_words(shape: Shape) -> String {
    let words = match shape {
        Shape::String => "string",
        Shape::Number => "number",
        Shape::Integer => "whole number",
        Shape::Boolean => "true or false",
        Shape::Enum(choices) => return format!("one of {} values", choices.values.len()),
        Shape::Object(_) | Shape::Tagged(_) => "object",
        Shape::OneOf(shapes) => {
            let words: Vec<_> = shapes.iter().map(|shape| shape_words(*shape)).collect();
            return alternatives(&words);
        }
        Shape::JsonText => "JSON in a string",
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
        Shape::Object(_) | Shape::Tagged(_) => "objects",
        Shape::String => "strings",
        Shape::Enum(_) => "named values",
        _ => "values",
    }
}

/// What a role means.
pub fn role_words(format: &Format, role: &str) -> Option<&'static str> {
    format.role_docs.iter().find(|known| known.role == role).map(|known| known.doc)
}

/// What a media type is, and of which files; `None` when nothing is known of it.
pub fn mime_words(name: &str) -> Option<String> {
    let kind = kind_of(name)?;
    if !mime::is_documented(name) {
        let near = mime::nearest(name).filter(|near| *near != name);
        let near = near.map_or(String::new(), |near| format!(" The documented type that is nearest is `{near}`."));
        return Some(format!("A media type that no page of the documentation lists.{near}"));
    }
    let extensions: Vec<_> = mime::extensions_of(name).map(|extension| format!("`.{extension}`")).collect();
    let files = if extensions.is_empty() { String::new() } else { format!(": {}", extensions.join(", ")) };
    let article = if kind.label().starts_with(['a', 'i']) { "An" } else { "A" };
    Some(format!("{article} {}{files}.", kind.label()))
}

/// A text in a fence that no Markdown in it can close.
pub fn fenced(text: &str) -> String {
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
