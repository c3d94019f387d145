//! What is known about media files, as editors and commands show it.

use crate::support::manifest;
use std::sync::Arc;
use tuning_ls::analysis::{Analyst, Lines};
use tuning_ls::disk::{self, FileText};
use tuning_ls::ide::fixes::File;
use tuning_ls::ide::hints::hints;
use tuning_ls::ide::hover::hover;
use tuning_ls::ide::title::Title;
use tuning_ls::settings::Settings;

const MANIFEST: [&str; 6] = [
    "uri,bytes,duration,mime_type,fps,has_audio,pages,width,height,unreadable",
    "gs://clips/1.mp4,30000000,400.0404,video/mp4,29.97003,true,,1920,1080,",
    "gs://clips/2.mp4,,60,,,false,,,,",
    "gs://clips/3.mp4,,1300,,,,,,,",
    "gs://clips/4.mp4,,,,,,,,,the file is empty",
    "gs://clips/5.pdf,2000,,application/pdf,,,1,,,",
];

fn settings() -> Settings {
    let facts = manifest::read(&MANIFEST, "complete=gs://clips/").expect("a manifest");
    Settings { media: Some(Arc::new(facts)), ..Settings::default() }
}

fn line(location: &str, mime: &str, segment: &str) -> String {
    format!(
        r#"{{"contents":[{{"role":"user","parts":[{{"fileData":{{"fileUri":"{location}","mimeType":"{mime}"}}{segment}}}]}},{{"role":"model","parts":[{{"text":"A goal."}}]}}]}}"#
    )
}

fn video(location: &str, segment: &str) -> String {
    line(location, "video/mp4", segment)
}

/// The part of the hover on a location that is about the file.
fn hovered(line: &str) -> String {
    let mut analyst = Analyst::new(&settings());
    let at = line.find("gs://").expect("a location");
    let markdown = hover(line, at, None, &mut analyst).expect("a hover").markdown;
    let sections: Vec<_> = markdown.split("\n\n").collect();
    let end = sections.iter().position(|section| section.starts_with('|')).expect("the limits");
    sections[1..end].join("\n")
}

#[test]
fn the_hover_of_a_location_says_what_is_known_about_the_file() {
    assert_eq!(
        hovered(&video("gs://clips/1.mp4", "")),
        "**6:40.04** long · 28.7 MB · `video/mp4` · 1920 × 1080 pixels · 29.97 frames per second · with sound. Known from \
         `media.csv`.\nThe video (6:40.04) would be dropped at `MEDIUM` and `HIGH`, and fits `LOW`."
    );
    assert_eq!(
        hovered(&video("gs://clips/1.mp4", r#","videoMetadata":{"startOffset":"300s"}"#)).lines().last(),
        Some("The segment (1:40.04) fits every resolution.")
    );
    assert_eq!(
        hovered(&video("gs://clips/3.mp4", "")),
        "**21:40** long. Known from `media.csv`.\nThe video (21:40) would be dropped at every resolution."
    );
    assert_eq!(hovered(&video("gs://clips/4.mp4", "")), "The local copy can't be read: the file is empty.");
    assert_eq!(
        hovered(&line("gs://clips/5.pdf", "application/pdf", "")),
        "2 KB · `application/pdf` · 1 page. Known from `media.csv`."
    );
    assert_eq!(
        hovered(&video("gs://clips/2.MP4", "")),
        "There is no such file among the local copies. Did you mean `gs://clips/2.mp4`?"
    );
    assert_eq!(hovered(&video("gs://other/1.mp4", "")), "");
}

#[test]
fn the_hover_of_an_offset_knows_the_end_of_the_file() {
    let line = video("gs://clips/1.mp4", r#","videoMetadata":{"startOffset":"300s"}"#);
    let at = line.find("300s").expect("an offset");
    let markdown = hover(&line, at, None, &mut Analyst::new(&settings())).expect("a hover").markdown;
    assert!(markdown.contains("The segment is **100.04 s** long, from 5:00 to 6:40.04."), "{markdown}");
    for (start, expected) in [
        ("400.04s", "The segment is empty: it starts where the file ends (6:40.04 to 6:40.04)."),
        ("500s", "The segment starts after the end of the file (8:20 to 6:40.04)."),
    ] {
        let line = line.replace("300s", start);
        let markdown = hover(&line, at, None, &mut Analyst::new(&settings())).expect("a hover").markdown;
        assert!(markdown.contains(expected), "{markdown}");
    }
}

#[test]
fn the_hover_of_a_type_knows_the_content() {
    let line = video("gs://clips/1.mp4", "");
    let at = line.find("video/mp4").expect("a type");
    let markdown = hover(&line, at, None, &mut Analyst::new(&settings())).expect("a hover").markdown;
    assert!(markdown.contains("The content of the file is `video/mp4`."), "{markdown}");
}

#[test]
fn titles_and_hints_have_the_length_of_the_file() {
    let title = |line: &str| Title::of(&Analyst::new(&settings()).read(line)).to_string();
    assert_eq!(title(&video("gs://clips/1.mp4", "")), "1.mp4 0:00–6:40.04 → A goal.");
    let open = r#","videoMetadata":{"startOffset":"300s"}"#;
    assert_eq!(title(&video("gs://clips/1.mp4", open)), "1.mp4 5:00–6:40.04 → A goal.");
    assert_eq!(title(&video("gs://other/1.mp4", open)), "1.mp4 from 5:00 → A goal.");
    let lines = [video("gs://clips/2.mp4", ""), video("gs://clips/1.mp4", open), video("gs://other/1.mp4", "")];
    let source = FileText::new(lines.join("\n").into_bytes());
    let mut analyst = Analyst::new(&settings());
    let (lines, verdict) = Lines::judged(&source, &mut analyst);
    let file = File { source: &source, lines: &lines, verdict: &verdict };
    let notes: Vec<_> = hints(&file, 0..3, &mut analyst).into_iter().map(|hint| hint.text).collect();
    assert_eq!(notes, ["#1 · 60 s · ≥2 tokens", "#2 · 100.04 s · ≥3.2k tokens", "#3 · ≥2 tokens"]);
}

#[test]
fn an_outlook_and_statistics_count_what_is_unknown() {
    let lines = [
        video("gs://clips/2.mp4", ""),
        video("gs://clips/3.mp4", ""),
        video("gs://other/1.mp4", ""),
        video("gs://other/1.mp4", r#","videoMetadata":{"endOffset":"9s"}"#),
    ];
    let source = FileText::new(lines.join("\n").into_bytes());
    let judged = |settings: &Settings| Lines::judged(&source, &mut Analyst::new(settings));
    let known = judged(&settings());
    assert_eq!(
        known.1.outlook.to_string(),
        "0 of 4 examples would be trained: the job fails (drop-rate); the media files of 2 examples are unknown"
    );
    let statistics = disk::statistics(&source, &known, &settings());
    assert_eq!((statistics.unknown_media, statistics.segments.unknown), (Some(1), 1));
    assert_eq!(statistics.segments.seconds.map(|seconds| (seconds.count, seconds.total)), Some((3, 1369.0)));
    let unknown = judged(&Settings::default());
    assert_eq!(unknown.1.outlook.unknown_media, 0);
    assert_eq!(disk::statistics(&source, &unknown, &Settings::default()).unknown_media, None);
    let inline = r#"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}}]},{"role":"assistant","content":"A."}]}"#;
    let source = FileText::new(inline.as_bytes().to_vec());
    let (_, verdict) = Lines::judged(&source, &mut Analyst::new(&settings()));
    assert_eq!((verdict.outlook.records, verdict.outlook.unknown_media), (1, 0));
}
