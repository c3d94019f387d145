//! What a client may do wrong, or only do differently: every request is answered once, memory stays bounded, and the
//! session goes on.

use crate::support::client::Client;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const URI: &str = "file:///no/folder/a.jsonl";

const FAULTY: &str = "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"a\",}]},{\"role\":\"model\",\"parts\":[{\"text\":\"b\"}]}]}\n";

fn at(line: u32, character: u32) -> Value {
    json!({ "line": line, "character": character })
}

fn document() -> Value {
    json!({ "uri": URI })
}

fn place(line: u32, character: u32) -> Value {
    json!({ "textDocument": document(), "position": at(line, character) })
}

fn formatting(start: Value, end: Value) -> Value {
    let options = json!({ "tabSize": 2, "insertSpaces": true });
    json!({ "textDocument": document(), "range": { "start": start, "end": end }, "options": options })
}

fn actions(client: &mut Client, diagnostics: &[Value]) -> Vec<Value> {
    let range = json!({ "start": at(0, 0), "end": at(0, 500) });
    let params = json!({ "textDocument": document(), "range": range, "context": { "diagnostics": diagnostics } });
    client.request("textDocument/codeAction", params).unwrap().as_array().unwrap().clone()
}

/// The number of answers to each id, among the messages up to the end.
fn answers(client: &mut Client) -> BTreeMap<String, usize> {
    let mut answers = BTreeMap::new();
    while let Some(message) = client.receive_or_end() {
        if message.get("method").is_none() {
            *answers.entry(message["id"].to_string()).or_default() += 1;
        }
    }
    answers
}

#[test]
fn requests_before_shutdown_are_answered_before_it_even_if_exit_follows_at_once() {
    for waits in [false, true] {
        let mut client = Client::initialized(&json!({}), &Value::Null);
        client.open(URI, 1, &FAULTY.repeat(200));
        let mut ids: Vec<i64> = (0..200).map(|line| client.ask("textDocument/hover", place(line, 3))).collect();
        ids.push(client.ask("textDocument/formatting", formatting(at(0, 0), at(0, 0))));
        let fix_all = json!({ "diagnostics": [], "only": ["source.fixAll"] });
        let range = json!({ "start": at(0, 0), "end": at(0, 0) });
        let params = json!({ "textDocument": document(), "range": range, "context": fix_all });
        ids.push(client.ask("textDocument/codeAction", params));
        let shutdown = client.ask("shutdown", Value::Null);
        let late = client.ask("textDocument/hover", place(0, 3));
        let mut before = BTreeMap::new();
        if waits {
            loop {
                let message = client.receive();
                if message.get("method").is_none() {
                    before.insert(message["id"].to_string(), 1);
                    if message["id"] == shutdown {
                        break;
                    }
                }
            }
            assert!(ids.iter().all(|id| before.contains_key(&id.to_string())), "`shutdown` is answered last");
        }
        client.notify("exit", Value::Null);
        let mut all = answers(&mut client);
        all.extend(before);
        let expected = ids.iter().chain([&shutdown, &late]).map(|id| (id.to_string(), 1));
        assert_eq!(all, expected.collect());
        assert_eq!(client.wait().code(), Some(0));
    }
}

#[test]
fn places_outside_of_the_text_are_clamped() {
    let mut client = Client::initialized(&json!({}), &Value::Null);
    client.open(URI, 1, &FAULTY.repeat(3));
    let far = u32::MAX;
    let ranges = [((3, 0), (3, 0)), ((10, 0), (12, 0)), ((10, 5), (2, 0)), ((2, 0), (1, 0)), ((far, far), (far, far))];
    for ((line, character), end) in ranges {
        let params = formatting(at(line, character), at(end.0, end.1));
        assert_eq!(client.request("textDocument/rangeFormatting", params), Ok(json!([])));
        assert!(client.request("textDocument/hover", place(line, character)).is_ok());
        assert!(client.request("textDocument/completion", place(line, character)).is_ok());
    }
    // The end is before the start, and both are beyond the text.
    client.change(URI, 2, json!([{ "range": { "start": at(9, 9), "end": at(1, 0) }, "text": "" }]));
    client.diagnostics(URI, 2);
    // Inside a surrogate pair, and between CR and LF.
    client.change(URI, 3, json!([{ "text": "\"😀\"\r\n" }]));
    client.change(URI, 4, json!([{ "range": { "start": at(0, 2), "end": at(0, 2) }, "text": "x" }]));
    client.change(URI, 5, json!([{ "range": { "start": at(0, 99), "end": at(0, 99) }, "text": "y" }]));
    client.diagnostics(URI, 5);
    for negative in [json!({ "line": -1, "character": 0 }), json!({ "line": 0, "character": 1.5 })] {
        let params = json!({ "textDocument": document(), "position": negative });
        assert_eq!(client.request("textDocument/hover", params).unwrap_err()["code"], -32602);
    }
    client.finish();
}

#[test]
fn ten_thousand_requests_at_once_are_answered_once_each() {
    let mut client = Client::initialized(&json!({}), &Value::Null);
    client.open(URI, 1, FAULTY);
    let ids: Vec<i64> = (0..10_000).map(|number| client.ask("textDocument/hover", place(0, number % 90))).collect();
    client.notify("exit", Value::Null);
    let expected: BTreeMap<String, usize> = ids.iter().map(|id| (id.to_string(), 1)).collect();
    assert_eq!(answers(&mut client), expected);
}

#[test]
fn documents_come_back_under_the_clients_spelling() {
    let mut client = Client::initialized(&json!({}), &Value::Null);
    for uri in [
        "file:///é.jsonl",
        "FILE:///a.jsonl",
        "file:/b.jsonl",
        "file:///x/../c.jsonl",
        "file:///d%2520e%20f.jsonl",
        "file:///c%3A/x.jsonl",
        "untitled:Ünsaved-1",
        "vscode-remote://ssh/a b#1?2.jsonl",
        "file://server/share/a.jsonl",
    ] {
        client.open(uri, 1, FAULTY);
        assert!(!client.diagnostics(uri, 1).is_empty(), "{uri}");
        client.change(uri, 2, json!([{ "text": FAULTY.replace(",}", "}") }]));
        client.diagnostics(uri, 2);
        client.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    }
    client.finish();
}

#[test]
fn a_client_without_markdown_gets_none() {
    let hover = |capabilities: &Value| {
        let mut client = Client::initialized(capabilities, &Value::Null);
        client.open(URI, 1, FAULTY);
        let texts: Vec<String> = (0..FAULTY.len())
            .filter_map(|character| {
                let answer = client.request("textDocument/hover", place(0, u32::try_from(character).unwrap())).unwrap();
                answer["contents"]["value"].as_str().map(str::to_owned)
            })
            .collect();
        client.finish();
        texts
    };
    let formatted = hover(&json!({ "textDocument": { "hover": { "contentFormat": ["markdown"] } } }));
    let plain = hover(&json!({}));
    let has_marks = |text: &&String| ["**", "`", "](", "|---"].iter().any(|mark| text.contains(mark));
    assert!(formatted.iter().filter(has_marks).count() > 20);
    assert_eq!(plain.len(), formatted.len());
    assert_eq!(plain.iter().find(has_marks), None);
}

#[test]
fn a_client_without_action_literals_gets_commands_only() {
    let edits = json!({ "workspaceEdit": { "documentChanges": true }, "applyEdit": true });
    let mut client = Client::initialized(&json!({ "workspace": edits }), &Value::Null);
    client.open(URI, 1, FAULTY);
    let diagnostics = client.diagnostics(URI, 1);
    let offered = actions(&mut client, &diagnostics);
    // A command has its name as a string, an action has an object there.
    assert!(offered.iter().all(|action| action["command"].is_string()), "{offered:?}");
    client.finish();
}

#[test]
fn an_action_lists_only_the_diagnostics_that_it_fixes() {
    let literals = json!({ "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix"] } } });
    let mut client = Client::initialized(&json!({ "textDocument": { "codeAction": literals } }), &Value::Null);
    let text = "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"fileData\":{}}]},{\"role\":\"model\",\"parts\":[{\"text\":\"b\"}]}]}\n";
    client.open(URI, 1, text);
    let diagnostics = client.diagnostics(URI, 1);
    let mut count = 0;
    for action in actions(&mut client, &diagnostics) {
        let Some(field) = action["title"].as_str().unwrap().strip_prefix("Insert ") else { continue };
        let fixed = action["diagnostics"].as_array().unwrap();
        assert!(fixed.iter().all(|shown| shown["message"].as_str().unwrap().starts_with(field)), "{action}");
        assert_eq!(fixed.len(), 1, "{action}");
        count += 1;
    }
    assert!(count >= 2, "{count}");
    client.finish();
}

#[test]
fn garbage_on_the_wire_is_skipped() {
    let mut client = Client::initialized(&json!({}), &Value::Null);
    client.send_bytes(b"\x00\xff\xfe binary \x80 garbage\r\nNo-Header\r\n");
    client.send_bytes(b"Content-Length: 99999999999999999999\r\n\r\n");
    client.send_bytes(b"Content-Length: minus\r\n\r\n");
    client.open(URI, 1, FAULTY);
    client.diagnostics(URI, 1);
    // Other headers, and none of the usual spelling.
    let body = br#"{"jsonrpc":"2.0","id":"a string","method":"textDocument/hover","params":{"textDocument":{"uri":"file:///x"},"position":{"line":0,"character":0}}}"#;
    client.send_bytes(format!("X-Other: 1\r\ncontent-length:{}\r\nContent-Type: x\r\n\r\n", body.len()).as_bytes());
    client.send_bytes(body);
    assert_eq!(client.next_answer()["id"], "a string");
    // A body that is not UTF-8, a batch, and no JSON.
    for (wrong, code) in [(&b"{\"a\":\"\xff\"}"[..], -32700), (b"[1, 2]", -32600), (b"{", -32700), (b"", -32700)] {
        client.send_raw(wrong);
        let answer = client.next_answer();
        assert_eq!((&answer["error"]["code"], &answer["id"]), (&json!(code), &Value::Null));
    }
    client.finish();
}

#[test]
fn a_stream_that_ends_in_a_message_ends_the_session_with_1() {
    let mut client = Client::initialized(&json!({}), &Value::Null);
    client.send_bytes(b"Content-Length: 1000\r\n\r\n{\"jsonrpc\":");
    client.close_input();
    assert_eq!(client.wait().code(), Some(1));
}

#[test]
fn answers_and_cancellations_that_nobody_asked_for_are_ignored() {
    let mut client = Client::initialized(&json!({}), &Value::Null);
    client.open(URI, 1, FAULTY);
    for id in [json!(77), json!("x"), Value::Null] {
        client.send(&json!({ "jsonrpc": "2.0", "id": id, "result": null }));
        client.notify("$/cancelRequest", json!({ "id": id }));
    }
    client.notify("$/cancelRequest", json!({}));
    // The same id twice: each request gets its answer.
    let request = json!({ "jsonrpc": "2.0", "id": 500, "method": "textDocument/hover", "params": place(0, 3) });
    client.send(&request);
    client.send(&request);
    assert_eq!([client.next_answer()["id"].clone(), client.next_answer()["id"].clone()], [json!(500), json!(500)]);
    client.finish();
}

#[test]
fn the_clients_text_is_the_truth_whatever_the_order() {
    let mut client = Client::initialized(&json!({}), &Value::Null);
    client.change(URI, 1, json!([{ "text": "x" }]));
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": URI } }));
    client.open(URI, 5, FAULTY);
    client.diagnostics(URI, 5);
    client.open(URI, 6, &FAULTY.repeat(2));
    let twice = client.diagnostics(URI, 6).len();
    // An older version, and no changes at all.
    client.change(URI, 3, json!([{ "text": FAULTY }]));
    assert!(client.diagnostics(URI, 3).len() < twice);
    client.change(URI, 7, json!([]));
    client.diagnostics(URI, 7);
    client.finish();
}
