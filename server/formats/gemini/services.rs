//! The services that tune Gemini, and the figures of each model.
//!
//! One table, each row with its sources and their dates.

use super::shared::HIGH;
use crate::example::limits::Limits;
use crate::formats::service::{Alternation, Consequence, Fault, Locations, Service};

/// Tuning on Vertex AI. What it does to a faulty line: the tuning pages of 2026.
pub static VERTEX_GEMINI: Service = Service {
    id: "vertex-gemini",
    title: "Vertex AI",
    limits: &[&GEMINI_2_5, &GEMINI_3],
    reads: Locations { cloud_storage: true, web: true, data: false, paths: false },
    consequences: &[
        (Fault::Unreadable, Consequence::Rejected),
        (Fault::Shape, Consequence::Rejected),
        (Fault::Turns, Consequence::Rejected),
        (Fault::Media, Consequence::Dropped),
        (Fault::Limit, Consequence::Dropped),
        (Fault::TooLong, Consequence::Dropped),
        (Fault::File, Consequence::JobFails),
        (Fault::Meaning, Consequence::TrainedWrongly),
        (Fault::Repeated, Consequence::Wasted),
    ],
    alternation: Alternation::Advised,
    ..Service::PLAIN
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
    longest_audio: Some(60 * 60),
    videos: Some(1),
    audio_files: Some(1),
    images: Some(30),
    documents: Some(4),
    document_pages: Some(300),
    video_bytes: Some(100 << 20),
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

/// Gemini 3.x, of which 3.1 Flash-Lite can be tuned.
///
/// A frame costs what it costs the base model, for which the tuning pages give no figure.
pub static GEMINI_3: Limits = Limits {
    name: "Gemini 3",
    source: "tuning documentation of Vertex AI: video, image, audio, document and limits 2026; release note of \
             2026-05-20 (3.1 Flash-Lite, preview); tokens of audio: Gemini API, 2026",
    models: &["gemini-3.1-flash-lite-preview", "gemini-3.1-flash-lite"],
    listed_models: &[("gemini-3.1-flash-lite", "the limits of Gemini 3, as far as they are documented")],
    family: Some("gemini-3"),
    frame_tokens: [None; 4],
    shared_by_part: true,
    doubtful_on_video: None,
    ..GEMINI_2_5
};
