//! Counts of closing and opening brackets, which distinguish an extra bracket from a missing one.

use crate::json::lexer::string_end;

/// How many more `}` than `{`, and `]` than `[`, are between `at` and the end of the record, outside strings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Balance {
    at: usize,
    pub(super) braces: i64,
    pub(super) brackets: i64,
}

impl Balance {
    /// The balance at byte `at`, computed from `known` if that is not after it. In a whole record, each byte is read at
    /// most twice: once to count, once to subtract what was passed.
    pub(super) fn at(known: Option<Self>, bytes: &[u8], at: usize) -> Self {
        match known.filter(|known| known.at <= at) {
            Some(Self { at: before, braces, brackets }) => {
                let passed = Self::between(bytes, before, at);
                Self { at, braces: braces - passed.braces, brackets: brackets - passed.brackets }
            }
            None => Self::between(bytes, at, bytes.len()),
        }
    }

    /// Closing minus opening brackets in `start..end`.
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

/// Whether each closing bracket in a text has an opening one before it, and the other way round.
pub(super) fn is_balanced(text: &str) -> bool {
    let mut open = Vec::new();
    text.chars().all(|letter| match letter {
        '{' | '[' => {
            open.push(letter);
            true
        }
        '}' => open.pop() == Some('{'),
        ']' => open.pop() == Some('['),
        _ => true,
    }) && open.is_empty()
}
