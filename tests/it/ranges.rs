//! Folding and selection ranges, through the real server.

use crate::support::client::Client;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const URI: &str = "file:///data/train.jsonl";

fn clip(name: &str) -> String {
    format!(
        r#"{{"contents":[{{"role":"user","parts":[{{"fileData":{{"fileUri":"gs://clips/{name}.mp4","mimeType":"video/mp4"}}}}]}},{{"role":"model","parts":[{{"text":"goal"}}]}}]}}"#
    ) + "\n"
}

fn image(name: &str) -> String {
    format!(
        r#"{{"messages":[{{"role":"user","content":[{{"type":"image_url","image_url":{{"url":"https://a.b/{name}.png"}}}}]}},{{"role":"assistant","content":"dog"}}]}}"#
    ) + "\n"
}

/// A client with these capabilities for folding, and an open document.
fn opened(folding: Value, text: &str) -> Client {
    let capabilities = json!({ "textDocument": { "foldingRange": folding } });
    let mut client = Client::initialized(&capabilities, &Value::Null);
    client.open(URI, 1, text);
    client
}

fn folds(client: &mut Client) -> Vec<Value> {
    let params = json!({ "textDocument": { "uri": URI } });
    client.request("textDocument/foldingRange", params).unwrap().as_array().unwrap().clone()
}

/// The first and last lines of the folds.
fn lines(folds: &[Value]) -> Vec<(u64, u64)> {
    folds.iter().map(|fold| (fold["startLine"].as_u64().unwrap(), fold["endLine"].as_u64().unwrap())).collect()
}

/// Two clips of one video, a broken clip, two clips of another, an image twice, and a record over several lines.
fn mixed() -> String {
    let broken = clip("b").replace(r#"{"text":"goal"}]}]}"#, r#"{"text":"go"#);
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<Value>(&clip("c")).unwrap()).unwrap();
    [clip("a"), "\n".to_owned(), clip("a"), broken, clip("b"), clip("a"), image("x"), image("x"), pretty].concat()
}

#[test]
fn neighboring_examples_of_a_file_and_records_over_several_lines_fold() {
    let kinds = json!({
        "lineFoldingOnly": true,
        "foldingRangeKind": { "valueSet": ["region"] },
        "foldingRange": { "collapsedText": true }
    });
    let mut client = opened(kinds, &mixed());
    let found = folds(&mut client);
    let last = mixed().lines().count() as u64 - 1;
    assert_eq!(lines(&found), [(0, 2), (3, 4), (6, 7), (8, last)]);
    assert_eq!(
        found[0],
        json!({ "startLine": 0, "endLine": 2, "kind": "region", "collapsedText": "2 examples of a.mp4" })
    );
    assert_eq!(found[3], json!({ "startLine": 8, "endLine": last }));
    client.finish();
}

#[test]
fn a_client_gets_only_the_kinds_and_the_number_of_folds_that_it_knows() {
    let mut client = opened(json!({ "rangeLimit": 2 }), &mixed());
    let found = folds(&mut client);
    let last = mixed().lines().count() as u64 - 1;
    assert_eq!(lines(&found), [(0, 2), (8, last)], "the longest ones");
    assert_eq!(found[0], json!({ "startLine": 0, "endLine": 2 }));
    client.finish();
}

#[test]
fn fifty_thousand_lines_fold_up_to_a_limit() {
    let text: String = (0..50_000).map(|number| clip(&(number / 2).to_string())).collect();
    let mut client = opened(json!({}), &text);
    client.diagnostics(URI, 1);
    let start = Instant::now();
    let found = folds(&mut client);
    // Generous, because tests run without optimization on busy machines.
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    assert_eq!((found.len(), lines(&found)[9_999]), (10_000, (19_998, 19_999)));
    client.finish();
}

/// The ranges at each place, the smallest first: the line and the columns.
fn selections(client: &mut Client, places: &[(usize, usize)]) -> Vec<Vec<(u64, u64, u64, u64)>> {
    let positions: Vec<_> =
        places.iter().map(|(line, character)| json!({ "line": line, "character": character })).collect();
    let params = json!({ "textDocument": { "uri": URI }, "positions": positions });
    let found = client.request("textDocument/selectionRange", params).unwrap();
    let number = |value: &Value| value.as_u64().unwrap();
    let place = |value: &Value| (number(&value["line"]), number(&value["character"]));
    let chain = |mut range: &Value| {
        let mut found = Vec::new();
        while range.is_object() {
            let (start, end) = (place(&range["range"]["start"]), place(&range["range"]["end"]));
            found.push((start.0, start.1, end.0, end.1));
            range = &range["parent"];
        }
        found
    };
    found.as_array().unwrap().iter().map(chain).collect()
}

#[test]
fn a_selection_grows_from_a_text_to_its_line_and_never_beyond() {
    // In UTF-16 code units, the emoji has two and the text ends at 20.
    let chat = r#"{"messages":["😀 Hi"]}"#;
    let mut client = opened(json!({}), &format!("{chat}\n\n{}", r#"{"a":"b"#));
    let found = selections(&mut client, &[(0, 17), (0, 3), (1, 0), (2, 7), (2, 99)]);
    let line = |chain: &[(u64, u64)], line: u64| {
        chain.iter().map(|(start, end)| (line, *start, line, *end)).collect::<Vec<_>>()
    };
    assert_eq!(found[0], line(&[(14, 19), (13, 20), (12, 21), (1, 21), (0, 22)], 0));
    assert_eq!(found[1], line(&[(2, 10), (1, 11), (1, 21), (0, 22)], 0));
    assert_eq!(found[2], line(&[(0, 0)], 1), "a blank line");
    assert_eq!(found[3], line(&[(6, 7), (5, 7), (1, 7), (0, 7)], 2), "a broken line");
    assert_eq!(found[4], found[3], "a place after the end");
    client.finish();
}

#[test]
fn the_last_selection_in_a_record_over_several_lines_is_the_record() {
    let mut client = opened(json!({}), "{}\n{\"messages\": [\n  {\"role\": \"user\"}\n]}\n{}\n");
    let found = selections(&mut client, &[(2, 13), (0, 1)]);
    assert_eq!(
        found[0],
        [(2, 12, 2, 16), (2, 11, 2, 17), (2, 3, 2, 17), (2, 2, 2, 18), (1, 13, 3, 1), (1, 1, 3, 1), (1, 0, 3, 2)]
    );
    assert_eq!(found[1], [(0, 0, 0, 2)]);
    client.finish();
}

#[test]
fn many_cursors_in_a_long_line_are_answered() {
    let text = format!(r#"{{"messages":[{{"role":"user","content":"{}"}}]}}"#, "😀 a ".repeat(200_000));
    let mut client = opened(json!({}), &text);
    let places: Vec<_> = (0..1_500).map(|place| (0, 40 + place * 400)).collect();
    let found = selections(&mut client, &places);
    assert_eq!(found.len(), 1_500);
    assert!(found[..1_000].iter().all(|chain| chain.len() > 3), "the ranges of the first 1,000");
    assert!(found[1_000..].iter().all(|chain| chain.len() == 1), "the line of the others");
    client.finish();
}
