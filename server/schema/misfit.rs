//! What does not fit: every way in which a record can differ from its schema.

use crate::json::NodeId;
use crate::schema::{Choice, Choices, Field, Object, Shape, Union};

/// Something that does not fit.
#[derive(Clone, Copy, Debug)]
pub enum Misfit {
    /// The object has no such field.
    Unknown {
        /// The member.
        node: NodeId,
        /// The object's description.
        object: &'static Object,
        /// The field that was probably meant.
        near: Option<&'static Field>,
    },
    /// The field exists, but in another object.
    Misplaced {
        /// The member.
        node: NodeId,
        /// The object it stands in.
        object: &'static Object,
        /// Where it belongs.
        home: &'static Home,
    },
    /// A required field is absent or null.
    Missing {
        /// The object.
        node: NodeId,
        /// The object's description.
        object: &'static Object,
        /// The field.
        field: &'static Field,
    },
    /// None of the members of a required union is there.
    Empty {
        /// The object.
        node: NodeId,
        /// The union.
        union: &'static Union,
    },
    /// Two members of one union.
    Conflict {
        /// The later one.
        node: NodeId,
        /// The one before it.
        first: NodeId,
    },
    /// The same key again, or the other spelling of its field.
    Duplicate {
        /// The later member.
        node: NodeId,
        /// The first one.
        first: NodeId,
    },
    /// A field under its snake_case name.
    SnakeCase {
        /// The member.
        node: NodeId,
        /// The field.
        field: &'static Field,
    },
    /// A field that the tuning documentation does not name.
    Undocumented {
        /// The member.
        node: NodeId,
        /// The field.
        field: &'static Field,
    },
    /// A value of another type.
    WrongType {
        /// The value.
        node: NodeId,
        /// What it has to be.
        shape: Shape,
        /// Whether ProtoJSON accepts it all the same.
        accepted: bool,
    },
    /// Not a value of the enum.
    UnknownValue {
        /// The value.
        node: NodeId,
        /// The enum.
        choices: &'static Choices,
    },
    /// A value of an enum by its number.
    EnumNumber {
        /// The value.
        node: NodeId,
        /// What it stands for.
        choice: &'static Choice,
    },
    /// A list that needs an element and has none.
    EmptyList {
        /// The list.
        node: NodeId,
        /// The field.
        field: &'static Field,
    },
    /// `null` in a list.
    NullInList {
        /// The element.
        node: NodeId,
    },
    /// A string that has to be base64 and is not.
    NotBase64 {
        /// The value.
        node: NodeId,
    },
}

/// Where a field that is often misplaced belongs.
#[derive(Debug)]
pub struct Home {
    /// The field's lowerCamelCase name.
    pub field: &'static str,
    /// The name of the object it belongs to.
    pub object: &'static str,
    /// Where that is, in words.
    pub place: &'static str,
}

/// Fields that people put into the wrong object, with the object that has them.
pub(super) static HOMES: [Home; 13] = [
    Home { field: "videoMetadata", object: "Part", place: "the part, beside `fileData`" },
    Home { field: "mediaResolution", object: "GenerationConfig", place: "`generationConfig` at the top level" },
    Home { field: "systemInstruction", object: "Example", place: "the top level of the line" },
    Home { field: "generationConfig", object: "Example", place: "the top level of the line" },
    Home { field: "contents", object: "Example", place: "the top level of the line" },
    Home { field: "tools", object: "Example", place: "the top level of the line" },
    Home { field: "role", object: "Content", place: "the turn, beside `parts`" },
    Home { field: "parts", object: "Content", place: "a turn of `contents`" },
    Home { field: "startOffset", object: "VideoMetadata", place: "`videoMetadata` beside `fileData`" },
    Home { field: "endOffset", object: "VideoMetadata", place: "`videoMetadata` beside `fileData`" },
    Home { field: "fileUri", object: "FileData", place: "`fileData` of the part" },
    Home { field: "mimeType", object: "FileData", place: "`fileData` of the part" },
    Home { field: "fileData", object: "Part", place: "a part of a turn's `parts`" },
];

/// Names that other programs use for a field: the object, the other name, the field's own.
pub(super) static ALIASES: [(&str, &str, &str); 10] = [
    ("FileData", "uri", "fileUri"),
    ("FileData", "url", "fileUri"),
    ("FileData", "gcsUri", "fileUri"),
    ("FileData", "mime", "mimeType"),
    ("FileData", "type", "mimeType"),
    ("FileData", "contentType", "mimeType"),
    ("Content", "content", "parts"),
    ("Content", "text", "parts"),
    ("VideoMetadata", "start", "startOffset"),
    ("VideoMetadata", "end", "endOffset"),
];
