//! What one writer of settings wrote.

use crate::formats::Service;
use crate::settings::globs::Globs;
use crate::settings::{Detection, DiagnosticMode, Level, Shared};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The settings of one writer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Layer {
    /// The folder its paths and patterns count from.
    pub folder: Option<PathBuf>,
    pub written: Written,
    pub overrides: Vec<Override>,
    pub datasets: Vec<Dataset>,
    /// Every code that a level was given to, and its place.
    pub named_rules: Vec<(String, Range<usize>)>,
}

/// The settings that hold for all files; `None` where nothing is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub rules: BTreeMap<String, Level>,
    pub max_diagnostics: Option<usize>,
    pub shared: Vec<Shared>,
    pub service: Option<&'static Service>,
    pub model: Option<String>,
    pub format: Option<Detection>,
    pub diagnostic_mode: Option<DiagnosticMode>,
    /// The path and its place.
    pub baseline: Option<(String, Range<usize>)>,
}

/// Other settings for some files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Override {
    pub files: Globs,
    pub rules: BTreeMap<String, Level>,
    pub format: Option<Detection>,
    pub service: Option<&'static Service>,
    pub model: Option<String>,
}

/// The files of one tuning job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dataset {
    /// What it is called.
    pub name: Option<String>,
    /// The training files.
    pub train: Globs,
    /// The validation files; there may be none.
    pub validation: Globs,
    /// The format of its files.
    pub format: Option<Detection>,
    /// Who reads them.
    pub service: Option<&'static Service>,
    /// The model that is tuned.
    pub model: Option<String>,
    /// The values that every example is to have.
    pub shared: Vec<Shared>,
    /// The folder its patterns count from.
    pub folder: Option<PathBuf>,
    /// The bytes of its table's head in `tuning-ls.toml`; empty for the client's.
    pub span: Range<usize>,
}

/// What a file is to the training.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// The model learns it.
    #[default]
    Training,
    /// It is held out, and measured during the training.
    Validation,
    /// It is held out for later; the service never sees it, and no dataset that is written down has it.
    Test,
}

impl Dataset {
    /// What the file at `path` is to this dataset. Where both kinds have it, the pattern decides that means it
    /// more exactly, so that `*.jsonl` may be trained on but for the files that are held out.
    #[must_use]
    pub fn role_of(&self, path: &Path) -> Option<Role> {
        let path = relative(path, self.folder.as_deref())?;
        match (self.train.exactness(path), self.validation.exactness(path)) {
            (None, None) => None,
            (training, validation) if training > validation => Some(Role::Training),
            _ => Some(Role::Validation),
        }
    }
}

/// A path as the patterns of `folder` see it; `None` when it is not below.
pub(super) fn relative<'a>(path: &'a Path, folder: Option<&Path>) -> Option<&'a Path> {
    match folder {
        Some(folder) => path.strip_prefix(folder).ok(),
        None => Some(path),
    }
}
