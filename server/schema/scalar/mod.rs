//! Strings with a grammar of their own: parsed to a value or to one precise complaint.
//!
//! This folder must not know where in a line a string stands, nor what a rule thinks of it.

mod bucket;
mod duration;
mod location;
mod reach;
mod repair;

pub use bucket::BucketFault;
pub use duration::{Duration, DurationFault, parse_duration};
pub use location::{
    Location, LocationFault, Placeholder, extension, is_plain_object, parse_location, placeholder, wildcards,
};
pub use reach::{Obstacle, Unreachable, is_video_page, unreachable};
pub use repair::repair_duration;

/// Whether the text is base64 as ProtoJSON takes it: the standard or the URL-safe alphabet (not
/// both), with or without padding. The empty text is, of no bytes.
///
/// A check of the letters, because data can be megabytes long and nobody needs the bytes.
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
