//! Fields that people put into the wrong object.

/// Where a field that is often misplaced belongs.
#[derive(Debug)]
pub struct Home {
    /// The field's name.
    pub field: &'static str,
    /// The name of the object it belongs to.
    pub object: &'static str,
    /// Where that is, in words.
    pub place: &'static str,
    /// How it gets there.
    pub to: Destination,
}

/// How a misplaced field gets to where it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// To the top level.
    Root,
    /// Into a member of the top level, which is made where it is absent. Only strings and numbers are moved.
    MemberOfRoot(&'static str),
    /// Next to the object it stands in, when that is the value of this field.
    BesideParent(&'static str),
    /// Only the author knows.
    Unclear,
}
