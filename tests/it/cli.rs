//! The command line: what it prints, and how it ends.

use crate::support::program::run;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;

fn datasets() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/datasets"))
}

/// The codes of errors and warnings by line, from the output of `check`.
fn found(output: &Output) -> BTreeMap<usize, Vec<String>> {
    let mut found: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for line in String::from_utf8(output.stdout.clone()).unwrap().lines() {
        let mut parts = line.splitn(4, ':');
        let (_, row, column, rest) =
            (parts.next(), parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        assert!(column.parse::<usize>().unwrap() > 0, "{line}");
        let (severity, rest) = rest.trim_start().split_once('[').unwrap();
        let (code, message) = rest.split_once("] ").unwrap();
        assert!(["error", "warning", "information", "hint"].contains(&severity), "{line}");
        assert!(!message.is_empty());
        if severity == "error" || severity == "warning" {
            found.entry(row.parse().unwrap()).or_default().push(code.to_owned());
        }
    }
    found
}

#[test]
fn clean_datasets_have_no_error_and_no_warning() {
    for name in [
        "video-clean.jsonl",
        "images-crlf.jsonl",
        "function-calling-clean.jsonl",
        "preference-clean.jsonl",
        "openai-chat.jsonl",
        "service-log.jsonl",
    ] {
        let output = run(&["check", name], datasets());
        assert_eq!(output.status.code(), Some(0), "{name}: {}", String::from_utf8_lossy(&output.stdout));
        assert!(found(&output).is_empty());
    }
    let log = run(&["check", "service-log.jsonl"], datasets());
    assert!(log.stdout.is_empty(), "a log file gets no finding at all");
}

#[test]
fn each_fault_of_the_broken_dataset_is_found_on_its_line_and_nothing_else() {
    let output = run(&["check", "video-broken.jsonl"], datasets());
    assert_eq!(output.status.code(), Some(1));
    let expected: &[(usize, &[&str])] = &[
        (2, &["trailing-comma"]),
        (3, &["unknown-role"]),
        (4, &["malformed-offset", "malformed-offset"]),
        (5, &["inverted-offsets"]),
        (6, &["bad-uri"]),
        (7, &["mixed-media-resolution"]),
        (8, &["snake-case-field"]),
        (9, &["segment-too-long"]),
        (11, &["misplaced-field"]),
        (12, &["several-values-on-line"]),
        (13, &["quote-style", "quote-style", "bad-literal"]),
        (14, &["unknown-value"]),
        (15, &["missing-model-turn"]),
        (16, &["placeholder-uri"]),
        (17, &["mime-type-mismatch"]),
        (18, &["suspicious-target"]),
        (19, &["unclosed"]),
    ];
    let mut expected: BTreeMap<usize, Vec<String>> =
        expected.iter().map(|(line, codes)| (*line, codes.iter().map(|&code| code.to_owned()).collect())).collect();
    // One of 16 records that can be read would be dropped.
    expected.insert(1, vec!["drop-rate".to_owned()]);
    assert_eq!(found(&output), expected);
}

#[test]
fn examples_over_several_lines_and_array_files_get_one_finding_each() {
    let pretty = found(&run(&["check", "video-pretty.jsonl"], datasets()));
    assert_eq!(pretty.into_values().collect::<Vec<_>>(), vec![vec!["multi-line-example".to_owned()]; 4]);
    let array = run(&["check", "video-array.jsonl"], datasets());
    assert_eq!(String::from_utf8_lossy(&array.stdout).lines().count(), 1);
    assert_eq!(found(&array)[&1], ["array-file"]);
}

#[test]
fn too_many_dropped_examples_fail_the_job_before_it_is_started() {
    let output = run(&["check", "video-too-long.jsonl"], datasets());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("error[drop-rate] 15.0 % of the examples (3 of 20) would be dropped"), "{text}");
    assert_eq!(found(&output).values().flatten().filter(|code| *code == "segment-too-long").count(), 3);
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
    // A file that is named is checked, whatever its name and whoever ignores it.
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

/// The blocks of the README in a language.
fn blocks(language: &str) -> Vec<String> {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let fence = format!("```{language}\n");
    readme.split(&fence).skip(1).map(|rest| rest.split_once("```\n").unwrap().0.to_owned()).collect()
}

#[test]
fn the_readme_shows_what_is_really_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let printed = String::from_utf8(run(&["check", "fixtures/datasets"], root).stdout).unwrap();
    let shown = &blocks("text")[0];
    assert_eq!(shown.lines().count(), 4);
    for line in shown.lines() {
        assert!(printed.lines().any(|printed| printed == line), "{line}");
    }
    // What follows a command is all that it prints, and is the same to a byte.
    let samples = blocks("console");
    assert!(samples.len() > 3);
    for sample in samples {
        let (command, expected) = sample.split_once('\n').unwrap();
        let arguments: Vec<_> = command.strip_prefix("$ tuning-ls ").unwrap().split(' ').collect();
        let output = run(&arguments, root);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        assert_eq!(text(output.stdout) + &text(output.stderr), expected, "{command}");
    }
}
