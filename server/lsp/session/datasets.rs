//! The datasets that open documents belong to: which files they are, and those of them that are not open.
//!
//! An open document overrides the file on disk.

use super::client::Client;
use super::convert;
use super::diagnostics::Published;
use super::document::{MemberParts, OpenDocument};
use crate::analysis::index::dataset::{DatasetState, Member};
use crate::analysis::{Analyst, Lines};
use crate::disk::FileText;
use crate::disk::bytes::Stamp;
use crate::disk::datasets::Dataset;
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
    /// Files that are not open and published all the same.
    published: BTreeSet<PathBuf>,
    reading: BTreeSet<PathBuf>,
    /// Whether the worker is looking which files there are, and whether it has to look again afterwards.
    looking: bool,
    again: bool,
    unwatched: bool,
}

/// A dataset, and how far its files are related to each other.
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

/// A file that is not open, as it was read.
pub struct ReadFile {
    pub source: FileText,
    pub lines: Lines,
    /// The settings under which they were.
    pub settings: Settings,
    /// Tells whether the file has changed since.
    pub stamp: Stamp,
}

/// A file that is not open, and what was published of it.
struct ClosedFile {
    file: ReadFile,
    published: Published,
}

impl ClosedFile {
    fn member(&mut self) -> MemberParts<'_> {
        MemberParts { lines: &mut self.file.lines, source: &self.file.source, published: &mut self.published }
    }
}

/// The files that there are on disk.
pub struct Listing {
    /// The datasets that open documents belong to.
    pub datasets: Vec<Dataset>,
    /// The files to know, with what tells whether they have changed.
    pub files: BTreeMap<PathBuf, Stamp>,
    /// Those of them that are published.
    pub published: BTreeSet<PathBuf>,
    /// Whether the client does not watch all of these and of the settings files that hold for them.
    pub unwatched: bool,
}

impl Datasets {
    pub fn of(&self, path: &Path) -> Option<&Dataset> {
        self.known.iter().find(|known| known.has(path)).map(|known| &known.dataset)
    }

    /// A file has other records than before: what depends on it has to be looked at.
    pub fn changed(&mut self, path: &Path) {
        self.known.iter_mut().filter(|known| known.has(path)).for_each(|known| known.due = true);
    }

    /// A file has become another one, or come or gone.
    fn replaced(&mut self, path: &Path) {
        for known in self.known.iter_mut().filter(|known| known.has(path)) {
            (known.relating, known.due) = (DatasetState::default(), true);
        }
    }

    /// A document was opened: it overrides the file.
    pub fn opened(&mut self, path: &Path) {
        self.closed.remove(path);
        self.replaced(path);
    }

    /// Whether the client does not tell of changes to some of the files.
    pub fn has_unwatched(&self) -> bool {
        self.unwatched
    }

    /// Begins to look which files there are; false while that is being done, which is then done again.
    pub fn begin_listing(&mut self) -> bool {
        let idle = !std::mem::replace(&mut self.looking, true);
        self.again |= !idle;
        idle
    }

    /// Ends it; true when it has to be done again.
    pub fn end_listing(&mut self) -> bool {
        self.looking = false;
        std::mem::take(&mut self.again)
    }

    /// Takes the files that there are. Gives those that have to be read: those that are new, changed, or have
    /// other settings than before.
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
                && !documents.contains_key(&uri)
            {
                client.clear(uri);
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
                    client.clear(uri);
                }
                closed.file.stamp == stamp && closed.file.settings == settings
            });
            if !is_known && self.reading.insert(path.clone()) {
                unread.push((path, stamp, settings));
            }
        }
        unread
    }

    /// Takes a file that was to be read: `None` when it cannot be, or is open now.
    pub fn read(&mut self, path: &Path, file: Option<ReadFile>) {
        self.reading.remove(path);
        let before = self.closed.remove(path);
        if let Some(file) = file {
            let new = || Published::new(self.published.contains(path));
            let mut published = before.map_or_else(new, |closed| closed.published);
            published.now_due();
            self.closed.insert(path.to_path_buf(), ClosedFile { file, published });
        }
        self.replaced(path);
    }

    /// Relates the files of a dataset in which something has changed; false when there is none.
    pub fn relate(&mut self, documents: &mut HashMap<Uri, OpenDocument>) -> bool {
        let Self { known, closed, reading, looking, .. } = self;
        // What is not known yet is waited for, so that nothing is said and taken back.
        let complete = |known: &Known| !known.dataset.files.iter().any(|(path, _)| reading.contains(path));
        let Some(place) = known.iter().position(|known| known.due && !*looking && complete(known)) else {
            return false;
        };
        // A file belongs to the first dataset that has it.
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
        // A panic costs what these files say of each other, until one of them changes.
        let mut work = || relating.relate(&mut members, dataset.configured, &mut Analyst::default());
        let Ok(changed) = catch_unwind(AssertUnwindSafe(&mut work)) else {
            tracing::error!("relating the files of a dataset panicked");
            return true;
        };
        let changed = publishing.into_iter().zip(changed).filter(|(_, changed)| *changed);
        changed.for_each(|(published, _)| published.may_have_changed());
        true
    }

    /// Publishes what is wrong with a file that is not open; false when there is none to publish.
    pub fn publish(&mut self, client: &mut Client) -> bool {
        let due = self.closed.iter_mut().find(|(_, closed)| closed.published.is_due());
        let Some((path, ClosedFile { file, published })) = due else { return false };
        let found = catch_unwind(AssertUnwindSafe(|| {
            let Ok(uri) = Uri::from_file_path(path) else { return };
            let ReadFile { source, lines, settings, .. } = file;
            let mut analyst = Analyst::new(settings);
            let verdict = lines.judge(source, &analyst);
            let listed = lines.list(source, &mut analyst, &verdict, settings.max_diagnostics);
            if let Some(diagnostics) = published.take(client.diagnostics_on_disk(&uri, source, &listed)) {
                client.publish(uri, None, diagnostics);
            }
        }));
        if found.is_err() {
            tracing::error!("finding what is wrong with {} panicked", path.display());
        }
        published.done();
        true
    }
}
