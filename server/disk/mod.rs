//! Files on disk: finds them, reads their bytes as lines, analyzes them and writes them.
//!
//! This room must not know who asks, or how findings are shown.

pub mod baseline;
pub mod bytes;
pub mod check;
pub mod checker;
pub mod config;
pub mod datasets;
pub mod edited;
pub mod files;
pub mod input;
pub mod media;
pub mod paths;
pub mod pipeline;
pub mod repair;
pub mod snapshot;
pub mod source;
mod starts;
pub mod statistics;
mod unfinished;
pub mod write;

pub use bytes::Reading;
pub use check::Checked;
pub use checker::Checker;
pub use input::Input;
pub use snapshot::Snapshot;
pub use source::FileText;
pub use statistics::statistics;
