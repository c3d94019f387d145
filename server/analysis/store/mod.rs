//! Stores the results of each line: 24 bytes, about one byte for each fact, and 17 bytes for a meaning.
//!
//! This folder must not know the text of a line or how it is analyzed.

pub mod block;
pub mod entry;
pub mod facts;
pub mod fixed_texts;
pub mod line_table;
pub mod meanings;
pub mod places;
