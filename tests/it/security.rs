//! What `SECURITY.md` promises.

use crate::media::{MIRROR, problems, run};
use crate::support::features;
use crate::support::generated::{read, root};
use clap::CommandFactory;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tuning_ls::cli::arguments::Arguments;

#[test]
fn each_promise_names_tests_that_exist() {
    let page = read("SECURITY.md");
    let rows: Vec<_> = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| promise")).collect();
    assert!(rows.len() > 10);
    let load = read("tests/load/run");
    let is_load_test =
        |name: &&str| name.strip_prefix("tests/load/run ").is_some_and(|part| load.contains(&format!("def {part}(")));
    let tests = rows.into_iter().flat_map(tests).filter(|name| !is_load_test(name));
    assert_eq!(features::without_test(tests), [""; 0]);
}

/// The names in the last cell of a row.
fn tests(row: &str) -> impl Iterator<Item = &str> {
    let cell = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
    cell.split(", ").map(|name| name.trim_matches('`'))
}

/// The files in a folder and below, with their bytes. The cache of the program is left out.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with(".cache") {
            continue;
        }
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            found.insert(path, bytes);
        }
    }
    found
}

/// A project in which every file has a role: `clips` has only copies, and the folder itself has copies and other files.
fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read(root().join("fixtures/datasets/video-clean.jsonl")).unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("clips")).unwrap();
    std::fs::create_dir(at("sub")).unwrap();
    for name in ["a.html", "b.html", "train.jsonl", "val.jsonl", "sub/base.html", "sub/clip.webm", "clips/p.html"] {
        std::fs::write(at(name), &text).unwrap();
    }
    std::fs::copy(root().join("fixtures/media/clip.webm"), at("clip.webm")).unwrap();
    std::fs::write(at("m.html"), "uri,bytes\n").unwrap();
    assert_eq!(run(folder.path(), &["check", "a.html", "--write-baseline", "base.html"]).status.code(), Some(0));
    std::fs::copy(at("base.html"), at("given.html")).unwrap();
    let settings = r#"
baseline = "base.html"
[[dataset]]
train = "a.html"
validation = "b.html"
[media]
manifest = "m.html"
[[media.mirror]]
prefix = "gs://a/"
folder = "clips"
[[media.mirror]]
prefix = "gs://b/"
folder = "."
"#;
    std::fs::write(at("tuning-ls.toml"), settings).unwrap();
    folder
}

#[test]
fn the_output_never_replaces_a_file_that_is_read() {
    let folder = project();
    let before = files(folder.path());
    let of_all = [
        ("a.html", "the output would replace a dataset"),
        ("./b.html", "the output would replace a file of the dataset"),
        ("base.html", "the output would replace the baseline"),
    ];
    let media = [
        ("m.html", "the output would replace the manifest"),
        ("clips/p.html", "the output would replace a local copy of a media file"),
    ];
    let others = [
        ("tuning-ls.toml", "the output would replace the settings file"),
        ("clip.webm", "the output would replace a local copy of a media file"),
    ];
    let outputs = |command: &'static [&'static str], refused: &[&[(&'static str, &'static str)]]| {
        refused.concat().into_iter().map(|(file, why)| ([command, &["-o", file]].concat(), why)).collect::<Vec<_>>()
    };
    let rewritten = |file: &'static str| vec!["cut-list", file, "--rewritten", ".", "--prefix", "gs://new/"];
    let cases = [
        outputs(&["check", "a.html"], &[&of_all, &media, &others]),
        outputs(&["cut-list", "a.html"], &[&of_all, &media, &others]),
        outputs(&["report", "a.html"], &[&of_all, &media]),
        outputs(&["media", "a.html"], &[&of_all, &others[..1]]),
        vec![
            (vec!["media", "a.html", "-o", "clip.webm"], "not replacing it"),
            (vec!["check", "train.jsonl", "-o", "val.jsonl"], "the output would replace a file of the dataset"),
            (vec!["check", "a.html", "--baseline", "given.html", "-o", "given.html"], "would replace the baseline"),
            (rewritten("sub/base.html"), "base.html: the output would replace the baseline"),
            (rewritten("sub/clip.webm"), "clip.webm: the output would replace a local copy of a media file"),
        ],
    ];
    for (arguments, why) in cases.concat() {
        let output = run(folder.path(), &arguments);
        let said = problems(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.starts_with("error: ") && said.contains(why), "{arguments:?}: {said}");
        assert!(files(folder.path()) == before, "{arguments:?}");
    }
    // What an earlier run wrote, and the manifest with `media`, are replaced.
    for arguments in [["check", "a.html", "-o", "findings.txt"], ["media", "a.html", "-o", "m.html"]] {
        for _ in 0..2 {
            let output = run(folder.path(), &arguments);
            assert_ne!(output.status.code(), Some(2), "{arguments:?}: {}", problems(&output));
        }
    }
}

#[test]
fn rewritten_lines_replace_no_file_of_a_dataset_and_nothing_next_to_the_input() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    write("tuning-ls.toml", b"[[dataset]]\ntrain = \"a.jsonl\"\n");
    write("a.jsonl", b"{}\n");
    write("other/a.jsonl", b"{\"contents\":[]}\n");
    write("b.jsonl", b"mine");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(b"{}\n").unwrap();
    write("b.jsonl.gz", &gzip.finish().unwrap());
    let before = files(folder.path());
    for (input, what) in [("other/a.jsonl", "a file of the dataset"), ("b.jsonl.gz", "the file next to b.jsonl.gz")] {
        let output = run(folder.path(), &["cut-list", input, "--rewritten", ".", "--prefix", "gs://new/"]);
        let said = problems(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(&format!("the output would replace {what}")), "{said}");
        assert!(files(folder.path()) == before, "{input}");
    }
}

#[test]
fn commands_that_only_read_change_no_file() {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(root().join("fixtures/datasets")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    std::fs::create_dir(folder.path().join("clips")).unwrap();
    std::fs::write(folder.path().join("tuning-ls.toml"), MIRROR).unwrap();
    let before = files(folder.path());
    assert!(before.len() > 5);
    let reports = tempfile::tempdir().unwrap();
    let report = reports.path().join("report.html");
    let mut commands: BTreeSet<_> = ["serve"].into();
    for (arguments, code) in [
        (&["check", "."][..], 1),
        (&["check", "--diff", "--unsafe-fixes", "."], 1),
        (&["format", "--check", "."], 0),
        (&["normalize", "--check", "."], 1),
        (&["split-segments", "--check", "."], 1),
        (&["split-segments", "--diff", "."], 1),
        (&["shift-segments", "--check", "--by", "1s", "."], 1),
        (&["shift-segments", "--diff", "--by", "1s", "."], 1),
        (&["stats", "."], 0),
        (&["report", ".", "-o", report.to_str().unwrap()], 0),
        (&["media", "."], 0),
        (&["cut-list", "."], 1),
        (&["schema"], 0),
        (&["rules"], 0),
        (&["explain", "trailing-comma"], 0),
        (&["completions", "bash"], 0),
        (&["man"], 0),
    ] {
        let output = run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", problems(&output));
        assert!(files(folder.path()) == before, "{arguments:?}");
        commands.insert(arguments[0]);
    }
    let all = Arguments::command();
    assert_eq!(commands, all.get_subcommands().map(|command| command.get_name()).collect());
}
