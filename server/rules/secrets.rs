//! Keys, passwords and signatures in a text, which a message must not repeat.

use std::borrow::Cow;
use std::ops::Range;

/// What is shown instead of a secret.
const MASK: &str = "***";

/// The names of parameters whose values are secrets, in lowercase.
const PARAMETERS: [&str; 19] = [
    "access_token",
    "api_key",
    "apikey",
    "auth",
    "awsaccesskeyid",
    "client_secret",
    "key",
    "password",
    "secret",
    "sig",
    "signature",
    "token",
    "x-amz-credential",
    "x-amz-security-token",
    "x-amz-signature",
    "x-goog-credential",
    "x-goog-security-token",
    "x-goog-signature",
    "x-ms-signature",
];

/// How keys begin, and how many characters follow at least.
const KEYS: [(&str, usize); 14] = [
    ("AIza", 30),
    ("AKIA", 16),
    ("ASIA", 16),
    ("Basic ", 16),
    ("Bearer ", 16),
    ("github_pat_", 20),
    ("glpat-", 20),
    ("gho_", 30),
    ("ghp_", 30),
    ("hf_", 30),
    ("sk-", 20),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("ya29.", 20),
];

/// The text without secrets.
#[must_use]
pub fn masked(text: &str) -> Cow<'_, str> {
    let found = find(text);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let (mut shown, mut at) = (String::with_capacity(text.len()), 0);
    for secret in found {
        shown.push_str(&text[at..secret.start]);
        shown.push_str(MASK);
        at = secret.end;
    }
    shown.push_str(&text[at..]);
    Cow::Owned(shown)
}

/// A message without secrets.
pub(super) fn without_secrets(text: impl Into<String>) -> String {
    let text: String = text.into();
    match masked(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(masked) => masked,
    }
}

/// The places of secrets, in order and without overlap. The text may be JSON, whose writer may have escaped `&`, `/` and `=`.
/// O(n).
#[must_use]
pub fn find(text: &str) -> Vec<Range<usize>> {
    let Some(Unescaped { text, places }) = Unescaped::new(text) else { return find_unescaped(text) };
    let place = |at: usize| {
        let (plain, escaped) =
            places[..places.partition_point(|(plain, _)| *plain <= at)].last().copied().unwrap_or((0, 0));
        escaped + (at - plain)
    };
    find_unescaped(&text).into_iter().map(|secret| place(secret.start)..place(secret.end)).collect()
}

/// A text without the escapes of JSON that stand for a character of a URL.
struct Unescaped {
    text: String,
    /// The ends of the characters that were escaped, here and in the original text.
    places: Vec<(usize, usize)>,
}

impl Unescaped {
    /// `None` if the text has no such escape.
    fn new(original: &str) -> Option<Self> {
        let (mut text, mut places, mut copied) = (String::new(), Vec::new(), 0);
        let mut at = 0;
        while let Some(start) = original[at..].find('\\').map(|found| at + found) {
            // JSON inside a string of JSON has several.
            let rest = original[start..].trim_start_matches('\\');
            at = original.len() - rest.len();
            let Some((letter, length)) = escaped(rest) else { continue };
            text.push_str(&original[copied..start]);
            text.push(letter);
            at += length;
            copied = at;
            places.push((text.len(), at));
        }
        text.push_str(&original[copied..]);
        (copied > 0).then_some(Self { text, places })
    }
}

/// The character of an escape, given what follows its backslash, and the length of that.
fn escaped(rest: &str) -> Option<(char, usize)> {
    if rest.starts_with('/') {
        return Some(('/', 1));
    }
    let digits =
        rest.strip_prefix('u')?.get(..4).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
    let code = u32::from_str_radix(digits, 16).ok()?;
    Some((char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 5))
}

fn find_unescaped(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, byte) in text.bytes().enumerate() {
        if found.last().is_some_and(|last| at < last.end) {
            continue;
        }
        let secret = match byte {
            b'=' => parameter(text, at),
            // Also without a scheme, and with the wrong slashes.
            b'/' if bytes[at..].starts_with(b"//") => credentials(text, at + 2),
            b'\\' if bytes[at..].starts_with(br"\\") => credentials(text, at + 2),
            b'A' | b'B' | b'b' | b'g' | b'h' | b's' | b'x' | b'y' => key(text, at),
            _ => None,
        };
        found.extend(secret);
    }
    found
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// The value of a parameter of a URL, given the place of its `=`.
fn parameter(text: &str, equals: usize) -> Option<Range<usize>> {
    let longest = PARAMETERS.iter().map(|name| name.len()).max().unwrap_or_default();
    let before = &text.as_bytes()[..equals];
    let length = before.iter().rev().take(longest + 1).take_while(|byte| is_name(**byte)).count();
    let name = &text[equals - length..equals];
    let begins = before[..equals - length].last().is_some_and(|byte| matches!(byte, b'?' | b'&' | b';'));
    if !begins || !PARAMETERS.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return None;
    }
    let value = text[equals + 1..].bytes().take_while(|byte| !ends_url(*byte) && !matches!(byte, b'&' | b'#')).count();
    (value > 0).then_some(equals + 1..equals + 1 + value)
}

/// What messages put where they cut a text.
const CUT: char = '…';

/// The user name and password of a URL, given the place after `://`. If a message cut the text before its host ended, all of
/// that may be a password.
fn credentials(text: &str, start: usize) -> Option<Range<usize>> {
    let is_end = |byte: u8| ends_url(byte) || matches!(byte, b'/' | b'?' | b'#');
    let length = text[start..].bytes().take_while(|byte| !is_end(*byte)).count();
    let host = &text[start..start + length];
    let length = host.rfind('@').or_else(|| Some(host.strip_suffix(CUT)?.len()))?;
    (length > 0).then_some(start..start + length)
}

fn ends_url(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\')
}

/// A key that begins here.
fn key(text: &str, at: usize) -> Option<Range<usize>> {
    if at > 0 && is_name(text.as_bytes()[at - 1]) {
        return None;
    }
    let begins = |prefix: &str| {
        let Some(start) = text.as_bytes().get(at..at + prefix.len()) else { return false };
        if prefix.ends_with(' ') { start.eq_ignore_ascii_case(prefix.as_bytes()) } else { start == prefix.as_bytes() }
    };
    let (prefix, least) = KEYS.iter().find(|(prefix, _)| begins(prefix))?;
    // The word before a token says nothing.
    let is_word = prefix.ends_with(' ');
    let start = if is_word { at + prefix.len() } else { at };
    let rest = &text[at + prefix.len()..];
    let is_part = |byte: &u8| is_name(*byte) || matches!(byte, b'.' | b'~' | b'+' | b'/' | b'=');
    let length = rest.bytes().take_while(is_part).count();
    // Long words of prose have no digits.
    let is_random = !is_word || rest.as_bytes()[..length].iter().any(|byte| byte.is_ascii_digit() || *byte == b'=');
    let is_cut = length > 0 && rest[length..].starts_with(CUT);
    ((length >= *least || is_cut) && is_random).then_some(start..at + prefix.len() + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_and_nothing_else() {
        let key = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7";
        for (text, expected) in [
            ("https://me:pass@a.b/c?d=e", "https://***@a.b/c?d=e".to_owned()),
            (
                "`https://a.b/c?X-Goog-Date=1&X-Goog-Signature=12ab&f=1` is",
                "`https://a.b/c?X-Goog-Date=1&X-Goog-Signature=***&f=1` is".to_owned(),
            ),
            ("see https://a.b/?sv=1&SIG=x%2F#top", "see https://a.b/?sv=1&SIG=***#top".to_owned()),
            (&format!("Authorization: Bearer {key}"), "Authorization: Bearer ***".to_owned()),
            ("//me:pass@a.b/c", "//***@a.b/c".to_owned()),
            (r"https:\\me:pass@a.b\c", r"https:\\***@a.b\c".to_owned()),
            (&format!("authorization: basic {key}=="), "authorization: basic ***".to_owned()),
            (&format!("a key AIza{key}."), "a key ***".to_owned()),
            (&format!("\u{e9}sk-{key}"), "\u{e9}***".to_owned()),
            (r"https:\/\/me:pass@a.b\/c", r"https:\/\/***@a.b\/c".to_owned()),
            ("`https://me:pass…` is", "`https://***…` is".to_owned()),
            ("`https://a.b/c?sig=12…` is", "`https://a.b/c?sig=***` is".to_owned()),
            ("`AKIA12…` is", "`***…` is".to_owned()),
            (
                r#""https://a.b/c?d=1\u0026sig\u003D1\u00e92\u0026e=é""#,
                r#""https://a.b/c?d=1\u0026sig\u003D***\u0026e=é""#.to_owned(),
            ),
            (
                r#"{\"a\": \"https:\\/\\/me:p\\u0021@a.b\\/?d\\u0026key=1\"}"#,
                r#"{\"a\": \"https:\\/\\/***@a.b\\/?d\\u0026key=***\"}"#.to_owned(),
            ),
        ] {
            assert_eq!(masked(text), expected);
        }
        for plain in [
            "https://a.b/c?generation=1",
            "`a=b` is not an `@`",
            "mail me@a.b/c",
            "Bearer of news",
            "Basic internationalization",
            "basic",
            "a task-management-system-for-everyone-here",
            "the key=value of a map",
            "https://a.b/@me",
            "https://a.b/…",
            "https://…",
            r"C:\users\u00\uzzzz\é",
            r"a\/b\u0026c=d",
        ] {
            assert_eq!(masked(plain), plain);
        }
    }
}
