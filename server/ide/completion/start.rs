//! JSON to start from: the example of a field, adapted to the record, or the minimum that a shape needs.

use super::question::Question;
use crate::example::shared::{SharedField, SharedValue};
use crate::example::{Speaker, mime};
use crate::json::{Kind, lexer};
use crate::schema::scalar::{Duration, parse_duration};
use crate::schema::{Field, Means, Object, Shape};
use std::borrow::Cow;

/// The shared value to start with: the file's, or the first one that the documentation advises.
pub(super) fn shared_or_first(field: &SharedField, known: Option<SharedValue>) -> SharedValue {
    let known = known.filter(|value| value.is_set());
    known.or_else(|| field.advised.first().copied()).unwrap_or(SharedValue::UNSET)
}

/// The JSON value to insert after a key: the field's example, adapted to the record.
pub(super) fn start(question: &Question<'_>, field: &'static Field) -> Cow<'static, str> {
    let example = Cow::Borrowed(field.example);
    match field.means {
        Means::Speaker => {
            let role = question.role_of(question.speaker().unwrap_or(Speaker::User));
            role.map_or(example, |role| Cow::Owned(lexer::quote(role)))
        }
        Means::Settings | Means::Shared | Means::PartShared | Means::PartSharedValue => {
            let Some(shared) = question.format.words.shared else { return example };
            let name = |value| lexer::quote(shared.name(value));
            let first = name(shared_or_first(shared, None));
            Cow::Owned(field.example.replace(&first, &name(shared_or_first(shared, question.shared()))))
        }
        Means::MimeType => {
            let fitting = question.sibling(Means::Location).and_then(|uri| mime::for_location(&uri).first().copied());
            fitting.map_or(example, |mime| Cow::Owned(lexer::quote(mime)))
        }
        Means::Score => Cow::Borrowed(if other_score(question) == Some(1) { "0" } else { "1" }),
        Means::SegmentEnd => {
            let begin = offset(question, Means::SegmentStart).unwrap_or(Duration::ZERO);
            let end = sum(begin, Duration::from_seconds(10));
            end.map_or(example, |end| Cow::Owned(lexer::quote(&end.canonical())))
        }
        _ => example,
    }
}

/// Whether the example of a field has this shape. A field may have several shapes.
pub(super) fn is_example_of(field: &'static Field, shape: Shape) -> bool {
    shape.takes(match field.example.bytes().next() {
        Some(b'{') => Kind::Object,
        Some(b'[') => Kind::Array,
        Some(b'"') => Kind::String,
        Some(b't') => Kind::True,
        Some(b'f') => Kind::False,
        Some(b'n') => Kind::Null,
        _ => Kind::Number,
    })
}

/// JSON of an object with its required fields, or else its first field. `fitted` may give a better value than the field's
/// example.
pub(super) fn object_start(object: &'static Object, fitted: impl Fn(&Field) -> Option<String>) -> String {
    let required = object.fields.iter().filter(|field| field.required);
    let first = object.fields.iter().take(1).filter(|_| object.fields.iter().all(|field| !field.required));
    let member = |field: &Field| {
        let value = fitted(field).map_or(Cow::Borrowed(field.example), Cow::Owned);
        format!("\"{}\":{value}", field.name)
    };
    let members: Vec<_> = required.chain(first).map(member).collect();
    format!("{{{}}}", members.join(","))
}

/// JSON of this shape, when no field gives an example.
pub(super) fn shape_start(shape: Shape) -> Option<String> {
    match shape {
        Shape::Object(object) => Some(object_start(object, |_| None)),
        Shape::Tagged(tagged) => Some(object_start(tagged.otherwise, |_| None)),
        Shape::List(_) => Some("[]".to_owned()),
        Shape::Map(_) | Shape::Struct => Some("{}".to_owned()),
        _ => None,
    }
}

/// JSON of the first part that is possible at the cursor, if `shape` is a part.
pub(super) fn first_part(question: &Question<'_>, shape: Shape) -> Option<&'static str> {
    match shape.object()?.means {
        Means::Part => question.parts().next().map(|(_, template)| template.json),
        _ => None,
    }
}

/// The score of the other answer, if it is 0 or 1.
pub(super) fn other_score(question: &Question<'_>) -> Option<u8> {
    let record = question.record;
    let list = record.parent(question.parent)?;
    let others = record.children(list).filter(|node| *node != question.parent);
    let scores = others.filter_map(|other| question.member(other, Means::Score));
    scores.filter_map(|score| record.raw(record.span(score)).parse::<f64>().ok()).find_map(|score| match score {
        0.0 => Some(0),
        1.0 => Some(1),
        _ => None,
    })
}

/// The value of an offset in the cursor's object.
pub(super) fn offset(question: &Question<'_>, means: Means) -> Option<Duration> {
    parse_duration(&question.sibling(means)?).ok().filter(|time| !time.is_negative())
}

pub(super) fn sum(one: Duration, other: Duration) -> Option<Duration> {
    Duration::from_nanos(one.nanos().checked_add(other.nanos())?)
}
