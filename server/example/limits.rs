//! The limits of a model: what an example and its files may contain, and their cost in tokens.

use super::mime::MediaKind;
use super::shared::SharedValue;

/// The limits of a model; `None` where no page gives a figure.
///
/// "MB" and "GB" count as the larger, binary units, so that what exceeds them exceeds both.
#[derive(Debug)]
pub struct Limits {
    /// The model's name, for a person.
    pub name: &'static str,
    /// The sources of the figures, and their dates.
    pub source: &'static str,
    /// The exact names of the models with these limits.
    pub models: &'static [&'static str],
    /// The models to offer in settings, each with its documentation there.
    pub listed_models: &'static [(&'static str, &'static str)],
    /// A model with this name, or a name that begins with it and `.` or `-`, has these limits too.
    pub family: Option<&'static str>,
    /// Tokens of a video frame, and at least of an image, by [shared value](SharedValue::number).
    pub frame_tokens: [Option<u32>; 4],
    /// The shared value that images have if none is set.
    pub unset_on_image: Option<SharedValue>,
    /// The shared value at which images have crops, whose tokens are unknown.
    pub cropped_at: Option<SharedValue>,
    /// The longest video, or segment of one, in seconds, by [shared value](SharedValue::number).
    pub longest_video: [Option<u32>; 4],
    /// Whether these are the limits for all videos of an example together.
    pub video_lengths_add_up: bool,
    /// Frames taken per second of video, unless the segment sets a rate.
    pub frames_per_second: u32,
    /// The highest frame rate of a segment.
    pub max_frame_rate: u32,
    /// Tokens per second of sound.
    pub audio_tokens_per_second: u32,
    /// The longest audio in an example, in seconds.
    pub longest_audio: Option<u32>,
    /// Videos per example.
    pub videos: Option<usize>,
    /// Audio files per example.
    pub audio_files: Option<usize>,
    /// Images per example.
    pub images: Option<usize>,
    /// PDF files per example.
    pub documents: Option<usize>,
    /// PDF pages per example.
    pub document_pages: Option<usize>,
    /// Bytes of a video.
    pub video_bytes: Option<u64>,
    /// Bytes of an audio file.
    pub audio_bytes: Option<u64>,
    /// Bytes of an image or PDF file.
    pub image_bytes: Option<u64>,
    /// Tokens per example, input and output together.
    pub example_tokens: Option<u64>,
    /// Bytes of a dataset file.
    pub file_bytes: Option<u64>,
    /// Examples in a training file with media.
    pub multimodal_examples: Option<u64>,
    /// Examples in a training file.
    pub examples: Option<u64>,
    /// Examples in a validation file.
    pub validation_examples: Option<u64>,
    /// [`Self::validation_percent`] applies to validation files with more examples than this.
    pub free_validation_examples: u64,
    /// The largest share of validation examples, in percent of the training examples.
    pub validation_percent: Option<u64>,
    /// The share of dropped examples above which a job fails.
    pub drop_percent: Option<u64>,
    /// The fewest examples that the service accepts.
    pub fewest_examples: Option<u64>,
    /// The number of examples that the documentation advises to start with.
    pub advised_examples: Option<u64>,
    /// Whether a part may have its own [shared value](SharedValue), so that a file may mix them.
    pub shared_by_part: bool,
    /// A shared value that older documentation does not list for video.
    pub doubtful_on_video: Option<SharedValue>,
}

impl Limits {
    /// The defaults of a row: no limits.
    pub const NONE: Limits = Limits {
        name: "",
        source: "",
        models: &[],
        listed_models: &[],
        family: None,
        frame_tokens: [None; 4],
        unset_on_image: None,
        cropped_at: None,
        longest_video: [None; 4],
        video_lengths_add_up: false,
        frames_per_second: 0,
        max_frame_rate: 0,
        audio_tokens_per_second: 0,
        longest_audio: None,
        videos: None,
        audio_files: None,
        images: None,
        documents: None,
        document_pages: None,
        video_bytes: None,
        audio_bytes: None,
        image_bytes: None,
        example_tokens: None,
        file_bytes: None,
        multimodal_examples: None,
        examples: None,
        validation_examples: None,
        free_validation_examples: 0,
        validation_percent: None,
        drop_percent: None,
        fewest_examples: None,
        advised_examples: None,
        shared_by_part: false,
        doubtful_on_video: None,
    };

    /// Whether the model of this name has these limits.
    #[must_use]
    pub fn are_of(&self, model: &str) -> bool {
        let rest = self.family.and_then(|family| model.strip_prefix(family));
        self.models.contains(&model) || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
    }

    /// Tokens of a video frame, and at least of an image.
    #[must_use]
    pub fn frame_tokens(&self, value: SharedValue) -> Option<u32> {
        self.frame_tokens.get(value.number()).copied().flatten()
    }

    /// The longest video, or segment of one, in seconds.
    #[must_use]
    pub fn longest_segment(&self, value: SharedValue) -> Option<u32> {
        self.longest_video.get(value.number()).copied().flatten()
    }

    /// Whether a [shared value](SharedValue) changes a figure.
    #[must_use]
    pub fn depend_on_shared(&self) -> bool {
        let figures = self.frame_tokens.iter().chain(&self.longest_video);
        figures.into_iter().any(Option::is_some)
    }

    /// Bytes of a file of this kind.
    #[must_use]
    pub fn bytes(&self, kind: MediaKind) -> Option<u64> {
        match kind {
            MediaKind::Video => self.video_bytes,
            MediaKind::Audio => self.audio_bytes,
            MediaKind::Image | MediaKind::Document => self.image_bytes,
            MediaKind::Text => None,
        }
    }

    /// Files of this kind per example.
    #[must_use]
    pub fn most(&self, kind: MediaKind) -> Option<usize> {
        match kind {
            MediaKind::Video => self.videos,
            MediaKind::Audio => self.audio_files,
            MediaKind::Image => self.images,
            MediaKind::Document => self.documents,
            MediaKind::Text => None,
        }
    }
}

impl PartialEq for Limits {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Limits {}

#[cfg(test)]
mod tests {
    use super::Limits;

    #[test]
    fn the_defaults_of_a_row_have_no_figures() {
        let figures = format!("{:?}", Limits::NONE);
        assert!(!figures.contains(|letter: char| ('1'..='9').contains(&letter)), "{figures}");
    }
}
