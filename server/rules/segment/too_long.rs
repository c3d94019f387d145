//! Segments that are longer than their resolution allows, and the examples that are dropped for it.

use super::parts::{may_have_media, part_and_media};
use crate::example::mime::MediaKind;
use crate::example::shared::SharedValue;
use crate::example::{Place, Segment};
use crate::json::{Kind, Span};
use crate::rules::Severity::Warning;
use crate::rules::{Context, Finding, Judge, Report, What};
use crate::schema::scalar::Duration;

pub(super) fn segment_too_long(context: &Context<'_>, report: &mut Report<'_>) {
    if context.example.segments.is_empty() {
        return;
    }
    let mut dropped = Dropped::default();
    for segment in &context.example.segments {
        let Some(long) = length(context, segment) else { continue };
        // Most are short enough whatever the value is.
        let values = values_exceeded(context, long);
        if values.is_empty() {
            continue;
        }
        match shared_value(context, segment) {
            Own::Known(value) if values.contains(&value) => {
                dropped.surely = true;
                report.find(Warning, end_span(context, segment), |finding| {
                    say_too_long(context, segment, finding, long, value, "");
                });
            }
            Own::Known(_) | Own::Unclear => {}
            Own::OfTheFile => {
                let end = end_span(context, segment);
                for &value in &values {
                    dropped.at(value);
                    report.fact_at(report.of(What::too_long_at(value)), end);
                }
                let file = report.verdict().filter(|verdict| verdict.has_one_of(&values));
                if let Some(value) = file.and_then(|verdict| verdict.shared) {
                    report.show_here(Warning, end, |finding| {
                        say_too_long(context, segment, finding, long, value, ", the resolution of the file,");
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

pub(super) fn judge(judge: &mut Judge<'_>) {
    if let Some(value) = judge.verdict.shared {
        judge.on_each(judge.fact(What::too_long_at(value)), Warning);
    }
}

/// Whether a segment is too long for its shared value, or for that of the file where it has none.
pub(in crate::rules) fn is_dropped(context: &Context<'_>, file: Option<SharedValue>) -> bool {
    context.example.segments.iter().any(|segment| {
        let value = match shared_value(context, segment) {
            Own::Known(value) => Some(value),
            Own::OfTheFile => file,
            Own::Unclear => None,
        };
        value.zip(length(context, segment)).is_some_and(|(value, long)| is_over(context, value, long))
    })
}

/// Whether an example would be dropped, and under which values of the file.
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
            return report.fact(report.of(What::DROPPED));
        }
        for &value in &self.at {
            report.fact(report.of(What::dropped_at(value)));
        }
    }
}

fn is_over(context: &Context<'_>, value: SharedValue, length: Duration) -> bool {
    let longest = context.limits.longest_segment(value);
    longest.is_some_and(|longest| length > Duration::from_seconds(longest))
}

/// The values under which a segment of this length is too long.
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
    whose: &str,
) {
    let longest = context.limits.longest_segment(value).unwrap_or_default();
    finding.says(format!(
        "the segment{} is {} long; at {}{whose} {} minutes are the most, and the example would be dropped without a word",
        context.place(segment.node),
        length.clock(),
        context.format.words.shared.map_or("", |shared| shared.name(value)),
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
    let orphan = media.is_none() && !may_have_media(context, part);
    (end > start && place == Place::Conversation && !other && !context.kind.text_only && !orphan).then(|| end - start)
}

/// What is known of the shared value that a segment gets.
enum Own {
    /// The part or the line sets it.
    Known(SharedValue),
    /// It is the file's.
    OfTheFile,
    /// It is set, but not to a value; or it may be hidden.
    Unclear,
}

fn shared_value(context: &Context<'_>, segment: &Segment) -> Own {
    let set = |value: Option<SharedValue>| value.filter(|value| value.is_set());
    let Some(part) = context.example.parts.get(segment.part) else { return Own::Unclear };
    if let Some(own) = set(part.shared) {
        return Own::Known(own);
    }
    if part.shared.is_none() && part.sets_shared {
        return Own::Unclear;
    }
    if let Some(own) = set(context.example.shared) {
        return Own::Known(own);
    }
    let invalid = context.example.shared_node.is_some() && context.example.shared.is_none();
    let misspelled = crate::rules::dataset::shared::is_misspelled(context);
    if invalid || misspelled || context.structure_is_hidden() { Own::Unclear } else { Own::OfTheFile }
}
