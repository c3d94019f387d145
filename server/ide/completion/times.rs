//! Offsets of a segment: what is used nearby, and what follows from the other end.

use super::item::{DocumentationKey, Item, ItemKind};
use super::nearby::{Cut, Tally};
use super::question::Question;
use super::start::{offset, sum};
use crate::ide::words::video_limits;
use crate::json::lexer;
use crate::schema::Means;
use crate::schema::scalar::Duration;

/// So many offsets are offered at most.
const MOST: usize = 20;

/// Offsets that can stand at the cursor, the value of a field that means this.
pub(super) fn items(question: &Question<'_>, means: Means) -> Vec<Item> {
    let candidates = if means == Means::SegmentEnd { ends(question) } else { starts(question) };
    let mut seen: Vec<Duration> = Vec::new();
    let mut items = Vec::new();
    for (time, why) in candidates {
        if items.len() == MOST || time.is_negative() || seen.contains(&time) {
            continue;
        }
        seen.push(time);
        let label = time.canonical();
        let item = question.value(&label, &lexer::quote(&label), ItemKind::Value);
        items.push(
            item.detail(format!("{} · {why}", time.clock()))
                .sort(0, items.len())
                .documentation(DocumentationKey::Offset(label)),
        );
    }
    items
}

fn starts(question: &Question<'_>) -> Vec<(Duration, String)> {
    let cuts = &question.nearby.cuts;
    let before = offset(question, Means::SegmentEnd);
    let uri = uri(question);
    let follows = |cut: &&Cut| uri.is_some() && cut.uri == uri;
    let same_file = cuts.iter().filter(follows).filter_map(|cut| cut.end);
    let mut found: Vec<_> =
        same_file.map(|time| (time, "where another segment of this file ends".to_owned())).collect();
    found.push((Duration::ZERO, "the start of the video".to_owned()));
    found.extend(cuts.iter().filter_map(|cut| cut.start).map(|time| (time, "used nearby".to_owned())));
    found.retain(|(time, _)| before.is_none_or(|end| *time < end));
    found
}

fn ends(question: &Question<'_>) -> Vec<(Duration, String)> {
    let cuts = &question.nearby.cuts;
    let begin = offset(question, Means::SegmentStart).unwrap_or(Duration::ZERO);
    let mut found = Vec::new();
    for length in lengths(cuts) {
        found.extend(sum(begin, length).map(|end| (end, format!("{} s long, as nearby", length))));
    }
    found.extend(cuts.iter().filter_map(|cut| cut.end).map(|time| (time, "used nearby".to_owned())));
    found.truncate(MOST.saturating_sub(3));
    let ten = Duration::from_seconds(10);
    if lengths(cuts).is_empty() {
        found.extend(sum(begin, ten).map(|end| (end, "10 s long".to_owned())));
    }
    let (known, limits) = (question.shared(), question.limits);
    for (limit, names) in video_limits(question.format, limits) {
        if known.is_none_or(|known| limits.longest_segment(known) == Some(limit)) {
            let end = sum(begin, Duration::from_seconds(limit));
            found.extend(end.map(|end| (end, format!("the longest segment at {}", names.join(" and ")))));
        }
    }
    found.retain(|(time, _)| *time > begin);
    found
}

/// How long segments nearby are, the most frequent first.
fn lengths(cuts: &[Cut]) -> Vec<Duration> {
    let mut lengths = Tally::default();
    for cut in cuts {
        let length = cut.end.map(|end| end - cut.start.unwrap_or(Duration::ZERO));
        length.filter(|length| *length > Duration::ZERO).into_iter().for_each(|length| lengths.add(length));
    }
    lengths.by_frequency().into_iter().map(|(length, _)| *length).take(5).collect()
}

/// The location of the media that the segment at the cursor is of.
fn uri(question: &Question<'_>) -> Option<String> {
    let site = question.site;
    let part = question.record.parent(site.parent)?;
    site.string(site.member(part, Means::File)?, Means::Location)
}
