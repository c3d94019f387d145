//! The `tuning-ls.toml` of a file: the nearest one in its folder or above.

use crate::disk::datasets::{self, Dataset};
use crate::disk::paths::real;
use crate::rules::configuration::{ConfigFinding, finding, read_configuration};
use crate::settings::toml::FILE_NAME;
use crate::settings::{Baseline, Configuration, Settings};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A `tuning-ls.toml` that was read.
#[derive(Debug)]
pub struct Project {
    /// Where it is.
    pub path: PathBuf,
    /// Its text; empty when it could not be read.
    pub text: String,
    /// What it says, over what the client says.
    pub configuration: Configuration,
    /// What is wrong in it.
    pub findings: Vec<ConfigFinding>,
    /// Why it could not be read, in one sentence.
    pub unread: Option<String>,
    baseline: Option<Arc<Baseline>>,
}

/// The projects that files belong to. Each file of settings is read once, until it is forgotten.
#[derive(Debug, Default)]
pub struct Projects {
    client: Configuration,
    which: Which,
    /// The project of the files in a folder.
    by_folder: HashMap<PathBuf, Option<Arc<Project>>>,
    baseline: Option<Arc<Baseline>>,
}

/// Which `tuning-ls.toml` holds.
#[derive(Debug, Default)]
enum Which {
    #[default]
    Nearest,
    This(Arc<Project>),
    None,
}

impl Projects {
    /// The nearest `tuning-ls.toml` of each file, over the client's settings, whose paths count from
    /// `folder`.
    #[must_use]
    pub fn new(client: Configuration, folder: Option<&Path>) -> Self {
        let client = match folder {
            Some(folder) => client.in_folder(&real(folder)),
            None => client,
        };
        Self { client, ..Self::default() }
    }

    /// The same settings file for all files.
    ///
    /// # Errors
    /// A sentence: the file cannot be read.
    pub fn with_file(path: &Path) -> Result<Self, String> {
        let project = Project::read(path, &Configuration::default());
        if let Some(problem) = project.unread {
            return Err(format!("{}: {problem}", path.display()));
        }
        Ok(Self { which: Which::This(Arc::new(project)), ..Self::default() })
    }

    /// No settings file for any file.
    #[must_use]
    pub fn without_files() -> Self {
        Self { which: Which::None, ..Self::default() }
    }

    /// The same, with one baseline for all files instead of those that settings name.
    #[must_use]
    pub fn with_baseline(self, baseline: Arc<Baseline>) -> Self {
        Self { baseline: Some(baseline), ..self }
    }

    /// The client's settings alone, which hold for files without a project.
    #[must_use]
    pub fn client(&self) -> &Configuration {
        &self.client
    }

    /// Reads all anew when it is asked for, because a settings or baseline file may have changed.
    pub fn forget(&mut self) {
        self.by_folder.clear();
        if let Which::This(project) = &self.which {
            self.which = Which::This(Arc::new(Project::read(&project.path, &self.client)));
        }
    }

    /// The project of the file at `path`, which need not exist; its folder has to.
    pub fn project_of(&mut self, path: &Path) -> Option<Arc<Project>> {
        match &self.which {
            Which::Nearest => {}
            Which::This(project) => return Some(Arc::clone(project)),
            Which::None => return None,
        }
        let path = real(path);
        let folder = path.parent()?;
        if let Some(project) = self.by_folder.get(folder) {
            return project.clone();
        }
        let nearest = folder.ancestors().map(|folder| folder.join(FILE_NAME)).find(|path| path.is_file());
        let project = nearest.map(|nearest| {
            // A file may be the nearest of many folders.
            let known = self.by_folder.values().flatten().find(|project| project.path == nearest);
            known.map_or_else(|| Arc::new(Project::read(&nearest, &self.client)), Arc::clone)
        });
        self.by_folder.insert(folder.to_path_buf(), project.clone());
        project
    }

    /// The dataset that the file at `path` belongs to. Reads folders.
    pub fn dataset_of(&mut self, path: &Path) -> Option<Dataset> {
        let configuration = self.configuration_of(path);
        datasets::find(&real(path), &configuration)
    }

    /// All settings that bear on the file at `path`.
    pub fn configuration_of(&mut self, path: &Path) -> Configuration {
        self.project_of(path).map_or_else(|| self.client.clone(), |project| project.configuration.clone())
    }

    /// What holds for the file at `path`: its settings and its baseline.
    pub fn settings_of(&mut self, path: &Path) -> Settings {
        let project = self.project_of(path);
        let configuration = project.as_ref().map_or(&self.client, |project| &project.configuration);
        let mut settings = configuration.for_file(&real(path));
        settings.baseline = self.baseline.clone().or(project.and_then(|project| project.baseline.clone()));
        settings
    }
}

impl Project {
    /// Reads a settings file and the baseline that it names.
    fn read(path: &Path, client: &Configuration) -> Self {
        let path = real(path);
        let read = std::fs::read(&path).map_err(|error| format!("the settings cannot be read: {error}"));
        let read = read.and_then(|bytes| {
            String::from_utf8(bytes).map_err(|_| "the settings cannot be read: the file is not UTF-8".to_owned())
        });
        let (text, unread) = match read {
            Ok(text) => (text, None),
            Err(problem) => (String::new(), Some(problem)),
        };
        let (configuration, mut findings) = read_configuration(&text);
        let configuration = match path.parent() {
            Some(folder) => configuration.in_folder(folder),
            None => configuration,
        };
        let mut baseline = None;
        if let Some((file, span)) = configuration.baseline() {
            match read_baseline(&file) {
                Ok(read) => baseline = Some(Arc::new(read)),
                Err(problem) => findings.extend(finding(&configuration, span, problem)),
            }
        }
        findings.sort_by_key(|finding| (finding.span.start, finding.span.end));
        Self { path, text, configuration: configuration.merge(client.clone()), findings, unread, baseline }
    }
}

/// Reads a baseline file.
///
/// # Errors
/// A sentence: it cannot be read, or it is something else.
pub fn read_baseline(path: &Path) -> Result<Baseline, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("{}: the baseline cannot be read: {error}", path.display()))?;
    Baseline::read(&text).map_err(|problem| format!("{}: {problem}", path.display()))
}
