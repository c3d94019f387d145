//! Function calls and their responses.

use super::speaker::{Says, a_turn_of, is_read_by_position, speaker};
use crate::example::{Call, Place, Speaker, Turn};
use crate::json::{Kind, NodeId};
use crate::rules::Severity::Warning;
use crate::rules::wording::count_of;
use crate::rules::{Context, FaultKind, Report};
use crate::schema::fit::Pair;
use crate::schema::misfit::Misfit;
use crate::schema::{Demand, Means};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

pub(super) fn unmatched_function(context: &Context<'_>, report: &mut Report<'_>) {
    let example = context.example;
    // Broken grammar may hide a declaration or a call. Lines that only take text have findings for any call.
    if example.calls.is_empty()
        || context.kind.text_only
        || is_read_by_position(context)
        || context.structure_is_hidden()
    {
        return;
    }
    let is_by_model = response_of_the_model(context, report);
    if !is_by_model {
        number_of_responses(context, report);
    }
    let doubtful = tools_are_in_doubt(context);
    let declared: HashSet<_> = declared_names(context).collect();
    // The calls of each function so far, and the responses to them.
    let mut counts: HashMap<Cow<'_, str>, (usize, usize)> = HashMap::new();
    let in_conversation = |call: &&Call| example.turns.get(call.turn).is_some_and(|it| it.place == Place::Conversation);
    for call in example.calls.iter().filter(in_conversation) {
        let Some((node, name)) = call.name.and_then(|node| Some((node, context.record.string(node)?))) else {
            continue;
        };
        if !call.is_result {
            if !doubtful && !declared.contains(&name) && !counts.contains_key(&name) {
                undeclared(context, report, node, &name);
            }
            counts.entry(name).or_default().0 += 1;
            continue;
        }
        // `unmatched-tool-call` matches calls with ids.
        if call.id.is_some() || is_by_model {
            continue;
        }
        // A function may be called several times; each call has one response.
        let (calls, responses) = counts.get_mut(&name).map_or((0, 1), |(calls, responses)| {
            *responses += 1;
            (*calls, *responses)
        });
        if responses == calls + 1 {
            report.find(Warning, context.record.span(node), |finding| {
                finding.says(match calls {
                    0 => format!(
                        "`{name}` has no matching call; expected an earlier `{}` with this name",
                        context.name_of(Means::Call)
                    ),
                    calls => format!(
                        "`{name}` has {responses} responses for {}; expected one per call",
                        count_of(calls, "call")
                    ),
                });
            });
        }
    }
}

/// Reports the first response in a turn of the model, which only calls.
fn response_of_the_model(context: &Context<'_>, report: &mut Report<'_>) -> bool {
    let by_model = |call: &&Call| {
        let turn = context.example.turns.get(call.turn).filter(|turn| turn.place == Place::Conversation);
        call.is_result && turn.is_some_and(|turn| turn.speaker == Some(Speaker::Model))
    };
    let Some(response) = context.example.calls.iter().find(by_model).filter(|_| counts_responses(context)) else {
        return false;
    };
    report.find(Warning, context.owner_span(response.node), |finding| {
        finding.says(format!(
            "`{}` is in {}; expected it in the turn after the call",
            context.name_of(Means::CallResult),
            a_turn_of(context, Speaker::Model)
        ));
    });
    true
}

/// The calls of a turn of the model, and the responses to them.
#[derive(Default)]
struct Round {
    /// The first call.
    first: Option<NodeId>,
    calls: usize,
    responses: usize,
    /// The first response in another turn than the first response.
    spread: Option<NodeId>,
}

/// Whether the calls of a turn of the conversation have no response in the next turn that isn't the model's: a finding
/// of `unmatched-function`.
pub(super) fn is_unanswered(context: &Context<'_>, turn: &Turn) -> bool {
    let example = context.example;
    let mut calls = example.calls.iter().filter(|call| !call.is_result);
    let has_calls = calls.any(|call| example.turns.get(call.turn).is_some_and(|it| it.node == turn.node));
    if !has_calls || context.kind.text_only || !counts_responses(context) {
        return false;
    }
    let mut later = example.conversation().filter(|later| later.node > turn.node);
    let next = later.find(|later| speaker(context, later) != Says::By(Speaker::Model));
    next.is_none_or(|next| speaker(context, next) == Says::By(Speaker::User))
}

/// Whether the number of responses matters: results have no required ids that would match them with their calls.
fn counts_responses(context: &Context<'_>) -> bool {
    context.format.field(Means::ResultId).is_some_and(|field| !field.required)
}

/// Compares the calls of each turn with the responses in the next one.
fn number_of_responses(context: &Context<'_>, report: &mut Report<'_>) {
    let example = context.example;
    if !counts_responses(context) {
        return;
    }
    let mut round = Round::default();
    let last = example.conversation().next_back().map(|turn| turn.node);
    for (place, turn) in example.turns.iter().enumerate().filter(|(_, turn)| turn.place == Place::Conversation) {
        let of_turn = |is_result| example.calls_of(place).iter().filter(move |call| call.is_result == is_result);
        let (calls, results) = (of_turn(false).count(), of_turn(true).count());
        if calls > 0 && results == 0 {
            if round.responses > 0 {
                settle(context, report, &round);
                round = Round::default();
            }
            // The calls of the last turn are the answer to learn.
            if last != Some(turn.node) {
                round.first = round.first.or_else(|| of_turn(false).next().map(|call| call.name.unwrap_or(call.node)));
                round.calls += calls;
            }
        } else if results > 0 {
            let first = of_turn(true).next().map(|call| call.name.unwrap_or(call.node));
            round.spread = round.spread.or(first.filter(|_| round.responses > 0));
            round.responses += results;
        } else {
            let says = speaker(context, turn);
            // The response may still follow after a second turn of the model.
            if round.responses == 0 && says == Says::By(Speaker::Model) {
                continue;
            }
            if round.responses > 0 || says == Says::By(Speaker::User) {
                settle(context, report, &round);
            }
            round = Round::default();
        }
    }
    settle(context, report, &round);
}

fn settle(context: &Context<'_>, report: &mut Report<'_>, round: &Round) {
    let Some(first) = round.first else { return };
    let response = context.name_of(Means::CallResult);
    let (span, message) = match round.spread {
        _ if round.responses == 0 => {
            (first, format!("this call has no response; expected a `{response}` in the next turn"))
        }
        _ if round.responses < round.calls => {
            let (calls, parts) = (round.calls, if round.responses == 1 { "part" } else { "parts" });
            (first, format!("found {} `{response}` {parts} for {calls} calls; expected one per call", round.responses))
        }
        Some(other) if round.responses == round.calls => (
            other,
            format!("the responses are in different turns; put every `{response}` into the turn after the calls"),
        ),
        _ => return,
    };
    report.find(Warning, context.record.span(span), |finding| {
        finding.says(message);
    });
}

fn declared_names<'a>(context: &'a Context<'_>) -> impl Iterator<Item = Cow<'a, str>> {
    context.example.declared.iter().filter_map(|node| context.record.string(*node))
}

/// Whether a finding about `tools` already explains a missing declaration.
fn tools_are_in_doubt(context: &Context<'_>) -> bool {
    let means = |name: &str, all: &[Means]| all.iter().any(|means| context.name_of(*means) == name);
    let of_tools = |name: &str| means(name, &[Means::Tools, Means::Declarations]);
    // Some trainers read the declarations as one string, which isn't checked.
    let is_text = |pair: &Pair| {
        pair.field.is_some_and(|field| field.means == Means::Tools) && context.record.kind(pair.node) == Kind::String
    };
    if context.example.tools.is_none() && context.fit.pairs.iter().any(is_text) {
        return true;
    }
    if declares_elsewhere(context) {
        return true;
    }
    context.fit.misfits.iter().any(|misfit| match *misfit {
        Misfit::Unknown { near: Some(field), .. } => of_tools(field.name) || matches!(field.means, Means::DeclaredName),
        Misfit::Unknown { object, .. } => object.meaning(Means::Declarations).is_some(),
        Misfit::Missing { field, .. } => matches!(field.means, Means::Declarations | Means::DeclaredName),
        Misfit::Misplaced { home, .. } => of_tools(home.field),
        Misfit::WrongType { node, .. } => {
            let in_tools = |id| {
                let field = context.fit.shape(id).and_then(|pair| pair.field);
                field.is_some_and(|field| matches!(field.means, Means::Tools | Means::Declarations))
            };
            in_tools(node) || context.record.parent(node).is_some_and(in_tools)
        }
        _ => false,
    })
}

/// Whether the line has a field of the service that takes the place of the declarations, and isn't read.
fn declares_elsewhere(context: &Context<'_>) -> bool {
    let tools = context.name_of(Means::Tools);
    context.service.demands.iter().any(|demand| match demand {
        Demand::AtMostOne { fields: [one, other], .. } if *one == tools => {
            context.record.root().is_some_and(|root| context.record.member(root, other).is_some())
        }
        _ => false,
    })
}

/// How many declared functions a misspelled name is compared with.
const MAX_COMPARED: usize = 100;

fn undeclared(context: &Context<'_>, report: &mut Report<'_>, node: NodeId, name: &str) {
    report.find(Warning, context.record.span(node), |finding| {
        let near = declared_names(context)
            .take(MAX_COMPARED)
            .map(|declared| (strsim::osa_distance(&declared, name), declared))
            .filter(|(distance, declared)| distance * 4 <= declared.len())
            .min();
        let message = match near {
            Some((_, near)) => format!("`{name}` is not declared in `tools`; did you mean `{near}`?"),
            None if context.example.tools.is_some() => format!("`{name}` is not declared in `tools`"),
            None => format!("`{name}` is called, but the line declares no `tools`"),
        };
        finding
            .says(message)
            .fault(FaultKind::Meaning)
            .effect("The model learns to call functions that aren't declared");
    });
}
