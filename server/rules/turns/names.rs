//! The names of declared functions.

use crate::rules::Severity::Warning;
use crate::rules::media::uri::shown;
use crate::rules::{Context, Fixes, Needs, Report, Row, row};
use crate::schema::Means;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// A name that the service refuses, or that is declared twice.
pub(super) const BAD_FUNCTION_NAME: Row = row(
    "bad-function-name",
    &[Warning],
    Fixes::None,
    "a declared function with an invalid or repeated name",
    bad_function_name,
)
.needs(Needs::TOOLS);

fn bad_function_name(context: &Context<'_>, report: &mut Report<'_>) {
    if !context.service.checks_function_names {
        return;
    }
    let record = context.record;
    let mut known = HashMap::new();
    for &node in &context.example.declared {
        let Some(name) = record.string(node) else { continue };
        let span = record.span(node);
        if !(context.format.is_function_name)(&name) {
            report.find(Warning, span, |finding| {
                let rule = context.format.function_names;
                let what = if name.is_empty() {
                    "the name of the function is empty".to_owned()
                } else {
                    format!("`{}` is not a valid function name", shown(&name))
                };
                finding.says(format!("{what}; expected {rule}"));
            });
            continue;
        }
        let first = match known.entry(name) {
            Entry::Vacant(entry) => {
                entry.insert(span);
                continue;
            }
            Entry::Occupied(entry) => *entry.get(),
        };
        report.find(Warning, span, |finding| {
            let name = record.string(node).unwrap_or_default();
            let list = context.name_of(Means::Tools);
            finding
                .says(format!("`{}` is declared again in `{list}`; declare each function once", shown(&name)))
                .related(first, "the first declaration");
        });
    }
}
