//! What the view of an example has to do with the rest of its file.

use crate::support::client::Client;
use serde_json::{Value, json};

const URI: &str = "file:///data/train.jsonl";

fn example(prompt: &str, answer: &str) -> String {
    format!(
        r#"{{"contents": [{{"role":"user","parts":[{{"text":"{prompt}"}}]}},{{"role":"model","parts":[{{"text":"{answer}"}}]}}]}}"#
    )
}

/// A client that opened a file, and a view of the example on a line.
fn opened(text: &str, line: u32) -> (Client, Value) {
    let capabilities = json!({
        "workspace": { "workspaceEdit": { "documentChanges": true } },
        "textDocument": { "publishDiagnostics": { "relatedInformation": true } }
    });
    let mut client = Client::initialized(&capabilities, &Value::Null);
    client.open(URI, 1, text);
    client.diagnostics(URI, 1);
    let view = at(&mut client, line, &Value::Null);
    client.open(view["uri"].as_str().unwrap(), 1, view["text"].as_str().unwrap());
    (client, view)
}

/// The example at a line of the file, or the one that a move leads to.
fn at(client: &mut Client, line: u32, go: &Value) -> Value {
    let place = json!({ "line": line, "character": 3 });
    let mut params = json!({ "textDocument": { "uri": URI }, "position": place });
    if !go.is_null() {
        params["move"] = go.clone();
    }
    client.request("tuning-ls/example", params).unwrap()
}

/// A text after one edit.
fn edited(text: &str, edit: &Value) -> String {
    let byte = |end: &str| {
        let number = |of: &str| usize::try_from(edit["range"][end][of].as_u64().unwrap()).unwrap();
        text.split_inclusive('\n').take(number("line")).map(str::len).sum::<usize>() + number("character")
    };
    format!("{}{}{}", &text[..byte("start")], edit["newText"].as_str().unwrap(), &text[byte("end")..])
}

fn codes(found: &[Value]) -> Vec<&str> {
    found.iter().map(|found| found["code"].as_str().unwrap()).collect()
}

#[test]
fn a_view_shows_how_its_example_relates_to_other_lines_until_it_is_edited() {
    let file = [example("d", "e"), example("a", "b"), example("a", "b"), example("a", "c")].join("\n") + "\n";
    let (mut client, view) = opened(&file, 2);
    let uri = view["uri"].as_str().unwrap();
    let found = client.diagnostics(uri, 1);
    assert_eq!(codes(&found), ["duplicate-example"]);
    let message = found[0]["message"].as_str().unwrap();
    assert!(message.contains("lines 2, 3"), "{message}");
    let place = &found[0]["relatedInformation"][0]["location"];
    assert_eq!((&place["uri"], &place["range"]["start"]["line"]), (&json!(URI), &json!(1)));
    let shown = view["text"].as_str().unwrap();
    client.change(uri, 2, json!([{ "text": shown.replace("\"a\"", "\"new\"") }]));
    assert_eq!(client.diagnostics(uri, 2), [] as [Value; 0]);
    // Its number in the file is in the first line of the view.
    let symbols = client.request("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } })).unwrap();
    assert_eq!(symbols[0]["name"], "new → b");
    // Another answer to the same prompt.
    let other = at(&mut client, 3, &Value::Null);
    let uri = other["uri"].as_str().unwrap();
    client.open(uri, 1, other["text"].as_str().unwrap());
    let found = client.diagnostics(uri, 1);
    assert_eq!(codes(&found), ["conflicting-targets"]);
    let line = other["text"].as_str().unwrap().lines().position(|line| line.contains("\"c\"")).unwrap();
    assert_eq!(found[0]["range"]["start"]["line"], json!(line));
    assert_eq!(found[0]["relatedInformation"][0]["location"]["range"]["start"]["line"], json!(1));
    client.finish();
}

#[test]
fn the_brackets_of_an_array_are_no_examples() {
    let examples = [example("a", "b"), example("q", "c"), example("d", "e")].join(",\n");
    let (mut client, view) = opened(&format!("[\n{examples}\n]\n"), 1);
    assert_eq!((&view["number"], &view["count"]), (&json!(1), &json!(3)));
    assert!(view["text"].as_str().unwrap().starts_with("// train.jsonl, line 2, example 1 of 3\n"));
    assert_eq!(at(&mut client, 1, &json!("next"))["line"], json!(2));
    for (line, go) in [(0, Value::Null), (4, Value::Null), (1, json!("previous")), (3, json!("next"))] {
        assert_eq!(at(&mut client, line, &go), Value::Null, "{go} from line {line}");
    }
    client.finish();
}

#[test]
fn an_edited_first_line_is_not_written_and_that_is_said() {
    let file = [example("d", "e"), example("a", "b")].join("\n") + "\n";
    let (mut client, view) = opened(&file, 1);
    let (uri, shown) = (view["uri"].as_str().unwrap(), view["text"].as_str().unwrap());
    let write = json!({ "textDocument": { "uri": uri } });
    for (version, header) in [(2, "// my own words"), (3, "/ train.jsonl, line 2, example 2 of 2")] {
        let (_, rest) = shown.split_once('\n').unwrap();
        client.change(uri, version, json!([{ "text": format!("{header}\n{rest}") }]));
        assert_eq!(client.diagnostics(uri, version), [] as [Value; 0], "{header}");
        let answer = client.request("tuning-ls/writeExample", write.clone()).unwrap();
        let said = "The first line only says where the example is. Your changes to it are not saved.";
        assert_eq!(answer, json!({ "message": said }));
    }
    client.finish();
}

#[test]
fn an_example_is_copied_below_itself_and_in_an_array_before_itself() {
    let lines = [example("a", "b"), example("q", "c"), example("d", "e")];
    for (file, line, expected) in [
        (lines.join("\n"), 2, (2, 3, format!("\n{}", lines[2]))),
        (lines.join("\n") + "\n", 1, (2, 2, format!("{}\n", lines[1]))),
        (format!("[\n{}\n]\n", lines.join(",\n")), 3, (3, 3, format!("{},\n", lines[2]))),
    ] {
        let (mut client, view) = opened(&file, line);
        for document in [URI, view["uri"].as_str().unwrap()] {
            let place = json!({ "line": line, "character": 0 });
            let params = json!({ "textDocument": { "uri": document }, "position": place });
            let copy = client.request("tuning-ls/duplicateExample", params).unwrap();
            let edit = &copy["edit"]["documentChanges"][0]["edits"][0];
            let (at, new_line, text) = &expected;
            assert_eq!((&edit["range"]["start"]["line"], &edit["newText"]), (&json!(at), &json!(text)), "{document}");
            assert_eq!((&copy["uri"], &copy["line"]), (&json!(URI), &json!(new_line)));
        }
        client.finish();
    }
}

#[test]
fn what_would_break_an_array_is_not_copied() {
    let [one, two] = [example("a", "b"), example("q", "c")];
    for (file, line) in [
        (format!("[{one},\n{two}]\n"), 0),
        (format!("[{one},\n{two}]\n"), 1),
        (format!("[{one},{two}]\n"), 0),
        (format!("[\n{one}\n, {two}\n]\n"), 2),
    ] {
        let mut client = Client::initialized(&json!({}), &Value::Null);
        client.open(URI, 1, &file);
        let params = json!({ "textDocument": { "uri": URI }, "position": { "line": line, "character": 0 } });
        assert_eq!(client.request("tuning-ls/duplicateExample", params).unwrap(), Value::Null, "{file} {line}");
        client.finish();
    }
}

#[test]
fn an_example_on_several_lines_is_written_twice() {
    let file = example("q", "first").replacen(": [", ":\n[", 1) + "\n";
    assert_eq!(file.lines().count(), 2);
    let (mut client, view) = opened(&file, 0);
    let (uri, shown) = (view["uri"].as_str().unwrap(), view["text"].as_str().unwrap());
    let write = json!({ "textDocument": { "uri": uri } });
    for (version, answer) in [(2, "second"), (3, "third")] {
        client.change(uri, version, json!([{ "text": shown.replace("first", answer) }]));
        let written = client.request("tuning-ls/writeExample", write.clone()).unwrap();
        let edit = &written["edit"]["documentChanges"][0]["edits"][0];
        assert!(edit.is_object(), "{written}");
        client.change(URI, version, json!([{ "range": edit["range"], "text": edit["newText"] }]));
    }
    let view = at(&mut client, 0, &Value::Null);
    assert!(view["text"].as_str().unwrap().contains("third"), "{view}");
    client.finish();
}

#[test]
fn an_editor_without_a_view_expands_an_example_in_place_and_collapses_it() {
    let line = example("two\\nlines", "A long answer, so that the whole example does not fit on a single line.");
    let file = [example("a", "b"), line.clone()].join("\n") + "\n";
    for has_view in [false, true] {
        let capabilities = json!({
            "workspace": { "workspaceEdit": { "documentChanges": true } },
            "textDocument": { "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } } } },
            "experimental": { "exampleView": has_view }
        });
        let mut client = Client::initialized(&capabilities, &Value::Null);
        client.open(URI, 1, &file);
        client.diagnostics(URI, 1);
        let edit = |client: &mut Client, title: &str| {
            let place = json!({ "line": 1, "character": 5 });
            let range = json!({ "start": place, "end": place });
            let params = json!({ "textDocument": { "uri": URI }, "range": range, "context": { "diagnostics": [], "only": ["refactor"] } });
            let actions = client.request("textDocument/codeAction", params).unwrap();
            let action = actions.as_array().unwrap().iter().find(|action| action["title"] == title)?.clone();
            Some(action["edit"]["documentChanges"][0]["edits"][0].clone())
        };
        let Some(expand) = edit(&mut client, "Expand this example to several lines") else {
            assert!(has_view);
            client.finish();
            continue;
        };
        assert!(!has_view);
        client.change(URI, 2, json!([{ "range": expand["range"], "text": expand["newText"] }]));
        client.diagnostics(URI, 2);
        let collapse = edit(&mut client, "Collapse this example to one line").unwrap();
        client.change(URI, 3, json!([{ "range": collapse["range"], "text": collapse["newText"] }]));
        let collapsed = edited(&edited(&file, &expand), &collapse);
        let values = |text: &str| -> Vec<Value> {
            text.lines().map(|line| serde_json::from_str(line).expect("a whole record on its line")).collect()
        };
        assert_eq!(values(&collapsed), values(&file));
        let found = client.diagnostics(URI, 3);
        assert!(!codes(&found).contains(&"multi-line-example"), "{found:?}");
        assert_eq!(edit(&mut client, "Collapse this example to one line"), None);
        assert!(edit(&mut client, "Expand this example to several lines").is_some());
        client.finish();
    }
}
