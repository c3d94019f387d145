//! One record as it stands in its file.

use crate::json::Span;

/// How a line ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineEnd {
    /// With LF.
    #[default]
    Lf,
    /// With CR and LF.
    CrLf,
    /// With a CR alone.
    Cr,
    /// It is the file's last and does not.
    Missing,
}

/// Bytes that are not UTF-8; only a file on disk can have them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvalidUtf8 {
    /// Some bytes, each of which stands in the record's text as one U+FFFD.
    Bytes {
        /// Where the first of them stands in the record's text.
        span: Span,
        /// Its value.
        byte: u8,
        /// Its place in the file, 0-based.
        offset: usize,
        /// How many such bytes the record has.
        count: usize,
    },
    /// The file is UTF-16.
    Utf16,
}

/// One record as it stands in its file.
#[derive(Clone, Debug, Default)]
pub struct Input<'a> {
    /// Its text; of several lines with the line ends between them, without the last.
    pub text: &'a str,
    /// How its last line ends.
    pub end: LineEnd,
    /// How many lines it has.
    pub lines: usize,
    /// Whether it is the first of its file.
    pub first: bool,
    /// Bytes of it that are not UTF-8.
    pub invalid: Option<InvalidUtf8>,
}
