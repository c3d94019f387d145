//! References, highlights and definitions, as an editor asks for them.

use crate::support::client::Client;
use lsp_types::Uri;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

/// A line about a segment of a clip.
fn clip(uri: &str, segment: (u32, u32), label: &str) -> String {
    let (start, end) = segment;
    format!(
        r#"{{"contents":[{{"role":"user","parts":[{{"text":"😀"}},{{"fileData":{{"fileUri":"{uri}","mimeType":"video/mp4"}},"videoMetadata":{{"startOffset":"{start}s","endOffset":"{end}s"}}}}]}},{{"role":"model","parts":[{{"text":"{label}"}}]}}]}}"#
    )
}

/// A chat about an image.
fn chat(uri: &str, label: &str) -> String {
    format!(
        r#"{{"messages":[{{"role":"user","content":[{{"type":"text","text":"😀"}},{{"type":"image_url","image_url":{{"url":"{uri}"}}}}]}},{{"role":"assistant","content":"{label}"}}]}}"#
    )
}

fn uri(folder: &Path, name: &str) -> String {
    Uri::from_file_path(folder.join(name)).unwrap().to_string()
}

fn capabilities(encoding: &str, links: bool) -> Value {
    json!({
        "general": { "positionEncodings": [encoding] },
        "textDocument": { "definition": { "linkSupport": links } }
    })
}

/// The position of the `place`th `needle` of a text, after its first character.
fn position(text: &str, needle: &str, place: usize) -> Value {
    let (at, _) = text.match_indices(needle).nth(place).expect(needle);
    let line = text[..at].matches('\n').count();
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    json!({ "line": line, "character": text[start..at].encode_utf16().count() + 1 })
}

fn ask(client: &mut Client, method: &str, uri: &str, position: Value) -> Value {
    let params =
        json!({ "textDocument": { "uri": uri }, "position": position, "context": { "includeDeclaration": true } });
    client.request(method, params).unwrap()
}

/// The text of a range of one line, in UTF-16.
fn text_at<'a>(text: &'a str, range: &Value) -> &'a str {
    assert_eq!(range["start"]["line"], range["end"]["line"]);
    let line = text.split('\n').nth(range["start"]["line"].as_u64().unwrap() as usize).unwrap();
    let byte = |position: &Value| {
        let mut left = position["character"].as_u64().unwrap() as usize;
        let before = line.chars().take_while(|letter| {
            let fits = left >= letter.len_utf16();
            left -= if fits { letter.len_utf16() } else { left };
            fits
        });
        before.map(char::len_utf8).sum::<usize>()
    };
    &line[byte(&range["start"])..byte(&range["end"])]
}

#[test]
fn all_examples_of_a_file_are_found_in_open_and_closed_files_of_both_formats() {
    let lines = |line: &dyn Fn(&str, &str) -> String| {
        let (a, b) = ("https://a.org/a.mp4", "https://a.org/b.mp4");
        let escaped = a.replace('/', r"\/");
        let train = [line(a, "Goal"), line(b, "Foul"), line(&escaped, "Goal")].join("\n");
        (train, ["", &line(b, "Goal"), &line(a, "G\\u006fal "), "{\"broken"].join("\n"))
    };
    for (train, validation) in [lines(&|uri, label| clip(uri, (0, 9), label)), lines(&|uri, label| chat(uri, label))] {
        let folder = tempfile::tempdir().unwrap();
        let (open, closed) = (uri(folder.path(), "train.jsonl"), uri(folder.path(), "validation.jsonl"));
        std::fs::write(folder.path().join("validation.jsonl"), &validation).unwrap();
        let mut client = Client::initialized(&capabilities("utf-16", false), &json!({}));
        client.open(&open, 1, &train);
        client.wait_until(&open, |_| true).unwrap();
        // The other file is read in the meantime.
        let texts = |found: &Value| -> Vec<(bool, u64, String)> {
            let found = found.as_array().unwrap().iter();
            let of = |location: &Value| {
                let is_open = location["uri"] == open.as_str();
                assert!(is_open || location["uri"] == closed.as_str());
                let text = text_at(if is_open { &train } else { &validation }, &location["range"]);
                (is_open, location["range"]["start"]["line"].as_u64().unwrap(), text.to_owned())
            };
            found.map(of).collect()
        };
        let deadline = Instant::now() + Duration::from_secs(30);
        let mut found = Vec::new();
        while found.len() < 3 && Instant::now() < deadline {
            found = texts(&ask(&mut client, "textDocument/references", &open, position(&train, "https://a.org/a", 0)));
        }
        let of = |open, line, text: &str| (open, line, text.to_owned());
        let files = ["https://a.org/a.mp4", r"https:\/\/a.org\/a.mp4", "https://a.org/a.mp4"];
        assert_eq!(found, [of(true, 0, files[0]), of(true, 2, files[1]), of(false, 2, files[2])]);
        let labels = texts(&ask(&mut client, "textDocument/references", &open, position(&train, "Goal", 1)));
        assert_eq!(
            labels,
            [of(true, 0, "Goal"), of(true, 2, "Goal"), of(false, 1, "Goal"), of(false, 2, r"G\u006fal")]
        );
        let nothing = ask(&mut client, "textDocument/references", &open, position(&train, "\"role\"", 0));
        assert_eq!(nothing, Value::Null);
        // Highlights stay in the document.
        let found = ask(&mut client, "textDocument/documentHighlight", &open, position(&train, "Goal", 1));
        let found: Vec<_> =
            found.as_array().unwrap().iter().map(|it| (text_at(&train, &it["range"]), &it["kind"])).collect();
        assert_eq!(found, [("Goal", &json!(1)), ("Goal", &json!(1))]);
        client.finish();
    }
}

const CALLS: &str = concat!(
    r#"{"tools":[{"functionDeclarations":[{"name":"find"}]}],"contents":[{"role":"user","parts":[{"text":"😀"}]},{"role":"model","parts":[{"functionCall":{"name":"find","args":{}}}]},{"parts":[{"functionResponse":{"name":"find","response":{}}}]},{"role":"model","parts":[{"text":"Yes"}]}]}"#,
    "\n",
    r#"{"contents":[{"role":"user","parts":[{"text":"?"}]},{"role":"model","parts":[{"functionCall":{"name":"find","args":{}}}]"#,
);

const CHAT_CALLS: &str = r#"{"messages":[{"role":"user","content":"😀"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"1"},{"role":"assistant","content":"Yes"}],"tools":[{"type":"function","function":{"name":"find"}}]}"#;

#[test]
fn a_function_is_found_with_and_without_its_declaration_and_in_a_broken_line() {
    let mut client = Client::initialized(&capabilities("utf-16", false), &json!({}));
    let document = "file:///nowhere/calls.jsonl";
    client.open(document, 1, CALLS);
    let mut references = |declaration: bool| {
        let context = json!({ "includeDeclaration": declaration });
        let place = position(CALLS, "find", 1);
        let params = json!({ "textDocument": { "uri": document }, "position": place, "context": context });
        let found = client.request("textDocument/references", params).unwrap();
        assert!(found.as_array().unwrap().iter().all(|it| text_at(CALLS, &it["range"]) == "find"));
        found.as_array().unwrap().iter().map(|it| it["range"]["start"]["line"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(references(true), [0, 0, 0, 1]);
    assert_eq!(references(false), [0, 0, 1]);
    // Highlights stay in the example, and tell the declaration from its uses.
    let found = ask(&mut client, "textDocument/documentHighlight", document, position(CALLS, "find", 1));
    let kinds: Vec<_> = found.as_array().unwrap().iter().map(|it| it["kind"].as_u64().unwrap()).collect();
    assert_eq!(kinds, [3, 2, 2]);
    client.finish();
}

#[test]
fn a_response_leads_to_its_call_and_a_call_to_its_declaration_as_a_link_or_a_location() {
    let document = "file:///nowhere/calls.jsonl";
    for links in [true, false] {
        let mut client = Client::initialized(&capabilities("utf-16", links), &json!({}));
        let mut defined = |text: &'static str, needle: &str, place: usize| -> Option<(Value, Value)> {
            client.open(document, 1, text);
            let found = ask(&mut client, "textDocument/definition", document, position(text, needle, place));
            client.notify("textDocument/didClose", json!({ "textDocument": { "uri": document } }));
            let found = found.as_array()?[0].clone();
            if links {
                let (origin, around) = (&found["originSelectionRange"], &found["targetRange"]);
                assert!(text_at(text, around).contains("find"));
                assert_eq!(found["targetUri"], document);
                Some((origin.clone(), found["targetSelectionRange"].clone()))
            } else {
                assert_eq!(found["uri"], document);
                Some((Value::Null, found["range"].clone()))
            }
        };
        let start = |text: &str, place: usize| {
            let mut position = position(text, "\"find", place);
            position["character"] = json!(position["character"].as_u64().unwrap());
            position
        };
        let (origin, target) = defined(CALLS, "find", 2).expect("the call");
        assert_eq!((text_at(CALLS, &target), &target["start"]), ("find", &start(CALLS, 1)));
        assert!(!links || origin["start"] == start(CALLS, 2));
        let (_, target) = defined(CALLS, "find", 1).expect("the declaration");
        assert_eq!(target["start"], start(CALLS, 0));
        assert_eq!(defined(CALLS, "find", 0), None, "a declaration");
        assert_eq!(defined(CALLS, "Yes", 0), None, "a label");
        assert_eq!(defined(CALLS, "find", 3), None, "a call without a declaration, in a broken line");
        let (_, target) = defined(CHAT_CALLS, "c1", 1).expect("the call");
        assert_eq!(target["start"], start(CHAT_CALLS, 0));
        let (_, target) = defined(CHAT_CALLS, "find", 0).expect("the declaration");
        assert_eq!(target["start"], start(CHAT_CALLS, 1));
        client.finish();
    }
}

#[test]
fn a_clip_of_the_validation_file_leads_to_overlapping_clips_of_the_training_file() {
    let folder = tempfile::tempdir().unwrap();
    let (train, validation) = (uri(folder.path(), "train.jsonl"), uri(folder.path(), "validation.jsonl"));
    let media = "gs://clips/a.mp4";
    let lines = [clip(media, (0, 5), "Goal"), clip(media, (4, 20), "Goal"), clip("gs://clips/b.mp4", (0, 20), "Goal")];
    std::fs::write(folder.path().join("train.jsonl"), lines.join("\n")).unwrap();
    let own = clip(media, (10, 12), "Goal");
    let mut client = Client::initialized(&capabilities("utf-16", true), &json!({}));
    client.open(&validation, 1, &own);
    client.wait_until(&validation, |found| found.iter().any(|it| it["code"] == "train-validation-overlap")).unwrap();
    let found = ask(&mut client, "textDocument/definition", &validation, position(&own, media, 0));
    assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
    let found = &found[0];
    assert_eq!(found["targetUri"], train);
    assert_eq!(found["targetRange"]["start"]["line"], 1);
    let text = lines.join("\n");
    assert_eq!(text_at(&text, &found["targetSelectionRange"]), media);
    assert!(text_at(&text, &found["targetRange"]).starts_with(r#"{"fileData""#));
    // A training file has nothing to lead to.
    client.open(&train, 1, &text);
    client.wait_until(&train, |_| true).unwrap();
    assert_eq!(ask(&mut client, "textDocument/definition", &train, position(&text, media, 0)), Value::Null);
    client.finish();
}

#[test]
fn a_common_label_gives_a_bounded_answer() {
    let folder = tempfile::tempdir().unwrap();
    let line = |number: usize| {
        clip(&format!("gs://clips/{}.mp4", number % 1_000), (0, 9), ["Goal", "Foul"][number % 2]) + "\n"
    };
    let text: String = (0..11_000).map(line).collect();
    std::fs::write(folder.path().join("validation.jsonl"), &text).unwrap();
    let train = uri(folder.path(), "train.jsonl");
    let mut client = Client::initialized(&capabilities("utf-8", false), &json!({}));
    client.open(&train, 1, &text);
    client.wait_until(&train, |found| !found.is_empty()).unwrap();
    let mut count = |needle: &str| {
        let place = json!({ "line": 0, "character": text.find(needle).unwrap() + 1 });
        ask(&mut client, "textDocument/references", &train, place).as_array().unwrap().len()
    };
    let deadline = Instant::now() + Duration::from_secs(60);
    while count("gs://") < 22 && Instant::now() < deadline {}
    assert_eq!((count("gs://"), count("Goal")), (22, 10_000));
}

#[test]
fn a_search_shows_its_progress_and_can_be_cancelled() {
    let uri = "untitled:train.jsonl";
    let line = clip("gs://b/a.mp4", (0, 9), "Goal") + "\n";
    let text = line.repeat(30_000);
    let mut client = Client::initialized(&capabilities("utf-16", false), &json!({}));
    client.open(uri, 1, &text);
    client.diagnostics(uri, 1);
    let place = position(&line, "a.mp4", 0);
    let references = |token: &str| {
        let context = json!({ "includeDeclaration": true });
        json!({ "textDocument": { "uri": uri }, "position": place, "context": context, "workDoneToken": token })
    };
    let rename = json!({ "textDocument": { "uri": uri }, "position": place, "newName": "gs://clips/b.mp4", "workDoneToken": "c" });
    let symbols = json!({ "query": "goal", "workDoneToken": 4 });
    // The worker searches one after another, so all but the first are cancelled before they begin.
    let first = client.ask("textDocument/references", references("a"));
    let others = [
        client.ask("textDocument/references", references("b")),
        client.ask("textDocument/rename", rename),
        client.ask("workspace/symbol", symbols.clone()),
    ];
    for token in [json!("b"), json!("c"), json!(4)] {
        client.notify("window/workDoneProgress/cancel", json!({ "token": token }));
    }
    // They may be answered in any order.
    let mut open = vec![first];
    open.extend(others);
    while !open.is_empty() {
        let message = client.receive();
        if message.get("method").is_some() {
            client.notifications.push(message);
            continue;
        }
        let id = message["id"].as_i64().unwrap();
        open.retain(|other| *other != id);
        if id == first {
            assert_eq!(message["result"].as_array().map(Vec::len), Some(10_000));
        } else {
            assert_eq!(message["error"]["code"], -32800, "{message}");
        }
    }
    let shown = client.request("workspace/symbol", symbols).unwrap();
    assert_eq!(shown.as_array().map(Vec::len), Some(500), "its token is free again");
    let values = |token: Value| -> Vec<Value> {
        let of_token = |it: &&Value| it["method"] == "$/progress" && it["params"]["token"] == token;
        client.notifications.iter().filter(of_token).map(|it| it["params"]["value"].clone()).collect()
    };
    let all = values(json!("a"));
    assert_eq!(
        all[0],
        json!({ "kind": "begin", "title": "Searching for references", "cancellable": true, "percentage": 0 })
    );
    assert_eq!(all.last().unwrap()["kind"], "end");
    assert!(all.len() > 2, "{all:?}");
    for token in [json!("b"), json!("c")] {
        let kinds: Vec<_> = values(token).iter().map(|value| value["kind"].clone()).collect();
        assert_eq!(kinds, ["begin", "end"]);
    }
    client.finish();
}
