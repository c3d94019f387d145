//! `tuning-ls/checkFromDisk`

use super::dataset_summary::{self, DatasetSummary, FileParams, described};
use crate::disk::paths::real;
use crate::disk::{Checker, FileText, Reading};
use crate::ide::summary::Summary;
use crate::lsp::session::convert;
use crate::lsp::session::message::Reply;
use crate::lsp::session::state::State;
use lsp_types::Uri;
use std::path::Path;
use tower_lsp::jsonrpc::{Error, ErrorCode};

/// Publishes the diagnostics of a file on disk, for files that an editor shows but doesn't send. An open document is never
/// read from disk.
pub fn answer(state: &mut State, params: FileParams, reply: Reply<Option<DatasetSummary>>) {
    let uri = params.uri;
    if state.documents.contains_key(&uri) {
        return dataset_summary::answer(state, FileParams { uri }, reply);
    }
    let Ok(path) = uri.to_file_path() else {
        return reply.send(Err(failed(format!("{uri} is not a file on this machine"))));
    };
    let path = real(&path);
    let scope = state.workspace.scope();
    let bytes = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
    let progress = state.progress(bytes, || format!("Checking {}", convert::name_of(&uri)));
    let work = move || {
        let _progress = progress;
        if reply.is_cancelled() {
            return None;
        }
        // Reading anything else, such as a pipe, might never end.
        let is_file = std::fs::metadata(&path).and_then(|metadata| {
            if metadata.is_file() { Ok(()) } else { Err(std::io::Error::other("not a regular file")) }
        });
        let mut projects = scope.projects();
        let (settings, dataset) = (projects.settings_of(&path), projects.dataset_of(&path));
        let checked = is_file.and_then(|()| FileText::open(&path, &Reading::TO_READ)).and_then(|source| {
            let settings_of = |other: &Path| projects.settings_of(other);
            let mut checker = Checker::new(convert::location);
            let checked = checker.check(&path, &source, &settings, dataset, settings_of, settings.max_diagnostics);
            // A large file is read while it is analyzed.
            match source.problem() {
                Some(problem) => Err(std::io::Error::new(problem.kind(), problem.to_string())),
                None => Ok((source, checked)),
            }
        });
        Some((checked.map_err(|error| failed(format!("{}: {error}", path.display()))), reply))
    };
    state.work(work, move |state, done| {
        let Some((checked, reply)) = done else { return };
        reply.send(checked.map(|(source, checked)| {
            let summary = described(&Summary::new(&checked.lines, &checked.verdict), &convert::name_of(&uri));
            // The editor may have opened it meanwhile. Clients don't pull files that they don't send, so its diagnostics are
            // pushed, unless they are among those of the workspace.
            let pulled = state.client.capabilities().pull_diagnostics
                && state.datasets.closed().any(|(path, _)| Uri::from_file_path(path) == Ok(convert::normal(&uri)));
            if !pulled && !state.documents.contains_key(&uri) {
                let diagnostics = state.client.diagnostics_on_disk(&uri, &source, &checked.listed);
                state.client.push(uri, None, diagnostics);
            }
            Some(summary)
        }));
    });
}

/// `RequestFailed` of protocol 3.17: the request was valid but couldn't be done.
fn failed(message: String) -> Error {
    Error { code: ErrorCode::ServerError(-32803), message: message.into(), data: None }
}
