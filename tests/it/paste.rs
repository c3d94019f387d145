//! Text that people paste becomes lines of the file's format: the request and the code action.

use crate::support::client::Client;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const GEMINI: &str = r#"{"contents":[{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"text":"b"}]}]}"#;
const OPENAI: &str = r#"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}"#;
const URI: &str = "file:///train.jsonl";

fn paste(client: &mut Client, text: &str) -> Value {
    client.request("tuning-ls/paste", json!({ "textDocument": { "uri": URI }, "text": text })).unwrap()
}

fn opened(text: &str) -> Client {
    let mut client = Client::initialized(&json!({}), &json!({}));
    client.open(URI, 1, text);
    client
}

#[test]
fn pasted_text_becomes_lines_of_the_format_of_the_file() {
    for line in [GEMINI, OPENAI] {
        let mut client = opened(&format!("{line}\n{line}\n{{\"broken\n"));
        let table = "notes,prompt,answer\nx,a,b\n,a,b\n";
        let unplaced = ["column `notes`: its name does not say which part of an example it is"];
        let answer = paste(&mut client, table);
        assert_eq!(answer, json!({ "lines": format!("{line}\n{line}"), "what": "CSV", "unplaced": unplaced }));
        let pretty = serde_json::to_string_pretty(&serde_json::from_str::<Value>(line).unwrap()).unwrap();
        assert_eq!(paste(&mut client, &pretty)["what"], "JSON");
        for text in ["Hello", line, "", &pretty[..20]] {
            assert_eq!(paste(&mut client, text), Value::Null, "{text}");
        }
    }
}

#[test]
fn nothing_becomes_an_example_in_a_file_of_other_data() {
    let mut client = opened("{\"level\":\"info\",\"text\":\"started\"}\n");
    assert_eq!(paste(&mut client, "prompt,answer\na,b\n"), Value::Null);
    client.change(URI, 2, json!([{ "text": "\n" }]));
    assert_eq!(paste(&mut client, "prompt,answer\na,b\n")["lines"], GEMINI);
    let params = json!({ "textDocument": { "uri": "file:///other.jsonl" }, "text": "prompt,answer\na,b\n" });
    assert_eq!(client.request("tuning-ls/paste", params).unwrap(), Value::Null);
}

/// The actions on a selection that make examples.
fn actions(client: &mut Client, start: (u32, u32), end: (u32, u32)) -> Vec<Value> {
    let place = |(line, character): (u32, u32)| json!({ "line": line, "character": character });
    let range = json!({ "start": place(start), "end": place(end) });
    let context = json!({ "diagnostics": [], "only": ["refactor.rewrite"] });
    let params = json!({ "textDocument": { "uri": URI }, "range": range, "context": context });
    let found = client.request("textDocument/codeAction", params).unwrap();
    let makes = |action: &&Value| action["title"].as_str().unwrap().starts_with("Make ");
    found.as_array().unwrap().iter().filter(makes).cloned().collect()
}

#[test]
fn a_selected_table_is_replaced_by_its_examples() {
    let literals = json!({ "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } } });
    let capabilities = json!({ "textDocument": { "codeAction": literals } });
    for line in [GEMINI, OPENAI] {
        let mut client = Client::initialized(&capabilities, &json!({}));
        // The emoji has two UTF-16 units.
        let text = format!("{line}\r\nprompt,answer,\u{1F600}\r\na,b,\u{1F600}\r\na,b,\r\n{line}\r\n");
        client.open(URI, 1, &text);
        for end in [(3, 4), (4, 0)] {
            let found = actions(&mut client, (1, 0), end);
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found[0]["title"], "Make 2 examples of the selected CSV, except column `\u{1F600}`");
            let edits = &found[0]["edit"]["changes"][URI];
            assert_eq!(edits.as_array().unwrap().len(), 1);
            let mut changed = Client::initialized(&capabilities, &json!({}));
            changed.open(URI, 1, &text);
            let change = json!([{ "range": edits[0]["range"], "text": edits[0]["newText"] }]);
            changed.change(URI, 2, change);
            changed.diagnostics(URI, 2);
            // All lines are examples now, and the same one.
            let end = paste(&mut changed, "prompt,answer\na,b\n");
            assert_eq!(end["lines"], line);
            assert_eq!(edits[0]["range"]["start"], json!({ "line": 1, "character": 0 }));
            assert_eq!(edits[0]["newText"].as_str().unwrap().matches(line).count(), 2);
        }
        assert_eq!(actions(&mut client, (1, 0), (1, 0)).len(), 0, "nothing is selected");
        assert_eq!(actions(&mut client, (0, 0), (3, 4)).len(), 0, "an example is selected, too");
        assert_eq!(actions(&mut client, (1, 0), (1, 9)).len(), 0, "only the names are selected");
    }
}

#[test]
fn a_selection_of_many_lines_and_a_large_table_are_answered_soon() {
    let mut client = opened(&format!("{GEMINI}\n").repeat(50_000));
    client.diagnostics(URI, 1);
    let start = Instant::now();
    assert_eq!(actions(&mut client, (0, 0), (50_000, 0)).len(), 0);
    let table = format!("prompt,answer\n{}", "a,b\n".repeat(50_000));
    assert_eq!(paste(&mut client, &table)["lines"].as_str().unwrap().lines().count(), 50_000);
    // Generous: this is a build without optimizations.
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}
