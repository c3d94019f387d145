//! What turns may hold besides text.

use super::speaker::{Speaker, is_preference, is_read_by_position, speaker};
use crate::json::{Kind, NodeId};
use crate::rules::Severity::{Error, Warning};
use crate::rules::{Context, Report};
use crate::schema::example::{Part, Place};
use crate::schema::gemini;

/// The first member of a part that is data other than text.
pub(super) fn data_besides_text(context: &Context<'_>, part: &Part) -> Option<NodeId> {
    let record = context.record;
    record.children(part.node).find(|&member| {
        let field = gemini::PART.field(&record.key(member));
        let is_data = field.is_some_and(|field| {
            field.name != "text" && gemini::PART.unions.iter().any(|union| union.members.contains(&field.name))
        });
        is_data && record.kind(member) != Kind::Null
    })
}

pub(super) fn media_in_target(context: &Context<'_>, report: &mut Report<'_>) {
    let example = context.example;
    if example.media.is_empty() || is_preference(context) || is_read_by_position(context) {
        return;
    }
    for media in &example.media {
        let Some(turn) = example.parts.get(media.part).and_then(|part| example.turns.get(part.turn)) else { continue };
        if turn.place != Place::Contents || speaker(context, turn) != Speaker::Model {
            continue;
        }
        report.find(Warning, context.owner_span(media.node), |finding| {
            finding.says(format!(
                "`{}`{} is in a turn of the model, which answers in text; media belong into the user's turn",
                context.record.key(media.node),
                context.place(context.record.node(media.node).parent)
            ));
        });
    }
}

pub(super) fn media_in_system(context: &Context<'_>, report: &mut Report<'_>) {
    let example = context.example;
    let system = || example.turns.iter().filter(|turn| turn.place == Place::System);
    if system().next().is_none() || is_read_by_position(context) {
        return;
    }
    for part in system().flat_map(|turn| example.parts_of(turn)) {
        let Some(data) = data_besides_text(context, part) else { continue };
        report.find(Error, context.owner_span(data), |finding| {
            finding.says(format!(
                "`{}`{} is in the system instruction, which takes text parts only; put it into the user's turn",
                context.record.key(data),
                context.place(part.node)
            ));
        });
    }
}
