//! Collects statistics record by record. Threads collect in parallel, then the results are merged.

use crate::analysis::line::Reading;
use crate::example::mime::MediaKind;
use crate::example::shared::SharedValue;
use crate::example::tokens::Estimate;
use crate::example::{Place, Speaker};
use crate::formats::{LineKind, Mark, Target};
use crate::ide::distribution::{Distribution, NUMBERS, SECONDS, histogram};
use crate::ide::statistics::{
    Dropped, Findings, Kinds, Piece, Segments, Share, Shared, Statistics, Timeline, TokenSums, Tokens,
};
use crate::json::Kind;
use crate::rules::Verdict;
use crate::schema::Means;
use crate::schema::scalar::Duration;
use crate::settings::Settings;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// Targets count as labels while there are fewer different ones than this.
const MAX_LABELS: usize = 50;

/// A target of more characters isn't a label.
const MAX_LABEL_CHARS: usize = 40;

/// At most this many segments are kept for timelines, by each thread.
const MAX_PIECES: usize = 20_000;

/// At most this many videos have a timeline.
const MAX_TIMELINES: usize = 40;

/// What records contribute.
#[derive(Clone, Debug, Default)]
pub struct Collector {
    records: u64,
    kinds_of_lines: HashMap<&'static LineKind, u64>,
    examples: u64,
    shared: HashMap<&'static str, u64>,
    lengths: Vec<f64>,
    unknown_lengths: u64,
    tokens: Vec<f64>,
    sums: TokenSums,
    incomplete: u64,
    over_limit: u64,
    labels: Labels,
    kinds: HashMap<String, u64>,
    mime_types: HashMap<String, u64>,
    videos: HashSet<String>,
    /// The locations about which nothing is known; `None` if facts about media files are not configured.
    unknown_media: Option<HashSet<String>>,
    turns: Vec<f64>,
    /// The segments by the location of their video, and their number.
    pieces: (HashMap<String, Vec<Piece>>, usize),
}

/// The targets, as long as they can be labels.
#[derive(Clone, Debug, Default)]
struct Labels {
    counts: HashMap<String, u64>,
    /// Whether there are too many, or one that isn't a label.
    none: bool,
}

impl Labels {
    fn add(&mut self, label: String, count: u64) {
        if self.none {
            return;
        }
        *self.counts.entry(label).or_default() += count;
        if self.counts.len() >= MAX_LABELS {
            self.give_up();
        }
    }

    fn give_up(&mut self) {
        self.none = true;
        self.counts = HashMap::new();
    }
}

fn add_counts<K: Eq + Hash>(own: &mut HashMap<K, u64>, others: HashMap<K, u64>) {
    for (key, count) in others {
        *own.entry(key).or_default() += count;
    }
}

impl Collector {
    /// Counts for files with these settings.
    pub fn new(settings: &Settings) -> Self {
        Self { unknown_media: settings.media.as_ref().map(|_| HashSet::new()), ..Self::default() }
    }

    /// Counts a record that isn't an example because it spans several lines.
    pub fn add_other(&mut self) {
        self.records += 1;
    }

    /// Adds a record of a file with this verdict. The verdict's shared value applies to examples that set none.
    pub fn add(&mut self, reading: &Reading<'_>, verdict: &Verdict) {
        self.records += 1;
        let Reading { record, example, .. } = *reading;
        let object = record.root().is_some_and(|root| record.kind(root) == Kind::Object);
        let is_own = !matches!(reading.mark, Mark::Foreign(_)) && reading.kind.format == verdict.format;
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
        let Estimate { video, sound, images, text, .. } = estimate;
        self.sums += TokenSums { video, sound, images, text };
        self.incomplete += u64::from(!estimate.unknown.is_empty());
        self.over_limit += u64::from(limits.example_tokens.is_some_and(|most| estimate.at_once() > most));
        self.tokens.push(estimate.total() as f64);
        self.turns.push(example.turns.iter().filter(|turn| turn.place != Place::System).count() as f64);
        let label = target(reading).filter(|label| label.chars().count() <= MAX_LABEL_CHARS);
        self.add_pieces(reading, label.as_deref().unwrap_or_default());
        match label {
            Some(label) => self.labels.add(label, 1),
            None => self.labels.give_up(),
        }
    }

    /// Adds the segments of videos for timelines.
    fn add_pieces(&mut self, reading: &Reading<'_>, label: &str) {
        let Reading { record, example, .. } = *reading;
        for media in example.media.iter().filter(|media| media.kind == Some(MediaKind::Video)) {
            let start = example.segment_of(media.part).map_or(Some(Duration::ZERO), |segment| segment.begins(record));
            let location = media.uri.and_then(|uri| record.string(uri));
            let (Some(location), Some(start), Some(length)) = (location, start, example.length_of(record, media))
            else {
                continue;
            };
            if self.pieces.1 >= MAX_PIECES {
                return;
            }
            let (start, length) = (seconds(start), seconds(length));
            let piece = Piece { start, end: start + length, label: label.to_owned() };
            self.pieces.0.entry(location.into_owned()).or_default().push(piece);
            self.pieces.1 += 1;
        }
    }

    fn add_media(&mut self, reading: &Reading<'_>) {
        let Reading { record, example, .. } = *reading;
        let has_mime = !reading.kind.format.name_of(Means::MimeType).is_empty();
        for media in &example.media {
            let kind = media.kind.map_or("unknown kind", MediaKind::label);
            *self.kinds.entry(kind.to_owned()).or_default() += 1;
            let mime = media.mime.and_then(|mime| record.string(mime)).unwrap_or_default();
            if has_mime {
                *self.mime_types.entry(mime.into_owned()).or_default() += 1;
            }
            if let Some(unknown) = &mut self.unknown_media
                && media.is_unknown()
            {
                unknown.extend(media.uri.and_then(|uri| record.string(uri)).map(Cow::into_owned));
            }
            if media.kind != Some(MediaKind::Video) {
                continue;
            }
            if let Some(uri) = media.uri.and_then(|uri| record.string(uri))
                && !self.videos.contains(&*uri)
            {
                self.videos.insert(uri.into_owned());
            }
            match example.length_of(record, media) {
                Some(length) => self.lengths.push(seconds(length)),
                None => self.unknown_lengths += 1,
            }
        }
    }

    /// Adds the records of another collector.
    pub fn merge(mut self, other: Self) -> Self {
        self.records += other.records;
        self.examples += other.examples;
        self.unknown_lengths += other.unknown_lengths;
        self.incomplete += other.incomplete;
        self.over_limit += other.over_limit;
        self.sums += other.sums;
        add_counts(&mut self.kinds_of_lines, other.kinds_of_lines);
        add_counts(&mut self.shared, other.shared);
        add_counts(&mut self.kinds, other.kinds);
        add_counts(&mut self.mime_types, other.mime_types);
        self.lengths.extend(other.lengths);
        self.tokens.extend(other.tokens);
        self.turns.extend(other.turns);
        self.videos.extend(other.videos);
        self.pieces.1 += other.pieces.1;
        for (location, pieces) in other.pieces.0 {
            self.pieces.0.entry(location).or_default().extend(pieces);
        }
        match (&mut self.unknown_media, other.unknown_media) {
            (Some(own), Some(others)) => own.extend(others),
            (own, others) => *own = own.take().or(others),
        }
        if other.labels.none {
            self.labels.give_up();
        }
        for (label, count) in other.labels.counts {
            self.labels.add(label, count);
        }
        self
    }

    /// The statistics, with the verdict on the file. O(n log n) in the examples.
    pub fn finish(self, verdict: &Verdict) -> Statistics {
        let collected = if verdict.tuning { self } else { Self { records: self.records, ..Self::default() } };
        let (limits, field) = (verdict.limits, verdict.format.words.shared);
        let value = field.zip(verdict.shared);
        let [lowest, higher, ..] = SharedValue::ALL;
        let kinds = verdict.format.kinds.iter().map(|&kind| {
            let count = collected.kinds_of_lines.get(kind).copied();
            (kind, count.unwrap_or(0))
        });
        let labels = Some(collected.labels).filter(|labels| !labels.none && !labels.counts.is_empty());
        Statistics {
            tuning: verdict.tuning,
            records: collected.records,
            examples: collected.examples,
            kinds: Kinds(kinds.collect()),
            shared: Shared {
                field: field.map(|field| field.name),
                value: value.map(|(field, value)| field.name(value)),
                label: value.map(|(field, value)| field.label(value)),
                counts: collected.shared.into_iter().collect(),
            },
            segments: Segments {
                histogram: histogram(&collected.lengths, &SECONDS),
                seconds: Distribution::new(collected.lengths),
                unknown: collected.unknown_lengths,
                end: verdict.format.words.segment_end,
                names: field.map_or_else(Default::default, |field| {
                    let [low, rest @ ..] = SharedValue::ALL.map(|value| field.label(value));
                    (low.to_owned(), rest.join(", "))
                }),
                limit_low: limits.longest_segment(lowest),
                limit_high: limits.longest_segment(higher),
            },
            tokens: Tokens {
                histogram: histogram(&collected.tokens, &NUMBERS),
                per_example: Distribution::new(collected.tokens),
                sums: collected.sums,
                incomplete: collected.incomplete,
                limit: limits.example_tokens,
            },
            labels: labels.map(|labels| shares(labels.counts)),
            media: shares(collected.kinds),
            mime_types: shares(collected.mime_types),
            distinct_videos: collected.videos.len() as u64,
            unknown_media: collected.unknown_media.map(|locations| locations.len() as u64),
            timelines: timelines(collected.pieces.0),
            turns: Distribution::new(collected.turns),
            dropped: Dropped {
                segment_too_long: verdict.dropped.into(),
                percent: percent(verdict.dropped.into(), verdict.examples.into()),
                job_fails: verdict.fails(),
                limit_percent: limits.drop_percent,
                too_many_tokens: collected.over_limit,
            },
            findings: Findings::of(verdict),
        }
    }
}

/// The videos with several segments, those with the most first.
fn timelines(pieces: HashMap<String, Vec<Piece>>) -> Vec<Timeline> {
    let several = pieces.into_iter().filter(|(_, pieces)| pieces.len() > 1);
    let mut timelines: Vec<_> = several.map(|(location, pieces)| Timeline { location, pieces }).collect();
    timelines.sort_by(|a, b| b.pieces.len().cmp(&a.pieces.len()).then_with(|| a.location.cmp(&b.location)));
    timelines.truncate(MAX_TIMELINES);
    for timeline in &mut timelines {
        timeline
            .pieces
            .sort_by(|a, b| a.start.total_cmp(&b.start).then(a.end.total_cmp(&b.end)).then(a.label.cmp(&b.label)));
    }
    timelines
}

/// The trimmed text of the target; `None` when there is none or it has parts other than text.
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
    // Whole milliseconds, as in a video.
    (length.nanos() / 1_000_000) as f64 / 1_000.0
}

fn percent(count: u64, of: u64) -> f64 {
    let exact = count as f64 * 100.0 / of.max(1) as f64;
    (exact * 100.0).round() / 100.0
}

/// Most frequent first, then by name.
fn shares(counts: HashMap<String, u64>) -> Vec<Share> {
    let all = counts.values().sum();
    let mut shares: Vec<_> =
        counts.into_iter().map(|(name, count)| Share { name, count, percent: percent(count, all) }).collect();
    shares.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    shares
}
