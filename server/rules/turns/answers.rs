//! The answers that are compared, and prompts that hold their answer.

use super::speaker::{Says, is_read_by_position, speaker, the_model};
use crate::example::{Place, Speaker, Turn};
use crate::formats::Target;
use crate::json::{Kind, NodeId};
use crate::rules::Severity::{Error, Warning};
use crate::rules::vendor;
use crate::rules::{Context, Fixes, Needs, Report, Row, row};
use crate::schema::Means;

/// A preference line without its two answers to a prompt.
pub(super) const PREFERENCE_COMPLETIONS: Row = row(
    "preference-completions",
    &[Error],
    Fixes::None,
    "a preference line without its two scored answers to a user's text",
    |context, report| match context.kind.target {
        Target::TwoAnswers => two_answers(context, report),
        Target::ScoredAnswers => vendor::preference_completions(context, report),
        _ => {}
    },
)
.needs(Needs::UNUSUAL_TURNS);

/// A prompt that holds its answer.
pub(super) const ANSWER_IN_PROMPT: Row = row(
    "answer-in-prompt",
    &[Warning],
    Fixes::None,
    "a reinforcement line that ends with the model's turn",
    answer_in_prompt,
);

fn two_answers(context: &Context<'_>, report: &mut Report<'_>) {
    if is_read_by_position(context) || context.structure_is_hidden() {
        return;
    }
    let (record, example) = (context.record, context.example);
    for answer in &example.answers {
        let inside = |turn: &&Turn| turn.place == Place::Answer && record.node(turn.node).parent == answer.node;
        let count = match record.kind(answer.node) {
            Kind::Array => record.children(answer.node).count(),
            _ => continue,
        };
        let mut turns = example.turns.iter().filter(inside).map(|turn| speaker(context, turn));
        let by_model = turns.any(|says| says == Says::By(Speaker::Model));
        // An answer without a role, or with an unknown one, has a finding of its own.
        let is_unclear = count == 1 && !turns_are_clear(context, answer.node);
        if is_unclear || by_model && (count == 1 || context.service.answers_with_tools) {
            continue;
        }
        report.find(Error, context.owner_span(answer.node), |finding| {
            let most = if context.service.answers_with_tools { "at least" } else { "exactly" };
            let found = match count {
                1 => "a message of another role".to_owned(),
                count => format!("{count} messages"),
            };
            finding.says(format!(
                "`{}`{} holds {found}; the service expects {most} one message of the `{}`",
                record.key(answer.node),
                context.place(record.node(answer.node).parent),
                context.format.words.role(Speaker::Model).unwrap_or_default()
            ));
        });
    }
    for media in &example.media {
        report.find(Error, context.owner_span(media.node), |finding| {
            finding.says(format!(
                "`{}`{} is no text; preference tuning takes text only",
                record.key(media.node),
                context.place(record.node(media.node).parent)
            ));
        });
    }
    let Some(last) = example.conversation().next_back().filter(|_| !example.answers.is_empty()) else { return };
    if let (Says::By(Speaker::Model), Some(role)) = (speaker(context, last), last.role) {
        report.find(Error, record.span(role), |finding| {
            finding.says(format!(
                "the last message of `{}`{} is {}'s; the prompt ends with the user, and the answers stand next to it",
                context.name_of(Means::Conversation),
                context.place(last.node),
                the_model(context)
            ));
        });
    }
}

/// Whether the roles of a list of messages say who speaks.
fn turns_are_clear(context: &Context<'_>, list: NodeId) -> bool {
    let inside = |turn: &&Turn| context.record.node(turn.node).parent == list;
    context.example.turns.iter().filter(inside).all(|turn| turn.speaker.is_some())
}

fn answer_in_prompt(context: &Context<'_>, report: &mut Report<'_>) {
    if context.kind.target != Target::Nothing || context.structure_is_hidden() {
        return;
    }
    let Some(last) = context.example.conversation().next_back() else { return };
    if let (Says::By(Speaker::Model), Some(role)) = (speaker(context, last), last.role) {
        report.find(Warning, context.record.span(role), |finding| {
            finding.says(format!(
                "the prompt ends with a turn of {}{}; the model generates the answer itself, so this one leaks into \
                 the prompt",
                the_model(context),
                context.place(last.node)
            ));
        });
    }
}
