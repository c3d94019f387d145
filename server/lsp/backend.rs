//! The protocol's methods. Every body sends one message to the session, before any `await`, so that the
//! order on the wire is the order in the session; a request then awaits its reply and nothing else.

use super::capabilities::{self, Client};
use super::convert;
use super::extensions::{DatasetSummary, FileParams, RuleDescription};
use super::message::{Ask, Message, Reply};
use super::output::Output;
use super::progress::Asking;
use super::session::Session;
use lsp_types::*;
use std::sync::mpsc::{Sender, channel};
use tokio::sync::oneshot;
use tower_lsp::LanguageServer;
use tower_lsp::jsonrpc::{Error, Result};

/// The way from the protocol to the session.
#[derive(Debug)]
pub(super) struct Backend {
    inbox: Sender<Message>,
}

impl Backend {
    /// Starts the session on its own thread; has to be called inside the runtime.
    pub fn start(output: Output, client: tower_lsp::Client) -> Self {
        let asking = Asking::new(client, output);
        let (inbox, messages) = channel();
        let own = inbox.clone();
        let spawned = std::thread::Builder::new()
            .name("session".to_owned())
            .spawn(move || Session::new(Box::new(asking), own).run(&messages));
        if let Err(error) = spawned {
            tracing::error!("the session's thread cannot be started: {error}");
        }
        Self { inbox }
    }

    fn send(&self, message: Message) {
        if self.inbox.send(message).is_err() {
            tracing::error!("the session has ended");
        }
    }

    /// `tuning-ls/checkFromDisk`
    pub async fn check_from_disk(&self, params: FileParams) -> Result<Option<DatasetSummary>> {
        self.ask(|reply| Ask::CheckFromDisk { uri: params.uri, reply }).await
    }

    /// `tuning-ls/datasetSummary`
    pub async fn dataset_summary(&self, params: FileParams) -> Result<Option<DatasetSummary>> {
        self.ask(|reply| Ask::DatasetSummary { uri: params.uri, reply }).await
    }

    /// `tuning-ls/rules`
    pub async fn rules(&self) -> Result<Vec<RuleDescription>> {
        self.ask(|reply| Ask::Rules { reply }).await
    }

    async fn ask<T>(&self, ask: impl FnOnce(Reply<T>) -> Ask) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        self.send(Message::Ask(ask(reply)));
        // A reply that is dropped means that answering panicked; the session goes on.
        answer.await.unwrap_or_else(|_| Err(Error::internal_error()))
    }
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let client = Client::new(&params);
        let answer = capabilities::answer(&client);
        let folders = capabilities::folders(&params);
        let options = params.initialization_options.unwrap_or_default();
        self.send(Message::Initialize { client: Box::new(client), options, folders });
        Ok(answer)
    }

    async fn initialized(&self, _: InitializedParams) {
        self.send(Message::Initialized);
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let TextDocumentItem { uri, version, text, .. } = params.text_document;
        self.send(Message::Open { uri, version, text });
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let changes = params.content_changes.into_iter().map(convert::change).collect();
        let VersionedTextDocumentIdentifier { version, text_document_identifier: document } = params.text_document;
        self.send(Message::Change { uri: document.uri, version, changes });
    }

    async fn did_save(&self, _: DidSaveTextDocumentParams) {}

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.send(Message::Close { uri: params.text_document.uri });
    }

    async fn did_change_watched_files(&self, _: DidChangeWatchedFilesParams) {
        self.send(Message::FilesChanged);
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        self.send(Message::Settings { settings: params.settings });
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let place = params.text_document_position_params;
        self.ask(|reply| Ask::Completion { uri: place.text_document.uri, position: place.position, reply }).await
    }

    async fn completion_resolve(&self, item: CompletionItem) -> Result<CompletionItem> {
        self.ask(|reply| Ask::ResolveCompletion { item: Box::new(item), reply }).await
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let place = params.text_document_position_params;
        self.ask(|reply| Ask::Hover { uri: place.text_document.uri, position: place.position, reply }).await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<Vec<CodeActionResponse>>> {
        let CodeActionParams { text_document, range, context, .. } = params;
        self.ask(|reply| Ask::CodeAction { uri: text_document.uri, range, context, reply }).await
    }

    async fn code_action_resolve(&self, action: CodeAction) -> Result<CodeAction> {
        self.ask(|reply| Ask::ResolveCodeAction { action: Box::new(action), reply }).await
    }

    async fn formatting(&self, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.ask(|reply| Ask::Format { uri: params.text_document.uri, range: None, reply }).await
    }

    async fn range_formatting(&self, params: DocumentRangeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.ask(|reply| Ask::Format { uri: params.text_document.uri, range: Some(params.range), reply }).await
    }
}
