//! Segments: the offsets and frame rates that select a piece of a video, and the lengths of recordings.
//!
//! This folder must not know whether a media file can be read.

mod beyond;
mod parts;
pub(in crate::rules) mod too_long;

use crate::example::Segment;
use crate::example::mime::{self, MediaKind};
use crate::json::{Edit, Kind, NodeId, lexer};
use crate::rules::media::uri::{is_placeholder, replacement};
use crate::rules::{Context, Family, FaultKind, Fix, Fixes, Needs, Report, Severity, row};
use crate::schema::Means;
use crate::schema::scalar::{self, Duration, DurationFault};
use Severity::{Error, Warning};
use parts::{may_have_media, part_and_media, unnamed_cause};
use std::borrow::Cow;

/// Rules about segments of videos.
pub static FAMILY: Family = Family {
    name: "segment",
    summary: "offsets of video segments, and lengths of recordings",
    rules: &[
        row(
            "malformed-offset",
            &[Error],
            Fixes::Both,
            "an offset that is not a duration such as `5.5s`",
            malformed_offset,
        )
        .needs(Needs::UNUSUAL_MEDIA),
        row("negative-offset", &[Error], Fixes::None, "a negative offset", negative_offset).needs(Needs::UNUSUAL_MEDIA),
        row("inverted-offsets", &[Error], Fixes::Suggested, "a segment that ends before it starts", inverted_offsets)
            .needs(Needs::UNUSUAL_MEDIA),
        row("empty-segment", &[Warning], Fixes::None, "a segment that ends where it starts", empty_segment)
            .fault(FaultKind::Meaning)
            .needs(Needs::UNUSUAL_MEDIA),
        row(
            "segment-too-long",
            &[Warning],
            Fixes::Manual,
            "a segment longer than the limit for its resolution",
            too_long::segment_too_long,
        )
        .fault(FaultKind::TooLong)
        .needs(Needs::SEGMENT)
        .judged(too_long::judge_segments),
        row(
            "video-too-long",
            &[Warning],
            Fixes::None,
            "a video longer than the limit for its resolution",
            too_long::video_too_long,
        )
        .fault(FaultKind::TooLong)
        .needs(Needs::KNOWN_MEDIA)
        .judged(too_long::judge_videos),
        row("audio-too-long", &[Warning], Fixes::None, "audio longer than the limit", too_long::audio_too_long)
            .fault(FaultKind::TooLong)
            .needs(Needs::KNOWN_MEDIA),
        beyond::OFFSET_BEYOND_END,
        row("orphan-video-metadata", &[Error], Fixes::None, "a segment in a part without media", orphan_video_metadata)
            .needs(Needs::UNUSUAL_MEDIA),
        row(
            "metadata-on-non-video",
            &[Warning],
            Fixes::None,
            "a segment of a file that is not a video",
            metadata_on_non_video,
        )
        .needs(Needs::UNUSUAL_MEDIA),
        row("bad-fps", &[Error], Fixes::None, "a frame rate out of range", bad_fps).needs(Needs::UNUSUAL_MEDIA),
    ],
};

/// An offset as a line has it.
enum Offset<'a> {
    /// Absent or null.
    Unset,
    /// Well-formed; it may be negative.
    Time(Cow<'a, str>),
    /// A string that is not a duration.
    Malformed(DurationFault),
    /// A value that is not a string.
    NotText(&'static str),
    /// A value that already has a syntax error.
    Broken,
}

fn offset<'a>(context: &Context<'a>, node: NodeId) -> Offset<'a> {
    match context.record.kind(node) {
        Kind::String => {
            let text = context.record.string(node).unwrap_or_default();
            match scalar::parse_duration(&text) {
                Ok(_) => Offset::Time(text),
                Err(fault) => Offset::Malformed(fault),
            }
        }
        Kind::Null => Offset::Unset,
        Kind::Word | Kind::Missing | Kind::TooDeep => Offset::Broken,
        kind => Offset::NotText(kind.name()),
    }
}

/// The offsets of all segments that are not plain times, in order.
fn unusual_offsets<'a>(context: &'a Context<'_>) -> impl Iterator<Item = NodeId> + 'a {
    let offsets = context.example.segments.iter().flat_map(|segment| {
        let start = segment.start.filter(|_| segment.start_time.is_none());
        [start, segment.end.filter(|_| segment.end_time.is_none())]
    });
    offsets.flatten()
}

fn malformed_offset(context: &Context<'_>, report: &mut Report<'_>) {
    for node in unusual_offsets(context) {
        let offset = offset(context, node);
        if !matches!(offset, Offset::Malformed(_) | Offset::NotText(_)) {
            continue;
        }
        let span = context.record.span(node);
        report.find(Error, span, |finding| {
            let expected = r#"a string such as `"90s"` or `"12.5s"`"#;
            let reason = match offset {
                Offset::Malformed(fault) => format!("{}. Expected {expected}", fault.message()),
                Offset::NotText(kind) => format!("expected {expected}, found {kind}"),
                Offset::Unset | Offset::Time(_) | Offset::Broken => String::new(),
            };
            finding.says(format!("`{}` is not a valid offset: {reason}", context.record.key(node))).fix(|| {
                // The value of the string is what counts, whatever its quotes are.
                let raw = context
                    .record
                    .string(node)
                    .map_or(Cow::Borrowed(context.raw(span)), |text| Cow::Owned(lexer::quote(&text)));
                let (meant, safe) = scalar::repair_duration(&raw)?;
                let edits = replacement(context, node, &meant)?;
                let title = format!("Change to \"{meant}\"");
                Some(if safe { Fix::safe(title, edits) } else { Fix::suggested(title, edits) })
            });
        });
    }
}

fn negative_offset(context: &Context<'_>, report: &mut Report<'_>) {
    for node in unusual_offsets(context) {
        let Offset::Time(text) = offset(context, node) else { continue };
        if !text.starts_with('-') {
            continue;
        }
        report.find(Error, context.record.span(node), |finding| {
            finding
                .says(format!("`{}` is negative ({text}); the minimum is `0s`", context.record.key(node)))
                .effect(unnamed_cause(context));
        });
    }
}

/// Both offsets of a segment and their values, if both are set and valid.
fn both(segment: &Segment) -> Option<((NodeId, Duration), (NodeId, Duration))> {
    Some(((segment.start?, segment.start_time?), (segment.end?, segment.end_time?)))
}

fn inverted_offsets(context: &Context<'_>, report: &mut Report<'_>) {
    let record = context.record;
    for segment in &context.example.segments {
        let Some(((start_node, start), (end_node, end))) = both(segment) else { continue };
        if end >= start {
            continue;
        }
        let (start_span, end_span) = (record.span(start_node), record.span(end_node));
        report.find(Error, end_span, |finding| {
            finding
                .says(format!(
                    "`{}` ({}) is before `{}` ({})",
                    record.key(end_node),
                    end.canonical(),
                    record.key(start_node),
                    start.canonical()
                ))
                .effect(unnamed_cause(context))
                .related(start_span, "the start of the segment")
                .fix(|| {
                    let mut edits = vec![
                        Edit::replace(start_span, context.raw(end_span)),
                        Edit::replace(end_span, context.raw(start_span)),
                    ];
                    edits.sort();
                    Fix::suggested("Swap the offsets", edits)
                });
        });
    }
}

fn empty_segment(context: &Context<'_>, report: &mut Report<'_>) {
    let record = context.record;
    for segment in &context.example.segments {
        let Some(((start_node, start), (end_node, end))) = both(segment) else { continue };
        if end != start {
            continue;
        }
        report.find(Warning, record.span(end_node), |finding| {
            finding
                .says(format!(
                    "`{}` equals `{}` ({}), so the segment is empty",
                    record.key(end_node),
                    record.key(start_node),
                    end.canonical()
                ))
                .effect("The model learns to answer without seeing the video")
                .related(record.span(start_node), "the start of the segment");
        });
    }
}

fn orphan_video_metadata(context: &Context<'_>, report: &mut Report<'_>) {
    for segment in &context.example.segments {
        let Some((part, None)) = part_and_media(context, segment) else { continue };
        // A syntax error may hide the media.
        if may_have_media(context, part) || context.structure_is_hidden() {
            continue;
        }
        report.find(Error, context.owner_span(segment.node), |finding| {
            finding.says(format!(
                "`{}` has no video; move it to the part with `{}` or `{}`",
                context.name_of(Means::Segment),
                context.name_of(Means::File),
                context.name_of(Means::InlineFile)
            ));
        });
    }
}

fn metadata_on_non_video(context: &Context<'_>, report: &mut Report<'_>) {
    let record = context.record;
    for segment in &context.example.segments {
        let Some((_, Some(media))) = part_and_media(context, segment) else { continue };
        let (Some(kind), Some(node)) = (media.kind, media.mime) else { continue };
        let Some(mime) = record.string(node) else { continue };
        // A wildcard such as `image/*` and a type that the name of the file contradicts have findings of their own.
        let near = || mime::nearest(&mime, context.format.words.media_types);
        if kind == MediaKind::Video || mime.contains('*') || near().is_some_and(is_video) {
            continue;
        }
        let uri = media.uri.and_then(|uri| record.string(uri));
        if uri.is_some_and(|uri| is_named_as_video(&uri) || is_placeholder(&uri, context.service.reads)) {
            continue;
        }
        report.find(Warning, context.owner_span(segment.node), |finding| {
            finding
                .says(format!("`{}` applies to videos only, but the file is `{mime}`", context.name_of(Means::Segment)))
                .effect(format!("{} may ignore it or reject the line", context.service.title))
                .related(record.span(node), "the type of the file");
        });
    }
}

fn is_video(mime: &str) -> bool {
    mime::kind_of(mime) == Some(MediaKind::Video)
}

/// Whether the file has the extension of a video.
fn is_named_as_video(uri: &str) -> bool {
    mime::for_location(uri).first().is_some_and(|mime| is_video(mime))
}

fn bad_fps(context: &Context<'_>, report: &mut Report<'_>) {
    for node in context.example.segments.iter().filter_map(|segment| segment.fps) {
        let text = match context.record.kind(node) {
            Kind::Number => Cow::Borrowed(context.raw(context.record.span(node))),
            Kind::String => context.record.string(node).unwrap_or_default(),
            _ => continue,
        };
        // Strings that ProtoJSON accepts as numbers. Any other string has a finding for its type.
        let special = matches!(&*text, "NaN" | "Infinity" | "-Infinity");
        if !special && !lexer::is_number(text.as_bytes()) {
            continue;
        }
        let number: f64 = text.parse().unwrap_or(f64::NAN);
        let most = context.limits.max_frame_rate;
        // The limits of some models name no highest rate.
        if number > 0.0 && (number <= f64::from(most) || most == 0) {
            continue;
        }
        let range = if most == 0 { String::new() } else { format!(" and at most {most}") };
        report.find(Error, context.record.span(node), |finding| {
            let key = context.record.key(node);
            finding.says(format!("`{key}` is {text}; expected more than 0{range} frames per second"));
        });
    }
}
