//! Values of a field: those its shape allows, and those used nearby.

use super::item::{DocumentationKey, Item, ItemKind, each};
use super::question::Question;
use super::skeleton::{Skeleton, Style};
use super::start::{first_part, is_example_of, other_score, shape_start, start};
use super::{nearby, times};
use crate::example::mime::{MediaKind, for_location, kind_of};
use crate::example::{Place, Speaker};
use crate::ide::words::shape_words;
use crate::json::{NodeId, lexer};
use crate::schema::{Choices, Field, Means, Shape};
use std::borrow::Cow;

/// The most texts or locations that are offered.
const MAX_ITEMS: usize = 50;
/// A text of more characters is shortened in the list.
const MAX_LABEL: usize = 60;

/// Items for a value of this shape.
pub(super) fn items(question: &Question<'_>, shape: Shape, field: Option<&'static Field>) -> Vec<Item> {
    let means = field.map_or(Means::Nothing, |field| field.means);
    if means == Means::Speaker {
        return roles(question);
    }
    let shape = question.service.shape(shape);
    if let Some(tagged) = question.decided_by(field) {
        return each(tagged.cases, |place, (tag, object)| {
            let item = question.quoted(tag, ItemKind::Enum).detail(object.name).sort(0, place);
            item.documentation(DocumentationKey::field(field))
        });
    }
    match shape {
        Shape::OneOf(shapes) => shapes.iter().flat_map(|shape| items(question, *shape, field)).collect(),
        Shape::String => texts(question, field),
        Shape::Enum(choices) => enumerated(question, choices, field),
        Shape::Duration => times::items(question, means),
        _ if question.in_string() => Vec::new(),
        Shape::Boolean => {
            each(["true", "false"], |place, word| question.value(word, word, ItemKind::Value).sort(0, place))
        }
        Shape::Number | Shape::Integer => numbers(question, field),
        Shape::Object(_) | Shape::Tagged(_) | Shape::List(_) | Shape::Map(_) | Shape::Struct => {
            structure(question, shape, field)
        }
        Shape::JsonText => json_text(question, field),
        Shape::Base64 | Shape::Any => Vec::new(),
    }
}

/// The object or list to start with.
fn structure(question: &Question<'_>, shape: Shape, field: Option<&'static Field>) -> Vec<Item> {
    let example = field.filter(|field| is_example_of(field, shape)).map(|field| start(question, field));
    let element = || match shape {
        Shape::List(element) => first_part(question, *element).map(|json| format!("[{json}]")),
        _ => None,
    };
    let json = example.or_else(|| element().or_else(|| shape_start(shape)).map(Into::into));
    let label = if matches!(shape, Shape::List(_)) { "[…]" } else { "{…}" };
    let item = |json: Cow<'_, str>| question.skeleton(label, &json, ItemKind::Value).detail(shape_words(shape));
    json.map(item).map(|item| item.sort(0, 0).documentation(DocumentationKey::field(field))).into_iter().collect()
}

/// A string to start with, for JSON inside.
fn json_text(question: &Question<'_>, field: Option<&'static Field>) -> Vec<Item> {
    let Some(field) = field.filter(|field| is_example_of(field, Shape::String)) else { return Vec::new() };
    let style = Style { key: field.name, ..question.style };
    let (before, after) = question.commas();
    let item = question.item("\"{…}\"", style.skeleton(&before, field.example, &after), ItemKind::Value);
    vec![item.detail(shape_words(Shape::JsonText)).sort(0, 0).documentation(DocumentationKey::field(Some(field)))]
}

fn roles(question: &Question<'_>) -> Vec<Item> {
    let format = question.format;
    let names: Vec<&str> = match question.turn().map(|turn| turn.place) {
        Some(Place::System) => format.instruction_roles.to_vec(),
        Some(Place::Answer) => question.role_of(Speaker::Model).into_iter().collect(),
        _ => question.roles(),
    };
    let expected = question.role_of(question.speaker().unwrap_or(Speaker::User));
    each(names, |place, name| {
        let fits = Some(name) == expected;
        question
            .quoted(name, ItemKind::Enum)
            .detail(if fits { "expected here" } else { "" })
            .sort(usize::from(!fits), place)
            .documentation(DocumentationKey::Role { format: format.id.to_owned(), role: name.to_owned() })
            .preselect(fits)
    })
}

fn enumerated(question: &Question<'_>, choices: &'static Choices, field: Option<&'static Field>) -> Vec<Item> {
    let (shared, limits) = (question.format.words.shared, question.limits);
    let set = shared.zip(question.asked.shared).map(|(field, value)| field.name(value));
    each(choices.values, |place, choice| {
        let fits = Some(choice.name) == set && !choice.is_unset;
        let rank = match (fits, choice.is_unset) {
            (true, _) => 0,
            (false, false) => 1,
            (false, true) => 2,
        };
        let figures = shared.and_then(|field| field.named(choice.name)).and_then(|value| {
            let minutes = limits.longest_segment(value)? / 60;
            let tokens = limits.frame_tokens(value).map(|tokens| format!("{tokens} tokens per frame, "));
            Some(format!("{}{minutes} minutes", tokens.unwrap_or_default()))
        });
        let same = fits.then(|| "used in this file".to_owned());
        let detail = figures.into_iter().chain(same).collect::<Vec<_>>().join(", ");
        question
            .quoted(choice.name, ItemKind::Enum)
            .detail(detail)
            .sort(rank, place)
            .documentation(DocumentationKey::choice(field, place))
            .preselect(fits)
    })
}

fn mime_types(question: &Question<'_>) -> Vec<Item> {
    let uri = question.sibling(Means::Location);
    let fits = uri.as_deref().map_or(&[][..], for_location);
    let used: Vec<_> = question.nearby.mime_types.by_frequency().into_iter().map(|(name, _)| name.as_str()).collect();
    let kind = fits.first().and_then(|name| kind_of(name));
    let taken = |name: &&str| kind_of(name).is_none_or(|kind| question.limits.most(kind) != Some(0));
    each(question.format.words.media_types.iter().copied().filter(taken), |place, name| {
        let fit = fits.iter().position(|fit| *fit == name);
        let near = used.iter().position(|used| *used == name);
        let (rank, place) = match (fit, near) {
            (Some(fit), _) => (0, fit),
            (None, Some(near)) if fits.is_empty() => (1, near),
            _ if kind.is_some() && kind_of(name) == kind => (2, place),
            _ => (3, place),
        };
        let detail = match (fit, near) {
            (Some(_), _) => "matches the file extension",
            (None, Some(_)) => "used nearby",
            (None, None) => kind_of(name).map_or("", MediaKind::label),
        };
        question
            .quoted(name, ItemKind::Enum)
            .detail(detail)
            .sort(rank, place)
            .documentation(DocumentationKey::MimeType(name.to_owned()))
            .preselect(fit == Some(0))
    })
}

fn locations(question: &Question<'_>, field: &'static Field) -> Vec<Item> {
    let mut known = question.nearby.uris.clone();
    nearby::locations(question.record, question.example).for_each(|uri| known.add(uri));
    let mut uris = known.first_seen();
    uris.retain(|uri| !uri.trim().is_empty() && uri.len() <= 2_000);
    let mut items = repeated(question, uris.iter(), ItemKind::File, "used nearby");
    if question.style.snippets {
        let mut folders: Vec<&str> = Vec::new();
        for uri in &uris {
            let folder = uri.rfind('/').and_then(|slash| uri.get(..=slash));
            if let Some(folder) = folder.filter(|folder| !folder.ends_with("//") && !folders.contains(folder)) {
                folders.push(folder);
            }
        }
        let start = lexer::unquote(field.example);
        if folders.is_empty() && !start.is_empty() {
            folders.push(start);
        }
        items.extend(each(folders.into_iter().take(MAX_ITEMS), |place, folder| {
            let quoted = lexer::quote(folder).replace('\\', "\\\\").replace('$', "\\$");
            let open = quoted.strip_suffix('"').unwrap_or(&quoted);
            let (before, after) = question.commas();
            let skeleton = Skeleton { text: format!("{before}{open}$1\"{after}$0"), snippet: true };
            question.item(folder, skeleton, ItemKind::File).detail("folder").sort(1, place)
        }));
    }
    items
}

fn texts(question: &Question<'_>, field: Option<&'static Field>) -> Vec<Item> {
    let Some(field) = field else { return Vec::new() };
    let example = question.example;
    let calls = || example.calls.iter().filter(|call| !call.is_result);
    match field.means {
        Means::MimeType => mime_types(question),
        Means::Location => locations(question, field),
        Means::Text | Means::Content => spoken(question),
        Means::CallName => declared(question),
        Means::ResultName => {
            let called: Vec<_> = calls().filter_map(|call| call.name).collect();
            named(question, if called.is_empty() { &example.declared } else { &called }, "function")
        }
        Means::ResultId if field.documented => {
            named(question, &calls().filter_map(|call| call.id).collect::<Vec<_>>(), "call")
        }
        _ => Vec::new(),
    }
}

/// The names of the functions that the record declares.
fn declared(question: &Question<'_>) -> Vec<Item> {
    let detail = format!("declared in `{}`", question.format.name_of(Means::Tools));
    named(question, &question.example.declared, &detail)
}

/// Strings of the record that can be repeated here.
fn named(question: &Question<'_>, nodes: &[NodeId], detail: &str) -> Vec<Item> {
    let record = question.record;
    let mut names: Vec<_> = nodes.iter().filter_map(|node| record.string(*node)).collect();
    names.retain(|name| !name.is_empty() && name.len() <= 200);
    names.dedup();
    repeated(question, names.iter(), ItemKind::Text, detail)
}

/// Elements of a list of names: of functions, or of the properties of a schema.
pub(super) fn listed(question: &Question<'_>, field: Option<&'static Field>) -> Vec<Item> {
    match field.map_or(Means::Nothing, |field| field.means) {
        Means::DeclaredNames => declared(question),
        Means::PropertyNames => {
            let record = question.record;
            let schema = record.parent(question.parent);
            let Some(properties) = schema.and_then(|schema| question.member(schema, Means::Properties)) else {
                return Vec::new();
            };
            let taken: Vec<_> = record.children(question.parent).filter_map(|child| record.string(child)).collect();
            let names = record.children(properties).map(|child| record.key(child)).filter(|key| !taken.contains(key));
            repeated(question, names, ItemKind::Text, "property")
        }
        _ => Vec::new(),
    }
}

fn repeated(
    question: &Question<'_>,
    texts: impl Iterator<Item = impl AsRef<str>>,
    kind: ItemKind,
    detail: &str,
) -> Vec<Item> {
    each(texts.take(MAX_ITEMS), |place, text| question.quoted(text.as_ref(), kind).detail(detail).sort(0, place))
}

/// Texts of the same speaker nearby.
fn spoken(question: &Question<'_>) -> Vec<Item> {
    let nearby = question.nearby;
    let (mut texts, detail): (Vec<(&String, usize)>, _) = match question.speaker() {
        Some(Speaker::Model) => (nearby.targets.by_frequency(), "answer"),
        Some(Speaker::System) => (nearby.instructions.by_frequency(), "system instruction"),
        Some(Speaker::Tool) => return Vec::new(),
        Some(Speaker::User) | None => {
            let prompts = nearby.prompts.by_frequency();
            (prompts.into_iter().map(|((text, _), count)| (text, count)).collect(), "prompt")
        }
    };
    let mut distinct: Vec<&String> = Vec::new();
    texts.retain(|(text, _)| {
        let new = !distinct.contains(text);
        distinct.push(text);
        new
    });
    each(texts.into_iter().take(MAX_ITEMS), |place, (text, count)| {
        let label = shortened(text);
        let whole = if label == *text { DocumentationKey::Nothing } else { DocumentationKey::Whole(text.clone()) };
        let json = lexer::quote(text);
        let mut item = question.value(&label, &json, ItemKind::Text);
        // Users type the text with its escapes, not the shortened label.
        item.filter = question.cursor.quote.into_iter().chain(lexer::unquote(&json).chars().take(200)).collect();
        let times = if count == 1 { String::new() } else { format!(", {count} times nearby") };
        item.detail(format!("{detail}{times}")).sort(0, place).documentation(whole)
    })
}

/// A text on one line, shortened if it is long.
fn shortened(text: &str) -> String {
    let mut label: String = text.chars().take(MAX_LABEL).collect();
    if label.len() < text.len() {
        label.push('…');
    }
    label.replace(|letter: char| letter.is_control(), " ")
}

fn numbers(question: &Question<'_>, field: Option<&'static Field>) -> Vec<Item> {
    let Some(field) = field else { return Vec::new() };
    let names: &[(&str, &str)] = match field.means {
        Means::Score if other_score(question) == Some(1) => &[("0", "other answer"), ("1", "preferred answer")],
        Means::Score => &[("1", "preferred answer"), ("0", "other answer")],
        Means::FrameRate => &[(field.example, "frames per second, the default")],
        Means::Weight => &[("1", "learned"), ("0", "not learned")],
        _ => &[],
    };
    each(names, |place, (name, detail)| question.value(name, name, ItemKind::Value).detail(*detail).sort(0, place))
}
