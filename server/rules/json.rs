//! JSON: one record is one JSON value, on one line.

use crate::formats::Mark;
use crate::json::{Fault, Kind, Span, SyntaxError};
use crate::rules::context::Form;
use crate::rules::{
    Check, Context, Family, Fix, Fixes, Judge, Needs, Operation, Report, Row, Scope, Severity, file_row,
};
use crate::schema::misfit::Misfit;

/// At most so many grammar faults of a record are reported; the last one says how many more there are.
const MOST_FAULTS: usize = 20;

/// A row of this family: an error in any file.
const fn row(code: &'static str, fixes: Fixes, summary: &'static str, check: Check) -> Row {
    super::row(code, &[Severity::Error], fixes, summary, check).scope(Scope::AnyFile)
}

/// Rules about JSON.
pub static FAMILY: Family = Family {
    name: "json",
    summary: "one record is one JSON value",
    rules: &[
        row("trailing-comma", Fixes::Safe, "a comma before `]` or `}`", trailing_comma).needs(Needs::FAULTS),
        row("missing-comma", Fixes::Suggested, "two values or members with nothing between", missing_comma)
            .needs(Needs::FAULTS),
        row("quote-style", Fixes::Both, "single or typographic quotes used as JSON's", quote_style)
            .needs(Needs::FAULTS),
        row("unquoted-key", Fixes::Safe, "a bare word as a key", unquoted_key).needs(Needs::FAULTS),
        row("comment", Fixes::Safe, "a comment", comment).needs(Needs::FAULTS),
        row("control-character", Fixes::Safe, "a raw control character in a string", control_character)
            .needs(Needs::FAULTS),
        row("bad-escape", Fixes::Suggested, "an escape that JSON does not know", bad_escape).needs(Needs::FAULTS),
        row("bad-literal", Fixes::Both, "a word or number that is no JSON value", bad_literal).needs(Needs::FAULTS),
        row("unclosed", Fixes::Suggested, "a string, array or object that is not closed", unclosed)
            .needs(Needs::FAULTS),
        row("json-syntax", Fixes::Both, "any other grammar error", json_syntax).needs(Needs::FAULTS),
        row("several-values-on-line", Fixes::Safe, "more than one value on a line", several_values_on_line)
            .needs(Needs::FAULTS),
        row("multi-line-example", Fixes::Safe, "one example spread over several lines", multi_line_example)
            .needs(Needs::UNUSUAL_LINE),
        file_row(
            "array-file",
            &[Severity::Error],
            Fixes::Safe,
            "the file is one JSON array instead of a record a line",
            array_file,
        )
        .scope(Scope::AnyFile)
        .in_arrays(),
        row("nesting-too-deep", Fixes::None, "nested deeper than 100 levels", nesting_too_deep).needs(Needs::FAULTS),
        row("duplicate-key", Fixes::None, "the same key twice in an object", duplicate_key)
            .scope(Scope::Example)
            .needs(Needs::MISFITS),
        row("not-an-object", Fixes::None, "a record that is an array, a string, a number, …", not_an_object)
            .scope(Scope::TuningFile)
            .needs(Needs::UNUSUAL_LINE),
    ],
};

/// Reports the faults of one kind. Grammar faults are counted over all kinds, so that a record of
/// noise gets a bounded number of findings.
fn faults(context: &Context<'_>, report: &mut Report<'_>, fault: Fault, title: &str) {
    if context.errors.is_empty() || context.form == Form::Several {
        return;
    }
    // The list is by place; which ones are reported depends on their place among all kinds.
    for (place, error) in context.errors.iter().enumerate() {
        if error.fault != fault || of_replaced_bytes(context, error) {
            continue;
        }
        // Fixing looks at every fault, reporting at the first ones.
        if place >= MOST_FAULTS && !report.wants_all() {
            break;
        }
        let hidden = if place + 1 == MOST_FAULTS { context.fault_count - MOST_FAULTS } else { 0 };
        report.find(Severity::Error, error.span, |finding| {
            let place = context.record.container_at(error.span.start()).map(|node| context.place(node));
            let more = match hidden {
                0 => String::new(),
                hidden => format!(" (and {hidden} more grammar faults in this record)"),
            };
            finding.says(format!(
                "{}{}{more}; the service cannot read the line",
                error.message,
                place.unwrap_or_default()
            ));
            finding.fix(|| {
                let repair = error.repair.clone()?;
                Some(if repair.safe { Fix::safe(title, repair.edits) } else { Fix::suggested(title, repair.edits) })
            });
        });
    }
}

/// Whether the fault is no more than bytes that are not UTF-8, which have their own finding.
fn of_replaced_bytes(context: &Context<'_>, error: &SyntaxError) -> bool {
    context.input.invalid.is_some() && context.raw(error.span).contains('\u{FFFD}')
}

fn trailing_comma(context: &Context<'_>, report: &mut Report<'_>) {
    faults(context, report, Fault::TrailingComma, "Remove the comma");
}

fn missing_comma(context: &Context<'_>, report: &mut Report<'_>) {
    faults(context, report, Fault::MissingComma, "Insert the comma");
}

fn quote_style(context: &Context<'_>, report: &mut Report<'_>) {
    faults(context, report, Fault::QuoteStyle, "Use double quotes");
}

fn unquoted_key(context: &Context<'_>, report: &mut Report<'_>) {
    faults(context, report, Fault::UnquotedKey, "Quote the key");
}

fn comment(context: &Context<'_>, report: &mut Report<'_>) {
    faults(context, report, Fault::Comment, "Remove the comment");
}

fn control_character(context: &Context<'_>, report: &mut Report<'_>) {
    faults(context, report, Fault::ControlCharacter, "Escape it");
}

fn bad_escape(context: &Context<'_>, report: &mut Report<'_>) {
    faults(context, report, Fault::BadEscape, "Write the escape that was meant");
}

fn bad_literal(context: &Context<'_>, report: &mut Report<'_>) {
    faults(context, report, Fault::BadLiteral, "Write the JSON literal");
}

fn unclosed(context: &Context<'_>, report: &mut Report<'_>) {
    faults(context, report, Fault::Unclosed, "Close it");
}

fn json_syntax(context: &Context<'_>, report: &mut Report<'_>) {
    faults(context, report, Fault::Syntax, "Mend the syntax");
    faults(context, report, Fault::ForeignSpace, "Clean up the white space");
}

fn nesting_too_deep(context: &Context<'_>, report: &mut Report<'_>) {
    faults(context, report, Fault::TooDeep, "");
}

fn several_values_on_line(context: &Context<'_>, report: &mut Report<'_>) {
    let second = context.errors.iter().find(|error| error.fault == Fault::SeveralValues);
    if let Some(error) = second.filter(|_| context.form == Form::Several) {
        report.find(Severity::Error, error.span, |finding| {
            finding
                .says("a second value on the line; every record needs a line of its own, or the service cannot read it")
                .fix(|| Fix::operation("Give each value its own line", true, Operation::Split));
        });
    }
}

fn multi_line_example(context: &Context<'_>, report: &mut Report<'_>) {
    if context.form != Form::MultiLine {
        return;
    }
    let first = report.line().map_or(1, |line| line + 1);
    report.find(Severity::Error, context.file_span(), |finding| {
        let lines = context.input.lines;
        finding
            .says(format!(
                "one example is spread over lines {first} to {}; the service reads every line as an example of its own \
                 and rejects them",
                first + lines - 1
            ))
            .fix(|| Fix::operation(format!("Join the {lines} lines into one"), true, Operation::Join));
    });
}

fn array_file(judge: &mut Judge<'_>) {
    if !judge.verdict.array {
        return;
    }
    let message = "the file is one JSON array; a tuning file is JSON Lines, one example on each line, without brackets \
                   and commas between them";
    if let Some(finding) = judge.on_file(Severity::Error, message) {
        let title = "Turn the array into one example a line";
        finding.fixes.push(Fix::operation(title, true, Operation::Unwrap));
    }
}

fn duplicate_key(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::Duplicate { node, first } = misfit else { continue };
        let span = |node| context.record.key_span(node).unwrap_or_default();
        report.find(Severity::Error, span(node), |finding| {
            let (key, other) = (context.record.key(node), context.record.key(first));
            let what = if key == other {
                format!("the key `{key}` is there twice")
            } else {
                format!("`{key}` and `{other}` name the same field")
            };
            finding
                .says(format!("{what}{}; which of the two counts is not defined", context.place(node)))
                .related(span(first), "the first one");
        });
    }
}

fn not_an_object(context: &Context<'_>, report: &mut Report<'_>) {
    let Some(root) = context.record.root() else { return };
    let name = match context.record.kind(root) {
        Kind::Array => "an array",
        Kind::String => "a string",
        Kind::Number => "a number",
        Kind::True | Kind::False => "a boolean",
        Kind::Null => "null",
        // What is no value at all has a grammar finding.
        Kind::Object | Kind::Word | Kind::Missing | Kind::TooDeep => return,
    };
    let foreign = matches!(context.mark, Mark::Foreign(_));
    if context.form != Form::Single || foreign || !context.errors.is_empty() {
        return;
    }
    let span = match context.record.span(root) {
        span if context.record.kind(root) == Kind::Array => Span::new(span.start(), span.start() + 1),
        span => span,
    };
    report.find(Severity::Error, span, |finding| {
        finding.says(format!("the record is {name}; an example is an object that begins with `{{`"));
    });
}
