//! Whole examples for an empty line: one line each, valid as it stands, with the file's shared value.

use super::item::{DocumentationKey, Item, ItemKind};
use super::nearby::Nearby;
use super::question::Asked;
use super::skeleton::Style;
use super::start::shared_or_first;
use crate::analysis::Analyst;
use crate::example::mime::MediaKind;
use crate::example::shared::SharedValue;
use crate::formats::{FORMATS, Format, Piece, Template};
use crate::json::{Span, lexer};
use crate::settings::Detection;

/// The examples, when the record is empty, one word, or nothing but its first bracket: those of the file's format,
/// and behind them those of the others while nothing says what format the file is in.
pub(super) fn items(asked: &Asked<'_>, nearby: &Nearby, analyst: &Analyst) -> Vec<Item> {
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
    let mut offered: Vec<_> = lines().enumerate().filter(|(_, (format, _))| is_open || *format == own).collect();
    offered.sort_by_key(|(_, (format, _))| *format != own);
    let item = |(place, (number, (format, template))): (usize, (usize, (&'static Format, &'static Template)))| {
        let shared = asked.shared.filter(|_| format == own);
        let json = template.line(format, shared, usual_prompt(nearby, template.media));
        let style = Style::of(asked.snippets, asked.nearby.iter().copied(), format);
        let skeleton = style.skeleton("", &json, "");
        // Before the bracket nothing is typed yet that an item could be compared with.
        let bracket = if bracket { "{" } else { "" };
        Item {
            label: template.label.to_owned(),
            kind: ItemKind::Template,
            detail: "a whole example".to_owned(),
            replace,
            text: skeleton.text,
            snippet: skeleton.snippet,
            filter: format!("{bracket}{}", template.label),
            sort: format!("9{place:03}"),
            documentation: DocumentationKey::Template(number),
            preselect: false,
        }
    };
    offered.into_iter().enumerate().map(item).collect()
}

/// The whole lines among the templates of all formats.
fn lines() -> impl Iterator<Item = (&'static Format, &'static Template)> {
    let of = |format: &&'static Format| {
        let format = *format;
        format.templates.iter().filter(|it| it.of == Piece::Line).map(move |template| (format, template))
    };
    FORMATS.iter().flat_map(of)
}

/// What users ask most often of such media nearby.
fn usual_prompt(nearby: &Nearby, media: Option<MediaKind>) -> Option<&str> {
    media?;
    let prompts = nearby.prompts.by_frequency().into_iter();
    prompts.map(|((text, kind), _)| (text, kind)).find(|(_, kind)| **kind == media).map(|(text, _)| text.as_str())
}

impl Template {
    fn line(&self, format: &Format, shared: Option<SharedValue>, prompt: Option<&str>) -> String {
        let shared = format.words.shared.map_or("", |field| field.name(shared_or_first(field, shared)));
        // The prompt last: it may say anything.
        let json = self.json.replace("\"SHARED\"", &lexer::quote(shared));
        json.replace("\"PROMPT\"", &lexer::quote(prompt.unwrap_or(self.prompt)))
    }
}

/// The documentation of the line with this place among those of all formats.
pub(super) fn documentation(place: usize) -> Option<String> {
    let (format, template) = lines().nth(place)?;
    Some(format!("{}\n\n```json\n{}\n```", template.doc, template.line(format, None, None)))
}
