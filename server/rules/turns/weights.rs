//! Weights, which exclude answers from learning.

use super::speaker::{Says, a_turn_of, speaker, turn_of};
use crate::example::{Speaker, Turn};
use crate::formats::Target;
use crate::rules::Severity::{Error, Warning};
use crate::rules::wording::ObjectName;
use crate::rules::{Context, FaultKind, Report};
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
        if home.field != name() || context.example.turn_at(parent).is_none() {
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

/// Reports an example whose answers are all excluded from learning.
pub(super) fn untaught(context: &Context<'_>, report: &mut Report<'_>) {
    let is_models = |turn: &&Turn| speaker(context, turn) == Says::By(Speaker::Model);
    let off = |turn: &Turn| turn.weight.filter(|weight| context.raw(context.record.span(*weight)) == "0");
    let mut weights = context.example.conversation().filter(is_models).map(off);
    let Some(Some(first)) = weights.next().filter(|_| context.kind.target == Target::ByWeight) else { return };
    if weights.all(|weight| weight.is_some()) {
        report.find(Warning, context.record.span(first), |finding| {
            let (field, model) = (context.name_of(Means::Weight), turn_of(context, Speaker::Model));
            finding
                .says(format!("`{field}` is 0 in every {model}; expected 1 in at least one"))
                .fault(FaultKind::Untaught)
                .effect("The model learns nothing from this example");
        });
    }
}
