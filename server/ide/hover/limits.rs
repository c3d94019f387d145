//! The figures of a model as Markdown: files, resolutions, segments.

use super::about::About;
use crate::example::Segment;
use crate::example::mime::MediaKind;
use crate::example::shared::SharedValue;
use crate::example::tokens::{Estimate, frames, grouped, sound};
use crate::formats::service::Locations;
use crate::ide::words::{alternatives, video_limits};
use crate::schema::scalar::Duration;

/// Where a service reads files.
pub(super) fn readable(reads: Locations) -> String {
    let told = |told: &[(bool, &'static str)]| -> Vec<&str> {
        told.iter().filter(|(holds, _)| *holds).map(|(_, words)| *words).collect()
    };
    let read = told(&[
        (reads.cloud_storage, "Cloud Storage objects (`gs://bucket/object`)"),
        (reads.web, "public `https` URLs"),
        (reads.data, "`data:` URLs"),
        (reads.paths, "files beside the dataset"),
    ]);
    let unread = told(&[
        (!reads.paths, "local paths"),
        (reads.cloud_storage, "pages of the console"),
        (reads.web, "URLs that need a login"),
    ]);
    let read = read.join(" and ");
    match unread.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("Readable are {read}; not {}, or {last}.", rest.join(", ")),
        Some((last, _)) => format!("Readable are {read}; not {last}."),
        None => format!("Readable are {read}."),
    }
}

/// What a file of this kind, or of each kind, may be; nothing for a kind without limits.
pub(super) fn files(about: &About<'_>, kind: Option<MediaKind>) -> Option<String> {
    let limits = about.limits;
    let size = |bytes: Option<u64>| bytes.map(|bytes| format!("{} MB", bytes >> 20));
    let minutes = |seconds: u32| seconds / 60;
    let mut unit = " minutes";
    let lengths = video_limits(about.format, limits).into_iter().map(|(longest, names)| {
        format!("{}{} at {}", minutes(longest), std::mem::take(&mut unit), alternatives(&names))
    });
    let lengths: Vec<_> = lengths.collect();
    let sound = limits.longest_audio.map(|longest| format!("{} minutes", minutes(longest)));
    let pages = limits.document_pages.map(|pages| format!("{pages} pages in all"));
    let rows = [
        (MediaKind::Video, [size(limits.video_bytes), Some(lengths.join(", ")).filter(|it| !it.is_empty())]),
        (MediaKind::Audio, [size(limits.video_bytes), sound]),
        (MediaKind::Image, [size(limits.image_bytes), None]),
        (MediaKind::Document, [size(limits.image_bytes), pages]),
    ];
    let rows = rows.into_iter().filter(|(of, _)| kind.is_none_or(|kind| kind == *of));
    let rows = rows.map(|(of, limits)| (of, limits.into_iter().flatten().collect::<Vec<_>>().join("; ")));
    let rows: String = rows
        .filter(|(_, limit)| !limit.is_empty())
        .map(|(of, limit)| format!("\n| {} | {limit} |", of.label()))
        .collect();
    (!rows.is_empty()).then(|| format!("| file | at most |\n|---|---|{rows}"))
}

/// The rows of these values; the unset one has none.
pub(super) fn shared_values(about: &About<'_>, values: &[SharedValue]) -> String {
    let mut table = "| resolution | tokens a frame | longest video | training |\n|---|---|---|---|".to_owned();
    let mut rows = 0;
    for value in values {
        let Some((field, longest)) = about.format.words.shared.zip(about.limits.longest_segment(*value)) else {
            continue;
        };
        let tokens = about.limits.frame_tokens(*value);
        let tokens = tokens.map_or_else(|| "not documented".to_owned(), |tokens| tokens.to_string());
        let training = value.number().checked_sub(1).map_or("", |place| field.training[place]);
        table.push_str(&format!("\n| {} | {tokens} | {} minutes | {training} |", field.label(*value), longest / 60));
        rows += 1;
    }
    if rows == 0 { "A video then gets what the service chooses; no page says what that is.".to_owned() } else { table }
}

/// How long a segment is, and which shared values allow that; `None` when it has no offsets.
pub(super) fn segment(about: &About<'_>, segment: &Segment) -> Option<String> {
    let &About { record, example, limits, .. } = about;
    let start = segment.start.map_or(Some(Duration::ZERO), |_| segment.start_time);
    let end = segment.end.map_or(Some(Duration::ZERO), |_| segment.end_time);
    let (Some(start), Some(end)) = (start, end) else {
        return Some("An offset of the segment cannot be read, so its length is not known.".to_owned());
    };
    if segment.end.is_none() {
        segment.start?;
        return Some(format!(
            "The segment lasts from {} to the end of the video, and the line does not say when that is.\n\n{}",
            start.clock(),
            shared_values(about, &SharedValue::ALL)
        ));
    }
    let length = end - start;
    if length <= Duration::ZERO {
        let what = if length == Duration::ZERO { "empty: both offsets are the same" } else { "inverted" };
        return Some(format!("The segment is {what} ({} to {}).", start.clock(), end.clock()));
    }
    let mut out = format!("The segment is **{length} s** long, from {} to {}.", start.clock(), end.clock());
    let field = about.format.words.shared?;
    out.push_str("\n\n| resolution | longest | this segment | its frames, by estimate |\n|---|---|---|---|");
    let frames = frames(record, segment, length, limits);
    for value in SharedValue::ALL {
        let Some(longest) = limits.longest_segment(value) else { continue };
        let verdict = if length > Duration::from_seconds(longest) { "**too long**" } else { "fits" };
        let cost = limits.frame_tokens(value).map(|tokens| grouped(frames * u64::from(tokens)));
        let cost = cost.map_or_else(|| "not documented".to_owned(), |tokens| format!("about {tokens} tokens"));
        out.push_str(&format!("\n| {} | {} minutes | {verdict} | {cost} |", field.label(value), longest / 60));
    }
    out.push_str(&format!("\n\nIts sound is about {} tokens more, at any resolution.", grouped(sound(length, limits))));
    let part = example.parts.get(segment.part).and_then(|part| part.shared);
    let own = [(part, "this part's"), (example.shared, "this line's"), (about.shared, "the file's")];
    let mut own = own.into_iter().filter_map(|(it, whose)| Some((it.filter(|it| it.is_set())?, whose)));
    if let Some((value, whose)) = own.next() {
        let limit = limits.longest_segment(value).map(Duration::from_seconds);
        let verdict = if limit.is_some_and(|limit| length > limit) {
            "the segment is too long for it, and the example would be dropped"
        } else {
            "the segment fits"
        };
        out.push_str(&format!("\n\n{} is {whose} resolution: {verdict}.", field.label(value)));
    }
    Some(out)
}

/// What an example costs in tokens, in parts, when its file has its shared value.
pub(super) fn tokens(about: &About<'_>) -> String {
    let &About { record, example, limits, shared, .. } = about;
    let estimate = Estimate::new(record, example, limits).with_file(shared, limits);
    let degree = if estimate.unknown.is_empty() { "about" } else { "at least" };
    let parts: Vec<_> = estimate.parts().map(|(name, tokens)| format!("{name} {}", grouped(tokens))).collect();
    let parts = if parts.len() > 1 { format!(" ({})", parts.join(", ")) } else { String::new() };
    let mut out = format!("By estimate this example has {degree} **{} tokens**{parts}", grouped(estimate.at_once()));
    out.push_str(&limits.example_tokens.map_or(".".to_owned(), |most| format!("; {} are the most.", grouped(most))));
    let unknown = estimate.unknown.names(&about.format.words);
    if !unknown.is_empty() {
        out.push_str(&format!(" Not in it: {}.", unknown.join(", ")));
    }
    out
}
