//! Values that their field or list doesn't take.

use crate::json::{Edit, Kind, NodeId, Span, lexer, print};
use crate::rules::report::lines_like_it;
use crate::rules::turns::speaker::a_turn_of;
use crate::rules::vendor;
use crate::rules::wording::expected;
use crate::rules::{Change, Context, FaultKind, Fix, Judge, Report, Severity, moves};
use crate::schema::columns::InPlaceOfList;
use crate::schema::misfit::Misfit;
use crate::schema::{Choices, Means, Shape};
use Severity::{Error, Information, Warning};
use std::collections::HashSet;

pub(super) fn wrong_type(context: &Context<'_>, report: &mut Report<'_>) {
    let record = context.record;
    let named = named_by_tags(context);
    for misfit in &context.fit.misfits {
        let &Misfit::WrongType { node, shape, accepted } = misfit else { continue };
        if !named.is_empty() && record.parent(node).is_some_and(|object| named.contains(&(object, &*record.key(node))))
        {
            continue;
        }
        let severity = if accepted { Information } else { Error };
        report.find(severity, context.record.span(node), |finding| {
            let found = context.record.kind(node).name();
            let shape = context.service.shape(shape);
            let (name, wanted, title) = (name_of(context, node), description(shape), context.service.title);
            if accepted {
                finding
                    .says(format!("{name} is {found} instead of {wanted}"))
                    .effect(format!("{title} accepts this form, but doesn't document it"))
                    .fault(FaultKind::Style);
            } else if let Some(message) = by_columns(context, node, shape) {
                finding.says(format!("{name} {message}"));
                return;
            } else {
                finding.says(format!("{name}{} must be {wanted}, not {found}", of_turn(context, node)));
            }
            finding.fix(|| quoted(context, node, shape)).fix(|| {
                // Where a fault of grammar hides the value's end, a bracket would go to the wrong place.
                if context.is_hidden(context.record.span(node)) {
                    None
                } else {
                    moves::wrapped(context, node, shape).or_else(|| as_json_text(context, node, shape))
                }
            });
        });
    }
}

/// What is wrong with an object in place of a list that has the rows or columns of a table.
fn by_columns(context: &Context<'_>, node: NodeId, shape: Shape) -> Option<String> {
    let Shape::List(element) = shape else { return None };
    match InPlaceOfList::of(context.record, node, *element) {
        InPlaceOfList::Rows => Some(
            "is a whole table column, not one example; write one example per line. In pandas: \
             `to_json(path, orient=\"records\", lines=True)`"
                .to_owned(),
        ),
        InPlaceOfList::Columns => {
            let noun = element.object().map_or("element", |object| object.noun);
            Some(format!("has a list for each field; expected a list of objects, one for each {noun}"))
        }
        InPlaceOfList::Element | InPlaceOfList::Other => None,
    }
}

/// The turn whose content the value is, such as " of a `tool` message". What a content may be depends on it.
fn of_turn(context: &Context<'_>, node: NodeId) -> String {
    let owner = context.record.parent(node);
    let speaker = |owner| context.example.turns.iter().find(|turn| turn.node == owner)?.speaker;
    let is_content = context.record.key(node) == context.name_of(Means::Content);
    let speaker = owner.filter(|_| is_content).and_then(speaker);
    speaker.map_or_else(String::new, |speaker| format!(" of {}", a_turn_of(context, speaker)))
}

/// Writes an object that is the content of a turn as a text, if the turn may have one.
fn as_json_text(context: &Context<'_>, node: NodeId, shape: Shape) -> Option<Fix> {
    let (record, span) = (context.record, context.record.span(node));
    let is_content = context.fit.shape(node)?.field.is_some_and(|field| field.means == Means::Content);
    let fits = is_content && shape.takes(Kind::String) && record.kind(node) == Kind::Object;
    let text = || lexer::quote(&print::compact(record.raw(span)));
    fits.then(|| Fix::suggested("Write it as a string of JSON", vec![Edit::replace(span, text())]))
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
            .effect(format!("Some published samples for {} use lower case too", context.service.title))
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
    vendor::labels(context, report);
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
            let sibling = if near.is_none() { named_by_sibling(context, node, choices) } else { None };
            let hint = match near.map(|(name, _)| name).or(sibling) {
                Some(name) => format!("; did you mean `{name}`?"),
                None => expected(&names(choices)),
            };
            let field = field_of(context, node);
            let what = match &*text {
                "" => format!("an empty string is not a value of {field}"),
                text => format!("`{text}` is not a value of {field}"),
            };
            finding.says(format!("{what}{hint}")).fix(|| {
                let name = near.map(|(name, _)| name).or(sibling)?;
                let mut edits = vec![Edit::replace(span, lexer::quote(name))];
                edits.extend(value_of_tag(context, node, name));
                edits.sort();
                let make = match near {
                    // The value that the tag names is missing.
                    Some(_) if is_tag_of_nothing(context, node, name) => Fix::manual,
                    Some((_, true)) => Fix::safe,
                    Some((_, false)) => Fix::suggested,
                    None => Fix::manual,
                };
                Some(make(format!("Change to `{name}`"), edits))
            });
        });
    }
}

/// The value of a tag that is the key of another member of its object, such as `image_url`.
fn named_by_sibling(context: &Context<'_>, tag: NodeId, choices: &Choices) -> Option<&'static str> {
    let is_tag = context.fit.shape(tag)?.field.is_some_and(|field| field.means == Means::Tag);
    let object = context.record.parent(tag).filter(|_| is_tag)?;
    let mut names = choices.values.iter().map(|choice| choice.name);
    names.find(|name| context.record.member(object, name).is_some())
}

/// Whether `name` would be a tag that names a member that its object doesn't have.
fn is_tag_of_nothing(context: &Context<'_>, tag: NodeId, name: &str) -> bool {
    let is_tag = context.fit.shape(tag).and_then(|pair| pair.field).is_some_and(|field| field.means == Means::Tag);
    let object = context.record.parent(tag).filter(|_| is_tag);
    object.is_some_and(|object| context.record.member(object, name).is_none())
}

/// The edits that the value named by a tag needs with it.
fn value_of_tag(context: &Context<'_>, tag: NodeId, name: &str) -> Vec<Edit> {
    let member = context.record.parent(tag).and_then(|object| context.record.member(object, name));
    let misfit = member.and_then(|member| wrong_value(context, member));
    match misfit.and_then(|(node, shape)| moves::wrapped(context, node, shape)) {
        Some(Fix { change: Change::Edits(edits), .. }) => edits,
        _ => Vec::new(),
    }
}

/// The expected shape of a value of the wrong type.
fn wrong_value(context: &Context<'_>, value: NodeId) -> Option<(NodeId, Shape)> {
    context.fit.misfits.iter().find_map(|misfit| match *misfit {
        Misfit::WrongType { node, shape, accepted: false } if node == value => Some((node, shape)),
        _ => None,
    })
}

/// The members that an unknown tag of their object names: the object, and the key. The finding about the tag explains
/// their values.
fn named_by_tags(context: &Context<'_>) -> HashSet<(NodeId, &'static str)> {
    let named = |misfit: &Misfit| match *misfit {
        Misfit::UnknownValue { node, choices } => {
            Some((context.record.parent(node)?, named_by_sibling(context, node, choices)?))
        }
        _ => None,
    };
    context.fit.misfits.iter().filter_map(named).collect()
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
            let expected = if field.means == Means::Answers { "exactly two elements" } else { "at least one element" };
            finding.says(format!("`{}` is an empty list; expected {expected}", field.name));
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
