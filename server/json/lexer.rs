//! JSON at the level of characters: white space, words, numbers, escapes.

use crate::json::search;
use std::borrow::Cow;

/// Whether a byte is one of JSON's four white-space characters.
#[must_use]
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// The first byte at or after `at` that is not white space.
#[must_use]
pub fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|&byte| is_space(byte)) {
        at += 1;
    }
    at
}

/// Whether a character looks like white space or is invisible: zero-width, direction and byte order marks.
#[must_use]
pub fn is_any_space(letter: char) -> bool {
    let is_unseen = matches!(letter,
        '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}');
    is_unseen || letter.is_whitespace()
}

/// The same, except JSON's own white space. Such characters come from text pasted from web pages and documents.
#[must_use]
pub fn is_foreign_space(letter: char) -> bool {
    is_any_space(letter) && !u8::try_from(letter).is_ok_and(is_space)
}

/// Whether a byte can be part of a bare word: a name, a number, a literal.
#[must_use]
pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'-' | b'+' | b'.') || byte >= 0x80
}

/// The end of the run of word bytes at `at`. Typographic quotes and foreign white space end a word.
#[must_use]
pub fn word_end(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = at;
    while let Some(&byte) = bytes.get(end) {
        if !is_word(byte) {
            break;
        }
        if byte >= 0x80 {
            let Some(letter) = text[end..].chars().next() else { break };
            if is_typographic_quote(letter) || is_foreign_space(letter) {
                break;
            }
            end += letter.len_utf8();
        } else {
            end += 1;
        }
    }
    end
}

/// Whether a character is a typographic quote, which word processors substitute for `"` and `'`.
#[must_use]
pub fn is_typographic_quote(letter: char) -> bool {
    matches!(letter, '\u{2018}'..='\u{201F}' | '«' | '»' | '「' | '」' | '″' | '＂')
}

/// The end of the run at `at` of bytes that can be part of a number.
#[must_use]
pub fn number_end(bytes: &[u8], at: usize) -> usize {
    let of_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
    at + bytes[at..].iter().take_while(|byte| of_number(byte)).count()
}

/// Whether `word` is a JSON number (RFC 8259, section 6).
#[must_use]
pub fn is_number(word: &[u8]) -> bool {
    let mut at = usize::from(word.first() == Some(&b'-'));
    let digits = |mut at: usize| {
        let start = at;
        while word.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        (at, at > start)
    };
    let leading_zero = word.get(at) == Some(&b'0');
    let start = at;
    let (end, some) = digits(at);
    if !some || (leading_zero && end > start + 1) {
        return false;
    }
    at = end;
    if word.get(at) == Some(&b'.') {
        let (end, some) = digits(at + 1);
        if !some {
            return false;
        }
        at = end;
    }
    if matches!(word.get(at), Some(b'e' | b'E')) {
        at += 1;
        at += usize::from(matches!(word.get(at), Some(b'+' | b'-')));
        let (end, some) = digits(at);
        if !some {
            return false;
        }
        at = end;
    }
    at == word.len()
}

/// The four hexadecimal digits at `at` as a code unit.
#[must_use]
pub fn hex4(bytes: &[u8], at: usize) -> Option<u16> {
    let digits = bytes.get(at..at + 4)?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// The length of the well-formed escape whose backslash is at `at`: 2, 6, or 12 for a surrogate pair; `None` for any
/// other.
#[must_use]
pub fn escape_len(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at + 1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => match hex4(bytes, at + 2)? {
            0xD800..=0xDBFF => {
                let pair = bytes.get(at + 6) == Some(&b'\\') && bytes.get(at + 7) == Some(&b'u');
                let low = hex4(bytes, at + 8)?;
                (pair && (0xDC00..=0xDFFF).contains(&low)).then_some(12)
            }
            0xDC00..=0xDFFF => None,
            _ => Some(6),
        },
        _ => None,
    }
}

/// The value of a string or key from its raw text, including quotes.
///
/// If `escaped` is false, the text must be plain text between double quotes. Otherwise it may have any form that the
/// parser accepts as a string: other quotes, a missing quote, a bare word, faulty escapes (which stay unchanged).
#[must_use]
pub fn decode(raw: &str, escaped: bool) -> Cow<'_, str> {
    if !escaped {
        return Cow::Borrowed(raw.get(1..raw.len().saturating_sub(1)).unwrap_or(""));
    }
    unescape_if_needed(unquote(raw))
}

/// Decodes the escapes of a string's inside, if there are any.
#[must_use]
pub fn unescape_if_needed(inner: &str) -> Cow<'_, str> {
    if inner.contains('\\') { Cow::Owned(unescape(inner)) } else { Cow::Borrowed(inner) }
}

/// The text without its quotes, of any kind; either may be missing.
#[must_use]
pub fn unquote(raw: &str) -> &str {
    let is_quote = |letter: char| matches!(letter, '"' | '\'') || is_typographic_quote(letter);
    let inner = raw.strip_prefix(is_quote).unwrap_or(raw);
    // A quote after an odd number of backslashes belongs to the text.
    let slashes = |text: &str| text.len() - text.trim_end_matches('\\').len();
    match inner.strip_suffix(is_quote) {
        Some(rest) if slashes(rest).is_multiple_of(2) => rest,
        _ => inner,
    }
}

/// Decodes the escapes of a string's inside; faulty escapes stay unchanged.
#[must_use]
pub fn unescape(inner: &str) -> String {
    let bytes = inner.as_bytes();
    let mut out = String::with_capacity(inner.len());
    // What follows `copied` isn't copied yet, and `at` is the end of the last escape.
    let (mut copied, mut at) = (0, 0);
    for found in search::places(b'\\', bytes) {
        // The second backslash of an escape belongs to it.
        if found < at {
            continue;
        }
        out.push_str(&inner[copied..found]);
        (copied, at) = (found, found);
        if let Some(letter) = bytes.get(at + 1).and_then(|byte| simple_escape(*byte)) {
            at += 2;
            copied = at;
            // The letter of most escapes means itself, and is copied with the text after it.
            match letter {
                '"' | '\\' | '/' => copied -= 1,
                letter => out.push(letter),
            }
            continue;
        }
        let Some(len) = escape_len(bytes, at) else {
            // A faulty escape is text.
            at += 1;
            continue;
        };
        let unit = |at| hex4(bytes, at).unwrap_or(0xFFFD);
        let units = [unit(at + 2), if len == 12 { unit(at + 8) } else { 0 }];
        let mut letters = char::decode_utf16(units);
        out.push(letters.next().and_then(Result::ok).unwrap_or(char::REPLACEMENT_CHARACTER));
        at += len;
        copied = at;
    }
    out.push_str(&inner[copied..]);
    out
}

/// The character that an escape of two characters means, by the second of them.
fn simple_escape(byte: u8) -> Option<char> {
    Some(match byte {
        b'n' => '\n',
        b'"' | b'\\' | b'/' => byte as char,
        b't' => '\t',
        b'r' => '\r',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        _ => return None,
    })
}

/// `text` as a JSON string with its quotes, in its shortest spelling.
#[must_use]
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            letter if letter < ' ' => out.push_str(&escape_control(letter)),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// The escape of a control character.
#[must_use]
pub fn escape_control(letter: char) -> String {
    match letter {
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        '\u{8}' => "\\b".to_owned(),
        '\u{c}' => "\\f".to_owned(),
        letter => format!("\\u{:04x}", u32::from(letter)),
    }
}

/// Whether a text, such as a comment, holds something like an object with a key.
#[must_use]
pub fn holds_object(text: &str) -> bool {
    let Some(inner) = text.find('{').and_then(|open| text.get(open + 1..)) else { return false };
    inner.contains("\":") || inner.contains("':") || inner.contains("\" :")
}

/// Whether a comment holds data and is not a note: an object or a member of one, or a value at its start.
#[must_use]
pub fn holds_member(comment: &str) -> bool {
    let inner = comment.trim_start_matches(['/', '*', '#', ' ', '\t']);
    let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '"' | '\'' | ' ');
    let is_value = |text: &str| text.starts_with(['"', '\'', '{', '[']);
    let value = inner.trim_start_matches(is_word).strip_prefix(':');
    holds_object(comment)
        || comment.contains("\":")
        || comment.contains("\" :")
        || is_value(inner)
        || value.is_some_and(|value| is_value(value.trim_start()))
}

/// The byte after the string whose opening quote is at `at`.
pub(super) fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    loop {
        at = search::find(search::SPECIAL, bytes, at);
        match bytes.get(at) {
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
            None => return bytes.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_json_numbers_are_numbers() {
        for good in ["0", "-0", "10", "1.5", "-1.5e+10", "2E3", "1e-9"] {
            assert!(is_number(good.as_bytes()), "{good}");
        }
        for bad in ["", "-", "+1", "01", "-01", ".5", "1.", "1e", "1e+", "0x1F", "1_0", "5s", "--1"] {
            assert!(!is_number(bad.as_bytes()), "{bad}");
        }
    }

    #[test]
    fn strings_decode_in_every_form_the_parser_accepts() {
        assert_eq!(decode(r#""plain""#, false), "plain");
        assert_eq!(decode(r#""a\n\"\u00e9\ud83d\ude00\/""#, true), "a\n\"é😀/");
        assert_eq!(decode(r#""cut"#, true), "cut");
        assert_eq!(decode("'one'", true), "one");
        assert_eq!(decode("“two”", true), "two");
        assert_eq!(decode("bare", true), "bare");
        assert_eq!(decode(r#""C:\dir \ud800""#, true), r"C:\dir \ud800");
        assert_eq!(decode(r#""ends in \"""#, true), "ends in \"");
        assert_eq!(decode(r#""cut in \""#, true), "cut in \"");
    }

    #[test]
    fn quoting_and_decoding_are_inverse() {
        for text in ["", "a\"b\\c", "\u{0}\n\r\t\u{8}\u{c}\u{1f}", "é😀\u{2028}"] {
            let quoted = quote(text);
            assert_eq!(decode(&quoted, true), text);
            assert_eq!(serde_json::from_str::<String>(&quoted).ok().as_deref(), Some(text));
        }
    }
}
