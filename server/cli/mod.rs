//! The commands of the command line; the same engine as the server's, over files.
//!
//! This room must not know the protocol, and has no opinion of its own on a dataset.

pub mod arguments;
pub mod check;
pub mod completions;
pub mod destination;
mod diff;
pub mod explain;
pub mod fix;
pub mod format;
pub mod inputs;
pub mod output;
pub mod progress;
pub mod project;
pub mod report;
pub mod schema;
pub mod selection;
pub mod stats;

/// How a command ended: the exit code of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Nothing is wrong.
    Clean = 0,
    /// There are findings.
    Findings = 1,
    /// An argument or setting is wrong, or a file could not be read.
    Failed = 2,
}
