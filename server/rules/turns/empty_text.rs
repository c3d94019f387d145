//! Texts without content, apart from answers that are empty as a whole.

use super::speaker::{is_read_by_position, targets};
use super::targets::{empty_answer, is_blank};
use crate::example::{Part, Turn};
use crate::json::{Kind, NodeId};
use crate::rules::Severity::Warning;
use crate::rules::{Context, FaultKind, Fix, Fixes, Needs, Report, Row, moves, row};
use crate::schema::Shape;

/// Reports empty texts.
pub(super) const EMPTY_TEXT: Row =
    row("empty-text", &[Warning], Fixes::Suggested, "an empty text in a turn or system instruction", empty_text)
        .fault(FaultKind::Meaning)
        .needs(Needs::BLANK_TEXT);

fn empty_text(context: &Context<'_>, report: &mut Report<'_>) {
    let (record, example) = (context.record, context.example);
    let mut empty: Option<Vec<NodeId>> = None;
    for turn in &example.turns {
        let parts = example.parts_of(turn);
        let mut all_blank = None;
        for part in parts {
            let Some(text) = part.text.filter(|text| record.kind(*text) == Kind::String && is_blank(record, *text))
            else {
                continue;
            };
            if context.structure_is_hidden() || is_read_by_position(context) {
                return;
            }
            // An answer that is empty is a finding of `empty-target`.
            let is_empty_answer = empty
                .get_or_insert_with(|| {
                    targets(context)
                        .filter(|turn| empty_answer(context, turn).is_some())
                        .map(|turn| turn.node)
                        .collect()
                })
                .binary_search(&turn.node)
                .is_ok();
            if is_empty_answer || turn.weight.is_some() || !is_expected(context, turn, part, text) {
                continue;
            }
            report.find(Warning, record.span(text), |finding| {
                let is_empty = record.span(text).range().len() <= 2;
                let what = if is_empty { "is empty" } else { "is only white space" };
                finding.says(format!("this text {what}")).effect("Some services reject an empty text").fix(|| {
                    let edit = moves::remove_element(record, part.node)?;
                    let all_blank =
                        *all_blank.get_or_insert_with(|| parts.iter().all(|part| is_blank_part(context, part)));
                    // White space may separate the texts of two parts.
                    let fix = if is_empty { Fix::suggested } else { Fix::manual };
                    // A second `text` is not the part's text.
                    let holds_more =
                        || record.children(part.node).any(|child| child != text && record.holds_content(child));
                    (!all_blank && part.node != text && !holds_more()).then(|| fix("Remove the empty part", vec![edit]))
                });
            });
        }
    }
}

/// Whether a part only has a text, which is empty.
fn is_blank_part(context: &Context<'_>, part: &Part) -> bool {
    let has_more = part.media.is_some() || part.call.is_some() || part.call_result.is_some() || part.other;
    let text = part.text.filter(|text| context.record.kind(*text) == Kind::String);
    !has_more && text.is_some_and(|text| is_blank(context.record, text))
}

/// Whether the text of a part should have content: not next to other data, in a message that calls or answers a tool,
/// or next to a signature.
fn is_expected(context: &Context<'_>, turn: &Turn, part: &Part, text: NodeId) -> bool {
    let is_whole = part.node == text;
    let of_call = turn.answers_call || !context.example.calls_of(part.turn).is_empty();
    let is_signature = |child| context.fit.shape(child).is_some_and(|pair| matches!(pair.shape, Shape::Base64));
    let has_signature = !is_whole && context.record.children(part.node).any(is_signature);
    is_blank_part(context, part) && !(is_whole && of_call) && !has_signature
}
