//! Every setting, declared once: for the client, which sends them in camelCase, and for
//! `tuning-ls.toml`, which has them in kebab-case.
//!
//! [`Configuration`] is what was written, [`Settings`] what holds for one file.
//!
//! Settings are data. What a rule's level means is the rules' business, so this room must not know
//! which rules there are, nor where files are kept.

pub mod baseline;
pub mod configuration;
mod given;
pub mod globs;
mod level;
mod read;
mod table;
pub mod toml;

pub use baseline::Baseline;
pub use configuration::{Configuration, Dataset, Role};
pub use level::Level;
pub use table::{Choices, NEW_MODELS, SETTINGS, Setting, Values};

use crate::schema::media::{GEMINI_2_5, Profile, Resolution};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Something that is wrong in a `tuning-ls.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The bytes at fault.
    pub span: Range<usize>,
    /// What is wrong, in one sentence.
    pub message: String,
}

/// `format`: what a file is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detection {
    /// A tuning file when a line of it looks like one.
    #[default]
    ByContent,
    /// A tuning file.
    Gemini,
    /// Something else, of which only the JSON is judged.
    Other,
}

impl Detection {
    fn named(name: &str) -> Option<Self> {
        [("gemini", Self::Gemini), ("other", Self::Other)]
            .into_iter()
            .find(|(known, _)| *known == name)
            .map(|(_, it)| it)
    }
}

/// `diagnosticMode`: which files an editor shows findings of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DiagnosticMode {
    /// Those that are open.
    #[default]
    OpenFilesOnly,
    /// All datasets of the workspace.
    Workspace,
}

impl DiagnosticMode {
    fn named(name: &str) -> Option<Self> {
        let modes = [("openFilesOnly", Self::OpenFilesOnly), ("workspace", Self::Workspace)];
        modes.into_iter().find(|(known, _)| *known == name).map(|(_, mode)| mode)
    }
}

/// What holds for one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `rules`: the level of a rule by its code; it replaces all severities of that rule.
    pub rules: BTreeMap<String, Level>,
    /// `maxDiagnostics`: how many findings of one file are shown at most.
    pub max_diagnostics: usize,
    /// `mediaResolution`: the value every example is to have.
    pub media_resolution: Option<Resolution>,
    /// `model`: the model that is tuned, when one is named.
    pub model: Option<String>,
    /// `format`: what the file is.
    pub format: Detection,
    /// The findings that are accepted: neither counted nor shown.
    pub baseline: Option<Arc<Baseline>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rules: BTreeMap::new(),
            max_diagnostics: Self::MAX_DIAGNOSTICS,
            media_resolution: None,
            model: None,
            format: Detection::ByContent,
            baseline: None,
        }
    }
}

impl Settings {
    /// The default of `maxDiagnostics`. VS Code lists no more than 1,000 problems of a file.
    pub const MAX_DIAGNOSTICS: usize = 900;

    /// What a client's settings object makes hold for files that nothing is said about; see
    /// [`Configuration::from_json`].
    #[must_use]
    pub fn from_json(value: &Value) -> (Self, Vec<String>) {
        let (configuration, problems) = Configuration::from_json(value);
        (configuration.base(), problems)
    }

    /// The figures of the model that is tuned.
    #[must_use]
    pub fn profile(&self) -> &'static Profile {
        self.model.as_deref().and_then(Profile::named).unwrap_or(&GEMINI_2_5)
    }
}
