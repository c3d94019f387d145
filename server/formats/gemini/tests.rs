use super::*;
use crate::example::Example;
use crate::example::limits::Limits;
use crate::example::meaning::{Meaning, target};
use crate::example::tokens::{Estimate, Unknown, grouped};
use crate::json::Parser;
use crate::schema::canonical::Canonical;
use crate::schema::fit::Fit;

fn read<T>(text: &str, kind: &LineKind, then: impl FnOnce(Record<'_>, &Fit, &Example) -> T) -> T {
    let (mut parser, mut fit, mut example) = (Parser::default(), Fit::default(), Example::default());
    parser.parse(text);
    let record = parser.record(text);
    fit.walk_layout(record, kind.root);
    fit.check_values(record);
    example.read_layout(record, &fit, &GEMINI.words);
    example.read_values(record);
    then(record, &fit, &example)
}

fn meaning(text: &str) -> Meaning {
    read(text, &SUPERVISED, |record, fit, example| {
        Meaning::of(record, example, &Canonical::of_layout(record, fit, target(example)), None)
    })
}

const PLAIN: &str = r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://b/a.mp4","mimeType":"video/mp4"},"videoMetadata":{"startOffset":"1.50s","endOffset":"9s","fps":2.0}},{"text":"café"}]},{"role":"model","parts":[{"text":"goal"}]}],"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}}"#;

#[test]
fn another_form_means_the_same() {
    let other = r#" { "generation_config" : {"mediaResolution": 1, "seed": null}, "contents":[ {"parts":[{"videoMetadata":{"fps":20e-1,"start_offset":"1.5s","endOffset":"9.000s"},"file_data":{"mimeType":"video/mp4","fileUri":"gs:\/\/b\/a.mp4"}},{"text":"caf\u00e9"}],"role":"user"},{"parts":[{"text":"go\u0061l"}],"role":"model"}] }"#;
    assert_eq!(meaning(PLAIN), meaning(other));
}

#[test]
fn whatever_differs_in_meaning_differs() {
    let plain = meaning(PLAIN);
    for (from, to) in [("1.50s", "1.51s"), ("2.0", "2.01"), ("café", "cafe"), ("_LOW", "_HIGH"), ("user", "model")] {
        let other = meaning(&PLAIN.replace(from, to));
        assert!(plain.input != other.input && plain.target == other.target, "{from} is {to}");
    }
    let other = meaning(&PLAIN.replace("goal", "Goal"));
    assert!(plain.input == other.input && plain.target != other.target);
}

#[test]
fn numbers_are_compared_by_value() {
    let of = |number: &str| meaning(&PLAIN.replace("2.0", number)).input;
    for same in ["2", "2.00", "0.2e1", "200e-2", "2E+0", "2.0e0"] {
        assert_eq!(of(same), of("2.0"), "{same}");
    }
    assert_eq!(of("0"), of("-0.0e9"));
    for other in ["-2", "20", "0.2", "2e1", "2.0000000000000000000000000001", "2e99999999999999999999"] {
        assert_ne!(of(other), of("2.0"), "{other}");
    }
}

#[test]
fn a_clip_is_a_piece_of_one_video() {
    let clip = |start: &str, end: &str| meaning(&PLAIN.replace("9s", end).replace("1.50s", start)).clips[0];
    assert!(clip("0s", "10s").overlaps(clip("9s", "20s")));
    assert!(!clip("0s", "10s").overlaps(clip("10s", "20s")));
    let whole = meaning(
        r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://b/a.mp4","mimeType":"video/mp4"}}]}]}"#,
    );
    assert!(whole.clips[0].overlaps(clip("100s", "101s")) && !whole.has_target);
    assert!(!clip("0s", "9s").overlaps(meaning(&PLAIN.replace("b/a", "b/other")).clips[0]));
}

#[test]
fn a_label_is_one_short_text() {
    assert_eq!(meaning(PLAIN).label.as_deref(), Some("goal"));
    assert_eq!(meaning(&PLAIN.replace("goal", "goal ")).label.as_deref(), Some("goal "));
    assert_eq!(meaning(&PLAIN.replace("goal", &"goal".repeat(11))).label, None);
    assert_eq!(meaning(&PLAIN.replace(r#"{"text":"goal"}"#, r#"{"text":"goal"},{"text":"foul"}"#)).label, None);
}

fn estimate(text: &str, limits: &Limits) -> Estimate {
    read(text, &SUPERVISED, |record, _, example| Estimate::new(record, example, limits))
}

fn video(metadata: &str, rest: &str) -> String {
    let file = r#""fileData":{"fileUri":"gs://b/a.mp4","mimeType":"video/mp4"}"#;
    format!(r#"{{"contents":[{{"role":"user","parts":[{{{file}{metadata}}}]}}]{rest}}}"#)
}

const AT_LOW: &str = r#","generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}"#;

#[test]
fn a_video_costs_its_frames_and_its_sound() {
    let text = video(r#","videoMetadata":{"startOffset":"10s","endOffset":"22.5s"}"#, AT_LOW);
    let found = estimate(&text, &GEMINI_2_5);
    // 12.5 seconds: 13 frames, and 400 tokens of sound.
    assert_eq!((found.video, found.sound, found.unknown), (13 * 64, 400, Unknown::default()));
    let text = video(r#","videoMetadata":{"endOffset":"10s","fps":2.5}"#, AT_LOW);
    assert_eq!(estimate(&text, &GEMINI_2_5).video, 25 * 64);
}

#[test]
fn a_line_without_a_resolution_has_that_of_its_file() {
    let found = estimate(&video(r#","videoMetadata":{"endOffset":"10s"}"#, ""), &GEMINI_2_5);
    assert_eq!((found.video, found.frames_of_file), (0, 10));
    assert_eq!(found.with_file(Some(LOW), &GEMINI_2_5).total(), 640 + 320);
    assert_eq!(found.with_file(Some(HIGH), &GEMINI_2_5).total(), 2_560 + 320);
    let open = found.with_file(None, &GEMINI_2_5);
    assert_eq!((open.total(), open.unknown), (320, Unknown::FRAMES));
}

#[test]
fn what_is_unknown_is_said_to_be() {
    for metadata in ["", r#","videoMetadata":{"startOffset":"5s"}"#, r#","videoMetadata":{"endOffset":"5"}"#] {
        let found = estimate(&video(metadata, AT_LOW), &GEMINI_2_5);
        assert_eq!((found.total(), found.unknown), (0, Unknown::LENGTH), "{metadata}");
    }
    let found = estimate(&video(r#","videoMetadata":{"endOffset":"5s"}"#, AT_LOW), &GEMINI_3);
    assert_eq!((found.total(), found.unknown), (160, Unknown::FRAMES));
    let file = |mime: &str| {
        format!(r#"{{"contents":[{{"parts":[{{"fileData":{{"fileUri":"gs://b/a","mimeType":"{mime}"}}}}]}}]}}"#)
    };
    let found = estimate(&file("image/png"), &GEMINI_2_5);
    assert_eq!((found.images, found.unknown), (256, Unknown::CROPS));
    assert_eq!(estimate(&file("audio/mp3"), &GEMINI_2_5).unknown, Unknown::AUDIO);
    assert_eq!(estimate(&file("application/pdf"), &GEMINI_2_5).unknown, Unknown::FILES);
}

#[test]
fn text_counts_by_its_bytes_and_its_ideographs() {
    let text =
        |text: &str| estimate(&format!(r#"{{"contents":[{{"parts":[{{"text":"{text}"}}]}}]}}"#), &GEMINI_2_5).text;
    assert_eq!(text(""), 0);
    assert_eq!(text("goal"), 1);
    assert_eq!(text("goals"), 2);
    // An escape is the character it stands for.
    assert_eq!(text(r"a\nb\u0041"), 1);
    assert_eq!(text("得点"), 2);
    assert_eq!(text(r"\u5f97点"), 2);
    assert_eq!(text("гол"), 2);
    assert_eq!(text(r"\u12"), 1);
    assert_eq!(text(r"\\u5f97点"), text(r"\\u5f97x") + 1 - 1 + 1);
    // Calls count as they stand, `{"args":{"a":""}}` and what is in the quotes.
    let call = |text: &str| {
        let call = format!(r#"{{"functionCall":{{"args":{{"a":"{text}"}}}}}}"#);
        estimate(&format!(r#"{{"contents":[{{"parts":[{call}]}}]}}"#), &GEMINI_2_5).text
    };
    assert_eq!((call(""), call("goals"), call("得点"), call("гол")), (5, 6, 7, 6));
}

#[test]
fn of_two_answers_only_the_longer_counts_against_the_limit() {
    let answer = |text: &str, score| {
        format!(r#"{{"score":{score},"completion":{{"role":"model","parts":[{{"text":"{text}"}}]}}}}"#)
    };
    let text = format!(
        r#"{{"contents":[{{"role":"user","parts":[{{"text":"12345678"}}]}}],"completions":[{},{}]}}"#,
        answer("1234", 1),
        answer("123456789012", 0)
    );
    let found = read(&text, &PREFERENCE, |record, _, example| Estimate::new(record, example, &GEMINI_2_5));
    assert_eq!((found.total(), found.at_once()), (6, 5));
}

#[test]
fn large_numbers_are_grouped() {
    assert_eq!([0, 999, 1_000, 131_072].map(grouped), ["0", "999", "1,000", "131,072"]);
}
