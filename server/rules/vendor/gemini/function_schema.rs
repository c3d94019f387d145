//! The schemas of functions and of the answer, of which the service checks more than the types of its fields.

use crate::formats::gemini::{FUNCTION_DECLARATION, GEMINI, SCHEMA, TYPE};
use crate::json::{Edit, Kind, NodeId, lexer};
use crate::rules::Severity::Warning;
use crate::rules::{Context, Fix, Fixes, Needs, Report, Row, moves, row};
use crate::schema::misfit::Misfit;
use crate::schema::{Choices, Shape};
use std::collections::HashSet;

/// Schemas that contradict themselves.
pub const BAD_FUNCTION_SCHEMA: Row = row(
    "bad-function-schema",
    &[Warning],
    Fixes::Suggested,
    "a schema that lacks the type `OBJECT`, a required property or `items`",
    bad_function_schema,
)
.needs(Needs::TOOLS);

/// Whether some published samples write the values of this enum in lower case.
pub fn may_be_lower_case(choices: &'static Choices) -> bool {
    use crate::formats::gemini::MODE;
    std::ptr::eq(choices, &raw const TYPE) || std::ptr::eq(choices, &raw const MODE)
}

fn bad_function_schema(context: &Context<'_>, report: &mut Report<'_>) {
    let (tools, answer) = (context.example.tools, context.example.answer_schema);
    if context.format != &GEMINI || (tools.is_none() && answer.is_none()) || context.structure_is_hidden() {
        return;
    }
    let record = context.record;
    let mut checked = 0..0;
    for pair in &context.fit.pairs {
        let Shape::Object(object) = pair.shape else { continue };
        if std::ptr::eq(object, &raw const FUNCTION_DECLARATION) {
            checked = pair.node..record.node(pair.node).next;
        }
        if answer == Some(pair.node) {
            checked = pair.node..record.node(pair.node).next;
        }
        let is_schema = std::ptr::eq(object, &raw const SCHEMA) && record.kind(pair.node) == Kind::Object;
        if !is_schema || !checked.contains(&pair.node) {
            continue;
        }
        if pair.field.is_some_and(|field| field.name == "parameters") {
            type_of_parameters(context, report, pair.node);
        }
        required_properties(context, report, pair.node);
        items(context, report, pair.node);
    }
}

/// The type that a schema says, in capitals; `None` if it says none or no known one.
fn type_of(context: &Context<'_>, schema: NodeId) -> Option<(NodeId, String)> {
    let node = context.record.member(schema, "type")?;
    let name = context.record.string(node)?.to_uppercase();
    TYPE.named(&name).map(|_| (node, name))
}

/// Whether a member of a schema is absent: neither there nor under a name that resembles it.
fn lacks(context: &Context<'_>, schema: NodeId, name: &str) -> bool {
    let record = context.record;
    let is_misspelled = |misfit: &Misfit| match *misfit {
        Misfit::Unknown { node, near: Some(field), .. } => record.node(node).parent == schema && field.name == name,
        _ => false,
    };
    let value = record.member(schema, name).filter(|value| record.kind(*value) != Kind::Null);
    let inside = schema + 1..record.node(schema).next;
    value.is_none() && !context.fit.misfits_of(inside).any(is_misspelled)
}

fn type_of_parameters(context: &Context<'_>, report: &mut Report<'_>, schema: NodeId) {
    let record = context.record;
    let has_properties = !lacks(context, schema, "properties");
    match type_of(context, schema) {
        Some((node, name)) if name != "OBJECT" => report.find(Warning, record.span(node), |finding| {
            let edit = Edit::replace(record.span(node), lexer::quote("OBJECT"));
            finding
                .says(format!("`parameters` has the type `{name}`; expected `OBJECT`"))
                .fix(|| has_properties.then(|| Fix::suggested("Change to `OBJECT`", vec![edit])));
        }),
        None if lacks(context, schema, "type") && ["anyOf", "ref"].iter().all(|it| lacks(context, schema, it)) => {
            report.find(Warning, context.owner_span(schema), |finding| {
                finding.says("`parameters` has no type; expected `OBJECT`").fix(|| {
                    let value = lexer::quote("OBJECT");
                    let edit = match record.member(schema, "type") {
                        Some(null) => Edit::replace(record.span(null), value),
                        None => moves::append_member(record, schema, "type", &value)?,
                    };
                    has_properties.then(|| Fix::suggested("Insert the type `OBJECT`", vec![edit]))
                });
            });
        }
        _ => {}
    }
}

/// How many properties a misspelled name is compared with.
const MAX_COMPARED: usize = 100;

fn required_properties(context: &Context<'_>, report: &mut Report<'_>, schema: NodeId) {
    let record = context.record;
    let Some(list) = record.member(schema, "required").filter(|list| record.kind(*list) == Kind::Array) else { return };
    let properties = record.member(schema, "properties");
    // A misspelled field, or one of another type, has a finding of its own.
    let is_clear = match properties {
        Some(properties) => record.kind(properties) == Kind::Object,
        None => lacks(context, schema, "properties"),
    };
    let type_is_object = type_of(context, schema).is_none_or(|(_, name)| name == "OBJECT");
    if !is_clear || !type_is_object || (properties.is_none() && !lacks(context, schema, "anyOf")) {
        return;
    }
    let keys: Vec<_> = properties.into_iter().flat_map(|it| record.children(it)).map(|it| record.key(it)).collect();
    let known: HashSet<_> = keys.iter().collect();
    for node in record.children(list) {
        let Some(name) = record.string(node).filter(|name| !known.contains(name)) else { continue };
        let near = keys.iter().take(MAX_COMPARED).map(|key| (strsim::osa_distance(key, &name), key)).min();
        let near = near.filter(|(distance, key)| distance * 3 <= key.len()).map(|(_, key)| key);
        report.find(Warning, record.span(node), |finding| {
            let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            finding.says(format!("`required` names `{name}`, which isn't in `properties`{hint}")).fix(|| {
                let edit = Edit::replace(record.span(node), lexer::quote(near?));
                Some(Fix::suggested(format!("Change to `{}`", near?), vec![edit]))
            });
        });
    }
}

fn items(context: &Context<'_>, report: &mut Report<'_>, schema: NodeId) {
    let Some((node, name)) = type_of(context, schema) else { return };
    if name == "ARRAY" && lacks(context, schema, "items") {
        report.find(Warning, context.record.span(node), |finding| {
            finding.says("a schema of type `ARRAY` has no `items`; expected the schema of its elements");
        });
    }
}
