//! An open document: its text, its analysis, and what was published.

use super::client::Client;
use super::convert;
use super::diagnostics::{Encoded, Published};
use super::listener::Refresh;
use super::translate::Translation;
use crate::analysis::index::dataset::detach;
use crate::analysis::{Analyst, Batch, Contribution, Lines, Source, analyze_records, fold};
use crate::disk::datasets::role_of_path;
use crate::disk::{Snapshot, check};
use crate::example::shared::SharedValue;
use crate::ide::edits::Place;
use crate::ide::fixes::File;
use crate::ide::summary::Summary;
use crate::ide::view::Line;
use crate::rules::relations::{OtherFile, Relations};
use crate::rules::{Finding, Related, Verdict};
use crate::settings::Settings;
use crate::settings::toml::FILE_NAME;
use crate::text::{Change, Document, Encoding, Splice};
use lsp_types::{Position, SemanticToken, Uri};
use rayon::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How much text to analyze between two looks into the inbox: about 5 ms.
const STEP_BYTES: usize = 2 << 20;

/// A change of more lines than this is analyzed on all processors.
const MANY_LINES: usize = 1_000;

/// The number of records that a thread analyzes at once, if there are many.
const RECORDS_AT_ONCE: usize = 128;

pub struct OpenDocument {
    path: Option<PathBuf>,
    document: Document,
    /// The number of this text. It is unique in the session, whatever versions the client sends.
    revision: u64,
    lines: Lines,
    settings: Settings,
    analyst: Analyst,
    published: Published,
    /// What the client was shown besides the diagnostics, to ask it to request that again when it changes.
    pub given: Given,
    /// The last verdict, for requests that arrive while something is pending.
    verdict: Verdict,
    /// Set if this document holds the line of a view of an example.
    view: Option<Box<Viewed>>,
    /// The first line of a record on which a rule panicked.
    skipped: Option<usize>,
}

/// A view of an example: its text, and what applies to its line because of the file that it is from.
struct Viewed {
    /// The file that the example is from.
    source: Arc<OtherFile>,
    path: Option<PathBuf>,
    /// The verdict on that file, and the line of the example in it.
    verdict: Verdict,
    first: usize,
    /// How the example relates to others there, as long as it isn't edited.
    relations: Option<Relations>,
    shown: Document,
    line: Line,
}

/// What applies to a view of an example because of the file that it is from.
pub struct Origin {
    pub uri: Uri,
    pub path: Option<PathBuf>,
    pub verdict: Verdict,
    /// The first line of the example.
    pub line: usize,
    pub relations: Option<Relations>,
}

/// What a client was shown of a document.
#[derive(Default)]
pub struct Given {
    /// The code lens.
    pub lens: Option<String>,
    /// The shared value of the last inlay hints.
    pub hints: Option<Option<SharedValue>>,
    /// The result id of the last tokens of a small file, and the tokens.
    pub tokens: Option<(String, Vec<SemanticToken>)>,
}

/// What a dataset needs from one of its files.
pub struct MemberParts<'a> {
    pub lines: &'a mut Lines,
    pub source: &'a dyn Source,
    pub published: &'a mut Published,
}

impl MemberParts<'_> {
    /// Removes what other files contributed to it.
    pub fn set_alone(self, path: &Path) {
        if detach(self.lines, role_of_path(path)) {
            self.published.may_have_changed();
        }
    }
}

impl OpenDocument {
    pub fn new(uri: &Uri, path: Option<PathBuf>, document: Document, settings: Settings, revision: u64) -> Self {
        let all = 0..document.line_count();
        let mut lines = check::analyze_lines(&document, &settings, all, |batches| Lines::from_batches(batches));
        if let Some(path) = &path {
            detach(&mut lines, role_of_path(path));
        }
        let (analyst, published) = (Analyst::new(&settings), Published::of_document(is_judged(uri), revision));
        Self {
            path,
            document,
            revision,
            lines,
            settings,
            analyst,
            published,
            given: Given::default(),
            verdict: Verdict::default(),
            view: None,
            skipped: None,
        }
    }

    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The file whose settings apply to it.
    pub fn settings_path(&self) -> Option<&Path> {
        self.view.as_ref().map_or(self.path(), |view| view.path.as_deref())
    }

    /// Whether it holds the line of a view of an example.
    pub fn is_view(&self) -> bool {
        self.view.is_some()
    }

    /// Makes it the line of a view of an example.
    pub fn be_view(&mut self, origin: Origin, shown: Document, line: Line) {
        let Origin { uri, path, verdict, line: first, relations } = origin;
        let is_same = self.view.as_ref().is_some_and(|view| {
            (view.verdict == verdict && view.first == first && view.relations == relations)
                && (view.line == line && view.shown.rope() == shown.rope())
        });
        let source = Arc::new(OtherFile { name: convert::name_of(&uri), location: uri.to_string() });
        self.lines.lend_relations(relations.clone());
        self.view = Some(Box::new(Viewed { source, path, verdict, first, relations, shown, line }));
        self.verdict = self.judge();
        if !is_same {
            self.published.now_due();
        }
    }

    /// How the example at a line relates to the others in this file.
    pub fn relations_at(&mut self, line: usize) -> Relations {
        self.lines.relations_at(line, &self.document, &mut self.analyst)
    }

    /// The translation between the view and this line, if there is a view.
    pub fn translation(&self, uri: &Uri, encoding: Encoding) -> Option<Translation> {
        let Viewed { shown, line, .. } = &**self.view.as_ref()?;
        let (uri, shown, line) = (uri.clone(), shown.clone(), line.clone());
        Some(Translation { uri, shown, document: self.document.clone(), line, encoding, asked: None })
    }

    /// The verdict on it as it is now.
    pub fn judge(&self) -> Verdict {
        let own = self.lines.judge(&self.document, &self.analyst);
        match &self.view {
            Some(view) => view.verdict.for_record(view.first, own),
            None => own,
        }
    }

    pub fn document(&self) -> &Document {
        &self.document
    }

    pub fn revision(&self) -> u64 {
        self.revision
    }

    pub fn lines(&self) -> &Lines {
        &self.lines
    }

    pub fn analyst(&mut self) -> &mut Analyst {
        &mut self.analyst
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Its text and its records, to read them on another thread.
    pub fn snapshot(&self) -> Snapshot<Document> {
        Snapshot {
            source: Arc::new(self.document.clone()),
            records: self.lines.filled_records(&self.document),
            settings: self.settings.clone(),
            fallback: self.analyst.fallback(),
        }
    }

    /// The shared value that its examples should have, according to the settings or the last verdict.
    pub fn shared(&self) -> Option<SharedValue> {
        self.settings.shared(self.verdict.format).or(self.verdict.shared)
    }

    pub fn published(&self) -> &Published {
        &self.published
    }

    pub fn published_mut(&mut self) -> &mut Published {
        &mut self.published
    }

    /// Its path, if it has one, and what a dataset needs from it.
    pub fn member(&mut self) -> Option<(&Path, MemberParts<'_>)> {
        let Self { path, document, lines, published, .. } = self;
        Some((path.as_deref()?, MemberParts { lines, source: document, published }))
    }

    /// Applies edits, which lead to this version. Returns which lines each of them replaced.
    pub fn change(&mut self, changes: &[Change], encoding: Encoding, version: i32, revision: u64) -> Vec<Splice> {
        let mut splices = Vec::with_capacity(changes.len());
        for change in changes {
            let splice = self.document.apply(change, encoding);
            splices.push(splice);
            if splice.new > MANY_LINES {
                let new = splice.start..splice.start + splice.new;
                let mut batch = Batch::default();
                check::analyze_lines(&self.document, &self.settings, new, |all| {
                    all.for_each(|some| batch.append(some))
                });
                self.lines.splice_batch(splice, batch);
            } else {
                self.lines.splice(splice, &self.document);
            }
        }
        self.revision = revision;
        self.document.set_version(version);
        self.published.now_due();
        splices
    }

    /// Sets the settings that apply now, and discards the analysis under others; false if they haven't changed.
    pub fn set_settings(&mut self, settings: Settings) -> bool {
        if self.settings == settings {
            return false;
        }
        self.settings = settings;
        self.reset_analyst();
        self.lines.invalidate();
        self.published.may_have_changed();
        true
    }

    /// The first line of a record on which a rule panicked since the last call, 0-based.
    pub fn take_skipped(&mut self) -> Option<usize> {
        self.skipped.take()
    }

    pub fn reset_analyst(&mut self) {
        self.analyst = Analyst::new(&self.settings);
    }

    /// Analyzes some pending records, on all processors if there are many.
    pub fn step(&mut self) {
        let Self { document, lines, analyst, settings, .. } = self;
        let records = lines.pending_records(STEP_BYTES);
        if records.len() > RECORDS_AT_ONCE {
            let some = |records| analyze_records(document, settings, records);
            let all = || records.par_chunks(RECORDS_AT_ONCE).flat_map_iter(some).collect::<Vec<_>>();
            if let Ok(contributions) = catch_unwind(AssertUnwindSafe(all)) {
                for (line, contribution) in contributions {
                    lines.store(line, contribution);
                }
                return;
            }
        }
        // Analyze records one after another, so that a record that makes a rule panic can be logged and skipped.
        if catch_unwind(AssertUnwindSafe(|| lines.analyze(document, analyst, STEP_BYTES))).is_err() {
            *analyst = Analyst::new(settings);
            if let Some(record) = lines.next_pending() {
                tracing::error!("analyzing the record at line {} panicked; skipping it", record.start + 1);
                self.skipped.get_or_insert(record.start);
                lines.store(record.start, Contribution::default());
            }
        }
    }

    /// Analyzes all pending records.
    pub fn settle(&mut self) {
        while !self.lines.is_analyzed() {
            self.step();
        }
    }

    /// Publishes its diagnostics, unless the client already shows them.
    pub fn publish(&mut self, uri: &Uri, client: &mut Client) {
        match catch_unwind(AssertUnwindSafe(|| self.diagnostics(uri, client))) {
            Ok(Some(diagnostics)) => client.publish(uri.clone(), Some(self.document.version()), diagnostics),
            Ok(None) => {}
            Err(_) => {
                tracing::error!("publishing the diagnostics of {uri} panicked");
                self.reset_analyst();
            }
        }
        self.published.done();
    }

    /// Asks the client to request what it was shown again, if something other than an edit has changed it.
    pub fn refresh(&mut self, client: &Client) {
        if self.given.hints.is_some_and(|shared| shared != self.shared()) {
            self.given.hints = None;
            client.refresh(Refresh::InlayHints);
        }
        if self.given.lens.is_some() && self.given.lens != self.summary().lens() {
            self.given.lens = None;
            client.refresh(Refresh::CodeLenses);
        }
    }

    fn diagnostics(&mut self, uri: &Uri, client: &mut Client) -> Option<Vec<Arc<Encoded>>> {
        let translation = self.translation(uri, client.encoding());
        self.verdict = self.judge();
        let Self { document, lines, analyst, settings, verdict, published, view, .. } = self;
        analyst.set_fallback(verdict.format);
        let mut listed = fold(lines.list(document, analyst, verdict, settings.max_diagnostics), verdict);
        if let Some(view) = view {
            listed.iter_mut().for_each(|listed| point_to(&mut listed.finding, &view.source));
        }
        let encoding = client.encoding();
        let place = |line, byte| convert::place_in_record(document, line, byte, encoding);
        let diagnostics = published.diagnostics(listed, |listed| {
            let made = client.diagnostic(uri, listed, &place);
            match &translation {
                Some(translation) => translation.diagnostic(made),
                None => made,
            }
        });
        published.take(diagnostics)
    }

    /// Its current figures. It must be settled.
    pub fn summary(&self) -> Summary {
        Summary::new(&self.lines, &self.judge())
    }

    /// Calls `look` with the file for finding fixes. It must be settled.
    pub fn with_fixes<T>(&mut self, look: impl FnOnce(&File<'_, Document>, &mut Analyst) -> T) -> T {
        let verdict = self.judge();
        let Self { document, lines, analyst, .. } = self;
        analyst.set_fallback(verdict.format);
        look(&File { source: document, lines, verdict: &verdict }, analyst)
    }

    /// The text of the record at a place, the first line of the record, and the byte in its text.
    pub fn record_at(&self, place: Position, encoding: Encoding) -> (String, usize, usize) {
        let record = self.lines.record_at(self.place(place, encoding).line);
        let mut buffer = String::new();
        let text = Source::record(&self.document, record.clone(), &mut buffer).text.to_owned();
        let byte = convert::byte_in_record(&self.document, record.start, place, encoding).min(text.len());
        (text, record.start, byte)
    }

    pub fn place(&self, place: Position, encoding: Encoding) -> Place {
        let (line, byte) = self.document.byte_in_line(convert::position(place), encoding);
        Place { line, byte }
    }
}

/// Makes the related lines of a finding about a view those of its file.
fn point_to(finding: &mut Arc<Finding>, source: &Arc<OtherFile>) {
    let is_of_file = |related: &Related| related.line.is_some() && related.file.is_none();
    if finding.related.iter().any(is_of_file) {
        let related = Arc::make_mut(finding).related.iter_mut().filter(|related| is_of_file(related));
        related.for_each(|related| related.file = Some(Arc::clone(source)));
    }
}

/// Whether a document is a file of the user, and not a view that an extension shows.
fn is_judged(uri: &Uri) -> bool {
    const VIEWS: &str = "svn hg fugitive diffview review pr conflictresolution merge-conflict.conflict-diff output";
    // Settings are read from disk, and aren't data.
    if uri.path().ends_with(FILE_NAME) {
        return false;
    }
    let scheme = uri.scheme();
    !(scheme.starts_with("git") || VIEWS.split(' ').any(|view| view == scheme))
}
