//! Completion: what can be typed at a place of a record. Keys, values, elements of lists, whole examples.
//!
//! This folder must not know the protocol, nor where the records come from.

mod cursor;
mod elements;
mod item;
mod keys;
mod nearby;
mod next;
mod question;
mod service;
mod skeleton;
mod speaker;
mod start;
mod templates;
mod times;
mod typed;
mod values;

pub use item::{DocumentationKey, Item, ItemKind};
pub use question::Asked;

use crate::analysis::Analyst;
use crate::analysis::line::Reading;
use crate::example::Call;
use crate::formats::{FORMATS, Format, Mark};
use crate::ide::edits::without_mark;
use crate::ide::words::{choice_words, fenced, field_words, mime_words, role_words};
use crate::schema::Shape;
use crate::schema::scalar::parse_duration;
use cursor::Cursor;
use item::numbered;
use nearby::Nearby;
use question::Question;
use service::Reader;
use skeleton::{Style, enum_of};
use typed::Role;

/// The items at the cursor, in the order to show them: at most a few hundred. O(record and the bounded part of the
/// records around it).
pub fn complete(asked: &Asked<'_>, analyst: &mut Analyst) -> Vec<Item> {
    let offset = asked.text.floor_char_boundary(asked.offset);
    if offset == 0 && asked.text.starts_with('\u{FEFF}') {
        return Vec::new();
    }
    let text = without_mark(asked.text);
    let asked = &Asked { text: &text, offset, ..*asked };
    let nearby = &Nearby::read(asked.nearby, analyst);
    let mut items = templates::items(asked, nearby, analyst);
    if let Some(cursor) = &Cursor::find(asked.text, asked.offset) {
        let settings = analyst.settings();
        let figures = FORMATS.map(|format| (settings.limits(format), settings.service(format)));
        let texts = std::iter::once(asked.text).chain(asked.nearby.iter().copied());
        let found = cursor.read(analyst, |Reading { record, mark, kind, fit, example, .. }, node| {
            let (parent, format) = (record.parent(node)?, kind.format);
            let (limits, service) = figures[format.id().index()];
            let count = |is_result| {
                let has_id = |call: &&Call| call.is_result == is_result && call.id.is_some();
                example.calls.iter().filter(has_id).count() + 1
            };
            let reader = Reader { call: count(false), result: count(true), ..Reader::new(format, service) };
            let style = Style::of(asked.snippets, texts, reader);
            items_at(&Question {
                asked,
                cursor,
                record,
                node,
                parent,
                mark,
                kind,
                format,
                fit,
                example,
                service,
                limits: kind.limits.unwrap_or(limits),
                nearby,
                style,
            })
        });
        items.extend(found.into_iter().flatten());
    }
    if asked.by_hand {
        items = items.into_iter().map(|item| item.inside_quotes(asked.text, asked.offset)).collect();
    }
    items.sort_by(|one, other| one.sort.cmp(&other.sort));
    let first = items.iter().position(|item| item.preselect);
    for (place, item) in items.iter_mut().enumerate() {
        item.preselect = Some(place) == first;
    }
    items
}

/// `None` where the schema knows nothing.
fn items_at(question: &Question<'_>) -> Option<Vec<Item>> {
    if is_foreign(question) {
        return None;
    }
    let (node, around) = (question.node, question.fit.shape(question.parent)?);
    Some(match question.cursor.role {
        Role::Key => {
            let object = match around.shape {
                Shape::Object(object) => object,
                // An object in place of a list is written as an element of it.
                Shape::List(element) => element.object()?,
                _ => return None,
            };
            keys::items(question, object)
        }
        Role::Value => values::items(question, question.declared(node)?, question.fit.shape(node)?.field),
        Role::Element => elements::items(question, question.declared(node)?, around.field),
    })
}

/// Whether the record is not for us: its format is only recognized, or neither it nor its file has a known format.
fn is_foreign(question: &Question<'_>) -> bool {
    match question.mark {
        Mark::Known(_) => false,
        Mark::Foreign(_) => true,
        Mark::Unmarked => {
            let record = question.record;
            let Some(object) = record.root().and_then(|root| question.object(root)) else { return true };
            let mut others = record.children(0).filter(|child| *child != question.node).peekable();
            let fresh = others.peek().is_none();
            let known = others.any(|child| object.field(&record.key(child)).is_some());
            question.nearby.is_known.map_or(!fresh && !known, |is_known| !is_known)
        }
    }
}

/// The documentation of an item as Markdown; `None` when there is none, or the key isn't from an item.
pub fn documentation(key: &DocumentationKey) -> Option<String> {
    match key {
        DocumentationKey::Nothing => None,
        DocumentationKey::Field(number) => {
            numbered(*number).map(|(format, field)| field_words(field, format, format.default_service()))
        }
        DocumentationKey::Choice { field, value } => {
            let (_, field) = numbered(*field)?;
            enum_of(field.shape)?.values.get(*value).map(choice_words)
        }
        DocumentationKey::Role { format, role } => Some(role_words(Format::named(format)?, role)?.to_owned()),
        DocumentationKey::MimeType(name) => mime_words(name),
        DocumentationKey::Offset(text) => {
            Some(format!("`{}` from the start of the file.", parse_duration(text).ok()?.clock()))
        }
        DocumentationKey::Template { place, service } => templates::documentation(*place, service),
        DocumentationKey::Whole(text) => Some(fenced(text)),
    }
}
