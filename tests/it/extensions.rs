//! The custom requests and the whole-file code actions, with the real binary.

use crate::support::client::Client;
use lsp_types::Uri;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tuning_ls::rules;

const BROKEN: &str = include_str!("../../fixtures/datasets/video-broken.jsonl");

fn dataset(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/datasets").join(name);
    // A folder of the machine that compiles the tests may have no drive.
    std::path::absolute(path).unwrap()
}

fn uri_of(path: &Path) -> String {
    Uri::from_file_path(path).unwrap().to_string()
}

/// The diagnostics of a file on disk. Unlike an open document, it has no version.
fn published_from_disk(client: &mut Client, uri: &str) -> Vec<Value> {
    let place = client.notifications.iter().position(|message| message["params"]["uri"] == uri).unwrap();
    let message = client.notifications.remove(place);
    assert_eq!(message["params"].get("version"), None, "the text on disk has no version");
    message["params"]["diagnostics"].as_array().unwrap().clone()
}

#[test]
fn a_file_that_the_editor_does_not_send_gets_the_same_diagnostics_from_disk() {
    let related = json!({ "textDocument": { "publishDiagnostics": { "relatedInformation": true } } });
    for name in ["video-broken.jsonl", "video-too-long.jsonl", "images-crlf.jsonl", "video-pretty.jsonl"] {
        let path = dataset(name);
        let uri = uri_of(&path);
        let mut client = Client::initialized(&related, &Value::Null);
        let summary = client.request("tuning-ls/checkFromDisk", json!({ "uri": uri })).unwrap();
        let from_disk = published_from_disk(&mut client, &uri);
        client.open(&uri, 1, &std::fs::read_to_string(&path).unwrap());
        assert_eq!(client.diagnostics(&uri, 1), from_disk, "{name}");
        let of_open = client.request("tuning-ls/datasetSummary", json!({ "uri": uri })).unwrap();
        assert_eq!(of_open, summary, "{name}");
        client.finish();
    }
}

#[test]
fn bytes_that_are_no_text_are_found_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a file.jsonl");
    std::fs::write(&path, b"{\"contents\":[]}\n{\"contents\":[{\"parts\":[{\"text\":\"\xC3\xA9 \xFF\"}]}]}\n").unwrap();
    let uri = uri_of(&path);
    let mut client = Client::initialized(&json!({}), &Value::Null);
    client.request("tuning-ls/checkFromDisk", json!({ "uri": uri })).unwrap();
    let found = published_from_disk(&mut client, &uri);
    let invalid = found.iter().find(|found| found["code"] == "invalid-utf8").unwrap();
    let start = json!({ "line": 1, "character": 34 });
    assert_eq!(invalid["range"]["start"], start, "{invalid}");
    client.finish();
}

#[test]
fn a_byte_order_mark_takes_no_place_in_the_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mark.jsonl");
    std::fs::write(&path, "\u{FEFF}{\"contents\":[,]}\n").unwrap();
    let uri = uri_of(&path);
    let mut client = Client::initialized(&json!({}), &Value::Null);
    client.request("tuning-ls/checkFromDisk", json!({ "uri": uri })).unwrap();
    let found = published_from_disk(&mut client, &uri);
    let comma = found.iter().find(|found| found["code"] == "json-syntax").unwrap();
    assert_eq!(comma["range"]["start"], json!({ "line": 0, "character": 13 }), "{comma}");
    client.finish();
}

#[test]
fn what_cannot_be_read_is_an_error_with_a_reason() {
    let mut client = Client::initialized(&json!({}), &Value::Null);
    for (uri, reason) in [
        (uri_of(&dataset("no-such-file.jsonl")), "no-such-file.jsonl: "),
        (uri_of(&dataset("")), "not a regular file"),
        ("untitled:Untitled-1".to_owned(), "is not a file on this machine"),
    ] {
        let error = client.request("tuning-ls/checkFromDisk", json!({ "uri": uri })).unwrap_err();
        assert_eq!(error["code"], -32803, "RequestFailed");
        assert!(error["message"].as_str().unwrap().contains(reason), "{error}");
    }
    assert!(client.notifications.is_empty());
    client.finish();
}

#[test]
fn an_open_document_is_never_read_from_disk() {
    let uri = uri_of(&dataset("video-broken.jsonl"));
    let mut client = Client::initialized(&json!({}), &Value::Null);
    client.open(&uri, 7, "");
    let summary = client.request("tuning-ls/checkFromDisk", json!({ "uri": uri })).unwrap();
    assert_eq!((&summary["tuning"], &summary["findingsText"]), (&json!(false), &json!("no findings")));
    assert!(client.diagnostics(&uri, 7).is_empty());
    assert!(client.notifications.is_empty(), "{:?}", client.notifications);
    client.finish();
}

#[test]
fn a_summary_requested_right_after_an_edit_is_of_the_new_text() {
    let uri = "file:///data/train.jsonl";
    let mut client = Client::initialized(&json!({}), &Value::Null);
    client.open(uri, 1, &BROKEN.repeat(50));
    let all = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 100_000, "character": 0 } });
    let line = BROKEN.lines().next().unwrap();
    client.change(uri, 2, json!([{ "range": all, "text": format!("{line}\n{line}\n") }]));
    let summary = client.request("tuning-ls/datasetSummary", json!({ "uri": uri })).unwrap();
    assert_eq!(summary["headline"], "2 examples, LOW");
    assert_eq!(summary["mediaResolution"], "MEDIA_RESOLUTION_LOW");
    assert!(summary["markdown"].as_str().unwrap().starts_with("# train.jsonl\n"));
    let unknown = client.request("tuning-ls/datasetSummary", json!({ "uri": "file:///data/other.jsonl" }));
    assert_eq!(unknown, Ok(Value::Null));
    client.finish();
}

#[test]
fn every_rule_is_listed_with_its_page() {
    let mut client = Client::initialized(&json!({}), &Value::Null);
    for odd in [Value::Null, json!([]), json!([null]), json!({})] {
        assert!(client.request("tuning-ls/rules", odd).unwrap().is_array());
    }
    let listed = client.request("tuning-ls/rules", Value::Null).unwrap();
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.len(), rules::all().count());
    for (rule, listed) in rules::all().zip(listed) {
        assert_eq!(listed["code"], rule.code);
        let path = listed["page"].as_str().unwrap().parse::<Uri>().unwrap().to_file_path().unwrap();
        assert!(std::fs::read_to_string(path).unwrap().starts_with(&format!("# {}", rule.code)));
    }
    client.finish();
}

#[test]
fn one_resolution_can_be_set_on_all_lines_from_anywhere() {
    let uri = "file:///data/train.jsonl";
    let text = BROKEN.lines().next().unwrap();
    let mixed = format!("\n{text}\n{}\n", text.replace("_LOW", "_MEDIUM"));
    let capabilities = json!({ "textDocument": { "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } } } } });
    let mut client = Client::initialized(&capabilities, &Value::Null);
    client.open(uri, 1, &mixed);
    let nowhere = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } });
    let mut actions = |only: &str| {
        let context = json!({ "diagnostics": [], "only": [only] });
        let params = json!({ "textDocument": { "uri": uri }, "range": nowhere, "context": context });
        client.request("textDocument/codeAction", params).unwrap().as_array().unwrap().clone()
    };
    let (kind, alias) = ("source.setShared.tuning-ls", "source.setMediaResolution.tuning-ls");
    for (only, expected) in [
        (kind, kind),
        ("source.setShared", kind),
        ("source", kind),
        (alias, alias),
        ("source.setMediaResolution", alias),
    ] {
        let mut offered = actions(only);
        offered.retain(|action| action["title"].as_str().unwrap().starts_with("Set "));
        let titles: Vec<_> = offered.iter().map(|action| action["title"].as_str().unwrap()).collect();
        let title = |name| format!("Set mediaResolution to MEDIA_RESOLUTION_{name} on all lines");
        assert_eq!(titles, ["LOW", "MEDIUM", "HIGH"].map(title), "{only}");
        let edits: Vec<_> =
            offered.iter().map(|action| action["edit"]["changes"][uri].as_array().unwrap().len()).collect();
        assert_eq!(edits, [1, 1, 2], "only what differs is changed");
        // Clients drop actions whose kind does not start with the requested one.
        assert!(offered.iter().all(|action| action["kind"] == expected), "{only}: {offered:?}");
    }
    assert_eq!(actions("source.fixAll").len(), 1);
    client.finish();
}
