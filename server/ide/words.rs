//! What the schema says about fields and values, as Markdown.

use crate::example::limits::Limits;
use crate::example::mime::{self, kind_of};
use crate::example::shared::SharedValue;
use crate::example::tokens::grouped;
use crate::formats::{Format, Service};
use crate::schema::{Choice, Field, Means, Shape};

/// A field: its name, its type, whether it is required, and its documentation.
pub fn field_words(field: &'static Field, format: &Format, service: &Service) -> String {
    let required = if is_required(field, format) { ", required" } else { "" };
    let says_so = field.documented || field.doc.contains("tuning");
    let undocumented = if says_so { "" } else { "\n\nAllowed, but not documented for tuning." };
    format!("**`{}`** · {}{required}\n\n{}{undocumented}", field.name, type_words(field, format, service), field.doc)
}

/// Whether a field is required in every kind of line. A field that tells the kind of a line isn't.
pub fn is_required(field: &Field, format: &Format) -> bool {
    field.required && format.kinds.iter().all(|kind| kind.told_by != field.name)
}

/// A value of an enum: its name and its meaning.
pub fn choice_words(choice: &Choice) -> String {
    format!("**`{}`**\n\n{}", choice.name, choice.doc)
}

/// The type of a field for a service, in a few words.
pub fn type_words(field: &'static Field, format: &Format, service: &Service) -> String {
    match (field.means, service.shape(field.shape)) {
        (Means::Speaker, Shape::String) => alternatives(&service.role_names(&format.words)),
        (Means::Location, Shape::String) => "file location".to_owned(),
        (Means::MimeType, Shape::String) => "MIME type".to_owned(),
        (_, shape) => shape_words(shape),
    }
}

/// Alternatives: `a, b or c`.
pub fn alternatives<T: AsRef<str>>(words: &[T]) -> String {
    let words: Vec<_> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

/// The maximum lengths of a video in seconds, each with the names of the shared values it applies to.
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

/// The shape of a value, in a few words.
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
        Shape::Map(_) => "object with any keys",
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

/// The meaning of a role of the format, or of another format's role with the same meaning.
pub fn role_words(format: &Format, role: &str) -> Option<&'static str> {
    let role = format.words.alias(role).and_then(|speaker| format.words.role(speaker)).unwrap_or(role);
    format.role_docs.iter().find(|known| known.role == role).map(|known| known.doc)
}

/// A MIME type: its kind and its file extensions; `None` when it is unknown.
pub fn mime_words(name: &str) -> Option<String> {
    let kind = kind_of(name)?;
    let extensions: Vec<_> = mime::extensions_of(name).map(|extension| format!("`.{extension}`")).collect();
    let files = if extensions.is_empty() { String::new() } else { format!(": {}", extensions.join(", ")) };
    let article = if kind.label().starts_with(['a', 'i']) { "An" } else { "A" };
    Some(format!("{article} {}{files}.", kind.label()))
}

/// A number in at most four characters and a unit: `345`, `3.6k`, `36k`, `1.2M`.
pub fn short(number: u64) -> String {
    let (unit, name) = match number {
        0..1_000 => return number.to_string(),
        1_000..999_500 => (1_000, "k"),
        _ => (1_000_000, "M"),
    };
    let tenths = (number.saturating_mul(10).saturating_add(unit / 2)) / unit;
    if tenths < 100 && !tenths.is_multiple_of(10) {
        format!("{}.{}{name}", tenths / 10, tenths % 10)
    } else {
        format!("{}{name}", grouped(number.saturating_add(unit / 2) / unit))
    }
}

/// A text in a code fence that nothing in the text can close.
pub fn fenced(text: &str) -> String {
    let mut longest = 2;
    let mut run = 0;
    for letter in text.chars() {
        run = if letter == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    // A dataset must not control a terminal or a web view.
    let inert = |letter: char| letter.is_control() && letter != '\n' && letter != '\t';
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace(inert, "\u{FFFD}");
    format!("{fence}text\n{text}\n{fence}")
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn a_short_number_is_rounded() {
        for (number, expected) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1k"),
            (3_649, "3.6k"),
            (9_949, "9.9k"),
            (9_960, "10k"),
            (36_400, "36k"),
            (999_499, "999k"),
            (999_500, "1M"),
            (1_234_567, "1.2M"),
            (12_345_678_901, "12,346M"),
        ] {
            assert_eq!(short(number), expected);
        }
    }
}
