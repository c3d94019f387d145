//! Completion that continues a file: the next example, and templates that start with what the line above has.

use crate::support::typing::{Case, PLAIN};
use tuning_ls::formats::gemini::LOW;

/// Lines of both formats to continue from, the nearest first.
const SEGMENT: &str = r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://clips/day1/a.mov","mimeType":"video/quicktime"},"videoMetadata":{"startOffset":"10s","endOffset":"25s"}},{"text":"What sport is it?"}]},{"role":"model","parts":[{"text":"football"}]}],"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}}"#;
const CHAT: &str = r#"{"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "What is it?"}, {"role": "assistant", "content": "A goal"}]}"#;

#[test]
fn a_new_line_offers_an_example_like_the_line_above_with_the_next_segment() {
    let after = |line, snippets| Case { nearby: &*Box::leak(Box::new([line])), shared: Some(LOW), snippets, ..PLAIN };
    let next = after(SEGMENT, false);
    assert_eq!(next.labels("▮")[0], "next example");
    let expected = SEGMENT.replace("10s", "X").replace("25s", "40s").replace('X', "25s").replace("football", "");
    assert_eq!(next.take("▮", "next example"), expected);
    let item = after(SEGMENT, true).items("▮").remove(0);
    assert!(item.text.contains(r#""fileUri":"${1:gs://clips/day1/a.mov}","mimeType":"video/quicktime""#), "{item:?}");
    assert!(item.text.contains(r#""startOffset":"${2:25s}","endOffset":"${3:40s}""#), "{item:?}");
    assert!(
        item.text.ends_with(r#"[{"text":"$5"}]}],"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}}$0"#)
    );
    // A whole file is followed by another file of the folder.
    let whole = SEGMENT.replace(r#","videoMetadata":{"startOffset":"10s","endOffset":"25s"}"#, "");
    let line = after(Box::leak(whole.into_boxed_str()), false).take("▮", "next example");
    assert!(line.contains(r#""fileUri":"gs://clips/day1/""#), "{line}");
    let chat = after(CHAT, true);
    assert_eq!(chat.take("▮", "next example"), CHAT.replace("A goal", ""));
    assert!(chat.items("▮")[0].text.contains(r#""content": "${1:What is it?}"}"#), "{:?}", chat.items("▮")[0]);
    // The file after one inside the line is in no folder.
    let image = r#"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iV/BO/Rw"}}]},{"role":"assistant","content":"A goal"}]}"#;
    let case = after(image, false);
    let expected = image.replace("data:image/png;base64,iV/BO/Rw", "").replace("A goal", "");
    assert_eq!(case.take("▮", "next example"), expected);
    for item in case.items("▮") {
        assert!(!item.text.contains("data:") && !item.text.contains("iV/"), "{item:?}");
    }
    // Nothing is offered in a file of another kind, or after a broken line.
    for line in ["{\"a\":1}", &SEGMENT[..SEGMENT.len() - 2]] {
        let case = Case { nearby: &[line], ..PLAIN };
        assert!(!case.labels("▮").iter().any(|label| label == "next example"), "{line}");
    }
}

#[test]
fn the_conversation_completes_to_that_of_the_other_lines() {
    for (line, key) in [(SEGMENT, "contents"), (CHAT, "messages")] {
        let case = Case { nearby: &[line], ..PLAIN };
        let taken = case.take(r#"{"▮"}"#, key);
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap()[key].clone();
        let (taken, above) = (value(&taken), value(line));
        let roles = |list: &serde_json::Value| {
            list.as_array().unwrap().iter().map(|turn| turn["role"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(roles(&taken), roles(&above));
        assert_eq!(taken.to_string().contains("What"), above.to_string().contains("What"));
        assert_ne!(taken, above, "the answer is to be written");
    }
}

#[test]
fn a_second_template_starts_with_what_the_line_above_has() {
    let case = Case { nearby: &[SEGMENT], shared: Some(LOW), ..PLAIN };
    let line = case.take("▮", "video segment example");
    for part in [r#""gs://clips/day1/a.mov","mimeType":"video/quicktime""#, r#""25s","endOffset":"40s""#, "What sport"]
    {
        assert!(line.contains(part), "{part}: {line}");
    }
    assert!(!line.contains("A player kicks"), "a sample answer to a real prompt would be learned");
    assert!(case.take("▮", "video example").contains(r#""fileUri":"gs://clips/day1/","mimeType":"video/quicktime""#));
    // Another kind of media is somewhere else.
    assert!(case.take("▮", "image example").contains("gs://my-bucket/images/picture.jpg"));
    let chat = r#"{"messages":[{"role":"user","content":[{"type":"text","text":"Where?"},{"type":"image_url","image_url":{"url":"https://media.example.com/day1/a.jpg"}}]},{"role":"assistant","content":"Here"}]}"#;
    let case = Case { nearby: &[chat], ..PLAIN };
    let line = case.take("▮", "image chat example");
    assert!(line.contains(r#""url":"https://media.example.com/day1/""#) && line.contains("Where?"), "{line}");
}

#[test]
fn a_clock_time_that_is_typed_offers_its_seconds() {
    let typed = |text: &str| {
        let file = r#""fileData":{"fileUri":"gs://clips/day1/a.mp4","mimeType":"video/mp4"}"#;
        format!(
            r#"{{"contents":[{{"role":"user","parts":[{{{file},"videoMetadata":{{"startOffset":"{text}▮"}}}}]}}]}}"#
        )
    };
    for (text, meant) in [("1:05", "65s"), ("1:02:03", "3723s"), ("7.5", "7.5s")] {
        let marked = typed(text);
        let first = PLAIN.items(&marked).remove(0);
        assert_eq!((first.label.as_str(), first.preselect), (meant, true));
        assert_eq!(first.filter, format!("\"{text}"));
        assert_eq!(PLAIN.take(&marked, meant), marked.replace(&format!("{text}▮"), meant));
    }
    for text in ["1:", "5s", "abc"] {
        assert_ne!(
            PLAIN.items(&typed(text)).first().map(|item| item.detail.contains("as typed")),
            Some(true),
            "{text}"
        );
    }
}

#[test]
fn a_part_before_another_comes_with_its_comma() {
    let line = r#"{"contents":[{"role":"user","parts":[▮{"text":"a"}]}]}"#;
    let taken = PLAIN.take(line, "text part");
    assert_eq!(taken, line.replace('▮', r#"{"text":""},"#));
    let chat = r#"{"messages":[{"role":"user","content":[▮{"type":"text","text":"a"}]}]}"#;
    let taken = PLAIN.take(chat, "text part");
    assert_eq!(taken, chat.replace('▮', r#"{"type":"text","text":""},"#));
}
