//! The folders that the client has open, and the settings that apply in them.

use crate::disk::config::{Project, Projects};
use crate::disk::input::read_text;
use crate::disk::media::Loaded;
use crate::disk::paths::real;
use crate::rules::Levels;
use crate::settings::toml::FILE_NAME;
use crate::settings::{Baseline, Configuration, MediaSources, Settings};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What determines the settings of a file, except the files on disk.
#[derive(Clone, Default)]
pub struct Scope {
    configuration: Configuration,
    folders: Vec<PathBuf>,
}

impl Scope {
    /// The `tuning-ls.toml` files as they are now, on top of the client's settings. Each is read when a file needs it.
    pub fn projects(&self) -> Projects {
        Projects::new(self.configuration.clone(), self.folders.first().map(PathBuf::as_path))
    }

    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }
}

#[derive(Default)]
pub struct Workspace {
    /// The settings object that was received last.
    received: Value,
    scope: Scope,
    /// The `tuning-ls.toml` files as they were read last.
    projects: Projects,
    /// The files whose inlay hints were requested, and whether they had any.
    with_hints: BTreeMap<PathBuf, bool>,
    /// How often the client's settings have changed.
    revision: u64,
    /// What was said last about the baseline that the client's settings name.
    said: Option<String>,
    /// The baselines with findings that were accepted in this session, by settings file, as long as they aren't on disk.
    accepted: BTreeMap<PathBuf, Accepted>,
    /// What is known about media files, by settings file; the empty path is for the client's settings.
    media: BTreeMap<PathBuf, Loaded>,
}

/// The baseline of a project with findings that were accepted in this session.
pub struct Accepted {
    /// The baseline file.
    pub file: PathBuf,
    /// The text of that file when the first of them was accepted.
    pub before: String,
    /// What the baseline has been changed to.
    pub baseline: Arc<Baseline>,
}

impl Accepted {
    /// Whether the baseline was saved, or changed by something else.
    pub fn is_replaced(&self) -> bool {
        let now = read_text(&self.file).unwrap_or_default();
        // Editors make an empty file before they save it.
        now != self.before && !now.is_empty()
    }
}

impl Workspace {
    pub fn open_folders(&mut self, folders: &[PathBuf]) {
        self.scope.folders = folders.iter().map(|folder| real(folder)).collect();
    }

    /// Takes the client's settings and returns what is wrong with them; `None` if they haven't changed.
    pub fn configure(&mut self, received: Value) -> Option<Vec<String>> {
        if received == self.received {
            return None;
        }
        let (configuration, mut problems) = Configuration::from_json(&received);
        problems.extend(Levels::new(&configuration.base()).1);
        self.received = received;
        self.scope.configuration = configuration;
        self.projects = self.scope.projects();
        self.revision += 1;
        Some(problems)
    }

    /// How often the client's settings have changed: what was found with earlier ones is out of date.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Takes the settings files; true if they change which files have inlay hints.
    pub fn set_projects(&mut self, projects: Projects) -> bool {
        self.projects = projects;
        let projects = &mut self.projects;
        self.accepted.retain(|settings_file, accepted| {
            // The editor may have saved the baseline, but not yet the settings that name it.
            let named = projects.baseline_file_of(settings_file);
            named.is_none_or(|named| real(&named) != real(&accepted.file)) || !accepted.is_replaced()
        });
        let hints = self.with_hints.iter().map(|(path, had)| (path.clone(), *had)).collect::<Vec<_>>();
        hints.into_iter().filter(|(path, had)| self.inlay_hints(Some(path)) != *had).count() > 0
    }

    /// Whether a file has inlay hints.
    pub fn inlay_hints(&mut self, path: Option<&Path>) -> bool {
        let Some(path) = path else { return self.scope.configuration.inlay_hints() };
        let has = self.projects.configuration_of(path).inlay_hints();
        self.with_hints.insert(path.to_path_buf(), has);
        has
    }

    pub fn scope(&self) -> Scope {
        self.scope.clone()
    }

    /// The open folder that a file is in.
    pub fn folder_of(&self, path: &Path) -> Option<&Path> {
        self.scope.folders.iter().map(PathBuf::as_path).find(|folder| path.starts_with(folder))
    }

    pub fn project_of(&mut self, path: &Path) -> Option<Arc<Project>> {
        self.projects.project_of(path)
    }

    /// The baseline that the settings of a file name.
    pub fn baseline_file_of(&mut self, path: &Path) -> Option<PathBuf> {
        self.projects.baseline_file_of(path)
    }

    /// The settings file of a file: its project's, or else the one to create, in the folder that the client has open or next
    /// to the file.
    pub fn settings_file_of(&mut self, path: &Path) -> PathBuf {
        match self.projects.project_of(path) {
            Some(project) => project.path.clone(),
            None => self.folder_of(path).or(path.parent()).unwrap_or(path).join(FILE_NAME),
        }
    }

    /// The baseline of a settings file, if findings were accepted in this session.
    pub fn accepted(&self, settings_file: &Path) -> Option<&Accepted> {
        self.accepted.get(settings_file)
    }

    /// Hides the findings that were accepted in the project of the file at `path`.
    pub fn set_accepted(&mut self, path: &Path, accepted: Accepted) {
        let settings_file = self.settings_file_of(path);
        self.accepted.insert(settings_file, accepted);
    }

    /// The baseline that the client's settings name, and why it can't be read.
    pub fn client_baseline(&mut self) -> (Option<PathBuf>, Option<String>) {
        let read = self.projects.client_baseline();
        (read.file.clone(), read.problem.clone())
    }

    /// Whether this wasn't said last about that baseline.
    pub fn is_new_problem(&mut self, problem: &str) -> bool {
        self.said.replace(problem.to_owned()).as_deref() != Some(problem)
    }

    /// The sources of facts about media files that the client's settings name.
    pub fn client_media(&self) -> MediaSources {
        self.projects.client().media()
    }

    /// What is known about the media files of a settings file.
    pub fn media(&self, settings_file: &Path) -> Option<&Loaded> {
        self.media.get(settings_file)
    }

    /// Takes what is known about the media files of a settings file; true if it has changed.
    pub fn set_media(&mut self, settings_file: PathBuf, loaded: Loaded) -> bool {
        if self.media.get(&settings_file) == Some(&loaded) {
            return false;
        }
        self.media.insert(settings_file, loaded);
        true
    }

    /// Forgets what is known about the media files of other settings files; true if there are some.
    pub fn keep_media(&mut self, wanted: impl Fn(&Path) -> bool) -> bool {
        let before = self.media.len();
        self.media.retain(|settings_file, _| wanted(settings_file));
        self.media.len() < before
    }

    /// The settings of a file, or of a document without a file.
    pub fn settings_of(&mut self, path: Option<&Path>) -> Settings {
        let Some(path) = path else { return self.scope.configuration.base() };
        let mut settings = self.projects.settings_of(path);
        if !self.media.is_empty() {
            let project = self.projects.project_of(path);
            let key = project.as_ref().map_or(Path::new(""), |project| &project.path);
            settings.media = self.media.get(key).map(|media| Arc::clone(&media.facts));
        }
        if !self.accepted.is_empty() {
            let settings_file = self.settings_file_of(path);
            let accepted = self.accepted.get(&settings_file).map(|accepted| Arc::clone(&accepted.baseline));
            settings.baseline = accepted.or(settings.baseline);
        }
        settings
    }
}
