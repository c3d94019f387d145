//! Elements of a list: turns and parts that match the speaker, other objects with their required fields.

use super::item::{DocumentationKey, Item, ItemKind, each};
use super::question::Question;
use super::start::object_start;
use super::values;
use crate::example::Speaker;
use crate::formats::{Piece, Template};
use crate::json::{Parser, lexer};
use crate::schema::{Field, Means, Object, Shape};

/// Items for an element of the list at the cursor.
pub(super) fn items(question: &Question<'_>, shape: Shape, field: Option<&'static Field>) -> Vec<Item> {
    match shape {
        Shape::OneOf(shapes) => shapes.iter().flat_map(|shape| items(question, *shape, field)).collect(),
        Shape::String => values::listed(question, field),
        Shape::Enum(_) => values::items(question, shape, field),
        _ if question.in_string() => Vec::new(),
        Shape::Object(_) | Shape::Tagged(_) => {
            let mut items = match shape.object().map(|object| object.means) {
                Some(Means::Turn) => turns(question, field),
                Some(Means::Part) => {
                    question.parts().map(|(place, it)| template(question, it).sort(0, place)).collect()
                }
                _ => Vec::new(),
            };
            if items.is_empty() {
                items = objects(question, shape, field);
            }
            items.into_iter().map(|item| item.documentation(DocumentationKey::field(field))).collect()
        }
        _ => Vec::new(),
    }
}

fn template(question: &Question<'_>, template: &'static Template) -> Item {
    question.skeleton(template.label, template.json, ItemKind::Value)
}

fn turns(question: &Question<'_>, field: Option<&'static Field>) -> Vec<Item> {
    let is_answer = field.is_some_and(|field| matches!(field.means, Means::Preferred | Means::Rejected));
    let next = if is_answer { Speaker::Model } else { question.next_speaker() };
    let turns = question.format.templates.iter().filter_map(|template| match template.of {
        Piece::Turn(speaker) => Some((template, speaker)),
        _ => None,
    });
    let is_taken = |template: &Template| question.style.reader.is_taken(template.json, question.limits);
    let turns = turns
        .filter(|(template, speaker)| {
            (*speaker != Speaker::System || question.takes_instructions()) && is_taken(template)
        })
        .map(|(template, speaker)| (template, speaker == next));
    each(turns, |place, (turn, fits)| {
        let detail = if fits { "expected here" } else { "" };
        template(question, turn).detail(detail).sort(usize::from(!fits), place).preselect(fits)
    })
}

/// An object, or one for each value of the member that decides its shape.
fn objects(question: &Question<'_>, shape: Shape, field: Option<&'static Field>) -> Vec<Item> {
    match shape {
        Shape::Object(object) => {
            let example = field.filter(|_| object.means != Means::ScoredAnswer).map(|field| field.example);
            let json =
                example.and_then(first_element).unwrap_or_else(|| object_start(object, |it| score(question, it)));
            vec![object_item(question, "{…}", &json, object, 0)]
        }
        Shape::Tagged(tagged) => each(tagged.cases, |place, (tag, object)| {
            let json = object_start(object, |field| (field.name == tagged.tag).then(|| lexer::quote(tag)));
            object_item(question, tag, &json, object, place)
        }),
        _ => Vec::new(),
    }
}

fn object_item(question: &Question<'_>, label: &str, json: &str, object: &'static Object, place: usize) -> Item {
    question.skeleton(label, json, ItemKind::Value).detail(object.name).sort(0, place)
}

/// The score of a new answer: 1, or 0 if an answer in the list has score 1.
fn score(question: &Question<'_>, field: &Field) -> Option<String> {
    let record = question.record;
    let scores = || record.children(question.parent).filter_map(|answer| question.member(answer, Means::Score));
    let is_free = || scores().map(|score| record.raw(record.span(score))).all(|score| !matches!(score, "1" | "1.0"));
    (field.means == Means::Score).then(|| u8::from(is_free()).to_string())
}

/// The first element of an example, if that is a list.
fn first_element(example: &str) -> Option<String> {
    let mut parser = Parser::default();
    parser.parse(example);
    let record = parser.record(example);
    let first = record.children(record.root()?).next()?;
    Some(record.raw(record.span(first)).to_owned())
}
