//! Examples that are there more than once: in one file, with other answers, or in a file that is held out.

use crate::example::meaning::{self, Clip, target_text};
use crate::json::Span;
use crate::rules::Severity::{Information, Warning};
use crate::rules::relations::{Contradicts, Leak, Repeats};
use crate::rules::{Context, Fact, Fix, Fixes, Needs, Operation, Report, Row, row};
use crate::schema::scalar::Duration;

/// So many lines are named in a sentence.
const MAX_NAMED: usize = 5;

/// Examples that mean the same.
pub(super) const DUPLICATE_EXAMPLE: Row = row(
    "duplicate-example",
    &[Warning],
    Fixes::Suggested,
    "examples that mean the same, whatever their form",
    duplicate_example,
)
.needs(Needs::VERDICT)
.judged(|judge| judge.on_each(Fact::REPEATS, Warning));

/// The same input with another target.
pub(super) const CONFLICTING_TARGETS: Row = row(
    "conflicting-targets",
    &[Warning, Information],
    Fixes::None,
    "the same input with another target",
    conflicting_targets,
)
.needs(Needs::VERDICT)
.judged(|judge| {
    judge.on_each(Fact::OTHER_LABEL, Warning);
    judge.on_each(Fact::OTHER_TARGET, Information);
});

/// What is held out, and trained on too.
pub(super) const TRAIN_VALIDATION_OVERLAP: Row = row(
    "train-validation-overlap",
    &[Warning],
    Fixes::None,
    "an example, or a piece of its video, that the training file has too",
    train_validation_overlap,
)
.needs(Needs::VERDICT)
.judged(|judge| judge.on_each(Fact::LEAKS, Warning));

fn duplicate_example(context: &Context<'_>, report: &mut Report<'_>) {
    let Some(Repeats { lines, count }) = report.relations().repeats.clone() else { return };
    report.show(Warning, context.file_span(), |finding| {
        let named: Vec<_> = lines.iter().take(MAX_NAMED).map(|line| (line + 1).to_string()).collect();
        let more = if count > named.len() { format!(" and {} more", count - named.len()) } else { String::new() };
        finding.says(format!(
            "{count} examples mean the same: lines {}{more}; copies teach nothing new, and weigh more than the others",
            named.join(", ")
        ));
        if let Some(first) = lines.first() {
            finding.related_line(*first, "the first of them");
        }
        let title = if count == 2 { "Delete this copy".to_owned() } else { format!("Delete {} copies", count - 1) };
        finding.fix(|| Fix::operation(title, false, Operation::DeleteCopies));
    });
}

fn conflicting_targets(context: &Context<'_>, report: &mut Report<'_>) {
    let Some(Contradicts { line, target }) = report.relations().contradicts.clone() else { return };
    let own = target_text(context.record, context.example);
    let severity = if target.is_some() { Warning } else { Information };
    report.show(severity, target_span(context), |finding| {
        let what = match (&target, own) {
            (Some(other), Some(own)) => format!("line {} is `{other}`, here it is `{}`", line + 1, own.trim()),
            _ => format!("line {} differs from this one", line + 1),
        };
        finding
            .says(format!("the same input has two targets: that of {what}; the model cannot learn both"))
            .related_line(line, "the same input with another target");
    });
}

/// The text of the target, or the last turn where it is not one text.
fn target_span(context: &Context<'_>) -> Span {
    let last = context.example.conversation().next_back();
    let text = last.and_then(|turn| context.example.parts_of(turn).iter().find_map(|part| part.text));
    match (text, last) {
        (Some(text), _) => context.record.span(text),
        (None, Some(turn)) => context.owner_span(turn.node),
        (None, None) => context.file_span(),
    }
}

fn train_validation_overlap(context: &Context<'_>, report: &mut Report<'_>) {
    let Some(Leak { file, line, clips }) = report.relations().leak.clone() else { return };
    let span = clips.map_or(context.file_span(), |(own, _)| video_span(context, own));
    report.show(Warning, span, |finding| {
        let place = format!("{}, line {}", file.name, line + 1);
        let what = match clips {
            None => format!("this example is also in {place}"),
            Some((own, theirs)) => {
                format!("{} of this video is held out, and {} is trained on in {place}", piece(own), piece(theirs))
            }
        };
        finding
            .says(format!("{what}; how well the model does on what it has seen says nothing about what it has learned"))
            .related_elsewhere(&file, line, "what the model is trained on");
    });
}

/// The location of the video that a clip is a piece of.
fn video_span(context: &Context<'_>, clip: Clip) -> Span {
    let is_meant =
        |uri: &u32| context.record.string(*uri).is_some_and(|location| meaning::video(&location) == clip.video);
    let uri = context.example.media.iter().filter_map(|media| media.uri).find(is_meant);
    uri.map_or(context.file_span(), |uri| context.record.span(uri))
}

/// A clip in words, such as `0:05 to 0:10`.
fn piece(clip: Clip) -> String {
    let clock = |micros: u64| {
        let time = Duration::from_nanos(i128::from(micros) * 1_000);
        time.map_or_else(String::new, |time| time.clock())
    };
    match (clip.start, clip.end) {
        (0, u64::MAX) => "all".to_owned(),
        (start, u64::MAX) => format!("all from {} on", clock(start)),
        (start, end) => format!("{} to {}", clock(start), clock(end)),
    }
}
