//! Runs the rules on a file, record by record, and keeps the results.
//!
//! Three verbs: [`scan`] finds the records in text, [`analyze`] runs one record through the rules, and [`Lines::judge`]
//! judges the whole file from the counts. A record that must still be analyzed is *pending*.
//!
//! Files, lowest first. Each uses only files before it.
//!
//! | file | what it does |
//! |---|---|
//! | [`lines::records`], [`lines::source`] | which lines form a record; where their text comes from |
//! | `lines::batch` | lines that are not yet in a file |
//! | `reader` | parses one record and walks it along a format |
//! | [`line`](mod@line) | analyzes one record |
//! | `lines::analyze` | scans and analyzes parts of a file |
//! | `store::{facts, meanings, entry, block, places}` | stores the results of records, lines and blocks of lines |
//! | `index::{clips, duplicates}` | records by video and by meaning |
//! | `store::line_table` | stores the results of all lines |
//! | `lines::cache`, `lines::file` | the lines of a file, edited and analyzed |
//! | `lines::judge` | the verdict on the file |
//! | `index::{relations, buckets}`, `lines::listing` | the findings to list |
//! | `lines::fold` | one finding for a fault that every line has |
//! | [`index::dataset`] | the files of a dataset together |
//!
//! This room must not know where the text comes from or who asks: it uses no connection, clock, thread or file. It keeps
//! a few dozen bytes for each line, and never a tree.

pub mod index;
pub mod line;
pub mod lines;
mod reader;
mod store;

pub use line::{Analyst, Contribution, Shown};
pub use lines::analyze::{analyze, analyze_records, scan};
pub use lines::batch::Batch;
pub use lines::file::{Lines, Work};
pub use lines::fold::{are_alike, fold};
pub use lines::listing::Listed;
pub use lines::source::Source;

/// A record with this text makes a rule panic.
#[cfg(test)]
pub const FAULTY: &str = "a rule panics here";
