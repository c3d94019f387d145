//! Answers about records and files, as plain structs: what can be typed here, what this is, how to fix it, and a
//! dataset in figures.
//!
//! This room must not know a protocol, an editor or a connection. It never changes a text, and only says
//! how it could be changed.

pub mod collector;
pub mod completion;
pub mod distribution;
pub mod edits;
pub mod fixes;
pub mod format;
pub mod hover;
pub mod statistics;
pub mod summary;
pub mod words;
