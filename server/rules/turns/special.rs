//! Control tokens of a model, which a service rejects in texts.

use super::places::span_in_string;
use crate::rules::Severity::Error;
use crate::rules::{Context, Report};

pub(super) fn special_token(context: &Context<'_>, report: &mut Report<'_>) {
    let tokens = context.service.refused_texts;
    if tokens.is_empty() {
        return;
    }
    for &node in &context.example.texts {
        // All tokens begin with these bytes, which few texts contain.
        let raw = context.raw(context.record.span(node));
        if memchr::memmem::find(raw.as_bytes(), b"<|").is_none() {
            continue;
        }
        let Some(text) = context.record.string(node) else { continue };
        let Some((at, token)) = tokens.iter().filter_map(|token| Some((text.find(token)?, token))).min() else {
            continue;
        };
        let span = span_in_string(context.record, node, at, at + token.len());
        report.find(Error, span, |finding| {
            finding
                .says(format!("`{token}` is a control token of the model; remove it"))
                .effect(format!("{} rejects the file", context.service.title));
        });
    }
}
