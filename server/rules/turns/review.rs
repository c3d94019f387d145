//! Answers that a program copied, for a person to rewrite.

use crate::example::Turn;
use crate::rules::Severity::Warning;
use crate::rules::{Context, Report};

/// The mark at the start of an answer that a program copied, for a person to rewrite.
pub const REVIEW: &str = "<REVIEW>";

/// Reports an answer with a mark that says that it has to be reviewed.
pub(super) fn review_mark(context: &Context<'_>, report: &mut Report<'_>, turn: &Turn) {
    let record = context.record;
    let Some(node) = context.example.parts_of(turn).iter().find_map(|part| part.text) else { return };
    if record.string(node).is_some_and(|text| text.starts_with(REVIEW)) {
        report.find(Warning, record.span(node), |finding| {
            finding
                .says(format!(
                    "`{REVIEW}` marks a copied answer; write the answer for this segment, and remove the mark"
                ))
                .effect(format!("The model learns to begin with `{REVIEW}`"));
        });
    }
}
