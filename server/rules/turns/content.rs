//! Content other than text in turns.

use super::speaker::{Says, a_turn_of, is_read_by_position, speaker};
use crate::example::{Part, Place, Speaker, Turn};
use crate::json::{Kind, NodeId};
use crate::rules::Severity::{Error, Warning};
use crate::rules::{Context, Report};
use crate::schema::{Means, Shape};

/// The first field of a part that holds data other than text.
pub(in crate::rules) fn data_besides_text(context: &Context<'_>, part: &Part) -> Option<NodeId> {
    let record = context.record;
    let Shape::Object(object) = context.fit.shape(part.node)?.shape else { return None };
    record.children(part.node).find(|&member| {
        let is_data = object.field(&record.key(member)).is_some_and(|field| {
            field.means != Means::Text && object.unions.iter().any(|union| union.members.contains(&field.name))
        });
        is_data && record.kind(member) != Kind::Null
    })
}

pub(super) fn media_in_target(context: &Context<'_>, report: &mut Report<'_>) {
    let example = context.example;
    if example.media.is_empty() || context.kind.text_only || is_read_by_position(context) {
        return;
    }
    for media in &example.media {
        let Some(turn) = example.turn_of(media.part) else { continue };
        if turn.place != Place::Conversation || speaker(context, turn) != Says::By(Speaker::Model) {
            continue;
        }
        report.find(Warning, context.owner_span(media.node), |finding| {
            finding
                .says(format!(
                    "`{}` is in {}; move it to {}",
                    context.record.key(media.node),
                    a_turn_of(context, Speaker::Model),
                    a_turn_of(context, Speaker::User)
                ))
                .effect("The model doesn't see media in its own turns, and can't learn to produce them");
        });
    }
}

pub(super) fn media_in_system(context: &Context<'_>, report: &mut Report<'_>) {
    let example = context.example;
    let is_system = |turn: &&Turn| turn.place == Place::System || turn.speaker == Some(Speaker::System);
    let system = || example.turns.iter().filter(is_system);
    if system().next().is_none() || is_read_by_position(context) {
        return;
    }
    for part in system().flat_map(|turn| example.parts_of(turn)) {
        let media = || part.media.and_then(|media| Some(example.media.get(media)?.node));
        let Some(data) = data_besides_text(context, part).or_else(media) else { continue };
        report.find(Error, context.owner_span(data), |finding| {
            finding.says(format!(
                "`{}` is not allowed in the system instruction; move it to {}",
                context.record.key(data),
                a_turn_of(context, Speaker::User)
            ));
        });
    }
}
