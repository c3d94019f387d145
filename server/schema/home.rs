//! Fields that are often put into the wrong object.

/// Where an often misplaced field belongs.
#[derive(Debug)]
pub struct Home {
    /// The field's name.
    pub field: &'static str,
    /// The name of the object that has it.
    pub object: &'static str,
    /// The right place, for a sentence.
    pub place: &'static str,
    /// How to move it there.
    pub to: Destination,
}

/// How to move a misplaced field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// To the top level.
    Root,
    /// Into this member of the top level, which is added if absent. Only strings and numbers are moved.
    MemberOfRoot(&'static str),
    /// Next to the object that contains it, if that is the value of this field.
    BesideParent(&'static str),
    /// Only the author can tell.
    Unclear,
}
