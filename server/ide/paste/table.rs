//! Tables: CSV, and the cells of a spreadsheet, which are copied as TSV.
//!
//! Cells are read strictly. A lenient parser would silently change a cell with a faulty quote.

use super::columns::meaning;
use super::host::Host;
use super::rows::{MAX_COLUMNS, Rows};

/// A longer first line doesn't name columns.
const MAX_NAMES: usize = 4_000;

/// The table in a text, and the name of its notation. `None` if its first row doesn't name columns, or if a row has another
/// number of cells.
pub(super) fn read(text: &str, host: &Host) -> Option<(Rows, &'static str)> {
    let text = text.trim_start_matches(['\n', '\r']);
    let (separator, what) = separator(text, host)?;
    let mut cells = Cells { text, at: 0, separator, keeps_quotes: separator == '\t' };
    let names: Vec<_> = cells.row()?;
    // A program that quotes all cells quotes these, too.
    cells.keeps_quotes &= !text.starts_with('"');
    let names: Vec<String> = names.into_iter().map(|name| name.trim().to_owned()).collect();
    let is_twice = |(place, name): (usize, &String)| !name.is_empty() && names[..place].contains(name);
    if names.len() > MAX_COLUMNS || names.iter().enumerate().any(is_twice) {
        return None;
    }
    let mut rows = Vec::new();
    while cells.at < text.len() {
        let row = cells.row()?;
        let is_blank = row.len() == 1 && row[0].is_empty();
        match row.len() == names.len() && !is_blank {
            true => rows.push(row),
            false if is_blank => {}
            false => return None,
        }
    }
    Some((Rows { names, rows }, what))
}

/// The separator that gives the first line the most columns with a meaning.
fn separator(text: &str, host: &Host) -> Option<(char, &'static str)> {
    let first = text.lines().next().filter(|line| line.len() <= MAX_NAMES)?;
    let all = [('\t', "TSV"), (',', "CSV"), (';', "CSV")];
    let columns = |separator: char| {
        let name = |name: &str| name.trim().trim_matches('"').trim().to_owned();
        first.split(separator).filter(|it| meaning(&name(it)).is_some()).count()
    };
    let (separator, what) = all.into_iter().rev().max_by_key(|(separator, _)| columns(*separator))?;
    let fewest = if host.is_prompts_only == Some(true) { 1 } else { 2 };
    (columns(separator) >= fewest).then_some((separator, what))
}

struct Cells<'a> {
    text: &'a str,
    at: usize,
    separator: char,
    /// Whether quotes around a cell that needs none belong to its text: a spreadsheet only quotes a cell if it must.
    keeps_quotes: bool,
}

impl Cells<'_> {
    /// The next row, and goes to the one after it. `None` if a quote is missing or in the wrong place.
    fn row(&mut self) -> Option<Vec<String>> {
        let mut row = Vec::new();
        loop {
            row.push(self.quoted().or_else(|| self.plain())?);
            let rest = self.text.get(self.at..)?;
            if let Some(next) = rest.strip_prefix(self.separator) {
                self.at = self.text.len() - next.len();
                continue;
            }
            let next = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r']));
            self.at = self.text.len() - next.unwrap_or("").len();
            return (next.is_some() || rest.is_empty()).then_some(row);
        }
    }

    /// A cell in quotes, in which a quote is doubled.
    fn quoted(&mut self) -> Option<String> {
        let inner = self.text.get(self.at..)?.strip_prefix('"')?;
        let mut end = 0;
        loop {
            end += inner.get(end..)?.find('"')?;
            if !inner.get(end + 1..)?.starts_with('"') {
                break;
            }
            end += 2;
        }
        let (raw, rest) = (inner.get(..end)?, inner.get(end + 1..)?);
        if !(rest.is_empty() || rest.starts_with([self.separator, '\n', '\r'])) {
            return None;
        }
        if self.keeps_quotes && !raw.contains([self.separator, '\n', '\r', '"']) {
            return None;
        }
        self.at = self.text.len() - rest.len();
        Some(raw.replace("\"\"", "\""))
    }

    /// A cell without quotes. In CSV, none can be in it.
    fn plain(&mut self) -> Option<String> {
        let rest = self.text.get(self.at..)?;
        let end = rest.find([self.separator, '\n', '\r']).unwrap_or(rest.len());
        let cell = rest.get(..end)?;
        if self.separator != '\t' && cell.contains('"') {
            return None;
        }
        self.at += end;
        Some(cell.to_owned())
    }
}
