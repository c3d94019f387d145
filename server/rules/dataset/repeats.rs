//! Examples that occur twice: in one file, with different targets, or in both the training and the validation file.

use crate::example::meaning::{self, Clip, target_text};
use crate::json::Span;
use crate::rules::Severity::{Information, Warning};
use crate::rules::relations::{Contradicts, Leak, Repeats};
use crate::rules::{Applicability, Context, Fact, FaultKind, Fix, Fixes, Needs, Operation, Report, Row, row};
use crate::schema::scalar::Duration;

/// The most lines that a message names.
const MAX_NAMED: usize = 5;

/// Examples with the same content.
pub(super) const DUPLICATE_EXAMPLE: Row =
    row("duplicate-example", &[Warning], Fixes::Suggested, "examples with the same content", duplicate_example)
        .fault(FaultKind::Repeated)
        .needs(Needs::VERDICT)
        .judged(|judge| judge.on_each(Fact::REPEATS, Warning));

/// One input with different targets.
pub(super) const CONFLICTING_TARGETS: Row = row(
    "conflicting-targets",
    &[Warning, Information],
    Fixes::None,
    "different targets for the same input",
    conflicting_targets,
)
.fault(FaultKind::Meaning)
.needs(Needs::VERDICT)
.judged(|judge| {
    judge.on_each(Fact::OTHER_LABEL, Warning);
    judge.on_each(Fact::OTHER_TARGET, Information);
});

/// Held-out examples that are also trained on.
pub(super) const TRAIN_VALIDATION_OVERLAP: Row = row(
    "train-validation-overlap",
    &[Warning],
    Fixes::None,
    "held-out data that is also in the training file",
    train_validation_overlap,
)
.fault(FaultKind::Style)
.needs(Needs::VERDICT)
.judged(|judge| judge.on_each(Fact::LEAKS, Warning));

fn duplicate_example(context: &Context<'_>, report: &mut Report<'_>) {
    let Some(Repeats { lines, count }) = report.relations().repeats.clone() else { return };
    report.show(Warning, context.file_span(), |finding| {
        let named: Vec<_> = lines.iter().take(MAX_NAMED).map(|line| (line + 1).to_string()).collect();
        let more = if count > named.len() { format!(" and {} more", count - named.len()) } else { String::new() };
        finding
            .says(format!("{count} examples have the same content: lines {}{more}", named.join(", ")))
            .effect("Copies teach nothing new and give this example extra weight");
        if let Some(first) = lines.first() {
            finding.related_line(*first, "the first copy");
        }
        let title = if count == 2 { "Delete this copy".to_owned() } else { format!("Delete {} copies", count - 1) };
        finding.fix(|| Fix::operation(title, Applicability::Suggested, Operation::DeleteCopies));
    });
}

fn conflicting_targets(context: &Context<'_>, report: &mut Report<'_>) {
    let Some(Contradicts { line, target }) = report.relations().contradicts.clone() else { return };
    let own = target_text(context.record, context.example);
    let labels = target.as_deref().map(str::trim).zip(own.as_deref().map(str::trim));
    let is_variant = labels.is_some_and(|(other, own)| meaning::is_variant_of(other, own));
    let severity = if labels.is_some() && !is_variant { Warning } else { Information };
    report.show(severity, target_span(context), |finding| {
        let line_number = line + 1;
        match labels {
            Some((other, own)) if other == own => finding.says(format!(
                "line {line_number} is almost the same: same input and answer, but white space, a weight or another field \
                 differs; keep one of the two"
            )),
            Some((other, own)) if meaning::look_alike(other, own) => finding.says(format!(
                "this target and that of line {line_number} (`{own}`) differ only in Unicode form, such as `é` as one \
                 character or as `e` with an accent; use one of them"
            )),
            Some((other, own)) if is_variant => finding.says(format!(
                "`{own}` and `{other}` (line {line_number}) are two spellings of the same target for one input; use one of \
                 them. They differ only in white space, letter case or final punctuation"
            )),
            Some((other, own)) => finding
                .says(format!(
                    "this target (`{own}`) differs from line {line_number} (`{other}`), but the input is the same"
                ))
                .effect("The model can't learn both"),
            _ => finding
                .says(format!(
                    "line {line_number} has the same input but a different target; the model can't learn both"
                )),
        };
        finding.related_line(line, "the other target");
    });
}

/// The text of the target, or else the last turn.
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
                format!("{} of this video overlaps with {} of the same video in {place}", piece(own), piece(theirs))
            }
        };
        finding.says(what).effect("Validation results will look better than they should").related_elsewhere(
            &file,
            line,
            "the training example",
        );
    });
}

/// The location of the video of a clip.
fn video_span(context: &Context<'_>, clip: Clip) -> Span {
    let is_meant =
        |uri: &u32| context.record.string(*uri).is_some_and(|location| meaning::video(&location) == clip.video);
    let uri = context.example.media.iter().filter_map(|media| media.uri).find(is_meant);
    uri.map_or(context.file_span(), |uri| context.record.span(uri))
}

/// A clip in words, such as `0:05 to 0:10`, to be followed by "of" and the video.
fn piece(clip: Clip) -> String {
    let clock = |micros: u64| {
        let time = Duration::from_nanos(i128::from(micros) * 1_000);
        time.map_or_else(String::new, |time| time.clock())
    };
    match (clip.start, clip.end) {
        (0, u64::MAX) => "all".to_owned(),
        (start, u64::MAX) => format!("{} to the end", clock(start)),
        (start, end) => format!("{} to {}", clock(start), clock(end)),
    }
}
