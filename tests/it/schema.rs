//! `tuning-ls schema`: its JSON Schema accepts clean examples and rejects broken ones.

use jsonschema::Validator;
use serde_json::{Value, json};
use std::process::Command;

fn printed() -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_tuning-ls")).arg("schema").output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn validator() -> Validator {
    let schema = printed();
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
}

fn lines(name: &str) -> Vec<String> {
    let path = format!("{}/fixtures/datasets/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn every_line_of_the_clean_datasets_is_valid() {
    let validator = validator();
    let mut count = 0;
    for name in [
        "video-clean.jsonl",
        "images-crlf.jsonl",
        "function-calling.jsonl",
        "preference-clean.jsonl",
        "video-too-long.jsonl",
    ] {
        for line in lines(name) {
            let value: Value = serde_json::from_str(&line).unwrap();
            let errors: Vec<_> =
                validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert!(errors.is_empty(), "{name}: {line}\n{}", errors.join("\n"));
            count += 1;
        }
    }
    assert_eq!(count, 226);
}

#[test]
fn a_line_of_another_format_is_not() {
    let validator = validator();
    for line in lines("openai-chat.jsonl").iter().chain(&lines("service-log.jsonl")) {
        let value: Value = serde_json::from_str(line).unwrap();
        assert!(!validator.is_valid(&value), "{line}");
    }
}

#[test]
fn each_broken_line_that_is_json_and_wrong_in_its_shape_is_refused() {
    let validator = validator();
    // An unknown role, offsets without `s`, a local path, a misplaced `videoMetadata`, an unknown value.
    for number in [3, 4, 6, 11, 14] {
        let line = &lines("video-broken.jsonl")[number - 1];
        let value: Value = serde_json::from_str(line).unwrap();
        assert!(!validator.is_valid(&value), "{line}");
    }
}

#[test]
fn either_spelling_is_valid_and_both_at_once_are_not() {
    let validator = validator();
    let line = |file: Value| json!({ "contents": [{ "role": "user", "parts": [file] }] });
    let camel = json!({ "fileUri": "gs://b/o", "mimeType": "video/mp4" });
    let snake = json!({ "file_uri": "gs://b/o", "mime_type": "video/mp4" });
    assert!(validator.is_valid(&line(json!({ "fileData": camel }))));
    assert!(validator.is_valid(&line(json!({ "file_data": snake }))));
    for wrong in [
        json!({ "fileData": camel, "file_data": snake }),
        json!({ "fileData": camel, "text": "two of a union" }),
        json!({ "fileData": { "fileUri": "gs://b/o" } }),
        json!({ "fileData": camel, "videoMetadata": { "endOffset": "-5s" } }),
        json!({ "fileData": camel, "videoMetadata": { "endOffset": 5 } }),
        json!({}),
    ] {
        assert!(!validator.is_valid(&line(wrong.clone())), "{wrong}");
    }
    // The schema checks the role of a turn, but not of a system instruction.
    let with = |system: &str, turn: &str| {
        json!({
            "systemInstruction": { "role": system, "parts": [{ "text": "" }] },
            "contents": [{ "role": turn, "parts": [{ "text": "" }] }],
        })
    };
    assert!(validator.is_valid(&with("system", "user")));
    assert!(!validator.is_valid(&with("system", "system")));
}

#[test]
fn the_schema_says_what_a_field_is_and_which_spelling_is_old() {
    let schema = printed();
    let file = &schema["$defs"]["FileData"]["properties"];
    assert!(file["fileUri"]["description"].as_str().is_some_and(|text| text.len() > 20));
    assert_eq!(file["file_uri"]["deprecated"], true);
    let resolutions = schema["$defs"]["GenerationConfig"]["properties"]["mediaResolution"]["enum"].as_array().unwrap();
    assert!(resolutions.contains(&json!("MEDIA_RESOLUTION_LOW")) && resolutions.len() == 4, "{resolutions:?}");
}
