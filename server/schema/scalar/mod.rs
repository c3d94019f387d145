//! Strings with a grammar of their own. Each parses to a value or to one precise reason why not.
//!
//! This folder must not know the place of a string in a line, or the rules about it.

pub mod clock;
mod duration;
mod location;
mod repair;

pub use duration::{Duration, DurationFault, parse_duration};
pub use location::*;
pub use repair::repair_duration;

/// Whether the text is base64 as ProtoJSON accepts it: the standard or the URL-safe alphabet (not both), with or
/// without padding. The empty text is valid.
///
/// It checks the letters without decoding, because data can be megabytes long.
#[must_use]
pub fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    let (mut standard, mut url_safe) = (false, false);
    for byte in digits.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => {}
            b'+' | b'/' => standard = true,
            b'-' | b'_' => url_safe = true,
            _ => return false,
        }
    }
    let whole = if padding == 0 { digits.len() % 4 != 1 } else { padding <= 2 && text.len().is_multiple_of(4) };
    whole && !(standard && url_safe)
}

#[cfg(test)]
mod tests {
    use super::is_base64;

    #[test]
    fn both_alphabets_are_base64_with_and_without_padding() {
        for text in ["", "aGk=", "aGk", "aA==", "aA", "-_-_", "+/+/", "QUJD"] {
            assert!(is_base64(text), "{text}");
        }
    }

    #[test]
    fn other_texts_are_not_base64() {
        for text in ["a", "aGk==", "aG=k", "====", "=", "+-aa", "aG k", "data:image/png;base64,aGk=", "aGk=\n"] {
            assert!(!is_base64(text), "{text}");
        }
    }
}
