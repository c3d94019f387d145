//! Keys of an object: required ones first, without those that exist or are excluded.

use super::item::{DocumentationKey, Item, ItemKind};
use super::question::Question;
use super::skeleton::Style;
use super::start::start;
use crate::example::Speaker;
use crate::example::mime::{MediaKind, kind_of};
use crate::ide::words::{is_required, type_words};
use crate::json::lexer;
use crate::schema::{Demand, Field, Means, Object};

/// The rank of fields that aren't documented for tuning: last.
const UNDOCUMENTED: usize = 8;

/// Items for a key of this object: whole members, or only keys if a colon follows.
pub(super) fn items(question: &Question<'_>, object: &'static Object) -> Vec<Item> {
    let mut present = vec![false; object.fields.len()];
    for child in question.siblings() {
        if let Some(place) = object.field_place(&question.record.key(child)) {
            present[place] = true;
        }
    }
    let is_there = |name: &str| object.field_place(name).is_some_and(|place| present[place]);
    let excluded = |name: &str| {
        object.unions.iter().any(|it| it.members.contains(&name) && it.members.iter().any(|m| is_there(m)))
    };
    let is_refused = |name: &str| {
        question.service.demands.iter().any(|demand| match demand {
            Demand::AtMostOne { object: of, fields } if *of == object.name && fields.contains(&name) => {
                question.siblings().any(|child| fields.iter().any(|field| *field == question.record.key(child)))
            }
            _ => false,
        })
    };
    let free = object
        .fields
        .iter()
        .enumerate()
        .filter(|(place, field)| !present[*place] && !excluded(field.name) && !is_refused(field.name));
    let mut items: Vec<Item> =
        free.filter_map(|(place, field)| Some(item(question, field, rank(question, object, field)?, place))).collect();
    if std::ptr::eq(object, question.kind.root) && !has_target(question) {
        let present = || object.fields.iter().zip(&present).filter(|(_, there)| **there).map(|(field, _)| field.name);
        let others = question.format.kinds.iter().filter(|kind| {
            question.service.takes_kind(kind.id) && present().all(|name| kind.root.field(name).is_some())
        });
        let fields = others.filter_map(|kind| kind.root.field(kind.told_by));
        let fields = fields.filter(|field| object.field(field.name).is_none());
        items.extend(fields.map(|field| item(question, field, 2, 99)));
    }
    items
}

/// Whether the conversation ends with a turn of the model, so that the line can't become another kind.
fn has_target(question: &Question<'_>) -> bool {
    let last = question.example.conversation().next_back();
    last.is_some_and(|turn| question.speaker_of(turn) == Speaker::Model)
}

/// The rank of a key in the list; `None` when it isn't offered here.
fn rank(question: &Question<'_>, object: &'static Object, field: &'static Field) -> Option<usize> {
    if object.means == Means::Part {
        return rank_of_part(question, object, field);
    }
    let is_turn = object.means == Means::Turn;
    if is_turn && question.speaker() == Some(Speaker::System) {
        return Some(if field.required { 0 } else { 1 });
    }
    // A turn is easiest to read with its role first.
    let demand = Demand::Field { object: object.name, field: field.name };
    let is_demanded = question.service.demands.contains(&demand);
    let first = field.required || is_demanded || (is_turn && field.means == Means::Speaker);
    Some(match (first, field.documented) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => UNDOCUMENTED,
    })
}

/// In a part, the rank depends on the speaker and on the members that exist.
fn rank_of_part(question: &Question<'_>, object: &'static Object, field: &'static Field) -> Option<usize> {
    let holds = |means: Means| question.member(question.parent, means);
    let media = [Means::File, Means::Image, Means::InlineFile].into_iter().find_map(holds);
    let speaker = question.speaker().unwrap_or(Speaker::User);
    if speaker == Speaker::System || question.kind.text_only {
        // System instructions and some kinds of lines only allow text.
        return matches!(field.means, Means::Text | Means::Tag).then_some(0);
    }
    if !field.documented {
        return Some(UNDOCUMENTED);
    }
    if matches!(field.means, Means::Segment | Means::PartShared) {
        let Some(media) = media else {
            let takes_video = field.means != Means::Segment || question.limits.videos != Some(0);
            return (takes_video && !holds_data(question, object)).then_some(6);
        };
        let kind = question.string(media, Means::MimeType).and_then(|mime| kind_of(&mime));
        let (fits, rank) = match field.means {
            Means::Segment if question.limits.videos == Some(0) => (false, 0),
            Means::Segment => (matches!(kind, None | Some(MediaKind::Video)), 0),
            _ => (kind != Some(MediaKind::Audio), 5),
        };
        return fits.then_some(rank);
    }
    Some(match field.means {
        Means::Text | Means::Tag => 0,
        Means::Call if speaker == Speaker::Model => 1,
        Means::File | Means::Image if speaker == Speaker::User => 0,
        Means::CallResult if speaker == Speaker::User => 1,
        _ if field.required => 0,
        _ => 5,
    })
}

/// Whether a part has one of the members that exclude each other.
fn holds_data(question: &Question<'_>, object: &'static Object) -> bool {
    let mut fields = question.siblings().filter_map(|child| object.field(&question.record.key(child)));
    fields.any(|field| object.unions.iter().any(|union| union.members.contains(&field.name)))
}

fn item(question: &Question<'_>, field: &'static Field, rank: usize, place: usize) -> Item {
    let name = &*question.style.reader.spelled(field.name);
    let item = if question.cursor.colon {
        question.quoted(name, ItemKind::Field)
    } else {
        let (before, after) = question.commas();
        let before = format!("{before}{}{}", lexer::quote(name), question.style.separator(':'));
        let next = question
            .nearby
            .next
            .as_ref()
            .filter(|next| field.means == Means::Conversation && next.format == question.format);
        let skeleton = match next {
            Some(next) => next.conversation(question.style, (&before, &after)),
            None => Style { key: field.name, ..question.style }.skeleton(&before, &start(question, field), &after),
        };
        question.item(name, skeleton, ItemKind::Field)
    };
    let mut detail = type_words(field, question.format, question.service);
    if is_required(field, question.format) {
        detail.push_str(", required");
    } else if rank == UNDOCUMENTED {
        detail.push_str(", not documented for tuning");
    }
    item.detail(detail).sort(rank, place).documentation(DocumentationKey::field(Some(field))).preselect(rank == 0)
}
