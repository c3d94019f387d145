//! `tuning-ls/datasetSummary`

use crate::ide::summary::Summary;
use crate::lsp::session::convert;
use crate::lsp::session::message::Reply;
use crate::lsp::session::state::State;
use crate::rules::Severity;
use lsp_types::Uri;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A file or an open document.
#[derive(Debug, Serialize, Deserialize)]
pub struct FileParams {
    pub uri: Uri,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DatasetSummary {
    pub tuning: bool,
    pub examples: u32,
    /// The expected shared value, or null, under the name of its field. Absent if the format has no such field.
    #[serde(flatten)]
    pub shared: BTreeMap<&'static str, Option<&'static str>>,
    /// Whether examples set different values.
    pub mixed: bool,
    pub dropped: u32,
    pub fails: bool,
    /// By severity, including those not shown.
    pub findings: BTreeMap<String, u32>,
    /// One line, such as `982 examples, LOW, 0.4% would be dropped`.
    pub headline: String,
    /// The figures for a status bar, such as `982 examples · 3 errors · LOW`, or null for a file that isn't for tuning.
    pub status: Option<String>,
    /// The files of the dataset and how they were found, or null for a single file.
    pub dataset: Option<String>,
    /// The findings in words, such as `3 errors, 1 hint`.
    pub findings_text: String,
    /// All of this as a page in Markdown.
    pub markdown: String,
}

/// Answers with the current figures of an open document; `None` if it isn't open.
pub fn answer(state: &mut State, params: FileParams, reply: Reply<Option<DatasetSummary>>) {
    reply.send(Ok(summary(state, &params.uri)));
}

fn summary(state: &mut State, uri: &Uri) -> Option<DatasetSummary> {
    let open = state.documents.get_mut(uri)?;
    open.settle();
    let mut described = described(&open.summary(), &convert::name_of(uri));
    if let Some(dataset) = open.path().and_then(|path| state.datasets.of(path)) {
        let text = dataset.described();
        let _ = write!(described.markdown, "\nDataset: {text}.\n");
        described.dataset = Some(text);
    }
    Some(described)
}

/// The figures in the form that the client gets. `name` is the name of the file.
pub fn described(summary: &Summary, name: &str) -> DatasetSummary {
    let findings = Severity::ALL.into_iter().zip(summary.findings);
    DatasetSummary {
        tuning: summary.tuning,
        examples: summary.examples,
        shared: summary.shared.iter().map(|(field, value)| (field.name, value.map(|it| field.name(it)))).collect(),
        mixed: summary.is_mixed(),
        dropped: summary.dropped,
        fails: summary.fails,
        findings: findings.map(|(severity, count)| (severity.to_string(), count)).collect(),
        headline: summary.headline(),
        status: summary.status(),
        dataset: None,
        findings_text: summary.findings_text(),
        markdown: summary.markdown(name),
    }
}
