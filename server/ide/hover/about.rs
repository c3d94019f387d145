//! The record that a hover is about, and the limits that apply to it, as Markdown.

use crate::example::limits::Limits;
use crate::example::mime::MediaKind;
use crate::example::shared::SharedValue;
use crate::example::tokens::{Estimate, frames, grouped, sound};
use crate::example::{Example, Segment};
use crate::formats::{Format, LineKind, Service};
use crate::ide::words::{alternatives, video_limits};
use crate::json::Record;
use crate::schema::fit::Fit;
use crate::schema::scalar::Duration;
use crate::settings::MediaFacts;

pub(super) struct About<'a> {
    pub(super) record: Record<'a>,
    /// `None` for a record that isn't a tuning line.
    pub(super) fit: Option<&'a Fit>,
    pub(super) example: &'a Example,
    pub(super) kind: &'static LineKind,
    pub(super) format: &'static Format,
    /// The shared value of the file.
    pub(super) shared: Option<SharedValue>,
    pub(super) limits: &'static Limits,
    /// The service that reads the file.
    pub(super) service: &'static Service,
    /// What is known about media files.
    pub(super) media: Option<&'a MediaFacts>,
}

impl About<'_> {
    /// Where a service reads files from.
    pub(super) fn readable(&self) -> String {
        let reads = self.service.reads;
        let all =
            [(!reads.paths, "local paths"), (reads.objects, "console pages"), (reads.web, "URLs that need a login")];
        let unread: Vec<_> = all.into_iter().filter(|(unread, _)| *unread).map(|(_, name)| name).collect();
        let but = if unread.is_empty() { String::new() } else { format!(", but not {}", alternatives(&unread)) };
        format!("The service can read {}{but}.", reads.names())
    }

    /// The limits of files of this kind, or of each kind; `None` when there are none.
    pub(super) fn files(&self, kind: Option<MediaKind>) -> Option<String> {
        let limits = self.limits;
        let size = |bytes: Option<u64>| bytes.map(|bytes| format!("{} MB", bytes >> 20));
        let minutes = |seconds: u32| seconds / 60;
        let mut unit = " minutes";
        let lengths = video_limits(self.format, limits).into_iter().map(|(longest, names)| {
            format!("{}{} at {}", minutes(longest), std::mem::take(&mut unit), alternatives(&names))
        });
        let lengths: Vec<_> = lengths.collect();
        let sound = limits.longest_audio.map(|longest| format!("{} minutes", minutes(longest)));
        let pages = limits.document_pages.map(|pages| format!("{pages} pages in total"));
        let rows = [
            (MediaKind::Video, [size(limits.video_bytes), Some(lengths.join(", ")).filter(|it| !it.is_empty())]),
            (MediaKind::Audio, [size(limits.audio_bytes), sound]),
            (MediaKind::Image, [size(limits.image_bytes), None]),
            (MediaKind::Document, [size(limits.image_bytes), pages]),
        ];
        let rows = rows.into_iter().filter(|(of, _)| kind.is_none_or(|kind| kind == *of));
        let rows = rows.map(|(of, limits)| (of, limits.into_iter().flatten().collect::<Vec<_>>().join("; ")));
        let rows: String = rows
            .filter(|(_, limit)| !limit.is_empty())
            .map(|(of, limit)| format!("\n| {} | {limit} |", of.label()))
            .collect();
        (!rows.is_empty()).then(|| format!("| file | limit |\n|---|---|{rows}"))
    }

    /// A table of these shared values. The unset value has no row.
    pub(super) fn shared_values(&self, values: &[SharedValue]) -> String {
        let mut table = "| resolution | tokens per frame | longest video | training |\n|---|---|---|---|".to_owned();
        let mut rows = 0;
        for value in values {
            let Some((field, longest)) = self.format.words.shared.zip(self.limits.longest_segment(*value)) else {
                continue;
            };
            let tokens = self.limits.frame_tokens(*value);
            let tokens = tokens.map_or_else(|| "not documented".to_owned(), |tokens| tokens.to_string());
            let training = value.number().checked_sub(1).map_or("", |place| field.training[place]);
            table.push_str(&format!(
                "\n| {} | {tokens} | {} minutes | {training} |",
                field.label(*value),
                longest / 60
            ));
            rows += 1;
        }
        if rows == 0 {
            "The service then chooses the resolution of videos; the documentation doesn't say which one.".to_owned()
        } else {
            table
        }
    }

    /// The length of a segment, and which shared values allow it; `None` when it has no offsets.
    pub(super) fn segment_limits(&self, segment: &Segment) -> Option<String> {
        let &About { record, example, limits, .. } = self;
        let media = example.parts.get(segment.part).and_then(|part| example.media.get(part.media?));
        let recording = media.and_then(|media| media.known.length);
        let start = segment.start.map_or(Some(Duration::ZERO), |_| segment.start_time);
        let end = segment.end.map_or(Some(recording.unwrap_or_default()), |_| segment.end_time);
        let (Some(start), Some(end)) = (start, end) else {
            return Some("The segment's length is unknown, because one of its offsets is invalid.".to_owned());
        };
        if segment.end.is_none() && recording.is_none() {
            segment.start?;
            return Some(format!(
                "The segment runs from {} to the end of the video, and the line doesn't say when that is.\n\n{}",
                start.clock(),
                self.shared_values(&SharedValue::ALL)
            ));
        }
        let length = end - start;
        if length <= Duration::ZERO {
            let what = match (segment.end, length == Duration::ZERO) {
                (None, true) => "is empty: it starts where the file ends",
                (None, false) => "starts after the end of the file",
                (Some(_), true) => "is empty: both offsets are equal",
                (Some(_), false) => "ends before it starts",
            };
            return Some(format!("The segment {what} ({} to {}).", start.clock(), end.clock()));
        }
        let mut out = format!("The segment is **{length} s** long, from {} to {}.", start.clock(), end.clock());
        let field = self.format.words.shared?;
        out.push_str("\n\n| resolution | limit | this segment | estimated frame tokens |\n|---|---|---|---|");
        let frames = frames(record, Some(segment), length, limits);
        for value in SharedValue::ALL {
            let Some(longest) = limits.longest_segment(value) else { continue };
            let verdict = if length > Duration::from_seconds(longest) { "**too long**" } else { "fits" };
            let cost = limits.frame_tokens(value).map(|tokens| grouped(frames * u64::from(tokens)));
            let cost = cost.map_or_else(|| "not documented".to_owned(), |tokens| format!("about {tokens}"));
            out.push_str(&format!("\n| {} | {} minutes | {verdict} | {cost} |", field.label(value), longest / 60));
        }
        if !media.is_some_and(|media| media.known.silent) {
            let tokens = grouped(sound(length, limits));
            out.push_str(&format!("\n\nThe sound adds about {tokens} tokens at any resolution."));
        }
        let part = example.parts.get(segment.part).and_then(|part| part.shared);
        let own = [(part, "This part"), (example.shared, "This line"), (self.shared, "The file")];
        let mut own = own.into_iter().filter_map(|(it, whose)| Some((it.filter(|it| it.is_set())?, whose)));
        if let Some((value, whose)) = own.next() {
            let limit = limits.longest_segment(value).map(Duration::from_seconds);
            let verdict = if limit.is_some_and(|limit| length > limit) {
                "the segment is too long, so the example would be dropped"
            } else {
                "the segment fits"
            };
            out.push_str(&format!("\n\n{whose} uses {}: {verdict}.", field.label(value)));
        }
        Some(out)
    }

    /// The estimated tokens of an example, in total and by part, with the shared value of its file.
    pub(super) fn tokens(&self) -> String {
        let &About { record, example, limits, shared, .. } = self;
        let estimate = Estimate::new(record, example, limits).with_file(shared, limits);
        let degree = if estimate.unknown.is_empty() { "an estimated" } else { "at least" };
        let parts: Vec<_> = estimate.parts().map(|(name, tokens)| format!("{name} {}", grouped(tokens))).collect();
        let parts = if parts.len() > 1 { format!(" ({})", parts.join(", ")) } else { String::new() };
        let limit = limits.example_tokens.map_or(String::new(), |limit| format!("; the limit is {}", grouped(limit)));
        let tokens = grouped(estimate.at_once());
        let mut out = format!("This example has {degree} **{tokens} tokens**{parts}{limit}.");
        let unknown = estimate.unknown.names(&self.format.words);
        if !unknown.is_empty() {
            out.push_str(&format!(" Not counted: {}.", unknown.join(", ")));
        }
        out
    }
}
