//! Completion in lines where one key or value is typed again, and in arbitrary text.

use crate::support::typing::{NEARBY, PLAIN, check_range};
use proptest::prelude::*;
use tuning_ls::analysis::Analyst;
use tuning_ls::ide::completion::{Asked, complete};
use tuning_ls::json::{Kind, Parser};
use tuning_ls::settings::Settings;

const VIDEO: &str = r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://clips/a.mov","mimeType":"video/mp4"},"videoMetadata":{"startOffset":"30s","endOffset":"390.5s"}}]},{"role":"model","parts":[{"text":"goal"}]}],"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_MEDIUM"}}"#;

/// Lines with most of the fields in common use.
const LINES: [&str; 4] = [
    VIDEO,
    r#"{"systemInstruction":{"role":"system","parts":[{"text":"Be brief."}]},"contents":[{"role":"user","parts":[{"text":"a, \"b\" {c}"}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{}}}]},{"parts":[{"functionResponse":{"name":"f","response":{}}}]},{"role":"model","parts":[{"text":"d"}]}],"tools":[{"functionDeclarations":[{"name":"f","description":"g","parameters":{"type":"OBJECT","properties":{"x":{"type":"STRING"}},"required":["x"]}}]}]}"#,
    r#"{"contents": [{"role": "user", "parts": [{"text": "?"}]}], "completions": [{"score": 1, "completion": {"role": "model", "parts": [{"text": "x"}]}}, {"score": 0, "completion": {"role": "model", "parts": [{"text": "y"}]}}]}"#,
    r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://a/b.jpg","mimeType":"image/jpeg","displayName":"n"},"mediaResolution":{"level":"MEDIA_RESOLUTION_HIGH"}},{"inlineData":{"mimeType":"image/png","data":"QUJD"}}]}],"safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"OFF"}],"labels":{},"generationConfig":{"temperature":1,"thinkingConfig":{"thinkingBudget":0}}}"#,
];

#[test]
fn every_key_of_a_line_can_be_typed_again_however_it_was_begun() {
    for line in LINES {
        let mut parser = Parser::default();
        parser.parse(line);
        for node in &parser.tree().nodes {
            let key = node.key().range();
            let name = line[key.clone()].trim_matches('"');
            if name.is_empty() || name == "x" {
                continue;
            }
            let (before, after) = (&line[..key.start], &line[key.end..]);
            let half = name.len() / 2;
            let (begun, rest) = name.split_at(half);
            for typed in [
                "\"▮\"",
                "\"▮",
                "▮",
                &format!("\"{begun}▮{rest}\""),
                &format!("\"{begun}▮\""),
                &format!("{begun}▮{rest}"),
                &format!("'{begun}▮'"),
                &format!("“{begun}▮”"),
                &format!("\"{begun}▮"),
            ] {
                let marked = format!("{before}{typed}{after}");
                assert_eq!(PLAIN.take(&marked, name), line, "{marked}");
            }
            for typed in ["\"▮\"", "\"▮", "▮", &format!("\"{begun}▮"), &format!("{begun}▮"), &format!("'{begun}▮")]
            {
                let cut = format!("{before}{typed}");
                let taken = PLAIN.take(&cut, name);
                assert!(taken.starts_with(&line[..key.end]), "{cut}: {taken}");
                let whole = format!("{before}{typed}{}", &line[node.span.end()..]);
                let taken = PLAIN.take(&whole, name);
                assert!(serde_json::from_str::<serde_json::Value>(&taken).is_ok(), "{whole}: {taken}");
            }
        }
    }
}

#[test]
fn every_value_of_a_known_set_can_be_typed_again_however_it_was_begun() {
    for line in LINES {
        let mut parser = Parser::default();
        parser.parse(line);
        for node in &parser.tree().nodes {
            let key = line[node.key().range()].trim_matches('"');
            if !["role", "mimeType", "mediaResolution", "level", "type", "category", "score"].contains(&key)
                || node.kind == Kind::Object
            {
                continue;
            }
            let value = node.span.range();
            let name = line[value.clone()].trim_matches('"');
            let (before, after) = (&line[..value.start], &line[value.end..]);
            let begun = &name[..name.len() / 2];
            let string = node.kind == Kind::String;
            let quoted = [
                "\"▮\"".to_owned(),
                "\"▮".to_owned(),
                "'▮'".to_owned(),
                format!("\"{begun}▮\""),
                format!("\"{begun}▮"),
                format!("▮\"{name}\""),
            ];
            for typed in ["▮".to_owned()].iter().chain(quoted.iter().filter(|_| string)) {
                let marked = format!("{before}{typed}{after}");
                assert_eq!(PLAIN.take(&marked, name), line, "{marked}");
                let cut = PLAIN.take(&format!("{before}{typed}"), name);
                assert_eq!(cut, line[..value.end], "{before}{typed}");
            }
        }
    }
}

fn fragments() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "'",
        "“",
        "”",
        " ",
        "\\",
        "\n",
        "contents",
        "\"contents\":[",
        "\"role\":",
        "user",
        "\"parts\":[{",
        "\"text\":\"",
        "\"fileData\":{",
        "\"fileUri\":\"gs://a/b.mp4\"",
        "\"mimeType\":",
        "\"videoMetadata\":{",
        "\"startOffset\":\"",
        "5s",
        "\"endOffset\":",
        "é",
        "😀",
        "\u{FEFF}",
        "\u{F8FF}",
        "null",
        "1e5",
        "-",
        "// x",
        "\"completions\":[",
        "\"functionCall\":{\"args\":{",
        "\"generationConfig\":{\"mediaResolution\":",
        "\u{a0}",
    ]);
    prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3_000) })]

    #[test]
    fn any_text_and_offset_are_answered(text in fragments(), offset in 0usize..200, snippets: bool) {
        let asked = Asked { text: &text, offset, snippets, by_hand: snippets, nearby: &NEARBY, shared: None };
        for item in complete(&asked, &mut Analyst::new(&Settings::default())) {
            check_range(&text, offset, &item);
            prop_assert!(item.text.len() < 4_000);
        }
    }

    #[test]
    fn a_whole_line_cut_anywhere_is_answered(offset in 0usize..VIDEO.len(), drop in 0usize..40) {
        let end = (offset + drop).min(VIDEO.len());
        let text = format!("{}{}", &VIDEO[..offset], &VIDEO[end..]);
        let asked = Asked { text: &text, offset, snippets: true, by_hand: false, nearby: &[], shared: None };
        for item in complete(&asked, &mut Analyst::new(&Settings::default())) {
            check_range(&text, offset, &item);
        }
    }
}
