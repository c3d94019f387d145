//! Values of a field: what its shape allows, and what is used nearby.

use super::documentation::{DocumentationKey, shape_words};
use super::keys::start;
use super::nearby::{Speaker, Wanted};
use super::question::{Question, shape_start};
use super::{Item, ItemKind, times};
use crate::json::{NodeId, lexer};
use crate::schema::example::Place;
use crate::schema::media::{self, Resolution, kind_of};
use crate::schema::scalar::{extension, parse_location};
use crate::schema::{Choices, Field, Shape, Text, gemini, index, preference};

/// So many texts or locations are offered at most.
const MOST: usize = 50;
/// A longer text is cut in the list.
const LONGEST_LABEL: usize = 60;

/// What the member at the cursor can have as its value.
pub(super) fn items(question: &Question<'_>, shape: Shape, field: Option<&'static Field>) -> Vec<Item> {
    match shape {
        Shape::String(Text::Role) => roles(question),
        Shape::String(Text::MimeType) => mime_types(question),
        Shape::String(Text::FileUri) => locations(question),
        Shape::String(Text::Plain) => texts(question, field),
        Shape::Enum(choices) => enumerated(question, choices, field),
        Shape::Duration => times::items(question, field.map_or("", |field| field.name)),
        _ if question.in_string() => Vec::new(),
        Shape::Boolean => ["true", "false"]
            .into_iter()
            .enumerate()
            .map(|(place, word)| question.value(word, word, ItemKind::Value).sort(0, place))
            .collect(),
        Shape::Number => numbers(question, field),
        Shape::Object(_) | Shape::List(_) | Shape::Map(_) | Shape::Struct => structure(question, shape, field),
        Shape::Integer | Shape::Base64 | Shape::Any => Vec::new(),
    }
}

/// The object or list that the field begins with.
fn structure(question: &Question<'_>, shape: Shape, field: Option<&'static Field>) -> Vec<Item> {
    let json = field.map(|field| start(question, field)).or_else(|| shape_start(shape).map(Into::into));
    let label = if matches!(shape, Shape::List(_)) { "[…]" } else { "{…}" };
    let key = field.map_or(DocumentationKey::Nothing, |field| DocumentationKey::Field(index::field_id(field)));
    let item = json.map(|json| question.skeleton(label, &json, ItemKind::Value));
    item.map(|item| item.detail(shape_words(shape)).sort(0, 0).documentation(key)).into_iter().collect()
}

fn roles(question: &Question<'_>) -> Vec<Item> {
    let expected = question.speaker().unwrap_or(Speaker::User);
    let names: &[&str] = match question.turn().map(|turn| turn.place) {
        Some(Place::System) => &["system", "user"],
        Some(Place::Completion) => &["model"],
        _ => &["user", "model"],
    };
    let item = |(place, name): (usize, &&str)| {
        let fits = *name == expected.role();
        question
            .value(name, &lexer::quote(name), ItemKind::Enum)
            .detail(if fits { "expected here" } else { "" })
            .sort(usize::from(!fits), place)
            .documentation(DocumentationKey::Role((*name).to_owned()))
            .preselect(fits)
    };
    names.iter().enumerate().map(item).collect()
}

fn enumerated(question: &Question<'_>, choices: &'static Choices, field: Option<&'static Field>) -> Vec<Item> {
    let set = question.asked.resolution.map(|resolution| resolution.name());
    let item = |(place, choice): (usize, &'static crate::schema::Choice)| {
        let fits = Some(choice.name) == set && !choice.name.ends_with("_UNSPECIFIED");
        let rank = match (fits, choice.name.ends_with("_UNSPECIFIED")) {
            (true, _) => 0,
            (false, false) => 1,
            (false, true) => 2,
        };
        let figures = Resolution::from_name(choice.name).and_then(|resolution| {
            let profile = question.asked.profile;
            let minutes = profile.longest_segment(resolution)? / 60;
            let tokens = profile.frame_tokens(resolution).map(|tokens| format!("{tokens} tokens a frame, "));
            Some(format!("{}{minutes} minutes", tokens.unwrap_or_default()))
        });
        let same = fits.then(|| "as the rest of the file".to_owned());
        let detail = figures.into_iter().chain(same).collect::<Vec<_>>().join(", ");
        let key = field.and_then(|field| DocumentationKey::choice(field, place));
        question
            .value(choice.name, &lexer::quote(choice.name), ItemKind::Enum)
            .detail(detail)
            .sort(rank, place)
            .documentation(key.unwrap_or(DocumentationKey::Nothing))
            .preselect(fits)
    };
    choices.values.iter().enumerate().map(item).collect()
}

/// The media types that fit a location, by its extension, best first.
pub(super) fn fitting(uri: &str) -> &'static [&'static str] {
    let location = parse_location(uri).ok();
    location.as_ref().and_then(extension).map_or(&[], media::for_extension)
}

fn mime_types(question: &Question<'_>) -> Vec<Item> {
    let uri = question.site.string(question.site.parent, "fileUri");
    let fits = uri.as_deref().map_or(&[][..], fitting);
    let nearby = question.nearby(Wanted::MimeTypes);
    let used: Vec<_> = nearby.mime_types.by_frequency().into_iter().map(|(name, _)| name.as_str()).collect();
    let kind = fits.first().and_then(|name| kind_of(name));
    let item = |(place, name): (usize, &'static str)| {
        let fit = fits.iter().position(|fit| *fit == name);
        let near = used.iter().position(|used| *used == name);
        let (rank, place) = match (fit, near) {
            (Some(fit), _) => (0, fit),
            (None, Some(near)) if fits.is_empty() => (1, near),
            _ if kind.is_some() && kind_of(name) == kind => (2, place),
            _ => (3, place),
        };
        let detail = match (fit, near) {
            (Some(_), _) => "fits the file's extension",
            (None, Some(_)) => "used nearby",
            (None, None) => kind_of(name).map_or("", media::MediaKind::label),
        };
        question
            .value(name, &lexer::quote(name), ItemKind::Enum)
            .detail(detail)
            .sort(rank, place)
            .documentation(DocumentationKey::MimeType(name.to_owned()))
            .preselect(fit == Some(0))
    };
    media::documented_types().enumerate().map(item).collect()
}

fn locations(question: &Question<'_>) -> Vec<Item> {
    let mut found = question.nearby(Wanted::Locations);
    found.add_locations(question.site.record(), question.example());
    let uris: Vec<_> = found.uris.first_seen().filter(|uri| !uri.trim().is_empty() && uri.len() <= 2_000).collect();
    let whole = |(place, uri): (usize, &&String)| {
        question.value(uri, &lexer::quote(uri), ItemKind::File).detail("used nearby").sort(0, place)
    };
    let mut items: Vec<_> = uris.iter().take(MOST).enumerate().map(whole).collect();
    if question.style.snippets {
        let mut folders: Vec<&str> = Vec::new();
        for uri in &uris {
            let folder = uri.rfind('/').and_then(|slash| uri.get(..=slash));
            if let Some(folder) = folder.filter(|folder| !folder.ends_with("//") && !folders.contains(folder)) {
                folders.push(folder);
            }
        }
        if folders.is_empty() {
            folders.push("gs://");
        }
        items.extend(folders.iter().take(MOST).enumerate().map(|(place, folder)| {
            let quoted = lexer::quote(folder).replace('\\', "\\\\").replace('$', "\\$");
            let open = quoted.strip_suffix('"').unwrap_or(&quoted);
            let (before, after) = question.commas();
            let text = format!("{before}{open}$1\"{after}$0");
            let skeleton = super::skeleton::Skeleton { text, snippet: true };
            question.item(folder, skeleton, ItemKind::File).detail("folder").sort(1, place)
        }));
    }
    items
}

fn texts(question: &Question<'_>, field: Option<&'static Field>) -> Vec<Item> {
    let site = question.site;
    let Some(object) = site.object(site.parent) else { return Vec::new() };
    let name = field.map_or("", |field| field.name);
    if std::ptr::eq(object, &raw const gemini::PART) && name == "text" {
        return spoken(question);
    }
    if name == "name" && std::ptr::eq(object, &raw const gemini::FUNCTION_CALL) {
        return named(question, &question.example().declared, "declared in `tools`");
    }
    if name == "name" && std::ptr::eq(object, &raw const gemini::FUNCTION_RESPONSE) {
        let calls = question.example().parts.iter().filter_map(|part| part.function_call);
        let called: Vec<_> = calls.filter_map(|call| site.member(call, "name")).collect();
        return named(question, if called.is_empty() { &question.example().declared } else { &called }, "a function");
    }
    Vec::new()
}

/// Strings of the record itself that can be repeated here.
fn named(question: &Question<'_>, nodes: &[NodeId], detail: &str) -> Vec<Item> {
    let record = question.site.record();
    let mut names: Vec<_> = nodes.iter().filter_map(|node| record.string(*node)).collect();
    names.retain(|name| !name.is_empty() && name.len() <= 200);
    names.dedup();
    let item = |(place, name): (usize, &std::borrow::Cow<'_, str>)| {
        question.value(name, &lexer::quote(name), ItemKind::Text).detail(detail).sort(0, place)
    };
    names.iter().take(MOST).enumerate().map(item).collect()
}

/// Names of functions, or of the members of a schema, in a list of them.
pub(super) fn listed(question: &Question<'_>, field: Option<&'static Field>) -> Vec<Item> {
    let site = question.site;
    match field.map_or("", |field| field.name) {
        "allowedFunctionNames" => named(question, &question.example().declared, "declared in `tools`"),
        "required" | "propertyOrdering" => {
            let schema = site.record().parent(site.parent);
            let Some(properties) = schema.and_then(|schema| site.member(schema, "properties")) else {
                return Vec::new();
            };
            let record = site.record();
            let taken: Vec<_> = record.children(site.parent).filter_map(|child| record.string(child)).collect();
            let names = record.children(properties).map(|child| record.key(child)).filter(|key| !taken.contains(key));
            let item = |(place, name): (usize, std::borrow::Cow<'_, str>)| {
                question.value(&name, &lexer::quote(&name), ItemKind::Text).detail("a property").sort(0, place)
            };
            names.take(MOST).enumerate().map(item).collect()
        }
        _ => Vec::new(),
    }
}

/// What is said nearby by whoever speaks here.
fn spoken(question: &Question<'_>) -> Vec<Item> {
    let nearby = question.nearby(Wanted::Texts);
    let (texts, detail): (Vec<(&String, usize)>, _) = match question.speaker() {
        Some(Speaker::Model) => (nearby.targets.by_frequency(), "answer"),
        Some(Speaker::System) => (nearby.instructions.by_frequency(), "system instruction"),
        Some(Speaker::User) | None => {
            let prompts = nearby.prompts.by_frequency();
            (prompts.into_iter().map(|((text, _), count)| (text, count)).collect(), "prompt")
        }
    };
    let item = |(place, (text, count)): (usize, (&String, usize))| {
        let label = shortened(text);
        let whole = if label == *text { DocumentationKey::Nothing } else { DocumentationKey::Whole(text.clone()) };
        let mut item = question.value(&label, &lexer::quote(text), ItemKind::Text);
        // What is typed is the text itself, its escapes included, not the label that stands for it.
        let inner = lexer::quote(text);
        let typed = inner.get(1..inner.len().saturating_sub(1)).unwrap_or_default();
        item.filter = question.site.quote.into_iter().chain(typed.chars().take(200)).collect();
        let times = if count == 1 { String::new() } else { format!(", {count} times nearby") };
        item.detail(format!("{detail}{times}")).sort(0, place).documentation(whole)
    };
    let mut distinct: Vec<&String> = Vec::new();
    let mut texts = texts;
    texts.retain(|(text, _)| {
        let new = !distinct.contains(text);
        distinct.push(text);
        new
    });
    texts.into_iter().take(MOST).enumerate().map(item).collect()
}

/// A text on one line, cut when it is long.
fn shortened(text: &str) -> String {
    let mut label: String = text.chars().take(LONGEST_LABEL).collect();
    if label.len() < text.len() {
        label.push('…');
    }
    label.replace(|letter: char| letter.is_control(), " ")
}

/// The score of the other answer, when it is 0 or 1.
pub(super) fn other_score(question: &Question<'_>) -> Option<u8> {
    let record = question.site.record();
    let list = record.parent(question.site.parent)?;
    let others = record.children(list).filter(|node| *node != question.site.parent);
    let scores = others.filter_map(|other| question.site.member(other, "score"));
    scores.filter_map(|score| record.raw(record.span(score)).parse::<f64>().ok()).find_map(|score| match score {
        0.0 => Some(0),
        1.0 => Some(1),
        _ => None,
    })
}

fn numbers(question: &Question<'_>, field: Option<&'static Field>) -> Vec<Item> {
    let names: &[(&str, &str)] = match field {
        Some(field) if std::ptr::eq(field, &raw const preference::COMPLETION.fields[0]) => {
            if other_score(question) == Some(1) {
                &[("0", "the other answer"), ("1", "the preferred answer")]
            } else {
                &[("1", "the preferred answer"), ("0", "the other answer")]
            }
        }
        Some(field) if field.name == "fps" => &[("1.0", "frames a second, as when absent")],
        _ => &[],
    };
    let item = |(place, (name, detail)): (usize, &(&str, &str))| {
        question.value(name, name, ItemKind::Value).detail(*detail).sort(0, place)
    };
    names.iter().enumerate().map(item).collect()
}
