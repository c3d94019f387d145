//! JSON: every record must be one JSON value on one line.
//!
//! This folder must not know what an example means.

mod comments;
mod faults;
mod quotes;
mod table;
mod whole;

use faults::report_faults;
use quotes::{Group, report_group};
use table::row;

use crate::formats::{ArrayOf, Mark, array_of};
use crate::json::tree::Node;
use crate::json::{Edit, Fault, Kind, NodeId, Parser, Span};
use crate::rules::context::Form;
use crate::rules::finding::refusal;
use crate::rules::{
    Applicability, ArrayFile, Context, Family, FaultKind, Fix, Fixes, Judge, Needs, Operation, Report, Scope, Severity,
    file_row,
};
use crate::schema::Means;
use crate::schema::misfit::Misfit;

/// Rules about JSON.
pub static FAMILY: Family = Family {
    name: "json",
    summary: "JSON syntax, and one example on each line",
    rules: &[
        row("trailing-comma", Fixes::Both, "a comma before `]` or `}`", trailing_comma).needs(Needs::FAULTS),
        row("missing-comma", Fixes::Suggested, "no comma between two values or members", missing_comma)
            .needs(Needs::FAULTS),
        quotes::QUOTE_STYLE,
        quotes::PYTHON_LITERAL,
        whole::CSV_QUOTED_LINE,
        row("unquoted-key", Fixes::Both, "a key without quotes", unquoted_key).needs(Needs::FAULTS),
        comments::COMMENT,
        row("control-character", Fixes::Both, "an unescaped control character in a string", control_character)
            .needs(Needs::FAULTS),
        row("bad-escape", Fixes::Suggested, "an escape that JSON does not have", bad_escape).needs(Needs::FAULTS),
        row("bad-literal", Fixes::Both, "a word or number that is not a JSON value", bad_literal).needs(Needs::FAULTS),
        row("unclosed", Fixes::Suggested, "a string, array or object that is not closed", unclosed)
            .needs(Needs::FAULTS),
        row("json-syntax", Fixes::Both, "any other syntax error", json_syntax).needs(Needs::FAULTS),
        row("several-values-on-line", Fixes::Safe, "more than one JSON value on a line", several_values_on_line)
            .needs(Needs::FAULTS),
        row("multi-line-example", Fixes::Safe, "one example spread over several lines", multi_line_example)
            .needs(Needs::UNUSUAL_LINE),
        file_row(
            "array-file",
            &[Severity::Error],
            Fixes::Safe,
            "one JSON array instead of one example per line",
            array_file,
        )
        .scope(Scope::AnyFile)
        .fault(FaultKind::Unreadable)
        .in_arrays(),
        row("nesting-too-deep", Fixes::None, "more than 100 levels of nesting", nesting_too_deep).needs(Needs::FAULTS),
        row("duplicate-key", Fixes::None, "the same key twice in an object", duplicate_key)
            .scope(Scope::Example)
            .fault(FaultKind::Shape)
            .needs(Needs::MISFITS),
        row(
            "not-an-object",
            Fixes::Safe,
            "a line that holds a string, number or array instead of an object",
            not_an_object,
        )
        .scope(Scope::TuningFile)
        .needs(Needs::UNUSUAL_LINE)
        .judged(|judge: &mut Judge<'_>| judge.once_if_most(Severity::Error)),
    ],
};

fn trailing_comma(context: &Context<'_>, report: &mut Report<'_>) {
    report_faults(context, report, Fault::TrailingComma, "Remove the comma");
}

fn missing_comma(context: &Context<'_>, report: &mut Report<'_>) {
    report_faults(context, report, Fault::MissingComma, "Insert a comma");
}

fn unquoted_key(context: &Context<'_>, report: &mut Report<'_>) {
    report_group(context, report, Group::UnquotedKey, "Put the keys in double quotes");
}

fn control_character(context: &Context<'_>, report: &mut Report<'_>) {
    report_faults(context, report, Fault::ControlCharacter, "Escape the character");
}

fn bad_escape(context: &Context<'_>, report: &mut Report<'_>) {
    report_faults(context, report, Fault::BadEscape, "Fix the escape");
}

fn bad_literal(context: &Context<'_>, report: &mut Report<'_>) {
    report_faults(context, report, Fault::BadLiteral, "Use the JSON literal");
}

fn unclosed(context: &Context<'_>, report: &mut Report<'_>) {
    report_faults(context, report, Fault::Unclosed, "Add the missing quote or brackets");
}

fn json_syntax(context: &Context<'_>, report: &mut Report<'_>) {
    whole::text_around(context, report);
    report_faults(context, report, Fault::Syntax, "Fix the syntax");
    report_faults(context, report, Fault::FullWidth, "Use JSON's punctuation");
    report_group(context, report, Group::Space, "Clean up the white space");
}

fn nesting_too_deep(context: &Context<'_>, report: &mut Report<'_>) {
    report_faults(context, report, Fault::TooDeep, "");
}

fn several_values_on_line(context: &Context<'_>, report: &mut Report<'_>) {
    let second = context.errors.iter().find(|error| error.fault == Fault::SeveralValues);
    if let Some(error) = second.filter(|_| context.form == Form::Several) {
        report.find(Severity::Error, error.span, |finding| {
            finding
                .says("a second JSON value starts here; expected one value per line")
                .fix(|| Fix::operation("Put each value on its own line", Applicability::Safe, Operation::Split));
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
                "one example is spread over lines {first} to {}; expected one example per line",
                first + lines - 1
            ))
            .refuses("these lines")
            .fix(|| {
                let in_text = |node: &Node| node.kind == Kind::String && context.raw(node.span).contains(['\n', '\r']);
                // A printed sample may have wrapped a text where the text itself has no line break.
                let breaks = match context.record.tree.nodes.iter().any(in_text) {
                    true => "; line breaks in texts become `\\n`",
                    false => "",
                };
                let title = format!("Join the {lines} lines into one{breaks}");
                let join = || Fix::operation(title, Applicability::Safe, Operation::Join);
                (!Parser::has_uncertain_tokens(context.errors)).then(join)
            });
    });
}

fn array_file(judge: &mut Judge<'_>) {
    let Some(array) = judge.verdict.array else { return };
    let service = judge.verdict.tuning.then_some(judge.verdict.service);
    let (what, title) = match array {
        ArrayFile::Records => ("one JSON array", Some("Convert the array to one example per line")),
        ArrayFile::Turns => {
            ("one list of turns over several lines", Some("Put the turns into one example on one line"))
        }
        ArrayFile::Messages => ("one chat log over several lines", None),
    };
    let message = format!("the file is {what}; expected JSON Lines, with one example per line");
    if let Some(finding) = judge.on_file(Severity::Error, message) {
        finding.effect = service.map(|service| refusal(service, "the file"));
        let fix = |title| Fix::operation(title, Applicability::Safe, Operation::Unwrap);
        finding.fixes.extend(title.map(fix));
    }
}

fn duplicate_key(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::Duplicate { node, first } = misfit else { continue };
        let span = |node| context.record.key_span(node).unwrap_or_default();
        report.find(Severity::Error, span(node), |finding| {
            let (key, other) = (context.record.key(node), context.record.key(first));
            let what = if key == other {
                format!("`{key}` appears twice in this object")
            } else {
                format!("`{key}` and `{other}` are the same field")
            };
            finding
                .says(what)
                .effect("Which of the two values counts depends on the reader")
                .related(span(first), "first value");
        });
    }
}

fn not_an_object(context: &Context<'_>, report: &mut Report<'_>) {
    let Some(root) = context.record.root() else { return };
    let kind = context.record.kind(root);
    // The last three have a syntax error.
    if matches!(kind, Kind::Object | Kind::Word | Kind::Missing | Kind::TooDeep) {
        return;
    }
    let foreign = matches!(context.mark, Mark::Foreign(_));
    if context.form != Form::Single || foreign || !context.errors.is_empty() {
        return;
    }
    let span = match context.record.span(root) {
        span if kind == Kind::Array => Span::new(span.start(), span.start() + 1),
        span => span,
    };
    report.find_once_if_most(Severity::Error, span, |finding, count| {
        let more = if count > 1 { format!(" ({count} lines of this file aren't objects)") } else { String::new() };
        finding.says(format!("expected an object that starts with `{{`, found {}{more}", kind.name()));
        finding.fix(|| as_example(context, root));
    });
}

/// The fix that makes an example of a list of turns, or of a string that holds one.
fn as_example(context: &Context<'_>, root: NodeId) -> Option<Fix> {
    let record = context.record;
    let span = record.span(root);
    if record.kind(root) == Kind::String {
        let decoded = context.mark.format().and_then(|_| whole::decoded(&record.string(root)?))?;
        return Some(Fix::safe("Write the value instead of the string", vec![Edit::replace(span, decoded)]));
    }
    let ArrayOf::Turns(kind) = array_of(record, root) else { return None };
    let name = kind.format.name_of(Means::Conversation);
    let edits = vec![Edit::replace(span, format!("{{\"{name}\": {}}}", record.raw(span)))];
    Some(Fix::safe(format!("Put the list into `{name}`"), edits))
}
