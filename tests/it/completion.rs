//! Completion as an editor uses it: a cursor in a line, the items, and the line after one is accepted.

use crate::support::typing::{Case, NEARBY, PLAIN, SNIPPETS, applied, cursor};
use tuning_ls::analysis::{Analyst, Lines};
use tuning_ls::formats::gemini::{LOW, MEDIUM};
use tuning_ls::ide::completion::{DocumentationKey, documentation};
use tuning_ls::settings::Settings;
use tuning_ls::text::Document;

#[track_caller]
fn first(marked: &str, expected: &[&str]) {
    let labels = PLAIN.labels(marked);
    let shown: Vec<_> = labels.iter().take(expected.len()).map(String::as_str).collect();
    assert_eq!(shown, expected, "{marked}: {labels:?}");
}

#[track_caller]
fn only(marked: &str, expected: &[&str]) {
    assert_eq!(PLAIN.labels(marked), expected, "{marked}");
}

#[track_caller]
fn taken(marked: &str, label: &str, expected: &str) {
    assert_eq!(PLAIN.take(marked, label), expected, "{marked}");
}

#[track_caller]
fn never(marked: &str, label: &str) {
    let labels = PLAIN.labels(marked);
    assert!(!labels.iter().any(|it| it == label), "{marked}: {labels:?}");
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(text).is_ok()
}

#[test]
fn keys_are_offered_by_position() {
    first(r#"{▮}"#, &["contents", "systemInstruction", "tools", "generationConfig", "completions"]);
    first(r#"{"▮"}"#, &["contents", "systemInstruction", "tools", "generationConfig", "completions"]);
    first(r#"{"contents":[{▮}]}"#, &["role", "parts"]);
    only(r#"{"contents":[{"▮"#, &["role", "parts"]);
    only(r#"{"contents":[{"role":"user",▮}]}"#, &["parts"]);
    only(r#"{"contents":[{"role":"user", "▮}]}"#, &["parts"]);
    first(r#"{"contents":[{"role":"user","parts":[{▮"#, &["fileData", "text"]);
    first(r#"{"contents":[{"role":"user","parts":[{"fileData":{▮"#, &["fileUri", "mimeType", "displayName"]);
    first(r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://a/b.mov",▮}}]}]}"#, &["mimeType"]);
    first(r#"{"contents":[{"role":"model","parts":[{▮}]}]}"#, &["text", "functionCall"]);
    only(r#"{"systemInstruction":{"parts":[{▮}]}}"#, &["text"]);
    first(r#"{"contents":[],"generationConfig":{"▮"}}"#, &["mediaResolution"]);
    first(r#"{"contents":[{"parts":[{"fileData":{},"videoMetadata":{▮}}]}]}"#, &["startOffset", "endOffset", "fps"]);
    first(r#"{"contents":[{"role":"user","parts":[{"text":""}]}],"completions":[{▮}]}"#, &["score", "completion"]);
    only(r#"{"contents":[],"completions":[{"score":1,"completion":{▮}}]}"#, &["role", "parts"]);
}

#[test]
fn what_is_there_or_excluded_is_left_out() {
    never(r#"{"contents":[],▮}"#, "contents");
    never(r#"{▮"contents":[]}"#, "contents");
    never(r#"{"system_instruction":{},▮}"#, "systemInstruction");
    never(r#"{"contents":[{"parts":[{▮,"file_data":{}}]}]}"#, "fileData");
    for member in ["text", "inlineData", "functionCall", "fileData"] {
        never(r#"{"contents":[{"parts":[{"fileData":{},"▮"}]}]}"#, member);
    }
    never(r#"{"contents":[],"safetySettings":[],▮}"#, "modelArmorConfig");
    never(r#"{"contents":[{"parts":[{"text":"a",▮}]}]}"#, "videoMetadata");
    never(r#"{"contents":[{"parts":[{"fileData":{"mimeType":"image/png"},▮}]}]}"#, "videoMetadata");
    first(r#"{"contents":[{"parts":[{"fileData":{"mimeType":"video/mp4"},▮}]}]}"#, &["videoMetadata"]);
    never(r#"{"contents":[{"role":"user","parts":[]},{"role":"model","parts":[]}],▮}"#, "completions");
    never(r#"{"contents":[{"role":"user","parts":[{▮}]}],"completions":[]}"#, "fileData");
}

#[test]
fn a_key_comes_with_its_quotes_colon_and_value() {
    taken(r#"{"contents":[{▮}]}"#, "role", r#"{"contents":[{"role":"user"}]}"#);
    taken(r#"{"contents":[{"▮}]}"#, "role", r#"{"contents":[{"role":"user"}]}"#);
    taken(r#"{"contents":[{"▮"}]}"#, "role", r#"{"contents":[{"role":"user"}]}"#);
    taken(r#"{"contents":[{"ro▮"}]}"#, "role", r#"{"contents":[{"role":"user"}]}"#);
    taken(r#"{"contents":[{ro▮}]}"#, "role", r#"{"contents":[{"role":"user"}]}"#);
    taken(r#"{'contents':[{'ro▮'}]}"#, "role", r#"{'contents':[{"role":"user"}]}"#);
    taken(r#"{"contents":[{“ro▮”}]}"#, "role", r#"{"contents":[{"role":"user"}]}"#);
    taken(r#"{"contents":[{"parts":[],"▮"}]}"#, "role", r#"{"contents":[{"parts":[],"role":"user"}]}"#);
    let second = r#"{"contents":[{"role":"user","parts":[]},{"▮"}]}"#;
    taken(second, "role", r#"{"contents":[{"role":"user","parts":[]},{"role":"model"}]}"#);
    taken(
        r#"{"contents":[],"gen▮"}"#,
        "generationConfig",
        r#"{"contents":[],"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}}"#,
    );
    let mime = r#"{"contents":[{"parts":[{"fileData":{"fileUri":"gs://clips/a.mov",▮}}]}]}"#;
    let done = r#"{"contents":[{"parts":[{"fileData":{"fileUri":"gs://clips/a.mov","mimeType":"video/quicktime"}}]}]}"#;
    taken(mime, "mimeType", done);
}

#[test]
fn before_a_colon_only_the_key_is_replaced() {
    taken(r#"{"▮":[]}"#, "contents", r#"{"contents":[]}"#);
    taken(r#"{"contents":[{"ro▮le":"user"}]}"#, "parts", r#"{"contents":[{"parts":"user"}]}"#);
    taken(r#"{"contents":[{"ro▮":"user"}]}"#, "role", r#"{"contents":[{"role":"user"}]}"#);
    taken(r#"{"contents":[{ro▮le : "user"}]}"#, "role", r#"{"contents":[{"role" : "user"}]}"#);
    taken(r#"{"contents":[{'▮':'user'}]}"#, "role", r#"{"contents":[{"role":'user'}]}"#);
}

#[test]
fn a_comma_is_added_where_a_member_certainly_follows_or_precedes() {
    taken(r#"{"▮"contents":[]}"#, "tools", r#"{"tools":[{"functionDeclarations":[]}],"contents":[]}"#);
    taken(r#"{▮"contents":[]}"#, "tools", r#"{"tools":[{"functionDeclarations":[]}],"contents":[]}"#);
    taken(r#"{"contents":[{"ro▮"role":"user"}]}"#, "parts", r#"{"contents":[{"parts":[{"text":""}],"role":"user"}]}"#);
    taken(r#"{"contents":[{"role":"user" ▮}]}"#, "parts", r#"{"contents":[{"role":"user" ,"parts":[{"text":""}]}]}"#);
    taken(r#"{"contents":[] "▮"}"#, "tools", r#"{"contents":[] ,"tools":[{"functionDeclarations":[]}]}"#);
    taken(r#"{"contents":[{"role":▮"parts":[]}]}"#, "user", r#"{"contents":[{"role":"user","parts":[]}]}"#);
    taken(r#"{"contents":[{"role":"▮"parts":[]}]}"#, "user", r#"{"contents":[{"role":"user","parts":[]}]}"#);
    taken(r#"{"contents":[{"role":"▮","parts":[]}]}"#, "user", r#"{"contents":[{"role":"user","parts":[]}]}"#);
    taken(
        r#"{"contents":[▮{"role":"model","parts":[]}]}"#,
        "user turn",
        r#"{"contents":[{"role":"user","parts":[{"text":""}]},{"role":"model","parts":[]}]}"#,
    );
}

#[test]
fn roles_are_the_expected_one_first() {
    only(r#"{"contents":[{"role":"▮"#, &["user", "model"]);
    only(r#"{"contents":[{"role":▮}]}"#, &["user", "model"]);
    only(r#"{"contents":[{"role":'▮'}]}"#, &["user", "model"]);
    only(r#"{"contents":[{"role":us▮}]}"#, &["user", "model"]);
    only(r#"{"contents":[{"role":"user"},{"role":"▮"}]}"#, &["model", "user"]);
    only(r#"{"contents":[],"completions":[{"completion":{"role":"▮"}}]}"#, &["model"]);
    taken(r#"{"contents":[{"role":"▮"#, "user", r#"{"contents":[{"role":"user""#);
    taken(r#"{"contents":[{"role":"▮"}]}"#, "model", r#"{"contents":[{"role":"model"}]}"#);
    taken(r#"{"contents":[{"role":"as▮sistant"}]}"#, "model", r#"{"contents":[{"role":"model"}]}"#);
    taken(r#"{"contents":[{"role":▮"assistant"}]}"#, "model", r#"{"contents":[{"role":"model"}]}"#);
    taken(r#"{"contents":[{"role":us▮}]}"#, "user", r#"{"contents":[{"role":"user"}]}"#);
    taken(r#"{"contents":[{"role":'▮'}]}"#, "user", r#"{"contents":[{"role":"user"}]}"#);
    let items = PLAIN.items(r#"{"contents":[{"role":"user"},{"role":"▮"}]}"#);
    assert!(items[0].preselect && !items[1].preselect);
}

#[test]
fn media_types_that_fit_the_location_come_first() {
    let after = r#"{"contents":[{"parts":[{"fileData":{"fileUri":"gs://clips/a.mov","mimeType":"▮"}}]}]}"#;
    first(after, &["video/quicktime", "video/mov", "video/mp4"]);
    let before = r#"{"contents":[{"parts":[{"fileData":{"mimeType":"▮","fileUri":"gs://clips/a.PNG"}}]}]}"#;
    first(before, &["image/png", "image/jpeg"]);
    first(r#"{"contents":[{"parts":[{"fileData":{"mimeType":▮}}]}]}"#, &["video/mp4"]);
    let half = r#"{"contents":[{"parts":[{"fileData":{"fileUri":"gs://clips/a.mov","mimeType":"video/q▮"#;
    taken(half, "video/quicktime", &half.replace("q▮", "quicktime\""));
    let open = r#"{"contents":[{"parts":[{"fileData":{"fileUri":"gs://clips/a.mov","mimeType":"▮}}]}]}"#;
    taken(open, "video/mov", &open.replace('▮', "video/mov\""));
}

#[test]
fn resolutions_are_the_files_own_first() {
    let at = r#"{"contents":[],"generationConfig":{"mediaResolution":"▮"}}"#;
    first(at, &["MEDIA_RESOLUTION_LOW", "MEDIA_RESOLUTION_MEDIUM", "MEDIA_RESOLUTION_HIGH"]);
    let medium = Case { shared: Some(MEDIUM), ..PLAIN };
    assert_eq!(medium.labels(at)[0], "MEDIA_RESOLUTION_MEDIUM");
    assert_eq!(
        medium.take(r#"{"contents":[],▮}"#, "generationConfig"),
        r#"{"contents":[],"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_MEDIUM"}}"#
    );
    let part = r#"{"contents":[{"parts":[{"fileData":{},"mediaResolution":{"level":"▮"}}]}]}"#;
    assert!(PLAIN.labels(part).contains(&"MEDIA_RESOLUTION_ULTRA_HIGH".to_owned()));
}

const AMONG: Case<'_> = Case { nearby: &NEARBY, shared: Some(LOW), ..PLAIN };

#[test]
fn texts_used_nearby_are_offered_by_speaker() {
    let user = r#"{"contents":[{"role":"user","parts":[{"text":"▮"}]}]}"#;
    assert_eq!(AMONG.labels(user), ["What sport is it?", "Say \"hi\" {now}"]);
    assert_eq!(AMONG.take(user, "Say \"hi\" {now}"), user.replace('▮', r#"Say \"hi\"\n{now}"#));
    let model = r#"{"contents":[{"role":"user","parts":[]},{"parts":[{"text":▮}],"role":"model"}]}"#;
    assert_eq!(AMONG.labels(model), ["tennis", "football"]);
    assert_eq!(AMONG.take(model, "tennis"), model.replace('▮', "\"tennis\""));
    assert_eq!(AMONG.labels(r#"{"systemInstruction":{"parts":[{"text":"▮"}]}}"#), ["Be brief."]);
    only(user, &[]);
}

#[test]
fn locations_used_nearby_are_offered_with_their_folders() {
    let at = r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"▮"}}]}]}"#;
    assert_eq!(AMONG.labels(at), ["gs://clips/day1/a.mp4", "gs://clips/day2/b.mp4"]);
    let snippets = Case { snippets: true, ..AMONG };
    let items = snippets.items(at);
    assert_eq!(items[2].label, "gs://clips/day1/");
    assert_eq!(items[2].text, r#""gs://clips/day1/$1"$0"#);
    assert_eq!(SNIPPETS.labels(at), ["gs://"]);
    // The location being typed is not offered, not even where it runs into the text after the cursor.
    for half in [r#""gs://a/\▮"}}]}]}"#, r#""gs://a▮":"b"}}]}]}"#, r#""gs://a▮": "video/mp4"}}]}]}"#] {
        let line = format!(r#"{{"contents":[{{"parts":[{{"fileData":{{"fileUri":{half}"#);
        assert!(!AMONG.labels(&line).iter().any(|label| label.contains('\u{F8FF}')), "{line}");
    }
}

#[test]
fn offsets_follow_from_what_is_near() {
    let part = |metadata: &str| {
        let file = r#""fileData":{"fileUri":"gs://clips/day1/a.mp4","mimeType":"video/mp4"}"#;
        format!(r#"{{"contents":[{{"role":"user","parts":[{{{file},"videoMetadata":{{{metadata}}}}}]}}]}}"#)
    };
    assert_eq!(AMONG.labels(&part(r#""startOffset":"▮""#)), ["25s", "0s", "10s"]);
    assert_eq!(AMONG.labels(&part(r#""startOffset":"30s","endOffset":"▮""#)), ["45s", "1230s"]);
    assert_eq!(AMONG.labels(&part(r#""startOffset":"▮","endOffset":"20s""#)), ["0s", "10s"]);
    assert_eq!(PLAIN.labels(&part(r#""endOffset":"▮""#)), ["10s", "1200s", "300s"]);
    assert_eq!(PLAIN.labels(&part(r#""startOffset":▮"#)), ["0s"]);
    // A typed clock time that is also near is offered once.
    assert_eq!(AMONG.labels(&part(r#""startOffset":"0:25▮""#)), ["25s", "0s", "10s"]);
    let end = part(r#""startOffset":"30s",▮"#);
    assert_eq!(PLAIN.take(&end, "endOffset"), end.replace('▮', r#""endOffset":"40s""#));
}

#[test]
fn elements_of_a_list_are_whole_objects() {
    only(r#"{"contents":[▮]}"#, &["user turn", "user turn with a video", "model turn"]);
    first(r#"{"contents":[{"role":"user","parts":[]},▮]}"#, &["model turn"]);
    first(r#"{"contents":[{"role":"user","parts":[▮]}]}"#, &["text part", "video part", "video segment part"]);
    only(r#"{"systemInstruction":{"parts":[▮]}}"#, &["text part"]);
    taken(
        r#"{"contents":[],"completions":[{"score":1.0,"completion":{}},▮]}"#,
        "{…}",
        r#"{"contents":[],"completions":[{"score":1.0,"completion":{}},{"score":0,"completion":{"role":"model","parts":[{"text":""}]}}]}"#,
    );
    only(r#"{"contents":[],"completions":[{"score":0},{"score":▮}]}"#, &["1", "0"]);
    taken(
        r#"{"contents":[],"tools":[{"functionDeclarations":[▮]}]}"#,
        "{…}",
        r#"{"contents":[],"tools":[{"functionDeclarations":[{"name":"","description":"","parameters":{"type":"OBJECT","properties":{}}}]}]}"#,
    );
    let safety = r#"{"contents":[],"safetySettings":[▮]}"#;
    taken(safety, "{…}", &safety.replace('▮', r#"{"category":"HARM_CATEGORY_HATE_SPEECH","threshold":"BLOCK_NONE"}"#));
    taken(
        r#"{"contents":▮}"#,
        "[…]",
        r#"{"contents":[{"role":"user","parts":[{"text":""}]},{"role":"model","parts":[{"text":""}]}]}"#,
    );
}

#[test]
fn functions_are_named_as_declared() {
    let tools = r#""tools":[{"functionDeclarations":[{"name":"get_score"},{"name":"get_time"}]}]"#;
    let call = format!(r#"{{"contents":[{{"role":"model","parts":[{{"functionCall":{{"name":"▮"}}}}]}}],{tools}}}"#);
    only(&call, &["get_score", "get_time"]);
    let properties = r#"{"contents":[],"tools":[{"functionDeclarations":[{"parameters":{"properties":{"a":{},"b":{}},"required":["a",▮]}}]}]}"#;
    only(properties, &["b"]);
}

#[test]
fn free_json_other_formats_and_ends_of_strings_are_left_alone() {
    only(r#"{"contents":[{"parts":[{"functionCall":{"name":"f","args":{"▮"}}}]}]}"#, &[]);
    only(r#"{"contents":[{"parts":[{"functionCall":{"name":"f","args":{"contents":[{▮}]}}}]}]}"#, &[]);
    only(r#"{"contents":[],"labels":{"▮"}}"#, &[]);
    only(r#"{"contents":[{"role"▮:"user"}]}"#, &[]);
    only(r#"{"contents":[{"role":"user"▮}]}"#, &[]);
    only(r#"{"contents":▮[]}"#, &[]);
    only(r#"{"instruction":"Name it.","output":"A cat.","▮"}"#, &[]);
    only(r#"{"level":"info","time":1,"▮"}"#, &[]);
    only(r#"{"contents":[]} ▮"#, &[]);
    only(r#"{"contents":[{"parts":[{"text":"▮"}]}]}"#, &[]);
    only(r#"{"contents":[{"parts":["▮"]}]}"#, &[]);
    let logs = Case { nearby: &[r#"{"level":"info"}"#], ..PLAIN };
    assert!(logs.items("▮").is_empty() && logs.items("{▮}").is_empty());
}

#[test]
fn a_broken_line_still_completes() {
    only(r#"{"contents":[{"role":"user,"parts":[{"text":"a"}]},{"role":"model",▮"#, &["parts"]);
    only(r#"{"contents":[{"role":"user","parts":[{"text":"a"],},{"role":"▮"}]}"#, &["model", "user"]);
    first(r#"{'contents':[{'role':'user','parts':[{▮"#, &["fileData", "text"]);
    first(r#"{"contents":[{"role":"user","parts":{"▮"}}]}"#, &["fileData", "text"]);
    first("\u{FEFF}{▮}", &["contents"]);
    first(r#"{"contents":[],▮"#, &["systemInstruction"]);
}

#[test]
fn the_spacing_of_the_file_is_kept() {
    taken(r#"{"contents": [{"▮"}]}"#, "parts", r#"{"contents": [{"parts": [{"text": ""}]}]}"#);
    let spaced = Case { nearby: &[r#"{"contents": [{"role": "user"}]}"#], ..PLAIN };
    assert!(spaced.take("▮", "text example").starts_with(r#"{"contents": [{"role": "user", "parts""#));
}

#[test]
fn an_empty_line_becomes_a_whole_valid_example() {
    let labels = PLAIN.labels("▮");
    let expected = [
        "video example",
        "video segment example",
        "image example",
        "text example",
        "multi-turn example",
        "preference example",
        "reinforcement example",
        "chat example",
        "chat example with instructions",
        "multi-turn chat example",
        "tool call example",
        "image chat example",
        "chat preference example",
        "chat reinforcement example",
    ];
    assert_eq!(labels, expected);
    for case in [PLAIN, SNIPPETS, AMONG, Case { snippets: true, ..AMONG }] {
        // In a file of one format, only that format's examples are offered.
        for label in &case.labels("▮") {
            for marked in ["▮", "  ▮", "vid▮", "{▮}", "▮{"] {
                let line = case.take(marked, label);
                assert!(is_json(&line) && !line.contains('\n'), "{label}: {line}");
            }
        }
    }
    let medium = Case { shared: Some(MEDIUM), ..PLAIN };
    assert!(medium.take("▮", "video example").contains("MEDIA_RESOLUTION_MEDIUM"));
    assert!(AMONG.take("▮", "video example").contains("What sport is it?"));
    only(r#"hello ▮there"#, &[]);
}

#[test]
fn no_rule_has_anything_to_say_about_a_template() {
    for label in PLAIN.labels("▮") {
        let line = PLAIN.take("▮", &label) + "\n";
        let document = Document::new(&line, 1);
        let (settings, _) = Settings::from_json(&serde_json::json!({ "rules": { "too-few-examples": "off" } }));
        let mut analyst = Analyst::new(&settings);
        let mut lines = Lines::new(&document);
        assert!(lines.analyze(&document, &mut analyst, usize::MAX));
        let verdict = lines.judge(&document, &analyst);
        let findings = lines.list(&document, &mut analyst, &verdict, 100);
        // The locations of media and the sample answers are to be replaced.
        let expected = ["placeholder-uri", "suspicious-target"];
        let other = findings.iter().find(|listed| !expected.contains(&listed.finding.rule.code));
        assert!(other.is_none(), "{label}: {findings:?}");
    }
}

#[test]
fn every_key_completes_to_json_in_both_styles() {
    let places = [
        r#"{▮}"#,
        r#"{"contents":[{▮}]}"#,
        r#"{"contents":[{"role":"user","parts":[{▮}]}]}"#,
        r#"{"contents":[{"role":"model","parts":[{▮}]}]}"#,
        r#"{"contents":[{"parts":[{"fileData":{▮}}]}]}"#,
        r#"{"contents":[{"parts":[{"inlineData":{▮}}]}]}"#,
        r#"{"contents":[{"parts":[{"fileData":{},"videoMetadata":{▮}}]}]}"#,
        r#"{"contents":[{"parts":[{"functionCall":{▮}}]}]}"#,
        r#"{"contents":[{"parts":[{"functionResponse":{▮}}]}]}"#,
        r#"{"contents":[],"generationConfig":{▮}}"#,
        r#"{"contents":[],"tools":[{▮}]}"#,
        r#"{"contents":[],"tools":[{"functionDeclarations":[{▮}]}]}"#,
        r#"{"contents":[],"tools":[{"functionDeclarations":[{"parameters":{▮}}]}]}"#,
        r#"{"contents":[],"safetySettings":[{▮}]}"#,
        r#"{"contents":[],"completions":[{▮}]}"#,
    ];
    for marked in places {
        for (typed, before, after) in [("", "▮", ""), ("\"", "\"▮", "\""), ("\"", "\"▮", "")] {
            let marked = marked.replace('▮', &format!("{before}{after}"));
            for case in [PLAIN, SNIPPETS] {
                let items = case.items(&marked);
                assert!(!items.is_empty(), "{marked}");
                for item in items {
                    let line = applied(&cursor(&marked).0, &item);
                    assert!(is_json(&line), "{line}");
                    assert!(item.filter.starts_with(typed));
                }
            }
        }
    }
}

#[test]
fn every_item_has_documentation_that_survives_a_journey() {
    for marked in
        ["▮", "{▮}", r#"{"contents":[{"role":"▮"}]}"#, r#"{"contents":[{"parts":[{"fileData":{"mimeType":"▮"}}]}]}"#]
    {
        for item in SNIPPETS.items(marked) {
            let sent = serde_json::to_string(&item.documentation).expect("a key is data");
            assert!(sent.len() < 300);
            let back: DocumentationKey = serde_json::from_str(&sent).expect("as it was sent");
            assert!(documentation(&back).is_some_and(|words| !words.is_empty()), "{}", item.label);
        }
    }
    assert_eq!(documentation(&DocumentationKey::Field(u16::MAX)), None);
    assert_eq!(documentation(&DocumentationKey::Choice { field: 0, value: 999 }), None);
}

#[test]
fn an_item_asked_for_in_a_closed_string_stays_inside_its_quotes() {
    let case = Case { by_hand: true, nearby: &NEARBY, ..SNIPPETS };
    for (marked, label, expected) in [
        (r#"{"contents":[{"role":"▮"}]}"#, "user", r#"{"contents":[{"role":"user"}]}"#),
        (r#"{"contents":[{"role":"us▮er"}]}"#, "model", r#"{"contents":[{"role":"model"}]}"#),
        (r#"{"contents":[{"▮":"user"}]}"#, "role", r#"{"contents":[{"role":"user"}]}"#),
        (
            r#"{"contents":[{"parts":[{"fileData":{"fileUri":"▮"}}]}]}"#,
            "gs://clips/day1/",
            r#"{"contents":[{"parts":[{"fileData":{"fileUri":"gs://clips/day1/"}}]}]}"#,
        ),
        (
            r#"{"contents":[{"role":"user","parts":[{"text":"▮"}]}]}"#,
            "Say \"hi\" {now}",
            r#"{"contents":[{"role":"user","parts":[{"text":"Say \"hi\"\n{now}"}]}]}"#,
        ),
    ] {
        let item = case.items(marked).into_iter().find(|item| item.label == label).expect(label);
        let (text, offset) = cursor(marked);
        let range = item.replace.range();
        assert_eq!((&text[range.start - 1..range.start], &text[range.end..=range.end]), ("\"", "\""), "{marked}");
        assert!(item.filter.starts_with(&text[range.start..offset]) || !item.filter.starts_with('"'), "{item:?}");
        assert!(!item.text.contains("$0"), "{item:?}");
        assert_eq!(case.take(marked, label), expected);
    }
    // A key without its value and an open string need their quotes, as before.
    let key = case.take(r#"{"contents":[{"ro▮"}]}"#, "role");
    assert_eq!(key, r#"{"contents":[{"role":"user"}]}"#);
    assert_eq!(case.take(r#"{"contents":[{"role":"▮"#, "user"), r#"{"contents":[{"role":"user""#);
    // What is typed after a quote is replaced with it.
    let typed = SNIPPETS.items(r#"{"contents":[{"role":"▮"}]}"#);
    assert!(typed.iter().all(|item| item.text.starts_with('"')));
}
