//! All that a session knows, in parts that do not know each other's insides.

use super::client::Client;
use super::datasets::Datasets;
use super::document::OpenDocument;
use super::listener::Listener;
use super::message::Message;
use super::settings_files::SettingsFiles;
use super::worker::Worker;
use super::workspace::Workspace;
use lsp_types::Uri;
use std::collections::HashMap;
use std::path::Path;
use std::sync::mpsc::Sender;

/// Numbers for texts and progress: each is given once.
#[derive(Default)]
pub struct Numbers(u64);

impl Numbers {
    pub fn next(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}

/// The parts of a session.
pub struct State {
    pub client: Client,
    pub workspace: Workspace,
    pub documents: HashMap<Uri, OpenDocument>,
    pub datasets: Datasets,
    pub settings_files: SettingsFiles,
    pub worker: Worker<State>,
    pub numbers: Numbers,
}

impl State {
    /// A session that speaks to `listener`; `inbox` is the way into it, for its worker.
    pub fn new(listener: Box<dyn Listener>, inbox: Sender<Message<Self>>) -> Self {
        Self {
            client: Client::new(listener),
            workspace: Workspace::default(),
            documents: HashMap::new(),
            datasets: Datasets::default(),
            settings_files: SettingsFiles::default(),
            worker: Worker::new(inbox),
            numbers: Numbers::default(),
        }
    }

    pub fn document_of(&self, path: &Path) -> Option<(&Uri, &OpenDocument)> {
        self.documents.iter().find(|(_, open)| open.path() == Some(path))
    }

    /// Whether the client tells of changes to a file: it watches the folders that it has open, and nothing else.
    pub fn watches(&self, path: &Path) -> bool {
        self.client.capabilities().register_watched_files && self.workspace.folder_of(path).is_some()
    }

    /// Gives every document the settings that hold for it now.
    pub fn apply_settings(&mut self) {
        for open in self.documents.values_mut() {
            let settings = self.workspace.settings_of(open.path());
            let changed = open.set_settings(settings);
            if let Some(path) = open.path().filter(|_| changed) {
                self.datasets.changed(path);
            }
        }
    }
}
