//! YAML: a list of mappings with texts. Other YAML is not read.

use super::rows::Rows;
use crate::json::{Kind, Parser};

/// The rows of a list such as `- prompt: Hello`. `None` if something in it isn't in this small subset.
pub(super) fn read(text: &str) -> Option<Rows> {
    let mut lines = text.lines().peekable();
    while lines.peek().is_some_and(|line| line.trim().is_empty() || line.trim_end() == "---") {
        lines.next();
    }
    let outer = indent(lines.peek()?);
    let (mut items, mut inner): (Vec<Vec<(String, String)>>, usize) = (Vec::new(), 0);
    while let Some(line) = lines.next() {
        if line.trim().is_empty() {
            continue;
        }
        let depth = indent(line);
        let (column, member) = match line.get(depth..)?.strip_prefix("- ") {
            Some(rest) if depth == outer => {
                items.push(Vec::new());
                inner = depth + 2 + indent(rest);
                (inner, rest.trim_start_matches(' '))
            }
            _ => (depth, line.get(depth..)?),
        };
        if column != inner {
            return None;
        }
        let (key, value) = member.split_once(':')?;
        if !is_key(key) || !(value.is_empty() || value.starts_with(' ')) {
            return None;
        }
        let value = match value.trim() {
            "" => return None,
            header if header.starts_with(['|', '>']) => {
                let mut block = Vec::new();
                while let Some(line) = lines.next_if(|line| line.trim().is_empty() || indent(line) > column) {
                    block.push(line);
                }
                text_of_block(header, &block)?
            }
            value => scalar(value)?,
        };
        items.last_mut()?.push((key.to_owned(), value));
    }
    if items.is_empty() { None } else { Rows::of_named(items) }
}

/// The number of spaces before a text. A tab is not indentation.
fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn is_key(key: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | ' ');
    key.starts_with(char::is_alphabetic) && !key.ends_with(' ') && key.chars().all(is_part)
}

/// A text on one line, with or without quotes.
fn scalar(value: &str) -> Option<String> {
    if value.starts_with('"') {
        // The escapes that JSON has mean the same.
        let mut parser = Parser::default();
        parser.parse(value);
        let record = parser.record(value);
        let root = record.root().filter(|root| record.kind(*root) == Kind::String && parser.fault_count() == 0)?;
        return record.string(root).map(Into::into);
    }
    if let Some(inner) = value.strip_prefix('\'') {
        let inner = inner.strip_suffix('\'')?;
        let text = inner.replace("''", "\u{0}");
        return (!text.contains('\'') && !inner.contains('\u{0}')).then(|| text.replace('\u{0}', "'"));
    }
    let is_special = value
        .starts_with(['[', ']', '{', '}', '&', '*', '!', '%', '@', '`', '#', ',', '?', '-', '|', '>'])
        || matches!(value, "~" | "null" | "Null" | "NULL");
    let is_cut = value.contains(": ") || value.ends_with(':') || value.contains(" #");
    let is_number = value.strip_prefix('-').is_some_and(|rest| rest.parse::<f64>().is_ok());
    ((!is_special || is_number) && !is_cut).then(|| value.to_owned())
}

/// The text of a block: `|` keeps its line breaks, `>` makes spaces of them.
fn text_of_block(header: &str, lines: &[&str]) -> Option<String> {
    let chomp = header.get(1..)?;
    if !matches!(chomp, "" | "-" | "+") {
        return None;
    }
    let depth = lines.iter().find(|line| !line.trim().is_empty()).map(|line| indent(line))?;
    let line = |line: &&str| match line.get(depth..) {
        Some(rest) if indent(line) >= depth => Some(rest.to_owned()),
        _ => line.chars().all(|letter| letter == ' ').then(String::new),
    };
    let mut lines: Vec<String> = lines.iter().map(line).collect::<Option<_>>()?;
    let blank = lines.iter().rev().take_while(|line| line.is_empty()).count();
    lines.truncate(lines.len() - blank);
    let text = if header.starts_with('|') { lines.join("\n") } else { folded(&lines)? };
    Some(match chomp {
        "-" => text,
        "+" => text + &"\n".repeat(blank + 1),
        _ => text + "\n",
    })
}

/// Lines with a space for a line break, and a line break for a blank line. `None` if a line is indented further, or ends
/// with a space.
fn folded(lines: &[String]) -> Option<String> {
    let mut text = String::new();
    let mut blank = 0;
    for line in lines {
        if line.is_empty() {
            blank += 1;
            continue;
        }
        if line.starts_with([' ', '\t']) || line.ends_with([' ', '\t']) {
            return None;
        }
        match blank {
            0 if text.is_empty() => {}
            0 => text.push(' '),
            _ => text.push_str(&"\n".repeat(blank)),
        }
        text.push_str(line);
        blank = 0;
    }
    Some(text)
}
