//! Rules, and parts of rules, that are true of one vendor only: one folder per vendor.
//!
//! This folder must not know how a record is counted or shown.

mod gemini;

pub(super) use gemini::{
    BAD_FUNCTION_SCHEMA, INLINE_DATA, MISSING_RESOLUTION, MIXED_RESOLUTION, UNSUPPORTED_PART, UNSUPPORTED_RESOLUTION,
    VIDEO_PAGE_URI, file_of, is_flat_completion, is_ultra_high_for_all, labels, may_be_lower_case, pair_of_answers,
    preference_completions, to_completions,
};
