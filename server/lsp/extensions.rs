//! Methods beyond the protocol, all of them requests that begin with `tuning-ls/`. A client that does
//! not know them loses nothing but what they are for.
//!
//! | method | parameters | answer |
//! |---|---|---|
//! | `tuning-ls/checkFromDisk` | [`FileParams`] | [`DatasetSummary`], once the diagnostics are out |
//! | `tuning-ls/datasetSummary` | [`FileParams`] | [`DatasetSummary`], or null for what is not open |
//! | `tuning-ls/rules` | none | a [`RuleDescription`] for each rule |

use super::backend::Backend;
use super::datasets;
use super::message::Reply;
use super::publish::{self, Publication};
use super::session::Session;
use crate::disk::check::place_in_record;
use crate::disk::config::{Projects, real};
use crate::disk::{Beside, Checked, FileText, Reading};
use crate::ide::summary::Summary;
use crate::rules;
use crate::text::{Encoding, position};
use lsp_types::{Position, Uri};
use serde::{Deserialize, Serialize};
use std::fmt::Write;
use std::path::Path;
use tower_lsp::jsonrpc::{Error, ErrorCode};
use tower_lsp::{ClientSocket, LspService, LspServiceBuilder};

/// A file or an open document.
#[derive(Debug, Serialize, Deserialize)]
pub struct FileParams {
    /// Which.
    pub uri: Uri,
}

/// The figures of a dataset.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DatasetSummary {
    /// Whether it is a tuning file.
    pub tuning: bool,
    /// How many examples the job would see.
    pub examples: u32,
    /// The name of the resolution that the examples are to have, or null.
    pub media_resolution: Option<&'static str>,
    /// Whether they set different ones.
    pub mixed: bool,
    /// How many examples would be dropped.
    pub dropped: u32,
    /// Whether the job fails because they are over 10 %.
    pub fails: bool,
    /// How many findings there are, shown or not.
    pub findings: FindingCounts,
    /// One line, such as `982 examples, LOW, 0.4 % would be dropped`.
    pub headline: String,
    /// Which files belong to the dataset and how that was decided, or null where it is one file.
    pub dataset: Option<String>,
    /// The findings in words, such as `3 errors, 1 hint`.
    pub findings_text: String,
    /// All of it as a page in Markdown.
    pub markdown: String,
}

/// Findings by severity.
#[derive(Debug, Serialize)]
pub struct FindingCounts {
    /// Errors.
    pub error: u32,
    /// Warnings.
    pub warning: u32,
    /// Findings that are information.
    pub information: u32,
    /// Hints.
    pub hint: u32,
}

/// A rule, for a list to choose from.
#[derive(Debug, Serialize)]
pub struct RuleDescription {
    /// Its code.
    pub code: &'static str,
    /// The family it belongs to.
    pub family: &'static str,
    /// What it fires on.
    pub summary: &'static str,
    /// The `file:` URI of its page, as in the `codeDescription` of a diagnostic; null when there is no
    /// place to write it to.
    pub page: Option<Uri>,
}

/// The service with these methods.
pub(super) fn with_methods(service: LspServiceBuilder<Backend>) -> (LspService<Backend>, ClientSocket) {
    service
        .custom_method("tuning-ls/checkFromDisk", Backend::check_from_disk)
        .custom_method("tuning-ls/datasetSummary", Backend::dataset_summary)
        .custom_method("tuning-ls/rules", Backend::rules)
        .finish()
}

/// Publishes what is wrong with a file as it is on disk: for files that an editor shows and does not send.
/// An open document is never read from disk; its text is what the editor has.
pub(super) fn check_from_disk(session: &mut Session, uri: Uri, reply: Reply<Option<DatasetSummary>>) {
    if session.documents.contains_key(&uri) {
        let summary = dataset_summary(session, &uri);
        let _ = reply.send(Ok(summary));
        return;
    }
    let Ok(path) = uri.to_file_path() else {
        let _ = reply.send(Err(failed(format!("{uri} is no file on this machine"))));
        return;
    };
    let path = real(&path);
    let (client, folder) = (session.configuration.clone(), session.folders.first().cloned());
    let name = name_of(&uri);
    let work = move || {
        if reply.is_closed() {
            return None;
        }
        // Anything else, such as a pipe, might never end.
        let is_file = std::fs::metadata(&path).and_then(|metadata| {
            if metadata.is_file() { Ok(()) } else { Err(std::io::Error::other("it is no regular file")) }
        });
        let mut projects = Projects::new(client, folder.as_deref());
        let (settings, dataset) = (projects.settings_of(&path), projects.dataset_of(&path));
        let checked = is_file.and_then(|()| FileText::open(&path, &Reading::TO_LOOK)).and_then(|source| {
            let settings_of = |other: &Path| projects.settings_of(other);
            let mut beside = Beside::new(datasets::located);
            let checked = beside.check(&path, &source, &settings, dataset, settings_of, settings.max_diagnostics);
            // A large file is read only when it is looked at.
            match source.problem() {
                Some(problem) => Err(std::io::Error::new(problem.kind(), problem.to_string())),
                None => Ok((source, checked)),
            }
        });
        Some((checked.map_err(|error| failed(format!("{}: {error}", path.display()))), reply))
    };
    session.worker.give(work, move |session, done| {
        let Some((checked, reply)) = done else { return };
        let answer = checked.map(|(source, checked)| {
            let summary = described(&Summary::new(&checked.lines, &checked.verdict), &name);
            // The editor has opened it meanwhile.
            if !session.documents.contains_key(&uri) {
                publish_from_disk(session, uri, &source, checked);
            }
            Some(summary)
        });
        let _ = reply.send(answer);
    });
}

fn publish_from_disk(session: &mut Session, uri: Uri, source: &FileText, checked: Checked) {
    let Session { client, pages, listener, .. } = session;
    let place = |line, byte| place_on_disk(source, line, byte, client.encoding);
    let listed = checked.listed.into_iter();
    let diagnostics = listed.map(|listed| publish::diagnostic(&uri, client, pages, &listed, &place)).collect();
    listener.publish(Publication { uri, version: None, diagnostics });
}

pub(super) fn place_on_disk(source: &FileText, first: usize, byte: usize, encoding: Encoding) -> Position {
    use crate::analysis::Source;
    let (line, byte) = place_in_record(source, first, byte);
    let mut buffer = String::new();
    let text = source.line(line, &mut buffer);
    // An editor hides a byte order mark.
    let mark = if line == 0 && text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let character = position::column_in_text(&text[mark..], byte.saturating_sub(mark), encoding);
    Position { line: u32::try_from(line).unwrap_or(u32::MAX), character }
}

/// The figures of an open document as it is now; `None` when it is not open.
pub(super) fn dataset_summary(session: &mut Session, uri: &Uri) -> Option<DatasetSummary> {
    session.settle(uri);
    let open = session.documents.get(uri)?;
    let verdict = open.lines.verdict(&open.document, &open.analyst);
    let mut described = described(&Summary::new(&open.lines, &verdict), &name_of(uri));
    if let Some(dataset) = open.path.as_ref().and_then(|path| session.datasets.of(path)) {
        let text = dataset.described();
        let _ = write!(described.markdown, "\nDataset: {text}.\n");
        described.dataset = Some(text);
    }
    Some(described)
}

fn described(summary: &Summary, name: &str) -> DatasetSummary {
    let [error, warning, information, hint] = summary.findings;
    DatasetSummary {
        tuning: summary.tuning,
        examples: summary.examples,
        media_resolution: summary.resolution.map(|resolution| resolution.name()),
        mixed: summary.is_mixed(),
        dropped: summary.dropped,
        fails: summary.fails,
        findings: FindingCounts { error, warning, information, hint },
        headline: summary.headline(),
        dataset: None,
        findings_text: summary.findings_text(),
        markdown: summary.markdown(name),
    }
}

/// The name of the file at the end of a URI.
fn name_of(uri: &Uri) -> String {
    let path = uri.to_file_path().ok();
    let name = path.as_ref().and_then(|path| path.file_name()).map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| uri.path().rsplit('/').next().unwrap_or_default().to_owned())
}

/// All rules, with their pages written.
pub(super) fn rules(session: &mut Session) -> Vec<RuleDescription> {
    let families = rules::FAMILIES.iter().flat_map(|family| family.rules.iter().map(|rule| (family.name, rule)));
    let described = families.map(|(family, rule)| RuleDescription {
        code: rule.code,
        family,
        summary: rule.summary,
        page: session.pages.uri(rule.code),
    });
    described.collect()
}

/// The request was in order and could not be done: `RequestFailed` of protocol 3.17.
fn failed(message: String) -> Error {
    Error { code: ErrorCode::ServerError(-32803), message: message.into(), data: None }
}
