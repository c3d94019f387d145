//! Syntax errors: their kinds, places and repairs.

use crate::json::tree::{Edit, Span};
use std::borrow::Cow;

/// The kind of a syntax error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A comma before `]` or `}`.
    TrailingComma,
    /// Two members or elements with nothing between them.
    MissingComma,
    /// Single or typographic quotes instead of double quotes.
    QuoteStyle,
    /// A bare word as a key.
    UnquotedKey,
    /// A comment.
    Comment,
    /// Other white space than JSON's, or an invisible character, between tokens.
    ForeignSpace,
    /// Full-width punctuation in the place of JSON's.
    FullWidth,
    /// A raw control character in a string.
    ControlCharacter,
    /// An escape that JSON does not know, or half a surrogate pair.
    BadEscape,
    /// A word or number that is not a JSON value.
    BadLiteral,
    /// A string, array or object that is not closed.
    Unclosed,
    /// Any other syntax error.
    Syntax,
    /// A second value after the first.
    SeveralValues,
    /// Nested deeper than [`MAX_DEPTH`](crate::json::parse::MAX_DEPTH).
    TooDeep,
}

impl Fault {
    /// Whether the parser may misread what follows or contains it: then nothing counts as missing.
    #[must_use]
    pub fn hides_structure(self) -> bool {
        matches!(self, Fault::Unclosed | Fault::Syntax | Fault::SeveralValues | Fault::TooDeep | Fault::MissingComma)
    }
}

/// A fix for a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// Whether it certainly keeps the meaning.
    pub safe: bool,
    /// The changes.
    pub edits: Vec<Edit>,
}

/// A syntax error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Its kind.
    pub fault: Fault,
    /// The faulty bytes.
    pub span: Span,
    /// The message, without a final period.
    pub message: Cow<'static, str>,
    /// The fix, if it is clear enough to offer.
    pub repair: Option<Repair>,
}
