//! The one owner of all documents. It takes messages one after the other, works off what is pending
//! while there are none, and publishes what has settled.

use super::answers;
use super::capabilities::Client;
use super::datasets::{self, Datasets};
pub use super::message::{Ask, Message, Reply};
use super::pages::Pages;
use super::progress::Progress;
use super::publish::{self, Published};
pub use super::publish::{Encoded, Publication};
use super::worker::Worker;
use crate::analysis::dataset::set_alone;
use crate::analysis::{Analyst, Contribution, Lines, Looked, Work, contributions};
use crate::disk::config::{Projects, real};
use crate::disk::datasets::role_of_path;
use crate::disk::{check, pipeline};
use crate::rules::{Levels, Verdict};
use crate::settings::toml::FILE_NAME;
use crate::settings::{Configuration, SETTINGS, Settings};
use crate::text::{Change, Document};
use lsp_types::Uri;
use rayon::prelude::*;
use serde_json::Value;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::time::Duration;

/// What the session says on its own: the client, or a test in its place.
pub trait Listener: Send {
    /// A notification for the client.
    fn notify(&self, method: &str, params: Value);
    /// Diagnostics for the client.
    fn publish(&self, publication: Publication);
    /// Asks the client to tell of changes to files that match these patterns.
    fn watch(&self, patterns: &[&str]) {
        let _ = patterns;
    }
    /// Shows that something takes its time, until what is given back is dropped; `token` is new.
    fn progress(&self, token: String, title: String) -> Option<Progress> {
        let _ = (token, title);
        None
    }
}

/// An open document.
pub(super) struct Open {
    /// Where its file is, when it has one.
    pub path: Option<PathBuf>,
    pub document: Document,
    /// Which text it is: no two texts in a session have the same number, whatever versions the client
    /// gives them.
    pub revision: u64,
    pub lines: Lines,
    /// What holds for it.
    pub settings: Settings,
    /// Looks at its records under these settings.
    pub analyst: Analyst,
    /// What was published last; `None` while this version has still to be published.
    pub published: Published,
    /// The verdict that was last decided, for questions that come while something is pending.
    pub verdict: Verdict,
}

/// The files whose changes on disk bear on open documents.
const WATCHED: [&str; 2] = ["**/*.{jsonl,ndjson}", "**/tuning-ls.toml"];

/// A client that does not tell of changes on disk has us look ourselves this often.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// How much text is worked off between two looks into the inbox: about 5 ms.
const STEP_BYTES: usize = 2 << 20;

/// More lines than this that come at once are looked at on all processors.
const MANY_LINES: usize = 1_000;

/// Records that a thread looks at in one go, where there are many.
const RECORDS_AT_ONCE: usize = 128;

/// All open documents, and what is known about them.
pub struct Session {
    pub(super) client: Client,
    /// What the client has set.
    pub(super) configuration: Configuration,
    /// The `tuning-ls.toml` files over it, as they were read last.
    pub(super) projects: Projects,
    pub(super) documents: HashMap<Uri, Open>,
    pub(super) datasets: Datasets,
    /// The folders that the client has open.
    pub(super) folders: Vec<PathBuf>,
    pub(super) worker: Worker,
    pub(super) pages: Pages,
    pub(super) listener: Box<dyn Listener>,
    /// The settings object as it was received last.
    received: Value,
    /// The number of the newest text.
    newest: u64,
    /// Texts that were received last. To give back the memory of large ones takes a while, and has time.
    used: Vec<String>,
}

impl Session {
    /// A session that speaks to `listener`; `inbox` is the way into it, for its worker.
    #[must_use]
    pub fn new(listener: Box<dyn Listener>, inbox: Sender<Message>) -> Self {
        Self {
            client: Client::default(),
            configuration: Configuration::default(),
            projects: Projects::default(),
            documents: HashMap::new(),
            datasets: Datasets::default(),
            folders: Vec::new(),
            worker: Worker::new(inbox),
            pages: Pages::default(),
            listener,
            received: Value::Null,
            newest: 0,
            used: Vec::new(),
        }
    }

    /// Runs as long as the process: the session's own worker can always send it something.
    pub fn run(mut self, inbox: &Receiver<Message>) {
        loop {
            // Bursts coalesce: all that has arrived is taken before anything is worked off.
            match inbox.try_recv() {
                Ok(message) => self.take(message),
                Err(TryRecvError::Empty) => {
                    if !self.turn() {
                        self.used.clear();
                        match inbox.recv_timeout(self.patience()) {
                            Ok(message) => self.take(message),
                            Err(RecvTimeoutError::Timeout) => datasets::look(&mut self),
                            Err(RecvTimeoutError::Disconnected) => return,
                        }
                    }
                }
                Err(TryRecvError::Disconnected) => return,
            }
        }
    }

    /// How long nothing has to happen before the files on disk are looked at again.
    fn patience(&self) -> Duration {
        let mut open = self.documents.values().filter_map(|open| open.path.as_deref());
        let told = !self.datasets.unwatched && open.all(|path| self.watches(path));
        if told { Duration::MAX } else { LOOK_AGAIN }
    }

    /// Whether the client tells of changes to a file: it watches the folders that it has open, and nothing else.
    pub(super) fn watches(&self, path: &Path) -> bool {
        self.client.register_watched_files && self.folders.iter().any(|folder| path.starts_with(folder))
    }

    /// Does a piece of what is pending, or publishes what has settled; false when there is nothing.
    pub fn turn(&mut self) -> bool {
        if let Some(open) = self.documents.values_mut().find(|open| !open.lines.is_settled()) {
            step(open);
            return true;
        }
        if datasets::relate(self) || datasets::publish_closed(self) {
            return true;
        }
        let Self { documents, client, listener, pages, .. } = self;
        let due = documents.iter_mut().find(|(_, open)| open.published.is_due());
        let Some((uri, open)) = due else { return false };
        let said = catch_unwind(AssertUnwindSafe(|| publish::publish(uri, open, client, pages)));
        match said {
            Ok(Some(params)) => listener.publish(params),
            Ok(None) => {}
            Err(_) => {
                tracing::error!("publishing the diagnostics of {uri} panicked");
                open.analyst = Analyst::new(&open.settings);
            }
        }
        open.published.done();
        true
    }

    /// Works off all that is pending in a document, for a question about the whole of it.
    pub(super) fn settle(&mut self, uri: &Uri) {
        if let Some(open) = self.documents.get_mut(uri) {
            while !open.lines.is_settled() {
                step(open);
            }
        }
    }

    /// Takes one message. A panic costs that message only.
    pub fn take(&mut self, message: Message) {
        if catch_unwind(AssertUnwindSafe(|| self.handle(message))).is_err() {
            tracing::error!("a message could not be handled");
            for open in self.documents.values_mut() {
                open.analyst = Analyst::new(&open.settings);
            }
        }
    }

    fn handle(&mut self, message: Message) {
        match message {
            Message::Initialize { client, options, folders } => {
                self.client = *client;
                self.folders = folders.iter().map(|folder| real(folder)).collect();
                self.set_settings(options);
            }
            Message::Initialized => {
                if self.client.register_watched_files {
                    self.listener.watch(&WATCHED);
                }
            }
            Message::FilesChanged => datasets::look(self),
            Message::Settings { settings } => {
                // Under our name, or as they are where the client knows only us. Anything else, such as
                // the empty object of a client without settings, says nothing.
                let ours = settings.get("tuning-ls").unwrap_or(&settings).clone();
                let is_ours = |name: &String| SETTINGS.iter().any(|setting| setting.name == name);
                let all_ours = ours.as_object().is_some_and(|it| !it.is_empty() && it.keys().all(is_ours));
                if settings.get("tuning-ls").is_some() || all_ours {
                    self.set_settings(ours);
                }
            }
            Message::Open { uri, version, text } => {
                let path = uri.to_file_path().ok().map(|path| real(&path));
                let settings = self.settings_of(path.as_deref());
                let document = Document::of(text, version, pipeline::threads());
                let all = 0..document.line_count();
                let mut lines = check::looking(&document, &settings, all, |looked| Lines::of_looked(looked));
                let published = Published::new(is_judged(&uri));
                self.newest += 1;
                let (revision, verdict) = (self.newest, Verdict::default());
                if let Some(path) = &path {
                    set_alone(&mut lines, role_of_path(path));
                }
                let analyst = Analyst::new(&settings);
                let open =
                    Open { path: path.clone(), document, revision, lines, settings, analyst, published, verdict };
                self.documents.insert(uri, open);
                if let Some(path) = path {
                    datasets::opened(self, &path);
                }
            }
            Message::Change { uri, version, changes } => {
                self.change(&uri, version, &changes);
                self.used = changes.into_iter().map(|change| change.text).collect();
            }
            Message::Close { uri } => {
                let Some(open) = self.documents.remove(&uri) else { return };
                if open.published.is_shown() {
                    self.listener.publish(publish::nothing(uri));
                }
                if open.path.is_some() {
                    // The file counts again, once it has been read.
                    datasets::look(self);
                }
            }
            Message::Ask(ask) => answers::answer(self, ask),
            Message::Worked(finish) => finish.run(self),
        }
    }

    fn change(&mut self, uri: &Uri, version: i32, changes: &[Change]) {
        let Some(open) = self.documents.get_mut(uri) else {
            tracing::warn!("{uri} was changed and is not open");
            return;
        };
        if version <= open.document.version() {
            tracing::warn!("version {version} of {uri} follows version {}", open.document.version());
        }
        for change in changes {
            let splice = open.document.apply(change, self.client.encoding);
            if splice.new > MANY_LINES {
                let new = splice.start..splice.start + splice.new;
                let mut looked = Looked::default();
                check::looking(&open.document, &open.settings, new, |all| all.for_each(|some| looked.append(some)));
                open.lines.splice_looked(splice, looked);
            } else {
                open.lines.splice(splice, &open.document);
            }
        }
        self.newest += 1;
        open.revision = self.newest;
        open.document.set_version(version);
        open.published.now_due();
        if let Some(path) = &open.path {
            self.datasets.changed(path);
        }
    }

    fn set_settings(&mut self, received: Value) {
        if received == self.received {
            return;
        }
        let (configuration, mut problems) = Configuration::from_json(&received);
        problems.extend(Levels::new(&configuration.base()).1);
        self.received = received;
        for problem in problems {
            let message = format!("tuning-ls settings: {problem}");
            self.listener.notify("window/showMessage", serde_json::json!({ "type": 2, "message": message }));
        }
        self.projects = Projects::new(configuration.clone(), self.folders.first().map(PathBuf::as_path));
        self.configuration = configuration;
        self.settings_may_have_changed();
        datasets::look(self);
    }

    /// Gives every document the settings that hold for it now; what was found under others counts no more.
    pub(super) fn settings_may_have_changed(&mut self) {
        let paths: Vec<_> = self.documents.iter().map(|(uri, open)| (uri.clone(), open.path.clone())).collect();
        for (uri, path) in paths {
            let settings = self.settings_of(path.as_deref());
            let Some(open) = self.documents.get_mut(&uri).filter(|open| open.settings != settings) else { continue };
            open.analyst = Analyst::new(&settings);
            open.settings = settings;
            open.lines.forget();
            open.published.may_have_changed();
            if let Some(path) = path {
                self.datasets.changed(&path);
            }
        }
    }

    /// What holds for a file, or for what is none.
    pub(super) fn settings_of(&mut self, path: Option<&Path>) -> Settings {
        path.map_or_else(|| self.configuration.base(), |path| self.projects.settings_of(path))
    }

    /// Shows that something takes its time, if the client can show it.
    pub(super) fn progress(&mut self, title: String) -> Option<Progress> {
        self.newest += 1;
        let token = format!("tuning-ls-{}", self.newest);
        if self.client.work_done_progress { self.listener.progress(token, title) } else { None }
    }

    /// What was done for a document since it was opened: for tests of how much an edit costs.
    #[must_use]
    pub fn work(&self, uri: &Uri) -> Option<Work> {
        self.documents.get(uri).map(|open| open.lines.work())
    }
}

/// Works off some of what is pending: shared out among the processors when it is much.
fn step(open: &mut Open) {
    let Open { document, lines, analyst, settings, .. } = open;
    let records = lines.pending_records(STEP_BYTES);
    if records.len() > RECORDS_AT_ONCE {
        let all =
            || records.par_chunks(RECORDS_AT_ONCE).flat_map_iter(|records| contributions(document, settings, records));
        if let Ok(contributions) = catch_unwind(AssertUnwindSafe(|| all().collect::<Vec<_>>())) {
            for (line, contribution) in contributions {
                lines.store(line, contribution);
            }
            return;
        }
    }
    // One after the other, a record that makes a rule panic is known: it is passed over, and logged.
    if catch_unwind(AssertUnwindSafe(|| lines.step(document, analyst, STEP_BYTES))).is_err() {
        *analyst = Analyst::new(settings);
        if let Some(record) = lines.next_pending() {
            tracing::error!("judging the record at line {} panicked; it is passed over", record.start + 1);
            lines.store(record.start, Contribution::default());
        }
    }
}

/// Whether a document is somebody's own, not a view that an extension shows of one.
fn is_judged(uri: &Uri) -> bool {
    const VIEWS: [&str; 9] = [
        "svn",
        "hg",
        "fugitive",
        "diffview",
        "review",
        "pr",
        "conflictresolution",
        "merge-conflict.conflict-diff",
        "output",
    ];
    // Settings are read from disk, and are no data.
    if uri.path().ends_with(FILE_NAME) {
        return false;
    }
    let scheme = uri.scheme();
    !(scheme.starts_with("git") || VIEWS.contains(&scheme))
}
