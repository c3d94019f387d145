//! The files that a command reads, which its output must not replace.

use crate::disk::Input;
use crate::disk::config::{Project, Projects};
use crate::disk::media::is_media;
use crate::disk::paths::canonical;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a manifest is in a message.
const MANIFEST: &str = "the manifest";

/// The files that a command reads, by their canonical paths.
#[derive(Debug, Default)]
pub struct Kept {
    /// What they are, in a message.
    files: BTreeMap<PathBuf, &'static str>,
    /// The folders with local copies of media files.
    mirrors: BTreeSet<PathBuf>,
}

impl Kept {
    /// The inputs, and what is read for them: the other files of their datasets, and all settings with what these name.
    pub fn of(inputs: &[Input], projects: &mut Projects) -> Self {
        let mut kept = Self::default();
        let mut paths: BTreeSet<PathBuf> = inputs.iter().map(|input| input.path().to_path_buf()).collect();
        inputs.iter().filter_map(Input::file).for_each(|file| kept.add(file, "a dataset"));
        let mut seen = None;
        for dataset in inputs.iter().filter_map(|input| projects.dataset_of(input.path())) {
            if seen.as_ref().is_none_or(|seen| !Arc::ptr_eq(seen, &dataset)) {
                dataset.files.iter().for_each(|(file, _)| kept.add(file, "a file of the dataset"));
                paths.extend(dataset.files.iter().map(|(file, _)| file.clone()));
                seen = Some(dataset);
            }
        }
        let mut known = BTreeSet::new();
        for project in paths.iter().filter_map(|path| projects.project_of(path)) {
            if known.insert(project.path.clone()) {
                kept.add_project(&project);
            }
        }
        kept
    }

    fn add_project(&mut self, project: &Project) {
        self.add(&project.path, "the settings file");
        project.baseline_file.iter().for_each(|file| self.add_baseline(file));
        let media = project.configuration.media();
        media.manifest.iter().for_each(|(file, _)| self.add(file, MANIFEST));
        self.mirrors.extend(media.mirrors.iter().filter_map(|mirror| canonical(&mirror.folder).ok()));
    }

    /// Adds a baseline that an argument names.
    pub fn add_baseline(&mut self, file: &Path) {
        self.add(file, "the baseline");
    }

    fn add(&mut self, file: &Path, what: &'static str) {
        if let Ok(file) = canonical(file) {
            self.files.entry(file).or_insert(what);
        }
    }

    /// Without the manifest and the copies: for a command that reads the manifest that it replaces, and refuses to replace any
    /// other file.
    pub fn without_media(mut self) -> Self {
        self.files.retain(|_, what| *what != MANIFEST);
        self.mirrors.clear();
        self
    }

    /// Says which file would be lost if one is written here, if one would.
    pub fn lost(&self, target: &Path) -> Option<String> {
        let path = canonical(target).ok().filter(|path| path.is_file())?;
        let is_copy = || self.is_copy(&path).then_some("a local copy of a media file");
        let what = self.files.get(&path).copied().or_else(is_copy)?;
        Some(format!("{}: the output would replace {what}", target.display()))
    }

    /// Whether a file is a local copy. If its folder also has datasets or settings, not everything in it is one.
    fn is_copy(&self, path: &Path) -> bool {
        let is_shared = |folder: &Path| self.files.keys().any(|file| file.starts_with(folder));
        self.mirrors.iter().any(|folder| path.starts_with(folder) && (!is_shared(folder) || is_media(path)))
    }
}
