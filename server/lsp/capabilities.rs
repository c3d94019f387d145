//! What the client can do, read once, and what we tell it that we can do.

use super::convert;
use crate::text::Encoding;
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProvider, CompletionOptions, DiagnosticTag, InitializeParams,
    InitializeResult, MarkupKind, ResourceOperationKind, SaveOptions, ServerCapabilities, ServerInfo,
    TextDocumentSyncKind, TextDocumentSyncOptions, WorkspaceFolders,
};
use std::path::PathBuf;

/// Typing one of these asks for completions.
const TRIGGER_CHARACTERS: [&str; 6] = ["\"", ":", "{", "[", ",", "/"];

/// The kind of the action that applies all safe fixes of a file.
pub const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.tuning-ls");

/// The kind of the action that normalizes all lines of a file.
pub const NORMALIZE: CodeActionKind = CodeActionKind::new("source.normalize.tuning-ls");

/// The kind of the actions that give all examples of a file one resolution.
pub const SET_MEDIA_RESOLUTION: CodeActionKind = CodeActionKind::new("source.setMediaResolution.tuning-ls");

/// What the client can do. Whatever it says nothing about, it cannot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// How positions are counted in this session: the first that the client prefers and we know.
    pub encoding: Encoding,
    /// Completions may be snippets.
    pub snippets: bool,
    /// The documentation of a completion may be Markdown.
    pub completion_markdown: bool,
    /// A completion's `insertText` may differ between inserting and replacing.
    pub insert_replace: bool,
    /// A completion's label may have details.
    pub label_details: bool,
    /// Properties of a completion that may come when it is resolved.
    pub completion_resolve: Vec<String>,
    /// Properties of all completions that may be given once for the list.
    pub completion_defaults: Vec<String>,
    /// Hovers may be Markdown.
    pub hover_markdown: bool,
    /// Diagnostics may name other places.
    pub related_information: bool,
    /// Diagnostics may be tagged as unnecessary.
    pub unnecessary_tag: bool,
    /// Diagnostics may be tagged as deprecated.
    pub deprecated_tag: bool,
    /// The code of a diagnostic may be a link.
    pub code_description: bool,
    /// Diagnostics may say for which version they are.
    pub diagnostic_version: bool,
    /// The data of a diagnostic comes back with requests for code actions.
    pub diagnostic_data: bool,
    /// Code actions may be more than commands.
    pub code_action_literals: bool,
    /// The edit of a code action may come when it is resolved, and its data comes back then.
    pub code_action_resolve_edit: bool,
    /// The data of a code action comes back when it is resolved.
    pub code_action_data: bool,
    /// One code action of several may be preferred.
    pub code_action_preferred: bool,
    /// Code actions may be shown with the reason why they cannot be applied.
    pub code_action_disabled: bool,
    /// Edits may name the version they are for.
    pub document_changes: bool,
    /// Edits may make files.
    pub create_files: bool,
    /// We may ask for an edit to be applied.
    pub apply_edit: bool,
    /// We may show progress of our own accord.
    pub work_done_progress: bool,
    /// We may ask for settings.
    pub configuration: bool,
    /// We may register for changed settings.
    pub register_configuration: bool,
    /// We may register for changed files.
    pub register_watched_files: bool,
    /// We may ask for a document to be shown.
    pub show_document: bool,
}

/// The folders that the client has open.
#[must_use]
#[expect(deprecated, reason = "older clients name their only folder so")]
pub fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    match &params.workspace_folders_initialize_params.workspace_folders {
        Some(WorkspaceFolders::WorkspaceFolderList(folders)) => {
            folders.iter().filter_map(|folder| folder.uri.to_file_path().ok()).collect()
        }
        _ => params.root_uri.iter().filter_map(|root| root.to_file_path().ok()).collect(),
    }
}

impl Client {
    /// What the client said of itself.
    #[must_use]
    pub fn new(params: &InitializeParams) -> Self {
        let mut client = Self::default();
        let capabilities = &params.capabilities;
        let encodings = capabilities.general.as_ref().and_then(|it| it.position_encodings.as_ref());
        client.encoding = encodings.into_iter().flatten().find_map(convert::encoding).unwrap_or_default();
        if let Some(window) = &capabilities.window {
            client.work_done_progress = yes(window.work_done_progress);
            client.show_document = window.show_document.is_some_and(|it| it.support);
        }
        if let Some(workspace) = &capabilities.workspace {
            client.read_workspace(workspace);
        }
        if let Some(text_document) = &capabilities.text_document {
            client.read_completion(text_document);
            client.read_diagnostics(text_document);
            client.read_code_actions(text_document);
            let hover = text_document.hover.as_ref();
            client.hover_markdown = markdown(hover.and_then(|it| it.content_format.as_ref()));
        }
        client
    }

    fn read_workspace(&mut self, workspace: &lsp_types::WorkspaceClientCapabilities) {
        let edit = workspace.workspace_edit.as_ref();
        self.document_changes = yes(edit.and_then(|it| it.document_changes));
        let operations = edit.and_then(|it| it.resource_operations.as_ref());
        self.create_files = operations.is_some_and(|it| it.contains(&ResourceOperationKind::Create));
        self.apply_edit = yes(workspace.apply_edit);
        self.configuration = yes(workspace.configuration);
        let settings = workspace.did_change_configuration.as_ref();
        self.register_configuration = yes(settings.and_then(|it| it.dynamic_registration));
        let files = workspace.did_change_watched_files.as_ref();
        self.register_watched_files = yes(files.and_then(|it| it.dynamic_registration));
    }

    fn read_completion(&mut self, text_document: &lsp_types::TextDocumentClientCapabilities) {
        let Some(completion) = &text_document.completion else { return };
        let list = completion.completion_list.as_ref();
        self.completion_defaults = list.and_then(|it| it.item_defaults.clone()).unwrap_or_default();
        let Some(item) = &completion.completion_item else { return };
        self.snippets = yes(item.snippet_support);
        self.completion_markdown = markdown(item.documentation_format.as_ref());
        self.insert_replace = yes(item.insert_replace_support);
        self.label_details = yes(item.label_details_support);
        // Before 3.16 nobody said which properties; documentation and detail always could.
        self.completion_resolve = match &item.resolve_support {
            Some(resolve) => resolve.properties.clone(),
            None => ["documentation", "detail"].map(str::to_owned).to_vec(),
        };
    }

    fn read_diagnostics(&mut self, text_document: &lsp_types::TextDocumentClientCapabilities) {
        let Some(publish) = &text_document.publish_diagnostics else { return };
        self.diagnostic_version = yes(publish.version_support);
        let diagnostics = &publish.diagnostics_capabilities;
        self.related_information = yes(diagnostics.related_information);
        self.code_description = yes(diagnostics.code_description_support);
        self.diagnostic_data = yes(diagnostics.data_support);
        let tags = diagnostics.tag_support.as_ref().map(|it| &it.value_set[..]).unwrap_or_default();
        self.unnecessary_tag = tags.contains(&DiagnosticTag::Unnecessary);
        self.deprecated_tag = tags.contains(&DiagnosticTag::Deprecated);
    }

    fn read_code_actions(&mut self, text_document: &lsp_types::TextDocumentClientCapabilities) {
        let Some(actions) = &text_document.code_action else { return };
        self.code_action_literals = actions.code_action_literal_support.is_some();
        self.code_action_data = yes(actions.data_support);
        self.code_action_preferred = yes(actions.is_preferred_support);
        self.code_action_disabled = yes(actions.disabled_support);
        let resolved = actions.resolve_support.iter().flat_map(|it| &it.properties);
        self.code_action_resolve_edit =
            self.code_action_data && resolved.into_iter().any(|property| property == "edit");
    }

    /// Whether this property of a completion may come when it is resolved.
    #[must_use]
    pub fn resolves(&self, property: &str) -> bool {
        self.completion_resolve.iter().any(|known| known == property)
    }
}

fn yes(said: Option<bool>) -> bool {
    said.unwrap_or(false)
}

fn markdown(formats: Option<&Vec<MarkupKind>>) -> bool {
    formats.is_some_and(|formats| formats.contains(&MarkupKind::Markdown))
}

/// The whole answer to `initialize`.
#[must_use]
pub fn answer(client: &Client) -> InitializeResult {
    InitializeResult {
        capabilities: negotiate(client),
        server_info: Some(ServerInfo {
            name: "tuning-ls".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    }
}

/// What we can do for this client.
#[must_use]
pub fn negotiate(client: &Client) -> ServerCapabilities {
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
        CodeActionProvider::from(CodeActionOptions {
            code_action_kinds: Some(vec![
                CodeActionKind::QuickFix,
                CodeActionKind::RefactorRewrite,
                FIX_ALL,
                NORMALIZE,
                SET_MEDIA_RESOLUTION,
            ]),
            resolve_provider: Some(true),
            ..Default::default()
        })
    } else {
        // The protocol forbids options for such a client.
        CodeActionProvider::from(true)
    };
    ServerCapabilities {
        position_encoding: Some(convert::encoding_kind(client.encoding)),
        text_document_sync: Some(sync.into()),
        hover_provider: Some(true.into()),
        completion_provider: Some(completion),
        code_action_provider: Some(code_action),
        document_formatting_provider: Some(true.into()),
        document_range_formatting_provider: Some(true.into()),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The `initialize` parameters that real editors sent.
    fn recorded() -> Vec<(String, Client)> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/clients");
        let read = |entry: std::io::Result<std::fs::DirEntry>| {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let params = serde_json::from_str(&text).unwrap_or_else(|error| {
                panic!("{}: {error}", path.display());
            });
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), Client::new(&params))
        };
        std::fs::read_dir(folder).unwrap().map(read).collect()
    }

    fn named(name: &str) -> Client {
        recorded().into_iter().find(|(found, _)| found == name).unwrap().1
    }

    #[test]
    fn every_recorded_client_is_understood() {
        assert_eq!(recorded().len(), 12);
        for (name, client) in recorded() {
            let expected = match name.split_once('-').unwrap().0 {
                "emacs" if name.contains("30.1") => Encoding::Utf32,
                "helix" => Encoding::Utf8,
                "nvim" if name.contains("0.11") || name.contains("0.12") => Encoding::Utf8,
                _ => Encoding::Utf16,
            };
            assert_eq!(client.encoding, expected, "{name}");
            assert!(client.code_action_literals, "{name}");
        }
    }

    #[test]
    fn what_a_client_says_is_what_it_can_do() {
        let code = named("vscode-1.139.1");
        assert!(code.snippets && code.hover_markdown && code.completion_markdown);
        assert!(code.code_action_resolve_edit && code.code_action_preferred);
        assert!(code.unnecessary_tag && code.deprecated_tag && code.code_description);
        assert!(code.related_information && code.document_changes && code.apply_edit);
        assert!(code.resolves("documentation") && code.work_done_progress);
        let vim = named("vim-9.0-ale-3.3.0");
        assert!(vim.related_information);
        assert!(!vim.snippets && !vim.hover_markdown && !vim.code_action_resolve_edit);
        assert!(!vim.document_changes && !vim.apply_edit && !vim.diagnostic_version);
    }

    #[test]
    fn a_client_that_says_nothing_can_do_nothing() {
        let params = serde_json::from_value(json!({"capabilities": {}})).unwrap();
        assert_eq!(Client::new(&params), Client::default());
        let offered = serde_json::to_value(negotiate(&Client::default())).unwrap();
        assert_eq!(offered["positionEncoding"], "utf-16");
        assert_eq!(offered["codeActionProvider"], true);
    }

    #[test]
    fn an_encoding_is_the_first_that_both_know() {
        for (offered, chosen) in [
            (json!([]), Encoding::Utf16),
            (json!(["utf-7"]), Encoding::Utf16),
            (json!(["utf-7", "utf-32", "utf-8"]), Encoding::Utf32),
        ] {
            let general = json!({"general": {"positionEncodings": offered}});
            let params = serde_json::from_value(json!({"capabilities": general})).unwrap();
            assert_eq!(Client::new(&params).encoding, chosen);
        }
    }

    #[test]
    fn what_we_offer_is_what_the_protocol_calls_it() {
        let offered = serde_json::to_value(answer(&named("helix-25.07.1"))).unwrap();
        assert_eq!(
            offered,
            json!({
                "capabilities": {
                    "positionEncoding": "utf-8",
                    "textDocumentSync": {"openClose": true, "change": 2, "save": {"includeText": false}},
                    "hoverProvider": true,
                    "completionProvider": {
                        "triggerCharacters": ["\"", ":", "{", "[", ",", "/"],
                        "resolveProvider": true
                    },
                    "codeActionProvider": {
                        "codeActionKinds": [
                            "quickfix", "refactor.rewrite",
                            "source.fixAll.tuning-ls", "source.normalize.tuning-ls",
                            "source.setMediaResolution.tuning-ls"
                        ],
                        "resolveProvider": true
                    },
                    "documentFormattingProvider": true,
                    "documentRangeFormattingProvider": true
                },
                "serverInfo": {"name": "tuning-ls", "version": env!("CARGO_PKG_VERSION")}
            })
        );
    }
}
