//! Published diagnostics, and when to publish them. Each settled version is published once, and again only if something
//! other than its text has changed the findings.

use crate::analysis::Listed;
use crate::rules::Finding;
use foldhash::fast::FixedState;
use lsp_types::{Diagnostic, Uri};
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use std::collections::HashMap;
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

/// What was published for a file.
#[derive(Debug)]
pub struct Published {
    judged: bool,
    due: Due,
    last: Option<Vec<Arc<Encoded>>>,
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
        Self { judged, due: Due::Yes, last: None, made: HashMap::default() }
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
        let same = self.due == Due::Perhaps && self.last.as_ref() == Some(&diagnostics);
        self.last = Some(diagnostics.clone());
        (!same).then_some(diagnostics)
    }

    pub fn is_shown(&self) -> bool {
        self.last.as_ref().is_some_and(|last| !last.is_empty())
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
