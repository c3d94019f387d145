//! Files on disk: which of them are meant, their bytes as lines, and what is found in them.
//!
//! This room must not know who asks, nor how findings are shown.

pub mod bytes;
pub mod check;
pub mod datasets;
pub mod files;
pub mod input;
pub mod source;

pub use bytes::Reading;
pub use check::{Checked, check};
pub use input::Input;
pub use source::FileText;
