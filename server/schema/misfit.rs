//! Misfits: every way in which a record can differ from its schema.

use crate::json::NodeId;
use crate::schema::{Choice, Choices, Field, Home, Object, Shape, Union};

/// A difference between a record and its schema.
#[derive(Clone, Copy, Debug)]
pub enum Misfit {
    /// The object has no such field.
    Unknown {
        /// The member.
        node: NodeId,
        /// The object's table.
        object: &'static Object,
        /// The field that was probably meant.
        near: Option<&'static Field>,
    },
    /// The field belongs to another object.
    Misplaced {
        /// The member.
        node: NodeId,
        /// The table of the object that contains it.
        object: &'static Object,
        /// Where it belongs.
        home: &'static Home,
    },
    /// A required field is absent or null.
    Missing {
        /// The object.
        node: NodeId,
        /// The object's table.
        object: &'static Object,
        /// The field.
        field: &'static Field,
    },
    /// No member of a required union is set.
    Empty {
        /// The object.
        node: NodeId,
        /// The object's table.
        object: &'static Object,
        /// The union.
        union: &'static Union,
    },
    /// Two members of an exclusive union are set.
    Conflict {
        /// The later one.
        node: NodeId,
        /// The first one.
        first: NodeId,
    },
    /// A repeated key, or a field in both its spellings.
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
        /// The expected shape.
        shape: Shape,
        /// Whether ProtoJSON accepts the value anyway.
        accepted: bool,
    },
    /// A value that the enum does not have.
    UnknownValue {
        /// The value.
        node: NodeId,
        /// The enum.
        choices: &'static Choices,
    },
    /// An enum's value by its number.
    EnumNumber {
        /// The value.
        node: NodeId,
        /// The value of the enum that it stands for.
        choice: &'static Choice,
    },
    /// A list that must not be empty.
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
    /// A string that must hold a JSON object and does not.
    NotJson {
        /// The value.
        node: NodeId,
    },
    /// A string that must be base64 and is not.
    NotBase64 {
        /// The value.
        node: NodeId,
    },
}

impl Misfit {
    /// The value that it is about, or the object that lacks something.
    #[must_use]
    pub fn node(&self) -> NodeId {
        match *self {
            Self::Unknown { node, .. }
            | Self::Misplaced { node, .. }
            | Self::Missing { node, .. }
            | Self::Empty { node, .. }
            | Self::Conflict { node, .. }
            | Self::Duplicate { node, .. }
            | Self::SnakeCase { node, .. }
            | Self::Undocumented { node, .. }
            | Self::WrongType { node, .. }
            | Self::UnknownValue { node, .. }
            | Self::EnumNumber { node, .. }
            | Self::EmptyList { node, .. }
            | Self::NullInList { node }
            | Self::NotJson { node }
            | Self::NotBase64 { node } => node,
        }
    }
}
