//! Estimates the number of tokens of an example: from documented figures where they exist, by a fixed rule for text.
//! What is unknown is listed.
//!
//! - Video: the frames of its segment (its length times the frame rate) at the tokens of its shared value, plus the
//!   tokens of its sound. Without an end its length is unknown, unless the length of the file is known.
//! - Image: the tokens of its shared value, or of the usual one for images if none is set. Those of its crops are
//!   unknown.
//! - Audio file: its sound, if its length is known.
//! - PDFs and text files: unknown.
//! - Text: one token for four bytes of UTF-8, rounded up, and one for each Chinese, Japanese or Korean character.
//!   Function calls, results and declarations count as the text of their JSON.

use super::limits::Limits;
use super::mime::MediaKind;
use super::shared::SharedValue;
use super::text_length::TextLength;
use super::{Example, Media, Part, Place, Segment, SharedSource, Vocabulary};
use crate::json::Record;
use crate::schema::scalar::Duration;
use std::borrow::Cow;

/// The parts of an estimate, in tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Estimate {
    /// Frames of videos whose line sets the shared value.
    pub video: u64,
    /// The number of frames, not tokens, of videos with the shared value of their file.
    pub frames_of_file: u64,
    /// The sound of videos, and audio files.
    pub sound: u64,
    /// Images.
    pub images: u64,
    /// Text, including functions.
    pub text: u64,
    /// The part of [`Self::text`] in the shorter answer of a preference line: the service reads one answer at a time.
    pub other_answer: u64,
    /// What the estimate omits because its size is unknown.
    pub unknown: Unknown,
}

/// What an estimate omits, so that it is a minimum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unknown(u8);

impl Unknown {
    /// The length of a video.
    pub const LENGTH: Unknown = Unknown(1);
    /// The tokens of a frame or an image.
    pub const FRAMES: Unknown = Unknown(2);
    /// The crops of images.
    pub const CROPS: Unknown = Unknown(4);
    /// Audio files of unknown length.
    pub const AUDIO: Unknown = Unknown(8);
    /// PDFs and other files.
    pub const FILES: Unknown = Unknown(16);

    const NAMES: [(Unknown, &'static str); 4] = [
        (Self::FRAMES, "frames or images whose tokens no page gives"),
        (Self::CROPS, "the crops of images at the highest resolution"),
        (Self::AUDIO, "audio files"),
        (Self::FILES, "PDFs and other files"),
    ];

    /// Whether the estimate omits nothing.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What the estimate omits, in the words of a format.
    pub fn names(self, words: &Vocabulary) -> Vec<Cow<'static, str>> {
        let has = |flag: Unknown| self.0 & flag.0 != 0;
        let length = has(Self::LENGTH).then(|| format!("a video without `{}`", words.segment_end).into());
        let named = Self::NAMES.into_iter().filter(|(flag, _)| has(*flag)).map(|(_, name)| name.into());
        length.into_iter().chain(named).collect()
    }

    fn add(&mut self, other: Unknown) {
        self.0 |= other.0;
    }
}

impl Estimate {
    /// The estimate of an example that was read from `record`. O(its text), without allocating.
    #[must_use]
    pub fn new(record: Record<'_>, example: &Example, limits: &Limits) -> Self {
        let mut estimate = Self::default();
        for media in &example.media {
            match media.kind {
                Some(MediaKind::Video) => estimate.add_video(record, example, media, limits),
                Some(MediaKind::Image) => estimate.add_image(example, &example.parts[media.part], limits),
                Some(MediaKind::Audio) => match media.known.length.filter(|_| limits.audio_tokens_per_second > 0) {
                    Some(length) => estimate.sound += sound(length, limits),
                    None => estimate.unknown.add(Unknown::AUDIO),
                },
                _ => estimate.unknown.add(Unknown::FILES),
            }
        }
        estimate.add_text(record, example);
        estimate
    }

    /// The estimate for a file with this shared value: the frames that depend on it are in `video`, or unknown.
    #[must_use]
    pub fn with_file(mut self, value: Option<SharedValue>, limits: &Limits) -> Self {
        let frames = std::mem::take(&mut self.frames_of_file);
        if frames > 0 {
            self.add_frames(frames, value, limits);
        }
        self
    }

    fn add_frames(&mut self, frames: u64, value: Option<SharedValue>, limits: &Limits) {
        match value.and_then(|value| limits.frame_tokens(value)) {
            Some(tokens) => self.video += frames * u64::from(tokens),
            None => self.unknown.add(Unknown::FRAMES),
        }
    }

    /// All known tokens.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.video + self.sound + self.images + self.text
    }

    /// The tokens that count toward the limit of an example.
    #[must_use]
    pub fn at_once(&self) -> u64 {
        self.total() - self.other_answer
    }

    /// The nonzero parts, with their names.
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, u64)> + use<> {
        let parts = [("video", self.video), ("sound", self.sound), ("images", self.images), ("text", self.text)];
        parts.into_iter().filter(|(_, tokens)| *tokens > 0)
    }

    fn add_video(&mut self, record: Record<'_>, example: &Example, media: &Media, limits: &Limits) {
        let Some(length) = example.length_of(record, media) else { return self.unknown.add(Unknown::LENGTH) };
        if !media.known.silent {
            self.sound += sound(length, limits);
        }
        let frames = frames(record, example.segment_of(media.part), length, limits);
        match example.shared_source(&example.parts[media.part]) {
            SharedSource::Unclear => self.add_frames(frames, None, limits),
            SharedSource::File => self.frames_of_file += frames,
            SharedSource::Known(value) => self.add_frames(frames, Some(value), limits),
        }
    }

    fn add_image(&mut self, example: &Example, part: &Part, limits: &Limits) {
        let value = match example.shared_source(part) {
            SharedSource::Known(value) => Some(value),
            SharedSource::File => limits.unset_on_image,
            SharedSource::Unclear => None,
        };
        match value.and_then(|value| limits.frame_tokens(value)) {
            Some(tokens) => self.images += u64::from(tokens),
            None => return self.unknown.add(Unknown::FRAMES),
        }
        if value == limits.cropped_at {
            self.unknown.add(Unknown::CROPS);
        }
    }

    fn add_text(&mut self, record: Record<'_>, example: &Example) {
        let mut all = TextLength::default();
        example.texts.iter().for_each(|&text| all.add(record, text));
        let (mut number, mut shorter) = (0, u64::MAX);
        if !example.answers.is_empty() {
            for turn in example.turns.iter().filter(|turn| turn.place == Place::Answer) {
                let mut own = TextLength::default();
                example.parts_of(turn).iter().flat_map(Part::texts).for_each(|text| own.add(record, text));
                (number, shorter) = (number + 1, shorter.min(own.tokens()));
            }
        }
        if let Some(tools) = example.tools {
            all.add(record, tools);
        }
        self.text = all.tokens();
        self.other_answer = if number > 1 { shorter } else { 0 };
    }
}

/// The number of frames taken from a video or a segment of this length, rounded up.
#[must_use]
pub fn frames(record: Record<'_>, segment: Option<&Segment>, length: Duration, limits: &Limits) -> u64 {
    let own = segment.and_then(|segment| segment.fps).and_then(|fps| record.raw(record.span(fps)).parse::<f64>().ok());
    match own.filter(|rate| *rate > 0.0 && *rate <= f64::from(limits.max_frame_rate)) {
        // Exact enough for an estimate; `as` saturates.
        Some(rate) => (milliseconds(length) as f64 / 1_000.0 * rate).ceil() as u64,
        None => (milliseconds(length) * u64::from(limits.frames_per_second)).div_ceil(1_000),
    }
}

/// The tokens for the sound of a video of this length.
#[must_use]
pub fn sound(length: Duration, limits: &Limits) -> u64 {
    (milliseconds(length) * u64::from(limits.audio_tokens_per_second)).div_ceil(1_000)
}

/// Whole milliseconds, at most 49 days.
fn milliseconds(length: Duration) -> u64 {
    let millis = length.micros().unwrap_or_default() / 1_000;
    u32::try_from(millis).unwrap_or(u32::MAX).into()
}

/// Digits in groups of three: `131,072`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
