//! The diagnostics of a file, and when to publish them. Each settled version is published once, and again only if something
//! other than its text has changed the findings.
//!
//! A client that pulls gets the same diagnostics as answers to its requests. It knows of its own edits, so it is only asked
//! to pull again after other changes.

use crate::analysis::Listed;
use crate::rules::Finding;
use foldhash::fast::FixedState;
use lsp_types::{Diagnostic, Uri};
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

/// The parameters of `textDocument/publishDiagnostics`. The session keeps the same diagnostics.
#[derive(Clone, Debug, Serialize)]
pub struct Publication {
    /// The file.
    pub uri: Uri,
    /// The version of the document, if it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
    /// All diagnostics of the file.
    pub diagnostics: Vec<Arc<Encoded>>,
}

/// A diagnostic and its JSON. Most diagnostics are sent many times.
#[derive(Clone, Debug)]
pub struct Encoded {
    diagnostic: Diagnostic,
    json: Option<Box<RawValue>>,
}

impl Encoded {
    /// Encodes a diagnostic.
    pub fn new(diagnostic: Diagnostic) -> Self {
        let json = to_raw_value(&diagnostic).ok();
        Self { diagnostic, json }
    }
}

impl Deref for Encoded {
    type Target = Diagnostic;

    fn deref(&self) -> &Diagnostic {
        &self.diagnostic
    }
}

impl PartialEq for Encoded {
    fn eq(&self, other: &Self) -> bool {
        self.diagnostic == other.diagnostic
    }
}

impl Serialize for Encoded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.json {
            Some(json) => json.serialize(serializer),
            None => self.diagnostic.serialize(serializer),
        }
    }
}

/// The current diagnostics of a file, and which of them a client that pulls has.
#[derive(Debug, Default)]
pub struct Shown {
    /// The number of the document, which makes its result ids unlike those before it was opened again.
    document: u64,
    /// `None` before the first diagnostics.
    current: Option<Vec<Arc<Encoded>>>,
    /// The result id of `current`, if it was needed.
    id: Option<u64>,
    /// The result id that the client got last.
    told: Option<u64>,
    /// Whether they have changed without an edit of the file, so that the client doesn't know.
    unasked: bool,
}

impl Shown {
    pub fn is_empty(&self) -> bool {
        self.diagnostics().is_empty()
    }

    pub fn diagnostics(&self) -> &[Arc<Encoded>] {
        self.current.as_deref().unwrap_or_default()
    }

    /// Takes diagnostics that don't come from an edit by the client; false if they are the same.
    pub fn update(&mut self, diagnostics: Vec<Arc<Encoded>>) -> bool {
        let changed = self.diagnostics() != diagnostics;
        self.unasked |= changed;
        self.set(diagnostics);
        changed
    }

    fn set(&mut self, diagnostics: Vec<Arc<Encoded>>) {
        (self.current, self.id) = (Some(diagnostics), None);
    }

    /// The result id of the current diagnostics. A client may remember the result of a document that was closed, although
    /// it no longer shows it.
    pub fn id(&mut self) -> u64 {
        let Self { document, current, id, .. } = self;
        *id.get_or_insert_with(|| id_of(*document, current.as_deref().unwrap_or_default()))
    }

    /// Called when the client gets the current diagnostics.
    pub fn tell(&mut self) {
        self.told = Some(self.id());
        self.unasked = false;
    }

    /// Whether the client got diagnostics of this file before.
    pub fn was_told(&self) -> bool {
        self.told.is_some()
    }

    /// Whether the client has other diagnostics. It has none of a file that it never got.
    pub fn is_stale(&mut self) -> bool {
        match self.told {
            Some(told) => told != self.id(),
            None => !self.is_empty(),
        }
    }

    /// Some if the client must be asked to pull; `None` from then on, until they change again.
    pub fn take_unasked(&mut self) -> Option<()> {
        std::mem::take(&mut self.unasked).then_some(())
    }
}

/// The result id of these diagnostics of the document with this number, or of a file that isn't open.
pub fn id_of(document: u64, diagnostics: &[Arc<Encoded>]) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    document.hash(&mut hasher);
    diagnostics.len().hash(&mut hasher);
    diagnostics.iter().filter_map(|encoded| encoded.json.as_ref()).for_each(|json| json.get().hash(&mut hasher));
    hasher.finish()
}

/// What was published for a file.
#[derive(Debug)]
pub struct Published {
    judged: bool,
    due: Due,
    shown: Shown,
    /// The last published findings by address. Each has the finding, which keeps its address, the line of its record, and
    /// its diagnostic, so that the diagnostic need not be made again.
    made: HashMap<usize, (Arc<Finding>, usize, Arc<Encoded>), FixedState>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    No,
    /// This version hasn't been published.
    Yes,
    /// This version has been published, but its findings may have changed.
    Perhaps,
}

impl Published {
    /// For a new file. Nothing is published for a file that isn't judged.
    pub fn new(judged: bool) -> Self {
        Self { judged, due: Due::Yes, shown: Shown::default(), made: HashMap::default() }
    }

    /// For a document with this number.
    pub fn of_document(judged: bool, document: u64) -> Self {
        Self { shown: Shown { document, ..Shown::default() }, ..Self::new(judged) }
    }

    /// Sets whether it is judged; true if its published diagnostics must be removed.
    pub fn judge(&mut self, judged: bool) -> bool {
        let taken_back = self.judged && !judged && self.is_shown();
        if self.judged != judged {
            *self = Self::new(judged);
        }
        taken_back
    }

    pub fn is_judged(&self) -> bool {
        self.judged
    }

    pub fn is_due(&self) -> bool {
        self.judged && self.due != Due::No
    }

    /// Whether only something other than the text may have changed the findings.
    pub fn is_perhaps_due(&self) -> bool {
        self.due == Due::Perhaps
    }

    pub fn now_due(&mut self) {
        self.due = Due::Yes;
    }

    pub fn may_have_changed(&mut self) {
        if self.due == Due::No {
            self.due = Due::Perhaps;
        }
    }

    pub fn done(&mut self) {
        self.due = Due::No;
    }

    /// Records the diagnostics to publish; `None` if the client already has them.
    pub fn take(&mut self, diagnostics: Vec<Arc<Encoded>>) -> Option<Vec<Arc<Encoded>>> {
        if self.due == Due::Perhaps {
            return self.shown.update(diagnostics.clone()).then_some(diagnostics);
        }
        self.shown.set(diagnostics.clone());
        Some(diagnostics)
    }

    /// The same for a file that isn't open. All its changes come without an edit by the client.
    pub fn take_closed(&mut self, diagnostics: Vec<Arc<Encoded>>) -> Option<Vec<Arc<Encoded>>> {
        let changed = self.shown.update(diagnostics.clone());
        (changed || self.due == Due::Yes).then_some(diagnostics)
    }

    pub fn is_shown(&self) -> bool {
        !self.shown.is_empty()
    }

    /// Whether the client pulled its diagnostics before.
    pub fn was_told(&self) -> bool {
        self.shown.was_told()
    }

    pub fn shown(&mut self) -> &mut Shown {
        &mut self.shown
    }

    /// The diagnostics of these findings. `new` makes those that weren't published last.
    pub fn diagnostics(
        &mut self,
        listed: Vec<Listed>,
        mut new: impl FnMut(&Listed) -> Arc<Encoded>,
    ) -> Vec<Arc<Encoded>> {
        let mut before = std::mem::take(&mut self.made);
        let diagnostics = listed.into_iter().map(|listed| {
            let address = Arc::as_ptr(&listed.finding).addr();
            let made = match before.remove(&address) {
                Some((finding, line, made)) => moved(&finding, made, line, listed.line),
                None => new(&listed),
            };
            self.made.insert(address, (listed.finding, listed.line, Arc::clone(&made)));
            made
        });
        diagnostics.collect()
    }
}

/// The diagnostic of a finding whose record has moved to another line. Related places on other lines don't move with the
/// record.
fn moved(finding: &Finding, made: Arc<Encoded>, from: usize, to: usize) -> Arc<Encoded> {
    if from == to {
        return made;
    }
    let mut diagnostic = made.diagnostic.clone();
    let line = |line: u32| u32::try_from(line as usize + to - from).unwrap_or(u32::MAX);
    let related = diagnostic.related_information.iter_mut().flatten().zip(&finding.related);
    let inside = related.filter(|(_, other)| other.line.is_none()).map(|(related, _)| &mut related.location.range);
    for range in std::iter::once(&mut diagnostic.range).chain(inside) {
        (range.start.line, range.end.line) = (line(range.start.line), line(range.end.line));
    }
    Arc::new(Encoded::new(diagnostic))
}
