//! Files beside the open one: the datasets that an editor's document belongs to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/client.rs"]
#[allow(dead_code)]
mod client;

use client::Client;
use lsp_types::Uri;
use serde_json::{Value, json};
use std::path::Path;

fn line(clip: &str, resolution: &str) -> String {
    format!(
        r#"{{"contents":[{{"role":"user","parts":[{{"fileData":{{"fileUri":"gs://clips/{clip}.mp4","mimeType":"video/mp4"}}}}]}},{{"role":"model","parts":[{{"text":"Goal"}}]}}],"generationConfig":{{"mediaResolution":"MEDIA_RESOLUTION_{resolution}"}}}}"#
    ) + "\n"
}

fn uri(folder: &Path, name: &str) -> String {
    Uri::from_file_path(folder.join(name)).unwrap().to_string()
}

/// A client that tells of changes on disk, and one that does not.
fn capabilities(watches: bool) -> Value {
    json!({
        "workspace": {
            "didChangeWatchedFiles": { "dynamicRegistration": watches },
            "workspaceEdit": { "documentChanges": true }
        },
        "textDocument": {
            "publishDiagnostics": { "relatedInformation": true },
            "codeAction": {
                "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } },
                "dataSupport": true,
                "resolveSupport": { "properties": ["edit"] }
            }
        }
    })
}

fn settings() -> Value {
    json!({ "rules": { "too-few-examples": "off" } })
}

/// Answers what the server asks, and tells it which files have changed.
fn changed(client: &mut Client, uri: &str) {
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri, "type": 2 }] }));
}

#[test]
fn each_file_of_a_dataset_is_told_of_the_other_and_one_action_mends_both() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (train, validation) = (uri(folder, "train.jsonl"), uri(folder, "validation.jsonl"));
    std::fs::write(folder.join("validation.jsonl"), line("b", "MEDIUM")).unwrap();
    let mut client = Client::initialized(&capabilities(true), &settings());
    client.open(&train, 1, &line("a", "LOW"));
    let found = client.wait_for(&train, &["mixed-media-resolution"]);
    assert_eq!(found[0]["severity"], 2, "files that were paired by their names");
    assert!(found[0]["message"].as_str().unwrap().contains("validation.jsonl has MEDIA_RESOLUTION_MEDIUM"));
    assert_eq!(found[0]["relatedInformation"][0]["location"]["uri"], validation);
    client.open(&validation, 1, &line("b", "MEDIUM"));
    client.wait_for(&validation, &["mixed-media-resolution"]);
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": validation } }));
    client.wait_for(&validation, &[]);
    let params = json!({
        "textDocument": { "uri": train },
        "range": found[0]["range"],
        "context": { "diagnostics": found, "only": ["quickfix"] }
    });
    let actions = client.request("textDocument/codeAction", params).unwrap();
    let title = "Set mediaResolution to MEDIA_RESOLUTION_MEDIUM in the whole dataset";
    let low = "Set mediaResolution to MEDIA_RESOLUTION_LOW in the whole dataset";
    let titled = |title: &str| actions.as_array().unwrap().iter().find(|action| action["title"] == title).cloned();
    let action = client.request("codeAction/resolve", titled(title).expect("the action")).unwrap();
    let changes = action["edit"]["documentChanges"].as_array().unwrap().clone();
    let edits: Vec<_> =
        changes.iter().map(|change| (&change["textDocument"], change["edits"].as_array().unwrap().len())).collect();
    assert_eq!(
        edits,
        [(&json!({ "uri": train, "version": 1 }), 1), (&json!({ "uri": validation, "version": null }), 0)]
    );
    // The other value is set in the file that is not open.
    let action = client.request("codeAction/resolve", titled(low).expect("the action")).unwrap();
    let closed = &action["edit"]["documentChanges"][1];
    assert_eq!(closed["edits"][0]["newText"], "\"MEDIA_RESOLUTION_LOW\"", "{closed}");
    std::fs::write(folder.join("validation.jsonl"), line("b", "LOW")).unwrap();
    changed(&mut client, &validation);
    client.wait_for(&train, &[]);
    client.finish();
}

#[test]
fn a_client_that_watches_nothing_is_told_of_changes_on_disk_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let validation = uri(folder, "clips_validation.jsonl");
    let mut client = Client::initialized(&capabilities(false), &settings());
    client.open(&validation, 1, &line("a", "LOW"));
    client.wait_for(&validation, &[]);
    // The training file comes into being, changes, and goes away.
    std::fs::write(folder.join("clips_train.jsonl"), line("b", "LOW") + &line("a", "LOW")).unwrap();
    let found = client.wait_for(&validation, &["train-validation-overlap"]);
    assert!(found[0]["message"].as_str().unwrap().contains("in clips_train.jsonl, line 2"), "{found:?}");
    std::fs::write(folder.join("clips_train.jsonl"), line("b", "HIGH")).unwrap();
    client.wait_for(&validation, &["mixed-media-resolution"]);
    std::fs::remove_file(folder.join("clips_train.jsonl")).unwrap();
    client.wait_for(&validation, &[]);
    client.finish();
}

#[test]
fn an_open_document_goes_before_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (train, validation) = (uri(folder, "train.jsonl"), uri(folder, "val.jsonl"));
    std::fs::write(folder.join("train.jsonl"), line("a", "LOW")).unwrap();
    std::fs::write(folder.join("val.jsonl"), line("a", "LOW")).unwrap();
    let mut client = Client::initialized(&capabilities(true), &settings());
    client.open(&validation, 1, &line("a", "LOW"));
    client.wait_for(&validation, &["train-validation-overlap"]);
    client.open(&train, 1, &line("b", "LOW"));
    client.wait_for(&validation, &[]);
    // Typed back, an edit in one file makes the finding in the other.
    let start = line("b", "LOW").find("b.mp4").unwrap();
    let place = |at: usize| json!({ "line": 0, "character": at });
    let range = json!({ "start": place(start), "end": place(start + 1) });
    client.change(&train, 2, json!([{ "range": range, "text": "a" }]));
    client.wait_for(&validation, &["train-validation-overlap"]);
    client.change(&train, 3, json!([{ "range": range, "text": "c" }]));
    client.wait_for(&validation, &[]);
    // Closed without being saved, the file counts again.
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": train } }));
    client.wait_for(&validation, &["train-validation-overlap"]);
    client.finish();
}
