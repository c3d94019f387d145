//! Edits that need whole files. The worker makes them, and they are discarded if the documents have changed meanwhile.

use super::convert::FileEdits;
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
    let work = move || (!reply.is_cancelled()).then(|| (edits_of(&sources, &whole), sources, reply));
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
    let mut sources = Vec::new();
    for path in others {
        match state.document_of(&path) {
            Some((uri, _)) => sources.extend(source(state, uri)),
            None => {
                let Ok(uri) = Uri::from_file_path(&path) else { continue };
                let settings = state.workspace.settings_of(Some(&path));
                sources.push(Source { uri, text: Text::Closed(path), settings });
            }
        }
    }
    sources
}

fn edits_of(sources: &[Source], whole: &Whole) -> Vec<Vec<FileEdits>> {
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
        for (all, edits) in all.iter_mut().zip(edits_of_document(&document, settings, whole, wanted)) {
            let file = |edits| FileEdits { uri: uri.clone(), document: document.clone(), open, edits };
            all.extend(edits.map(file));
        }
    }
    all
}

/// The edits of each `wanted` task; `None` for the others.
fn edits_of_document(
    document: &Document,
    settings: &Settings,
    whole: &Whole,
    wanted: impl Fn(&Task) -> bool,
) -> Vec<Option<Vec<TextEdit>>> {
    let tasks = match whole {
        Whole::Format(range) => return vec![Some(format::format(document, &Lines::new(document), range.clone()))],
        Whole::Tasks(tasks) => tasks,
    };
    let mut analyst = Analyst::new(settings);
    let (lines, verdict) = Lines::judged(document, &mut analyst);
    let file = File { source: document, lines: &lines, verdict: &verdict };
    tasks.iter().map(|task| wanted(task).then(|| fixes::edits(&file, &mut analyst, task))).collect()
}
