//! The resolution of video and images: the value that all examples share, and one that older documentation does not
//! have for video.

use crate::example::mime::MediaKind;
use crate::formats::gemini::{GEMINI, LOW, MEDIA_RESOLUTION_FIELD, MEDIUM};
use crate::json::{Edit, lexer};
use crate::rules::Severity::{Error, Information, Warning};
use crate::rules::dataset::shared;
use crate::rules::{Context, Fix, Fixes, Report, Row, row};

/// An example, or a file, with another value than the rest.
pub const MIXED_RESOLUTION: Row = row(
    "mixed-media-resolution",
    &[Error, Warning],
    Fixes::Suggested,
    "an example's `mediaResolution` differs from its file's, or a file's from its dataset's",
    shared::mixed,
)
.judged(shared::judge_mixed);

/// An example without a value.
pub const MISSING_RESOLUTION: Row = row(
    "missing-media-resolution",
    &[Warning, Information],
    Fixes::Suggested,
    "an example with video or images sets no `mediaResolution`",
    shared::missing,
)
.judged(shared::judge_missing);

/// The value that older documentation does not have.
pub const UNSUPPORTED_RESOLUTION: Row = row(
    "unsupported-media-resolution",
    &[Information],
    Fixes::Suggested,
    "`HIGH` on video, which the older tuning documentation does not have",
    unsupported_media_resolution,
);

fn unsupported_media_resolution(context: &Context<'_>, report: &mut Report<'_>) {
    let (example, Some(doubtful)) = (context.example, context.limits.doubtful_on_video) else { return };
    let is_doubtful = |value| value == Some(doubtful);
    if context.format != &GEMINI
        || !(is_doubtful(example.shared) || example.parts.iter().any(|it| is_doubtful(it.shared)))
    {
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
                "MEDIA_RESOLUTION_HIGH on video: the tuning documentation of 2025 has only LOW and MEDIUM for Gemini \
                 2.5; a frame costs as many tokens as at MEDIUM",
            );
            for value in [LOW, MEDIUM] {
                let name = MEDIA_RESOLUTION_FIELD.name(value);
                let edit = Edit::replace(span, lexer::quote(name));
                finding.fix(|| Fix::suggested(format!("Change to {name}"), vec![edit]));
            }
        });
    }
}
