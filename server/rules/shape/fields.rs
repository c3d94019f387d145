//! Fields of a line that its format doesn't have, and the other way round.

use super::flat::{flat_objects, flats};
use super::rename;
use crate::json::{Edit, Kind, NodeId, SyntaxError, lexer};
use crate::rules::report::lines_like_it;
use crate::rules::vendor;
use crate::rules::wording::{ObjectName, answer, expected};
use crate::rules::{Context, Fact, Fix, Judge, Report, Severity, Tag, moves};
use crate::schema::misfit::Misfit;
use crate::schema::{Extra, Field, Means, Object, Shape, Union};
use Severity::{Error, Information, Warning};
use std::collections::{HashMap, HashSet};

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
    let flats = flats(context);
    for misfit in &context.fit.misfits {
        let &Misfit::Missing { node, field, .. } = misfit else { continue };
        let is_flat = || flats.iter().any(|flat| flat.node == node);
        if vendor::is_flat_completion(context, node) || is_flat() {
            continue;
        }
        if rename::is_constant(field) && rename::is_renamed_with_tag(context, node) {
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
            let what = if context.record.member(node, name).is_some() { "null" } else { "missing" };
            match context.record.parent(node) {
                Some(_) => finding.says(format!("`{name}` is {what} in {}", ObjectName::of(context, node).this())),
                None => finding.says(format!("`{name}` is {what}")),
            };
            if let Some(answer) = field.if_missing.and_then(|clause| answer(context, clause)) {
                finding.effect(answer);
            }
            finding.fix(|| insert_member(context, node, field));
        });
    }
}

/// Adds a field with its example value at the end of its object, or in place of its null. Only the author knows the
/// value, unless it is a tag that the other members determine.
fn insert_member(context: &Context<'_>, node: NodeId, field: &Field) -> Option<Fix> {
    let record = context.record;
    let is_named = |name: &str| record.member(node, name).is_some();
    let by_sibling = match field.shape {
        Shape::Enum(choices) if field.means == Means::Tag => {
            choices.values.iter().map(|choice| choice.name).find(|name| is_named(name)).map(lexer::quote)
        }
        _ => None,
    };
    let is_known = by_sibling.is_some() || rename::is_constant(field);
    let value = by_sibling.unwrap_or_else(|| field.example.to_owned());
    let edit = match record.member(node, field.name) {
        Some(null) => Edit::replace(record.span(null), value),
        None => moves::append_member(record, node, field.name, &value)?,
    };
    let title = format!("Insert `{}`", field.name);
    Some(if is_known { Fix::suggested(title, vec![edit]) } else { Fix::manual(title, vec![edit]) })
}

pub(super) fn unknown_field(context: &Context<'_>, report: &mut Report<'_>) {
    let foreign = rename::foreign_names(context);
    if !foreign.first().is_some_and(|(node, ..)| is_consequence(context, *node)) {
        rename::report_foreign_names(context, report, &foreign);
    }
    for Unknown { object, near, lone, nodes } in unknown_fields(context, &foreign) {
        let Some(&node) = nodes.first() else { continue };
        let rejected = object.extra == Extra::Rejected || lone.is_some();
        let severity = if near.is_some() || rejected { Error } else { Warning };
        let span = context.record.key_span(node).unwrap_or_default();
        report.find(severity, span, |finding| {
            let key = context.record.key(node);
            let holder = ObjectName::of(context, context.record.node(node).parent).field();
            let hint = match (near, &lone) {
                (Some(field), _) => format!("; did you mean `{}`?", field.name),
                (None, Some(lone)) => lone.file.map_or_else(
                    || expected(first_names(lone.union)),
                    |field| format!("; did you mean `{}`?", field.name),
                ),
                (None, None) => String::new(),
            };
            let times = match nodes.len() {
                1 => String::new(),
                count => format!(" ({count} on this line)"),
            };
            finding.says(format!("`{key}` is not {holder}{times}{hint}")).tag(Tag::Unnecessary);
            if !rejected {
                finding.effect(format!("{} rejects the line or ignores the field", context.service.title));
            }
            finding.fix(|| match near.or(lone.and_then(|lone| lone.file)) {
                Some(field) => {
                    let members = nodes.iter().map(|node| (*node, object, field));
                    let free = members.filter(|member| rename::rename(context, &[*member]).is_some());
                    rename::rename(context, &free.collect::<Vec<_>>())
                }
                None => rename::without_tags(context, &nodes),
            });
        });
    }
}

/// Unknown members of one kind of object that have the same key.
struct Unknown {
    object: &'static Object,
    near: Option<&'static Field>,
    lone: Option<LoneContent>,
    nodes: Vec<NodeId>,
}

/// The unknown members of a record that no other finding explains, in the order of their first ones.
fn unknown_fields(context: &Context<'_>, foreign: &[(NodeId, &'static Object, &'static Field)]) -> Vec<Unknown> {
    let record = context.record;
    let flats = flats(context);
    let foreign: HashSet<NodeId> = match foreign {
        [] | [_] => HashSet::new(),
        several => several.iter().map(|(node, ..)| *node).collect(),
    };
    let mut all: Vec<Unknown> = Vec::new();
    let mut places = HashMap::new();
    for misfit in &context.fit.misfits {
        let &Misfit::Unknown { node, object, near } = misfit else { continue };
        let takes_others = context.service.takes_other_fields && near.is_none();
        let is_column = takes_others && (record.parent(node) == Some(0) || object.extra == Extra::Unclear);
        let is_flat = flats.iter().any(|flat| flat.has(node));
        if foreign.contains(&node) || is_flat || is_column || is_unset_field_of_kind(context, node) {
            continue;
        }
        if is_consequence(context, node) || names_unknown_sibling(context, node) {
            continue;
        }
        let lone = lone_content(context, record.node(node).parent);
        if lone.is_some_and(|lone| lone.node != node) {
            continue;
        }
        let group = (std::ptr::from_ref(object), record.key(node), near.map(std::ptr::from_ref), lone.is_some());
        let place = *places.entry(group).or_insert(all.len());
        match all.get_mut(place) {
            Some(unknown) => unknown.nodes.push(node),
            None => all.push(Unknown { object, near, lone, nodes: vec![node] }),
        }
    }
    all
}

/// Whether a member is `null` at the top level, and a field of another kind of line: it counts as absent.
fn is_unset_field_of_kind(context: &Context<'_>, node: NodeId) -> bool {
    let record = context.record;
    record.kind(node) == Kind::Null
        && record.parent(node) == Some(0)
        && context.format.kinds.iter().any(|kind| kind.root.field(&record.key(node)).is_some())
}

/// Whether a member is a tag, such as `"type": "image_url"`, that names another unknown member of its object, or is next to a file.
fn names_unknown_sibling(context: &Context<'_>, node: NodeId) -> bool {
    let is_named = |other: NodeId| {
        let is_file = |field: &Field| field.means == Means::File && other != node;
        let mut misfits = context.fit.misfits_at(other);
        misfits.any(|misfit| match misfit {
            Misfit::Unknown { near: Some(field), .. } => is_file(field) || rename::names_sibling(context, node, other),
            _ => false,
        })
    };
    // An object has one unknown member with this key at most, so its members are compared once.
    rename::is_tag(context, node) && context.record.children(context.record.node(node).parent).any(is_named)
}

/// The content of a part that has no other data, under a key that the format doesn't have.
#[derive(Clone, Copy)]
struct LoneContent {
    node: NodeId,
    /// The data that the part lacks.
    union: &'static Union,
    /// The field of a file, if the value is the location of one.
    file: Option<&'static Field>,
}

/// The content of the part `part`, if all of it is under unknown keys.
fn lone_content(context: &Context<'_>, part: NodeId) -> Option<LoneContent> {
    let (object, union) = context.fit.misfits_at(part).find_map(|misfit| match *misfit {
        Misfit::Empty { object, union, .. } if object.means == Means::Part => Some((object, union)),
        _ => None,
    })?;
    let inside = part + 1..context.record.node(part).next;
    let unknown = context.fit.misfits_of(inside).filter_map(|misfit| match *misfit {
        Misfit::Unknown { node, .. } if context.record.node(node).parent == part => Some(node),
        _ => None,
    });
    let has_content = |node: &NodeId| context.record.holds_content(*node);
    let is_file = |node: NodeId| vendor::file_of(context.record, node).is_some();
    let node =
        unknown.filter(has_content).min_by_key(|node| (!is_file(*node), rename::is_tag(context, *node), *node))?;
    Some(LoneContent { node, union, file: object.meaning(Means::File).filter(|_| is_file(node)) })
}

/// The first names of a union, for a message.
fn first_names(union: &'static Union) -> &'static [&'static str] {
    &union.members[..union.members.len().min(4)]
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
        || (context.structure_is_hidden() && context.errors.iter().any(hides))
        || (context.input.invalid.is_some() && record.raw(key).contains('\u{FFFD}'))
}

pub(super) fn misplaced_field(context: &Context<'_>, report: &mut Report<'_>) {
    let flats = flats(context);
    if !context.structure_is_hidden() {
        flat_objects(context, report, &flats);
    }
    for misfit in &context.fit.misfits {
        let &Misfit::Misplaced { node, home, .. } = misfit else { continue };
        let parent = context.record.node(node).parent;
        let is_flat = || vendor::is_flat_completion(context, parent) || flats.iter().any(|flat| flat.has(node));
        let is_column = context.service.takes_other_fields && parent == 0;
        if is_consequence(context, node) || is_weight_of_turn(context, node) || is_column || is_flat() {
            continue;
        }
        let pair = vendor::pair_of_answers(context, node);
        if pair.is_some_and(|(first, second)| node > first.min(second)) {
            continue;
        }
        let span = context.record.key_span(node).unwrap_or_default();
        report.find(Error, span, |finding| {
            let key = context.record.key(node);
            let holder = ObjectName::of(context, context.record.node(node).parent);
            let field = holder.field();
            match pair {
                Some((first, second)) => finding.says(format!(
                    "`{}` and `{}` are not fields of {holder}; move both to `{}`",
                    context.record.key(first),
                    context.record.key(second),
                    context.name_of(Means::Answers)
                )),
                None => finding.says(format!("`{key}` is not {field}; move it to {}", home.place)),
            };
            finding.fix(|| moves::to_its_home(context, node, home)).fix(|| vendor::to_completions(context, node));
        });
    }
}

/// Whether it is a weight on a turn that can't have one: a finding of `bad-weight`.
fn is_weight_of_turn(context: &Context<'_>, node: NodeId) -> bool {
    let parent = context.record.node(node).parent;
    let is_weight = context.record.key(node) == context.name_of(Means::Weight);
    is_weight && context.example.turn_at(parent).is_some()
}

pub(super) fn snake_case_field(context: &Context<'_>, report: &mut Report<'_>) {
    if context.service.writes_snake_case {
        return;
    }
    // If the right name is there too, renaming would make a duplicate, of which readers ignore one silently.
    let is_free =
        |node: NodeId, field: &Field| context.record.member(context.record.node(node).parent, field.name).is_none();
    let edit = |(node, field): (NodeId, &Field)| {
        let span = context.record.key_span(node).unwrap_or_default();
        is_free(node, field).then(|| Edit::replace(span, lexer::quote(field.name)))
    };
    let mut dropped: Vec<(NodeId, &'static Field)> = Vec::new();
    for misfit in &context.fit.misfits {
        let &Misfit::SnakeCase { node, field } = misfit else { continue };
        if field.snake_is_dropped {
            dropped.push((node, field));
            continue;
        }
        let span = context.record.key_span(node).unwrap_or_default();
        report.once(Fact::snake_case(context.format.id(), field), Information, span, |finding, count| {
            let (key, lines) = (context.record.key(node), lines_like_it(count));
            finding
                .says(format!("`{key}` is the snake_case name of `{}`{lines}", field.name))
                .fix(|| Some(Fix::safe(format!("Rename to `{}`", field.name), vec![edit((node, field))?])));
        });
    }
    let Some(&(first, field)) = dropped.first() else { return };
    report.find(Warning, context.record.key_span(first).unwrap_or_default(), |finding| {
        let key = context.record.key(first);
        let (message, title) = match dropped.len() - 1 {
            0 => (format!("rename `{key}` to `{}`", field.name), format!("Rename to `{}`", field.name)),
            more => (
                format!("rename `{key}` to `{}`, and {more} more on this line in the same way", field.name),
                "Rename all to camelCase".to_owned(),
            ),
        };
        finding
            .says(message)
            .effect(format!(
                "{} is reported to ignore the snake_case name silently, and to train without the media",
                context.service.title
            ))
            .fix(|| {
                let edits: Vec<_> = dropped.iter().filter_map(|member| edit(*member)).collect();
                (!edits.is_empty()).then(|| Fix::safe(title, edits))
            });
    });
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
        let has_metadata = context.example.part_at(node).is_some_and(|part| part.segment.is_some());
        let has_misplaced = || context.record.children(node).any(|child| is_misplaced(context, child));
        // Content under an unknown key is a finding of `unknown-field`.
        if has_metadata || has_misplaced() || lone_content(context, node).is_some() {
            continue;
        }
        report.find(Error, context.owner_span(node), |finding| {
            finding
                .says(format!("{} has no data{}", ObjectName::of(context, node).this(), expected(first_names(union))))
                .fix(|| {
                    let alone =
                        context.record.parent(node).is_some_and(|list| context.record.children(list).nth(1).is_none());
                    // A turn without text probably lacks the text: removing it would change the conversation.
                    let is_turn = context.example.turn_at(node).is_some();
                    let edit = moves::remove_element(context.record, node)?;
                    let has_content = context.record.children(node).any(|child| context.record.holds_content(child));
                    // A key without a value may be a text with a wrong quote.
                    let mut members = context.record.children(node);
                    let is_cut = members.any(|child| context.record.kind(child) == Kind::Missing);
                    let is_certain = !has_content && !is_cut && !context.is_hidden(context.record.span(node));
                    let fix = if is_certain { Fix::suggested } else { Fix::manual };
                    (!alone && !is_turn).then(|| fix(format!("Remove the empty {}", object.noun), vec![edit]))
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
    context.fit.misfits_at(member).any(|misfit| match misfit {
        Misfit::Misplaced { home, .. } => of_part(home.object),
        _ => false,
    })
}

fn is_misplaced(context: &Context<'_>, child: NodeId) -> bool {
    context.fit.misfits_at(child).any(|misfit| match misfit {
        Misfit::Misplaced { .. } => true,
        Misfit::Unknown { near, .. } => near.is_some(),
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
