//! The worker lists and reads the files on disk that affect open documents.

use super::datasets::{ClosedFile, Listing};
use super::media;
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

/// Only the counts of a file that isn't open are kept. Its text is read again when it is needed. That holds the file open,
/// and Windows doesn't let other programs replace or delete such a file, so there a usual file is kept in memory.
const READING: Reading =
    Reading { max_in_memory: if cfg!(windows) { Reading::TO_READ.max_in_memory } else { 0 }, ..Reading::TO_READ };

/// The files, the projects that give their settings, and the settings files of these projects.
type Found = (Listing, Projects, Vec<Arc<Project>>);

/// Has the worker find the datasets of the open documents and the files that have changed.
pub fn refresh(state: &mut State) {
    if !state.datasets.begin_listing() {
        return;
    }
    let open: BTreeSet<PathBuf> =
        state.documents.values().filter_map(|open| open.path()).map(Path::to_path_buf).collect();
    let (scope, revision) = (state.workspace.scope(), state.workspace.revision());
    // The listing must end even if it panics.
    let work = move || catch_unwind(AssertUnwindSafe(|| find(&open, &scope))).ok();
    state.work(work, move |state, found| {
        let again = state.datasets.end_listing();
        match found {
            // New settings have another listing follow. Until then, they must not be replaced by the earlier ones.
            Some(_) if state.workspace.revision() != revision => {}
            Some(found) => arrive(state, found),
            None => tracing::error!("listing the files of datasets panicked"),
        }
        if again {
            refresh(state);
        }
    });
}

/// The datasets of the open files, the other files to read, and the settings of all of them.
fn find(open: &BTreeSet<PathBuf>, scope: &Scope) -> Found {
    let mut projects = scope.projects().with_open(open.iter().cloned());
    projects.client_baseline();
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
            datasets.extend(projects.dataset_of(path).map(Arc::unwrap_or_clone));
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
    // Load the projects of all these files now, so that later lookups need no disk access.
    let mut settings: Vec<Arc<Project>> = Vec::new();
    for path in open.iter().chain(files.keys()) {
        let project = projects.project_of(path);
        settings.extend(project.filter(|project| settings.iter().all(|known| known.path != project.path)));
    }
    (Listing { datasets, files, published, unwatched: false }, projects, settings)
}

/// Takes the result, and has the worker read the files that are new or have changed.
fn arrive(state: &mut State, (mut listing, projects, settings): Found) {
    if state.workspace.set_projects(projects) {
        state.refresh_hints();
    }
    state.apply_settings();
    state.publish_settings_files(&settings);
    media::refresh(state, &settings, refresh);
    let (of_client, problem) = state.workspace.client_baseline();
    if let Some(problem) = problem.filter(|problem| state.workspace.is_new_problem(problem)) {
        state.client.warn(&format!("tuning-ls settings: {problem}"));
    }
    let named = settings.iter().filter_map(|project| project.baseline_file.as_deref()).chain(of_client.as_deref());
    // A link may change, and what it leads to.
    let baselines: BTreeSet<_> = named.flat_map(|file| [file.to_path_buf(), real(file)]).collect();
    // In a pattern, some characters of a name would have a meaning.
    let is_plain = |path: &&PathBuf| !path.to_string_lossy().contains(['*', '?', '[', ']', '{', '}']);
    let watched = baselines.iter().filter(is_plain).filter(|path| state.watches(path)).map(PathBuf::as_path);
    let watched: Vec<&Path> = watched.collect();
    let mut files = listing.files.keys().chain(settings.iter().map(|project| &project.path));
    listing.unwatched = watched.len() < baselines.len() || files.any(|path| !state.watches(path));
    state.client.watch_baselines(watched.into_iter());
    let State { datasets, documents, workspace, client, .. } = state;
    let unread = datasets.update(listing, |path| workspace.settings_of(Some(path)), documents, client);
    for (path, stamp, settings) in unread {
        read(state, path, stamp, settings);
    }
}

fn read(state: &mut State, path: PathBuf, stamp: Stamp, settings: Settings) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let progress = state.progress(stamp.bytes(), || format!("Reading {name}"));
    let work = move || {
        let file = read_file(&path, stamp, settings);
        drop(progress);
        (path, file)
    };
    state.work(work, |state, (path, file)| {
        let file = file.map_err(|error| tracing::warn!("{error}")).ok();
        // The editor may have opened it meanwhile.
        let file = file.filter(|_| state.document_of(&path).is_none());
        state.datasets.read(&path, file);
    });
}

fn read_file(path: &Path, stamp: Stamp, settings: Settings) -> Result<ClosedFile, String> {
    let source = Input::File(path.to_path_buf()).read(&READING)?;
    let analyzed = catch_unwind(AssertUnwindSafe(|| analyze(&source, &settings).0));
    let mut lines = analyzed.map_err(|_| format!("{}: analyzing it panicked", path.display()))?;
    // A large file is read while it is analyzed.
    if let Some(problem) = source.problem() {
        return Err(format!("{}: {}", path.display(), sentence(problem)));
    }
    detach(&mut lines, role_of_path(path));
    Ok(ClosedFile::new(source, lines, settings, stamp))
}
