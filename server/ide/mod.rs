//! Answers for editors, as plain structs: what could stand here, what this is, how to mend it.
//!
//! This room must not know a protocol, an editor or a connection, and never changes a text: it only says
//! how it could be changed.

pub mod completion;
pub mod distribution;
pub mod edits;
pub mod fixes;
pub mod format;
pub mod hover;
pub mod normalize;
pub mod statistics;
pub mod summary;
