//! The datasets that open documents belong to: which files they are, and those of them that are not open.
//!
//! An open document always goes before the file on disk.

use super::publish::{self, Encoded, Publication, Published};
use super::session::{Open, Session};
use super::settings_files;
use crate::analysis::dataset::{Member, Relating, set_alone};
use crate::analysis::{Analyst, Lines, Source};
use crate::disk::bytes::Stamp;
use crate::disk::check::look_at;
use crate::disk::config::{Project, Projects, real};
use crate::disk::datasets::{Dataset, role_of_path};
use crate::disk::input::sentence;
use crate::disk::{FileText, Input, Reading, files};
use crate::rules::{OtherFile, Verdict};
use crate::settings::toml::FILE_NAME;
use crate::settings::{Configuration, DiagnosticMode, Settings};
use lsp_types::Uri;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Reading a file of more bytes than this is shown as progress.
const LARGE: u64 = 4 << 20;

/// Of a file that is not open only what is counted is kept; its text is read again where it is asked for.
const READING: Reading = Reading { most_in_memory: 0, ..Reading::TO_LOOK };

/// The datasets of a session.
#[derive(Default)]
pub(super) struct Datasets {
    known: Vec<Known>,
    closed: BTreeMap<PathBuf, Closed>,
    /// Files that are not open and published all the same.
    published: BTreeSet<PathBuf>,
    /// The diagnostics that were published of settings files.
    pub(super) faulty: BTreeMap<PathBuf, Vec<Arc<Encoded>>>,
    /// Whether files beside the open ones matter that the client does not watch.
    pub(super) unwatched: bool,
    /// Files that are being read.
    reading: BTreeSet<PathBuf>,
    /// Whether somebody is looking which files there are, and whether he has to look again afterwards.
    looking: bool,
    again: bool,
}

/// A dataset, and how far its files are related to each other.
struct Known {
    dataset: Dataset,
    relating: Relating,
    due: bool,
}

/// A file that is not open.
pub(super) struct Closed {
    pub source: FileText,
    pub lines: Lines,
    pub settings: Settings,
    pub published: Published,
    pub verdict: Verdict,
    stamp: Option<Stamp>,
}

/// What was found on disk.
struct Found {
    projects: Projects,
    datasets: Vec<Dataset>,
    /// The files to know, with what tells whether they have changed.
    files: BTreeMap<PathBuf, Option<Stamp>>,
    /// Those of them that are published.
    published: BTreeSet<PathBuf>,
    /// The settings files of all of them.
    settings: Vec<Arc<Project>>,
}

impl Datasets {
    /// The dataset of a file.
    pub fn of(&self, path: &Path) -> Option<&Dataset> {
        self.known.iter().map(|known| &known.dataset).find(|dataset| dataset.role(path).is_some())
    }

    /// A file has other records than before: what hangs on it has to be looked at.
    pub fn changed(&mut self, path: &Path) {
        for known in self.known.iter_mut().filter(|known| known.dataset.role(path).is_some()) {
            known.due = true;
        }
    }

    /// A file has become another one, or come or gone.
    fn replaced(&mut self, path: &Path) {
        for known in self.known.iter_mut().filter(|known| known.dataset.role(path).is_some()) {
            (known.relating, known.due) = (Relating::default(), true);
        }
    }

    /// The files that are not open and have to be published.
    pub fn due(&mut self) -> Option<(&PathBuf, &mut Closed)> {
        self.closed.iter_mut().find(|(_, closed)| closed.published.is_due())
    }
}

/// A document was opened: it goes before the file.
pub(super) fn opened(session: &mut Session, path: &Path) {
    session.datasets.closed.remove(path);
    session.datasets.replaced(path);
    look(session);
}

/// Has the worker look which datasets the open documents belong to, and which of their files have changed.
pub(super) fn look(session: &mut Session) {
    if std::mem::replace(&mut session.datasets.looking, true) {
        session.datasets.again = true;
        return;
    }
    let open: BTreeSet<PathBuf> = session.documents.values().filter_map(|open| open.path.clone()).collect();
    let (client, folders) = (session.configuration.clone(), session.folders.clone());
    // A panic must not be waited for.
    let work = move || catch_unwind(AssertUnwindSafe(|| find(&open, client, &folders))).ok();
    session.worker.give(work, |session, found| match found {
        Some(found) => arrive(session, found),
        None => {
            tracing::error!("looking for the files of datasets panicked");
            session.datasets.looking = false;
        }
    });
}

/// The datasets of the open files, the files that are not open and have to be known, and the settings of
/// all of them.
fn find(open: &BTreeSet<PathBuf>, client: Configuration, folders: &[PathBuf]) -> Found {
    let mut projects = Projects::new(client, folders.first().map(PathBuf::as_path));
    let mut wanted: BTreeSet<PathBuf> = open.clone();
    for folder in folders {
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
    let files = closed.filter_map(|path| {
        let stamp = std::fs::metadata(&path).ok().filter(std::fs::Metadata::is_file).map(|it| Stamp::of(&it))?;
        Some((path, Some(stamp)))
    });
    let files = files.collect();
    // Whatever is asked about these files later is known then.
    let settings = wanted_settings(&mut projects, open, &files);
    Found { projects, settings, datasets, files, published }
}

/// Takes what was found, and has the files read that are new or have changed.
fn arrive(session: &mut Session, found: Found) {
    let Found { projects, datasets, files, published, settings } = found;
    session.projects = projects;
    session.settings_may_have_changed();
    settings_files::publish(session, &settings);
    let mut beside = files.keys().chain(settings.iter().map(|project| &project.path));
    let unwatched = beside.any(|path| !session.watches(path));
    let state = &mut session.datasets;
    state.unwatched = unwatched;
    state.looking = false;
    state.published = published;
    let mut before = std::mem::take(&mut state.known);
    state.known = datasets
        .into_iter()
        .map(|dataset| match before.iter().position(|known| known.dataset == dataset) {
            Some(same) => before.swap_remove(same),
            None => Known { dataset, relating: Relating::default(), due: true },
        })
        .collect();
    let gone: Vec<PathBuf> = state.closed.keys().filter(|path| !files.contains_key(*path)).cloned().collect();
    for path in gone {
        if let Some(closed) = state.closed.remove(&path) {
            if closed.published.is_shown()
                && let Ok(uri) = Uri::from_file_path(&path)
                && !session.documents.contains_key(&uri)
            {
                session.listener.publish(publish::nothing(uri));
            }
            state.replaced(&path);
        }
    }
    let Session { documents, datasets, .. } = session;
    let Datasets { known, closed, .. } = datasets;
    let open =
        documents.values_mut().filter_map(|open| Some((open.path.as_ref()?, &mut open.lines, &mut open.published)));
    let closed = closed.iter_mut().map(|(path, closed)| (path, &mut closed.lines, &mut closed.published));
    for (path, lines, published) in open.chain(closed) {
        let alone = known.iter().all(|known| known.dataset.role(path).is_none());
        if alone && set_alone(lines, role_of_path(path)) {
            published.may_have_changed();
        }
    }
    for (path, stamp) in files {
        let settings = session.settings_of(Some(&path));
        let publishes = session.datasets.published.contains(&path);
        let known = match session.datasets.closed.get_mut(&path) {
            Some(closed) => {
                if closed.published.judge(publishes)
                    && let Ok(uri) = Uri::from_file_path(&path)
                {
                    session.listener.publish(publish::nothing(uri));
                }
                closed.stamp == stamp && closed.settings == settings
            }
            None => false,
        };
        if !known && session.datasets.reading.insert(path.clone()) {
            read(session, path, stamp);
        }
    }
    if std::mem::take(&mut session.datasets.again) {
        look(session);
    }
}

fn read(session: &mut Session, path: PathBuf, stamp: Option<Stamp>) {
    let settings = session.settings_of(Some(&path));
    let large = stamp.is_some_and(|stamp| stamp.bytes() > LARGE);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let progress = if large { session.progress(format!("Reading {name}")) } else { None };
    let work = move || {
        let read = Input::File(path.clone()).read(&READING);
        let read = read.and_then(|source| {
            let looked_at = catch_unwind(AssertUnwindSafe(|| look_at(&source, &settings).0));
            let mut lines = looked_at.map_err(|_| format!("{}: looking at it panicked", path.display()))?;
            // A large file is read only when it is looked at.
            if let Some(problem) = source.problem() {
                return Err(format!("{}: {}", path.display(), sentence(problem)));
            }
            set_alone(&mut lines, role_of_path(&path));
            Ok((source, lines))
        });
        drop(progress);
        (path, settings, read)
    };
    session.worker.give(work, move |session, (path, settings, read)| {
        session.datasets.reading.remove(&path);
        match read {
            Ok((source, lines)) => {
                let published = Published::new(session.datasets.published.contains(&path));
                let verdict = Verdict::default();
                // The editor has opened it meanwhile.
                if !session.documents.values().any(|open| open.path.as_ref() == Some(&path)) {
                    let mut closed = Closed { source, lines, settings, published, verdict, stamp };
                    if let Some(before) = session.datasets.closed.remove(&path) {
                        closed.published = before.published;
                        closed.published.now_due();
                    }
                    session.datasets.closed.insert(path.clone(), closed);
                }
            }
            Err(error) => {
                tracing::warn!("{error}");
                session.datasets.closed.remove(&path);
            }
        }
        session.datasets.replaced(&path);
    });
}

/// Relates the files of a dataset in which something has changed; false when there is none.
pub(super) fn relate(session: &mut Session) -> bool {
    let Session { documents, datasets, .. } = session;
    let Datasets { known, closed, reading, looking, .. } = datasets;
    // What is not known yet is waited for, so that nothing is said and taken back.
    let complete = |known: &Known| !known.dataset.files.iter().any(|(path, _)| reading.contains(path));
    let Some(place) = known.iter().position(|known| known.due && !*looking && complete(known)) else { return false };
    // A file belongs to the first dataset that has it.
    let (earlier, rest) = known.split_at_mut(place);
    let Some(Known { dataset, relating, due }) = rest.first_mut() else { return false };
    *due = false;
    let mut files: HashMap<&Path, (&mut Lines, &dyn Source, &mut Published)> = HashMap::new();
    for (path, Closed { lines, source, published, .. }) in closed.iter_mut() {
        files.insert(path, (lines, source, published));
    }
    for Open { path, lines, document, published, .. } in documents.values_mut() {
        if let Some(path) = path {
            files.insert(path, (lines, document, published));
        }
    }
    let mut members = Vec::new();
    let mut publishing = Vec::new();
    for (path, role) in &dataset.files {
        if earlier.iter().any(|other| other.dataset.role(path).is_some()) {
            continue;
        }
        let Some((lines, source, published)) = files.remove(path.as_path()) else { continue };
        let file = Arc::new(OtherFile { name: dataset.name_of(path), location: located(path) });
        members.push(Member { lines, source, file, role: *role });
        publishing.push(published);
    }
    // A panic costs what these files say of each other, until one of them changes.
    let mut work = || relating.relate(&mut members, dataset.configured, &mut Analyst::default());
    let Ok(changed) = catch_unwind(AssertUnwindSafe(&mut work)) else {
        tracing::error!("relating the files of a dataset panicked");
        return true;
    };
    for (published, changed) in publishing.into_iter().zip(changed) {
        if changed {
            published.may_have_changed();
        }
    }
    true
}

/// Where another file of the dataset is.
pub(super) fn located(path: &Path) -> String {
    Uri::from_file_path(path).map(|uri| uri.to_string()).unwrap_or_default()
}

/// Publishes what is wrong with a file that is not open.
pub(super) fn publish_closed(session: &mut Session) -> bool {
    let Session { datasets, client, pages, listener, .. } = session;
    let Some((path, closed)) = datasets.due() else { return false };
    let Closed { source, lines, settings, published, verdict, .. } = closed;
    let Ok(uri) = Uri::from_file_path(path) else {
        published.done();
        return true;
    };
    let found = catch_unwind(AssertUnwindSafe(|| {
        let mut analyst = Analyst::new(settings);
        *verdict = lines.verdict(source, &analyst);
        let listed = lines.list(source, &mut analyst, verdict, settings.max_diagnostics);
        let place = |line, byte| super::extensions::place_on_disk(source, line, byte, client.encoding);
        let diagnostics = listed.iter().map(|listed| publish::diagnostic(&uri, client, pages, listed, &place));
        diagnostics.collect()
    }));
    let Ok(diagnostics) = found else {
        tracing::error!("finding what is wrong with {} panicked", path.display());
        published.done();
        return true;
    };
    if let Some(diagnostics) = published.take(diagnostics) {
        listener.publish(Publication { uri, version: None, diagnostics });
    }
    true
}

/// The settings files of these files.
fn wanted_settings(
    projects: &mut Projects,
    open: &BTreeSet<PathBuf>,
    files: &BTreeMap<PathBuf, Option<Stamp>>,
) -> Vec<Arc<Project>> {
    let mut found: Vec<Arc<Project>> = Vec::new();
    for path in open.iter().chain(files.keys()) {
        let project = projects.project_of(path);
        found.extend(project.filter(|project| found.iter().all(|known| known.path != project.path)));
    }
    found
}
