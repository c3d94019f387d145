//! Text that people paste, as lines of the file's format: pretty JSON, Python literals, calls of an SDK, tables and YAML.
//!
//! This folder must not know where the text comes from: a clipboard, a selection or a file. It knows no vendor's words:
//! each [format](crate::formats::Format) writes its own lines.

mod call;
mod columns;
mod convert;
mod host;
mod json;
mod leftovers;
mod rows;
mod table;
mod yaml;

pub use host::Host;
pub use leftovers::Unplaced;

use crate::json::print::escape_separators;
use crate::json::{Kind, Parser};
use convert::{Converted, convert};
use json::Examples;
use leftovers::Leftovers;

/// A longer text is not read: an editor waits for the answer before it pastes.
pub const MAX_BYTES: usize = 8 << 20;

/// The examples of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pasted {
    /// One line per example, without line ends.
    pub lines: Vec<String>,
    /// What the text is, as a noun.
    pub what: &'static str,
    /// What is not in the lines, or can't be used there. A long list is cut.
    pub unplaced: Vec<Unplaced>,
}

impl Pasted {
    /// The menu entry for making the lines of a selection.
    #[must_use]
    pub fn title(&self) -> String {
        let (count, what) = (self.lines.len(), self.what);
        let lost: Vec<_> = self.unplaced.iter().filter(|it| !it.is_kept).map(|it| &it.subject).collect();
        let examples = if count == 1 { "example" } else { "examples" };
        let except = match &lost[..] {
            [] => String::new(),
            [first] => format!(", except {first}"),
            [first, rest @ ..] => format!(", except {first} and {} more", rest.len()),
        };
        format!("Make {count} {examples} of the selected {what}{except}")
    }
}

/// The examples in a text, as lines for a file. `None` if the text isn't certainly one of the known notations, or if it
/// already has one JSON object per line. O(n).
#[must_use]
pub fn examples(text: &str, host: &Host) -> Option<Pasted> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let inside = unfenced(text);
    if inside.is_none() && is_json_lines(text) {
        return None;
    }
    let text = inside.unwrap_or(text);
    let mut left = Leftovers::default();
    let (found, what) = read(text, host, &mut left)?;
    let lines = match found {
        Examples::Lines(lines) => in_format(lines, host, &mut left),
        Examples::Rows(rows) => rows.lines(host, &mut left)?,
    };
    let lines: Vec<_> = lines.into_iter().map(escape_separators).collect();
    (!lines.is_empty()).then(|| Pasted {
        lines,
        what,
        unplaced: left.listed(if matches!(what, "CSV" | "TSV") { "row" } else { "example" }),
    })
}

/// Lines of known formats, each in the format of the file if that has a place for all of it.
fn in_format(lines: Vec<String>, host: &Host, left: &mut Leftovers) -> Vec<String> {
    let line = |(number, line): (usize, String)| match convert(&line, host) {
        Some(Converted::Line(line)) => line,
        Some(Converted::Kept) => {
            let why =
                format!("it is in another format, and something in it has no place in that of {}", host.format.title);
            left.add_kept(number, "", why);
            line
        }
        None => line,
    };
    (1..).zip(lines).map(line).collect()
}

fn read(text: &str, host: &Host, left: &mut Leftovers) -> Option<(Examples, &'static str)> {
    let body = text.trim();
    let value = assigned(body);
    if value.starts_with(['{', '[']) {
        return json::read(value);
    }
    if let Some(line) = call::read(body, left) {
        return Some((Examples::Lines(vec![line]), "SDK call"));
    }
    if let Some(rows) = yaml::read(text) {
        return Some((Examples::Rows(rows), "YAML"));
    }
    let (rows, what) = table::read(text, host)?;
    Some((Examples::Rows(rows), what))
}

/// The value of an assignment or a named argument, such as `turns = [...],`, or else the text itself.
fn assigned(text: &str) -> &str {
    let value = || {
        let (name, value) = text.split_once('=')?;
        let name = name.trim();
        let name = ["const ", "let ", "var "].into_iter().find_map(|word| name.strip_prefix(word)).unwrap_or(name);
        let is_name = !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
        is_name.then(|| value.trim().trim_end_matches([';', ',']).trim_end())
    };
    value().unwrap_or(text)
}

/// The text inside a Markdown fence that is all there is.
fn unfenced(text: &str) -> Option<&str> {
    let body = text.trim();
    let mark = if body.starts_with("~~~") { '~' } else { '`' };
    let fence = body.len() - body.trim_start_matches(mark).len();
    let inside = || {
        let (first, rest) = body.split_once('\n')?;
        let (inner, last) = rest.rsplit_once('\n')?;
        let is_closing = last.trim_end() == body.get(..fence)? && !first.get(fence..)?.contains(mark);
        let is_only = |line: &str| !line.trim_start().starts_with(&body[..fence]);
        (is_closing && inner.lines().all(is_only)).then_some(inner)
    };
    if fence >= 3 { inside() } else { None }
}

/// Whether every line is a JSON object of its own.
fn is_json_lines(text: &str) -> bool {
    let mut parser = Parser::default();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.all(|line| {
        if !line.starts_with('{') || !line.ends_with('}') {
            return false;
        }
        parser.parse(line);
        parser.fault_count() == 0 && parser.tree().nodes.first().is_some_and(|root| root.kind == Kind::Object)
    })
}

#[cfg(test)]
#[path = "paste_tests.rs"]
mod tests;
