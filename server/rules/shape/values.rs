//! Values that their field or list doesn't take.

use crate::json::{Edit, Kind, NodeId, Span, lexer};
use crate::rules::report::lines_like_it;
use crate::rules::vendor;
use crate::rules::wording::expected;
use crate::rules::{Context, FaultKind, Fix, Judge, Report, Severity, moves};
use crate::schema::columns::is_column;
use crate::schema::misfit::Misfit;
use crate::schema::{Choices, Shape};
use Severity::{Error, Information, Warning};

pub(super) fn wrong_type(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::WrongType { node, shape, accepted } = misfit else { continue };
        let severity = if accepted { Information } else { Error };
        report.find(severity, context.record.span(node), |finding| {
            let found = context.record.kind(node).name();
            let (name, wanted, title) = (name_of(context, node), description(shape), context.service.title);
            if accepted {
                finding
                    .says(format!("{name} is {found} instead of {wanted}"))
                    .effect(format!("The parser of {title} accepts this form, but the documentation doesn't show it"))
                    .fault(FaultKind::Style);
            } else if matches!(shape, Shape::List(_)) && is_column(context.record, node) {
                finding.says(format!(
                    "{name} holds all rows of a table by number; write one example per line, with pandas' \
                     `to_json(path, orient=\"records\", lines=True)`"
                ));
                return;
            } else {
                finding.says(format!("{name} must be {wanted}, not {found}"));
            }
            finding.fix(|| quoted(context, node, shape)).fix(|| {
                // Where a fault of grammar hides the value's end, a bracket would go to the wrong place.
                let span = context.record.span(node);
                let hidden = context.errors.iter().any(|error| error.fault.hides_structure() && error.span.meets(span));
                if hidden { None } else { moves::wrapped(context.record, node, shape) }
            });
        });
    }
}

/// Quotes a number or boolean among strings with free keys.
fn quoted(context: &Context<'_>, node: NodeId, shape: Shape) -> Option<Fix> {
    let (record, span) = (context.record, context.record.span(node));
    let in_map = record.parent(node).and_then(|map| context.fit.shape(map));
    let is_plain = matches!(record.kind(node), Kind::Number | Kind::True | Kind::False);
    let fits = matches!(shape, Shape::String) && in_map.is_some_and(|pair| matches!(pair.shape, Shape::Map(_)));
    let edit = Edit::replace(span, lexer::quote(record.raw(span)));
    (is_plain && fits).then(|| Fix::safe("Put the value in quotes", vec![edit]))
}

/// The name of a value: its field, or an element of its field.
fn name_of(context: &Context<'_>, node: NodeId) -> String {
    let field = field_of(context, node);
    if context.record.key(node).is_empty() { format!("this element of {field}") } else { field }
}

/// The field that holds a value, maybe in a list.
fn field_of(context: &Context<'_>, node: NodeId) -> String {
    let record = context.record;
    let mut holder = node;
    while let (true, Some(list)) = (record.key(holder).is_empty(), record.parent(holder)) {
        holder = list;
    }
    format!("`{}`", record.key(holder))
}

/// A value of this shape, with the required fields of an object.
fn description(shape: Shape) -> String {
    match shape {
        Shape::Object(object) => {
            let needed = object.fields.iter().filter(|field| field.required).map(|field| format!("`{}`", field.name));
            match needed.collect::<Vec<_>>().join(" and ") {
                fields if fields.is_empty() => "an object".to_owned(),
                fields => format!("an object with {fields}"),
            }
        }
        Shape::Tagged(_) => "an object".to_owned(),
        Shape::Enum(choices) => format!("a string such as `{}`", names(choices).first().copied().unwrap_or_default()),
        Shape::OneOf(shapes) => shapes.iter().map(|shape| description(*shape)).collect::<Vec<_>>().join(" or "),
        _ => shape.name(),
    }
}

/// The first names that a field takes, without the name that means the same as no value.
fn names(choices: &Choices) -> Vec<&'static str> {
    const MAX_NAMES: usize = 6;
    let names = choices.values.iter().filter(|choice| !choice.is_unset).map(|choice| choice.name);
    names.take(MAX_NAMES).collect()
}

/// The rule's own count: values in lower case that the documentation shows too.
const LOWER: u16 = 0;

pub(super) fn judge_unknown_value(judge: &mut Judge<'_>) {
    judge.on_first(judge.fact(judge.own(LOWER)), Information);
}

/// The documented name of a value in lower case, if some samples write such values like that.
fn lower_case_of(context: &Context<'_>, misfit: &Misfit) -> Option<(NodeId, &'static str)> {
    let &Misfit::UnknownValue { node, choices } = misfit else { return None };
    let text = context.record.string(node).filter(|_| vendor::may_be_lower_case(choices))?;
    let (name, _) = choices.nearest(&text).filter(|(name, _)| name.to_lowercase() == text)?;
    Some((node, name))
}

fn lower_case_values(context: &Context<'_>, report: &mut Report<'_>) {
    let values: Vec<_> = context.fit.misfits.iter().filter_map(|misfit| lower_case_of(context, misfit)).collect();
    let Some(&(node, name)) = values.first() else { return };
    let span = context.record.span(node);
    report.once(report.own(LOWER), Information, span, |finding, count| {
        finding
            .says(format!(
                "`{}` is in lower case; the documented value of {} is `{name}`{}",
                name.to_lowercase(),
                field_of(context, node),
                lines_like_it(count)
            ))
            .fault(FaultKind::Style)
            .effect(format!("Some published samples for {} use it too", context.service.title))
            .fix(|| {
                let edit = |(node, name)| Edit::replace(context.record.span(node), lexer::quote(name));
                let mut edits: Vec<_> = values.iter().copied().map(edit).collect();
                edits.sort();
                Fix::safe("Change to upper case", edits)
            });
    });
}

pub(super) fn unknown_value(context: &Context<'_>, report: &mut Report<'_>) {
    lower_case_values(context, report);
    for misfit in &context.fit.misfits {
        let &Misfit::UnknownValue { node, choices } = misfit else { continue };
        if vendor::is_ultra_high_for_all(context, node) {
            continue;
        }
        let span = context.record.span(node);
        if lower_case_of(context, misfit).is_some() {
            continue;
        }
        report.find(Error, span, |finding| {
            let text = context.record.string(node).unwrap_or_else(|| context.raw(span).into());
            let near = choices.nearest(&text);
            let hint = match near {
                Some((name, _)) => format!("; did you mean `{name}`?"),
                None => expected(&names(choices)),
            };
            finding.says(format!("`{text}` is not a value of {}{hint}", field_of(context, node))).fix(|| {
                let (name, safe) = near?;
                let edits = vec![Edit::replace(span, lexer::quote(name))];
                let title = format!("Change to `{name}`");
                Some(if safe { Fix::safe(title, edits) } else { Fix::suggested(title, edits) })
            });
        });
    }
}

pub(super) fn enum_number(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::EnumNumber { node, choice } = misfit else { continue };
        let span = context.record.span(node);
        report.find(Warning, span, |finding| {
            finding.says(format!("{} is given as a number; write `{}`", name_of(context, node), choice.name)).fix(
                || {
                    Fix::safe(
                        format!("Change to `{}`", choice.name),
                        vec![Edit::replace(span, lexer::quote(choice.name))],
                    )
                },
            );
        });
    }
}

pub(super) fn empty_list(context: &Context<'_>, report: &mut Report<'_>) {
    if context.structure_is_hidden() {
        return;
    }
    for misfit in &context.fit.misfits {
        let &Misfit::EmptyList { node, field } = misfit else { continue };
        report.find(Error, context.record.span(node), |finding| {
            finding.says(format!("`{}` is an empty list; expected at least one element", field.name));
        });
    }
}

pub(super) fn null_in_list(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::NullInList { node } = misfit else { continue };
        report.find(Error, context.record.span(node), |finding| {
            finding.says(format!("`null` is not allowed in the list {}", field_of(context, node))).fix(|| {
                let edit = moves::remove_element(context.record, node)?;
                Some(Fix::suggested("Remove the `null`", vec![edit]))
            });
        });
    }
}

pub(super) fn bad_base64(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::NotBase64 { node } = misfit else { continue };
        report.find(Error, short(context, context.record.span(node)), |finding| {
            finding.says(format!("{} is not valid base64", name_of(context, node)));
        });
    }
}

/// The beginning of a value that may be too long to be marked.
fn short(context: &Context<'_>, span: Span) -> Span {
    const LONGEST: usize = 200;
    let end = context.record.text.floor_char_boundary((span.start() + LONGEST).min(span.end()));
    Span::new(span.start(), end)
}
