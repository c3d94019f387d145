//! How many brackets are left to close: it tells a bracket too many from one that is missing.

use crate::json::lexer::string_end;

/// How many more `}` than `{`, and `]` than `[`, stand between `at` and the end of the record, outside strings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Balance {
    at: usize,
    pub(super) braces: i64,
    pub(super) brackets: i64,
}

impl Balance {
    /// The balance at byte `at`, from `known` where that is not behind it. Over a whole record each byte is read at
    /// most twice: once to count, once to take back what was passed.
    pub(super) fn at(known: Option<Self>, bytes: &[u8], at: usize) -> Self {
        match known.filter(|known| known.at <= at) {
            Some(Self { at: before, braces, brackets }) => {
                let passed = Self::between(bytes, before, at);
                Self { at, braces: braces - passed.braces, brackets: brackets - passed.brackets }
            }
            None => Self::between(bytes, at, bytes.len()),
        }
    }

    /// Closing less opening brackets from byte `start` up to `end`.
    fn between(bytes: &[u8], start: usize, end: usize) -> Self {
        let (mut braces, mut brackets, mut at) = (0, 0, start);
        while at < end {
            match bytes[at] {
                b'"' => at = string_end(bytes, at) - 1,
                b'{' => braces -= 1,
                b'}' => braces += 1,
                b'[' => brackets -= 1,
                b']' => brackets += 1,
                _ => {}
            }
            at += 1;
        }
        Self { at: start, braces, brackets }
    }
}
