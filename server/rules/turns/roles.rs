//! Roles: their names, and the order of the turns.

use super::speaker::{
    Says, Spelling, compares_answers, is_read_by_position, lacks_role, meaning, role_text, speaker, speaking_turns,
    the_model,
};
use crate::example::{Place, Speaker, Turn};
use crate::formats::Target;
use crate::formats::service::Alternation;
use crate::json::{Edit, Kind, Span, lexer};
use crate::rules::Severity::{Error, Warning};
use crate::rules::media::uri::replacement;
use crate::rules::{Context, Fix, Report, moves};
use crate::schema::misfit::Misfit;
use crate::schema::{Means, Shape, snake_case};

pub(super) fn unknown_role(context: &Context<'_>, report: &mut Report<'_>) {
    let (format, words) = (context.format, &context.format.words);
    for turn in context.example.turns.iter().filter(|turn| turn.place != Place::System && turn.speaker.is_none()) {
        let Some(node) = turn.role.filter(|node| context.record.kind(*node) == Kind::String) else { continue };
        let Some(role) = role_text(context, turn) else { continue };
        let (says, spelling) = meaning(&role, words);
        if spelling == Spelling::Exact || role.trim().is_empty() {
            continue;
        }
        let name = match says {
            Says::By(speaker) => words.role(speaker),
            Says::Unclear => None,
        };
        let severity = if spelling == Spelling::Case { Warning } else { Error };
        let span = context.record.span(node);
        report.find(severity, span, |finding| {
            let (place, answer) = (context.place(node), format.wrong_role);
            let is_instruction = says == Says::By(Speaker::System);
            finding.says(match (name, spelling) {
                (Some(name), Spelling::Case) => {
                    format!(
                        "the role `{role}`{place} is written `{name}`, in lower case; the service may reject the line"
                    )
                }
                (Some(name), Spelling::Alias) => {
                    let calls = if format.title.ends_with('s') { "call" } else { "calls" };
                    format!(
                        "`{role}`{place} is no role of {}, which {calls} this side `{name}`; {answer}",
                        format.title
                    )
                }
                (Some(name), _) => format!("`{role}`{place} is no role; did you mean `{name}`? {answer}"),
                (None, _) if is_instruction && !context.name_of(Means::System).is_empty() => format!(
                    "`{role}`{place} is no role of a turn; a system prompt stands in `{}` at the top level of the \
                     line; {answer}",
                    context.name_of(Means::System)
                ),
                (None, _) if turn.answers_call && words.role(Speaker::Tool).is_none() => format!(
                    "`{role}`{place} is no role; a turn that answers a function call needs none, any other is {}; \
                     {answer}",
                    roles(context, " or ", "")
                ),
                (None, _) => format!(
                    "`{role}`{place} is no role; a turn is of {}; {answer}",
                    roles(context, " or of ", "of ").trim_start_matches("of ")
                ),
            });
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

/// The roles of the format, for a sentence: between the last two `last`, between others a comma.
fn roles(context: &Context<'_>, last: &str, each: &str) -> String {
    let names: Vec<_> = context.format.words.roles.iter().map(|(name, _)| format!("`{name}`")).collect();
    match names.split_last() {
        Some((end, rest)) if !rest.is_empty() => format!("{each}{}{last}{end}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// Moves a turn of the conversation to the field for instructions, if that is free.
fn to_system_instruction(context: &Context<'_>, turn: &Turn) -> Option<Fix> {
    let record = context.record;
    let field = context.name_of(Means::System);
    let taken = record.member(0, field).or_else(|| record.member(0, &snake_case(field)));
    let alone = context.example.conversation().count() < 2;
    // The system instruction takes text alone, and between broken grammar where a turn ends is a guess.
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
        report.find(severity, role_place(context, first), |finding| {
            finding
                .says(format!(
                    "no turn of this example has a role, so the turns can be read only by their position (user first, \
                     then {}, and so on); {}",
                    context.format.words.role(Speaker::Model).unwrap_or_default(),
                    context.format.without_role
                ))
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
        report.find(severity, role_place(context, turn), |finding| {
            let place = context.place(turn.node);
            let hint = role.map_or(String::new(), |role| format!("; by its position it is of `{role}`"));
            finding.says(format!("the turn{place} has no role{hint}; {}", context.format.without_role)).fix(|| {
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
    let field = lexer::quote(context.name_of(Means::Speaker));
    Some(Edit::insert(at, format!("{field}:{},", lexer::quote(role))))
}

/// The role that each turn has by its neighbours, or by its place where no turn has one; `None`
/// where they disagree.
fn roles_by_position(context: &Context<'_>) -> Vec<Option<&'static str>> {
    let (turns, words) = (&context.example.turns, &context.format.words);
    let (user, model) = (words.role(Speaker::User), words.role(Speaker::Model));
    let mut roles = Vec::with_capacity(turns.len());
    let mut before = None;
    for turn in turns {
        let own = match (turn.place, speaker(context, turn)) {
            (Place::System, _) => {
                roles.push(None);
                continue;
            }
            (Place::Answer, _) => model,
            // The model goes on where a function has answered.
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
                before = says.role(words);
                before
            }
        };
        roles.push(own);
    }
    // A role that the next turn has too would only trade one finding for another.
    for (place, turn) in turns.iter().enumerate() {
        let next =
            turns.get(place + 1).filter(|next| turn.place == Place::Conversation && next.place == Place::Conversation);
        let clash = next.is_some_and(|next| {
            !lacks_role(context, next)
                && speaker(context, next).role(words).is_some_and(|role| roles[place] == Some(role))
        });
        if clash && lacks_role(context, turn) {
            roles[place] = None;
        }
    }
    roles
}

pub(super) fn role_order(context: &Context<'_>, report: &mut Report<'_>) {
    let (record, words) = (context.record, &context.format.words);
    let Some(list) = context.example.turn_list else { return };
    let severity = match context.service.alternation {
        Alternation::Free => return,
        Alternation::Advised => Warning,
        Alternation::Required => Error,
    };
    // Behind broken grammar a turn may be hidden, and where no turn has a role that is all to say.
    if context.structure_is_hidden() || is_read_by_position(context) {
        return;
    }
    let mut before: Option<(&Turn, Says)> = None;
    let mut first = true;
    let mut expected = list + 1;
    for turn in context.example.conversation() {
        let says = speaker(context, turn);
        // An element that is no turn stood between.
        if turn.node > expected {
            (before, first) = (None, false);
        }
        expected = record.node(turn.node).next;
        if says == Says::By(Speaker::System) {
            // In the midst of a conversation it may stand for either side's turn.
            if before.is_some() && turn.role.is_some() {
                before = None;
            }
            continue;
        }
        let span = || turn.role.map_or_else(|| context.owner_span(turn.node), |role| record.span(role));
        if first && says == Says::By(Speaker::Model) {
            report.find(severity, span(), |finding| {
                finding.says(format!(
                    "the conversation begins with a turn of {}{}; it has to begin with the user's, which the \
                     model answers",
                    the_model(context),
                    context.place(turn.node)
                ));
            });
        }
        // That the last turn is not the model's is missing-model-turn's to say.
        let is_last = expected == record.node(list).next;
        let is_end = is_last && says == Says::By(Speaker::User) && !compares_answers(context);
        if let (Some((earlier, last)), Some(role)) = (before, says.role(words))
            && last == says
            && !is_end
        {
            report.find(severity, span(), |finding| {
                finding.says(format!(
                    "a second turn of `{role}` in a row{}; {} take turns, so put what one side says into {}",
                    context.place(turn.node),
                    sides(context),
                    if has_parts(context) { "the parts of one turn" } else { "one turn" }
                ));
                if let Some(role) = earlier.role {
                    finding.related(record.span(role), "the turn before it");
                }
            });
        }
        before = Some((turn, says));
        first = false;
    }
    if compares_answers(context) && !before.is_some_and(|(_, says)| says == Says::By(Speaker::Model)) {
        answers_of_the_user(context, report);
    }
}

/// Whether what a turn says is always a list of parts.
fn has_parts(context: &Context<'_>) -> bool {
    context.format.field(Means::Content).is_some_and(|field| matches!(field.shape, Shape::List(_)))
}

/// The roles of the two who take turns, for a sentence.
fn sides(context: &Context<'_>) -> String {
    let role = |speaker| context.format.words.role(speaker).unwrap_or_default();
    format!("`{}` and `{}`", role(Speaker::User), role(Speaker::Model))
}

/// An answer follows the user's turn, so it is the model's.
fn answers_of_the_user(context: &Context<'_>, report: &mut Report<'_>) {
    let words = &context.format.words;
    for turn in context.example.turns.iter().filter(|turn| turn.place == Place::Answer) {
        let is_users = speaker(context, turn) == Says::By(Speaker::User);
        let Some(role) = turn.role.filter(|_| is_users) else { continue };
        report.find(Warning, context.record.span(role), |finding| {
            finding.says(format!(
                "the completion{} has the role `{}`; both completions are answers of the `{}`",
                context.place(turn.node),
                words.role(Speaker::User).unwrap_or_default(),
                words.role(Speaker::Model).unwrap_or_default()
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
    let Some((turn, says)) = turns.find_map(spoken) else { return };
    // A last turn whose role is wrong may be the model's; its role has to be mended first.
    let takes_instructions = context.kind.target == Target::ByWeight;
    let is_clear = turn.node == last.node || last.role.is_none() || takes_instructions;
    let whose = match says {
        Says::By(Speaker::User) => "the user",
        Says::By(Speaker::Tool) => match context.format.words.role(Speaker::Tool) {
            Some(_) => "a tool",
            None => "a function",
        },
        _ => return,
    };
    let is_hidden = context.structure_is_hidden() || is_read_by_position(context) || has_misnamed_answers(context);
    if !is_last || !is_clear || is_hidden {
        return;
    }
    let is_models = |turn: &Turn| speaker(context, turn) == Says::By(Speaker::Model);
    let has_others = context.kind.target == Target::ByWeight && context.example.conversation().any(is_models);
    let field = context.name_of(Means::Conversation);
    if has_others {
        return report.find(Warning, context.owner_span(list), |finding| {
            finding.says(format!(
                "`{field}` ends with a turn of {whose}; nothing is learned from it, because the answer to it is missing"
            ));
        });
    }
    report.find(Error, context.owner_span(list), |finding| {
        finding
            .says(format!(
                "`{field}` ends with a turn of {whose}; its last turn has to be {}'s, which is the answer to \
                 learn: without it there is nothing to learn from this example",
                the_model(context)
            ))
            .related(
                turn.role.map_or_else(|| context.owner_span(turn.node), |role| record.span(role)),
                "the last turn",
            );
    });
}

/// Whether the answers are there after all, in a list whose name is a slip for the field of answers.
fn has_misnamed_answers(context: &Context<'_>) -> bool {
    let name = context.name_of(Means::Answers);
    !name.is_empty()
        && context.fit.misfits.iter().any(|misfit| match *misfit {
            Misfit::Unknown { node, .. } => {
                context.record.parent(node) == Some(0)
                    && context.record.kind(node) == Kind::Array
                    && strsim::osa_distance(&context.record.key(node).to_lowercase(), name) <= 2
            }
            _ => false,
        })
}
