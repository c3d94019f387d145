//! Fields of a line that its format doesn't have, and the other way round.

use crate::example::Part;
use crate::json::{Edit, Kind, NodeId, SyntaxError, lexer};
use crate::rules::report::lines_like_it;
use crate::rules::vendor;
use crate::rules::wording::{ObjectName, answer, expected};
use crate::rules::{Change, Context, Fact, Fix, Judge, Report, Severity, Tag, moves};
use crate::schema::misfit::Misfit;
use crate::schema::{Extra, Field, Means, Shape};
use Severity::{Error, Information, Warning};

pub(super) fn judge_fields(judge: &mut Judge<'_>, undocumented: bool) {
    let own = judge.verdict.format.id();
    for (fact, _) in judge.index().counts().iter().collect::<Vec<_>>() {
        if fact.as_field().is_some_and(|(format, _, kind)| format == own && kind == undocumented) {
            judge.on_first(fact, Information);
        }
    }
}

pub(super) fn missing_field(context: &Context<'_>, report: &mut Report<'_>) {
    if context.structure_is_hidden() {
        return;
    }
    for misfit in &context.fit.misfits {
        let &Misfit::Missing { node, field, .. } = misfit else { continue };
        if vendor::is_flat_completion(context, node) {
            continue;
        }
        let holds_part = |member| is_misplaced_into_part(context, member);
        if field.means == Means::Content && context.record.children(node).any(holds_part) {
            continue;
        }
        // An object whose fields all belong elsewhere is itself in the wrong place.
        let mut members = context.record.children(node).peekable();
        if members.peek().is_some() && members.all(|member| is_misplaced(context, member)) {
            continue;
        }
        report.find(Error, context.owner_span(node), |finding| {
            let name = field.name;
            match context.record.parent(node) {
                Some(_) => finding.says(format!("`{name}` is missing in {}", ObjectName::of(context, node).this())),
                None => finding.says(format!("`{name}` is missing")),
            };
            if let Some(answer) = field.if_missing.and_then(|clause| answer(context, clause)) {
                finding.effect(answer);
            }
            finding.fix(|| insert_member(context, node, field));
        });
    }
}

/// Adds a field with its example value at the end of its object, or in place of its null. Only a person knows the right
/// value, unless there is only one, or the text is still to be written.
fn insert_member(context: &Context<'_>, node: NodeId, field: &Field) -> Option<Fix> {
    let edit = match context.record.member(node, field.name) {
        Some(null) => Edit::replace(context.record.span(null), field.example.to_owned()),
        None => moves::append_member(context.record, node, field.name, field.example)?,
    };
    let is_certain = match field.shape {
        Shape::Enum(choices) => choices.values.len() == 1,
        _ => field.example == "\"\"",
    };
    let make = if is_certain { Fix::suggested } else { Fix::manual };
    Some(make(format!("Insert `{}`", field.name), vec![edit]))
}

pub(super) fn unknown_field(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::Unknown { node, object, near } = misfit else { continue };
        let is_column = context.service.takes_other_fields && near.is_none() && context.record.parent(node) == Some(0);
        if is_consequence(context, node) || is_column || names_unknown_sibling(context, node) {
            continue;
        }
        let rejected = object.extra == Extra::Rejected;
        let severity = if near.is_some() || rejected { Error } else { Warning };
        let span = context.record.key_span(node).unwrap_or_default();
        report.find(severity, span, |finding| {
            let key = context.record.key(node);
            let holder = ObjectName::of(context, context.record.node(node).parent);
            let hint = near.map_or_else(String::new, |field| format!("; did you mean `{}`?", field.name));
            finding.says(format!("`{key}` is not a field of {holder}{hint}")).tag(Tag::Unnecessary);
            if context.kind.root.extra != Extra::Rejected {
                finding.effect(format!("{} rejects the line or ignores the field", context.service.title));
            }
            finding.fix(|| {
                let field = near?;
                // Only where no member has that name already.
                let parent = context.record.node(node).parent;
                let taken = context.record.children(parent).any(|child| {
                    child != node
                        && object.field(&context.record.key(child)).is_some_and(|other| std::ptr::eq(other, field))
                });
                if taken {
                    return None;
                }
                let mut edits = vec![Edit::replace(span, lexer::quote(field.name))];
                edits.extend(value_as(context, node, field)?);
                // A tag that names the field goes with its name.
                let tag = context.record.children(parent).find(|child| names_sibling(context, *child, node));
                let removal = tag.and_then(|tag| moves::remove_element(context.record, tag));
                let and_tag = if removal.is_some() { " and remove `type`" } else { "" };
                edits.extend(removal);
                edits.sort();
                Some(Fix::suggested(format!("Rename to `{}`{and_tag}", field.name), edits))
            });
        });
    }
}

/// Whether a member is a tag, such as `"type": "image_url"`, that names another unknown member of its object.
fn names_unknown_sibling(context: &Context<'_>, node: NodeId) -> bool {
    context.fit.misfits.iter().any(|misfit| match *misfit {
        Misfit::Unknown { node: other, near: Some(_), .. } => names_sibling(context, node, other),
        _ => false,
    })
}

/// Whether the value of a member is the key of another member of its object.
fn names_sibling(context: &Context<'_>, node: NodeId, other: NodeId) -> bool {
    let record = context.record;
    node != other
        && record.node(node).parent == record.node(other).parent
        && record.key(node) == "type"
        && record.string(node).is_some_and(|value| value == record.key(other))
}

/// The edit that turns the value of a member into one of a field it is renamed to: none if it is one already. `None` if
/// there is no such edit.
fn value_as(context: &Context<'_>, node: NodeId, field: &Field) -> Option<Vec<Edit>> {
    let (record, span) = (context.record, context.record.span(node));
    let kind = record.kind(node);
    if field.means == Means::File {
        let file = vendor::file_of(record, node)?;
        return Some(if file == record.raw(span) { Vec::new() } else { vec![Edit::replace(span, file)] });
    }
    if matches!(field.shape, Shape::Struct) && kind == Kind::String {
        let text = record.string(node)?;
        let is_object = text.trim_start().starts_with('{') && crate::json::print::compact(&text).ends_with('}');
        let is_valid = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
        return (is_object && is_valid).then(|| vec![Edit::replace(span, crate::json::print::compact(&text))]);
    }
    match moves::wrapped(record, node, field.shape) {
        Some(Fix { change: Change::Edits(edits), .. }) if !field.shape.takes(kind) => Some(edits),
        _ => Some(Vec::new()),
    }
}

/// Whether another finding already explains the name or the place of a member: a fault of grammar in its key or
/// before it in its object, or invalid bytes.
fn is_consequence(context: &Context<'_>, node: NodeId) -> bool {
    let record = context.record;
    let key = record.key_span(node).unwrap_or_default();
    let from = record.span(record.node(node).parent).start();
    let hides =
        |error: &SyntaxError| error.fault.hides_structure() && (from..=key.start()).contains(&error.span.start());
    record.kind(node) == Kind::Missing
        || context.errors.iter().any(hides)
        || (context.input.invalid.is_some() && record.raw(key).contains('\u{FFFD}'))
}

pub(super) fn misplaced_field(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::Misplaced { node, home, .. } = misfit else { continue };
        let is_flat = || vendor::is_flat_completion(context, context.record.node(node).parent);
        if is_consequence(context, node) || is_weight_of_turn(context, node) || is_flat() {
            continue;
        }
        let span = context.record.key_span(node).unwrap_or_default();
        report.find(Error, span, |finding| {
            let key = context.record.key(node);
            let holder = ObjectName::of(context, context.record.node(node).parent);
            finding
                .says(format!("`{key}` is not a field of {holder}; move it to {}", home.place))
                .fix(|| moves::to_its_home(context, node, home));
        });
    }
}

/// Whether it is a weight on a turn that can't have one: a finding of `bad-weight`.
fn is_weight_of_turn(context: &Context<'_>, node: NodeId) -> bool {
    let parent = context.record.node(node).parent;
    let is_weight = context.record.key(node) == context.name_of(Means::Weight);
    is_weight && context.example.turns.iter().any(|turn| turn.node == parent)
}

pub(super) fn snake_case_field(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::SnakeCase { node, field } = misfit else { continue };
        let span = context.record.key_span(node).unwrap_or_default();
        let parent = context.record.node(node).parent;
        // If the right name is there too, renaming would make a duplicate, of which readers ignore one silently.
        let is_free = || context.record.member(parent, field.name).is_none();
        let rename =
            || Fix::safe(format!("Rename to `{}`", field.name), vec![Edit::replace(span, lexer::quote(field.name))]);
        let fix = || is_free().then(rename);
        let key = context.record.key(node);
        if field.snake_is_dropped {
            report.find(Warning, span, |finding| {
                finding
                    .says(format!("`{key}` is the snake_case name of `{}`", field.name))
                    .effect(format!("{} is reported to ignore it silently", context.service.title))
                    .fix(fix);
            });
        } else {
            report.once(Fact::snake_case(context.format.id(), field), Information, span, |finding, count| {
                finding
                    .says(format!("`{key}` is the snake_case name of `{}`{}", field.name, lines_like_it(count)))
                    .fix(fix);
            });
        }
    }
}

pub(super) fn conflicting_fields(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::Conflict { node, first } = misfit else { continue };
        let span = |node| context.record.key_span(node).unwrap_or_default();
        report.find(Error, span(node), |finding| {
            finding
                .says(format!(
                    "`{}` and `{}` can't be combined in {}",
                    context.record.key(first),
                    context.record.key(node),
                    ObjectName::of(context, context.record.node(node).parent).one()
                ))
                .related(span(first), "the other field");
        });
    }
}

pub(super) fn empty_part(context: &Context<'_>, report: &mut Report<'_>) {
    if context.structure_is_hidden() {
        return;
    }
    for misfit in &context.fit.misfits {
        let &Misfit::Empty { node, object, union } = misfit else { continue };
        // Metadata without its media is a finding of `orphan-video-metadata`.
        let has_metadata = |part: &Part| part.node == node && part.segment.is_some();
        let has_data = |child: NodeId| is_misplaced(context, child) || context.example.parts.iter().any(has_metadata);
        if context.record.children(node).any(has_data) {
            continue;
        }
        report.find(Error, context.owner_span(node), |finding| {
            finding
                .says(format!(
                    "{} has no data{}",
                    ObjectName::of(context, node).this(),
                    expected(&union.members[..union.members.len().min(4)])
                ))
                .fix(|| {
                    let alone =
                        context.record.parent(node).is_some_and(|list| context.record.children(list).nth(1).is_none());
                    // A turn without text probably lacks the text: removing it would change the conversation.
                    let is_turn = context.example.turns.iter().any(|turn| turn.node == node);
                    let edit = moves::remove_element(context.record, node)?;
                    (!alone && !is_turn && !moves::holds_text(context.record, node))
                        .then(|| Fix::suggested(format!("Remove the empty {}", object.noun), vec![edit]))
                });
        });
    }
}

/// Whether a member is in the wrong place and belongs in a part.
fn is_misplaced_into_part(context: &Context<'_>, member: NodeId) -> bool {
    let of_part = |name: &str| {
        let field = context.format.field(Means::Content);
        field.is_some_and(|field| field.shape.objects().iter().any(|part| part.name == name))
    };
    context.fit.misfits.iter().any(|misfit| match misfit {
        Misfit::Misplaced { node, home, .. } => *node == member && of_part(home.object),
        _ => false,
    })
}

fn is_misplaced(context: &Context<'_>, child: NodeId) -> bool {
    context.fit.misfits.iter().any(|misfit| match misfit {
        Misfit::Misplaced { node, .. } => *node == child,
        Misfit::Unknown { node, near, .. } => *node == child && near.is_some(),
        _ => false,
    })
}

pub(super) fn undocumented_field(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::Undocumented { node, field } = misfit else { continue };
        let span = context.record.key_span(node).unwrap_or_default();
        report.once(Fact::undocumented(context.format.id(), field), Information, span, |finding, count| {
            finding
                .says(format!(
                    "`{}` isn't in the tuning documentation; its effect is unknown{}",
                    field.name,
                    lines_like_it(count)
                ))
                .tag(Tag::Unnecessary);
        });
    }
}
