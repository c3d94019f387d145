//! `check` on the files of one dataset: training, validation and test files.

use std::path::Path;
use std::process::Command;

fn line(clip: &str, end: u32, resolution: &str) -> String {
    format!(
        r#"{{"contents":[{{"role":"user","parts":[{{"fileData":{{"fileUri":"gs://clips/{clip}.mp4","mimeType":"video/mp4"}},"videoMetadata":{{"startOffset":"0s","endOffset":"{end}s"}}}},{{"text":"What happens?"}}]}},{{"role":"model","parts":[{{"text":"The keeper saves it, and then somebody else scores."}}]}}],"generationConfig":{{"mediaResolution":"MEDIA_RESOLUTION_{resolution}"}}}}"#
    ) + "\n"
}

fn check(folder: &Path, arguments: &[&str]) -> (Option<i32>, Vec<String>) {
    let output = Command::new(env!("CARGO_BIN_EXE_tuning-ls"))
        .arg("check")
        .args(arguments)
        .args(["--ignore", "too-few-examples"])
        .current_dir(folder)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let text = if cfg!(windows) { text.replace('\\', "/") } else { text };
    (output.status.code(), text.lines().map(str::to_owned).collect())
}

#[test]
fn eleven_of_a_hundred_that_are_too_long_fail_the_job_before_any_upload() {
    let folder = tempfile::tempdir().unwrap();
    let file = |long: usize| -> String {
        (0..100).map(|clip| line(&format!("c{clip}"), if clip < long { 1_201 } else { 60 }, "LOW")).collect()
    };
    for (long, severity, message) in [
        (
            11,
            "error",
            "11 of 100 examples (11.0%) would be dropped for being too long; the limit is 10%. The job fails on Vertex AI.",
        ),
        (
            10,
            "warning",
            "10 of 100 examples (10.0%) would be dropped for being too long; this is exactly the limit of 10%. One more \
             and the job fails.",
        ),
    ] {
        std::fs::write(folder.path().join("train.jsonl"), file(long)).unwrap();
        let (_, found) = check(folder.path(), &["train.jsonl", "--select", "drop-rate"]);
        assert_eq!(found, [format!("train.jsonl:1:1: {severity}[drop-rate] {message}")]);
    }
}

#[test]
fn a_mixture_over_two_files_is_found_in_each_and_one_value_fixes_both() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("train.jsonl", &line("a", 60, "LOW"));
    write("validation.jsonl", &line("b", 60, "MEDIUM"));
    let (code, found) = check(folder.path(), &["."]);
    assert_eq!((code, found.len()), (Some(1), 2), "{found:?}");
    assert!(found[0].contains("train.jsonl:1:") && found[0].contains("warning[mixed-media-resolution] "));
    assert!(found[0].contains("differs from `MEDIA_RESOLUTION_MEDIUM` in validation.jsonl. By their names, "));
    assert!(found[1].contains("differs from `MEDIA_RESOLUTION_LOW` in train.jsonl"));
    // A file that is checked alone is still compared with the other one.
    assert_eq!(check(folder.path(), &["validation.jsonl"]).1.len(), 1);
    write("tuning-ls.toml", "[[dataset]]\ntrain = \"train.jsonl\"\nvalidation = \"validation.jsonl\"\n");
    let (_, found) = check(folder.path(), &["train.jsonl", "validation.jsonl"]);
    assert!(found.len() == 2 && found.iter().all(|line| line.contains("error[mixed-media-resolution]")), "{found:?}");
    write("validation.jsonl", &line("b", 60, "LOW"));
    assert_eq!(check(folder.path(), &["."]), (Some(0), Vec::new()));
}

#[test]
fn a_leaked_clip_names_the_other_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("clips-train.jsonl", &(line("a", 60, "LOW") + &line("b", 60, "LOW")));
    write("clips-val.jsonl", &(line("c", 60, "LOW") + &line("b", 30, "LOW") + &line("a", 60, "LOW")));
    let (code, found) = check(folder.path(), &["clips-val.jsonl"]);
    assert_eq!(code, Some(1));
    assert!(
        found[0].starts_with("clips-val.jsonl:2:") && found[0].contains("in clips-train.jsonl, line 2."),
        "{found:?}"
    );
    assert!(
        found[1].starts_with(
            "clips-val.jsonl:3:1: warning[train-validation-overlap] this example is also in clips-train.jsonl, line 1"
        ),
        "{found:?}"
    );
    let json = check(folder.path(), &["clips-val.jsonl", "--output-format", "json-lines"]).1;
    let first: serde_json::Value = serde_json::from_str(&json[0]).unwrap();
    let related = &first["related"][0];
    assert_eq!((&related["path"], &related["start"]["line"]), (&"clips-train.jsonl".into(), &2.into()), "{related}");
    // `stats` counts the same findings.
    let output = Command::new(env!("CARGO_BIN_EXE_tuning-ls"))
        .args(["stats", "--json", "clips-val.jsonl"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let stats: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let leaks =
        stats["files"][0]["findings"].as_array().unwrap().iter().find(|it| it["rule"] == "train-validation-overlap");
    assert_eq!(leaks.map(|it| &it["count"]), Some(&2.into()), "{stats}");
    // A test file is compared too.
    std::fs::rename(folder.path().join("clips-val.jsonl"), folder.path().join("clips-test.jsonl")).unwrap();
    assert_eq!(check(folder.path(), &["clips-test.jsonl"]).1.len(), 2);
}

#[test]
fn what_is_held_out_is_no_training_file_even_where_a_pattern_has_both() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("tuning-ls.toml", "[[dataset]]\ntrain = \"*.jsonl\"\nvalidation = \"held.jsonl\"\n");
    write("a.jsonl", &line("a", 60, "LOW"));
    write("b.jsonl", &line("b", 60, "LOW"));
    write("held.jsonl", &line("b", 60, "LOW"));
    let (_, found) = check(folder.path(), &[".", "held.jsonl", "./a.jsonl"]);
    assert_eq!(found.len(), 1, "each file is checked once: {found:?}");
    assert!(found[0].contains("held.jsonl:1:1: warning[train-validation-overlap]") && found[0].contains("in b.jsonl"));
    // The training files have enough examples together.
    let many = |from: usize| -> String { (from..from + 60).map(|clip| line(&format!("c{clip}"), 60, "LOW")).collect() };
    write("a.jsonl", &many(0));
    write("b.jsonl", &many(60));
    let hints = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tuning-ls"));
        let output = command.args(["check", "a.jsonl"]).current_dir(folder.path()).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(hints(), "");
    write("b.jsonl", &line("b", 60, "LOW"));
    assert!(hints().contains("hint[too-few-examples] there are 61 training examples"));
}

#[test]
fn a_resolution_that_only_the_other_file_sets_is_missing_here() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    std::fs::create_dir(folder.path().join("t")).unwrap();
    std::fs::create_dir(folder.path().join("v")).unwrap();
    write("tuning-ls.toml", "[[dataset]]\ntrain = \"t/*.jsonl\"\nvalidation = \"v/*.jsonl\"\n");
    write("t/1.jsonl", &line("a", 60, "MEDIUM"));
    let bare =
        line("b", 400, "MEDIUM").replace(",\"generationConfig\":{\"mediaResolution\":\"MEDIA_RESOLUTION_MEDIUM\"}", "");
    write("v/1.jsonl", &bare);
    let (_, found) = check(folder.path(), &["v/1.jsonl"]);
    let codes: Vec<_> = found.iter().map(|line| line.split(['[', ']']).nth(1).unwrap()).collect();
    assert_eq!(codes, ["missing-media-resolution", "drop-rate", "segment-too-long"], "{found:?}");
    assert!(found[0].contains("another file of the dataset has `MEDIA_RESOLUTION_MEDIUM`"));
    // Two files with the same name are told apart by their folders.
    write("v/1.jsonl", &line("b", 60, "LOW"));
    assert!(check(folder.path(), &["v/1.jsonl"]).1[0].contains("differs from `MEDIA_RESOLUTION_MEDIUM` in t/1.jsonl"));
}

#[test]
fn stdin_stands_for_the_file_that_it_is_called_after() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("train.jsonl", &line("a", 60, "LOW"));
    write("val.jsonl", &line("b", 60, "LOW"));
    write("piped", &line("a", 60, "LOW"));
    let piped = |name: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_tuning-ls"))
            .args(["check", "-"])
            .args(name)
            .stdin(std::fs::File::open(folder.path().join("piped")).unwrap())
            .current_dir(folder.path())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(piped(&["--stdin-filename", "val.jsonl"]).contains("[train-validation-overlap]"));
    assert!(!piped(&[]).contains("[train-validation-overlap]"));
}
