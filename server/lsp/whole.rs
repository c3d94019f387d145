//! Edits that take a look at whole files: found by the worker, and given only if the documents are still
//! the same then.

use super::message::Reply;
use super::session::Session;
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

/// What is to be done with a whole document.
#[derive(Clone, Debug)]
pub(super) enum Whole {
    /// Format these lines.
    Format(Range<usize>),
    /// Find the edits of each of these tasks.
    Tasks(Vec<Task>),
}

/// The edits of one file.
pub(super) struct FileEdits {
    /// Which file.
    pub uri: Uri,
    /// The text that they are for.
    pub document: Document,
    /// Whether the client has it open.
    pub open: bool,
    /// The edits.
    pub edits: Vec<TextEdit>,
}

/// A file that the worker is to change.
struct Source {
    uri: Uri,
    text: Text,
    settings: Settings,
}

enum Text {
    /// An open document, and which text it is.
    Open(Document, u64),
    /// A file on disk.
    Closed(PathBuf),
}

/// Has the worker find the edits, for each task those of each file that it changes, and replies with what
/// `answer` makes of them.
pub(super) fn give<T: Send + 'static>(
    session: &mut Session,
    uri: Uri,
    whole: Whole,
    reply: Reply<T>,
    answer: impl FnOnce(Vec<Vec<FileEdits>>) -> T + Send + 'static,
) {
    let Some(own) = source(session, &uri) else { return };
    let others = if whole.reaches_the_dataset() { others(session, &uri) } else { Vec::new() };
    let sources: Vec<_> = std::iter::once(own).chain(others).collect();
    let work = move || {
        // Nobody waits any more.
        if reply.is_closed() {
            return None;
        }
        Some((edits_of(&sources, &whole), sources, reply))
    };
    session.worker.give(work, move |session, done| {
        let Some((edits, sources, reply)) = done else { return };
        let same = sources.iter().all(|source| {
            let revision = session.documents.get(&source.uri).map(|open| open.revision);
            revision == if let Text::Open(_, revision) = source.text { Some(revision) } else { None }
        });
        let _ = reply.send(if same { Ok(answer(edits)) } else { Err(Error::content_modified()) });
    });
}

impl Whole {
    fn reaches_the_dataset(&self) -> bool {
        match self {
            Whole::Format(_) => false,
            Whole::Tasks(tasks) => tasks.iter().any(reaches_the_dataset),
        }
    }
}

fn reaches_the_dataset(task: &Task) -> bool {
    let operation = if let Task::Operation { operation, .. } = task { Some(operation) } else { None };
    matches!(operation, Some(Operation::SetResolution { extent: Extent::Dataset, .. }))
}

fn source(session: &Session, uri: &Uri) -> Option<Source> {
    let open = session.documents.get(uri)?;
    let text = Text::Open(open.document.clone(), open.revision);
    Some(Source { uri: uri.clone(), text, settings: open.settings.clone() })
}

/// The other files of the dataset of a document.
fn others(session: &mut Session, uri: &Uri) -> Vec<Source> {
    let own = session.documents.get(uri).and_then(|open| open.path.clone());
    let Some(own) = own else { return Vec::new() };
    let files = session.datasets.of(&own).map(|dataset| dataset.files.clone()).unwrap_or_default();
    let others = files.into_iter().map(|(path, _)| path).filter(|path| *path != own);
    let mut sources = Vec::new();
    for path in others {
        let open = session.documents.iter().find(|(_, open)| open.path.as_ref() == Some(&path));
        match open.map(|(uri, _)| uri.clone()) {
            Some(uri) => sources.extend(source(session, &uri)),
            None => {
                let Ok(uri) = Uri::from_file_path(&path) else { continue };
                let settings = session.settings_of(Some(&path));
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
            // What is no text is not changed.
            Text::Closed(path) => match std::fs::read_to_string(path) {
                Ok(text) => (Document::new(&text, 0), false),
                Err(error) => {
                    tracing::warn!("{}: {error}", path.display());
                    continue;
                }
            },
        };
        let edits = match (place, whole) {
            (0, _) => edits_of_document(&document, settings, whole, |_| true),
            _ => edits_of_document(&document, settings, whole, reaches_the_dataset),
        };
        for (all, edits) in all.iter_mut().zip(edits) {
            if let Some(edits) = edits {
                all.push(FileEdits { uri: uri.clone(), document: document.clone(), open, edits });
            }
        }
    }
    all
}

/// The edits of each task that is `wanted`; `None` for the others.
fn edits_of_document(
    document: &Document,
    settings: &Settings,
    whole: &Whole,
    wanted: impl Fn(&Task) -> bool,
) -> Vec<Option<Vec<TextEdit>>> {
    let mut lines = Lines::new(document);
    let tasks = match whole {
        Whole::Format(range) => return vec![Some(format::format(document, &lines, range.clone()))],
        Whole::Tasks(tasks) => tasks,
    };
    let mut analyst = Analyst::new(settings);
    lines.step(document, &mut analyst, usize::MAX);
    let verdict = lines.verdict(document, &analyst);
    let file = File { source: document, lines: &lines, verdict: &verdict, settings };
    tasks.iter().map(|task| wanted(task).then(|| fixes::edits(&file, &mut analyst, task))).collect()
}
