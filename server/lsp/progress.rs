//! Progress of long work, shown by the client if it can: told from any thread and without waiting.

use super::output::Output;
use super::session::{Listener, Publication};
use lsp_types::{ProgressToken, WorkDoneProgressCreateParams};
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tower_lsp::Client;

/// Work that the client shows as long as this exists.
#[derive(Debug)]
pub struct Progress(#[expect(dead_code, reason = "dropping it ends the progress")] UnboundedSender<Value>);

/// What goes to the client and wants an answer: asked from any thread, awaited by nobody but a task of
/// its own.
#[derive(Clone, Debug)]
pub(super) struct Asking {
    client: Client,
    output: Output,
    runtime: Handle,
}

impl Asking {
    /// A way to ask; has to be made inside the runtime.
    pub fn new(client: Client, output: Output) -> Self {
        Self { client, output, runtime: Handle::current() }
    }

    /// Shows `title` until what is given back is dropped. `token` has to be new.
    pub fn progress(&self, token: String, title: String) -> Progress {
        let (sender, mut reports) = unbounded_channel::<Value>();
        let Self { client, output, runtime } = self.clone();
        runtime.spawn(async move {
            let params = WorkDoneProgressCreateParams { token: ProgressToken::String(token.clone()) };
            let created = client.send_request::<lsp_types::WorkDoneProgressCreateRequest>(params).await;
            if created.is_err() {
                return;
            }
            let tell = |value: Value| output.notify("$/progress", &json!({ "token": token, "value": value }));
            tell(json!({ "kind": "begin", "title": title, "cancellable": false }));
            while let Some(report) = reports.recv().await {
                tell(report);
            }
            tell(json!({ "kind": "end" }));
        });
        Progress(sender)
    }

    /// Asks to be told of files on disk that match these patterns.
    pub fn watch(&self, patterns: &[&str]) {
        let watchers: Vec<_> = patterns.iter().map(|pattern| json!({ "globPattern": pattern })).collect();
        let registration = lsp_types::Registration {
            id: "watched-files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: Some(json!({ "watchers": watchers })),
        };
        let client = self.client.clone();
        self.runtime.spawn(async move {
            if let Err(error) = client.register_capability(vec![registration]).await {
                tracing::warn!("the client does not watch files: {error}");
            }
        });
    }
}

impl Listener for Asking {
    fn notify(&self, method: &str, params: Value) {
        self.output.notify(method, &params);
    }

    fn publish(&self, publication: Publication) {
        self.output.notify("textDocument/publishDiagnostics", &publication);
    }

    fn watch(&self, patterns: &[&str]) {
        Asking::watch(self, patterns);
    }

    fn progress(&self, token: String, title: String) -> Option<Progress> {
        Some(Asking::progress(self, token, title))
    }
}
