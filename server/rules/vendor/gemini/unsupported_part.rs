//! Parts that the model to be tuned is reported to refuse.

use crate::example::mime::MediaKind;
use crate::example::shared::SharedValue;
use crate::example::{Example, Part, Place};
use crate::formats::gemini::{GEMINI, GEMINI_2_5};
use crate::json::NodeId;
use crate::rules::Severity::Warning;
use crate::rules::{Context, Fixes, Needs, Report, Row, row};

/// A part that the model is reported to refuse.
pub const UNSUPPORTED_PART: Row = row(
    "unsupported-part",
    &[Warning],
    Fixes::None,
    "a resolution or function call that the model is reported to refuse",
    unsupported_part,
)
.needs(Needs::UNUSUAL_TURNS);

/// The level that only a part may have, with its number.
const ULTRA_HIGH: (&str, &str) = ("MEDIA_RESOLUTION_ULTRA_HIGH", "4");

/// Whether a value has a finding here, and not one as an unknown value.
pub fn is_ultra_high_for_all(context: &Context<'_>, node: NodeId) -> bool {
    context.format == &GEMINI
        && context.example.shared_node == Some(node)
        && context.record.string(node).is_some_and(|name| name == ULTRA_HIGH.0)
}

fn unsupported_part(context: &Context<'_>, report: &mut Report<'_>) {
    let example = context.example;
    if context.format != &GEMINI {
        return;
    }
    if let Some(node) = example.shared_node.filter(|node| is_ultra_high_for_all(context, *node)) {
        report.find(Warning, context.record.span(node), |finding| {
            finding
                .says(format!("`{}` is not valid in `generationConfig`; set it on a part with an image", ULTRA_HIGH.0));
        });
    }
    let is_old = context.limits == &GEMINI_2_5;
    let resolved = example.parts.iter().filter_map(|part| Some((part, level(part)?)));
    if is_old {
        own_resolution(context, report, resolved.map(|(_, level)| level));
    } else {
        let on_video = |(part, level): (&Part, NodeId)| {
            (is_video(example, part) && is_ultra_high(context, level)).then_some(level)
        };
        ultra_high_on_video(context, report, resolved.filter_map(on_video));
    }
    if is_old && !example.calls.is_empty() && !context.kind.text_only {
        function_call(context, report);
    }
}

/// The value of a part's own resolution, unless it says as much as none.
fn level(part: &Part) -> Option<NodeId> {
    part.shared_node.filter(|_| part.shared != Some(SharedValue::UNSET))
}

fn is_video(example: &Example, part: &Part) -> bool {
    let media = part.media.and_then(|media| example.media.get(media));
    media.is_some_and(|media| media.kind == Some(MediaKind::Video))
}

fn is_ultra_high(context: &Context<'_>, level: NodeId) -> bool {
    match context.record.string(level) {
        Some(name) => name == ULTRA_HIGH.0,
        None => context.raw(context.record.span(level)) == ULTRA_HIGH.1,
    }
}

/// Why the model counts as one of Gemini 2.5, as a sentence without its period.
fn assumption(context: &Context<'_>) -> String {
    match &context.settings.model {
        Some(model) => format!("The model is `{model}`"),
        None => "No `model` is set in the settings, so Gemini 2.5 is assumed; set it there if you tune a later one"
            .to_owned(),
    }
}

fn own_resolution(context: &Context<'_>, report: &mut Report<'_>, levels: impl Iterator<Item = NodeId>) {
    let Some((first, count)) = first_of(levels) else { return };
    let Some(object) = context.record.parent(first) else { return };
    report.find(Warning, context.owner_span(object), |finding| {
        finding.says(format!(
            "`mediaResolution` on a part{} needs Gemini 3 or later. {}. Gemini 2.5 answers \"Per part media resolution \
             is not supported for this Model.\"",
            parts_like_it(count),
            assumption(context)
        ));
    });
}

fn ultra_high_on_video(context: &Context<'_>, report: &mut Report<'_>, levels: impl Iterator<Item = NodeId>) {
    let Some((first, count)) = first_of(levels) else { return };
    report.find(Warning, context.record.span(first), |finding| {
        finding.says(format!(
            "`{}` on video{} may not be supported. The model documentation allows it only for images; a release note of \
             2026-05-20 also allows it for video",
            ULTRA_HIGH.0,
            parts_like_it(count)
        ));
    });
}

fn function_call(context: &Context<'_>, report: &mut Report<'_>) {
    let example = context.example;
    let in_conversation = example
        .calls
        .iter()
        .filter(|call| example.turns.get(call.turn).is_some_and(|turn| turn.place == Place::Conversation));
    let Some((first, count)) = first_of(in_conversation.clone().map(|call| call.node)) else { return };
    report.find(Warning, context.owner_span(first), |finding| {
        let name = context.record.key(first);
        let other = in_conversation.map(|call| context.record.key(call.node)).find(|other| *other != name);
        let names = other.map_or_else(|| format!("`{name}`"), |other| format!("`{name}` and `{other}`"));
        finding.says(format!(
            "{names}{} may not be supported by Gemini 2.5 in tuning data. {}. A user got the error \"unsupported modality \
             [function call]\"",
            parts_like_it(count),
            assumption(context)
        ));
    });
}

/// The first of some nodes, and how many they are.
fn first_of(mut nodes: impl Iterator<Item = NodeId>) -> Option<(NodeId, usize)> {
    let first = nodes.next()?;
    Some((first, 1 + nodes.count()))
}

fn parts_like_it(count: usize) -> String {
    if count == 1 { String::new() } else { format!(" ({count} on this line)") }
}
