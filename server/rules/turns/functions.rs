//! Calls of functions and what they gave back.

use super::speaker::{is_preference, is_read_by_position};
use crate::json::NodeId;
use crate::rules::Severity::Warning;
use crate::rules::{Context, Report};
use crate::schema::example::Place;
use crate::schema::fit::Misfit;
use std::borrow::Cow;

pub(super) fn unmatched_function(context: &Context<'_>, report: &mut Report<'_>) {
    let example = context.example;
    let has_functions =
        example.parts.iter().any(|part| part.function_call.is_some() || part.function_response.is_some());
    // A declaration or a call may be hidden behind broken grammar; a preference line takes text alone.
    if !has_functions || is_preference(context) || is_read_by_position(context) || context.structure_is_hidden() {
        return;
    }
    let doubtful = tools_are_in_doubt(context);
    let mut open: Vec<Cow<'_, str>> = Vec::new();
    let turns = example.turns.iter().filter(|turn| turn.place == Place::Contents);
    for part in turns.flat_map(|turn| example.parts_of(turn)) {
        if let Some((node, name)) = part.function_call.and_then(|call| name_of(context, call)) {
            if !doubtful && !is_declared(context, &name) {
                undeclared(context, report, node, &name);
            }
            open.push(name);
        }
        if let Some((node, name)) = part.function_response.and_then(|response| name_of(context, response)) {
            // The function behind a tool may be called several times; each call is answered once.
            match open.iter().position(|call| *call == name) {
                Some(place) => drop(open.remove(place)),
                None => report.find(Warning, context.record.span(node), |finding| {
                    finding.says(format!(
                        "the response of `{name}`{} has no call before it; a turn of the model with a `functionCall` \
                         of this name has to come first",
                        context.place(node)
                    ));
                }),
            }
        }
    }
}

/// The name of a call or a response, and where it stands.
fn name_of<'a>(context: &Context<'a>, node: NodeId) -> Option<(NodeId, Cow<'a, str>)> {
    let name = context.record.member(node, "name")?;
    Some((name, context.record.string(name)?))
}

fn declared_names<'a>(context: &'a Context<'_>) -> impl Iterator<Item = Cow<'a, str>> {
    context.example.declared.iter().filter_map(|node| context.record.string(*node))
}

fn is_declared(context: &Context<'_>, name: &str) -> bool {
    declared_names(context).any(|declared| declared == name)
}

/// Whether a finding about `tools` explains that a declaration is not found.
fn tools_are_in_doubt(context: &Context<'_>) -> bool {
    let of_tools = |name: &str| matches!(name, "tools" | "functionDeclarations" | "function_declarations");
    context.fit.misfits.iter().any(|misfit| match *misfit {
        Misfit::Unknown { near: Some(field), object, .. } => {
            of_tools(field.name) || (object.name == "FunctionDeclaration" && field.name == "name")
        }
        Misfit::Unknown { object, .. } => object.name == "Tool",
        Misfit::Misplaced { home, .. } => of_tools(home.field),
        Misfit::WrongType { node, .. } => {
            let in_tools = |id| of_tools(&context.record.key(id));
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
            None if context.example.tools => format!(
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
