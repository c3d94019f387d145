//! The statistics of a dataset: lengths, tokens, labels, media.

use crate::formats::LineKind;
use crate::ide::distribution::{Bar, Distribution};
use crate::rules::{Severity, Verdict};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::AddAssign;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Statistics {
    /// Whether it is a tuning file. If not, only `records` is counted.
    pub tuning: bool,
    /// Without blank lines.
    pub records: u64,
    pub examples: u64,
    #[serde(flatten)]
    pub kinds: Kinds,
    /// The value that all examples must share.
    #[serde(flatten)]
    pub shared: Shared,
    pub segments: Segments,
    pub tokens: Tokens,
    /// The targets, most frequent first; null when they aren't labels.
    pub labels: Option<Vec<Share>>,
    pub media: Vec<Share>,
    pub mime_types: Vec<Share>,
    /// Different locations.
    pub distinct_videos: u64,
    /// Different locations about which nothing is known; `None` if facts about media files are not configured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_media: Option<u64>,
    /// The videos with several segments, those with the most first.
    #[serde(skip)]
    pub timelines: Vec<Timeline>,
    /// Turns per example, without the system instruction.
    pub turns: Option<Distribution>,
    pub dropped: Dropped,
    /// Findings by rule and severity, worst first.
    pub findings: Vec<Findings>,
}

/// The segments of a video, in the order of their starts.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// The location of the video.
    pub location: String,
    /// Its segments.
    pub pieces: Vec<Piece>,
}

/// A segment of a video.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// Its start in seconds.
    pub start: f64,
    /// Its end in seconds.
    pub end: f64,
    /// The answer of its example; empty if it isn't short.
    pub label: String,
}

/// The number of examples of each kind of line.
#[derive(Clone, Debug, PartialEq)]
pub struct Kinds(pub Vec<(&'static LineKind, u64)>);

impl Serialize for Kinds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(kind, count)| (kind.id, count)))
    }
}

/// The value that all examples of a format must share.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shared {
    /// The field's name; `None` when the format has no such field.
    pub field: Option<&'static str>,
    /// The value expected in this file; `None` when nothing sets it.
    pub value: Option<&'static str>,
    /// The short name of that value.
    pub label: Option<&'static str>,
    /// Examples by the value they set; `none` counts those with video or images and no value.
    pub counts: BTreeMap<&'static str, u64>,
}

impl Serialize for Shared {
    /// Two members: the field's name with the value, and its plural with the counts.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(field) = self.field {
            map.serialize_entry(field, &self.value)?;
            map.serialize_entry(&format!("{field}s"), &self.counts)?;
        }
        map.end()
    }
}

/// The lengths of video segments.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Segments {
    /// The lengths in seconds; null when none is known.
    pub seconds: Option<Distribution>,
    /// Segments by length.
    pub histogram: Vec<Bar>,
    /// Videos of unknown length: no end is set, or no valid one.
    pub unknown: u64,
    /// The field that sets the end.
    #[serde(skip)]
    pub end: &'static str,
    /// The short names of the lowest shared value and of the others.
    #[serde(skip)]
    pub names: (String, String),
    /// The longest segment at the lowest shared value, in seconds.
    pub limit_low: Option<u32>,
    /// The longest segment at the other values, in seconds.
    pub limit_high: Option<u32>,
}

/// Estimated tokens.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tokens {
    pub per_example: Option<Distribution>,
    /// Examples by tokens.
    pub histogram: Vec<Bar>,
    #[serde(flatten)]
    pub sums: TokenSums,
    /// Examples counted only in part, because the size of something is unknown.
    pub incomplete: u64,
    /// The token limit of an example.
    pub limit: Option<u64>,
}

/// Estimated tokens by what they are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TokenSums {
    pub video: u64,
    /// The sound of videos.
    pub sound: u64,
    pub images: u64,
    /// Text, including functions.
    pub text: u64,
}

impl TokenSums {
    pub fn total(&self) -> u64 {
        self.video + self.sound + self.images + self.text
    }

    /// The parts that are not zero, with their names.
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, u64)> + use<> {
        let parts = [("video", self.video), ("sound", self.sound), ("images", self.images), ("text", self.text)];
        parts.into_iter().filter(|(_, tokens)| *tokens > 0)
    }
}

impl AddAssign for TokenSums {
    fn add_assign(&mut self, other: Self) {
        self.video += other.video;
        self.sound += other.sound;
        self.images += other.images;
        self.text += other.text;
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Share {
    pub name: String,
    pub count: u64,
    /// The count as a percentage of all.
    pub percent: f64,
}

/// Examples that would be dropped.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dropped {
    /// Examples that would be dropped because a video, a segment or audio is too long.
    pub segment_too_long: u64,
    /// That number as a percentage of the examples.
    pub percent: f64,
    /// Whether the job fails because of it.
    pub job_fails: bool,
    /// The percentage above which the job fails.
    #[serde(skip)]
    pub limit_percent: Option<u64>,
    /// Examples that may be dropped or cut because the estimate exceeds the token limit.
    pub too_many_tokens: u64,
}

/// The findings of one rule at one severity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Findings {
    pub rule: &'static str,
    #[serde(serialize_with = "severity")]
    pub severity: Severity,
    pub count: u64,
}

impl Findings {
    /// The findings of a file, worst and most frequent first.
    pub fn of(verdict: &Verdict) -> Vec<Self> {
        let findings = verdict.totals.iter().map(|&(rule, severity, count)| Self {
            rule: rule.rule().code,
            severity,
            count: count.into(),
        });
        let mut findings: Vec<_> = findings.collect();
        findings.sort_by_key(|it| (it.severity, Reverse(it.count), it.rule));
        findings
    }
}

fn severity<S: Serializer>(severity: &Severity, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(severity)
}
