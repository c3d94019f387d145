//! Findings as the client shows them, and when they go out: each version that settles once, and again only when
//! something other than the text changed it.

use super::capabilities::ClientCapabilities;
use crate::analysis::Listed;
use crate::json::Span;
use crate::rules::{Finding, Severity, Tag};
use foldhash::fast::FixedState;
use lsp_types::{
    Code, CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    Position, Range, Uri,
};
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

/// The parameters of `textDocument/publishDiagnostics`, whose diagnostics are shared with what is kept of them.
#[derive(Clone, Debug, Serialize)]
pub struct Publication {
    /// The file.
    pub uri: Uri,
    /// The version of its document, if it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
    /// All that is to be shown of it.
    pub diagnostics: Vec<Arc<Encoded>>,
}

/// A diagnostic and its JSON: most go out again and again as they are.
#[derive(Clone, Debug)]
pub struct Encoded {
    diagnostic: Diagnostic,
    json: Option<Box<RawValue>>,
}

impl Encoded {
    /// Of this diagnostic.
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

/// What was published of a document.
#[derive(Debug)]
pub struct Published {
    judged: bool,
    due: Due,
    last: Option<Vec<Arc<Encoded>>>,
    /// By the address of a finding that was published last: the finding, which keeps its address, the line of
    /// its record, and what the client was shown. The same finding is not put together again.
    made: HashMap<usize, (Arc<Finding>, usize, Arc<Encoded>), FixedState>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    No,
    /// This version has not been published.
    Yes,
    /// It has; but its findings may have changed.
    Perhaps,
}

impl Published {
    /// A document that has just been opened; one that is not judged is never published.
    pub fn new(judged: bool) -> Self {
        Self { judged, due: Due::Yes, last: None, made: HashMap::default() }
    }

    /// Whether it is judged from now on; true when what is shown has to be taken back.
    pub fn judge(&mut self, judged: bool) -> bool {
        let taken_back = self.judged && !judged && self.is_shown();
        if self.judged != judged {
            *self = Self::new(judged);
        }
        taken_back
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

    /// Notes what is to be published; `None` when it need not go out because it is out already.
    pub fn take(&mut self, diagnostics: Vec<Arc<Encoded>>) -> Option<Vec<Arc<Encoded>>> {
        let same = self.due == Due::Perhaps && self.last.as_ref() == Some(&diagnostics);
        self.last = Some(diagnostics.clone());
        (!same).then_some(diagnostics)
    }

    pub fn is_shown(&self) -> bool {
        self.last.as_ref().is_some_and(|last| !last.is_empty())
    }

    /// The diagnostics of these findings; `new` makes those that were not published last.
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

/// A finding as the client shows it. `page` is the page of its rule; `place` gives the place of a byte of the
/// record that begins with a line.
pub fn diagnostic(
    uri: &Uri,
    client: &ClientCapabilities,
    page: Option<Uri>,
    listed: &Listed,
    place: &impl Fn(usize, usize) -> Position,
) -> Arc<Encoded> {
    let (line, finding) = (listed.line, &listed.finding);
    let range = |span: Span| Range { start: place(line, span.start()), end: place(line, span.end()) };
    let mut message = finding.message.clone();
    let mut related = Vec::new();
    for other in &finding.related {
        let elsewhere = other.file.as_ref().and_then(|file| file.location.parse::<Uri>().ok());
        let place = match other.line {
            None => range(other.span),
            Some(line) => {
                // A line's number is all that is known of another file.
                let far = || Position { line: u32::try_from(line).unwrap_or(u32::MAX), character: 0 };
                let start = if other.file.is_some() { far() } else { place(line, 0) };
                Range { start, end: start }
            }
        };
        if client.related_information {
            let location = Location { uri: elsewhere.unwrap_or_else(|| uri.clone()), range: place };
            related.push(DiagnosticRelatedInformation { location, message: other.message.clone() });
        } else if related.is_empty() && other.line.is_some() && other.file.is_none() {
            message.push_str(&format!(" (line {}: {})", place.start.line + 1, other.message));
        }
    }
    let tag = match finding.tag {
        Some(Tag::Unnecessary) if client.unnecessary_tag => Some(DiagnosticTag::Unnecessary),
        Some(Tag::Deprecated) if client.deprecated_tag => Some(DiagnosticTag::Deprecated),
        _ => None,
    };
    let code = finding.rule.code;
    Arc::new(Encoded::new(Diagnostic {
        range: range(finding.span),
        severity: Some(match finding.severity {
            Severity::Error => DiagnosticSeverity::Error,
            Severity::Warning => DiagnosticSeverity::Warning,
            Severity::Information => DiagnosticSeverity::Information,
            Severity::Hint => DiagnosticSeverity::Hint,
        }),
        code: Some(Code::String(code.to_owned())),
        code_description: page.map(|href| CodeDescription { href }),
        source: Some("tuning-ls".to_owned()),
        message: message.into(),
        tags: tag.map(|tag| vec![tag]),
        related_information: (!related.is_empty()).then_some(related),
        data: None,
    }))
}

/// The diagnostic of a finding whose record stands on another line now. A place that is named by its line
/// does not move with the record.
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
