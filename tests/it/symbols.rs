//! Symbols of a document and of the workspace, through the real server.

use crate::support::client::Client;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const URI: &str = "file:///data/train.jsonl";

/// A line with a clip of 30 seconds. `😀` comes before the answer.
fn clip(number: usize, answer: &str) -> String {
    format!(
        r#"{{"contents":[{{"role":"user","parts":[{{"fileData":{{"fileUri":"gs://clips/clip_{number:04}.mp4","mimeType":"video/mp4"}},"videoMetadata":{{"startOffset":"30s","endOffset":"60s"}}}},{{"text":"😀 What?"}}]}},{{"role":"model","parts":[{{"text":"{answer}"}}]}}]}}"#
    )
}

const CHAT: &str = r#"{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello."}],"tools":[{"type":"function","function":{"name":"ask","parameters":{}}}]}"#;

fn capabilities(hierarchical: bool) -> Value {
    json!({ "textDocument": { "documentSymbol": { "hierarchicalDocumentSymbolSupport": hierarchical } } })
}

fn symbols(client: &mut Client, uri: &str) -> Vec<Value> {
    let params = json!({ "textDocument": { "uri": uri } });
    client.request("textDocument/documentSymbol", params).unwrap().as_array().unwrap().clone()
}

/// The names, those of children after two spaces for each level.
fn names(symbols: &[Value]) -> Vec<String> {
    let mut found = Vec::new();
    for symbol in symbols {
        found.push(symbol["name"].as_str().unwrap().to_owned());
        let children = symbol["children"].as_array().map(Vec::as_slice).unwrap_or_default();
        found.extend(names(children).into_iter().map(|name| format!("  {name}")));
    }
    found
}

fn range(start: (u32, u32), end: (u32, u32)) -> Value {
    let place = |(line, character)| json!({ "line": line, "character": character });
    json!({ "start": place(start), "end": place(end) })
}

#[test]
fn the_outline_has_an_example_per_line_with_its_parts() {
    let mut client = Client::initialized(&capabilities(true), &Value::Null);
    client.open(URI, 1, &format!("{}\n\n{CHAT}\n", clip(12, "goal")));
    let found = symbols(&mut client, URI);
    assert_eq!(
        names(&found),
        [
            "#1 clip_0012.mp4 0:30–1:00 → goal",
            "  user: 😀 What?",
            "    clip_0012.mp4 0:30–1:00",
            "  model: goal",
            "#2 Hi → Hello.",
            "  system: Be brief.",
            "  user: Hi",
            "  assistant: Hello.",
            "  tools: ask",
        ]
    );
    // Columns count UTF-16 code units: the emoji has two.
    let line = clip(12, "goal");
    let column = |byte: usize| u32::try_from(line[..byte].encode_utf16().count()).unwrap();
    let end = column(line.len());
    assert_eq!(found[0]["range"], range((0, 0), (0, end)));
    assert_eq!(found[0]["selectionRange"], range((0, 0), (0, 0)));
    let answer = line.find("\"goal\"").unwrap();
    let model = &found[0]["children"][1];
    assert_eq!(model["selectionRange"], range((0, column(answer)), (0, column(answer + 6))));
    assert_eq!(found[1]["range"]["start"], json!({ "line": 2, "character": 0 }));
    client.finish();
}

#[test]
fn a_client_without_hierarchy_gets_a_flat_list() {
    for capabilities in [capabilities(false), json!({})] {
        let mut client = Client::initialized(&capabilities, &Value::Null);
        client.open(URI, 1, &format!("{}\n{CHAT}\n", clip(1, "foul")));
        let found = symbols(&mut client, URI);
        assert_eq!(names(&found), ["#1 clip_0001.mp4 0:30–1:00 → foul", "#2 Hi → Hello."]);
        assert_eq!(found[1]["location"]["uri"], URI);
        let end = u32::try_from(CHAT.len()).unwrap();
        assert_eq!(found[1]["location"]["range"], range((1, 0), (1, end)));
        assert!(found[0].get("selectionRange").is_none());
        client.finish();
    }
}

#[test]
fn broken_lines_and_records_over_several_lines_have_what_is_certain() {
    let mut client = Client::initialized(&capabilities(true), &Value::Null);
    let line = clip(7, "goal");
    let cut = &line[..line.find(",{\"text\"").unwrap()];
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<Value>(CHAT).unwrap()).unwrap();
    client.open(URI, 1, &format!("{line}\n{cut}\n   \nnot JSON at all\n{pretty}\n"));
    let found = symbols(&mut client, URI);
    let examples: Vec<_> = found.iter().map(|symbol| symbol["name"].as_str().unwrap()).collect();
    assert_eq!(
        examples,
        ["#1 clip_0007.mp4 0:30–1:00 → goal", "#2 clip_0007.mp4 0:30–1:00", "#3 not JSON at all", "#4 Hi → Hello."]
    );
    let last = u32::try_from(4 + pretty.lines().count() - 1).unwrap();
    assert_eq!(found[3]["range"], range((4, 0), (last, 1)));
    client.open("file:///data/empty.jsonl", 1, "");
    assert!(symbols(&mut client, "file:///data/empty.jsonl").is_empty());
    let closed = json!({ "textDocument": { "uri": "file:///data/closed.jsonl" } });
    assert_eq!(client.request("textDocument/documentSymbol", closed), Ok(Value::Null));
    client.finish();
}

#[test]
fn fifty_thousand_lines_are_listed_up_to_a_limit_that_is_named() {
    let mut client = Client::initialized(&capabilities(true), &Value::Null);
    let text: String = (0..50_000).map(|number| clip(number, "goal") + "\n").collect();
    client.open(URI, 1, &text);
    client.diagnostics(URI, 1);
    let start = Instant::now();
    let found = symbols(&mut client, URI);
    // Generous, because tests run without optimization on busy machines.
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    assert_eq!(found.len(), 5_001);
    assert_eq!(found[4_999]["name"], "#5000 clip_4999.mp4 0:30–1:00 → goal");
    assert!(found.iter().all(|symbol| symbol.get("children").is_none()));
    let last = &found[5_000];
    assert_eq!(last["name"], "… 45000 more examples, not listed: the limit is 5000");
    assert_eq!(last["range"], range((5_000, 0), (50_000, 0)));
    assert!(serde_json::to_vec(&found).unwrap().len() < 2 << 20);
    client.finish();
}

#[test]
fn an_outline_of_an_older_text_is_not_sent() {
    let mut client = Client::initialized(&capabilities(true), &Value::Null);
    let text: String = (0..4_000).map(|number| clip(number, "goal") + "\n").collect();
    client.open(URI, 1, &text);
    client.diagnostics(URI, 1);
    let asked = client.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": URI } }));
    client.change(URI, 2, json!([{ "text": format!("{CHAT}\n") }]));
    match client.answer(asked) {
        Ok(found) => assert_eq!(found.as_array().unwrap().len(), 4_000, "answered before the change"),
        Err(error) => assert_eq!(error["code"], -32801, "the content was modified"),
    }
    assert_eq!(symbols(&mut client, URI)[0]["name"], "#1 Hi → Hello.");
    client.finish();
}

/// The names of the examples that match, with their files and first lines.
fn found(client: &mut Client, query: &str) -> Vec<(String, String, u64)> {
    let found = client.request("workspace/symbol", json!({ "query": query })).unwrap();
    let described = |symbol: &Value| {
        let uri = symbol["location"]["uri"].as_str().unwrap();
        assert!(uri.ends_with(&format!("/{}", symbol["containerName"].as_str().unwrap())), "{symbol}");
        let line = symbol["location"]["range"]["start"]["line"].as_u64().unwrap();
        (symbol["name"].as_str().unwrap().to_owned(), symbol["containerName"].as_str().unwrap().to_owned(), line)
    };
    found.as_array().unwrap().iter().map(described).collect()
}

/// A folder with an open training file and a validation file on disk.
fn dataset(train: &str, validation: &str) -> (tempfile::TempDir, Client) {
    let folder = tempfile::tempdir().unwrap();
    let uri = |name: &str| lsp_types::Uri::from_file_path(folder.path().join(name)).unwrap().to_string();
    std::fs::write(folder.path().join("train.jsonl"), train).unwrap();
    std::fs::write(folder.path().join("validation.jsonl"), validation).unwrap();
    let mut client = Client::initialized(&json!({}), &Value::Null);
    client.open(&uri("train.jsonl"), 1, train);
    // The server reads the other file in the background.
    let start = Instant::now();
    while !found(&mut client, "").iter().any(|(_, file, _)| file == "validation.jsonl") {
        assert!(start.elapsed() < Duration::from_secs(60), "the other file isn't read");
    }
    (folder, client)
}

#[test]
fn examples_are_found_in_open_documents_and_in_the_other_files_of_their_datasets() {
    let train = format!("{}\n\n{}\n{CHAT}\n", clip(12, "goal"), clip(13, "foul"));
    let validation = format!("\u{FEFF}{CHAT}\n{}\n", clip(12, "penalty"));
    let (_folder, mut client) = dataset(&train, &validation);
    let train = |name: &str, line| (name.to_owned(), "train.jsonl".to_owned(), line);
    let validation = |name: &str, line| (name.to_owned(), "validation.jsonl".to_owned(), line);
    let goal = train("#1 clip_0012.mp4 0:30–1:00 → goal", 0);
    let foul = train("#2 clip_0013.mp4 0:30–1:00 → foul", 2);
    let penalty = validation("#2 clip_0012.mp4 0:30–1:00 → penalty", 1);
    assert_eq!(found(&mut client, "CLIP_0012"), [goal.clone(), penalty.clone()]);
    assert_eq!(found(&mut client, "c12pen"), std::slice::from_ref(&penalty), "characters in order");
    assert_eq!(found(&mut client, "gs://clips/clip_0013"), std::slice::from_ref(&foul), "a location");
    assert_eq!(found(&mut client, "#1 hi"), [validation("#1 Hi → Hello.", 0)]);
    assert_eq!(found(&mut client, "nothing like it"), []);
    let all = [goal, foul, train("#3 Hi → Hello.", 3), validation("#1 Hi → Hello.", 0), penalty];
    assert_eq!(found(&mut client, ""), all);
    client.finish();
}

#[test]
fn a_match_on_disk_has_the_columns_of_the_client() {
    let (_folder, mut client) = dataset(&format!("{CHAT}\n"), &format!("{}\n", clip(7, "goal")));
    let found = client.request("workspace/symbol", json!({ "query": "clip_0007" })).unwrap();
    let end = u32::try_from(clip(7, "goal").encode_utf16().count()).unwrap();
    assert_eq!(found[0]["location"]["range"], range((0, 0), (0, end)));
    client.finish();
}

#[test]
fn the_best_of_many_matches_are_sent() {
    let mut client = Client::initialized(&json!({}), &Value::Null);
    let text: String = (0..50_000).map(|number| clip(number, "goal") + "\n").collect();
    client.open(URI, 1, &text);
    client.open("git:/data/train.jsonl?HEAD", 1, &text);
    client.diagnostics(URI, 1);
    let start = Instant::now();
    let many = found(&mut client, "goal");
    let last = found(&mut client, "clip_49999");
    // Generous, because tests run without optimization on busy machines.
    assert!(start.elapsed() < Duration::from_secs(40), "{:?}", start.elapsed());
    assert_eq!((many.len(), many[499].2), (500, 499));
    assert_eq!(last.len(), 1, "a view of an older version is not searched");
    assert_eq!(last[0].2, 49_999);
    assert_eq!(found(&mut client, "").len(), 500);
    client.finish();
}
