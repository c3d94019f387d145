//! Edits that need whole files. The worker makes them, and they are discarded if the documents have changed meanwhile.

use super::convert::{self, FileEdits};
use super::document::OpenDocument;
use super::message::Reply;
use super::state::State;
use crate::analysis::{Analyst, Lines};
use crate::ide::edits::TextEdit;
use crate::ide::fixes::{self, File, Task};
use crate::ide::format;
use crate::rules::{Extent, Operation};
use crate::settings::Settings;
use crate::text::Document;
use lsp_types::Uri;
use std::ops::Range;
use std::path::PathBuf;
use tower_lsp::jsonrpc::Error;

/// How much text to analyze between two looks at whether the request was cancelled.
const BYTES_AT_ONCE: usize = 4 << 20;

/// What to do with a whole document.
#[derive(Clone, Debug)]
pub enum Whole {
    Format(Range<usize>),
    Tasks(Vec<Task>),
}

/// A file to edit or to search.
pub struct Source {
    pub uri: Uri,
    pub text: Text,
    pub settings: Settings,
}

/// Where the text of a file is.
pub enum Text {
    /// An open document and its revision.
    Open(Document, u64),
    Closed(PathBuf),
}

impl Source {
    fn bytes(&self) -> u64 {
        match &self.text {
            Text::Open(document, _) => document.rope().len_bytes() as u64,
            Text::Closed(path) => std::fs::metadata(path).map_or(0, |metadata| metadata.len()),
        }
    }
}

/// Has the worker make the edits: for each task, those of each file that it changes. Replies with what `answer` returns for
/// them.
pub fn find_edits<T: Send + 'static>(
    state: &mut State,
    uri: Uri,
    whole: Whole,
    reply: Reply<T>,
    answer: impl FnOnce(Vec<Vec<FileEdits>>) -> T + Send + 'static,
) {
    let Some(own) = source(state, &uri) else { return };
    let reaches = matches!(&whole, Whole::Tasks(tasks) if tasks.iter().any(reaches_the_dataset));
    let others = if reaches { others(state, &uri) } else { Vec::new() };
    let sources: Vec<_> = std::iter::once(own).chain(others).collect();
    let verb = if matches!(whole, Whole::Format(_)) { "Formatting" } else { "Changing" };
    let bytes = sources.iter().map(Source::bytes).sum();
    let progress = state.progress(bytes, || format!("{verb} {}", convert::name_of(&uri)));
    let work = move || {
        let _progress = progress;
        let edits = edits_of(&sources, &whole, &|| reply.is_cancelled())?;
        Some((edits, sources, reply))
    };
    state.work(work, move |state, done| {
        let Some((edits, sources, reply)) = done else { return };
        let same = are_current(state, &sources);
        reply.send(if same { Ok(answer(edits)) } else { Err(Error::content_modified()) });
    });
}

/// Whether none of these files was opened, edited or closed since it was taken.
pub fn are_current<'a>(state: &State, sources: impl IntoIterator<Item = &'a Source>) -> bool {
    sources.into_iter().all(|source| {
        let revision = state.documents.get(&source.uri).map(OpenDocument::revision);
        revision == if let Text::Open(_, revision) = source.text { Some(revision) } else { None }
    })
}

fn reaches_the_dataset(task: &Task) -> bool {
    matches!(task, Task::Operation { operation: Operation::SetShared { extent: Extent::Dataset, .. }, .. })
}

/// An open document.
pub fn source(state: &State, uri: &Uri) -> Option<Source> {
    let open = state.documents.get(uri)?;
    let text = Text::Open(open.document().clone(), open.revision());
    Some(Source { uri: uri.clone(), text, settings: open.settings().clone() })
}

/// The other files of the dataset of a document.
pub fn others(state: &mut State, uri: &Uri) -> Vec<Source> {
    let Some(own) = state.documents.get(uri).and_then(OpenDocument::path) else { return Vec::new() };
    let files = state.datasets.of(own).map(|dataset| dataset.files.clone()).unwrap_or_default();
    let others: Vec<_> = files.into_iter().map(|(path, _)| path).filter(|path| path != own).collect();
    others.into_iter().filter_map(|path| source_of_path(state, path)).collect()
}

/// A file that may be open.
pub fn source_of_path(state: &mut State, path: PathBuf) -> Option<Source> {
    if let Some((uri, _)) = state.document_of(&path) {
        return source(state, uri);
    }
    let uri = Uri::from_file_path(&path).ok()?;
    let settings = state.workspace.settings_of(Some(&path));
    Some(Source { uri, text: Text::Closed(path), settings })
}

/// The edits of each task; `None` if the request was cancelled.
fn edits_of(sources: &[Source], whole: &Whole, is_cancelled: &dyn Fn() -> bool) -> Option<Vec<Vec<FileEdits>>> {
    let count = if let Whole::Tasks(tasks) = whole { tasks.len() } else { 1 };
    let mut all: Vec<Vec<FileEdits>> = (0..count).map(|_| Vec::new()).collect();
    for (place, Source { uri, text, settings }) in sources.iter().enumerate() {
        let (document, open) = match text {
            Text::Open(document, _) => (document.clone(), true),
            // A file that isn't UTF-8 isn't changed.
            Text::Closed(path) => match std::fs::read_to_string(path) {
                Ok(text) => (Document::new(&text, 0), false),
                Err(error) => {
                    tracing::warn!("{}: {error}", path.display());
                    continue;
                }
            },
        };
        let wanted = |task: &Task| place == 0 || reaches_the_dataset(task);
        let edits = edits_of_document(&document, settings, whole, wanted, is_cancelled)?;
        for (all, edits) in all.iter_mut().zip(edits) {
            let file = |edits| FileEdits { uri: uri.clone(), document: document.clone(), open, edits };
            all.extend(edits.map(file));
        }
    }
    Some(all)
}

/// The edits of each `wanted` task; `None` for the others.
fn edits_of_document(
    document: &Document,
    settings: &Settings,
    whole: &Whole,
    wanted: impl Fn(&Task) -> bool,
    is_cancelled: &dyn Fn() -> bool,
) -> Option<Vec<Option<Vec<TextEdit>>>> {
    if is_cancelled() {
        return None;
    }
    let mut lines = Lines::new(document);
    let tasks = match whole {
        Whole::Format(range) => return Some(vec![Some(format::format(document, &lines, range.clone()))]),
        Whole::Tasks(tasks) => tasks,
    };
    let mut analyst = Analyst::new(settings);
    while !lines.analyze(document, &mut analyst, BYTES_AT_ONCE) {
        if is_cancelled() {
            return None;
        }
    }
    let verdict = lines.judge(document, &analyst);
    let file = File { source: document, lines: &lines, verdict: &verdict };
    Some(tasks.iter().map(|task| wanted(task).then(|| fixes::edits(&file, &mut analyst, task))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cancelled_work_ends_without_edits() {
        let document = Document::new("{'a': 1}\n", 0);
        let whole = Whole::Tasks(vec![Task::FixAll]);
        let edits = |cancelled: &dyn Fn() -> bool| {
            edits_of_document(&document, &Settings::default(), &whole, |_| true, cancelled)
        };
        assert!(edits(&|| false).is_some());
        assert!(edits(&|| true).is_none());
    }
}
