//! Whole examples for an empty line: each is one valid line with the shared value of the file.

use super::item::{DocumentationKey, Item, ItemKind};
use super::nearby::Nearby;
use super::next::like_nearest;
use super::question::Asked;
use super::service::Reader;
use super::skeleton::Style;
use super::start::shared_or_first;
use crate::analysis::Analyst;
use crate::example::mime::MediaKind;
use crate::example::shared::SharedValue;
use crate::formats::{FORMATS, Format, Piece, Template, mark};
use crate::json::{Span, lexer};
use crate::settings::Detection;

/// The examples of the file's format, if the record is empty, one word, or only its brackets. As long as the file's format
/// is unknown, the examples of other formats follow.
pub(super) fn items(asked: &Asked<'_>, nearby: &Nearby, analyst: &mut Analyst) -> Vec<Item> {
    let typed = asked.text.trim();
    let start = asked.text.len() - asked.text.trim_start().len();
    let span = Span::new(start, start + typed.len());
    let word = lexer::word_end(typed, 0) == typed.len();
    let bracket = matches!(typed, "{" | "{}");
    if !(word || bracket) || (!typed.is_empty() && !span.touches(asked.offset)) {
        return Vec::new();
    }
    if nearby.is_known == Some(false) {
        return Vec::new();
    }
    let replace = if typed.is_empty() { Span::new(asked.offset, asked.offset) } else { span };
    let own = analyst.fallback();
    let is_open = nearby.is_known.is_none() && analyst.settings().format == Detection::ByContent;
    let of_service = analyst.settings().service;
    let is_other = |format: &Format| is_open && of_service.is_none_or(|service| format.services.contains(&service));
    let mut offered: Vec<_> =
        lines().enumerate().filter(|(_, (format, _))| *format == own || is_other(format)).collect();
    offered.sort_by_key(|(_, (format, _))| *format != own);
    // The filter must start with the replaced text.
    let bracket = if bracket { "{" } else { "" };
    let mut items = Vec::new();
    if let Some(next) = nearby.next.as_ref().filter(|next| next.format == own) {
        let style =
            Style::of(asked.snippets, asked.nearby.iter().copied(), Reader::new(own, analyst.settings().service(own)));
        let plain = next.line(Style { snippets: false, ..style }).text;
        let item = Item::new("next example", ItemKind::Template, replace, next.line(style));
        let item = item.detail("like the nearest line").sort(8, 0).documentation(DocumentationKey::Whole(plain));
        items.push(Item { filter: format!("{bracket}next example"), ..item });
    }
    for (place, (number, (format, template))) in offered.into_iter().enumerate() {
        let shared = asked.shared.filter(|_| format == own);
        let prompt = usual_prompt(nearby, template.media);
        let json = template.line(format, shared, prompt);
        let service = analyst.settings().service(format);
        let style = Style::of(asked.snippets, asked.nearby.iter().copied(), Reader::new(format, service));
        let reading = analyst.read(&json);
        let kind = reading.kind;
        let like_nearest = like_nearest(&json, &reading, &nearby.media, prompt.is_some());
        // Some services read a prompt without an answer as another kind of line.
        let is_itself = mark(reading.record) == reading.mark;
        if !is_itself
            || !service.takes_kind(kind.id)
            || !style.reader.is_taken(&json, analyst.settings().limits_of(kind))
        {
            continue;
        }
        let skeleton = style.skeleton("", &like_nearest, "");
        let item = Item::new(template.label, ItemKind::Template, replace, skeleton).detail("whole example");
        let filter = format!("{bracket}{}", template.label);
        items.push(Item {
            filter,
            ..item
                .sort(9, place)
                .documentation(DocumentationKey::Template { place: number, service: service.id.to_owned() })
        });
    }
    items
}

/// The templates of all formats that are whole lines.
fn lines() -> impl Iterator<Item = (&'static Format, &'static Template)> {
    let of = |format: &&'static Format| {
        let format = *format;
        format.templates.iter().filter(|it| it.of == Piece::Line).map(move |template| (format, template))
    };
    FORMATS.iter().flat_map(of)
}

/// The most frequent prompt nearby for this kind of media.
fn usual_prompt(nearby: &Nearby, media: Option<MediaKind>) -> Option<&str> {
    media?;
    let prompts = nearby.prompts.by_frequency().into_iter();
    prompts.map(|((text, kind), _)| (text, kind)).find(|(_, kind)| **kind == media).map(|(text, _)| text.as_str())
}

impl Template {
    fn line(&self, format: &Format, shared: Option<SharedValue>, prompt: Option<&str>) -> String {
        let shared = format.words.shared.map_or("", |field| field.name(shared_or_first(field, shared)));
        // The prompt comes last: it may contain anything.
        let json = self.json.replace("\"SHARED\"", &lexer::quote(shared));
        json.replace("\"PROMPT\"", &lexer::quote(prompt.unwrap_or(self.prompt)))
    }
}

/// The documentation of the template with this index, for a service.
pub(super) fn documentation(place: usize, service: &str) -> Option<String> {
    let (format, template) = lines().nth(place)?;
    let service = format.services.iter().find(|known| known.id == service)?;
    let style = Style::of(false, std::iter::empty(), Reader::new(format, service));
    let line = style.skeleton("", &template.line(format, None, None), "").text;
    Some(format!("{}\n\n```json\n{line}\n```", template.doc))
}
