//! Findings that are accepted in the editor.

use crate::support::client::Client;
use lsp_types::Uri;
use serde_json::{Value, json};
use std::path::Path;

pub fn uri(folder: &Path, name: &str) -> String {
    Uri::from_file_path(folder.join(name)).unwrap().to_string()
}

pub fn capabilities(applies: bool) -> Value {
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

pub fn settings() -> Value {
    json!({ "rules": { "too-few-examples": "off" } })
}

fn changed(client: &mut Client, uri: &str) {
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri, "type": 2 }] }));
}

/// Runs a command whose edit the client applies; returns the edit.
pub fn run(client: &mut Client, command: &Value) -> Value {
    let id = client.ask("workspace/executeCommand", command.clone());
    let request = client.next_request_named("workspace/applyEdit");
    client.reply(&request, json!({ "applied": true }));
    assert_eq!(client.answer(id).unwrap(), true);
    request["params"]["edit"].clone()
}

/// The command of the action that accepts a finding.
fn accept_command(client: &mut Client, data: &str, finding: &Value) -> Value {
    let params = json!({
        "textDocument": { "uri": data },
        "range": finding["range"],
        "context": { "diagnostics": [finding] }
    });
    let actions = client.request("textDocument/codeAction", params).unwrap();
    let accepts = |it: &&Value| it["title"].as_str().unwrap().starts_with("Accept this finding (baseline)");
    actions.as_array().unwrap().iter().find(accepts).unwrap()["command"].clone()
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

pub const NO_GOAL: &str = r#"{"contents":[{"role":"user","parts":[{"text":"Shot?"}]}]}"#;
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
        let command = accept_command(&mut client, &data, finding);
        let edit = run(&mut client, &command);
        client.wait_until(&data, |shown| shown.iter().all(|it| it["code"] != code)).expect("all are hidden");
        let changes = edit["documentChanges"].as_array().unwrap();
        let text = changes.last().unwrap()["edits"][0]["newText"].as_str().unwrap();
        assert_eq!(text.matches("\"hash\"").count(), 4, "{text}");
        client.finish();
    }
}

/// A line with two errors that a baseline can hide.
fn two_errors() -> String {
    NO_GOAL.replace(
        r#"{"text":"Shot?"}"#,
        r#"{"fileData":{"fileUri":"clips/a.mp4","mimeType":"video/mp4"}},{"text":"Shot?"}"#,
    )
}

const TWO_ERRORS: [&str; 2] = ["missing-model-turn", "bad-uri"];

/// The commands that accept these two findings.
fn accept_commands(client: &mut Client, data: &str) -> [Value; 2] {
    let found = client.diagnostics(data, 1);
    TWO_ERRORS.map(|code| {
        let finding = found.iter().find(|it| it["code"] == code).unwrap_or_else(|| panic!("{found:?}"));
        accept_command(client, data, finding)
    })
}

fn all_hidden(client: &mut Client, data: &str) {
    let hidden = |shown: &[Value]| shown.iter().all(|it| TWO_ERRORS.iter().all(|code| it["code"] != *code));
    client.wait_until(data, hidden).expect("both are hidden");
}

/// The names of the files that an edit changes, and the last text.
fn changed_files(edit: &Value) -> (Vec<String>, String) {
    let changes = edit["documentChanges"].as_array().unwrap();
    let uris = changes.iter().filter_map(|change| change["textDocument"]["uri"].as_str());
    let names = uris.map(|uri| uri.rsplit('/').next().unwrap().to_owned()).collect();
    (names, changes.last().unwrap()["edits"][0]["newText"].as_str().unwrap().to_owned())
}

#[test]
fn a_finding_is_accepted_after_the_client_has_answered_the_one_before() {
    for first_is_applied in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let folder = &folder.path().canonicalize().unwrap();
        let data = uri(folder, "clips.jsonl");
        let mut client = Client::in_folder(None, &capabilities(true), &settings());
        client.open(&data, 1, &format!("{}\n", two_errors()));
        let [first, second] = accept_commands(&mut client, &data);
        let (one, two) =
            (client.ask("workspace/executeCommand", first), client.ask("workspace/executeCommand", second));
        let request = client.next_request_named("workspace/applyEdit");
        let (_, earlier) = changed_files(&request["params"]["edit"]);
        // The second one has been received by now.
        client.request("tuning-ls/datasetSummary", json!({ "uri": data })).unwrap();
        client.reply(&request, json!({ "applied": first_is_applied }));
        assert_eq!(client.answer(one).unwrap(), first_is_applied);
        let request = client.next_request_named("workspace/applyEdit");
        let edit = &request["params"]["edit"];
        let (files, text) = changed_files(edit);
        let read: Value = serde_json::from_str(&text).unwrap();
        if first_is_applied {
            assert_eq!(files, ["accepted.json"]);
            assert_eq!(read["findings"].as_array().unwrap().len(), 2, "{text}");
            let end = &edit["documentChanges"].as_array().unwrap().last().unwrap()["edits"][0]["range"]["end"];
            assert_eq!(end["line"], earlier.lines().count());
        } else {
            assert_eq!(files, ["tuning-ls.toml", "accepted.json"]);
            assert_eq!(read["findings"].as_array().unwrap().len(), 1, "{text}");
        }
        client.reply(&request, json!({ "applied": true }));
        assert_eq!(client.answer(two).unwrap(), true);
        if first_is_applied {
            all_hidden(&mut client, &data);
        }
        client.finish();
    }
}

#[test]
fn a_baseline_that_is_saved_before_the_settings_that_name_it_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let folder = &folder.path().canonicalize().unwrap();
    let data = uri(folder, "clips.jsonl");
    let mut client = Client::in_folder(None, &capabilities(true), &settings());
    client.open(&data, 1, &format!("{}\n", two_errors()));
    let [first, second] = accept_commands(&mut client, &data);
    let (files, text) = changed_files(&run(&mut client, &first));
    assert_eq!(files, ["tuning-ls.toml", "accepted.json"]);
    std::fs::write(folder.join("accepted.json"), text).unwrap();
    changed(&mut client, &uri(folder, "accepted.json"));
    let (files, text) = changed_files(&run(&mut client, &second));
    assert_eq!(files, ["accepted.json"], "the settings name it already, though unsaved");
    assert!(TWO_ERRORS.iter().all(|code| text.contains(code)), "{text}");
    all_hidden(&mut client, &data);
    // From now on, the files on disk count.
    std::fs::write(folder.join("accepted.json"), text).unwrap();
    std::fs::write(folder.join("tuning-ls.toml"), "baseline = \"accepted.json\"\n").unwrap();
    changed(&mut client, &uri(folder, "tuning-ls.toml"));
    std::fs::write(folder.join("accepted.json"), "{\"version\": 1, \"findings\": []}\n").unwrap();
    changed(&mut client, &uri(folder, "accepted.json"));
    let shown = |shown: &[Value]| TWO_ERRORS.iter().all(|code| shown.iter().any(|it| it["code"] == *code));
    client.wait_until(&data, shown).expect("both are shown again");
    client.finish();
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
fn in_a_view_a_rule_is_turned_off_for_the_project_and_nothing_is_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let (data, toml) = (uri(folder.path(), "clips.jsonl"), uri(folder.path(), "tuning-ls.toml"));
    let mut client = Client::initialized(&capabilities(true), &settings());
    client.open(&data, 1, &two_errors());
    client.diagnostics(&data, 1);
    let place = json!({ "textDocument": { "uri": data }, "position": { "line": 0, "character": 3 } });
    let view = client.request("tuning-ls/example", place).unwrap();
    let (shown, text) = (view["uri"].as_str().unwrap(), view["text"].as_str().unwrap());
    client.open(shown, 1, text);
    let found = client.diagnostics(shown, 1);
    let params = json!({
        "textDocument": { "uri": shown }, "range": found[0]["range"], "context": { "diagnostics": [found[0]] }
    });
    let actions = client.request("textDocument/codeAction", params).unwrap();
    let titled = |start: &str| {
        let is_titled = |action: &&Value| action["title"].as_str().is_some_and(|title| title.starts_with(start));
        actions.as_array().unwrap().iter().find(is_titled)
    };
    let off = titled("Turn off rule").expect("the action");
    assert_eq!(off["edit"]["documentChanges"][0], json!({ "kind": "create", "uri": toml }));
    assert_eq!(titled("Accept"), None);
    client.finish();
}

#[test]
fn a_baseline_that_cannot_be_read_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let folder = &folder.path().canonicalize().unwrap();
    std::fs::write(folder.join("clips.jsonl"), format!("{NO_GOAL}\n")).unwrap();
    std::fs::write(folder.join("tuning-ls.toml"), "baseline = \"a.json\"\n").unwrap();
    std::fs::write(folder.join("a.json"), b"my notes \xff\nline 2\n").unwrap();
    let data = uri(folder, "clips.jsonl");
    let mut client = Client::in_folder(Some(&uri(folder, "")), &capabilities(true), &settings());
    client.open(&data, 1, &format!("{NO_GOAL}\n"));
    let found = client.diagnostics(&data, 1);
    let command = accept_command(&mut client, &data, found.iter().find(|it| it["severity"] == 1).unwrap());
    let error = client.request("workspace/executeCommand", command).unwrap_err();
    assert!(error["message"].as_str().unwrap().ends_with("not replacing it"), "{error}");
    client.finish();
}

#[test]
fn the_baseline_of_the_editors_settings_counts_where_the_project_names_none() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (folder, elsewhere) = (folder.path().canonicalize().unwrap(), elsewhere.path().canonicalize().unwrap());
    std::fs::write(folder.join("clips.jsonl"), format!("{NO_GOAL}\n{NO_GOAL} \n")).unwrap();
    let baseline = elsewhere.join("mine.json");
    let data = uri(&folder, "clips.jsonl");
    let settings = json!({ "baseline": baseline, "rules": { "too-few-examples": "off", "duplicate-example": "off" } });
    let mut client = Client::in_folder(Some(&uri(&folder, "")), &capabilities(true), &settings);
    // It is missing.
    let told = client.wait_for_notification("window/showMessage");
    assert!(told.to_string().contains("the baseline cannot be read"), "{told}");
    client.open(&data, 1, &format!("{NO_GOAL}\n"));
    let found = client.wait_for(&data, &["missing-model-turn"]);
    let command = accept_command(&mut client, &data, &found[0]);
    apply(&run(&mut client, &command));
    client.wait_for(&data, &[]);
    assert!(std::fs::read_to_string(&baseline).unwrap().contains("missing-model-turn"));
    assert!(!folder.join("tuning-ls.toml").exists());
    client.finish();
    // An empty path is none.
    let empty = json!({ "baseline": "", "rules": { "too-few-examples": "off" } });
    let mut client = Client::in_folder(Some(&uri(&folder, "")), &capabilities(true), &empty);
    client.open(&data, 1, &format!("{NO_GOAL}\n"));
    client.wait_for(&data, &["missing-model-turn"]);
    assert!(client.notifications.iter().all(|it| it["method"] != "window/showMessage"));
    client.finish();
    // It is read, and a project's baseline overrides it.
    for (toml, codes) in [("", &[][..]), ("baseline = \"own.json\"\n", &["missing-model-turn"])] {
        std::fs::write(folder.join("tuning-ls.toml"), toml).unwrap();
        std::fs::write(folder.join("own.json"), "").unwrap();
        let mut client = Client::in_folder(Some(&uri(&folder, "")), &capabilities(true), &settings);
        client.open(&data, 1, &format!("{NO_GOAL}\n"));
        client.wait_for(&data, codes);
        client.finish();
    }
}

#[cfg(unix)]
#[test]
fn accepting_never_writes_by_a_link_out_of_the_folder() {
    for (name, toml) in [("accepted.json", ""), ("other.json", "baseline = \"other.json\"\n")] {
        let folder = tempfile::tempdir().unwrap();
        let outside = folder.path().canonicalize().unwrap();
        let inside = outside.join("project");
        std::fs::create_dir(&inside).unwrap();
        std::fs::write(inside.join("clips.jsonl"), format!("{NO_GOAL}\n")).unwrap();
        std::fs::write(inside.join("tuning-ls.toml"), toml).unwrap();
        std::os::unix::fs::symlink("../new.json", inside.join(name)).unwrap();
        let data = uri(&inside, "clips.jsonl");
        let mut client = Client::in_folder(Some(&uri(&inside, "")), &capabilities(true), &settings());
        client.open(&data, 1, &format!("{NO_GOAL}\n"));
        let found = client.diagnostics(&data, 1);
        let command = accept_command(&mut client, &data, found.iter().find(|it| it["severity"] == 1).unwrap());
        let error = client.request("workspace/executeCommand", command).unwrap_err();
        let problem = error["message"].as_str().unwrap();
        assert!(problem.contains("it leads out of the folder of its `tuning-ls.toml`; not replacing it"), "{problem}");
        client.finish();
    }
}

#[test]
fn a_baseline_with_a_name_of_its_own_is_watched() {
    let folder = tempfile::tempdir().unwrap();
    let folder = &std::fs::canonicalize(folder.path()).unwrap();
    std::fs::write(folder.join("clips.jsonl"), format!("{NO_GOAL}\n")).unwrap();
    let written = std::process::Command::new(env!("CARGO_BIN_EXE_tuning-ls"))
        .args(["check", "--no-config", "--write-baseline", "written.json", "clips.jsonl"])
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(written.status.success(), "{written:?}");
    std::fs::write(folder.join("known.json"), "{}").unwrap();
    let baseline = std::fs::read(folder.join("written.json")).unwrap();
    let toml = folder.join("tuning-ls.toml");
    std::fs::write(&toml, "baseline = \"known.json\"\n").unwrap();
    let (data, root) = (uri(folder, "clips.jsonl"), uri(folder, ""));
    let mut client = Client::in_folder(Some(&root), &capabilities(true), &settings());
    let usual = client.next_request_named("client/registerCapability");
    client.reply(&usual, Value::Null);
    client.open(&data, 1, &format!("{NO_GOAL}\n"));
    let own = client.next_request_named("client/registerCapability");
    assert_eq!(
        own["params"]["registrations"][0]["registerOptions"]["watchers"],
        json!([{ "globPattern": "**/known.json" }])
    );
    client.reply(&own, Value::Null);
    client.wait_for(&data, &["missing-model-turn"]);
    std::fs::write(folder.join("known.json"), baseline).unwrap();
    changed(&mut client, &uri(folder, "known.json"));
    client.wait_for(&data, &[]);
    std::fs::write(&toml, "").unwrap();
    changed(&mut client, &uri(folder, "tuning-ls.toml"));
    let earlier = client.next_request_named("client/unregisterCapability");
    assert_eq!(earlier["params"]["unregisterations"][0]["id"], own["params"]["registrations"][0]["id"]);
    client.reply(&earlier, Value::Null);
    client.wait_for(&data, &["missing-model-turn"]);
    client.finish();
}
