//! Edits that add, remove, move or wrap members and elements, with their commas.

use crate::example::Speaker;
use crate::json::{Edit, Kind, NodeId, Record, Span, lexer};
use crate::rules::{Context, Fix};
use crate::schema::misfit::Misfit;
use crate::schema::{Destination, Home, Means, Object, Shape, snake_case};

/// Appends a member to an object; `value` is JSON text. `None` if `object` is not an object or is not closed.
#[must_use]
pub fn append_member(record: Record<'_>, object: NodeId, key: &str, value: &str) -> Option<Edit> {
    append_members(record, object, &format!("{}:{value}", lexer::quote(key)))
}

/// Appends members to an object; `members` is JSON text. `None` if `object` is not an object or is not closed.
#[must_use]
pub fn append_members(record: Record<'_>, object: NodeId, members: &str) -> Option<Edit> {
    if record.kind(object) != Kind::Object || !record.raw(record.span(object)).ends_with('}') {
        return None;
    }
    Some(match record.children(object).last() {
        Some(last) => Edit::insert(record.span(last).end(), format!(",{members}")),
        None => Edit::insert(record.span(object).end() - 1, members),
    })
}

/// The bytes of a member or element, including the comma that separates it from the next or previous one. `None` if there
/// is something else between them, such as a comment.
#[must_use]
pub fn removal_span(record: Record<'_>, node: NodeId) -> Option<Span> {
    let parent = record.parent(node)?;
    let own = record.key_span(node).map_or(record.span(node).start(), Span::start);
    let after = Some(record.node(node).next).filter(|next| *next < record.node(parent).next);
    let before = || record.children(parent).take_while(|child| *child != node).last();
    let start_of = |child| record.key_span(child).map_or(record.span(child).start(), Span::start);
    let value = record.span(node);
    let (span, gap) = match after {
        Some(after) => (Span::new(own, start_of(after)), Span::new(value.end(), start_of(after))),
        None => {
            let start = before().map_or(own, |before| record.span(before).end());
            (Span::new(start, value.end()), Span::new(start, own))
        }
    };
    let is_separator = |letter: char| letter == ',' || letter.is_whitespace();
    record.raw(gap).chars().all(is_separator).then_some(span)
}

/// Removes a member or element, including the comma that separates it from the next or previous one.
#[must_use]
pub fn remove_element(record: Record<'_>, node: NodeId) -> Option<Edit> {
    removal_span(record, node).map(Edit::delete)
}

/// Moves a misplaced field to the object where it belongs, if that object exists and doesn't have the field yet.
#[must_use]
pub fn to_its_home(context: &Context<'_>, node: NodeId, home: &Home) -> Option<Fix> {
    // After a syntax error, the end of a member is a guess.
    if context.structure_is_hidden() {
        return None;
    }
    let record = context.record;
    let value = record.raw(record.span(node));
    let parent = record.parent(node)?;
    let is_free = |object, name: &str| {
        record.member(object, name).is_none() && record.member(object, &snake_case(name)).is_none()
    };
    let mut insertion = match home.to {
        Destination::BesideParent(field) => {
            let part = record.parent(parent)?;
            let is_sibling = *record.key(parent) == *field || *record.key(parent) == *snake_case(field);
            if !is_sibling || !is_free(part, home.field) {
                return None;
            }
            append_member(record, part, home.field, value)?
        }
        Destination::MemberOfRoot(name) if fits_home(context, node, name, home) => {
            match record.member(0, name).or_else(|| record.member(0, &snake_case(name))) {
                Some(member) if is_free(member, home.field) => append_member(record, member, home.field, value)?,
                Some(_) => return None,
                // An earlier member that goes there too creates the object.
                None if record
                    .children(parent)
                    .take_while(|child| *child != node)
                    .any(|other| goes_to(context, other, name)) =>
                {
                    return None;
                }
                None => append_member(record, 0, name, &format!("{{{}:{value}}}", lexer::quote(home.field)))?,
            }
        }
        Destination::Root if is_free(0, home.field) => {
            // An element of a list with no other members is removed as a whole.
            let is_instruction = context.name_of(Means::System) == home.field;
            if is_instruction && record.children(parent).count() == 1 && record.index(parent).is_some() {
                let edits = vec![remove_element(record, parent)?, append_member(record, 0, home.field, value)?];
                return Some(Fix::safe(format!("Move it to {}", home.place), sorted(edits)));
            }
            append_member(record, 0, home.field, value)?
        }
        _ => return None,
    };
    // After an only member is removed, the new member has none before it and needs no comma.
    if record.children(parent).count() == 1 && insertion.span.start() == record.span(node).end() {
        insertion.text.remove(0);
    }
    let edits = vec![remove_element(record, node)?, insertion];
    // A value that stands at one of several media files may not be meant for all of them.
    let is_for_one = home.field == context.name_of(Means::Shared)
        && context.example.media.len() > 1
        && context.example.turns.iter().any(|turn| (turn.node..record.node(turn.node).next).contains(&node));
    let make = if is_for_one { Fix::manual } else { Fix::safe };
    Some(make(format!("Move it to {}", home.place), sorted(edits)))
}

/// Whether a value may be that of its field in the object at `name`: an object, say, may be meant for another field of
/// this name.
fn fits_home(context: &Context<'_>, node: NodeId, name: &str, home: &Home) -> bool {
    let object = context.kind.root.field(name).and_then(|field| field.shape.object());
    let shape = object.and_then(|object| object.field(home.field)).map(|field| field.shape);
    let kind = context.record.kind(node);
    matches!(kind, Kind::String | Kind::Number) || shape.is_some_and(|shape| shape.takes(kind))
}

/// Whether a member is misplaced and belongs into the member `name` of the top level.
#[must_use]
pub fn goes_to(context: &Context<'_>, member: NodeId, name: &str) -> bool {
    context.fit.misfits.iter().any(|misfit| match *misfit {
        Misfit::Misplaced { node, home, .. } => {
            node == member && matches!(home.to, Destination::MemberOfRoot(to) if to == name)
        }
        _ => false,
    })
}

/// Adds the brackets or object that the value of `node` lacks to have this shape, if that keeps the content.
#[must_use]
pub fn wrapped(context: &Context<'_>, node: NodeId, shape: Shape) -> Option<Fix> {
    let record = context.record;
    let raw = record.raw(record.span(node));
    let fix = |title: &str, text: String| Some(Fix::safe(title, vec![Edit::replace(record.span(node), text)]));
    match (shape, record.kind(node)) {
        (Shape::OneOf(shapes), _) => shapes.iter().find_map(|shape| wrapped(context, node, *shape)),
        (Shape::List(element), Kind::Object) if is_element(record, node, *element) => {
            fix("Wrap it in an array", format!("[{raw}]"))
        }
        (Shape::List(Shape::Object(object)), Kind::String) if object.means == Means::Part => {
            fix("Wrap the text in a part", format!("[{}]", object_with(object, Means::Text, raw)?))
        }
        (Shape::List(Shape::String), Kind::String) => fix("Wrap it in an array", format!("[{raw}]")),
        (Shape::Object(object), Kind::String) if object.means == Means::Part => {
            fix("Wrap the text in a part", object_with(object, Means::Text, raw)?)
        }
        (Shape::Object(object), Kind::String) if object.means == Means::Turn && !record.key(node).is_empty() => {
            let content = object.meaning(Means::Content)?;
            let part = object_with(content.shape.object()?, Means::Text, raw)?;
            let is_answer =
                context.fit.shape(node).and_then(|pair| pair.field).is_some_and(|field| field.means == Means::Answer);
            let role = object.meaning(Means::Speaker).filter(|_| is_answer);
            let model = context.format.words.role(Speaker::Model).unwrap_or_default();
            let role = role.map(|role| format!("{}:{},", lexer::quote(role.name), lexer::quote(model)));
            let role = role.unwrap_or_default();
            fix("Wrap the text in a part", format!("{{{role}{}:[{part}]}}", lexer::quote(content.name)))
        }
        (Shape::Object(object), Kind::String) => {
            let value =
                [Means::PartSharedValue, Means::Location].into_iter().find_map(|it| object_with(object, it, raw));
            fix("Wrap it in an object", value?)
        }
        _ => None,
    }
}

/// Whether an object can be an element of this shape: it has the tag, or else one of the fields.
fn is_element(record: Record<'_>, node: NodeId, element: Shape) -> bool {
    match element {
        Shape::Tagged(tagged) => record.member(node, tagged.tag).is_some(),
        Shape::Object(object) => record.children(node).any(|child| object.field(&record.key(child)).is_some()),
        _ => false,
    }
}

/// The JSON text of an object whose field with this meaning has the value `raw`; includes the object's type tag if it
/// needs one.
fn object_with(object: &Object, means: Means, raw: &str) -> Option<String> {
    let field = object.meaning(means)?;
    let tag = object.meaning(Means::Tag).filter(|tag| tag.required && tag.name != field.name);
    let tag = tag.map_or_else(String::new, |tag| format!("{}:{},", lexer::quote(tag.name), tag.example));
    Some(format!("{{{tag}{}:{raw}}}", lexer::quote(field.name)))
}

/// Sorts edits by place.
fn sorted(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort();
    edits
}
