//! Conversion between columns and bytes in one line, only here.

use ropey::RopeSlice;

/// The unit in which a client counts columns.
///
/// Source: Language Server Protocol 3.17, `PositionEncodingKind`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 bytes.
    Utf8,
    /// UTF-16 code units: the default if the client does not negotiate.
    #[default]
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

/// A place in a document. Both numbers are 0-based; `character` counts in units of an [`Encoding`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line; LF, CRLF and CR end a line.
    pub line: u32,
    /// The column.
    pub character: u32,
}

/// The byte at `column` of a line without its line end. A column after the end gives the line's length, a column inside
/// a character gives the character's start. O(log n).
#[must_use]
pub fn byte_of_column(line: RopeSlice<'_>, column: u32, encoding: Encoding) -> usize {
    let column = column as usize;
    match encoding {
        Encoding::Utf8 => line.char_to_byte(line.byte_to_char(column.min(line.len_bytes()))),
        Encoding::Utf16 => line.char_to_byte(line.utf16_cu_to_char(column.min(line.len_utf16_cu()))),
        Encoding::Utf32 => line.char_to_byte(column.min(line.len_chars())),
    }
}

/// The column of `byte` in a line without its line end. A byte after the end gives the line's length, a byte inside a
/// character gives the character's start. O(log n).
#[must_use]
pub fn column_of_byte(line: RopeSlice<'_>, byte: usize, encoding: Encoding) -> u32 {
    let char = line.byte_to_char(byte.min(line.len_bytes()));
    let column = match encoding {
        Encoding::Utf8 => line.char_to_byte(char),
        Encoding::Utf16 => line.char_to_utf16_cu(char),
        Encoding::Utf32 => char,
    };
    u32::try_from(column).unwrap_or(u32::MAX)
}

/// The same as [`column_of_byte`], for a line as `&str`. O(n).
#[must_use]
pub fn column_in_text(line: &str, byte: usize, encoding: Encoding) -> u32 {
    let before = &line[..line.floor_char_boundary(byte.min(line.len()))];
    let column = match encoding {
        _ if before.is_ascii() => before.len(),
        Encoding::Utf8 => before.len(),
        Encoding::Utf16 => before.encode_utf16().count(),
        Encoding::Utf32 => before.chars().count(),
    };
    u32::try_from(column).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ropey::Rope;

    #[test]
    fn columns_and_bytes_agree_in_every_encoding() {
        let rope = Rope::from_str("a😀é\u{2028}z");
        let line = rope.slice(..);
        for (encoding, columns) in [
            (Encoding::Utf8, [0, 1, 5, 7, 10, 11]),
            (Encoding::Utf16, [0, 1, 3, 4, 5, 6]),
            (Encoding::Utf32, [0, 1, 2, 3, 4, 5]),
        ] {
            for (byte, column) in [0, 1, 5, 7, 10, 11].into_iter().zip(columns) {
                assert_eq!(column_of_byte(line, byte, encoding), column);
                assert_eq!(column_in_text("a😀é\u{2028}z", byte, encoding), column);
                assert_eq!(byte_of_column(line, column, encoding), byte);
            }
            assert_eq!(byte_of_column(line, 99, encoding), 11);
            assert_eq!(column_of_byte(line, 99, encoding), columns[5]);
        }
        // Inside the emoji: its start.
        assert_eq!(byte_of_column(line, 3, Encoding::Utf8), 1);
        assert_eq!(byte_of_column(line, 2, Encoding::Utf16), 1);
        assert_eq!(column_in_text("a😀é", 3, Encoding::Utf16), 1);
    }
}
