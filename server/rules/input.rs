//! One record as it is in its file.

use crate::json::Span;

/// How a line ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineEnd {
    /// LF.
    #[default]
    Lf,
    /// CR and LF.
    CrLf,
    /// A lone CR.
    Cr,
    /// Nothing: the file ends here.
    Missing,
}

/// The most bytes of a record. The text of a longer one is not read, because its tree would take too much memory.
pub const MAX_RECORD: usize = 64 << 20;

/// Why a record, or a part of it, can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Single bytes that are not UTF-8. Only a file on disk can have them. Each is one U+FFFD in the record's text.
    Bytes {
        /// The place of the first such byte in the record's text.
        span: Span,
        /// Its value.
        byte: u8,
        /// Its offset in the file, 0-based.
        offset: usize,
        /// The number of such bytes in the record.
        count: usize,
    },
    /// The file is UTF-16.
    Utf16,
    /// The record is longer than [`MAX_RECORD`]. Its text is empty.
    TooLong {
        /// Its length in bytes, with the line end.
        bytes: usize,
    },
}

/// One record as it is in its file.
#[derive(Clone, Debug, Default)]
pub struct Input<'a> {
    /// Its text, with the line ends between its lines but without the last one.
    pub text: &'a str,
    /// How its last line ends.
    pub end: LineEnd,
    /// The number of its lines.
    pub lines: usize,
    /// Whether it is the first record of its file.
    pub first: bool,
    /// What of it can't be read. Nothing may change such a record.
    pub invalid: Option<Unreadable>,
}

impl Input<'_> {
    /// Whether it is over the limit, so that its text is missing.
    #[must_use]
    pub fn is_too_long(&self) -> bool {
        matches!(self.invalid, Some(Unreadable::TooLong { .. }))
    }
}
