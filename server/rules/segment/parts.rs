//! The media that a segment belongs to, and what several rules say.

use crate::example::{Media, Part, Segment};
use crate::json::Kind;
use crate::rules::Context;
use crate::schema::Means;
use crate::schema::misfit::Misfit;

pub(super) fn part_and_media<'a>(context: &'a Context<'_>, segment: &Segment) -> Option<(&'a Part, Option<&'a Media>)> {
    let part = context.example.parts.get(segment.part)?;
    Some((part, part.media.and_then(|media| context.example.media.get(media))))
}

/// Whether a part has a media field that could not be read, or one under a wrong name.
pub(super) fn may_have_media(context: &Context<'_>, part: &Part) -> bool {
    let record = context.record;
    let is_media = |means: Means| matches!(means, Means::File | Means::InlineFile);
    let present = record.children(part.node).any(|member| {
        let field = context.fit.shape(member).and_then(|pair| pair.field);
        field.is_some_and(|field| is_media(field.means)) && record.kind(member) != Kind::Null
    });
    let is_named = |name: &str| [Means::File, Means::InlineFile].iter().any(|means| context.name_of(*means) == name);
    let is_misnamed = |misfit: &Misfit| match *misfit {
        Misfit::Unknown { node, near: Some(field), .. } => {
            is_media(field.means) && record.node(node).parent == part.node
        }
        _ => false,
    };
    let is_misplaced = |misfit: &Misfit| matches!(*misfit, Misfit::Misplaced { home, .. } if is_named(home.field));
    let has_misplaced = || context.fit.misfits.iter().any(is_misplaced);
    present
        || context.fit.misfits_of(part.node + 1..record.node(part.node).next).any(is_misnamed)
        || *context.known.has_misplaced_media.get_or_init(has_misplaced)
}

/// What follows from offsets that the service can read but not use.
pub(super) fn unnamed_cause(context: &Context<'_>) -> String {
    format!("{} rejects it with an error that doesn't name the cause", context.service.title)
}
