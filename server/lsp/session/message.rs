//! The messages to the session.

use lsp_types::*;
use tokio::sync::oneshot;
use tower_lsp::jsonrpc::{Error, Result};

/// Something to do on the session's thread with its state `S`.
pub type Task<S> = Box<dyn FnOnce(&mut S) + Send>;

/// Changes an answer before it is sent.
type Map<T> = Box<dyn FnOnce(T) -> serde_json::Result<T> + Send>;

/// Sends the answer to a request.
pub struct Reply<T> {
    sender: oneshot::Sender<Result<T>>,
    map: Option<Map<T>>,
}

impl<T> Reply<T> {
    /// A reply, and the receiver of its answer.
    pub fn new() -> (Self, oneshot::Receiver<Result<T>>) {
        let (sender, receiver) = oneshot::channel();
        (Self { sender, map: None }, receiver)
    }

    pub fn is_cancelled(&self) -> bool {
        self.sender.is_closed()
    }

    pub fn send(self, answer: Result<T>) {
        let answer = match self.map {
            Some(map) => answer.and_then(|answer| map(answer).map_err(|_| Error::internal_error())),
            None => answer,
        };
        let _ = self.sender.send(answer);
    }

    /// A reply whose answer is changed by `map` before it is sent.
    pub fn map(self, map: impl FnOnce(T) -> serde_json::Result<T> + Send + 'static) -> Self {
        Self { map: Some(Box::new(map)), ..self }
    }
}

/// A message to the session. `S` is its state.
#[expect(missing_docs, reason = "the names are the protocol's")]
pub enum Message<S> {
    Initialize(Box<InitializeParams>),
    Initialized(InitializedParams),
    DidOpen(DidOpenTextDocumentParams),
    DidChange(DidChangeTextDocumentParams),
    DidClose(DidCloseTextDocumentParams),
    DidChangeConfiguration(DidChangeConfigurationParams),
    DidChangeWatchedFiles(DidChangeWatchedFilesParams),
    /// A request, or the end of work on the worker's thread.
    Run(Task<S>),
    /// The server is gone.
    End,
}
