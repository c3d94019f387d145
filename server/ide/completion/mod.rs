//! What can be typed at a place of a record: keys, values, elements, whole examples.
//!
//! This room must not know the protocol, nor where the records come from.

mod documentation;
mod elements;
mod keys;
mod nearby;
mod question;
mod site;
mod skeleton;
mod templates;
mod times;
mod values;

pub use documentation::{DocumentationKey, documentation};
pub(in crate::ide) use documentation::{choice_words, fenced, field_words, mime_words, role_words};

use crate::json::Span;
use crate::schema::detect::Mark;
use crate::schema::media::{Profile, Resolution};
use question::Question;
use site::{Position, Site};

/// A request for completions.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The record's text.
    pub text: &'a str,
    /// The cursor, in bytes of it; what lies beyond its end or inside a character is moved back.
    pub offset: usize,
    /// Whether the client knows snippets.
    pub snippets: bool,
    /// The texts of records around, the nearest first; only the first 24 KiB are read.
    pub nearby: &'a [&'a str],
    /// The resolution of the file, when it has one.
    pub resolution: Option<Resolution>,
    /// The model that is tuned.
    pub profile: &'static Profile,
}

/// What an item is, for its icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// A key, with its value unless that is there.
    Field,
    /// An offset, a number, `true`, an object, a list.
    Value,
    /// A value of an enum, a role, a media type.
    Enum,
    /// The location of a media file, or a folder of them.
    File,
    /// A prompt, a label, a function's name.
    Text,
    /// A whole example.
    Template,
}

/// Something that can be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What the list shows.
    pub label: String,
    /// What it is.
    pub kind: ItemKind,
    /// A few words beside the label.
    pub detail: String,
    /// The bytes of the record that it replaces, quotes included; they contain or touch the cursor.
    pub replace: Span,
    /// What stands there afterwards: JSON, as plain text or as a snippet.
    pub text: String,
    /// Whether [`Self::text`] is a snippet.
    pub snippet: bool,
    /// What the typed text is compared with: it begins with a quote when the replaced text does.
    pub filter: String,
    /// The place in the list: in ascending order of this text.
    pub sort: String,
    /// Where its documentation is to be had.
    pub documentation: DocumentationKey,
    /// Whether it is to be selected at once; true of one item at most.
    pub preselect: bool,
}

/// What can be typed at the cursor, in the order it is to be shown. O(record) and the bounded part
/// of the records around; at most a few hundred items.
#[must_use]
pub fn complete(asked: &Asked<'_>) -> Vec<Item> {
    let unmarked;
    let mut asked = *asked;
    asked.offset = asked.text.floor_char_boundary(asked.offset);
    // A byte order mark is the file's; with spaces in its place every span stays right.
    if let Some(rest) = asked.text.strip_prefix('\u{FEFF}') {
        if asked.offset == 0 {
            return Vec::new();
        }
        unmarked = format!("   {rest}");
        asked.text = &unmarked;
    }
    let mut items = templates::items(&asked);
    if let Some(site) = Site::find(asked.text, asked.offset) {
        let question = Question::new(&asked, &site);
        if !is_foreign(&question) {
            items.extend(match site.position {
                Position::Key { object, colon } => keys::items(&question, object, colon),
                Position::Value { shape, field } => values::items(&question, shape, field),
                Position::Element { shape, field } => elements::items(&question, shape, field),
            });
        }
    }
    items.sort_by(|one, other| one.sort.cmp(&other.sort));
    let first = items.iter().position(|item| item.preselect);
    for (place, item) in items.iter_mut().enumerate() {
        item.preselect = Some(place) == first;
    }
    items
}

/// Whether the record is none of ours: of another vendor's format, or of no format in a file that
/// is not ours either.
fn is_foreign(question: &Question<'_>) -> bool {
    let site = question.site;
    let record = site.record();
    match site.mark {
        Mark::Gemini(_) => false,
        Mark::Foreign(_) => true,
        Mark::Unmarked => {
            let around = nearby::is_gemini(question.asked.nearby);
            let Some(object) = record.root().and_then(|root| site.object(root)) else { return true };
            let mut others = record.children(0).filter(|child| *child != site.node).peekable();
            let fresh = others.peek().is_none();
            let known = others.any(|child| object.field(&record.key(child)).is_some());
            around == Some(false) || (around.is_none() && !fresh && !known)
        }
    }
}
