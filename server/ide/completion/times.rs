//! Offsets of a segment: those used nearby, and those that follow from the other end.

use super::item::{DocumentationKey, Item, ItemKind};
use super::nearby::{Clip, Tally};
use super::question::Question;
use super::start::{offset, sum};
use crate::ide::words::video_limits;
use crate::json::lexer;
use crate::schema::Means;
use crate::schema::scalar::{Duration, parse_duration, repair_duration};

/// The most offsets that are offered.
const MAX_ITEMS: usize = 20;

/// Items for the value of a start or end offset.
pub(super) fn items(question: &Question<'_>, means: Means) -> Vec<Item> {
    let candidates = if means == Means::SegmentEnd { ends(question) } else { starts(question) };
    let (mut seen, mut items): (Vec<Duration>, Vec<Item>) = as_typed(question).into_iter().unzip();
    for (time, why) in candidates {
        if items.len() == MAX_ITEMS || time.is_negative() || seen.contains(&time) {
            continue;
        }
        seen.push(time);
        let label = time.canonical();
        let item = question.quoted(&label, ItemKind::Value).detail(format!("{} · {why}", time.clock()));
        items.push(item.sort(0, items.len()).documentation(DocumentationKey::Offset(label)));
    }
    items
}

/// What a half-typed clock time, such as `1:05`, or number means.
fn as_typed(question: &Question<'_>) -> Option<(Duration, Item)> {
    let typed = question.typed_in_string()?;
    let (label, _) = repair_duration(&lexer::quote(typed)).filter(|(meant, _)| meant != typed)?;
    let time = parse_duration(&label).ok().filter(|time| !time.is_negative())?;
    let mut item = question.quoted(&label, ItemKind::Value).detail(format!("{} · as typed", time.clock()));
    // Clients compare this with the typed text.
    item.filter = question.cursor.quote.into_iter().chain(typed.chars()).collect();
    Some((time, item.sort(0, 0).documentation(DocumentationKey::Offset(label)).preselect(true)))
}

fn starts(question: &Question<'_>) -> Vec<(Duration, String)> {
    let clips = &question.nearby.clips;
    let before = offset(question, Means::SegmentEnd);
    let uri = uri(question);
    let follows = |clip: &&Clip| uri.is_some() && clip.uri == uri;
    let same_file = clips.iter().filter(follows).filter_map(|clip| clip.end);
    let mut found: Vec<_> = same_file.map(|time| (time, "end of another segment of this file".to_owned())).collect();
    found.push((Duration::ZERO, "start of the video".to_owned()));
    found.extend(clips.iter().filter_map(|clip| clip.start).map(|time| (time, "used nearby".to_owned())));
    found.retain(|(time, _)| before.is_none_or(|end| *time < end));
    found
}

fn ends(question: &Question<'_>) -> Vec<(Duration, String)> {
    let clips = &question.nearby.clips;
    let begin = offset(question, Means::SegmentStart).unwrap_or(Duration::ZERO);
    let mut found = Vec::new();
    for length in lengths(clips) {
        found.extend(sum(begin, length).map(|end| (end, format!("{} s long, as nearby", length))));
    }
    found.extend(clips.iter().filter_map(|clip| clip.end).map(|time| (time, "used nearby".to_owned())));
    found.truncate(MAX_ITEMS.saturating_sub(3));
    let ten = Duration::from_seconds(10);
    if lengths(clips).is_empty() {
        found.extend(sum(begin, ten).map(|end| (end, "10 s long".to_owned())));
    }
    let (known, limits) = (question.shared(), question.limits);
    for (limit, names) in video_limits(question.format, limits) {
        if known.is_none_or(|known| limits.longest_segment(known) == Some(limit)) {
            let end = sum(begin, Duration::from_seconds(limit));
            found.extend(end.map(|end| (end, format!("longest segment at {}", names.join(" and ")))));
        }
    }
    found.retain(|(time, _)| *time > begin);
    found
}

/// The lengths of segments nearby, most frequent first.
fn lengths(clips: &[Clip]) -> Vec<Duration> {
    let mut lengths = Tally::default();
    for clip in clips {
        let length = clip.end.map(|end| end - clip.start.unwrap_or(Duration::ZERO));
        length.filter(|length| *length > Duration::ZERO).into_iter().for_each(|length| lengths.add(length));
    }
    lengths.by_frequency().into_iter().map(|(length, _)| *length).take(5).collect()
}

/// The location of the video that the segment at the cursor belongs to.
fn uri(question: &Question<'_>) -> Option<String> {
    let part = question.record.parent(question.parent)?;
    question.string(question.member(part, Means::File)?, Means::Location)
}
