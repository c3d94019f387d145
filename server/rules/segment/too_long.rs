//! Segments that are longer than the limit for their resolution, and the examples that are dropped because of them.

use super::parts::{may_have_media, part_and_media};
use crate::example::mime::MediaKind;
use crate::example::shared::SharedValue;
use crate::example::{Place, Segment, SharedSource};
use crate::json::Span;
use crate::rules::Severity::Warning;
use crate::rules::dataset::shared::is_misspelled;
use crate::rules::media::uri::replacement;
use crate::rules::{Consequence, Context, Finding, Fix, Judge, Report, What};
use crate::schema::scalar::Duration;

pub(super) fn segment_too_long(context: &Context<'_>, report: &mut Report<'_>) {
    if context.example.segments.is_empty() {
        return;
    }
    let mut dropped = Dropped::default();
    for segment in &context.example.segments {
        let Some(long) = length(context, segment) else { continue };
        // Most segments are short enough for every value.
        if !SharedValue::ALL.into_iter().any(|value| is_over(context, value, long)) {
            continue;
        }
        let values = values_exceeded(context, long);
        match shared_source(context, segment) {
            SharedSource::Known(value) if values.contains(&value) => {
                dropped.surely = true;
                report.find(Warning, end_span(context, segment), |finding| {
                    say_too_long(context, segment, finding, long, value, "");
                });
            }
            SharedSource::Known(_) | SharedSource::Unclear => {}
            SharedSource::File => {
                let end = end_span(context, segment);
                for &value in &values {
                    dropped.at(value);
                    report.fact_at(report.of(What::too_long_at(value)), end);
                }
                let file = report.verdict().filter(|verdict| verdict.has_one_of(&values));
                if let Some(value) = file.and_then(|verdict| verdict.shared) {
                    report.show_here(Warning, end, |finding| {
                        say_too_long(context, segment, finding, long, value, " (the resolution of the file)");
                    });
                }
            }
        }
    }
    // A record with syntax errors is not an example, and an example is dropped only once.
    if context.fault_count == 0 {
        dropped.tell(report);
    }
}

pub(super) fn judge(judge: &mut Judge<'_>) {
    if let Some(value) = judge.verdict.shared {
        judge.on_each(judge.fact(What::too_long_at(value)), Warning);
    }
}

/// Whether a segment is too long for its own shared value, or else for the file's.
pub(in crate::rules) fn is_dropped(context: &Context<'_>, file: Option<SharedValue>) -> bool {
    context.example.segments.iter().any(|segment| {
        let value = match shared_source(context, segment) {
            SharedSource::Known(value) => Some(value),
            SharedSource::File => file,
            SharedSource::Unclear => None,
        };
        value.zip(length(context, segment)).is_some_and(|(value, long)| is_over(context, value, long))
    })
}

/// Whether an example would be dropped: certainly, or if the file has one of some values.
#[derive(Default)]
struct Dropped {
    surely: bool,
    at: Vec<SharedValue>,
}

impl Dropped {
    fn at(&mut self, value: SharedValue) {
        if !self.at.contains(&value) {
            self.at.push(value);
        }
    }

    fn tell(&self, report: &mut Report<'_>) {
        if self.surely {
            report.loss.note(Consequence::Dropped);
            return report.fact(report.of(What::DROPPED));
        }
        for &value in &self.at {
            report.loss.note_at(value);
            report.fact(report.of(What::dropped_at(value)));
        }
    }
}

fn is_over(context: &Context<'_>, value: SharedValue, length: Duration) -> bool {
    let longest = context.limits.longest_segment(value);
    longest.is_some_and(|longest| length > Duration::from_seconds(longest))
}

/// The values for which a segment of this length is too long.
fn values_exceeded(context: &Context<'_>, length: Duration) -> Vec<SharedValue> {
    SharedValue::ALL.into_iter().filter(|value| is_over(context, *value, length)).collect()
}

fn end_span(context: &Context<'_>, segment: &Segment) -> Span {
    context.record.span(segment.end.unwrap_or(segment.node))
}

fn say_too_long(
    context: &Context<'_>,
    segment: &Segment,
    finding: &mut Finding,
    length: Duration,
    value: SharedValue,
    origin: &str,
) {
    let longest = context.limits.longest_segment(value).unwrap_or_default();
    finding.says(format!(
        "the segment is {} {} long; the limit at `{}`{origin} is {} minutes",
        length.clock(),
        if length < Duration::from_seconds(3600) { "minutes" } else { "hours" },
        context.format.words.shared.map_or("", |shared| shared.name(value)),
        longest / 60
    ));
    if let Some(start) = segment.start {
        finding.related(context.record.span(start), "the start of the segment");
    }
    finding.fix(|| {
        let start = segment.start_time.unwrap_or(Duration::ZERO);
        let end = Duration::from_nanos(start.nanos() + Duration::from_seconds(longest).nanos())?.canonical();
        let title = format!("Shorten the segment to {} minutes: end at \"{end}\"", longest / 60);
        Some(Fix::manual(title, replacement(context, segment.end?, &end)?))
    });
}

/// The length of a video segment in the conversation; `None` if it is unknown, or if the segment has another finding.
fn length(context: &Context<'_>, segment: &Segment) -> Option<Duration> {
    let length = segment.length(context.record)?;
    let (part, media) = part_and_media(context, segment)?;
    let place = context.example.turns.get(part.turn)?.place;
    let other = media.is_some_and(|media| !matches!(media.kind, None | Some(MediaKind::Video)));
    let orphan = media.is_none() && !may_have_media(context, part);
    (place == Place::Conversation && !other && !context.kind.text_only && !orphan).then_some(length)
}

/// The source of the shared value that applies to a segment; unclear also where it may be hidden.
fn shared_source(context: &Context<'_>, segment: &Segment) -> SharedSource {
    let Some(part) = context.example.parts.get(segment.part) else { return SharedSource::Unclear };
    match context.example.shared_source(part) {
        SharedSource::File if is_misspelled(context) || context.structure_is_hidden() => SharedSource::Unclear,
        source => source,
    }
}
