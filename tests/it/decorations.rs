//! Inlay hints, code lenses and semantic tokens.

use crate::support::client::Client;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const URI: &str = "file:///data/train.jsonl";

/// A short example of each format.
const LINES: [&str; 2] = [
    r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://clips/a.mp4","mimeType":"video/mp4"},"videoMetadata":{"startOffset":"0s","endOffset":"30s"}},{"text":"😀 What?"}]},{"role":"model","parts":[{"text":"Goal"}]}],"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}}"#,
    r#"{"messages":[{"role":"user","content":"😀 What?"},{"role":"assistant","content":"Goal"}]}"#,
];

fn capabilities(encoding: &str) -> Value {
    json!({
        "general": { "positionEncodings": [encoding] },
        "workspace": { "inlayHint": { "refreshSupport": true }, "codeLens": { "refreshSupport": true } },
        "textDocument": {
            "hover": { "contentFormat": ["markdown"] },
            "inlayHint": {},
            "codeLens": {},
            "semanticTokens": {
                "requests": { "range": true, "full": { "delta": true } },
                "tokenTypes": [], "tokenModifiers": [], "formats": ["relative"]
            }
        },
        "experimental": { "commands": { "commands": ["tuning-ls.showDatasetSummary"] } }
    })
}

fn range(start: u32, end: u32) -> Value {
    json!({ "start": { "line": start, "character": 0 }, "end": { "line": end, "character": 0 } })
}

fn document() -> Value {
    json!({ "uri": URI })
}

/// The line and the label of each hint.
fn hints(client: &mut Client, start: u32, end: u32) -> Vec<(u64, String)> {
    let params = json!({ "textDocument": document(), "range": range(start, end) });
    let hints = client.request("textDocument/inlayHint", params).unwrap();
    let hint = |hint: &Value| {
        assert_eq!(hint["position"]["character"], 0);
        (hint["position"]["line"].as_u64().unwrap(), hint["label"].as_str().unwrap().to_owned())
    };
    hints.as_array().unwrap().iter().map(hint).collect()
}

fn lens(client: &mut Client) -> Option<String> {
    let lenses = client.request("textDocument/codeLens", json!({ "textDocument": document() })).unwrap();
    let lens = lenses.as_array().unwrap().first()?;
    assert_eq!(lens["range"], range(0, 0));
    assert_eq!(lens["command"]["command"], "tuning-ls.showDatasetSummary");
    assert_eq!(lens["command"]["arguments"], json!([URI]));
    Some(lens["command"]["title"].as_str().unwrap().to_owned())
}

#[test]
fn a_client_is_offered_only_what_it_supports_and_a_lens_only_with_its_command() {
    let mut without_command = capabilities("utf-16");
    without_command["experimental"] = Value::Null;
    for (capabilities, offered) in [
        (json!({}), [false, false, false]),
        (without_command, [true, false, true]),
        (capabilities("utf-16"), [true, true, true]),
    ] {
        let mut client = Client::start();
        let answer = client.request("initialize", json!({ "capabilities": capabilities })).unwrap();
        let names = ["inlayHintProvider", "codeLensProvider", "semanticTokensProvider"];
        assert_eq!(names.map(|name| !answer["capabilities"][name].is_null()), offered);
    }
}

#[test]
fn hints_are_at_the_start_of_the_requested_lines_and_say_what_hover_says() {
    let expected = ["#1 · 30 s · ~2.9k tokens", "#1 · ~4 tokens"];
    for (line, expected) in LINES.into_iter().zip(expected) {
        let broken = line.replace("]}", ",]}");
        let mut client = Client::initialized(&capabilities("utf-8"), &Value::Null);
        client.open(URI, 1, &format!("{line}\n\n{broken}\n{line}\n{line}\n"));
        let found = hints(&mut client, 0, 3);
        assert_eq!(found[0], (0, expected.to_owned()));
        let place = json!({ "textDocument": document(), "position": { "line": 0, "character": 3 } });
        let hover = client.request("textDocument/hover", place).unwrap();
        let hover = hover["contents"]["value"].as_str().unwrap();
        let tokens = hover.split("**").find_map(|part| part.strip_suffix(" tokens")).unwrap().replace(',', "");
        let tokens: f64 = tokens.parse().unwrap();
        let short = if tokens < 1_000.0 { tokens.to_string() } else { format!("{:.1}k", tokens / 1_000.0) };
        assert!(expected.ends_with(&format!("~{short} tokens")), "{hover}");
        assert_eq!(found.len(), 2, "the blank and the broken line have none: {found:?}");
        assert_eq!(found[1], (3, expected.replace("#1", "#3")));
        assert_eq!(hints(&mut client, 4, 4), [(4, expected.replace("#1", "#4"))]);
        client.finish();
    }
}

#[test]
fn hints_can_be_switched_off_and_on_and_the_client_is_asked_to_refresh() {
    let mut client = Client::initialized(&capabilities("utf-8"), &Value::Null);
    client.open(URI, 1, LINES[1]);
    assert_eq!(hints(&mut client, 0, 9).len(), 1);
    for (value, count) in [("off", 0), ("on", 1)] {
        let settings = json!({ "settings": { "tuning-ls": { "inlayHints": value } } });
        client.notify("workspace/didChangeConfiguration", settings);
        let request = client.next_request();
        assert_eq!(request["method"], "workspace/inlayHint/refresh");
        client.reply(&request, Value::Null);
        assert_eq!(hints(&mut client, 0, 9).len(), count);
    }
    client.finish();
}

#[test]
fn the_lens_has_the_figures_of_the_file_and_is_refreshed_when_settings_change_them() {
    let mut client = Client::initialized(&capabilities("utf-16"), &Value::Null);
    client.open(URI, 1, &format!("{}\n", LINES[0]));
    assert_eq!(lens(&mut client).as_deref(), Some("1 example · 100% trained · ~2.9k tokens · LOW"));
    client.change(URI, 2, json!([{ "text": format!("{}\n{}\n", LINES[0], LINES[0].replace("30s", "1500s")) }]));
    let title = lens(&mut client).unwrap();
    assert!(title.starts_with("2 examples · ") && title.ends_with(" · LOW"), "{title}");
    client.change(URI, 3, json!([{ "text": format!("{}\n", LINES[1]) }]));
    assert_eq!(lens(&mut client).as_deref(), Some("1 example · 0% trained · ~4 tokens"), "too few");
    client.diagnostics(URI, 3);
    let other = json!({ "settings": { "tuning-ls": { "format": "other" } } });
    client.notify("workspace/didChangeConfiguration", other);
    let request = client.next_request();
    assert_eq!(request["method"], "workspace/codeLens/refresh");
    client.reply(&request, Value::Null);
    assert_eq!(lens(&mut client), None, "not a tuning file");
    client.finish();
}

/// Decodes tokens: line, column, length, type with modifier.
fn decoded(legend: &Value, data: &Value) -> Vec<(u64, u64, u64, String)> {
    let numbers: Vec<u64> = data.as_array().unwrap().iter().map(|number| number.as_u64().unwrap()).collect();
    let (mut line, mut column) = (0, 0);
    let decode = |token: &[u64]| {
        column = if token[0] == 0 { column + token[1] } else { token[1] };
        line += token[0];
        let kind = legend["tokenTypes"][usize::try_from(token[3]).unwrap()].as_str().unwrap();
        let modifier = if token[4] == 1 { legend["tokenModifiers"][0].as_str().unwrap() } else { "" };
        (line, column, token[2], format!("{kind}.{modifier}"))
    };
    numbers.chunks(5).map(decode).collect()
}

#[test]
fn tokens_tell_values_apart_at_the_columns_of_each_encoding() {
    for (line, last) in LINES.into_iter().zip(["enumMember.definition", "enumMember.definition"]) {
        for (encoding, units) in [("utf-8", 4), ("utf-16", 2), ("utf-32", 1)] {
            let mut client = Client::start();
            let params = json!({ "capabilities": capabilities(encoding) });
            let answer = client.request("initialize", params).unwrap();
            let legend = answer["capabilities"]["semanticTokensProvider"]["legend"].clone();
            client.notify("initialized", json!({}));
            client.open(URI, 1, &format!("{line}\n{line}\n{line}\n"));
            let params = json!({ "textDocument": document(), "range": range(1, 1) });
            let tokens = client.request("textDocument/semanticTokens/range", params).unwrap();
            let tokens = decoded(&legend, &tokens["data"]);
            assert!(tokens.iter().all(|token| token.0 == 1), "{tokens:?}");
            let goal = tokens.iter().find(|token| token.3 == last).unwrap();
            let column = line.find("Goal").unwrap() as u64 - 4 + units;
            assert_eq!((goal.1, goal.2), (column, 4), "{encoding}");
            let kinds: Vec<_> = tokens.iter().map(|token| token.3.split('.').next().unwrap()).collect();
            assert_eq!(kinds.iter().filter(|kind| **kind == "keyword").count(), 2);
            if line == LINES[0] {
                assert_eq!(kinds, ["keyword", "namespace", "type", "number", "number", "keyword", "enumMember"]);
            }
            client.finish();
        }
    }
}

#[test]
fn the_difference_to_earlier_tokens_gives_the_tokens_of_the_changed_text() {
    let mut client = Client::initialized(&capabilities("utf-8"), &Value::Null);
    let text = format!("{}\n", LINES[1]).repeat(3);
    client.open(URI, 1, &text);
    let full = |client: &mut Client| {
        client.request("textDocument/semanticTokens/full", json!({ "textDocument": document() })).unwrap()
    };
    let first = full(&mut client);
    let mut data = first["data"].as_array().unwrap().clone();
    client.change(URI, 2, json!([{ "range": range(1, 1), "text": format!("\n{}\n", LINES[0]) }]));
    let params = json!({ "textDocument": document(), "previousResultId": first["resultId"] });
    let delta = client.request("textDocument/semanticTokens/full/delta", params.clone()).unwrap();
    for edit in delta["edits"].as_array().unwrap() {
        let number = |name: &str| usize::try_from(edit[name].as_u64().unwrap()).unwrap();
        let (start, count) = (number("start"), number("deleteCount"));
        data.splice(start..start + count, edit["data"].as_array().unwrap().iter().cloned());
    }
    // An old result can't be compared with anymore.
    let again = client.request("textDocument/semanticTokens/full/delta", params).unwrap();
    assert_eq!(again["data"], json!(data));
    assert_eq!(full(&mut client)["data"], json!(data));
    client.change(URI, 3, json!([{ "text": text.repeat(5_000) }]));
    assert_eq!(full(&mut client), Value::Null, "a large file has tokens by range only");
    client.finish();
}

#[test]
fn a_range_at_the_end_of_fifty_thousand_lines_is_answered_quickly() {
    let mut client = Client::initialized(&capabilities("utf-8"), &Value::Null);
    client.open(URI, 1, &format!("{}\n", LINES[0]).repeat(50_000));
    client.diagnostics(URI, 1);
    let start = Instant::now();
    let found = hints(&mut client, 49_900, 49_950);
    assert_eq!((found.len(), found[0].0), (51, 49_900));
    assert!(found[0].1.starts_with("#49901 · "));
    let params = json!({ "textDocument": document(), "range": range(49_900, 49_950) });
    client.request("textDocument/semanticTokens/range", params).unwrap();
    assert!(lens(&mut client).unwrap().starts_with("50,000 examples · "));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    // A request for all lines is answered in part.
    assert_eq!(hints(&mut client, 0, 50_000).len(), 2_000);
    client.finish();
}
