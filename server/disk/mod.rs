//! Files on disk: which of them are meant, their bytes as lines, and what is found in them.
//!
//! This room must not know who asks, nor how findings are shown.

mod bytes;
pub mod check;
pub mod datasets;
pub mod files;
pub mod source;
pub mod statistics;

pub use bytes::Reading;
pub use check::{Checked, check};
pub use source::FileText;
pub use statistics::statistics;
