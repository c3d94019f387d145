//! Edits that add, remove or move members and elements, commas included.

use crate::json::{Edit, Kind, NodeId, Record, Span, lexer};
use crate::rules::{Context, Fix};
use crate::schema::fit::{self, Home};
use crate::schema::{Shape, gemini, generation};

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
        record.member(object, name).is_none() && record.member(object, &crate::schema::snake_case(name)).is_none()
    };
    let mut insertion = match home.field {
        "videoMetadata" => {
            let part = record.parent(parent)?;
            let beside_file = record.key(parent) == "fileData" || record.key(parent) == "file_data";
            if !beside_file || !is_free(part, home.field) {
                return None;
            }
            append_member(record, part, home.field, value)?
        }
        "mediaResolution" if record.kind(node) == Kind::String || record.kind(node) == Kind::Number => {
            match record.member(0, "generationConfig").or_else(|| record.member(0, "generation_config")) {
                Some(config) if is_free(config, home.field) => append_member(record, config, home.field, value)?,
                Some(_) => return None,
                None => append_member(record, 0, "generationConfig", &format!("{{\"mediaResolution\":{value}}}"))?,
            }
        }
        "systemInstruction" | "generationConfig" | "contents" | "tools" if is_free(0, home.field) => {
            // The only member of a list's element: the whole element goes.
            if home.field == "systemInstruction"
                && record.children(parent).count() == 1
                && record.index(parent).is_some()
            {
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
    let span = record.span(node);
    let raw = record.raw(span);
    let kind = record.kind(node);
    let is = |shape: Shape, object| fit::is_object(shape, object);
    let fix = |title: &str, text: String| Some(Fix::safe(title, vec![Edit::replace(span, text)]));
    match (shape, kind) {
        (Shape::List(Shape::Object(_)), Kind::Object) => fix("Wrap it in an array", format!("[{raw}]")),
        (Shape::List(element), Kind::String) if is(*element, &gemini::PART) => {
            fix("Wrap the text in a part", format!("[{{\"text\":{raw}}}]"))
        }
        (Shape::List(Shape::String(_)), Kind::String) => fix("Wrap it in an array", format!("[{raw}]")),
        (Shape::Object(object), Kind::String) if std::ptr::eq(object, &gemini::PART) => {
            fix("Wrap the text in a part", format!("{{\"text\":{raw}}}"))
        }
        (Shape::Object(object), Kind::String)
            if std::ptr::eq(object, &gemini::CONTENT) && !record.key(node).is_empty() =>
        {
            fix("Wrap the text in a part", format!("{{\"parts\":[{{\"text\":{raw}}}]}}"))
        }
        (Shape::Object(object), Kind::String) if std::ptr::eq(object, &generation::PART_MEDIA_RESOLUTION) => {
            fix("Wrap it in an object", format!("{{\"level\":{raw}}}"))
        }
        _ => None,
    }
}

/// Edits by place, as they have to be.
fn ordered(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort();
    edits
}
