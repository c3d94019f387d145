//! `tuning-ls/preview` and `tuning-ls/setOffsets`: an example as a conversation, and the segment that a player sets.

use crate::support::client::Client;
use serde_json::{Value, json};

const URI: &str = "file:///data/train.jsonl";

/// A question about a video; `segment` follows its file.
fn example(segment: &str) -> String {
    format!(
        r#"{{"contents":[{{"role":"user","parts":[{{"fileData":{{"mimeType":"video/mp4","fileUri":"gs://b/a.mp4"}}{segment}}},{{"text":"Wh\u00e4t?"}}]}},{{"role":"model","parts":[{{"text":"Goal"}}]}}]}}"#
    )
}

fn opened(text: &str) -> Client {
    let mut client = Client::initialized(&json!({}), &Value::Null);
    client.open(URI, 1, text);
    client
}

fn at(line: usize) -> Value {
    json!({ "textDocument": { "uri": URI }, "position": { "line": line, "character": 7 } })
}

#[test]
fn an_example_is_shown_as_a_conversation_with_the_places_of_its_parts() {
    let segment = r#","videoMetadata":{"startOffset":"1s","endOffset":"2.5s"}"#;
    let mut client = opened(&format!("\u{FEFF}{}\n\n{}\n", example(""), example(segment)));
    let shown = client.request("tuning-ls/preview", at(2)).unwrap();
    let [line, number, count] = ["line", "number", "count"].map(|key| shown[key].as_u64().unwrap());
    assert_eq!((line, number, count, &shown["hasSegments"]), (2, 2, 2, &json!(true)));
    let [media, text] = [&shown["turns"][0]["parts"][0], &shown["turns"][0]["parts"][1]];
    assert_eq!(
        (&media["start"], &media["end"], &media["location"]),
        (&json!(1.0), &json!(2.5), &json!("gs://b/a.mp4"))
    );
    assert_eq!((&text["kind"], &text["text"]), (&json!("text"), &json!("Whät?")));
    // The mark at the start of the file is one unit long.
    let first = client.request("tuning-ls/preview", at(0)).unwrap();
    let start = first["turns"][0]["parts"][0]["range"]["start"]["character"].as_u64().unwrap();
    assert_eq!(start as usize, 1 + example("").find(r#"{"fileData"#).unwrap());
    assert_eq!(client.request("tuning-ls/preview", at(1)).unwrap(), Value::Null);
    client.finish();
}

#[test]
fn a_player_sets_the_offsets_of_its_line_and_of_nothing_else() {
    let lines = [example(""), example(r#","videoMetadata":{"startOffset":"1s"}"#)];
    let mut client = opened(&format!("{}\n{}\n", lines[0], lines[1]));
    let mut set = |line: usize, offsets: Value| {
        let mut params = at(line);
        params["media"] = json!(0);
        params.as_object_mut().unwrap().extend(offsets.as_object().unwrap().clone());
        let edit = client.request("tuning-ls/setOffsets", params).unwrap();
        let edits = edit["changes"][URI].as_array().cloned().unwrap_or_default();
        let mut text = lines[line].clone();
        for edit in edits.iter().rev() {
            let place = |end: &str| edit["range"][end]["character"].as_u64().unwrap() as usize;
            assert_eq!(edit["range"]["start"]["line"], json!(line));
            text.replace_range(place("start")..place("end"), edit["newText"].as_str().unwrap());
        }
        text
    };
    assert_eq!(set(0, json!({ "end": 65.2504 })), example(r#","videoMetadata":{"endOffset":"65.25s"}"#));
    let both = r#","videoMetadata":{"startOffset":"2s","endOffset":"3s"}"#;
    assert_eq!(set(1, json!({ "start": 2, "end": 3.0 })), example(both));
    for wrong in [json!({ "start": -1.0 }), json!({ "end": 1e300 }), json!({ "media": 1, "start": 1.0 })] {
        assert_eq!(set(0, wrong), lines[0]);
    }
    client.finish();
}
