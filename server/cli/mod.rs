//! The commands of the command line. They run the same engine as the language server, over files.
//!
//! This room must not know the protocol, nor what is right or wrong in a dataset.

pub mod arguments;
mod check;
pub mod command;
mod completions;
mod cut_list;
mod cut_script;
mod destination;
mod diff;
mod explain;
mod fix;
mod format;
mod inputs;
mod kept;
mod man;
mod media;
mod normalize;
mod output;
mod progress;
mod project;
mod remote;
mod report;
mod rewrite;
mod rules;
mod schema;
mod segments;
mod selection;
mod serve;
mod shift_segments;
mod split_segments;
mod stats;

pub use output::printable::Printable;
