//! Makes an example use files that are cut out of its media files, for services that don't read segments.

use crate::analysis::Analyst;
use crate::example::mime::{MediaKind, for_extension, kind_of};
use crate::example::{Media, Segment};
use crate::ide::edits::apply_fixes;
use crate::ide::shift::{Refusal, Times, impossible, plays, recordings, shift_answer};
use crate::json::{Edit, Kind, NodeId, Record, lexer};
use crate::rules::moves::remove_element;
use crate::schema::scalar::Duration;
use xxhash_rust::xxh3::xxh3_64;

/// A piece of a media file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cut {
    /// The location of the file, without the signature of a URL.
    pub location: String,
    /// Where the piece starts.
    pub start: Duration,
    /// Where it ends; `None` for the end of the file.
    pub end: Option<Duration>,
    /// The extension of files of its type, if the location has no extension.
    pub extension: Option<&'static str>,
}

impl Cut {
    /// The name of the file with the piece: letters, digits, `.`, `-` and `_` of ASCII. It depends on nothing but the
    /// piece, so that a file that exists is never that of another one.
    #[must_use]
    pub fn name(&self) -> String {
        const MAX_STEM: usize = 80;
        let (stem, extension) = stem_and_extension(&self.location);
        let extension = extension.or(self.extension).unwrap_or("mp4").to_ascii_lowercase();
        let plain = |it: char| if it.is_ascii_alphanumeric() || matches!(it, '-' | '_') { it } else { '_' };
        let stem: String = stem.chars().take(MAX_STEM).map(plain).collect();
        let stem = stem.trim_start_matches(['-', '_']);
        let stem = if stem.is_empty() { "clip" } else { stem };
        let end = self.end.map_or_else(|| "end".to_owned(), Duration::canonical);
        let start = self.start.canonical();
        let hash = xxh3_64(format!("{start} {end} {}", self.location).as_bytes()) >> 32;
        format!("{stem}_{start}-{end}_{hash:08x}.{extension}")
    }
}

/// Makes an example use cut files: their locations instead of those of the whole files, no offsets, and times in the
/// answer that count from the start of the piece. `new_location` is called for each piece and the location of its file in the
/// example. It gives the new location, or the reason why there is none. `None` if the example has no segment.
///
/// # Errors
/// The reason why the example has to stay as it is.
pub fn use_cuts(
    text: &str,
    times: Times,
    mut new_location: impl FnMut(&Cut, &str) -> Result<String, String>,
    analyst: &mut Analyst,
) -> Result<Option<String>, Refusal> {
    let reading = analyst.read(text);
    let record = reading.record;
    let mut edits = Vec::new();
    let mut starts = Vec::new();
    let is_set = |node: Option<NodeId>| node.is_some_and(|node| record.kind(node) != Kind::Null);
    let segment_of = |media: &Media| {
        let segment = reading.example.segment_of(media.part);
        segment.filter(|segment| is_set(segment.start) || is_set(segment.end))
    };
    if reading.example.media.iter().any(|media| !plays(media) && segment_of(media).is_some()) {
        return impossible("a file that isn't a recording has offsets");
    }
    for media in recordings(&reading) {
        let Some(segment) = segment_of(media) else {
            starts.push(Duration::ZERO);
            continue;
        };
        if !reading.errors.is_empty() {
            return impossible("the line has syntax errors");
        }
        let (Some(start), Some((uri, location))) = (segment.begins(record), location(record, media)) else {
            return impossible("the segment or its location isn't valid");
        };
        let is_open = !is_set(segment.end);
        if (!is_open || media.known.length.is_some()) && segment.length(record, media.known.length).is_none() {
            return impossible("nothing of the file is in the segment");
        }
        let end = segment.end_time.filter(|_| !is_open);
        let extension = media.extension.filter(|_| stem_and_extension(&location).1.is_none());
        let cut = Cut { location: unsigned(&location), start, end, extension };
        let new = new_location(&cut, &location).map_err(Refusal::Impossible)?;
        edits.push(Edit::replace(record.span(uri), lexer::quote(&new)));
        starts.push(start);
    }
    if edits.is_empty() {
        return Ok(None);
    }
    // No time is shifted if it may be about any of several recordings.
    let is_one = times == Times::Keep || starts.windows(2).all(|pair| pair[0] == pair[1]);
    let start = starts.into_iter().find(|start| *start != Duration::ZERO).unwrap_or(Duration::ZERO);
    edits.extend(shift_answer(&reading, Duration::ZERO - start, if is_one { times } else { Times::Auto })?);
    edits.sort();
    let mut text = apply_fixes(text, &[&edits], |_| true);
    // The second time is for segments with other members: each of their two offsets takes a comma along.
    for _ in 0..2 {
        let Some(next) = text.as_deref().and_then(|text| without_offsets(text, analyst)) else { break };
        text = Some(next);
    }
    Ok(text)
}

/// The name of the file at a location, and its extension if it is one of recordings.
fn stem_and_extension(location: &str) -> (&str, Option<&str>) {
    let path = location.split(['?', '#']).next().unwrap_or("");
    let name = path.rsplit(['/', '\\']).next().unwrap_or("");
    let plays = |mime: &&str| matches!(kind_of(mime), Some(MediaKind::Video | MediaKind::Audio));
    let is_extension = |it: &str| it.eq_ignore_ascii_case("mkv") || for_extension(it).iter().any(plays);
    match name.rsplit_once('.').filter(|(_, extension)| is_extension(extension)) {
        Some((stem, extension)) => (stem, Some(extension)),
        None => (name, None),
    }
}

/// A location without the parameters that sign a URL: the same file may be signed several times.
fn unsigned(location: &str) -> String {
    let is_signature = |name: &str| name == "sig" || name.ends_with("signature");
    let is_of_signature = |name: &str| {
        const NAMES: [&str; 15] = [
            "expires",
            "awsaccesskeyid",
            "key-pair-id",
            "policy",
            "se",
            "st",
            "sp",
            "sv",
            "sr",
            "spr",
            "sip",
            "skoid",
            "sktid",
            "skt",
            "ske",
        ];
        let is_prefixed = name.starts_with("x-goog-") || name.starts_with("x-amz-");
        is_signature(name) || is_prefixed || NAMES.contains(&name)
    };
    let name_of = |pair: &str| pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
    let Some((path, query)) = location.split_once('?').filter(|(path, _)| path.contains("://")) else {
        return location.to_owned();
    };
    if !query.split('&').any(|pair| is_signature(&name_of(pair))) {
        return location.to_owned();
    }
    let rest: Vec<_> = query.split('&').filter(|pair| !is_of_signature(&name_of(pair))).collect();
    if rest.is_empty() { path.to_owned() } else { format!("{path}?{}", rest.join("&")) }
}

/// The value of a location, and its text.
fn location(record: Record<'_>, media: &Media) -> Option<(NodeId, String)> {
    let uri = media.uri?;
    Some((uri, record.string(uri)?.into_owned()))
}

/// Removes one offset of each segment, or the whole segment if it has nothing else. `None` if there is no offset.
fn without_offsets(text: &str, analyst: &mut Analyst) -> Option<String> {
    let reading = analyst.read(text);
    let record = reading.record;
    let remove = |segment: &Segment| {
        let offsets = [segment.start, segment.end];
        let offset = segment.start.or(segment.end)?;
        let is_all = record.children(segment.node).all(|member| offsets.contains(&Some(member)));
        remove_element(record, if is_all { segment.node } else { offset })
    };
    let mut edits: Vec<_> = reading.example.segments.iter().filter_map(remove).collect();
    edits.sort();
    if edits.is_empty() { None } else { apply_fixes(text, &[&edits], |_| true) }
}
