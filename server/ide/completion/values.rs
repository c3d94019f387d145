//! Values of a field: what its shape allows, and what is used nearby.

use super::item::{DocumentationKey, Item, ItemKind};
use super::question::Question;
use super::skeleton::Skeleton;
use super::start::{first_part, fitting, is_example_of, other_score, shape_start, start};
use super::{nearby, times};
use crate::example::mime::{MediaKind, documented_types, kind_of};
use crate::example::{Place, Speaker};
use crate::ide::words::shape_words;
use crate::json::{NodeId, lexer};
use crate::schema::{Choice, Choices, Field, Means, Object, Shape};
use std::borrow::Cow;

/// So many texts or locations are offered at most.
const MOST: usize = 50;
/// A longer text is cut in the list.
const LONGEST_LABEL: usize = 60;

/// What the member at the cursor can have as its value.
pub(super) fn items(question: &Question<'_>, shape: Shape, field: Option<&'static Field>) -> Vec<Item> {
    let means = field.map_or(Means::Nothing, |field| field.means);
    if means == Means::Speaker {
        return roles(question);
    }
    if let Some(tagged) = question.site.decided_by(field) {
        return tags(question, tagged.cases, field);
    }
    match shape {
        Shape::OneOf(shapes) => shapes.iter().flat_map(|shape| items(question, *shape, field)).collect(),
        Shape::String => texts(question, field),
        Shape::Enum(choices) => enumerated(question, choices, field),
        Shape::Duration => times::items(question, means),
        _ if question.in_string() => Vec::new(),
        Shape::Boolean => ["true", "false"]
            .into_iter()
            .enumerate()
            .map(|(place, word)| question.value(word, word, ItemKind::Value).sort(0, place))
            .collect(),
        Shape::Number | Shape::Integer => numbers(question, field),
        Shape::Object(_) | Shape::Tagged(_) | Shape::List(_) | Shape::Map(_) | Shape::Struct => {
            structure(question, shape, field)
        }
        Shape::JsonText | Shape::Base64 | Shape::Any => Vec::new(),
    }
}

/// The object or list that the field begins with.
fn structure(question: &Question<'_>, shape: Shape, field: Option<&'static Field>) -> Vec<Item> {
    let example = field.filter(|field| is_example_of(field, shape)).map(|field| start(question, field));
    let element = || match shape {
        Shape::List(element) => first_part(question, *element).map(|json| format!("[{json}]")),
        _ => None,
    };
    let json = example.or_else(|| element().or_else(|| shape_start(shape)).map(Into::into));
    let label = if matches!(shape, Shape::List(_)) { "[…]" } else { "{…}" };
    let item = json.map(|json| question.skeleton(label, &json, ItemKind::Value));
    item.map(|item| item.detail(shape_words(shape)).sort(0, 0).documentation(DocumentationKey::field(field)))
        .into_iter()
        .collect()
}

fn roles(question: &Question<'_>) -> Vec<Item> {
    let expected = question.speaker().unwrap_or(Speaker::User);
    let format = question.format;
    let names: Vec<&str> = match question.turn().map(|turn| turn.place) {
        Some(Place::System) => format.instruction_roles.to_vec(),
        Some(Place::Answer) => format.words.role(Speaker::Model).into_iter().collect(),
        _ => format.words.roles.iter().map(|(name, _)| *name).collect(),
    };
    let expected = question.role_of(expected);
    let item = |(place, name): (usize, &&str)| {
        let fits = Some(*name) == expected;
        question
            .value(name, &lexer::quote(name), ItemKind::Enum)
            .detail(if fits { "expected here" } else { "" })
            .sort(usize::from(!fits), place)
            .documentation(DocumentationKey::Role { format: format.id.to_owned(), role: (*name).to_owned() })
            .preselect(fits)
    };
    names.iter().enumerate().map(item).collect()
}

/// The values that say what the object at the cursor is.
fn tags(
    question: &Question<'_>,
    cases: &'static [(&'static str, &'static Object)],
    field: Option<&'static Field>,
) -> Vec<Item> {
    let item = |(place, (tag, object)): (usize, &(&str, &'static Object))| {
        let item = question.value(tag, &lexer::quote(tag), ItemKind::Enum).detail(object.name);
        item.sort(0, place).documentation(DocumentationKey::field(field))
    };
    cases.iter().enumerate().map(item).collect()
}

fn enumerated(question: &Question<'_>, choices: &'static Choices, field: Option<&'static Field>) -> Vec<Item> {
    let (shared, limits) = (question.format.words.shared, question.limits);
    let set = shared.zip(question.asked.shared).map(|(field, value)| field.name(value));
    let item = |(place, choice): (usize, &'static Choice)| {
        let fits = Some(choice.name) == set && !choice.is_unset();
        let rank = match (fits, choice.is_unset()) {
            (true, _) => 0,
            (false, false) => 1,
            (false, true) => 2,
        };
        let figures = shared.and_then(|field| field.named(choice.name)).and_then(|value| {
            let minutes = limits.longest_segment(value)? / 60;
            let tokens = limits.frame_tokens(value).map(|tokens| format!("{tokens} tokens a frame, "));
            Some(format!("{}{minutes} minutes", tokens.unwrap_or_default()))
        });
        let same = fits.then(|| "as the rest of the file".to_owned());
        let detail = figures.into_iter().chain(same).collect::<Vec<_>>().join(", ");
        question
            .value(choice.name, &lexer::quote(choice.name), ItemKind::Enum)
            .detail(detail)
            .sort(rank, place)
            .documentation(DocumentationKey::choice(field, place))
            .preselect(fits)
    };
    choices.values.iter().enumerate().map(item).collect()
}

fn mime_types(question: &Question<'_>) -> Vec<Item> {
    let uri = question.site.string(question.site.parent, Means::Location);
    let fits = uri.as_deref().map_or(&[][..], fitting);
    let used: Vec<_> = question.nearby.mime_types.by_frequency().into_iter().map(|(name, _)| name.as_str()).collect();
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
            (None, None) => kind_of(name).map_or("", MediaKind::label),
        };
        question
            .value(name, &lexer::quote(name), ItemKind::Enum)
            .detail(detail)
            .sort(rank, place)
            .documentation(DocumentationKey::MimeType(name.to_owned()))
            .preselect(fit == Some(0))
    };
    documented_types().enumerate().map(item).collect()
}

fn locations(question: &Question<'_>, field: &'static Field) -> Vec<Item> {
    let mut known = question.nearby.uris.clone();
    nearby::locations(question.record, question.example).for_each(|uri| known.add(uri));
    let mut uris = known.first_seen();
    uris.retain(|uri| !uri.trim().is_empty() && uri.len() <= 2_000);
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
        let start = lexer::unquote(field.example);
        if folders.is_empty() && !start.is_empty() {
            folders.push(start);
        }
        items.extend(folders.iter().take(MOST).enumerate().map(|(place, folder)| {
            let quoted = lexer::quote(folder).replace('\\', "\\\\").replace('$', "\\$");
            let open = quoted.strip_suffix('"').unwrap_or(&quoted);
            let (before, after) = question.commas();
            let text = format!("{before}{open}$1\"{after}$0");
            let skeleton = Skeleton { text, snippet: true };
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
            named(question, if called.is_empty() { &example.declared } else { &called }, "a function")
        }
        Means::ResultId if field.documented => {
            named(question, &calls().filter_map(|call| call.id).collect::<Vec<_>>(), "a call")
        }
        _ => Vec::new(),
    }
}

/// The names of the functions that the record declares.
fn declared(question: &Question<'_>) -> Vec<Item> {
    let detail = format!("declared in `{}`", question.format.name_of(Means::Tools));
    named(question, &question.example.declared, &detail)
}

/// Strings of the record itself that can be repeated here.
fn named(question: &Question<'_>, nodes: &[NodeId], detail: &str) -> Vec<Item> {
    let record = question.record;
    let mut names: Vec<_> = nodes.iter().filter_map(|node| record.string(*node)).collect();
    names.retain(|name| !name.is_empty() && name.len() <= 200);
    names.dedup();
    let item = |(place, name): (usize, &Cow<'_, str>)| {
        question.value(name, &lexer::quote(name), ItemKind::Text).detail(detail).sort(0, place)
    };
    names.iter().take(MOST).enumerate().map(item).collect()
}

/// Names of functions, or of the members of a schema, in a list of them.
pub(super) fn listed(question: &Question<'_>, field: Option<&'static Field>) -> Vec<Item> {
    let site = question.site;
    match field.map_or(Means::Nothing, |field| field.means) {
        Means::DeclaredNames => declared(question),
        Means::PropertyNames => {
            let schema = question.record.parent(site.parent);
            let Some(properties) = schema.and_then(|schema| site.member(schema, Means::Properties)) else {
                return Vec::new();
            };
            let record = question.record;
            let taken: Vec<_> = record.children(site.parent).filter_map(|child| record.string(child)).collect();
            let names = record.children(properties).map(|child| record.key(child)).filter(|key| !taken.contains(key));
            let item = |(place, name): (usize, Cow<'_, str>)| {
                question.value(&name, &lexer::quote(&name), ItemKind::Text).detail("a property").sort(0, place)
            };
            names.take(MOST).enumerate().map(item).collect()
        }
        _ => Vec::new(),
    }
}

/// What is said nearby by whoever speaks here.
fn spoken(question: &Question<'_>) -> Vec<Item> {
    let nearby = question.nearby;
    let (texts, detail): (Vec<(&String, usize)>, _) = match question.speaker() {
        Some(Speaker::Model) => (nearby.targets.by_frequency(), "answer"),
        Some(Speaker::System) => (nearby.instructions.by_frequency(), "system instruction"),
        Some(Speaker::Tool) => return Vec::new(),
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
        item.filter = question.site.slot.quote.into_iter().chain(typed.chars().take(200)).collect();
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

fn numbers(question: &Question<'_>, field: Option<&'static Field>) -> Vec<Item> {
    let Some(field) = field else { return Vec::new() };
    let names: &[(&str, &str)] = match field.means {
        Means::Score => {
            if other_score(question) == Some(1) {
                &[("0", "the other answer"), ("1", "the preferred answer")]
            } else {
                &[("1", "the preferred answer"), ("0", "the other answer")]
            }
        }
        Means::FrameRate => &[(field.example, "frames a second, as when absent")],
        Means::Weight => &[("1", "learned"), ("0", "not learned")],
        _ => &[],
    };
    let item = |(place, (name, detail)): (usize, &(&str, &str))| {
        question.value(name, name, ItemKind::Value).detail(*detail).sort(0, place)
    };
    names.iter().enumerate().map(item).collect()
}
