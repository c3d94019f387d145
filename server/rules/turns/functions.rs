//! Calls of functions and what they gave back.

use super::speaker::is_read_by_position;
use crate::example::{Call, Place};
use crate::json::NodeId;
use crate::rules::Severity::Warning;
use crate::rules::{Context, Report};
use crate::schema::Means;
use crate::schema::misfit::Misfit;
use std::borrow::Cow;

pub(super) fn unmatched_function(context: &Context<'_>, report: &mut Report<'_>) {
    let example = context.example;
    // A declaration or a call may be hidden behind broken grammar; a preference line takes text alone.
    if example.calls.is_empty()
        || context.kind.text_only
        || is_read_by_position(context)
        || context.structure_is_hidden()
    {
        return;
    }
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
        // Calls with ids are matched by these.
        if call.id.is_some() {
            continue;
        }
        // The function behind a tool may be called several times; each call is answered once.
        match open.iter().position(|call| *call == name) {
            Some(place) => drop(open.remove(place)),
            None => report.find(Warning, context.record.span(node), |finding| {
                finding.says(format!(
                    "the response of `{name}`{} has no call before it; a turn of the model with a `{}` of this name \
                     has to come first",
                    context.place(node),
                    context.name_of(Means::Call)
                ));
            }),
        }
    }
}

fn declared_names<'a>(context: &'a Context<'_>) -> impl Iterator<Item = Cow<'a, str>> {
    context.example.declared.iter().filter_map(|node| context.record.string(*node))
}

fn is_declared(context: &Context<'_>, name: &str) -> bool {
    declared_names(context).any(|declared| declared == name)
}

/// Whether a finding about `tools` explains that a declaration is not found.
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
        let place = context.place(node);
        let near = declared_names(context)
            .map(|declared| (strsim::osa_distance(&declared, name), declared))
            .filter(|(distance, declared)| distance * 4 <= declared.len())
            .min();
        finding.says(match near {
            Some((_, near)) => {
                format!("the function `{name}`{place} is not declared in `tools`; did you mean `{near}`?")
            }
            None if context.example.tools.is_some() => format!(
                "the function `{name}`{place} is not declared in `tools`; the model would learn to call what it is \
                 not told of"
            ),
            None => format!(
                "the function `{name}`{place} is called, but the line declares no `tools`; the model would learn to \
                 call what it is not told of"
            ),
        });
    });
}
