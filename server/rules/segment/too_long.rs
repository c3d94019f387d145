//! Segments that are longer than their resolution allows, and the examples that are dropped for it.

use super::{may_have_media, part_and_media};
use crate::json::{Kind, Span};
use crate::rules::Severity::Warning;
use crate::rules::{Context, Fact, Finding, Report};
use crate::schema::Format;
use crate::schema::detect::Mark;
use crate::schema::example::{Place, Segment};
use crate::schema::media::{MediaKind, Resolution};
use crate::schema::scalar::Duration;

pub(super) fn segment_too_long(context: &Context<'_>, report: &mut Report<'_>) {
    if context.example.segments.is_empty() {
        return;
    }
    let mut dropped = Dropped::default();
    for segment in &context.example.segments {
        let Some(long) = length(context, segment).filter(|length| is_over(context, Resolution::Medium, *length)) else {
            continue;
        };
        match resolution(context, segment) {
            Own::Known(resolution) if is_over(context, resolution, long) => {
                dropped.surely = true;
                report.find(Warning, end_span(context, segment), |finding| {
                    say_too_long(context, segment, finding, long, resolution, "");
                });
            }
            Own::Known(_) | Own::Unclear => {}
            Own::OfTheFile => {
                let at_low = is_over(context, Resolution::Low, long);
                (dropped.at_low, dropped.above_low) = (dropped.at_low || at_low, true);
                if at_low {
                    report.fact_at(Fact::TOO_LONG_AT_LOW, end_span(context, segment));
                }
                report.fact_at(Fact::TOO_LONG_ABOVE_LOW, end_span(context, segment));
                let verdict = report.verdict().filter(|verdict| verdict.drops(at_low, true));
                if let Some(resolution) = verdict.and_then(|verdict| verdict.resolution) {
                    report.show_here(Warning, end_span(context, segment), |finding| {
                        say_too_long(context, segment, finding, long, resolution, ", the resolution of the file,");
                    });
                }
            }
        }
    }
    // Only records that the service can parse count as examples, and each is dropped once.
    if context.fault_count == 0 {
        dropped.tell(report);
    }
}

/// Whether a segment is too long for its resolution, or for that of the file where it has none.
pub(in crate::rules) fn is_dropped(context: &Context<'_>, file: Option<Resolution>) -> bool {
    context.example.segments.iter().any(|segment| {
        let resolution = match resolution(context, segment) {
            Own::Known(resolution) => Some(resolution),
            Own::OfTheFile => file,
            Own::Unclear => None,
        };
        let long = resolution.zip(length(context, segment));
        long.is_some_and(|(resolution, long)| is_over(context, resolution, long))
    })
}

/// Whether an example would be dropped, and under which resolution of the file.
#[derive(Default)]
struct Dropped {
    surely: bool,
    at_low: bool,
    above_low: bool,
}

impl Dropped {
    fn tell(&self, report: &mut Report<'_>) {
        if self.surely {
            report.fact(Fact::DROPPED);
            return;
        }
        if self.at_low {
            report.fact(Fact::DROPPED_AT_LOW);
        }
        if self.above_low {
            report.fact(Fact::DROPPED_ABOVE_LOW);
        }
    }
}

fn is_over(context: &Context<'_>, resolution: Resolution, length: Duration) -> bool {
    let longest = context.profile.longest_segment(resolution);
    longest.is_some_and(|longest| length > Duration::from_seconds(longest))
}

fn end_span(context: &Context<'_>, segment: &Segment) -> Span {
    context.record.span(segment.end.unwrap_or(segment.node))
}

fn say_too_long(
    context: &Context<'_>,
    segment: &Segment,
    finding: &mut Finding,
    length: Duration,
    resolution: Resolution,
    whose: &str,
) {
    let longest = context.profile.longest_segment(resolution).unwrap_or_default();
    finding.says(format!(
        "the segment{} is {} long; at {}{whose} {} minutes are the most, and the example would be dropped without a word",
        context.place(segment.node),
        length.clock(),
        resolution.name(),
        longest / 60
    ));
    if let Some(start) = segment.start {
        finding.related(context.record.span(start), "the start of the segment");
    }
}

/// The length of a segment of a conversation's video; `None` where it is unknown, or where another
/// finding says that there is no segment.
fn length(context: &Context<'_>, segment: &Segment) -> Option<Duration> {
    let end = segment.end_time?;
    let unset = segment.start.is_none_or(|start| context.record.kind(start) == Kind::Null);
    let start = segment.start_time.or(unset.then_some(Duration::ZERO))?;
    let (part, media) = part_and_media(context, segment)?;
    let place = context.example.turns.get(part.turn)?.place;
    let other = media.is_some_and(|media| !matches!(media.kind, None | Some(MediaKind::Video)));
    let preference = matches!(context.mark, Mark::Gemini(Format::Preference));
    let orphan = media.is_none() && !may_have_media(context, part);
    (end > start && place == Place::Contents && !other && !preference && !orphan).then(|| end - start)
}

/// What is known of the resolution that a segment gets.
enum Own {
    /// The part or the line sets it.
    Known(Resolution),
    /// It is the file's.
    OfTheFile,
    /// It is set, but not to a value; or it may be hidden.
    Unclear,
}

fn resolution(context: &Context<'_>, segment: &Segment) -> Own {
    let record = context.record;
    let set = |resolution: Option<Resolution>| resolution.filter(|resolution| *resolution != Resolution::Unspecified);
    let Some(part) = context.example.parts.get(segment.part) else { return Own::Unclear };
    if let Some(own) = set(part.resolution) {
        return Own::Known(own);
    }
    let member = |node, camel: &str, snake: &str| {
        let found = record.member(node, camel).or_else(|| record.member(node, snake));
        found.filter(|found| record.kind(*found) != Kind::Null)
    };
    let own = member(part.node, "mediaResolution", "media_resolution");
    let is_set = |own| record.kind(own) != Kind::Object || member(own, "level", "level").is_some();
    if part.resolution.is_none() && own.is_some_and(is_set) {
        return Own::Unclear;
    }
    if let Some(own) = set(context.example.resolution) {
        return Own::Known(own);
    }
    let invalid = context.example.resolution_node.is_some() && context.example.resolution.is_none();
    let misspelled = crate::rules::dataset::resolution::is_misspelled(context);
    if invalid || misspelled || context.structure_is_hidden() { Own::Unclear } else { Own::OfTheFile }
}
