//! Rename, as an editor asks for it.

use crate::support::client::Client;
use lsp_types::Uri;
use serde_json::{Value, json};
use std::path::Path;

fn clip(uri: &str, label: &str) -> String {
    format!(
        r#"{{"contents":[{{"role":"user","parts":[{{"text":"😀 Goal"}},{{"fileData":{{"fileUri":"{uri}","mimeType":"video/mp4"}}}}]}},{{"role":"model","parts":[{{"text":"{label}"}}]}}]}}"#
    )
}

fn chat(label: &str) -> String {
    format!(r#"{{"messages":[{{"role":"user","content":"😀 Goal"}},{{"role":"assistant","content":"{label}"}}]}}"#)
}

const CALLS: &str = r#"{"messages":[{"role":"user","content":"?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"1","name":"find"},{"role":"assistant","content":"find"}],"tools":[{"type":"function","function":{"name":"find"}},{"type":"function","function":{"name":"look"}}]}"#;

fn uri(folder: &Path, name: &str) -> String {
    Uri::from_file_path(folder.join(name)).unwrap().to_string()
}

fn capabilities(prepare: bool, document_changes: bool) -> Value {
    json!({
        "workspace": { "workspaceEdit": { "documentChanges": document_changes } },
        "textDocument": { "rename": { "prepareSupport": prepare } }
    })
}

/// The position of the `place`th `needle` of the first line, after its first character, in UTF-16.
fn position(text: &str, needle: &str, place: usize) -> Value {
    let (at, _) = text.match_indices(needle).nth(place).expect(needle);
    json!({ "line": 0, "character": text[..at].encode_utf16().count() + 1 })
}

fn rename(client: &mut Client, uri: &str, position: &Value, name: &str) -> Result<Value, String> {
    let params = json!({ "textDocument": { "uri": uri }, "position": position, "newName": name });
    client.request("textDocument/rename", params).map_err(|error| {
        assert_eq!(error["code"], -32803);
        error["message"].as_str().unwrap().to_owned()
    })
}

/// Applies edits, whose positions are in UTF-16, from the last to the first.
fn applied(text: &str, edits: &Value) -> String {
    let mut lines: Vec<Vec<u16>> = text.split('\n').map(|line| line.encode_utf16().collect()).collect();
    for edit in edits.as_array().unwrap().iter().rev() {
        let (start, end) = (&edit["range"]["start"], &edit["range"]["end"]);
        assert_eq!(start["line"], end["line"]);
        let at = |place: &Value| place["character"].as_u64().unwrap() as usize;
        let line = &mut lines[start["line"].as_u64().unwrap() as usize];
        line.splice(at(start)..at(end), edit["newText"].as_str().unwrap().encode_utf16());
    }
    lines.iter().map(|line| String::from_utf16(line).unwrap()).collect::<Vec<_>>().join("\n")
}

/// Renames until the other file of the dataset is known, and returns the edits by file.
fn rename_in_both(client: &mut Client, own: &str, position: &Value, name: &str) -> Vec<(Value, Value)> {
    for _ in 0..1_000 {
        let answer = rename(client, own, position, name).unwrap();
        let changes = answer["documentChanges"].as_array().unwrap();
        if changes.len() > 1 {
            return changes.iter().map(|change| (change["textDocument"].clone(), change["edits"].clone())).collect();
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    Vec::new()
}

#[test]
fn a_label_is_renamed_in_open_and_closed_files_and_nothing_else_changes() {
    let with = |line: &dyn Fn(&str) -> String, labels: [&str; 3]| labels.map(line).join("\n");
    let gemini = |label: &str| clip("gs://clips/a.mp4", label);
    let openai = |label: &str| chat(label);
    for line in [&gemini as &dyn Fn(&str) -> String, &openai] {
        let folder = tempfile::tempdir().unwrap();
        let (train, validation) = (uri(folder.path(), "train.jsonl"), uri(folder.path(), "validation.jsonl"));
        let open = with(line, ["Goal", "Foul", " G\\u006fal\\n"]) + "\n{\"broken";
        let closed = with(line, ["Foul", "Goal", "Goal kick"]);
        std::fs::write(folder.path().join("validation.jsonl"), &closed).unwrap();
        let mut client = Client::initialized(&capabilities(true, true), &json!({}));
        client.open(&train, 7, &open);
        let place = position(&open, "Goal", 1);
        let prepared = client
            .request("textDocument/prepareRename", json!({ "textDocument": { "uri": train }, "position": place }))
            .unwrap();
        assert_eq!(prepared["placeholder"], "Goal");
        assert_eq!(prepared["range"]["start"]["character"], json!(place["character"].as_u64().unwrap() - 1));
        assert_eq!(prepared["range"]["end"]["character"], json!(place["character"].as_u64().unwrap() + 3));
        let changes = rename_in_both(&mut client, &train, &place, "\"To\u{e9}\"");
        assert_eq!(changes[0].0, json!({ "uri": train, "version": 7 }));
        assert_eq!(changes[1].0, json!({ "uri": validation, "version": null }));
        let new = "\\\"To\u{e9}\\\"";
        let expected = with(line, [new, "Foul", &format!(" {new}\\n")]) + "\n{\"broken";
        assert_eq!(applied(&open, &changes[0].1), expected);
        assert_eq!(applied(&closed, &changes[1].1), with(line, ["Foul", new, "Goal kick"]));
        client.finish();
    }
}

#[test]
fn a_client_without_document_changes_is_told_to_open_the_files_that_must_change() {
    let folder = tempfile::tempdir().unwrap();
    let (train, validation) = (uri(folder.path(), "train.jsonl"), uri(folder.path(), "validation.jsonl"));
    let text = clip("gs://clips/a.mp4", "Goal");
    std::fs::write(folder.path().join("validation.jsonl"), &text).unwrap();
    let mut client = Client::initialized(&capabilities(false, false), &json!({}));
    client.open(&train, 1, &text);
    let place = position(&text, "Goal", 1);
    let mut refused = String::new();
    for _ in 0..1_000 {
        match rename(&mut client, &train, &place, "Foul") {
            Ok(_) => std::thread::sleep(std::time::Duration::from_millis(10)),
            Err(message) => {
                refused = message;
                break;
            }
        }
    }
    assert_eq!(refused, "validation.jsonl must change too, and it isn't open. Open it and try again.");
    client.open(&validation, 1, &text);
    let answer = rename(&mut client, &train, &place, "Foul").unwrap();
    assert_eq!(answer["changes"].as_object().unwrap().len(), 2);
    assert_eq!(applied(&text, &answer["changes"][&validation]), clip("gs://clips/a.mp4", "Foul"));
    client.finish();
}

#[test]
fn a_function_is_renamed_at_its_declaration_calls_and_responses() {
    let mut client = Client::initialized(&capabilities(true, true), &json!({}));
    let document = "file:///nowhere/calls.jsonl";
    client.open(document, 1, CALLS);
    let place = position(CALLS, "find", 0);
    let answer = rename(&mut client, document, &place, "search").unwrap();
    let expected = CALLS.replace("\"find\"", "\"search\"").replace("\"content\":\"search\"", "\"content\":\"find\"");
    assert_eq!(applied(CALLS, &answer["documentChanges"][0]["edits"]), expected);
    let taken = rename(&mut client, document, &place, "look").unwrap_err();
    assert_eq!(taken, "A function `look` is already declared in calls.jsonl, line 1.");
    let invalid = rename(&mut client, document, &place, "find it").unwrap_err();
    assert!(invalid.starts_with("`find it` is not a valid function name. The function's name: letters"), "{invalid}");
    client.finish();
}

#[test]
fn what_cannot_be_renamed_and_names_that_cannot_be_are_refused() {
    let mut client = Client::initialized(&capabilities(true, true), &json!({}));
    let document = "file:///nowhere/clips.jsonl";
    let text = clip("gs://clips/a.mp4", "Goal");
    client.open(document, 1, &text);
    let media = position(&text, "gs:", 0);
    let refused = rename(&mut client, document, &media, "a.mp4").unwrap_err();
    assert_eq!(refused, "`a.mp4` is not a valid file location: it is a local path; upload the file.");
    let answer = rename(&mut client, document, &media, "gs://clips/b.mp4").unwrap();
    assert_eq!(applied(&text, &answer["documentChanges"][0]["edits"]), clip("gs://clips/b.mp4", "Goal"));
    assert_eq!(rename(&mut client, document, &position(&text, "Goal", 1), " ").unwrap_err(), "A label can't be empty.");
    let prompt = position(&text, "Goal", 0);
    let refused = rename(&mut client, document, &prompt, "Foul").unwrap_err();
    assert_eq!(refused, "Only labels, media locations and names of functions can be renamed.");
    let params = json!({ "textDocument": { "uri": document }, "position": prompt });
    assert_eq!(client.request("textDocument/prepareRename", params).unwrap(), Value::Null);
    client.finish();
}

#[test]
fn a_file_that_is_not_utf_8_is_left_unchanged_and_the_user_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let train = uri(folder.path(), "train.jsonl");
    let text = chat("Goal");
    let closed = [text.as_bytes(), b"\n\xFF\n"].concat();
    std::fs::write(folder.path().join("validation.jsonl"), closed).unwrap();
    let mut client = Client::initialized(&capabilities(true, true), &json!({}));
    client.open(&train, 1, &text);
    let place = position(&text, "Goal", 1);
    let told = |client: &Client| {
        let told = client.notifications.iter().find(|message| message["method"] == "window/showMessage");
        told.map(|message| message["params"]["message"].as_str().unwrap().to_owned())
    };
    for _ in 0..1_000 {
        let answer = rename(&mut client, &train, &place, "Foul").unwrap();
        assert_eq!(answer["documentChanges"].as_array().unwrap().len(), 1);
        client
            .request("textDocument/prepareRename", json!({ "textDocument": { "uri": train }, "position": place }))
            .unwrap();
        if told(&client).is_some() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert_eq!(told(&client).as_deref(), Some("validation.jsonl is not UTF-8 text, so nothing was renamed in it."));
    client.finish();
}
