//! The statistics of a dataset: lengths, tokens, labels, media.

use crate::formats::LineKind;
use crate::ide::distribution::{Bar, Distribution};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

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
    /// Of them, lines of each kind, by its name.
    #[serde(flatten)]
    pub kinds: Kinds,
    /// The value that all examples have to share.
    #[serde(flatten)]
    pub shared: Shared,
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

/// How many examples are of each kind of line of the format.
#[derive(Clone, Debug, PartialEq)]
pub struct Kinds(pub Vec<(&'static LineKind, u64)>);

impl Serialize for Kinds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(kind, count)| (kind.id, count)))
    }
}

/// The value that all examples of a format have to share.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shared {
    /// The field's name; `None` for a format without such a field.
    pub field: Option<&'static str>,
    /// The value that the file's examples are to have; `None` where none sets one.
    pub value: Option<&'static str>,
    /// What people call it.
    pub label: Option<&'static str>,
    /// Examples by the value they set; `none` for those with video or images that set none.
    pub counts: BTreeMap<&'static str, u64>,
}

impl Serialize for Shared {
    /// As two members: the field's name with the value, and its plural with the counts.
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
    /// The lengths, in seconds; null when none is known.
    pub seconds: Option<Distribution>,
    /// How many segments have which length.
    pub histogram: Vec<Bar>,
    /// Videos of unknown length: no end is set.
    pub unknown: u64,
    /// The field that would set it.
    #[serde(skip)]
    pub end: &'static str,
    /// What people call the lowest shared value, and the others.
    #[serde(skip)]
    pub names: (String, String),
    /// The longest segment at the lowest shared value, in seconds.
    pub limit_low: Option<u32>,
    /// The longest segment at all others, in seconds.
    pub limit_high: Option<u32>,
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
    pub limit: Option<u64>,
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
    /// Whether the job fails because of it.
    pub job_fails: bool,
    /// The share above which the job fails, in percent.
    #[serde(skip)]
    pub limit_percent: Option<u64>,
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
