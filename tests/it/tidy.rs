//! The house rules: layers, folders that say what they are for, files of a readable length, and tables
//! that are generated.
//!
//! `UPDATE_TABLES=1 cargo test --test it tidy` writes the generated tables anew.

use crate::support::code::{Code, Path};
use crate::support::imports::{Crate, circles};
use crate::support::tables;
use clap::CommandFactory;
use std::fmt::Write;
use std::path::PathBuf;
use tuning_ls::cli::arguments::Arguments;
use tuning_ls::rules::{self, Family, Fixes, Rule, Severity};
use tuning_ls::settings::SETTINGS;

/// The rooms of `server/`, lowest first: each may use those before it. The last two stand side by side.
const ROOMS: [&str; 12] =
    ["text", "json", "schema", "example", "formats", "settings", "rules", "analysis", "ide", "disk", "lsp", "cli"];

/// What only the language server may name.
const PROTOCOL_CRATES: [&str; 3] = ["tower_lsp", "lsp_types", "tokio"];

/// The longest a source file may be, in lines.
const LONGEST: usize = 450;

/// Where a vendor's words belong.
const VENDOR_ROOMS: [&str; 2] = ["server/formats/", "server/rules/vendor/"];

/// Vendors, and what is named after something of theirs: found as a part of any longer name, too.
const VENDOR_NAMES: [&str; 5] = ["gemini", "vertex", "openai", "openAi", "mediaResolution"];

/// Fields and values of vendors' formats.
const VENDOR_FIELDS: [&str; 15] = [
    "contents",
    "generationConfig",
    "systemInstruction",
    "fileData",
    "fileUri",
    "inlineData",
    "videoMetadata",
    "startOffset",
    "endOffset",
    "functionCall",
    "functionResponse",
    "functionDeclarations",
    "mimeType",
    "assistant",
    "toolCalls",
];

/// Fields whose names are ordinary words: found in these quotes only.
const VENDOR_KEYS: [(&str, &[char]); 2] = [("completions", &['"', '`']), ("messages", &['"'])];

/// Files, or folders of them, that have to say a vendor's word, and why: at most five.
const VENDOR_WORDS_ALLOWED: &[(&str, &str, &str)] = &[
    ("server/lsp/", "contents", "`Hover.contents` is the protocol's"),
    (
        "server/lsp/session/capabilities.rs",
        "mediaResolution",
        "the old name of a kind of code action, which users' settings have",
    ),
    ("server/cli/stats.rs", "mediaResolution", "the help names the keys of the JSON, which are promised"),
];

/// A source file, and its path from the package's root.
struct Source {
    path: String,
    text: String,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below a folder of the package, by path.
fn sources(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap_or_default();
                found.push(Source { path: from_root(&path), text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "no Rust files in {folder}");
    found
}

/// The files of the product itself.
fn product() -> Vec<Source> {
    let mut sources = sources("server");
    sources.retain(|source| !source.path.ends_with("_tests.rs"));
    sources
}

fn from_root(path: &std::path::Path) -> String {
    let path = path.strip_prefix(root()).unwrap_or(path);
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The words of a line of code.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|word| !word.is_empty())
}

/// The room that a file of `server/` is in; `None` for `main.rs` and `lib.rs`.
fn room(path: &str) -> Option<&'static str> {
    let inside = path.strip_prefix("server/")?;
    let name = inside.split('/').next()?.trim_end_matches(".rs");
    ROOMS.into_iter().find(|room| *room == name)
}

fn report(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn a_room_uses_only_the_rooms_before_it() {
    let place = |room: &str| ROOMS.iter().position(|known| *known == room);
    let mut problems = Vec::new();
    for source in sources("server") {
        let Some(own) = room(&source.path) else { continue };
        for Path { segments, line, .. } in Code::new(&source.text).paths() {
            let [root, name, ..] = &segments[..] else { continue };
            if root != "crate" {
                continue;
            }
            let Some(other) = place(name) else {
                problems.push(format!("{}:{line}: `crate::{name}` is no room", source.path));
                continue;
            };
            let side_by_side = own == "cli" && name == "lsp";
            if place(own).is_some_and(|own| other > own) || side_by_side {
                problems.push(format!("{}:{line}: {own} must not use {name}", source.path));
            }
        }
    }
    report(&problems);
}

#[test]
fn no_room_has_circles_of_imports() {
    let sources = product();
    let files = sources.iter().filter(|source| room(&source.path).is_some());
    let mut edges = Crate::new("server", files.map(|source| (&*source.path, &*source.text))).edges();
    edges.retain(|(from, to, _)| room(from) == room(to));
    let mut problems = Vec::new();
    for circle in circles(&edges) {
        problems.push(format!("{} files use each other:", circle.len()));
        let inside = edges.iter().filter(|(from, to, _)| circle.contains(from) && circle.contains(to));
        problems.extend(inside.map(|(from, to, line)| format!("  {from}:{line} uses {to}")));
    }
    report(&problems);
}

#[test]
fn only_formats_and_vendor_rules_say_a_vendors_words() {
    assert!(VENDOR_WORDS_ALLOWED.len() <= 5);
    let mut problems = Vec::new();
    for source in product().iter().filter(|source| !VENDOR_ROOMS.iter().any(|room| source.path.starts_with(room))) {
        let text = Code::new(&source.text).without_tests().with_strings;
        for (line, text) in (1..).zip(text.lines()) {
            for word in vendor_words(text) {
                let allowed =
                    VENDOR_WORDS_ALLOWED.iter().any(|(path, known, _)| source.path.starts_with(path) && *known == word);
                if !allowed {
                    problems.push(format!("{}:{line}: `{word}` is a vendor's word", source.path));
                }
            }
        }
    }
    report(&problems);
}

/// The vendor's words in a line of code, also in snake_case.
fn vendor_words(line: &str) -> Vec<&'static str> {
    let is_key = |key: &str, quotes: &[char]| {
        line.match_indices(key).any(|(at, _)| {
            let (before, after) = (&line[..at], line[at + key.len()..].trim_start_matches('\\'));
            before.ends_with(quotes) && after.starts_with(quotes)
        })
    };
    let names = VENDOR_NAMES.into_iter().filter(|name| {
        let parts = |word: &str| format!("_{}_", snake_case(word).to_lowercase());
        words(line).any(|word| parts(word).contains(&parts(name)))
    });
    let fields = VENDOR_FIELDS.into_iter().filter(|field| {
        let snake = snake_case(field);
        words(line).any(|word| word == *field || word == snake)
    });
    let keys = VENDOR_KEYS.into_iter().filter(|(key, quotes)| is_key(key, quotes)).map(|(key, _)| key);
    names.chain(fields).chain(keys).collect()
}

/// A name in snake_case: a capital behind a small letter or a digit begins a part.
fn snake_case(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && out.ends_with(|last: char| last.is_lowercase() || last.is_ascii_digit()) {
            out.push('_');
        }
        out.push(letter);
    }
    if name.chars().any(char::is_lowercase) { out.to_lowercase() } else { out }
}

#[test]
fn a_vendors_word_is_found_in_code_in_any_spelling() {
    assert_eq!(vendor_words("let a = GEMINI_2_5 + &gemini::CONTENT;"), ["gemini"]);
    assert_eq!(
        vendor_words("fn set_media_resolution(it: MediaResolution) { \"MEDIA_RESOLUTION_LOW\" }"),
        ["mediaResolution"]
    );
    assert_eq!(vendor_words("member(\"fileUri\").or(\"start_offset\")"), ["fileUri", "startOffset"]);
    assert_eq!(vendor_words("OpenAi, \"gpt on OpenAI\", openai_chat"), ["openai", "openAi"]);
    assert_eq!(vendor_words("messages.push(completions); \"the messages\""), [""; 0]);
    assert_eq!(vendor_words(r#""messages", "{\"completions\":[]}""#), ["completions", "messages"]);
    assert_eq!(vendor_words("\"a table of `completions`\""), ["completions"]);
    assert_eq!(vendor_words("let table_of_contents = vertices + assistants;"), [""; 0]);
}

#[test]
fn only_the_language_server_knows_the_protocol_or_waits() {
    let mut problems = Vec::new();
    for source in sources("server") {
        if source.path.starts_with("server/lsp/") || source.path == "server/main.rs" {
            continue;
        }
        for (line, text) in (1..).zip(Code::new(&source.text).bare.lines()) {
            let of_protocol = |word: &&str| PROTOCOL_CRATES.contains(word) || matches!(*word, "async" | "await");
            if let Some(word) = words(text).find(of_protocol) {
                problems.push(format!("{}:{line}: `{word}` belongs into server/lsp/ or main.rs", source.path));
            }
        }
    }
    report(&problems);
}

#[test]
fn every_folder_says_what_it_is_for_and_what_it_must_not_know() {
    let mut problems = Vec::new();
    let sources = sources("server");
    for source in sources.iter().filter(|source| source.path.ends_with("/mod.rs")) {
        let head: Vec<_> = source.text.lines().take_while(|line| line.starts_with("//!")).collect();
        // A sentence may be broken anywhere.
        let head = head.iter().map(|line| line[3..].trim()).collect::<Vec<_>>().join(" ");
        if !head.contains("must not know") {
            problems.push(format!("{}: its first comment has to say what it must not know", source.path));
        }
    }
    let folders: std::collections::BTreeSet<_> =
        sources.iter().filter_map(|source| Some(source.path.rsplit_once('/')?.0)).collect();
    for folder in folders.into_iter().filter(|folder| *folder != "server") {
        if !sources.iter().any(|source| source.path == format!("{folder}/mod.rs")) {
            problems.push(format!("{folder}: no mod.rs"));
        }
    }
    report(&problems);
}

#[test]
fn no_source_file_is_too_long_to_read() {
    let files = sources("server").into_iter().chain(sources("tests"));
    let long = files.filter(|source| source.text.lines().count() > LONGEST);
    let problems: Vec<_> = long
        .map(|source| format!("{}: {} lines, more than {LONGEST}", source.path, source.text.lines().count()))
        .collect();
    report(&problems);
}

#[test]
fn the_rule_table_of_the_readme_is_what_the_rules_say() {
    generated("README.md", "rules", &rule_table());
}

/// The rules as tables, one for each family.
fn rule_table() -> String {
    let mut out = String::new();
    for Family { name, summary, rules } in rules::FAMILIES.into_iter().filter(|family| !family.rules.is_empty()) {
        let _ = write!(out, "### {name}: {summary}\n\n| rule | | fix | fires on |\n|---|---|---|---|\n");
        for Rule { code, severities, fixes, summary, .. } in rules.iter().map(|row| &row.rule) {
            let letters: Vec<_> = severities.iter().map(|severity| letter(*severity)).collect();
            let fix = match fixes {
                Fixes::None => "",
                Fixes::Safe => "safe",
                Fixes::Suggested => "suggested",
                Fixes::Both => "safe, suggested",
            };
            let (letters, summary) = (letters.join(" "), summary.replace('|', "\\|"));
            let _ = writeln!(out, "| [`{code}`](fixtures/rules/{code}.md) | {letters} | {fix} | {summary} |");
        }
        out.push('\n');
    }
    out
}

fn letter(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "E",
        Severity::Warning => "W",
        Severity::Information => "I",
        Severity::Hint => "H",
    }
}

#[test]
fn the_options_of_the_readme_are_those_of_the_command() {
    let command = Arguments::command();
    let check = command.find_subcommand("check").into_iter().flat_map(clap::Command::get_arguments);
    let mut out = "| option | what it does | default |\n|---|---|---|\n".to_owned();
    for option in check.filter(|argument| !argument.is_positional()) {
        let names: Vec<_> = option.get_value_names().unwrap_or_default().iter().map(ToString::to_string).collect();
        let value = if option.get_action().takes_values() { format!(" {}", names.join(" ")) } else { String::new() };
        let choices = option.get_possible_values();
        let choices: Vec<_> = choices.iter().map(|choice| format!("`{}`", choice.get_name())).collect();
        let choices =
            if value.is_empty() || choices.is_empty() { String::new() } else { format!(": {}", choices.join(", ")) };
        let default =
            option.get_default_values().first().map_or_else(String::new, |default| format!("`{}`", default.display()));
        let default = if value.is_empty() { String::new() } else { default };
        let (name, help) = (option.get_long().unwrap_or_default(), option.get_help().map(ToString::to_string));
        let _ = writeln!(out, "| `--{name}{value}` | {}{choices} | {default} |", help.unwrap_or_default());
    }
    generated("README.md", "options", &out);
}

#[test]
fn the_settings_of_the_editors_page_are_what_the_server_reads() {
    generated("editors/README.md", "settings", &tables::markdown());
}

#[test]
fn the_settings_of_the_extension_are_what_the_server_reads() {
    let text = serde_json::to_string_pretty(&tables::client_properties()).unwrap_or_default();
    let inside: Vec<_> = text.lines().skip(1).map(|line| format!("        {line}")).collect();
    let title = "\"title\": \"Findings\",\n        \"properties\": {\n";
    between("editors/vscode/package.json", title, "\n      },\n", &inside.join("\n"));
}

#[test]
fn the_schema_of_the_settings_file_is_what_is_read_from_it() {
    let text = serde_json::to_string_pretty(&tables::file_schema()).unwrap_or_default() + "\n";
    whole("editors/tuning-ls.schema.json", &text);
}

#[test]
fn the_clients_know_every_setting_and_have_the_version_of_the_server() {
    let read = |file: &str| std::fs::read_to_string(root().join(file)).unwrap_or_default();
    let help = read("editors/neovim/doc/tuning_ls.txt");
    let unnamed = SETTINGS.iter().filter(|setting| !help.contains(setting.name));
    let mut problems: Vec<_> = unnamed.map(|setting| format!("Neovim's help does not name {}", setting.name)).collect();
    let version = env!("CARGO_PKG_VERSION");
    for (file, line) in [
        ("editors/vscode/package.json", format!("  \"version\": \"{version}\",\n")),
        ("editors/emacs/tuning-ls.el", format!(";; Version: {version}\n")),
    ] {
        if !read(file).contains(&line) {
            problems.push(format!("{file}: its version is not {version}"));
        }
    }
    report(&problems);
}

/// Holds what stands in `file` between the markers of `name` to `text`, or writes it there when asked to.
#[track_caller]
fn generated(file: &str, name: &str, text: &str) {
    let (begin, end) = (format!("<!-- {name}:begin -->\n"), format!("<!-- {name}:end -->"));
    between(file, &begin, &end, &format!("\n{}\n\n", text.trim()));
}

/// Holds what stands in `file` between `begin` and `end` to `wanted`, or writes it there when asked to.
#[track_caller]
fn between(file: &str, begin: &str, end: &str, wanted: &str) {
    let path = root().join(file);
    let whole = std::fs::read_to_string(&path).unwrap_or_default();
    let parts = whole.split_once(begin).and_then(|(before, rest)| Some((before, rest.split_once(end)?)));
    let Some((before, (inside, after))) = parts else {
        return report(&[format!("{file} has no place for what is generated: {begin}{end}")]);
    };
    up_to_date(file, inside == wanted, &format!("{before}{begin}{wanted}{end}{after}"));
}

/// Holds all of `file` to `wanted`, or writes it when asked to.
#[track_caller]
fn whole(file: &str, wanted: &str) {
    let is = std::fs::read_to_string(root().join(file)).unwrap_or_default();
    up_to_date(file, is == wanted, wanted);
}

#[track_caller]
fn up_to_date(file: &str, is: bool, wanted: &str) {
    if std::env::var_os("UPDATE_TABLES").is_some() {
        let written = std::fs::write(root().join(file), wanted);
        assert!(written.is_ok(), "{file} cannot be written: {written:?}");
        return;
    }
    assert!(
        is,
        "{file}: what is generated there is out of date; `UPDATE_TABLES=1 cargo test --test it tidy` writes it anew"
    );
}
