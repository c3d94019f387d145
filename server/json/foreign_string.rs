//! Strings in other quotes than JSON's, with the escapes of Python and JavaScript.

use crate::json::lexer;
use crate::json::python;

/// The inside of a foreign string as a JSON string: removes the backslash of `\'`, escapes `"` and raw control
/// characters, and writes the escapes that only other languages have as JSON's.
pub fn requoted(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len() + 2);
    out.push('"');
    // CRLF is one line break.
    let inner = inner.replace("\r\n", "\n");
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                let rest = letters.as_str();
                match letters.next() {
                    Some('\'') => out.push('\''),
                    // JSON has this escape too.
                    Some('u') => out.push_str("\\u"),
                    Some('a') => out.push_str("\\u0007"),
                    Some('v') => out.push_str("\\u000b"),
                    Some(_) if let Some(len) = python::numbered(rest, &mut out) => letters = rest[len..].chars(),
                    Some(next) => out.extend(['\\', next]),
                    None => out.push('\\'),
                }
            }
            '"' => out.push_str("\\\""),
            letter if letter < ' ' => out.push_str(&lexer::escape_control(letter)),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}
