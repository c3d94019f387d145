//! The client as the session sees it: what it can do, and the ways to tell it something.

use super::capabilities::ClientCapabilities;
use super::convert;
use super::diagnostics::{Encoded, Publication, diagnostic};
use super::listener::{Listener, Progress};
use super::pages::Pages;
use crate::analysis::Listed;
use crate::disk::FileText;
use crate::text::Encoding;
use lsp_types::{Position, Uri};
use std::sync::Arc;

/// The files whose changes on disk bear on open documents.
const WATCHED: [&str; 2] = ["**/*.{jsonl,ndjson}", "**/tuning-ls.toml"];

pub struct Client {
    capabilities: ClientCapabilities,
    pages: Pages,
    listener: Box<dyn Listener>,
}

impl Client {
    /// A client that has not introduced itself.
    pub fn new(listener: Box<dyn Listener>) -> Self {
        Self { capabilities: ClientCapabilities::default(), pages: Pages::default(), listener }
    }

    /// Takes what the client says that it can do.
    pub fn introduce(&mut self, capabilities: ClientCapabilities) {
        self.capabilities = capabilities;
    }

    pub fn capabilities(&self) -> &ClientCapabilities {
        &self.capabilities
    }

    pub fn encoding(&self) -> Encoding {
        self.capabilities.encoding
    }

    /// The page of a rule, if there is a place for it.
    pub fn page(&mut self, code: &'static str) -> Option<Uri> {
        self.pages.uri(code)
    }

    /// A finding as this client shows it; `place` gives the place of a byte of the record that begins with a line.
    pub fn diagnostic(
        &mut self,
        uri: &Uri,
        listed: &Listed,
        place: &impl Fn(usize, usize) -> Position,
    ) -> Arc<Encoded> {
        let code = listed.finding.rule.code;
        let page = if self.capabilities.code_description { self.pages.uri(code) } else { None };
        diagnostic(uri, &self.capabilities, page, listed, place)
    }

    /// The diagnostics of a file that is not open.
    pub fn diagnostics_on_disk(&mut self, uri: &Uri, source: &FileText, listed: &[Listed]) -> Vec<Arc<Encoded>> {
        let encoding = self.encoding();
        let place = |line, byte| convert::place_on_disk(source, line, byte, encoding);
        listed.iter().map(|listed| self.diagnostic(uri, listed, &place)).collect()
    }

    /// Shows these diagnostics of a file instead of those before; `version` is that of an open document.
    pub fn publish(&self, uri: Uri, version: Option<i32>, diagnostics: Vec<Arc<Encoded>>) {
        self.listener.publish(Publication { uri, version, diagnostics });
    }

    /// Shows no diagnostics of a file any more.
    pub fn clear(&self, uri: Uri) {
        self.publish(uri, None, Vec::new());
    }

    pub fn warn(&self, message: &str) {
        self.listener.notify("window/showMessage", serde_json::json!({ "type": 2, "message": message }));
    }

    /// Asks to be told of changed files, if the client can do that.
    pub fn watch_files(&self) {
        if self.capabilities.register_watched_files {
            self.listener.watch(&WATCHED);
        }
    }

    /// Shows that something takes its time, if the client can show it. No two have the same `number`.
    pub fn progress(&self, number: u64, title: String) -> Option<Progress> {
        let token = format!("tuning-ls-{number}");
        if self.capabilities.work_done_progress { self.listener.progress(token, title) } else { None }
    }
}
