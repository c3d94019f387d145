//! How long a text is in what tokens are estimated from: its bytes, and its Chinese, Japanese and Korean
//! characters, which are about a token each.

use crate::json::tree::OTHER_ESCAPES;
use crate::json::{NodeId, Record, search};
use wide::u8x16;

/// Text by its length: bytes, and characters that are a token each.
#[derive(Clone, Copy, Default)]
pub(super) struct TextLength {
    pub bytes: u64,
    pub ideographs: u64,
}

impl TextLength {
    /// Adds the text of a string, or that of other JSON as it stands. O(n); no memory is taken.
    pub fn add(&mut self, record: Record<'_>, node: NodeId) {
        let raw = record.raw(record.span(node));
        // The quotes of a string are no text.
        let text = raw.strip_prefix('"').map_or(raw, |rest| rest.strip_suffix('"').unwrap_or(rest));
        // Escapes of two letters stand for one byte each; any other has to be read.
        let escapes = match record.node(node).escapes {
            OTHER_ESCAPES if memchr::memchr(b'\\', text.as_bytes()).is_some() => return self.add_letters(text),
            OTHER_ESCAPES => 0,
            escapes => u64::from(escapes),
        };
        let (ideographs, their_bytes) = if record.node(node).ascii { (0, 0) } else { count_ideographs(text) };
        self.ideographs += ideographs;
        self.bytes += text.len() as u64 - escapes - their_bytes;
    }

    fn add_letters(&mut self, text: &str) {
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            self.add_letter(if letter == '\\' { escaped(&mut letters) } else { letter });
        }
    }

    fn add_letter(&mut self, letter: char) {
        if is_ideograph(letter) { self.ideographs += 1 } else { self.bytes += letter.len_utf8() as u64 }
    }

    /// The tokens that the text has by estimate.
    pub fn tokens(self) -> u64 {
        self.bytes.div_ceil(4) + self.ideographs
    }
}

/// How many characters of a text [are ideographs](is_ideograph), and the bytes they take. It goes by their
/// first bytes, nearly all of which tell.
fn count_ideographs(text: &str) -> (u64, u64) {
    let (mut of_three, mut of_four) = (0, 0);
    // As many steps as a sum of bytes can hold.
    for (number, some) in text.as_bytes().chunks(16 * usize::from(u8::MAX)).enumerate() {
        let (mut clear, mut unclear) = (u8x16::ZERO, u8x16::ZERO);
        for chunk in search::chunks(some, 0) {
            // Letters of other scripts begin with smaller bytes.
            if search::is_within(chunk, 0xE3, 0xFF) == u8x16::ZERO {
                continue;
            }
            clear -= search::is_within(chunk, 0xE3, 0xE9) | search::is_within(chunk, 0xEB, 0xED);
            unclear |= is_unclear(chunk);
        }
        of_three += clear.to_array().into_iter().map(u64::from).sum::<u64>();
        if unclear != u8x16::ZERO {
            for at in search::places(some, 0, is_unclear).map(|at| number * 16 * usize::from(u8::MAX) + at) {
                let is_one = u64::from(text[at..].starts_with(is_ideograph));
                if text.as_bytes()[at] >= 0xF0 { of_four += is_one } else { of_three += is_one }
            }
        }
    }
    (of_three + of_four, 3 * of_three + 4 * of_four)
}

/// Which bytes begin characters of which only some are ideographs: all from U+E000 on, and those that begin as the
/// last of Korean do.
fn is_unclear(bytes: u8x16) -> u8x16 {
    search::is_within(bytes, 0xEE, 0xFF) | bytes.simd_eq(u8x16::splat(0xEA))
}

/// The character behind a backslash. The halves of a pair count as one three-byte character each, which
/// is near enough.
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

/// Whether a character is Chinese, Japanese or Korean: about a token by itself.
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
    fn ideographs_are_counted_alike_by_bytes_and_by_letters() {
        let all: String = ('\u{1}'..='\u{40010}').step_by(1).collect();
        let letters = all.chars().filter(|letter| is_ideograph(*letter));
        let expected = letters.fold((0, 0), |(count, bytes), letter| (count + 1, bytes + letter.len_utf8() as u64));
        assert_eq!(count_ideographs(&all), expected);
        for text in ["", "得", "a得", "得点\u{FFFD}", "\u{FF5E}", "\u{20000}"] {
            let count = text.chars().filter(|letter| is_ideograph(*letter)).count();
            assert_eq!(count_ideographs(text).0, count as u64, "{text}");
        }
    }
}
