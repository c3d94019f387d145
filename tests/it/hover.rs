//! Hover as an editor uses it: a cursor in a line, the text, and the range it applies to.

use proptest::prelude::*;
use tuning_ls::analysis::Analyst;
use tuning_ls::example::shared::SharedValue;
use tuning_ls::formats::gemini::{HIGH, LOW};
use tuning_ls::ide::hover::hover;
use tuning_ls::settings::Settings;

/// Splits a text at its `▮`.
fn cursor(marked: &str) -> (String, usize) {
    let at = marked.find('▮').expect("a cursor");
    (marked.replace('▮', ""), at)
}

/// The hover at the cursor: its text, and the source text it applies to.
fn hovered(marked: &str, shared: Option<SharedValue>) -> Option<(String, String)> {
    let (text, offset) = cursor(marked);
    let hover = hover(&text, offset, shared, &mut Analyst::new(&Settings::default()))?;
    assert!(hover.span.touches(offset));
    Some((hover.markdown, text[hover.span.range()].to_owned()))
}

/// The hover at each cursor, below the source text it applies to.
fn said(cursors: &[&str]) -> String {
    let said = cursors.iter().map(|marked| {
        let (markdown, about) = hovered(marked, Some(LOW)).expect(marked);
        format!("==== {marked}\n==== {about}\n{markdown}\n")
    });
    said.collect()
}

const VIDEO: &str = r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://clips/a.mov","mimeType":"video/mp4"},"videoMetadata":{"startOffset":"30s","endOffset":"390.5s"}}]},{"role":"model","parts":[{"text":"goal"}]}],"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_MEDIUM"}}"#;

#[test]
fn every_key_and_value_says_what_it_is() {
    let (mut said, mut last) = (String::new(), None);
    for offset in 0..VIDEO.len() {
        let Some(hover) = hover(VIDEO, offset, Some(LOW), &mut Analyst::new(&Settings::default())) else { continue };
        if last.replace(hover.span) != Some(hover.span) {
            said += &format!("==== {}\n{}\n", &VIDEO[hover.span.range()], hover.markdown);
        }
    }
    insta::assert_snapshot!(said);
}

#[test]
fn an_odd_spelling_or_value_is_explained() {
    let said = said(&[
        r#"{"contents":[{"parts":[{"file_▮data":{}}]}]}"#,
        r#"{"contents":[],"generationConfig":{"temper▮ature":1}}"#,
        r#"{"contents":[],"generationConfig":{"mediaResolution":▮1}}"#,
        r#"{"contents":[{"parts":[{"videoMetadata":{"startOffset":"1▮:30"}}]}]}"#,
        r#"{"contents":[{"parts":[{"videoMetadata":{"startOffset":▮5}}]}]}"#,
        r#"{"contents":[{"parts":[{"fileData":{"fileUri":"▮C:\\a.mp4"}}]}]}"#,
        r#"{"contents":[{"role":"▮assistant"}]}"#,
        r#"{"contents":[{"parts":[{"inlineData":{"data":"▮QUJDRA=="}}]}]}"#,
    ]);
    insta::assert_snapshot!(said);
}

#[test]
fn what_is_not_known_is_said_in_a_word() {
    let said = said(&[
        r#"{"contents":[],"tem▮p":1}"#,
        r#"{"contents":[{"parts":[{"fileData":{"videoMeta▮data":{}}}]}]}"#,
        r#"{"contents":[{"parts":[{"functionCall":{"args":{"▮a":1}}}]}]}"#,
        r#"{"contents":[],"labels":{"▮a":"b"}}"#,
        r#"{"time":1,"model":"▮x"}"#,
    ]);
    insta::assert_snapshot!(said);
}

#[test]
fn a_long_or_escaped_text_is_shown_decoded_and_inert() {
    let marked = r#"{"contents":[{"parts":[{"text":"▮a\n```\n**b** \u00e9"}]}]}"#;
    let (markdown, _) = hovered(marked, None).expect("a hover");
    assert!(markdown.contains("````text\na\n```\n**b** é\n````"), "{markdown}");
    let long = format!(r#"{{"contents":[{{"parts":[{{"text":"▮{}"}}]}}]}}"#, "`é".repeat(100_000));
    let (markdown, _) = hovered(&long, None).expect("a hover");
    assert!(markdown.contains("The first 2000 of 200000 characters") && markdown.len() < 50_000);
    let odd = format!(r#"{{"contents":[],"{}▮{}":1}}"#, "`".repeat(60_000), "\\u0007".repeat(9_000));
    assert!(hovered(&odd, None).expect("a hover").0.len() < 50_000);
}

#[test]
fn white_space_and_punctuation_say_nothing() {
    for marked in [
        r#"▮{"contents":[]}"#,
        r#"{"contents"▮:[]}"#,
        r#"{"contents":▮[]}"#,
        r#"{"contents": ▮[]}"#,
        r#"{"contents":[]▮}"#,
        r#"{"contents":[]}▮"#,
        r#"{"contents":[]▮,"tools":[]}"#,
        "▮",
        "   ▮   ",
    ] {
        assert_eq!(hovered(marked, None), None, "{marked}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn any_broken_line_and_offset_are_answered(at in 0usize..VIDEO.len(), drop in 0usize..40, put in ".{0,6}", offset in 0usize..600) {
        let end = (at + drop).min(VIDEO.len());
        let text = format!("{}{put}{}", &VIDEO[..at], &VIDEO[end..]);
        if let Some(hover) = hover(&text, offset, Some(HIGH), &mut Analyst::new(&Settings::default())) {
            let range = hover.span.range();
            prop_assert!(hover.markdown.len() < 50_000);
            prop_assert!(text.get(range.clone()).is_some() && range.contains(&text.floor_char_boundary(offset)));
        }
    }
}

#[test]
fn nothing_is_claimed_of_a_model_that_no_page_claims() {
    let line = r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://b/a.mp4","mimeType":"video/mp4"},"videoMetadata":{"startOffset":"0s","endOffset":"10s"}}]}],"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}}"#;
    let offset = line.find("videoMetadata").expect("the key");
    let of = |model: &str| {
        let (settings, _) = Settings::from_json(&serde_json::json!({ "model": model }));
        hover(line, offset, None, &mut Analyst::new(&settings)).expect("a hover").markdown
    };
    let both = format!("{}\n====\n{}", of("gemini-2.5-flash"), of("gemini-3-flash"));
    insta::assert_snapshot!(both);
}

#[test]
fn a_path_is_a_location_for_a_trainer_that_reads_files() {
    let (text, offset) = cursor(
        r#"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"images/▮a.png"}}]}]}"#,
    );
    let said = |service: &str| {
        let settings = Settings::from_json(&serde_json::json!({ "service": service })).0;
        hover(&text, offset, None, &mut Analyst::new(&settings)).expect("a location").markdown
    };
    assert!(said("trl").contains("A file path on the computer that trains."));
    assert!(said("openai").contains("it is a local path; upload the file."));
}

#[test]
fn a_key_links_to_the_page_of_its_vendor_and_its_date() {
    for (marked, host) in [
        (r#"{"con▮tents":[]}"#, "https://docs.cloud.google.com/"),
        (
            r#"{"mess▮ages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}"#,
            "https://developers.openai.com/",
        ),
    ] {
        let (markdown, _) = hovered(marked, None).expect("a hover");
        assert!(markdown.contains(&format!("]({host}")), "{markdown}");
        assert!(markdown.contains(", last read in 2026-"), "{markdown}");
    }
}

#[test]
fn what_makes_a_line_another_kind_is_not_called_required_and_values_have_no_numbers() {
    let line = r#"{"contents":[{"role":"user","parts":[{"text":"a"}]}],"comple▮tions":[]}"#;
    let (markdown, _) = hovered(line, None).expect("a hover");
    assert!(markdown.contains("**`completions`** · list of objects\n"), "{markdown}");
    let line = r#"{"contents":[],"generationConfig":{"mediaResolution":"MEDIA_▮RESOLUTION_LOW"}}"#;
    let (markdown, _) = hovered(line, None).expect("a hover");
    assert!(markdown.starts_with("**`MEDIA_RESOLUTION_LOW`**\n"), "{markdown}");
}

#[test]
fn a_field_that_the_service_reads_is_not_called_unknown() {
    let messages = r#""messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]"#;
    for (service, field, expected) in [
        ("mistral", r#""only▮_last":true"#, "`only_last` is not a field of the format, but Mistral reads it."),
        (
            "trl",
            r#""think▮ing":"x""#,
            "`thinking` is not a field of the format, but Hugging Face TRL allows other fields.",
        ),
        ("openai", r#""only▮_last":true"#, "is not a known field"),
    ] {
        let (text, offset) = cursor(&format!("{{{messages},{field}}}"));
        let settings = Settings::from_json(&serde_json::json!({ "service": service })).0;
        let said = hover(&text, offset, None, &mut Analyst::new(&settings)).expect("a hover").markdown;
        assert!(said.contains(expected), "{service}: {said}");
    }
}
