//! Function calls and their responses.

use super::speaker::{Says, is_read_by_position, speaker};
use crate::example::{Call, Place, Speaker};
use crate::json::NodeId;
use crate::rules::Severity::Warning;
use crate::rules::{Context, FaultKind, Report};
use crate::schema::Means;
use crate::schema::misfit::Misfit;
use std::borrow::Cow;

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
    number_of_responses(context, report);
    let doubtful = tools_are_in_doubt(context);
    let mut open: Vec<Cow<'_, str>> = Vec::new();
    let in_conversation = |call: &&Call| example.turns.get(call.turn).is_some_and(|it| it.place == Place::Conversation);
    for call in example.calls.iter().filter(in_conversation) {
        let Some((node, name)) = call.name.and_then(|node| Some((node, context.record.string(node)?))) else {
            continue;
        };
        if !call.is_result {
            if !doubtful && !is_declared(context, &name) {
                undeclared(context, report, node, &name);
            }
            open.push(name);
            continue;
        }
        // `unmatched-tool-call` matches calls with ids.
        if call.id.is_some() {
            continue;
        }
        // A function may be called several times; each call has one response.
        match open.iter().position(|call| *call == name) {
            Some(place) => drop(open.remove(place)),
            None => report.find(Warning, context.record.span(node), |finding| {
                finding.says(format!(
                    "`{name}` responds to no call; expected an earlier `{}` with this name",
                    context.name_of(Means::Call)
                ));
            }),
        }
    }
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

/// Compares the calls of each turn with the responses in the next one, where results have no required ids.
fn number_of_responses(context: &Context<'_>, report: &mut Report<'_>) {
    let example = context.example;
    if context.format.field(Means::ResultId).is_none_or(|field| field.required) {
        return;
    }
    let mut round = Round::default();
    let last = example.conversation().next_back().map(|turn| turn.node);
    for (place, turn) in example.turns.iter().enumerate().filter(|(_, turn)| turn.place == Place::Conversation) {
        let of_turn =
            |is_result| example.calls.iter().filter(move |call| call.turn == place && call.is_result == is_result);
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
            // Without responses, a second turn of the model is a finding of `role-order`.
            if round.responses > 0 || speaker(context, turn) == Says::By(Speaker::User) {
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
            let calls = round.calls;
            (first, format!("{calls} calls have {} `{response}`; expected {calls}", round.responses))
        }
        Some(other) if round.responses == round.calls => (
            other,
            format!("this `{response}` is in another turn than the first; expected all in the turn after the calls"),
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

fn is_declared(context: &Context<'_>, name: &str) -> bool {
    declared_names(context).any(|declared| declared == name)
}

/// Whether a finding about `tools` already explains a missing declaration.
fn tools_are_in_doubt(context: &Context<'_>) -> bool {
    let means = |name: &str, all: &[Means]| all.iter().any(|means| context.name_of(*means) == name);
    let of_tools = |name: &str| means(name, &[Means::Tools, Means::Declarations]);
    context.fit.misfits.iter().any(|misfit| match *misfit {
        Misfit::Unknown { near: Some(field), .. } => of_tools(field.name) || matches!(field.means, Means::DeclaredName),
        Misfit::Unknown { object, .. } => object.meaning(Means::Declarations).is_some(),
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

fn undeclared(context: &Context<'_>, report: &mut Report<'_>, node: NodeId, name: &str) {
    report.find(Warning, context.record.span(node), |finding| {
        let near = declared_names(context)
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
            .effect("The model learns to call a function that it isn't told about");
    });
}
