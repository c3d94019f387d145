//! What the session is told and asked.

use super::capabilities::Client;
use super::extensions::{DatasetSummary, RuleDescription};
use super::worker::Finish;
use crate::text::Change;
use lsp_types::{
    CodeAction, CodeActionContext, CodeActionResponse, CompletionItem, CompletionResponse, Hover, Position, Range,
    TextEdit, Uri,
};
use serde_json::Value;
use std::path::PathBuf;
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
        /// The folders that it has open.
        folders: Vec<PathBuf>,
    },
    /// The client is ready to be asked for something.
    Initialized,
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
    /// Files were made, changed or deleted on disk.
    FilesChanged,
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
