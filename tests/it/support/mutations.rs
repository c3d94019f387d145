//! Breaks real lines of datasets in the ways people and programs do.

use crate::support::broken::Choices;
use crate::support::generated::root;
use crate::support::page::{Kind, Language, Page};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Keys that are given to a value by mistake: typos, other formats' names, and names of other places.
const KEYS: &[&str] = &[
    "text",
    "content",
    "contents",
    "parts",
    "part",
    "Parts",
    "role",
    "speaker",
    "from",
    "messages",
    "message",
    "prompt",
    "completion",
    "completions",
    "chosen",
    "rejected",
    "score",
    "fileData",
    "file_data",
    "fileUri",
    "file_uri",
    "uri",
    "url",
    "image_url",
    "mimeType",
    "mime_type",
    "type",
    "inlineData",
    "videoMetadata",
    "video_metadata",
    "startOffset",
    "start_offset",
    "startTime",
    "endOffset",
    "fps",
    "mediaResolution",
    "media_resolution",
    "level",
    "generationConfig",
    "generation_config",
    "config",
    "temperature",
    "systemInstruction",
    "system_instruction",
    "system",
    "systemPrompt",
    "tools",
    "toolConfig",
    "functionCall",
    "function_call",
    "functionResponse",
    "tool_calls",
    "function",
    "args",
    "arguments",
    "name",
    "id",
    "tool_call_id",
    "response",
    "parameters",
    "weight",
    "thought",
    "thoughtSignature",
    "labels",
    "references",
    "answer",
    "output",
    "input",
    "instruction",
    "preferred_output",
    "non_preferred_output",
    "reference_answer",
    "item",
    "note",
    "safetySettings",
    "$ref",
    "required",
    "properties",
    "items",
];

/// Values of names that have several spellings: roles, types, enums, locations and offsets.
const NAMES: &[&str] = &[
    "user",
    "User",
    "USER",
    " user",
    "human",
    "assistant",
    "Assistant",
    "model",
    "modle",
    "gpt",
    "bot",
    "system",
    "developer",
    "function",
    "tool",
    "low",
    "LOW",
    "high",
    "MEDIA_RESOLUTION_HIGH",
    "media_resolution_low",
    "MEDIA_RESOLUTION_LWO",
    "MEDIA_RESOLUTION_ULTRA_HIGH",
    "text",
    "input_text",
    "image_url",
    "function",
    "object",
    "OBJECT",
    "string",
    "STRNG",
    "mp4",
    "video/mp4",
    "video/*",
    "image/jpg",
    "png",
    "audio/wav",
    "mov",
    "",
    " ",
    "5",
    "5s",
    "5 s",
    "1:05",
    "00:01:05",
    "-3s",
    "5.0",
    "PT5S",
    "5000ms",
    "gs:/clips/a.mp4",
    "gs//clips/a.mp4",
    "GS://clips/a.mp4",
    "gs://clips/a b.mp4",
    "gs://clips/a%20b.mp4",
    "gs://clips/ a.mp4 ",
    "gs://YOUR_BUCKET/a.mp4",
    "https://storage.googleapis.com/clips/a.mp4",
    "https://storage.cloud.google.com/clips/a.mp4",
    "https://drive.google.com/file/d/1abc/view",
    "https://github.com/a/b/blob/main/c.png",
    "C:\\clips\\a.mp4",
    "clips/a.mp4",
    "1.0",
    "true",
    "null",
    "AUTO",
    "auto",
    "python",
];

/// Texts that contain what has a meaning outside strings.
const TEXTS: &[&str] = &[
    "a \"quoted\" word",
    "{\"label\": \"dog\", \"n\": 1}",
    "[1, 2]",
    "see // x # y /* z */",
    "line\none",
    "tab\tone",
    "back\\slash",
    "it's, isn't it",
    "“typographic”",
    "全角，：",
    "a\u{2028}b",
    "\u{FEFF}mark",
    " outer space ",
    "",
    " ",
    "<|im_start|>",
    "{\"a\": \"b",
    "nbsp\u{A0}here",
    "null",
    "None",
    "{'a': 'b'}",
    "\\n",
    "TODO",
    "{{answer}}",
];

/// The lines of all datasets, and the lines of the pages' examples without faults.
pub fn real_lines() -> Vec<String> {
    let fixtures = root().join("fixtures");
    let files = |folder: &str| -> Vec<PathBuf> {
        let mut files: Vec<_> =
            std::fs::read_dir(fixtures.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    };
    let mut lines = BTreeSet::new();
    let mut add = |text: &str| {
        lines.extend(text.lines().filter(|line| line.starts_with('{') && line.ends_with(['}', ','])).map(str::to_owned))
    };
    for file in files("datasets") {
        let text = std::fs::read_to_string(file).unwrap();
        // Dozens of similar lines would crowd out the others.
        add(&text.lines().take(12).collect::<Vec<_>>().join("\n"));
    }
    for file in files("rules").iter().filter(|file| file.extension().is_some_and(|extension| extension == "md")) {
        let page = Page::read(file).unwrap();
        for block in
            page.blocks.iter().filter(|block| block.kind != Kind::Firing && block.language == Language::JsonLines)
        {
            add(&String::from_utf8_lossy(&block.text));
        }
    }
    lines.into_iter().filter(|line| line.len() < 4_000).collect()
}

/// A line with up to four mistakes.
pub fn broken_line(line: &str, choices: &mut Choices) -> String {
    let mut text = line.to_owned();
    if let Ok(mut value) = serde_json::from_str::<Value>(line)
        && !choices.one_in(4)
    {
        for _ in 0..=choices.below(3) {
            misshape(&mut value, choices);
        }
        text = print(&value, choices);
    }
    if choices.one_in(2) {
        for _ in 0..=choices.below(3) {
            change_bytes(&mut text, choices);
        }
    }
    rewritten(text, choices)
}

/// The places of all values that satisfy a condition.
fn places(value: &Value, wanted: &dyn Fn(&Value) -> bool) -> Vec<String> {
    fn walk(value: &Value, at: &str, wanted: &dyn Fn(&Value) -> bool, found: &mut Vec<String>) {
        if wanted(value) {
            found.push(at.to_owned());
        }
        match value {
            Value::Array(elements) => {
                elements.iter().enumerate().for_each(|(at_of, it)| walk(it, &format!("{at}/{at_of}"), wanted, found));
            }
            Value::Object(members) => {
                let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
                members.iter().for_each(|(key, it)| walk(it, &format!("{at}/{}", escaped(key)), wanted, found));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(value, "", wanted, &mut found);
    found
}

/// A value that satisfies a condition, if there is one.
fn pick<'a>(value: &'a mut Value, choices: &mut Choices, wanted: &dyn Fn(&Value) -> bool) -> Option<&'a mut Value> {
    let found = places(value, wanted);
    let place = found.get(choices.below(found.len().max(1)))?;
    value.pointer_mut(place)
}

/// An object with members, and one of its keys.
fn pick_member<'a>(value: &'a mut Value, choices: &mut Choices) -> Option<(&'a mut Map<String, Value>, String)> {
    let object =
        pick(value, choices, &|it| it.as_object().is_some_and(|members| !members.is_empty()))?.as_object_mut()?;
    let key = object.keys().nth(choices.below(object.len()))?.clone();
    Some((object, key))
}

/// A key that [`print`] writes as `key`, next to a member that has it already.
fn second(key: &str) -> String {
    format!("{key}§")
}

/// One mistake in the shape of an example.
fn misshape(value: &mut Value, choices: &mut Choices) -> Option<()> {
    match choices.below(14) {
        // Another key.
        0 => {
            let (object, key) = pick_member(value, choices)?;
            let member = object.remove(&key)?;
            let new = match choices.below(4) {
                0 => tuning_ls::schema::snake_case(&key),
                1 => key.to_uppercase(),
                2 => key.chars().rev().collect(),
                _ => choices.of(KEYS).to_owned(),
            };
            object.insert(if object.contains_key(&new) { second(&new) } else { new }, member);
        }
        // Another place.
        1 | 2 => {
            let (object, key) = pick_member(value, choices)?;
            let member = object.remove(&key)?;
            let to =
                if choices.one_in(3) { value } else { pick(value, choices, &Value::is_object)? }.as_object_mut()?;
            to.insert(if to.contains_key(&key) { second(&key) } else { key }, member);
        }
        // The same key twice.
        3 => {
            let (object, key) = pick_member(value, choices)?;
            let member = if choices.one_in(2) { object[&key].clone() } else { json!(choices.of(TEXTS)) };
            object.insert(second(&key), member);
        }
        4 => {
            let (object, key) = pick_member(value, choices)?;
            object.remove(&key);
        }
        5 => {
            let it = pick(value, choices, &|_| true)?;
            *it = json!([it.take()]);
        }
        6 => {
            let it = pick(value, choices, &|it| it.as_array().is_some_and(|list| !list.is_empty()))?;
            *it = it[0].take();
        }
        // Another type.
        7 => {
            let it = pick(value, choices, &|_| true)?;
            let text = it.as_str().map_or_else(|| it.to_string(), str::to_owned);
            *it = match choices.below(8) {
                0 => json!(text),
                1 => json!({ "text": text }),
                2 => json!({ "type": "text", "text": text }),
                3 => json!({ choices.of(KEYS): it.take() }),
                4 => json!([{ "text": text }, null]),
                5 => json!({ "0": it.take() }),
                6 => json!(choices.below(5)),
                _ => [Value::Null, json!(true), json!({}), json!([])][choices.below(4)].clone(),
            };
        }
        // Names and texts.
        8 | 9 => *pick(value, choices, &Value::is_string)? = json!(choices.of(NAMES)),
        10 => *pick(value, choices, &Value::is_string)? = json!(choices.of(TEXTS)),
        // A list with more, or in another order.
        11 => {
            let extra = [json!(null), json!({}), json!(""), json!({"text": ""}), json!({"text": " "}), json!([])];
            let list = pick(value, choices, &Value::is_array)?.as_array_mut()?;
            match choices.below(3) {
                0 => list.reverse(),
                1 => list.extend(list.first().cloned()),
                _ => list.insert(choices.below(list.len() + 1), extra[choices.below(extra.len())].clone()),
            }
        }
        // A new member.
        12 => {
            let member = match choices.below(3) {
                0 => json!(choices.of(NAMES)),
                1 => json!(choices.below(10)),
                _ => json!({ choices.of(KEYS): choices.of(TEXTS) }),
            };
            let object = pick(value, choices, &Value::is_object)?.as_object_mut()?;
            let key = choices.of(KEYS).to_owned();
            object.insert(if object.contains_key(&key) { second(&key) } else { key }, member);
        }
        // Roles of no turn, or of every turn the same.
        _ => {
            let role = choices.of(&[None, Some("user"), Some("assistant")]);
            for place in places(value, &|it| it.get("role").is_some()) {
                let turn = value.pointer_mut(&place).and_then(Value::as_object_mut)?;
                match role {
                    Some(role) => turn.insert("role".to_owned(), json!(role)),
                    None => turn.remove("role"),
                };
            }
        }
    }
    Some(())
}

/// JSON, usually on one line.
fn print(value: &Value, choices: &mut Choices) -> String {
    let text = match choices.below(8) {
        0 => serde_json::to_string_pretty(value),
        1 => serde_json::to_string(&value.to_string()),
        _ => serde_json::to_string(value),
    };
    text.unwrap_or_default().replace('§', "")
}

/// Changes a few bytes outside words.
fn change_bytes(text: &mut String, choices: &mut Choices) {
    const INSERTED: &[&str] = &[
        "'", "\"", ",", "{", "}", "[", "]", ":", "\\n", "\\", "// ", "# ", "/*", "*/", "None", "：", "，", "“",
        "\u{A0}", ",,", "\"\"", "\t", "=", ";", "\\u12", "\\x41", " ", "+1", "NaN", "...", "</s>", "null,", "\u{FEFF}",
        "01",
    ];
    let places: Vec<usize> =
        text.char_indices().filter(|(_, letter)| !letter.is_alphanumeric()).map(|(place, _)| place).collect();
    let Some(&at) = places.get(choices.below(places.len().max(1))) else { return };
    let len = text[at..].chars().next().map_or(0, char::len_utf8);
    let inserted = choices.of(INSERTED);
    match choices.below(3) {
        0 => text.replace_range(at..at + len, ""),
        1 => text.insert_str(at, inserted),
        _ => text.replace_range(at..at + len, inserted),
    }
}

/// The whole line as another program writes it, or half of it.
fn rewritten(text: String, choices: &mut Choices) -> String {
    match choices.below(24) {
        0 => text.replace('"', "'"),
        1 => text.replace('"', "'").replace("true", "True").replace("null", "None"),
        2 => format!("\"{}\"", text.replace('"', "\"\"")),
        3 => format!("{} {text}", choices.of(&["//", "#", "/*"])),
        4 => format!("{text}{}{text}", choices.of(&["", " ", ", ", "\\n", ","])),
        5 => format!("{text}{}", choices.of(&[",", "\\n", " // note", ";", " # \"note\"", "]"])),
        6 => text.replace("\":", "\"：").replace("\",", "\"，"),
        7 => text.replacen(": \"", ": “", 1).replace(":\"", ":“").replace("\",", "”,"),
        8 => text.replace("}]", "},]").replace("\"}", "\",}"),
        9 => text.replace(",\"", ", /* note */ \""),
        10 => {
            let end = text.floor_char_boundary(choices.below(text.len() + 1));
            text[..end].to_owned()
        }
        11 => format!("[{text}]"),
        12 => text.replace("\"role\":", "role:").replace("\"text\":", "text :"),
        13 => text.replace(",\"", "\n\"").replace(",{", ",\n{"),
        _ => text,
    }
}

/// A file of these lines, maybe as one array, and with odd line ends.
pub fn file_of(lines: &[String], choices: &mut Choices) -> String {
    let array = choices.one_in(12);
    let ends: &[&str] =
        choices.of(&[&["\n"], &["\n"], &["\n"], &["\r\n"], &["\n", "\r\n"], &["\n", "\r"], &["\n\n", "\n"]]);
    let mut text = String::new();
    text.push_str(if choices.one_in(20) { "\u{FEFF}" } else { "" });
    text.push_str(if array { "[\n" } else { "" });
    for (place, line) in lines.iter().enumerate() {
        let last = place + 1 == lines.len();
        text.push_str(line);
        text.push_str(if array && !last { "," } else { "" });
        text.push_str(if last && choices.one_in(4) { "" } else { choices.of(ends) });
    }
    text.push_str(if array { "]\n" } else { "" });
    text
}
