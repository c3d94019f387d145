//! Media of a tuning line: resolutions, and the figures of a model (see [`GEMINI_2_5`]).
//!
//! Media types and their extensions are in [`super::mime`].

use serde::{Deserialize, Serialize};

pub use super::mime::{
    MediaKind, agrees, documented_types, extensions_of, for_extension, is_documented, kind_of, nearest,
};

/// How many tokens a frame or an image gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Resolution {
    /// Not said, which is the same as no value.
    Unspecified,
    /// The lowest.
    Low,
    /// The middle one.
    Medium,
    /// The highest for video. (ULTRA_HIGH is for the images of Gemini 3 alone, part by part.)
    High,
}

impl Resolution {
    /// All of them, the lowest first.
    pub const ALL: [Resolution; 4] = [Resolution::Unspecified, Resolution::Low, Resolution::Medium, Resolution::High];

    /// The resolution of this enum name, letter for letter.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|resolution| resolution.name() == name)
    }

    /// The resolution a user means in the settings: `LOW` or the whole name, in any case.
    #[must_use]
    pub fn from_setting(name: &str) -> Option<Self> {
        let meant = |resolution: &Self| {
            name.eq_ignore_ascii_case(resolution.name()) || name.eq_ignore_ascii_case(resolution.label())
        };
        Self::ALL.into_iter().filter(|resolution| *resolution != Self::Unspecified).find(meant)
    }

    /// The name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Resolution::Unspecified => "MEDIA_RESOLUTION_UNSPECIFIED",
            Resolution::Low => "MEDIA_RESOLUTION_LOW",
            Resolution::Medium => "MEDIA_RESOLUTION_MEDIUM",
            Resolution::High => "MEDIA_RESOLUTION_HIGH",
        }
    }

    /// The name as people say it: `LOW`.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.name().trim_start_matches("MEDIA_RESOLUTION_")
    }
}

/// The figures of a model: what a tuning example and its files may be.
///
/// "MB" and "GB" of the pages are read as the larger, binary ones: what is over them is over both.
#[derive(Debug)]
pub struct Profile {
    /// What the model is called.
    pub name: &'static str,
    /// Where the figures are from, and of when.
    pub source: &'static str,
    /// Tokens of a video frame at LOW.
    pub low_frame_tokens: u32,
    /// Tokens of a video frame at MEDIUM and HIGH.
    pub high_frame_tokens: u32,
    /// The longest video at LOW, in seconds.
    pub low_longest_video: u32,
    /// The longest video at MEDIUM and HIGH, in seconds.
    pub high_longest_video: u32,
    /// Frames that are taken of a second of video, when `fps` does not say otherwise.
    pub frames_per_second: u32,
    /// Tokens of a second of sound.
    pub audio_tokens_per_second: u32,
    /// The longest audio of an example, in seconds.
    pub longest_audio: u32,
    /// Videos of an example.
    pub videos: usize,
    /// Audio files of an example.
    pub audio_files: usize,
    /// Images of an example.
    pub images: usize,
    /// PDF files of an example.
    pub documents: usize,
    /// Pages of PDF of an example.
    pub document_pages: usize,
    /// Bytes of a video or audio file.
    pub video_bytes: u64,
    /// Bytes of an image or PDF file.
    pub image_bytes: u64,
    /// Tokens of an example, input and output together.
    pub example_tokens: u64,
    /// Bytes of a dataset file.
    pub file_bytes: u64,
    /// Examples of a training file that has media.
    pub multimodal_examples: u64,
    /// Examples of a training file of text.
    pub text_examples: u64,
    /// Examples of a validation file.
    pub validation_examples: u64,
    /// From more than this many on, the validation file is also held to [`Self::validation_percent`].
    pub free_validation_examples: u64,
    /// The share of the training examples that a large validation file may reach.
    pub validation_percent: u64,
    /// The share of dropped examples above which a job fails.
    pub drop_percent: u64,
    /// The number of examples the documentation advises to begin with.
    pub advised_examples: u64,
    /// Whether a part may have a resolution of its own, so that a file may mix them.
    pub resolution_by_part: bool,
}

/// Gemini 2.5 Pro, Flash and Flash-Lite.
pub static GEMINI_2_5: Profile = Profile {
    name: "Gemini 2.5",
    source: "tuning documentation of Vertex AI: video 2025-09-04 and 2026, image, audio, document and limits 2026; \
             tokens of audio: Gemini API, 2026",
    low_frame_tokens: 64,
    high_frame_tokens: 256,
    low_longest_video: 20 * 60,
    high_longest_video: 5 * 60,
    frames_per_second: 1,
    audio_tokens_per_second: 32,
    longest_audio: 60 * 60,
    videos: 1,
    audio_files: 1,
    images: 30,
    documents: 4,
    document_pages: 300,
    video_bytes: 100 << 20,
    image_bytes: 20 << 20,
    example_tokens: 131_072,
    file_bytes: 1 << 30,
    multimodal_examples: 300_000,
    text_examples: 10_000_000,
    validation_examples: 5_000,
    free_validation_examples: 1_000,
    validation_percent: 30,
    drop_percent: 10,
    advised_examples: 100,
    resolution_by_part: false,
};

impl Profile {
    /// Tokens of a video frame; `None` where no page says.
    #[must_use]
    pub fn frame_tokens(&self, resolution: Resolution) -> Option<u32> {
        match resolution {
            Resolution::Low => Some(self.low_frame_tokens),
            Resolution::Medium | Resolution::High => Some(self.high_frame_tokens),
            Resolution::Unspecified => None,
        }
    }

    /// The longest video, or segment of one, in seconds; `None` where no page says.
    #[must_use]
    pub fn longest_segment(&self, resolution: Resolution) -> Option<u32> {
        match resolution {
            Resolution::Low => Some(self.low_longest_video),
            Resolution::Medium | Resolution::High => Some(self.high_longest_video),
            Resolution::Unspecified => None,
        }
    }

    /// How many files of this kind an example may have; `None` where no page says.
    #[must_use]
    pub fn most(&self, kind: MediaKind) -> Option<usize> {
        match kind {
            MediaKind::Video => Some(self.videos),
            MediaKind::Audio => Some(self.audio_files),
            MediaKind::Image => Some(self.images),
            MediaKind::Document => Some(self.documents),
            MediaKind::Text => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resolution_is_known_by_its_exact_name() {
        assert_eq!(Resolution::from_name("MEDIA_RESOLUTION_LOW"), Some(Resolution::Low));
        assert_eq!(Resolution::from_name("media_resolution_low"), None);
        assert_eq!(Resolution::High.label(), "HIGH");
    }

    #[test]
    fn a_setting_may_be_short_and_in_any_case() {
        assert_eq!(Resolution::from_setting("low"), Some(Resolution::Low));
        assert_eq!(Resolution::from_setting("MEDIA_RESOLUTION_HIGH"), Some(Resolution::High));
        assert_eq!(Resolution::from_setting("UNSPECIFIED"), None);
    }

    #[test]
    fn the_longest_segment_depends_on_the_resolution() {
        assert_eq!(GEMINI_2_5.longest_segment(Resolution::Low), Some(1200));
        assert_eq!(GEMINI_2_5.longest_segment(Resolution::High), Some(300));
        assert_eq!(GEMINI_2_5.longest_segment(Resolution::Unspecified), None);
    }
}
