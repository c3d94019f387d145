//! Decodes a long JSON string in place.

use crate::json::search::{self, ByteSet, STEP, Set};
use fearless_simd::{Level, Simd, dispatch};

/// The character of each two-letter escape, by its second letter; 0 for an invalid escape.
const SIMPLE: [u8; 256] = {
    let mut written = [0; 256];
    let all = *b"n\nt\tr\rb\x08f\x0C\"\"\\\\//";
    let mut at = 0;
    while at < all.len() {
        written[all[at] as usize] = all[at + 1];
        at += 2;
    }
    written
};

/// Decodes the string that starts at `open`, after its quote, to the start of `bytes`. Returns the place of its closing quote
/// and the length of the decoded text; `None` if the string has no end or an invalid escape. O(n).
pub fn decode(bytes: &mut [u8], open: usize) -> Option<(usize, usize)> {
    let level = Level::new();
    dispatch!(level, simd => decode_with(simd, bytes, open))
}

#[inline(always)]
fn decode_with<S: Simd>(simd: S, bytes: &mut [u8], open: usize) -> Option<(usize, usize)> {
    // Writing never overtakes reading, because no escape is shorter than its character.
    let (mut read, mut write, mut block) = (open, 0, open);
    loop {
        let rest = bytes.get(block..).filter(|rest| !rest.is_empty())?;
        let all = Set(*b"\"\\").bits(search::first_step(simd, rest));
        let mut left = all & from(read.saturating_sub(block));
        while left != 0 {
            let found = block + left.trailing_zeros() as usize;
            let plain = found - read;
            shift(bytes, read, write, plain);
            write += plain;
            if bytes[found] == b'"' {
                return Some((found, write));
            }
            let length = match SIMPLE[usize::from(*bytes.get(found + 1)?)] {
                0 => {
                    let (character, length) = escape(&bytes[found..])?;
                    write += character.encode_utf8(&mut bytes[write..]).len();
                    length
                }
                byte => {
                    bytes[write] = byte;
                    write += 1;
                    2
                }
            };
            read = found + length;
            left &= from(read - block);
        }
        block = (block + STEP).max(read);
    }
}

/// A mask of this bit and the higher ones.
fn from(bit: usize) -> u64 {
    if bit < STEP { u64::MAX << bit } else { 0 }
}

/// Copies `length` bytes from `read` back to `write`. If they are few and there is room, it copies a fixed number of bytes,
/// which is faster than a function call.
#[inline(always)]
fn shift(bytes: &mut [u8], read: usize, write: usize, length: usize) {
    const FEW: usize = 32;
    if length <= FEW
        && write + FEW <= read
        && let Some(&few) = bytes[read..].first_chunk::<FEW>()
        && let Some(into) = bytes[write..].first_chunk_mut()
    {
        *into = few;
    } else {
        bytes.copy_within(read..read + length, write);
    }
}

/// The character of the escape at the start of `text`, and the length of the escape. Half a surrogate pair, which some
/// editors send, gives U+FFFD. That is one UTF-16 unit too, so columns stay right.
pub fn escape(text: &[u8]) -> Option<(char, usize)> {
    let letter = *text.get(1)?;
    if letter != b'u' {
        return Some(SIMPLE[usize::from(letter)]).filter(|byte| *byte != 0).map(|byte| (char::from(byte), 2));
    }
    let unit = hex(text)?;
    if let Some(character) = char::from_u32(unit) {
        return Some((character, 6));
    }
    Some(match text.get(6..).and_then(hex) {
        Some(low @ 0xdc00..0xe000) if unit < 0xdc00 => {
            (char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00))?, 12)
        }
        _ => (char::REPLACEMENT_CHARACTER, 6),
    })
}

/// The number in `\uXXXX`.
fn hex(text: &[u8]) -> Option<u32> {
    let digits = text.get(..6)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |sum, &digit| Some(sum * 16 + char::from(digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The decoded string that starts at `open`, and the rest of the bytes.
    fn decoded(text: &str, open: usize) -> Option<(String, String)> {
        let mut bytes = text.as_bytes().to_vec();
        let (end, length) = decode(&mut bytes, open)?;
        let rest = String::from_utf8(bytes[end..].to_vec()).unwrap();
        bytes.truncate(length);
        Some((String::from_utf8(bytes).unwrap(), rest))
    }

    #[test]
    fn a_string_without_end_or_with_an_invalid_escape_is_rejected() {
        for text in ["", "a", "\\", "a\\\"", "\\q\"", "\\u12\"", "\\u123x\""] {
            for before in [0, 1, 31, 32, 63, 64, 65, 127, 128] {
                assert_eq!(decoded(&format!("{}{text}", "x".repeat(before)), 0), None, "{before} {text}");
                assert_eq!(decoded(&format!("{}{text}", "x".repeat(before)), before), None, "{before} {text}");
            }
        }
    }

    #[test]
    fn half_a_surrogate_pair_is_one_replacement_character() {
        let all = |text| decoded(text, 0).map(|(text, _)| text);
        assert_eq!(all("\\ud83d\\ude00\\ud83dx\\ude00\\ud83d\\n\"").as_deref(), Some("😀\u{fffd}x\u{fffd}\u{fffd}\n"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

        #[test]
        fn a_string_is_what_serde_makes_of_it(
            before in 0usize..140,
            pieces in prop::collection::vec(
                ("[a-zé😀]{0,90}", r#"(\\[nrtbf"/\\]|\\u00[eE]9|\\ud83d\\ude00){0,9}"#).prop_map(|(a, b)| a + &b), 0..20
            ),
            rest in "[a\"\\\\]{0,70}",
        ) {
            let inner = pieces.concat();
            let expected: String = serde_json::from_str(&format!("\"{inner}\"")).unwrap();
            let text = format!("{}{inner}\"{rest}", "\\".repeat(before));
            prop_assert_eq!(decoded(&text, before), Some((expected, format!("\"{rest}"))));
        }
    }
}
