//! Control tokens of a model, which a service rejects in texts.

use crate::json::places::span_in_string;
use crate::json::tree::OTHER_ESCAPES;
use crate::rules::Severity::Error;
use crate::rules::{Context, Report};

pub(super) fn special_token(context: &Context<'_>, report: &mut Report<'_>) {
    let tokens = context.service.refused_texts;
    if tokens.is_empty() {
        return;
    }
    for &node in &context.example.texts {
        // All tokens begin with `<|`, which few texts contain.
        let raw = context.raw(context.record.span(node)).as_bytes();
        let is_escaped = context.record.node(node).escapes == OTHER_ESCAPES;
        let has_start = memchr::memchr_iter(b'|', raw).any(|at| raw[..at].ends_with(b"<"));
        let may_have_start = has_start || (is_escaped && has_escaped_start(raw));
        if !may_have_start {
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
    let is_one = |at: usize| matches!(raw[at + 1..], [b'u', b'0', b'0', b'3' | b'7', b'c' | b'C', ..]);
    memchr::memchr_iter(b'\\', raw).any(is_one)
}
