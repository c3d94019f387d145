//! Any bytes as the messages of a client: the server answers or skips them, and ends.

use serde_json::Value;
use std::io::{self, Cursor, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// The first byte decides whether the rest is the input itself, or bodies on one line each, which get their headers here.
pub fn any_messages(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let input = if kind % 4 == 0 { rest.to_vec() } else { framed(rest) };
    if is_outside(&input) {
        return;
    }
    let written = Written::default();
    tuning_ls::lsp::serve_streams(Cursor::new(input), written.clone()).unwrap();
    let output = written.0.lock().unwrap_or_else(PoisonError::into_inner);
    let mut rest = output.as_slice();
    while !rest.is_empty() {
        let head = rest.windows(4).position(|end| end == b"\r\n\r\n").expect("the end of a header");
        let length = std::str::from_utf8(&rest[..head]).unwrap().strip_prefix("Content-Length: ").unwrap();
        let (body, after) = rest[head + 4..].split_at(length.parse().unwrap());
        let message: Value = serde_json::from_slice(body).unwrap();
        assert_eq!(message["jsonrpc"], "2.0", "{message}");
        // A panic in a handler or in the session.
        assert!(message["error"]["code"] != -32603, "{message}");
        rest = after;
    }
}

/// Each line as a message.
pub fn framed(lines: &[u8]) -> Vec<u8> {
    let mut input = Vec::new();
    for body in lines.split(|byte| *byte == b'\n').filter(|body| !body.is_empty()) {
        let _ = write!(input, "Content-Length: {}\r\n\r\n", body.len());
        input.extend_from_slice(body);
    }
    input
}

/// Whether a message may name a real file of this machine, which the server would read.
fn is_outside(input: &[u8]) -> bool {
    const ALLOWED: &[u8] = b"file:///nowhere/";
    let is_file = |at: usize| input[at..].get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"file:"));
    (0..input.len()).any(|at| is_file(at) && !input[at..].starts_with(ALLOWED) || input[at..].starts_with(b".."))
}

/// The output of a server.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
