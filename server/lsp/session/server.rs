//! The methods of the protocol. Each one sends a message to the session before any `await`, so that the session gets
//! messages in wire order. A request then awaits only its reply.

use super::capabilities::ClientCapabilities;
use super::listener::Notifier;
use super::main_loop::Session;
use super::message::{Message, Reply};
use super::offered;
use super::requests::dataset_summary::{DatasetSummary, FileParams};
use super::requests::duplicate_example::{DuplicateAnswer, DuplicateParams};
use super::requests::example::{ExampleLine, ExampleParams, ExampleView};
use super::requests::paste::{PasteAnswer, PasteParams};
use super::requests::preview::{OffsetsParams, PreviewAnswer, PreviewParams};
use super::requests::rules::RuleDescription;
use super::requests::write_example::{WriteAnswer, WriteParams};
use super::requests::*;
use super::state::State;
use super::views::through_view;
use crate::lsp::transport::Output;
use lsp_types::*;
use std::sync::mpsc::{Sender, channel};
use tokio::sync::Mutex;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::{Client, ClientSocket, LanguageServer, LspService};

/// Request methods: each line has the parameters, the answer, and the function in `requests/`. Those of the protocol are
/// answered for views of examples, too.
macro_rules! requests {
    ($($method:ident($($params:ident: $type:ty)?) -> $answer:ty = $($function:ident)::+;)*) => {$(
        async fn $method(&self $(, $params: $type)?) -> Result<$answer> {
            self.ask(move |state, reply| $($function)::+(state, $($params,)? reply)).await
        }
    )*};
    (views: $($method:ident($params:ident: $type:ty) -> $answer:ty = $($function:ident)::+;)*) => {$(
        async fn $method(&self, $params: $type) -> Result<$answer> {
            self.ask(move |state, reply| through_view(state, $params, reply, $($function)::+)).await
        }
    )*};
}

/// Notification methods.
macro_rules! notifications {
    ($($method:ident($params:ty) = $message:ident;)*) => {$(
        async fn $method(&self, params: $params) {
            self.send(Message::$message(params));
        }
    )*};
}

/// The service with all methods. Must be called inside the runtime.
pub fn service(output: Output) -> (LspService<Server>, ClientSocket) {
    LspService::build(|client| Server::start(output, client))
        .custom_method("tuning-ls/checkFromDisk", Server::check_from_disk)
        .custom_method("tuning-ls/datasetSummary", Server::dataset_summary)
        .custom_method("tuning-ls/duplicateExample", Server::duplicate_example)
        .custom_method("tuning-ls/example", Server::example)
        .custom_method("tuning-ls/exampleLine", Server::example_line)
        .custom_method("tuning-ls/paste", Server::paste)
        .custom_method("tuning-ls/preview", Server::preview)
        .custom_method("tuning-ls/rules", Server::rules)
        .custom_method("tuning-ls/setOffsets", Server::set_offsets)
        .custom_method("tuning-ls/writeExample", Server::write_example)
        .custom_method("window/workDoneProgress/cancel", Server::cancel_progress)
        .finish()
}

/// Sends the messages of the protocol to the session.
#[derive(Debug)]
pub struct Server {
    inbox: Sender<Message<State>>,
    client: Client,
    /// Held while the client applies an edit of a baseline.
    accepting: Mutex<()>,
}

impl Server {
    /// Starts the session on its own thread. Must be called inside the runtime.
    fn start(output: Output, client: Client) -> Self {
        let notifier = Notifier::new(client.clone(), output);
        let (inbox, messages) = channel();
        let own = inbox.clone();
        let spawned = std::thread::Builder::new()
            .name("session".to_owned())
            .spawn(move || Session::new(Box::new(notifier), own).run(&messages));
        if let Err(error) = spawned {
            tracing::error!("cannot start the session's thread: {error}");
        }
        Self { inbox, client, accepting: Mutex::default() }
    }

    fn send(&self, message: Message<State>) {
        if self.inbox.send(message).is_err() {
            tracing::error!("the session has ended");
        }
    }

    async fn cancel_progress(&self, params: WorkDoneProgressCancelParams) {
        self.send(Message::Run(Box::new(move |state| state.running.cancel(&params.token))));
    }

    async fn ask<T: Send + 'static>(&self, answer: impl FnOnce(&mut State, Reply<T>) + Send + 'static) -> Result<T> {
        let (reply, answered) = Reply::new();
        self.send(Message::Run(Box::new(move |state| {
            if !reply.is_cancelled() {
                answer(state, reply);
            }
        })));
        // The reply is dropped if answering panicked. The session continues.
        answered.await.unwrap_or_else(|_| Err(Error::internal_error()))
    }

    requests! {
        check_from_disk(params: FileParams) -> Option<DatasetSummary> = check_from_disk::answer;
        dataset_summary(params: FileParams) -> Option<DatasetSummary> = dataset_summary::answer;
        duplicate_example(params: DuplicateParams) -> Option<DuplicateAnswer> = duplicate_example::answer;
        example(params: ExampleParams) -> Option<ExampleView> = example::answer;
        example_line(params: FileParams) -> Option<ExampleLine> = example::line;
        paste(params: PasteParams) -> Option<PasteAnswer> = paste::answer;
        preview(params: PreviewParams) -> Option<PreviewAnswer> = preview::answer;
        rules() -> Vec<RuleDescription> = rules::answer;
        set_offsets(params: OffsetsParams) -> Option<WorkspaceEdit> = preview::set_offsets;
        write_example(params: WriteParams) -> WriteAnswer = write_example::answer;
    }
}

impl Drop for Server {
    /// Ends the session. Its own worker keeps the channel open.
    fn drop(&mut self) {
        let _ = self.inbox.send(Message::End);
    }
}

impl LanguageServer for Server {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let answer = offered::answer(&ClientCapabilities::new(&params));
        self.send(Message::Initialize(Box::new(params)));
        Ok(answer)
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LspAny>> {
        let change = self.ask(move |state, reply| execute_command::answer(state, params, reply)).await?;
        let applied = match change {
            None => false,
            Some(execute_command::Change::Edit(edit)) => self.client.apply_edit(edit).await?.applied,
            Some(execute_command::Change::Accept(path, entries)) => {
                let _turn = self.accepting.lock().await;
                let made =
                    self.ask(move |state, reply| execute_command::accepting(state, path, entries, reply)).await?;
                let applied = self.client.apply_edit(made.edit).await?.applied;
                if applied {
                    self.send(Message::Run(made.then));
                }
                applied
            }
        };
        Ok(Some(applied.into()))
    }

    async fn did_save(&self, _: DidSaveTextDocumentParams) {}

    notifications! {
        initialized(InitializedParams) = Initialized;
        did_open(DidOpenTextDocumentParams) = DidOpen;
        did_change(DidChangeTextDocumentParams) = DidChange;
        did_close(DidCloseTextDocumentParams) = DidClose;
        did_change_configuration(DidChangeConfigurationParams) = DidChangeConfiguration;
        did_change_watched_files(DidChangeWatchedFilesParams) = DidChangeWatchedFiles;
    }

    // The diagnostics of a view have its places already, and a view is no file.
    requests! {
        will_rename_files(params: RenameFilesParams) -> Option<WorkspaceEdit> = will_rename_files::answer;
        diagnostic(params: DocumentDiagnosticParams) -> DocumentDiagnosticReport = diagnostic::document;
        workspace_diagnostic(params: WorkspaceDiagnosticParams) -> WorkspaceDiagnosticReport = diagnostic::workspace;
    }

    requests! { views:
        completion(params: CompletionParams) -> Option<CompletionResponse> = completion::answer;
        completion_resolve(item: CompletionItem) -> CompletionItem = completion_resolve::answer;
        hover(params: HoverParams) -> Option<Hover> = hover::answer;
        code_action(params: CodeActionParams) -> Option<Vec<CodeActionResponse>> = code_action::answer;
        code_action_resolve(action: CodeAction) -> CodeAction = code_action_resolve::answer;
        document_symbol(params: DocumentSymbolParams) -> Option<DocumentSymbolResponse> = document_symbol::answer;
        folding_range(params: FoldingRangeParams) -> Option<Vec<FoldingRange>> = folding_range::answer;
        code_lens(params: CodeLensParams) -> Option<Vec<CodeLens>> = code_lens::answer;
        inlay_hint(params: InlayHintParams) -> Option<Vec<InlayHint>> = inlay_hint::answer;
        semantic_tokens_full(params: SemanticTokensParams) -> Option<SemanticTokens> = semantic_tokens::full;
        semantic_tokens_full_delta(params: SemanticTokensDeltaParams) -> Option<SemanticTokensDeltaResponse>
            = semantic_tokens::delta;
        semantic_tokens_range(params: SemanticTokensRangeParams) -> Option<SemanticTokens> = semantic_tokens::range;
        formatting(params: DocumentFormattingParams) -> Option<Vec<TextEdit>> = formatting::document;
        range_formatting(params: DocumentRangeFormattingParams) -> Option<Vec<TextEdit>> = formatting::range;
        goto_definition(params: DefinitionParams) -> Option<DefinitionResponse> = definition::answer;
        references(params: ReferenceParams) -> Option<Vec<Location>> = references::answer;
        document_highlight(params: DocumentHighlightParams) -> Option<Vec<DocumentHighlight>> = document_highlight::answer;
        document_link(params: DocumentLinkParams) -> Option<Vec<DocumentLink>> = document_link::answer;
        document_link_resolve(link: DocumentLink) -> DocumentLink = document_link::resolve;
        prepare_rename(place: TextDocumentPositionParams) -> Option<PrepareRenameResult> = rename::prepare;
        rename(params: RenameParams) -> Option<WorkspaceEdit> = rename::answer;
        selection_range(params: SelectionRangeParams) -> Option<Vec<SelectionRange>> = selection_range::answer;
        symbol(params: WorkspaceSymbolParams) -> Option<WorkspaceSymbolResponse> = symbol::answer;
    }
}
