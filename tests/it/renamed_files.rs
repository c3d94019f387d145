//! Settings files and datasets follow files that are renamed in the editor.

use crate::support::client::Client;
use lsp_types::Uri;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

fn line(location: &str) -> String {
    format!(
        r#"{{"contents":[{{"role":"user","parts":[{{"fileData":{{"fileUri":"{location}","mimeType":"video/mp4"}}}}]}},{{"role":"model","parts":[{{"text":"Goal"}}]}}]}}"#
    ) + "\n"
}

/// A folder with a settings file, two datasets and a folder of clips.
fn project(settings: &str, train: &str, held: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().canonicalize().unwrap();
    std::fs::create_dir_all(path.join("clips/2026")).unwrap();
    for (name, text) in [("tuning-ls.toml", settings), ("clips/train.jsonl", train), ("clips/held.jsonl", held)] {
        std::fs::write(path.join(name), text).unwrap();
    }
    (folder, path)
}

fn uri(folder: &Path, name: &str) -> String {
    Uri::from_file_path(folder.join(name)).unwrap().to_string()
}

fn client(workspace_edit: &Value) -> Client {
    let workspace = json!({ "fileOperations": { "willRename": true }, "workspaceEdit": workspace_edit });
    Client::initialized(&json!({ "workspace": workspace }), &json!({}))
}

/// The answer for files with an old and a new path.
fn rename(client: &mut Client, folder: &Path, pairs: &[(&str, &str)]) -> Value {
    let files = pairs.iter().map(|(old, new)| json!({ "oldUri": uri(folder, old), "newUri": uri(folder, new) }));
    client.request("workspace/willRenameFiles", json!({ "files": files.collect::<Vec<_>>() })).unwrap()
}

/// The edits of a file, each with its line, its range in the line and the new text.
fn edits(edit: &Value, folder: &Path, name: &str) -> Vec<(u64, std::ops::Range<u64>, String)> {
    let changes = edit["documentChanges"].as_array().unwrap();
    let uri = uri(folder, name);
    let of_file = changes.iter().filter(|change| change["textDocument"]["uri"] == uri.as_str());
    let all = of_file.flat_map(|change| change["edits"].as_array().unwrap());
    let number = |place: &Value| place.as_u64().unwrap();
    let edit = |edit: &Value| {
        let (start, end) = (&edit["range"]["start"], &edit["range"]["end"]);
        let columns = number(&start["character"])..number(&end["character"]);
        (number(&start["line"]), columns, edit["newText"].as_str().unwrap().to_owned())
    };
    all.map(edit).collect()
}

#[test]
fn a_dataset_file_is_renamed_in_the_settings_file() {
    let toml = "[[dataset]]\ntrain = \"clips/train.jsonl\"\nvalidation = [\"clips/held.jsonl\"]\n";
    let (_folder, folder) = project(toml, &line("gs://b/1.mp4"), &line("gs://b/2.mp4"));
    let folder = folder.as_path();
    let mut able = client(&json!({ "documentChanges": true }));
    let edit = rename(&mut able, folder, &[("clips/held.jsonl", "clips/validation.jsonl")]);
    let change = &edit["documentChanges"][0];
    assert_eq!(change["textDocument"], json!({ "uri": uri(folder, "tuning-ls.toml"), "version": null }));
    let new = &change["edits"][0]["newText"];
    assert!(change["edits"][0]["range"]["start"]["line"] == 2 && new == "validation", "{edit}");
    let edit = rename(&mut able, folder, &[("clips", "videos")]);
    let both = &edit["documentChanges"][0]["edits"][0]["newText"];
    assert_eq!(both, "videos/train.jsonl\"\nvalidation = [\"video", "{edit}");
    assert_eq!(rename(&mut able, folder, &[("clips/other.jsonl", "clips/new.jsonl")]), Value::Null);
    assert_eq!(rename(&mut able, folder, &[("clips/held.jsonl", "../held.jsonl")]), Value::Null);
    able.finish();
    let mut simple = client(&json!({}));
    let edit = rename(&mut simple, folder, &[("clips/held.jsonl", "clips/validation.jsonl")]);
    assert_eq!(edit["changes"][uri(folder, "tuning-ls.toml")][0]["newText"], "validation");
    simple.finish();
}

#[test]
fn a_copy_of_a_media_file_is_renamed_in_the_lines_that_name_it() {
    let toml = "[[media.mirror]]\nprefix = \"gs://b\"\nfolder = \"clips\"\n";
    let train = line("gs://b/2026/1.mp4") + &line("gs://b/2026/10.mp4") + &line(r"gs:\/\/b\/2026\/1.mp4");
    let (_folder, folder) = project(toml, &train, &line("gs://b/2026/1.mp4"));
    let folder = folder.as_path();
    let mut able = client(&json!({ "documentChanges": true, "changeAnnotationSupport": {} }));
    let text = std::fs::read_to_string(folder.join("clips/train.jsonl")).unwrap();
    able.open(&uri(folder, "clips/train.jsonl"), 1, &text);
    let at = train.find("gs:").unwrap() as u64;
    let edit = rename(&mut able, folder, &[("clips/2026/1.mp4", "clips/a \"b\".mp4")]);
    let new = r#"gs://b/a \"b\".mp4"#.to_owned();
    let expected = vec![(0, at..at + 17, new.clone()), (2, at..at + 21, new.clone())];
    assert_eq!(edits(&edit, folder, "clips/train.jsonl"), expected);
    assert_eq!(edits(&edit, folder, "clips/held.jsonl"), [(0, at..at + 17, new)]);
    let version = |name: &str| {
        let mut changes = edit["documentChanges"].as_array().unwrap().iter();
        changes.find(|it| it["textDocument"]["uri"] == uri(folder, name).as_str()).unwrap()["textDocument"]["version"]
            .clone()
    };
    assert!(version("clips/train.jsonl").is_i64() && version("clips/held.jsonl").is_null());
    // The bucket may have the old name.
    assert_eq!(edit["changeAnnotations"]["moved-media"]["needsConfirmation"], true, "{edit}");
    assert_eq!(edit["documentChanges"][0]["edits"][0]["annotationId"], "moved-media");
    let edit = rename(&mut able, folder, &[("clips/2026", "clips/old/2026")]);
    let spelled: Vec<_> =
        edits(&edit, folder, "clips/train.jsonl").into_iter().map(|(_, columns, _)| columns).collect();
    assert_eq!(spelled, [at..at + 12, at..at + 12, at..at + 16]);
    assert_eq!(edits(&edit, folder, "clips/held.jsonl"), [(0, at..at + 12, "gs://b/old/2026/".to_owned())]);
    // The prefix stays, so only the settings change.
    let edit = rename(&mut able, folder, &[("clips", "videos")]);
    assert_eq!(edits(&edit, folder, "tuning-ls.toml").len(), 1);
    assert_eq!(edit["documentChanges"].as_array().unwrap().len(), 1, "{edit}");
    for elsewhere in [("clips/2026/3.mp4", "clips/3.mp4"), ("clips/2026/1.mp4", "1.mp4"), ("1.mp4", "2.mp4")] {
        assert_eq!(rename(&mut able, folder, &[elsewhere]), Value::Null, "{elsewhere:?}");
    }
    able.finish();
    let mut simple = client(&json!({ "documentChanges": true }));
    assert_eq!(
        rename(&mut simple, folder, &[("clips/2026/1.mp4", "clips/2.mp4")]),
        Value::Null,
        "it can't be confirmed"
    );
    simple.finish();
}

#[test]
fn a_url_follows_with_its_escapes_and_query_and_under_each_prefix() {
    let toml = "[[media.mirror]]\nprefix = \"https://h.org/my%20clips\"\nfolder = \"clips\"\n\
                [[media.mirror]]\nprefix = \"gs://b\"\nfolder = \"clips\"\n";
    let urls = [
        "https://h.org/my%20clips/2026/a%20b.mp4?X-Goog-Signature=1",
        "HTTPS://h.org/my%20clips/2026/a%20b.mp4",
        "https://h.org/my%20clips/2026/a b.mp4",
        "gs://b/2026/a b.mp4",
        "https://h.org/my%20clips/2026/a%20bc.mp4",
    ];
    let train: String = urls.iter().map(|url| line(url)).collect();
    let (_folder, folder) = project(toml, &train, "");
    let folder = folder.as_path();
    let mut able = client(&json!({ "documentChanges": true, "changeAnnotationSupport": {} }));
    let at = train.find("https:").unwrap() as u64;
    let edit = rename(&mut able, folder, &[("clips/2026/a b.mp4", "clips/100% é?.mp4")]);
    let url = "https://h.org/my%20clips/100%25%20%C3%A9%3F.mp4";
    let expected = [
        (0, at..at + 39, url.to_owned()),
        (1, at..at + 39, url.to_owned()),
        (2, at..at + 37, url.to_owned()),
        (3, at..at + 19, "gs://b/100% é?.mp4".to_owned()),
    ];
    assert_eq!(edits(&edit, folder, "clips/train.jsonl"), expected);
    let edit = rename(&mut able, folder, &[("clips/2026", "clips/new year")]);
    let found = edits(&edit, folder, "clips/train.jsonl");
    let starts: Vec<_> = found.iter().map(|(_, columns, text)| (columns.end - at, text.as_str())).collect();
    let url = (30, "https://h.org/my%20clips/new%20year/");
    assert_eq!(starts, [url, url, url, (12, "gs://b/new year/"), url]);
    able.finish();
}

#[test]
fn a_relative_location_follows_its_file_without_a_question() {
    let toml = "service = \"trl\"\n[[media.mirror]]\nprefix = \"\"\nfolder = \"images\"\n";
    let chat = r#"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"a.png"}}]},{"role":"assistant","content":"A dog"}]}"#;
    let (_folder, folder) = project(toml, &format!("{chat}\n"), "");
    std::fs::create_dir(folder.join("images")).unwrap();
    let mut simple = client(&json!({}));
    let edit = rename(&mut simple, &folder, &[("images/a.png", "images/dogs/a.png")]);
    let edits = &edit["changes"][uri(&folder, "clips/train.jsonl")];
    assert_eq!(edits[0]["newText"], "dogs/a.png", "{edit}");
    assert!(edit.get("changeAnnotations").is_none());
    simple.finish();
}
