//! What can be typed at a place of a record: keys, values, elements, whole examples.
//!
//! This room must not know the protocol, nor where the records come from.

mod elements;
mod item;
mod keys;
mod nearby;
mod question;
mod site;
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
use crate::formats::{FORMATS, Format, Mark};
use crate::ide::edits::without_mark;
use crate::ide::words::{choice_words, fenced, field_words, mime_words, role_words};
use crate::schema::scalar::parse_duration;
use item::{enum_of, numbered};
use nearby::Nearby;
use question::Question;
use site::{Cursor, Position};
use skeleton::Style;

/// What can be typed at the cursor, in the order it is to be shown. O(record) and the bounded part
/// of the records around; at most a few hundred items.
#[must_use]
pub fn complete(asked: &Asked<'_>, analyst: &mut Analyst) -> Vec<Item> {
    let offset = asked.text.floor_char_boundary(asked.offset);
    if offset == 0 && asked.text.starts_with('\u{FEFF}') {
        return Vec::new();
    }
    let text = without_mark(asked.text);
    let asked = Asked { text: &text, offset, ..*asked };
    let nearby = Nearby::read(asked.nearby, analyst);
    let mut items = templates::items(&asked, &nearby, analyst);
    if let Some(cursor) = Cursor::find(asked.text, asked.offset) {
        let limits = FORMATS.map(|format| analyst.settings().limits(format));
        let texts = std::iter::once(asked.text).chain(asked.nearby.iter().copied());
        let found = cursor.read(analyst, |site| {
            let Reading { record, example, kind, .. } = site.reading;
            let format = kind.format();
            let limits = limits[format.id().index()];
            let style = Style::of(asked.snippets, texts, format);
            items_at(&Question { asked: &asked, site, record, example, nearby: &nearby, style, format, limits })
        });
        items.extend(found.into_iter().flatten());
    }
    items.sort_by(|one, other| one.sort.cmp(&other.sort));
    let first = items.iter().position(|item| item.preselect);
    for (place, item) in items.iter_mut().enumerate() {
        item.preselect = Some(place) == first;
    }
    items
}

fn items_at(question: &Question<'_>) -> Vec<Item> {
    if is_foreign(question) {
        return Vec::new();
    }
    match question.site.position {
        Position::Key { object, colon } => keys::items(question, object, colon),
        Position::Value { shape, field } => values::items(question, shape, field),
        Position::Element { shape, field } => elements::items(question, shape, field),
    }
}

/// Whether the record is none of ours: of a format that is only recognized, or of no format in a file that is not
/// ours either.
fn is_foreign(question: &Question<'_>) -> bool {
    let site = question.site;
    match site.reading.mark {
        Mark::Known(_) => false,
        Mark::Foreign(_) => true,
        Mark::Unmarked => {
            let around = question.nearby.is_known;
            let record = question.record;
            let Some(object) = record.root().and_then(|root| site.object(root)) else { return true };
            let mut others = record.children(0).filter(|child| *child != site.node).peekable();
            let fresh = others.peek().is_none();
            let known = others.any(|child| object.field(&record.key(child)).is_some());
            around == Some(false) || (around.is_none() && !fresh && !known)
        }
    }
}

/// The documentation of an item, as Markdown; `None` when there is none, or when the key is not one
/// that an item was given.
#[must_use]
pub fn documentation(key: &DocumentationKey) -> Option<String> {
    match key {
        DocumentationKey::Nothing => None,
        DocumentationKey::Field(number) => numbered(*number).map(|(format, field)| field_words(field, format)),
        DocumentationKey::Choice { field, value } => {
            let (_, field) = numbered(*field)?;
            enum_of(field.shape)?.values.get(*value).map(choice_words)
        }
        DocumentationKey::Role { format, role } => Some(role_words(Format::named(format)?, role)?.to_owned()),
        DocumentationKey::MimeType(name) => mime_words(name),
        DocumentationKey::Offset(text) => {
            let time = parse_duration(text).ok()?;
            Some(format!("`{}` from the start of the file, as a clock shows it.", time.clock()))
        }
        DocumentationKey::Template(place) => templates::documentation(*place),
        DocumentationKey::Whole(text) => Some(fenced(text)),
    }
}
