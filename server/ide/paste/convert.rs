//! Lines of another known format, as lines of the file's format.

use super::host::Host;
use crate::example::{Example, Place, Speaker};
use crate::formats::draft::{Draft, DraftMedia, DraftPart};
use crate::formats::{LineKind, Mark, mark};
use crate::json::{Kind, NodeId, Parser, Record};
use crate::schema::Means;
use crate::schema::fit::Fit;
use crate::schema::scalar::parse_location;
use std::borrow::Cow;

/// What a value may mean in an example that is converted.
const CONVERTED: [Means; 8] = [
    Means::Speaker,
    Means::Tag,
    Means::Text,
    Means::Content,
    Means::Location,
    Means::MimeType,
    Means::SegmentStart,
    Means::SegmentEnd,
];

/// A line of another format.
pub(super) enum Converted {
    /// The same example in the file's format.
    Line(String),
    /// The line stays as it is, because the file's format has no place for a part of it.
    Kept,
}

/// The line in the format of the file; `None` if it already has that format. A file without examples takes any format.
pub(super) fn convert(line: &str, host: &Host) -> Option<Converted> {
    host.is_prompts_only?;
    let mut parser = Parser::default();
    parser.parse(line);
    let record = parser.record(line);
    let Mark::Known(kind) = mark(record) else { return None };
    if kind.format == host.format {
        return None;
    }
    let written = draft(record, kind, host).and_then(|draft| {
        let mut left = Vec::new();
        let line = (host.format.write)(&draft, &mut left);
        left.is_empty().then_some(line)
    });
    Some(written.map_or(Converted::Kept, Converted::Line))
}

/// The example in a line, if it has no other values than texts, roles and media.
fn draft(record: Record<'_>, kind: &'static LineKind, host: &Host) -> Option<Draft> {
    if kind != kind.format.kinds[0] {
        return None;
    }
    let (mut fit, mut example) = (Fit::default(), Example::default());
    fit.walk_layout(record, kind.root);
    fit.check_values(record);
    example.read_layout(record, &fit, &kind.format.words);
    example.read_values(record);
    let is_scalar = |kind: Kind| !matches!(kind, Kind::Object | Kind::Array);
    let scalars = record.tree.nodes.iter().filter(|node| is_scalar(node.kind)).count();
    let known = fit.pairs.iter().filter(|pair| {
        let means = pair.field.is_some_and(|field| CONVERTED.contains(&field.means));
        means && record.kind(pair.node) == Kind::String
    });
    if known.count() != scalars || !fit.misfits.is_empty() {
        return None;
    }
    let mut draft = Draft { shared: host.shared, model_role: host.model_role(), ..Draft::default() };
    for turn in &example.turns {
        let parts = (turn.first_part..turn.end_part).map(|part| part_of(record, &example, part));
        let parts: Vec<_> = parts.collect::<Option<_>>()?;
        match turn.speaker {
            _ if turn.place == Place::System => draft.instructions.extend(texts(parts)?),
            Some(Speaker::System) if draft.turns.is_empty() => draft.instructions.extend(texts(parts)?),
            Some(speaker @ (Speaker::User | Speaker::Model)) if !parts.is_empty() => draft.turns.push((speaker, parts)),
            _ => return None,
        }
    }
    (!draft.turns.is_empty()).then_some(draft)
}

fn texts(parts: Vec<DraftPart>) -> Option<Vec<String>> {
    let text = |part| if let DraftPart::Text(text) = part { Some(text) } else { None };
    parts.into_iter().map(text).collect()
}

fn part_of(record: Record<'_>, example: &Example, place: usize) -> Option<DraftPart> {
    let string = |node: Option<NodeId>| record.string(node?).map(Cow::into_owned);
    let part = example.parts.get(place)?;
    let Some(media) = part.media.and_then(|media| example.media.get(media)) else {
        return string(part.text).map(DraftPart::Text);
    };
    let segment = example.segments.iter().find(|segment| segment.part == place);
    let uri = string(media.uri).filter(|uri| part.text.is_none() && parse_location(uri).is_ok())?;
    Some(DraftPart::Media(DraftMedia {
        uri,
        kind: media.kind,
        mime: string(media.mime),
        start: segment.and_then(|segment| string(segment.start)),
        end: segment.and_then(|segment| string(segment.end)),
    }))
}
