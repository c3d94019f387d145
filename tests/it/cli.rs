//! The command line: output and exit codes.

use crate::support::program::{run, stdout};
use std::path::Path;

fn datasets() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/datasets"))
}

#[test]
fn the_shipped_datasets_have_exactly_these_findings() {
    let mut names: Vec<_> = std::fs::read_dir(datasets()).unwrap().map(|file| file.unwrap().file_name()).collect();
    names.sort();
    let mut shown = String::new();
    for name in names.iter().map(|name| name.to_str().unwrap()) {
        let output = run(&["check", name], datasets());
        shown += &format!("$ tuning-ls check {name}\n{}{}\n\n", stdout(&output), output.status.code().unwrap());
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn a_folder_means_its_datasets_sorted_and_without_what_git_ignores() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    for name in ["b.jsonl", "a.ndjson", "sub/c.jsonl", "ignored/d.jsonl", "e.json", "f.md"] {
        write(name, "{\"contents\":[,]}\n");
    }
    write(".gitignore", "ignored/\n");
    let output = run(&["check", "."], folder.path());
    let text = String::from_utf8(output.stdout).unwrap();
    let mut files: Vec<_> = text.lines().map(|line| line.split(':').next().unwrap()).collect();
    files.dedup();
    assert_eq!(files, ["./a.ndjson", "./b.jsonl", "./sub/c.jsonl"]);
    // A file that is named explicitly is always checked, whatever its extension and even if git ignores it.
    let named = run(&["check", "e.json", "ignored/d.jsonl"], folder.path());
    assert_eq!(String::from_utf8(named.stdout).unwrap().lines().count(), 2);
}

#[test]
fn what_cannot_be_read_is_said_and_fails() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("good.jsonl"), "").unwrap();
    let output = run(&["check", "good.jsonl", "missing.jsonl"], folder.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("missing.jsonl"));
    assert_eq!(run(&["check"], folder.path()).status.code(), Some(2), "no path");
    assert_eq!(run(&["frobnicate"], folder.path()).status.code(), Some(2), "no such command");
    assert_eq!(run(&["explain", "no-such-rule"], folder.path()).status.code(), Some(2));
}

#[test]
fn columns_count_characters_and_a_byte_that_is_no_text_counts_one() {
    let folder = tempfile::tempdir().unwrap();
    let line = b"{\"contents\":[{\"role\":\"\xF0\x9F\x98\x80\xFF\",\"parts\":[,]}]}\n";
    std::fs::write(folder.path().join("a.jsonl"), line).unwrap();
    let output = run(&["check", "a.jsonl"], folder.path());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("a.jsonl:1:24: error[invalid-utf8] byte 0xFF at offset 26"), "{text}");
    assert!(text.contains("a.jsonl:1:36: error[json-syntax]"), "{text}");
}

#[test]
fn explain_prints_the_page_and_version_and_help_answer() {
    let output = run(&["explain", "trailing-comma"], datasets());
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("# trailing-comma"));
    let version = run(&["--version"], datasets());
    assert_eq!(String::from_utf8_lossy(&version.stdout), concat!("tuning-ls ", env!("CARGO_PKG_VERSION"), "\n"));
    let help = run(&["--help"], datasets());
    assert!(String::from_utf8_lossy(&help.stdout).contains("Examples:"));
}
