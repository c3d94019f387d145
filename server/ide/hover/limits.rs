//! The figures of a model as Markdown: files, resolutions, segments.

use crate::json::Record;
use crate::schema::example::{Example, Segment};
use crate::schema::media::{MediaKind, Profile, Resolution};
use crate::schema::scalar::{Duration, parse_duration};
use crate::schema::tokens::{Estimate, frames, grouped, sound};

/// Where files can be read.
pub(super) const READABLE: &str = "Readable are Cloud Storage objects (`gs://bucket/object`) and public `https` URLs; not \
                                   local paths, pages of the console, or URLs that need a login.";

/// What a file of this kind, or of each kind, may be; nothing for a kind without limits.
pub(super) fn files(kind: Option<MediaKind>, profile: &Profile) -> Option<String> {
    let megabytes = |bytes: u64| bytes >> 20;
    let minutes = |seconds: u32| seconds / 60;
    let (low, high) = (minutes(profile.low_longest_video), minutes(profile.high_longest_video));
    let rows = [
        (
            MediaKind::Video,
            format!("{} MB; {low} minutes at LOW, {high} at MEDIUM or HIGH", megabytes(profile.video_bytes)),
        ),
        (
            MediaKind::Audio,
            format!("{} MB; {} minutes", megabytes(profile.video_bytes), minutes(profile.longest_audio)),
        ),
        (MediaKind::Image, format!("{} MB", megabytes(profile.image_bytes))),
        (
            MediaKind::Document,
            format!("{} MB; {} pages in all", megabytes(profile.image_bytes), profile.document_pages),
        ),
    ];
    let rows = rows.iter().filter(|(of, _)| kind.is_none_or(|kind| kind == *of));
    let rows: String = rows.map(|(of, limit)| format!("\n| {} | {limit} |", of.label())).collect();
    (!rows.is_empty()).then(|| format!("| file | at most |\n|---|---|{rows}"))
}

/// The rows of these resolutions; the unspecified one has none.
pub(super) fn resolutions(of: &[Resolution], profile: &Profile) -> String {
    let mut table = "| resolution | tokens a frame | longest video | training |\n|---|---|---|---|".to_owned();
    let mut rows = 0;
    for resolution in of {
        let Some(longest) = profile.longest_segment(*resolution) else { continue };
        let tokens = frame_tokens(*resolution, profile);
        let speed = if *resolution == Resolution::Low { "about 4 times faster" } else { "" };
        table.push_str(&format!("\n| {} | {tokens} | {} minutes | {speed} |", resolution.label(), longest / 60));
        rows += 1;
    }
    if rows == 0 { "A video then gets what the service chooses; no page says what that is.".to_owned() } else { table }
}

/// What a frame costs; in words where no page says.
fn frame_tokens(resolution: Resolution, profile: &Profile) -> String {
    profile.frame_tokens(resolution).map_or_else(|| "not documented".to_owned(), |tokens| tokens.to_string())
}

/// How long a segment is, and which resolutions allow that; `None` when it has no offsets.
pub(super) fn segment(
    record: Record<'_>,
    example: &Example,
    segment: &Segment,
    file: Option<Resolution>,
    profile: &Profile,
) -> Option<String> {
    let time = |node| record.string(node).and_then(|text| parse_duration(&text).ok()).filter(|it| !it.is_negative());
    let start = segment.start.map_or(Some(Duration::ZERO), time);
    let end = segment.end.map(time);
    let (Some(start), Some(end)) = (start, end.unwrap_or(Some(Duration::ZERO))) else {
        return Some("An offset of the segment cannot be read, so its length is not known.".to_owned());
    };
    if segment.end.is_none() {
        segment.start?;
        return Some(format!(
            "The segment lasts from {} to the end of the video, and the line does not say when that is.\n\n{}",
            start.clock(),
            resolutions(&Resolution::ALL, profile)
        ));
    }
    let length = end - start;
    if length <= Duration::ZERO {
        let what = if length == Duration::ZERO { "empty: both offsets are the same" } else { "inverted" };
        return Some(format!("The segment is {what} ({} to {}).", start.clock(), end.clock()));
    }
    let mut out = format!("The segment is **{length} s** long, from {} to {}.", start.clock(), end.clock());
    out.push_str("\n\n| resolution | longest | this segment | its frames, by estimate |\n|---|---|---|---|");
    let frames = frames(record, segment, length, profile);
    for resolution in [Resolution::Low, Resolution::Medium, Resolution::High] {
        let Some(longest) = profile.longest_segment(resolution) else { continue };
        let verdict = if length > Duration::from_seconds(longest) { "**too long**" } else { "fits" };
        let cost = profile.frame_tokens(resolution).map(|tokens| grouped(frames * u64::from(tokens)));
        let cost = cost.map_or_else(|| "not documented".to_owned(), |tokens| format!("about {tokens} tokens"));
        out.push_str(&format!("\n| {} | {} minutes | {verdict} | {cost} |", resolution.label(), longest / 60));
    }
    out.push_str(&format!(
        "\n\nIts sound is about {} tokens more, at any resolution.",
        grouped(sound(length, profile))
    ));
    let part = example.parts.get(segment.part).and_then(|part| part.resolution);
    let own = [(part, "this part's"), (example.resolution, "this line's"), (file, "the file's")];
    let mut own =
        own.into_iter().filter_map(|(it, whose)| Some((it.filter(|it| *it != Resolution::Unspecified)?, whose)));
    if let Some((resolution, whose)) = own.next() {
        let limit = profile.longest_segment(resolution).map(Duration::from_seconds);
        let verdict = if limit.is_some_and(|limit| length > limit) {
            "the segment is too long for it, and the example would be dropped"
        } else {
            "the segment fits"
        };
        out.push_str(&format!("\n\n{} is {whose} resolution: {verdict}.", resolution.label()));
    }
    Some(out)
}

/// What an example costs in tokens, in parts, when its file has this resolution.
pub(super) fn tokens(record: Record<'_>, example: &Example, file: Option<Resolution>, profile: &Profile) -> String {
    let estimate = Estimate::new(record, example, profile).with_file(file, profile);
    let about = if estimate.unknown.is_empty() { "about" } else { "at least" };
    let parts: Vec<_> = estimate.parts().map(|(name, tokens)| format!("{name} {}", grouped(tokens))).collect();
    let parts = if parts.len() > 1 { format!(" ({})", parts.join(", ")) } else { String::new() };
    let mut out = format!(
        "By estimate this example has {about} **{} tokens**{parts}; {} are the most.",
        grouped(estimate.at_once()),
        grouped(profile.example_tokens)
    );
    let unknown: Vec<_> = estimate.unknown.names().collect();
    if !unknown.is_empty() {
        out.push_str(&format!(" Not in it: {}.", unknown.join(", ")));
    }
    out
}
