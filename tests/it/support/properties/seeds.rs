//! Real inputs for the properties.

use crate::support::broken::Choices;
use crate::support::generated::root;
use crate::support::mutations::real_lines;
use crate::support::page::{Language, Page};
use serde_json::{Value, json};

/// The files of a folder in `fixtures`, with their names.
pub fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let Ok(entries) = std::fs::read_dir(root().join("fixtures").join(folder)) else { return Vec::new() };
    let read = |entry: std::fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        Some((name, std::fs::read(entry.path()).ok()?))
    };
    let mut files: Vec<_> = entries.filter_map(|entry| read(entry.ok()?)).collect();
    files.sort();
    files
}

/// The examples of all pages in a language.
fn examples(language: Language) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for (name, _) in files("rules").iter().filter(|(name, _)| name.ends_with(".md")) {
        let page = Page::read(&root().join("fixtures/rules").join(name)).unwrap();
        let blocks = page.blocks.into_iter().filter(|block| block.language == language);
        found.extend(blocks.map(|block| block.text).filter(|text| text.len() < 4_000));
    }
    found
}

/// The examples of the pages, and lines of the datasets.
pub fn texts() -> Vec<Vec<u8>> {
    examples(Language::JsonLines).into_iter().chain(real_lines().into_iter().map(String::into_bytes)).collect()
}

/// Bytes that decide anything.
pub fn decisions() -> Vec<Vec<u8>> {
    let of = |seed: u64| -> Vec<u8> {
        let mut choices = Choices::new(seed);
        (0..20 + choices.below(100)).map(|_| u8::try_from(choices.below(256)).unwrap_or_default()).collect()
    };
    (0..60).map(of).collect()
}

fn after(first: u8, bytes: Vec<u8>) -> Vec<u8> {
    [vec![first], bytes].concat()
}

/// The first byte 0 leads to the text itself.
pub fn decisions_and_texts() -> Vec<Vec<u8>> {
    decisions().into_iter().chain(texts().into_iter().map(|text| after(0, text))).collect()
}

pub fn named_texts() -> Vec<Vec<u8>> {
    let odd = "a, 50%:é #1".as_bytes();
    let odd = texts().into_iter().map(|text| [&[11][..], odd, &text].concat());
    odd.step_by(7).chain(texts().into_iter().map(|text| after(0, text))).collect()
}

pub fn settings() -> Vec<Vec<u8>> {
    let pages = ["README.md", "docs/settings.md"].map(|name| std::fs::read_to_string(root().join(name)).unwrap());
    let sample = |rest: &str| rest.split("```").next().unwrap_or_default().as_bytes().to_vec();
    let samples: Vec<_> = pages.iter().flat_map(|page| page.split("```toml\n").skip(1)).map(sample).collect();
    let mut found: Vec<_> = samples.into_iter().chain(examples(Language::Toml)).map(|text| after(0, text)).collect();
    found.push(after(
        1,
        br#"{"rules":{"bad-uri":"off"},"model":"gemini-2.5-flash","override":[{"files":["a"]}]}"#.to_vec(),
    ));
    let entry = r#"{"code":"bad-uri","pointer":"/contents/0","hash":"00112233445566778899aabbccddeeff"}"#;
    found.push(after(2, format!("{{\"version\": 1, \"findings\": [\n  {entry}\n]}}\n").into_bytes()));
    let csv = "uri,bytes,duration,mime_type,fps,has_audio,pages,width,height\n\
               \"gs://b/a, \"\"1\"\".mp4\",1000,400.2,video/mp4,29.97,true,,1920,1080\ngs://b/b.pdf,,,,,,12,,\n";
    found.push(after(3, csv.as_bytes().to_vec()));
    let row = "{\"uri\": \"gs://b/a.mp4\", \"bytes\": 1000, \"duration\": 400.2, \"has_audio\": true, \"width\": 7}\n";
    found.push(after(4, row.repeat(2).into_bytes()));
    found
}

pub fn media() -> Vec<Vec<u8>> {
    files("media").into_iter().map(|(_, bytes)| bytes).collect()
}

/// What recorded editors send first, and then requests of each kind.
pub fn conversations() -> Vec<Vec<u8>> {
    const URI: &str = "file:///nowhere/train.jsonl";
    let text = r#"{"contents":[{"role":"user","parts":[{"text":"a"},]},{"role":"assistant","parts":[{"text":"b"}]}]}"#;
    let place = json!({ "textDocument": { "uri": URI }, "position": { "line": 0, "character": 20 } });
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 1, "character": 0 } });
    let in_range = json!({ "textDocument": { "uri": URI }, "range": range, "context": { "diagnostics": [] },
        "options": { "tabSize": 2, "insertSpaces": true } });
    let mut requests = vec![
        json!({ "method": "initialized", "params": {} }),
        json!({ "method": "textDocument/didOpen", "params": { "textDocument":
            { "uri": URI, "languageId": "jsonl", "version": 1, "text": format!("{text}\n{text}\n") } } }),
        json!({ "method": "textDocument/didChange", "params": { "textDocument": { "uri": URI, "version": 2 },
            "contentChanges": [{ "range": range, "text": "{\"contents\":[" }] } }),
    ];
    let (at_place, ranges): (&[_], &[_]) = (
        &[
            "completion",
            "hover",
            "definition",
            "documentHighlight",
            "prepareRename",
            "documentSymbol",
            "documentLink",
            "foldingRange",
            "semanticTokens/full",
            "codeLens",
            "diagnostic",
        ],
        &["codeAction", "inlayHint", "formatting", "rangeFormatting", "semanticTokens/range"],
    );
    for (methods, params) in [(at_place, &place), (ranges, &in_range)] {
        requests.extend(
            methods.iter().map(|method| json!({ "method": format!("textDocument/{method}"), "params": params })),
        );
    }
    for method in ["example", "preview", "duplicateExample", "datasetSummary", "rules", "paste"] {
        requests.push(json!({ "method": format!("tuning-ls/{method}"), "params": place }));
    }
    requests.push(
        json!({ "method": "workspace/didChangeConfiguration", "params": { "settings": { "maxDiagnostics": 3 } } }),
    );
    requests.push(json!({ "method": "workspace/symbol", "params": { "query": "a" } }));
    requests.push(json!({ "method": "textDocument/didClose", "params": place }));
    requests.push(json!({ "method": "shutdown" }));
    requests.push(json!({ "method": "exit" }));
    let is_notification = |method: &str| ["initialized", "exit"].contains(&method) || method.contains("/did");
    let body = |(number, message): (usize, &Value)| {
        let mut message = message.clone();
        message["jsonrpc"] = json!("2.0");
        if !is_notification(message["method"].as_str().unwrap_or_default()) {
            message["id"] = json!(number);
        }
        message.to_string()
    };
    let rest: Vec<_> = (1..).zip(&requests).map(body).collect();
    let mut found = Vec::new();
    for (_, bytes) in files("clients") {
        let Ok(mut params) = serde_json::from_slice::<Value>(&bytes) else { continue };
        for name in ["rootUri", "rootPath", "workspaceFolders", "processId"] {
            params[name] = Value::Null;
        }
        let first = json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params }).to_string();
        found.push(after(1, [first, rest.join("\n")].join("\n").into_bytes()));
    }
    let raw = super::messages::framed(rest.join("\n").as_bytes());
    found.push(after(0, raw));
    found
}
