//! The editor and the command line give the same findings for all datasets of the fixtures and all examples on the
//! rule pages. Runs the real server and the real command.

use crate::support::client::Client;
use crate::support::page::{Block, Kind, Language, Page};
use crate::support::program;
use lsp_types::Uri;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use tuning_ls::rules;
use tuning_ls::settings::SETTINGS;
use tuning_ls::settings::toml::FILE_NAME;

/// A file in a folder of its own.
struct Example {
    /// Where the text comes from, for failure messages.
    origin: String,
    name: String,
    text: Vec<u8>,
    /// The name and text of the other file of the dataset.
    other: Option<(String, Vec<u8>)>,
    /// The settings in the folder, as a client would send them.
    settings: Map<String, Value>,
}

/// A finding. Lines and columns start at 1.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    start: [u64; 2],
    end: [u64; 2],
    code: String,
    severity: String,
    message: String,
    /// File name, line and message of each related location.
    related: Vec<(String, u64, String)>,
}

fn files_of(folder: &str, extension: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == extension));
    files.sort();
    files
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn datasets() -> Vec<Example> {
    let read = |path: PathBuf| Example {
        origin: format!("fixtures/datasets/{}", file_name(&path)),
        name: file_name(&path),
        text: std::fs::read(&path).unwrap(),
        other: None,
        settings: Map::new(),
    };
    files_of("datasets", "jsonl").into_iter().map(read).collect()
}

/// The JSON Lines blocks of all rule pages. tests/it/rules.rs describes the pages.
fn blocks() -> Vec<Example> {
    let name_of = |block: &Block| block.file.clone().unwrap_or_else(|| "train.jsonl".to_owned());
    let mut examples = Vec::new();
    for path in files_of("rules", "md") {
        let page = Page::read(&path).unwrap();
        assert!(page.problems.is_empty(), "{:?}", page.problems);
        let mut settings = Map::new();
        for (place, block) in page.blocks.iter().enumerate() {
            // A `fixed` block and a second file use the settings of the block before them.
            if block.kind != Kind::Fixed && block.file.is_none() {
                settings =
                    block.settings.as_deref().map(|json| serde_json::from_str(json).unwrap()).unwrap_or_default();
                settings.remove("named");
            }
            let other = match block.file {
                Some(_) => page.blocks.get(place - 1),
                None => page.blocks.get(place + 1).filter(|next| next.file.is_some()),
            };
            if block.language == Language::JsonLines {
                examples.push(Example {
                    origin: format!("fixtures/rules/{}.md:{}", page.code, block.line),
                    name: name_of(block),
                    text: block.text.clone(),
                    other: other.map(|other| (name_of(other), other.text.clone())),
                    settings: settings.clone(),
                });
            }
        }
    }
    examples
}

/// The settings as the text of a `tuning-ls.toml`.
fn toml(settings: &Map<String, Value>) -> String {
    let value = |value: &Value| match value {
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| (key.clone(), value.as_str().unwrap()));
            toml_edit::Value::InlineTable(members.collect())
        }
        _ => value.as_str().unwrap().into(),
    };
    let mut document = toml_edit::DocumentMut::new();
    for (name, given) in settings {
        let setting = SETTINGS.iter().find(|setting| setting.name == name).unwrap();
        document.insert(&setting.key(), toml_edit::value(value(given)));
    }
    document.to_string()
}

/// The findings of `tuning-ls check`.
fn on_the_command_line(folder: &Path, name: &str) -> Vec<Seen> {
    let output = program::run(&["check", "--output-format", "json", name], folder);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["problems"], json!([]));
    let place = |place: &Value| [place["line"].as_u64().unwrap(), place["column"].as_u64().unwrap()];
    let related = |other: &Value| {
        let name = file_name(Path::new(other["path"].as_str().unwrap()));
        (name, place(&other["start"])[0], other["message"].as_str().unwrap().to_owned())
    };
    let seen = |finding: &Value| {
        assert_eq!(finding["path"], name);
        Seen {
            start: place(&finding["start"]),
            end: place(&finding["end"]),
            code: finding["code"].as_str().unwrap().to_owned(),
            severity: finding["severity"].as_str().unwrap().to_owned(),
            message: finding["message"].as_str().unwrap().to_owned(),
            related: finding["related"].as_array().unwrap().iter().map(related).collect(),
        }
    };
    let mut found: Vec<_> = report["findings"].as_array().unwrap().iter().map(seen).collect();
    // An argument names its file; opening one in an editor does not.
    found.retain(|seen| seen.code != "no-examples");
    found.sort();
    found
}

/// The diagnostics of an editor that counts columns in UTF-32.
fn in_an_editor(diagnostics: &[Value]) -> Vec<Seen> {
    let place = |place: &Value| [place["line"].as_u64().unwrap() + 1, place["character"].as_u64().unwrap() + 1];
    let related = |other: &Value| {
        let uri: Uri = other["location"]["uri"].as_str().unwrap().parse().unwrap();
        let line = place(&other["location"]["range"]["start"])[0];
        (file_name(&uri.to_file_path().unwrap()), line, other["message"].as_str().unwrap().to_owned())
    };
    let seen = |diagnostic: &Value| Seen {
        start: place(&diagnostic["range"]["start"]),
        end: place(&diagnostic["range"]["end"]),
        code: diagnostic["code"].as_str().unwrap().to_owned(),
        severity: match diagnostic["severity"].as_u64() {
            Some(1) => "error",
            Some(2) => "warning",
            Some(3) => "information",
            Some(4) => "hint",
            _ => "of no known severity",
        }
        .to_owned(),
        message: diagnostic["message"].as_str().unwrap().to_owned(),
        related: diagnostic["relatedInformation"].as_array().into_iter().flatten().map(related).collect(),
    };
    let mut found: Vec<_> = diagnostics.iter().map(seen).collect();
    found.sort();
    found
}

#[test]
fn the_editor_and_the_command_line_give_the_same_findings_at_the_same_places() {
    let mut examples = datasets();
    examples.extend(blocks());
    let all = examples.len();
    // An editor decodes the file, and hides a byte order mark, so the first line has other columns.
    examples.retain(|example| std::str::from_utf8(&example.text).is_ok());
    let not_utf8 = all - examples.len();
    examples.retain(|example| !example.text.starts_with("\u{FEFF}".as_bytes()));
    let marked = all - not_utf8 - examples.len();
    // The cap applies to editors only.
    examples.retain(|example| !example.settings.contains_key("maxDiagnostics"));
    let capped = all - not_utf8 - marked - examples.len();
    assert_eq!([not_utf8, marked, capped], [4, 4, 3], "not UTF-8, with a byte order mark, with a cap");

    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    for (number, example) in examples.iter().enumerate() {
        let folder = root.join(number.to_string());
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join(FILE_NAME), toml(&example.settings)).unwrap();
        std::fs::write(folder.join(&example.name), &example.text).unwrap();
        if let Some((name, text)) = &example.other {
            std::fs::write(folder.join(name), text).unwrap();
        }
    }
    let capabilities = json!({
        "general": { "positionEncodings": ["utf-32"] },
        "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } },
        "textDocument": { "publishDiagnostics": { "relatedInformation": true } }
    });
    let root_uri = Uri::from_file_path(root).unwrap().to_string();
    let mut client = Client::in_folder(Some(&root_uri), &capabilities, &Value::Null);
    let mut compared = Vec::new();
    for (number, example) in examples.iter().enumerate() {
        let folder = root.join(number.to_string());
        let expected = on_the_command_line(&folder, &example.name);
        let uri = Uri::from_file_path(folder.join(&example.name)).unwrap().to_string();
        client.open(&uri, 1, std::str::from_utf8(&example.text).unwrap());
        // The server may publish findings of the file itself before it has read the dataset.
        if let Err(last) = client.wait_until(&uri, |diagnostics| in_an_editor(diagnostics) == expected) {
            let last = last.as_deref().map(in_an_editor);
            assert_eq!(last.as_ref(), Some(&expected), "{}: an editor, and the command line", example.origin);
        }
        compared.push((example, uri, expected));
    }
    let mut found = BTreeSet::new();
    for (example, uri, expected) in compared {
        // The findings must not change while the other files are opened.
        let later = client.notifications.iter().rev().find(|message| message["params"]["uri"] == uri);
        if let Some(later) = later.and_then(|message| message["params"]["diagnostics"].as_array()) {
            assert_eq!(in_an_editor(later), expected, "{}: an editor in the end, and the command line", example.origin);
        }
        client.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
        if !expected.is_empty() {
            assert!(client.wait_until(&uri, <[Value]>::is_empty).is_ok(), "{}: not cleared", example.origin);
        }
        found.extend(expected.into_iter().map(|seen| seen.code));
    }
    client.finish();
    let never: Vec<_> = rules::all().map(|rule| rule.code).filter(|code| !found.contains(*code)).collect();
    // These rules are about the files left out above, long lines, media files, a file over a gigabyte, files named as arguments, and
    // the settings file.
    let left_out = [
        "byte-order-mark",
        "invalid-utf8",
        "record-too-long",
        "media-too-large",
        "too-many-pages",
        "missing-media",
        "unreadable-media",
        "audio-too-long",
        "offset-beyond-end",
        "file-too-large",
        "no-examples",
        "findings-capped",
        "bad-config",
    ];
    assert_eq!(never, left_out, "rules that no example stood for");
}
