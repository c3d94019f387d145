//! What an example means, whatever its form, in a few numbers that can be kept and compared.

use crate::example::mime::MediaKind;
use crate::example::{Example, Media, Place, Speaker, Turn};
use crate::json::tree::OTHER_ESCAPES;
use crate::json::{Kind, NodeId, Record};
use crate::schema::canonical::{Canonical, digest_of};
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
    /// Of the target: the last turn when it is the model's, or the answers to compare. It tells
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
        let (input, target) = canonical.digests(record, example);
        Self {
            input,
            target: target as u32,
            has_target: canonical.has_target(),
            label: label(record, example),
            clips: clips(record, example),
        }
    }
}

/// What the model is to learn: the last turn of the conversation, when it is the model's, or the answers to compare.
#[must_use]
pub fn target(example: &Example) -> Option<NodeId> {
    example.answer_list.or_else(|| target_turn(example).map(|turn| turn.node))
}

fn target_turn(example: &Example) -> Option<&Turn> {
    example.conversation().next_back().filter(|turn| turn.speaker == Some(Speaker::Model))
}

/// The text of the target, when it is one text and nothing else.
#[must_use]
pub fn target_text<'a>(record: Record<'a>, example: &Example) -> Option<Cow<'a, str>> {
    if example.answer_list.is_some() {
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
    if example.turns.get(part.turn)?.place != Place::Conversation {
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
