//! How a line ends.

use crate::rules::LineEnd;

/// A line's text and how it ends.
#[must_use]
pub fn strip_line_end(line: &str) -> (&str, LineEnd) {
    if let Some(text) = line.strip_suffix("\r\n") {
        (text, LineEnd::CrLf)
    } else if let Some(text) = line.strip_suffix('\n') {
        (text, LineEnd::Lf)
    } else if let Some(text) = line.strip_suffix('\r') {
        (text, LineEnd::Cr)
    } else {
        (line, LineEnd::Missing)
    }
}
