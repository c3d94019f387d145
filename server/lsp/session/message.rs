//! The messages to the session.

use lsp_types::*;
use tokio::sync::oneshot;
use tower_lsp::jsonrpc::Result;

/// Something to do on the session's thread with its state `S`.
pub type Task<S> = Box<dyn FnOnce(&mut S) + Send>;

/// Sends the answer to a request.
#[derive(Debug)]
pub struct Reply<T>(oneshot::Sender<Result<T>>);

impl<T> Reply<T> {
    /// A reply, and the receiver of its answer.
    pub fn new() -> (Self, oneshot::Receiver<Result<T>>) {
        let (sender, receiver) = oneshot::channel();
        (Self(sender), receiver)
    }

    pub fn is_cancelled(&self) -> bool {
        self.0.is_closed()
    }

    pub fn send(self, answer: Result<T>) {
        let _ = self.0.send(answer);
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
}
