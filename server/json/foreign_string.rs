//! Strings in other quotes than JSON's, with the escapes of Python and JavaScript.

use crate::json::lexer;
use crate::json::python;

/// The inside of a foreign string as a JSON string: removes the backslash of `\'`, escapes `"` and raw control
/// characters.
pub fn requoted(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len() + 2);
    out.push('"');
    // CRLF is one line break.
    let inner = inner.replace("\r\n", "\n");
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('\'') => out.push('\''),
                // Python and JavaScript write U+0080 to U+00FF like this.
                Some('x') if is_hex(letters.as_str()) => out.push_str("\\u00"),
                // Python's for a character beyond U+FFFF, and for one of its octal number.
                Some('U') => match letters.as_str().get(..8).and_then(|hex| u32::from_str_radix(hex, 16).ok()) {
                    Some(code) if python::push_code(&mut out, code).is_some() => drop(letters.nth(7)),
                    _ => out.push_str("\\U"),
                },
                Some(digit @ '0'..='7') => {
                    let rest = letters.as_str();
                    let more = rest.bytes().take(2).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
                    let code = u32::from_str_radix(&format!("{digit}{}", &rest[..more]), 8).unwrap_or_default();
                    let _ = python::push_code(&mut out, code);
                    letters = rest[more..].chars();
                }
                Some(next) => out.extend(['\\', next]),
                None => out.push('\\'),
            },
            '"' => out.push_str("\\\""),
            letter if letter < ' ' => out.push_str(&lexer::escape_control(letter)),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// Whether a text begins with two hexadecimal digits.
fn is_hex(text: &str) -> bool {
    text.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}
