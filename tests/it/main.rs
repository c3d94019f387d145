//! The integration tests, in one binary so that they are linked only once. `cargo test --test it NAME` runs the tests
//! whose path contains NAME, such as `rules::`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod accepting;
mod cli;
mod commands;
mod completion;
mod continuing;
mod dataset;
mod decorations;
mod dependencies;
mod document_links;
mod edits;
mod extensions;
mod faults;
mod fixes;
mod formats;
mod golden;
mod hostile_text;
mod hover;
mod inputs;
#[cfg(unix)]
mod interrupted;
mod json;
mod keeping;
mod known_media;
#[cfg(unix)]
mod limits;
mod linear;
mod links;
mod load;
mod lsp_faults;
mod media;
mod media_copies;
mod openai;
mod options;
mod paste;
mod preview;
mod project;
mod properties;
mod pull;
mod quick_fixes;
mod random_fixes;
mod ranges;
mod references;
mod related_files;
#[cfg(feature = "remote")]
mod remote;
mod rename;
mod renamed_files;
mod report;
mod retyping;
mod rules;
mod schema;
mod security;
mod segments;
mod services;
mod session;
mod settings;
mod settings_faults;
mod splitting;
mod stats;
mod stdio;
mod streaming;
mod support;
mod symbols;
#[cfg(unix)]
mod terminal;
mod tidy;
mod view;
mod view_of_file;
#[cfg(windows)]
mod windows;
#[cfg(not(feature = "remote"))]
mod without_remote;
mod workspace;
mod writing;
