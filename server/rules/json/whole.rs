//! Faults of a record as a whole: it is in a row of a CSV file, has other text around it, or was printed by Python.

use super::table::row;
use crate::formats::{ArrayOf, array_of};
use crate::json::guise::{self, CsvRow, Surrounded};
use crate::json::{Edit, Kind, Parser, print, python};
use crate::rules::context::Form;
use crate::rules::report::lines_like_it;
use crate::rules::{Context, Fix, Fixes, Judge, Needs, Report, Row, Severity};

/// A record that is a cell of a CSV file.
pub(super) const CSV_QUOTED_LINE: Row =
    row("csv-quoted-line", Fixes::Both, "a record that is quoted as a cell of a CSV file", csv_quoted_line)
        .needs(Needs::FAULTS)
        .judged(|judge: &mut Judge<'_>| judge.once_if_most(Severity::Error));

/// Whether one fault explains all syntax errors of the record.
pub(super) fn explains_all(context: &Context<'_>) -> bool {
    let is_explained = || {
        let text = context.input.text;
        guise::csv_row(text).is_some() || surrounded(context).is_some() || python(context).is_some()
    };
    *context.known.is_explained.get_or_init(is_explained)
}

/// The record with other text around it, unless the parser found it.
fn surrounded(context: &Context<'_>) -> Option<Surrounded> {
    let is_found = context.record.root().is_some_and(|root| context.record.kind(root) == Kind::Object);
    if is_found || context.errors.is_empty() { None } else { guise::surrounded(context.input.text) }
}

/// Reports text around the record.
pub(super) fn text_around(context: &Context<'_>, report: &mut Report<'_>) {
    let Some(Surrounded { before, record, after }) = surrounded(context) else { return };
    report.find(Severity::Error, before, |finding| {
        let found = context.raw(before).trim();
        // A text in Python's quotes may have other escapes.
        let is_quoted = found.ends_with('\'') && !context.raw(record).contains('\\');
        let is_clear = is_quoted || matches!(found, "\u{1E}" | "data:") || found.ends_with('=');
        let edits = [before, after].into_iter().filter(|span| !span.is_empty()).map(Edit::delete).collect();
        let title = "Remove the text around the record";
        let name = match found.chars().next() {
            Some(letter) if letter.is_control() => format!("U+{:04X}", u32::from(letter)),
            _ => format!("`{found}`"),
        };
        finding
            .says(format!("expected `{{` at the start of the record, found {name}"))
            .fix(|| Some(if is_clear { Fix::suggested(title, edits) } else { Fix::manual(title, edits) }));
    });
}

/// The edits that make JSON of a record that Python printed, if they are exact.
pub(super) fn python(context: &Context<'_>) -> Option<Vec<Edit>> {
    let may_be = !context.errors.is_empty() && context.form != Form::Several;
    may_be.then(|| python::edits(context.record.text)).flatten()
}

fn csv_quoted_line(context: &Context<'_>, report: &mut Report<'_>) {
    if context.errors.is_empty() {
        return;
    }
    let Some(CsvRow { span, record, is_alone }) = guise::csv_row(context.input.text) else { return };
    report.find_once_if_most(Severity::Error, span, |finding, count| {
        let what = if count > 1 { "these records are quoted as cells" } else { "the record is quoted as a cell" };
        let more = lines_like_it(count);
        finding.says(format!("{what} of a CSV file{more}; expected the JSON object itself")).fix(|| {
            let edits = vec![Edit::replace(span, record)];
            Some(match is_alone {
                true => Fix::safe("Remove the CSV quotes", edits),
                false => Fix::manual("Keep only the cell with the record", edits),
            })
        });
    });
}

/// The object of an example, or its list of turns, that a string holds, on one line.
pub(super) fn decoded(text: &str) -> Option<String> {
    let mut parser = Parser::default();
    parser.parse(text);
    let record = parser.record(text);
    let is_record = |root| match record.kind(root) {
        Kind::Object => true,
        Kind::Array => matches!(array_of(record, root), ArrayOf::Turns(_)),
        _ => false,
    };
    if parser.fault_count() > 0 || !record.root().is_some_and(is_record) {
        return None;
    }
    match text.trim() {
        line if line.contains(['\n', '\r']) => print::on_one_line(parser.record(text)),
        line => Some(line.to_owned()),
    }
}
