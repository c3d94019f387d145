//! The command line: output and exit codes.

use crate::support::program::{run, stderr, stdout};
use serde_json::{Value, json};
use std::path::Path;
use tuning_ls::rules;

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
    let text = String::from_utf8(output.stdout).unwrap().replace('\\', "/");
    let mut files: Vec<_> = text.lines().map(|line| line.split(':').next().unwrap()).collect();
    files.dedup();
    assert_eq!(files, ["a.ndjson", "b.jsonl", "sub/c.jsonl"]);
    // A file that is named explicitly is always checked, whatever its extension and even if git ignores it.
    let named = run(&["check", "e.json", "ignored/d.jsonl"], folder.path());
    assert_eq!(String::from_utf8(named.stdout).unwrap().lines().count(), 2);
}

#[test]
fn files_of_a_folder_without_a_tuning_example_are_named_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let copy = |from: &str, to: &str| std::fs::copy(datasets().join(from), folder.path().join(to)).unwrap();
    let note = |options: &[&str]| {
        let output = run(&[&["check"], options].concat(), folder.path());
        assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
        let notes = stderr(&output);
        notes.lines().find(|line| line.contains("no tuning example")).map(str::to_owned)
    };
    copy("openai-chat.jsonl", "train.jsonl");
    assert_eq!(note(&["."]), None);
    copy("service-log.jsonl", "log.jsonl");
    let one = "1 file has no tuning example; only its JSON was checked: log.jsonl";
    assert_eq!(note(&["."]).as_deref(), Some(one));
    // A finding says that a file is in another format.
    let other = "{\"conversations\":[{\"from\":\"human\",\"value\":\"a\"},{\"from\":\"gpt\",\"value\":\"b\"}]}\n";
    std::fs::write(folder.path().join("other.jsonl"), other).unwrap();
    assert_eq!(note(&["."]).as_deref(), Some(one));
    assert_eq!(note(&["--quiet", "."]), None);
    assert_eq!(note(&["--output-format", "json", "."]), None);
    (1..=6).for_each(|number| _ = copy("service-log.jsonl", &format!("log{number}.jsonl")));
    let seven = "7 files have no tuning example; only their JSON was checked: log.jsonl, log1.jsonl, log2.jsonl, \
                 log3.jsonl, log4.jsonl and 2 more";
    assert_eq!(note(&["."]).as_deref(), Some(seven));
    // A file that is named has a finding instead, and one that the settings call something else is as expected.
    let named = run(&["check", "log.jsonl"], folder.path());
    assert_eq!((named.status.code(), stderr(&named)), (Some(1), String::new()));
    std::fs::write(folder.path().join("tuning-ls.toml"), "format = \"other\"\n").unwrap();
    assert_eq!(note(&["."]), None);
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

#[test]
fn rules_lists_every_rule_within_80_columns() {
    let text = stdout(&run(&["rules"], datasets()));
    for rule in rules::all() {
        assert!(text.contains(&format!("\n  {} ", rule.code)), "{} is missing", rule.code);
    }
    let widest = text.lines().max_by_key(|line| line.chars().count()).unwrap();
    assert!(widest.chars().count() <= 80, "{widest}");
    assert!(text.starts_with("text: "), "{text}");
    let rest = text.split_once("\n  trailing-comma ").unwrap().1;
    assert!(
        rest.split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .starts_with("a comma before `]` or `}` (error; safe or suggested fix)")
    );
}

#[test]
fn rules_are_listed_as_json() {
    let output = run(&["rules", "--output-format", "json"], datasets());
    let list: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let list = list["rules"].as_array().unwrap();
    assert_eq!(list.len(), rules::all().count());
    let comma = list.iter().find(|rule| rule["code"] == "trailing-comma").unwrap();
    let wanted = json!({
        "code": "trailing-comma", "family": "json", "severities": ["error"], "fixes": ["safe", "suggested"],
        "summary": "a comma before `]` or `}`",
    });
    assert_eq!(*comma, wanted);
}

#[test]
fn explain_lists_rules_and_suggests_the_nearest_code() {
    let listed = stdout(&run(&["rules"], datasets()));
    let all = run(&["explain"], datasets());
    assert_eq!(all.status.code(), Some(0));
    assert!(stdout(&all).starts_with(&listed) && stdout(&all).contains("run `tuning-ls explain CODE`"));
    let media = stdout(&run(&["explain", "media"], datasets()));
    assert!(media.starts_with("media: ") && media.contains("  bad-uri ") && !media.contains("trailing-comma  "));
    for (code, near) in [("trailing-coma", "trailing-comma"), ("medai", "media"), ("literal", "bad-literal")] {
        let output = run(&["explain", code], datasets());
        assert_eq!(output.status.code(), Some(2));
        let wanted = format!("error: there is no rule or family `{code}`; did you mean `{near}`?\n");
        assert_eq!(stderr(&output), wanted + "Run `tuning-ls rules` to list all rules.\n");
    }
}

#[test]
fn a_path_without_a_command_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.jsonl", "data/b.jsonl", "examples", "rules"] {
        std::fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
        std::fs::write(folder.path().join(name), "{\"contents\":[,]}\n").unwrap();
    }
    for arguments in [
        &["a.jsonl"][..],
        &["a.jsonl", "--select", "json", "data"],
        &["data"],
        &["data/*.jsonl"],
        &["examples"],
        &["missing.jsonl"],
        &["missing/folder"],
        &["--diff", "a.jsonl"],
        &["-q", "--output-format=json", "data"],
        &["--select", "json", "a.jsonl"],
    ] {
        let (short, long) = (run(arguments, folder.path()), run(&[&["check"], arguments].concat(), folder.path()));
        assert_eq!(short, long, "{arguments:?}");
    }
    // A command wins over a file with its name.
    assert!(stdout(&run(&["rules"], folder.path())).starts_with("text: "));
    for (command, near) in [("chek", "check"), ("explian", "explain"), ("norm", "normalize")] {
        let output = run(&[command], folder.path());
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).starts_with(&format!("error: unrecognized subcommand '{command}'")));
        assert!(stderr(&output).contains(&format!("'{near}'")), "{}", stderr(&output));
    }
}

#[test]
fn errors_begin_alike_and_paths_have_no_leading_dot() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("-a.jsonl"), "{\"contents\":[,]}\n").unwrap();
    for arguments in [
        &["check", "missing.jsonl"][..],
        &["check", "./missing.jsonl"],
        &["stats", "missing.jsonl"],
        &["format", "missing.jsonl"],
        &["normalize", "missing.jsonl"],
        &["check", ".", "--config", "missing.toml"],
        &["normalize", ".", "--config", "missing.toml"],
        &["check", ".", "--statistics", "--output-format", "sarif"],
        &["check", ".", "--output-file", "no/folder"],
        &["report", ".", "-o", "a.txt"],
        &["explain", "xyzzy-plugh"],
        &["check", ".", "--select", "xyzzy-plugh"],
        &["frobnicate"],
        &["check"],
    ] {
        let output = run(arguments, folder.path());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = stderr(&output);
        assert!(said.starts_with("error: ") && !said.contains(" ./"), "{arguments:?}: {said}");
    }
    // Without the dot, the name would be read as an option.
    let separator = std::path::MAIN_SEPARATOR;
    assert!(stdout(&run(&["check", "."], folder.path())).starts_with(&format!(".{separator}-a.jsonl:1:")));
}

#[test]
fn an_empty_file_is_said() {
    let folder = tempfile::tempdir().unwrap();
    for text in ["", "\n\n"] {
        std::fs::write(folder.path().join("a.jsonl"), text).unwrap();
        let output = run(&["check", "a.jsonl"], folder.path());
        assert_eq!(output.status.code(), Some(1));
        let message =
            "a.jsonl:1:1: warning[no-examples] this file is empty; a tuning file has one example on each line";
        assert!(stdout(&output).contains(message), "{}", stdout(&output));
    }
}

#[test]
fn a_file_that_is_not_for_tuning_has_no_service() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("log.jsonl"), "{\"level\":\"info\",}\n{\"level\":\"info\"}\n").unwrap();
    for options in [&["--format", "other"][..], &[]] {
        let output = run(&[&["check", "log.jsonl", "--select", "trailing-comma"], options].concat(), folder.path());
        let expected = "log.jsonl:1:16: error[trailing-comma] trailing comma before `}`\n";
        assert_eq!(stdout(&output), expected, "{options:?}");
        let json = ["check", "log.jsonl", "--select", "trailing-comma", "--output-format", "json"];
        let output = run(&[&json, options].concat(), folder.path());
        assert!(stdout(&output).contains("\"consequence\": \"none\""), "{options:?}");
    }
}
