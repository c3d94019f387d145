//! Findings that are accepted in the editor, and the commands that an editor can run by name.

use crate::support::client::Client;
use lsp_types::Uri;
use serde_json::{Value, json};
use std::path::Path;

fn uri(folder: &Path, name: &str) -> String {
    Uri::from_file_path(folder.join(name)).unwrap().to_string()
}

fn capabilities(applies: bool) -> Value {
    json!({
        "workspace": {
            "applyEdit": applies,
            "didChangeWatchedFiles": { "dynamicRegistration": true },
            "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create"] }
        },
        "textDocument": {
            "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } } }
        }
    })
}

fn settings() -> Value {
    json!({ "rules": { "too-few-examples": "off" } })
}

fn changed(client: &mut Client, uri: &str) {
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri, "type": 2 }] }));
}

/// Runs a command whose edit the client applies; returns the edit.
fn run(client: &mut Client, command: &Value) -> Value {
    let id = client.ask("workspace/executeCommand", command.clone());
    let request = client.next_request_named("workspace/applyEdit");
    client.reply(&request, json!({ "applied": true }));
    assert_eq!(client.answer(id).unwrap(), true);
    request["params"]["edit"].clone()
}

/// Applies an edit of the server to the files on disk: created files, and edits that replace whole texts or insert.
fn apply(edit: &Value) {
    for change in edit["documentChanges"].as_array().unwrap() {
        let path = |uri: &Value| uri.as_str().unwrap().parse::<Uri>().unwrap().to_file_path().unwrap();
        if change["kind"] == "create" {
            std::fs::File::create_new(path(&change["uri"])).unwrap();
            continue;
        }
        let path = path(&change["textDocument"]["uri"]);
        let before = std::fs::read_to_string(&path).unwrap();
        let edit = &change["edits"][0];
        let start = edit["range"]["start"]["line"].as_u64().unwrap() as usize;
        let end = edit["range"]["end"]["line"].as_u64().unwrap() as usize;
        let mut lines: Vec<_> = before.split_inclusive('\n').map(str::to_owned).collect();
        assert_eq!(edit["range"]["start"]["character"], 0);
        assert_eq!(edit["range"]["end"]["character"], 0);
        let end = end.min(lines.len());
        lines.splice(start..end, [edit["newText"].as_str().unwrap().to_owned()]);
        std::fs::write(&path, lines.concat()).unwrap();
    }
}

const NO_GOAL: &str = r#"{"contents":[{"role":"user","parts":[{"text":"Shot?"}]}]}"#;
const NO_ANSWER: &str = r#"{"messages":[{"role":"user","content":"Shot?"}]}"#;

#[test]
fn a_finding_is_accepted_at_once_in_the_baseline_that_the_command_line_would_write() {
    for text in [NO_GOAL, NO_ANSWER] {
        let folder = tempfile::tempdir().unwrap();
        let folder = &folder.path().canonicalize().unwrap();
        let data = uri(folder, "clips.jsonl");
        std::fs::write(folder.join("clips.jsonl"), format!("{text}\n")).unwrap();
        let root = Uri::from_file_path(folder).unwrap().to_string();
        let able = capabilities(true);
        let mut client = Client::in_folder(Some(&root), &able, &settings());
        client.open(&data, 1, &format!("{text}\n"));
        let found = client.diagnostics(&data, 1);
        let wrong: Vec<_> = found.iter().filter(|it| it["severity"] == 1).cloned().collect();
        let ask = |client: &mut Client, diagnostics: &[Value]| {
            let params = json!({
                "textDocument": { "uri": data },
                "range": diagnostics[0]["range"],
                "context": { "diagnostics": diagnostics }
            });
            client.request("textDocument/codeAction", params).unwrap().as_array().unwrap().clone()
        };
        let actions = ask(&mut client, &wrong[..1]);
        let titles: Vec<_> = actions.iter().map(|action| action["title"].as_str().unwrap()).collect();
        let place = titles.iter().position(|title| *title == "Accept this finding (baseline)").expect("the action");
        assert!(titles[place + 1].starts_with("Turn off rule "), "{titles:?}");
        let action = &actions[place];
        assert_eq!((&action["kind"], action.get("isPreferred")), (&json!("refactor.rewrite"), None));
        // Nothing is saved, and the finding is hidden all the same.
        let edit = run(&mut client, &action["command"]);
        let code = wrong[0]["code"].as_str().unwrap();
        let hidden = |shown: &[Value]| shown.iter().all(|it| it["code"] != code);
        client.wait_until(&data, hidden).expect("the finding is hidden");
        apply(&edit);
        let toml = std::fs::read_to_string(folder.join("tuning-ls.toml")).unwrap();
        assert_eq!(toml, "baseline = \"accepted.json\"\n");
        // Accept the others, too: the files must be as the command line writes them.
        changed(&mut client, &uri(folder, "accepted.json"));
        let mut rest: Vec<_> = found.iter().filter(|it| it["code"] != code).cloned().collect();
        while let Some(finding) = rest.pop() {
            let actions = ask(&mut client, std::slice::from_ref(&finding));
            let accept = actions.iter().find(|it| it["title"] == "Accept this finding (baseline)");
            if let Some(action) = accept {
                apply(&run(&mut client, &action["command"]));
                changed(&mut client, &uri(folder, "accepted.json"));
            }
        }
        let in_editor = std::fs::read_to_string(folder.join("accepted.json")).unwrap();
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_tuning-ls"))
            .args(["check", "--no-config", "--write-baseline", "cli.json", "clips.jsonl"])
            .current_dir(folder)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        assert_eq!(in_editor, std::fs::read_to_string(folder.join("cli.json")).unwrap());
        // A change of the line shows its findings again.
        let start = json!({ "line": 0, "character": 1 });
        client.change(&data, 2, json!([{ "range": { "start": start, "end": start }, "text": " " }]));
        let shown = |shown: &[Value]| shown.iter().any(|it| it["code"] == code);
        client.wait_until(&data, shown).expect("the finding is shown again");
        client.finish();
    }
}

#[test]
fn accepting_a_finding_that_stands_for_others_accepts_them_all() {
    // One finding for the file, and one that each line has.
    let local = NO_GOAL.replace(
        r#"{"text":"Shot?"}"#,
        r#"{"fileData":{"fileUri":"clips/a.mp4","mimeType":"video/mp4"}},{"text":"Shot?"}"#,
    );
    for (line, code, said) in
        [(NO_GOAL, "missing-model-turn", "(4 lines)"), (&local, "bad-uri", "4 lines of this file")]
    {
        let folder = tempfile::tempdir().unwrap();
        let folder = &folder.path().canonicalize().unwrap();
        let data = uri(folder, "clips.jsonl");
        let mut client = Client::in_folder(None, &capabilities(true), &settings());
        let text: String = ["a", "b", "c", "d"].iter().map(|word| line.replace("Shot", word) + "\n").collect();
        client.open(&data, 1, &text);
        let found = client.diagnostics(&data, 1);
        let is_it = |it: &&Value| it["code"] == code && it["message"].as_str().unwrap().contains(said);
        let finding = found.iter().find(is_it).unwrap_or_else(|| panic!("{found:?}"));
        let params = json!({
            "textDocument": { "uri": data },
            "range": finding["range"],
            "context": { "diagnostics": [finding] }
        });
        let actions = client.request("textDocument/codeAction", params).unwrap();
        let accept = |it: &&Value| it["title"].as_str().unwrap().starts_with("Accept this finding (baseline)");
        let action = actions.as_array().unwrap().iter().find(accept).unwrap();
        let edit = run(&mut client, &action["command"]);
        client.wait_until(&data, |shown| shown.iter().all(|it| it["code"] != code)).expect("all are hidden");
        let changes = edit["documentChanges"].as_array().unwrap();
        let text = changes.last().unwrap()["edits"][0]["newText"].as_str().unwrap();
        assert_eq!(text.matches("\"hash\"").count(), 4, "{text}");
        client.finish();
    }
}

#[test]
fn a_finding_cannot_be_accepted_without_creating_files_and_never_if_the_line_is_not_json() {
    for (applies, text, offered) in [(false, NO_GOAL, false), (true, "{\"contents\":[}", false), (true, NO_GOAL, true)]
    {
        let folder = tempfile::tempdir().unwrap();
        let data = uri(folder.path(), "clips.jsonl");
        let able = capabilities(applies);
        let mut client = Client::in_folder(None, &able, &settings());
        client.open(&data, 1, text);
        let found = client.diagnostics(&data, 1);
        let wrong = found.iter().find(|it| it["severity"] == 1).unwrap();
        let params = json!({
            "textDocument": { "uri": data },
            "range": wrong["range"],
            "context": { "diagnostics": [wrong] }
        });
        let actions = client.request("textDocument/codeAction", params).unwrap();
        let accept = |action: &Value| action["title"] == "Accept this finding (baseline)";
        assert_eq!(actions.as_array().unwrap().iter().any(accept), offered, "{text}: {wrong}");
        client.finish();
    }
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
fn long_work_is_shown_as_progress_and_can_be_cancelled() {
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
    let id = client.ask("workspace/executeCommand", fix.clone());
    shown(&mut client, "Changing clips.jsonl");
    let request = client.next_request_named("workspace/applyEdit");
    client.reply(&request, json!({ "applied": false, "failureReason": "no" }));
    assert_eq!(client.answer(id).unwrap(), false, "the client did not apply it");
    assert_eq!(client.wait_for_notification("$/progress")["value"]["kind"], "end");
    let id = client.ask("tuning-ls/checkFromDisk", json!({ "uri": uri(folder, "other.jsonl") }));
    shown(&mut client, "Checking other.jsonl");
    client.answer(id).unwrap();
    // A cancelled request ends at once.
    let id = client.ask("workspace/executeCommand", fix);
    client.notify("$/cancelRequest", json!({ "id": id }));
    assert_eq!(client.answer(id).unwrap_err()["code"], -32800);
    client.finish();
}
