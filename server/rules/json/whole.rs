//! Faults of a record as a whole: it is a cell of a CSV file, or was written with full-width punctuation.

use super::table::row;
use crate::json::guise::{self, FullWidth};
use crate::json::{Edit, Kind, Parser, print, python};
use crate::rules::context::Form;
use crate::rules::report::lines_like_it;
use crate::rules::{Context, Fix, Fixes, Judge, Needs, Report, Row, Severity};

/// A record that is one cell of a CSV file.
pub(super) const CSV_QUOTED_LINE: Row =
    row("csv-quoted-line", Fixes::Safe, "a record that is quoted as one cell of a CSV file", csv_quoted_line)
        .needs(Needs::FAULTS)
        .judged(|judge: &mut Judge<'_>| judge.once_if_most(Severity::Error));

/// Whether one fault explains all syntax errors of the record.
pub(super) fn explains_all(context: &Context<'_>) -> bool {
    guise::csv_cell(context.input.text).is_some() || full_width(context).is_some() || python(context).is_some()
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
    let Some((span, record)) = guise::csv_cell(context.input.text) else { return };
    report.find_once_if_most(Severity::Error, span, |finding, count| {
        let what = if count > 1 { "these records are quoted as cells" } else { "the record is quoted as a cell" };
        let more = lines_like_it(count);
        finding
            .says(format!("{what} of a CSV file{more}; expected the JSON object itself"))
            .fix(|| Fix::safe("Remove the CSV quotes", vec![Edit::replace(span, record)]));
    });
}

fn full_width(context: &Context<'_>) -> Option<FullWidth> {
    if context.form == Form::Several { None } else { guise::full_width(context.input.text) }
}

/// Reports full-width punctuation that is used as JSON's.
pub(super) fn full_width_punctuation(context: &Context<'_>, report: &mut Report<'_>) {
    if context.errors.is_empty() {
        return;
    }
    let Some(FullWidth { first, edits, .. }) = full_width(context) else { return };
    report.find(Severity::Error, first, |finding| {
        let found = context.input.text.get(first.range()).unwrap_or_default();
        let half = found.chars().next().and_then(guise::half_width).unwrap_or_default();
        let more = match edits.len() {
            1 => String::new(),
            count => format!(" ({count} full-width characters in this example)"),
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
