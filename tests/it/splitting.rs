//! `tuning-ls split-segments`: what it writes, and what it leaves.

use crate::support::commands::{printed, run};
use tempfile::tempdir;

#[test]
fn long_segments_are_split_and_a_second_run_finds_none() {
    let folder = tempdir().unwrap();
    let line = |end: &str, answer: &str| {
        format!(
            "{{\"contents\":[{{\"role\":\"user\",\"parts\":[{{\"fileData\":{{\"mimeType\":\"video/mp4\",\"fileUri\":\"gs://bucket/a.mp4\"}},\"videoMetadata\":{{\"startOffset\":{end}}}}}]}},{{\"role\":\"model\",\"parts\":[{{\"text\":\"{answer}\"}}]}}]}}\n"
        )
    };
    let short = line(r#""0s","endOffset":"2s""#, "Goal");
    let text = format!("{}{short}", line(r#""0s","endOffset":"5s""#, "Corner"));
    std::fs::write(folder.path().join("a.jsonl"), &text).unwrap();
    let split = |option: &str| run(&["split-segments", "--longest", option, "a.jsonl", "--check"], folder.path());
    for longest in ["2.5s", "0:02.5", "2s500ms"] {
        assert_eq!(split(longest).status.code(), Some(1), "{longest}");
    }
    assert_eq!(split("0m5s").status.code(), Some(0));
    let refused = split("0.1ms");
    assert_eq!(refused.status.code(), Some(0));
    let warning =
        "warning: a.jsonl:1: not split, because it would become 50,000 examples; at most 10,000 are written\n";
    assert!(String::from_utf8(refused.stderr).unwrap().starts_with(warning));
    for wrong in ["0", "-1s", "x", ""] {
        assert_eq!(split(wrong).status.code(), Some(2), "{wrong}");
    }
    run(&["split-segments", "--longest", "2.5", "a.jsonl"], folder.path());
    let pieces =
        [line(r#""0s","endOffset":"2.5s""#, "<REVIEW> Corner"), line(r#""2.5s","endOffset":"5s""#, "<REVIEW> Corner")];
    assert_eq!(
        std::fs::read_to_string(folder.path().join("a.jsonl")).unwrap(),
        format!("{}{}{short}", pieces[0], pieces[1])
    );
    assert_eq!(split("2.5s").status.code(), Some(0));
    let check = run(&["check", "a.jsonl"], folder.path());
    assert_eq!(printed(&check).matches("suspicious-target").count(), 2, "{}", printed(&check));
}
