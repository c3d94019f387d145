//! Offsets of a segment: what is used nearby, and what follows from the other end.

use super::documentation::DocumentationKey;
use super::nearby::{Cut, Wanted};
use super::question::Question;
use super::{Item, ItemKind};
use crate::json::lexer;
use crate::schema::media::Resolution;
use crate::schema::scalar::{Duration, parse_duration};
use std::collections::HashMap;

/// So many offsets are offered at most.
const MOST: usize = 20;

/// Offsets that can stand at the cursor, the value of `field`.
pub(super) fn items(question: &Question<'_>, field: &str) -> Vec<Item> {
    let candidates = if field == "endOffset" { ends(question) } else { starts(question) };
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

/// The value of an offset beside the cursor.
pub(super) fn offset(question: &Question<'_>, name: &str) -> Option<Duration> {
    let text = question.site.string(question.site.parent, name)?;
    parse_duration(&text).ok().filter(|time| !time.is_negative())
}

/// One time later by another.
pub(super) fn sum(one: Duration, other: Duration) -> Option<Duration> {
    Duration::from_nanos(one.nanos().checked_add(other.nanos())?)
}

fn starts(question: &Question<'_>) -> Vec<(Duration, String)> {
    let cuts = &question.nearby(Wanted::Cuts).cuts;
    let before = offset(question, "endOffset");
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
    let cuts = &question.nearby(Wanted::Cuts).cuts;
    let begin = offset(question, "startOffset").unwrap_or(Duration::ZERO);
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
    let (known, profile) = (question.resolution(), question.asked.profile);
    for (resolution, names) in [(Resolution::Low, "LOW"), (Resolution::Medium, "MEDIUM and HIGH")] {
        let limit = profile.longest_segment(resolution);
        if known.is_none_or(|known| profile.longest_segment(known) == limit) {
            let end = limit.and_then(|limit| sum(begin, Duration::from_seconds(limit)));
            found.extend(end.map(|end| (end, format!("the longest segment at {names}"))));
        }
    }
    found.retain(|(time, _)| *time > begin);
    found
}

/// How long segments nearby are, the most frequent first.
fn lengths(cuts: &[Cut]) -> Vec<Duration> {
    let mut counts: HashMap<Duration, (usize, usize)> = HashMap::new();
    for (place, cut) in cuts.iter().enumerate() {
        let Some(end) = cut.end else { continue };
        let length = end - cut.start.unwrap_or(Duration::ZERO);
        if length > Duration::ZERO {
            counts.entry(length).or_insert((0, place)).0 += 1;
        }
    }
    let mut lengths: Vec<_> = counts.into_iter().collect();
    lengths.sort_by_key(|(_, (count, place))| (std::cmp::Reverse(*count), *place));
    lengths.into_iter().map(|(length, _)| length).take(5).collect()
}

/// The location of the media that the segment at the cursor is of.
fn uri(question: &Question<'_>) -> Option<String> {
    let site = question.site;
    let part = site.record().parent(site.parent)?;
    site.string(site.member(part, "fileData")?, "fileUri")
}
