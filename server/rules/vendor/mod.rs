//! What no general rule can hold, by vendor.
//!
//! This folder must not know how a record is counted or shown.

mod gemini;

pub(super) use gemini::{
    INLINE_DATA, MISSING_RESOLUTION, MIXED_RESOLUTION, UNSUPPORTED_RESOLUTION, VIDEO_PAGE_URI, preference_completions,
};
