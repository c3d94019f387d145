//! Answers to compare, and prompts that contain their answer.

use super::speaker::{Says, a_turn_of, is_read_by_position, noun, speaker};
use crate::example::{Place, Speaker, Turn};
use crate::formats::{Piece, Target};
use crate::json::{Edit, Kind, NodeId, lexer};
use crate::rules::Severity::{Error, Warning};
use crate::rules::vendor;
use crate::rules::{Context, FaultKind, Fix, Fixes, Needs, Report, Row, moves, row};
use crate::schema::Means;
use crate::schema::misfit::Misfit;

/// Checks that a preference line has two answers to a prompt.
pub(super) const PREFERENCE_COMPLETIONS: Row = row(
    "preference-completions",
    &[Error],
    Fixes::Safe,
    "a preference line without two answers to a prompt",
    |context, report| match context.kind.target {
        Target::TwoAnswers => two_answers(context, report),
        Target::ScoredAnswers => vendor::preference_completions(context, report),
        _ => {}
    },
)
.needs(Needs::UNUSUAL_TURNS);

/// Reports a prompt that contains its answer.
pub(super) const ANSWER_IN_PROMPT: Row = row(
    "answer-in-prompt",
    &[Warning, Error],
    Fixes::Manual,
    "a reinforcement line that ends with an answer",
    answer_in_prompt,
)
.fault(FaultKind::Meaning)
.needs(Needs::PROMPT);

fn two_answers(context: &Context<'_>, report: &mut Report<'_>) {
    if is_read_by_position(context) || context.structure_is_hidden() {
        return;
    }
    let (record, example) = (context.record, context.example);
    for answer in &example.answers {
        let inside = |turn: &&Turn| turn.place == Place::Answer && record.node(turn.node).parent == answer.node;
        let turns = example.turns_in(answer.node..record.node(answer.node).next);
        let count = match record.kind(answer.node) {
            Kind::Array => record.children(answer.node).count(),
            _ => continue,
        };
        // A finding of `empty-list`.
        if count == 0 {
            continue;
        }
        let mut turns = turns.iter().filter(inside).map(|turn| speaker(context, turn));
        let by_model = turns.any(|says| says == Says::By(Speaker::Model));
        let mut others = example.turns_in(answer.node..record.node(answer.node).next).iter().filter(inside);
        let other = others.find(|turn| matches!(speaker(context, turn), Says::By(Speaker::User | Speaker::System)));
        if let Some((turn, role)) = other.and_then(|turn| Some((turn, turn.role?)))
            && count > 1
            && by_model
            && context.service.answers_with_tools
        {
            report.find(Error, record.span(role), |finding| {
                let by = speaker(context, turn).role(context).unwrap_or("instructions");
                let (field, noun) = (record.key(answer.node), noun(context));
                let model = context.role(Speaker::Model).unwrap_or_default();
                let tool = context.role(Speaker::Tool).unwrap_or_default();
                finding.says(format!("`{field}` has a {noun} of `{by}`; expected only `{model}` and `{tool}` {noun}s"));
            });
            continue;
        }
        // A missing or unknown role is another rule's finding.
        let is_unclear = count == 1 && !turns_are_clear(context, answer.node);
        if is_unclear || by_model && (count == 1 || context.service.answers_with_tools) {
            continue;
        }
        report.find(Error, context.owner_span(answer.node), |finding| {
            let (field, noun) = (record.key(answer.node), noun(context));
            let model = context.role(Speaker::Model).unwrap_or_default();
            let found = match count {
                1 => format!("a {noun} that isn't from `{model}`"),
                count => format!("{count} {noun}s"),
            };
            let number = match count {
                _ if context.service.answers_with_tools => "at least one",
                1 => "one",
                _ => "exactly one",
            };
            finding.says(format!("`{field}` has {found}; expected {number} `{model}` {noun}"));
        });
    }
    for media in &example.media {
        report.find(Error, context.owner_span(media.node), |finding| {
            finding.says(format!(
                "`{}` is not allowed in preference tuning, which only takes text",
                record.key(media.node)
            ));
        });
    }
    let Some(last) = example.conversation().next_back().filter(|_| !example.answers.is_empty()) else { return };
    if let (Says::By(Speaker::Model), Some(role)) = (speaker(context, last), last.role) {
        report.find(Error, record.span(role), |finding| {
            finding.says(format!(
                "`{}` ends with {}; end the prompt with {}",
                context.name_of(Means::Conversation),
                a_turn_of(context, Speaker::Model),
                a_turn_of(context, Speaker::User)
            ));
        });
    }
}

/// Whether all elements of a list are turns with a valid role.
fn turns_are_clear(context: &Context<'_>, list: NodeId) -> bool {
    let is_clear = |turn: &&Turn| context.record.node(turn.node).parent == list && turn.speaker.is_some();
    let turns = context.example.turns_in(list..context.record.node(list).next);
    turns.iter().filter(is_clear).count() == context.record.children(list).count()
}

fn answer_in_prompt(context: &Context<'_>, report: &mut Report<'_>) {
    if context.kind.target != Target::Nothing || context.structure_is_hidden() {
        return;
    }
    let Some(last) = context.example.conversation().next_back() else { return };
    let says = speaker(context, last);
    let must_end = context.service.prompts_end_with_user;
    if let (Says::By(Speaker::System | Speaker::Tool), Some(role), true) = (says, last.role, must_end) {
        report.find_as(FaultKind::Turns, Error, context.record.span(role), |finding| {
            let (user, noun) = (a_turn_of(context, Speaker::User), noun(context));
            finding.says(format!("the prompt doesn't end with {user}; add one, or remove the {noun}s after it"));
        });
    }
    if let (Says::By(Speaker::Model), Some(role)) = (says, last.role) {
        let (fault, severity) = if must_end { (FaultKind::Turns, Error) } else { (FaultKind::Meaning, Warning) };
        report.find_as(fault, severity, context.record.span(role), |finding| {
            finding.says(format!("the prompt ends with {}; remove it", a_turn_of(context, Speaker::Model)));
            if !must_end {
                finding.effect("The model should write this answer, but already sees it in the prompt");
            }
            finding.fix(|| {
                let edit = moves::remove_element(context.record, last.node)?;
                let alone = context.example.conversation().nth(1).is_none();
                let title = format!("Remove the {}", noun(context));
                (!alone).then(|| Fix::manual(title, vec![edit]))
            });
        });
    }
}

/// Adds an empty turn of the model, for the author to fill in. `None` if the turns are not in a list.
pub(super) fn add_answer(context: &Context<'_>, last: &Turn) -> Option<Fix> {
    if context.record.kind(context.record.parent(last.node)?) != Kind::Array {
        return None;
    }
    let template = context.format.templates.iter().find(|it| it.of == Piece::Turn(Speaker::Model))?;
    let end = context.record.span(last.node).end();
    let title = format!("Add {}", a_turn_of(context, Speaker::Model));
    let (usual, own) = (context.format.words.role(Speaker::Model)?, context.role(Speaker::Model)?);
    let turn = template.json.replacen(&lexer::quote(usual), &lexer::quote(own), 1);
    Some(Fix::manual(title, vec![Edit::insert(end, format!(",{turn}"))]))
}

/// Whether the answers are in a list whose key is a typo of the field of answers.
pub(super) fn has_misnamed_answers(context: &Context<'_>) -> bool {
    let name = context.name_of(Means::Answers);
    !name.is_empty()
        && context.fit.misfits.iter().any(|misfit| match *misfit {
            Misfit::Unknown { node, .. } => {
                context.record.parent(node) == Some(0)
                    && context.record.kind(node) == Kind::Array
                    && strsim::osa_distance(&context.record.key(node).to_lowercase(), name) <= 2
            }
            Misfit::Misplaced { home, .. } => {
                let answer = context.format.field(Means::Answers).and_then(|field| field.shape.object());
                answer.is_some_and(|answer| answer.name == home.object)
            }
            _ => false,
        })
}
