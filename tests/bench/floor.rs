//! The floor for `tests/bench/run`: a language server that only parses messages.
//!
//! It decodes the JSON of each message, keeps the texts of open documents as they arrive, and publishes empty diagnostics
//! for every version. A server that receives the whole text can only be faster with a faster JSON decoder. So the time and
//! memory beyond this floor is the server's own work.

use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Write};

/// The parts of a message that this server uses. The rest is skipped.
#[derive(Deserialize)]
struct Message {
    id: Option<Value>,
    method: Option<String>,
    params: Option<Params>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Params {
    text_document: Option<TextDocument>,
    content_changes: Option<Vec<ContentChange>>,
}

#[derive(Deserialize)]
struct TextDocument {
    uri: String,
    version: Option<i64>,
    text: Option<String>,
}

/// A change. It is decoded as a server needs it, but not applied.
#[derive(Deserialize)]
struct ContentChange {
    #[expect(dead_code, reason = "decoding it is the work")]
    range: Option<Range>,
    #[expect(dead_code, reason = "decoding it is the work")]
    text: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoding it is the work")]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoding it is the work")]
struct Position {
    line: u32,
    character: u32,
}

/// The body of the next message; `None` at the end of the input.
fn read(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut length = None;
    let mut header = String::new();
    loop {
        header.clear();
        if input.read_line(&mut header)? == 0 {
            return Ok(None);
        }
        match header.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.trim().parse().ok(),
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length.ok_or(io::ErrorKind::InvalidData)?];
    input.read_exact(&mut body)?;
    Ok(Some(body))
}

fn write(output: &mut impl Write, message: &Value) -> io::Result<()> {
    let body = message.to_string();
    write!(output, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    output.flush()
}

fn main() -> io::Result<()> {
    // The same pipe size as in tuning-ls.
    #[cfg(target_os = "linux")]
    let _ = [
        rustix::pipe::fcntl_setpipe_size(io::stdin(), 1 << 20),
        rustix::pipe::fcntl_setpipe_size(io::stdout(), 1 << 20),
    ];
    let mut input = BufReader::new(io::stdin().lock());
    // Write each message with one call.
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut texts = HashMap::new();
    while let Some(body) = read(&mut input)? {
        let message: Message = serde_json::from_slice(&body)?;
        // Free the message before its contents are used.
        drop(body);
        let method = message.method.unwrap_or_default();
        let Some(params) = message.params else {
            match (message.id, method.as_str()) {
                (_, "exit") => break,
                (Some(id), _) => write(&mut output, &json!({ "jsonrpc": "2.0", "id": id, "result": null }))?,
                (None, _) => {}
            }
            continue;
        };
        if let Some(id) = message.id {
            let capabilities = json!({ "textDocumentSync": 2, "hoverProvider": true, "completionProvider": {} });
            let result = if method == "initialize" { json!({ "capabilities": capabilities }) } else { Value::Null };
            write(&mut output, &json!({ "jsonrpc": "2.0", "id": id, "result": result }))?;
            continue;
        }
        let Some(TextDocument { uri, version, text }) = params.text_document else { continue };
        match (method.as_str(), text) {
            ("textDocument/didClose", _) => {
                texts.remove(&uri);
                continue;
            }
            ("textDocument/didOpen", Some(text)) => {
                texts.insert(uri.clone(), text);
            }
            ("textDocument/didChange", _) if params.content_changes.is_some() => {}
            _ => continue,
        }
        let params = json!({ "uri": uri, "version": version, "diagnostics": [] });
        let publish = json!({ "jsonrpc": "2.0", "method": "textDocument/publishDiagnostics", "params": params });
        write(&mut output, &publish)?;
    }
    Ok(())
}
