//! The figures of a model: what an example and its files may be, and what they cost.

use super::mime::MediaKind;
use super::shared::SharedValue;

/// The figures of a model. Where no page gives a figure it is `None`, and nothing is claimed.
///
/// "MB" and "GB" of the pages are read as the larger, binary ones: what is over them is over both.
#[derive(Debug)]
pub struct Limits {
    /// What the model is called.
    pub name: &'static str,
    /// Where the figures are from, and of when.
    pub source: &'static str,
    /// The exact names of the models that have these figures.
    pub models: &'static [&'static str],
    /// Those of them that are offered in settings, each with what it means there.
    pub listed_models: &'static [(&'static str, &'static str)],
    /// A model whose name is this, or begins with it and `.` or `-`, has these figures too.
    pub family: Option<&'static str>,
    /// Tokens of a video frame, and at least of an image, by [shared value](SharedValue::number).
    pub frame_tokens: [Option<u32>; 4],
    /// The longest video, or segment of one, in seconds, by [shared value](SharedValue::number).
    pub longest_video: [Option<u32>; 4],
    /// Frames that are taken of a second of video, when the segment does not say otherwise.
    pub frames_per_second: u32,
    /// The most frames of a second that may be taken.
    pub max_frame_rate: u32,
    /// Tokens of a second of sound.
    pub audio_tokens_per_second: u32,
    /// The longest audio of an example, in seconds.
    pub longest_audio: Option<u32>,
    /// Videos of an example.
    pub videos: Option<usize>,
    /// Audio files of an example.
    pub audio_files: Option<usize>,
    /// Images of an example.
    pub images: Option<usize>,
    /// PDF files of an example.
    pub documents: Option<usize>,
    /// Pages of PDF of an example.
    pub document_pages: Option<usize>,
    /// Bytes of a video or audio file.
    pub video_bytes: Option<u64>,
    /// Bytes of an image or PDF file.
    pub image_bytes: Option<u64>,
    /// Tokens of an example, input and output together.
    pub example_tokens: Option<u64>,
    /// Bytes of a dataset file.
    pub file_bytes: Option<u64>,
    /// Examples of a training file that has media.
    pub multimodal_examples: Option<u64>,
    /// Examples of a training file.
    pub examples: Option<u64>,
    /// Examples of a validation file.
    pub validation_examples: Option<u64>,
    /// From more than this many on, the validation file is also held to [`Self::validation_percent`].
    pub free_validation_examples: u64,
    /// The share of the training examples that a large validation file may reach.
    pub validation_percent: Option<u64>,
    /// The share of dropped examples above which a job fails.
    pub drop_percent: Option<u64>,
    /// The number of examples below which the service refuses the job.
    pub fewest_examples: Option<u64>,
    /// The number of examples the documentation advises to begin with.
    pub advised_examples: Option<u64>,
    /// Whether a part may have a [shared value](SharedValue) of its own, so that a file may mix them.
    pub shared_by_part: bool,
    /// Values of the shared field that older documentation does not have for video.
    pub doubtful_on_video: Option<SharedValue>,
}

impl Limits {
    /// No figures at all, for the rest of a row.
    pub const NONE: Limits = Limits {
        name: "",
        source: "",
        models: &[],
        listed_models: &[],
        family: None,
        frame_tokens: [None; 4],
        longest_video: [None; 4],
        frames_per_second: 1,
        max_frame_rate: 24,
        audio_tokens_per_second: 32,
        longest_audio: None,
        videos: None,
        audio_files: None,
        images: None,
        documents: None,
        document_pages: None,
        video_bytes: None,
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

    /// Whether the model of this name has these figures.
    #[must_use]
    pub fn are_of(&self, model: &str) -> bool {
        let rest = self.family.and_then(|family| model.strip_prefix(family));
        self.models.contains(&model) || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
    }

    /// Tokens of a video frame, and at least of an image; `None` where no page says.
    #[must_use]
    pub fn frame_tokens(&self, value: SharedValue) -> Option<u32> {
        self.frame_tokens.get(value.number()).copied().flatten()
    }

    /// The longest video, or segment of one, in seconds; `None` where no page says.
    #[must_use]
    pub fn longest_segment(&self, value: SharedValue) -> Option<u32> {
        self.longest_video.get(value.number()).copied().flatten()
    }

    /// How many files of this kind an example may have; `None` where no page says.
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
