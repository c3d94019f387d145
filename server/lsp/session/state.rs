//! Everything that a session knows, in parts that don't know each other's fields.

use super::client::Client;
use super::datasets::Datasets;
use super::document::OpenDocument;
use super::listener::{Listener, Progress, Refresh};
use super::message::Message;
use super::readings::Readings;
use super::settings_files::SettingsFiles;
use super::view::Views;
use super::waiting::Waiting;
use super::work_done::{Running, WorkDone};
use super::worker::Worker;
use super::workspace::Workspace;
use crate::disk::config::Project;
use lsp_types::{Uri, WorkDoneProgressParams};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{SystemTime, UNIX_EPOCH};

/// Work on more bytes than this is shown as progress.
const LARGE: u64 = 4 << 20;

/// The state of a session. Handlers borrow several of its public parts at once.
pub struct State {
    pub client: Client,
    pub workspace: Workspace,
    pub documents: HashMap<Uri, OpenDocument>,
    pub datasets: Datasets,
    pub views: Views,
    pub settings_files: SettingsFiles,
    pub waiting: Waiting,
    pub readings: Readings,
    pub running: Running,
    worker: Worker<State>,
    /// Reading media files may take long, and must not delay other work.
    media_worker: Worker<State>,
    last_number: u64,
    /// Added to the numbers of views, so that those of an earlier server aren't taken for new ones.
    pub first_view: u64,
}

impl State {
    /// A session that talks to `listener`. The worker sends its results to `inbox`.
    pub fn new(listener: Box<dyn Listener>, inbox: Sender<Message<Self>>) -> Self {
        Self {
            client: Client::new(listener),
            workspace: Workspace::default(),
            documents: HashMap::new(),
            datasets: Datasets::default(),
            views: Views::default(),
            settings_files: SettingsFiles::default(),
            waiting: Waiting::default(),
            readings: Readings::default(),
            worker: Worker::new(inbox.clone()),
            media_worker: Worker::new(inbox),
            running: Running::default(),
            last_number: 0,
            first_view: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()) * 10_000,
        }
    }

    /// A new number for a revision or a progress token.
    pub fn next_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    /// Shows progress of work on this many bytes, if they are many, until the returned value is dropped.
    pub fn progress(&mut self, bytes: u64, title: impl FnOnce() -> String) -> Option<Progress> {
        let number = self.next_number();
        if bytes > LARGE { self.client.progress(number, title()) } else { None }
    }

    /// Shows the progress of a request, if the client gave a token for it.
    pub fn work_done(&mut self, params: WorkDoneProgressParams, title: &str) -> WorkDone {
        self.running.begin(params.work_done_token, title, self.client.teller())
    }

    /// Runs `work` on the worker's thread, then `finish` with its result. If `work` panics, `finish` doesn't run.
    pub fn work<T: Send + 'static>(
        &mut self,
        work: impl FnOnce() -> T + Send + 'static,
        finish: impl FnOnce(&mut State, T) + Send + 'static,
    ) {
        self.worker.give(work, finish);
    }

    /// Like [`work`](Self::work), on the thread that reads media files.
    pub fn media_work<T: Send + 'static>(
        &mut self,
        work: impl FnOnce() -> T + Send + 'static,
        finish: impl FnOnce(&mut State, T) + Send + 'static,
    ) {
        self.media_worker.give(work, finish);
    }

    pub fn document_of(&self, path: &Path) -> Option<(&Uri, &OpenDocument)> {
        self.documents.iter().find(|(_, open)| open.path() == Some(path))
    }

    /// Whether the client reports changes to a file. It only watches the folders that it has open.
    pub fn watches(&self, path: &Path) -> bool {
        self.client.capabilities().register_watched_files && self.workspace.folder_of(path).is_some()
    }

    /// Gives every document the settings that apply to it now.
    pub fn apply_settings(&mut self) {
        for open in self.documents.values_mut() {
            let settings = self.workspace.settings_of(open.settings_path());
            let changed = open.set_settings(settings);
            if let Some(path) = open.path().filter(|_| changed) {
                self.datasets.changed(path);
            }
        }
    }

    /// Asks the client to request the inlay hints again that it was given, after a change of settings.
    pub fn refresh_hints(&mut self) {
        let given = self.documents.values_mut().filter_map(|open| open.given.hints.take());
        if given.count() > 0 {
            self.client.refresh(Refresh::InlayHints);
        }
    }

    pub fn publish_settings_files(&mut self, projects: &[Arc<Project>]) {
        self.settings_files.publish(&mut self.client, projects, |path| self.workspace.media(path));
    }
}
