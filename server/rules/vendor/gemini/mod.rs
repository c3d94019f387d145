//! Rules that are true of Gemini only.
//!
//! This folder must not know any other vendor.

mod file;
mod function_schema;
mod inline_data;
mod labels;
mod preference;
mod resolution;
mod unsupported_part;
mod video_page;

pub use file::file_of;
pub use function_schema::{BAD_FUNCTION_SCHEMA, may_be_lower_case};
pub use inline_data::INLINE_DATA;
pub use labels::labels;
pub use preference::{is_flat_completion, pair_of_answers, preference_completions, to_completions};
pub use resolution::{MISSING_RESOLUTION, MIXED_RESOLUTION, UNSUPPORTED_RESOLUTION};
pub use unsupported_part::{UNSUPPORTED_PART, is_ultra_high_for_all};
pub use video_page::VIDEO_PAGE_URI;
