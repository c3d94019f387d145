//! Faults of a record as a whole: it is a cell of a CSV file, or was written with full-width punctuation.

use super::table::row;
use crate::json::{Edit, Kind, Parser, Span, print};
use crate::rules::context::Form;
use crate::rules::{Context, Fix, Fixes, Needs, Report, Row, Severity};

/// A record that is one cell of a CSV file.
pub(super) const CSV_QUOTED_LINE: Row =
    row("csv-quoted-line", Fixes::Safe, "a record that is quoted as one cell of a CSV file", csv_quoted_line)
        .needs(Needs::FAULTS);

/// Whether one fault explains all syntax errors of the record.
pub(super) fn explains_all(context: &Context<'_>) -> bool {
    csv_cell(context).is_some() || full_width(context).is_some()
}

/// The cell and what it holds, if the record is one CSV cell with an object.
fn csv_cell(context: &Context<'_>) -> Option<(Span, String)> {
    let text = context.input.text;
    let body = text.trim_start_matches('\u{FEFF}').trim();
    let inner = body.strip_prefix('"')?.strip_suffix('"')?;
    if !inner.trim_start().starts_with('{') || !inner.contains("\"\"") || inner.replace("\"\"", "").contains('"') {
        return None;
    }
    let start = text.len() - text.trim_start_matches('\u{FEFF}').trim_start().len();
    Some((Span::new(start, start + body.len()), inner.replace("\"\"", "\"")))
}

fn csv_quoted_line(context: &Context<'_>, report: &mut Report<'_>) {
    if context.errors.is_empty() {
        return;
    }
    if let Some((span, record)) = csv_cell(context) {
        report.find(Severity::Error, span, |finding| {
            finding
                .says("the record is quoted as a cell of a CSV file; expected the JSON object itself")
                .fix(|| Fix::safe("Remove the CSV quotes", vec![Edit::replace(span, record)]));
        });
    }
}

/// A full-width character in the place of JSON's.
fn half_width(letter: char) -> Option<&'static str> {
    Some(match letter {
        '：' => ":",
        '，' | '、' => ",",
        '｛' => "{",
        '｝' => "}",
        '［' | '【' => "[",
        '］' | '】' => "]",
        _ => return None,
    })
}

/// The edits that replace full-width punctuation and the quotes around it, if that leaves no syntax error.
fn full_width(context: &Context<'_>) -> Option<(Span, Vec<Edit>)> {
    let text = context.input.text;
    if context.form == Form::Several || !text.contains(|letter| half_width(letter).is_some()) {
        return None;
    }
    let (mut edits, mut first, mut open): (Vec<Edit>, Option<Span>, Option<char>) = (Vec::new(), None, None);
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        let span = Span::new(at, at + letter.len_utf8());
        match (open, letter) {
            (Some(_), '\\') => drop(letters.next()),
            (Some('"'), '"') | (Some('“'), '”') | (Some('＂'), '＂') => {
                if letter != '"' {
                    edits.push(Edit::replace(span, "\""));
                }
                open = None;
            }
            (Some(_), _) => {}
            (None, '"' | '“' | '＂') => {
                if letter != '"' {
                    edits.push(Edit::replace(span, "\""));
                }
                open = Some(letter);
            }
            (None, letter) => {
                if let Some(half) = half_width(letter) {
                    first.get_or_insert(span);
                    edits.push(Edit::replace(span, half));
                }
            }
        }
    }
    let first = first.filter(|_| open.is_none())?;
    let mut patched = String::with_capacity(text.len());
    let mut at = 0;
    for edit in &edits {
        patched.push_str(text.get(at..edit.span.start())?);
        patched.push_str(&edit.text);
        at = edit.span.end();
    }
    patched.push_str(text.get(at..)?);
    let mut parser = Parser::default();
    parser.parse(patched.trim_start_matches('\u{FEFF}'));
    let is_object = parser.tree().nodes.first().is_some_and(|root| root.kind == Kind::Object);
    (parser.fault_count() == 0 && is_object).then_some((first, edits))
}

/// Reports full-width punctuation that is used as JSON's.
pub(super) fn full_width_punctuation(context: &Context<'_>, report: &mut Report<'_>) {
    if context.errors.is_empty() {
        return;
    }
    let Some((first, edits)) = full_width(context) else { return };
    report.find(Severity::Error, first, |finding| {
        let found = context.input.text.get(first.range()).unwrap_or_default();
        let half = found.chars().next().and_then(half_width).unwrap_or_default();
        let more = match edits.len() {
            1 => String::new(),
            count => format!(" ({count} full-width characters in this record)"),
        };
        finding
            .says(format!("expected `{half}`, found the full-width `{found}`{more}"))
            .fix(|| Fix::safe("Use JSON's punctuation", edits));
    });
}

/// The object of an example that a string holds, on one line.
pub(super) fn decoded(text: &str) -> Option<String> {
    let mut parser = Parser::default();
    parser.parse(text);
    let is_object = parser.tree().nodes.first().is_some_and(|root| root.kind == Kind::Object);
    if parser.fault_count() > 0 || !is_object {
        return None;
    }
    match text.trim() {
        line if line.contains(['\n', '\r']) => print::on_one_line(parser.record(text)),
        line => Some(line.to_owned()),
    }
}
