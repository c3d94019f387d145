//! Runs the rules over a file and keeps the results, record by record.
//!
//! Three verbs: [`scan`] finds the records in text, [`analyze`] runs one record through the rules, and [`Lines::judge`]
//! judges the whole file from the counts. A record that still has to be analyzed is *pending*.
//!
//! Files, lowest first. Each uses only files before it.
//!
//! | file | what it does |
//! |---|---|
//! | [`lines::records`], [`lines::source`] | which lines form a record; where their text comes from |
//! | `lines::batch` | lines on their way into a file |
//! | `reader` | parses one record and walks it along a format |
//! | [`line`](mod@line) | analyzes one record |
//! | `lines::analyze` | scans and analyzes parts of a file |
//! | `store::{facts, meanings, entry, block, places}` | what is kept of a record, a line and a block of lines |
//! | `index::{clips, duplicates}` | records by video and by meaning |
//! | `store::line_table` | what is kept of all lines |
//! | `lines::cache`, `lines::file` | the lines of a file, edited and analyzed |
//! | `lines::judge` | the verdict on the file |
//! | `index::relations`, `lines::listing` | the findings to list |
//! | [`index::dataset`] | the files of a dataset together |
//!
//! This room must not know where the text comes from or who asks: nothing of connections, clocks, threads or files. It
//! keeps a few dozen bytes of a line, never its tree.

pub mod index;
pub mod line;

pub mod lines;
mod reader;
mod store;

pub use line::{Analyst, Contribution, Shown};
pub use lines::analyze::{analyze, analyze_records, scan};
pub use lines::batch::Batch;
pub use lines::file::{Lines, Work};
pub use lines::listing::Listed;
pub use lines::source::Source;
