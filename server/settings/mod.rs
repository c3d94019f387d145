//! Every setting, declared once: for the client, which sends them in camelCase, and for
//! `tuning-ls.toml`, which has them in kebab-case.
//!
//! [`Configuration`] is what was written, [`Settings`] what applies to one file.
//!
//! Settings are data. What a rule's level means is the rules' business, so this room must not know
//! which rules there are, nor where files are kept.

mod applied;
pub mod baseline;
pub mod configuration;
mod given;
pub mod globs;
mod level;
mod read;
mod table;
pub mod toml;
mod written;

pub use applied::{Detection, DiagnosticMode, Settings, Shared};
pub use baseline::Baseline;
pub use configuration::Configuration;
pub use level::Level;
pub use read::Problem;
pub use table::{Choices, SETTINGS, Setting, Values, new_models};
pub use written::{Dataset, Role};
