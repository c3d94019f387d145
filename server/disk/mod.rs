//! Files on disk: which of them are meant, their bytes as lines, and what is found in them, and
//! writing them anew.
//!
//! This room must not know who asks, nor how findings are shown.

pub mod baseline;
pub mod beside;
pub mod bytes;
pub mod check;
pub mod config;
pub mod datasets;
pub mod edited;
pub mod files;
pub mod input;
pub mod mend;
pub mod paths;
pub mod pipeline;
pub mod source;
mod starts;
pub mod statistics;
pub mod write;

pub use beside::Beside;
pub use bytes::Reading;
pub use check::Checked;
pub use input::Input;
pub use source::FileText;
pub use statistics::statistics;
