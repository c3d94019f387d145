//! Weights, which exclude answers from learning.

use super::speaker::{Says, a_turn_of, speaker};
use crate::example::Speaker;
use crate::rules::Severity::Error;
use crate::rules::wording::ObjectName;
use crate::rules::{Context, Report};
use crate::schema::Means;
use crate::schema::misfit::Misfit;

pub(super) fn bad_weight(context: &Context<'_>, report: &mut Report<'_>) {
    let record = context.record;
    let name = || context.name_of(Means::Weight);
    for turn in context.example.turns.iter().filter(|turn| turn.weight.is_some()) {
        let Some(node) = turn.weight else { continue };
        let raw = context.raw(record.span(node));
        if matches!(raw, "0" | "1" | "null") || speaker(context, turn) != Says::By(Speaker::Model) {
            continue;
        }
        report.find(Error, record.span(node), |finding| {
            finding.says(format!("`{}` is {raw}; expected 0 or 1", name()));
        });
    }
    for misfit in &context.fit.misfits {
        let Misfit::Misplaced { node, home, .. } = *misfit else { continue };
        let parent = record.node(node).parent;
        if home.field != name() || !context.example.turns.iter().any(|turn| turn.node == parent) {
            continue;
        }
        report.find(Error, record.key_span(node).unwrap_or_default(), |finding| {
            finding.says(format!(
                "`{}` is in {}; only {} can have one",
                name(),
                ObjectName::of(context, parent),
                a_turn_of(context, Speaker::Model)
            ));
        });
    }
}
