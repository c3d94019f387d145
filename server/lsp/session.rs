//! The one owner of all documents. It takes messages one after the other, works off what is pending
//! while there are none, and publishes what has settled.

use super::answers;
use super::capabilities::Client;
use super::extensions::{DatasetSummary, RuleDescription};
use super::pages::Pages;
use super::publish::{self, Published};
use super::worker::{Finish, Worker};
use crate::analysis::{Analyst, Contribution, Lines, Work, contributions};
use crate::rules::{Levels, Verdict};
use crate::settings::{SETTINGS, Settings};
use crate::text::{Change, Document};
use lsp_types::{
    CodeAction, CodeActionContext, CodeActionResponse, CompletionItem, CompletionResponse, Hover, Position, Range,
    TextEdit, Uri,
};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, TryRecvError};
use tokio::sync::oneshot;
use tower_lsp::jsonrpc::Result;

/// Where the answer to a request goes.
pub type Reply<T> = oneshot::Sender<Result<T>>;

/// What the session is told or asked.
pub enum Message {
    /// The client introduced itself.
    Initialize {
        /// What it can do.
        client: Box<Client>,
        /// Its `initializationOptions`: the settings.
        options: Value,
    },
    /// The settings changed.
    Settings {
        /// The settings, or an object that has them under `tuning-ls`.
        settings: Value,
    },
    /// A document was opened.
    Open {
        /// Which.
        uri: Uri,
        /// Its first version.
        version: i32,
        /// Its text.
        text: String,
    },
    /// A document was edited.
    Change {
        /// Which.
        uri: Uri,
        /// Its version afterwards.
        version: i32,
        /// The edits, each on what the one before it left.
        changes: Vec<Change>,
    },
    /// A document was closed.
    Close {
        /// Which.
        uri: Uri,
    },
    /// Somebody wants to know something.
    Ask(Ask),
    /// The worker is done with a piece of work.
    Worked(Finish),
}

/// A request, with the way back.
pub enum Ask {
    /// `textDocument/completion`
    Completion {
        /// The document.
        uri: Uri,
        /// The place.
        position: Position,
        /// The way back.
        reply: Reply<Option<CompletionResponse>>,
    },
    /// `completionItem/resolve`
    ResolveCompletion {
        /// The item.
        item: Box<CompletionItem>,
        /// The way back.
        reply: Reply<CompletionItem>,
    },
    /// `textDocument/hover`
    Hover {
        /// The document.
        uri: Uri,
        /// The place.
        position: Position,
        /// The way back.
        reply: Reply<Option<Hover>>,
    },
    /// `textDocument/codeAction`
    CodeAction {
        /// The document.
        uri: Uri,
        /// The range.
        range: Range,
        /// The diagnostics shown there, and the kinds of actions that are wanted.
        context: CodeActionContext,
        /// The way back.
        reply: Reply<Option<Vec<CodeActionResponse>>>,
    },
    /// `codeAction/resolve`
    ResolveCodeAction {
        /// The action.
        action: Box<CodeAction>,
        /// The way back.
        reply: Reply<CodeAction>,
    },
    /// `textDocument/formatting` and `textDocument/rangeFormatting`
    Format {
        /// The document.
        uri: Uri,
        /// The range; `None` is the whole document.
        range: Option<Range>,
        /// The way back.
        reply: Reply<Option<Vec<TextEdit>>>,
    },
    /// `tuning-ls/checkFromDisk`
    CheckFromDisk {
        /// The file.
        uri: Uri,
        /// The way back.
        reply: Reply<Option<DatasetSummary>>,
    },
    /// `tuning-ls/datasetSummary`
    DatasetSummary {
        /// The document.
        uri: Uri,
        /// The way back.
        reply: Reply<Option<DatasetSummary>>,
    },
    /// `tuning-ls/rules`
    Rules {
        /// The way back.
        reply: Reply<Vec<RuleDescription>>,
    },
}

/// What the session says on its own: the client, or a test in its place.
pub trait Listener: Send {
    /// A notification for the client.
    fn notify(&self, method: &str, params: Value);
    /// Diagnostics for the client.
    fn publish(&self, params: lsp_types::PublishDiagnosticsParams);
}

/// An open document.
pub(super) struct Open {
    pub document: Document,
    /// Which text it is: no two texts in a session have the same number, whatever versions the client
    /// gives them.
    pub revision: u64,
    pub lines: Lines,
    /// What was published last; `None` while this version has still to be published.
    pub published: Published,
    /// The verdict that was last decided, for questions that come while something is pending.
    pub verdict: Verdict,
}

/// How much text is worked off between two looks into the inbox: about 5 ms.
const STEP_BYTES: usize = 2 << 20;

/// Records that a thread looks at in one go, where there are many.
const RECORDS_AT_ONCE: usize = 128;

/// All open documents, and what is known about them.
pub struct Session {
    pub(super) client: Client,
    pub(super) settings: Settings,
    pub(super) analyst: Analyst,
    pub(super) documents: HashMap<Uri, Open>,
    pub(super) worker: Worker,
    pub(super) pages: Pages,
    pub(super) listener: Box<dyn Listener>,
    /// The settings object as it was received last.
    received: Value,
    /// The number of the newest text.
    newest: u64,
}

impl Session {
    /// A session that speaks to `listener`; `inbox` is the way into it, for its worker.
    #[must_use]
    pub fn new(listener: Box<dyn Listener>, inbox: Sender<Message>) -> Self {
        Self {
            client: Client::default(),
            settings: Settings::default(),
            analyst: Analyst::default(),
            documents: HashMap::new(),
            worker: Worker::new(inbox),
            pages: Pages::default(),
            listener,
            received: Value::Null,
            newest: 0,
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
                        let Ok(message) = inbox.recv() else { return };
                        self.take(message);
                    }
                }
                Err(TryRecvError::Disconnected) => return,
            }
        }
    }

    /// Does a piece of what is pending, or publishes what has settled; false when there is nothing.
    pub fn turn(&mut self) -> bool {
        let Self { documents, analyst, settings, client, listener, pages, .. } = self;
        if let Some(open) = documents.values_mut().find(|open| !open.lines.is_settled()) {
            step(open, analyst, settings);
            return true;
        }
        let due = documents.iter_mut().find(|(_, open)| open.published.is_due());
        let Some((uri, open)) = due else { return false };
        let said = catch_unwind(AssertUnwindSafe(|| publish::publish(uri, open, analyst, settings, client, pages)));
        match said {
            Ok(Some(params)) => listener.publish(params),
            Ok(None) => {}
            Err(_) => {
                tracing::error!("publishing the diagnostics of {uri} panicked");
                *analyst = Analyst::new(settings);
            }
        }
        open.published.done();
        true
    }

    /// Works off all that is pending in a document, for a question about the whole of it.
    pub(super) fn settle(&mut self, uri: &Uri) {
        let Self { documents, analyst, settings, .. } = self;
        if let Some(open) = documents.get_mut(uri) {
            while !open.lines.is_settled() {
                step(open, analyst, settings);
            }
        }
    }

    /// Takes one message. A panic costs that message only.
    pub fn take(&mut self, message: Message) {
        if catch_unwind(AssertUnwindSafe(|| self.handle(message))).is_err() {
            tracing::error!("a message could not be handled");
            self.analyst = Analyst::new(&self.settings);
        }
    }

    fn handle(&mut self, message: Message) {
        match message {
            Message::Initialize { client, options } => {
                self.client = *client;
                self.set_settings(options);
            }
            Message::Settings { settings } => {
                // Under our name, or as they are where the client knows only us. Anything else, such as
                // the empty object of a client without settings, says nothing.
                let ours = settings.get("tuning-ls").unwrap_or(&settings).clone();
                let names_ours = SETTINGS.iter().any(|setting| ours.get(setting.name).is_some());
                if settings.get("tuning-ls").is_some() || names_ours {
                    self.set_settings(ours);
                }
            }
            Message::Open { uri, version, text } => {
                // The rope is built while the lines are found, on another processor.
                let (document, lines) = rayon::join(|| Document::new(&text, version), || Lines::of_text(&text));
                drop(text);
                let published = Published::new(is_judged(&uri));
                self.newest += 1;
                let (revision, verdict) = (self.newest, Verdict::default());
                self.documents.insert(uri, Open { document, revision, lines, published, verdict });
            }
            Message::Change { uri, version, changes } => self.change(&uri, version, &changes),
            Message::Close { uri } => {
                if let Some(open) = self.documents.remove(&uri)
                    && open.published.is_shown()
                {
                    self.listener.publish(publish::nothing(uri));
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
            open.lines.splice(splice, &open.document);
        }
        self.newest += 1;
        open.revision = self.newest;
        open.document.set_version(version);
        open.published.now_due();
    }

    fn set_settings(&mut self, received: Value) {
        if received == self.received {
            return;
        }
        let (settings, mut problems) = Settings::from_json(&received);
        problems.extend(Levels::new(&settings).1);
        self.received = received;
        for problem in problems {
            let message = format!("tuning-ls settings: {problem}");
            self.listener.notify("window/showMessage", serde_json::json!({ "type": 2, "message": message }));
        }
        if settings == self.settings {
            return;
        }
        self.settings = settings;
        self.analyst = Analyst::new(&self.settings);
        for open in self.documents.values_mut() {
            open.lines.forget();
            open.published.may_have_changed();
        }
    }

    /// What was done for a document since it was opened: for tests of how much an edit costs.
    #[must_use]
    pub fn work(&self, uri: &Uri) -> Option<Work> {
        self.documents.get(uri).map(|open| open.lines.work())
    }
}

/// Works off some of what is pending: shared out among the processors when it is much.
fn step(open: &mut Open, analyst: &mut Analyst, settings: &Settings) {
    let Open { document, lines, .. } = open;
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
    let scheme = uri.scheme();
    !(scheme.starts_with("git") || VIEWS.contains(&scheme))
}
