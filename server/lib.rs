//! `tuning-ls`: a language server and checker for JSON Lines tuning datasets.
//!
//! Rooms, lowest first. Each may use those before it and none behind it; `tests/it/tidy.rs` holds
//! them to it.
//!
//! | room | what it is for |
//! |---|---|
//! | [`text`] | the lines of a document, edits, positions |
//! | [`json`] | one record: a tolerant parser, its tree, printing |
//! | [`schema`] | the format of a tuning line, as data |
//! | [`settings`] | every setting, declared once; what holds for a file |
//! | [`rules`] | every opinion we have, one row and one function each |
//! | [`analysis`] | runs the rules over a file and remembers what they said |
//! | [`ide`] | answers for editors as plain structs |
//! | [`disk`] | files: which are meant, their bytes as lines, what is found in them |
//! | [`lsp`] | the language server: the only room that knows the protocol or is asynchronous |
//! | [`cli`] | the commands of the command line |
//!
//! Everything up to [`ide`] is plain functions: no input or output, no clock, no thread.

pub mod analysis;
pub mod cli;
pub mod disk;
pub mod ide;
pub mod json;
pub mod lsp;
pub mod rules;
pub mod schema;
pub mod settings;
pub mod text;
