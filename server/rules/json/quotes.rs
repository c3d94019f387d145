//! Quotes of other languages: single and typographic ones, and records that are Python literals.

use super::table::row;
use super::whole;
use crate::json::{Edit, Fault, Kind, NodeId, Record, SyntaxError};
use crate::rules::context::Form;
use crate::rules::report::lines_like_it;
use crate::rules::{Context, Fix, Fixes, Judge, Needs, Report, Row, Severity};

/// Quotes that are not JSON's.
pub(super) const QUOTE_STYLE: Row =
    row("quote-style", Fixes::Both, "single or typographic quotes instead of double quotes", quote_style)
        .needs(Needs::FAULTS);

/// A Python dictionary instead of a JSON object.
pub(super) const PYTHON_LITERAL: Row =
    row("python-literal", Fixes::Both, "a record printed by Python instead of written as JSON", python_literal)
        .needs(Needs::FAULTS)
        .judged(|judge: &mut Judge<'_>| judge.once_if_most(Severity::Error));

/// The errors in a record that one finding stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// A Python literal.
    Python,
    /// Single quotes.
    Single,
    /// Typographic quotes.
    Typographic,
    /// Keys without quotes.
    UnquotedKey,
    /// White space that JSON doesn't have.
    Space,
}

/// The group of a syntax error; `is_python` says whether the record is a Python literal.
pub(super) fn group_of(context: &Context<'_>, error: &SyntaxError, is_python: bool) -> Option<Group> {
    let is_exact = error.repair.is_some();
    match error.fault {
        Fault::QuoteStyle | Fault::BadLiteral if is_python && is_exact => Some(Group::Python),
        // In Python, `\x` and two digits is a character.
        Fault::BadEscape if is_python && is_exact && context.raw(error.span).starts_with("\\x") => Some(Group::Python),
        Fault::QuoteStyle if context.raw(error.span).starts_with('\'') => Some(Group::Single),
        Fault::QuoteStyle => Some(Group::Typographic),
        Fault::UnquotedKey => Some(Group::UnquotedKey),
        Fault::ForeignSpace => Some(Group::Space),
        _ => None,
    }
}

/// Whether the record is a dictionary as Python prints it: most of its keys are in single quotes.
pub(super) fn is_python(context: &Context<'_>) -> bool {
    if !context.errors.iter().any(|error| error.fault == Fault::QuoteStyle) || context.form == Form::Several {
        return false;
    }
    let record = context.record;
    let Some(root) = record.root().filter(|root| record.kind(*root) == Kind::Object) else { return false };
    let Some(first) = record.children(root).next() else { return false };
    let (single, all) = keys(record);
    is_single(record, first) && single > 1 && single * 2 > all
}

/// How many keys are in single quotes, and how many there are.
fn keys(record: Record<'_>) -> (usize, usize) {
    let with_key = (0..).take(record.tree.nodes.len()).filter(|node| record.key_span(*node).is_some());
    with_key.fold((0, 0), |(single, all), node| (single + usize::from(is_single(record, node)), all + 1))
}

fn is_single(record: Record<'_>, node: NodeId) -> bool {
    record.key_span(node).is_some_and(|key| record.raw(key).starts_with('\''))
}

/// The edits of all errors in a group, and whether they certainly keep the meaning.
fn repairs(context: &Context<'_>, group: Group) -> (Vec<Edit>, bool) {
    let (mut edits, mut safe) = (Vec::new(), true);
    for error in context.errors.iter().filter(|error| group_of(context, error, group == Group::Python) == Some(group)) {
        match &error.repair {
            Some(repair) => {
                edits.extend(repair.edits.iter().cloned());
                safe &= repair.safe || error.fault == Fault::BadEscape;
            }
            None => safe = false,
        }
    }
    (edits, safe)
}

fn fix(context: &Context<'_>, group: Group, title: &str) -> Option<Fix> {
    let (edits, safe) = repairs(context, group);
    match (edits.is_empty(), safe) {
        (true, _) => None,
        (false, true) => Some(Fix::safe(title, edits)),
        (false, false) => Some(Fix::suggested(title, edits)),
    }
}

fn quote_style(context: &Context<'_>, report: &mut Report<'_>) {
    report_group(context, report, Group::Single, "Use double quotes");
    report_group(context, report, Group::Typographic, "Use double quotes");
}

/// Reports the errors of a group as one finding.
pub(super) fn report_group(context: &Context<'_>, report: &mut Report<'_>, group: Group, title: &str) {
    if context.errors.is_empty() || context.form == Form::Several || whole::explains_all(context) {
        return;
    }
    let is_python = is_python(context);
    let mut of_group = context.errors.iter().filter(|error| group_of(context, error, is_python) == Some(group));
    let Some(first) = of_group.next() else { return };
    report.find(Severity::Error, first.span, |finding| {
        let more = match of_group.count() {
            0 => String::new(),
            more => format!(" ({} times in this example)", more + 1),
        };
        finding.says(format!("{}{more}", first.message)).fix(|| fix(context, group, title));
    });
}

/// The title of the fix of a Python dictionary.
const TITLE: &str = "Write the record as JSON";

fn python_literal(context: &Context<'_>, report: &mut Report<'_>) {
    let exact = whole::python(context);
    let of_group = |error: &&SyntaxError| group_of(context, error, true) == Some(Group::Python);
    let first = match &exact {
        Some(edits) => edits.first().map(|edit| edit.span),
        None if is_python(context) => context.errors.iter().find(of_group).map(|error| error.span),
        None => None,
    };
    let Some(first) = first else { return };
    report.find_once_if_most(Severity::Error, first, |finding, count| {
        let what =
            if count > 1 { "these records are Python dictionaries" } else { "this record is a Python dictionary" };
        let more = lines_like_it(count);
        finding.says(format!("{what}, with single quotes{more}; expected JSON, as `json.dumps` writes it")).fix(|| {
            match exact {
                Some(edits) => Some(Fix::safe(TITLE, edits)),
                None => fix(context, Group::Python, TITLE),
            }
        });
    });
}
