//! The real server over standard input and output.

use crate::support::client::Client;
use lsp_types::Uri;
use serde_json::{Value, json};

const URI: &str = "file:///data/train.jsonl";
const GOOD: &str =
    r#"{"contents":[{"role":"user","parts":[{"text":"Hi"}]},{"role":"model","parts":[{"text":"Hello."}]}]}"#;

fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().map(|diagnostic| diagnostic["code"].as_str().unwrap()).collect()
}

#[test]
fn every_recorded_editor_gets_an_answer_and_columns_in_its_own_units() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/clients");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let params: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let mut client = Client::start();
        let result = client.request("initialize", params).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        client.notify("initialized", json!({}));
        assert_eq!(result["serverInfo"]["name"], "tuning-ls");
        assert_eq!(result["serverInfo"]["version"], env!("CARGO_PKG_VERSION"));
        // An emoji before the fault: 4 bytes, 2 code units, 1 character.
        client.open(URI, 0, "{\"contents\":[{\"role\":\"😀\",}]}\n");
        let diagnostics = if result["capabilities"]["diagnosticProvider"].is_null() {
            client.diagnostics(URI, 0)
        } else {
            let report = client.request("textDocument/diagnostic", json!({ "textDocument": { "uri": URI } })).unwrap();
            assert!(client.notifications.iter().all(|message| message["method"] != "textDocument/publishDiagnostics"));
            report["items"].as_array().unwrap().clone()
        };
        let comma = diagnostics.iter().find(|diagnostic| diagnostic["code"] == "trailing-comma").unwrap();
        let column = match result["capabilities"]["positionEncoding"].as_str().unwrap_or("utf-16") {
            "utf-8" => 27,
            "utf-16" => 25,
            "utf-32" => 24,
            other => panic!("{other}"),
        };
        assert_eq!(comma["range"]["start"], json!({ "line": 0, "character": column }), "{}", path.display());
        client.finish();
        count += 1;
    }
    assert_eq!(count, 12);
}

#[test]
fn every_version_that_settles_is_published_once_with_its_version() {
    let mut client = Client::initialized(&json!({}), &json!({ "rules": { "too-few-examples": "off" } }));
    client.open(URI, 0, &format!("{GOOD}\n"));
    assert!(client.diagnostics(URI, 0).is_empty(), "an empty list is published too");
    client.change(URI, 1, json!([{ "range": { "start": { "line": 0, "character": 1 }, "end": { "line": 0, "character": 1 } }, "text": "x" }]));
    assert_eq!(codes(&client.diagnostics(URI, 1)), ["json-syntax"]);
    // Several changes in one notification apply in order. Then a change of the whole text.
    client.change(
        URI,
        2,
        json!([
            { "range": { "start": { "line": 0, "character": 1 }, "end": { "line": 0, "character": 2 } }, "text": "" },
            { "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } }, "text": "\n" },
        ]),
    );
    assert_eq!(codes(&client.diagnostics(URI, 2)), ["blank-line"]);
    client.change(URI, 3, json!([{ "text": GOOD }]));
    assert_eq!(codes(&client.diagnostics(URI, 3)), ["no-final-newline"]);
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": URI } }));
    let hover = json!({ "textDocument": { "uri": URI }, "position": { "line": 0, "character": 3 } });
    assert_eq!(client.request("textDocument/hover", hover), Ok(Value::Null));
    let cleared = client
        .notifications
        .iter()
        .any(|message| message["params"]["uri"] == URI && message["params"]["diagnostics"] == json!([]));
    assert!(cleared, "closing clears: {:?}", client.notifications);
    client.finish();
}

#[test]
fn two_thousand_edits_in_one_burst_end_with_the_findings_of_the_final_text() {
    let capabilities = json!({ "general": { "positionEncodings": ["utf-8"] } });
    let mut client = Client::initialized(&capabilities, &Value::Null);
    let mut text: Vec<u8> = format!("{GOOD}\n").repeat(40).into_bytes();
    client.open(URI, 0, std::str::from_utf8(&text).unwrap());
    let letters: &[&str] = &["{", "}", "[", "]", "\"", ",", ":", "x", "\n", " ", ""];
    let mut random = 12_345_u64;
    let mut hovers = Vec::new();
    for version in 1..=2_000 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let at = usize::try_from(random >> 33).unwrap() % text.len();
        let letter = letters[usize::try_from(random >> 20).unwrap() % letters.len()];
        let line = text[..at].iter().filter(|&&byte| byte == b'\n').count();
        let character = at - text[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |found| found + 1);
        let here = json!({ "line": line, "character": character });
        // An empty letter deletes the character at this place, but never a line end.
        let removes = letter.is_empty() && text[at] != b'\n';
        let end = json!({ "line": line, "character": character + usize::from(removes) });
        text.splice(at..at + usize::from(removes), letter.bytes());
        client.change(URI, version, json!([{ "range": { "start": here, "end": end }, "text": letter }]));
        if version % 10 == 0 {
            let params = json!({ "textDocument": { "uri": URI }, "position": here });
            hovers.push(client.ask("textDocument/hover", params));
        }
    }
    let burst = client.diagnostics(URI, 2_000);
    for hover in hovers {
        let answered = client.notifications.iter().any(|message| message["id"] == json!(hover));
        assert!(answered || client.answer(hover).is_ok());
    }
    let published = client.notifications.iter().filter(|message| message["params"]["uri"] == URI).count();
    assert!(published < 2_000, "a burst coalesces: {published} publishes");
    // The same text, opened in a new server.
    let mut fresh = Client::initialized(&capabilities, &Value::Null);
    fresh.open(URI, 7, std::str::from_utf8(&text).unwrap());
    assert_eq!(burst, fresh.diagnostics(URI, 7));
    assert!(!burst.is_empty());
    client.finish();
}

#[test]
fn the_session_ends_with_the_codes_the_protocol_asks_for() {
    // After `shutdown` and `exit`, the code is 0, even while the input is open. `finish` asserts this.
    Client::initialized(&json!({}), &Value::Null).finish();
    // After `exit` alone, it is 1.
    let mut client = Client::initialized(&json!({}), &Value::Null);
    client.notify("exit", Value::Null);
    assert_eq!(client.wait().code(), Some(1));
    // It is also 1 if the input ends.
    let mut client = Client::initialized(&json!({}), &Value::Null);
    client.close_input();
    assert_eq!(client.wait().code(), Some(1));
}

#[cfg(target_os = "linux")]
#[test]
fn the_session_ends_when_the_clients_process_is_gone() {
    let mut editor = std::process::Command::new("sleep").arg("600").spawn().unwrap();
    let mut client = Client::start();
    client.request("initialize", json!({ "processId": editor.id(), "capabilities": {} })).unwrap();
    editor.kill().unwrap();
    editor.wait().unwrap();
    assert_eq!(client.wait().code(), Some(1));
}

#[test]
fn what_is_no_request_of_ours_gets_the_protocols_error_and_the_session_goes_on() {
    let mut client = Client::start();
    let error = client.request("textDocument/hover", json!({})).unwrap_err();
    assert_eq!(error["code"], -32002, "before initialize");
    client.request("initialize", json!({ "processId": null, "capabilities": {} })).unwrap();
    let error = client.request("textDocument/nothing", json!({})).unwrap_err();
    assert_eq!(error["code"], -32601, "an unknown method");
    let error = client.request("$/nothing", json!({})).unwrap_err();
    assert_eq!(error["code"], -32601);
    client.notify("$/nothing", json!({}));
    client.send_raw(b"{ this is no message");
    assert_eq!(client.receive()["error"]["code"], -32700, "a broken message");
    for (method, nothing) in [("textDocument/hover", Value::Null), ("textDocument/completion", Value::Null)] {
        let params =
            json!({ "textDocument": { "uri": "file:///not/open.jsonl" }, "position": { "line": 0, "character": 0 } });
        assert_eq!(client.request(method, params), Ok(nothing), "{method} of a document that is not open");
    }
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } });
    let params = json!({ "textDocument": { "uri": "file:///not/open.jsonl" }, "range": range, "context": { "diagnostics": [] } });
    assert_eq!(client.request("textDocument/codeAction", params), Ok(json!([])));
    client.finish();
}

#[test]
fn settings_act_at_once_and_a_wrong_one_is_said() {
    let mut client = Client::initialized(
        &json!({}),
        &json!({ "rules": { "no-final-newline": "error", "no-such-rule": "off", "too-few-examples": "off" }, "maxDiagnostics": -1 }),
    );
    client.open(URI, 1, GOOD);
    let diagnostics = client.diagnostics(URI, 1);
    assert_eq!(codes(&diagnostics), ["no-final-newline"]);
    assert_eq!(diagnostics[0]["severity"], 1);
    let said: Vec<_> =
        client.notifications.iter().filter(|message| message["method"] == "window/showMessage").collect();
    assert_eq!(said.len(), 2, "{said:?}");
    client.notify(
        "workspace/didChangeConfiguration",
        json!({ "settings": { "tuning-ls": { "rules": { "no-final-newline": "off", "too-few-examples": "off" } } } }),
    );
    assert!(client.diagnostics(URI, 1).is_empty(), "the same version again, without the rule");
    // Without our name around them, and with one that is no setting.
    client.notify(
        "workspace/didChangeConfiguration",
        json!({ "settings": { "rules": { "too-few-examples": "off" }, "rule": {} } }),
    );
    assert_eq!(codes(&client.diagnostics(URI, 1)), ["no-final-newline"]);
    client.finish();
}

#[test]
fn untitled_buffers_are_judged_and_views_of_old_versions_are_not() {
    let mut client = Client::initialized(&json!({}), &Value::Null);
    client.open("git:/data/train.jsonl?%7B%22ref%22%3A%22HEAD%22%7D", 1, "{");
    client.open("untitled:Untitled-1", 1, "{\"contents\":[,]}\n");
    assert!(!client.diagnostics("untitled:Untitled-1", 1).is_empty());
    client.open(URI, 1, "{");
    client.diagnostics(URI, 1);
    assert!(
        client.notifications.iter().all(|message| !message["params"]["uri"].as_str().unwrap_or("").starts_with("git:"))
    );
    client.finish();
}

#[test]
fn the_code_of_a_diagnostic_opens_its_page_from_disk() {
    let capabilities = json!({ "textDocument": { "publishDiagnostics": { "codeDescriptionSupport": true, "relatedInformation": true, "tagSupport": { "valueSet": [1, 2] } } } });
    let mut client = Client::initialized(&capabilities, &Value::Null);
    client.open(URI, 1, "{\"contents\":[,]}\n");
    let diagnostics = client.diagnostics(URI, 1);
    let href = diagnostics[0]["codeDescription"]["href"].as_str().unwrap();
    let path = href.parse::<Uri>().unwrap().to_file_path().unwrap();
    assert!(std::fs::read_to_string(path).unwrap().starts_with("# json-syntax"));
    assert_eq!(diagnostics[0]["source"], "tuning-ls");
    client.finish();
}

/// A client like VS Code: snippets, edits on resolve, versioned edits.
fn capable() -> Value {
    json!({
        "workspace": { "workspaceEdit": { "documentChanges": true } },
        "textDocument": {
            "completion": { "completionItem": { "snippetSupport": true, "documentationFormat": ["markdown"] } },
            "hover": { "contentFormat": ["markdown"] },
            "codeAction": {
                "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } },
                "isPreferredSupport": true, "dataSupport": true, "resolveSupport": { "properties": ["edit"] }
            }
        }
    })
}

fn range(line: u32, from: u32, to: u32) -> Value {
    json!({ "start": { "line": line, "character": from }, "end": { "line": line, "character": to } })
}

#[test]
fn completion_and_hover_answer_right_after_a_typed_key() {
    let mut client = Client::initialized(&capable(), &Value::Null);
    client.open(URI, 0, &format!("{GOOD}\n\n"));
    let typed = "{\"contents\":[{\"role\":\"";
    client.change(URI, 1, json!([{ "range": range(1, 0, 0), "text": typed }]));
    let place = json!({ "textDocument": { "uri": URI }, "position": { "line": 1, "character": typed.len() } });
    let items = client.request("textDocument/completion", place).unwrap();
    let labels: Vec<_> = items.as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap()).collect();
    assert_eq!(labels, ["user", "model"]);
    assert_eq!(items[0]["textEdit"]["range"], range(1, 21, 22), "the quote is part of what is replaced");
    assert!(items[0]["filterText"].as_str().unwrap().starts_with('"'));
    let resolved = client.request("completionItem/resolve", items[0].clone()).unwrap();
    assert!(!resolved["documentation"]["value"].as_str().unwrap().is_empty());
    let place = json!({ "textDocument": { "uri": URI }, "position": { "line": 0, "character": 16 } });
    let hover = client.request("textDocument/hover", place).unwrap();
    assert!(hover["contents"]["value"].as_str().unwrap().contains("role"), "{hover}");
    client.finish();
}

#[test]
fn actions_fix_a_finding_or_a_file_and_only_the_requested_kind() {
    let broken = GOOD.replace("\"Hi\"}", "\"Hi\",}");
    let mut client = Client::initialized(&capable(), &Value::Null);
    client.open(URI, 3, &format!("{broken}\n\n{broken}\n"));
    let shown = client.diagnostics(URI, 3);
    let comma = shown.iter().find(|shown| shown["code"] == "trailing-comma").unwrap();
    let mut actions = |context: Value| {
        let params = json!({ "textDocument": { "uri": URI }, "range": comma["range"], "context": context });
        client.request("textDocument/codeAction", params).unwrap().as_array().unwrap().clone()
    };
    let quick = actions(json!({ "diagnostics": [comma] }));
    assert_eq!(quick[0]["kind"], "quickfix");
    assert_eq!(quick[0]["isPreferred"], true);
    assert_eq!(quick[0]["diagnostics"], json!([comma]));
    let edit = &quick[0]["edit"]["documentChanges"][0];
    assert_eq!((&edit["textDocument"]["version"], &edit["edits"][0]["newText"]), (&json!(3), &json!("")));
    assert!(quick.iter().all(|action| !action["kind"].as_str().unwrap().starts_with("source")));
    let source = actions(json!({ "diagnostics": [], "only": ["source.fixAll"] }));
    assert_eq!(source.len(), 1, "{source:?}");
    assert!(source[0].get("edit").is_none(), "whole-file edits come on resolve");
    let resolved = client.request("codeAction/resolve", source[0].clone()).unwrap();
    assert_eq!(resolved["edit"]["documentChanges"][0]["edits"].as_array().unwrap().len(), 3, "{resolved}");
    // After the text changes, an old action can no longer be resolved.
    client.change(URI, 4, json!([{ "range": range(1, 0, 0), "text": " " }]));
    let error = client.request("codeAction/resolve", source[0].clone()).unwrap_err();
    assert_eq!(error["code"], -32801, "ContentModified");
    // The same if another text is opened with the old version number.
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": URI } }));
    client.open(URI, 3, &format!("\n{broken}\n"));
    let error = client.request("codeAction/resolve", source[0].clone()).unwrap_err();
    assert_eq!(error["code"], -32801, "ContentModified");
    client.finish();
}

#[test]
fn an_action_that_cannot_be_done_says_why_if_the_client_can_show_it() {
    let part = r#"{"fileData":{"fileUri":"gs://a/b.mp4","mimeType":"video/mp4"},"videoMetadata":{"startOffset":"60s"}},{"text":"Hi"}"#;
    let text = GOOD.replace(r#"{"text":"Hi"}"#, part);
    let text = |answer: &str| text.replace("Hello", answer);
    for (shows, answer, expected) in [
        (true, "At 75:10", json!({ "reason": "`75:10` in the answer may be a time" })),
        (false, "At 75:10", Value::Null),
        (true, "At 1:10:00", Value::Null),
    ] {
        let mut capabilities = capable();
        capabilities["textDocument"]["codeAction"]["disabledSupport"] = json!(shows);
        let mut client = Client::initialized(&capabilities, &Value::Null);
        client.open(URI, 0, &text(answer));
        let params =
            json!({ "textDocument": { "uri": URI }, "range": range(0, 0, 0), "context": { "diagnostics": [] } });
        let actions = client.request("textDocument/codeAction", params).unwrap();
        let mut actions = actions.as_array().unwrap().iter();
        let action = actions.find(|action| action["title"].as_str().unwrap().starts_with("Make the segment start"));
        assert_eq!(action.is_some(), shows);
        let action = action.cloned().unwrap_or_default();
        assert_eq!((&action["disabled"], action["edit"].is_null()), (&expected, answer == "At 75:10"), "{action}");
        client.finish();
    }
}

#[test]
fn formatting_changes_white_space_only() {
    let mut client = Client::initialized(&json!({}), &Value::Null);
    client.open(URI, 0, "{ \"contents\" : [] , \"n\": 1.50 }\n{ broken\n");
    let params = json!({ "textDocument": { "uri": URI }, "options": { "tabSize": 2, "insertSpaces": true } });
    let edits = client.request("textDocument/formatting", params).unwrap();
    assert!(!edits.as_array().unwrap().is_empty());
    for edit in edits.as_array().unwrap() {
        assert_eq!((&edit["range"]["start"]["line"], &edit["range"]["end"]["line"]), (&json!(0), &json!(0)));
    }
    client.finish();
}
