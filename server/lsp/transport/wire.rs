//! Messages as bytes: framing by `Content-Length`, and decoding.
//!
//! The buffer of a message is exactly as long as the message and is dropped after decoding. The one long string of a message,
//! the text of a document, is decoded in place and becomes the `String`. So opening a file makes no second copy of it.

use super::long_string;
use memchr::{memchr, memchr2};
use serde_json::Value;
use std::io::{self, BufRead, Read};
use tower_lsp::jsonrpc::{Error, Id, Request, Response};
use tracing::warn;

/// A longer `Content-Length` is treated as garbage: no client sends that much, and reading it would swallow everything that
/// follows.
const MAX_BODY: usize = 1 << 31;

/// The most bytes that are searched for a header at once, if there is no line end.
const MAX_LINE: u64 = 1 << 13;

/// Strings from this length on are decoded in place.
const LONG_STRING: usize = 1 << 15;

/// Replaces the long string while the rest of its message is decoded.
const PLACEHOLDER: &str = "\u{f8ff}tuning-ls: placeholder for the long string of this message\u{f8ff}";

/// A decoded body.
#[derive(Debug)]
pub enum Message {
    /// A request or a notification.
    Request(Request),
    /// The client's answer to a request of the server.
    Response(Response),
    /// An invalid message, and the answer that the protocol requires.
    Broken(Response),
}

/// Reads the next body; `None` at the end of the input. Bytes that aren't a header are skipped up to the next
/// `Content-Length`, which may directly follow other bytes on its line.
pub fn read_body(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let mut length = None;
    let mut skipped = 0;
    loop {
        if input.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)? == 0 {
            if skipped > 0 || !line.is_empty() || length.is_some() {
                warn!("the input ended inside a header or after {skipped} bytes that aren't a header");
            }
            return Ok(None);
        }
        let header = line.trim_ascii();
        if header.is_empty() {
            if let Some(length) = length.take() {
                if skipped > 0 {
                    warn!("skipped {skipped} bytes that aren't a header");
                }
                return read_exactly(input, length);
            }
        } else if let Some((before, value)) = content_length(header) {
            skipped += before;
            length = value.parse().ok().filter(|&length| length <= MAX_BODY);
            if length.is_none() {
                warn!("skipped an invalid Content-Length: {value:.40}");
            }
        } else if !header.contains(&b':') || !line.ends_with(b"\n") {
            skipped += header.len();
        }
        // In a line without an end, a header may start in this piece and continue in the next.
        let kept = if line.ends_with(b"\n") { 0 } else { line.len().min(64) };
        line.drain(..line.len() - kept);
    }
}

/// Reads exactly `length` bytes; `None` if the input ends before.
fn read_exactly(input: &mut impl BufRead, length: usize) -> io::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    body.try_reserve_exact(length)?;
    input.take(length as u64).read_to_end(&mut body)?;
    if body.len() < length {
        warn!("the input ended {} bytes before the end of a message", length - body.len());
        return Ok(None);
    }
    Ok(Some(body))
}

/// The value of the last `Content-Length` in a line, and the number of bytes before its name.
fn content_length(line: &[u8]) -> Option<(usize, std::borrow::Cow<'_, str>)> {
    const NAME: &[u8] = b"content-length:";
    let at = line.windows(NAME.len()).rposition(|name| name.eq_ignore_ascii_case(NAME))?;
    Some((at, String::from_utf8_lossy(line[at + NAME.len()..].trim_ascii())))
}

/// Decodes a body, valid or not.
pub fn decode(mut body: Vec<u8>) -> Message {
    let Ok(mut long) = lift_long_string(&mut body) else {
        return broken(Id::Null, Error::parse_error());
    };
    let mut decoded = serde_json::from_slice::<Request>(&body);
    if decoded.as_ref().is_err_and(serde_json::Error::is_syntax) && repair_surrogates(&mut body) {
        decoded = serde_json::from_slice(&body);
    }
    match decoded {
        Ok(request) if request.method().is_empty() => decode_other(&body),
        Ok(request) if long.is_none() => Message::Request(request),
        Ok(request) => {
            let (method, id, mut params) = request.into_parts();
            if let Some(params) = &mut params {
                put_back(params, &mut long);
            }
            Message::Request(request_of(method.into_owned(), id, params))
        }
        Err(error) if error.is_data() => decode_other(&body),
        Err(error) => {
            warn!("a message isn't valid JSON: {error}");
            broken(Id::Null, Error::parse_error())
        }
    }
}

/// A request or notification from its parts.
pub fn request_of(method: String, id: Option<Id>, params: Option<Value>) -> Request {
    let mut request = Request::build(method);
    if let Some(id) = id {
        request = request.id(id);
    }
    if let Some(params) = params {
        request = request.params(params);
    }
    request.finish()
}

/// The id in a JSON value, if it is one.
pub fn id_of(value: &Value) -> Option<Id> {
    value.as_i64().map(Id::Number).or_else(|| Some(Id::String(value.as_str()?.to_owned())))
}

/// Decodes a body that is JSON but not a request.
fn decode_other(body: &[u8]) -> Message {
    if let Ok(response) = serde_json::from_slice::<Response>(body) {
        return Message::Response(response);
    }
    let Ok(value) = serde_json::from_slice::<Value>(body) else {
        return broken(Id::Null, Error::parse_error());
    };
    let id = value.get("id").and_then(id_of).unwrap_or(Id::Null);
    if value.get("method").is_none() && (value.get("result").or(value.get("error"))).is_some() {
        // A response must not be answered, and the code that waits for it must not wait forever.
        warn!("a response violates the protocol; treating it as failed");
        return Message::Response(Response::from_error(id, Error::invalid_request()));
    }
    warn!("a message is neither a request nor a response");
    broken(id, Error::invalid_request())
}

fn broken(id: Id, error: Error) -> Message {
    Message::Broken(Response::from_error(id, error))
}

/// Takes the first long string out of `body`, decoded in the memory of the body, and leaves [`PLACEHOLDER`] in its place.
/// Fails if the string has no end or an invalid escape.
fn lift_long_string(body: &mut Vec<u8>) -> Result<Option<String>, ()> {
    let mut at = 0;
    while body.len() - at > LONG_STRING {
        let Some(open) = memchr(b'"', &body[at..]).map(|found| at + found + 1) else { break };
        let near = body.len().min(open + LONG_STRING);
        match string_end(&body[..near], open) {
            Some(end) => at = end + 1,
            None if near == body.len() => break,
            None => return decode_in_place(body, open).map(Some),
        }
    }
    Ok(None)
}

/// The place of the closing quote of the string that contains `from`.
fn string_end(text: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let at = from + memchr2(b'"', b'\\', text.get(from..)?)?;
        if text[at] == b'"' {
            return Some(at);
        }
        from = at + 2;
    }
}

/// Decodes the string that starts at `open`, after its quote.
fn decode_in_place(body: &mut Vec<u8>, open: usize) -> Result<String, ()> {
    let mut rest = body[..open].to_vec();
    rest.extend_from_slice(PLACEHOLDER.as_bytes());
    let (end, length) = long_string::decode(body, open).ok_or(())?;
    rest.extend_from_slice(&body[end..]);
    body.truncate(length);
    body.shrink_to_fit();
    String::from_utf8(std::mem::replace(body, rest)).map_err(drop)
}

/// Replaces every half of a surrogate pair, which `serde_json` rejects, with `\ufffd`. Returns whether there was one.
fn repair_surrogates(body: &mut [u8]) -> bool {
    let mut repaired = false;
    let mut at = 0;
    while let Some(found) = body.get(at..).and_then(|rest| memchr(b'\\', rest)) {
        at += found;
        let (character, length) = long_string::escape(&body[at..]).unwrap_or((' ', 2));
        if character == char::REPLACEMENT_CHARACTER {
            repaired |= !body[at + 2..at + 6].eq_ignore_ascii_case(b"fffd");
            body[at + 2..at + 6].copy_from_slice(b"fffd");
        }
        at += length;
    }
    repaired
}

/// Puts the long string in place of the placeholder.
fn put_back(value: &mut Value, long: &mut Option<String>) {
    match value {
        Value::String(text) if text == PLACEHOLDER => {
            if let Some(long) = long.take() {
                *text = long;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| put_back(item, long)),
        Value::Object(members) => members.values_mut().for_each(|member| put_back(member, long)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn bodies(mut input: &[u8]) -> Vec<String> {
        let mut bodies = Vec::new();
        while let Some(body) = read_body(&mut input).unwrap() {
            bodies.push(String::from_utf8(body).unwrap());
        }
        bodies
    }

    fn request(body: &str) -> Request {
        match decode(body.as_bytes().to_vec()) {
            Message::Request(request) => request,
            other => panic!("{other:?}"),
        }
    }

    fn error(body: &[u8]) -> (i64, Id) {
        match decode(body.to_vec()) {
            Message::Broken(answer) => (answer.error().unwrap().code.code(), answer.id().clone()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn headers_are_read_in_any_case_and_with_any_line_end() {
        let input = b"Content-Length: 2\r\n\r\n{}content-length:2\n\n[]\r\n\
            Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nCONTENT-LENGTH:  4 \r\n\r\nnull";
        assert_eq!(bodies(input), ["{}", "[]", "null"]);
    }

    #[test]
    fn garbage_is_skipped_up_to_the_next_content_length() {
        assert_eq!(bodies(b"foo barContent-Length: 2\r\n\r\n{}"), ["{}"]);
        assert_eq!(bodies(b"Content-Length: x\r\n\r\nContent-Length: 2\r\n\r\n{}"), ["{}"]);
        assert_eq!(bodies(b"Content-Length: 9999999999999\r\n\r\nzContent-Length: 2\r\n\r\n{}"), ["{}"]);
        // The length is too short by one, so the remaining bracket is skipped.
        assert_eq!(bodies(b"Content-Length: 1\r\n\r\n{}Content-Length: 2\r\n\r\n[]"), ["{", "[]"]);
        for garbage in 8150..8200 {
            let input = "x".repeat(garbage) + "Content-Length: 12\r\n\r\n\"0123456789\"";
            assert_eq!(bodies(input.as_bytes()), ["\"0123456789\""], "{garbage}");
        }
        assert!(bodies(b"Content-Length: 20\r\n\r\n{}").is_empty());
        assert!(bodies(b"Content-Length: 20").is_empty());
    }

    #[test]
    fn invalid_bodies_get_the_answer_that_the_protocol_requires() {
        assert_eq!(error(b"{"), (-32700, Id::Null));
        assert_eq!(error(b""), (-32700, Id::Null));
        assert_eq!(error(b"{\"jsonrpc\":\"2.0\",\"method\":\"\xff\"}"), (-32700, Id::Null));
        assert_eq!(error(b"[]"), (-32600, Id::Null));
        assert_eq!(error(b"42"), (-32600, Id::Null));
        assert_eq!(error(br#"{"jsonrpc":"2.0","id":7}"#), (-32600, Id::Number(7)));
        assert_eq!(error(br#"{"id":"a","method":"x"}"#), (-32600, Id::String("a".into())));
        assert_eq!(error(br#"{"jsonrpc":"2.0","id":1.5,"method":"x"}"#), (-32600, Id::Null));
        assert_eq!(error(br#"{"jsonrpc":"2.0","id":3,"method":5}"#), (-32600, Id::Number(3)));
        let unending = format!("{{\"text\":\"{}", "x".repeat(2 * LONG_STRING));
        assert_eq!(error(unending.as_bytes()), (-32700, Id::Null));
    }

    #[test]
    fn a_response_is_told_from_a_request_and_never_answered() {
        for body in [
            r#"{"jsonrpc":"2.0","id":1,"result":null}"#,
            r#"{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m","more":2}}"#,
            r#"{"id":1,"result":{}}"#,
        ] {
            let message = decode(body.as_bytes().to_vec());
            assert!(matches!(&message, Message::Response(r) if *r.id() == Id::Number(1)), "{body}");
        }
    }

    #[test]
    fn half_a_surrogate_pair_does_not_lose_the_message() {
        let read = request(r#"{"jsonrpc":"2.0","method":"m","params":["\ud800x","\ud83d\ude00","\\ud800"]}"#);
        assert_eq!(read.params(), Some(&json!(["\u{fffd}x", "😀", "\\ud800"])));
    }

    #[test]
    fn a_long_string_is_what_serde_makes_of_it() {
        let piece = "plain é\u{2028}😀 \"quoted\" \\ /slash \n\t\r\u{8}\u{c}\u{1} end ";
        let text = piece.repeat(3 * LONG_STRING / piece.len());
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": "m",
            "params": {"a": "short \\\" one", "doc": {"text": text, "z": [1, "\""]}}});
        let mut body = message.to_string();
        assert_eq!(serde_json::to_value(request(&body)).unwrap(), message);
        body = body.replace('é', "\\u00e9").replace('😀', "\\uD83D\\ude00").replace("/s", "\\/s");
        assert_eq!(serde_json::to_value(request(&body)).unwrap(), message);
        let half = body.replacen("\\uD83D", "", 1);
        assert!(request(&half).params().unwrap()["doc"]["text"].as_str().unwrap().contains('\u{fffd}'));
        assert_eq!(error(body.replacen("\\n", "\\q", 1).as_bytes()).0, -32700);
        // The second of two long strings is decoded with the rest.
        let two = json!({"jsonrpc": "2.0", "method": "m", "params": [text, text]});
        assert_eq!(serde_json::to_value(request(&two.to_string())).unwrap(), two);
    }
}
