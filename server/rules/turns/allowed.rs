//! What a service allows of the roles and the order of a format.

use super::speaker::{Says, is_read_by_position, noun, role_text, speaker, turn_of};
use crate::example::{Place, Speaker};
use crate::formats::Target;
use crate::formats::service::Instructions;
use crate::rules::Severity::{Error, Warning};
use crate::rules::media::uri::replacement;
use crate::rules::wording::expected;
use crate::rules::{Context, Fix, Report};

/// Reports roles of the format that the service doesn't allow.
pub(super) fn refused_roles(context: &Context<'_>, report: &mut Report<'_>) {
    // A grader's prompt has roles of its own.
    if context.service.roles.is_empty() || context.kind.target == Target::Nothing {
        return;
    }
    for turn in context.example.turns.iter().filter(|turn| turn.place != Place::System && turn.speaker.is_some()) {
        let Some((node, role)) = turn.role.zip(role_text(context, turn)) else { continue };
        if context.service.takes_role(&role) {
            continue;
        }
        report.find(Error, context.record.span(node), |finding| {
            let (service, roles) = (context.service.title, expected(context.service.roles));
            finding.says(format!("`{role}` is not a role that {service} allows{roles}")).fix(|| {
                let same = turn.speaker.and_then(|speaker| context.role(speaker));
                let same = same.filter(|same| context.service.takes_role(same) && !turn.answers_call)?;
                let edits = replacement(context, node, same)?;
                Some(Fix::suggested(format!("Change to `{same}`"), edits))
            });
        });
    }
}

/// Reports a conversation without the user, for a service whose validator looks for one.
pub(super) fn missing_user(context: &Context<'_>, report: &mut Report<'_>) {
    if !context.service.checks_user || context.structure_is_hidden() || is_read_by_position(context) {
        return;
    }
    let Some(list) = context.example.turn_list else { return };
    let mut turns = context.example.conversation().map(|turn| speaker(context, turn)).peekable();
    if turns.peek().is_none() || turns.any(|says| matches!(says, Says::By(Speaker::User) | Says::Unclear)) {
        return;
    }
    report.find(Warning, context.owner_span(list), |finding| {
        let service = context.service.title;
        finding.says(format!("this conversation has no {}", turn_of(context, Speaker::User)));
        finding.effect(format!("The validator of {service} reports it"));
    });
}

/// Reports instructions after the place where the service reads them.
pub(super) fn place_of_instructions(context: &Context<'_>, report: &mut Report<'_>) {
    let allowed = context.service.instructions;
    if allowed == Instructions::Free || context.structure_is_hidden() || is_read_by_position(context) {
        return;
    }
    let field = Some(context.service.instruction_field).filter(|field| !field.is_empty());
    let field = field.and_then(|field| context.record.member(0, field));
    let mut before = field.and_then(|field| context.record.key_span(field));
    for (place, turn) in context.example.conversation().enumerate() {
        if speaker(context, turn) != Says::By(Speaker::System) {
            continue;
        }
        let Some(role) = turn.role else { continue };
        let is_wrong = if allowed == Instructions::First { place > 0 } else { before.is_some() };
        if is_wrong {
            report.find(Error, context.record.span(role), |finding| {
                let (turn, service) = (turn_of(context, Speaker::System), context.service.title);
                finding.says(match (allowed, before) {
                    (Instructions::First, None) => format!("a {turn} after the start; {service} only allows it first"),
                    _ => format!("second {turn}; {service} allows one"),
                });
                if let Some(before) = before {
                    finding
                        .related(before, format!("the first {}", if field.is_some() { "one" } else { noun(context) }));
                }
            });
        }
        before = before.or(Some(context.record.span(role)));
    }
}
