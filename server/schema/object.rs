//! The building blocks of a format's tables: objects, fields, and the shapes of their values.

use super::home::Home;
use super::means::Means;
use std::fmt;

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A string.
    String,
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
    /// An object whose fields depend on the value of one of them.
    Tagged(&'static Tagged),
    /// An array whose elements all have this shape.
    List(&'static Shape),
    /// An object with free keys whose values all have this shape.
    Map(&'static Shape),
    /// The first of these that takes the value's JSON kind.
    OneOf(&'static [Shape]),
    /// A string that holds a JSON object.
    JsonText,
    /// A `google.protobuf.Duration`: a string of decimal seconds that ends in `s`.
    Duration,
    /// A base64 string: standard or URL-safe, padded or not.
    Base64,
    /// Any JSON object.
    Struct,
    /// Any JSON value.
    Any,
}

/// How keys and values of an object are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// Exactly as in the table.
    Exact,
    /// As in ProtoJSON: lowerCamelCase or the original snake_case, numbers in quotes, enums by number.
    ProtoJson,
}

/// What happens to a member that the table does not list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extra {
    /// The service rejects the line.
    Rejected,
    /// The service rejects the line or ignores the member; no source says which.
    Unclear,
    /// The service ignores the member.
    Ignored,
    /// The member is the author's own data.
    Data,
}

/// An object with known fields.
pub struct Object {
    /// Its name in the vendor's documentation, such as `FileData`.
    pub name: &'static str,
    /// The noun for it in messages.
    pub noun: &'static str,
    /// One or two sentences for a dataset author.
    pub doc: &'static str,
    /// What it means in an example.
    pub means: Means,
    /// Its fields, in the documentation's order, which completion and normalizing use.
    pub fields: &'static [Field],
    /// How many of the first fields have a fixed order in a normalized line; with 0, members keep their order.
    pub ordered: usize,
    /// Groups of fields that depend on each other.
    pub unions: &'static [Union],
    /// How its keys and values are spelled.
    pub spelling: Spelling,
    /// What happens to other members.
    pub extra: Extra,
    /// Fields that are often put into the wrong object; only a root lists them.
    pub homes: &'static [Home],
}

/// An object whose fields depend on the value of one of them.
#[derive(Debug)]
pub struct Tagged {
    /// The key of the member that decides.
    pub tag: &'static str,
    /// The objects by its value.
    pub cases: &'static [(&'static str, &'static Object)],
    /// The object for any other value, and where the member is absent.
    pub otherwise: &'static Object,
}

/// Fields of which at most one, at least one, or exactly one may be set.
#[derive(Debug)]
pub struct Union {
    /// The names of the fields.
    pub members: &'static [&'static str],
    /// Whether at least one of them must be set.
    pub required: bool,
    /// Whether at most one of them may be set.
    pub exclusive: bool,
}

/// A field of an [`Object`].
#[derive(Debug)]
pub struct Field {
    /// Its name as the documentation prints it.
    pub name: &'static str,
    /// What its value may be.
    pub shape: Shape,
    /// What it means in an example.
    pub means: Means,
    /// Whether the object is incomplete without it.
    pub required: bool,
    /// Whether the tuning documentation names it; the others are legal, but their effect is unknown.
    pub documented: bool,
    /// What it is, with its limits, in Markdown for a dataset author.
    pub doc: &'static str,
    /// A value to start from, as JSON text.
    pub example: &'static str,
    /// Names that other programs use for it.
    pub aliases: &'static [&'static str],
    /// What the service answers when it is missing, as the end of a sentence.
    pub if_missing: Option<&'static str>,
    /// Whether the service is reported to drop it silently under its snake_case name.
    pub snake_is_dropped: bool,
}

/// The values of an enum.
#[derive(Debug)]
pub struct Choices {
    /// The enum's name in the documentation, such as `MediaResolution`.
    pub name: &'static str,
    /// Its values.
    pub values: &'static [Choice],
}

/// A value of an enum.
#[derive(Debug)]
pub struct Choice {
    /// Its name in JSON.
    pub name: &'static str,
    /// Its number on the wire, which ProtoJSON accepts too; `None` where the source gives none.
    pub number: Option<i64>,
    /// What it means.
    pub doc: &'static str,
    /// Whether it means the same as an absent value.
    pub is_unset: bool,
}

impl Object {
    /// The defaults of an object in an exact format.
    pub const EXACT: Object = Object {
        name: "",
        noun: "object",
        doc: "",
        means: Means::Nothing,
        fields: &[],
        ordered: 0,
        unions: &[],
        spelling: Spelling::Exact,
        extra: Extra::Rejected,
        homes: &[],
    };

    /// The defaults of a ProtoJSON message.
    pub const PROTO_JSON: Object = Object { spelling: Spelling::ProtoJson, extra: Extra::Unclear, ..Object::EXACT };

    /// The field that `key` names.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&'static Field> {
        self.field_place(key).map(|place| &self.fields[place])
    }

    /// The index in [`Object::fields`] of the field that `key` names.
    #[must_use]
    pub fn field_place(&self, key: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == key).or_else(|| {
            let snake = self.spelling == Spelling::ProtoJson && key.contains('_');
            snake.then(|| self.fields.iter().position(|field| is_snake_case_of(key, field.name))).flatten()
        })
    }

    /// The first field with this meaning.
    #[must_use]
    pub fn meaning(&self, means: Means) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.means == means)
    }
}

impl Tagged {
    /// The object for a value of the tag.
    #[must_use]
    pub fn case(&self, value: Option<&str>) -> &'static Object {
        let case = value.and_then(|value| self.cases.iter().find(|(name, _)| *name == value));
        case.map_or(self.otherwise, |(_, object)| object)
    }
}

impl Union {
    /// Fields of which at most one may be set.
    #[must_use]
    pub const fn at_most_one(members: &'static [&'static str]) -> Self {
        Self { members, required: false, exclusive: true }
    }
}

impl Field {
    /// An optional field that the tuning documentation names. Children of an undocumented field count as documented,
    /// so that one mistake gives one finding.
    #[must_use]
    pub const fn documented(name: &'static str, shape: Shape, doc: &'static str) -> Self {
        let example = match shape {
            Shape::String | Shape::Base64 => r#""""#,
            Shape::Object(_) | Shape::Struct | Shape::Map(_) => "{}",
            Shape::List(_) => "[]",
            Shape::Boolean => "false",
            Shape::Number | Shape::Integer => "0",
            _ => "null",
        };
        Self {
            name,
            shape,
            means: Means::Nothing,
            required: false,
            documented: true,
            doc,
            example,
            aliases: &[],
            if_missing: None,
            snake_is_dropped: false,
        }
    }

    /// A documented field without which the object is incomplete.
    #[must_use]
    pub const fn required(name: &'static str, shape: Shape, doc: &'static str) -> Self {
        Self { required: true, ..Self::documented(name, shape, doc) }
    }

    /// A legal field that no page on tuning names.
    #[must_use]
    pub const fn legal(name: &'static str, shape: Shape, doc: &'static str) -> Self {
        Self { documented: false, ..Self::documented(name, shape, doc) }
    }

    /// Sets a value to start from other than the empty value of its shape.
    #[must_use]
    pub const fn example(self, example: &'static str) -> Self {
        Self { example, ..self }
    }

    /// Sets the meaning.
    #[must_use]
    pub const fn means(self, means: Means) -> Self {
        Self { means, ..self }
    }

    /// Sets the names that other programs use.
    #[must_use]
    pub const fn aliases(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    /// Sets what the service answers when the field is missing.
    #[must_use]
    pub const fn if_missing(self, answer: &'static str) -> Self {
        Self { if_missing: Some(answer), ..self }
    }

    /// Marks a field that the service is reported to drop silently under its snake_case name.
    #[must_use]
    pub const fn snake_is_dropped(self) -> Self {
        Self { snake_is_dropped: true, ..self }
    }
}

impl Shape {
    /// One of [`Self::objects`]: the first, or of a tagged object the one for unknown tags.
    #[must_use]
    pub fn object(self) -> Option<&'static Object> {
        match self {
            Shape::Object(object) => Some(object),
            Shape::Tagged(tagged) => Some(tagged.otherwise),
            Shape::List(inner) | Shape::Map(inner) => inner.object(),
            Shape::OneOf(shapes) => shapes.iter().find_map(|shape| shape.object()),
            _ => None,
        }
    }

    /// All objects with known fields that a value of this shape may be, or be a list or map of.
    pub fn objects(self) -> Vec<&'static Object> {
        match self {
            Shape::Object(object) => vec![object],
            Shape::Tagged(tagged) => tagged.cases.iter().map(|(_, object)| *object).chain([tagged.otherwise]).collect(),
            Shape::List(inner) | Shape::Map(inner) => inner.objects(),
            Shape::OneOf(shapes) => shapes.iter().flat_map(|shape| shape.objects()).collect(),
            _ => Vec::new(),
        }
    }

    /// What a value of this shape is, with its article, for a sentence.
    #[must_use]
    pub fn name(self) -> String {
        let name = match self {
            Shape::String | Shape::Base64 | Shape::Duration => "a string",
            Shape::JsonText => "a string that holds JSON",
            Shape::Number => "a number",
            Shape::Integer => "a whole number",
            Shape::Boolean => "true or false",
            Shape::Enum(choices) => return format!("a value of {}, as a string", choices.name),
            Shape::Object(object) => return format!("an object ({})", object.name),
            Shape::Tagged(tagged) => return format!("an object ({})", tagged.otherwise.name),
            Shape::List(_) => "an array",
            Shape::Map(_) | Shape::Struct => "an object",
            Shape::OneOf(shapes) => {
                return shapes.iter().map(|shape| shape.name()).collect::<Vec<_>>().join(" or ");
            }
            Shape::Any => "a value",
        };
        name.to_owned()
    }
}

impl fmt::Debug for Object {
    /// Its name only: tables refer to each other in circles.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

impl Choices {
    /// The value that `text` probably means, and whether only the letter case differs.
    #[must_use]
    pub fn nearest(&self, text: &str) -> Option<(&'static str, bool)> {
        if let Some(choice) = self.values.iter().find(|choice| choice.name.eq_ignore_ascii_case(text)) {
            return Some((choice.name, true));
        }
        let in_capitals = self.values.iter().all(|choice| !choice.name.contains(|letter: char| letter.is_lowercase()));
        let word = text.trim();
        let word = if in_capitals { word.to_uppercase() } else { word.to_lowercase() };
        let meant = word.replace(['-', ' '], "_");
        // `LOW` for `MEDIA_RESOLUTION_LOW`.
        let is_tail =
            |name: &str| !meant.is_empty() && name.strip_suffix(&*meant).is_some_and(|head| head.ends_with('_'));
        if let Some(choice) = self.values.iter().find(|choice| is_tail(choice.name)) {
            return Some((choice.name, false));
        }
        // `MEDIA_RESOLUTION_MED`, whose letters are closer to `MEDIA_RESOLUTION_LOW`.
        let mut begun = self.values.iter().filter(|choice| !meant.is_empty() && choice.name.starts_with(&*meant));
        if let (Some(choice), None) = (begun.next(), begun.next()) {
            return Some((choice.name, false));
        }
        let near =
            self.values.iter().map(|choice| (strsim::damerau_levenshtein(choice.name, &meant), choice.name)).min();
        // Long names have a beginning in common, so that another value may be near, too.
        near.filter(|(distance, name)| *distance <= 2.min(name.len() / 4)).map(|(_, name)| (name, false))
    }

    /// The value with exactly this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&'static Choice> {
        self.values.iter().find(|choice| choice.name == name)
    }

    /// The value with this number on the wire.
    #[must_use]
    pub fn numbered(&self, number: &str) -> Option<&'static Choice> {
        let number = number.parse::<i64>().ok()?;
        self.values.iter().find(|choice| choice.number == Some(number))
    }
}

impl Choice {
    /// A value whose number no source gives.
    #[must_use]
    pub const fn named(name: &'static str, doc: &'static str) -> Self {
        Self { name, number: None, doc, is_unset: false }
    }

    /// A value with its number on the wire.
    #[must_use]
    pub const fn numbered(name: &'static str, number: i64, doc: &'static str) -> Self {
        Self { number: Some(number), ..Self::named(name, doc) }
    }

    /// The value 0 of a protocol buffer's enum, which means the same as an absent value.
    #[must_use]
    pub const fn unset(name: &'static str) -> Self {
        Self { is_unset: true, ..Self::numbered(name, 0, "Not set.") }
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
