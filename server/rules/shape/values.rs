//! Values that the field, or the list, that holds them does not take.

use crate::json::{Edit, NodeId, Span, lexer};
use crate::rules::{Context, Fix, Report, Severity, moves};
use crate::schema::Choices;
use crate::schema::misfit::Misfit;
use Severity::{Error, Information, Warning};

pub(super) fn wrong_type(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::WrongType { node, shape, accepted } = misfit else { continue };
        let severity = if accepted { Information } else { Error };
        report.find(severity, context.record.span(node), |finding| {
            let found = context.record.kind(node).name();
            let end = if accepted {
                "; the service's parser accepts this form, the documentation does not show it"
            } else {
                "; the service rejects the line"
            };
            finding.says(format!(
                "{}{} has to be {}, not {found}{end}",
                name_of(context, node),
                context.place(node),
                shape.name()
            ));
            finding.fix(|| {
                // Where grammar hides the value's end, wrapping would put a bracket in the wrong place.
                let span = context.record.span(node);
                let hidden = context.errors.iter().any(|error| error.fault.hides_structure() && error.span.meets(span));
                if hidden { None } else { moves::wrapped(context.record, node, shape) }
            });
        });
    }
}

/// The key of a value, for the beginning of a sentence.
fn name_of(context: &Context<'_>, node: NodeId) -> String {
    match context.record.key(node) {
        key if key.is_empty() => "this element".to_owned(),
        key => format!("`{key}`"),
    }
}

pub(super) fn unknown_value(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::UnknownValue { node, choices } = misfit else { continue };
        let span = context.record.span(node);
        report.find(Error, span, |finding| {
            let text = context.record.string(node).unwrap_or_else(|| context.raw(span).into());
            let near = choices.nearest(&text);
            let hint = near.map_or_else(|| known(choices), |(name, _)| format!("; did you mean `{name}`?"));
            finding.says(format!("`{text}`{} is no {}{hint}", context.place(node), choices.name)).fix(|| {
                let (name, safe) = near?;
                let edits = vec![Edit::replace(span, lexer::quote(name))];
                let title = format!("Change to `{name}`");
                Some(if safe { Fix::safe(title, edits) } else { Fix::suggested(title, edits) })
            });
        });
    }
}

fn known(choices: &Choices) -> String {
    let names: Vec<_> = choices.values.iter().take(6).map(|choice| choice.name).collect();
    format!("; it has to be one of {}", names.join(", "))
}

pub(super) fn enum_number(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::EnumNumber { node, choice } = misfit else { continue };
        let span = context.record.span(node);
        report.find(Warning, span, |finding| {
            finding
                .says(format!(
                    "{}{} is given by its number, which no documentation shows; its name is `{}`",
                    name_of(context, node),
                    context.place(node),
                    choice.name
                ))
                .fix(|| {
                    Fix::safe(
                        format!("Change to `{}`", choice.name),
                        vec![Edit::replace(span, lexer::quote(choice.name))],
                    )
                });
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
            finding.says(format!("`{}`{} is empty; the service rejects the line", field.name, context.place(node)));
        });
    }
}

pub(super) fn null_in_list(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::NullInList { node } = misfit else { continue };
        report.find(Error, context.record.span(node), |finding| {
            finding.says(format!("null{} in a list; the service rejects the line", context.place(node))).fix(|| {
                let edit = moves::remove_element(context.record, node)?;
                Some(Fix::suggested("Remove the null", vec![edit]))
            });
        });
    }
}

pub(super) fn bad_base64(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::NotBase64 { node } = misfit else { continue };
        report.find(Error, short(context, context.record.span(node)), |finding| {
            finding.says(format!(
                "{}{} is not base64; the service rejects the line",
                name_of(context, node),
                context.place(node)
            ));
        });
    }
}

/// A span of a value that may be very long, cut to what fits on a screen.
fn short(context: &Context<'_>, span: Span) -> Span {
    const LONGEST: usize = 200;
    let end = context.record.text.floor_char_boundary((span.start() + LONGEST).min(span.end()));
    Span::new(span.start(), end)
}
