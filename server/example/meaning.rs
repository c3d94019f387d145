//! The meaning of an example, independent of its form, as a few numbers to store and compare.

use crate::example::mime::MediaKind;
use crate::example::{Example, Media, Place, Speaker, Turn};
use crate::json::tree::OTHER_ESCAPES;
use crate::json::{Kind, NodeId, Record};
use crate::schema::canonical::{Canonical, digest_of};
use crate::schema::scalar::Duration;
use icu_normalizer::ComposingNormalizerBorrowed;
use std::borrow::Cow;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// The maximum length of a label, in characters.
const LABEL_LENGTH: usize = 40;

/// The maximum length of its raw text, in bytes: room for as many escaped surrogate pairs and some white space.
const LABEL_BYTES: usize = 2 * 12 * LABEL_LENGTH;

/// The lengths of raw instructions that may be [fixed](fixed_text), in bytes with their quotes.
const INSTRUCTIONS_BYTES: RangeInclusive<usize> = 22..=8 << 10;

/// The same for prompts. Long ones are rarely the same, and comparing them takes time.
const PROMPT_BYTES: RangeInclusive<usize> = 22..=200;

/// The digests of an example. Except for rare collisions, equal digests mean equal examples; compare the [canonical
/// bytes](Canonical::bytes) to be sure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meaning {
    /// The digest of everything except the target.
    pub input: u64,
    /// The digest of the target: the last turn if it is the model's, or the answers to compare. It is short, so compare
    /// it only between examples with the same input.
    pub target: u32,
    /// Whether there is a target.
    pub has_target: bool,
    /// The target, if it is one text of at most 40 characters, as labels are. White space at its ends stays, and doesn't
    /// count.
    pub label: Option<Arc<str>>,
    /// The [text](fixed_text) that is usually the same in all examples of a file.
    pub fixed_text: Option<Arc<str>>,
    /// The clips of videos in the input.
    pub clips: Clips,
}

/// Clips of videos; nearly always one.
pub type Clips = smallvec::SmallVec<[Clip; 1]>;

/// A clip of a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clip {
    /// The digest of its location.
    pub video: u64,
    /// The start in microseconds.
    pub start: u64,
    /// The end in microseconds; the largest number if it is not set.
    pub end: u64,
}

impl Clip {
    /// Whether both show the same moment of the same video.
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
    /// The meaning of a record with the layout of `canonical`. `last` is that of the record before, which mostly has the same
    /// fixed text. O(n).
    #[must_use]
    pub fn of(record: Record<'_>, example: &Example, canonical: &Canonical, last: Option<&Meaning>) -> Self {
        let (input, target) = canonical.digests(record, |node| example.time(node));
        Self {
            input,
            target: target as u32,
            has_target: canonical.has_target(),
            label: label(record, example),
            fixed_text: fixed_text(record, example).map(|(_, text, _)| {
                let last = last.and_then(|last| last.fixed_text.as_ref()).filter(|last| ***last == *text);
                last.map_or_else(|| text.into(), Arc::clone)
            }),
            clips: clips(record, example),
        }
    }
}

/// What the model learns: the last turn of the conversation, if it is the model's, or the answers to compare.
#[must_use]
pub fn target(example: &Example) -> Option<NodeId> {
    example.answer_list.or_else(|| target_turn(example).map(|turn| turn.node))
}

fn target_turn(example: &Example) -> Option<&Turn> {
    example.conversation().next_back().filter(|turn| turn.speaker == Some(Speaker::Model))
}

/// The text of the target, if it is one text and nothing else.
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
    let (_, text) = label_text(record, example)?;
    Some(text.into())
}

/// The node of the target and its whole text, if it is a [label](Meaning::label).
#[must_use]
pub fn label_text<'a>(record: Record<'a>, example: &Example) -> Option<(NodeId, Cow<'a, str>)> {
    let [part] = example.parts_of(target_turn(example)?) else { return None };
    let node = part.text?;
    if is_long(record, node) {
        return None;
    }
    let text = target_text(record, example)?;
    let label = text.trim();
    (!label.is_empty() && label.chars().nth(LABEL_LENGTH).is_none()).then_some((node, text))
}

/// The text that is usually the same in all examples of a file, its node, and whether it is the instructions: those, or else
/// the first text of the user. `None` if it is short, very long, or one of several instructions.
#[must_use]
pub fn fixed_text<'a>(record: Record<'a>, example: &Example) -> Option<(NodeId, Cow<'a, str>, bool)> {
    let is_instruction = |turn: &&Turn| turn.place == Place::System || turn.speaker == Some(Speaker::System);
    let turn = example.turns.iter().find(is_instruction);
    let node = match turn {
        Some(turn) => match example.parts_of(turn) {
            [part] => part.text?,
            _ => return None,
        },
        None => {
            let user = example.conversation().find(|turn| turn.speaker == Some(Speaker::User))?;
            example.parts_of(user).iter().find_map(|part| part.text)?
        }
    };
    let raw = record.span(node).range().len();
    if !(if turn.is_some() { INSTRUCTIONS_BYTES } else { PROMPT_BYTES }).contains(&raw) {
        return None;
    }
    Some((node, record.string(node)?, turn.is_some()))
}

/// Whether a text is certainly too long for a label, without decoding it.
fn is_long(record: Record<'_>, text: NodeId) -> bool {
    let node = record.node(text);
    let mut inner = record.text.as_bytes().get(node.span.range()).unwrap_or_default();
    if inner.len() > LABEL_BYTES || node.escapes == OTHER_ESCAPES {
        return inner.len() > LABEL_BYTES;
    }
    // After trimming, an escape is one character, and up to four bytes may be one.
    while let [b' ' | b'"', rest @ ..] | [b'\\', b'n' | b't' | b'r', rest @ ..] = inner {
        inner = rest;
    }
    while let [rest @ .., b' ' | b'"'] | [rest @ .., b'\\', b'n' | b't' | b'r'] = inner {
        inner = rest;
    }
    let letters = inner.len().saturating_sub(node.escapes as usize);
    letters > if node.ascii { LABEL_LENGTH } else { 4 * LABEL_LENGTH }
}

/// The clips of videos in the conversation with valid offsets.
fn clips(record: Record<'_>, example: &Example) -> Clips {
    let mut clips = Clips::new();
    for media in example.media.iter().filter(|media| media.kind == Some(MediaKind::Video)) {
        // Faster than `extend` for one clip, which is the usual number.
        if let Some(clip) = clip(record, example, media) {
            clips.push(clip);
        }
    }
    clips
}

fn clip(record: Record<'_>, example: &Example, media: &Media) -> Option<Clip> {
    let part = example.parts.get(media.part)?;
    if example.turns.get(part.turn)?.place != Place::Conversation {
        return None;
    }
    let (start, end) = piece(record, example, media)?;
    let location = record.string(media.uri?)?;
    (start < end).then(|| Clip { video: video(&location), start, end })
}

/// The piece of a media file that its segment selects, in microseconds; `None` if an offset isn't valid.
#[must_use]
pub fn piece(record: Record<'_>, example: &Example, media: &Media) -> Option<(u64, u64)> {
    let whole = media.known.length.map_or(Some(u64::MAX), Duration::micros)?;
    let Some(segment) = example.segment_of(media.part) else { return Some((0, whole)) };
    let start = segment.begins(record)?.micros()?;
    let ends = segment.end.is_some_and(|end| record.kind(end) != Kind::Null);
    let end = if ends { segment.end_time?.micros()? } else { whole };
    Some((start, end))
}

/// What may stand at the end of a sentence.
const FINAL_PUNCTUATION: [char; 14] = [
    '.', '!', '?', ',', ';', ':', '\u{2026}', '\u{3002}', '\u{FF01}', '\u{FF1F}', '\u{FF0C}', '\u{FF1B}', '\u{FF1A}',
    '\u{FF0E}',
];

/// Whether two labels differ only in white space, letter case, final punctuation or Unicode form.
#[must_use]
pub fn is_variant_of(one: &str, other: &str) -> bool {
    without_variants(one) == without_variants(other)
}

/// Whether two labels differ in nothing that can be seen: one has composed letters, and the other letters with marks.
#[must_use]
pub fn look_alike(one: &str, other: &str) -> bool {
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    nfc.normalize(one) == nfc.normalize(other)
}

/// A label without what its [variants](is_variant_of) differ in.
#[must_use]
pub fn without_variants(label: &str) -> String {
    let trimmed = label.trim_end_matches(|letter: char| letter.is_whitespace() || FINAL_PUNCTUATION.contains(&letter));
    // Punctuation alone may be the answer.
    let label = if trimmed.trim().is_empty() { label } else { trimmed };
    let mut words = label.split_whitespace();
    let mut plain = words.next().unwrap_or_default().to_lowercase();
    for word in words {
        // `1 2` and `12` are different numbers.
        if plain.ends_with(char::is_numeric) && word.starts_with(char::is_numeric) {
            plain.push(' ');
        }
        plain.push_str(&word.to_lowercase());
    }
    ComposingNormalizerBorrowed::new_nfc().normalize(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::is_variant_of;

    #[test]
    fn variants_differ_in_white_space_letter_case_or_final_punctuation() {
        for (one, other) in [
            ("The mayor.", "The mayor"),
            ("The mayor .", "the  Mayor"),
            ("goal kick", "goalkick"),
            ("Yes!", "yes"),
            ("No...", "No\u{2026}"),
            ("{\"a\": 1}", "{\"a\":1}"),
            ("\u{306F}\u{3044}\u{3002}", "\u{306F}\u{3044}"),
            ("?", " ? "),
            ("caf\u{e9}", "cafe\u{301}"),
        ] {
            assert!(is_variant_of(one, other) && is_variant_of(other, one), "{one} {other}");
        }
    }

    #[test]
    fn other_differences_are_no_variants() {
        for (one, other) in [
            ("goal", "foul"),
            ("C", "C#"),
            ("C", "C++"),
            ("5", "5%"),
            ("1.5", "15"),
            ("1 2", "12"),
            ("-1", "1"),
            ("?", "!"),
            ("don't", "dont"),
            ("U.S.", "US"),
        ] {
            assert!(!is_variant_of(one, other), "{one} {other}");
        }
    }
}
