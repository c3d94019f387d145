//! Media files in a list of their own, with a part of the conversation for each.

use crate::json::{Kind, NodeId};
use crate::rules::Severity::Error;
use crate::rules::wording::count_of;
use crate::rules::{Context, FaultKind, Fixes, Needs, Report, Row, row};
use crate::schema::{Means, Shape};

/// A list that is longer or shorter than the number of its parts.
pub(super) const PLACEHOLDER_COUNT: Row = row(
    "placeholder-count",
    &[Error],
    Fixes::None,
    "a list of media files that doesn't match its placeholders in the conversation",
    placeholder_count,
)
.fault(FaultKind::Media)
.needs(Needs::MISFITS);

fn placeholder_count(context: &Context<'_>, report: &mut Report<'_>) {
    if context.structure_is_hidden() {
        return;
    }
    let record = context.record;
    let Some(root) = record.root() else { return };
    for (field, tag) in context.service.media_lists {
        let list = record.member(root, field).filter(|list| record.kind(*list) == Kind::Array);
        let Some(list) = list else { continue };
        let (files, places) = (record.children(list).count(), placeholders(context, tag));
        // Without any, the trainer adds them itself if all contents are texts.
        if places == 0 || files == places {
            continue;
        }
        let span = record.key_span(list).unwrap_or_default();
        report.find(Error, span, |finding| {
            let (files, places) = (count_of(files, "file"), count_of(places, "part"));
            finding.says(format!(
                "`{field}` has {files}, but the messages have {places} of type `{tag}`; expected one part for each file"
            ));
        });
    }
}

/// How many parts of the conversation are of a type.
fn placeholders(context: &Context<'_>, tag: &str) -> usize {
    let is_part = |shape: Shape| shape.objects().iter().any(|object| object.means == Means::Part);
    let is_tagged = |node: NodeId| {
        let name = context.record.member(node, context.name_of(Means::Tag));
        name.and_then(|name| context.record.string(name)).is_some_and(|name| name == tag)
    };
    context.fit.pairs.iter().filter(|pair| is_part(pair.shape) && is_tagged(pair.node)).count()
}
