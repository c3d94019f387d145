//! The datasets that open documents belong to, and those of their files that aren't open.
//!
//! An open document overrides the file on disk.

use super::client::Client;
use super::convert;
use super::diagnostics::{Published, Shown};
use super::document::{MemberParts, OpenDocument};
use crate::analysis::index::dataset::{DatasetState, Member};
use crate::analysis::{Analyst, Lines, fold};
use crate::disk::bytes::Stamp;
use crate::disk::datasets::Dataset;
use crate::disk::{FileText, Snapshot};
use crate::rules::OtherFile;
use crate::settings::Settings;
use lsp_types::Uri;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Default)]
pub struct Datasets {
    known: Vec<Known>,
    closed: BTreeMap<PathBuf, ClosedFile>,
    /// Files that are published although they aren't open.
    published: BTreeSet<PathBuf>,
    reading: BTreeSet<PathBuf>,
    /// Whether the worker is listing files, and whether it must list them again afterwards.
    listing: bool,
    again: bool,
    /// Whether a listing has ended.
    listed: bool,
    unwatched: bool,
    /// Files whose diagnostics a client that pulls may have, but that have none anymore.
    withdrawn: Vec<Uri>,
    /// Whether the client must be asked to pull because of them.
    unasked: bool,
}

/// A dataset, and the state of relating its files to each other.
struct Known {
    dataset: Dataset,
    relating: DatasetState,
    due: bool,
}

impl Known {
    fn has(&self, path: &Path) -> bool {
        self.dataset.role(path).is_some()
    }
}

/// A file that isn't open.
pub struct ClosedFile {
    source: Arc<FileText>,
    lines: Lines,
    /// The settings that `lines` were analyzed with.
    settings: Settings,
    /// Shows whether the file has changed since.
    stamp: Stamp,
    published: Published,
}

impl ClosedFile {
    pub fn new(source: FileText, lines: Lines, settings: Settings, stamp: Stamp) -> Self {
        Self { source: Arc::new(source), lines, settings, stamp, published: Published::new(false) }
    }

    fn member(&mut self) -> MemberParts<'_> {
        MemberParts { lines: &mut self.lines, source: &*self.source, published: &mut self.published }
    }
}

/// The files on disk.
pub struct Listing {
    /// The datasets that open documents belong to.
    pub datasets: Vec<Dataset>,
    /// The files to read, with stamps that show whether they have changed.
    pub files: BTreeMap<PathBuf, Stamp>,
    /// The files to publish.
    pub published: BTreeSet<PathBuf>,
    /// Whether there are files, or settings files for them, that the client doesn't watch.
    pub unwatched: bool,
}

impl Datasets {
    pub fn of(&self, path: &Path) -> Option<&Dataset> {
        self.known.iter().find(|known| known.has(path)).map(|known| &known.dataset)
    }

    /// The lines of a file that isn't open, if it was read.
    pub fn lines(&self, path: &Path) -> Option<&Lines> {
        self.closed.get(path).map(|closed| &closed.lines)
    }

    /// The files that aren't open, to read them on another thread.
    pub fn closed_files(&self) -> impl Iterator<Item = (&Path, Snapshot<FileText>)> {
        self.closed.iter().map(|(path, ClosedFile { source, lines, settings, .. })| {
            let analyst = Analyst::new(settings);
            let fallback = lines.judge(&**source, &analyst).format;
            let (source, records) = (Arc::clone(source), lines.filled_records(&**source));
            (path.as_path(), Snapshot { source, records, settings: settings.clone(), fallback })
        })
    }

    /// Called when the records of a file have changed.
    pub fn changed(&mut self, path: &Path) {
        self.known.iter_mut().filter(|known| known.has(path)).for_each(|known| known.due = true);
    }

    /// Called when a file was replaced, added or removed.
    fn replaced(&mut self, path: &Path) {
        for known in self.known.iter_mut().filter(|known| known.has(path)) {
            (known.relating, known.due) = (DatasetState::default(), true);
        }
    }

    /// Called when a document was opened, which overrides the file.
    pub fn opened(&mut self, path: &Path) {
        self.closed.remove(path);
        self.replaced(path);
    }

    /// Whether there are files whose changes the client doesn't report.
    pub fn has_unwatched(&self) -> bool {
        self.unwatched
    }

    /// Whether everything that can affect a file has been read.
    pub fn is_complete(&self, path: &Path) -> bool {
        let mut files = self.of(path).into_iter().flat_map(|dataset| &dataset.files);
        !self.listing && !files.any(|(path, _)| self.reading.contains(path))
    }

    /// Whether all files have been listed and read.
    pub fn is_idle(&self) -> bool {
        !self.listing && self.reading.is_empty()
    }

    /// Whether the files of the workspace have been listed, or are being listed.
    pub fn is_listed(&self) -> bool {
        self.listed || self.listing
    }

    /// The diagnostics of the files that are published although they aren't open.
    pub fn closed(&mut self) -> impl Iterator<Item = (&Path, &mut Shown)> {
        let judged = self.closed.iter_mut().filter(|(_, closed)| closed.published.is_judged());
        judged.map(|(path, closed)| (path.as_path(), closed.published.shown()))
    }

    /// The files that have no diagnostics anymore, since the last call.
    pub fn take_withdrawn(&mut self) -> Vec<Uri> {
        std::mem::take(&mut self.withdrawn)
    }

    /// Some if there are new ones, and the client must be asked to pull.
    pub fn take_unasked_withdrawal(&mut self) -> Option<()> {
        std::mem::take(&mut self.unasked).then_some(())
    }

    /// Begins a listing. If one is running, returns false and has it repeated.
    pub fn begin_listing(&mut self) -> bool {
        let idle = !std::mem::replace(&mut self.listing, true);
        self.again |= !idle;
        idle
    }

    /// Ends a listing; true if it must be repeated.
    pub fn end_listing(&mut self) -> bool {
        (self.listing, self.listed) = (false, true);
        std::mem::take(&mut self.again)
    }

    /// Takes a listing. Returns the files to read: those that are new, have changed, or have other settings.
    pub fn update(
        &mut self,
        listing: Listing,
        mut settings_of: impl FnMut(&Path) -> Settings,
        documents: &mut HashMap<Uri, OpenDocument>,
        client: &Client,
    ) -> Vec<(PathBuf, Stamp, Settings)> {
        let Listing { datasets, files, published, unwatched } = listing;
        (self.published, self.unwatched) = (published, unwatched);
        let mut before = std::mem::take(&mut self.known);
        let known = datasets.into_iter().map(|dataset| match before.iter().position(|it| it.dataset == dataset) {
            Some(same) => before.swap_remove(same),
            None => Known { dataset, relating: DatasetState::default(), due: true },
        });
        self.known = known.collect();
        let gone: Vec<_> = self.closed.extract_if(.., |path, _| !files.contains_key(path)).collect();
        for (path, closed) in gone {
            if closed.published.is_shown()
                && let Ok(uri) = Uri::from_file_path(&path)
                && !documents.values().any(|open| open.path() == Some(&path))
            {
                client.clear(uri.clone());
                self.withdrawn.push(uri);
                self.unasked = true;
            }
            self.replaced(&path);
        }
        let open = documents.values_mut().filter_map(OpenDocument::member);
        let closed = self.closed.iter_mut().map(|(path, closed)| (path.as_path(), closed.member()));
        for (path, member) in open.chain(closed) {
            if !self.known.iter().any(|known| known.has(path)) {
                member.set_alone(path);
            }
        }
        let mut unread = Vec::new();
        for (path, stamp) in files {
            let settings = settings_of(&path);
            let is_known = self.closed.get_mut(&path).is_some_and(|closed| {
                if closed.published.judge(self.published.contains(&path))
                    && let Ok(uri) = Uri::from_file_path(&path)
                {
                    client.clear(uri.clone());
                    self.withdrawn.push(uri);
                    self.unasked = true;
                }
                closed.stamp == stamp && closed.settings == settings
            });
            if !is_known && self.reading.insert(path.clone()) {
                unread.push((path, stamp, settings));
            }
        }
        unread
    }

    /// Takes a file that was read; `None` if it can't be read or is open now.
    pub fn read(&mut self, path: &Path, file: Option<ClosedFile>) {
        self.reading.remove(path);
        let before = self.closed.remove(path);
        if let Some(mut file) = file {
            let new = || Published::new(self.published.contains(path));
            file.published = before.map_or_else(new, |before| before.published);
            file.published.now_due();
            self.closed.insert(path.to_path_buf(), file);
        }
        self.replaced(path);
    }

    /// Relates the files of a dataset that has changed; false if there is none.
    pub fn relate(&mut self, documents: &mut HashMap<Uri, OpenDocument>) -> bool {
        let Self { known, closed, reading, listing, .. } = self;
        // Wait for all files, so that no diagnostics are published and removed again.
        let complete = |known: &Known| !known.dataset.files.iter().any(|(path, _)| reading.contains(path));
        let Some(place) = known.iter().position(|known| known.due && !*listing && complete(known)) else {
            return false;
        };
        // A file belongs to the first dataset that contains it.
        let (earlier, rest) = known.split_at_mut(place);
        let Some(Known { dataset, relating, due }) = rest.first_mut() else { return false };
        *due = false;
        let closed = closed.iter_mut().map(|(path, closed)| (path.as_path(), closed.member()));
        let open = documents.values_mut().filter_map(OpenDocument::member);
        let mut files: HashMap<&Path, MemberParts<'_>> = closed.chain(open).collect();
        let mut members = Vec::new();
        let mut publishing = Vec::new();
        for (path, role) in &dataset.files {
            if earlier.iter().any(|other| other.has(path)) {
                continue;
            }
            let Some(MemberParts { lines, source, published }) = files.remove(path.as_path()) else { continue };
            let file = Arc::new(OtherFile { name: dataset.name_of(path), location: convert::location(path) });
            members.push(Member { lines, source, file, role: *role });
            publishing.push(published);
        }
        // A panic only loses the relations of these files, until one of them changes.
        let mut work = || relating.relate(&mut members, dataset.configured, &mut Analyst::default());
        let Ok(changed) = catch_unwind(AssertUnwindSafe(&mut work)) else {
            tracing::error!("relating the files of a dataset panicked");
            return true;
        };
        let changed = publishing.into_iter().zip(changed).filter(|(_, changed)| *changed);
        changed.for_each(|(published, _)| published.may_have_changed());
        true
    }

    /// Publishes the diagnostics of a file that isn't open; false if nothing is due.
    pub fn publish(&mut self, client: &mut Client) -> bool {
        let due = self.closed.iter_mut().find(|(_, closed)| closed.published.is_due());
        let Some((path, ClosedFile { source, lines, settings, published, .. })) = due else { return false };
        let found = catch_unwind(AssertUnwindSafe(|| {
            let Ok(uri) = Uri::from_file_path(path) else { return };
            let mut analyst = Analyst::new(settings);
            let source: &FileText = source;
            let verdict = lines.judge(source, &analyst);
            let listed = fold(lines.list(source, &mut analyst, &verdict, settings.max_diagnostics), &verdict);
            if let Some(diagnostics) = published.take_closed(client.diagnostics_on_disk(&uri, source, &listed)) {
                client.publish(uri, None, diagnostics);
            }
        }));
        if found.is_err() {
            tracing::error!("publishing the diagnostics of {} panicked", path.display());
        }
        published.done();
        true
    }
}
