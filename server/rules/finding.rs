//! Findings: what rules report.

use crate::formats::Service;
use crate::json::Span;
use crate::rules::secrets::without_secrets;
use crate::rules::{Consequence, FaultKind, Fix, OtherFile, Rule, Severity};
use std::borrow::Cow;
use std::sync::Arc;

/// Another place that explains a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The file; `None` for the finding's own file.
    pub file: Option<Arc<OtherFile>>,
    /// The line, 0-based; `None` for the finding's own record.
    pub line: Option<usize>,
    /// The bytes in the finding's own record; empty for another line.
    pub span: Span,
    /// What is there, as a short phrase.
    pub message: String,
}

/// How an editor can show the text of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// Faded out: it has no effect.
    Unnecessary,
    /// Struck out: it should no longer be used.
    Deprecated,
}

/// What a rule reports about a record or a file.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that made it.
    pub rule: &'static Rule,
    /// The severity, according to the user's levels.
    pub severity: Severity,
    /// The bytes that it is about, relative to the record.
    pub span: Span,
    /// The JSON Pointer of the innermost member or element at the start of the span; empty for the whole record and
    /// for a record without a tree.
    pub pointer: String,
    /// Whether it is about the whole file or several records and is only shown on this record; a baseline never hides
    /// it.
    pub of_file: bool,
    /// Whether it stands for findings in other places of the file, which are not shown.
    pub stands_for_others: bool,
    /// What is wrong, what was expected, and what follows from it.
    pub message: String,
    /// What the service does if it is not fixed.
    pub consequence: Consequence,
    /// Other places that explain it.
    pub related: Vec<Related>,
    /// How to show the text of the span.
    pub tag: Option<Tag>,
    /// Its fixes; empty unless the caller asked for fixes.
    pub fixes: Vec<Fix>,
    /// Whether the bucket of the other lines, which was not given, may lead to a fix.
    pub lacks_bucket: bool,
    fault: FaultKind,
    effect: Option<String>,
    refused: Option<&'static str>,
    wants_fixes: bool,
}

impl Finding {
    /// A finding on a record, without a message yet. Fixes are made only if `wants_fixes` is set.
    pub(in crate::rules) fn new(rule: &'static Rule, severity: Severity, span: Span, wants_fixes: bool) -> Self {
        Self {
            rule,
            severity,
            span,
            pointer: String::new(),
            of_file: false,
            stands_for_others: false,
            message: String::new(),
            related: Vec::new(),
            tag: None,
            fixes: Vec::new(),
            lacks_bucket: false,
            consequence: Consequence::None,
            fault: rule.fault,
            effect: None,
            refused: None,
            wants_fixes,
        }
    }

    /// A finding on a file that is not a dataset and has no records.
    #[must_use]
    pub(in crate::rules) fn on_file(rule: &'static Rule, severity: Severity, span: Span) -> Self {
        Self { of_file: true, ..Self::new(rule, severity, span, false) }
    }

    /// Sets the message, without what follows from the fault.
    pub fn says(&mut self, message: impl Into<String>) -> &mut Self {
        let message: String = without_secrets(message);
        // Text quoted from a record can contain line breaks, but a message is one line.
        let is_break = |letter: char| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}');
        self.message = if message.contains(is_break) {
            message
                .chars()
                .map(|letter| if is_break(letter) { letter.escape_default().to_string() } else { letter.to_string() })
                .collect()
        } else {
            message
        };
        self
    }

    /// Sets the sentence that says what follows from the fault and replaces the service's usual one. An empty
    /// `sentence` adds none.
    pub fn effect(&mut self, sentence: impl Into<String>) -> &mut Self {
        self.effect = Some(without_secrets(sentence));
        self
    }

    /// Says that the service refuses `what`, such as "the file", because of an unreadable line.
    pub fn refuses(&mut self, what: &'static str) -> &mut Self {
        self.refused = Some(what);
        self
    }

    /// Sets a kind of fault other than the rule's usual one.
    pub fn fault(&mut self, fault: FaultKind) -> &mut Self {
        self.fault = fault;
        self
    }

    /// Appends to the message what follows from the fault with `service`, or what follows without any. `severity` is the
    /// rule's own, not changed by the user's levels.
    pub(in crate::rules) fn conclude(&mut self, service: Option<&Service>, severity: Severity) {
        if severity > Severity::Warning && self.fault == self.rule.fault && self.effect.is_none() {
            return;
        }
        let own = self.effect.take();
        let effect = match service {
            None => own.unwrap_or_default(),
            Some(service) => {
                self.consequence = service.consequence(self.fault);
                let usual = || service.effect(self.consequence, severity == Severity::Error);
                own.or_else(|| self.refused.map(|what| refusal(service, what))).unwrap_or_else(usual)
            }
        };
        if !effect.is_empty() {
            self.message = format!("{} {}", with_period(&self.message), with_period(&effect));
        }
    }

    /// Adds a related place in the same record.
    pub fn related(&mut self, span: Span, message: impl Into<String>) -> &mut Self {
        self.related.push(Related { file: None, line: None, span, message: without_secrets(message) });
        self
    }

    /// Adds a related line of the same file, 0-based.
    pub fn related_line(&mut self, line: usize, message: impl Into<String>) -> &mut Self {
        self.related.push(Related {
            file: None,
            line: Some(line),
            span: Span::default(),
            message: without_secrets(message),
        });
        self
    }

    /// Adds a related line of another file in the dataset, 0-based.
    pub fn related_elsewhere(&mut self, file: &Arc<OtherFile>, line: usize, message: impl Into<String>) -> &mut Self {
        let file = Some(Arc::clone(file));
        self.related.push(Related { file, line: Some(line), span: Span::default(), message: without_secrets(message) });
        self
    }

    /// Sets how an editor shows the text.
    pub fn tag(&mut self, tag: Tag) -> &mut Self {
        self.tag = Some(tag);
        self
    }

    /// Adds a fix; `fix` runs only if the caller asked for fixes.
    pub fn fix<F: Into<Option<Fix>>>(&mut self, fix: impl FnOnce() -> F) -> &mut Self {
        if self.wants_fixes {
            self.fixes.extend(fix().into());
        }
        self
    }
}

/// The sentence with a period, unless it ends like one already.
fn with_period(sentence: &str) -> Cow<'_, str> {
    match sentence.trim_end_matches('"').ends_with(['.', '?', '!']) {
        true => sentence.into(),
        false => format!("{sentence}.").into(),
    }
}

/// The sentence for a fault that makes more than one line unreadable: what `service` does with `what`, such as "the
/// file".
pub(in crate::rules) fn refusal(service: &Service, what: &str) -> String {
    match service.consequence(FaultKind::Unreadable) {
        Consequence::Rejected => format!("{} rejects {what}", service.title),
        consequence => service.effect(consequence, true),
    }
}
