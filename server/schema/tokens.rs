//! How many tokens an example has, by estimate: documented figures where there are some, a stated rule
//! for text, and what is unknown is said to be.
//!
//! - A video: the frames of its segment (its length times `fps`, else one a second) at the tokens of its
//!   resolution, and 32 tokens of sound for a second. Without `endOffset` its length is not known.
//! - An image: the tokens of its resolution; HIGH where none is set. The crops that HIGH adds are not known.
//! - Audio files, PDFs and text files: their lengths are not known.
//! - Text: a token for every four bytes of UTF-8, and for every Chinese, Japanese or Korean character one,
//!   rounded up. Calls, responses and declarations of functions count as the text of their JSON.

use super::example::{Example, Part, Place, Segment};
use super::media::{MediaKind, Profile, Resolution};
use super::scalar::Duration;
use super::text_length::TextLength;
use crate::json::{Kind, NodeId, Record};

/// The parts of an estimate, in tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Estimate {
    /// Frames of videos whose resolution the line says.
    pub video: u64,
    /// The number of frames, not tokens, of videos that have the resolution of their file.
    pub frames_of_file: u64,
    /// The sound of videos.
    pub sound: u64,
    /// Images.
    pub images: u64,
    /// Text, with functions.
    pub text: u64,
    /// Of [`Self::text`], the shorter answer of a preference line: the two are not read together.
    pub other_answer: u64,
    /// What is not in it because its size is unknown.
    pub unknown: Unknown,
}

/// What an estimate leaves out, so that it says "at least".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unknown(u8);

impl Unknown {
    /// The length of a video.
    pub const LENGTH: Unknown = Unknown(1);
    /// What a frame or an image costs.
    pub const FRAMES: Unknown = Unknown(2);
    /// The crops of images at HIGH.
    pub const CROPS: Unknown = Unknown(4);
    /// Audio files.
    pub const AUDIO: Unknown = Unknown(8);
    /// PDFs and other files.
    pub const FILES: Unknown = Unknown(16);

    const NAMES: [(Unknown, &'static str); 5] = [
        (Self::LENGTH, "a video without `endOffset`"),
        (Self::FRAMES, "frames or images whose tokens no page gives"),
        (Self::CROPS, "the crops of images at HIGH"),
        (Self::AUDIO, "audio files"),
        (Self::FILES, "PDFs and other files"),
    ];

    /// Whether nothing is left out.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is left out, in words.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |(flag, _)| self.0 & flag.0 != 0).map(|(_, name)| name)
    }

    fn add(&mut self, other: Unknown) {
        self.0 |= other.0;
    }
}

impl Estimate {
    /// The estimate of an example that was read from `record`. O(its text); no memory is taken.
    #[must_use]
    pub fn new(record: Record<'_>, example: &Example, profile: &Profile) -> Self {
        let mut estimate = Self::default();
        for media in &example.media {
            match media.kind {
                Some(MediaKind::Video) => estimate.add_video(record, example, media.part, profile),
                Some(MediaKind::Image) => estimate.add_image(example, &example.parts[media.part], profile),
                Some(MediaKind::Audio) => estimate.unknown.add(Unknown::AUDIO),
                _ => estimate.unknown.add(Unknown::FILES),
            }
        }
        estimate.add_text(record, example);
        estimate
    }

    /// The estimate when the file has this resolution: the frames that hang on it are in `video`, or
    /// unknown.
    #[must_use]
    pub fn with_file(mut self, resolution: Option<Resolution>, profile: &Profile) -> Self {
        let frames = std::mem::take(&mut self.frames_of_file);
        if frames == 0 {
            return self;
        }
        match resolution.and_then(|resolution| profile.frame_tokens(resolution)) {
            Some(tokens) => self.video += frames * u64::from(tokens),
            None => self.unknown.add(Unknown::FRAMES),
        }
        self
    }

    /// All tokens whose number is known.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.video + self.sound + self.images + self.text
    }

    /// The tokens that count against the limit of an example.
    #[must_use]
    pub fn at_once(&self) -> u64 {
        self.total() - self.other_answer
    }

    /// The parts that are not zero, each with its name.
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, u64)> + use<> {
        let parts = [("video", self.video), ("sound", self.sound), ("images", self.images), ("text", self.text)];
        parts.into_iter().filter(|(_, tokens)| *tokens > 0)
    }

    fn add_video(&mut self, record: Record<'_>, example: &Example, part: usize, profile: &Profile) {
        let segment = example.segments.iter().find(|segment| segment.part == part);
        let Some((segment, length)) = segment.and_then(|segment| Some((segment, length(record, segment)?))) else {
            return self.unknown.add(Unknown::LENGTH);
        };
        self.sound += sound(length, profile);
        let frames = frames(record, segment, length, profile);
        match resolution(example, &example.parts[part]) {
            Own::Unclear => self.unknown.add(Unknown::FRAMES),
            Own::OfTheFile => self.frames_of_file += frames,
            Own::Known(resolution) => match profile.frame_tokens(resolution) {
                Some(tokens) => self.video += frames * u64::from(tokens),
                None => self.unknown.add(Unknown::FRAMES),
            },
        }
    }

    fn add_image(&mut self, example: &Example, part: &Part, profile: &Profile) {
        let resolution = match resolution(example, part) {
            Own::Known(resolution) => resolution,
            Own::OfTheFile => Resolution::High,
            Own::Unclear => return self.unknown.add(Unknown::FRAMES),
        };
        match profile.frame_tokens(resolution) {
            Some(tokens) => self.images += u64::from(tokens),
            None => return self.unknown.add(Unknown::FRAMES),
        }
        if resolution == Resolution::High {
            self.unknown.add(Unknown::CROPS);
        }
    }

    fn add_text(&mut self, record: Record<'_>, example: &Example) {
        let mut all = TextLength::default();
        example.texts.iter().for_each(|&text| all.add(record, text));
        let (mut number, mut shorter) = (0, u64::MAX);
        if !example.completions.is_empty() {
            for turn in example.turns.iter().filter(|turn| turn.place == Place::Completion) {
                let mut own = TextLength::default();
                example.parts_of(turn).iter().flat_map(Part::texts).for_each(|text| own.add(record, text));
                (number, shorter) = (number + 1, shorter.min(own.tokens()));
            }
        }
        if example.tools
            && let Some(tools) = record.root().and_then(|root| record.member(root, "tools"))
        {
            all.add(record, tools);
        }
        self.text = all.tokens();
        self.other_answer = if number > 1 { shorter } else { 0 };
    }
}

/// The length of a segment; `None` where it is unknown, or there is none.
#[must_use]
pub fn length(record: Record<'_>, segment: &Segment) -> Option<Duration> {
    let set = |node: &NodeId| record.kind(*node) != Kind::Null;
    let start = segment.start.filter(set).map_or(Some(Duration::ZERO), |_| segment.start_time)?;
    let end = segment.end_time?;
    (end > start).then(|| end - start)
}

/// How many frames are taken of a length of a video, rounded up.
#[must_use]
pub fn frames(record: Record<'_>, segment: &Segment, length: Duration, profile: &Profile) -> u64 {
    let own = segment.fps.and_then(|fps| record.raw(record.span(fps)).parse::<f64>().ok());
    match own.filter(|rate| *rate > 0.0 && *rate <= 24.0) {
        // Exact enough for an estimate; `as` stops at the ends of the range.
        Some(rate) => (milliseconds(length) as f64 / 1_000.0 * rate).ceil() as u64,
        None => (milliseconds(length) * u64::from(profile.frames_per_second)).div_ceil(1_000),
    }
}

/// How many tokens the sound of a video of this length has.
#[must_use]
pub fn sound(length: Duration, profile: &Profile) -> u64 {
    (milliseconds(length) * u64::from(profile.audio_tokens_per_second)).div_ceil(1_000)
}

/// Whole milliseconds, up to 49 days: a longer video is no video.
fn milliseconds(length: Duration) -> u64 {
    let millis = length.micros().unwrap_or_default() / 1_000;
    u32::try_from(millis).unwrap_or(u32::MAX).into()
}

/// What a line says of the resolution of a part.
enum Own {
    Known(Resolution),
    OfTheFile,
    Unclear,
}

fn resolution(example: &Example, part: &Part) -> Own {
    let set = |resolution: Option<Resolution>| resolution.filter(|resolution| *resolution != Resolution::Unspecified);
    if let Some(own) = set(part.resolution) {
        return Own::Known(own);
    }
    match set(example.resolution) {
        _ if part.sets_resolution => Own::Unclear,
        Some(own) => Own::Known(own),
        None if example.resolution_node.is_some() && example.resolution.is_none() => Own::Unclear,
        None => Own::OfTheFile,
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Parser;
    use crate::schema::fit::Fit;
    use crate::schema::gemini;
    use crate::schema::profile::{GEMINI_2_5, GEMINI_3};

    fn estimate(text: &str, profile: &Profile) -> Estimate {
        let mut parser = Parser::default();
        parser.parse(text);
        let record = parser.record(text);
        let (mut fit, mut example) = (Fit::default(), Example::default());
        fit.walk(record, &gemini::EXAMPLE);
        example.read(record, &fit);
        Estimate::new(record, &example, profile)
    }

    fn video(metadata: &str, rest: &str) -> String {
        let file = r#""fileData":{"fileUri":"gs://b/a.mp4","mimeType":"video/mp4"}"#;
        format!(r#"{{"contents":[{{"role":"user","parts":[{{{file}{metadata}}}]}}]{rest}}}"#)
    }

    const LOW: &str = r#","generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}"#;

    #[test]
    fn a_video_costs_its_frames_and_its_sound() {
        let text = video(r#","videoMetadata":{"startOffset":"10s","endOffset":"22.5s"}"#, LOW);
        let found = estimate(&text, &GEMINI_2_5);
        // 12.5 seconds: 13 frames, and 400 tokens of sound.
        assert_eq!((found.video, found.sound, found.unknown), (13 * 64, 400, Unknown::default()));
        let text = video(r#","videoMetadata":{"endOffset":"10s","fps":2.5}"#, LOW);
        assert_eq!(estimate(&text, &GEMINI_2_5).video, 25 * 64);
    }

    #[test]
    fn a_line_without_a_resolution_has_that_of_its_file() {
        let found = estimate(&video(r#","videoMetadata":{"endOffset":"10s"}"#, ""), &GEMINI_2_5);
        assert_eq!((found.video, found.frames_of_file), (0, 10));
        assert_eq!(found.with_file(Some(Resolution::Low), &GEMINI_2_5).total(), 640 + 320);
        assert_eq!(found.with_file(Some(Resolution::High), &GEMINI_2_5).total(), 2_560 + 320);
        let open = found.with_file(None, &GEMINI_2_5);
        assert_eq!((open.total(), open.unknown), (320, Unknown::FRAMES));
    }

    #[test]
    fn what_is_unknown_is_said_to_be() {
        for metadata in ["", r#","videoMetadata":{"startOffset":"5s"}"#, r#","videoMetadata":{"endOffset":"5"}"#] {
            let found = estimate(&video(metadata, LOW), &GEMINI_2_5);
            assert_eq!((found.total(), found.unknown), (0, Unknown::LENGTH), "{metadata}");
        }
        let found = estimate(&video(r#","videoMetadata":{"endOffset":"5s"}"#, LOW), &GEMINI_3);
        assert_eq!((found.total(), found.unknown), (160, Unknown::FRAMES));
        let file = |mime: &str| {
            format!(r#"{{"contents":[{{"parts":[{{"fileData":{{"fileUri":"gs://b/a","mimeType":"{mime}"}}}}]}}]}}"#)
        };
        let found = estimate(&file("image/png"), &GEMINI_2_5);
        assert_eq!((found.images, found.unknown), (256, Unknown::CROPS));
        assert_eq!(estimate(&file("audio/mp3"), &GEMINI_2_5).unknown, Unknown::AUDIO);
        assert_eq!(estimate(&file("application/pdf"), &GEMINI_2_5).unknown, Unknown::FILES);
    }

    #[test]
    fn text_counts_by_its_bytes_and_its_ideographs() {
        let text =
            |text: &str| estimate(&format!(r#"{{"contents":[{{"parts":[{{"text":"{text}"}}]}}]}}"#), &GEMINI_2_5).text;
        assert_eq!(text(""), 0);
        assert_eq!(text("goal"), 1);
        assert_eq!(text("goals"), 2);
        // An escape is the character it stands for.
        assert_eq!(text(r"a\nb\u0041"), 1);
        assert_eq!(text("得点"), 2);
        assert_eq!(text(r"\u5f97点"), 2);
        assert_eq!(text("гол"), 2);
        assert_eq!(text(r"\u12"), 1);
        assert_eq!(text(r"\\u5f97点"), text(r"\\u5f97x") + 1 - 1 + 1);
        // Calls count as they stand, `{"args":{"a":""}}` and what is in the quotes.
        let call = |text: &str| {
            let call = format!(r#"{{"functionCall":{{"args":{{"a":"{text}"}}}}}}"#);
            estimate(&format!(r#"{{"contents":[{{"parts":[{call}]}}]}}"#), &GEMINI_2_5).text
        };
        assert_eq!((call(""), call("goals"), call("得点"), call("гол")), (5, 6, 7, 6));
    }

    #[test]
    fn of_two_answers_only_the_longer_counts_against_the_limit() {
        let answer = |text: &str, score| {
            format!(r#"{{"score":{score},"completion":{{"role":"model","parts":[{{"text":"{text}"}}]}}}}"#)
        };
        let text = format!(
            r#"{{"contents":[{{"role":"user","parts":[{{"text":"12345678"}}]}}],"completions":[{},{}]}}"#,
            answer("1234", 1),
            answer("123456789012", 0)
        );
        let mut parser = Parser::default();
        parser.parse(&text);
        let record = parser.record(&text);
        let (mut fit, mut example) = (Fit::default(), Example::default());
        fit.walk(record, &crate::schema::preference::EXAMPLE);
        example.read(record, &fit);
        let found = Estimate::new(record, &example, &GEMINI_2_5);
        assert_eq!((found.total(), found.at_once()), (6, 5));
    }

    #[test]
    fn large_numbers_are_grouped() {
        assert_eq!([0, 999, 1_000, 131_072].map(grouped), ["0", "999", "1,000", "131,072"]);
    }
}
