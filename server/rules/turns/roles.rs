//! The names of roles, and the order of turns.

use super::allowed::{missing_user, place_of_instructions, refused_roles};
use super::answers::{add_answer, has_misnamed_answers};
use super::functions::is_unanswered;
use super::speaker::{
    Says, Spelling, a_turn_of, compares_answers, is_read_by_position, lacks_role, meaning, noun, role_text, speaker,
    speaking_turns, turn_of,
};
use super::weights::untaught;
use crate::example::{Place, Speaker, Turn};
use crate::formats::service::{Alternation, Consequence};
use crate::formats::{Format, Target};
use crate::json::{Edit, Kind, Span, lexer};
use crate::rules::Severity::{Error, Information, Warning};
use crate::rules::judge::kind_of;
use crate::rules::media::uri::replacement;
use crate::rules::report::lines_like_it;
use crate::rules::wording::{answer, expected, verb_after};
use crate::rules::{Context, FaultKind, Finding, Fix, Judge, Report, moves};
use crate::schema::{Means, snake_case};

pub(super) fn unknown_role(context: &Context<'_>, report: &mut Report<'_>) {
    refused_roles(context, report);
    let (format, words) = (context.format, &context.format.words);
    for turn in context.example.turns.iter().filter(|turn| turn.place != Place::System && turn.speaker.is_none()) {
        let Some(node) = turn.role.filter(|node| context.record.kind(*node) == Kind::String) else { continue };
        let Some(role) = role_text(context, turn) else { continue };
        let (says, spelling) = meaning(&role, words);
        if spelling == Spelling::Exact || role.trim().is_empty() {
            continue;
        }
        let name = match says {
            Says::By(speaker) => context.role(speaker),
            Says::Unclear => None,
        };
        let severity = if spelling == Spelling::Case { Warning } else { Error };
        let span = context.record.span(node);
        report.find(severity, span, |finding| {
            let is_instruction = says == Says::By(Speaker::System);
            let hint = match (name, spelling) {
                (Some(name), Spelling::Case) => format!("; write `{name}`, in lower case"),
                (Some(name), Spelling::Alias) => {
                    format!("; {} {} `{name}`", format.title, verb_after(format.title, "use"))
                }
                (Some(name), _) => format!("; did you mean `{name}`?"),
                (None, _) if is_instruction && !context.name_of(Means::System).is_empty() => {
                    format!("; move this {} to `{}`", noun(context), context.name_of(Means::System))
                }
                (None, _) if turn.answers_call && context.role(Speaker::Tool).is_none() => {
                    format!("; a {} with a function's response needs no role", noun(context))
                }
                (None, _) => expected(&context.service.role_names(words)),
            };
            finding.says(format!("`{role}` is not a valid role{hint}"));
            if severity == Error
                && let Some(answer) = answer(context, format.wrong_role)
            {
                finding.effect(answer);
            }
            finding.fix(|| match name {
                Some(name) => {
                    let edits = replacement(context, node, name)?;
                    let title = format!("Change to `{name}`");
                    let safe = matches!(spelling, Spelling::Case | Spelling::Alias);
                    Some(if safe { Fix::safe(title, edits) } else { Fix::suggested(title, edits) })
                }
                None if is_instruction => to_system_instruction(context, turn),
                None if turn.answers_call => {
                    let edit = moves::remove_element(context.record, node)?;
                    Some(Fix::suggested("Remove the role", vec![edit]))
                }
                None => None,
            });
        });
    }
}

/// Moves a turn of the conversation to the field for instructions, if the line doesn't have it yet.
fn to_system_instruction(context: &Context<'_>, turn: &Turn) -> Option<Fix> {
    let record = context.record;
    let field = context.name_of(Means::System);
    let taken = record.member(0, field).or_else(|| record.member(0, &snake_case(field)));
    let alone = context.example.conversation().nth(1).is_none();
    // The system instruction only takes text. Where grammar is broken, the end of a turn is a guess.
    let text_alone = context.example.parts_of(turn).iter().all(|part| part.text.is_some());
    let stays = field.is_empty() || taken.is_some() || turn.place != Place::Conversation;
    if stays || alone || !text_alone || context.structure_is_hidden() {
        return None;
    }
    record.index(turn.node)?;
    let mut edits = vec![
        moves::remove_element(record, turn.node)?,
        moves::append_member(record, 0, field, context.raw(record.span(turn.node)))?,
    ];
    edits.sort();
    Some(Fix::suggested(format!("Move the turn to `{field}`"), edits))
}

pub(super) fn missing_role(context: &Context<'_>, report: &mut Report<'_>) {
    if !speaking_turns(context).any(|turn| lacks_role(context, turn)) || context.structure_is_hidden() {
        return;
    }
    let expected = roles_by_position(context);
    // A conversation that would end with the user probably lacks a turn.
    let ends_with_answer = expected.iter().flatten().last() == context.role(Speaker::Model).as_ref();
    let edit_of = |turn: &Turn, role: Option<&'static str>| insert_role(context, turn, role?);
    let mut lacking = context
        .example
        .turns
        .iter()
        .zip(expected)
        .filter(|(turn, _)| turn.place != Place::System && lacks_role(context, turn));
    let severity = if context.format.needs_role { Error } else { Warning };
    if is_read_by_position(context) {
        let Some((first, role)) = lacking.next() else { return };
        let span = role_place(context, first);
        let (each, all) = (report.own(EACH), report.own(ALL));
        report.fact(all);
        report.lossy_fact_at(each, severity, span);
        let build = |finding: &mut Finding, count: u32| {
            let role_of = |speaker| context.role(speaker).unwrap_or_default();
            let (noun, count) = (noun(context), lines_like_it(count));
            finding.says(format!(
                "no {noun} of this example has a role{count}; expected alternating `{}` and `{}`",
                role_of(Speaker::User),
                role_of(Speaker::Model)
            ));
            effect_of_no_role(context, finding);
            finding.fix(|| {
                let first = edit_of(first, role);
                let rest = lacking.map(|(turn, role)| edit_of(turn, role));
                let edits = std::iter::once(first).chain(rest).collect::<Option<Vec<_>>>()?;
                let make = if ends_with_answer { Fix::suggested } else { Fix::manual };
                Some(make("Set the roles by position", edits))
            });
        };
        if report.is_shown_on_each(each) {
            report.show_here(severity, span, |finding| build(finding, 1));
        } else {
            report.show_once(each, severity, span, build);
        }
        return;
    }
    // Answers to compare have the same role.
    let (answers, turns): (Vec<_>, Vec<_>) = lacking.partition(|(turn, _)| turn.place == Place::Answer);
    let turns = turns.iter().map(std::slice::from_ref);
    for turns in turns.chain([&answers[..]]) {
        let Some(&(first, role)) = turns.first() else { continue };
        report.find(severity, role_place(context, first), |finding| {
            let hint = role.map_or(String::new(), |role| format!("; in this place, it should be `{role}`"));
            let what = match turns.len() {
                1 => format!("this {} has no role", noun(context)),
                count => format!("the {count} answers have no role"),
            };
            finding.says(format!("{what}{hint}"));
            effect_of_no_role(context, finding);
            finding.fix(|| {
                let edits = turns.iter().map(|(turn, role)| edit_of(turn, *role)).collect::<Option<Vec<_>>>()?;
                Some(Fix::suggested(format!("Set the role to `{}`", role?), edits))
            });
        });
    }
}

/// A rule's own counts: lines with a finding that the baseline doesn't contain, and lines with no role or answer at all.
const EACH: u16 = 0;
const ALL: u16 = 1;

/// Adds one finding if no line of the file has a role, else one on each line without any.
pub(super) fn judge_missing_role(judge: &mut Judge<'_>) {
    let each = judge.fact(judge.own(EACH));
    let severity = if judge.verdict.format.needs_role { Error } else { Warning };
    if judge.count(judge.own(ALL)) == judge.verdict.examples {
        judge.on_first(each, severity);
    } else {
        judge.on_each(each, severity);
    }
}

/// Says what the service makes of a turn without a role, where it doesn't reject the line.
fn effect_of_no_role(context: &Context<'_>, finding: &mut Finding) {
    if let Some(answer) = answer(context, context.format.without_role) {
        finding.fault(FaultKind::Meaning).effect(answer);
    }
}

/// The place of a missing role: the empty role, or else the turn.
fn role_place(context: &Context<'_>, turn: &Turn) -> Span {
    match turn.role.filter(|node| context.record.kind(*node) == Kind::String) {
        Some(empty) => context.record.span(empty),
        None => context.owner_span(turn.node),
    }
}

/// Inserts the role as the first member of a turn.
fn insert_role(context: &Context<'_>, turn: &Turn, role: &str) -> Option<Edit> {
    let record = context.record;
    if let Some(empty) = turn.role {
        return Some(Edit::replace(record.span(empty), lexer::quote(role)));
    }
    let first = record.children(turn.node).next()?;
    let at = record.key_span(first).map_or(record.span(first).start(), Span::start);
    let field = lexer::quote(context.name_of(Means::Speaker));
    Some(Edit::insert(at, format!("{field}:{},", lexer::quote(role))))
}

/// The role that each turn should have by its neighbors, or by its position if no turn has a role. `None` where the
/// neighbors disagree.
fn roles_by_position(context: &Context<'_>) -> Vec<Option<&'static str>> {
    let turns = &context.example.turns;
    let (user, model) = (context.role(Speaker::User), context.role(Speaker::Model));
    let mut roles = Vec::with_capacity(turns.len());
    let mut before = None;
    for turn in turns {
        let own = match (turn.place, speaker(context, turn)) {
            (Place::System, _) => {
                roles.push(None);
                continue;
            }
            (Place::Answer, _) => model,
            // After a function's response the model continues.
            (Place::Conversation, Says::By(Speaker::Tool)) => {
                before = user;
                roles.push(None);
                continue;
            }
            (Place::Conversation, Says::By(Speaker::System)) => None,
            (Place::Conversation, says) if lacks_role(context, turn) || says == Says::Unclear => {
                before = if before.is_some() && before == user { model } else { user };
                before
            }
            (Place::Conversation, says) => {
                before = says.role(context);
                before
            }
        };
        roles.push(own);
    }
    // Inserting the role of the next turn would only replace one finding with another.
    for (place, turn) in turns.iter().enumerate() {
        let next =
            turns.get(place + 1).filter(|next| turn.place == Place::Conversation && next.place == Place::Conversation);
        let clash = next.is_some_and(|next| {
            !lacks_role(context, next)
                && speaker(context, next).role(context).is_some_and(|role| roles[place] == Some(role))
        });
        if clash && lacks_role(context, turn) {
            roles[place] = None;
        }
    }
    roles
}

pub(super) fn role_order(context: &Context<'_>, report: &mut Report<'_>) {
    let record = context.record;
    let Some(list) = context.example.turn_list else { return };
    place_of_instructions(context, report);
    missing_user(context, report);
    let severity = match context.service.alternation {
        Alternation::Free => return,
        Alternation::Advised => Warning,
        Alternation::Required => Error,
    };
    // Broken grammar may hide a turn. Without roles there is no order, and `missing-role` reports that.
    if context.structure_is_hidden() || is_read_by_position(context) {
        return;
    }
    let mut before: Option<(&Turn, Says)> = None;
    let mut first = true;
    let mut expected = list + 1;
    for turn in context.example.conversation() {
        let says = speaker(context, turn);
        // An element that isn't a turn was in between.
        if turn.node > expected {
            (before, first) = (None, false);
        }
        expected = record.node(turn.node).next;
        if says == Says::By(Speaker::System) {
            // In the middle of a conversation it may be the turn of either side.
            if before.is_some() && turn.role.is_some() {
                before = None;
            }
            continue;
        }
        let span = || turn.role.map_or_else(|| context.owner_span(turn.node), |role| record.span(role));
        if first && says == Says::By(Speaker::Model) {
            report.find(severity, span(), |finding| {
                finding.says(format!(
                    "the conversation begins with {}; expected {} first",
                    a_turn_of(context, Speaker::Model),
                    a_turn_of(context, Speaker::User)
                ));
            });
        }
        // A last turn of the user is a finding of `missing-model-turn`.
        let is_last = expected == record.node(list).next;
        let is_end = is_last && says == Says::By(Speaker::User) && !compares_answers(context);
        if let (Some((earlier, last)), Some(role)) = (before, says.role(context))
            && last == says
            && !is_end
            && !(says == Says::By(Speaker::Model) && is_unanswered(context, earlier))
        {
            report.find(severity, span(), |finding| {
                let other = if says == Says::By(Speaker::User) { Speaker::Model } else { Speaker::User };
                let (noun, other) = (noun(context), context.role(other).unwrap_or_default());
                finding.says(format!(
                    "second `{role}` {noun} in a row; merge the two, or add the missing `{other}` {noun}"
                ));
                if let Some(role) = earlier.role {
                    finding.related(record.span(role), format!("the {noun} before it"));
                }
            });
        }
        before = Some((turn, says));
        first = false;
    }
    // Another rule checks the roles of two answers without scores.
    if context.kind.target == Target::ScoredAnswers && !before.is_some_and(|(_, says)| says == Says::By(Speaker::Model))
    {
        answers_of_the_user(context, report);
    }
}

/// Reports compared answers with the user's role: they follow the user's turn, so the model must give them.
fn answers_of_the_user(context: &Context<'_>, report: &mut Report<'_>) {
    for turn in context.example.turns.iter().filter(|turn| turn.place == Place::Answer) {
        let is_users = speaker(context, turn) == Says::By(Speaker::User);
        let Some(role) = turn.role.filter(|_| is_users) else { continue };
        report.find(Warning, context.record.span(role), |finding| {
            finding.says(format!(
                "this answer has the role `{}`; expected `{}`",
                context.role(Speaker::User).unwrap_or_default(),
                context.role(Speaker::Model).unwrap_or_default()
            ));
        });
    }
}

pub(super) fn missing_model_turn(context: &Context<'_>, report: &mut Report<'_>) {
    let record = context.record;
    let is_learned = matches!(context.kind.target, Target::LastTurn | Target::ByWeight);
    let Some(list) = context.example.turn_list.filter(|_| is_learned) else { return };
    let mut turns = context.example.conversation().rev();
    let Some(last) = context.example.conversation().next_back() else { return };
    let is_last = record.node(last.node).next == record.node(list).next;
    let spoken = |turn| Some((turn, speaker(context, turn))).filter(|(_, says)| *says != Says::By(Speaker::System));
    // A conversation with instructions only has no answer either.
    let takes_instructions = context.kind.target == Target::ByWeight;
    let instruction = || Some((last, Says::By(Speaker::System))).filter(|_| takes_instructions);
    let Some((turn, says)) = turns.find_map(spoken).or_else(instruction) else { return };
    // A last turn with a wrong role may be the model's; `unknown-role` reports it.
    let is_clear = turn.node == last.node || last.role.is_none() || takes_instructions;
    // The usual answer ends the search here.
    let is_answered = says == Says::By(Speaker::Model) && context.kind.target == Target::LastTurn;
    if is_answered || says == Says::Unclear || !is_last || !is_clear || context.structure_is_hidden() {
        return;
    }
    if is_read_by_position(context) || has_misnamed_answers(context) {
        return;
    }
    let end = match says {
        Says::By(Speaker::Tool) if context.role(Speaker::Tool).is_none() => "a function's response".to_owned(),
        Says::By(speaker @ (Speaker::User | Speaker::Tool | Speaker::System)) => a_turn_of(context, speaker),
        Says::By(Speaker::Model) => return untaught(context, report),
        Says::Unclear => return,
    };
    let is_models = |turn: &Turn| speaker(context, turn) == Says::By(Speaker::Model);
    let has_others = context.kind.target == Target::ByWeight && context.example.conversation().any(is_models);
    let field = context.name_of(Means::Conversation);
    if has_others {
        return report.find(Warning, context.owner_span(list), |finding| {
            finding
                .says(format!("`{field}` ends with {end} that has no answer; the model learns nothing from it"))
                .fault(FaultKind::Untaught);
        });
    }
    let model = turn_of(context, Speaker::Model);
    let add = || add_answer(context, last);
    let (span, each, all) = (context.owner_span(list), report.own(EACH), report.own(ALL));
    report.fact(all);
    report.lossy_fact_at(each, Error, span);
    if report.is_shown_on_each(each) {
        return report.show_here(Error, span, |finding| {
            finding.says(format!("`{field}` ends with {end}; add the {model} that answers it")).related(
                turn.role.map_or_else(|| context.owner_span(turn.node), |role| record.span(role)),
                format!("the last {}", noun(context)),
            );
            // Broken grammar may have the turn end elsewhere.
            if context.errors.is_empty() {
                finding.fix(add);
            }
        });
    }
    if takes_prompts(context.format) {
        return report.show_once(each, Information, span, |finding, count| {
            finding.says(format!(
                "no line of this file ends with an answer ({count} lines); this is only right for distillation"
            ));
        });
    }
    report.show_once(each, Error, span, |finding, count| {
        finding
            .says(format!("no line of this file ends with an answer ({count} lines); add the {model} to each"))
            .fix(add);
        if context.service.consequence(FaultKind::Turns) == Consequence::Rejected {
            finding.effect(format!("{} rejects them", context.service.title));
        }
    });
}

/// Whether a file of prompts without answers is valid, for distillation.
fn takes_prompts(format: &Format) -> bool {
    format.kinds.iter().any(|kind| kind.target == Target::LastTurn)
}

/// Adds one finding if no line of the file has an answer, else one on each line without. In a file for reinforcement
/// tuning, a line without an answer is a prompt.
pub(super) fn judge_missing_model_turn(judge: &mut Judge<'_>) {
    let each = judge.fact(judge.own(EACH));
    let lines = judge.count(judge.own(ALL));
    if kind_of(judge.index(), judge.verdict.format).target == Target::Nothing {
        let verdict = &mut judge.verdict;
        verdict.prompts = lines;
        verdict.outlook.rejected = verdict.outlook.rejected.saturating_sub(lines);
        return;
    }
    let verdict = &mut judge.verdict;
    // A single line more probably lacks its answer than being a prompt for distillation.
    let are_prompts = lines > 1 && lines == verdict.examples;
    if are_prompts && takes_prompts(verdict.format) {
        verdict.outlook.rejected = verdict.outlook.rejected.saturating_sub(lines);
        judge.on_first(each, Information);
    } else if are_prompts {
        judge.on_first(each, Error);
    } else {
        judge.on_each(each, Error);
    }
}
