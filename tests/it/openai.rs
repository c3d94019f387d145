//! OpenAI's formats, alone and next to Gemini's: each file is checked by its own format.

use crate::support::program::{findings, run, stdout};
use serde_json::{Value, json};
use std::path::Path;
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn check(folder: &Path, arguments: &[&str]) -> String {
    stdout(&run(&[&["check"], arguments].concat(), folder))
}

/// Ten copies of the line, with `N` replaced by the number of the copy.
fn ten(line: &str) -> String {
    (0..10).map(|number| line.replace('N', &number.to_string()) + "\n").collect()
}

fn chat() -> String {
    ten(r#"{"messages":[{"role":"user","content":"N?"},{"role":"assistant","content":"a N"}]}"#)
}

fn gemini() -> String {
    ten(r#"{"contents":[{"role":"user","parts":[{"text":"N?"}]},{"role":"model","parts":[{"text":"a N"}]}]}"#)
}

#[test]
fn files_of_two_formats_can_share_a_folder_and_a_settings_file() {
    let settings = "[rules]\ntoo-few-examples = \"off\"\n[[dataset]]\nname = \"a\"\ntrain = \"chat.jsonl\"\n\
                    [[dataset]]\nname = \"b\"\ntrain = \"gemini.jsonl\"\n";
    let files = folder(&[("chat.jsonl", &chat()), ("gemini.jsonl", &gemini()), ("tuning-ls.toml", settings)]);
    assert_eq!(check(files.path(), &["."]), "");
    let mixed = folder(&[("mixed.jsonl", &(chat() + gemini().lines().next().unwrap() + "\n"))]);
    let found = check(mixed.path(), &["."]);
    assert!(found.contains("mixed.jsonl:11:1: error[foreign-format]"), "{found}");
}

#[test]
fn a_service_alone_says_which_format_a_file_without_any_is_in() {
    let files = folder(&[
        ("a.jsonl", "{\"prompt\":\"a\",\"completion\":\"b\"}\n"),
        ("tuning-ls.toml", "service = \"together\"\n"),
    ]);
    let found = check(files.path(), &["a.jsonl"]);
    assert!(found.contains("Together AI reads it, but it isn't checked") && !found.contains("no-examples"), "{found}");
}

#[test]
fn text_that_is_wrapped_in_a_part_says_its_type() {
    let list = chat().replacen(r#""content":"0?""#, r#""content":["0?"]"#, 1);
    let files = folder(&[("a.jsonl", &list)]);
    check(files.path(), &["--fix", "a.jsonl"]);
    let fixed = std::fs::read_to_string(files.path().join("a.jsonl")).unwrap();
    assert!(fixed.starts_with(r#"{"messages":[{"role":"user","content":[{"type":"text","text":"0?"}]}"#), "{fixed}");
    assert_eq!(check(files.path(), &["a.jsonl"]), "");
}

#[test]
fn no_fix_for_many_lines_invents_content() {
    let answer = r#"[{"role":"assistant","content":"a"}]"#;
    for line in [
        "{}",
        r#"{"messages":null}"#,
        r#"{"messages":[{"role":"user"},{"role":"assistant","content":"a"}]}"#,
        r#"{"messages":[{"role":"user","content":null},{"role":"assistant","content":"a"}]}"#,
        r#"{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}],"tools":[{"type":"function"}]}"#,
        &format!(r#"{{"input":{{"messages":[{{"role":"user","content":"q"}}]}},"preferred_output":{answer}}}"#),
        &format!(r#"{{"input":{{}},"preferred_output":{answer},"non_preferred_output":{answer}}}"#),
        r#"{"systemInstruction":{"parts":[{"text":"a"}]}}"#,
        r#"{"contents":[{"role":"user"},{"role":"model","parts":[{"text":"a"}]}]}"#,
    ] {
        let others = if line.contains("parts") { gemini() } else { chat() };
        let files = folder(&[("a.jsonl", &format!("{line}\n{others}"))]);
        assert!(check(files.path(), &["a.jsonl"]).contains("missing-field"), "{line}");
        check(files.path(), &["--fix", "--unsafe-fixes", "a.jsonl"]);
        let fixed = std::fs::read_to_string(files.path().join("a.jsonl")).unwrap();
        assert_eq!(fixed.lines().next(), Some(line));
    }
}

#[test]
fn an_array_or_a_csv_file_is_of_the_service_of_its_lines() {
    let lines = chat();
    let array = format!("[{}]\n", lines.trim_end().replace('\n', ","));
    let pretty = format!("[\n{}\n]\n", lines.trim_end().replace('\n', ",\n"));
    let cell = |line: &str| format!("\"{}\"\n", line.replace('"', "\"\""));
    let csv: String = lines.lines().map(cell).collect();
    for (text, code) in [(array, "array-file"), (pretty, "array-file"), (csv, "csv-quoted-line")] {
        let found = check(folder(&[("a.jsonl", &text)]).path(), &["a.jsonl"]);
        let errors = found.lines().filter(|line| line.contains("error[") || line.contains("warning[")).count();
        assert_eq!(errors, 1, "{found}");
        assert!(found.contains(code) && found.contains("OpenAI"), "{found}");
    }
}

#[test]
fn messages_without_content_are_still_a_conversation() {
    let files = folder(&[("a.jsonl", &chat().replace(r#""content":"a "#, r#""text":"a "#))]);
    let found = check(files.path(), &["a.jsonl"]);
    assert_eq!(found.lines().filter(|line| line.contains("error[unknown-field]")).count(), 1, "{found}");
}

#[test]
fn the_schema_takes_valid_lines_and_refuses_others() {
    let schema: Value = serde_json::from_str(&stdout(&run(&["schema", "--format", "openai"], Path::new(".")))).unwrap();
    let validator = jsonschema::options().build(&schema).unwrap();
    let user = json!({ "role": "user", "content": "a" });
    let call = json!([{ "id": "c", "type": "function", "function": { "name": "f", "arguments": "{}" } }]);
    let tool = json!({ "role": "tool", "tool_call_id": "c", "content": "b" });
    let answer = json!({ "role": "assistant", "content": "a" });
    for valid in [
        json!({ "messages": [user, answer] }),
        json!({ "messages": [user, { "role": "assistant", "content": null, "tool_calls": call }, tool, answer] }),
        json!({ "messages": [user, { "role": "assistant", "content": "a", "refusal": null }] }),
        json!({ "messages": [{ "role": "system", "content": [{ "type": "text", "text": "a" }] }, user, answer] }),
        json!({ "input": { "messages": [user] }, "preferred_output": [answer], "non_preferred_output": [answer] }),
        json!({ "messages": [user], "reference_answer": "b", "other": [1] }),
    ] {
        assert!(validator.is_valid(&valid), "{valid}\n{:?}", validator.iter_errors(&valid).collect::<Vec<_>>());
    }
    for invalid in [
        json!({ "messages": [{ "role": "user" }] }),
        json!({ "messages": [user, answer], "weight": 1 }),
        json!({ "messages": [user, { "role": "robot", "content": "a" }] }),
        json!({ "input": { "messages": [user] }, "preferred_output": answer, "non_preferred_output": [answer] }),
    ] {
        assert!(!validator.is_valid(&invalid), "{invalid}");
    }
}

#[test]
fn an_image_inside_the_line_may_not_be_larger_than_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let line = |bytes: usize| {
        let url = format!("data:image/png;base64,{}", "QUJD".repeat(bytes / 3));
        let content =
            json!([{"type": "text", "text": "What is it?"}, {"type": "image_url", "image_url": {"url": url}}]);
        let messages = json!([{"role": "user", "content": content}, {"role": "assistant", "content": "A bridge."}]);
        format!("{}\n", json!({"messages": messages}))
    };
    let check = |bytes| {
        std::fs::write(folder.path().join("a.jsonl"), line(bytes)).unwrap();
        let found = findings(&["--select", "bad-uri", "a.jsonl"], folder.path());
        found.iter().map(|finding| finding["message"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let says = "`data:image/png;base64,QUJDQUJDQUJDQUJDQU…` holds 10.5 MB; the limit for an image is 10 MB. OpenAI silently \
                drops the example.";
    assert_eq!(check(11_000_000), [says]);
    assert_eq!(check(10_000_000), Vec::<String>::new());
    std::fs::write(folder.path().join("tuning-ls.toml"), "service = \"fireworks\"\n").unwrap();
    assert_eq!(check(11_000_000), Vec::<String>::new());
}
