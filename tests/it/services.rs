//! What the service in force changes in an editor: completion, hover, fixes.

use crate::support::repair::{Open, applied};
use crate::support::typing::{Case, PLAIN, SNIPPETS, of_service};
use tuning_ls::analysis::{Analyst, Lines};
use tuning_ls::formats::FORMATS;
use tuning_ls::ide::completion::documentation;
use tuning_ls::ide::edits::Place;
use tuning_ls::ide::fixes;
use tuning_ls::ide::hover::hover;
use tuning_ls::text::Document;

fn at(service: &'static str) -> Case<'static> {
    Case { service, ..PLAIN }
}

fn hovered(service: &str, line: &str, at: &str) -> String {
    let offset = line.find(at).expect(at);
    hover(line, offset + 1, None, &mut Analyst::new(&of_service(service))).expect(at).markdown
}

const CALL: &str = r#"{"messages":[{"role":"user","content":"a"},{"role":"assistant","tool_calls":[{"id":"x","type":"function","function":{"name":"f",▮}}]}]}"#;

#[test]
fn a_service_is_offered_only_lines_that_it_trains() {
    let chat = |service| at(service).labels("▮");
    assert_eq!(
        chat("mistral"),
        [
            "chat example",
            "chat example with instructions",
            "multi-turn chat example",
            "tool call example",
            "image chat example"
        ]
    );
    assert!(!chat("together").contains(&"chat reinforcement example".to_owned()));
    let open = chat("vertex-open-models");
    for refused in ["video example", "chat preference example", "chat reinforcement example", "tool call example"] {
        assert!(!open.iter().any(|label| label == refused), "{refused}: {open:?}");
    }
    assert!(open.iter().any(|label| label == "image example"), "{open:?}");
    // Only the formats that the service reads.
    assert!(chat("vertex-gemini").iter().all(|label| !label.contains("chat")));
}

#[test]
fn the_service_accepts_what_its_templates_contain() {
    for service in FORMATS.iter().flat_map(|format| format.services) {
        let case = at(service.id);
        for item in case.items("▮") {
            let line = case.take("▮", &item.label) + "\n";
            let document = Document::new(&line, 1);
            let mut settings = of_service(service.id);
            settings.rules.extend(["too-few-examples".to_owned()].map(|code| (code, tuning_ls::settings::Level::Off)));
            let mut analyst = Analyst::new(&settings);
            let mut lines = Lines::new(&document);
            assert!(lines.analyze(&document, &mut analyst, usize::MAX));
            let verdict = lines.judge(&document, &analyst);
            let findings = lines.list(&document, &mut analyst, &verdict, 100);
            // An image inside the line is for its author to add.
            let is_todo = |code: &str| {
                let is_image = line.contains("base64,\"") && ["bad-uri", "inline-data"].contains(&code);
                is_image || ["placeholder-uri", "suspicious-target"].contains(&code)
            };
            let other = findings.iter().find(|listed| !is_todo(listed.finding.rule.code));
            assert!(other.is_none(), "{} {}: {line}{findings:?}", service.id, item.label);
            let words = documentation(&item.documentation).expect("a template has documentation");
            assert!(words.contains(line.trim_end()), "{} {}: {words}", service.id, item.label);
        }
    }
}

#[test]
fn calls_have_the_form_of_the_service() {
    let line = |service| at(service).take("▮", "tool call example");
    assert!(
        line("openai").contains(r#""id":"call_1""#) && line("openai").contains(r#""arguments":"{\"city\":\"Bern\"}""#)
    );
    assert!(
        line("mistral").contains(r#""id":"call00001""#) && line("mistral").contains(r#""tool_call_id":"call00001""#)
    );
    assert!(line("trl").contains(r#""arguments":{"city":"Bern"}"#), "{}", line("trl"));
    let key = |service| at(service).take(CALL, "arguments");
    assert!(key("openai").contains(r#""arguments":"{}""#));
    assert!(key("trl").contains(r#""arguments":{}"#));
    let value = CALL.replace('▮', r#""arguments":▮"#);
    assert_eq!(at("openai").labels(&value), [r#""{…}""#]);
    assert_eq!(at("trl").labels(&value), ["{…}"]);
    assert!(at("openai").take(&value, r#""{…}""#).contains(r#""arguments":"{}""#));
    // A second call and its result have a number of their own.
    let turns = r#"{"messages":[{"role":"user","content":"a"},{"role":"assistant","tool_calls":[{"id":"call00001"}]},{"role":"tool","tool_call_id":"call00001","content":""},▮]}"#;
    let next = at("mistral").take(turns, "assistant message with a tool call");
    assert!(next.contains(r#""id":"call00002""#), "{next}");
    assert!(at("mistral").take(turns, "tool message").contains(r#""tool_call_id":"call00002""#));
    let call = r#"{"messages":[{"role":"assistant","tool_calls":[{▮}]}]}"#;
    assert!(at("mistral").take(call, "id").contains(r#""id":"call00001""#));
}

#[test]
fn roles_and_turns_are_those_of_the_service() {
    let role = r#"{"messages":[{"role":"▮"}]}"#;
    assert_eq!(at("together").labels(role), ["user", "system", "assistant", "tool"]);
    assert_eq!(at("vertex-open-models").labels(role), ["user", "system", "assistant"]);
    // A grader's prompt has roles of its own.
    let prompt = r#"{"messages":[{"role":"▮","content":""},{"role":"user","content":"a"}],"reference_answer":"b"}"#;
    assert!(at("azure-openai").labels(prompt).contains(&"developer".to_owned()));
    let turn = r#"{"messages":[{"role":"user","content":"a"},▮]}"#;
    assert!(!at("vertex-open-models").labels(turn).contains(&"tool message".to_owned()));
    // Together only reads instructions first.
    assert!(!at("together").labels(turn).contains(&"system message".to_owned()));
    assert!(at("openai").labels(turn).contains(&"system message".to_owned()));
    assert!(at("together").labels(r#"{"messages":[▮]}"#).contains(&"system message".to_owned()));
    let role = Case { service: "vertex-open-models", ..SNIPPETS };
    let item = role.items(r#"{"contents":[{▮}]}"#).into_iter().find(|item| item.label == "role").unwrap();
    assert_eq!(item.text, r#""role":"${1|user,assistant,model|}"$0"#);
}

#[test]
fn fields_are_those_of_the_service() {
    let keys = |service| at(service).labels(r#"{"contents":[{"role":"user","parts":[]}],▮}"#);
    assert!(keys("vertex-gemini").contains(&"completions".to_owned()));
    assert!(!keys("vertex-open-models").contains(&"completions".to_owned()));
    let both = r#"{"messages":[{"role":"assistant","content":"a"}],"available_tools":[],▮}"#;
    assert!(!at("mistral").labels(both).contains(&"tools".to_owned()));
    let tool =
        r#"{"messages":[{"role":"user","content":"a"}],"tools":[{"type":"function","function":{"name":"f",▮}}]}"#;
    assert_eq!(at("mistral").labels(tool)[..2], ["description", "parameters"]);
    let image = r#"{"messages":[{"role":"user","content":[▮]}]}"#;
    assert!(at("fireworks").take(image, "image part").contains(r#""url":"data:image/jpeg;base64,""#));
    assert!(at("vertex-open-models").take(image, "image part").contains(r#""url":"gs://""#));
}

#[test]
fn contents_for_open_models_are_written_as_in_their_sample() {
    let open = at("vertex-open-models");
    let line = open.take("▮", "image example");
    assert!(line.contains(r#""role":"assistant""#) && line.contains(r#""file_data":{"file_uri":"#), "{line}");
    assert_eq!(open.labels(r#"{"contents":[{"role":"▮"}]}"#), ["user", "assistant", "model"]);
    assert_eq!(open.labels(r#"{"contents":[{"role":"user","parts":[]},{"role":"▮"}]}"#)[0], "assistant");
    let turn = r#"{"contents":[{"role":"user","parts":[{"text":"a"}]},▮]}"#;
    assert!(open.take(turn, "model turn").contains(r#"{"role":"assistant","parts":[{"text":""}]}"#));
    let part = r#"{"contents":[{"role":"user","parts":[▮]}]}"#;
    assert!(!open.labels(part).iter().any(|label| label.contains("video")), "{:?}", open.labels(part));
    let key = r#"{"contents":[{"role":"user","parts":[{▮}]}]}"#;
    let keys = open.labels(key);
    assert!(keys.contains(&"file_data".to_owned()) && !keys.contains(&"video_metadata".to_owned()), "{keys:?}");
    let mime = r#"{"contents":[{"role":"user","parts":[{"file_data":{"mime_type":"▮"}}]}]}"#;
    let types = open.labels(mime);
    assert!(types.contains(&"image/png".to_owned()) && !types.contains(&"video/mp4".to_owned()), "{types:?}");
    // The next example has the answer to fill in.
    let near = r#"{"contents":[{"role":"user","parts":[{"text":"What is it?"}]},{"role":"assistant","parts":[{"text":"a cat"}]}]}"#;
    let case = Case { nearby: &[near], service: "vertex-open-models", ..SNIPPETS };
    let next = case.items("▮").into_iter().find(|item| item.label == "next example").unwrap();
    assert!(next.text.contains(r#""role":"assistant","parts":[{"text":"$2"}]"#), "{}", next.text);
}

#[test]
fn hover_says_what_the_service_allows() {
    let open = r#"{"contents":[{"role":"user","parts":[{"text":"a"}]},{"role":"assistant","parts":[{"text":"b"}]}]}"#;
    let role = hovered("vertex-open-models", open, "assistant");
    assert!(role.starts_with("The turn is the model's."), "{role}");
    assert!(hovered("", open, "assistant").starts_with("Not a valid role. Expected `user` or `model`."));
    assert!(hovered("vertex-open-models", open, "\"b\"").contains("Text of the target"));
    let developer = r#"{"messages":[{"role":"developer","content":"a"},{"role":"assistant","content":"b"}]}"#;
    let role = hovered("together", developer, "\"developer\"");
    assert!(
        role.contains("Together AI doesn't allow this role. Expected `system`, `user`, `assistant` or `tool`."),
        "{role}"
    );
    assert!(!hovered("openai", developer, "\"developer\"").contains("doesn't allow"));
    let call = CALL.replace('▮', r#""arguments":"{}""#);
    assert!(hovered("openai", &call, "\"arguments\"").contains("· JSON in a string"));
    assert!(hovered("trl", &call, "\"arguments\"").contains("· any object"));
}

#[test]
fn a_new_answer_has_the_role_of_the_service() {
    let line = r#"{"contents":[{"role":"user","parts":[{"text":"Shot?"}]}]}"#;
    let mut open = Open::under(&format!("{line}\n"), &of_service("vertex-open-models"));
    let (start, end) = (Place::default(), Place { line: 0, byte: line.len() });
    let actions = open.with(|file, analyst| fixes::actions(file, analyst, start, end));
    let action = actions.iter().find(|action| action.title == "Add an `assistant` turn").expect("a fix");
    let edits = open.edits(&action.task);
    let answered = applied(line, &edits);
    assert!(answered.ends_with(r#",{"role":"assistant","parts":[{"text":""}]}]}"#), "{answered}");
}
