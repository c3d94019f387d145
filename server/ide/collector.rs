//! Collects statistics record by record, so that the records can be shared out among threads, and draws them
//! together once.

use crate::analysis::line::Reading;
use crate::example::mime::MediaKind;
use crate::example::shared::SharedValue;
use crate::example::tokens::{Estimate, length};
use crate::example::{Place, Speaker};
use crate::formats::{LineKind, Mark, Target};
use crate::ide::distribution::{Distribution, NUMBERS, SECONDS, histogram};
use crate::ide::statistics::{Dropped, Findings, Kinds, Segments, Share, Shared, Statistics, Tokens};
use crate::json::Kind;
use crate::rules::{Severity, Verdict};
use crate::schema::Means;
use crate::schema::scalar::Duration;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Targets of fewer kinds than this are labels.
pub const MOST_LABELS: usize = 50;

/// A target of more characters is no label.
const LONGEST_LABEL: usize = 40;

/// What records contribute.
#[derive(Clone, Debug, Default)]
pub struct Collector {
    records: u64,
    kinds_of_lines: HashMap<&'static LineKind, u64>,
    examples: u64,
    shared: BTreeMap<&'static str, u64>,
    lengths: Vec<f64>,
    unknown_lengths: u64,
    tokens: Vec<f64>,
    sums: [u64; 4],
    incomplete: u64,
    over_limit: u64,
    labels: Labels,
    kinds: HashMap<String, u64>,
    mime_types: HashMap<String, u64>,
    videos: HashSet<String>,
    turns: Vec<f64>,
}

/// Targets while there are few enough of them.
#[derive(Clone, Debug, Default)]
struct Labels {
    counts: HashMap<String, u64>,
    /// Whether there are too many, or one that is no label.
    none: bool,
}

impl Labels {
    fn add(&mut self, label: String, count: u64) {
        if self.none {
            return;
        }
        *self.counts.entry(label).or_default() += count;
        if self.counts.len() >= MOST_LABELS {
            self.give_up();
        }
    }

    fn give_up(&mut self) {
        self.none = true;
        self.counts = HashMap::new();
    }
}

impl Collector {
    /// Counts a record that is no example: over several lines, blank lines excepted.
    pub fn add_other(&mut self) {
        self.records += 1;
    }

    /// Adds a record of a file with this verdict, whose shared value counts where an example names none.
    pub fn add(&mut self, reading: &Reading<'_>, verdict: &Verdict) {
        self.records += 1;
        let Reading { record, example, .. } = *reading;
        let object = record.root().is_some_and(|root| record.kind(root) == Kind::Object);
        let is_own = !matches!(reading.mark, Mark::Foreign(_)) && reading.kind.format() == verdict.format;
        if !object || !is_own || !reading.errors.is_empty() {
            return;
        }
        let limits = verdict.limits;
        self.examples += 1;
        *self.kinds_of_lines.entry(reading.kind).or_default() += 1;
        if let Some(field) = verdict.format.words.shared {
            match example.shared.filter(|own| own.is_set()) {
                Some(own) => *self.shared.entry(field.name(own)).or_default() += 1,
                None if example.has_frames() => *self.shared.entry("none").or_default() += 1,
                None => {}
            }
        }
        self.add_media(reading);
        let estimate = Estimate::new(record, example, limits).with_file(verdict.shared, limits);
        let parts = [estimate.video, estimate.sound, estimate.images, estimate.text];
        for (sum, part) in self.sums.iter_mut().zip(parts) {
            *sum += part;
        }
        self.incomplete += u64::from(!estimate.unknown.is_empty());
        self.over_limit += u64::from(limits.example_tokens.is_some_and(|most| estimate.at_once() > most));
        self.tokens.push(estimate.total() as f64);
        self.turns.push(example.turns.iter().filter(|turn| turn.place != Place::System).count() as f64);
        match target(reading) {
            Some(label) if label.chars().count() <= LONGEST_LABEL => self.labels.add(label, 1),
            _ => self.labels.give_up(),
        }
    }

    fn add_media(&mut self, reading: &Reading<'_>) {
        let Reading { record, example, .. } = *reading;
        let has_mime = !reading.kind.format().name_of(Means::MimeType).is_empty();
        for media in &example.media {
            let kind = media.kind.map_or("of an unknown kind", MediaKind::label);
            *self.kinds.entry(kind.to_owned()).or_default() += 1;
            let mime = media.mime.and_then(|mime| record.string(mime)).unwrap_or_default();
            if has_mime {
                *self.mime_types.entry(mime.into_owned()).or_default() += 1;
            }
            if media.kind != Some(MediaKind::Video) {
                continue;
            }
            if let Some(uri) = media.uri.and_then(|uri| record.string(uri))
                && !self.videos.contains(&*uri)
            {
                self.videos.insert(uri.into_owned());
            }
            let segment = example.segments.iter().find(|segment| segment.part == media.part);
            match segment.and_then(|segment| length(record, segment)) {
                Some(length) => self.lengths.push(seconds(length)),
                None => self.unknown_lengths += 1,
            }
        }
    }

    /// Adds what was collected elsewhere.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.records += other.records;
        for (kind, count) in other.kinds_of_lines {
            *self.kinds_of_lines.entry(kind).or_default() += count;
        }
        self.examples += other.examples;
        self.unknown_lengths += other.unknown_lengths;
        self.incomplete += other.incomplete;
        self.over_limit += other.over_limit;
        for (value, count) in other.shared {
            *self.shared.entry(value).or_default() += count;
        }
        for (sum, part) in self.sums.iter_mut().zip(other.sums) {
            *sum += part;
        }
        self.lengths.extend(other.lengths);
        self.tokens.extend(other.tokens);
        self.turns.extend(other.turns);
        for (own, others) in [(&mut self.kinds, other.kinds), (&mut self.mime_types, other.mime_types)] {
            for (name, count) in others {
                *own.entry(name).or_default() += count;
            }
        }
        self.videos.extend(other.videos);
        if other.labels.none {
            self.labels.give_up();
        }
        for (label, count) in other.labels.counts {
            self.labels.add(label, count);
        }
        self
    }

    /// Draws it together with the verdict on the file. O(n log n) of its examples.
    #[must_use]
    pub fn finish(self, verdict: &Verdict) -> Statistics {
        if !verdict.tuning {
            let none = Self { records: self.records, ..Self::default() };
            return none.draw(verdict);
        }
        self.draw(verdict)
    }

    fn draw(self, verdict: &Verdict) -> Statistics {
        let [video, sound, images, text] = self.sums;
        let kinds_of_lines = self.kinds_of_lines;
        let (limits, field) = (verdict.limits, verdict.format.words.shared);
        let value = field.zip(verdict.shared);
        let [lowest, higher, ..] = SharedValue::ALL;
        let mut findings: Vec<(Severity, u32, &'static str)> =
            verdict.totals.iter().map(|&(rule, severity, count)| (severity, count, rule.rule().code)).collect();
        findings.sort_by_key(|&(severity, count, rule)| (severity, std::cmp::Reverse(count), rule));
        let labels = (!self.labels.none && !self.labels.counts.is_empty()).then(|| shares(self.labels.counts));
        Statistics {
            tuning: verdict.tuning,
            records: self.records,
            examples: self.examples,
            kinds: Kinds(
                verdict
                    .format
                    .kinds
                    .iter()
                    .map(|kind| (*kind, kinds_of_lines.get(kind).copied().unwrap_or(0)))
                    .collect(),
            ),
            shared: Shared {
                field: field.map(|field| field.name),
                value: value.map(|(field, value)| field.name(value)),
                label: value.map(|(field, value)| field.label(value)),
                counts: self.shared,
            },
            segments: Segments {
                histogram: histogram(&self.lengths, &SECONDS),
                seconds: Distribution::new(self.lengths),
                unknown: self.unknown_lengths,
                end: verdict.format.words.segment_end,
                names: field.map_or_else(Default::default, |field| {
                    let [low, rest @ ..] = SharedValue::ALL.map(|value| field.label(value));
                    (low.to_owned(), rest.join(", "))
                }),
                limit_low: limits.longest_segment(lowest),
                limit_high: limits.longest_segment(higher),
            },
            tokens: Tokens {
                histogram: histogram(&self.tokens, &NUMBERS),
                per_example: Distribution::new(self.tokens),
                video,
                sound,
                images,
                text,
                incomplete: self.incomplete,
                limit: limits.example_tokens,
            },
            labels,
            media: shares(self.kinds),
            mime_types: shares(self.mime_types),
            distinct_videos: self.videos.len() as u64,
            turns: Distribution::new(self.turns),
            dropped: Dropped {
                segment_too_long: verdict.dropped.into(),
                percent: percent(verdict.dropped.into(), verdict.examples.into()),
                job_fails: verdict.fails(),
                limit_percent: limits.drop_percent,
                too_many_tokens: self.over_limit,
            },
            findings: findings
                .into_iter()
                .map(|(severity, count, rule)| Findings {
                    rule,
                    severity: match severity {
                        Severity::Error => "error",
                        Severity::Warning => "warning",
                        Severity::Information => "information",
                        Severity::Hint => "hint",
                    },
                    count: count.into(),
                })
                .collect(),
        }
    }
}

/// The text of the target, trimmed; `None` when there is none or it is more than text.
fn target(reading: &Reading<'_>) -> Option<String> {
    let Reading { record, example, .. } = *reading;
    let last = example
        .conversation()
        .next_back()
        .filter(|_| matches!(reading.kind.target, Target::LastTurn | Target::ByWeight))?;
    if last.speaker != Some(Speaker::Model) {
        return None;
    }
    let mut text = String::new();
    for part in example.parts_of(last) {
        text.push_str(&record.string(part.text?)?);
    }
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn seconds(length: Duration) -> f64 {
    // Milliseconds are what a video has.
    (length.nanos() / 1_000_000) as f64 / 1_000.0
}

fn percent(count: u64, of: u64) -> f64 {
    let exact = count as f64 * 100.0 / of.max(1) as f64;
    (exact * 100.0).round() / 100.0
}

/// The most frequent first, then by name.
fn shares(counts: HashMap<String, u64>) -> Vec<Share> {
    let all = counts.values().sum();
    let mut shares: Vec<_> =
        counts.into_iter().map(|(name, count)| Share { name, count, percent: percent(count, all) }).collect();
    shares.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_of_too_many_kinds_are_no_labels() {
        let mut labels = Labels::default();
        (0..MOST_LABELS - 1).for_each(|number| labels.add(number.to_string(), 1));
        assert_eq!(labels.counts.len(), MOST_LABELS - 1);
        labels.add("one more".to_owned(), 1);
        assert!(labels.none && labels.counts.is_empty());
    }
}
