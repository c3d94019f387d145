//! What is different on Windows: paths, and files that are open.

use crate::support::client::Client;
use crate::support::commands::{printed, run, said, write};
use lsp_types::Uri;
use serde_json::{Value, json};
use std::path::Path;
use tempfile::tempdir;

/// A record, with a fault if `rest` is a comma.
fn line(rest: &str) -> String {
    format!(
        r#"{{"contents":[{{"role":"user","parts":[{{"text":"Hi"}}]}},{{"role":"model","parts":[{{"text":"Ho"}}]}}{rest}]}}"#
    )
}

#[test]
fn a_file_that_another_program_has_open_stays() {
    let folder = tempdir().unwrap();
    let text = line(",") + "\n";
    let path = write(folder.path(), "a.jsonl", &text);
    let open = std::fs::File::open(&path).unwrap();
    let output = run(&["check", "--fix", "a.jsonl"], folder.path());
    assert_eq!(said(&output), "error: a.jsonl: another program has the file open; nothing was written\n");
    assert_eq!(output.status.code(), Some(2));
    drop(open);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "a temporary file is left");
}

#[test]
fn a_file_with_a_long_path_is_fixed() {
    let folder = tempdir().unwrap();
    // Without `\\?\`, a path of Windows has at most 260 characters.
    let deep = [["a"; 60].concat().as_str(); 6].join("\\");
    let name = format!("{deep}\\a.jsonl");
    let path = write(folder.path(), &name, line(",") + "\n");
    let output = run(&["check", "--fix", "."], folder.path());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains(&format!("{name}: 1 of 1 example")), "{}", said(&output));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), line("") + "\n");
}

#[test]
fn paths_are_printed_and_matched_as_they_are_written_on_windows() {
    let folder = tempdir().unwrap();
    write(folder.path(), "data/deep/a.jsonl", line(",") + "\n");
    write(folder.path(), "data/b.jsonl", line(",") + "\n");
    write(folder.path(), "tuning-ls.toml", "[rules]\ntoo-few-examples = 'off'\nnot-a-rule = 'off'\n");
    let absolute = format!("{}\\data\\*.jsonl", folder.path().display());
    let found = |pattern: &str, name: &str| {
        let output = run(&["check", "--output-format", "concise", pattern], folder.path());
        assert!(printed(&output).contains(&format!("{name}:1:")), "{pattern}: {}", printed(&output));
        // The settings file has a fault. Its path is relative, and nowhere is the long form of a path.
        let all = printed(&output).to_owned() + said(&output);
        assert!(all.contains("tuning-ls.toml") && !all.contains(r"\\?\"), "{all}");
    };
    found(r"data\**\a.jsonl", r"data\deep\a.jsonl");
    found(r".\data\*.jsonl", r"data\b.jsonl");
    found("data/deep/a.jsonl", "data/deep/a.jsonl");
    found(&absolute, &absolute.replace('*', "b"));
    let sarif = run(&["check", "--output-format", "sarif", r"data\deep\a.jsonl"], folder.path());
    assert!(printed(&sarif).contains("\"data/deep/a.jsonl\""), "{}", printed(&sarif));
}

#[test]
fn settings_may_have_backslashes() {
    let folder = tempdir().unwrap();
    write(folder.path(), r"data\train.jsonl", line("") + "\n" + &line(",") + "\n");
    write(folder.path(), r"data\held.jsonl", line("") + "\n");
    let settings = "[[dataset]]\r\ntrain = 'data\\train.jsonl'\r\nvalidation = '.\\data\\held.jsonl'\r\n\r\n\
                    [[override]]\r\nfiles = 'data\\t*.jsonl'\r\nrules = { trailing-comma = 'off' }\r\n";
    write(folder.path(), "tuning-ls.toml", settings);
    let output = run(&["check", "."], folder.path());
    let all = printed(&output);
    assert!(
        all.contains("train-validation-overlap") && !all.contains("trailing-comma") && !all.contains("bad-config"),
        "{all}"
    );
    for wrong in [r"..\a.jsonl", r"C:a.jsonl", r"C:\a.jsonl", r"\a.jsonl", r"data\..\..\a.jsonl"] {
        write(folder.path(), "tuning-ls.toml", format!("[[override]]\nfiles = '{wrong}'\n"));
        let output = run(&["check", "."], folder.path());
        let all = printed(&output).to_owned() + said(&output);
        assert!(all.contains("leaves its folder"), "{wrong}: {all}");
    }
}

#[test]
fn a_file_is_the_same_with_any_spelling_of_its_drive() {
    let folder = tempdir().unwrap();
    write(folder.path(), "train.jsonl", line("") + "\n");
    write(folder.path(), "validation.jsonl", line("") + "\n");
    let folder_uri = Uri::from_directory_path(folder.path()).unwrap().to_string();
    let (drive, rest) = folder_uri.strip_prefix("file:///").unwrap().split_once(':').unwrap();
    let leaks = |all: &[Value]| all.iter().any(|it| it["code"] == "train-validation-overlap");
    for colon in [":", "%3A", "%3a"] {
        for drive in [drive.to_lowercase(), drive.to_uppercase()] {
            let root = format!("file:///{drive}{colon}{rest}");
            let mut client = Client::in_folder(Some(&root), &json!({}), &Value::Null);
            let held = format!("{root}validation.jsonl");
            client.open(&held, 1, &(line("") + "\n"));
            assert!(client.wait_until(&held, leaks).is_ok(), "{held}: the other file is not found");
            // Its text in the editor counts, and no longer the text on disk.
            client.open(&format!("{root}train.jsonl"), 1, "");
            assert!(client.wait_until(&held, |all| !leaks(all)).is_ok(), "{held}: the open file is not found");
            client.finish();
        }
    }
}

#[test]
fn a_file_that_the_server_has_read_is_fixed() {
    let folder = tempdir().unwrap();
    let train = |rest: &str| line("") + "\n" + &line(rest).replace("Ho", "Hm") + "\n";
    let path = write(folder.path(), "train.jsonl", train(","));
    let uri = |name: &str| Uri::from_file_path(folder.path().join(name)).unwrap().to_string();
    let mut client = Client::in_folder(Some(&uri("")), &json!({}), &Value::Null);
    client.open(&uri("validation.jsonl"), 1, &(line("") + "\n"));
    let leaks = |all: &[Value]| all.iter().any(|it| it["code"] == "train-validation-overlap");
    assert!(client.wait_until(&uri("validation.jsonl"), leaks).is_ok(), "the other file is not read");
    let output = run(&["check", "--fix", "train.jsonl"], folder.path());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), train(""), "{}", said(&output));
    client.finish();
}

#[test]
fn a_share_and_a_local_path_have_uris() {
    for (path, uri) in [
        (r"\\server\share\a b.jsonl", "file://server/share/a%20b.jsonl"),
        (r"\\?\UNC\server\share\a b.jsonl", "file://server/share/a%20b.jsonl"),
        (r"\\?\C:\a.jsonl", "file:///C:/a.jsonl"),
    ] {
        assert_eq!(Uri::from_file_path(Path::new(path)).unwrap().to_string(), uri);
    }
}
