//! `tuning-ls stats`: its figures and its output.

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

fn run(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tuning-ls")).args(arguments).current_dir(folder).output().unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The statistics of the only file.
fn json(path: &str, folder: &Path) -> Value {
    let output = run(&["stats", "--json", path], folder);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let mut all: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(all["files"].as_array().map(Vec::len), Some(1));
    all["files"][0].take()
}

#[test]
fn lengths_tokens_and_drops_are_those_of_the_file() {
    let it = json("video-too-long.jsonl", &root().join("fixtures/datasets"));
    let figures = serde_json::to_string_pretty(&it).unwrap();
    insta::assert_snapshot!(figures);
}

#[test]
fn an_array_has_the_figures_of_its_elements() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(root().join("fixtures/datasets/video-array.jsonl"), folder.path().join("a.jsonl")).unwrap();
    let array = json("a.jsonl", folder.path());
    assert_eq!(array["examples"], 4);
    // An element that can't be joined into a line is one all the same.
    let text = std::fs::read_to_string(folder.path().join("a.jsonl")).unwrap();
    std::fs::write(
        folder.path().join("b.jsonl"),
        text.replacen("{\"systemInstruction\"", "{ // one\n\"systemInstruction\"", 1),
    )
    .unwrap();
    let broken = json("b.jsonl", folder.path());
    assert_eq!((&broken["records"], &broken["examples"]), (&Value::from(4), &Value::from(3)));
    run(&["check", "--fix", "a.jsonl"], folder.path());
    let lines = json("a.jsonl", folder.path());
    for figure in ["records", "examples", "tokens", "segments", "labels", "media", "turns"] {
        assert_eq!(array[figure], lines[figure], "{figure}");
    }
}

#[test]
fn settings_are_named_as_for_a_check() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(root().join("fixtures/datasets/video-clean.jsonl"), folder.path().join("a.jsonl")).unwrap();
    std::fs::write(folder.path().join("tuning-ls.toml"), "format = \"other\"\n").unwrap();
    let tuning = |options: &[&str]| {
        let output = run(&[&["stats", "--json", "a.jsonl"], options].concat(), folder.path());
        serde_json::from_slice::<Value>(&output.stdout).unwrap()["files"][0]["tuning"] == true
    };
    assert!(!tuning(&[]));
    assert!(tuning(&["--no-config"]) && tuning(&["--format", "gemini"]));
    let output = run(&["report", "a.jsonl", "-o", "a.html", "--config", "no.toml"], folder.path());
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&output.stderr).lines().count(), 1, "{output:?}");
    assert!(!folder.path().join("a.html").exists());
}

#[test]
fn few_short_targets_are_labels_and_prose_is_none() {
    let it = json("video-clean.jsonl", &root().join("fixtures/datasets"));
    let labels: Vec<_> = it["labels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["name"].as_str().unwrap(), it["count"].as_u64()))
        .collect();
    assert_eq!(labels, [("dog", Some(34)), ("rabbit", Some(33)), ("cat", Some(32)), ("갈색", Some(1))]);
    let folder = tempfile::tempdir().unwrap();
    let line = |target: &str| {
        format!(
            r#"{{"contents":[{{"role":"user","parts":[{{"text":"?"}}]}},{{"role":"model","parts":[{{"text":"{target}"}}]}}]}}"#
        )
    };
    let long = line("a sentence that is far too long to be a label");
    std::fs::write(folder.path().join("prose.jsonl"), [line("goal"), long].join("\n")).unwrap();
    assert_eq!(json("prose.jsonl", folder.path())["labels"], Value::Null);
    let many: Vec<_> = (0..50).map(|number| line(&number.to_string())).collect();
    std::fs::write(folder.path().join("many.jsonl"), many.join("\n")).unwrap();
    assert_eq!(json("many.jsonl", folder.path())["labels"], Value::Null);
    std::fs::write(folder.path().join("few.jsonl"), many[..49].join("\n")).unwrap();
    assert_eq!(json("few.jsonl", folder.path())["labels"].as_array().map(Vec::len), Some(49));
}

#[test]
fn a_label_does_not_move_the_cursor_of_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let line = r#"{"contents":[{"role":"user","parts":[{"text":"?"}]},{"role":"model","parts":[{"text":"a\u001b[2J\u202eb"}]}]}"#;
    std::fs::write(folder.path().join("a.jsonl"), line).unwrap();
    let table = text(&run(&["stats", "a.jsonl"], folder.path()));
    assert!(table.contains(r"a\u{1b}[2J\u{202e}b"), "{table}");
}

#[test]
fn every_key_of_the_json_is_in_the_help() {
    let help = text(&run(&["stats", "--help"], root()));
    let mut keys = BTreeSet::new();
    for name in ["video-too-long.jsonl", "video-clean.jsonl"] {
        collect(&json(name, &root().join("fixtures/datasets")), &mut keys);
    }
    let unknown: Vec<_> = keys.iter().filter(|key| !key.starts_with("MEDIA_") && !help.contains(*key)).collect();
    assert!(unknown.is_empty() && keys.len() > 30, "{unknown:?}");
}

fn collect(value: &Value, keys: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            keys.insert(key.clone());
            collect(value, keys);
        }),
        Value::Array(elements) => elements.iter().for_each(|element| collect(element, keys)),
        _ => {}
    }
}

#[test]
fn a_file_that_is_none_is_said_and_a_log_is_only_counted() {
    let folder = root().join("fixtures/datasets");
    let output = run(&["stats", "missing.jsonl", "service-log.jsonl"], &folder);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("missing.jsonl"));
    assert!(text(&output).contains("not a tuning file"));
    assert_eq!(run(&["stats"], &folder).status.code(), Some(2));
    let log = json("service-log.jsonl", &folder);
    assert_eq!((log["records"].as_u64(), log["examples"].as_u64()), (Some(12), Some(0)));
}

#[test]
fn records_that_cannot_be_read_are_no_examples() {
    let it = json("video-broken.jsonl", &root().join("fixtures/datasets"));
    let findings = it["findings"].as_array().unwrap();
    assert!(it["records"].as_u64() > it["examples"].as_u64());
    assert!(findings.iter().any(|it| it["rule"] == "trailing-comma" && it["severity"] == "error"));
}
