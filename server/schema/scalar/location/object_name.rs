//! Names of objects that are valid, but rarely meant.
//!
//! Cloud Storage takes everything after `gs://BUCKET/` literally: it decodes, trims and resolves nothing.

use super::parse::{Location, parse_location};
use super::store::object_uri;

/// An unusual piece of an object's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Oddity<'a> {
    /// A percent escape, such as `%20`.
    Escape(&'a str),
    /// White space at an end of the name, or of one of its segments.
    OuterSpace {
        /// The segment, with its white space.
        segment: &'a str,
        /// Whether the white space is at its end, not at its start.
        at_end: bool,
    },
    /// `//`, or a slash at the start.
    DoubleSlash,
    /// A segment that is `.` or `..`.
    Dots(&'a str),
}

/// The most unusual piece of an object's name.
#[must_use]
pub fn oddity(object: &str) -> Option<Oddity<'_>> {
    if let Some(found) = escapes(object).next() {
        return Some(Oddity::Escape(found.text));
    }
    let segments = || object.split('/');
    if let Some(segment) = segments().find(|segment| trimmed(segment) != *segment) {
        return Some(Oddity::OuterSpace { segment, at_end: segment.ends_with(is_space) });
    }
    if segments().any(str::is_empty) {
        return Some(Oddity::DoubleSlash);
    }
    segments().find(|segment| matches!(*segment, "." | "..")).map(Oddity::Dots)
}

/// The name that is probably meant: without percent escapes, and without white space at an end of a segment. `None` if
/// that is not clear.
#[must_use]
pub fn plain_name(object: &str) -> Option<String> {
    let mut plain = object.to_owned();
    // `%2520` is `%20` and then a space.
    while escapes(&plain).next().is_some() {
        plain = decoded(&plain);
    }
    let segments: Vec<&str> = plain.split('/').map(trimmed).collect();
    let plain = segments.join("/");
    let slashes = |name: &str| name.starts_with('/') || name.contains("//");
    let is_new = plain != object && (slashes(object) || !slashes(&plain));
    let is_valid = || {
        let uri = object_uri("abc", &plain);
        matches!(parse_location(&uri), Ok(Location::Object { .. }))
    };
    (is_new && !plain.contains(char::is_control) && is_valid()).then_some(plain)
}

/// A run of percent escapes, and the text that it stands for.
struct Escapes<'a> {
    /// The first escapes of it, which are one character.
    text: &'a str,
    start: usize,
    end: usize,
    decoded: String,
}

/// The runs of percent escapes that a program has probably made: of UTF-8, and without an escape for a letter or digit,
/// which no program escapes. `50%ab` has none.
fn escapes(text: &str) -> impl Iterator<Item = Escapes<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text.get(at..)?.find('%')?;
            let bytes: Vec<u8> = text.as_bytes()[start..].chunks(3).map_while(escaped_byte).collect();
            at = start + (3 * bytes.len()).max(1);
            let Ok(decoded) = String::from_utf8(bytes) else { continue };
            let first = decoded.chars().next().map_or(0, char::len_utf8);
            if first > 0 && !decoded.contains(|letter: char| letter.is_ascii_alphanumeric()) {
                return Some(Escapes { text: &text[start..start + 3 * first], start, end: at, decoded });
            }
        }
    })
}

fn escaped_byte(escape: &[u8]) -> Option<u8> {
    let &[b'%', high, low] = escape else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for run in escapes(text) {
        out.push_str(&text[at..run.start]);
        out.push_str(&run.decoded);
        at = run.end;
    }
    out.push_str(&text[at..]);
    out
}

/// White space, and characters without width that come with copied text.
fn is_space(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(is_space)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::scalar::is_plain_object;

    #[test]
    fn unusual_names_are_found_and_made_plain() {
        let space = |segment, at_end| Oddity::OuterSpace { segment, at_end };
        for (object, expected, plain) in [
            ("my%20clip%20%281%29.mp4", Oddity::Escape("%20"), Some("my clip (1).mp4")),
            ("caf%C3%A9.mp4", Oddity::Escape("%C3%A9"), Some("caf\u{e9}.mp4")),
            ("%e4%bd%a0%e5%a5%bd.mp4", Oddity::Escape("%e4%bd%a0"), Some("\u{4f60}\u{597d}.mp4")),
            ("a%2Fb.mp4", Oddity::Escape("%2F"), Some("a/b.mp4")),
            ("a%2520b.mp4", Oddity::Escape("%25"), Some("a b.mp4")),
            ("100%_a%20b.mp4", Oddity::Escape("%20"), Some("100%_a b.mp4")),
            ("a%0Ab.mp4", Oddity::Escape("%0A"), None),
            ("a%2F", Oddity::Escape("%2F"), None),
            ("a%20b.mp4 ", Oddity::Escape("%20"), Some("a b.mp4")),
            ("a.mp4 ", space("a.mp4 ", true), Some("a.mp4")),
            (" a.mp4", space(" a.mp4", false), Some("a.mp4")),
            ("a.mp4\u{a0}", space("a.mp4\u{a0}", true), Some("a.mp4")),
            ("a.mp4\t", space("a.mp4\t", true), Some("a.mp4")),
            ("a.mp4\u{200B}", space("a.mp4\u{200B}", true), Some("a.mp4")),
            ("dir /a.mp4", space("dir ", true), Some("dir/a.mp4")),
            ("dir/ a.mp4", space(" a.mp4", false), Some("dir/a.mp4")),
            ("dir/ /a.mp4", space(" ", true), None),
            ("dir/ ", space(" ", true), None),
            ("dir//a.mp4", Oddity::DoubleSlash, None),
            ("/a.mp4", Oddity::DoubleSlash, None),
            ("dir//a.mp4 ", space("a.mp4 ", true), Some("dir//a.mp4")),
            ("./a.mp4", Oddity::Dots("."), None),
            ("a/../b.mp4", Oddity::Dots(".."), None),
        ] {
            assert_eq!(oddity(object), Some(expected), "{object}");
            assert_eq!(plain_name(object).as_deref(), plain, "{object}");
            assert!(!is_plain_object(&format!("gs://clips/{object}")), "{object}");
        }
    }

    #[test]
    fn usual_names_have_no_oddity() {
        for object in [
            "match (1), 100% & more.mp4",
            "50%ab.mp4",
            "mix-20%50.mp4",
            "100%\u{e9}%2",
            "%",
            "%%41",
            "a b/c d.mp4",
            "clip .mp4",
            ".cache/a.mp4",
            "a..b/...",
            "a+b.mp4",
        ] {
            assert_eq!(oddity(object), None, "{object}");
            assert_eq!(plain_name(object), None, "{object}");
        }
    }
}
