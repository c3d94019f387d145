//! Answers pull requests once the findings have settled, and asks the client to pull again when findings changed for another
//! reason than an edit of their own file.

use super::client::Client;
use super::convert;
use super::diagnostics::{Shown, id_of};
use super::document::OpenDocument;
use super::listener::Refresh;
use super::state::State;
use super::waiting::Pull;
use lsp_types::*;
use serde_json::json;
use std::collections::{HashMap, HashSet};
use tower_lsp::jsonrpc::{Error, ErrorCode};

/// The most other files in the answer for one file. The client gets the others when it pulls again.
const MAX_RELATED: usize = 100;

/// A part of an answer has about this many diagnostics and files.
const PART: usize = 1_000;

/// Answers the requests whose findings have settled, or asks the client to pull again; false when there is nothing to do.
/// No record may be pending and nothing due.
pub fn turn(state: &mut State) -> bool {
    let State { waiting, documents, datasets, client, .. } = state;
    let refreshes = client.capabilities().diagnostic_refresh;
    let settled = |open: &OpenDocument| {
        open.path().is_none_or(|path| datasets.is_complete(path)) || (refreshes && open.published().was_told())
    };
    let ready = waiting.take(|pull| match pull {
        Pull::Document { uri, .. } => documents.get(uri).map_or_else(|| datasets.is_idle(), settled),
        Pull::Workspace { .. } => datasets.is_idle(),
    });
    if ready.is_empty() {
        return refresh(state);
    }
    for pull in ready {
        match pull {
            Pull::Document { uri, previous, reply } => reply.send(document(state, &uri, previous.as_deref())),
            Pull::Workspace { previous, token, reply } => reply.send(Ok(workspace(state, previous, token))),
        }
    }
    true
}

/// Asks the client to pull again if it doesn't know that findings have changed. Waits for the answers to what it asked.
fn refresh(state: &mut State) -> bool {
    let capabilities = state.client.capabilities();
    if !state.waiting.is_empty() || !capabilities.pull_diagnostics || !capabilities.diagnostic_refresh {
        return false;
    }
    let of_open = state.documents.values_mut().map(|open| open.published_mut().shown());
    let mut changed = of_open.filter_map(Shown::take_unasked).count() > 0;
    // Many files may be read one after another.
    if state.datasets.is_idle() {
        let of_closed = state.datasets.closed().chain(state.settings_files.shown());
        changed |= of_closed.filter_map(|(_, shown)| shown.take_unasked()).count() > 0;
        changed |= state.datasets.take_unasked_withdrawal().is_some();
    }
    if changed {
        state.client.refresh(Refresh::Diagnostics);
    }
    changed
}

fn document(state: &mut State, uri: &Uri, previous: Option<&str>) -> Result<DocumentDiagnosticReport, Error> {
    let related = if state.client.capabilities().related_documents { related(state, uri) } else { HashMap::new() };
    let related = (!related.is_empty()).then_some(related);
    let mut none = Shown::default();
    let shown = match state.documents.get_mut(uri) {
        Some(open) => open.published_mut().shown(),
        None => {
            let closed = state.datasets.closed().chain(state.settings_files.shown());
            let uri = convert::normal(uri);
            let mut of_uri = closed.filter(|(path, _)| Uri::from_file_path(path).as_ref() == Ok(&uri));
            of_uri.next().map_or(&mut none, |(_, shown)| shown)
        }
    };
    shown.tell();
    let result_id = shown.id().to_string();
    // Neovim ignores related documents in a report that says that nothing has changed.
    Ok(if previous == Some(result_id.as_str()) && related.is_none() {
        let unchanged_document_diagnostic_report = UnchangedDocumentDiagnosticReport { result_id };
        RelatedUnchangedDocumentDiagnosticReport { related_documents: None, unchanged_document_diagnostic_report }
            .into()
    } else {
        let full_document_diagnostic_report = full(shown);
        RelatedFullDocumentDiagnosticReport { related_documents: related, full_document_diagnostic_report }.into()
    })
}

/// The diagnostics of other files that the client doesn't have: of open files of the same dataset, of files that aren't
/// open, and of settings files.
fn related(state: &mut State, uri: &Uri) -> HashMap<Uri, RelatedDocument> {
    let State { documents, datasets, settings_files, .. } = state;
    let mut related = HashMap::new();
    let open: HashSet<Uri> = documents.keys().map(convert::normal).collect();
    let withdrawn = datasets.take_withdrawn().into_iter().filter(|gone| !open.contains(gone));
    related.extend(withdrawn.map(|gone| (gone, full(&mut Shown::default()).into())));
    let dataset = documents.get(uri).and_then(OpenDocument::path).and_then(|path| datasets.of(path)).cloned();
    let of_dataset = documents.iter_mut().filter(|(other, open)| {
        let role = |path| dataset.as_ref().and_then(|dataset| dataset.role(path));
        *other != uri && open.path().and_then(role).is_some()
    });
    // The client pulls an open file by itself for the first time.
    let of_open = of_dataset.map(|(other, open)| (other.clone(), open.published_mut().shown()));
    let of_open = of_open.filter(|(_, shown)| shown.was_told());
    let of_closed = datasets.closed().chain(settings_files.shown());
    let of_closed = of_closed.filter_map(|(path, shown)| Some((Uri::from_file_path(path).ok()?, shown)));
    let of_closed = of_closed.filter(|(other, _)| *other != convert::normal(uri));
    let stale = of_open.chain(of_closed).filter_map(|(other, shown)| shown.is_stale().then_some((other, shown)));
    for (other, shown) in stale.take(MAX_RELATED) {
        shown.tell();
        related.insert(other, full(shown).into());
    }
    related
}

fn full(shown: &mut Shown) -> FullDocumentDiagnosticReport {
    let items = shown.diagnostics().iter().map(|encoded| Diagnostic::clone(encoded)).collect();
    FullDocumentDiagnosticReport { result_id: Some(shown.id().to_string()), items }
}

fn workspace(
    state: &mut State,
    previous: HashMap<Uri, String>,
    token: Option<ProgressToken>,
) -> WorkspaceDiagnosticReport {
    let State { documents, datasets, settings_files, client, .. } = state;
    let previous = previous.into_iter().map(|(uri, id)| (convert::normal(&uri), (uri, id))).collect();
    let open: HashSet<Uri> = documents.keys().map(convert::normal).collect();
    let mut answer = Answer { previous, token, client, part: Vec::new(), size: 0 };
    for (uri, open) in documents.iter_mut().filter(|(_, open)| open.published().is_judged()) {
        let version = open.document().version();
        // Clients ignore this for a document that they pull by itself, so it doesn't count as told.
        answer.add(uri.clone(), Some(version), open.published_mut().shown());
    }
    for (path, shown) in datasets.closed().chain(settings_files.shown()) {
        let Ok(uri) = Uri::from_file_path(path) else { continue };
        if !open.contains(&uri) {
            shown.tell();
            answer.add(uri, None, shown);
        }
    }
    datasets.take_withdrawn();
    answer.finish()
}

/// The answer for all files, which a client with a token gets in parts.
struct Answer<'a> {
    /// The results of files that are not in the answer yet, with the client's URIs, by ours.
    previous: HashMap<Uri, (Uri, String)>,
    token: Option<ProgressToken>,
    client: &'a Client,
    part: Vec<WorkspaceDocumentDiagnosticReport>,
    size: usize,
}

impl Answer<'_> {
    fn add(&mut self, uri: Uri, version: Option<i32>, shown: &mut Shown) {
        let result_id = shown.id().to_string();
        self.size += 1;
        let previous = self.previous.remove(&convert::normal(&uri));
        let (uri, previous) = previous.map_or((uri, None), |(theirs, id)| (theirs, Some(id)));
        self.part.push(if previous.as_ref() == Some(&result_id) {
            let unchanged_document_diagnostic_report = UnchangedDocumentDiagnosticReport { result_id };
            WorkspaceUnchangedDocumentDiagnosticReport { uri, version, unchanged_document_diagnostic_report }.into()
        } else {
            self.size += shown.diagnostics().len();
            let full_document_diagnostic_report = full(shown);
            WorkspaceFullDocumentDiagnosticReport { uri, version, full_document_diagnostic_report }.into()
        });
        if self.size >= PART {
            self.send();
        }
    }

    /// Sends the reports so far, if the client takes parts.
    fn send(&mut self) {
        if let Some(token) = &self.token
            && !self.part.is_empty()
        {
            let items = std::mem::take(&mut self.part);
            self.client.notify("$/progress", json!({ "token": token, "value": { "items": items } }));
            self.size = 0;
        }
    }

    /// Adds the files that had diagnostics and are gone.
    fn finish(mut self) -> WorkspaceDiagnosticReport {
        let none = id_of(0, &[]).to_string();
        let mut gone = std::mem::take(&mut self.previous);
        gone.retain(|_, (_, id)| *id != none);
        for (uri, _) in gone.into_values() {
            self.add(uri, None, &mut Shown::default());
        }
        self.send();
        WorkspaceDiagnosticReport { items: self.part }
    }
}

/// Answers the requests for a document that was closed.
pub fn closed(state: &mut State, uri: &Uri) {
    for pull in state.waiting.take(|pull| matches!(pull, Pull::Document { uri: of, .. } if of == uri)) {
        if let Pull::Document { reply, .. } = pull {
            // `ServerCancelled` of protocol 3.17. The client must not try again.
            let data = serde_json::to_value(DiagnosticServerCancellationData { retrigger_request: false }).ok();
            reply.send(Err(Error {
                code: ErrorCode::ServerError(-32802),
                message: "the document was closed".into(),
                data,
            }));
        }
    }
}
