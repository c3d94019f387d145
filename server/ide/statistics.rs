//! The statistics of a dataset: lengths, tokens, labels, media. Collected record by record, so that the
//! records can be shared out among threads, and drawn together once.

use crate::analysis::line::Reading;
use crate::ide::distribution::{Bar, Distribution, NUMBERS, SECONDS, histogram};
use crate::json::Kind;
use crate::rules::{Severity, Verdict};
use crate::schema::detect::Mark;
use crate::schema::example::Place;
use crate::schema::media::{MediaKind, Profile, Resolution};
use crate::schema::tokens::{Estimate, length};
use crate::schema::{Format, scalar::Duration};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Targets of fewer kinds than this are labels.
pub const MOST_LABELS: usize = 50;

/// A target of more characters is no label.
const LONGEST_LABEL: usize = 40;

/// The statistics of one file.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Statistics {
    /// Whether it is a tuning file; where it is not, nothing but `records` is counted.
    pub tuning: bool,
    /// Records, blank lines left out.
    pub records: u64,
    /// Records that count as examples of the job.
    pub examples: u64,
    /// Of them, lines of supervised tuning.
    pub supervised: u64,
    /// Of them, lines of preference tuning.
    pub preference: u64,
    /// The resolution that the file's examples are to have; null where none sets one.
    pub media_resolution: Option<&'static str>,
    /// Examples by the `mediaResolution` they set; `none` for those with video or images that set none.
    pub media_resolutions: BTreeMap<&'static str, u64>,
    /// The lengths of video segments, in seconds.
    pub segments: Segments,
    /// Tokens, by estimate.
    pub tokens: Tokens,
    /// The targets and how often each occurs, the most frequent first; null when they are no labels.
    pub labels: Option<Vec<Share>>,
    /// Media files by kind.
    pub media: Vec<Share>,
    /// Media files by their MIME type.
    pub mime_types: Vec<Share>,
    /// Different locations of videos.
    pub distinct_videos: u64,
    /// Turns of an example, the system instruction not counted.
    pub turns: Option<Distribution>,
    /// What would be dropped.
    pub dropped: Dropped,
    /// Findings by rule and severity, the worst first.
    pub findings: Vec<Findings>,
}

/// The lengths of video segments.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Segments {
    /// The lengths, in seconds; null when none is known.
    pub seconds: Option<Distribution>,
    /// How many segments have which length.
    pub histogram: Vec<Bar>,
    /// Videos of unknown length: without `endOffset`.
    pub unknown: u64,
    /// The longest segment at LOW, in seconds.
    pub limit_low: u32,
    /// The longest segment at MEDIUM and HIGH, in seconds.
    pub limit_high: u32,
}

/// Tokens, by estimate.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tokens {
    /// Tokens of an example.
    pub per_example: Option<Distribution>,
    /// How many examples have how many tokens.
    pub histogram: Vec<Bar>,
    /// Of all examples: frames of videos.
    pub video: u64,
    /// Of all examples: the sound of videos.
    pub sound: u64,
    /// Of all examples: images.
    pub images: u64,
    /// Of all examples: text, with functions.
    pub text: u64,
    /// Examples of which something is not counted because its size is unknown.
    pub incomplete: u64,
    /// Tokens that an example may have.
    pub limit: u64,
}

/// How often something occurs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Share {
    /// What it is.
    pub name: String,
    /// How often.
    pub count: u64,
    /// That in percent of all.
    pub percent: f64,
}

/// What would be dropped.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dropped {
    /// Examples that would be dropped because a segment is too long.
    pub segment_too_long: u64,
    /// That in percent of the examples.
    pub percent: f64,
    /// Whether the job fails because it is over 10 %.
    pub job_fails: bool,
    /// Examples that may be dropped or cut because they have too many tokens, by estimate.
    pub too_many_tokens: u64,
}

/// The findings of a rule at a severity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Findings {
    /// The rule's code.
    pub rule: &'static str,
    /// The severity.
    pub severity: &'static str,
    /// How many.
    pub count: u64,
}

impl Tokens {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.video + self.sound + self.images + self.text
    }

    /// The parts, each with its name.
    #[must_use]
    pub fn parts(&self) -> [(&'static str, u64); 4] {
        [("video", self.video), ("sound", self.sound), ("images", self.images), ("text", self.text)]
    }
}

/// What records contribute.
#[derive(Clone, Debug, Default)]
pub struct Collector {
    records: u64,
    supervised: u64,
    preference: u64,
    examples: u64,
    resolutions: BTreeMap<&'static str, u64>,
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

    /// Adds a record. `resolution` is the file's, which counts where an example names none.
    pub fn add(&mut self, reading: &Reading<'_>, profile: &Profile, resolution: Option<Resolution>) {
        self.records += 1;
        let Reading { record, example, .. } = *reading;
        let object = record.root().is_some_and(|root| record.kind(root) == Kind::Object);
        if !object || matches!(reading.mark, Mark::Foreign(_)) || !reading.errors.is_empty() {
            return;
        }
        self.examples += 1;
        match reading.format {
            Format::Supervised => self.supervised += 1,
            Format::Preference => self.preference += 1,
        }
        match example.resolution {
            Some(own) if own != Resolution::Unspecified => *self.resolutions.entry(own.name()).or_default() += 1,
            _ if example.has_frames() => *self.resolutions.entry("none").or_default() += 1,
            _ => {}
        }
        self.add_media(reading);
        let estimate = Estimate::new(record, example, profile).with_file(resolution, profile);
        let parts = [estimate.video, estimate.sound, estimate.images, estimate.text];
        for (sum, part) in self.sums.iter_mut().zip(parts) {
            *sum += part;
        }
        self.incomplete += u64::from(!estimate.unknown.is_empty());
        self.over_limit += u64::from(estimate.at_once() > profile.example_tokens);
        self.tokens.push(estimate.total() as f64);
        self.turns.push(example.turns.iter().filter(|turn| turn.place != Place::System).count() as f64);
        match target(reading) {
            Some(label) if label.chars().count() <= LONGEST_LABEL => self.labels.add(label, 1),
            _ => self.labels.give_up(),
        }
    }

    fn add_media(&mut self, reading: &Reading<'_>) {
        let Reading { record, example, .. } = *reading;
        for media in &example.media {
            let kind = media.kind.map_or("of an unknown kind", MediaKind::label);
            *self.kinds.entry(kind.to_owned()).or_default() += 1;
            let mime = media.mime.and_then(|mime| record.string(mime)).unwrap_or_default();
            *self.mime_types.entry(mime.into_owned()).or_default() += 1;
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
        self.supervised += other.supervised;
        self.preference += other.preference;
        self.examples += other.examples;
        self.unknown_lengths += other.unknown_lengths;
        self.incomplete += other.incomplete;
        self.over_limit += other.over_limit;
        for (resolution, count) in other.resolutions {
            *self.resolutions.entry(resolution).or_default() += count;
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
    pub fn finish(self, verdict: &Verdict, profile: &Profile) -> Statistics {
        if !verdict.tuning {
            let none = Self { records: self.records, ..Self::default() };
            return none.draw(verdict, profile);
        }
        self.draw(verdict, profile)
    }

    fn draw(self, verdict: &Verdict, profile: &Profile) -> Statistics {
        let [video, sound, images, text] = self.sums;
        let mut findings: Vec<(Severity, u32, &'static str)> =
            verdict.totals.iter().map(|&(rule, severity, count)| (severity, count, rule.rule().code)).collect();
        findings.sort_by_key(|&(severity, count, rule)| (severity, std::cmp::Reverse(count), rule));
        let labels = (!self.labels.none && !self.labels.counts.is_empty()).then(|| shares(self.labels.counts));
        Statistics {
            tuning: verdict.tuning,
            records: self.records,
            examples: self.examples,
            supervised: self.supervised,
            preference: self.preference,
            media_resolution: verdict.resolution.map(Resolution::name),
            media_resolutions: self.resolutions,
            segments: Segments {
                histogram: histogram(&self.lengths, &SECONDS),
                seconds: Distribution::new(self.lengths),
                unknown: self.unknown_lengths,
                limit_low: profile.low_longest_video,
                limit_high: profile.high_longest_video,
            },
            tokens: Tokens {
                histogram: histogram(&self.tokens, &NUMBERS),
                per_example: Distribution::new(self.tokens),
                video,
                sound,
                images,
                text,
                incomplete: self.incomplete,
                limit: profile.example_tokens,
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
    let last = example.conversation().next_back().filter(|_| reading.format == Format::Supervised)?;
    let role = last.role.and_then(|role| record.string(role))?;
    if role != "model" {
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
