//! The rules of the code base: which room may use which, comments in every mod.rs, file lengths, and generated tables
//! that are up to date.
//!
//! `UPDATE_TABLES=1 cargo test --test it tidy` regenerates the tables and samples.

mod asking;

use crate::support::code::{Code, Path};
use crate::support::generated::{between, read, rewritten, root, section, whole};
use crate::support::imports::{Crate, circles};
use crate::support::{features, formats, reference, samples, tables};
use clap::CommandFactory;
use tuning_ls::cli::arguments::Arguments;
use tuning_ls::settings::SETTINGS;

/// The rooms of `server/`, lowest first: each may use those before it. The last two do not use each other.
const ROOMS: [&str; 12] =
    ["text", "json", "schema", "example", "formats", "settings", "rules", "analysis", "ide", "disk", "lsp", "cli"];

/// Crates that only the language server may use.
const PROTOCOL_CRATES: [&str; 3] = ["tower_lsp", "lsp_types", "tokio"];

/// The maximum length of a source file, in lines.
const LONGEST: usize = 450;

/// The folders that may use a vendor's words.
const VENDOR_ROOMS: [&str; 2] = ["server/formats/", "server/rules/vendor/"];

/// Names of vendors, and words derived from them. They are also found as a part of a longer name.
const VENDOR_NAMES: [&str; 8] =
    ["gemini", "vertex", "openai", "openAi", "mediaResolution", "youtube", "youTube", "cloudStorage"];

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

/// Fields and values whose names are ordinary words. They are found only between these quotes.
const VENDOR_KEYS: [(&str, &[char]); 5] = [
    ("completions", &['"', '`']),
    ("messages", &['"']),
    ("LOW", &['"', '`']),
    ("MEDIUM", &['"', '`']),
    ("HIGH", &['"', '`']),
];

/// Knowledge that is the same for all vendors, and the only place outside their rooms that has it: parts of locations, and
/// media types. What asks a server has to know whose it is.
const KNOWN_ONCE: [(&str, &[&str]); 3] = [
    ("server/schema/scalar/location/", &["gs:/", "\"gs:", "Cloud Storage", "Cloud console", "google", "Google"]),
    (asking::FOLDER, &["gs:/", "\"gs:", "google", "Google", "cloudStorage"]),
    ("server/example/mime.rs", &["video/", "audio/", "image/", "application/", "text/plain"]),
];

/// Files or folders that must use a vendor's word, and why. At most five.
const VENDOR_WORDS_ALLOWED: &[(&str, &str, &str)] = &[
    ("server/lsp/", "contents", "`Hover.contents` is the protocol's"),
    (
        "server/lsp/session/offered.rs",
        "mediaResolution",
        "the old name of a kind of code action, which users' settings have",
    ),
    ("server/settings/media.rs", "mimeType", "media files have a MIME type whatever a vendor calls it"),
    ("server/disk/media/", "mimeType", "the column of a manifest has this name"),
    ("server/cli/stats.rs", "mediaResolution", "the help names the keys of the JSON, which are promised"),
];

/// Words and phrases that are old-fashioned or unclear. Plain words are in use instead, such as "silently", "fix",
/// "again", "depends on", "overrides" and "next to".
const STILTED: [&str; 8] = ["without a word", "mend", "mends", "mended", "anew", "hangs on", "goes before", "beside"];

/// Inverted beginnings of a sentence.
const INVERTED: [&str; 3] = ["Of the", "Of what", "Of it"];

/// A source file, and its path from the package's root.
struct Source {
    path: String,
    text: String,
}

/// All Rust files below a folder of the package, by path.
fn sources(folder: &str) -> Vec<Source> {
    files(folder, "rs")
}

/// All files below a folder of the package that have this extension, by path. Installed packages are left out.
fn files(folder: &str, extension: &str) -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                let name = entry.file_name();
                let name = name.to_string_lossy();
                if name != "node_modules" && !name.starts_with('.') {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|known| known == extension) {
                let text = std::fs::read_to_string(&path).unwrap_or_default();
                found.push(Source { path: from_root(&path), text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "no .{extension} files in {folder}");
    found
}

/// The files of the product, without unit tests.
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
                problems.push(format!("{}:{line}: `crate::{name}` is not a room", source.path));
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
                let is_here = |path: &str| source.path.starts_with(path);
                let allowed = VENDOR_WORDS_ALLOWED.iter().any(|(path, known, _)| is_here(path) && *known == word)
                    || KNOWN_ONCE.iter().any(|(path, known)| is_here(path) && known.contains(&word));
                if !allowed {
                    problems.push(format!("{}:{line}: `{word}` is a vendor's word", source.path));
                }
            }
        }
    }
    report(&problems);
}

/// The vendors' words in a line of code, in camelCase or snake_case.
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
    let known_once = KNOWN_ONCE.into_iter().flat_map(|(_, words)| words).filter(|word| line.contains(**word)).copied();
    names.chain(fields).chain(keys).chain(known_once).fold(Vec::new(), |mut found, word| {
        if !found.contains(&word) {
            found.push(word);
        }
        found
    })
}

/// A name in snake_case: a capital after a small letter or a digit begins a part.
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
    assert_eq!(
        vendor_words("reads.cloud_storage, \"gs://\", \"video/mp4\""),
        ["cloudStorage", "gs:/", "\"gs:", "video/"]
    );
    assert_eq!(vendor_words("LOW_BITS, \"LOW\""), ["LOW"]);
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
            // Who asks many servers at once waits for them.
            let waits = |word: &str| matches!(word, "async" | "await" | "tokio");
            let of_protocol = |word: &&str| PROTOCOL_CRATES.contains(word) || waits(word);
            let may_wait = source.path.starts_with(asking::FOLDER);
            if let Some(word) = words(text).filter(|word| !(may_wait && waits(word))).find(of_protocol) {
                problems.push(format!("{}:{line}: `{word}` belongs in server/lsp/ or main.rs", source.path));
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
        // The words may be split over two lines.
        let head = head.iter().map(|line| line[3..].trim()).collect::<Vec<_>>().join(" ");
        if !head.contains("must not know") {
            problems.push(format!("{}: its first comment does not say what the folder must not know", source.path));
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
fn prose_is_plain() {
    let pages = ["README.md", "CONTRIBUTING.md"].map(|path| Source { path: path.to_owned(), text: read(path) });
    let folders = ["fixtures/rules", "docs", "editors"].into_iter().flat_map(|folder| files(folder, "md"));
    let mut problems = Vec::new();
    for source in sources("server").into_iter().chain(folders).chain(pages) {
        for (line, text) in (1..).zip(source.text.lines()) {
            problems.extend(stilted(text).map(|words| format!("{}:{line}: say `{words}` plainly", source.path)));
        }
    }
    report(&problems);
}

/// The words of [`STILTED`] in a line, and those of [`INVERTED`] that begin a sentence in it.
fn stilted(line: &str) -> impl Iterator<Item = &'static str> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let lower = line.to_lowercase();
    let words = STILTED.into_iter().filter(move |words| {
        lower
            .match_indices(words)
            .any(|(at, _)| !lower[..at].ends_with(is_part) && !lower[at + words.len()..].starts_with(is_part))
    });
    let start = line.trim_start_matches(|letter: char| letter.is_whitespace() || matches!(letter, '/' | '!'));
    let begins = move |text: &str, words: &str| text.strip_prefix(words).is_some_and(|rest| !rest.starts_with(is_part));
    let inverted = INVERTED.into_iter().filter(move |words| {
        std::iter::once(start).chain(line.split(". ").skip(1)).any(|sentence| begins(sentence, words))
    });
    words.chain(inverted)
}

#[test]
fn stilted_words_are_found_whole_and_inversions_where_a_sentence_begins() {
    let found = |line| stilted(line).collect::<Vec<_>>();
    assert_eq!(found("    // Mended without a word, besides."), ["without a word", "mended"]);
    assert_eq!(found("//! One. Of the others, two. Of items, all"), ["Of the"]);
    assert_eq!(found("/// Of what is here"), ["Of what"]);
    assert_eq!(found("a recommendation of the vendor, most Of it; is_beside"), [""; 0]);
}

/// The longest the README may be, in lines.
const LONGEST_README: usize = 200;

#[test]
fn the_readme_is_short() {
    let lines = read("README.md").lines().count();
    assert!(lines <= LONGEST_README, "README.md has {lines} lines, more than {LONGEST_README}: move text to docs/");
}

#[test]
fn the_architecture_page_lists_the_rooms_in_order() {
    let page = read("docs/architecture.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| [`")?.split_once("`](../server/"));
    assert_eq!(rows.map(|(room, _)| room).collect::<Vec<_>>(), ROOMS);
}

#[test]
fn the_tables_of_rules_are_what_the_rules_say() {
    section("README.md", "families", &reference::families_table("docs/rules.md"));
    section("docs/rules.md", "rules", &reference::rule_tables("../fixtures/rules"));
}

#[test]
fn the_tables_of_formats_are_what_the_formats_say() {
    section("README.md", "formats", &formats::overview());
    section("docs/formats.md", "overview", &formats::overview());
    section("docs/formats.md", "formats", &formats::details());
    section("docs/formats.md", "recognized", &formats::recognized());
}

#[test]
fn every_promised_feature_names_tests_that_exist() {
    assert_eq!(features::missing(), [""; 0]);
    section("docs/features.md", "features", &features::tables());
}

#[test]
fn the_options_of_the_command_line_page_are_those_of_the_commands() {
    for command in Arguments::command().get_subcommands() {
        if let Some(table) = reference::options_table(command) {
            section("docs/command-line.md", &format!("{}-options", command.get_name()), &table);
        }
    }
}

#[test]
fn the_samples_of_the_documentation_are_what_is_really_printed() {
    for (page, fewest) in [("README.md", 1), ("docs/command-line.md", 4)] {
        assert!(samples::count(&read(page)) >= fewest, "{page} has too few samples");
        rewritten(page, samples::with_real_output);
    }
}

#[test]
fn the_settings_of_the_settings_page_are_what_is_read() {
    section("docs/settings.md", "settings", &tables::markdown());
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
