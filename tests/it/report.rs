//! `tuning-ls report`: the page loads nothing, escapes everything and has the right numbers.

use std::path::Path;
use std::process::{Command, Output};

fn run(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tuning-ls")).args(arguments).current_dir(folder).output().unwrap()
}

fn datasets() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/datasets"))
}

/// The report on these files.
fn page(files: &[&str], folder: &Path) -> String {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out.html");
    let output = run(&[&["report", "-o", out.to_str().unwrap()], files].concat(), folder);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    std::fs::read_to_string(out).unwrap()
}

#[test]
fn the_page_shows_the_figures_with_titles_units_and_text() {
    let page = page(&["video-too-long.jsonl"], datasets());
    for words in [
        "<strong>15.0%</strong> of the examples (3)",
        "The job fails above 10%",
        "1,682,180",
        "length (seconds)",
        "limit at MEDIUM, HIGH: 300 s",
        "limit: 131,072 tokens",
        "<code>segment-too-long</code>",
        "aria-label=\"Histogram of 20 segments by length (seconds), from 280 to 365",
        "1:37:20",
    ] {
        assert!(page.contains(words), "no {words:?} in {page}");
    }
    // Each chart is drawn for a wide and a narrow screen.
    assert_eq!(page.matches("<svg ").count(), 4);
}

#[test]
fn nothing_is_loaded_and_nothing_runs() {
    let page = page(&["video-clean.jsonl", "video-broken.jsonl", "service-log.jsonl"], datasets());
    assert!(page.contains("default-src 'none'"));
    // SVG's namespace is not loaded.
    let rest = page.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
    for loading in ["<script", "<link", "<img", "<iframe", " src=", " href=", "url(", "@import", "http:", "https:"] {
        assert!(!rest.contains(loading), "{loading}");
    }
}

#[test]
fn what_a_dataset_chose_is_escaped() {
    let folder = tempfile::tempdir().unwrap();
    let hostile = r#"</script><img src=x onerror="alert(1)">&'"#;
    let line = serde_json::json!({"contents": [
        {"role": "user", "parts": [{"fileData": {"fileUri": "gs://b/a", "mimeType": hostile}}]},
        {"role": "model", "parts": [{"text": "<b>\u{202E}هدف"}]},
    ]});
    // No name on Windows has `<`.
    let name = if cfg!(windows) { "&lt;i&.jsonl" } else { "<i>&.jsonl" };
    std::fs::write(folder.path().join(name), line.to_string()).unwrap();
    let page = page(&[name], folder.path());
    assert!(!page.contains("<img") && !page.contains("<b>\u{202E}") && !page.contains(name), "{page}");
    assert!(page.contains("<bdi>&lt;/script&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;'</bdi>"), "{page}");
    // A label with a direction override cannot affect anything.
    assert!(page.contains(r"<bdi>&lt;b&gt;\u{202e}هدف</bdi>"), "{page}");
}

#[test]
fn a_dataset_is_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read(datasets().join("video-clean.jsonl")).unwrap();
    for name in ["a.jsonl", "a.html"] {
        std::fs::write(folder.path().join(name), &text).unwrap();
        let output = run(&["report", name, "-o", name], folder.path());
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains(name));
        assert_eq!(std::fs::read(folder.path().join(name)).unwrap(), text);
    }
}

#[test]
fn what_cannot_be_read_or_written_is_said() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("empty.jsonl"), "").unwrap();
    let output = run(&["report", "missing.jsonl", "-o", "a.html"], folder.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(!folder.path().join("a.html").exists());
    let output = run(&["report", "empty.jsonl", "missing.jsonl", "-o", "a.html"], folder.path());
    assert_eq!(output.status.code(), Some(2), "one of two was read");
    assert!(folder.path().join("a.html").exists());
    let output = run(&["report", "empty.jsonl", "-o", "no/such/folder/a.html"], folder.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(!output.stderr.is_empty());
}

#[test]
fn only_tuning_files_count_as_datasets() {
    let page = page(&["video-clean.jsonl", "service-log.jsonl"], datasets());
    assert!(page.contains("<title>Tuning dataset</title>"), "{page}");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("log.jsonl"), "{\"level\":\"info\"}\n").unwrap();
    let page = self::page(&["log.jsonl"], folder.path());
    assert!(page.contains("It has 1 record."), "{page}");
}

#[test]
fn the_segments_of_a_video_are_drawn_by_their_labels() {
    let folder = tempfile::tempdir().unwrap();
    let line = |name: &str, start: u32, label: &str| {
        format!(
            "{{\"contents\":[{{\"role\":\"user\",\"parts\":[{{\"fileData\":{{\"mimeType\":\"video/mp4\",\"fileUri\":\"gs://bucket/{name}.mp4\"}},\"videoMetadata\":{{\"startOffset\":\"{start}s\",\"endOffset\":\"{}s\"}}}}]}},{{\"role\":\"model\",\"parts\":[{{\"text\":\"{label}\"}}]}}]}}\n",
            start + 10
        )
    };
    let lines = [line("a", 0, "goal"), line("a", 5, "<b>foul</b>"), line("a", 30, "goal"), line("b", 0, "goal")];
    std::fs::write(folder.path().join("a.jsonl"), lines.concat()).unwrap();
    let page = page(&["a.jsonl"], folder.path());
    let timeline = page.split("Segments by video").nth(1).unwrap().split("Tokens per example").next().unwrap();
    assert_eq!(timeline.matches("<figure").count(), 1, "a video with one segment has no timeline");
    assert_eq!((timeline.matches("class=\"l0\" x").count(), timeline.matches("class=\"l1\" x").count()), (2, 1));
    assert!(timeline.contains("0:00:05–0:00:15 &lt;b&gt;foul&lt;/b&gt;"), "{timeline}");
    // The overlapping segment is in a row of its own.
    assert!(timeline.contains("viewBox=\"0 0 1000 28\""), "{timeline}");
}
