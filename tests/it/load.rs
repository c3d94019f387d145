//! Long sessions and many documents: the findings are right at the end, and memory doesn't grow.

use crate::support::client::Client;
use crate::support::commands::write;
use lsp_types::Uri;
use serde_json::{Value, json};

const GOOD: &str = "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"a\"}]},{\"role\":\"model\",\"parts\":[{\"text\":\"b\"}]}]}\n";

fn uri(number: usize) -> String {
    format!("file:///no/folder/{number}.jsonl")
}

fn broken() -> String {
    GOOD.replace("}]}\n", ",}]}\n")
}

fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().map(|it| it["code"].as_str().unwrap()).filter(|code| *code != "too-few-examples").collect()
}

#[cfg(target_os = "linux")]
#[track_caller]
fn stays_flat(before: usize, after: usize) {
    // An allocator returns memory late.
    assert!(after < before + before / 4 + (8 << 20), "{before} bytes became {after}");
}

#[cfg(not(target_os = "linux"))]
fn stays_flat((): (), (): ()) {}

#[cfg(not(target_os = "linux"))]
impl Client {
    fn memory(&self) {}
}

#[test]
fn two_hundred_documents_are_right_after_edits_in_turn() {
    let mut client = Client::initialized(&json!({}), &Value::Null);
    let text = GOOD.repeat(20);
    (0..200).for_each(|number| client.open(&uri(number), 1, &text));
    for version in 2..6 {
        for number in 0..200 {
            let end = json!({ "line": version, "character": GOOD.len() - 4 });
            let text = if version % 2 == 0 { "," } else { "" };
            let change = json!([{ "range": { "start": end, "end": end }, "text": text }]);
            client.change(&uri(number), version, change);
        }
    }
    for number in 0..200 {
        let found = client.diagnostics(&uri(number), 5);
        let commas = codes(&found).into_iter().filter(|code| *code == "trailing-comma").count();
        assert_eq!(commas, 2, "{number}");
    }
    client.finish();
}

#[test]
fn memory_stays_flat_while_documents_are_opened_and_closed() {
    let mut client = Client::initialized(&json!({}), &Value::Null);
    let text = broken().repeat(50);
    let turn = |client: &mut Client, number: usize| {
        client.open(&uri(number), 1, &text);
        // A fault of every line is one finding.
        assert!(codes(&client.diagnostics(&uri(number), 1)).contains(&"trailing-comma"));
        client.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri(number) } }));
    };
    (0..200).for_each(|number| turn(&mut client, number));
    let before = client.memory();
    (200..1_000).for_each(|number| turn(&mut client, number));
    stays_flat(before, client.memory());
    client.finish();
}

#[test]
fn memory_stays_flat_while_a_document_is_edited() {
    let mut client = Client::initialized(&json!({}), &Value::Null);
    client.open(&uri(0), 1, &GOOD.repeat(1_000));
    let edit = |client: &mut Client, version: usize| {
        let at = |character: usize| json!({ "line": version % 1_000, "character": character });
        let place = GOOD.find("\"a\"").unwrap() + 1;
        let end = if (version / 1_000).is_multiple_of(2) { place } else { place + 1 };
        let text = if end == place { "x" } else { "" };
        let change = json!([{ "range": { "start": at(place), "end": at(end) }, "text": text }]);
        client.change(&uri(0), i32::try_from(version).unwrap(), change);
    };
    (2..4_000).for_each(|version| edit(&mut client, version));
    client.diagnostics(&uri(0), 3_999);
    let before = client.memory();
    (4_000..20_000).for_each(|version| edit(&mut client, version));
    let last = client.diagnostics(&uri(0), 19_999);
    let memory = client.memory();
    // A document that is opened with the final text has the same findings.
    let mut texts = vec!["a".to_owned(); 1_000];
    for version in 2..20_000 {
        let text = &mut texts[version % 1_000];
        if version / 1_000 % 2 == 0 {
            text.insert(0, 'x');
        } else {
            text.remove(0);
        }
    }
    let lines: String = texts.iter().map(|text| GOOD.replacen("\"a\"", &format!("\"{text}\""), 1)).collect();
    client.open(&uri(1), 1, &lines);
    assert_eq!(last, client.diagnostics(&uri(1), 1));
    stays_flat(before, memory);
    client.finish();
}

#[test]
fn five_hundred_files_of_a_workspace_are_published() {
    let folder = tempfile::tempdir().unwrap();
    (0..500).for_each(|number| drop(write(folder.path(), &format!("{number}.jsonl"), broken())));
    let root = Uri::from_file_path(folder.path()).unwrap().to_string();
    let settings = json!({ "diagnosticMode": "workspace" });
    let mut client = Client::in_folder(Some(&root), &json!({}), &settings);
    for number in 0..500 {
        let uri = format!("{root}/{number}.jsonl");
        let found = client.wait_until(&uri, |found| codes(found) == ["trailing-comma"]);
        assert!(found.is_ok(), "{number}: {found:?}");
    }
    client.finish();
}

#[test]
fn a_client_that_never_answers_is_not_waited_for() {
    let mut client = Client::initialized(
        &json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true }, "diagnostics": { "refreshSupport": true },
            "inlayHint": { "refreshSupport": true }, "codeLens": { "refreshSupport": true } },
            "window": { "workDoneProgress": true }, "textDocument": { "inlayHint": {} } }),
        &Value::Null,
    );
    for version in 1..200 {
        let text = if version % 2 == 0 { broken() } else { GOOD.to_owned() };
        if version == 1 {
            client.open(&uri(0), 1, &text);
        } else {
            client.change(&uri(0), version, json!([{ "text": text }]));
        }
        client.notify(
            "workspace/didChangeConfiguration",
            json!({ "settings": { "tuning-ls": { "maxDiagnostics": version } } }),
        );
    }
    assert_eq!(codes(&client.diagnostics(&uri(0), 199)), Vec::<&str>::new());
    client.finish();
}
