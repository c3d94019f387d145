//! Control tokens of a model, which a service rejects in texts.

use super::places::span_in_string;
use crate::json::tree::OTHER_ESCAPES;
use crate::rules::Severity::Error;
use crate::rules::{Context, Report};
use memchr::memmem;

pub(super) fn special_token(context: &Context<'_>, report: &mut Report<'_>) {
    let tokens = context.service.refused_texts;
    if tokens.is_empty() {
        return;
    }
    for &node in &context.example.texts {
        // All tokens begin with `<|`, which few texts contain.
        let raw = context.raw(context.record.span(node)).as_bytes();
        let is_escaped = context.record.node(node).escapes == OTHER_ESCAPES;
        if memmem::find(raw, b"<|").is_none() && !(is_escaped && has_escaped_start(raw)) {
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

/// Whether a raw text has an escape for `<` or `|`, with which many libraries write HTML's letters.
fn has_escaped_start(raw: &[u8]) -> bool {
    let has = |letters: [&[u8]; 2]| letters.iter().any(|escape| memmem::find(raw, escape).is_some());
    has([b"\\u003c", b"\\u003C"]) || has([b"\\u007c", b"\\u007C"])
}
