//! Comments: notes, and examples that were taken out.

use super::faults::report_faults;
use super::table::row;
use crate::json::{Edit, Fault, Span, SyntaxError, lexer};
use crate::rules::context::Form;
use crate::rules::{Applicability, Context, Fix, Fixes, Needs, Operation, Report, Row, Severity};

/// A comment.
pub(super) const COMMENT: Row =
    row("comment", Fixes::Both, "a comment, which JSON does not allow", comment).needs(Needs::FAULTS);

/// The rule's own count: comments that hold an example.
const HOLDS_EXAMPLE: u16 = 0;

fn comment(context: &Context<'_>, report: &mut Report<'_>) {
    if !is_alone(context) {
        return report_faults(context, report, Fault::Comment, "Remove the comment");
    }
    let [error] = context.errors else {
        return report_faults(context, report, Fault::Comment, "Delete the comment");
    };
    // The span of a comment that isn't closed is only its signs.
    let whole = Span::new(error.span.start(), context.input.text.trim_end().len());
    let raw = context.raw(whole);
    let (inner, is_example) = (body(raw), lexer::holds_object(raw));
    if is_example {
        report.fact(report.own(HOLDS_EXAMPLE));
    }
    let first_line = context.raw(error.span).lines().next().unwrap_or_default().len();
    let span = Span::new(error.span.start(), error.span.start() + first_line);
    report.find(Severity::Error, span, |finding| {
        finding.says(match is_example {
            true => "JSON does not allow comments; this one holds an example",
            false => "JSON does not allow comments",
        });
        let applicability = if is_example { Applicability::Manual } else { Applicability::Suggested };
        finding.fix(|| Fix::operation("Delete the comment line", applicability, Operation::DeleteLine));
        if is_example && inner.starts_with('{') {
            let edit = Edit::replace(whole, inner);
            finding.fix(|| Fix::manual("Uncomment the example", vec![edit]));
        }
    });
}

/// Whether the line holds a comment and nothing else.
fn is_alone(context: &Context<'_>) -> bool {
    let is_comment = |error: &SyntaxError| error.fault == Fault::Comment;
    context.form == Form::Single && context.record.root().is_none() && context.errors.iter().all(is_comment)
}

/// A comment without its signs.
fn body(comment: &str) -> &str {
    match comment.strip_prefix("/*") {
        Some(inner) => inner.strip_suffix("*/").unwrap_or(inner).trim(),
        None => comment.trim_start_matches(['/', '#']).trim(),
    }
}
