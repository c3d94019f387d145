//! The client's spelling of URIs. Ours is the normal form, which other documents' URIs are compared in, but a client may
//! know its document only by its own spelling.

use std::collections::HashMap;
use url::Url;

/// The documents whose URIs the client doesn't write in the normal form.
#[derive(Debug, Default)]
pub struct Spellings {
    /// The client's URIs by the normal ones, as in JSON strings.
    clients: HashMap<String, String>,
}

impl Spellings {
    /// Remembers how the client spells the URI of a document that it opens.
    pub fn note(&mut self, uri: &str) {
        let Ok(normal) = Url::parse(uri) else { return };
        if normal.as_str() == uri {
            self.clients.remove(uri);
        } else if let Ok(quoted) = serde_json::to_string(uri) {
            self.clients.insert(normal.into(), quoted[1..quoted.len() - 1].to_owned());
        }
    }

    /// The message with the client's URIs: of all strings that are a URI as a whole. O(n) if there are any.
    pub fn apply(&self, message: Vec<u8>) -> Vec<u8> {
        if self.clients.is_empty() {
            return message;
        }
        let (mut out, mut copied, mut at) = (Vec::with_capacity(message.len()), 0, 0);
        while let Some(open) = memchr::memchr(b'"', &message[at..]) {
            let start = at + open + 1;
            let mut end = start;
            while let Some(found) = memchr::memchr2(b'"', b'\\', message.get(end..).unwrap_or_default()) {
                end += found;
                if message[end] == b'"' {
                    break;
                }
                // The backslash and the character after it.
                end += 2;
            }
            let end = end.min(message.len());
            let text = std::str::from_utf8(&message[start..end]).unwrap_or_default();
            if let Some(own) = self.clients.get(text) {
                out.extend_from_slice(&message[copied..start]);
                out.extend_from_slice(own.as_bytes());
                copied = end;
            }
            at = (end + 1).min(message.len());
        }
        out.extend_from_slice(&message[copied..]);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_strings_get_the_clients_spelling() {
        let mut spellings = Spellings::default();
        for own in ["file:///é.jsonl", "FILE:///a.jsonl", "file:/b.jsonl", "file:///x/../c.jsonl", "file:///d.jsonl"] {
            spellings.note(own);
        }
        let message = r#"{"a\"":"file:///%C3%A9.jsonl","file:///a.jsonl":["file:///b.jsonl","file:///c.jsonl","file:///d.jsonl"],"text":"\"file:///a.jsonl\" \\"}"#;
        let expected = r#"{"a\"":"file:///é.jsonl","FILE:///a.jsonl":["file:/b.jsonl","file:///x/../c.jsonl","file:///d.jsonl"],"text":"\"file:///a.jsonl\" \\"}"#;
        let applied = spellings.apply(message.into());
        assert_eq!(String::from_utf8(applied).unwrap(), expected);
        assert_eq!(spellings.apply(b"\"\\".to_vec()), b"\"\\");
    }
}
