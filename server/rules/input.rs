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

/// Bytes that are not UTF-8. Only a file on disk can have them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvalidUtf8 {
    /// Single bytes. Each is one U+FFFD in the record's text.
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
    /// Its bytes that are not UTF-8.
    pub invalid: Option<InvalidUtf8>,
}
