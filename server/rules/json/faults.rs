//! Reports syntax errors as the parser lists them, but those that another finding explains.

use super::quotes::{group_of, is_python};
use super::whole::explains_all;
use crate::json::{Edit, Fault, Parser, Repair, SyntaxError, edited, lexer};
use crate::rules::context::Form;
use crate::rules::{Context, Fix, Report, Severity};

/// How many syntax errors of a record are reported; the last one says how many more there are.
const MAX_REPORTED: usize = 20;

/// Reports the syntax errors of one kind. The limit applies to all kinds together, so that a record of noise gets a
/// bounded number of findings.
pub(super) fn report_faults(context: &Context<'_>, report: &mut Report<'_>, fault: Fault, title: &str) {
    if context.errors.is_empty() || context.form == Form::Several || explains_all(context) {
        return;
    }
    let python = is_python(context);
    let grouped = |error: &SyntaxError| group_of(context, error, python).is_some();
    let in_groups = context.errors.iter().filter(|error| grouped(error)).count();
    // All are wanted only where safe fixes are applied. Proving a guess parses the record again.
    let safe_only = report.wants_all();
    for (place, error) in context.errors.iter().filter(|error| !grouped(error)).enumerate() {
        if error.fault != fault || is_invalid_utf8(context, error) {
            continue;
        }
        // When fixing, the limit does not apply.
        if place >= MAX_REPORTED && !report.wants_all() {
            break;
        }
        let hidden = if place + 1 == MAX_REPORTED { context.fault_count - in_groups - MAX_REPORTED } else { 0 };
        report.find(Severity::Error, error.span, |finding| {
            let more = match hidden {
                0 => String::new(),
                hidden => format!(" (and {hidden} more syntax errors in this example)"),
            };
            finding.says(format!("{}{more}", error.message));
            finding.fix(|| {
                let is_proven = |it: &&Repair| it.safe || (!safe_only && removes(context, error, &it.edits));
                let repair = error.repair.as_ref().filter(is_proven)?.clone();
                Some(match repair.safe {
                    true => Fix::safe(title, repair.edits),
                    // It may be an example, or a part of one, that was taken out.
                    false if fault == Fault::Comment && lexer::holds_member(context.raw(error.span)) => {
                        Fix::manual(title, repair.edits)
                    }
                    // A line of an example whose other lines are broken.
                    false if fault == Fault::Unclosed && has_brackets_only(context.input.text) => {
                        Fix::manual(title, repair.edits)
                    }
                    false => Fix::suggested(title, repair.edits),
                })
            });
        });
    }
}

/// Whether the edits remove an error. A guess may be wrong where other errors hide what is meant.
fn removes(context: &Context<'_>, error: &SyntaxError, edits: &[Edit]) -> bool {
    let Some(text) = edited(context.input.text, 0..context.input.text.len(), edits) else { return false };
    let mut parser = Parser::default();
    parser.parse(text.strip_prefix('\u{FEFF}').unwrap_or(&text));
    let same = |other: &&SyntaxError| other.fault == error.fault && other.message == error.message;
    // Not all errors of a noisy record are listed.
    let all_listed = context.errors.len() == context.fault_count;
    parser.errors().iter().filter(same).count() < context.errors.iter().filter(same).count()
        || (!all_listed && parser.fault_count() < context.fault_count)
}

/// Whether a record has nothing but brackets.
fn has_brackets_only(text: &str) -> bool {
    text.chars().all(|letter| letter.is_whitespace() || "{}[],".contains(letter))
}

/// Whether the parser stumbled over bytes that are not UTF-8, which have their own finding.
fn is_invalid_utf8(context: &Context<'_>, error: &SyntaxError) -> bool {
    context.input.invalid.is_some() && context.raw(error.span).contains('\u{FFFD}')
}
