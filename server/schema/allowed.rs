//! What a reader of a format accepts or demands besides the format's tables.

/// A field that a reader of a format accepts although it doesn't fit the format's tables: it is absent, unknown,
/// undocumented, or has another type or value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// The name of the table.
    pub object: &'static str,
    /// The key.
    pub field: &'static str,
    /// The only string that is accepted; empty for any value.
    pub value: &'static str,
}

impl Allowed {
    /// Accepts a field with any value, or its absence.
    #[must_use]
    pub const fn any(object: &'static str, field: &'static str) -> Self {
        Self { object, field, value: "" }
    }
}

/// What a reader of a format demands although the format's tables don't.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// A field that an object must have.
    Field {
        /// The name of the table.
        object: &'static str,
        /// The key.
        field: &'static str,
    },
    /// Two keys of which an object can have only one.
    AtMostOne {
        /// The name of the table.
        object: &'static str,
        /// The keys.
        fields: [&'static str; 2],
    },
}
