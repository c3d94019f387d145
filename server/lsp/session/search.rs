//! Searches the files of a dataset for mentions, on the worker's thread and all processors.

use super::convert;
use super::document::OpenDocument;
use super::edits::{self, Source, Text};
use super::message::Reply;
use super::state::State;
use super::work_done::WorkDone;
use crate::analysis::{self, Analyst, Lines};
use crate::disk::{Input, Reading};
use crate::formats::Format;
use crate::ide::mentions::{self, AtCursor, Finder, Mention, Mentions};
use crate::ide::records::ranges;
use crate::json::Span;
use crate::rules::Role;
use crate::text::Encoding;
use lsp_types::{Range, TextDocumentPositionParams, Uri};
use rayon::prelude::*;
use std::ops;
use std::path::Path;
use tower_lsp::jsonrpc::{Error, Result};

/// Each thread searches about this many parts of a file in a round, so that none waits long for the slowest one.
const PARTS: usize = 2;

/// A file is searched in this many rounds, so that no round begins after enough was found.
const ROUNDS: usize = 8;

/// Which files to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The document, and the other files of its dataset.
    Dataset,
    /// The training files of its dataset.
    Training,
}

/// What was found in a file.
pub struct FileMentions<T> {
    pub uri: Uri,
    /// The version of an open document.
    pub version: Option<i32>,
    pub found: Vec<T>,
    /// Whether it is UTF-8, and not compressed.
    pub is_plain: bool,
    /// The line of a record that [declares](Mentions::taken) the other name.
    pub taken: Option<usize>,
    /// Why it can't be read.
    pub problem: Option<String>,
}

/// Converts a mention, given the range of each span of its record.
pub trait Convert<T>: Fn(&Mention, &dyn Fn(Span) -> Range) -> Option<T> + Send + Sync + 'static {}

impl<T, F: Fn(&Mention, &dyn Fn(Span) -> Range) -> Option<T> + Send + Sync + 'static> Convert<T> for F {}

/// The subject at a place in an open document, and the first line of its record.
pub fn at_cursor(state: &mut State, place: &TextDocumentPositionParams) -> Option<(AtCursor, usize)> {
    let open = state.documents.get_mut(&place.text_document.uri)?;
    let (text, first, offset) = open.record_at(place.position, state.client.encoding());
    Some((mentions::at(&text, offset, open.analyst())?, first))
}

/// The records of a file that have more than one line.
pub fn long_records(lines: &Lines) -> Vec<ops::Range<usize>> {
    lines.records().filter(|record| record.len() > 1).collect()
}

/// A file to search.
struct File {
    source: Source,
    records: Vec<ops::Range<usize>>,
    fallback: &'static Format,
}

/// Has the worker search the files that the document at `uri` reaches; the document comes first. As [`search_files`].
pub fn search<T: Send + 'static, A: Send + 'static>(
    state: &mut State,
    uri: &Uri,
    (finder, reach, most): (Finder, Reach, usize),
    convert: impl Convert<T>,
    (reply, work_done): (Reply<A>, WorkDone),
    answer: impl FnOnce(&mut State, Vec<FileMentions<T>>) -> Result<A> + Send + 'static,
) {
    let mut sources: Vec<Source> = edits::source(state, uri).into_iter().chain(edits::others(state, uri)).collect();
    if reach == Reach::Training {
        sources.retain(|source| role(state, source) == Some(Role::Training));
    }
    let fallback = state.documents.get_mut(uri).map(|open| open.analyst().fallback());
    search_files(state, (sources, fallback), (finder, most), convert, (reply, work_done), answer);
}

/// Has the worker search files, and replies with what `answer` returns for those in which something was found, that are not
/// UTF-8 or that can't be read. Lines that belong to no format for certain are read in the given one, or else in that of
/// their settings. Stops after about `most` mentions, or when it is cancelled.
pub fn search_files<T: Send + 'static, A: Send + 'static>(
    state: &mut State,
    (sources, fallback): (Vec<Source>, Option<&'static Format>),
    (finder, most): (Finder, usize),
    convert: impl Convert<T>,
    (reply, mut work_done): (Reply<A>, WorkDone),
    answer: impl FnOnce(&mut State, Vec<FileMentions<T>>) -> Result<A> + Send + 'static,
) {
    let files: Vec<File> = sources.into_iter().map(|source| File::of(state, source, fallback)).collect();
    let encoding = state.client.encoding();
    let work = move || {
        let mut found: Vec<FileMentions<T>> = Vec::new();
        for (place, file) in files.iter().enumerate() {
            let left = most.saturating_sub(found.iter().map(|file| file.found.len()).sum());
            if left == 0 {
                break;
            }
            let mut go_on = |round: usize| {
                work_done.report(place * ROUNDS + round.min(ROUNDS), files.len() * ROUNDS);
                !reply.is_cancelled() && !work_done.is_cancelled()
            };
            found.push(file.search(&finder, left, encoding, &convert, &mut go_on));
        }
        found.retain(|file| !file.found.is_empty() || !file.is_plain || file.problem.is_some());
        (found, files, work_done.is_cancelled(), reply)
    };
    state.work(work, move |state, (found, files, is_cancelled, reply)| {
        if is_cancelled {
            return reply.send(Err(Error::request_cancelled()));
        }
        let same = edits::are_current(state, files.iter().map(|file| &file.source));
        reply.send(if same { answer(state, found) } else { Err(Error::content_modified()) });
    });
}

/// The role of a file in the training; `None` if it belongs to no dataset.
fn role(state: &State, source: &Source) -> Option<Role> {
    let path = match &source.text {
        Text::Closed(path) => path,
        Text::Open(..) => state.documents.get(&source.uri).and_then(OpenDocument::path)?,
    };
    role_of_path(state, path)
}

/// The role of the file at a path; `None` if it belongs to no dataset.
pub fn role_of_path(state: &State, path: &Path) -> Option<Role> {
    state.datasets.of(path)?.role(path)
}

impl File {
    fn of(state: &mut State, source: Source, fallback: Option<&'static Format>) -> Self {
        let fallback = fallback.unwrap_or_else(|| source.settings.fallback());
        let (lines, fallback) = match &source.text {
            Text::Closed(path) => (state.datasets.lines(path), fallback),
            Text::Open(..) => match state.documents.get_mut(&source.uri) {
                Some(open) => {
                    let fallback = open.analyst().fallback();
                    (Some(open.lines()), fallback)
                }
                None => (None, fallback),
            },
        };
        let records = lines.map(long_records).unwrap_or_default();
        Self { source, records, fallback }
    }

    fn search<T: Send>(
        &self,
        finder: &Finder,
        most: usize,
        encoding: Encoding,
        convert: &impl Convert<T>,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> FileMentions<T> {
        match &self.source.text {
            Text::Open(document, _) => {
                let range = |line, span| {
                    let quick = convert::range_in_line(document, line, span, encoding);
                    quick.unwrap_or_else(|| convert::span_in_record(document, line, span, encoding))
                };
                FileMentions {
                    version: Some(document.version()),
                    ..self.search_text(finder, most, document, range, convert, go_on)
                }
            }
            Text::Closed(path) => {
                let input = Input::File(path.clone());
                match input.read(&Reading::TO_READ) {
                    Ok(text) => {
                        let place = |line, byte| convert::place_on_disk(&text, line, byte, encoding);
                        let range = |line, span: Span| {
                            // A byte order mark doesn't count.
                            let quick = Some(line).filter(|line| *line > 0);
                            let quick = quick.and_then(|line| convert::range_in_line(&text, line, span, encoding));
                            let slow = || Range { start: place(line, span.start()), end: place(line, span.end()) };
                            quick.unwrap_or_else(slow)
                        };
                        let found = self.search_text(finder, most, &text, range, convert, go_on);
                        FileMentions {
                            is_plain: found.is_plain && !input.is_compressed(),
                            problem: text.problem().map(|error| format!("{}: {error}", path.display())),
                            ..found
                        }
                    }
                    Err(problem) => {
                        FileMentions { problem: Some(problem), ..self.mentions(Mentions::default(), Vec::new()) }
                    }
                }
            }
        }
    }

    fn search_text<T: Send>(
        &self,
        finder: &Finder,
        most: usize,
        text: &(impl analysis::Source + Sync),
        range: impl Fn(usize, Span) -> Range + Sync,
        convert: &impl Convert<T>,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> FileMentions<T> {
        let init = || {
            let mut analyst = Analyst::new(&self.source.settings);
            analyst.set_fallback(self.fallback);
            analyst
        };
        let find = |analyst: &mut Analyst, lines| {
            let mut part = finder.find(text, lines, &self.records, most, analyst);
            let found = std::mem::take(&mut part.found);
            let converted = found.iter().filter_map(|it| convert(it, &|span| range(it.line, span)));
            (part, converted.collect::<Vec<_>>())
        };
        let threads = rayon::current_num_threads();
        let parts = ranges(text.line_count(), &self.records, PARTS * ROUNDS * threads);
        let (mut all, mut found) = (Mentions::default(), Vec::new());
        for (number, round) in parts.chunks(PARTS * threads).enumerate() {
            if found.len() >= most || !go_on(number) {
                break;
            }
            let round: Vec<_> = round.par_iter().cloned().map_init(init, find).collect();
            for (part, converted) in round {
                all.invalid |= part.invalid;
                all.taken = all.taken.or(part.taken);
                found.extend(converted);
            }
        }
        found.truncate(most);
        self.mentions(all, found)
    }

    fn mentions<T>(&self, mentions: Mentions, found: Vec<T>) -> FileMentions<T> {
        let Mentions { invalid, taken, .. } = mentions;
        FileMentions { uri: self.source.uri.clone(), version: None, found, is_plain: !invalid, taken, problem: None }
    }
}
