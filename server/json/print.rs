//! Printing a record anew without touching what it says: number text and escapes stay as they are.

use crate::json::lexer;
use crate::json::recover::string_end;

/// The same JSON without white space outside strings. O(n).
///
/// `text` has to be free of grammar faults: in other text white space may be what keeps two words
/// apart.
#[must_use]
pub fn compact(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'"' => string_end(bytes, at),
            byte if lexer::is_space(byte) => {
                at = lexer::skip_space(bytes, at);
                continue;
            }
            _ => token_end(bytes, at),
        };
        out.push_str(&text[at..end]);
        at = end;
    }
    out
}

/// The end of the run without quotes and white space that begins at `at`.
fn token_end(bytes: &[u8], at: usize) -> usize {
    let ends = |&byte: &u8| byte == b'"' || lexer::is_space(byte);
    bytes[at..].iter().position(ends).map_or(bytes.len(), |found| at + found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_white_space_outside_strings_goes() {
        let text = "{ \"a b\" : [ 1.50 , \"\\u0041 \\\" x\" ]\t, \"n\":1E+2 }";
        assert_eq!(compact(text), "{\"a b\":[1.50,\"\\u0041 \\\" x\"],\"n\":1E+2}");
    }
}
