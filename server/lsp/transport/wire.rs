//! Messages as bytes: framing by `Content-Length`, and decoding that leaves no buffer behind.
//!
//! A message's buffer is exactly as long as the message and dropped once it is decoded. The one long
//! string of a message, a document's text, is decoded in place and becomes the `String` itself, so
//! that opening a file costs no second copy of it.

use super::long_string;
use memchr::{memchr, memchr2};
use serde_json::Value;
use std::io::{self, BufRead, Read};
use tower_lsp::jsonrpc::{Error, Id, Request, Response};
use tracing::warn;

/// A longer `Content-Length` is taken for garbage: no client sends that much, and believing it would
/// swallow everything that follows.
const LONGEST_BODY: usize = 1 << 31;

/// What is searched at once for a header when there is no line end.
const LONGEST_LINE: u64 = 1 << 13;

/// Strings from this length on are decoded in place.
const LONG_STRING: usize = 1 << 15;

/// Stands for the long string while the rest of its message is decoded.
const PLACEHOLDER: &str = "\u{f8ff}tuning-ls: here stands the long string of this message\u{f8ff}";

/// What a body turned out to be.
#[derive(Debug)]
pub enum Message {
    /// A request or a notification.
    Request(Request),
    /// The client's answer to a request of ours.
    Response(Response),
    /// No valid message; the answer that the protocol wants.
    Broken(Response),
}

/// Reads the next body; `None` at the end of the input. What is no header is skipped up to the next
/// `Content-Length`, which may stand right behind other bytes on its line.
///
/// # Errors
/// When the input cannot be read.
pub fn read_body(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let mut length = None;
    let mut skipped = 0;
    loop {
        if input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
            if skipped > 0 || !line.is_empty() || length.is_some() {
                warn!("the input ended within a header or behind {skipped} bytes that were none");
            }
            return Ok(None);
        }
        let header = line.trim_ascii();
        if header.is_empty() {
            if let Some(length) = length.take() {
                if skipped > 0 {
                    warn!("skipped {skipped} bytes that were no header");
                }
                return read_exactly(input, length);
            }
        } else if let Some((before, value)) = content_length(header) {
            skipped += before;
            length = value.parse().ok().filter(|&length| length <= LONGEST_BODY);
            if length.is_none() {
                warn!("a Content-Length that is no length was skipped: {value:.40}");
            }
        } else if !header.contains(&b':') || !line.ends_with(b"\n") {
            skipped += header.len();
        }
        // In a line without an end, the header may begin in this piece and go on in the next.
        let kept = if line.ends_with(b"\n") { 0 } else { line.len().min(64) };
        line.drain(..line.len() - kept);
    }
}

/// Exactly `length` bytes; `None` when the input ends before.
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

/// The value of the last `Content-Length` in a line, and how many bytes stand before its name.
fn content_length(line: &[u8]) -> Option<(usize, std::borrow::Cow<'_, str>)> {
    const NAME: &[u8] = b"content-length:";
    let at = line.windows(NAME.len()).rposition(|name| name.eq_ignore_ascii_case(NAME))?;
    Some((at, String::from_utf8_lossy(line[at + NAME.len()..].trim_ascii())))
}

/// Decodes a body, whatever it is.
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
            warn!("a message is no JSON: {error}");
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

/// The id that a JSON value stands for, if it can be one.
pub fn id_of(value: &Value) -> Option<Id> {
    value.as_i64().map(Id::Number).or_else(|| Some(Id::String(value.as_str()?.to_owned())))
}

/// What a body is that is JSON but no request: a response, or nothing valid.
fn decode_other(body: &[u8]) -> Message {
    if let Ok(response) = serde_json::from_slice::<Response>(body) {
        return Message::Response(response);
    }
    let Ok(value) = serde_json::from_slice::<Value>(body) else {
        return broken(Id::Null, Error::parse_error());
    };
    let id = value.get("id").and_then(id_of).unwrap_or(Id::Null);
    if value.get("method").is_none() && (value.get("result").or(value.get("error"))).is_some() {
        // Answering a response would be wrong, and whoever waits for it must not wait for ever.
        warn!("a response is not what the protocol calls one; it counts as failed");
        return Message::Response(Response::from_error(id, Error::invalid_request()));
    }
    warn!("a message is JSON, but neither a request nor a response");
    broken(id, Error::invalid_request())
}

fn broken(id: Id, error: Error) -> Message {
    Message::Broken(Response::from_error(id, error))
}

/// Takes the first long string out of `body`, decoded within the body's own memory, and leaves the message
/// with [`PLACEHOLDER`] in its place. Fails for a string that has no end, or an escape that JSON does not know.
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

/// The place of the quote that ends the string which `from` is inside of.
fn string_end(text: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let at = from + memchr2(b'"', b'\\', text.get(from..)?)?;
        if text[at] == b'"' {
            return Some(at);
        }
        from = at + 2;
    }
}

/// Decodes the string that begins at `open`, just behind its quote.
fn decode_in_place(body: &mut Vec<u8>, open: usize) -> Result<String, ()> {
    let mut rest = body[..open].to_vec();
    rest.extend_from_slice(PLACEHOLDER.as_bytes());
    let (end, length) = long_string::decode(body, open).ok_or(())?;
    rest.extend_from_slice(&body[end..]);
    body.truncate(length);
    body.shrink_to_fit();
    String::from_utf8(std::mem::replace(body, rest)).map_err(drop)
}

/// Makes `\ufffd` of every half of a surrogate pair, which `serde_json` refuses; says whether there
/// was one.
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

/// Puts the long string where its placeholder stands.
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
    fn what_is_no_header_is_skipped_up_to_the_next_content_length() {
        assert_eq!(bodies(b"foo barContent-Length: 2\r\n\r\n{}"), ["{}"]);
        assert_eq!(bodies(b"Content-Length: x\r\n\r\nContent-Length: 2\r\n\r\n{}"), ["{}"]);
        assert_eq!(bodies(b"Content-Length: 9999999999999\r\n\r\nzContent-Length: 2\r\n\r\n{}"), ["{}"]);
        // Too short by one: the bracket that is left over is skipped.
        assert_eq!(bodies(b"Content-Length: 1\r\n\r\n{}Content-Length: 2\r\n\r\n[]"), ["{", "[]"]);
        for garbage in 8150..8200 {
            let input = "x".repeat(garbage) + "Content-Length: 12\r\n\r\n\"0123456789\"";
            assert_eq!(bodies(input.as_bytes()), ["\"0123456789\""], "{garbage}");
        }
        assert!(bodies(b"Content-Length: 20\r\n\r\n{}").is_empty());
        assert!(bodies(b"Content-Length: 20").is_empty());
    }

    #[test]
    fn broken_bodies_get_the_answer_the_protocol_wants() {
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
    fn half_a_surrogate_pair_does_not_cost_the_message() {
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
        // Two long strings: the second goes the ordinary way.
        let two = json!({"jsonrpc": "2.0", "method": "m", "params": [text, text]});
        assert_eq!(serde_json::to_value(request(&two.to_string())).unwrap(), two);
    }
}
