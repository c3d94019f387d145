//! What the server offers to a client.

use super::capabilities::ClientCapabilities;
use super::convert;
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProvider, CodeLensOptions, CompletionOptions, DiagnosticOptions,
    DocumentLinkOptions, ExecuteCommandOptions, FileOperationOptions, Full, InitializeResult, ReferenceOptions,
    RenameOptions, RenameProvider, SaveOptions, SemanticTokensFullDelta, SemanticTokensOptions, ServerCapabilities,
    ServerInfo, TextDocumentSyncKind, TextDocumentSyncOptions, WorkDoneProgressOptions, WorkspaceOptions,
    WorkspaceSymbolOptions,
};

/// Typing one of these requests completions.
const TRIGGER_CHARACTERS: [&str; 5] = ["\"", ":", "{", "[", ","];

pub const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.tuning-ls");
pub const NORMALIZE: CodeActionKind = CodeActionKind::new("source.normalize.tuning-ls");

/// The kind of the actions that set the shared value of all examples in a file.
pub const SET_SHARED: CodeActionKind = CodeActionKind::new("source.setShared.tuning-ls");

/// The older name of [`SET_SHARED`].
pub const SET_SHARED_ALIAS: CodeActionKind = CodeActionKind::new("source.setMediaResolution.tuning-ls");

/// The command that accepts a finding.
pub const ACCEPT: &str = "tuning-ls/acceptFinding";

/// The commands that the server runs. An editor can't have commands of its own with the same names.
const COMMANDS: [&str; 6] = [
    ACCEPT,
    "tuning-ls/deleteExample",
    "tuning-ls/fixAll",
    "tuning-ls/normalizeAll",
    "tuning-ls/setShared",
    "tuning-ls/turnOffRule",
];

/// Progress is shown if the client gives a token.
const WORK_DONE: WorkDoneProgressOptions = WorkDoneProgressOptions { work_done_progress: Some(true) };

/// The answer to `initialize`.
pub fn answer(client: &ClientCapabilities) -> InitializeResult {
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::Incremental),
        save: Some(SaveOptions { include_text: Some(false) }.into()),
        ..Default::default()
    };
    let completion = CompletionOptions {
        trigger_characters: Some(TRIGGER_CHARACTERS.map(str::to_owned).to_vec()),
        resolve_provider: Some(true),
        ..Default::default()
    };
    let code_action = if client.code_action_literals {
        let ours = [FIX_ALL, NORMALIZE, SET_SHARED, SET_SHARED_ALIAS];
        let kinds = [CodeActionKind::QuickFix, CodeActionKind::RefactorRewrite].into_iter().chain(ours);
        CodeActionProvider::from(CodeActionOptions {
            code_action_kinds: Some(kinds.collect()),
            resolve_provider: Some(true),
            ..Default::default()
        })
    } else {
        // The protocol forbids options for such a client.
        CodeActionProvider::from(true)
    };
    let rename = if client.prepare_rename {
        RenameProvider::from(RenameOptions { prepare_provider: Some(true), work_done_progress_options: WORK_DONE })
    } else {
        // The protocol forbids options for such a client.
        RenameProvider::from(true)
    };
    let pull = DiagnosticOptions {
        identifier: None,
        inter_file_dependencies: true,
        workspace_diagnostics: client.pull_workspace,
        ..Default::default()
    };
    let capabilities = ServerCapabilities {
        position_encoding: Some(convert::encoding_kind(client.encoding)),
        text_document_sync: Some(sync.into()),
        hover_provider: Some(true.into()),
        completion_provider: Some(completion),
        definition_provider: Some(true.into()),
        references_provider: Some(ReferenceOptions { work_done_progress_options: WORK_DONE }.into()),
        document_highlight_provider: Some(true.into()),
        code_action_provider: Some(code_action),
        document_link_provider: Some(DocumentLinkOptions { resolve_provider: Some(true), ..Default::default() }),
        document_symbol_provider: Some(true.into()),
        folding_range_provider: Some(true.into()),
        selection_range_provider: Some(true.into()),
        workspace_symbol_provider: Some(
            WorkspaceSymbolOptions { resolve_provider: None, work_done_progress_options: WORK_DONE }.into(),
        ),
        document_formatting_provider: Some(true.into()),
        document_range_formatting_provider: Some(true.into()),
        rename_provider: Some(rename),
        execute_command_provider: client
            .apply_edit
            .then(|| ExecuteCommandOptions { commands: COMMANDS.map(str::to_owned).to_vec(), ..Default::default() }),
        workspace: client.will_rename.then(|| WorkspaceOptions {
            file_operations: Some(FileOperationOptions {
                will_rename: Some(convert::renamed_files()),
                ..Default::default()
            }),
            ..Default::default()
        }),
        inlay_hint_provider: client.inlay_hints.then(|| true.into()),
        code_lens_provider: client.code_lens.then(CodeLensOptions::default),
        semantic_tokens_provider: semantic_tokens(client).map(Into::into),
        diagnostic_provider: client.pull_diagnostics.then(|| pull.into()),
        ..Default::default()
    };
    let version = Some(env!("CARGO_PKG_VERSION").to_owned());
    let server_info = Some(ServerInfo { name: "tuning-ls".to_owned(), version });
    InitializeResult { capabilities, server_info }
}

fn semantic_tokens(client: &ClientCapabilities) -> Option<SemanticTokensOptions> {
    let full = match client.tokens_delta {
        true => Full::from(SemanticTokensFullDelta { delta: Some(true) }),
        false => true.into(),
    };
    (client.tokens_of_range || client.tokens_of_file).then(|| SemanticTokensOptions {
        legend: convert::legend(),
        range: client.tokens_of_range.then(|| true.into()),
        full: client.tokens_of_file.then_some(full),
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lsp::session::capabilities::tests::named;
    use serde_json::json;

    #[test]
    fn the_offered_capabilities_have_the_names_of_the_protocol() {
        let offered = serde_json::to_value(answer(&named("helix-25.07.1"))).unwrap();
        assert_eq!(
            offered,
            json!({
                "capabilities": {
                    "positionEncoding": "utf-8",
                    "textDocumentSync": {"openClose": true, "change": 2, "save": {"includeText": false}},
                    "hoverProvider": true,
                    "completionProvider": {
                        "triggerCharacters": ["\"", ":", "{", "[", ","],
                        "resolveProvider": true
                    },
                    "definitionProvider": true,
                    "referencesProvider": {"workDoneProgress": true},
                    "documentHighlightProvider": true,
                    "codeActionProvider": {
                        "codeActionKinds": [
                            "quickfix", "refactor.rewrite",
                            "source.fixAll.tuning-ls", "source.normalize.tuning-ls",
                            "source.setShared.tuning-ls", "source.setMediaResolution.tuning-ls"
                        ],
                        "resolveProvider": true
                    },
                    "documentSymbolProvider": true,
                    "foldingRangeProvider": true,
                    "selectionRangeProvider": true,
                    "workspaceSymbolProvider": {"workDoneProgress": true},
                    "documentFormattingProvider": true,
                    "documentRangeFormattingProvider": true,
                    "documentLinkProvider": {"resolveProvider": true},
                    "renameProvider": {"prepareProvider": true, "workDoneProgress": true},
                    "executeCommandProvider": {"commands": [
                        "tuning-ls/acceptFinding", "tuning-ls/deleteExample", "tuning-ls/fixAll",
                        "tuning-ls/normalizeAll", "tuning-ls/setShared", "tuning-ls/turnOffRule"
                    ]},
                    "inlayHintProvider": true,
                    "workspace": {"fileOperations": {"willRename": {"filters": [
                        {"scheme": "file", "pattern": {"glob": "**", "matches": "file"}},
                        {"scheme": "file", "pattern": {"glob": "**", "matches": "folder"}}
                    ]}}},
                    "diagnosticProvider": {"interFileDependencies": true, "workspaceDiagnostics": true}
                },
                "serverInfo": {"name": "tuning-ls", "version": env!("CARGO_PKG_VERSION")}
            })
        );
    }
}
