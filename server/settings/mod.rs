//! Settings. A table declares each once, for clients in camelCase and for `tuning-ls.toml` in kebab-case.
//!
//! A [`Configuration`] holds the settings of the client and of `tuning-ls.toml`, [`Settings`] those that apply to one file.
//!
//! This room must not know which rules exist, or where files are stored.

mod applied;
pub mod baseline;
pub mod configuration;
mod given;
pub mod globs;
mod layer;
mod level;
pub mod media;
mod read;
pub mod sources;
mod table;
pub mod toml;

pub use applied::{Detection, DiagnosticMode, Settings, Shared};
pub use baseline::Baseline;
pub use configuration::Configuration;
pub(crate) use given::shortened;
pub use layer::{Dataset, Role};
pub use level::Level;
pub use media::MediaFacts;
pub use read::Problem;
pub use sources::{MediaSources, Mirror};
pub use table::{Choices, SETTINGS, Setting, Values, new_models};
