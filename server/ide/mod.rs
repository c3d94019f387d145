//! Answers about records and files as plain structs: completion, hover, mentions, links, fixes, formatting and
//! statistics.
//!
//! This room must not know a protocol, an editor or a connection. It never changes a text; it only returns edits.

pub(crate) mod collector;
pub mod completion;
pub mod cut;
pub mod definition;
pub(crate) mod distribution;
pub(crate) mod doubts;
pub mod edits;
pub mod fixes;
pub mod folding;
pub mod format;
pub mod hints;
pub mod hover;
pub mod links;
pub mod mentions;
pub mod offsets;
pub mod paste;
pub mod preview;
pub mod records;
pub mod rename;
pub mod search;
pub mod selection;
pub mod semantic_tokens;
pub mod shift;
pub mod split;
pub(crate) mod statistics;
pub(crate) mod summary;
pub mod symbols;
pub(crate) mod times;
pub mod title;
pub mod view;
pub(crate) mod words;
