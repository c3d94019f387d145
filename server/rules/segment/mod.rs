//! Segment: what cuts a piece out of a video.
//!
//! This folder must not know a media file's own length, nor whether anybody can read it.

mod parts;
pub(in crate::rules) mod too_long;

use crate::example::Segment;
use crate::example::mime::{self, MediaKind};
use crate::json::{Edit, Kind, NodeId, lexer};
use crate::rules::media::uri::replacement;
use crate::rules::{Context, Family, Fix, Fixes, Needs, Report, Severity, row};
use crate::schema::Means;
use crate::schema::scalar::{self, Duration};
use Severity::{Error, Warning};
use parts::{may_have_media, part_and_media};
use std::borrow::Cow;

/// Rules about segments of videos.
pub static FAMILY: Family = Family {
    name: "segment",
    summary: "which piece of a video",
    rules: &[
        row(
            "malformed-offset",
            &[Error],
            Fixes::Both,
            "an offset that is no duration such as `5.5s`",
            malformed_offset,
        )
        .needs(Needs::UNUSUAL_MEDIA),
        row("negative-offset", &[Error], Fixes::None, "an offset before the start of the video", negative_offset)
            .needs(Needs::UNUSUAL_MEDIA),
        row("inverted-offsets", &[Error], Fixes::Suggested, "the end before the start", inverted_offsets)
            .needs(Needs::UNUSUAL_MEDIA),
        row("empty-segment", &[Warning], Fixes::None, "the end equals the start", empty_segment)
            .needs(Needs::UNUSUAL_MEDIA),
        row(
            "segment-too-long",
            &[Warning],
            Fixes::None,
            "a segment longer than its resolution allows: the example would be dropped",
            too_long::segment_too_long,
        )
        .judged(too_long::judge),
        row(
            "orphan-video-metadata",
            &[Error],
            Fixes::None,
            "a segment without media in its part",
            orphan_video_metadata,
        )
        .needs(Needs::UNUSUAL_MEDIA),
        row("metadata-on-non-video", &[Warning], Fixes::None, "a segment of what is no video", metadata_on_non_video)
            .needs(Needs::UNUSUAL_MEDIA),
        row("bad-fps", &[Error], Fixes::None, "`fps` that is not over 0 and at most 24", bad_fps)
            .needs(Needs::UNUSUAL_MEDIA),
    ],
};

/// An offset as it stands in a line.
enum Offset<'a> {
    /// Absent or null.
    Unset,
    /// Well-formed; it may be before the start.
    Time(Cow<'a, str>),
    /// Anything else, and why.
    Malformed(String),
    /// What the grammar has a finding for already.
    Broken,
}

/// Reads an offset.
fn offset<'a>(context: &Context<'a>, node: Option<NodeId>) -> Offset<'a> {
    let Some(node) = node else { return Offset::Unset };
    let kind = match context.record.kind(node) {
        Kind::String => {
            let text = context.record.string(node).unwrap_or_default();
            return match scalar::parse_duration(&text) {
                Ok(_) => Offset::Time(text),
                Err(fault) => Offset::Malformed(fault.message().to_owned()),
            };
        }
        Kind::Null => return Offset::Unset,
        Kind::Word | Kind::Missing | Kind::TooDeep => return Offset::Broken,
        Kind::Number => "it is a number",
        Kind::Object => "it is an object",
        Kind::Array => "it is an array",
        Kind::True | Kind::False => "it is a boolean",
    };
    Offset::Malformed(kind.to_owned())
}

/// The offsets of all segments that are no plain times, in order.
fn unusual_offsets<'a>(context: &'a Context<'_>) -> impl Iterator<Item = NodeId> + 'a {
    let offsets = context.example.segments.iter().flat_map(|segment| {
        let start = segment.start.filter(|_| segment.start_time.is_none());
        [start, segment.end.filter(|_| segment.end_time.is_none())]
    });
    offsets.flatten()
}

fn malformed_offset(context: &Context<'_>, report: &mut Report<'_>) {
    for node in unusual_offsets(context) {
        let Offset::Malformed(reason) = offset(context, Some(node)) else { continue };
        let span = context.record.span(node);
        report.find(Error, span, |finding| {
            finding
                .says(format!(
                    "`{}`{} is no duration: {reason}; it has to be a string of decimal seconds that ends in `s`, such as \
                     \"90s\" or \"12.5s\", else the service rejects the line",
                    context.record.key(node),
                    context.place(node)
                ))
                .fix(|| {
                    // In whatever quotes it stands, a string's value is what is meant.
                    let raw = context.record.string(node).map_or(Cow::Borrowed(context.raw(span)), |text| {
                        Cow::Owned(lexer::quote(&text))
                    });
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
        let Offset::Time(text) = offset(context, Some(node)) else { continue };
        if !text.starts_with('-') {
            continue;
        }
        report.find(Error, context.record.span(node), |finding| {
            finding.says(format!(
                "`{}`{} is negative ({text}); offsets count from the start of the video, and the service answers with \
                 an error that does not name the cause",
                context.record.key(node),
                context.place(node)
            ));
        });
    }
}

/// Both offsets of a segment where both are set and can be compared, with their places.
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
                    "the segment{} ends ({}) before it starts ({}); the service answers with an error that does not \
                     name the cause",
                    context.place(segment.node),
                    end.canonical(),
                    start.canonical()
                ))
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
                    "the segment{} ends where it starts, at {}; there is nothing in it to learn from",
                    context.place(segment.node),
                    end.canonical()
                ))
                .related(record.span(start_node), "the start of the segment");
        });
    }
}

fn orphan_video_metadata(context: &Context<'_>, report: &mut Report<'_>) {
    for segment in &context.example.segments {
        let Some((part, None)) = part_and_media(context, segment) else { continue };
        // Behind broken grammar nothing is missing.
        if may_have_media(context, part) || context.structure_is_hidden() {
            continue;
        }
        report.find(Error, context.owner_span(segment.node), |finding| {
            finding.says(format!(
                "`{}`{} has no video: `{}` or `{}` has to stand beside it in the same part; the service rejects the \
                 line",
                context.name_of(Means::Segment),
                context.place(part.node),
                context.name_of(Means::File),
                context.name_of(Means::InlineFile)
            ));
        });
    }
}

fn metadata_on_non_video(context: &Context<'_>, report: &mut Report<'_>) {
    let record = context.record;
    for segment in &context.example.segments {
        let Some((part, Some(media))) = part_and_media(context, segment) else { continue };
        let (Some(kind), Some(node)) = (media.kind, media.mime) else { continue };
        let Some(mime) = record.string(node) else { continue };
        // A type of many, such as `image/*`, has a finding of its own, and so has one that the name of
        // a video contradicts.
        if kind == MediaKind::Video || mime.contains('*') || mime::nearest(&mime).is_some_and(is_video) {
            continue;
        }
        let uri = media.uri.and_then(|uri| record.string(uri));
        if uri.is_some_and(|uri| is_named_as_video(&uri) || scalar::placeholder(&uri).is_some()) {
            continue;
        }
        report.find(Warning, context.owner_span(segment.node), |finding| {
            finding
                .says(format!(
                    "`{}`{} cuts a video, but the file beside it is `{mime}`; the service may ignore it or reject the \
                     line",
                    context.name_of(Means::Segment),
                    context.place(part.node)
                ))
                .related(record.span(node), "what the file is");
        });
    }
}

fn is_video(mime: &str) -> bool {
    mime::kind_of(mime) == Some(MediaKind::Video)
}

/// Whether the file's extension says that it is a video.
fn is_named_as_video(uri: &str) -> bool {
    scalar::parse_location(uri).is_ok_and(|location| {
        let types = scalar::extension(&location).map_or(&[][..], mime::for_extension);
        types.first().is_some_and(|mime| is_video(mime))
    })
}

fn bad_fps(context: &Context<'_>, report: &mut Report<'_>) {
    for node in context.example.segments.iter().filter_map(|segment| segment.fps) {
        let text = match context.record.kind(node) {
            Kind::Number => Cow::Borrowed(context.raw(context.record.span(node))),
            Kind::String => context.record.string(node).unwrap_or_default(),
            _ => continue,
        };
        // The forms that ProtoJSON takes for a number; any other string is of the wrong type.
        let special = matches!(&*text, "NaN" | "Infinity" | "-Infinity");
        if !special && !lexer::is_number(text.as_bytes()) {
            continue;
        }
        let number: f64 = text.parse().unwrap_or(f64::NAN);
        let most = context.limits.max_frame_rate;
        if number > 0.0 && number <= f64::from(most) {
            continue;
        }
        report.find(Error, context.record.span(node), |finding| {
            finding.says(format!(
                "`{}`{} is {text}; it has to be more than 0 and at most {most} frames a second, else the service \
                 rejects the line",
                context.record.key(node),
                context.place(node)
            ));
        });
    }
}
