//! The commands that an editor can run by name.

use crate::accepting::{NO_GOAL, capabilities, run, settings, uri};
use crate::support::client::Client;
use serde_json::{Value, json};

/// Why the server refuses a command.
fn refused(client: &mut Client, name: &str, argument: &Value) -> (i64, String) {
    let command = json!({ "command": name, "arguments": [argument] });
    let error = client.request("workspace/executeCommand", command).unwrap_err();
    (error["code"].as_i64().unwrap(), error["message"].as_str().unwrap().to_owned())
}

#[test]
fn no_command_changes_a_view_of_one_example() {
    let folder = tempfile::tempdir().unwrap();
    let data = uri(folder.path(), "clips.jsonl");
    let mut client = Client::in_folder(None, &capabilities(true), &settings());
    client.open(&data, 1, &format!("{NO_GOAL}\n"));
    client.diagnostics(&data, 1);
    let place = json!({ "textDocument": { "uri": data }, "position": { "line": 0, "character": 0 } });
    let view = client.request("tuning-ls/example", place).unwrap();
    client.open(view["uri"].as_str().unwrap(), 1, view["text"].as_str().unwrap());
    for (name, mut argument) in [
        ("tuning-ls/fixAll", json!({})),
        ("tuning-ls/normalizeAll", json!({})),
        ("tuning-ls/deleteExample", json!({ "line": 0 })),
        ("tuning-ls/setShared", json!({ "value": "MEDIA_RESOLUTION_LOW" })),
        ("tuning-ls/turnOffRule", json!({ "code": "bad-uri" })),
        ("tuning-ls/acceptFinding", json!({ "line": 0, "code": "missing-model-turn" })),
    ] {
        argument["uri"] = view["uri"].clone();
        let expected = (-32602, "A view shows one example; run this command for its file.".to_owned());
        assert_eq!(refused(&mut client, name, &argument), expected, "{name}");
    }
    client.finish();
}

#[test]
fn an_example_of_several_lines_is_deleted_as_a_whole_and_an_element_of_an_array_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let (lines, array) = (uri(folder.path(), "lines.jsonl"), uri(folder.path(), "array.jsonl"));
    let mut client = Client::in_folder(None, &capabilities(true), &settings());
    let expanded = NO_GOAL.replacen('[', "[\n", 1).replacen("]}", "]\n}", 1);
    assert_eq!(expanded.lines().count(), 3);
    client.open(&lines, 1, &format!("{NO_GOAL}\n{expanded}\n{NO_GOAL}\n"));
    client.open(&array, 1, &format!("[\n{NO_GOAL},\n{NO_GOAL}\n]\n"));
    for line in [1, 2, 3] {
        let delete = json!({ "command": "tuning-ls/deleteExample", "arguments": [{ "uri": lines, "line": line }] });
        let edit = &run(&mut client, &delete)["documentChanges"][0]["edits"][0];
        let place = |line: usize| json!({ "line": line, "character": 0 });
        assert_eq!(edit["range"], json!({ "start": place(1), "end": place(4) }), "{edit}");
        assert_eq!(edit["newText"], "");
    }
    let (code, message) = refused(&mut client, "tuning-ls/deleteExample", &json!({ "uri": lines, "line": 9 }));
    assert_eq!((code, message.contains("no line 9")), (-32602, true), "{message}");
    let (code, message) = refused(&mut client, "tuning-ls/deleteExample", &json!({ "uri": array, "line": 1 }));
    assert_eq!((code, message.contains("one array")), (-32602, true), "{message}");
    client.finish();
}

#[test]
fn what_cannot_be_hidden_is_refused_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let data = uri(folder.path(), "clips.jsonl");
    let unable = json!({ "workspace": { "applyEdit": true, "workspaceEdit": { "documentChanges": true } } });
    for (able, capabilities) in [(true, capabilities(true)), (false, unable)] {
        let mut client = Client::in_folder(None, &capabilities, &settings());
        client.open(&data, 1, &format!("{NO_GOAL},\n"));
        for name in ["tuning-ls/turnOffRule", "tuning-ls/acceptFinding"] {
            let mut argument = json!({ "uri": data, "line": 0, "code": "trailing-comma" });
            let (code, message) = refused(&mut client, name, &argument);
            assert_eq!((code, message.contains("invalid JSON")), (-32602, true), "{name}: {message}");
            argument["code"] = json!("missing-model-turn");
            if !able {
                let expected = (-32803, "the client cannot create files in an edit".to_owned());
                assert_eq!(refused(&mut client, name, &argument), expected, "{name}");
            }
            argument["uri"] = json!("file:///nowhere.jsonl");
            let (code, message) = refused(&mut client, name, &argument);
            assert_eq!((code, message.ends_with(" is not open")), (-32602, true), "{name}: {message}");
        }
        client.finish();
    }
}

#[test]
fn a_rule_that_an_override_sets_is_not_turned_off_in_vain() {
    let folder = tempfile::tempdir().unwrap();
    let folder = &folder.path().canonicalize().unwrap();
    let data = uri(folder, "clips.jsonl");
    let text = "[[override]]\nfiles = \"*.jsonl\"\nrules = { blank-line = \"error\" }\n";
    std::fs::write(folder.join("tuning-ls.toml"), text).unwrap();
    let mut client = Client::in_folder(None, &capabilities(true), &settings());
    client.open(&data, 1, &format!("\n{NO_GOAL}\n"));
    let found = client.diagnostics(&data, 1);
    let blank = found.iter().find(|it| it["code"] == "blank-line").unwrap();
    let context = json!({ "diagnostics": [blank] });
    let params = json!({ "textDocument": { "uri": data }, "range": blank["range"], "context": context });
    let actions = client.request("textDocument/codeAction", params).unwrap();
    assert!(!actions.to_string().contains("Turn off rule"), "{actions}");
    let off = json!({ "command": "tuning-ls/turnOffRule", "arguments": [{ "uri": data, "code": "blank-line" }] });
    let error = client.request("workspace/executeCommand", off).unwrap_err();
    assert!(error["message"].as_str().unwrap().contains("sets rule blank-line for this file"), "{error}");
    client.finish();
}

#[test]
fn every_command_runs_by_its_name_with_the_described_arguments() {
    let folder = tempfile::tempdir().unwrap();
    let folder = &folder.path().canonicalize().unwrap();
    let data = uri(folder, "clips.jsonl");
    let mut client = Client::in_folder(None, &capabilities(true), &settings());
    let line = r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://c/a.mp4","mimeType":"video/mp4"}},]},{"role":"model","parts":[{"text":"Goal"}]}]}"#;
    client.open(&data, 1, &format!("{line}\n{line}\n"));
    let new_text = |edit: &Value| {
        let edits = edit["documentChanges"].as_array().unwrap().last().unwrap()["edits"].as_array().unwrap().clone();
        edits.iter().map(|edit| edit["newText"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let command = |name: &str, argument: Value| json!({ "command": name, "arguments": [argument] });
    let shared = json!({ "uri": data, "value": "MEDIA_RESOLUTION_LOW" });
    for (name, argument, expected) in [
        ("tuning-ls/fixAll", json!({ "uri": data }), vec!["", ""]),
        ("tuning-ls/normalizeAll", json!({ "uri": data }), vec!["", ""]),
        ("tuning-ls/deleteExample", json!({ "uri": data, "line": 1 }), vec![""]),
        ("tuning-ls/turnOffRule", json!({ "uri": data, "code": "bad-uri" }), vec!["[rules]\nbad-uri = \"off\"\n"]),
    ] {
        let edit = run(&mut client, &command(name, argument));
        assert_eq!(new_text(&edit), expected, "{name}");
    }
    let edit = run(&mut client, &command("tuning-ls/setShared", shared));
    assert!(new_text(&edit)[0].contains("MEDIA_RESOLUTION_LOW"));
    for (name, argument) in [
        ("tuning-ls/fixAll", Value::Null),
        ("tuning-ls/fixAll", json!({ "uri": "file:///nowhere.jsonl" })),
        ("tuning-ls/setShared", json!({ "uri": data, "value": "HUGE" })),
        ("tuning-ls/turnOffRule", json!({ "uri": data, "code": "no-such-rule" })),
        ("tuning-ls/unknown", json!({})),
    ] {
        let answer = client.request("workspace/executeCommand", command(name, argument));
        assert_eq!(answer.unwrap_err()["code"], -32602, "{name}");
    }
    // There is nothing to fix, and the client is told nothing.
    client.change(&data, 2, json!([{ "text": line.replace(",]}", "]}") + "\n" }]));
    let nothing = command("tuning-ls/fixAll", json!({ "uri": data }));
    assert_eq!(client.request("workspace/executeCommand", nothing).unwrap(), false);
    client.finish();
}

#[test]
fn the_commands_are_described_for_editors() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/editors/README.md")).unwrap();
    let mut client = Client::start();
    let answer = client.request("initialize", json!({ "capabilities": capabilities(true) })).unwrap();
    let commands = answer["capabilities"]["executeCommandProvider"]["commands"].as_array().unwrap().clone();
    assert_eq!(commands.len(), 6);
    for command in commands {
        assert!(page.contains(&format!("| `{}` |", command.as_str().unwrap())), "{command}");
    }
}

#[test]
fn long_work_is_shown_as_progress() {
    let folder = tempfile::tempdir().unwrap();
    let folder = &folder.path().canonicalize().unwrap();
    let data = uri(folder, "clips.jsonl");
    let text = format!("{}\n", NO_GOAL.replace("Shot?", &"x".repeat(400))).repeat(12_000);
    assert!(text.len() > 4 << 20);
    std::fs::write(folder.join("other.jsonl"), &text).unwrap();
    let mut able = capabilities(true);
    able["window"] = json!({ "workDoneProgress": true });
    let mut client = Client::in_folder(None, &able, &settings());
    client.open(&data, 1, &text.replacen("]}", ",]}", 1));
    let shown = |client: &mut Client, title: &str| {
        let request = client.next_request_named("window/workDoneProgress/create");
        client.reply(&request, Value::Null);
        let begin = client.wait_for_notification("$/progress");
        assert_eq!((&begin["token"], &begin["value"]["title"]), (&request["params"]["token"], &json!(title)));
    };
    let fix = json!({ "command": "tuning-ls/fixAll", "arguments": [{ "uri": data }] });
    let id = client.ask("workspace/executeCommand", fix);
    shown(&mut client, "Changing clips.jsonl");
    let request = client.next_request_named("workspace/applyEdit");
    client.reply(&request, json!({ "applied": false, "failureReason": "no" }));
    assert_eq!(client.answer(id).unwrap(), false, "the client did not apply it");
    assert_eq!(client.wait_for_notification("$/progress")["value"]["kind"], "end");
    let id = client.ask("tuning-ls/checkFromDisk", json!({ "uri": uri(folder, "other.jsonl") }));
    shown(&mut client, "Checking other.jsonl");
    client.answer(id).unwrap();
    client.finish();
}
