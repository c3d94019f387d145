use super::*;
use crate::example::shared::SharedValue;
use crate::formats::{FORMATS, Format};
use proptest::prelude::*;
use serde_json::Value;

/// A file of this format that has answers, or whatever is given.
fn host(format: &str, is_prompts_only: Option<bool>) -> Host {
    let format = Format::named(format).unwrap();
    Host { format, service: format.default_service(), shared: None, is_prompts_only }
}

fn pasted(text: &str, format: &str) -> Option<Pasted> {
    examples(text, &host(format, Some(false)))
}

#[track_caller]
fn becomes(text: &str, format: &str, what: &str, lines: &[&str]) {
    let found = pasted(text, format).unwrap_or_else(|| panic!("not recognized: {text}"));
    assert_eq!(
        (found.what, &found.lines[..]),
        (what, &lines.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>()[..])
    );
    assert_eq!(found.unplaced, [], "{text}");
}

fn unplaced(text: &str, host: &Host) -> Vec<String> {
    examples(text, host).unwrap().unplaced.iter().map(ToString::to_string).collect()
}

const GEMINI: &str = r#"{"contents":[{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"text":"b"}]}]}"#;
const OPENAI: &str = r#"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}"#;

fn pretty(line: &str) -> String {
    line.replace(',', ",\n  ").replace('[', "[\n").replace("}]", "}\n]")
}

#[test]
fn pretty_json_becomes_one_line_per_example() {
    for (format, line) in [("gemini", GEMINI), ("openai", OPENAI)] {
        let one = pretty(line);
        let of = |text: &str, lines: &[&str]| becomes(text, format, "JSON", lines);
        of(&one, &[line]);
        of(&format!("{one}\n{one}\n"), &[line, line]);
        of(&format!("{one},\n\n{one}"), &[line, line]);
        of(&format!("{line}{line}"), &[line, line]);
        of(&format!("[\n{one},\n{one},\n]"), &[line, line]);
        of(&format!("\u{FEFF}[{line}, {line}]"), &[line, line]);
        of(&format!("```json\n{one}\n```\n"), &[line]);
        of(&format!("~~~\n[{line}]\n~~~"), &[line]);
        of(&format!("```jsonl\n{line}\n{line}\n```"), &[line, line]);
        of(&format!("const examples = [\n{line},\n];\n"), &[line]);
        let turns = &line[line.find('[').unwrap()..line.len() - 1];
        of(&pretty(turns), &[line]);
        of(&format!("[{turns},\n{turns}]"), &[line, line]);
    }
}

#[test]
fn the_role_of_the_model_is_the_services() {
    let mut host = host("gemini", Some(false));
    host.service = host.format.services.iter().find(|it| it.id == "vertex-open-models").unwrap();
    let expected = GEMINI.replace("model", "assistant");
    for text in [pretty(OPENAI), "prompt\tanswer\na\tb\n".to_owned()] {
        assert_eq!(examples(&text, &host).unwrap().lines, [expected.as_str()], "{text}");
    }
}

#[test]
fn json_with_safe_mistakes_is_repaired() {
    let text = "{\n  contents: [ // turns\n    {'role': 'user', 'parts': [{'text': 'a'}]},\n    {'role': 'model', 'parts': [{'text': 'b'}]},\n  ],\n}";
    becomes(text, "gemini", "JSON", &[GEMINI]);
}

#[test]
fn python_becomes_json() {
    let dict = "{'messages': [{'role': 'user', 'content': 'a'},\n {'role': 'assistant', 'content': 'b'}]}";
    becomes(dict, "openai", "Python", &[OPENAI]);
    let (name, turns) = ("messages", &dict[dict.find('[').unwrap()..dict.len() - 1]);
    becomes(&format!("{name}={turns},\n"), "openai", "Python", &[OPENAI]);
    becomes(&format!("[{dict}, {dict},]"), "openai", "Python", &[OPENAI, OPENAI]);
    let text = r#"{"messages": ({"role": "user", "content": "it's \x41", "name": None}, {"role": "assistant", "content": "b"})}"#;
    let line =
        r#"{"messages":[{"role":"user","content":"it's \u0041","name":null},{"role":"assistant","content":"b"}]}"#;
    becomes(text, "openai", "Python", &[line]);
}

#[test]
fn the_conversation_of_a_call_becomes_a_line() {
    let call = "response = client.models.generate_content(\n    model=MODEL,\n    contents=[\n        {'role': 'user', 'parts': [{'text': 'a'}]},\n        {'role': 'model', 'parts': [{'text': 'b'}]},\n    ],\n    config=types.Config(x=[1, (2)], y=\"a)\"),\n)";
    let found = pasted(call, "gemini").unwrap();
    assert_eq!((found.what, &found.lines[..]), ("SDK call", &[GEMINI.to_owned()][..]));
    let all = ["argument `model`: its value is not a literal", "argument `config`: its value is not a literal"];
    assert_eq!(unplaced(call, &host("gemini", None)), all);
    assert_eq!(found.title(), "Make 1 example of the selected SDK call, except argument `model` and 1 more");
    let call = "await client.chat.completions.create(messages=[{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"assistant\", \"content\": \"b\"}])";
    becomes(call, "openai", "SDK call", &[OPENAI]);
    let call = "const r = await openai.chat.completions.create({\n  messages: [\n    { role: 'user', content: 'a' },\n    { role: 'assistant', content: 'b' },\n  ],\n});";
    becomes(call, "openai", "SDK call", &[OPENAI]);
}

#[test]
fn a_table_becomes_examples_of_the_format() {
    let table = "Video\tStart\tend\tQuestion\tLabel\tsystem\ngs://bkt/a.mov\t1:30\t95,5\tWhat?\tGoal\tBe brief.\ngs://bkt/c\t\t12\t\tFoul\t\n";
    becomes(
        table,
        "gemini",
        "TSV",
        &[
            r#"{"systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://bkt/a.mov","mimeType":"video/quicktime"},"videoMetadata":{"startOffset":"90s","endOffset":"95.5s"}},{"text":"What?"}]},{"role":"model","parts":[{"text":"Goal"}]}]}"#,
            r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://bkt/c"},"videoMetadata":{"endOffset":"12s"}}]},{"role":"model","parts":[{"text":"Foul"}]}]}"#,
        ],
    );
    becomes(
        "image,prompt,answer,system\nhttps://example.org/a.png,\"What,\nis it?\",\"A \"\"cat\"\"\",Be brief.\r\n",
        "openai",
        "CSV",
        &[
            r#"{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.org/a.png"}},{"type":"text","text":"What,\nis it?"}]},{"role":"assistant","content":"A \"cat\""}]}"#,
        ],
    );
    becomes("prompt;completion\na;b", "openai", "CSV", &[OPENAI]);
    becomes("prompt,answer,,\na,b,,\n\n,,,\n", "gemini", "CSV", &[GEMINI]);
    becomes("```csv\n\"prompt\",\"completion\"\n\"a\",\"b\"\n```", "gemini", "CSV", &[GEMINI]);
}

#[test]
fn the_columns_of_other_notations_are_mapped_the_same_way() {
    becomes("[{\"prompt\": \"a\", \"completion\": \"b\"}]", "openai", "JSON", &[OPENAI]);
    becomes("{\n  \"prompt\": \"a\",\n  \"completion\": \"b\"\n}", "gemini", "JSON", &[GEMINI]);
    becomes("[{'question': 'a', 'answer': 'b'}]", "openai", "Python", &[OPENAI]);
    becomes("- prompt: a\n  answer: b\n", "gemini", "YAML", &[GEMINI]);
    let two = r#"{"messages":[{"role":"user","content":[{"type":"text","text":"Translate."},{"type":"text","text":"a"}]},{"role":"assistant","content":"b"}]}"#;
    becomes("instruction,input,output\nTranslate.,a,b\n,a,b", "openai", "CSV", &[two, OPENAI]);
}

#[test]
fn yaml_texts_are_exact() {
    let text = "---\n- prompt: |\n    one: 1\n\n      two # 2\n  answer: \"b\\t\\\"\"\n- prompt: >-\n    three\n    four\n\n    five\n  answer: 'it''s'\n- prompt: |-\n    x\n  answer: -1.5\n";
    let lines = pasted(text, "openai").unwrap().lines;
    let texts = |line: &String| {
        let line: Value = serde_json::from_str(line).unwrap();
        [0, 1].map(|turn| line["messages"][turn]["content"].as_str().unwrap().to_owned())
    };
    assert_eq!(
        lines.iter().map(texts).collect::<Vec<_>>(),
        [["one: 1\n\n  two # 2\n", "b\t\""], ["three four\nfive", "it's"], ["x", "-1.5"]]
    );
}

#[test]
fn a_spreadsheet_keeps_quotes_that_it_did_not_add() {
    let text = "prompt\tanswer\n\"hello\" he said\t\"Hi\"\n\"two\nlines\"\tsay \"x\"\n";
    let lines = pasted(text, "openai").unwrap().lines;
    let first =
        r#"{"messages":[{"role":"user","content":"\"hello\" he said"},{"role":"assistant","content":"\"Hi\""}]}"#;
    let second = r#"{"messages":[{"role":"user","content":"two\nlines"},{"role":"assistant","content":"say \"x\""}]}"#;
    assert_eq!(lines, [first, second]);
}

#[test]
fn what_has_no_place_is_listed() {
    let table = "id,video,url,start,label,answer\n1,clips/a.mp4,gs://bkt/x,soon,c,Goal\n2,clips/b.mp4,,,c,\n3,clips/c.mp4,,2,d,Foul\n";
    assert_eq!(
        unplaced(table, &host("gemini", Some(false))),
        [
            "column `id`: its name does not say which part of an example it is",
            "column `url`: its name does not say which part of an example it is",
            "column `label`: the column `answer` is used instead",
            "`soon` in row 1: it is not a time",
            "`clips/a.mp4` in row 1 and 1 more row: Vertex AI can't read it: it is a local path; upload the file",
            "row 2: it has no answer, so it is not an example",
        ]
    );
    assert_eq!(
        unplaced("video,prompt,answer\ngs://bkt/a.mp4,a,b", &host("openai", Some(false))),
        ["`gs://bkt/a.mp4` in row 1: the format only has a place for images",]
    );
    assert_eq!(
        unplaced("image,prompt,answer\ngs://bkt/a.png,a,b", &host("openai", Some(false))),
        ["`gs://bkt/a.png` in row 1: OpenAI can't read it: it reads public http(s) URLs and `data:` URLs"]
    );
    let all = ["column 3: its name does not say which part of an example it is"];
    assert_eq!(unplaced("prompt,answer,\na,b,c", &host("gemini", None)), all);
    let found = pasted("notes,prompt,answer\nx,a,b", "gemini").unwrap();
    assert_eq!(found.title(), "Make 1 example of the selected CSV, except column `notes`");
    let many: String = (0..30).map(|number| format!(",c{number}")).collect();
    let row = ",x".repeat(30);
    assert_eq!(pasted(&format!("prompt,answer{many}\na,b{row}"), "gemini").unwrap().unplaced.len(), 21);
}

#[test]
fn a_row_without_an_answer_is_an_example_where_the_file_has_prompts_only() {
    let text = "video,prompt,answer\ngs://bkt/a.mp4,a,b\ngs://bkt/c.mp4,d,\n";
    let count = |text: &str, prompts: Option<bool>| {
        examples(text, &host("gemini", prompts)).map_or(0, |pasted| pasted.lines.len())
    };
    assert_eq!([Some(false), Some(true), None].map(|prompts| count(text, prompts)), [1, 2, 1]);
    let text = "video,prompt\ngs://bkt/a.mp4,a\n";
    assert_eq!([Some(false), Some(true), None].map(|prompts| count(text, prompts)), [0, 1, 1]);
    assert_eq!([Some(false), Some(true), None].map(|prompts| count("prompt\na\nb", prompts)), [0, 2, 0]);
}

#[test]
fn examples_with_video_get_the_shared_value_of_the_file() {
    let host = Host { shared: Some(SharedValue::ALL[0]), ..host("gemini", Some(false)) };
    let lines = examples("video,prompt,answer\ngs://bkt/a.mp4,a,b\n,a,b", &host).unwrap().lines;
    assert!(lines[0].ends_with(r#","generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}}"#), "{}", lines[0]);
    assert_eq!(lines[1], GEMINI);
}

#[test]
fn examples_of_another_format_get_the_format_of_the_file() {
    becomes(&pretty(OPENAI), "gemini", "JSON", &[GEMINI]);
    becomes(&format!("[{GEMINI}, {OPENAI}]"), "openai", "JSON", &[OPENAI, OPENAI]);
    let long = r#"{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"https://example.org/a.png"}}]},{"role":"assistant","content":"b"},{"role":"user","content":"c"},{"role":"assistant","content":"d"}]}"#;
    let same = r#"{"systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[{"role":"user","parts":[{"text":"a"},{"fileData":{"fileUri":"https://example.org/a.png","mimeType":"image/png"}}]},{"role":"model","parts":[{"text":"b"}]},{"role":"user","parts":[{"text":"c"}]},{"role":"model","parts":[{"text":"d"}]}]}"#;
    becomes(&pretty(long), "gemini", "JSON", &[same]);
    // A value without a place, and a file without examples.
    let weight = OPENAI.replace(r#""content":"b""#, r#""content":"b","weight":0"#);
    let found = pasted(&pretty(&weight), "gemini").unwrap();
    assert_eq!(found.lines, [weight]);
    let why = "example 1: it is in another format, and something in it has no place in that of Gemini";
    assert_eq!(
        (found.title(), found.unplaced[0].to_string()),
        ("Make 1 example of the selected JSON".to_owned(), why.to_owned())
    );
    assert_eq!(examples(&pretty(OPENAI), &host("gemini", None)).unwrap().lines, [OPENAI]);
}

#[test]
fn other_texts_are_pasted_as_they_are() {
    let one = pretty(GEMINI);
    for text in [
        "",
        "\n",
        "Hello, world",
        GEMINI,
        &format!("{GEMINI}\n{OPENAI}\n"),
        "{\"prompt\":\"a\",\"completion\":\"b\"}\n",
        // Broken JSON and Python.
        &one[..one.len() - 4],
        &format!("{one}\n]"),
        "{'messages': [{'role': 'user', 'content': 'a', 'x': datetime(2020)}]}",
        "[1, 2]",
        "[]",
        "{}",
        "[{\"level\": \"info\"}, {\"level\": \"warn\"}]",
        "[{\"sender\": \"user\", \"text\": \"a\"}]",
        "[{\"prompt\": \"a\", \"prompt\": \"b\", \"answer\": \"c\"}]",
        "[{\"prompt\": {\"a\": 1}, \"answer\": \"b\"}]",
        &format!("[{GEMINI}, 3]"),
        &format!("```json\n{GEMINI}\n```\n```json\n{GEMINI}\n```"),
        &format!("a.b = [{GEMINI}]"),
        &format!("x == [{GEMINI}]"),
        // Calls.
        "print(contents=[1])",
        "client.models.generate_content(contents='a')",
        "client.models.generate_content(contents=[{'role': 'user', 'parts': [{'text': 'a'}]}]",
        "client.models.generate_content([{'role': 'user', 'parts': [{'text': 'a'}]}])",
        // Tables.
        "prompt,answer",
        "prompt,answer\n",
        "prompt,answer\na,b,c",
        "prompt,answer\na",
        "prompt,answer\n\"a,b",
        "prompt,answer\na\"b\",c",
        "prompt,answer\n\"a\"b,c",
        "prompt,answer,prompt\na,b,c",
        "name,city\nAnn,Bern",
        "start,end\n1,2",
        "answer,label\na,b",
        "prompt\tanswer\n\"a\tb\nc",
        // YAML.
        "- a\n- b",
        "- prompt: a\n answer: b",
        "- prompt: a\n  answer:\n    - b",
        "- prompt: a # note\n  answer: b",
        "- prompt: &x a\n  answer: *x",
        "- prompt: a\n  answer: b: c",
        "- prompt: a\n  answer: b\n    c",
        "- prompt: a\n  prompt: b\n  answer: c",
        "- prompt: a\n  answer: \"b",
        "- prompt: a\n  answer: null",
        "- prompt: a\n\tanswer: b",
        "- Note: see below",
        "prompt: a\nanswer: b",
    ] {
        for format in ["gemini", "openai"] {
            assert_eq!(pasted(text, format), None, "{text}");
        }
    }
    assert_eq!(pasted(&"prompt,answer\na,b\n".repeat(MAX_BYTES / 10), "gemini"), None);
}

#[test]
fn the_time_does_not_grow_faster_than_the_text() {
    let start = std::time::Instant::now();
    let one = pretty(GEMINI);
    let many = |text: &str| text.repeat((1 << 20) / text.len());
    let keys = |end: &str| (0..50_000).map(|key| format!("\"k{key}\":\"x\"{end}")).collect::<String>();
    assert_eq!(
        pasted(&many(&format!("{one}\n")), "gemini").map(|it| it.lines.len()),
        Some((1 << 20) / (one.len() + 1))
    );
    assert_eq!(pasted(&many("{}\n{"), "gemini"), None);
    assert_eq!(pasted(&many("prompt,"), "gemini"), None);
    assert_eq!(pasted(&format!("prompt,answer,{}\na,b,{}", ",".repeat(200), ",".repeat(200)), "gemini"), None);
    assert_eq!(pasted(&format!("[{{{}\"prompt\":\"a\"}}]", keys(",")), "gemini"), None);
    assert_eq!(pasted(&format!("[{}{{}}]", keys(",").replace(",", "},").replace("\"k", "{\"k")), "gemini"), None);
    assert_eq!(pasted(&format!("- {}", keys("\n  ").replace('"', "")), "gemini"), None);
    assert_eq!(pasted(&many("["), "gemini"), None);
    assert_eq!(pasted(&format!("a.b(x={}", many("(")), "gemini"), None);
    // Generous: this is a build without optimizations.
    assert!(start.elapsed() < std::time::Duration::from_secs(20), "{:?}", start.elapsed());
}

/// All strings in a value.
fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(members) => members.values().for_each(|member| strings(member, found)),
        _ => {}
    }
}

fn strings_of(lines: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for line in lines {
        assert!(!line.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']), "{line}");
        strings(&serde_json::from_str(line).unwrap(), &mut found);
    }
    found
}

/// A cell that is not blank.
fn cell() -> impl Strategy<Value = String> {
    let letters = "[ a\"',;\t\n\r\\\\#:{}\u{e9}\u{2028}\u{1F600}]{0,12}";
    (letters, letters).prop_map(|(before, after)| format!("{before}x{after}"))
}

fn is_kept(cells: &[(String, String)], text: &str) -> Result<(), TestCaseError> {
    for format in FORMATS {
        let found = pasted(text, format.id);
        let found = strings_of(&found.ok_or_else(|| TestCaseError::fail(format!("not recognized: {text:?}")))?.lines);
        let texts: Vec<_> = found.into_iter().filter(|text| text.contains('x')).collect();
        let expected: Vec<_> = cells.iter().flat_map(|(prompt, answer)| [prompt.clone(), answer.clone()]).collect();
        prop_assert_eq!(texts, expected);
    }
    Ok(())
}

proptest! {
    #[test]
    fn every_cell_of_a_table_is_kept(cells in prop::collection::vec((cell(), cell()), 1..5), separator in "[,;\t]") {
        let quote = |cell: &String| {
            let needs = cell.contains(['"', '\n', '\r']) || cell.contains(&separator);
            if needs { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
        };
        let row = |(one, other): &(String, String)| [quote(one), quote(other)].join(&separator);
        let rows: Vec<_> = cells.iter().map(row).collect();
        is_kept(&cells, &format!("prompt{separator}answer\n{}", rows.join("\n")))?;
    }

    #[test]
    fn every_text_of_json_is_kept(cells in prop::collection::vec((cell(), cell()), 1..5)) {
        let object = |(prompt, answer): &(String, String)| serde_json::json!({ "prompt": prompt, "answer": answer });
        let list = Value::Array(cells.iter().map(object).collect());
        is_kept(&cells, &serde_json::to_string_pretty(&list).unwrap())?;
        let line = |(prompt, answer): &(String, String)| {
            serde_json::json!({ "messages": [{ "role": "user", "content": prompt }, { "role": "assistant", "content": answer }] })
        };
        let list = Value::Array(cells.iter().map(line).collect());
        is_kept(&cells, &serde_json::to_string_pretty(&list).unwrap())?;
    }

    #[test]
    fn no_text_makes_it_panic(text in "(prompt,answer\n|- prompt: |\\{|a\\.b\\(c=)?[-\\[\\]{}()\"'a:,=|>\n\t `é]{0,40}") {
        let _ = pasted(&text, "gemini");
    }
}
