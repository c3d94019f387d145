//! The media resolution, which all examples must share, and the value that older documentation lacks for video.

use crate::example::mime::MediaKind;
use crate::formats::gemini::{GEMINI, LOW, MEDIA_RESOLUTION_FIELD, MEDIUM};
use crate::json::{Edit, lexer};
use crate::rules::Severity::{Error, Information, Warning};
use crate::rules::dataset::shared;
use crate::rules::{Context, FaultKind, Fix, Fixes, Needs, Report, Row, row};

/// A value that differs from the rest of the file or dataset.
pub const MIXED_RESOLUTION: Row = row(
    "mixed-media-resolution",
    &[Error, Warning],
    Fixes::Manual,
    "a `mediaResolution` that differs from the rest of the file or dataset",
    shared::mixed,
)
.fault(FaultKind::File)
.may_fail()
.needs(Needs::SHARED_VALUE)
.judged(shared::judge_mixed);

/// An example with frames that sets no value.
pub const MISSING_RESOLUTION: Row = row(
    "missing-media-resolution",
    &[Warning, Information],
    Fixes::Manual,
    "an example with video or images but no `mediaResolution`",
    shared::missing,
)
.fault(FaultKind::File)
.needs(Needs::NO_SHARED_VALUE)
.judged(shared::judge_missing);

/// `HIGH` on video.
pub const UNSUPPORTED_RESOLUTION: Row = row(
    "unsupported-media-resolution",
    &[Information],
    Fixes::Manual,
    "`MEDIA_RESOLUTION_HIGH` on video, missing from older documentation",
    unsupported_media_resolution,
)
.fault(FaultKind::Meaning)
.needs(Needs::DOUBTFUL_VALUE);

fn unsupported_media_resolution(context: &Context<'_>, report: &mut Report<'_>) {
    let (example, Some(doubtful)) = (context.example, context.limits.doubtful_on_video) else { return };
    let is_doubtful = |value| value == Some(doubtful);
    let is_anywhere = is_doubtful(example.shared) || example.parts.iter().any(|it| is_doubtful(it.shared));
    if !is_anywhere || context.format != &GEMINI {
        return;
    }
    let of_line = example.shared_node.filter(|_| is_doubtful(example.shared) && example.has_video());
    let videos = example.media.iter().filter(|media| media.kind == Some(MediaKind::Video));
    let parts = videos.filter_map(|media| example.parts.get(media.part));
    let of_parts = parts.filter(|part| is_doubtful(part.shared)).filter_map(|part| part.shared_node);
    for node in of_line.into_iter().chain(of_parts) {
        let span = context.record.span(node);
        report.find(Information, span, |finding| {
            finding.says(
                "`MEDIA_RESOLUTION_HIGH` has no advantage for video on Gemini 2.5; use MEDIUM or LOW. The tuning \
                 documentation of 2025 lists only those two for video.",
            );
            for value in [LOW, MEDIUM] {
                let name = MEDIA_RESOLUTION_FIELD.name(value);
                let edit = Edit::replace(span, lexer::quote(name));
                finding.fix(|| Fix::manual(format!("Change to {name}"), vec![edit]));
            }
        });
    }
}
