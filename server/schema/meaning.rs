//! What an example means, whatever its form, in a few numbers that can be kept and compared.

use crate::json::tree::OTHER_ESCAPES;
use crate::json::{Kind, NodeId, Record};
use crate::schema::canonical::{Canonical, digest_of};
use crate::schema::example::{Example, Media, Place, Side, Turn};
use crate::schema::media::MediaKind;
use crate::schema::scalar::Duration;
use std::borrow::Cow;
use std::sync::Arc;

/// Characters of a target that may still be a label.
const LABEL_LENGTH: usize = 40;

/// Bytes of its raw text: as many letters as escaped pairs, and some white space around them.
const LABEL_BYTES: usize = 2 * 12 * LABEL_LENGTH;

/// The digests of an example. What has equal digests means the same, but for chance; who wants to be
/// sure compares the [canonical bytes](Canonical::bytes).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meaning {
    /// Of all but the target.
    pub input: u64,
    /// Of the target: the last turn when it is the model's, or the completions of a preference line. It tells
    /// apart only those that have one input.
    pub target: u32,
    /// Whether there is a target.
    pub has_target: bool,
    /// The target without the space around it, when it is one text of at most 40 characters, as labels are.
    pub label: Option<Arc<str>>,
    /// The pieces of video in the input.
    pub clips: Clips,
}

/// Pieces of video: nearly always one.
pub type Clips = smallvec::SmallVec<[Clip; 1]>;

/// A piece of a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clip {
    /// The digest of its location.
    pub video: u64,
    /// Where it begins, in microseconds.
    pub start: u64,
    /// Where it ends, in microseconds; the largest number when nothing says.
    pub end: u64,
}

impl Clip {
    /// Whether the two show a moment of one video.
    #[must_use]
    pub fn overlaps(self, other: Clip) -> bool {
        self.video == other.video && self.start < other.end && other.start < self.end
    }
}

/// The digest of a video's location.
#[must_use]
pub fn video(location: &str) -> u64 {
    digest_of(location.as_bytes())
}

impl Meaning {
    /// What a record means whose layout is that of `canonical`. O(n).
    #[must_use]
    pub fn of(record: Record<'_>, example: &Example, canonical: &Canonical) -> Self {
        let (input, target) = canonical.digests(record, &example.segments);
        Self {
            input,
            target: target as u32,
            has_target: canonical.has_target(),
            label: label(record, example),
            clips: clips(record, example),
        }
    }
}

/// What the model is to learn: the last turn of `contents`, when it is the model's, or `completions`.
#[must_use]
pub fn target(example: &Example) -> Option<NodeId> {
    example.completion_list.or_else(|| target_turn(example).map(|turn| turn.node))
}

fn target_turn(example: &Example) -> Option<&Turn> {
    example.conversation().next_back().filter(|turn| turn.side == Some(Side::Model))
}

/// The text of the target, when it is one text and nothing else.
#[must_use]
pub fn target_text<'a>(record: Record<'a>, example: &Example) -> Option<Cow<'a, str>> {
    if example.completion_list.is_some() {
        return None;
    }
    match example.parts_of(target_turn(example)?) {
        [part] => record.string(part.text?),
        _ => None,
    }
}

fn label(record: Record<'_>, example: &Example) -> Option<Arc<str>> {
    let [part] = example.parts_of(target_turn(example)?) else { return None };
    if is_long(record, part.text?) {
        return None;
    }
    let text = target_text(record, example)?;
    let text = text.trim();
    (!text.is_empty() && text.chars().nth(LABEL_LENGTH).is_none()).then(|| text.into())
}

/// Whether a text is beyond doubt too long for a label, told without decoding it.
fn is_long(record: Record<'_>, text: NodeId) -> bool {
    let node = record.node(text);
    let raw = record.raw(node.span);
    if raw.len() > LABEL_BYTES || node.escapes == OTHER_ESCAPES {
        return raw.len() > LABEL_BYTES;
    }
    // Of what is left without the space around it, an escape is a letter, and four bytes may be one.
    let mut inner = raw.as_bytes();
    while let [b' ' | b'"', rest @ ..] | [b'\\', b'n' | b't' | b'r', rest @ ..] = inner {
        inner = rest;
    }
    while let [rest @ .., b' ' | b'"'] | [rest @ .., b'\\', b'n' | b't' | b'r'] = inner {
        inner = rest;
    }
    let letters = inner.len().saturating_sub(node.escapes as usize);
    letters > if node.ascii { LABEL_LENGTH } else { 4 * LABEL_LENGTH }
}

/// The pieces of video that the conversation shows, where their offsets can be read.
fn clips(record: Record<'_>, example: &Example) -> Clips {
    let mut clips = Clips::new();
    for media in example.media.iter().filter(|media| media.kind == Some(MediaKind::Video)) {
        if let Some(clip) = clip(record, example, media) {
            clips.push(clip);
        }
    }
    clips
}

/// The piece of a video that the conversation shows.
fn clip(record: Record<'_>, example: &Example, media: &Media) -> Option<Clip> {
    let part = example.parts.get(media.part)?;
    if example.turns.get(part.turn)?.place != Place::Contents {
        return None;
    }
    let (mut start, mut end) = (0, u64::MAX);
    if let Some(segment) = example.segments.iter().find(|segment| segment.part == media.part) {
        start = micros(record, segment.start, segment.start_time, start)?;
        end = micros(record, segment.end, segment.end_time, end)?;
    }
    let location = record.string(media.uri?)?;
    (start < end).then(|| Clip { video: video(&location), start, end })
}

/// An offset in microseconds; `None` for what is no offset.
fn micros(record: Record<'_>, node: Option<NodeId>, time: Option<Duration>, unset: u64) -> Option<u64> {
    match node {
        Some(node) if record.kind(node) != Kind::Null => time?.micros(),
        _ => Some(unset),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Parser;
    use crate::schema::fit::Fit;
    use crate::schema::gemini;

    fn meaning(text: &str) -> Meaning {
        let (mut parser, mut fit, mut example) = (Parser::default(), Fit::default(), Example::default());
        parser.parse(text);
        let record = parser.record(text);
        fit.walk(record, &gemini::EXAMPLE);
        example.read(record, &fit);
        Meaning::of(record, &example, &Canonical::of_layout(record, &fit, target(&example)))
    }

    const PLAIN: &str = r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://b/a.mp4","mimeType":"video/mp4"},"videoMetadata":{"startOffset":"1.50s","endOffset":"9s","fps":2.0}},{"text":"café"}]},{"role":"model","parts":[{"text":"goal"}]}],"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}}"#;

    #[test]
    fn another_form_means_the_same() {
        let other = r#" { "generation_config" : {"mediaResolution": 1, "seed": null}, "contents":[ {"parts":[{"videoMetadata":{"fps":20e-1,"start_offset":"1.5s","endOffset":"9.000s"},"file_data":{"mimeType":"video/mp4","fileUri":"gs:\/\/b\/a.mp4"}},{"text":"caf\u00e9"}],"role":"user"},{"parts":[{"text":"go\u0061l"}],"role":"model"}] }"#;
        assert_eq!(meaning(PLAIN), meaning(other));
    }

    #[test]
    fn whatever_differs_in_meaning_differs() {
        let plain = meaning(PLAIN);
        for (from, to) in [("1.50s", "1.51s"), ("2.0", "2.01"), ("café", "cafe"), ("_LOW", "_HIGH"), ("user", "model")]
        {
            let other = meaning(&PLAIN.replace(from, to));
            assert!(plain.input != other.input && plain.target == other.target, "{from} is {to}");
        }
        let other = meaning(&PLAIN.replace("goal", "Goal"));
        assert!(plain.input == other.input && plain.target != other.target);
    }

    #[test]
    fn numbers_are_compared_by_value() {
        let of = |number: &str| meaning(&PLAIN.replace("2.0", number)).input;
        for same in ["2", "2.00", "0.2e1", "200e-2", "2E+0", "2.0e0"] {
            assert_eq!(of(same), of("2.0"), "{same}");
        }
        assert_eq!(of("0"), of("-0.0e9"));
        for other in ["-2", "20", "0.2", "2e1", "2.0000000000000000000000000001", "2e99999999999999999999"] {
            assert_ne!(of(other), of("2.0"), "{other}");
        }
    }

    #[test]
    fn a_clip_is_a_piece_of_one_video() {
        let clip = |start: &str, end: &str| meaning(&PLAIN.replace("9s", end).replace("1.50s", start)).clips[0];
        assert!(clip("0s", "10s").overlaps(clip("9s", "20s")));
        assert!(!clip("0s", "10s").overlaps(clip("10s", "20s")));
        let whole = meaning(
            r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://b/a.mp4","mimeType":"video/mp4"}}]}]}"#,
        );
        assert!(whole.clips[0].overlaps(clip("100s", "101s")) && !whole.has_target);
        assert!(!clip("0s", "9s").overlaps(meaning(&PLAIN.replace("b/a", "b/other")).clips[0]));
    }

    #[test]
    fn a_label_is_one_short_text() {
        assert_eq!(meaning(PLAIN).label.as_deref(), Some("goal"));
        assert_eq!(meaning(&PLAIN.replace("goal", &"goal".repeat(11))).label, None);
        assert_eq!(meaning(&PLAIN.replace(r#"{"text":"goal"}"#, r#"{"text":"goal"},{"text":"foul"}"#)).label, None);
    }
}
