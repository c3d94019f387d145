//! `workspace/symbol`

use super::document_symbol::{EXAMPLE, information};
use crate::analysis::Source;
use crate::disk::{FileText, Snapshot};
use crate::ide::search::{Query, Rank};
use crate::lsp::session::convert;
use crate::lsp::session::convert::name_of;
use crate::lsp::session::message::Reply;
use crate::lsp::session::state::State;
use crate::text::{Document, Encoding};
use lsp_types::{Location, Range, SymbolInformation, Uri, WorkspaceSymbolParams, WorkspaceSymbolResponse};
use tower_lsp::jsonrpc::Error;

/// The most examples in an answer, the best matches first. It is then about 150 KB.
const MAX_SYMBOLS: usize = 500;

/// The most bytes that a request searches. A file that would exceed it is left out.
const MAX_BYTES: usize = 256 << 20;

/// The records that are searched before the next look at a cancellation.
const AT_ONCE: usize = 20_000;

/// A file to search.
struct Searched {
    uri: Uri,
    text: Text,
}

enum Text {
    Open(Snapshot<Document>),
    Closed(Snapshot<FileText>),
}

/// An example that matches: the index of its file, and of its record in the file.
struct Match {
    rank: Rank,
    file: usize,
    record: usize,
    name: String,
}

/// Has the worker search the open documents and the other files of their datasets.
pub fn answer(state: &mut State, params: WorkspaceSymbolParams, reply: Reply<Option<WorkspaceSymbolResponse>>) {
    let open = state.documents.iter().filter(|(_, open)| open.published().is_judged() && !open.is_view());
    let open = open.map(|(uri, open)| Searched { uri: uri.clone(), text: Text::Open(open.snapshot()) });
    let closed = state.datasets.closed_files().filter_map(|(path, snapshot)| {
        Some(Searched { uri: Uri::from_file_path(path).ok()?, text: Text::Closed(snapshot) })
    });
    let mut files: Vec<_> = open.chain(closed).collect();
    files.sort_by(|one, other| (one.is_closed(), one.uri.as_str()).cmp(&(other.is_closed(), other.uri.as_str())));
    let encoding = state.client.encoding();
    let mut work_done = state.work_done(params.work_done_progress_params, "Searching for examples");
    let work = move || {
        let query = Query::new(&params.query);
        let (mut matches, mut room) = (Vec::new(), MAX_BYTES);
        for (index, file) in files.iter().enumerate() {
            work_done.report(index, files.len());
            let Some(left) = room.checked_sub(file.bytes()) else { continue };
            room = left;
            let go_on = || !reply.is_cancelled() && !work_done.is_cancelled();
            matches.extend(file.search(&query, index, &go_on));
            // The sort is stable: equal matches stay in the order of their files and lines.
            matches.sort_by_key(|found| found.rank);
            matches.truncate(MAX_SYMBOLS);
        }
        if work_done.is_cancelled() {
            drop(work_done);
            return reply.send(Err(Error::request_cancelled()));
        }
        let symbols = matches.into_iter().filter_map(|found| files.get(found.file)?.symbol(found, encoding));
        let symbols: Vec<SymbolInformation> = symbols.collect();
        drop(work_done);
        reply.send(Ok(Some(symbols.into())));
    };
    state.work(work, |_, ()| {});
}

impl Searched {
    fn is_closed(&self) -> bool {
        matches!(self.text, Text::Closed(_))
    }

    fn bytes(&self) -> usize {
        match &self.text {
            Text::Open(snapshot) => snapshot.source.rope().len_bytes(),
            Text::Closed(snapshot) => snapshot.source.len(),
        }
    }

    fn search(&self, query: &Query, file: usize, go_on: &dyn Fn() -> bool) -> Vec<Match> {
        match &self.text {
            Text::Open(snapshot) => search(snapshot, query, file, go_on),
            Text::Closed(snapshot) => search(snapshot, query, file, go_on),
        }
    }

    fn symbol(&self, found: Match, encoding: Encoding) -> Option<SymbolInformation> {
        let range = match &self.text {
            Text::Open(Snapshot { source, records, .. }) => {
                convert::lines(source, records.get(found.record)?.clone(), encoding)
            }
            Text::Closed(Snapshot { source, records, .. }) => {
                let lines = records.get(found.record)?;
                let length = source.record(lines.clone(), &mut String::new()).text.len();
                let place = |byte| convert::place_on_disk(source, lines.start, byte, encoding);
                Range { start: place(0), end: place(length) }
            }
        };
        let location = Location { uri: self.uri.clone(), range };
        Some(information(found.name, EXAMPLE, location, Some(name_of(&self.uri))))
    }
}

/// Stops when `go_on` returns false.
fn search<S: Source + Send + Sync>(
    snapshot: &Snapshot<S>,
    query: &Query,
    file: usize,
    go_on: &dyn Fn() -> bool,
) -> Vec<Match> {
    // Every example matches an empty query.
    let most = if query.is_empty() { MAX_SYMBOLS } else { usize::MAX };
    let all = snapshot.records.len().min(most);
    let read = |start: usize| {
        snapshot.read(start..all.min(start + AT_ONCE), |record, reading| {
            let (rank, name) = query.find(record + 1, reading)?;
            Some(Match { rank, file, record, name })
        })
    };
    (0..all).step_by(AT_ONCE).take_while(|_| go_on()).flat_map(read).collect()
}
