//! The dataset that an open document belongs to: its other files, and the settings of the project.

use crate::support::client::Client;
use lsp_types::Uri;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

fn line(clip: &str, resolution: &str) -> String {
    format!(
        r#"{{"contents":[{{"role":"user","parts":[{{"fileData":{{"fileUri":"gs://clips/{clip}.mp4","mimeType":"video/mp4"}}}}]}},{{"role":"model","parts":[{{"text":"Goal"}}]}}],"generationConfig":{{"mediaResolution":"MEDIA_RESOLUTION_{resolution}"}}}}"#
    ) + "\n"
}

fn uri(folder: &Path, name: &str) -> String {
    Uri::from_file_path(folder.join(name)).unwrap().to_string()
}

/// The capabilities of a client that does or does not watch files on disk.
fn capabilities(watches: bool) -> Value {
    json!({
        "workspace": {
            "didChangeWatchedFiles": { "dynamicRegistration": watches },
            "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create"] }
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

/// Tells the server that a file on disk has changed.
fn changed(client: &mut Client, uri: &str) {
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri, "type": 2 }] }));
}

#[test]
fn each_file_of_a_dataset_is_told_of_the_other_and_one_action_fixes_both() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (train, validation) = (uri(folder, "train.jsonl"), uri(folder, "validation.jsonl"));
    std::fs::write(folder.join("validation.jsonl"), line("b", "MEDIUM")).unwrap();
    let mut client = Client::initialized(&capabilities(true), &settings());
    client.open(&train, 1, &line("a", "LOW"));
    let found = client.wait_for(&train, &["mixed-media-resolution"]);
    assert_eq!(found[0]["severity"], 2, "files that were paired by their names");
    assert!(found[0]["message"].as_str().unwrap().contains("`MEDIA_RESOLUTION_MEDIUM` in validation.jsonl"));
    assert_eq!(found[0]["relatedInformation"][0]["location"]["uri"], validation);
    let summary = client.request("tuning-ls/datasetSummary", json!({ "uri": train })).unwrap();
    let dataset = "training `train.jsonl`; validation `validation.jsonl`; paired by name";
    assert_eq!(summary["dataset"], dataset);
    assert!(summary["markdown"].as_str().unwrap().ends_with(&format!("\nDataset: {dataset}.\n")), "{summary}");
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
    // The other value has to be set in the file that is not open.
    let action = client.request("codeAction/resolve", titled(low).expect("the action")).unwrap();
    let closed = &action["edit"]["documentChanges"][1];
    assert_eq!(closed["edits"][0]["newText"], "\"MEDIA_RESOLUTION_LOW\"", "{closed}");
    std::fs::write(folder.join("validation.jsonl"), line("b", "LOW")).unwrap();
    changed(&mut client, &validation);
    client.wait_for(&train, &[]);
    client.finish();
}

#[test]
fn a_client_that_watches_nothing_is_still_told_of_changes_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let validation = uri(folder, "clips_validation.jsonl");
    let mut client = Client::initialized(&capabilities(false), &settings());
    client.open(&validation, 1, &line("a", "LOW"));
    client.wait_for(&validation, &[]);
    // The training file is created, changed and deleted.
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
fn a_client_that_watches_its_folder_is_told_of_changes_next_to_a_file_outside_it() {
    let (opened, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let root = Uri::from_file_path(opened.path()).unwrap().to_string();
    let train = uri(other.path(), "train.jsonl");
    let mut client = Client::in_folder(Some(&root), &capabilities(true), &settings());
    client.open(&train, 1, &line("a", "LOW"));
    client.wait_for(&train, &[]);
    std::fs::write(other.path().join("validation.jsonl"), line("b", "HIGH")).unwrap();
    client.wait_for(&train, &["mixed-media-resolution"]);
    client.finish();
}

#[test]
fn a_client_that_watches_its_folder_is_told_of_changes_to_the_settings_above_it() {
    let project = tempfile::tempdir().unwrap();
    let data = project.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let write = |level: &str| {
        let text = format!("[rules]\nblank-line = \"{level}\"\ntoo-few-examples = \"off\"\n");
        std::fs::write(project.path().join("tuning-ls.toml"), text).unwrap();
    };
    write("error");
    let train = uri(&data, "train.jsonl");
    let root = Uri::from_file_path(&data).unwrap().to_string();
    let mut client = Client::in_folder(Some(&root), &capabilities(true), &Value::Null);
    client.open(&train, 1, &format!("\n{}", line("a", "LOW")));
    client.wait_for(&train, &["blank-line"]);
    write("off");
    client.wait_for(&train, &[]);
    client.finish();
}

#[test]
fn a_document_that_is_not_on_disk_yet_is_compared_in_any_order() {
    for configured in [false, true] {
        for order in [["train", "val"], ["val", "train"]] {
            let folder = tempfile::tempdir().unwrap();
            let folder = folder.path();
            for name in ["train.jsonl", "test.jsonl"] {
                std::fs::write(folder.join(name), line(name, "LOW")).unwrap();
            }
            if configured {
                let text = "[[dataset]]\ntrain = \"train.jsonl\"\nvalidation = \"*.jsonl\"\n";
                std::fs::write(folder.join("tuning-ls.toml"), text).unwrap();
            }
            let mut client = Client::initialized(&capabilities(true), &settings());
            for name in order {
                let uri = uri(folder, &format!("{name}.jsonl"));
                client.open(&uri, 1, &line("train.jsonl", "LOW"));
                client.diagnostics(&uri, 1);
            }
            // It may have been published before all was waited for.
            let document = json!({ "textDocument": { "uri": uri(folder, "val.jsonl") } });
            let ends = Instant::now() + Duration::from_secs(20);
            loop {
                let found = client.request("textDocument/diagnostic", document.clone()).unwrap();
                if found["items"][0]["code"] == "train-validation-overlap" {
                    break;
                }
                assert!(Instant::now() < ends, "{order:?}, configured: {configured}: {found}");
                std::thread::sleep(Duration::from_millis(50));
            }
            client.finish();
        }
    }
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
    // Undoing the edit in one file brings back the finding in the other.
    let start = line("b", "LOW").find("b.mp4").unwrap();
    let place = |at: usize| json!({ "line": 0, "character": at });
    let range = json!({ "start": place(start), "end": place(start + 1) });
    client.change(&train, 2, json!([{ "range": range, "text": "a" }]));
    client.wait_for(&validation, &["train-validation-overlap"]);
    client.change(&train, 3, json!([{ "range": range, "text": "c" }]));
    client.wait_for(&validation, &[]);
    // After the document is closed unsaved, the file on disk counts again.
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": train } }));
    client.wait_for(&validation, &["train-validation-overlap"]);
    client.finish();
}

#[test]
fn the_settings_of_a_project_hold_at_once_and_what_is_wrong_in_them_is_said_there() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (data, toml) = (uri(folder, "clips.jsonl"), uri(folder, "tuning-ls.toml"));
    let write = |text: &str| std::fs::write(folder.join("tuning-ls.toml"), text).unwrap();
    write("[rules]\nblank-line = \"error\"\ntoo-few-examples = \"off\"\n");
    let mut client = Client::initialized(&capabilities(true), &Value::Null);
    client.open(&data, 1, &format!("\n{}", line("a", "LOW")));
    let found = client.wait_for(&data, &["blank-line"]);
    assert_eq!(found[0]["severity"], 1, "the project's level");
    write("[rules]\nblank-lime = \"off\"\n");
    changed(&mut client, &toml);
    let problems = client.wait_for(&toml, &["bad-config"]);
    assert!(problems[0]["message"].as_str().unwrap().contains("`blank-line`"), "{problems:?}");
    assert_eq!(problems[0]["range"]["start"], json!({ "line": 1, "character": 0 }));
    client.wait_for(&data, &["blank-line", "too-few-examples"]);
    write("[rules]\nblank-line = \"off\"\ntoo-few-examples = \"off\"\n");
    changed(&mut client, &toml);
    client.wait_for(&toml, &[]);
    client.wait_for(&data, &[]);
    std::fs::remove_file(folder.join("tuning-ls.toml")).unwrap();
    changed(&mut client, &toml);
    client.wait_for(&data, &["blank-line", "too-few-examples"]);
    client.finish();
}

#[test]
fn a_dataset_that_is_written_down_has_any_names_and_its_mixture_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::create_dir(folder.join("held")).unwrap();
    std::fs::write(folder.join("held/out.jsonl"), line("b", "MEDIUM")).unwrap();
    let toml =
        "[rules]\ntoo-few-examples = \"off\"\n[[dataset]]\ntrain = \"clips.jsonl\"\nvalidation = \"held/*.jsonl\"\n";
    std::fs::write(folder.join("tuning-ls.toml"), toml).unwrap();
    let data = uri(folder, "clips.jsonl");
    let mut client = Client::initialized(&capabilities(true), &Value::Null);
    client.open(&data, 1, &line("a", "LOW"));
    let found = client.wait_for(&data, &["mixed-media-resolution"]);
    assert_eq!(found[0]["severity"], 1);
    // If the dataset has a resolution, each line is compared with that one.
    std::fs::write(folder.join("tuning-ls.toml"), format!("{toml}media-resolution = \"LOW\"\n")).unwrap();
    changed(&mut client, &uri(folder, "tuning-ls.toml"));
    client.wait_for(&data, &[]);
    client.finish();
}

#[test]
fn files_that_are_not_open_are_published_when_the_whole_workspace_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let broken = line("b", "LOW").replace("\"Goal\"}", "\"Goal\",}");
    let codes = ["trailing-comma"];
    for ignored in [".git", "node_modules", "ignored"] {
        std::fs::create_dir(folder.join(ignored)).unwrap();
        std::fs::write(folder.join(ignored).join("data.jsonl"), &broken).unwrap();
    }
    std::fs::write(folder.join(".gitignore"), "ignored/\n").unwrap();
    std::fs::write(folder.join("broken.jsonl"), &broken).unwrap();
    let mode = |mode: &str| json!({ "diagnosticMode": mode, "rules": { "too-few-examples": "off" } });
    let root = Uri::from_file_path(folder).unwrap().to_string();
    let mut client = Client::in_folder(Some(&root), &capabilities(true), &mode("workspace"));
    let (closed, other) = (uri(folder, "broken.jsonl"), uri(folder, "other.jsonl"));
    client.wait_for(&closed, &codes);
    // The file is fixed; another one is created and deleted.
    std::fs::write(folder.join("broken.jsonl"), line("a", "LOW")).unwrap();
    changed(&mut client, &closed);
    client.wait_for(&closed, &[]);
    std::fs::write(folder.join("other.jsonl"), &broken).unwrap();
    changed(&mut client, &other);
    client.wait_for(&other, &codes);
    std::fs::remove_file(folder.join("other.jsonl")).unwrap();
    changed(&mut client, &other);
    client.wait_for(&other, &[]);
    // Back to open files only.
    std::fs::write(folder.join("broken.jsonl"), &broken).unwrap();
    changed(&mut client, &closed);
    client.wait_for(&closed, &codes);
    client.notify("workspace/didChangeConfiguration", json!({ "settings": { "tuning-ls": mode("openFilesOnly") } }));
    client.wait_for(&closed, &[]);
    let published = |message: &&Value| message["method"] == "textDocument/publishDiagnostics";
    let others: Vec<_> = client.notifications.iter().filter(published).collect();
    assert!(others.is_empty(), "nothing of what is ignored: {others:?}");
    client.finish();
}

#[test]
fn a_rule_is_switched_off_in_the_settings_file_which_is_made_if_need_be() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (data, toml) = (uri(folder, "clips.jsonl"), uri(folder, "tuning-ls.toml"));
    let root = Uri::from_file_path(folder).unwrap().to_string();
    let mut client = Client::in_folder(Some(&root), &capabilities(true), &Value::Null);
    client.open(&data, 1, &format!("\n{}", line("a", "LOW")));
    let found = client.wait_for(&data, &["blank-line", "too-few-examples"]);
    let ask = |client: &mut Client, diagnostic: &Value| {
        let params = json!({
            "textDocument": { "uri": data },
            "range": diagnostic["range"],
            "context": { "diagnostics": [diagnostic] }
        });
        let actions = client.request("textDocument/codeAction", params).unwrap();
        let title = format!("Turn off rule {} in tuning-ls.toml", diagnostic["code"].as_str().unwrap());
        let action = actions.as_array().unwrap().iter().find(|action| action["title"] == title.as_str()).cloned();
        action.expect("the action")["edit"]["documentChanges"].clone()
    };
    let changes = ask(&mut client, &found[0]);
    assert_eq!(changes[0], json!({ "kind": "create", "uri": toml }));
    let text = changes[1]["edits"][0]["newText"].as_str().unwrap();
    assert_eq!(text, "[rules]\nblank-line = \"off\"\n");
    std::fs::write(folder.join("tuning-ls.toml"), format!("# Ours.\n{text}")).unwrap();
    changed(&mut client, &toml);
    let found = client.wait_for(&data, &["too-few-examples"]);
    let changes = ask(&mut client, &found[0]);
    let end = json!({ "line": 3, "character": 0 });
    let edit = json!({ "range": { "start": end, "end": end }, "newText": "too-few-examples = \"off\"\n" });
    assert_eq!(changes, json!([{ "textDocument": { "uri": toml, "version": null }, "edits": [edit] }]));
    client.finish();
}

#[test]
fn changes_on_disk_are_registered_for_and_reading_a_large_file_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let train = line("a", "LOW").repeat(20_000);
    assert!(train.len() > 4 << 20);
    std::fs::write(folder.join("train.jsonl"), train).unwrap();
    let mut able = capabilities(true);
    able["window"] = json!({ "workDoneProgress": true });
    let mut client = Client::initialized(&able, &json!({ "rules": { "too-few-examples": "off" } }));
    let request = client.next_request();
    assert_eq!(request["method"], "client/registerCapability");
    let registration = &request["params"]["registrations"][0];
    assert_eq!(registration["method"], "workspace/didChangeWatchedFiles");
    assert_eq!(
        registration["registerOptions"]["watchers"],
        Value::from(
            ["**/*.{jsonl,ndjson}", "**/tuning-ls.toml", "**/accepted.json", "**/media.csv"]
                .map(|pattern| json!({ "globPattern": pattern }))
                .to_vec()
        )
    );
    client.reply(&request, Value::Null);
    let validation = uri(folder, "validation.jsonl");
    client.open(&validation, 1, &line("a", "LOW"));
    let request = client.next_request();
    assert_eq!(request["method"], "window/workDoneProgress/create");
    client.reply(&request, Value::Null);
    client.wait_for(&validation, &["train-validation-overlap"]);
    let of_it = |message: &&Value| message["params"]["token"] == request["params"]["token"];
    let kinds = |client: &Client| -> Vec<Value> {
        client.notifications.iter().filter(of_it).map(|message| message["params"]["value"]["kind"].clone()).collect()
    };
    while kinds(&client).len() < 2 {
        let message = client.receive();
        client.notifications.push(message);
    }
    assert_eq!(kinds(&client), ["begin", "end"]);
    client.finish();
}

#[test]
fn a_fault_in_the_settings_is_said_once_however_often_the_files_are_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("tuning-ls.toml"), "[rules]\nblank-lime = \"off\"\n").unwrap();
    let (data, toml) = (uri(folder, "train.jsonl"), uri(folder, "tuning-ls.toml"));
    let mut client = Client::initialized(&capabilities(true), &settings());
    client.open(&data, 1, &line("a", "LOW"));
    client.wait_for(&toml, &["bad-config"]);
    // Each of these makes the server check the files again. Only the last one changes a finding.
    for _ in 0..3 {
        changed(&mut client, &data);
    }
    std::fs::write(folder.join("val.jsonl"), line("a", "LOW")).unwrap();
    client.open(&uri(folder, "val.jsonl"), 1, &line("a", "LOW"));
    client.wait_for(&uri(folder, "val.jsonl"), &["train-validation-overlap"]);
    let again = client.notifications.iter().filter(|message| message["params"]["uri"] == toml.as_str());
    assert_eq!(again.count(), 0);
    client.finish();
}

#[test]
fn a_file_that_is_not_open_forgets_its_partner_when_that_is_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("train.jsonl"), line("a", "LOW")).unwrap();
    std::fs::write(folder.join("validation.jsonl"), line("b", "MEDIUM")).unwrap();
    let root = Uri::from_file_path(folder).unwrap().to_string();
    let workspace = json!({ "diagnosticMode": "workspace", "rules": { "too-few-examples": "off" } });
    let mut client = Client::in_folder(Some(&root), &capabilities(true), &workspace);
    let (train, validation) = (uri(folder, "train.jsonl"), uri(folder, "validation.jsonl"));
    client.wait_for(&train, &["mixed-media-resolution"]);
    client.wait_for(&validation, &["mixed-media-resolution"]);
    std::fs::remove_file(folder.join("validation.jsonl")).unwrap();
    changed(&mut client, &validation);
    client.wait_for(&validation, &[]);
    client.wait_for(&train, &[]);
    client.finish();
}
