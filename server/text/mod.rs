//! The text of a document: its lines, its edits, and positions in it.
//!
//! This room must not know what a line means: nothing of JSON, of tuning, or of a protocol.

pub mod document;
pub mod position;

pub use document::{Change, Document, Splice};
pub use position::{Encoding, Position};
