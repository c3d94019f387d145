//! `tuning-ls.toml`: reading it, and setting a level in it.

use crate::settings::configuration::Configuration;
use crate::settings::given::Given;
use crate::settings::read::{Reader, Writer};
use crate::settings::{Level, Problem};
use toml::de::DeTable;
use toml_edit::{DocumentMut, Item, Table, value};

/// The name of the file that holds a project's settings.
pub const FILE_NAME: &str = "tuning-ls.toml";

impl Configuration {
    /// Reads the text of a `tuning-ls.toml`. What is wrong is said and keeps its default; all else
    /// applies, also of a text that is not TOML throughout. The problems are in the order of the text.
    #[must_use]
    pub fn from_toml(text: &str) -> (Self, Vec<Problem>) {
        let (table, errors) = DeTable::parse_recoverable(text);
        let mut reader = Reader::new(Writer::Project);
        let layer = reader.layer(&Given::members(text, table.get_ref()));
        let mut problems = reader.problems;
        let line_of = |at: usize| text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count();
        let broken: Vec<_> = errors.iter().map(|error| error.span().map_or(0, |span| line_of(span.start))).collect();
        // What is left of a line that is no TOML says nothing.
        problems.retain(|problem| !broken.contains(&line_of(problem.span.start)));
        let mut ends = 0;
        for error in &errors {
            let span = error.span().unwrap_or(0..0);
            // Behind a fault its parser may find others in the same place.
            if span.start >= ends || ends == 0 {
                let message = error.message().trim().replace('\n', ", ");
                problems.push(Problem { span: span.clone(), message: format!("this is not TOML: {message}") });
                ends = span.end.max(span.start + 1);
            }
        }
        problems.sort_by_key(|problem| (problem.span.start, problem.span.end));
        (Self::of(layer), problems)
    }
}

/// The text of a `tuning-ls.toml` in which rule `code` has this level for all files. Everything else
/// stays as it is, byte for byte; an empty text gives a new file. `None` when the text is not TOML, or
/// has something else under `rules`.
#[must_use]
pub fn with_rule_level(text: &str, code: &str, level: Level) -> Option<String> {
    // The editing library ends every line, and with LF: the change it makes is carried over.
    if text.ends_with('\r') {
        return None;
    } else if !text.is_empty() && !text.ends_with('\n') {
        let changed = with_rule_level(&format!("{text}\n"), code, level)?;
        let changed = changed.strip_suffix('\n').unwrap_or(&changed);
        return Some(changed.strip_suffix('\r').unwrap_or(changed).to_owned());
    }
    let plain = text.replace("\r\n", "\n");
    let mut document: DocumentMut = plain.parse().ok()?;
    if document.to_string() != plain {
        return None;
    }
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
    Some(carried_over(text, &plain, &document.to_string()))
}

/// The change from `plain` to `changed` made in `text`, which is `plain` but for its line ends.
fn carried_over(text: &str, plain: &str, changed: &str) -> String {
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
