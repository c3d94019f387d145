//! The client: its capabilities, and the messages to it.

use super::capabilities::ClientCapabilities;
use super::convert;
use super::diagnostics::{Encoded, Publication};
use super::listener::{Listener, Progress, Refresh};
use super::pages::Pages;
use super::work_done::Tell;
use crate::analysis::Listed;
use crate::disk::FileText;
use crate::json::Span;
use crate::rules::{Severity, Tag};
use crate::settings::{baseline, sources, toml};
use crate::text::Encoding;
use lsp_types::{
    Code, CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    Position, ProgressToken, Range, Uri,
};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// The files whose changes on disk affect open documents.
const WATCHED: [&str; 4] = ["*.{jsonl,ndjson}", toml::FILE_NAME, baseline::FILE_NAME, sources::FILE_NAME];

pub struct Client {
    capabilities: ClientCapabilities,
    pages: Pages,
    listener: Box<dyn Listener>,
    /// The names of baselines that the client also watches.
    baselines: BTreeSet<String>,
    /// Whether a panic of a rule was told.
    told_of_bug: bool,
}

impl Client {
    pub fn new(listener: Box<dyn Listener>) -> Self {
        let (capabilities, pages) = (ClientCapabilities::default(), Pages::default());
        Self { capabilities, pages, listener, baselines: BTreeSet::new(), told_of_bug: false }
    }

    pub fn set_capabilities(&mut self, capabilities: ClientCapabilities) {
        self.capabilities = capabilities;
    }

    pub fn capabilities(&self) -> &ClientCapabilities {
        &self.capabilities
    }

    pub fn encoding(&self) -> Encoding {
        self.capabilities.encoding
    }

    /// The page of a rule, if it can be written.
    pub fn page(&mut self, code: &'static str) -> Option<Uri> {
        self.pages.uri(code)
    }

    /// The diagnostic of a finding. `place` converts a byte of the record that starts at a line.
    pub fn diagnostic(
        &mut self,
        uri: &Uri,
        listed: &Listed,
        place: &impl Fn(usize, usize) -> Position,
    ) -> Arc<Encoded> {
        let code = listed.finding.rule.code;
        let page = if self.capabilities.code_description { self.pages.uri(code) } else { None };
        let client = &self.capabilities;
        let (line, finding) = (listed.line, &listed.finding);
        let range = |span: Span| Range { start: place(line, span.start()), end: place(line, span.end()) };
        let mut message = finding.message.clone();
        let mut related = Vec::new();
        for other in &finding.related {
            let elsewhere = other.file.as_ref().and_then(|file| file.location.parse::<Uri>().ok());
            let place = match other.line {
                None => range(other.span),
                Some(line) => {
                    // Only the line number in another file is known.
                    let far = || Position { line: u32::try_from(line).unwrap_or(u32::MAX), character: 0 };
                    let start = if other.file.is_some() { far() } else { place(line, 0) };
                    Range { start, end: start }
                }
            };
            if client.related_information {
                let location = Location { uri: elsewhere.unwrap_or_else(|| uri.clone()), range: place };
                related.push(DiagnosticRelatedInformation { location, message: other.message.clone() });
            } else if related.is_empty() && other.line.is_some() && other.file.is_none() {
                message.push_str(&format!(" (line {}: {})", place.start.line + 1, other.message));
            }
        }
        let tag = match finding.tag {
            Some(Tag::Unnecessary) if client.unnecessary_tag => Some(DiagnosticTag::Unnecessary),
            Some(Tag::Deprecated) if client.deprecated_tag => Some(DiagnosticTag::Deprecated),
            _ => None,
        };
        Arc::new(Encoded::new(Diagnostic {
            range: range(finding.span),
            severity: Some(match finding.severity {
                Severity::Error => DiagnosticSeverity::Error,
                Severity::Warning => DiagnosticSeverity::Warning,
                Severity::Information => DiagnosticSeverity::Information,
                Severity::Hint => DiagnosticSeverity::Hint,
            }),
            code: Some(Code::String(code.to_owned())),
            code_description: page.map(|href| CodeDescription { href }),
            source: Some("tuning-ls".to_owned()),
            message: message.into(),
            tags: tag.map(|tag| vec![tag]),
            related_information: (!related.is_empty()).then_some(related),
            data: None,
        }))
    }

    /// The diagnostics of a file that isn't open.
    pub fn diagnostics_on_disk(&mut self, uri: &Uri, source: &FileText, listed: &[Listed]) -> Vec<Arc<Encoded>> {
        let encoding = self.encoding();
        let place = |line, byte| convert::place_on_disk(source, line, byte, encoding);
        listed.iter().map(|listed| self.diagnostic(uri, listed, &place)).collect()
    }

    /// Replaces the diagnostics of a file, unless the client pulls them. `version` is the version of an open document.
    pub fn publish(&self, uri: Uri, version: Option<i32>, diagnostics: Vec<Arc<Encoded>>) {
        if !self.capabilities.pull_diagnostics {
            self.push(uri, version, diagnostics);
        }
    }

    /// Replaces the diagnostics of a file that the client can't pull.
    pub fn push(&self, uri: Uri, version: Option<i32>, diagnostics: Vec<Arc<Encoded>>) {
        self.listener.publish(Publication { uri, version, diagnostics });
    }

    /// Removes the diagnostics of a file.
    pub fn clear(&self, uri: Uri) {
        self.publish(uri, None, Vec::new());
    }

    /// Sends a notification of our own.
    pub fn notify(&self, method: &str, params: serde_json::Value) {
        self.listener.notify(method, params);
    }

    /// Asks the client to request these again, if it supports that.
    pub fn refresh(&self, what: Refresh) {
        let supported = match what {
            Refresh::Diagnostics => self.capabilities.diagnostic_refresh,
            Refresh::InlayHints => self.capabilities.inlay_hint_refresh,
            Refresh::CodeLenses => self.capabilities.code_lens_refresh,
        };
        if supported {
            self.listener.refresh(what);
        }
    }

    /// Tells once in a session that a rule panicked on the record at this 0-based line. The log has all of them.
    pub fn tell_of_bug(&mut self, uri: &Uri, line: usize) {
        if !std::mem::replace(&mut self.told_of_bug, true) {
            let (name, line) = (convert::name_of(uri), line + 1);
            self.warn(&format!(
                "Line {line} of {name} can't be checked because of a bug in tuning-ls. The other lines are checked.                  Please report it."
            ));
        }
    }

    pub fn warn(&self, message: &str) {
        self.listener.notify("window/showMessage", serde_json::json!({ "type": 2, "message": message }));
    }

    /// Asks for notifications of changed files, if the client supports that.
    pub fn watch_files(&self) {
        if self.capabilities.register_watched_files {
            self.listener.watch("watched-files", &WATCHED.map(|name| format!("**/{name}")), false);
        }
    }

    /// Asks for notifications of changes to baselines with other names, instead of those that were watched so far.
    pub fn watch_baselines<'a>(&mut self, files: impl Iterator<Item = &'a Path>) {
        let names = files.filter_map(|path| path.file_name()?.to_str());
        let names: BTreeSet<String> = names.filter(|name| *name != baseline::FILE_NAME).map(str::to_owned).collect();
        if self.capabilities.register_watched_files && names != self.baselines {
            let patterns: Vec<_> = names.iter().map(|name| format!("**/{name}")).collect();
            self.listener.watch("watched-baselines", &patterns, !self.baselines.is_empty());
            self.baselines = names;
        }
    }

    /// Sends notifications from any thread.
    pub fn teller(&self) -> Tell {
        self.listener.teller()
    }

    /// Shows progress, if the client supports it. Each `number` may be used once.
    pub fn progress(&self, number: u64, title: String) -> Option<Progress> {
        if self.capabilities.work_done_progress { self.listener.progress(token(number), title, false) } else { None }
    }

    /// The same for work that the user may cancel, with the token that the cancellation names.
    pub fn cancellable_progress(&self, number: u64, title: String) -> Option<(Progress, ProgressToken)> {
        let token = token(number);
        let shows = self.capabilities.work_done_progress;
        let progress = if shows { self.listener.progress(token.clone(), title, true) } else { None };
        Some((progress?, ProgressToken::String(token)))
    }
}

fn token(number: u64) -> String {
    format!("tuning-ls-{number}")
}
