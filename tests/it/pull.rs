//! Diagnostics for clients that pull them.

use crate::support::client::Client;
use lsp_types::Uri;
use serde_json::{Value, json};
use std::path::Path;

const URI: &str = "file:///data/train.jsonl";

fn line(clip: &str, resolution: &str) -> String {
    format!(
        r#"{{"contents":[{{"role":"user","parts":[{{"fileData":{{"fileUri":"gs://clips/{clip}.mp4","mimeType":"video/mp4"}}}}]}},{{"role":"model","parts":[{{"text":"Goal"}}]}}],"generationConfig":{{"mediaResolution":"MEDIA_RESOLUTION_{resolution}"}}}}"#
    ) + "\n"
}

/// A line with a fault after an emoji.
const BROKEN: [&str; 2] = [
    "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"😀\",}]}]}\n",
    "{\"messages\":[{\"role\":\"user\",\"content\":\"😀\",},{\"role\":\"assistant\",\"content\":\"Hi\"}]}\n",
];

fn capabilities(refresh: bool, related: bool) -> Value {
    json!({
        "workspace": {
            "didChangeWatchedFiles": { "dynamicRegistration": true },
            "diagnostics": { "refreshSupport": refresh }
        },
        "textDocument": { "diagnostic": { "relatedDocumentSupport": related, "relatedInformation": true } }
    })
}

fn settings() -> Value {
    json!({ "rules": { "too-few-examples": "off" } })
}

fn uri(folder: &Path, name: &str) -> String {
    Uri::from_file_path(folder.join(name)).unwrap().to_string()
}

/// Writes a training and a validation file without findings.
fn save(folder: &Path, train: &str, validation: &str) {
    std::fs::write(folder.join(train), line("a", "LOW")).unwrap();
    std::fs::write(folder.join(validation), line("b", "LOW")).unwrap();
}

fn pull(client: &mut Client, uri: &str, previous: Option<&Value>) -> Value {
    let mut params = json!({ "textDocument": { "uri": uri } });
    params["previousResultId"] = previous.cloned().unwrap_or_default();
    client.request("textDocument/diagnostic", params).unwrap()
}

fn codes(report: &Value) -> Vec<&str> {
    let items = report["items"].as_array().unwrap_or_else(|| panic!("not a full report: {report}"));
    items.iter().map(|item| item["code"].as_str().unwrap()).collect()
}

/// Waits until the server asks the client to pull again.
fn wait_for_refresh(client: &mut Client) {
    loop {
        let request = client.next_request();
        client.reply(&request, Value::Null);
        if request["method"] == "workspace/diagnostic/refresh" {
            return;
        }
    }
}

fn assert_nothing_was_pushed(client: &Client) {
    let pushed = client.notifications.iter().find(|message| message["method"] == "textDocument/publishDiagnostics");
    assert_eq!(pushed, None);
}

#[test]
fn a_client_that_pulls_gets_what_others_are_sent_and_nothing_is_pushed() {
    for text in BROKEN {
        let mut pushed = Client::initialized(&json!({}), &settings());
        pushed.open(URI, 0, text);
        let expected = pushed.diagnostics(URI, 0);
        assert!(!expected.is_empty());
        let mut client = Client::initialized(&json!({ "textDocument": { "diagnostic": {} } }), &settings());
        client.open(URI, 0, text);
        let report = pull(&mut client, URI, None);
        assert_eq!(report["kind"], "full");
        assert_eq!(report["items"], json!(expected));
        client.notify("textDocument/didClose", json!({ "textDocument": { "uri": URI } }));
        assert!(codes(&pull(&mut client, URI, None)).is_empty(), "a file that isn't open has none");
        assert_nothing_was_pushed(&client);
        client.finish();
    }
}

#[test]
fn a_client_is_offered_pulls_only_if_it_supports_them() {
    for (capabilities, offered) in [
        (json!({}), Value::Null),
        (capabilities(false, false), json!({ "interFileDependencies": true, "workspaceDiagnostics": true })),
    ] {
        let mut client = Client::start();
        let answer = client.request("initialize", json!({ "capabilities": capabilities })).unwrap();
        assert_eq!(answer["capabilities"]["diagnosticProvider"], offered);
    }
}

#[test]
fn a_client_that_pulls_without_saying_so_is_answered() {
    let mut client = Client::initialized(&json!({}), &settings());
    client.open(URI, 0, BROKEN[0]);
    let pushed = client.diagnostics(URI, 0);
    assert_eq!(pull(&mut client, URI, None)["items"], json!(pushed));
    client.finish();
}

#[test]
fn a_pull_after_a_burst_of_edits_gets_the_findings_of_the_final_text() {
    let mut client = Client::initialized(&capabilities(true, false), &settings());
    client.open(URI, 0, &line("a", "LOW").repeat(2_000));
    let empty = json!({ "line": 1_000, "character": 0 });
    for version in 1..=50 {
        client.change(URI, version, json!([{ "range": { "start": empty, "end": empty }, "text": "x" }]));
    }
    let first = client.ask("textDocument/diagnostic", json!({ "textDocument": { "uri": URI } }));
    let end = json!({ "line": 1_000, "character": 50 });
    client.change(URI, 51, json!([{ "range": { "start": empty, "end": end }, "text": "" }]));
    client.change(URI, 52, json!([{ "range": { "start": empty, "end": empty }, "text": "\n" }]));
    let second = client.ask("textDocument/diagnostic", json!({ "textDocument": { "uri": URI } }));
    client.answer(first).unwrap();
    let report = client.answer(second).unwrap();
    assert!(codes(&report).contains(&"blank-line"), "{report}");
    assert!(!codes(&report).contains(&"json-syntax"), "{report}");
    client.finish();
}

#[test]
fn a_result_stays_valid_until_the_findings_change_or_the_document_is_opened_again() {
    let mut client = Client::initialized(&capabilities(true, false), &settings());
    client.open(URI, 0, BROKEN[0]);
    let first = pull(&mut client, URI, None);
    let unchanged = json!({ "kind": "unchanged", "resultId": first["resultId"] });
    assert_eq!(pull(&mut client, URI, Some(&first["resultId"])), unchanged);
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": URI } }));
    // Neovim remembers the result, but no longer shows it.
    client.open(URI, 7, BROKEN[0]);
    let again = pull(&mut client, URI, Some(&first["resultId"]));
    assert_eq!(again["items"], first["items"]);
    client.change(URI, 8, json!([{ "text": format!("\n{}", BROKEN[0]) }]));
    let changed = pull(&mut client, URI, Some(&again["resultId"]));
    assert_eq!(changed["kind"], "full");
    assert_ne!(changed["resultId"], again["resultId"]);
    client.finish();
}

#[test]
fn a_client_is_asked_to_pull_when_settings_or_another_file_change_the_findings() {
    let folder = tempfile::tempdir().unwrap();
    let (train, validation) = (uri(folder.path(), "train.jsonl"), uri(folder.path(), "validation.jsonl"));
    save(folder.path(), "train.jsonl", "validation.jsonl");
    let mut client = Client::initialized(&capabilities(true, false), &settings());
    client.open(&train, 1, &line("a", "LOW"));
    assert!(codes(&pull(&mut client, &train, None)).is_empty());
    client.open(&validation, 1, &line("b", "LOW"));
    assert!(codes(&pull(&mut client, &validation, None)).is_empty());
    // An edit of one file changes the findings of the other.
    client.change(&validation, 2, json!([{ "text": line("b", "MEDIUM") }]));
    let report = pull(&mut client, &validation, None);
    assert_eq!(codes(&report), ["mixed-media-resolution"]);
    assert!(report.get("relatedDocuments").is_none(), "the client doesn't support them");
    wait_for_refresh(&mut client);
    assert_eq!(codes(&pull(&mut client, &train, None)), ["mixed-media-resolution"]);
    let off = json!({ "rules": { "too-few-examples": "off", "mixed-media-resolution": "off" } });
    client.notify("workspace/didChangeConfiguration", json!({ "settings": { "tuning-ls": off } }));
    wait_for_refresh(&mut client);
    assert!(codes(&pull(&mut client, &train, None)).is_empty());
    assert!(codes(&pull(&mut client, &validation, None)).is_empty());
    // An edit of the file itself is no reason.
    client.change(&train, 2, json!([{ "text": format!("\n{}", line("a", "LOW")) }]));
    assert_eq!(codes(&pull(&mut client, &train, None)), ["blank-line"]);
    let asked = |message: &Value| message["method"] == "workspace/diagnostic/refresh";
    assert!(!client.notifications.iter().any(asked));
    assert_nothing_was_pushed(&client);
    client.finish();
}

#[test]
fn the_answer_for_one_file_has_the_changed_findings_of_the_others_if_the_client_supports_that() {
    let folder = tempfile::tempdir().unwrap();
    let (train, validation) = (uri(folder.path(), "train.jsonl"), uri(folder.path(), "validation.jsonl"));
    save(folder.path(), "train.jsonl", "validation.jsonl");
    let mut client = Client::initialized(&capabilities(true, true), &settings());
    for (uri, clip) in [(&train, "a"), (&validation, "b")] {
        client.open(uri, 1, &line(clip, "LOW"));
        assert!(codes(&pull(&mut client, uri, None)).is_empty());
    }
    client.change(&validation, 2, json!([{ "text": line("b", "MEDIUM") }]));
    let report = pull(&mut client, &validation, None);
    let related = &report["relatedDocuments"][&train];
    assert_eq!((codes(&report), codes(related)), (vec!["mixed-media-resolution"], vec!["mixed-media-resolution"]));
    // The client has both now.
    for (uri, report) in [(&train, related), (&validation, &report)] {
        let again = pull(&mut client, uri, Some(&report["resultId"]));
        assert_eq!(again, json!({ "kind": "unchanged", "resultId": report["resultId"] }));
    }
    client.finish();
}

#[test]
fn without_refresh_the_first_answer_knows_the_other_files_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let train = uri(folder.path(), "train.jsonl");
    std::fs::write(folder.path().join("validation.jsonl"), line("b", "MEDIUM")).unwrap();
    let mut client = Client::initialized(&capabilities(false, false), &settings());
    client.open(&train, 1, &line("a", "LOW"));
    assert_eq!(codes(&pull(&mut client, &train, None)), ["mixed-media-resolution"]);
    client.finish();
}

/// Pulls all files, with a token if `parts`. Returns the reports and the number of parts.
fn pull_all(client: &mut Client, previous: &Value, parts: bool) -> (Vec<Value>, usize) {
    let mut params = json!({ "previousResultIds": previous });
    if parts {
        params["partialResultToken"] = json!("parts");
    }
    let mut items = Vec::new();
    let rest = client.request("workspace/diagnostic", params).unwrap();
    let mut count = 0;
    client.notifications.retain(|message| {
        let is_part = message["method"] == "$/progress" && message["params"]["token"] == "parts";
        if is_part {
            items.extend(message["params"]["value"]["items"].as_array().unwrap().iter().cloned());
            count += 1;
        }
        !is_part
    });
    items.extend(rest["items"].as_array().unwrap().iter().cloned());
    (items, count)
}

fn results(reports: &[Value]) -> Value {
    let known = |report: &Value| json!({ "uri": report["uri"], "value": report["resultId"] });
    reports.iter().map(known).collect()
}

#[test]
fn all_files_of_the_workspace_are_pulled_and_those_that_are_gone_are_cleared() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "tuning-ls.toml",
        "diagnostic-mode = \"workspace\"\n[rules]\ntoo-few-examples = \"off\"\nno-such = \"off\"\n",
    );
    write("one.jsonl", &format!("\n{}", line("a", "LOW")));
    write("two.jsonl", BROKEN[1]);
    write("clean.jsonl", &line("c", "LOW"));
    let root = Uri::from_file_path(folder.path()).unwrap().to_string();
    let mut client = Client::in_folder(Some(&root), &capabilities(true, false), &Value::Null);
    // No document is open.
    let (reports, _) = pull_all(&mut client, &json!([]), false);
    let of = |reports: &[Value], name: &str| -> Value {
        let wanted = uri(folder.path(), name);
        reports.iter().find(|report| report["uri"] == wanted).cloned().unwrap_or_default()
    };
    assert_eq!(codes(&of(&reports, "one.jsonl")), ["blank-line"]);
    assert!(codes(&of(&reports, "two.jsonl")).contains(&"trailing-comma"));
    assert!(codes(&of(&reports, "clean.jsonl")).is_empty());
    assert_eq!(codes(&of(&reports, "tuning-ls.toml")), ["bad-config"]);
    assert!(reports.iter().all(|report| report["version"].is_null() && report.get("version").is_some()));
    // Nothing has changed.
    let known = results(&reports);
    let (again, parts) = pull_all(&mut client, &known, true);
    assert!(again.len() == 4 && again.iter().all(|report| report["kind"] == "unchanged"), "{again:?}");
    assert_eq!(parts, 1);
    // One is opened and edited, one is removed.
    let one = uri(folder.path(), "one.jsonl");
    client.open(&one, 3, &line("a", "LOW"));
    std::fs::remove_file(folder.path().join("two.jsonl")).unwrap();
    let changes = json!({ "changes": [{ "uri": uri(folder.path(), "two.jsonl"), "type": 3 }] });
    client.notify("workspace/didChangeWatchedFiles", changes);
    wait_for_refresh(&mut client);
    let (reports, _) = pull_all(&mut client, &known, false);
    assert_eq!((&of(&reports, "one.jsonl")["version"], codes(&of(&reports, "one.jsonl")).len()), (&json!(3), 0));
    assert!(codes(&of(&reports, "two.jsonl")).is_empty());
    assert_eq!(of(&reports, "clean.jsonl")["kind"], "unchanged");
    assert_nothing_was_pushed(&client);
    client.finish();
}

/// A URI as VS Code writes it: with a small letter for the drive, and with more characters encoded than needed.
fn encoded(uri: &str) -> String {
    let path = uri.strip_prefix("file:///").unwrap();
    let path = match path.split_once(':') {
        Some((drive, path)) => format!("{}%3A{path}", drive.to_lowercase()),
        None => path.to_owned(),
    };
    format!("file:///{}", path.replace('(', "%28").replace(')', "%29").replace('+', "%2B"))
}

#[test]
fn a_file_is_the_same_however_the_client_encodes_its_uri() {
    let folder = tempfile::tempdir().unwrap();
    let (closed, train) = ("validation (1).jsonl", "train (1).jsonl");
    std::fs::write(folder.path().join(closed), format!("\n{}", line("b", "LOW"))).unwrap();
    std::fs::write(folder.path().join(train), line("a", "LOW")).unwrap();
    let [closed, train] = [closed, train].map(|name| encoded(&uri(folder.path(), name)));
    assert!(closed.contains("%28"));
    let root = encoded(Uri::from_file_path(folder.path()).unwrap().as_ref());
    let mut all = settings();
    all["diagnosticMode"] = json!("workspace");
    let mut client = Client::in_folder(Some(&root), &capabilities(true, true), &all);
    let (reports, _) = pull_all(&mut client, &json!([]), false);
    let mut known = results(&reports);
    for known in known.as_array_mut().unwrap() {
        known["uri"] = encoded(known["uri"].as_str().unwrap()).into();
    }
    let (again, _) = pull_all(&mut client, &known, false);
    assert!(again.len() == 2 && again.iter().all(|report| report["kind"] == "unchanged"), "{again:?}");
    // The file is pulled by itself.
    assert_eq!(codes(&pull(&mut client, &closed, None)), ["blank-line"]);
    // An open file is not among the others.
    client.open(&train, 1, &format!("\n{}", line("a", "LOW")));
    let report = pull(&mut client, &train, None);
    assert_eq!(codes(&report), ["blank-line"]);
    let related = report["relatedDocuments"].as_object().cloned().unwrap_or_default();
    assert!(related.keys().all(|other| encoded(other) != train), "{related:?}");
    let (reports, _) = pull_all(&mut client, &json!([]), false);
    assert_eq!(reports.iter().filter(|report| encoded(report["uri"].as_str().unwrap()) == train).count(), 1);
    client.finish();
}

#[test]
fn many_findings_of_the_workspace_come_in_parts() {
    let folder = tempfile::tempdir().unwrap();
    for file in 0..5 {
        let line = line(&format!("c{file}"), "LOW");
        let text = format!("{line}{}", line.replacen("]}]", "],}]", 1)).repeat(300);
        std::fs::write(folder.path().join(format!("f{file}.jsonl")), text).unwrap();
    }
    let root = Uri::from_file_path(folder.path()).unwrap().to_string();
    let off = json!({ "diagnosticMode": "workspace", "rules": { "duplicate-example": "off" } });
    let mut client = Client::in_folder(Some(&root), &capabilities(true, false), &off);
    let (reports, parts) = pull_all(&mut client, &json!([]), true);
    assert_eq!(reports.len(), 5);
    assert!(parts >= 2, "{parts} parts");
    client.finish();
}

#[test]
fn a_pull_of_a_document_that_is_closed_meanwhile_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let train = uri(folder.path(), "train.jsonl");
    let mut client = Client::initialized(&capabilities(true, false), &settings());
    client.open(&train, 1, &line("a", "LOW"));
    let asked = client.ask("textDocument/diagnostic", json!({ "textDocument": { "uri": train } }));
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": train } }));
    if let Err(error) = client.answer(asked) {
        assert_eq!((&error["code"], &error["data"]["retriggerRequest"]), (&json!(-32802), &json!(false)), "{error}");
    }
    client.finish();
}

#[test]
fn a_file_that_is_checked_from_disk_is_pushed_because_the_client_does_not_pull_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("large.jsonl"), format!("\n{}", line("a", "LOW"))).unwrap();
    let large = uri(folder.path(), "large.jsonl");
    let mut client = Client::initialized(&capabilities(true, false), &settings());
    client.request("tuning-ls/checkFromDisk", json!({ "uri": large })).unwrap();
    client.wait_for(&large, &["blank-line"]);
    client.finish();
}
