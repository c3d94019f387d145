//! Sets the value that all examples of a dataset must share.

use crate::analysis::line::Reading;
use crate::analysis::{Analyst, Source};
use crate::example::mime::MediaKind;
use crate::example::shared::{SharedField, SharedValue};
use crate::formats::Mark;
use crate::ide::edits::{Excerpt, Place, TextEdit, without_mark};
use crate::ide::fixes::file::File;
use crate::json::{NodeId, Span};
use crate::rules::dataset::shared::shared_edit;
use crate::rules::{FileIndex, What};
use crate::schema::Means;
use crate::schema::misfit::Misfit;
use std::ops::Range;

/// A field, and a value for it.
type Offer = (&'static SharedField, SharedValue);

/// The values to offer at a value in a record with video or images: those that would change something. A value that is
/// doubtful for video is offered only if the file or the settings use it.
pub fn to_offer<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, at: Place) -> Vec<Offer> {
    let excerpt = Excerpt::new(file.source, file.lines.record_at(at.line));
    let text = without_mark(&excerpt.text);
    let reading = analyst.read(&text);
    if reading.mark.format() != Some(file.verdict.format) || !reading.example.has_frames() {
        return Vec::new();
    }
    // An offer on every line would keep the editor's light bulb on.
    let (record, byte) = (reading.record, excerpt.byte(at));
    let parts = reading.example.parts.iter().filter_map(|part| part.shared_node);
    let is_there = |node: NodeId| {
        let key = record.key_span(node).unwrap_or(record.span(node));
        Span::new(key.start(), record.span(node).end()).touches(byte)
    };
    if !reading.example.shared_node.into_iter().chain(parts).any(is_there) {
        return Vec::new();
    }
    let format = file.verdict.format;
    let counts = FileIndex::counts(file.lines);
    let in_use = |value: SharedValue| {
        counts.of_all(format.id(), What::shared(value)) > 0 || analyst.settings().shared(format) == Some(value)
    };
    let doubtful = file.verdict.limits.doubtful_on_video;
    that_change_something(file).filter(|(_, value)| Some(*value) != doubtful || in_use(*value)).collect()
}

/// The values that at least one example with video or images doesn't set.
pub fn that_change_something<S: Source>(file: &File<'_, S>) -> impl Iterator<Item = Offer> {
    let (counts, format) = (FileIndex::counts(file.lines), file.verdict.format);
    let field = format.words.shared;
    field.into_iter().flat_map(|field| SharedValue::ALL.map(|value| (field, value))).filter(move |(_, value)| {
        let others = SharedValue::ALL.into_iter().filter(|other| other != value).map(What::shared);
        others.chain([What::NO_SHARED]).any(|what| counts.of_all(format.id(), what) > 0)
    })
}

/// The menu entry for setting a value on all lines.
pub fn title_for_all(field: &SharedField, value: SharedValue) -> String {
    format!("Set {} to {} on all lines", field.name, field.name(value))
}

/// The edits that set this value in the record `only`, or else in all records. They change examples that set another value
/// and examples with video or images that set none. O(text).
pub fn set<S: Source>(
    file: &File<'_, S>,
    analyst: &mut Analyst,
    only: Option<Range<usize>>,
    (field, value): (&'static SharedField, SharedValue),
) -> Vec<TextEdit> {
    if file.verdict.format.words.shared != Some(field) {
        return Vec::new();
    }
    let mut edits = Vec::new();
    let mut buffer = String::new();
    let mut visit = |record: Range<usize>| {
        let input = file.source.record(record.clone(), &mut buffer);
        if input.invalid.is_some() {
            return;
        }
        let text = if input.first { without_mark(input.text) } else { input.text.into() };
        let reading = analyst.read(&text);
        if !wants_value(&reading, field) {
            return;
        }
        if let Some(edit) = shared_edit(reading.record, reading.example, field, value) {
            edits.extend(Excerpt::new(file.source, record).edit(&edit));
        }
    };
    match only {
        Some(record) => visit(record),
        None if file.verdict.array.is_some() => {}
        None => file.lines.records().for_each(visit),
    }
    edits
}

/// Whether a record is an example with a value, or one that needs a value and can get it.
fn wants_value(reading: &Reading<'_>, field: &SharedField) -> bool {
    let example = reading.example;
    let broken = reading.errors.iter().any(|error| error.fault.hides_structure());
    let has_field = matches!(reading.mark, Mark::Known(kind) if kind.format.words.shared.is_some());
    if broken || !has_field || is_elsewhere(reading, field) {
        return false;
    }
    let without_own = example.media.iter().any(|media| {
        let frames = matches!(media.kind, Some(MediaKind::Video | MediaKind::Image));
        frames && example.parts.get(media.part).is_some_and(|part| part.shared.is_none())
    });
    example.shared_node.is_some() || without_own
}

/// Whether the field exists with a wrong name or in a wrong place. Adding a second one wouldn't fix that.
fn is_elsewhere(reading: &Reading<'_>, shared: &SharedField) -> bool {
    reading.fit.misfits.iter().any(|misfit| match misfit {
        Misfit::Misplaced { home, .. } => home.field == shared.name,
        Misfit::Unknown { near: Some(field), .. } => matches!(field.means, Means::Shared | Means::Settings),
        _ => false,
    })
}
