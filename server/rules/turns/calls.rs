//! Calls of tools: their ids and arguments.

use super::speaker::a_turn_of;
use crate::example::{Call, Place, Speaker, Turn};
use crate::json::{Edit, Kind, NodeId, lexer, print};
use crate::rules::Severity::Error;
use crate::rules::{Context, Fix, Report};
use crate::schema::misfit::Misfit;
use crate::schema::{Field, Means, Shape};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

pub(super) fn arguments_not_json(context: &Context<'_>, report: &mut Report<'_>) {
    let record = context.record;
    for misfit in &context.fit.misfits {
        let Misfit::NotJson { node } = *misfit else { continue };
        report.find(Error, record.span(node), |finding| {
            finding.says(format!(
                "the string in `{}` isn't a JSON object, such as `{{\"city\": \"Lima\"}}`",
                record.key(node)
            ));
        });
    }
    let Some(as_text) = context.service.arguments_as_text else { return };
    for node in context.example.calls.iter().filter_map(|call| call.arguments) {
        let (expected, found) = match (record.kind(node), as_text) {
            (Kind::Object, true) => ("a string that holds a JSON object", "an object"),
            (Kind::String, false) => ("an object", "a string"),
            _ => continue,
        };
        if context.fit.misfits_at(node).any(|misfit| matches!(misfit, Misfit::NotJson { .. })) {
            continue;
        }
        report.find(Error, record.span(node), |finding| {
            finding.says(format!("`{}` is {found}; {} expects {expected}", record.key(node), context.service.title));
            if !as_text {
                finding.effect("The chat template prints it in quotes, with escapes");
            }
            finding.fix(|| in_other_form(context, node));
        });
    }
}

/// Turns an object of arguments into a string, or a string into an object.
fn in_other_form(context: &Context<'_>, node: NodeId) -> Option<Fix> {
    let (record, span) = (context.record, context.record.span(node));
    if context.structure_is_hidden() {
        return None;
    }
    if record.kind(node) == Kind::Object {
        let text = lexer::quote(&print::compact(record.raw(span)));
        return Some(Fix::safe("Write the arguments as a string", vec![Edit::replace(span, text)]));
    }
    let text = record.string(node)?;
    Some(Fix::safe("Write the arguments as an object", vec![Edit::replace(span, print::compact(&text))]))
}

/// The id of a call, with its node.
fn id_of<'a>(context: &Context<'a>, call: &Call) -> Option<(NodeId, Cow<'a, str>)> {
    let node = call.id?;
    Some((node, context.record.string(node)?))
}

pub(super) fn unmatched_tool_call(context: &Context<'_>, report: &mut Report<'_>) {
    // Only formats that match results and calls by id.
    let has_ids = || context.format.field(Means::ResultId).is_some_and(|field| field.required);
    if context.example.calls.is_empty() || !has_ids() || context.structure_is_hidden() || lacks_id(context) {
        return;
    }
    let example = context.example;
    // The calls of one turn that have no result yet, the results that answer none of them, and how often each id was
    // used so far.
    let (mut open, mut strays, mut turn): (Open<'_>, Vec<Stray<'_>>, _) = (HashMap::new(), Vec::new(), None);
    let mut answered: HashSet<Cow<'_, str>> = HashSet::new();
    let mut known: HashMap<Cow<'_, str>, usize> = HashMap::new();
    let in_conversation = |call: &&Call| example.turns.get(call.turn).is_some_and(|it| it.place == Place::Conversation);
    for call in example.calls.iter().filter(in_conversation) {
        let Some((node, id)) = id_of(context, call) else { continue };
        if !call.is_result {
            // Calls of an earlier turn must have their results by now.
            if turn.replace(call.turn) != Some(call.turn) {
                settle(context, report, &mut open, &mut strays, &known);
            }
            check_id(context, report, node, &id, &known);
            *known.entry(id.clone()).or_default() += 1;
            open.entry(id).or_default().push(node);
            continue;
        }
        if open.get_mut(&id).and_then(Vec::pop).is_some() {
            answered.insert(id);
        } else {
            strays.push(Stray { node, is_second: answered.contains(&id), id });
        }
    }
    // The calls of the last turn are the answer to learn, and need no results.
    if turn == example.conversation().count().checked_sub(1) {
        open.clear();
    }
    settle(context, report, &mut open, &mut strays, &known);
}

/// A result that answers no open call.
struct Stray<'a> {
    node: NodeId,
    id: Cow<'a, str>,
    /// Whether an earlier result answers the call.
    is_second: bool,
}

/// The calls without a result, by their ids.
type Open<'a> = HashMap<Cow<'a, str>, Vec<NodeId>>;

/// Reports the results without a call and the calls without a result. A result whose id is wrong explains a call.
fn settle(
    context: &Context<'_>,
    report: &mut Report<'_>,
    open: &mut Open<'_>,
    strays: &mut Vec<Stray<'_>>,
    known: &HashMap<Cow<'_, str>, usize>,
) {
    // For a repeated id it is unknown which of the calls a result answers.
    let single = std::mem::take(open).into_iter().filter(|(id, _)| known.get(id) == Some(&1));
    let mut open: Vec<(NodeId, Cow<'_, str>)> = single.filter_map(|(id, nodes)| Some((*nodes.first()?, id))).collect();
    open.sort_unstable_by_key(|(node, _)| *node);
    let mut open = open.into_iter();
    for Stray { node, id, is_second } in strays.drain(..) {
        // A second result of a call answers no other call.
        let meant = if known.contains_key(&id) { None } else { open.next() };
        report.find(Error, context.record.span(node), |finding| match meant {
            Some((call, meant)) => {
                finding
                    .says(format!("`{id}` doesn't match any earlier call; did you mean `{meant}`?"))
                    .related(context.record.span(call), "the call without a result");
            }
            None if is_second => {
                finding.says(format!("second result of the call `{id}`; expected one for each call"));
            }
            None if known.is_empty() => {
                finding.says(format!(
                    "`{id}` doesn't match any earlier call: this example has none before it; add the call with this `{}`",
                    context.name_of(Means::CallId)
                ));
            }
            None => {
                finding.says(format!(
                    "`{id}` doesn't match any earlier call; expected the `{}` of an earlier tool call of this example",
                    context.name_of(Means::CallId)
                ));
            }
        });
    }
    for (node, id) in open {
        report.find(Error, context.record.span(node), |finding| {
            finding.says(format!(
                "the call `{id}` has no result; expected {} with this id",
                a_turn_of(context, Speaker::Tool)
            ));
        });
    }
}

/// Whether the field of an id or of the calls is missing, misspelled or in the wrong message. That is another rule's
/// finding, and explains unmatched ids.
fn lacks_id(context: &Context<'_>) -> bool {
    let holds_call = |shape: Shape| shape.object().is_some_and(|object| object.means == Means::Call);
    let is_id = |field: &Field| matches!(field.means, Means::CallId | Means::ResultId) || holds_call(field.shape);
    let turns = context.format.field(Means::Conversation).map(|field| field.shape.objects()).unwrap_or_default();
    // Some trainers match calls and results by their names or their order.
    let lacks_it = |(place, turn): (usize, &Turn)| {
        turn.answers_call && context.example.calls_of(place).iter().all(|call| call.id.is_none())
    };
    if context.example.turns.iter().enumerate().any(lacks_it) {
        return true;
    }
    context.fit.misfits.iter().any(|misfit| match misfit {
        Misfit::Missing { field, .. } | Misfit::Unknown { near: Some(field), .. } => is_id(field),
        Misfit::Misplaced { home, .. } => turns.iter().filter_map(|turn| turn.field(home.field)).any(is_id),
        _ => false,
    })
}

fn check_id(
    context: &Context<'_>,
    report: &mut Report<'_>,
    node: NodeId,
    id: &str,
    known: &HashMap<Cow<'_, str>, usize>,
) {
    let span = context.record.span(node);
    if known.contains_key(id) {
        return report.find(Error, span, |finding| {
            finding.says(format!("the id `{id}` is used twice; each call needs its own id"));
        });
    }
    let Some(length) = context.service.call_id_length.filter(|length| id.chars().count() != *length) else { return };
    report.find(Error, span, |finding| {
        finding.says(format!(
            "the id `{id}` has {} characters; {} expects exactly {length}",
            id.chars().count(),
            context.service.title
        ));
    });
}
