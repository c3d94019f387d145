//! Edits that take a look at the whole document: found by the worker, and given only if the text is
//! still the same then.

use super::session::{Reply, Session};
use crate::analysis::{Analyst, Lines};
use crate::ide::edits::TextEdit;
use crate::ide::fixes::{self, File, Task};
use crate::ide::format;
use crate::settings::Settings;
use crate::text::Document;
use lsp_types::Uri;
use std::ops::Range;
use tower_lsp::jsonrpc::Error;

/// What is to be done with a whole document.
#[derive(Clone, Debug)]
pub(super) enum Whole {
    /// Format these lines.
    Format(Range<usize>),
    /// Find the edits of each of these tasks.
    Tasks(Vec<Task>),
}

/// Has the worker find the edits, and replies with what `answer` makes of them.
pub(super) fn give<T: Send + 'static>(
    session: &mut Session,
    uri: Uri,
    whole: Whole,
    reply: Reply<T>,
    answer: impl FnOnce(Vec<Vec<TextEdit>>, &Document) -> T + Send + 'static,
) {
    let Some(open) = session.documents.get(&uri) else { return };
    let (document, revision, settings) = (open.document.clone(), open.revision, session.settings.clone());
    let work = move || {
        // Nobody waits any more.
        if reply.is_closed() {
            return None;
        }
        Some((edits_of(&document, &settings, &whole), document, reply))
    };
    session.worker.give(work, move |session, done| {
        let Some((edits, document, reply)) = done else { return };
        let same = session.documents.get(&uri).is_some_and(|open| open.revision == revision);
        let _ = reply.send(if same { Ok(answer(edits, &document)) } else { Err(Error::content_modified()) });
    });
}

fn edits_of(document: &Document, settings: &Settings, whole: &Whole) -> Vec<Vec<TextEdit>> {
    let mut lines = Lines::new(document);
    let tasks = match whole {
        Whole::Format(range) => return vec![format::format(document, &lines, range.clone())],
        Whole::Tasks(tasks) => tasks,
    };
    let mut analyst = Analyst::new(settings);
    lines.step(document, &mut analyst, usize::MAX);
    let verdict = lines.verdict(document, &analyst);
    let file = File { source: document, lines: &lines, verdict: &verdict, settings };
    tasks.iter().map(|task| fixes::edits(&file, &mut analyst, task)).collect()
}
