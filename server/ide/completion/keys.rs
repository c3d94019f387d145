//! Keys of an object: the required ones first, those that are there or excluded left out.

use super::documentation::{DocumentationKey, shape_words};
use super::nearby::Speaker;
use super::question::Question;
use super::{Item, ItemKind};
use crate::json::lexer;
use crate::schema::media::{self, MediaKind, Resolution};
use crate::schema::scalar::Duration;
use crate::schema::{Field, Format, Object, Shape, Text, gemini, index, preference};
use std::borrow::Cow;

/// The resolution to begin with where the file has none: the one that allows the longest videos.
pub(super) const FIRST_RESOLUTION: Resolution = Resolution::Low;

/// The rank of what no page on tuning names: behind everything else.
const UNDOCUMENTED: usize = 8;

/// The keys that may be added, or, when a colon follows, may stand here.
pub(super) fn items(question: &Question<'_>, object: &'static Object, colon: bool) -> Vec<Item> {
    let site = question.site;
    let record = site.record();
    let mut present = vec![false; object.fields.len()];
    for child in record.children(site.parent).filter(|child| *child != site.node) {
        if let Some(place) = object.field_place(&record.key(child)) {
            present[place] = true;
        }
    }
    let is_there = |name: &str| object.field_place(name).is_some_and(|place| present[place]);
    let excluded = |name: &str| {
        object.unions.iter().any(|it| it.members.contains(&name) && it.members.iter().any(|m| is_there(m)))
    };
    let free = object.fields.iter().enumerate().filter(|(place, field)| !present[*place] && !excluded(field.name));
    let mut items: Vec<Item> = free
        .filter_map(|(place, field)| Some(item(question, field, rank(question, object, field)?, place, colon)))
        .collect();
    if std::ptr::eq(object, Format::Supervised.root()) && may_be_preference(question) {
        let field = preference::EXAMPLE.fields.iter().find(|field| field.name == "completions");
        items.extend(field.map(|field| item(question, field, 2, 99, colon)));
    }
    items
}

/// Whether the line may still become one of preference tuning: no model's turn ends it yet.
fn may_be_preference(question: &Question<'_>) -> bool {
    let last = question.example().conversation().next_back();
    last.is_none_or(|turn| Speaker::of(question.site.record(), question.example(), turn) != Speaker::Model)
}

/// Where among its like a key stands; `None` when it is not to be offered here.
fn rank(question: &Question<'_>, object: &'static Object, field: &'static Field) -> Option<usize> {
    if std::ptr::eq(object, &raw const gemini::PART) {
        return rank_of_part(question, field);
    }
    if std::ptr::eq(object, &raw const gemini::CONTENT) && question.speaker() == Some(Speaker::System) {
        return Some(if field.required { 0 } else { 1 });
    }
    // A turn reads best with its role first.
    let first = field.required || (std::ptr::eq(object, &raw const gemini::CONTENT) && field.name == "role");
    Some(match (first, field.tuning) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => UNDOCUMENTED,
    })
}

/// In a part it depends on who speaks and on what the part holds already.
fn rank_of_part(question: &Question<'_>, field: &'static Field) -> Option<usize> {
    let site = question.site;
    let holds = |name: &str| site.member(site.parent, name).is_some();
    let media = ["fileData", "inlineData"].into_iter().find(|name| holds(name));
    let data = gemini::PART.unions.iter().flat_map(|union| union.members).any(|name| holds(name));
    let speaker = question.speaker().unwrap_or(Speaker::User);
    if speaker == Speaker::System || question.example().completion_list.is_some() {
        // A system instruction takes nothing but text, and so does preference tuning.
        return (field.name == "text").then_some(0);
    }
    if !field.tuning {
        return Some(UNDOCUMENTED);
    }
    let rank = match field.name {
        "videoMetadata" | "mediaResolution" if media.is_some() => {
            let mime = media.and_then(|name| site.member(site.parent, name)).and_then(|it| site.string(it, "mimeType"));
            let kind = mime.and_then(|mime| media::kind_of(&mime));
            let fits = match field.name {
                "videoMetadata" => matches!(kind, None | Some(MediaKind::Video)),
                _ => kind != Some(MediaKind::Audio),
            };
            return fits.then_some(if field.name == "videoMetadata" { 0 } else { 5 });
        }
        "videoMetadata" | "mediaResolution" if data => return None,
        "videoMetadata" | "mediaResolution" => 6,
        "text" => 0,
        "functionCall" if speaker == Speaker::Model => 1,
        "fileData" if speaker == Speaker::User => 0,
        "functionResponse" if speaker == Speaker::User => 1,
        _ => 5,
    };
    Some(rank)
}

fn item(question: &Question<'_>, field: &'static Field, rank: usize, place: usize, colon: bool) -> Item {
    let name = lexer::quote(field.name);
    let (before, after) = question.commas();
    let item = if colon {
        question.value(field.name, &name, ItemKind::Field)
    } else {
        let before = format!("{before}{name}{}", question.style.separator(':'));
        let skeleton = question.style.skeleton(&before, &start(question, field), &after);
        question.item(field.name, skeleton, ItemKind::Field)
    };
    let mut detail = shape_words(field.shape);
    if field.required {
        detail.push_str(", required");
    } else if rank == UNDOCUMENTED {
        detail.push_str(", not documented for tuning");
    }
    item.detail(detail)
        .sort(rank, place)
        .documentation(DocumentationKey::Field(index::field_id(field)))
        .preselect(rank == 0)
}

/// The value that a key comes with, as JSON: the field's example, fitted to what is around it.
pub(super) fn start(question: &Question<'_>, field: &'static Field) -> Cow<'static, str> {
    let site = question.site;
    let resolution = question.resolution().unwrap_or(FIRST_RESOLUTION).name();
    match (field.name, field.shape) {
        ("role", Shape::String(Text::Role)) => {
            Cow::Owned(lexer::quote(question.speaker().unwrap_or(Speaker::User).role()))
        }
        ("generationConfig", _) => Cow::Owned(format!(r#"{{"mediaResolution":"{resolution}"}}"#)),
        ("mediaResolution", Shape::Object(_)) => Cow::Owned(format!(r#"{{"level":"{resolution}"}}"#)),
        ("mediaResolution" | "level", Shape::Enum(_)) => Cow::Owned(lexer::quote(resolution)),
        ("mimeType", _) => {
            let fitting =
                site.string(site.parent, "fileUri").and_then(|uri| super::values::fitting(&uri).first().copied());
            fitting.map_or(Cow::Borrowed(field.example), |mime| Cow::Owned(lexer::quote(mime)))
        }
        ("score", _) => Cow::Borrowed(if super::values::other_score(question) == Some(1) { "0" } else { "1" }),
        ("endOffset", Shape::Duration) => {
            let begin = super::times::offset(question, "startOffset").unwrap_or(Duration::ZERO);
            let end = super::times::sum(begin, Duration::from_seconds(10));
            end.map_or(Cow::Borrowed(field.example), |end| Cow::Owned(lexer::quote(&end.canonical())))
        }
        _ => Cow::Borrowed(field.example),
    }
}
