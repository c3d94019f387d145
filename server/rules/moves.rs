//! Edits that add, remove or move members and elements, commas included.

use crate::json::{Edit, Kind, NodeId, Record, Span, lexer};
use crate::rules::{Context, Fix};
use crate::schema::{Destination, Home, Means, Object, Shape, snake_case};

/// Puts a member at the end of an object; `value` is JSON text. `None` when `object` is none, or is
/// not closed.
#[must_use]
pub fn append_member(record: Record<'_>, object: NodeId, key: &str, value: &str) -> Option<Edit> {
    append(record, object, Kind::Object, '}', format!("{}:{value}", lexer::quote(key)))
}

/// Puts an element at the end of an array; `value` is JSON text.
#[must_use]
pub fn append_element(record: Record<'_>, array: NodeId, value: &str) -> Option<Edit> {
    append(record, array, Kind::Array, ']', value.to_owned())
}

fn append(record: Record<'_>, container: NodeId, kind: Kind, closer: char, text: String) -> Option<Edit> {
    if record.kind(container) != kind || !record.raw(record.span(container)).ends_with(closer) {
        return None;
    }
    Some(match record.children(container).last() {
        Some(last) => Edit::insert(record.span(last).end(), format!(",{text}")),
        None => Edit::insert(record.span(container).end() - 1, text),
    })
}

/// The bytes of a member or element with the comma that goes with it.
#[must_use]
pub fn removal_span(record: Record<'_>, node: NodeId) -> Option<Span> {
    let parent = record.parent(node)?;
    let own = record.key_span(node).map_or(record.span(node).start(), Span::start);
    let after = Some(record.node(node).next).filter(|next| *next < record.node(parent).next);
    let before = || record.children(parent).take_while(|child| *child != node).last();
    let start_of = |child| record.key_span(child).map_or(record.span(child).start(), Span::start);
    Some(match after {
        Some(after) => Span::new(own, start_of(after)),
        None => Span::new(before().map_or(own, |before| record.span(before).end()), record.span(node).end()),
    })
}

/// Removes a member or element with the comma that goes with it.
#[must_use]
pub fn remove_element(record: Record<'_>, node: NodeId) -> Option<Edit> {
    removal_span(record, node).map(Edit::delete)
}

/// Moves a misplaced field to where it belongs, if that place is there and free.
#[must_use]
pub fn to_its_home(context: &Context<'_>, node: NodeId, home: &Home) -> Option<Fix> {
    // Between broken grammar, where a member ends is a guess.
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
            let beside = *record.key(parent) == *field || *record.key(parent) == *snake_case(field);
            if !beside || !is_free(part, home.field) {
                return None;
            }
            append_member(record, part, home.field, value)?
        }
        Destination::MemberOfRoot(name) if matches!(record.kind(node), Kind::String | Kind::Number) => {
            match record.member(0, name).or_else(|| record.member(0, &snake_case(name))) {
                Some(member) if is_free(member, home.field) => append_member(record, member, home.field, value)?,
                Some(_) => return None,
                None => append_member(record, 0, name, &format!("{{{}:{value}}}", lexer::quote(home.field)))?,
            }
        }
        Destination::Root if is_free(0, home.field) => {
            // The only member of a list's element: the whole element goes.
            let is_instruction = context.name_of(Means::System) == home.field;
            if is_instruction && record.children(parent).count() == 1 && record.index(parent).is_some() {
                let edits = vec![remove_element(record, parent)?, append_member(record, 0, home.field, value)?];
                return Some(Fix::safe(format!("Move it to {}", home.place), ordered(edits)));
            }
            append_member(record, 0, home.field, value)?
        }
        _ => return None,
    };
    // The only member leaves no member before it, so no comma either.
    if record.children(parent).count() == 1 && insertion.span.start() == record.span(node).end() {
        insertion.text.remove(0);
    }
    let edits = vec![remove_element(record, node)?, insertion];
    Some(Fix::safe(format!("Move it to {}", home.place), ordered(edits)))
}

/// The value in the brackets that it lacks, where nothing is lost by it.
#[must_use]
pub fn wrapped(record: Record<'_>, node: NodeId, shape: Shape) -> Option<Fix> {
    let raw = record.raw(record.span(node));
    let fix = |title: &str, text: String| Some(Fix::safe(title, vec![Edit::replace(record.span(node), text)]));
    match (shape, record.kind(node)) {
        (Shape::OneOf(shapes), _) => shapes.iter().find_map(|shape| wrapped(record, node, *shape)),
        (Shape::List(Shape::Object(_) | Shape::Tagged(_)), Kind::Object) => {
            fix("Wrap it in an array", format!("[{raw}]"))
        }
        (Shape::List(Shape::Object(object)), Kind::String) if object.means == Means::Part => {
            fix("Wrap the text in a part", format!("[{}]", around(object, Means::Text, raw)?))
        }
        (Shape::List(Shape::String), Kind::String) => fix("Wrap it in an array", format!("[{raw}]")),
        (Shape::Object(object), Kind::String) if object.means == Means::Part => {
            fix("Wrap the text in a part", around(object, Means::Text, raw)?)
        }
        (Shape::Object(object), Kind::String) if object.means == Means::Turn && !record.key(node).is_empty() => {
            let content = object.meaning(Means::Content)?;
            let part = around(content.shape.object()?, Means::Text, raw)?;
            fix("Wrap the text in a part", format!("{{{}:[{part}]}}", lexer::quote(content.name)))
        }
        (Shape::Object(object), Kind::String) => {
            let value = [Means::PartSharedValue, Means::Location].into_iter().find_map(|it| around(object, it, raw));
            fix("Wrap it in an object", value?)
        }
        _ => None,
    }
}

/// An object with its field that means this, with this value, and what says of which type it is, where it has to.
fn around(object: &Object, means: Means, raw: &str) -> Option<String> {
    let field = object.meaning(means)?;
    let tag = object.meaning(Means::Tag).filter(|tag| tag.required && tag.name != field.name);
    let tag = tag.map_or_else(String::new, |tag| format!("{}:{},", lexer::quote(tag.name), tag.example));
    Some(format!("{{{tag}{}:{raw}}}", lexer::quote(field.name)))
}

/// Edits by place, as they have to be.
fn ordered(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort();
    edits
}
