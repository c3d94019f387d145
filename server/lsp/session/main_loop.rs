//! The session's thread. It takes messages one after another. When there are none, it analyzes pending records and publishes
//! what has settled.

use super::capabilities::{self, ClientCapabilities};
use super::document::OpenDocument;
use super::listener::Listener;
use super::message::Message;
use super::state::State;
use super::{convert, listing, pulls, translate, views};
use crate::analysis::Work;
use crate::disk::paths::real;
use crate::disk::pipeline;
use crate::settings::SETTINGS;
use crate::text::Document;
use lsp_types::*;
use serde_json::{Map, Value};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::time::Duration;

/// How often to look for changes on disk if the client doesn't report them.
const REFRESH_INTERVAL: Duration = Duration::from_millis(500);

/// Owns all documents.
pub struct Session {
    state: State,
    /// The texts that were received last. Freeing large ones takes a while, so they are dropped when there is time.
    used: Vec<String>,
}

impl Session {
    /// A session that talks to `listener`. Its worker sends results to `inbox`.
    pub fn new(listener: Box<dyn Listener>, inbox: Sender<Message<State>>) -> Self {
        Self { state: State::new(listener, inbox), used: Vec::new() }
    }

    /// Runs until the server is gone.
    pub fn run(mut self, inbox: &Receiver<Message<State>>) {
        loop {
            // Bursts coalesce: take all messages before doing any pending work.
            let message = match inbox.try_recv() {
                Err(TryRecvError::Empty) if self.turn() => continue,
                Err(TryRecvError::Empty) => {
                    self.used.clear();
                    inbox.recv_timeout(self.patience())
                }
                message => message.map_err(|_| RecvTimeoutError::Disconnected),
            };
            match message {
                Ok(Message::End) => return,
                Ok(message) => self.take(message),
                Err(RecvTimeoutError::Timeout) => listing::refresh(&mut self.state),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// How long to wait for a message before looking for changes on disk.
    fn patience(&self) -> Duration {
        let mut open = self.state.documents.values().filter_map(|open| open.path());
        let all_watched = !self.state.datasets.has_unwatched() && open.all(|path| self.state.watches(path));
        if all_watched { Duration::MAX } else { REFRESH_INTERVAL }
    }

    /// Does some pending work or publishes what has settled; false when there is nothing to do.
    pub fn turn(&mut self) -> bool {
        let State { documents, datasets, client, .. } = &mut self.state;
        if let Some(open) = documents.values_mut().find(|open| !open.lines().is_analyzed()) {
            open.step();
            return true;
        }
        if datasets.relate(documents) || datasets.publish(client) {
            return true;
        }
        let Some((uri, open)) = documents.iter_mut().find(|(_, open)| open.published().is_due()) else {
            return pulls::turn(&mut self.state);
        };
        if let Some(line) = open.take_skipped() {
            client.tell_of_bug(uri, line);
        }
        let is_edited = !open.published().is_perhaps_due();
        let uri = &uri.clone();
        open.publish(uri, client);
        // Clients request hints and lenses by themselves after an edit.
        if !is_edited {
            open.refresh(client);
        }
        views::source_judged(&mut self.state, uri);
        true
    }

    /// Handles one message. A panic only loses that message.
    pub fn take(&mut self, message: Message<State>) {
        if catch_unwind(AssertUnwindSafe(|| self.handle(message))).is_err() {
            tracing::error!("handling a message panicked");
            for open in self.state.documents.values_mut() {
                open.reset_analyst();
            }
        }
    }

    fn handle(&mut self, message: Message<State>) {
        let state = &mut self.state;
        match message {
            Message::Initialize(params) => initialize(state, *params),
            Message::Initialized(_) => state.client.watch_files(),
            Message::DidOpen(params) => did_open(state, params),
            Message::DidChange(params) => self.used = did_change(state, params),
            Message::DidClose(params) => did_close(state, params),
            Message::DidChangeConfiguration(params) => did_change_configuration(state, &params.settings),
            Message::DidChangeWatchedFiles(_) => listing::refresh(state),
            Message::Run(task) => task(state),
            Message::End => {}
        }
    }

    /// The work done for a document since it was opened, for tests of the cost of an edit.
    pub fn work(&self, uri: &Uri) -> Option<Work> {
        Some(self.state.documents.get(uri)?.lines().work())
    }
}

fn initialize(state: &mut State, params: InitializeParams) {
    state.client.set_capabilities(ClientCapabilities::new(&params));
    state.workspace.open_folders(&capabilities::folders(&params));
    configure(state, params.initialization_options.unwrap_or_default());
}

/// `workspace/didChangeConfiguration`: the settings under our name, or an object at least half of which are our settings.
/// Anything else, such as the empty object of a client without settings, is ignored.
fn did_change_configuration(state: &mut State, settings: &Value) {
    let ours = settings.get("tuning-ls").unwrap_or(settings);
    let is_ours = |name: &String| SETTINGS.iter().any(|setting| setting.name == name);
    let count = |it: &Map<String, Value>| it.keys().filter(|name| is_ours(name)).count();
    let are_ours = ours.as_object().is_some_and(|it| !it.is_empty() && 2 * count(it) >= it.len());
    if settings.get("tuning-ls").is_some() || are_ours {
        configure(state, ours.clone());
    }
}

fn configure(state: &mut State, received: Value) {
    let Some(problems) = state.workspace.configure(received) else { return };
    for problem in problems {
        state.client.warn(&format!("tuning-ls settings: {problem}"));
    }
    state.apply_settings();
    state.refresh_hints();
    listing::refresh(state);
}

fn did_open(state: &mut State, params: DidOpenTextDocumentParams) {
    let TextDocumentItem { uri, version, text, .. } = params.text_document;
    let path = uri.to_file_path().ok().map(|path| real(&path));
    let settings = state.workspace.settings_of(path.as_deref());
    let mut document = Document::of(text, version, pipeline::threads());
    let view = translate::number(&uri);
    if let Some(number) = view {
        let Some(line) = views::opened(state, number, &uri, document) else { return };
        document = line;
    }
    let open = OpenDocument::new(&uri, path.clone(), document, settings, state.next_number());
    state.documents.insert(uri.clone(), open);
    if let Some(number) = view {
        views::borrow(state, number, &uri);
    }
    if let Some(path) = path {
        state.datasets.opened(&path);
        listing::refresh(state);
    }
}

/// `textDocument/didChange`. Returns the received texts, to drop them when there is time.
fn did_change(state: &mut State, params: DidChangeTextDocumentParams) -> Vec<String> {
    let VersionedTextDocumentIdentifier { version, text_document_identifier: document } = params.text_document;
    let uri = document.uri;
    let changes: Vec<_> = params.content_changes.into_iter().map(convert::change).collect();
    let revision = state.next_number();
    if let Some(number) = translate::number(&uri) {
        views::changed(state, number, &uri, &changes, (version, revision));
    } else if let Some(open) = state.documents.get_mut(&uri) {
        let before = open.document().version();
        if version <= before {
            tracing::warn!("{uri}: version {version} follows version {before}");
        }
        let splices = open.change(&changes, state.client.encoding(), version, revision);
        if let Some(path) = open.path() {
            state.datasets.changed(path);
        }
        views::source_changed(state, &uri, &splices);
    } else {
        tracing::warn!("{uri} was changed, but isn't open");
    }
    changes.into_iter().map(|change| change.text).collect()
}

fn did_close(state: &mut State, params: DidCloseTextDocumentParams) {
    let uri = params.text_document.uri;
    let Some(open) = state.documents.remove(&uri) else { return };
    pulls::closed(state, &uri);
    if open.published().is_shown() {
        state.client.clear(uri);
    }
    if open.path().is_some() {
        // Use the file on disk again.
        listing::refresh(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::FAULTY;
    use crate::lsp::session::Publication;
    use serde_json::json;
    use std::sync::mpsc::channel;
    use std::sync::{Arc, Mutex};

    /// What the client was told, and how many findings it was sent.
    #[derive(Clone, Default)]
    struct Heard(Arc<Mutex<(Vec<String>, usize)>>);

    impl Listener for Heard {
        fn notify(&self, _: &str, params: Value) {
            self.0.lock().unwrap().0.push(params["message"].to_string());
        }

        fn publish(&self, publication: Publication) {
            self.0.lock().unwrap().1 = publication.diagnostics.len();
        }
    }

    #[test]
    fn a_rule_that_panics_costs_its_record_and_is_told_once() {
        let heard = Heard::default();
        let mut session = Session::new(Box::new(heard.clone()), channel().0);
        let uri: Uri = "file:///data/train.jsonl".parse().unwrap();
        let faulty = format!("{{\"contents\":\"{FAULTY}\"}}\n");
        let document = json!({ "uri": uri, "languageId": "jsonl", "version": 0,
            "text": format!("{{\"contents\":[1,]}}\n{faulty}") });
        let open = serde_json::from_value(json!({ "textDocument": document })).unwrap();
        session.take(Message::DidOpen(open));
        while session.turn() {}
        let findings = heard.0.lock().unwrap().1;
        assert!(findings > 0);
        let place = json!({ "line": 0, "character": 0 });
        let change = json!({ "range": { "start": place, "end": place }, "text": faulty });
        let change = json!({ "textDocument": { "uri": uri, "version": 1 }, "contentChanges": [change] });
        session.take(Message::DidChange(serde_json::from_value(change).unwrap()));
        while session.turn() {}
        let heard = heard.0.lock().unwrap();
        assert_eq!(heard.1, findings);
        assert_eq!(heard.0.len(), 1);
        assert!(heard.0[0].contains("Line 2 of train.jsonl can't be checked"), "{}", heard.0[0]);
    }
}
