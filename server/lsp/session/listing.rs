//! Which files on disk bear on the open documents: listed and read by the worker.

use super::datasets::{Listing, ReadFile};
use super::state::State;
use super::workspace::Scope;
use crate::analysis::index::dataset::detach;
use crate::disk::bytes::Stamp;
use crate::disk::check::analyze;
use crate::disk::config::{Project, Projects};
use crate::disk::datasets::{Dataset, role_of_path};
use crate::disk::input::sentence;
use crate::disk::paths::real;
use crate::disk::{Input, Reading, files};
use crate::settings::toml::FILE_NAME;
use crate::settings::{DiagnosticMode, Settings};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Reading a file of more bytes than this is shown as progress.
const LARGE: u64 = 4 << 20;

/// Of a file that is not open only what is counted is kept; its text is read again where it is asked for.
const READING: Reading = Reading { most_in_memory: 0, ..Reading::TO_LOOK };

/// The files, their settings, and the settings files that these come from.
type Found = (Listing, Projects, Vec<Arc<Project>>);

/// Has the worker find which datasets the open documents belong to, and which of their files have changed.
pub fn refresh(state: &mut State) {
    if !state.datasets.begin_listing() {
        return;
    }
    let open: BTreeSet<PathBuf> =
        state.documents.values().filter_map(|open| open.path()).map(Path::to_path_buf).collect();
    let scope = state.workspace.scope();
    // A panic must not be waited for.
    let work = move || catch_unwind(AssertUnwindSafe(|| find(&open, &scope))).ok();
    state.worker.give(work, |state, found| {
        let again = state.datasets.end_listing();
        match found {
            Some(found) => arrive(state, found),
            None => tracing::error!("looking for the files of datasets panicked"),
        }
        if again {
            refresh(state);
        }
    });
}

/// The datasets of the open files, the files that are not open and have to be known, and the settings of
/// all of them.
fn find(open: &BTreeSet<PathBuf>, scope: &Scope) -> Found {
    let mut projects = scope.projects();
    let mut wanted: BTreeSet<PathBuf> = open.clone();
    for folder in scope.folders() {
        if projects.configuration_of(&folder.join(FILE_NAME)).diagnostic_mode() == DiagnosticMode::Workspace {
            wanted.extend(files::dataset_files(folder).iter().map(|path| real(path)));
        }
    }
    let published: BTreeSet<PathBuf> = wanted.difference(open).cloned().collect();
    let mut datasets: Vec<Dataset> = Vec::new();
    for path in &wanted {
        if !datasets.iter().any(|dataset| dataset.role(path).is_some()) {
            datasets.extend(projects.dataset_of(path));
        }
    }
    wanted.extend(datasets.iter().flat_map(|dataset| dataset.files.iter().map(|(path, _)| path.clone())));
    let closed = wanted.into_iter().filter(|path| !open.contains(path));
    let files: BTreeMap<PathBuf, Stamp> = closed
        .filter_map(|path| {
            let metadata = std::fs::metadata(&path).ok().filter(std::fs::Metadata::is_file)?;
            Some((path, Stamp::of(&metadata)))
        })
        .collect();
    // Whatever is asked about these files later is known then.
    let mut settings: Vec<Arc<Project>> = Vec::new();
    for path in open.iter().chain(files.keys()) {
        let project = projects.project_of(path);
        settings.extend(project.filter(|project| settings.iter().all(|known| known.path != project.path)));
    }
    (Listing { datasets, files, published, unwatched: false }, projects, settings)
}

/// Takes what was found, and has the files read that are new or have changed.
fn arrive(state: &mut State, (mut listing, projects, settings): Found) {
    state.workspace.set_projects(projects);
    state.apply_settings();
    state.settings_files.publish(&mut state.client, &settings);
    let mut files = listing.files.keys().chain(settings.iter().map(|project| &project.path));
    listing.unwatched = files.any(|path| !state.watches(path));
    let State { datasets, documents, workspace, client, .. } = state;
    let unread = datasets.update(listing, |path| workspace.settings_of(Some(path)), documents, client);
    for (path, stamp, settings) in unread {
        read(state, path, stamp, settings);
    }
}

/// Has the worker read a file.
fn read(state: &mut State, path: PathBuf, stamp: Stamp, settings: Settings) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let large = stamp.bytes() > LARGE;
    let progress = large.then(|| state.client.progress(state.numbers.next(), format!("Reading {name}")));
    let work = move || {
        let file = read_file(&path, stamp, settings);
        drop(progress);
        (path, file)
    };
    state.worker.give(work, |state, (path, file)| {
        let file = file.map_err(|error| tracing::warn!("{error}")).ok();
        // The editor may have opened it meanwhile.
        let file = file.filter(|_| state.document_of(&path).is_none());
        state.datasets.read(&path, file);
    });
}

fn read_file(path: &Path, stamp: Stamp, settings: Settings) -> Result<ReadFile, String> {
    let source = Input::File(path.to_path_buf()).read(&READING)?;
    let analyzed = catch_unwind(AssertUnwindSafe(|| analyze(&source, &settings).0));
    let mut lines = analyzed.map_err(|_| format!("{}: looking at it panicked", path.display()))?;
    // A large file is read only when it is looked at.
    if let Some(problem) = source.problem() {
        return Err(format!("{}: {}", path.display(), sentence(problem)));
    }
    detach(&mut lines, role_of_path(path));
    Ok(ReadFile { source, lines, settings, stamp })
}
