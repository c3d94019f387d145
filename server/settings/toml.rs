//! Reads a `tuning-ls.toml`, and changes the level of a rule or names a baseline in it.

use crate::settings::configuration::Configuration;
use crate::settings::given::Given;
use crate::settings::read::{Reader, Writer};
use crate::settings::{Level, Problem};
use toml::de::DeTable;
use toml_edit::{DocumentMut, Item, Table, TableLike, Value, value};

/// The name of a project's settings file.
pub const FILE_NAME: &str = "tuning-ls.toml";

impl Configuration {
    /// Reads the text of a `tuning-ls.toml`. An invalid value keeps its default; all others apply, even if parts of the
    /// text are not TOML. The problems are in the order of the text.
    #[must_use]
    pub fn from_toml(text: &str) -> (Self, Vec<Problem>) {
        let (table, errors) = DeTable::parse_recoverable(text);
        let mut reader = Reader::new(Writer::Project);
        let layer = reader.layer(&Given::members(text, table.get_ref()));
        let mut problems = reader.problems;
        let line_of = |at: usize| text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count();
        let broken: Vec<_> = errors.iter().map(|error| error.span().map_or(0, |span| line_of(span.start))).collect();
        // The rest of a line that is not TOML is meaningless.
        problems.retain(|problem| !broken.contains(&line_of(problem.span.start)));
        let mut ends = 0;
        for error in &errors {
            let span = error.span().unwrap_or(0..0);
            // The parser may report one error several times.
            if span.start >= ends || ends == 0 {
                let message = error.message().trim().replace('\n', ", ");
                problems.push(Problem { span: span.clone(), message: format!("this is not valid TOML: {message}") });
                ends = span.end.max(span.start + 1);
            }
        }
        problems.sort_by_key(|problem| (problem.span.start, problem.span.end));
        (Self::of(layer), problems)
    }
}

/// Sets the level of a rule for all files in the text of a `tuning-ls.toml`, and changes no other byte. The text may be
/// empty. Returns `None` if the text is not TOML, or if `rules` is not a table.
#[must_use]
pub fn with_rule_level(text: &str, code: &str, level: Level) -> Option<String> {
    edited(text, |document| {
        let rules = document.entry("rules").or_insert_with(|| Item::Table(Table::new()));
        let rules = rules.as_table_like_mut()?;
        match rules.get_mut(code).and_then(Item::as_value_mut) {
            Some(old) => {
                let decor = old.decor().clone();
                *old = level.name().into();
                *old.decor_mut() = decor;
            }
            None => {
                rules.insert(code, value(level.name()));
            }
        }
        Some(())
    })
}

/// Names a baseline in the text of a `tuning-ls.toml` that names none, and changes no other byte. The text may be empty.
/// Returns `None` if the text is not TOML, or if it names one.
#[must_use]
pub fn with_baseline(text: &str, file: &str) -> Option<String> {
    edited(text, |document| {
        let old = document.insert("baseline", value(file));
        old.is_none().then_some(())
    })
}

/// Follows renamed files and folders in the text of a `tuning-ls.toml`, and changes no other byte. Each has its old and its
/// new path, relative to the folder of the text, with `/` between folders. Returns `None` if nothing names them literally,
/// or if the text is not TOML.
#[must_use]
pub fn with_renamed_paths(text: &str, renamed: &[(String, String)]) -> Option<String> {
    edited(text, |document| {
        let mut changed = false;
        for (list, keys) in [("dataset", &["train", "validation"][..]), ("override", &["files"])] {
            for table in document.get_mut(list).map(tables).unwrap_or_default() {
                for key in keys {
                    let patterns = table.get_mut(key).and_then(Item::as_value_mut);
                    changed |= patterns.is_some_and(|patterns| follow(patterns, renamed, literally));
                }
            }
        }
        if let Some(baseline) = document.get_mut("baseline").and_then(Item::as_value_mut) {
            changed |= follow(baseline, renamed, str::to_owned);
        }
        if let Some(media) = document.get_mut("media").and_then(Item::as_table_like_mut) {
            if let Some(manifest) = media.get_mut("manifest").and_then(Item::as_value_mut) {
                changed |= follow(manifest, renamed, str::to_owned);
            }
            for mirror in media.get_mut("mirror").map(tables).unwrap_or_default() {
                let folder = mirror.get_mut("folder").and_then(Item::as_value_mut);
                changed |= folder.is_some_and(|folder| follow(folder, renamed, str::to_owned));
            }
        }
        changed.then_some(())
    })
}

/// The tables of a list of tables, in either spelling.
fn tables(list: &mut Item) -> Vec<&mut dyn TableLike> {
    match list {
        Item::ArrayOfTables(tables) => tables.iter_mut().map(|table| table as &mut dyn TableLike).collect(),
        Item::Value(Value::Array(items)) => {
            let tables = items.iter_mut().filter_map(Value::as_inline_table_mut);
            tables.map(|table| table as &mut dyn TableLike).collect()
        }
        _ => Vec::new(),
    }
}

/// Follows renamed paths in a string or in a list of strings; `written` is the form of a new path. Tells whether it changed.
fn follow(value: &mut Value, renamed: &[(String, String)], written: fn(&str) -> String) -> bool {
    if let Value::Array(items) = value {
        // Not lazily: each item must be followed.
        return items.iter_mut().map(|item| follow(item, renamed, written)).fold(false, |any, changed| any | changed);
    }
    let Some(text) = value.as_str() else { return false };
    let (start, path) = text.split_at(if text.starts_with("./") { 2 } else { 0 });
    let new = renamed.iter().find_map(|(old, new)| {
        let rest = path.strip_prefix(old.as_str())?;
        (rest.is_empty() || rest.starts_with('/')).then(|| format!("{start}{}{rest}", written(new)))
    });
    let Some(new) = new else { return false };
    let decor = value.decor().clone();
    *value = new.into();
    *value.decor_mut() = decor;
    true
}

/// A path as a pattern that matches only it.
fn literally(path: &str) -> String {
    let each = |letter: char| match letter {
        '*' | '?' | '[' | ']' | '{' | '}' => format!("[{letter}]"),
        letter => letter.to_string(),
    };
    path.chars().map(each).collect()
}

/// Applies a change to the text of a `tuning-ls.toml`, and changes no other byte.
fn edited(text: &str, change: impl Fn(&mut DocumentMut) -> Option<()>) -> Option<String> {
    const MARK: char = '\u{FEFF}';
    // The library leaves out a byte order mark.
    if let Some(rest) = text.strip_prefix(MARK) {
        return edited(rest, change).map(|changed| format!("{MARK}{changed}"));
    }
    // The library ends every line, and always with LF, so its change is transferred to the original text.
    if text.ends_with('\r') {
        return None;
    } else if !text.is_empty() && !text.ends_with('\n') {
        let changed = edited_lines(&format!("{text}\n"), change)?;
        let changed = changed.strip_suffix('\n').unwrap_or(&changed);
        return Some(changed.strip_suffix('\r').unwrap_or(changed).to_owned());
    }
    edited_lines(text, change)
}

fn edited_lines(text: &str, change: impl Fn(&mut DocumentMut) -> Option<()>) -> Option<String> {
    let plain = text.replace("\r\n", "\n");
    let mut document: DocumentMut = plain.parse().ok()?;
    if document.to_string() != plain {
        return None;
    }
    change(&mut document)?;
    Some(transfer(text, &plain, &document.to_string()))
}

/// Makes the change from `plain` to `changed` in `text`, which differs from `plain` only in its line ends.
fn transfer(text: &str, plain: &str, changed: &str) -> String {
    let same = |a: &mut dyn Iterator<Item = (char, char)>| -> usize {
        a.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
    };
    let start = same(&mut plain.chars().zip(changed.chars()));
    let end = same(&mut plain[start..].chars().rev().zip(changed[start..].chars().rev()));
    let counts = |(place, byte): &(usize, u8)| *byte != b'\r' || text.as_bytes().get(place + 1) != Some(&b'\n');
    let place = |at: usize| {
        let place = text.bytes().enumerate().filter(counts).nth(at).map_or(text.len(), |(place, _)| place);
        // The CR before an LF belongs to it.
        if text[place..].starts_with('\n') && text[..place].ends_with('\r') { place - 1 } else { place }
    };
    let (from, to) = (place(start), place(plain.len() - end));
    let new = &changed[start..changed.len() - end];
    let new = if text.contains("\r\n") { new.replace('\n', "\r\n") } else { new.to_owned() };
    format!("{}{new}{}", &text[..from], &text[to..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renamed_files_and_folders_are_followed_where_they_are_named_literally() {
        let text = "# Ours.\r\nbaseline = 'old/accepted.json'\r\n[[dataset]]\r\ntrain = [ \"old/train.jsonl\", './old/b.jsonl' ] # both\r\n\
                    validation = \"*.jsonl\"\r\n[[override]]\r\nfiles = \"old/*.jsonl\"\r\nmodel = \"old/train.jsonl\"\r\n\
                    [media]\r\nmanifest = \"old/media.csv\"\r\n[[media.mirror]]\r\nprefix = \"old\"\r\nfolder = \"old/clips\"\r\n";
        let renamed = |pairs: &[(&str, &str)]| {
            let pairs: Vec<_> = pairs.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned())).collect();
            with_renamed_paths(text, &pairs)
        };
        let one = renamed(&[("old/train.jsonl", "a.jsonl")]).expect("a change");
        assert_eq!(one, text.replacen("old/train.jsonl", "a.jsonl", 1));
        let folder = renamed(&[("old", "new")]).expect("a change");
        let expected = text
            .replace("'old/accepted.json'", "\"new/accepted.json\"")
            .replace("\"old/train.jsonl\", './old/b.jsonl'", "\"new/train.jsonl\", \"./new/b.jsonl\"");
        let expected = expected.replace("old/*", "new/*").replace("old/media.csv", "new/media.csv");
        assert_eq!(folder, expected.replace("old/clips", "new/clips"));
        assert_eq!(renamed(&[("ol", "new")]), None);
        assert_eq!(renamed(&[("other.jsonl", "new.jsonl")]), None);
        let odd = renamed(&[("old/b.jsonl", "a[1].jsonl")]).expect("a change");
        assert!(odd.contains("\"./a[[]1[]].jsonl\""), "{odd}");
        let inline = "dataset = [{ train = \"a.jsonl\" }]\n";
        let pair = [("a.jsonl".to_owned(), "b.jsonl".to_owned())];
        assert_eq!(with_renamed_paths(inline, &pair).as_deref(), Some("dataset = [{ train = \"b.jsonl\" }]\n"));
        assert_eq!(with_renamed_paths("dataset = [", &pair), None);
        let marked = |text: &str| format!("\u{FEFF}{text}");
        let expected = marked("dataset = [{ train = \"b.jsonl\" }]\n");
        assert_eq!(with_renamed_paths(&marked(inline), &pair), Some(expected));
    }

    #[test]
    fn a_baseline_is_named_before_the_tables_and_only_once() {
        let named = |text: &str| with_baseline(text, "accepted.json");
        assert_eq!(named("").as_deref(), Some("baseline = \"accepted.json\"\n"));
        let text = "# Ours.\r\nmodel = \"a\"\r\n\r\n[rules]\r\nbad-uri = \"off\"";
        let expected = "# Ours.\r\nmodel = \"a\"\r\nbaseline = \"accepted.json\"\r\n\r\n[rules]\r\nbad-uri = \"off\"";
        assert_eq!(named(text).as_deref(), Some(expected));
        assert_eq!(named(expected), None);
        assert_eq!(named("baseline ="), None);
    }
}
