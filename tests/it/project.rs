//! A project on the command line: its `tuning-ls.toml`, and its baseline.

use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        write(folder.path(), name, text);
    }
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn check(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tuning-ls"));
    command.arg("check").args(arguments).current_dir(folder).output().unwrap()
}

fn out(output: &Output) -> String {
    with_slashes(&output.stdout)
}

fn problems(output: &Output) -> String {
    with_slashes(&output.stderr)
}

/// A text with `/` between folders.
fn with_slashes(text: &[u8]) -> String {
    let text = String::from_utf8(text.to_vec()).unwrap();
    if cfg!(windows) { text.replace('\\', "/") } else { text }
}

/// `path:line code` of each finding except `too-few-examples`.
fn found(output: &Output) -> Vec<String> {
    let lines = out(output);
    let lines = lines.lines().filter(|line| !line.contains("hint[too-few-examples]"));
    let place = |line: &str| {
        let mut parts = line.splitn(4, ':');
        let (path, line) = (parts.next().unwrap(), parts.next().unwrap());
        let code = parts.nth(1).unwrap().split(['[', ']']).nth(1).unwrap();
        format!("{path}:{line} {code}")
    };
    lines.map(place).collect()
}

/// An example with this answer of the model, and a segment of this length.
fn example(answer: &str, resolution: &str, seconds: u32) -> String {
    format!(
        r#"{{"contents":[{{"role":"user","parts":[{{"fileData":{{"fileUri":"gs://clips/a.mp4","mimeType":"video/mp4"}},"videoMetadata":{{"startOffset":"0s","endOffset":"{seconds}s"}}}},{{"text":"Who wins? Not {answer}."}}]}},{{"role":"model","parts":[{{"text":"{answer}"}}]}}],"generationConfig":{{"mediaResolution":"MEDIA_RESOLUTION_{resolution}"}}}}"#
    ) + "\n"
}

/// An example without findings; a different one for each number.
fn good(number: u32) -> String {
    example(&format!("team {number}"), "LOW", 10)
}

#[test]
fn the_nearest_settings_file_holds_and_its_faults_are_printed_once_and_first() {
    let todo = example("TODO", "LOW", 10);
    let folder = folder(&[
        ("tuning-ls.toml", "[rules]\nsuspicious-target = \"off\"\nno-such-rule = \"off\"\n"),
        ("a.jsonl", &todo),
        ("b/c/d.jsonl", &todo),
        ("near/tuning-ls.toml", "media-resolution = \"MEDIUM\"\n"),
        ("near/e.jsonl", &todo),
    ]);
    let all = check(folder.path(), &["b", "a.jsonl", "near", "b/c/d.jsonl"]);
    let expected =
        ["tuning-ls.toml:3 bad-config", "near/e.jsonl:1 suspicious-target", "near/e.jsonl:1 mixed-media-resolution"];
    assert_eq!((found(&all), all.status.code()), (expected.map(str::to_owned).to_vec(), Some(1)));
    assert!(
        out(&all).starts_with("tuning-ls.toml:3:1: error[bad-config] there is no rule `no-such-rule`"),
        "{}",
        out(&all)
    );
    // From a folder below, the same settings file applies, whatever the path looks like.
    for path in ["d.jsonl", "../c/d.jsonl", "../../b/c/d.jsonl"] {
        let below = check(&folder.path().join("b/c"), &[path]);
        assert_eq!(found(&below).len(), 1, "{}", out(&below));
        assert!(out(&below).contains("tuning-ls.toml:3:1: error[bad-config]"), "{}", out(&below));
    }
    assert_eq!(found(&check(folder.path(), &["--no-config", "a.jsonl"])), ["a.jsonl:1 suspicious-target"]);
    let other = check(folder.path(), &["--config", "near/tuning-ls.toml", "a.jsonl"]);
    assert_eq!(found(&other), ["a.jsonl:1 suspicious-target", "a.jsonl:1 mixed-media-resolution"]);
}

#[test]
fn overrides_and_datasets_hold_for_their_files_alone() {
    let settings = r#"
        [[override]]
        files = "old/*.jsonl"
        rules = { suspicious-target = "information" }
        [[override]]
        files = "logs/**"
        format = "other"
        [[dataset]]
        train = "sport/train.jsonl"
        media-resolution = "MEDIUM"
        [[dataset]]
        train = "chat/*.jsonl"
    "#;
    let todo = example("TODO", "LOW", 10);
    let log = "{\"level\":\"info\",\"level\":\"twice\"}\n";
    let folder = folder(&[
        ("tuning-ls.toml", settings),
        ("old/a.jsonl", &todo),
        ("new.jsonl", &todo),
        ("logs/b.jsonl", &todo),
        ("logs/c.jsonl", "{\"contents\":[,]}\n"),
        ("sport/train.jsonl", log),
        ("sport/log.jsonl", log),
        ("chat/train.jsonl", "{\"instruction\":\"Say hi.\",\"output\":\"Hi\"}\n"),
    ]);
    let all = check(folder.path(), &["old", "new.jsonl", "logs", "sport", "chat"]);
    let found = found(&all);
    let of = |path: &str| found.iter().filter(|found| found.starts_with(path)).cloned().collect::<Vec<_>>();
    assert!(out(&all).contains("old/a.jsonl:1:") && out(&all).contains("information[suspicious-target]"));
    assert!(out(&all).contains("chat/train.jsonl:1:1: error[foreign-format]"), "{}", out(&all));
    assert_eq!(of("new.jsonl"), ["new.jsonl:1 suspicious-target"]);
    assert_eq!(of("logs/b.jsonl"), Vec::<String>::new());
    assert_eq!(of("logs/c.jsonl"), ["logs/c.jsonl:1 json-syntax"]);
    assert_eq!(of("sport/log.jsonl"), Vec::<String>::new());
    assert!(of("sport/train.jsonl").contains(&"sport/train.jsonl:1 duplicate-key".to_owned()), "{found:?}");
}

#[test]
fn settings_that_cannot_be_read_are_said_and_fail() {
    let folder = folder(&[("a.jsonl", &good(1)), ("bad.json", "{}"), ("sub/b.jsonl", &good(2))]);
    std::fs::write(folder.path().join("sub/tuning-ls.toml"), b"model = \"\xFF\"\n").unwrap();
    let cases: [(&[&str], &str); 5] = [
        (&["--write-baseline", "a.jsonl", "a.jsonl"], "a.jsonl: this is not a baseline file"),
        (&["--config", "none.toml", "a.jsonl"], "none.toml: the settings cannot be read"),
        (&["--baseline", "none.json", "a.jsonl"], "none.json: the baseline cannot be read"),
        (&["--baseline", "bad.json", "a.jsonl"], "bad.json: this is not a baseline file"),
        (&["sub/b.jsonl"], "sub/tuning-ls.toml: the settings cannot be read: the file is not UTF-8"),
    ];
    for (arguments, expected) in cases {
        let output = check(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(problems(&output).contains(expected), "{arguments:?}: {}", problems(&output));
    }
    assert_eq!(std::fs::read_to_string(folder.path().join("a.jsonl")).unwrap(), good(1), "no data is overwritten");
    write(folder.path(), "tuning-ls.toml", "\nbaseline = \"none.json\"\n");
    let output = check(folder.path(), &["a.jsonl"]);
    assert!(out(&output).starts_with("tuning-ls.toml:2:12: error[bad-config] "), "{}", out(&output));
    assert!(out(&output).contains("none.json: the baseline cannot be read"));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn accepted_findings_are_hidden_until_their_line_changes() {
    let (bad, mixed) = (example("TODO", "LOW", 10), example("a draw", "MEDIUM", 10));
    let folder = folder(&[("a.jsonl", &format!("{}{bad}{}{mixed}\n", good(1), good(2)))]);
    let written = check(folder.path(), &["--write-baseline", "known.json", "a.jsonl"]);
    assert_eq!((written.status.code(), out(&written)), (Some(0), String::new()), "{}", problems(&written));
    assert!(problems(&written).contains("known.json: accepted 3 findings"), "{}", problems(&written));
    let text = std::fs::read_to_string(folder.path().join("known.json")).unwrap();
    assert_eq!(text.lines().count(), 5, "{text}");
    let known = || check(folder.path(), &["--baseline", "known.json", "a.jsonl"]);
    assert_eq!((found(&known()), known().status.code()), (vec![], Some(0)));
    assert_eq!(problems(&known()), "a.jsonl: 4 of 4 examples would be trained\n");

    // Lines that move stay accepted. Accepted lines still count when the majority resolution is determined.
    write(folder.path(), "a.jsonl", &format!("{mixed}\n{}{}   {bad}", good(1), good(2)));
    assert_eq!(found(&known()), Vec::<String>::new());
    // Both copies of a line are accepted.
    write(folder.path(), "a.jsonl", &format!("{mixed}{bad}{bad}{}{}{}", good(1), good(2), good(3)));
    assert_eq!(found(&known()), ["a.jsonl:3 duplicate-example"]);
    assert!(problems(&known()).contains("1 finding of the baseline not in these files; "), "{}", problems(&known()));
    // If a line changes, the findings that were accepted on it are new.
    let changed = bad.replace("Who wins?", "Who won?");
    write(folder.path(), "a.jsonl", &format!("{changed}{}{}", good(1), good(2)));
    assert_eq!(found(&known()), ["a.jsonl:1 suspicious-target"]);
    // A new finding on an old line is not accepted.
    write(folder.path(), "tuning-ls.toml", "media-resolution = \"HIGH\"\n");
    write(folder.path(), "a.jsonl", &bad);
    assert_eq!(found(&known()), ["a.jsonl:1 mixed-media-resolution"]);
}

#[test]
fn findings_about_the_whole_file_are_never_accepted() {
    let long = example("a draw", "LOW", 3_000);
    let folder = folder(&[("a.jsonl", &format!("{long}{}", good(1)))]);
    write(folder.path(), "b.jsonl", &format!("{}{}", good(1), good(2).replace('\n', "\r\n")));
    check(folder.path(), &["--write-baseline", "known.json", "a.jsonl", "b.jsonl"]);
    let output = check(folder.path(), &["--baseline", "known.json", "a.jsonl", "b.jsonl"]);
    assert_eq!(found(&output), ["a.jsonl:1 drop-rate", "b.jsonl:1 line-ending"]);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn each_place_of_what_is_said_once_per_file_is_accepted() {
    let snake = good(1).replace("fileUri", "file_uri").replace("generationConfig", "generation_config");
    let folder = folder(&[("tuning-ls.toml", "baseline = \"known.json\"\n")]);
    write(folder.path(), "a.jsonl", &format!("{snake}{}", snake.replace("team 1", "team 2")));
    assert_eq!(found(&check(folder.path(), &["a.jsonl"]))[0], "tuning-ls.toml:1 bad-config");
    let written = check(folder.path(), &["--write-baseline", "known.json", "a.jsonl"]);
    assert_eq!(
        (out(&written), written.status.code()),
        (String::new(), Some(0)),
        "the settings may name it before it is there"
    );
    assert_eq!(found(&check(folder.path(), &["a.jsonl"])), Vec::<String>::new());
    // The finding moves to the next place that is not accepted.
    write(folder.path(), "a.jsonl", &format!("{snake}{}", snake.replace("team 1", "team 3")));
    let output = check(folder.path(), &["a.jsonl"]);
    assert!(
        !found(&output).is_empty() && found(&output).iter().all(|found| found.starts_with("a.jsonl:2 ")),
        "{}",
        out(&output)
    );
}

#[test]
fn the_datasets_that_ship_are_silent_under_their_own_baseline() {
    let datasets = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/datasets"));
    let folder = tempfile::tempdir().unwrap();
    let baseline = folder.path().join("known.json");
    let baseline = baseline.to_str().unwrap();
    let written = check(datasets, &["--write-baseline", baseline, "."]);
    assert_eq!(written.status.code(), Some(0));
    let output = check(datasets, &["--baseline", baseline, "."]);
    let stale = |line: &&str| !line.contains("examples would be trained");
    let left = found(&output)
        .into_iter()
        .filter(|found| !["drop-rate", "array-file", "line-ending"].iter().any(|code| found.ends_with(code)));
    assert_eq!(left.collect::<Vec<_>>(), Vec::<String>::new());
    let note = "1 file has no tuning example; only its JSON was checked: service-log.jsonl";
    assert_eq!(problems(&output).lines().filter(stale).collect::<Vec<_>>(), [note]);
    // The service doesn't know the baseline.
    let outlook = "openai-broken.jsonl: 3 of 14 examples would be trained: 11 rejected\n";
    assert!(problems(&output).contains(outlook), "{}", problems(&output));
    let again = folder.path().join("again.json");
    check(datasets, &["--write-baseline", again.to_str().unwrap(), "."]);
    assert_eq!(std::fs::read(baseline).unwrap(), std::fs::read(again).unwrap());
}

#[test]
fn every_format_prints_what_is_wrong_in_the_settings() {
    let folder = folder(&[("tuning-ls.toml", "# ä\nmodle = \"\"\n"), ("a.jsonl", &good(1))]);
    for format in ["concise", "full", "json", "json-lines", "sarif", "github", "gitlab", "junit"] {
        let output = check(folder.path(), &["--output-format", format, "a.jsonl"]);
        let text = out(&output);
        assert!(text.contains("tuning-ls.toml") && text.contains("did you mean `model`?"), "{format}: {text}");
        assert_eq!(output.status.code(), Some(1), "{format}");
    }
    let json = check(folder.path(), &["--output-format", "json-lines", "a.jsonl"]);
    let first: serde_json::Value = serde_json::from_str(out(&json).lines().next().unwrap()).unwrap();
    assert!(first.to_string().contains("\"offset\":5"), "{first}");
    assert_eq!(found(&check(folder.path(), &["--ignore", "bad-config", "a.jsonl"])), Vec::<String>::new());
}

#[test]
fn the_last_line_says_what_a_mixture_of_text_and_images_costs() {
    let text = r#"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}"#;
    let image = r#"{"messages":[{"role":"user","content":[{"type":"text","text":"c"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]},{"role":"assistant","content":"d"}]}"#;
    for (service, expected) in [
        ("together", "0 of 2 examples would be trained: the service rejects the file (mixed-shapes)"),
        ("vertex-open-models", "1 of 2 examples would be trained: 1 dropped"),
    ] {
        let settings = format!("service = \"{service}\"\n");
        let folder = folder(&[("tuning-ls.toml", &settings), ("a.jsonl", &format!("{text}\n{image}\n"))]);
        let output = check(folder.path(), &["a.jsonl"]);
        assert!(problems(&output).contains(expected), "{service}: {}", problems(&output));
    }
}
