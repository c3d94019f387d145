//! Fixes, example by example: the text before and after.

use crate::support::repair::{Open, applied, done, fixed, lines_of, normalized};
use serde_json::Value;
use tuning_ls::formats::gemini::{LOW, MEDIA_RESOLUTION_FIELD, MEDIUM};
use tuning_ls::ide::edits::Place;
use tuning_ls::ide::fixes::{self, Action, ActionKind, Task};
use tuning_ls::ide::format::format;
use tuning_ls::rules::{Extent, Operation};
use tuning_ls::text::{Change, Encoding, Position};

fn operation(line: usize, operation: Operation) -> Task {
    Task::Operation { line, operation }
}

const CLEAN: &str = concat!(
    r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://films/a.mp4","mimeType":"video/mp4"}},"#,
    r#"{"text":"What?"}]},{"role":"model","parts":[{"text":"A dog."}]}],"#,
    r#""generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}}"#,
    "\n"
);

/// An example with text only.
fn example(text: &str) -> String {
    format!(
        r#"{{"contents":[{{"role":"user","parts":[{{"text":{}}}]}},{{"role":"model","parts":[{{"text":"ok"}}]}}]}}"#,
        Value::from(text)
    )
}

#[test]
fn a_clean_file_is_left_alone() {
    for task in [Task::FixAll, Task::NormalizeAll, Task::NormalizeLine { line: 0 }] {
        assert_eq!(Open::new(CLEAN).edits(&task), [], "{task:?}");
    }
    let mut open = Open::new(CLEAN);
    assert_eq!(format(&open.document, &open.lines, 0..2), []);
    let mut titles = |byte: usize| {
        let place = Place { line: 0, byte };
        let actions = open.with(|file, analyst| fixes::actions(file, analyst, place, place));
        actions.into_iter().map(|action| action.title).collect::<Vec<_>>()
    };
    assert_eq!(titles(0), [""; 0]);
    let value = CLEAN.find("MEDIA_RESOLUTION").unwrap();
    assert_eq!(titles(value), ["Set mediaResolution to MEDIA_RESOLUTION_MEDIUM on all lines"]);
}

#[test]
fn trailing_commas_go_and_nothing_else() {
    let broken = CLEAN.replace("}},", "},},").replace("]}],", "]},],");
    let open = &mut Open::new(&broken);
    let edits = open.edits(&Task::FixAll);
    assert_eq!(edits.len(), 1);
    assert_eq!(applied(&broken, &edits), CLEAN);
}

#[test]
fn what_may_be_text_has_no_safe_fix() {
    let model = r#"{"role":"model","parts":[{"text":"a"}]}"#;
    let with = |parts: &str| format!("{{\"contents\":[{{\"role\":\"user\",\"parts\":[{parts}]}},{model}]}}\n");
    for line in [
        // The apparent comment is the rest of a text, or contains the brackets that the record lacks.
        with(r#"{"fileData":{"fileUri":"gs:"//films/a.mp4"}},{"text":"q"}"#),
        with("{'text':'say 'hi', # 1'}"),
        format!("{{\"contents\":[{{\"role\":\"user\",\"parts\":[{{\"text\":\"q\"}}]}}, // x {model}]}}\n"),
        with(r#"{"videoMetadata":{"startOffset":"5s"/*,"endOffset":"10s"}},{"text":"see /* x */"}"#),
        // The apparent JSON is a text whose quotes are not escaped.
        with(r#"{"text":"{"a": True, b: 'x',}"}"#),
        // The backslash would merge with an inserted escape.
        with("{\"text\":\"a\\\tb\"}"),
    ] {
        assert_eq!(applied(&line, &Open::new(&line).edits(&Task::FixAll)), line);
    }
    // Renaming the field would create a duplicate key.
    let line = with(r#"{"text":"q","fileData":{"fileUri":"gs://films/a.mp4","file_uri":"gs://films/b.mp4"}}"#);
    assert_eq!(applied(&line, &Open::new(&line).edits(&Task::FixAll)), line);
    let line = with(r#"{"text":"q"}],"n":[1/**/2, 3/* x */, "b"/**/"#);
    let expected = line.replace("1/**/2", "1 2").replace("/* x */", "").replace("/**/]", "]");
    assert_eq!(applied(&line, &Open::new(&line).edits(&Task::FixAll)), expected);
}

#[test]
fn more_faults_than_are_reported_are_fixed() {
    let list = |comma| format!("[{}]", format!("[1{comma}],").repeat(40).trim_end_matches(','));
    let line = |comma| {
        let example = example("x");
        format!("{},\"labels\":{}}}\n", &example[..example.len() - 1], list(comma))
    };
    assert_eq!(Open::new(&line(",")).codes().iter().filter(|&&code| code == "trailing-comma").count(), 20);
    assert_eq!(fixed(&line(",")), line(""));
}

#[test]
fn what_is_reported_once_per_file_is_fixed_everywhere() {
    let line =
        example("x").replace("\"contents\"", "\"system_instruction\":{\"parts\":[{\"text\":\"s\"}]},\"contents\"");
    let text = [line.as_str(), "\n"].concat().repeat(3);
    assert_eq!(fixed(&text), text.replace("system_instruction", "systemInstruction"));
}

#[test]
fn a_fault_without_safe_fix_stays_as_it_stands() {
    for text in ["{\"contents\":[{\"role\":\"user\" \"parts\":[]}]}\n", "{\"contents\":[\n", "{\"contents\":NaN}\n"] {
        assert_eq!(Open::new(text).edits(&Task::FixAll), [], "{text}");
    }
    // An apparent comment can be a value without quotes.
    for value in ["gs://films/a.mp4", "#ff0000"] {
        let line = format!("{{\"contents\":[],\"labels\":{{\"a\":{value}}},\"b\":1}}\n");
        assert_eq!(Open::new(&line).edits(&Task::FixAll), [], "{line}");
        let pretty = fixed(&format!("{{\n\"contents\": {value}\n}}\n"));
        assert!(pretty.contains(value), "{pretty}");
    }
    // Safe fixes around it still apply.
    assert_eq!(fixed("{'contents':NaN,}\n"), "{\"contents\":NaN}\n");
}

#[test]
fn bytes_and_lines_are_fixed() {
    let (a, b) = (example("a"), example("b"));
    assert_eq!(fixed(&format!("\u{FEFF}{a}\r\n\r\n  \r\n{b}\n{a}\r\n{b}")), format!("{a}\r\n{b}\r\n{a}\r\n{b}\r\n"));
    assert_eq!(fixed(&format!("\n{a}\n \n{b}\n   ")), format!("{a}\n{b}\n"));
    // A lone CR is only suggested.
    assert_eq!(fixed(&format!("{a}\r{b}\n")), format!("{a}\r{b}\n"));
    // CRLF converted twice on Windows. Without the blank lines, no LF would be left.
    assert_eq!(fixed(&format!("{a}\r\r\n{b}\r\r\n{a}\r \r\r\n")), format!("{a}\r\n{b}\r\n{a}\r\n"));
    assert_eq!(fixed("{'contents':[]}\r\n{'contents':[]}\r\r\n"), "{\"contents\":[]}\r\n".repeat(2));
    assert_eq!(fixed(&format!("{a}\r\n\r{b}\r\n\r")), format!("{a}\r\n{b}\r\n"));
    assert_eq!(fixed(&format!("{a}\r\r\n\n{b}\n")), format!("{a}\n{b}\n"));
    assert_eq!(fixed(&format!("{a}\r\r{b}\r")), format!("{a}\r{b}\r"));
    assert_eq!(done(&format!("{a}\r \n{b}\n"), &operation(1, Operation::DeleteLine)), format!("{a}\n{b}\n"));
}

#[test]
fn several_values_get_a_line_each_and_are_fixed() {
    let (a, b) = (example("a"), example("}{"));
    let text = format!("{a}{b}, {a} {}\r\n{b}\r\n", b.replace("]}]}", "]},],}"));
    assert_eq!(fixed(&text), format!("{a}\r\n{b}\r\n{a}\r\n{b}\r\n{b}\r\n"));
    assert_eq!(done(&format!("{a}, {b}\n"), &operation(0, Operation::Split)), format!("{a}\n{b}\n"));
}

#[test]
fn an_array_is_unwrapped_and_its_elements_fixed() {
    let (a, b) = (example("a"), example("b"));
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<Value>(&b).unwrap()).unwrap();
    let text = format!("\u{FEFF}[\n  {a},\n  // the second\n  {pretty},\n  {},\n]\n", a.replace("\"parts\"", "parts"));
    let order = |line: &str| serde_json::from_str::<Value>(line).unwrap();
    let lines: Vec<Value> = fixed(&text).lines().map(order).collect();
    assert_eq!(lines, [&a, &b, &a].map(|line| order(line)));
    // Unwrapping alone fixes only the elements that it joins.
    let unwrapped = done(&format!("[{a},{b} , {{'a':\n1}}, 3]"), &operation(0, Operation::Unwrap));
    assert_eq!(unwrapped, format!("{a}\n{b}\n{{\"a\":1}}\n3\n"));
    assert_eq!(lines_of(&unwrapped).len(), 5);
    let edits = Open::new(&format!("[\n{a},\n{b}\n]\n")).edits(&Task::FixAll);
    assert_eq!(edits.iter().map(|edit| edit.text.len()).sum::<usize>(), 0, "{edits:?}");
    assert_eq!(Open::new(&format!("[\n{a},\n{b}\n]\n")).edits(&Task::NormalizeAll), []);
}

#[test]
fn a_joined_example_keeps_its_values_and_is_one_line() {
    let text = "{\n \"contents\": [ // turns\n  {\"role\": \"user\", \"parts\": [{\"text\": \"a\n b\"},]},\n ]\n}\n";
    let joined = done(text, &operation(2, Operation::Join));
    assert_eq!(joined, "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"a\\n b\"}]}]}\n");
    assert_eq!(fixed(text), joined);
}

#[test]
fn what_fixing_a_line_uncovers_is_fixed_too() {
    let (a, b) = (example("a"), example("b"));
    // The first line tells nothing of a tuning file. A comment on a line of its own is left to a person.
    assert_eq!(fixed(&format!("{{\"a\":1}}{a}\n\n{b}\n")), format!("{{\"a\":1}}\n{a}\n{b}\n"));
    assert_eq!(fixed(&format!("// examples\n[{a},\n{b}]\n")).lines().filter(|line| !line.is_empty()).count(), 3);
    // Two examples on one line count for their format only when each has a line.
    let of_other = r#"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}"#;
    let alone = example("c").replacen(r#"[{"text":"c"}]"#, r#"{"text":"c"}"#, 1);
    let text = format!("{of_other}\n{of_other}\n{alone}\n{a},{b}\n");
    let c = example("c");
    assert_eq!(fixed(&text), format!("{of_other}\n{of_other}\n{c}\n{a}\n{b}\n"));
    // A quote in single quotes looks like the beginning of a string over several lines.
    let quoted = example("say \"x").replace('"', "'").replace("\\'", "\"");
    let text = format!("{quoted}\n{quoted}\n{a}\n{quoted}\n");
    let say = example("say \"x");
    assert_eq!(fixed(&text), format!("{say}\n{say}\n{a}\n{say}\n"));
}

#[test]
fn files_of_other_kinds_keep_their_lines() {
    for text in ["{\"a\":1}\n\n{\"b\":2}", "{\"instruction\":\"x\",\"output\":\"y\"}\r\n{\"a\": 1}\n", "", "\n\n"] {
        assert_eq!(Open::new(text).edits(&Task::FixAll), [], "{text:?}");
        assert_eq!(Open::new(text).edits(&Task::NormalizeAll), [], "{text:?}");
    }
}

#[test]
fn a_normalized_line_is_canonical() {
    let text = concat!(
        "{ \"generation_config\": {\"mediaResolution\":\"media_resolution_low\"}, \"zeta\": [1.50, \"\\u0041\"],\n",
        "\"contents\": [{\"parts\": [{\"text\": \"x y\", \"video_metadata\": {\"end_offset\": 25, \"startOffset\": \"5.500s\"},\n",
        "\"file_data\": {\"mime_type\": \"video/mp4\", \"fileUri\": \"gs://a/b.mp4\"}}], \"role\": \"user\"},\n",
        "{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"name\":\"f\",\"args\":{\"b_c\": 1, \"a\": 1e2}}}]}]}\n",
    );
    let expected = concat!(
        r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://a/b.mp4","mimeType":"video/mp4"},"#,
        r#""videoMetadata":{"startOffset":"5.5s","endOffset":"25s"},"text":"x y"}]},"#,
        r#"{"role":"model","parts":[{"functionCall":{"name":"f","args":{"b_c":1,"a":1e2}}}]}],"#,
        r#""generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"},"zeta":[1.50,"\u0041"]}"#,
        "\n"
    );
    assert_eq!(normalized(text), expected);
    assert_eq!(done(text, &Task::NormalizeLine { line: 2 }), expected);
}

#[test]
fn normalizing_leaves_alone_what_it_cannot_read() {
    let foreign = "{\"instruction\": \"x\", \"output\": \"y\"}\n";
    let broken = "{ 'contents': NaN, }\n";
    let plain = "{ \"b\": 1, \"a\": [ ] }\n";
    let a = example("a") + "\n";
    let text = [foreign, broken, plain, &a].concat();
    assert_eq!(normalized(&text), [foreign, "{ \"contents\": NaN }\n", "{\"b\":1,\"a\":[]}\n", &a].concat());
    assert_eq!(Open::new(foreign).edits(&Task::NormalizeLine { line: 0 }), []);
}

#[test]
fn all_lines_get_a_resolution() {
    let none = CLEAN.replace(",\"generationConfig\":{\"mediaResolution\":\"MEDIA_RESOLUTION_LOW\"}", "");
    let text = [CLEAN, &none, &example("x"), "\n", &CLEAN.replace("LOW", "HIGH")].concat();
    let field = &MEDIA_RESOLUTION_FIELD;
    let set = |value| done(&text, &operation(0, Operation::SetShared { field, value, extent: Extent::File }));
    let expected = [CLEAN, CLEAN, &example("x"), "\n", CLEAN].concat();
    assert_eq!(set(LOW), expected);
    assert_eq!(set(MEDIUM), expected.replace("LOW", "MEDIUM"));
    let one = operation(1, Operation::SetShared { field, value: LOW, extent: Extent::Line });
    assert_eq!(done(&text, &one), text.replacen(&none, CLEAN, 1));
}

#[test]
fn line_ends_become_like_most_or_one_of_them_does() {
    let a = example("a");
    let text = format!("{a}\n{a}\r\n{a}\n{a}\r{a}\n");
    assert_eq!(done(&text, &operation(3, Operation::LineEnds)), format!("{a}\n{a}\r\n{a}\n{a}\n{a}\n"));
    assert_eq!(done(&text, &operation(0, Operation::LineEnds)), format!("{a}\n").repeat(5));
    assert_eq!(done(&format!("{a}\r\n{a}"), &operation(1, Operation::FinalNewline)), format!("{a}\r\n{a}\r\n"));
    assert_eq!(done("x\n \ny", &operation(1, Operation::DeleteLine)), "x\ny");
}

#[test]
fn a_quick_fix_is_offered_where_its_finding_is() {
    let text = CLEAN.replace("\"role\":\"user\"", "'role':\"user\",");
    let at = |byte| Place { line: 0, byte };
    let place = text.find("'role'").unwrap();
    let mut open = Open::new(&text);
    let actions = open.with(|file, analyst| fixes::actions(file, analyst, at(place), at(place)));
    let action = actions.iter().find(|action| action.kind == ActionKind::QuickFix).unwrap();
    assert_eq!((action.fixes.as_ref().unwrap().code, action.preferred), ("quote-style", true));
    assert_eq!(applied(&text, &open.edits(&action.task)), text.replace("'role'", "\"role\""));
    let elsewhere = open.with(|file, analyst| fixes::actions(file, analyst, at(1), at(2)));
    assert!(elsewhere.iter().all(|action| action.kind != ActionKind::QuickFix));
    assert!(elsewhere.iter().any(|action| action.task == Task::NormalizeLine { line: 0 }));
}

#[test]
fn the_bucket_of_all_other_lines_is_offered_until_one_has_another() {
    let text = [CLEAN, &CLEAN.replace("films", "{bucket}"), CLEAN].concat();
    let mut open = Open::new(&text);
    let offered = |open: &mut Open| {
        let (start, end) = (Place { line: 1, byte: 0 }, Place { line: 1, byte: CLEAN.len() });
        let actions = open.with(|file, analyst| fixes::actions(file, analyst, start, end));
        let is_fix = |action: &Action| action.fixes.as_ref().is_some_and(|fixes| fixes.code == "placeholder-uri");
        // Every error also offers to delete its line.
        let fix = actions.into_iter().find(|action| is_fix(action) && !action.title.starts_with("Delete"));
        fix.map(|fix| open.edits(&fix.task))
    };
    assert_eq!(offered(&mut open).map(|edits| applied(&text, &edits)), Some(CLEAN.repeat(3)));
    let column = u32::try_from(CLEAN.find("films").unwrap()).unwrap();
    let [from, to] = [column, column + 5].map(|character| Position { line: 2, character });
    let change = Change { range: Some(from..to), text: "clips".to_owned() };
    let splice = open.document.apply(&change, Encoding::Utf8);
    open.lines.splice(splice, &open.document);
    open.analyze();
    assert_eq!(offered(&mut open), None);
}

#[test]
fn a_conversation_without_an_answer_gets_an_empty_turn_of_the_model_from_a_person() {
    let gemini = r#"{"contents":[{"role":"user","parts":[{"text":"Shot?"}]}]}"#;
    let chat = r#"{"messages":[{"role":"user","content":"Shot?"}]}"#;
    let added = [r#",{"role":"model","parts":[{"text":""}]}]}"#, r#",{"role":"assistant","content":""}]}"#];
    let titles = ["Add a `model` turn", "Add an `assistant` message"];
    for ((line, added), title) in [gemini, chat].into_iter().zip(added).zip(titles) {
        let text = format!("{line}\n");
        let mut open = Open::new(&text);
        let (start, end) = (Place::default(), Place { line: 0, byte: line.len() });
        let actions = open.with(|file, analyst| fixes::actions(file, analyst, start, end));
        let Some(action) = actions.iter().find(|action| action.title == title) else { panic!("{actions:?}") };
        assert!(!action.preferred);
        let edits = open.edits(&action.task);
        assert_eq!(applied(&text, &edits), format!("{}{added}\n", line.strip_suffix("]}").unwrap()));
        let after = applied(&text, &edits);
        assert!(!Open::new(&after).codes().contains(&"missing-model-turn"));
        assert!(Open::new(&after).codes().contains(&"empty-target"), "the author must fill it in");
        // Nothing adds an answer without being asked.
        assert_eq!(fixed(&text), text);
    }
}

#[test]
fn several_safe_fixes_can_be_applied_to_the_line_and_to_the_file() {
    let comma = CLEAN.replace(r#""What?"}"#, r#""What?",}"#);
    let gemini = comma.replace(r#"{"role":"model""#, r#"{role:"model""#);
    let chat = "{messages:[{\"role\":\"user\",\"content\":\"a\",},{\"role\":\"assistant\",\"content\":\"b\"}]}\n";
    for line in [&gemini, chat] {
        let text = [line, line].concat();
        let mut open = Open::new(&text);
        let at = Place { line: 0, byte: line.find(",}").unwrap() };
        let actions = open.with(|file, analyst| fixes::actions(file, analyst, at, at));
        let position = |title: &str| actions.iter().position(|action| action.title == title);
        let (on_line, in_file) = (
            position("Apply all safe fixes on this line").unwrap(),
            position("Apply all safe fixes in this file").unwrap(),
        );
        let first = actions.iter().position(|action| action.preferred).unwrap();
        assert!(first < on_line && on_line < in_file && !actions[on_line].preferred && !actions[in_file].preferred);
        let edits = open.edits(&actions[on_line].task);
        let after = applied(&text, &edits);
        let (clean, rest) = after.split_once('\n').unwrap();
        assert_eq!(format!("{rest}"), *line, "the other line stays");
        assert_eq!(format!("{clean}\n"), fixed(line));
        assert_eq!(applied(&text, &open.edits(&actions[in_file].task)), fixed(line).repeat(2));
    }
    // With one fix in the file, it is enough. The other finding of a rule with safe fixes has none.
    let unfixable = CLEAN.replace("gs://", "ftp://");
    for text in [comma.clone(), [&comma, &unfixable, &unfixable].map(String::as_str).concat()] {
        let mut open = Open::new(&text);
        let end = Place { line: 0, byte: CLEAN.len() };
        let actions = open.with(|file, analyst| fixes::actions(file, analyst, Place::default(), end));
        assert!(actions.iter().any(|action| action.preferred));
        assert!(actions.iter().all(|action| !action.title.starts_with("Apply all")), "{actions:?}");
    }
    // The line is the one with the fixes, not the first selected one.
    let text = [CLEAN, &gemini].concat();
    let mut open = Open::new(&text);
    let end = Place { line: 1, byte: gemini.len() - 1 };
    let actions = open.with(|file, analyst| fixes::actions(file, analyst, Place::default(), end));
    let on_line = actions.iter().find(|action| action.title == "Apply all safe fixes on this line").unwrap();
    assert_eq!(applied(&text, &open.edits(&on_line.task)), [CLEAN, &fixed(&gemini)].concat());
}

#[test]
fn a_local_path_can_move_into_the_bucket_of_the_other_lines() {
    for (path, moved) in [
        ("clips/a.mp4", Some("clips/a.mp4")),
        ("./../clips/a.mp4", Some("clips/a.mp4")),
        ("/home/me/clips/a.mp4", Some("a.mp4")),
        (r"C:\\clips\\a.mp4", Some("a.mp4")),
        ("file:///home/me/a.mp4", Some("a.mp4")),
        ("file:///home/me/a%20b%25.mp4", Some("a b%.mp4")),
        ("FILE:/home/me/a.mp4", Some("a.mp4")),
        ("file:///home/me/100%.mp4", None),
        // These names would have a finding of their own.
        ("clips/a%20b.mp4", None),
        ("clips/a*.mp4", None),
        ("", None),
    ] {
        let location = CLEAN.split("gs://").nth(1).unwrap().split('"').next().unwrap();
        let local = CLEAN.replace(&format!("gs://{location}"), path);
        let text = [CLEAN, &local].concat();
        let mut open = Open::new(&text);
        let (start, end) = (Place { line: 1, byte: 0 }, Place { line: 1, byte: local.len() });
        let actions = open.with(|file, analyst| fixes::actions(file, analyst, start, end));
        let found = actions.iter().find(|action| action.title.ends_with("in the bucket of all other lines"));
        let after = found.map(|action| applied(&text, &open.edits(&action.task)));
        let expected = moved.map(|object| [CLEAN, &CLEAN.replace(location, &format!("films/{object}"))].concat());
        assert_eq!(after, expected, "{path}: {actions:?}");
        assert_eq!(fixed(&text), text, "only a person moves it");
    }
}

#[test]
fn joining_says_that_printed_line_breaks_become_part_of_a_text() {
    let title = |text: &str| {
        let mut open = Open::new(text);
        let actions = open.with(|file, analyst| fixes::actions(file, analyst, Place::default(), Place::default()));
        actions.into_iter().map(|action| action.title).find(|title| title.starts_with("Join")).unwrap()
    };
    for text in [
        "{\"contents\":[\n{\"role\":\"user\",\"parts\":[{\"text\":\"a\"}]}]}\n",
        "{\"messages\":[\n{\"role\":\"user\",\"content\":\"a\"}]}\n",
    ] {
        assert_eq!(title(text), "Join the 2 lines into one");
        let broken = text.replace("\"a\"", "\"a\nb\"");
        assert_eq!(title(&broken), r"Join the 3 lines into one; line breaks in texts become `\n`");
    }
}

#[test]
fn a_segment_over_the_limit_can_be_split_in_its_place() {
    let long = example("a").replace(
        r#"{"text":"a"}"#,
        r#"{"fileData":{"mimeType":"video/mp4","fileUri":"gs://bucket/a.mp4"},"videoMetadata":{"endOffset":"600s"}}"#,
    );
    let set = |line: &str| {
        line.replace(r#"]}]}"#, r#"]}],"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_MEDIUM"}}"#)
    };
    let text = format!("{}\r\n{}\r\n{}", set(&example("b")), long, set(&example("c")));
    let mut open = Open::new(&text);
    let at = Place { line: 1, byte: 3 };
    let actions = open.with(|file, analyst| fixes::actions(file, analyst, at, at));
    let split = actions.iter().find(|action| action.title == "Split the segment into 2 examples of 5:00 each").unwrap();
    let edits = open.edits(&split.task);
    let piece = |offsets: &str| {
        let line = long.replace(r#""endOffset":"600s""#, offsets);
        line.replace(r#""text":"ok""#, r#""text":"<REVIEW> ok""#)
    };
    let pieces =
        [piece(r#""endOffset":"300s","startOffset":"0s""#), piece(r#""endOffset":"600s","startOffset":"300s""#)];
    let expected = text.replace(&long, &pieces.join("\r\n"));
    assert_eq!(applied(&text, &edits), expected);
    let actions = open
        .with(|file, analyst| fixes::actions(file, analyst, Place { line: 0, byte: 3 }, Place { line: 0, byte: 3 }));
    assert!(actions.iter().all(|action| !action.title.starts_with("Split")));
}

#[test]
fn the_resolution_of_one_of_several_images_is_not_moved_to_all() {
    let image = |name: &str, more: &str| {
        format!(r#"{{"fileData":{{"mimeType":"image/png","fileUri":"gs://bucket/{name}.png"{more}}}}}"#)
    };
    let low = r#","mediaResolution":"MEDIA_RESOLUTION_LOW""#;
    let of = |images: &str| example("a").replacen(r#"{"text":"a"}"#, images, 1) + "\n";
    let two = of(&[image("a", low), image("b", "")].join(","));
    assert_eq!(fixed(&two), two);
    let one = of(&image("a", low));
    let moved = r#"]}],"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}}"#;
    assert_eq!(fixed(&one), one.replace(low, "").replacen("]}]}", moved, 1));
}
