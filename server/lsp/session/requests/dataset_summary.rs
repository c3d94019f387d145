//! `tuning-ls/datasetSummary`

use crate::ide::summary::Summary;
use crate::lsp::session::message::Reply;
use crate::lsp::session::state::State;
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
    /// Whether it is a tuning file.
    pub tuning: bool,
    /// How many examples the job would see.
    pub examples: u32,
    /// The value that the examples are to have by the name of its field, or null; nothing where the format has no
    /// such field.
    #[serde(flatten)]
    pub shared: BTreeMap<&'static str, Option<&'static str>>,
    /// Whether they set different ones.
    pub mixed: bool,
    /// How many examples would be dropped.
    pub dropped: u32,
    /// Whether the job fails because of it.
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

#[derive(Debug, Serialize)]
pub struct FindingCounts {
    pub error: u32,
    pub warning: u32,
    pub information: u32,
    pub hint: u32,
}

/// Answers with the figures of an open document as it is now; `None` when it is not open.
pub fn answer(state: &mut State, params: FileParams, reply: Reply<Option<DatasetSummary>>) {
    reply.send(Ok(summary(state, &params.uri)));
}

fn summary(state: &mut State, uri: &Uri) -> Option<DatasetSummary> {
    let open = state.documents.get_mut(uri)?;
    open.settle();
    let mut described = described(&open.summary(), &name_of(uri));
    if let Some(dataset) = open.path().and_then(|path| state.datasets.of(path)) {
        let text = dataset.described();
        let _ = write!(described.markdown, "\nDataset: {text}.\n");
        described.dataset = Some(text);
    }
    Some(described)
}

/// The figures as the client gets them; `name` is the file's.
pub fn described(summary: &Summary, name: &str) -> DatasetSummary {
    let [error, warning, information, hint] = summary.findings;
    DatasetSummary {
        tuning: summary.tuning,
        examples: summary.examples,
        shared: summary.shared.iter().map(|(field, value)| (field.name, value.map(|it| field.name(it)))).collect(),
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
pub fn name_of(uri: &Uri) -> String {
    let path = uri.to_file_path().ok();
    let name = path.as_ref().and_then(|path| path.file_name()).map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| uri.path().rsplit('/').next().unwrap_or_default().to_owned())
}
