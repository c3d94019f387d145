//! The figures of each model: what a tuning example and its files may be, and what they cost.
//!
//! One table, each row with its sources and their dates. Where no page gives a figure it is `None`,
//! and nothing is claimed.

use super::media::{MediaKind, Resolution};

/// The figures of a model.
///
/// "MB" and "GB" of the pages are read as the larger, binary ones: what is over them is over both.
#[derive(Debug)]
pub struct Profile {
    /// What the model is called.
    pub name: &'static str,
    /// Where the figures are from, and of when.
    pub source: &'static str,
    /// The exact names of the models that have these figures.
    pub models: &'static [&'static str],
    /// A model whose name is this, or begins with it and `.` or `-`, has these figures too.
    pub family: Option<&'static str>,
    /// Tokens of a video frame, or of an image, at LOW.
    pub low_frame_tokens: Option<u32>,
    /// Tokens of a video frame at MEDIUM and HIGH, and at least of an image there.
    pub high_frame_tokens: Option<u32>,
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
    /// Whether all editions of the video page know HIGH for video.
    pub high_on_video: bool,
}

/// Gemini 2.5 Pro, Flash and Flash-Lite.
pub static GEMINI_2_5: Profile = Profile {
    name: "Gemini 2.5",
    source: "tuning documentation of Vertex AI: video 2025-09-04 and 2026, image, audio, document and limits 2026; \
             tokens of audio: Gemini API, 2026",
    models: &["gemini-2.5-pro", "gemini-2.5-flash", "gemini-2.5-flash-lite"],
    family: None,
    low_frame_tokens: Some(64),
    high_frame_tokens: Some(256),
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
    high_on_video: false,
};

/// Gemini 3.x, of which 3.1 Flash-Lite can be tuned.
///
/// A frame costs what it costs the base model, for which the tuning pages give no figure.
pub static GEMINI_3: Profile = Profile {
    name: "Gemini 3",
    source: "tuning documentation of Vertex AI: video, image, audio, document and limits 2026; release note of \
             2026-05-20 (3.1 Flash-Lite, preview); tokens of audio: Gemini API, 2026",
    models: &["gemini-3.1-flash-lite-preview", "gemini-3.1-flash-lite"],
    family: Some("gemini-3"),
    low_frame_tokens: None,
    high_frame_tokens: None,
    resolution_by_part: true,
    high_on_video: true,
    ..GEMINI_2_5
};

impl Default for &'static Profile {
    fn default() -> Self {
        &GEMINI_2_5
    }
}

impl PartialEq for Profile {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Profile {}

/// All profiles, the default first.
pub static PROFILES: [&Profile; 2] = [&GEMINI_2_5, &GEMINI_3];

impl Profile {
    /// The profile of the model of this name; `None` for a model without figures.
    #[must_use]
    pub fn named(model: &str) -> Option<&'static Profile> {
        PROFILES.into_iter().find(|profile| profile.models.contains(&model)).or_else(|| {
            PROFILES.into_iter().find(|profile| {
                let rest = profile.family.and_then(|family| model.strip_prefix(family));
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
            })
        })
    }

    /// Tokens of a video frame, and at least of an image; `None` where no page says.
    #[must_use]
    pub fn frame_tokens(&self, resolution: Resolution) -> Option<u32> {
        match resolution {
            Resolution::Low => self.low_frame_tokens,
            Resolution::Medium | Resolution::High => self.high_frame_tokens,
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
    fn the_longest_segment_depends_on_the_resolution() {
        assert_eq!(GEMINI_2_5.longest_segment(Resolution::Low), Some(1200));
        assert_eq!(GEMINI_2_5.longest_segment(Resolution::High), Some(300));
        assert_eq!(GEMINI_2_5.longest_segment(Resolution::Unspecified), None);
    }

    #[test]
    fn a_model_is_known_by_its_exact_name_and_gemini_3_by_its_family() {
        let named = |model| Profile::named(model).map(|profile| profile.name);
        for model in ["gemini-2.5-pro", "gemini-2.5-flash", "gemini-2.5-flash-lite"] {
            assert_eq!(named(model), Some("Gemini 2.5"));
        }
        for model in ["gemini-3", "gemini-3-pro", "gemini-3.1-flash-lite", "gemini-3.5-flash"] {
            assert_eq!(named(model), Some("Gemini 3"));
        }
        for model in ["", "gemini", "gemini-2.5", "gemini-2.0-flash-001", "gemini-30", "Gemini-2.5-pro"] {
            assert_eq!(named(model), None, "{model}");
        }
    }

    #[test]
    fn where_no_page_gives_a_figure_nothing_is_claimed() {
        for resolution in Resolution::ALL {
            assert_eq!(GEMINI_3.frame_tokens(resolution), None);
        }
        assert_eq!(GEMINI_2_5.frame_tokens(Resolution::Low), Some(64));
        assert!(GEMINI_3.resolution_by_part && !GEMINI_2_5.resolution_by_part);
    }
}
