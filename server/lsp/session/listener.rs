//! Sends messages to the client, from any thread and without waiting.

use super::diagnostics::Publication;
use super::work_done::Tell;
use crate::lsp::transport::Output;
use lsp_types::{ProgressToken, Registration, Unregistration, WorkDoneProgressCreateParams};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tower_lsp::Client;

/// Receives what the session sends on its own: the client, or a test.
pub trait Listener: Send {
    /// Sends a notification.
    fn notify(&self, method: &str, params: Value);
    /// Publishes diagnostics.
    fn publish(&self, publication: Publication);
    /// Asks the client to report changes to files that match these patterns. They replace the earlier ones of this id, if
    /// there are some.
    fn watch(&self, id: &'static str, patterns: &[String], has_earlier: bool) {
        let _ = (id, patterns, has_earlier);
    }
    /// Asks the client to request these again.
    fn refresh(&self, what: Refresh) {
        let _ = what;
    }
    /// Sends notifications from any thread.
    fn teller(&self) -> Tell {
        Box::new(|_, _| ())
    }
    /// Shows progress until the returned value is dropped. Each `token` may be used once. What is `cancellable` also reports
    /// how much is done.
    fn progress(&self, token: String, title: String, cancellable: bool) -> Option<Progress> {
        let _ = (token, title, cancellable);
        None
    }
}

/// What a client can be asked to request again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// The diagnostics of all files.
    Diagnostics,
    /// The notes at the start of lines.
    InlayHints,
    /// The figures above the first line.
    CodeLenses,
}

/// The client shows progress as long as this exists.
#[derive(Debug)]
pub struct Progress {
    percent: AtomicUsize,
    reports: mpsc::UnboundedSender<usize>,
}

impl Progress {
    /// Shows how much is done.
    pub fn report(&self, done: usize, all: usize) {
        let percent = (done * 100 / all.max(1)).min(100);
        if self.percent.fetch_max(percent, Ordering::Relaxed) < percent {
            let _ = self.reports.send(percent);
        }
    }
}

/// The most unanswered requests to refresh something. A client that never answers gets no more.
const MAX_UNANSWERED: usize = 100;

/// The listener that sends messages of the protocol. It awaits answers in tasks of their own.
#[derive(Clone, Debug)]
pub struct Notifier {
    client: Client,
    output: Output,
    runtime: Handle,
    /// The requests to refresh something that are not answered.
    unanswered: Arc<()>,
}

impl Notifier {
    /// Must be called inside the runtime.
    pub fn new(client: Client, output: Output) -> Self {
        Self { client, output, runtime: Handle::current(), unanswered: Arc::new(()) }
    }
}

impl Listener for Notifier {
    fn notify(&self, method: &str, params: Value) {
        self.output.notify(method, &params);
    }

    fn publish(&self, publication: Publication) {
        let subject = publication.uri.to_string();
        self.output.replace(subject, "textDocument/publishDiagnostics", &publication);
    }

    fn watch(&self, id: &'static str, patterns: &[String], has_earlier: bool) {
        let method = "workspace/didChangeWatchedFiles".to_owned();
        let watchers: Vec<_> = patterns.iter().map(|pattern| json!({ "globPattern": pattern })).collect();
        let options = Some(json!({ "watchers": watchers }));
        let registration = Registration { id: id.to_owned(), method: method.clone(), register_options: options };
        let earlier = has_earlier.then(|| Unregistration { id: id.to_owned(), method });
        let is_empty = patterns.is_empty();
        let client = self.client.clone();
        self.runtime.spawn(async move {
            if let Some(earlier) = earlier
                && let Err(error) = client.unregister_capability(vec![earlier]).await
            {
                tracing::warn!("the client still watches earlier files: {error}");
            }
            if !is_empty && let Err(error) = client.register_capability(vec![registration]).await {
                tracing::warn!("the client doesn't watch files: {error}");
            }
        });
    }

    fn refresh(&self, what: Refresh) {
        if Arc::strong_count(&self.unanswered) > MAX_UNANSWERED {
            return;
        }
        let (client, unanswered) = (self.client.clone(), Arc::clone(&self.unanswered));
        self.runtime.spawn(async move {
            let _unanswered = unanswered;
            let refreshed = match what {
                Refresh::Diagnostics => client.workspace_diagnostic_refresh().await,
                Refresh::InlayHints => client.inlay_hint_refresh().await,
                Refresh::CodeLenses => client.code_lens_refresh().await,
            };
            if let Err(error) = refreshed {
                tracing::warn!("the client doesn't refresh {what:?}: {error}");
            }
        });
    }

    fn teller(&self) -> Tell {
        let output = self.output.clone();
        Box::new(move |method, params| output.notify(method, &params))
    }

    fn progress(&self, token: String, title: String, cancellable: bool) -> Option<Progress> {
        let (reports, mut reported) = mpsc::unbounded_channel();
        let Self { client, output, runtime, .. } = self.clone();
        runtime.spawn(async move {
            let params = WorkDoneProgressCreateParams { token: ProgressToken::String(token.clone()) };
            let created = client.send_request::<lsp_types::WorkDoneProgressCreateRequest>(params).await;
            if created.is_err() {
                return;
            }
            let tell = |value: Value| output.notify("$/progress", &json!({ "token": token, "value": value }));
            let mut begin = json!({ "kind": "begin", "title": title, "cancellable": cancellable });
            if cancellable {
                // Without a percentage at the beginning, clients may ignore the later ones.
                begin["percentage"] = 0.into();
            }
            tell(begin);
            while let Some(percent) = reported.recv().await {
                tell(json!({ "kind": "report", "percentage": percent }));
            }
            tell(json!({ "kind": "end" }));
        });
        Some(Progress { percent: AtomicUsize::new(0), reports })
    }
}
