//! The commands of the command line; the same engine as the server's, over files.
//!
//! This room must not know the protocol, and has no opinion of its own on a dataset.

pub mod arguments;
pub mod check;
pub mod command;
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
pub mod serve;
pub mod stats;
