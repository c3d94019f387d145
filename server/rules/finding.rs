//! What a rule has to say.

use crate::json::Span;
use crate::rules::{Fix, OtherFile, Rule, Severity};
use std::sync::Arc;

/// Another place that explains a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The file, when it is another one of the dataset.
    pub file: Option<Arc<OtherFile>>,
    /// The line, 0-based, or `None` for the finding's own record.
    pub line: Option<usize>,
    /// The bytes in the finding's own record; empty when it is another line.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// How an editor may show the text at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// Faded out: it has no effect.
    Unnecessary,
    /// Struck out: it should not be used any more.
    Deprecated,
}

/// Something a rule has to say about a record.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How bad it is, by the user's levels.
    pub severity: Severity,
    /// The bytes at fault, relative to the record.
    pub span: Span,
    /// What it is about, as a JSON Pointer: the innermost key or value at its start; empty for the whole
    /// record, and for one without a tree.
    pub pointer: String,
    /// Whether it is about the file or other records too, and only stands on this one: no baseline hides it.
    pub of_file: bool,
    /// What is wrong, where, what was expected, and what happens if it is left.
    pub message: String,
    /// Other places that explain it.
    pub related: Vec<Related>,
    /// How to show the text at fault.
    pub tag: Option<Tag>,
    /// How to mend it; empty unless fixes were asked for.
    pub fixes: Vec<Fix>,
    wants_fixes: bool,
}

impl Finding {
    /// A finding on a record, not yet worded; its fixes are made only when they are wanted.
    pub(in crate::rules) fn new(rule: &'static Rule, severity: Severity, span: Span, wants_fixes: bool) -> Self {
        Self {
            rule,
            severity,
            span,
            pointer: String::new(),
            of_file: false,
            message: String::new(),
            related: Vec::new(),
            tag: None,
            fixes: Vec::new(),
            wants_fixes,
        }
    }

    /// A finding without a record, on a file that is no dataset.
    #[must_use]
    pub(in crate::rules) fn on_file(rule: &'static Rule, severity: Severity, span: Span) -> Self {
        Self { of_file: true, ..Self::new(rule, severity, span, false) }
    }

    /// Says it.
    pub fn says(&mut self, message: impl Into<String>) -> &mut Self {
        let message: String = message.into();
        // What is quoted from a record may hold line breaks; a message is one line.
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

    /// Names another place in the record.
    pub fn related(&mut self, span: Span, message: impl Into<String>) -> &mut Self {
        self.related.push(Related { file: None, line: None, span, message: message.into() });
        self
    }

    /// Names another line, 0-based.
    pub fn related_line(&mut self, line: usize, message: impl Into<String>) -> &mut Self {
        self.related.push(Related { file: None, line: Some(line), span: Span::default(), message: message.into() });
        self
    }

    /// Names a line of another file of the dataset, 0-based.
    pub fn related_elsewhere(&mut self, file: &Arc<OtherFile>, line: usize, message: impl Into<String>) -> &mut Self {
        let file = Some(Arc::clone(file));
        self.related.push(Related { file, line: Some(line), span: Span::default(), message: message.into() });
        self
    }

    /// Says how to show the text.
    pub fn tag(&mut self, tag: Tag) -> &mut Self {
        self.tag = Some(tag);
        self
    }

    /// Offers a fix; it is made only when fixes were asked for.
    pub fn fix<F: Into<Option<Fix>>>(&mut self, fix: impl FnOnce() -> F) -> &mut Self {
        if self.wants_fixes {
            self.fixes.extend(fix().into());
        }
        self
    }
}
