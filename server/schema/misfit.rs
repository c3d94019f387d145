//! What does not fit: every way in which a record can differ from its schema.

use crate::json::NodeId;
use crate::schema::{Choice, Choices, Field, Home, Object, Shape, Union};

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
        /// The object's description.
        object: &'static Object,
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
    /// A string that has to hold a JSON object and does not.
    NotJson {
        /// The value.
        node: NodeId,
    },
    /// A string that has to be base64 and is not.
    NotBase64 {
        /// The value.
        node: NodeId,
    },
}
