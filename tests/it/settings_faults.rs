//! Settings, baselines and manifests may hold anything: what is wrong is a finding, the rest holds, and nothing outside of
//! their folder is read.

use crate::support::commands::write;
use crate::support::program::findings;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::path::Path;
use tempfile::tempdir;
use tuning_ls::disk::config::Projects;
use tuning_ls::disk::media;
use tuning_ls::settings::Configuration;
use tuning_ls::settings::toml::FILE_NAME;

const GOOD: &str = "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"a\"}]},{\"role\":\"model\",\"parts\":[{\"text\":\"b\"}]}]}\n";

/// Pieces of settings, so that random texts get beyond the first character.
const PIECES: [&str; 24] = [
    "[rules]\n",
    "[[dataset]]\n",
    "[[override]]\n",
    "[media]\n",
    "[[media.mirror]]\n",
    "train",
    "validation",
    "files",
    "baseline",
    "manifest",
    "format",
    "service",
    "model",
    "max-diagnostics",
    "unknown-key",
    " = ",
    "\"",
    "\"*.jsonl\"",
    "[",
    "]",
    "\n",
    "-1",
    "\"off\"",
    "{ a = 1 }",
];

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        6 => prop::sample::select(&PIECES[..]).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..8),
    ];
    prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

/// Reads the settings of a file in this folder; returns the number of findings on them.
fn read(folder: &Path) -> usize {
    let mut projects = Projects::default().reading_media(media::Options::default());
    let data = write(folder, "a.jsonl", GOOD);
    projects.settings_of(&data);
    projects.dataset_of(&data);
    let project = projects.project_of(&data).unwrap();
    for finding in &project.findings {
        assert!(project.text.get(finding.span.clone()).is_some(), "{finding:?} in {:?}", project.text);
        assert!(!finding.message.contains('\n'), "{finding:?}");
    }
    project.findings.len() + usize::from(project.unread.is_some())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

    #[test]
    fn any_bytes_are_settings_a_baseline_or_a_manifest(settings in bytes(), other in bytes()) {
        let folder = tempdir().unwrap();
        write(folder.path(), FILE_NAME, settings);
        read(folder.path());
        write(folder.path(), FILE_NAME, "baseline = \"base\"\n[media]\nmanifest = \"facts.csv\"\n[rules]\nunclosed = \"off\"\n");
        write(folder.path(), "base", &other);
        write(folder.path(), "facts.csv", &other);
        read(folder.path());
        write(folder.path(), FILE_NAME, "[media]\nmanifest = \"facts.jsonl\"\n");
        write(folder.path(), "facts.jsonl", &other);
        read(folder.path());
    }
}

#[test]
fn settings_that_are_not_utf_8_are_said_and_the_file_is_checked() {
    let folder = tempdir().unwrap();
    write(folder.path(), FILE_NAME, b"baseline = \"\xff\"");
    assert_eq!(read(folder.path()), 1);
}

#[cfg(unix)]
#[test]
fn settings_that_are_no_file_are_said_and_not_ignored() {
    let folder = tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    for target in ["nowhere.toml", FILE_NAME, "/dev/null", "."] {
        std::os::unix::fs::symlink(target, &path).unwrap();
        assert!(read(folder.path()) > 0 || target == "/dev/null", "{target}");
        std::fs::remove_file(&path).unwrap();
    }
    std::fs::create_dir(&path).unwrap();
    assert!(read(folder.path()) > 0);
}

#[test]
fn what_leaves_the_folder_is_a_finding_and_is_not_read() {
    let folder = tempdir().unwrap();
    write(folder.path(), "outside.txt", "secret");
    write(folder.path(), "b.jsonl", GOOD);
    let outside = folder.path().join("outside.txt");
    let outside = outside.to_str().unwrap();
    let inside = folder.path().join("project");
    for settings in [
        "baseline = \"../outside.txt\"\n".to_owned(),
        format!("baseline = '{outside}'\n"),
        "baseline = \"x/../../outside.txt\"\n".to_owned(),
        "[media]\nmanifest = \"../outside.txt\"\n".to_owned(),
        format!("[media]\nmanifest = '{outside}'\n"),
        "[[media.mirror]]\nprefix = \"gs://a/\"\nfolder = \"..\"\n".to_owned(),
        "[[dataset]]\nvalidation = \"a.jsonl\"\ntrain = \"../b.jsonl\"\n".to_owned(),
        format!("[[dataset]]\nvalidation = \"a.jsonl\"\ntrain = '{outside}'\n"),
        "[[override]]\nfiles = \"../**\"\n".to_owned(),
    ] {
        write(&inside, FILE_NAME, &settings);
        write(&inside, "a.jsonl", GOOD);
        let found = findings(&["a.jsonl"], &inside);
        let of_settings: Vec<_> = found.iter().filter(|it| it["code"] == "bad-config").collect();
        assert_eq!(of_settings.len(), 1, "{settings}{of_settings:?}");
        let message = of_settings[0]["message"].as_str().unwrap();
        assert!(message.contains("leaves") && !message.contains("secret"), "{message}");
        // The training file outside has the same example.
        assert!(found.iter().all(|it| it["code"] != "train-validation-overlap"), "{found:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_that_leaves_the_folder_is_a_finding_and_is_not_read() {
    use std::os::unix::fs::symlink;
    let folder = tempdir().unwrap();
    write(folder.path(), "outside.txt", "secret");
    write(folder.path(), "outside.jsonl", GOOD);
    write(folder.path(), "media/a.mp4", "");
    let inside = folder.path().join("project");
    write(&inside, "a.jsonl", GOOD);
    write(&inside, "b.jsonl", GOOD);
    for (link, target) in [
        ("text", "../outside.txt"),
        ("train.jsonl", "../outside.jsonl"),
        ("up", ".."),
        ("same.jsonl", "b.jsonl"),
        ("copies", "../media"),
    ] {
        symlink(target, inside.join(link)).unwrap();
    }
    for settings in [
        "baseline = \"text\"\n",
        "baseline = \"up/outside.txt\"\n",
        "[media]\nmanifest = \"text\"\n",
        "[[dataset]]\nvalidation = \"a.jsonl\"\ntrain = \"train.jsonl\"\n",
        "[[dataset]]\nvalidation = \"a.jsonl\"\ntrain = \"up/outside.jsonl\"\n",
    ] {
        write(&inside, FILE_NAME, settings);
        let found = findings(&["a.jsonl"], &inside);
        let codes: Vec<_> = found.iter().map(|it| &it["code"]).filter(|code| *code != "too-few-examples").collect();
        assert_eq!(codes, ["bad-config"], "{settings}");
        assert!(found[0]["message"].as_str().unwrap().contains("leaves the folder of this file by"), "{settings}");
    }
    let found = || findings(&["a.jsonl"], &inside);
    let has = |found: &[Value], code: &str| found.iter().any(|it| it["code"] == code);
    // A link that stays in the folder is followed, and so is a mirror, which may be elsewhere.
    write(&inside, FILE_NAME, "[[dataset]]\nvalidation = \"a.jsonl\"\ntrain = \"sam*.jsonl\"\n");
    assert!(has(&found(), "train-validation-overlap") && !has(&found(), "bad-config"), "{:?}", found());
    write(&inside, FILE_NAME, "[[media.mirror]]\nprefix = \"gs://a/\"\nfolder = \"copies\"\n");
    write(
        &inside,
        "a.jsonl",
        GOOD.replacen("{\"text\"", r#"{"fileData":{"fileUri":"gs://a/b.mp4","mimeType":"video/mp4"}},{"text""#, 1),
    );
    assert!(has(&found(), "missing-media") && !has(&found(), "bad-config"), "{:?}", found());
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_that_a_pattern_matches_is_a_finding_and_not_read() {
    use std::os::unix::fs::symlink;
    let folder = tempdir().unwrap();
    write(folder.path(), "outside.jsonl", GOOD);
    write(folder.path(), "other.jsonl", GOOD);
    write(folder.path(), "data/deep/b.jsonl", GOOD);
    let inside = folder.path().join("project");
    write(&inside, "a.jsonl", GOOD);
    write(&inside, "data/c.jsonl", GOOD.replacen("text\":\"", "text\":\"Other: ", 1));
    for (link, target) in [
        ("train-1.jsonl", "../outside.jsonl"),
        ("train-2.jsonl", "../other.jsonl"),
        ("up", ".."),
        ("data/out", "../.."),
    ] {
        symlink(target, inside.join(link)).unwrap();
    }
    for (pattern, start) in [
        ("train-*.jsonl", "`train-1.jsonl` and 1 more leave the folder of this file by symbolic links"),
        ("*-1.jsonl", "`train-1.jsonl` leaves the folder of this file by a symbolic link"),
        ("up/*.jsonl", "`up` leaves"),
        ("up/**", "`up` leaves"),
        ("up/project/../*.jsonl", "`train`: the pattern"),
        ("data/out/data/**/b.jsonl", "`data/out/data` leaves"),
    ] {
        write(
            &inside,
            FILE_NAME,
            format!("[[dataset]]\nvalidation = \"a.jsonl\"\ntrain = [\"data/*.jsonl\", \"{pattern}\"]\n"),
        );
        let found = findings(&["a.jsonl"], &inside);
        let messages: Vec<_> = found.iter().filter(|it| it["code"] == "bad-config").map(|it| &it["message"]).collect();
        assert!(messages.len() == 1 && messages[0].as_str().unwrap().starts_with(start), "{pattern}: {messages:?}");
        assert!(found.iter().all(|it| it["code"] != "train-validation-overlap"), "{pattern}: {found:?}");
    }
    // The settings of an editor are those of its user.
    let configuration =
        Configuration::from_json(&json!({ "dataset": [{ "train": "train-*.jsonl", "validation": "a.jsonl" }] })).0;
    let mut projects = Projects::new(configuration, Some(&inside));
    std::fs::remove_file(inside.join(FILE_NAME)).unwrap();
    assert_eq!(projects.dataset_of(&inside.join("a.jsonl")).unwrap().files.len(), 3);
}

#[cfg(unix)]
#[test]
fn a_baseline_that_is_made_by_a_link_out_of_the_folder_is_refused() {
    use std::os::unix::fs::symlink;
    let folder = tempdir().unwrap();
    let inside = folder.path().join("project");
    write(&inside, "a.jsonl", GOOD);
    for (target, is_refused) in [("../new", true), ("../none/new", true), ("new", false), ("text", false)] {
        symlink(target, inside.join("text")).unwrap();
        write(&inside, FILE_NAME, "baseline = \"text\"\n");
        let found = findings(&["a.jsonl"], &inside);
        let finding = found.iter().find(|it| it["code"] == "bad-config").unwrap();
        let message = finding["message"].as_str().unwrap();
        assert_eq!(message.contains("leaves the folder of this file by"), is_refused, "{target}: {message}");
        std::fs::remove_file(inside.join("text")).unwrap();
    }
}
