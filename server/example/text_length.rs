//! The length of a text for estimating its tokens: its bytes, and its Chinese, Japanese and Korean characters, which
//! are about a token each.

use crate::json::search::{self, ByteSet, STEP, Within};
use crate::json::tree::OTHER_ESCAPES;
use crate::json::{NodeId, Record};
use fearless_simd::{Level, Simd, dispatch};

/// The length of a text: its ideographs, and the bytes of all other characters.
#[derive(Clone, Copy, Default)]
pub(super) struct TextLength {
    pub bytes: u64,
    pub ideographs: u64,
}

impl TextLength {
    /// Adds the text of a string, or other JSON as raw text. O(n), without allocating.
    pub fn add(&mut self, record: Record<'_>, node: NodeId) {
        let node = record.node(node);
        if node.escapes == OTHER_ESCAPES {
            return self.add_raw(record.raw(node.span));
        }
        // Such a string has both its quotes, and each escape means one byte.
        let inside = node.span.start() + 1..node.span.end() - 1;
        self.bytes += inside.len() as u64 - u64::from(node.escapes);
        if !node.ascii {
            self.take_ideographs(record.text.get(inside).unwrap_or_default());
        }
    }

    /// Adds a string whose escapes must be decoded, or other JSON.
    fn add_raw(&mut self, raw: &str) {
        let text = raw.strip_prefix('"').map_or(raw, |rest| rest.strip_suffix('"').unwrap_or(rest));
        if memchr::memchr(b'\\', text.as_bytes()).is_some() {
            return self.add_letters(text);
        }
        self.bytes += text.len() as u64;
        self.take_ideographs(text);
    }

    /// Counts the ideographs of a text whose bytes were added.
    fn take_ideographs(&mut self, text: &str) {
        let (ideographs, their_bytes) = count_ideographs(text);
        self.ideographs += ideographs;
        self.bytes -= their_bytes;
    }

    fn add_letters(&mut self, text: &str) {
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            let letter = if letter == '\\' { escaped(&mut letters) } else { letter };
            if is_ideograph(letter) { self.ideographs += 1 } else { self.bytes += letter.len_utf8() as u64 }
        }
    }

    /// The estimated number of tokens.
    pub fn tokens(self) -> u64 {
        self.bytes.div_ceil(4) + self.ideographs
    }
}

/// The number of [ideographs](is_ideograph) in a text, and of their bytes. Nearly all are known by their first bytes.
fn count_ideographs(text: &str) -> (u64, u64) {
    dispatch!(Level::new(), simd => count(simd, text))
}

#[inline(always)]
fn count<S: Simd>(simd: S, text: &str) -> (u64, u64) {
    let bytes = text.as_bytes();
    let (mut of_three, mut of_four) = (0, 0);
    for start in (0..bytes.len()).step_by(STEP) {
        let rest = &bytes[start..];
        let some = search::first_step(simd, rest);
        // Characters of other scripts begin with smaller bytes.
        if Within(0xE3, 0xFF).bits(some) == 0 {
            continue;
        }
        of_three += u64::from(Within(0xE3, 0xED).bits(some).count_ones());
        // Characters that begin with this byte are Korean, except those below U+AC00.
        let may_be_korean = 0xEA.bits(some);
        if may_be_korean != 0 {
            let below = |next: &u8| (0x80..0xB0).contains(next);
            let next = Within(0x80, 0xAF).bits(some) >> 1 | u64::from(rest.get(STEP).is_some_and(below)) << (STEP - 1);
            of_three -= u64::from((may_be_korean & next).count_ones());
        }
        // Only some of the characters that begin with higher bytes are ideographs.
        let mut unclear = Within(0xEE, 0xFF).bits(some);
        while unclear != 0 {
            let at = start + unclear.trailing_zeros() as usize;
            unclear &= unclear - 1;
            let is_one = u64::from(text[at..].starts_with(is_ideograph));
            if bytes[at] >= 0xF0 { of_four += is_one } else { of_three += is_one }
        }
    }
    (of_three + of_four, 3 * of_three + 4 * of_four)
}

/// The character after a backslash. Each half of a surrogate pair counts as a three-byte character, which is close
/// enough.
fn escaped(letters: &mut std::str::Chars<'_>) -> char {
    if letters.next() != Some('u') {
        return ' ';
    }
    let rest = letters.as_str();
    let digits = rest.get(..4).unwrap_or(rest);
    let unit = u32::from_str_radix(digits, 16).unwrap_or(0xFFFD);
    *letters = rest[digits.len()..].chars();
    char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Whether a character is Chinese, Japanese or Korean, which is about one token.
fn is_ideograph(letter: char) -> bool {
    matches!(letter,
        '\u{3000}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FF00}'..='\u{FFEF}'
        | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_by_bytes_and_by_characters_agrees() {
        let all: String = ('\u{1}'..='\u{40010}').collect();
        let letters = all.chars().filter(|letter| is_ideograph(*letter));
        let expected = letters.fold((0, 0), |(count, bytes), letter| (count + 1, bytes + letter.len_utf8() as u64));
        assert_eq!(count_ideographs(&all), expected);
        for text in ["", "得", "a得", "得点\u{FFFD}", "\u{FF5E}", "\u{20000}"] {
            let count = text.chars().filter(|letter| is_ideograph(*letter)).count();
            assert_eq!(count_ideographs(text).0, count as u64, "{text}");
        }
    }
}
