//! Hover as an editor meets it: a cursor in a line, what is said, and of which bytes.

use proptest::prelude::*;
use tuning_ls::ide::hover::hover;
use tuning_ls::schema::media::{GEMINI_2_5, GEMINI_3, Resolution};

/// Splits a text at its `▮`.
fn cursor(marked: &str) -> (String, usize) {
    let at = marked.find('▮').expect("a cursor");
    (marked.replace('▮', ""), at)
}

/// The hover at the cursor: its text, and the bytes it is about.
fn hovered(marked: &str, resolution: Option<Resolution>) -> Option<(String, String)> {
    let (text, offset) = cursor(marked);
    let hover = hover(&text, offset, resolution, &GEMINI_2_5)?;
    assert!(hover.span.touches(offset));
    Some((hover.markdown, text[hover.span.range()].to_owned()))
}

#[track_caller]
fn says(marked: &str, about: &str, expected: &[&str]) {
    let (markdown, span) = hovered(marked, Some(Resolution::Low)).expect(marked);
    assert_eq!(span, about);
    for words in expected {
        assert!(markdown.contains(words), "no {words:?} in: {markdown}");
    }
}

const VIDEO: &str = r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://clips/a.mov","mimeType":"video/mp4"},"videoMetadata":{"startOffset":"30s","endOffset":"390.5s"}}]},{"role":"model","parts":[{"text":"goal"}]}],"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_MEDIUM"}}"#;

#[test]
fn a_key_says_what_it_is() {
    let at = |text: &str| VIDEO.replacen(text, &format!("{}▮{}", &text[..2], &text[2..]), 1);
    says(
        &at("\"contents\""),
        "\"contents\"",
        &["list of objects, required", "`/contents`", "about **103,953 tokens** (video 92,416, sound 11,536, text 1)"],
    );
    says(&at("\"fileUri\""), "\"fileUri\"", &["100 MB", "Cloud Storage", "`/contents/0/parts/0/fileData/fileUri`"]);
    says(
        &at("\"mediaResolution\""),
        "\"mediaResolution\"",
        &[
            "| LOW | 64 | 20 minutes | about 4 times faster |",
            "| MEDIUM | 256 | 5 minutes |",
            "The rest of the file has `MEDIA_RESOLUTION_LOW`",
        ],
    );
    says(
        &at("\"videoMetadata\""),
        "\"videoMetadata\"",
        &["**360.5 s** long", "**too long**", "92,416 tokens", "would be dropped"],
    );
    says(r#"{"contents":[{"parts":[{"file_▮data":{}}]}]}"#, "\"file_data\"", &["`fileData`", "Written `file_data`"]);
    says(r#"{"contents":[],"generationConfig":{"temper▮ature":1}}"#, "\"temperature\"", &["Not documented for tuning"]);
}

#[test]
fn a_value_says_what_it_means() {
    let at = |text: &str| VIDEO.replacen(text, &format!("{}▮{}", &text[..2], &text[2..]), 1);
    says(&at("\"user\""), "\"user\"", &["the user's"]);
    says(
        &at("\"gs://clips"),
        "\"gs://clips/a.mov\"",
        &["`a.mov`", "bucket `clips`", "| video | 100 MB; 20 minutes at LOW, 5"],
    );
    says(&at("\"video/mp4\""), "\"video/mp4\"", &["`.mp4`", "`video/quicktime`"]);
    says(&at("\"390.5s\""), "\"390.5s\"", &["**6:30.5**", "**360.5 s** long", "MEDIUM is this line's resolution"]);
    says(&at("\"MEDIA_RESOLUTION_MEDIUM\""), "\"MEDIA_RESOLUTION_MEDIUM\"", &["| MEDIUM | 256 | 5 minutes |"]);
    says(&at("\"goal\""), "\"goal\"", &["the target"]);
    says(r#"{"contents":[],"generationConfig":{"mediaResolution":▮1}}"#, "1", &["LOW", "64"]);
    says(
        r#"{"contents":[{"parts":[{"videoMetadata":{"startOffset":"1▮:30"}}]}]}"#,
        "\"1:30\"",
        &["clock", "`\"90s\"`"],
    );
    says(r#"{"contents":[{"parts":[{"videoMetadata":{"startOffset":▮5}}]}]}"#, "5", &["`\"5s\"`"]);
    says(
        r#"{"contents":[{"parts":[{"fileData":{"fileUri":"▮C:\\a.mp4"}}]}]}"#,
        r#""C:\\a.mp4""#,
        &["local path", "public `https` URLs"],
    );
    says(r#"{"contents":[{"role":"▮assistant"}]}"#, "\"assistant\"", &["Not a role"]);
    says(r#"{"contents":[{"parts":[{"inlineData":{"data":"▮QUJDRA=="}}]}]}"#, "\"QUJDRA==\"", &["4 bytes"]);
}

#[test]
fn what_is_not_known_is_said_in_a_word() {
    says(r#"{"contents":[],"tem▮p":1}"#, "\"temp\"", &["`temp` is no known field", "`/temp`"]);
    says(
        r#"{"contents":[{"parts":[{"fileData":{"videoMeta▮data":{}}}]}]}"#,
        "\"videoMetadata\"",
        &["belongs to the part"],
    );
    says(r#"{"contents":[{"parts":[{"functionCall":{"args":{"▮a":1}}}]}]}"#, "\"a\"", &["free JSON"]);
    says(r#"{"contents":[],"labels":{"▮a":"b"}}"#, "\"a\"", &["of your own"]);
    says(r#"{"time":1,"model":"▮x"}"#, "\"x\"", &["`/model`"]);
}

#[test]
fn a_long_or_escaped_text_is_shown_decoded_and_inert() {
    let marked = r#"{"contents":[{"parts":[{"text":"▮a\n```\n**b** \u00e9"}]}]}"#;
    let (markdown, _) = hovered(marked, None).expect("a hover");
    assert!(markdown.contains("````text\na\n```\n**b** é\n````"), "{markdown}");
    let long = format!(r#"{{"contents":[{{"parts":[{{"text":"▮{}"}}]}}]}}"#, "`é".repeat(100_000));
    let (markdown, _) = hovered(&long, None).expect("a hover");
    assert!(markdown.contains("the first 2000 of 200000 characters") && markdown.len() < 50_000);
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
        if let Some(hover) = hover(&text, offset, Some(Resolution::High), &GEMINI_2_5) {
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
    let of = |profile| hover(line, offset, None, profile).expect("a hover").markdown;
    assert!(of(&GEMINI_2_5).contains("| LOW | 20 minutes | fits | about 640 tokens |"));
    assert!(of(&GEMINI_3).contains("| LOW | 20 minutes | fits | not documented |"), "{}", of(&GEMINI_3));
}
