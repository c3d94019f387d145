//! Giving examples a `mediaResolution`.

use crate::analysis::line::Reading;
use crate::analysis::{Analyst, Source};
use crate::ide::edits::{Excerpt, TextEdit};
use crate::ide::fixes::{File, operations};
use crate::rules::dataset::resolution::resolution_edit;
use crate::rules::{Fact, FileIndex};
use crate::schema::detect::Mark;
use crate::schema::fit::Misfit;
use crate::schema::media::{MediaKind, Resolution};
use std::ops::Range;

/// The resolutions worth offering for all lines at a record with media: those that would change something.
/// HIGH, which the older documentation of tuning does not have for video, only where it is in use.
pub fn to_offer<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, line: usize) -> Vec<Resolution> {
    let mut buffer = String::new();
    let text = file.source.record(file.lines.record_at(line), &mut buffer).text;
    let text = operations::without_mark(text);
    let reading = analyst.read(&text);
    if !matches!(reading.mark, Mark::Gemini(_)) || !reading.example.has_frames() {
        return Vec::new();
    }
    let counts = FileIndex::counts(file.lines);
    let high_in_use = counts.of_all(Fact::HIGH) > 0 || file.settings.media_resolution == Some(Resolution::High);
    that_change_something(file).filter(|&resolution| resolution != Resolution::High || high_in_use).collect()
}

/// The resolutions that not all examples with video or images set.
pub fn that_change_something<S: Source>(file: &File<'_, S>) -> impl Iterator<Item = Resolution> {
    let counts = FileIndex::counts(file.lines);
    [Resolution::Low, Resolution::Medium, Resolution::High].into_iter().filter(|&resolution| {
        let own = Fact::resolution(resolution);
        let facts = [Fact::LOW, Fact::MEDIUM, Fact::HIGH, Fact::NO_RESOLUTION];
        facts.iter().any(|&fact| Some(fact) != own && counts.of_all(fact) > 0)
    })
}

/// The menu entry that sets it on all lines.
pub fn title_for_all(resolution: Resolution) -> String {
    format!("Set mediaResolution to {} on all lines", resolution.name())
}

/// The edits that give the examples of `only`, else of all records, this resolution: those that name
/// another one and those with video or images that name none. O(text).
pub fn set<S: Source>(
    file: &File<'_, S>,
    analyst: &mut Analyst,
    only: Option<Range<usize>>,
    resolution: Resolution,
) -> Vec<TextEdit> {
    let mut edits = Vec::new();
    let mut buffer = String::new();
    let mut visit = |record: Range<usize>| {
        let input = file.source.record(record.clone(), &mut buffer);
        if input.invalid.is_some() {
            return;
        }
        let text = if input.first { operations::without_mark(input.text) } else { input.text.into() };
        let reading = analyst.read(&text);
        if !wants_resolution(&reading) {
            return;
        }
        if let Some(edit) = resolution_edit(reading.record, reading.example, resolution) {
            edits.extend(Excerpt::new(file.source, record).edit(&edit));
        }
    };
    match only {
        Some(record) => visit(record),
        None if file.verdict.array => {}
        None => file.lines.records().for_each(visit),
    }
    edits
}

/// Whether a record is an example that has a resolution, or should have one and can be given it.
fn wants_resolution(reading: &Reading<'_>) -> bool {
    let example = reading.example;
    let broken = reading.errors.iter().any(|error| error.fault.hides_structure());
    if broken || !matches!(reading.mark, Mark::Gemini(_)) || is_elsewhere(reading) {
        return false;
    }
    let without_own = example.media.iter().any(|media| {
        let frames = matches!(media.kind, Some(MediaKind::Video | MediaKind::Image));
        frames && example.parts.get(media.part).is_some_and(|part| part.resolution.is_none())
    });
    example.resolution_node.is_some() || without_own
}

/// Whether the field is there under a wrong name or in a wrong place: a second one would not mend that.
fn is_elsewhere(reading: &Reading<'_>) -> bool {
    reading.fit.misfits.iter().any(|misfit| match misfit {
        Misfit::Misplaced { home, .. } => home.field == "mediaResolution",
        Misfit::Unknown { near: Some(field), .. } => matches!(field.name, "mediaResolution" | "generationConfig"),
        _ => false,
    })
}
