//! The text of a document: its lines, its edits, and positions in it.
//!
//! This room must not know the meaning of a line: no JSON, tuning or protocol.

pub mod document;
pub mod position;

pub use document::{Change, Document, Splice};
pub use position::{Encoding, Position};
