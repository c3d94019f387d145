//! Renames fields that have another program's name or a typo, and changes their values with their names.

use crate::json::{Edit, Kind, NodeId, lexer, print};
use crate::rules::turns::speaker::{Says, meaning};
use crate::rules::vendor;
use crate::rules::wording::{article, listed};
use crate::rules::{Change, Context, Fix, Report, Severity::Error, Tag, moves};
use crate::schema::misfit::Misfit;
use crate::schema::{Field, Means, Object, Shape, Union};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// The fix that renames all of these members, which are not fields of their objects. `None` if one of them can't be.
pub(super) fn rename(context: &Context<'_>, members: &[(NodeId, &'static Object, &'static Field)]) -> Option<Fix> {
    if members.is_empty() {
        return None;
    }
    let mut edits = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let mut and_tag = "";
    for (node, object, field) in members {
        if tag_of(context, *node, field).is_some() {
            and_tag = " and remove `type`";
        }
        edits.extend(edits_of(context, *node, object, field)?);
        let name = format!("`{}`", field.name);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    edits.sort();
    if edits.windows(2).any(|pair| pair[0].span.end() > pair[1].span.start()) {
        return None;
    }
    // Only the location of a file is kept.
    let has_more = |node: NodeId| context.record.children(node).nth(1).is_some();
    let is_lossy = members.iter().any(|(node, _, field)| field.means == Means::File && has_more(*node));
    let make = if is_lossy { Fix::manual } else { Fix::suggested };
    Some(make(format!("Rename to {}{and_tag}", listed(&names)), edits))
}

fn edits_of(context: &Context<'_>, node: NodeId, object: &'static Object, field: &'static Field) -> Option<Vec<Edit>> {
    let record = context.record;
    // Only where no member has that name already.
    let parent = record.node(node).parent;
    let is_it = |child| object.field(&record.key(child)).is_some_and(|other| std::ptr::eq(other, field));
    if record.children(parent).any(|child| child != node && is_it(child)) {
        return None;
    }
    let value = value_as(context, node, field)?;
    let span = record.span(node);
    if excludes_sibling(context, node, object, field) {
        return moved_out(context, node, field, &value);
    }
    let mut edits = vec![Edit::replace(record.key_span(node).unwrap_or_default(), lexer::quote(field.name))];
    // A new value would lose what broken grammar hides in the old one, such as a comment.
    if !value.is_empty() && context.errors.iter().any(|error| error.span.meets(span)) {
        return None;
    }
    edits.extend(value);
    // A tag that names the field goes with its name.
    edits.extend(tag_of(context, node, field).and_then(|tag| moves::remove_element(record, tag)));
    let missing_tag = missing_tag(context, parent);
    if let Some(tag) = missing_tag.filter(|_| holds_object(field)) {
        edits.push(moves::append_member(record, parent, tag.name, tag.example)?);
    }
    Some(edits)
}

/// Whether another member of the object can't be combined with a field.
fn excludes_sibling(context: &Context<'_>, node: NodeId, object: &'static Object, field: &Field) -> bool {
    let record = context.record;
    let of_union = |union: &&Union| union.exclusive && union.members.contains(&field.name);
    let is_other = |other: NodeId| {
        let name = object.field(&record.key(other)).map(|field| field.name);
        other != node
            && name.is_some_and(|name| object.unions.iter().filter(of_union).any(|it| it.members.contains(&name)))
    };
    record.children(record.node(node).parent).any(is_other)
}

/// Moves a member under its right name into an element of its own before that of its object, which keeps one other
/// member. `None` if that isn't clear.
fn moved_out(context: &Context<'_>, node: NodeId, field: &Field, value: &[Edit]) -> Option<Vec<Edit>> {
    let record = context.record;
    let object = record.parent(node)?;
    record.index(object)?;
    let value = match value {
        [] => record.raw(record.span(node)),
        [edit] if edit.span == record.span(node) => &edit.text,
        _ => return None,
    };
    let is_clear = record.children(object).count() == 2 && !context.structure_is_hidden();
    let new = format!("{{{}:{value}}},", lexer::quote(field.name));
    let edits = vec![Edit::insert(record.span(object).start(), new), moves::remove_element(record, node)?];
    is_clear.then_some(edits)
}

/// The tag that goes with a member: the one with its name, or any tag next to a file.
fn tag_of(context: &Context<'_>, node: NodeId, field: &Field) -> Option<NodeId> {
    let parent = context.record.node(node).parent;
    let goes =
        |child: NodeId| names_sibling(context, child, node) || (field.means == Means::File && is_tag(context, child));
    context.record.children(parent).find(|child| goes(*child))
}

fn holds_object(field: &Field) -> bool {
    matches!(field.shape, Shape::Object(_))
}

/// The tag that an object lacks, if there is only one value for it.
fn missing_tag(context: &Context<'_>, object: NodeId) -> Option<&'static Field> {
    context.fit.misfits.iter().find_map(|misfit| match *misfit {
        Misfit::Missing { node, field, .. } if node == object && is_constant(field) => Some(field),
        _ => None,
    })
}

/// Whether a field is a tag with only one value.
pub(super) fn is_constant(field: &Field) -> bool {
    field.means == Means::Tag && matches!(field.shape, Shape::Enum(choices) if choices.values.len() == 1)
}

/// Whether another finding about the object explains its missing tag and adds it: a misnamed field that holds an
/// object.
pub(super) fn is_renamed_with_tag(context: &Context<'_>, object: NodeId) -> bool {
    context.fit.misfits.iter().any(|misfit| match *misfit {
        Misfit::Unknown { node, near: Some(field), .. } => {
            context.record.node(node).parent == object && holds_object(field)
        }
        _ => false,
    })
}

/// The fields of turns that all have another program's name, such as those of each message of a conversation.
pub(super) fn foreign_names(context: &Context<'_>) -> Vec<(NodeId, &'static Object, &'static Field)> {
    let named = |misfit: &Misfit| match *misfit {
        Misfit::Unknown { node, object, near: Some(field) } => {
            let is_alias = field.aliases.contains(&&*context.record.key(node));
            (object.means == Means::Turn && is_alias).then_some((node, object, field))
        }
        _ => None,
    };
    context.fit.misfits.iter().filter_map(named).collect()
}

/// Reports the fields of turns that have another program's names, once for the whole record.
pub(super) fn report_foreign_names(
    context: &Context<'_>,
    report: &mut Report<'_>,
    foreign: &[(NodeId, &'static Object, &'static Field)],
) {
    let Some(&(first, object, _)) = foreign.first().filter(|_| foreign.len() > 1) else { return };
    let span = context.record.key_span(first).unwrap_or_default();
    report.find(Error, span, |finding| {
        let mut keys: Vec<String> = Vec::new();
        let mut names: Vec<String> = Vec::new();
        for (node, _, field) in foreign {
            let key = format!("`{}`", context.record.key(*node));
            if !keys.contains(&key) {
                keys.push(key);
                names.push(format!("`{}`", field.name));
            }
        }
        names.dedup();
        let (verb, noun) = (if keys.len() == 1 { "is not a field" } else { "are not fields" }, object.noun);
        let (keys, names) = (listed(&keys), listed(&names));
        finding
            .says(format!("{keys} {verb} of {} {noun}; did you mean {names}?", article(noun)))
            .tag(Tag::Unnecessary)
            .fix(|| rename(context, foreign));
    });
}

/// Whether the value of a member is the key of another member of its object.
pub(super) fn names_sibling(context: &Context<'_>, node: NodeId, other: NodeId) -> bool {
    let record = context.record;
    node != other
        && record.node(node).parent == record.node(other).parent
        && is_tag(context, node)
        && record.string(node).is_some_and(|value| value == record.key(other))
}

/// The fix that removes tags that name another member of their object, which tells the same. `None` for other members.
pub(super) fn without_tags(context: &Context<'_>, members: &[NodeId]) -> Option<Fix> {
    let record = context.record;
    let is_field = |node: &NodeId| context.fit.shape(*node).is_some();
    let mut fields: HashMap<NodeId, HashSet<Cow<'_, str>>> = HashMap::new();
    let mut edits = Vec::new();
    for &node in members {
        let named = record.string(node).filter(|_| is_tag(context, node))?;
        let parent = record.node(node).parent;
        let siblings = || record.children(parent).filter(is_field).map(|field| record.key(field)).collect();
        if !fields.entry(parent).or_insert_with(siblings).contains(&named) {
            return None;
        }
        edits.push(moves::remove_element(record, node)?);
    }
    let key = record.key(*members.first()?);
    Some(Fix::suggested(format!("Remove `{key}`"), edits))
}

/// Whether a member may name the kind of its object.
pub(super) fn is_tag(context: &Context<'_>, node: NodeId) -> bool {
    context.record.key(node) == "type" && context.record.kind(node) == Kind::String
}

/// The edits that turn the value of a member into one of a field it is renamed to: none if it is one already. `None` if
/// there are no such edits.
fn value_as(context: &Context<'_>, node: NodeId, field: &Field) -> Option<Vec<Edit>> {
    let (record, span) = (context.record, context.record.span(node));
    let kind = record.kind(node);
    let replaced = |text: String| Some(vec![Edit::replace(span, text)]);
    match (field.means, field.shape, kind) {
        (Means::File, ..) => match vendor::file_of(record, node)? {
            file if file == record.raw(span) => Some(Vec::new()),
            file => replaced(file),
        },
        (Means::Speaker, _, Kind::String) => {
            let role = record.string(node)?;
            let Says::By(speaker) = meaning(&role, &context.format.words).0 else { return None };
            let name = context.role(speaker)?;
            if context.format.words.speaker(&role).is_some() { Some(Vec::new()) } else { replaced(lexer::quote(name)) }
        }
        (Means::Content, shape, Kind::Array) if shape.takes(Kind::Array) => typed_parts(context, node, shape),
        (_, Shape::Struct, Kind::String) => {
            let text = record.string(node)?;
            let is_object = text.trim_start().starts_with('{') && print::compact(&text).ends_with('}');
            let is_valid = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
            if is_object && is_valid { replaced(print::compact(&text)) } else { None }
        }
        // A value without names keeps its old key as its name.
        (_, Shape::Map(value), _) if kind != Kind::Object && value.takes(kind) => {
            replaced(format!("{{{}:{}}}", record.raw(record.key_span(node)?), record.raw(span)))
        }
        // In a reference such as `#/$name/…`, the name loses its `$`, too.
        (_, Shape::String, Kind::String)
            if record.key(node).starts_with('$') && record.raw(span).starts_with("\"#/$") =>
        {
            replaced(record.raw(span).replacen("\"#/$", "\"#/", 1))
        }
        (_, Shape::Object(_), Kind::Array) => {
            let mut elements = record.children(node);
            let only = elements.next().filter(|only| record.kind(*only) == Kind::Object)?;
            if elements.next().is_some() { None } else { replaced(record.raw(record.span(only)).to_owned()) }
        }
        (_, shape, _) => match moves::wrapped(context, node, shape) {
            Some(Fix { change: Change::Edits(edits), .. }) if !shape.takes(kind) => Some(edits),
            _ if field.means == Means::Text && kind != Kind::String => None,
            _ => Some(Vec::new()),
        },
    }
}

/// Gives each part of a list its type, if parts have one. `None` if a part is more than a text.
fn typed_parts(context: &Context<'_>, list: NodeId, shape: Shape) -> Option<Vec<Edit>> {
    let record = context.record;
    let objects = shape.objects();
    let Some(part) = objects.iter().find(|part| part.meaning(Means::Tag).is_some()) else { return Some(Vec::new()) };
    let (tag, text) = (part.meaning(Means::Tag)?, part.meaning(Means::Text)?);
    let mut edits = Vec::new();
    for part in record.children(list) {
        if record.member(part, tag.name).is_some() {
            continue;
        }
        let only = record.children(part).next().filter(|only| record.node(*only).next == record.node(part).next)?;
        if record.kind(part) != Kind::Object || record.key(only) != text.name {
            return None;
        }
        let at = record.key_span(only)?.start();
        edits.extend([Edit::insert(at, format!("\"{}\":{},", tag.name, lexer::quote(text.name)))]);
    }
    Some(edits)
}
