//! Finds out quickly, without parsing, that a record can't contain a string.

use memchr::memmem::Finder;

/// What to look for in the text of a record.
#[derive(Clone, Debug)]
pub(super) struct Needle {
    /// The string in its usual spelling; `None` if each record must be parsed.
    usual: Option<Finder<'static>>,
    /// The beginning of escapes with which it may be spelled in another way.
    escapes: Vec<(Finder<'static>, Escape)>,
    /// Whether more text may follow in the string.
    is_start: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Escape {
    Any,
    /// `\u00` of an ASCII character.
    Ascii,
}

impl Needle {
    pub fn new(text: &str) -> Self {
        // Rare in locations, labels and names, and spelled in many ways.
        let is_odd = |letter: char| letter < ' ' || matches!(letter, '"' | '\\' | char::REPLACEMENT_CHARACTER);
        if text.is_empty() || text.contains(is_odd) {
            return Self { usual: None, escapes: Vec::new(), is_start: false };
        }
        let finder = |text: &str| Finder::new(text.as_bytes()).into_owned();
        let mut escapes = Vec::new();
        if text.is_ascii() {
            escapes.push((finder("\\u00"), Escape::Ascii));
        } else {
            escapes.push((finder("\\u"), Escape::Any));
        }
        if text.contains('/') {
            escapes.push((finder("\\/"), Escape::Any));
        }
        Self { usual: Some(finder(text)), escapes, is_start: false }
    }

    /// A needle for strings that begin with a text.
    pub fn of_start(text: &str) -> Self {
        Self { is_start: true, ..Self::new(text) }
    }

    /// Whether a record may contain the text as a string, perhaps with white space around it.
    pub fn may_be_in(&self, record: &str) -> bool {
        let Some(usual) = &self.usual else { return true };
        let bytes = record.as_bytes();
        let length = usual.needle().len();
        usual.find_iter(bytes).any(|at| self.is_start || is_string(bytes, at, at + length))
            || self.escapes.iter().any(|(finder, escape)| match escape {
                Escape::Any => finder.find(bytes).is_some(),
                Escape::Ascii => finder.find_iter(bytes).any(|at| matches!(bytes.get(at + 4), Some(b'0'..=b'7'))),
            })
    }
}

/// Whether the bytes from `start` to `end` may be a string and not a part of one.
fn is_string(bytes: &[u8], start: usize, end: usize) -> bool {
    let mut before = &bytes[..start];
    while let [rest @ .., b'\\', b'n' | b'r' | b't'] | [rest @ .., b' ' | b'\t'] = before {
        before = rest;
    }
    let mut after = &bytes[end..];
    while let [b'\\', b'n' | b'r' | b't', rest @ ..] | [b' ' | b'\t', rest @ ..] = after {
        after = rest;
    }
    // Other quotes, and words without quotes, occur in broken records.
    let begins = matches!(before.last(), None | Some(b'"' | b'\'' | b'`' | b':' | b'[' | b'{' | b',' | 0x80..));
    let ends = matches!(after.first(), None | Some(b'"' | b'\'' | b'`' | b',' | b']' | b'}' | b'\r' | b'\n' | 0x80..));
    begins && ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_without_the_string_is_skipped_and_any_spelling_is_kept() {
        for (text, record, expected) in [
            ("goal", r#"{"text":"goal"}"#, true),
            ("goal", r#"{"text":" goal\n"}"#, true),
            ("goal", r#"{"text":"no goal"}"#, false),
            ("goal", r#"{"text":"goalie"}"#, false),
            ("goal", r#"{"text":"\u0067oal"}"#, true),
            ("goal", r#"{"text":"caf\u00e9"}"#, false),
            ("goal", r#"{text:goal}"#, true),
            ("goal", "{'text': 'goal'}", true),
            ("goal", r#"{"text":"goal"#, true),
            ("caf\u{e9}", r#"{"text":"caf\u00e9"}"#, true),
            ("caf\u{e9}", r#"{"text":"cafe"}"#, false),
            ("gs://a/b", r#"{"uri":"gs:\/\/a\/b"}"#, true),
            ("gs://a/b", r#"{"uri":"gs://a/bc"}"#, false),
            ("a\"b", "{}", true),
        ] {
            assert_eq!(Needle::new(text).may_be_in(record), expected, "{text} in {record}");
        }
    }
}
