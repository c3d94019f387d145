//! What the client supports.

use super::convert;
use crate::text::Encoding;
use lsp_types::{
    ClientSemanticTokensRequestOptionsFull, ClientSemanticTokensRequestOptionsRange, DiagnosticTag, FoldingRangeKind,
    InitializeParams, MarkupKind, ResourceOperationKind, WorkspaceFolders,
};
use std::path::PathBuf;

/// The command of the client that shows the summary of a dataset. A client that has it lists it in the capability
/// `experimental.commands.commands`.
pub const SHOW_SUMMARY: &str = "tuning-ls.showDatasetSummary";

/// Neovim needs two exceptions to show changes that other files or settings cause in open documents. Before 0.12, it pulls
/// only after its own edits and can't be asked to pull again, so it gets published diagnostics. And 0.12 answers that request
/// by pulling the workspace only, if that is offered.
const NEOVIM: &str = "Neovim";

/// What the client supports. It doesn't support what it doesn't mention.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientCapabilities {
    /// The position encoding: the first one in the client's list that we know.
    pub encoding: Encoding,
    pub snippets: bool,
    pub completion_markdown: bool,
    pub hover_markdown: bool,
    /// The client pulls diagnostics, so none are published.
    pub pull_diagnostics: bool,
    /// The client can pull the diagnostics of all files.
    pub pull_workspace: bool,
    /// The answer for one file can have the diagnostics of others.
    pub related_documents: bool,
    /// The server can ask the client to pull all diagnostics again.
    pub diagnostic_refresh: bool,
    pub related_information: bool,
    pub unnecessary_tag: bool,
    pub deprecated_tag: bool,
    /// The code of a diagnostic can be a link.
    pub code_description: bool,
    /// Code actions can be more than commands.
    pub code_action_literals: bool,
    /// The edit of a code action can be made when it is resolved, and the client sends the action's data back.
    pub code_action_resolve_edit: bool,
    pub code_action_preferred: bool,
    pub code_action_disabled: bool,
    /// A definition can be a link, which also says what the cursor is on.
    pub definition_links: bool,
    /// A link in a document can have a tooltip.
    pub link_tooltips: bool,
    /// The client asks what would be renamed before it asks for the new name.
    pub prepare_rename: bool,
    /// The most folds that the client wants.
    pub fold_limit: Option<u32>,
    /// A fold can be a region.
    pub fold_regions: bool,
    /// A fold can have a text of its own.
    pub fold_texts: bool,
    /// Symbols can have children.
    pub hierarchical_symbols: bool,
    /// Edits can name a document version.
    pub document_changes: bool,
    pub create_files: bool,
    /// Edits can ask the user for confirmation.
    pub confirms_edits: bool,
    /// The client asks for edits before it renames files.
    pub will_rename: bool,
    /// The client applies edits that the server sends.
    pub apply_edit: bool,
    /// The server can start progress by itself.
    pub work_done_progress: bool,
    /// The server can register for changed files.
    pub register_watched_files: bool,
    pub inlay_hints: bool,
    pub inlay_hint_refresh: bool,
    /// The client shows code lenses, and knows the command of ours.
    pub code_lens: bool,
    pub code_lens_refresh: bool,
    /// The client shows an example as a document of its own: `experimental.exampleView`.
    pub example_view: bool,
    pub tokens_of_range: bool,
    pub tokens_of_file: bool,
    pub tokens_delta: bool,
}

/// The folders that the client has open.
#[expect(deprecated, reason = "older clients send only `rootUri`")]
pub fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    match &params.workspace_folders_initialize_params.workspace_folders {
        Some(WorkspaceFolders::WorkspaceFolderList(folders)) => {
            folders.iter().filter_map(|folder| folder.uri.to_file_path().ok()).collect()
        }
        _ => params.root_uri.iter().filter_map(|root| root.to_file_path().ok()).collect(),
    }
}

impl ClientCapabilities {
    pub fn new(params: &InitializeParams) -> Self {
        let yes = |said: Option<bool>| said == Some(true);
        let capabilities = params.capabilities.clone();
        let encodings = capabilities.general.unwrap_or_default().position_encodings.unwrap_or_default();
        let workspace = capabilities.workspace.unwrap_or_default();
        let edit = workspace.workspace_edit.unwrap_or_default();
        let files = workspace.did_change_watched_files.unwrap_or_default();
        let text_document = capabilities.text_document.unwrap_or_default();
        let item = text_document.completion.unwrap_or_default().completion_item.unwrap_or_default();
        let pushed = text_document.publish_diagnostics.unwrap_or_default().diagnostics_capabilities;
        let diagnostic_refresh = yes(workspace.diagnostics.unwrap_or_default().refresh_support);
        let is_neovim = params.client_info.as_ref().is_some_and(|client| client.name == NEOVIM);
        let pulls = text_document.diagnostic.is_some() && (diagnostic_refresh || !is_neovim);
        let pull = text_document.diagnostic.unwrap_or_default();
        let pulled = pull.diagnostics_capabilities;
        // Before protocol 3.18, clients describe their diagnostics only as those that are published.
        let diagnostics = [pushed, pulled];
        let tags = diagnostics.iter().flat_map(|it| it.tag_support.iter().flat_map(|it| it.value_set.clone()));
        let tags: Vec<_> = tags.collect();
        let actions = text_document.code_action.unwrap_or_default();
        let folds = text_document.folding_range.unwrap_or_default();
        let fold_kinds = folds.folding_range_kind.unwrap_or_default().value_set.unwrap_or_default();
        let symbols = text_document.document_symbol.unwrap_or_default();
        let resolved = actions.resolve_support.map(|it| it.properties).unwrap_or_default();
        let experimental = capabilities.experimental.as_ref();
        let example_view = yes(experimental.and_then(|it| it.pointer("/exampleView")?.as_bool()));
        let commands = experimental.and_then(|it| it.pointer("/commands/commands")?.as_array());
        let shows_summary = commands.is_some_and(|names| names.iter().any(|name| name == SHOW_SUMMARY));
        let tokens = text_document.semantic_tokens.map(|it| it.requests).unwrap_or_default();
        let (tokens_of_file, tokens_delta) = match tokens.full {
            Some(ClientSemanticTokensRequestOptionsFull::ClientSemanticTokensRequestFullDelta(full)) => {
                (true, yes(full.delta))
            }
            Some(ClientSemanticTokensRequestOptionsFull::Bool(full)) => (full, false),
            None => (false, false),
        };
        let of_range = ClientSemanticTokensRequestOptionsRange::Bool(false);
        let markdown = |formats: Option<Vec<MarkupKind>>| formats.is_some_and(|it| it.contains(&MarkupKind::Markdown));
        Self {
            encoding: encodings.iter().find_map(convert::encoding).unwrap_or_default(),
            snippets: yes(item.snippet_support),
            completion_markdown: markdown(item.documentation_format),
            hover_markdown: markdown(text_document.hover.unwrap_or_default().content_format),
            pull_diagnostics: pulls,
            pull_workspace: pulls && !is_neovim,
            related_documents: yes(pull.related_document_support),
            diagnostic_refresh,
            example_view,
            related_information: diagnostics.iter().any(|it| yes(it.related_information)),
            unnecessary_tag: tags.contains(&DiagnosticTag::Unnecessary),
            deprecated_tag: tags.contains(&DiagnosticTag::Deprecated),
            code_description: diagnostics.iter().any(|it| yes(it.code_description_support)),
            code_action_literals: actions.code_action_literal_support.is_some(),
            code_action_resolve_edit: yes(actions.data_support) && resolved.iter().any(|property| property == "edit"),
            code_action_preferred: yes(actions.is_preferred_support),
            code_action_disabled: yes(actions.disabled_support),
            definition_links: yes(text_document.definition.unwrap_or_default().link_support),
            link_tooltips: yes(text_document.document_link.unwrap_or_default().tooltip_support),
            prepare_rename: yes(text_document.rename.unwrap_or_default().prepare_support),
            fold_limit: folds.range_limit,
            fold_regions: fold_kinds.contains(&FoldingRangeKind::Region),
            fold_texts: yes(folds.folding_range.unwrap_or_default().collapsed_text),
            hierarchical_symbols: yes(symbols.hierarchical_document_symbol_support),
            document_changes: yes(edit.document_changes),
            confirms_edits: edit.change_annotation_support.is_some() && yes(edit.document_changes),
            create_files: edit.resource_operations.is_some_and(|it| it.contains(&ResourceOperationKind::Create)),
            will_rename: yes(workspace.file_operations.unwrap_or_default().will_rename),
            apply_edit: yes(workspace.apply_edit),
            work_done_progress: yes(capabilities.window.unwrap_or_default().work_done_progress),
            register_watched_files: yes(files.dynamic_registration),
            inlay_hints: text_document.inlay_hint.is_some(),
            inlay_hint_refresh: yes(workspace.inlay_hint.unwrap_or_default().refresh_support),
            code_lens: text_document.code_lens.is_some() && shows_summary,
            code_lens_refresh: yes(workspace.code_lens.unwrap_or_default().refresh_support),
            tokens_of_range: tokens.range.is_some_and(|range| range != of_range),
            tokens_of_file,
            tokens_delta,
        }
    }

    /// Whether the client can change the files that accept a finding.
    pub fn can_accept(&self) -> bool {
        self.apply_edit && self.document_changes && self.create_files
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::lsp::session::{offered, repair};
    use crate::lsp::transport::request_of;
    use serde_json::json;

    /// The `initialize` parameters of real editors.
    fn recorded() -> Vec<(String, ClientCapabilities)> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/clients");
        let read = |entry: std::io::Result<std::fs::DirEntry>| {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let params = serde_json::from_str(&text).unwrap_or_else(|error| {
                panic!("{}: {error}", path.display());
            });
            let repaired = repair(request_of("initialize".to_owned(), None, Some(params)));
            let params = serde_json::from_value(repaired.params().cloned().unwrap()).unwrap();
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), ClientCapabilities::new(&params))
        };
        std::fs::read_dir(folder).unwrap().map(read).collect()
    }

    pub fn named(name: &str) -> ClientCapabilities {
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
    fn capabilities_are_read_from_what_a_client_sends() {
        let code = named("vscode-1.139.1");
        assert!(code.snippets && code.hover_markdown && code.completion_markdown);
        assert!(code.code_action_resolve_edit && code.code_action_preferred);
        assert!(code.unnecessary_tag && code.deprecated_tag && code.code_description);
        assert!(code.related_information && code.document_changes && code.work_done_progress);
        assert!(code.definition_links && code.link_tooltips && code.prepare_rename);
        let vim = named("vim-9.0-ale-3.3.0");
        assert!(vim.related_information);
        assert!(!vim.snippets && !vim.hover_markdown && !vim.code_action_resolve_edit);
        assert!(!vim.document_changes && !vim.prepare_rename && !vim.definition_links);
        assert!(code.hierarchical_symbols && code.fold_regions && !code.fold_texts);
        assert_eq!(code.fold_limit, Some(5_000));
        let neovim = named("nvim-0.12.4");
        assert!(neovim.fold_texts && neovim.fold_limit.is_none());
        assert!(!vim.hierarchical_symbols && !vim.fold_regions);
        assert!(code.pull_diagnostics && code.diagnostic_refresh && !code.related_documents);
        let helix = named("helix-25.07.1");
        assert!(helix.pull_diagnostics && helix.diagnostic_refresh && helix.related_documents);
        assert!(code.inlay_hints && code.inlay_hint_refresh && code.code_lens_refresh && !code.code_lens);
        assert!(code.tokens_of_range && code.tokens_of_file && code.tokens_delta);
        assert!(!named("nvim-0.11.4").tokens_of_range && named("nvim-0.11.4").tokens_of_file);
        assert!(code.pull_workspace && helix.pull_workspace);
        let neovim = named("nvim-0.12.4");
        assert!(neovim.pull_diagnostics && neovim.related_documents && !neovim.pull_workspace);
        assert!(!named("nvim-0.11.4").pull_diagnostics && !named("nvim-0.10.4").pull_diagnostics);
        let vim = named("vim-9.0-ale-3.3.0");
        assert!(vim.related_information);
        assert!(!vim.snippets && !vim.hover_markdown && !vim.code_action_resolve_edit);
        assert!(!vim.document_changes && !vim.pull_diagnostics);
    }

    #[test]
    fn a_client_that_mentions_nothing_supports_nothing() {
        let params = serde_json::from_value(json!({"capabilities": {}})).unwrap();
        assert_eq!(ClientCapabilities::new(&params), ClientCapabilities::default());
        let offered = serde_json::to_value(offered::answer(&ClientCapabilities::default()).capabilities).unwrap();
        assert_eq!(offered["positionEncoding"], "utf-16");
        assert_eq!(offered["codeActionProvider"], true);
        assert_eq!(offered["renameProvider"], true);
        assert!(offered.get("workspace").is_none());
    }

    #[test]
    fn the_encoding_is_the_first_that_both_know() {
        for (offered, chosen) in [
            (json!([]), Encoding::Utf16),
            (json!(["utf-7"]), Encoding::Utf16),
            (json!(["utf-7", "utf-32", "utf-8"]), Encoding::Utf32),
        ] {
            let general = json!({"general": {"positionEncodings": offered}});
            let params = serde_json::from_value(json!({"capabilities": general})).unwrap();
            assert_eq!(ClientCapabilities::new(&params).encoding, chosen);
        }
    }
}
