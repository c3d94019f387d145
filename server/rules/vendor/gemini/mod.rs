//! What is true of Gemini alone.
//!
//! This folder must not know any other vendor.

mod inline_data;
mod preference;
mod resolution;
mod video_page;

pub use inline_data::INLINE_DATA;
pub use preference::preference_completions;
pub use resolution::{MISSING_RESOLUTION, MIXED_RESOLUTION, UNSUPPORTED_RESOLUTION};
pub use video_page::VIDEO_PAGE_URI;
