//! The settings of one writer: a client or a project.

use crate::formats::Service;
use crate::settings::globs::Globs;
use crate::settings::sources::Mirror;
use crate::settings::{Detection, DiagnosticMode, Level, Shared};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The settings of one writer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Layer {
    /// The folder that paths and patterns are relative to.
    pub folder: Option<PathBuf>,
    /// The settings of all files.
    pub scoped: Scoped,
    pub max_diagnostics: Option<usize>,
    pub diagnostic_mode: Option<DiagnosticMode>,
    pub inlay_hints: Option<bool>,
    /// The path, and its place in the text.
    pub baseline: Option<(String, Range<usize>)>,
    /// The path of the manifest of media files, and its place in the text.
    pub manifest: Option<(String, Range<usize>)>,
    /// The local copies of media files.
    pub mirrors: Vec<Mirror>,
    pub overrides: Vec<Override>,
    pub datasets: Vec<Dataset>,
    /// Every rule code with a level, and its place in the text.
    pub named_rules: Vec<(String, Range<usize>)>,
}

/// The settings that all files, some files or a dataset can have; `None` where nothing is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Scoped {
    pub rules: BTreeMap<String, Level>,
    pub shared: Vec<Shared>,
    pub service: Option<&'static Service>,
    pub model: Option<String>,
    pub format: Option<Detection>,
}

/// The settings of some files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Override {
    pub files: Globs,
    pub scoped: Scoped,
}

/// The files of one tuning job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dataset {
    /// The name.
    pub name: Option<String>,
    /// The training files.
    pub train: Globs,
    /// The validation files; there may be none.
    pub validation: Globs,
    /// The folder that the patterns are relative to.
    pub folder: Option<PathBuf>,
    /// Whether all files must be in that folder: those of a `tuning-ls.toml`, which others may have written.
    pub is_confined: bool,
    pub(super) scoped: Scoped,
}

/// The role of a file in the training.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// The model learns from it.
    #[default]
    Training,
    /// It is held out, and evaluated during the training.
    Validation,
    /// It is held out, and the service never sees it. Only guessed datasets have such files.
    Test,
}

impl Dataset {
    /// The role of the file at `path`. If both training and validation patterns match, the more exact pattern decides.
    /// So `*.jsonl` can name the training files although some of the files are held out.
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

/// The path relative to the folder; `None` if it is not below the folder.
pub(super) fn relative<'a>(path: &'a Path, folder: Option<&Path>) -> Option<&'a Path> {
    match folder {
        Some(folder) => path.strip_prefix(folder).ok(),
        None => Some(path),
    }
}
