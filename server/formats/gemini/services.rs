//! The services that tune Gemini, and the limits of each model.
//!
//! Each entry has its sources with their dates.

use super::shared::HIGH;
use crate::example::limits::Limits;
use crate::formats::open_models;
use crate::formats::service::{Alternation, Consequence, FaultKind, Locations, SameData, Service, Site};

/// Tuning on Vertex AI. The consequences are from the tuning pages of 2026.
pub static VERTEX_GEMINI: Service = Service {
    id: "vertex-gemini",
    title: "Vertex AI",
    limits: &[&GEMINI_2_5, &GEMINI_3],
    reads: Locations { objects: true, web: true, inference: Some(&VIDEO_SITE), ..Locations::NONE },
    consequences: &[
        (FaultKind::Unreadable, Consequence::Rejected),
        (FaultKind::Shape, Consequence::Rejected),
        (FaultKind::Turns, Consequence::Rejected),
        (FaultKind::Media, Consequence::Dropped),
        (FaultKind::Limit, Consequence::Dropped),
        (FaultKind::TooLong, Consequence::Dropped),
        (FaultKind::Tokens, Consequence::TrainedWrongly),
        (FaultKind::File, Consequence::JobFails),
        (FaultKind::Meaning, Consequence::TrainedWrongly),
        (FaultKind::Repeated, Consequence::Wasted),
        (FaultKind::Untaught, Consequence::Wasted),
    ],
    alternation: Alternation::Advised,
    one_kind_per_file: true,
    checks_function_names: true,
    same_data: SameData::Usual,
    ..Service::PLAIN
};

/// Its pages are documented as video for inference.
static VIDEO_SITE: Site = Site { name: "YouTube", hosts: &["youtube.com", "youtu.be", "youtube-nocookie.com"] };

/// Open models on Vertex AI. Google's sample calls the model `assistant` and writes `file_data`; whether `model` is
/// valid, too, is unknown.
pub static OPEN_MODELS: Service = Service {
    reads: Locations { objects: true, web: true, inference: Some(&VIDEO_SITE), ..Locations::NONE },
    kinds: &["supervised"],
    roles: &["user", "assistant", "model"],
    writes_snake_case: true,
    ..open_models::OPEN_MODELS
};

/// Gemini 2.5 Pro, Flash and Flash-Lite.
pub static GEMINI_2_5: Limits = Limits {
    name: "Gemini 2.5",
    source: "tuning documentation of Vertex AI: video 2025-09-04 and 2026, image, audio, document and limits 2026; \
             tokens of audio: Gemini API, 2026",
    models: &["gemini-2.5-pro", "gemini-2.5-flash", "gemini-2.5-flash-lite"],
    listed_models: &[
        ("gemini-2.5-pro", "the limits of Gemini 2.5"),
        ("gemini-2.5-flash", "the limits of Gemini 2.5"),
        ("gemini-2.5-flash-lite", "the limits of Gemini 2.5"),
    ],
    frame_tokens: [None, Some(64), Some(256), Some(256)],
    longest_video: [None, Some(20 * 60), Some(5 * 60), Some(5 * 60)],
    frames_per_second: 1,
    max_frame_rate: 24,
    audio_tokens_per_second: 32,
    unset_on_image: Some(HIGH),
    cropped_at: Some(HIGH),
    longest_audio: Some(60 * 60),
    videos: Some(1),
    audio_files: Some(1),
    images: Some(30),
    documents: Some(4),
    document_pages: Some(300),
    video_bytes: Some(100 << 20),
    audio_bytes: Some(100 << 20),
    image_bytes: Some(20 << 20),
    example_tokens: Some(131_072),
    file_bytes: Some(1 << 30),
    multimodal_examples: Some(300_000),
    examples: Some(10_000_000),
    validation_examples: Some(5_000),
    free_validation_examples: 1_000,
    validation_percent: Some(30),
    drop_percent: Some(10),
    advised_examples: Some(100),
    doubtful_on_video: Some(HIGH),
    ..Limits::NONE
};

/// Gemini 3.x. Only 3.5 Flash and 3.1 Flash-Lite can be tuned (list of 2026-09-25).
///
/// A frame has as many tokens as in the base model. The tuning pages give no number.
pub static GEMINI_3: Limits = Limits {
    name: "Gemini 3",
    source: "tuning documentation of Vertex AI: video, image, audio, document and limits 2026; release note of \
             2026-05-20 (3.1 Flash-Lite, preview); tokens of audio: Gemini API, 2026",
    models: &["gemini-3.1-flash-lite-preview", "gemini-3.1-flash-lite"],
    listed_models: &[
        ("gemini-3.5-flash", "the limits of Gemini 3, as far as they are documented"),
        ("gemini-3.1-flash-lite", "the limits of Gemini 3, as far as they are documented"),
    ],
    family: Some("gemini-3"),
    frame_tokens: [None; 4],
    shared_by_part: true,
    doubtful_on_video: None,
    ..GEMINI_2_5
};

/// Reinforcement tuning of Gemini 3.5 Flash (preview).
pub static REINFORCEMENT_LIMITS: Limits = Limits {
    name: "Gemini reinforcement tuning",
    source: "documentation of reinforcement tuning, preview of 2026-06-15",
    models: &[],
    listed_models: &[],
    family: None,
    longest_video: [None, Some(5 * 60), Some(5 * 60), Some(5 * 60)],
    video_lengths_add_up: true,
    longest_audio: Some(10 * 60),
    videos: Some(10),
    audio_files: Some(15),
    images: Some(15),
    video_bytes: Some(20 << 20),
    example_tokens: Some(32_768),
    examples: Some(5_000),
    multimodal_examples: Some(5_000),
    validation_examples: Some(500),
    free_validation_examples: 500,
    validation_percent: None,
    advised_examples: None,
    drop_percent: None,
    ..GEMINI_3
};
