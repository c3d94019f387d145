//! What the services that tune open models on Vertex AI have in common, whichever format their lines have.
//!
//! The page on open-model tuning (2026-09-25).

use crate::example::limits::Limits;
use crate::formats::service::{Consequence, FaultKind, Service};

/// The service without what depends on the format.
pub(super) const OPEN_MODELS: Service = Service {
    id: "vertex-open-models",
    title: "Vertex AI (open models)",
    limits: &[&LIMITS],
    consequences: &[
        (FaultKind::Unreadable, Consequence::Rejected),
        (FaultKind::Shape, Consequence::Rejected),
        (FaultKind::Turns, Consequence::Rejected),
        (FaultKind::Media, Consequence::Rejected),
        (FaultKind::Limit, Consequence::Rejected),
        (FaultKind::Tokens, Consequence::TrainedWrongly),
        (FaultKind::File, Consequence::Dropped),
        (FaultKind::Meaning, Consequence::TrainedWrongly),
        (FaultKind::Repeated, Consequence::Wasted),
        (FaultKind::Untaught, Consequence::Wasted),
    ],
    one_kind_per_file: true,
    one_modality_per_file: true,
    also_reads: &["prompt and completion"],
    ..Service::PLAIN
};

static LIMITS: Limits = Limits {
    name: "open models on Vertex AI",
    source: "page on open-model tuning of 2026-09-25",
    videos: Some(0),
    example_tokens: Some(8_192),
    validation_examples: Some(5_000),
    ..Limits::NONE
};
