//! `tuning-ls`: a language server and checker for JSON Lines tuning datasets.
//!
//! The rooms, lowest first. Each room may use only the rooms before it, [`lsp`] and [`cli`] don't use each other, and no
//! room has circular imports. `tests/it/tidy.rs` enforces this.
//!
//! | room | contents |
//! |---|---|
//! | [`text`] | the lines of a document, edits, positions |
//! | [`json`] | one record: a tolerant parser, its tree, printing |
//! | [`schema`] | the schema engine: fields, shapes, and the walk of a record along them |
//! | [`example`] | the meaning of a record, independent of its vendor |
//! | [`formats`] | the known formats and the services that read them, one folder per vendor |
//! | [`settings`] | every setting, declared once, and the settings that apply to a file |
//! | [`rules`] | the rules: one row, one function and one page each |
//! | [`analysis`] | runs the rules over a file, incrementally |
//! | [`ide`] | completion, hover, fixes, formatting and statistics, as plain structs |
//! | [`disk`] | finds, reads, checks and writes files |
//! | [`lsp`] | the language server: the only room that uses the protocol and async code |
//! | [`cli`] | the commands of the command line |
//!
//! The rooms up to [`ide`] are plain functions, without input or output, clocks or threads.

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
