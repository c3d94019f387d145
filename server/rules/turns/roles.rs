//! Roles: their names, and the order of the turns.

use super::speaker::{
    Speaker, Spelling, answers_a_call, is_preference, is_read_by_position, lacks_role, meaning, role_text, speaker,
    speaking_turns,
};
use crate::json::{Edit, Kind, Span, lexer};
use crate::rules::Severity::{Error, Warning};
use crate::rules::media::replacement;
use crate::rules::{Context, Fix, Report, moves};
use crate::schema::example::{Place, Turn};
use crate::schema::fit::Misfit;

/// What the service has been seen to answer to another role.
const ANSWER: &str = "the service answers \"Please use a valid role: user, model.\"";

pub(super) fn unknown_role(context: &Context<'_>, report: &mut Report<'_>) {
    for turn in context.example.turns.iter().filter(|turn| turn.place != Place::System && turn.side.is_none()) {
        let Some(node) = turn.role.filter(|node| context.record.kind(*node) == Kind::String) else { continue };
        let Some(role) = role_text(context, turn) else { continue };
        let (speaker, spelling) = meaning(&role);
        if spelling == Spelling::Exact || role.trim().is_empty() {
            continue;
        }
        let severity = if spelling == Spelling::Case { Warning } else { Error };
        let span = context.record.span(node);
        report.find(severity, span, |finding| {
            let place = context.place(node);
            finding.says(match (speaker.role(), spelling) {
                (Some(name), Spelling::Case) => {
                    format!(
                        "the role `{role}`{place} is written `{name}`, in lower case; the service may reject the line"
                    )
                }
                (Some(name), Spelling::Alias) => {
                    format!("`{role}`{place} is no role of Gemini, which calls this side `{name}`; {ANSWER}")
                }
                (Some(name), _) => format!("`{role}`{place} is no role; did you mean `{name}`? {ANSWER}"),
                (None, _) if speaker == Speaker::System => format!(
                    "`{role}`{place} is no role of a turn; a system prompt stands in `systemInstruction` at the top \
                     level of the line; {ANSWER}"
                ),
                (None, _) if answers_a_call(context, turn) => format!(
                    "`{role}`{place} is no role; a turn that answers a function call needs none, any other is `user` \
                     or `model`; {ANSWER}"
                ),
                (None, _) => format!("`{role}`{place} is no role; a turn is of `user` or of `model`; {ANSWER}"),
            });
            finding.fix(|| match speaker.role() {
                Some(name) => {
                    let edits = replacement(context, node, name)?;
                    let title = format!("Change to `{name}`");
                    let safe = matches!(spelling, Spelling::Case | Spelling::Alias);
                    Some(if safe { Fix::safe(title, edits) } else { Fix::suggested(title, edits) })
                }
                None if speaker == Speaker::System => to_system_instruction(context, turn),
                None if answers_a_call(context, turn) => {
                    let edit = moves::remove_element(context.record, node)?;
                    Some(Fix::suggested("Remove the role", vec![edit]))
                }
                None => None,
            });
        });
    }
}

/// Moves a turn of the conversation to `systemInstruction`, if that is free.
fn to_system_instruction(context: &Context<'_>, turn: &Turn) -> Option<Fix> {
    let record = context.record;
    let taken = record.member(0, "systemInstruction").or_else(|| record.member(0, "system_instruction"));
    let alone = context.example.conversation().count() < 2;
    // The system instruction takes text alone, and between broken grammar where a turn ends is a guess.
    let text_alone = context.example.parts_of(turn).iter().all(|part| part.text.is_some());
    if taken.is_some() || turn.place != Place::Contents || alone || !text_alone || context.structure_is_hidden() {
        return None;
    }
    record.index(turn.node)?;
    let mut edits = vec![
        moves::remove_element(record, turn.node)?,
        moves::append_member(record, 0, "systemInstruction", context.raw(record.span(turn.node)))?,
    ];
    edits.sort();
    Some(Fix::suggested("Move the turn to `systemInstruction`", edits))
}

pub(super) fn missing_role(context: &Context<'_>, report: &mut Report<'_>) {
    if !speaking_turns(context).any(|turn| lacks_role(context, turn)) || context.structure_is_hidden() {
        return;
    }
    let expected = roles_by_position(context);
    let edit_of = |turn: &Turn, role: Option<&'static str>| insert_role(context, turn, role?);
    let mut lacking = context
        .example
        .turns
        .iter()
        .zip(expected)
        .filter(|(turn, _)| turn.place != Place::System && lacks_role(context, turn));
    if is_read_by_position(context) {
        let Some((first, role)) = lacking.next() else { return };
        report.find(Warning, role_place(context, first), |finding| {
            finding
                .says(
                    "no turn of this example has a role, so the turns can be read only by their position (user first, \
                     then model, and so on); the service reads a turn without a role as the user's",
                )
                .fix(|| {
                    let first = edit_of(first, role);
                    let rest = lacking.map(|(turn, role)| edit_of(turn, role));
                    let edits = std::iter::once(first).chain(rest).collect::<Option<Vec<_>>>()?;
                    Some(Fix::suggested("Give the turns their roles by position", edits))
                });
        });
        return;
    }
    for (turn, role) in lacking {
        report.find(Warning, role_place(context, turn), |finding| {
            let place = context.place(turn.node);
            let hint = role.map_or(String::new(), |role| format!("; by its position it is of `{role}`"));
            finding
                .says(format!(
                    "the turn{place} has no role{hint}; the service reads a turn without a role as the user's"
                ))
                .fix(|| {
                    let edit = edit_of(turn, role)?;
                    Some(Fix::suggested(format!("Set the role to `{}`", role?), vec![edit]))
                });
        });
    }
}

/// Where a missing role is shown: at the empty one, else at the turn.
fn role_place(context: &Context<'_>, turn: &Turn) -> Span {
    match turn.role.filter(|node| context.record.kind(*node) == Kind::String) {
        Some(empty) => context.record.span(empty),
        None => context.owner_span(turn.node),
    }
}

/// Gives a turn its role, as its first member.
fn insert_role(context: &Context<'_>, turn: &Turn, role: &str) -> Option<Edit> {
    let record = context.record;
    if let Some(empty) = turn.role {
        return Some(Edit::replace(record.span(empty), lexer::quote(role)));
    }
    let first = record.children(turn.node).next()?;
    let at = record.key_span(first).map_or(record.span(first).start(), Span::start);
    Some(Edit::insert(at, format!("\"role\":{},", lexer::quote(role))))
}

/// The role that each turn has by its neighbours, or by its place where no turn has one; `None`
/// where they disagree.
fn roles_by_position(context: &Context<'_>) -> Vec<Option<&'static str>> {
    let turns = &context.example.turns;
    let other = |role| if role == "user" { "model" } else { "user" };
    let mut roles = Vec::with_capacity(turns.len());
    let mut before = None;
    for turn in turns {
        let own = match (turn.place, speaker(context, turn)) {
            (Place::System, _) => {
                roles.push(None);
                continue;
            }
            (Place::Completion, _) => Some("model"),
            // The model goes on where a function has answered.
            (Place::Contents, Speaker::Function) => {
                before = Some("user");
                roles.push(None);
                continue;
            }
            (Place::Contents, Speaker::System) => None,
            (Place::Contents, speaker) if lacks_role(context, turn) || speaker == Speaker::Unclear => {
                before = Some(before.map_or("user", other));
                before
            }
            (Place::Contents, speaker) => {
                before = speaker.role();
                before
            }
        };
        roles.push(own);
    }
    // A role that the next turn has too would only trade one finding for another.
    for (place, turn) in turns.iter().enumerate() {
        let next = turns.get(place + 1).filter(|next| turn.place == Place::Contents && next.place == Place::Contents);
        let clash = next.is_some_and(|next| {
            !lacks_role(context, next) && speaker(context, next).role().is_some_and(|role| roles[place] == Some(role))
        });
        if clash && lacks_role(context, turn) {
            roles[place] = None;
        }
    }
    roles
}

pub(super) fn role_order(context: &Context<'_>, report: &mut Report<'_>) {
    let record = context.record;
    let Some(contents) = context.example.contents else { return };
    // Behind broken grammar a turn may be hidden, and where no turn has a role that is all to say.
    if context.structure_is_hidden() || is_read_by_position(context) {
        return;
    }
    let mut before: Option<(&Turn, Speaker)> = None;
    let mut first = true;
    let mut expected = contents + 1;
    for turn in context.example.conversation() {
        let speaker = speaker(context, turn);
        // An element that is no turn stood between.
        if turn.node > expected {
            (before, first) = (None, false);
        }
        expected = record.node(turn.node).next;
        if speaker == Speaker::System {
            // In the midst of a conversation it may stand for either side's turn.
            if before.is_some() && turn.role.is_some() {
                before = None;
            }
            continue;
        }
        let span = || turn.role.map_or_else(|| context.owner_span(turn.node), |role| record.span(role));
        if first && speaker == Speaker::Model {
            report.find(Warning, span(), |finding| {
                finding.says(format!(
                    "the conversation begins with a turn of the model{}; it has to begin with the user's, which the \
                     model answers",
                    context.place(turn.node)
                ));
            });
        }
        // That the last turn is not the model's is missing-model-turn's to say.
        let is_end = expected == record.node(contents).next && speaker == Speaker::User && !is_preference(context);
        if let (Some((earlier, last)), Some(role)) = (before, speaker.role())
            && last == speaker
            && !is_end
        {
            report.find(Warning, span(), |finding| {
                finding.says(format!(
                    "a second turn of `{role}` in a row{}; `user` and `model` take turns, so put what one side says \
                     into the parts of one turn",
                    context.place(turn.node)
                ));
                if let Some(role) = earlier.role {
                    finding.related(record.span(role), "the turn before it");
                }
            });
        }
        before = Some((turn, speaker));
        first = false;
    }
    if is_preference(context) && !before.is_some_and(|(_, speaker)| speaker == Speaker::Model) {
        completions_of_the_user(context, report);
    }
}

/// A completion follows the user's turn, so it is the model's.
fn completions_of_the_user(context: &Context<'_>, report: &mut Report<'_>) {
    for turn in context.example.turns.iter().filter(|turn| turn.place == Place::Completion) {
        let Some(role) = turn.role.filter(|_| speaker(context, turn) == Speaker::User) else { continue };
        report.find(Warning, context.record.span(role), |finding| {
            finding.says(format!(
                "the completion{} has the role `user`; both completions are answers of the `model`",
                context.place(turn.node)
            ));
        });
    }
}

pub(super) fn missing_model_turn(context: &Context<'_>, report: &mut Report<'_>) {
    let record = context.record;
    let Some(contents) = context.example.contents.filter(|_| !is_preference(context)) else { return };
    let mut turns = context.example.conversation().rev();
    let Some(last) = context.example.conversation().next_back() else { return };
    let is_last = record.node(last.node).next == record.node(contents).next;
    let Some((turn, speaker)) =
        turns.find_map(|turn| Some((turn, speaker(context, turn))).filter(|(_, speaker)| *speaker != Speaker::System))
    else {
        return;
    };
    // A last turn whose role is wrong may be the model's; its role has to be mended first.
    let is_clear = turn.node == last.node || last.role.is_none();
    if !is_last || !is_clear || !matches!(speaker, Speaker::User | Speaker::Function) {
        return;
    }
    if context.structure_is_hidden() || is_read_by_position(context) || has_misnamed_completions(context) {
        return;
    }
    report.find(Error, context.owner_span(contents), |finding| {
        let whose = if speaker == Speaker::User { "the user" } else { "a function" };
        finding
            .says(format!(
                "`contents` ends with a turn of {whose}; its last turn has to be the model's, which is the answer to \
                 learn: without it there is nothing to learn from this example"
            ))
            .related(
                turn.role.map_or_else(|| context.owner_span(turn.node), |role| record.span(role)),
                "the last turn",
            );
    });
}

/// Whether the answers are there after all, in a list whose name is a slip for `completions`.
fn has_misnamed_completions(context: &Context<'_>) -> bool {
    context.fit.misfits.iter().any(|misfit| match *misfit {
        Misfit::Unknown { node, .. } => {
            context.record.parent(node) == Some(0)
                && context.record.kind(node) == Kind::Array
                && strsim::osa_distance(&context.record.key(node).to_lowercase(), "completions") <= 2
        }
        _ => false,
    })
}
