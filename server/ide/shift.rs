//! Shifts the segments of an example, and the times in its answer, after its files were cut.

use crate::analysis::Analyst;
use crate::analysis::line::Reading;
use crate::example::mime::MediaKind;
use crate::example::{Media, Segment, Speaker};
use crate::ide::doubts::{doubt, names_a_span};
use crate::ide::times::{self, Form, Time};
use crate::json::places::span_in_string;
use crate::json::{Edit, Kind, NodeId, Record, Span, lexer};
use crate::rules::moves::append_member;
use crate::schema::scalar::Duration;
use crate::schema::{Means, snake_case};
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// Which times in an answer are shifted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Times {
    /// All of them if they count from the start of the file, and none if they count from the start of the segment. Refuses
    /// if that is unclear.
    #[default]
    Auto,
    /// None.
    Keep,
    /// Those such as `1:05`.
    Clock,
    /// Also those such as `65s`, and numbers in JSON whose keys name a time.
    All,
}

/// Why an example stays as it is, as a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is unclear what the times in the answer count from.
    Unclear(String),
    /// It can't be done.
    Impossible(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Unclear(reason) | Self::Impossible(reason)) = self;
        f.write_str(reason)
    }
}

pub(super) fn impossible<T>(reason: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::Impossible(reason.into()))
}

/// The edits that shift the offsets of the recordings that are wanted, by their locations, and the times in the answer. None if
/// there is nothing to shift.
///
/// # Errors
/// The reason why the example has to stay as it is.
pub fn shift(
    text: &str,
    by: Duration,
    times: Times,
    is_wanted: impl Fn(Option<&str>) -> bool,
    analyst: &mut Analyst,
) -> Result<Vec<Edit>, Refusal> {
    if by == Duration::ZERO {
        return Ok(Vec::new());
    }
    let reading = analyst.read(text);
    let (record, example) = (reading.record, reading.example);
    let location = |media: &Media| media.uri.and_then(|uri| record.string(uri));
    let wanted: Vec<_> = recordings(&reading).filter(|media| is_wanted(location(media).as_deref())).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    if !reading.errors.is_empty() {
        return impossible("the line has syntax errors");
    }
    // First what can't be done, whatever the times in the answer mean.
    let mut edits = Vec::new();
    for segment in wanted.into_iter().filter_map(|media| example.segment_of(media.part)) {
        edits.extend(shift_segment(&reading, segment, by)?);
    }
    edits.extend(shift_answer(&reading, by, times)?);
    edits.sort();
    Ok(edits)
}

/// What can be done after the file was cut where the segment starts: menu entries with their edits, or with the reason why
/// it can't be done. Empty if there is no segment, or several recordings, or if it starts at 0:00 already.
pub fn to_start(text: &str, analyst: &mut Analyst) -> Vec<(String, Result<Vec<Edit>, Refusal>)> {
    const TITLE: &str = "Make the segment start at 0:00 (after cutting the file)";
    let reading = analyst.read(text);
    let mut recordings = recordings(&reading);
    let only = recordings.next().filter(|_| recordings.next().is_none());
    let start = only.and_then(|media| reading.example.segment_of(media.part)?.start_time);
    drop(recordings);
    let Some(start) = start.filter(|start| *start > Duration::ZERO && reading.errors.is_empty()) else {
        return Vec::new();
    };
    let by = Duration::ZERO - start;
    let mut shifted = |times| shift(text, by, times, |_| true, analyst);
    match shifted(Times::Auto) {
        Err(Refusal::Unclear(_)) => {
            let keep = (format!("{TITLE}; keep the times in the answer"), shifted(Times::Keep));
            let all =
                (format!("{TITLE}; subtract {} from the times in the answer", start.clock()), shifted(Times::All));
            vec![keep, all]
        }
        done => vec![(TITLE.to_owned(), done)],
    }
}

/// The media files of an example that play for some time.
pub(super) fn recordings<'a>(reading: &Reading<'a>) -> impl Iterator<Item = &'a Media> + use<'a> {
    reading.example.media.iter().filter(|media| plays(media))
}

/// Whether a media file may play for some time.
pub(super) fn plays(media: &Media) -> bool {
    !matches!(media.kind, Some(MediaKind::Image | MediaKind::Document | MediaKind::Text))
}

fn shift_segment(reading: &Reading<'_>, segment: &Segment, by: Duration) -> Result<Vec<Edit>, Refusal> {
    let record = reading.record;
    let set = |node: Option<NodeId>| node.filter(|node| record.kind(*node) != Kind::Null);
    let mut edits = Vec::new();
    for (node, time) in [(set(segment.start), segment.start_time), (set(segment.end), segment.end_time)] {
        let Some(node) = node else { continue };
        let (Some(time), Some(text)) = (time, record.string(node)) else {
            return impossible("an offset of the segment isn't valid");
        };
        if time.nanos() + by.nanos() < 0 {
            return impossible("the segment would begin before the start of the file");
        }
        // An offset that isn't written as usual becomes so.
        let canonical = || Duration::from_nanos(time.nanos() + by.nanos()).map(Duration::canonical);
        let read = times::seconds(&text).ok().and_then(|read| Some(format!("{}s", read.first()?.shifted(&text, by)?)));
        let Some(shifted) = read.or_else(canonical) else { return impossible("an offset would be too large") };
        edits.push(Edit::replace(record.span(node), lexer::quote(&shifted)));
    }
    let (None, Some(end)) = (set(segment.start), set(segment.end)) else { return Ok(edits) };
    if by < Duration::ZERO {
        return impossible("the segment would begin before the start of the file");
    }
    let start = lexer::quote(&by.canonical());
    let name = reading.kind.format.name_of(Means::SegmentStart);
    let name = if record.key(end).contains('_') { snake_case(name) } else { name.to_owned() };
    let added = match segment.start {
        Some(null) => Some(Edit::replace(record.span(null), start)),
        None => append_member(record, segment.node, &name, &start),
    };
    edits.extend(added);
    Ok(edits)
}

/// The edits that shift the times in the answers.
pub(super) fn shift_answer(reading: &Reading<'_>, by: Duration, times: Times) -> Result<Vec<Edit>, Refusal> {
    if times == Times::Keep || by == Duration::ZERO {
        return Ok(Vec::new());
    }
    let record = reading.record;
    let mut recordings = recordings(reading);
    let only = recordings.next().filter(|_| recordings.next().is_none());
    let length = only.and_then(|media| reading.example.length_of(record, media));
    let mut found = Vec::new();
    for node in answers(reading) {
        let mut answer = read_answer(record, node, times)?;
        if times == Times::Auto {
            // A number of seconds in words that fits into the segment is usually a length.
            let is_long = |time: &Time| length.is_some_and(|length| time.nanos.max(time.with) > length.nanos());
            let is_time = |time: &Time| time.form != Form::Words || is_long(time);
            (answer.times, answer.lengths) = answer.times.into_iter().partition(is_time);
        }
        found.push(answer);
    }
    if times == Times::Auto && !count_from_the_file(reading, only, length, &found)? {
        return Ok(Vec::new());
    }
    let mut edits = Vec::new();
    for Answer { node, text, times, .. } in &found {
        let ranges: Vec<_> = times.iter().map(|time| time.range.clone()).collect();
        for (time, span) in times.iter().zip(spans(record, *node, &ranges)) {
            let Some(shifted) = time.shifted(text, by) else {
                return impossible(format!("`{}` in the answer would be before 0:00", &text[time.range.clone()]));
            };
            edits.push(Edit::replace(span, shifted));
        }
    }
    Ok(edits)
}

/// A string or number of an answer.
struct Answer<'a> {
    node: NodeId,
    text: Cow<'a, str>,
    /// In their order in the text.
    times: Vec<Time>,
    /// Those that are probably lengths.
    lengths: Vec<Time>,
}

/// Reads the times in a string or number of an answer.
fn read_answer<'a>(record: Record<'a>, node: NodeId, times: Times) -> Result<Answer<'a>, Refusal> {
    let string = record.string(node);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_number = string.as_deref().is_none_or(is_number);
    let text = string.unwrap_or_else(|| Cow::Borrowed(record.raw(record.span(node))));
    let doubtful = |range: Range<usize>| Refusal::Impossible(format!("`{}` in the answer may be a time", &text[range]));
    let key = key_of(record, node);
    let mut read = Vec::new();
    if !is_number {
        read = times::clock(&text).map_err(doubtful)?;
        if times != Times::Clock {
            read.extend(times::seconds(&text).map_err(doubtful)?);
            read.sort_by_key(|time| time.range.start);
        }
        doubt(&text, &read, Some(&key), times == Times::Clock).map_or(Ok(()), Err).map_err(doubtful)?;
    } else if times != Times::Clock {
        read.extend(times::number(&key, &text).map_err(doubtful)?);
        let in_list = record.parent(node).is_some_and(|parent| record.kind(parent) == Kind::Array);
        if read.is_empty() && in_list && names_a_span(&key) {
            return Err(doubtful(0..text.len()));
        }
    }
    Ok(Answer { node, text, times: read, lengths: Vec::new() })
}

/// The key of a value, or of the list it is in.
fn key_of(record: Record<'_>, mut node: NodeId) -> Cow<'_, str> {
    while let Some(list) = record.parent(node).filter(|parent| record.kind(*parent) == Kind::Array) {
        node = list;
    }
    record.key(node)
}

/// The bytes of the record that encode these ranges of a value, which are in order. Reads each byte once.
fn spans(record: Record<'_>, node: NodeId, ranges: &[Range<usize>]) -> Vec<Span> {
    let whole = record.span(node);
    if record.kind(node) != Kind::String {
        return ranges.iter().map(|_| whole).collect();
    }
    if !record.node(node).escaped {
        return ranges.iter().map(|range| span_in_string(record, node, range.start, range.end)).collect();
    }
    let bytes = record.raw(whole).as_bytes();
    let opening = span_in_string(record, node, 0, 0).start();
    let (mut place, mut value) = (opening - whole.start(), 0);
    let mut place_of = |at: usize| {
        while value < at && place < bytes.len() {
            let escape = if bytes[place] == b'\\' { lexer::escape_len(bytes, place) } else { None };
            let length = escape.unwrap_or(1);
            value += match length {
                6 => {
                    lexer::hex4(bytes, place + 2).and_then(|unit| char::from_u32(unit.into())).map_or(3, char::len_utf8)
                }
                12 => 4,
                _ => 1,
            };
            place += length;
        }
        (whole.start() + place).min(whole.end())
    };
    ranges.iter().map(|range| Span::new(place_of(range.start), place_of(range.end))).collect()
}

/// The strings of the answers, and the strings and numbers in function calls.
fn answers<'a>(reading: &Reading<'a>) -> impl Iterator<Item = NodeId> + use<'a> {
    let (record, example) = (reading.record, reading.example);
    let turns = example.turns.iter().filter(|turn| turn.speaker == Some(Speaker::Model));
    let nodes = turns.flat_map(|turn| example.parts_of(turn)).flat_map(move |part| {
        let called = part.call.map_or(0..0, |call| call..record.node(call).next);
        part.text.into_iter().chain(called)
    });
    nodes.filter(move |node| matches!(record.kind(*node), Kind::String | Kind::Number))
}

/// Whether the times in the answers count from the start of the file, and not from that of the segment. With no time, the
/// answer is no.
fn count_from_the_file(
    reading: &Reading<'_>,
    only: Option<&Media>,
    length: Option<Duration>,
    found: &[Answer<'_>],
) -> Result<bool, Refusal> {
    let all = || found.iter().flat_map(|answer| answer.times.iter().map(move |time| (&*answer.text, time)));
    let Some((text, first)) = all().next() else { return Ok(false) };
    let first = &text[first.range.clone()];
    let Some(media) = only else {
        return impossible(format!("`{first}` in the answer may be about any of several recordings"));
    };
    let unclear = |reason: &str| Err(Refusal::Unclear(format!("`{first}` in the answer {reason}")));
    // Some of the times would be shifted, and others not.
    let all_lengths = || found.iter().flat_map(|answer| answer.lengths.iter().map(move |time| (&*answer.text, time)));
    let time_or_length = |(text, time): (&str, &Time)| {
        let reason = "in the answer may be a time or a length";
        Err(Refusal::Unclear(format!("`{}` {reason}", &text[time.range.clone()])))
    };
    let Some(segment) = reading.example.segment_of(media.part).filter(|it| it.start.or(it.end).is_some()) else {
        let found = all().chain(all_lengths()).find(|(_, time)| time.form != Form::Clock);
        return found.map_or(Ok(true), time_or_length);
    };
    let Some(start) = segment.begins(reading.record) else {
        return impossible("an offset of the segment isn't valid");
    };
    let end = segment.ends(reading.record, media.known.length);
    let all_in = |first, last| all().all(|(_, time)| time.is_in(first, last));
    match (all_in(start, end), all_in(Duration::ZERO, length)) {
        (true, false) => {
            let found = all_lengths().find(|(_, time)| time.is_in(start, end));
            found.map_or(Ok(true), time_or_length)
        }
        (false, true) => Ok(false),
        (true, true) => unclear("may count from the start of the file or of the segment"),
        (false, false) => impossible(format!("not all times in the answer, such as `{first}`, are in the segment")),
    }
}
