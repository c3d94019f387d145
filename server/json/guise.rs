//! Text that holds a record in the notation of something else: a row of a CSV file, or text around the record.

use crate::json::parse::Parser;
use crate::json::tree::{Kind, Span};

/// A row of a CSV file with a record in one of its cells.
#[derive(Debug)]
pub struct CsvRow {
    /// The row without the white space around it.
    pub span: Span,
    /// The text in the cell.
    pub record: String,
    /// Whether the other cells are empty.
    pub is_alone: bool,
}

/// The row and its record, if a line is a CSV row with an object or a list of objects in a cell.
#[must_use]
pub fn csv_row(text: &str) -> Option<CsvRow> {
    let (start, body) = body(text);
    if !body.contains("\"\"") {
        return None;
    }
    let ends = |letter: char| matches!(letter, ',' | ';' | '\t');
    let (mut rest, mut record, mut is_alone) = (body, None, true);
    loop {
        let (cell, after) = match rest.strip_prefix('"') {
            Some(inner) => {
                let mut end = inner.find('"')?;
                while inner[end + 1..].starts_with('"') {
                    end += 2 + inner[end + 2..].find('"')?;
                }
                (&inner[..end], &inner[end + 1..])
            }
            None => rest.split_at(rest.find(ends).unwrap_or(rest.len())),
        };
        let is_quoted = rest.starts_with('"');
        if (!is_quoted && cell.contains('"')) || !(after.is_empty() || after.starts_with(ends)) {
            return None;
        }
        let is_record = cell.trim_start().trim_start_matches('[').trim_start().starts_with('{');
        if record.is_none() && is_quoted && is_record && cell.contains("\"\"") {
            record = Some(cell.replace("\"\"", "\""));
        } else {
            is_alone &= cell.trim().is_empty();
        }
        match after.get(1..) {
            Some(next) => rest = next,
            None => break,
        }
    }
    Some(CsvRow { span: Span::new(start, start + body.len()), record: record?, is_alone })
}

/// A record with other text around it.
#[derive(Debug)]
pub struct Surrounded {
    /// The text before the record.
    pub before: Span,
    /// The record: an object without syntax errors.
    pub record: Span,
    /// The text after it.
    pub after: Span,
}

/// The record on a line that begins with a few other characters, such as `data: `.
#[must_use]
pub fn surrounded(text: &str) -> Option<Surrounded> {
    const LONGEST: usize = 64;
    let (start, body) = body(text);
    let open = body.get(..body.floor_char_boundary(LONGEST))?.find('{').filter(|open| *open > 0)?;
    let (before, rest) = body.split_at(open);
    if before.contains(['"', '[', ']', '}', '/', '#', '\n', '\r']) {
        return None;
    }
    let record = rest.trim_end_matches(['\'', ';', ',', ')', '`']);
    let mut parser = Parser::default();
    parser.parse(record);
    let is_object = parser.tree().nodes.first().is_some_and(|root| root.kind == Kind::Object);
    let end = start + open + record.len();
    (parser.fault_count() == 0 && is_object).then(|| Surrounded {
        before: Span::new(start, start + open),
        record: Span::new(start + open, end),
        after: Span::new(end, start + body.len()),
    })
}

/// A line without the white space around it, and where that begins.
fn body(text: &str) -> (usize, &str) {
    let body = text.trim_start_matches('\u{FEFF}').trim_start();
    (text.len() - body.len(), body.trim_end())
}
