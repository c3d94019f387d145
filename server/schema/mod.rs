//! The format of a tuning line, as data: every field, type, union and value, each with its words.
//!
//! This room must not know what is wrong with a line (that is a rule's opinion), nor anything of
//! files and editors. A second vendor's format is one more table beside `gemini.rs`.

pub mod canonical;
pub mod detect;
pub mod example;
pub mod fit;
pub mod gemini;
pub mod generation;
pub mod index;
pub mod json_schema;
pub mod meaning;
pub mod media;
pub mod mime;
pub mod misfit;
pub mod preference;
pub mod profile;
pub mod scalar;
mod text_length;
pub mod tokens;
pub mod tools;

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A string of some meaning.
    String(Text),
    /// A floating-point number; ProtoJSON also takes a numeric string, "NaN" and the infinities.
    Number,
    /// A 32-bit or 64-bit whole number; ProtoJSON also takes it as a string and as `1e2`.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// One of a list of names; ProtoJSON also takes its number.
    Enum(&'static Choices),
    /// An object with known fields.
    Object(&'static Object),
    /// An array whose elements all have this shape.
    List(&'static Shape),
    /// An object with free keys whose values all have this shape.
    Map(&'static Shape),
    /// A `google.protobuf.Duration`: a string of decimal seconds that ends in `s`.
    Duration,
    /// Base64 in a string, standard or URL-safe, padded or not.
    Base64,
    /// Any JSON object (a `google.protobuf.Struct`).
    Struct,
    /// Any JSON value.
    Any,
}

/// What a string is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// Text without further rules.
    Plain,
    /// Who speaks a turn: `user` or `model`.
    Role,
    /// Where a media file is: a Cloud Storage object or an http(s) URL.
    FileUri,
    /// A media type such as `video/mp4`.
    MimeType,
}

/// An object with known fields: a message of the service's API.
#[derive(Debug)]
pub struct Object {
    /// The message's name in the API, such as `FileData`.
    pub name: &'static str,
    /// What it is, in one or two sentences for a dataset author.
    pub doc: &'static str,
    /// Its fields, in the documentation's order: this is the order of completion and of normalizing.
    pub fields: &'static [Field],
    /// Groups of fields of which at most one may be there.
    pub unions: &'static [Union],
}

/// Fields that exclude each other.
#[derive(Debug)]
pub struct Union {
    /// The lowerCamelCase names of the members.
    pub members: &'static [&'static str],
    /// Whether one of them has to be there.
    pub required: bool,
}

/// A field of an [`Object`].
#[derive(Debug)]
pub struct Field {
    /// The lowerCamelCase name, which is what the documentation prints.
    pub name: &'static str,
    /// What its value may be.
    pub shape: Shape,
    /// Whether the object is incomplete without it.
    pub required: bool,
    /// Whether the tuning documentation names it; the others are legal, their effect unknown.
    pub tuning: bool,
    /// What it is, with its limits, in Markdown for a dataset author.
    pub doc: &'static str,
    /// A value to start from, as JSON text.
    pub example: &'static str,
}

/// An enum of the API.
#[derive(Debug)]
pub struct Choices {
    /// Its name in the API, such as `MediaResolution`.
    pub name: &'static str,
    /// Its values.
    pub values: &'static [Choice],
}

/// A value of an enum.
#[derive(Debug)]
pub struct Choice {
    /// Its name, as it stands in JSON.
    pub name: &'static str,
    /// Its number on the wire, which ProtoJSON accepts too; `None` where the source gives none.
    pub number: Option<i64>,
    /// What it means.
    pub doc: &'static str,
}

/// The formats a line of a tuning dataset can be in, each with the shape of its root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Gemini supervised tuning: `contents` whose last turn is the target.
    Supervised,
    /// Gemini preference tuning: `contents` and two `completions`.
    Preference,
}

impl Format {
    /// The shape of a line in this format.
    #[must_use]
    pub fn root(self) -> &'static Object {
        match self {
            Format::Supervised => &gemini::EXAMPLE,
            Format::Preference => &preference::EXAMPLE,
        }
    }
}

impl Object {
    /// The field that `key` names, in either spelling: lowerCamelCase or the original snake_case.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == key).or_else(|| {
            key.contains('_').then(|| self.fields.iter().find(|field| is_snake_case_of(key, field.name))).flatten()
        })
    }
}

impl Shape {
    /// Whether a dataset has hardly more than a handful of values of this shape: they are repeated on every line.
    #[must_use]
    pub fn has_few_values(self) -> bool {
        match self {
            Shape::String(text) => matches!(text, Text::Role | Text::MimeType),
            Shape::Enum(choices) => {
                let resolutions = [&generation::MEDIA_RESOLUTION, &generation::PART_MEDIA_RESOLUTION_LEVEL];
                resolutions.into_iter().any(|of_resolution| std::ptr::eq(of_resolution, choices))
            }
            _ => false,
        }
    }

    /// What a value of this shape is, with its article, for a sentence.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Shape::String(_) | Shape::Base64 | Shape::Duration => "a string".to_owned(),
            Shape::Number => "a number".to_owned(),
            Shape::Integer => "a whole number".to_owned(),
            Shape::Boolean => "true or false".to_owned(),
            Shape::Enum(choices) => format!("a value of {}, as a string", choices.name),
            Shape::Object(object) => format!("an object ({})", object.name),
            Shape::List(_) => "an array".to_owned(),
            Shape::Map(_) | Shape::Struct => "an object".to_owned(),
            Shape::Any => "a value".to_owned(),
        }
    }
}

impl Choices {
    /// The value that `text` was probably meant to be, and whether only its letter case differs.
    #[must_use]
    pub fn nearest(&self, text: &str) -> Option<(&'static str, bool)> {
        if let Some(choice) = self.values.iter().find(|choice| choice.name.eq_ignore_ascii_case(text)) {
            return Some((choice.name, true));
        }
        let upper = text.trim().to_uppercase().replace(['-', ' '], "_");
        // `LOW` for `MEDIA_RESOLUTION_LOW`.
        let is_tail =
            |name: &str| !upper.is_empty() && name.strip_suffix(&*upper).is_some_and(|head| head.ends_with('_'));
        if let Some(choice) = self.values.iter().find(|choice| is_tail(choice.name)) {
            return Some((choice.name, false));
        }
        // `MEDIA_RESOLUTION_MED`, which by its letters is nearer to `MEDIA_RESOLUTION_LOW`.
        let mut begun = self.values.iter().filter(|choice| !upper.is_empty() && choice.name.starts_with(&*upper));
        if let (Some(choice), None) = (begun.next(), begun.next()) {
            return Some((choice.name, false));
        }
        let near =
            self.values.iter().map(|choice| (strsim::damerau_levenshtein(choice.name, &upper), choice.name)).min();
        near.filter(|(distance, name)| *distance * 4 <= name.len()).map(|(_, name)| (name, false))
    }

    /// The value of this name, letter for letter.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&'static Choice> {
        self.values.iter().find(|choice| choice.name == name)
    }
}

/// Whether `key` is the snake_case form of the lowerCamelCase `name` (`file_uri` of `fileUri`).
fn is_snake_case_of(key: &str, name: &str) -> bool {
    let mut key = key.bytes();
    for letter in name.bytes() {
        if letter.is_ascii_uppercase() && key.next() != Some(b'_') {
            return false;
        }
        if key.next() != Some(letter.to_ascii_lowercase()) {
            return false;
        }
    }
    key.next().is_none()
}

/// The snake_case form of a lowerCamelCase name.
#[must_use]
pub fn snake_case(name: &str) -> String {
    name.chars().fold(String::new(), |mut out, letter| {
        if letter.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
        out
    })
}
