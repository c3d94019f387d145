//! The view of one example: what is edited in it changes nothing else in the line.

use crate::support::broken::Choices;
use crate::support::client::Client;
use crate::support::mutations::{broken_line, real_lines};
use serde_json::{Value, json};
use tuning_ls::ide::view::Example;

/// How many lines are tried; `VIEWS` in the environment sets another number.
const LINES: usize = 10_000;

/// The strings of a view, with their quotes, as ranges of bytes.
fn strings(text: &str) -> Vec<std::ops::Range<usize>> {
    let (bytes, mut found, mut at) = (text.as_bytes(), Vec::new(), 0);
    while let Some(start) = text[at..].find('"').map(|start| at + start) {
        let mut end = start + 1;
        while end < bytes.len() && bytes[end] != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        if end >= bytes.len() {
            break;
        }
        found.push(start..end + 1);
        at = end + 1;
    }
    found
}

/// A real line, usually with mistakes.
fn line(originals: &[String], choices: &mut Choices) -> String {
    let original = &originals[choices.below(originals.len())];
    let line = if choices.one_in(5) { original.clone() } else { broken_line(original, choices) };
    line.trim_matches(['\n', '\r']).to_owned()
}

#[test]
fn editing_one_value_of_a_view_replaces_that_value_in_the_line_and_nothing_else() {
    let count = std::env::var("VIEWS").ok().and_then(|count| count.parse().ok()).unwrap_or(LINES);
    let originals = real_lines();
    let mut choices = Choices::new(7);
    let (mut edited, mut unchanged) = (0, 0);
    while edited + unchanged < count {
        let line = line(&originals, &mut choices);
        let view = Example::new(&line, "train.jsonl, line 7");
        if line.contains(['\n', '\r']) {
            // Such a record becomes one line.
            assert!(!view.line(view.text()).text.contains(['\n', '\r']), "{line}");
            unchanged += 1;
            continue;
        }
        let same = view.line(view.text());
        assert_eq!(same.text, line);
        let (in_line, in_view) = (strings(&line), strings(view.text()));
        assert_eq!(in_line.len(), in_view.len(), "{line}\n{}", view.text());
        if in_line.is_empty() {
            unchanged += 1;
            continue;
        }
        let place = choices.below(in_line.len());
        let new =
            choices.of(&["\"\"", "\"new\"", "\"two\nlines\"", "17", "[\"a\", {\"b\": null}]", "\"\\u00e9 \\\\n\""]);
        let mut edited_view = view.text().to_owned();
        edited_view.replace_range(in_view[place].clone(), new);
        // Between single quotes, a line break changes where strings end.
        if new.contains('\n') && line[..in_line[place].start].matches('\'').count() % 2 == 1 {
            unchanged += 1;
            continue;
        }
        let mut expected = line.clone();
        let written = match new.contains('[') {
            // The style of a new list is that of the line.
            true => None,
            false => Some(new.replace('\n', "\\n")),
        };
        let found = view.line(&edited_view);
        match written {
            Some(written) => {
                expected.replace_range(in_line[place].clone(), &written);
                assert_eq!(found.text, expected, "{new} for {:?}", in_line[place]);
            }
            None => {
                let (before, after) = (&line[..in_line[place].start], &line[in_line[place].end..]);
                assert!(found.text.starts_with(before) && found.text.ends_with(after), "{line}\n{}", found.text);
            }
        }
        // Bytes of strings are converted both ways.
        for (in_line, in_view) in in_line.iter().zip(&in_view) {
            assert_eq!((same.of_view(in_view.start), same.to_view(in_line.start)), (in_line.start, in_view.start));
        }
        edited += 1;
    }
    assert!(edited > count / 2);
}

#[test]
fn a_view_of_any_text_gives_back_its_line() {
    for text in ["", " ", "{", "]]", "\"", "\"\\", "{\"a\":", "null", "a b", "{\"a\" 1}", "// x", "\u{FEFF}{}", "{,:}"]
    {
        let view = Example::new(text, "line 1");
        assert_eq!(view.line(view.text()).text, text);
    }
}

const URI: &str = "file:///data/train.jsonl";

/// A line with two texts; the first has a line break.
fn example(prompt: &str, answer: &str) -> String {
    format!(
        r#"{{"contents": [{{"role":"user","parts":[{{"text":"{prompt}"}}]}},{{"role":"model","parts":[{{"text":"{answer}"}}]}}]}}"#
    )
}

/// A client that opened a file of three examples, and a view of the second one.
fn opened(text: &str) -> (Client, Value) {
    let capabilities = json!({
        "workspace": { "workspaceEdit": { "documentChanges": true } },
        "textDocument": { "codeAction": {
            "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } },
            "dataSupport": true, "resolveSupport": { "properties": ["edit"] }
        } }
    });
    let mut client = Client::initialized(&capabilities, &Value::Null);
    client.open(URI, 1, text);
    client.diagnostics(URI, 1);
    let place = json!({ "textDocument": { "uri": URI }, "position": { "line": 1, "character": 15 } });
    let view = client.request("tuning-ls/example", place).unwrap();
    let (uri, shown) = (view["uri"].as_str().unwrap().to_owned(), view["text"].as_str().unwrap().to_owned());
    client.open(&uri, 1, &shown);
    (client, view)
}

/// The text of a file after the edit of an answer.
fn with_edit(text: &str, answer: &Value, uri: &str) -> String {
    let edits = answer["edit"]["documentChanges"][0]["edits"].as_array().unwrap();
    assert_eq!(answer["edit"]["documentChanges"][0]["textDocument"]["uri"], uri);
    let byte = |place: &Value| {
        let (line, column) = (place["line"].as_u64().unwrap() as usize, place["character"].as_u64().unwrap() as usize);
        let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        before + column
    };
    let [edit] = edits.as_slice() else { unreachable!("one edit: {answer}") };
    let mut text = text.to_owned();
    let (start, end) = (byte(&edit["range"]["start"]), byte(&edit["range"]["end"]));
    text.replace_range(start..end, edit["newText"].as_str().unwrap());
    text
}

fn whole(text: &str) -> Value {
    json!([{ "text": text }])
}

#[test]
fn an_edited_view_is_written_into_its_line_and_nothing_else() {
    let file = [example("a", "b"), example("two\\nlines", "c"), example("d", "e")].join("\n") + "\n";
    let (mut client, view) = opened(&file);
    let (uri, shown) = (view["uri"].as_str().unwrap(), view["text"].as_str().unwrap());
    assert!(shown.starts_with("// train.jsonl, line 2, example 2 of 3\n{\n"), "{shown}");
    assert!(shown.contains("\"two\nlines\""), "{shown}");
    assert_eq!((&view["line"], &view["number"], &view["count"]), (&json!(1), &json!(2), &json!(3)));
    client.diagnostics(uri, 1);
    let write = json!({ "textDocument": { "uri": uri } });
    assert_eq!(client.request("tuning-ls/writeExample", write.clone()).unwrap(), json!({}));
    client.change(uri, 2, whole(&shown.replace("two\nlines", "three\n\nlines")));
    let answer = client.request("tuning-ls/writeExample", write.clone()).unwrap();
    let written = with_edit(&file, &answer, URI);
    assert_eq!(written, file.replace("two\\nlines", "three\\n\\nlines"));
    // After the client applied the edit, there is nothing more to write.
    client.change(URI, 2, whole(&written));
    assert_eq!(client.request("tuning-ls/writeExample", write.clone()).unwrap(), json!({}));
    client.change(uri, 3, whole("// x\n{\"contents\": ["));
    let answer = client.request("tuning-ls/writeExample", write.clone()).unwrap();
    assert_eq!((&answer["problem"], &answer["edit"]), (&json!("syntax"), &Value::Null));
    let anyway = json!({ "textDocument": { "uri": uri }, "anyway": true });
    assert!(client.request("tuning-ls/writeExample", anyway).unwrap()["edit"].is_object());
    client.finish();
}

#[test]
fn a_line_break_in_single_quotes_is_not_lost() {
    let line = "{'messages':[{'role':'user','content':'Hi'},{'role':'assistant','content':'Yo'}]}\n";
    let file = line.repeat(3);
    let (mut client, view) = opened(&file);
    let (uri, shown) = (view["uri"].as_str().unwrap(), view["text"].as_str().unwrap());
    let write = json!({ "textDocument": { "uri": uri } });
    for (version, new) in [(2, "'a\n\n  b\tc'"), (3, "'a\n'"), (4, "'it's\na'")] {
        client.change(uri, version, whole(&shown.replace("'Yo'", new)));
        let answer = client.request("tuning-ls/writeExample", write.clone()).unwrap();
        assert_eq!((&answer["problem"], &answer["edit"]), (&json!("syntax"), &Value::Null), "{new}");
        assert!(answer["message"].as_str().unwrap().contains("in single quotes"), "{answer}");
    }
    client.change(uri, 5, whole(&shown.replace("'Yo'", "'a\\nb\tc'")));
    let answer = client.request("tuning-ls/writeExample", write.clone()).unwrap();
    assert_eq!(with_edit(&file, &answer, URI), [line, &line.replace("'Yo'", "'a\\nb\tc'"), line].concat());
    client.finish();
}

#[test]
fn a_view_follows_its_file() {
    let file = [example("a", "b"), example("q", "c"), example("d", "e")].join("\n") + "\n";
    let (mut client, view) = opened(&file);
    let (uri, shown) = (view["uri"].as_str().unwrap().to_owned(), view["text"].as_str().unwrap().to_owned());
    // Lines above it.
    let moved = format!("{}\n{}\n{file}", example("x", "y"), example("z", "y"));
    let above = &moved[..moved.len() - file.len()];
    let start = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } });
    client.change(URI, 2, json!([{ "range": start, "text": above }]));
    client.change(&uri, 2, whole(&shown.replace("\"c\"", "\"new\"")));
    let write = json!({ "textDocument": { "uri": uri } });
    let answer = client.request("tuning-ls/writeExample", write.clone()).unwrap();
    assert_eq!(with_edit(&moved, &answer, URI), moved.replace("\"c\"", "\"new\""));
    // The record has changed while the view has edits.
    let changed = moved.replace("\"c\"", "\"other\"");
    client.change(URI, 3, whole(&changed));
    let answer = client.request("tuning-ls/writeExample", write.clone()).unwrap();
    assert_eq!(answer["problem"], "changed");
    let anyway = json!({ "textDocument": { "uri": uri }, "anyway": true });
    let answer = client.request("tuning-ls/writeExample", anyway).unwrap();
    assert_eq!(with_edit(&changed, &answer, URI), moved.replace("\"c\"", "\"new\""));
    client.finish();
}

#[test]
fn a_view_without_edits_shows_what_is_edited_in_the_file() {
    let file = [example("a", "b"), example("q", "c"), example("d", "e")].join("\n") + "\n";
    let (mut client, view) = opened(&file);
    let at = file.lines().nth(1).unwrap().find("\"c\"").unwrap();
    let range = json!({ "start": { "line": 1, "character": at }, "end": { "line": 1, "character": at + 3 } });
    client.change(URI, 2, json!([{ "range": range, "text": "\"seen\\nhere\"" }]));
    let told = client.wait_for_notification("tuning-ls/exampleChanged");
    assert_eq!(told["uri"], view["uri"]);
    assert!(told["text"].as_str().unwrap().contains("\"seen\nhere\""), "{told}");
    client.finish();
}

#[test]
fn findings_and_answers_are_in_the_places_of_the_view() {
    let broken = example("two\\nlines", "c").replace("\"model\"", "\"assistant\"");
    let file = [example("a", "b"), broken, example("d", "e")].join("\n") + "\n";
    let (mut client, view) = opened(&file);
    let (uri, shown) = (view["uri"].as_str().unwrap(), view["text"].as_str().unwrap());
    let found = client.diagnostics(uri, 1);
    let codes: Vec<_> = found.iter().map(|found| found["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["unknown-role"]);
    let line = shown.lines().position(|line| line.contains("\"assistant\"")).unwrap();
    let column = shown.lines().nth(line).unwrap().find("\"assistant\"").unwrap();
    assert_eq!(found[0]["range"]["start"], json!({ "line": line, "character": column }));
    assert_eq!(found[0]["range"]["end"], json!({ "line": line, "character": column + 11 }));
    let place = json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": column + 2 } });
    let hover = client.request("textDocument/hover", place.clone()).unwrap();
    assert_eq!(hover["range"], found[0]["range"], "{hover}");
    let items = client.request("textDocument/completion", place).unwrap();
    assert_eq!(items[0]["textEdit"]["range"], found[0]["range"], "{items}");
    let params = json!({
        "textDocument": { "uri": uri }, "range": found[0]["range"], "context": { "diagnostics": found }
    });
    let actions = client.request("textDocument/codeAction", params).unwrap();
    let fix = actions.as_array().unwrap().iter().find(|action| action["kind"] == "quickfix").unwrap();
    let change = &fix["edit"]["documentChanges"][0];
    assert_eq!((&change["textDocument"]["uri"], &change["edits"][0]["newText"]), (&json!(uri), &json!("\"model\"")));
    assert_eq!(change["edits"][0]["range"], found[0]["range"]);
    assert!(fix["diagnostics"][0].is_object(), "{fix}");
    // From example to example.
    let next = |client: &mut Client, go: &str| {
        client.request("tuning-ls/example", json!({ "textDocument": { "uri": uri }, "move": go })).unwrap()["line"]
            .clone()
    };
    assert_eq!((next(&mut client, "next"), next(&mut client, "previous")), (json!(2), json!(0)));
    assert_eq!(next(&mut client, "previousFinding"), json!(0), "the first line has the findings about the file");
    assert_eq!(next(&mut client, "nextFinding"), Value::Null);
    client.finish();
}

fn write(client: &mut Client, view: &Value, anyway: bool) -> Value {
    let params = json!({ "textDocument": { "uri": view["uri"] }, "anyway": anyway });
    client.request("tuning-ls/writeExample", params).unwrap()
}

fn text_of(view: &Value) -> &str {
    view["text"].as_str().unwrap()
}

fn range(from: (u32, u32), to: (u32, u32)) -> Value {
    json!({
        "start": { "line": from.0, "character": from.1 }, "end": { "line": to.0, "character": to.1 }
    })
}

#[test]
fn a_deleted_example_is_never_written_over_another_one() {
    let lines = [example("a", "b"), example("q", "c"), example("d", "e")];
    let file = lines.join("\n") + "\n";
    let len = |line: usize| u32::try_from(lines[line].len()).unwrap();
    // As editors delete a line, and as one is merged with the line before it.
    for deleted in [range((1, 0), (2, 0)), range((0, len(0)), (1, len(1)))] {
        let (mut client, view) = opened(&file);
        client.change(view["uri"].as_str().unwrap(), 2, whole(&text_of(&view).replace("\"c\"", "\"new\"")));
        client.change(URI, 2, json!([{ "range": deleted, "text": "" }]));
        assert_eq!(write(&mut client, &view, false)["problem"], "deleted");
        let left = [lines[0].as_str(), &lines[2]].join("\n") + "\n";
        let written = with_edit(&left, &write(&mut client, &view, true), URI);
        let back: Vec<_> = written.lines().filter(|line| !lines.contains(&(*line).to_owned())).collect();
        assert_eq!(back, [example("q", "new")]);
        assert_eq!(written.lines().count(), 3);
        // Undone in the file, the example is found again.
        client.change(URI, 3, whole(&file));
        let written = with_edit(&file, &write(&mut client, &view, false), URI);
        assert_eq!(written, file.replace("\"c\"", "\"new\""));
        client.finish();
    }
}

#[test]
fn a_view_without_edits_never_turns_into_another_example() {
    let lines = [example("a", "b"), example("q", "c"), example("d", "e")];
    let file = lines.join("\n") + "\n";
    let (mut client, view) = opened(&file);
    let line = |client: &mut Client| {
        client.request("tuning-ls/exampleLine", json!({ "uri": view["uri"] })).unwrap()["line"].clone()
    };
    client.change(URI, 2, json!([{ "range": range((1, 0), (2, 0)), "text": "" }]));
    client.change(URI, 3, json!([{ "range": range((2, 0), (2, 0)), "text": format!("{}\n", lines[1]) }]));
    assert_eq!(line(&mut client), json!(2), "the line was moved");
    // Several changes at once, from the bottom up.
    let enter = |at: u32| json!({ "range": range((at, 0), (at, 0)), "text": "\n" });
    client.change(URI, 4, json!([enter(2), enter(0)]));
    assert_eq!(line(&mut client), json!(4));
    client.change(URI, 5, whole(""));
    client.change(URI, 6, whole(&file));
    assert_eq!(line(&mut client), json!(1));
    assert!(client.notifications.iter().all(|message| message["method"] != "tuning-ls/exampleChanged"));
    client.finish();
}

#[test]
fn white_space_in_a_view_does_not_hide_that_the_file_has_changed() {
    let file = [example("a", "b"), example("q", "c"), example("d", "e")].join("\n") + "\n";
    let (mut client, view) = opened(&file);
    client.change(view["uri"].as_str().unwrap(), 2, whole(&text_of(&view).replace("{\n", "{\n\n")));
    let changed = file.replace("\"c\"", "\"file\"");
    client.change(URI, 2, whole(&changed));
    assert_eq!(write(&mut client, &view, false)["problem"], "changed");
    client.finish();
}

#[test]
fn a_record_with_a_mark_or_a_fault_of_its_own_can_be_edited() {
    let lines = [example("a", "b"), example("q", "c") + " // note", example("d", "e")];
    let file = format!("\u{FEFF}{}\n", lines.join("\n"));
    let (mut client, view) = opened(&file);
    client.change(view["uri"].as_str().unwrap(), 2, whole(&text_of(&view).replace("\"c\"", "\"new\"")));
    let written = write(&mut client, &view, false);
    assert!(written["edit"].is_object(), "{written}");
    let first = json!({ "textDocument": { "uri": URI }, "position": { "line": 0, "character": 3 } });
    let view = client.request("tuning-ls/example", first).unwrap();
    assert!(!text_of(&view).contains('\u{FEFF}'));
    client.open(view["uri"].as_str().unwrap(), 1, &text_of(&view).replace("\"b\"", "\"new\""));
    let edit = write(&mut client, &view, false)["edit"]["documentChanges"][0]["edits"][0].clone();
    // A mark is one UTF-16 unit.
    let at = file.find("\"b\"").unwrap() - '\u{FEFF}'.len_utf8() + 1;
    assert_eq!(edit, json!({ "range": range((0, at as u32 + 1), (0, at as u32 + 2)), "newText": "new" }));
    client.finish();
}

#[test]
fn ranges_end_with_their_tokens_and_only_actions_on_values_are_offered() {
    let record = r#"{"messages":[{"content":"a\nb","role":"usr"},{"role":"assistant","content":"a"}]}"#;
    let (mut client, view) = opened(&format!("{record}\n{record}\n{record}\n"));
    let (uri, shown) = (view["uri"].as_str().unwrap(), text_of(&view));
    let found = client.diagnostics(uri, 1).into_iter().find(|found| found["code"] == "unknown-role").unwrap();
    let line = shown.lines().position(|line| line.contains("\"usr\"")).unwrap() as u32;
    let column = shown.lines().nth(line as usize).unwrap().find("\"usr\"").unwrap() as u32;
    let role = range((line, column), (line, column + 5));
    assert_eq!(found["range"], role);
    let place = json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": column + 2 } });
    let items = client.request("textDocument/completion", place).unwrap();
    assert_eq!(items[0]["textEdit"]["range"], role, "{items}");
    let params = json!({ "textDocument": { "uri": uri }, "range": role, "context": { "diagnostics": [] } });
    let actions = client.request("textDocument/codeAction", params).unwrap();
    let titles: Vec<_> = actions.as_array().unwrap().iter().map(|action| action["title"].as_str().unwrap()).collect();
    assert!(titles.iter().any(|title| title.starts_with("Change to")), "{titles:?}");
    assert!(titles.iter().all(|title| !title.contains("Delete") && !title.contains("all")), "{titles:?}");
    let format = json!({ "textDocument": { "uri": uri }, "options": { "tabSize": 2, "insertSpaces": true } });
    assert_eq!(client.request("textDocument/formatting", format).unwrap(), Value::Null);
    client.finish();
}

#[test]
fn nothing_is_renamed_in_a_view_and_what_is_found_there_is_in_its_example() {
    let file = [example("a", "same"), example("same", "same"), example("d", "same")].join("\n") + "\n";
    let (mut client, view) = opened(&file);
    let (uri, shown) = (view["uri"].as_str().unwrap(), view["text"].as_str().unwrap());
    let (line, text) = (0..).zip(shown.lines()).filter(|(_, line)| line.contains("\"same\"")).last().unwrap();
    let start = text.find("same").unwrap();
    let place = json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": start + 1 },
        "newName": "other", "context": { "includeDeclaration": true } });
    for method in ["textDocument/prepareRename", "textDocument/rename"] {
        let error = client.request(method, place.clone()).unwrap_err();
        assert_eq!(error["code"], -32803, "{method}");
        let message = "A view shows one example, and renaming changes all examples. Rename in the file instead.";
        assert_eq!(error["message"], message, "{method}");
    }
    let range =
        json!({ "start": { "line": line, "character": start }, "end": { "line": line, "character": start + 4 } });
    let found = client.request("textDocument/references", place.clone()).unwrap();
    assert_eq!(found, json!([{ "uri": uri, "range": range }]));
    let found = client.request("textDocument/documentHighlight", place.clone()).unwrap();
    assert_eq!((found.as_array().unwrap().len(), &found[0]["range"]), (1, &range));
    // In the file, the same label can be renamed in all examples.
    let start = file.lines().nth(1).unwrap().rfind("same").unwrap();
    let place =
        json!({ "textDocument": { "uri": URI }, "position": { "line": 1, "character": start }, "newName": "other" });
    let renamed = client.request("textDocument/rename", place).unwrap();
    assert_eq!(renamed["documentChanges"][0]["edits"].as_array().unwrap().len(), 3, "{renamed}");
    client.finish();
}
