//! `tuning-ls`: a language server and checker for JSON Lines tuning datasets.
//!
//! Rooms, lowest first. Each may use only those before it, and no room has circles of imports inside; [`lsp`] and
//! [`cli`] stand side by side. `tests/it/tidy.rs` enforces this.
//!
//! | room | what it is for |
//! |---|---|
//! | [`text`] | the lines of a document, edits, positions |
//! | [`json`] | one record: a tolerant parser, its tree, printing |
//! | [`schema`] | the schema engine: fields, shapes, and the walk of a record along them |
//! | [`example`] | what a record means, whatever its vendor calls things |
//! | [`formats`] | the formats that are known and the services that read them: one folder per vendor |
//! | [`settings`] | every setting, declared once; what applies to a file |
//! | [`rules`] | every opinion: one row, one function and one page each |
//! | [`analysis`] | runs the rules over a file, incrementally |
//! | [`ide`] | completion, hover, fixes, formatting and statistics, as plain structs |
//! | [`disk`] | files: which are meant, their bytes as lines, what is found in them, writing |
//! | [`lsp`] | the language server: the only room that knows the protocol or is asynchronous |
//! | [`cli`] | the commands of the command line |
//!
//! Everything up to [`ide`] is plain functions: no input or output, no clock, no thread.

pub mod analysis;
pub mod cli;
pub mod disk;
pub mod example;
pub mod formats;
pub mod ide;
pub mod json;
pub mod lsp;
pub mod rules;
pub mod schema;
pub mod settings;
pub mod text;
