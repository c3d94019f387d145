//! The media that a segment belongs to.

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
    present
        || context.fit.misfits.iter().any(|misfit| match *misfit {
            Misfit::Unknown { node, near: Some(field), .. } => {
                is_media(field.means) && record.node(node).parent == part.node
            }
            Misfit::Misplaced { home, .. } => is_named(home.field),
            _ => false,
        })
}
