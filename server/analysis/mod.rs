//! Runs the rules over a file and remembers what they said, record by record.
//!
//! This room must not know where the text comes from or who asks: nothing of connections, clocks,
//! threads or files. What it keeps of a line is a few dozen bytes, never its tree.

mod chunk;
pub mod chunks;
mod clips;
pub mod dataset;
mod groups;
mod index;
mod known;
pub mod line;
pub mod line_end;
pub mod lines;
pub mod listing;
mod looked;
mod packed;
pub mod records;
mod relations;

pub use line::{Analyst, Contribution, Shown};
pub use lines::{Lines, Source, Work, contributions, look_at, scan};
pub use looked::Looked;
