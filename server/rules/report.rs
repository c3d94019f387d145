//! What a rule is given and what it gives back.

use crate::json::{NodeId, Record, Span, SyntaxError};
use crate::rules::{Fact, Fix, Levels, OtherFile, Relations, Rule, RuleId, Scope, Severity, Verdict};
use crate::schema::detect::Mark;
use crate::schema::example::Example;
use crate::schema::fit::Fit;
use crate::settings::Settings;
use crate::settings::baseline::Accepted;
use std::sync::Arc;

/// How a line ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineEnd {
    /// With LF.
    #[default]
    Lf,
    /// With CR and LF.
    CrLf,
    /// With a CR alone.
    Cr,
    /// It is the file's last and does not.
    Missing,
}

/// Bytes that are not UTF-8; only a file on disk can have them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvalidUtf8 {
    /// Some bytes, each of which stands in the record's text as one U+FFFD.
    Bytes {
        /// Where the first of them stands in the record's text.
        span: Span,
        /// Its value.
        byte: u8,
        /// Its place in the file, 0-based.
        offset: usize,
        /// How many such bytes the record has.
        count: usize,
    },
    /// The file is UTF-16.
    Utf16,
}

/// One record as it stands in its file.
#[derive(Clone, Debug, Default)]
pub struct Input<'a> {
    /// Its text; of several lines with the line ends between them, without the last.
    pub text: &'a str,
    /// How its last line ends.
    pub end: LineEnd,
    /// How many lines it has.
    pub lines: usize,
    /// Whether it is the first of its file.
    pub first: bool,
    /// Bytes of it that are not UTF-8.
    pub invalid: Option<InvalidUtf8>,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An empty or white line.
    Blank,
    /// One value on one line: what a record has to be. Only its inside is judged.
    Single,
    /// Several values on one line; silent inside until it is split.
    Several,
    /// One value on several lines; silent inside until it is joined.
    MultiLine,
}

/// Everything a rule may look at.
#[derive(Debug)]
pub struct Context<'a> {
    /// The record as it stands in its file.
    pub input: &'a Input<'a>,
    /// What became of it.
    pub form: Form,
    /// Its tree; without nodes unless it is [`Form::Single`] or [`Form::Several`].
    pub record: Record<'a>,
    /// Its faults of grammar, by place.
    pub errors: &'a [SyntaxError],
    /// How many faults there are; more than `errors` in a record of noise.
    pub fault_count: usize,
    /// What its top level says about its format.
    pub mark: Mark,
    /// The walk of its tree along the schema; empty for a foreign or broken-off record.
    pub fit: &'a Fit,
    /// What it means as an example.
    pub example: &'a Example,
    /// What the user set.
    pub settings: &'a Settings,
    /// The model whose limits hold.
    pub profile: &'static crate::schema::media::Profile,
}

impl<'a> Context<'a> {
    /// Whether grammar faults leave it open what the record would contain without them.
    #[must_use]
    pub fn structure_is_hidden(&self) -> bool {
        self.errors.iter().any(|error| error.fault.hides_structure())
    }

    /// Where a finding about something missing in object `node` goes: the key it stands under; at top
    /// level or in a list its `{`.
    #[must_use]
    pub fn owner_span(&self, node: NodeId) -> Span {
        self.record.key_span(node).unwrap_or_else(|| first_byte(self.record.span(node)))
    }

    /// Where a finding about the whole file goes, on its first record: the first `{` or `[`, else the
    /// first character.
    #[must_use]
    pub fn file_span(&self) -> Span {
        let text = self.input.text;
        match text.find(['{', '[']) {
            Some(at) => Span::new(at, at + 1),
            None => Span::new(0, text.chars().next().map_or(0, char::len_utf8)),
        }
    }

    /// ` at /contents/0`, or nothing for the top level.
    #[must_use]
    pub fn place(&self, node: NodeId) -> String {
        match self.record.pointer(node) {
            pointer if pointer.is_empty() => String::new(),
            pointer => format!(" at {pointer}"),
        }
    }

    /// The key or value text behind a span.
    #[must_use]
    pub fn raw(&self, span: Span) -> &'a str {
        self.record.raw(span)
    }
}

fn pointer_at(record: Record<'_>, span: Span) -> String {
    record.node_at(span.start()).map_or_else(String::new, |node| record.pointer(node))
}

/// The first byte of a span: its bracket.
fn first_byte(span: Span) -> Span {
    Span::new(span.start(), (span.start() + 1).min(span.end()))
}

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
    /// A finding without a record, on a file that is no dataset.
    #[must_use]
    pub(in crate::rules) fn on_file(rule: &'static Rule, severity: Severity, span: Span) -> Self {
        Self {
            rule,
            severity,
            span,
            pointer: String::new(),
            of_file: true,
            message: String::new(),
            related: Vec::new(),
            tag: None,
            fixes: Vec::new(),
            wants_fixes: false,
        }
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

/// Where findings are shown: set once the file is counted.
#[derive(Debug)]
pub struct Showing<'a> {
    /// The verdict on the file.
    pub verdict: &'a Verdict,
    /// The first line of the record, 0-based.
    pub line: usize,
    /// What other records have to do with it.
    pub relations: &'a Relations,
    /// Where the findings go.
    pub findings: &'a mut Vec<Finding>,
    /// Whether their fixes are wanted.
    pub fixes: bool,
    /// Whether everything is wanted that can be fixed: faults beyond the reported ones, and every
    /// place of what is said once per file.
    pub all: bool,
    /// What has been said once already.
    pub said: Vec<Fact>,
}

/// Where a rule reports.
///
/// A record is looked at in one of two ways. *Counting* only notes which facts hold, and makes no
/// text. *Showing* makes the findings, when the verdict on the whole file is known.
#[derive(Debug)]
pub struct Report<'a> {
    pub(crate) rule: RuleId,
    pub(crate) levels: &'a Levels,
    pub(crate) facts: &'a mut Vec<(Fact, u32)>,
    /// Where strings begin that are cut off; what they say is nobody's fault.
    pub(crate) cuts: &'a [usize],
    /// The record, for the places of its findings.
    pub(crate) record: Record<'a>,
    /// What the baseline accepts on the record.
    pub(crate) accepted: &'a Accepted,
    pub(crate) showing: Option<Showing<'a>>,
}

impl Report<'_> {
    /// The verdict on the file, when findings are being shown.
    #[must_use]
    pub fn verdict(&self) -> Option<&Verdict> {
        self.showing.as_ref().map(|showing| showing.verdict)
    }

    /// The first line of the record, 0-based, when findings are being shown.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.showing.as_ref().map(|showing| showing.line)
    }

    /// What other records have to do with this one; nothing is known while counting.
    #[must_use]
    pub fn relations(&self) -> &Relations {
        self.showing.as_ref().map_or(Relations::NONE, |showing| showing.relations)
    }

    /// Whether everything is wanted that can be fixed, also beyond what is reported.
    #[must_use]
    pub fn wants_all(&self) -> bool {
        self.showing.as_ref().is_some_and(|showing| showing.all)
    }

    /// Notes that a fact holds.
    pub fn fact(&mut self, fact: Fact) {
        self.amount(fact, 1);
    }

    /// Notes an amount that is summed up over the file.
    pub fn amount(&mut self, fact: Fact, amount: u64) {
        if self.showing.is_none() && amount > 0 {
            self.facts.push((fact, u32::try_from(amount).unwrap_or(u32::MAX)));
        }
    }

    /// Notes that a fact holds which shows a finding at `span` if the rest of the file asks for it.
    pub fn fact_at(&mut self, fact: Fact, span: Span) {
        if self.is_cut(span) {
            return;
        }
        if !self.is_accepted(span) {
            self.fact(fact);
        } else if let Some(accepted) = fact.accepted() {
            self.fact(accepted);
        }
    }

    /// Reports something that is wrong whatever the rest of the file is like. Of most records there is nothing to find.
    #[cold]
    pub fn find<R>(&mut self, severity: Severity, span: Span, build: impl FnOnce(&mut Finding) -> R) {
        if self.showing.is_some() {
            self.show_here(severity, span, build);
        } else if !self.is_cut(span)
            && !self.is_accepted(span)
            && let Some(severity) = self.levels.severity(self.rule, severity)
        {
            self.facts.push((Fact::finding(self.rule, severity), 1));
        }
    }

    /// Reports something once per file, at its first place; `build` is told how often it holds.
    pub fn once<R>(&mut self, fact: Fact, severity: Severity, span: Span, build: impl FnOnce(&mut Finding, u32) -> R) {
        self.fact_at(fact, span);
        if self.is_accepted(span) {
            return;
        }
        let Some(showing) = &self.showing else { return };
        let Some((line, count)) = showing.verdict.first(fact) else { return };
        if showing.all {
            return self.show_here(severity, span, |finding| build(finding, count));
        }
        // A record may hold the fact several times: its first place is the one to show.
        if line == showing.line && !self.is_cut(span) && !showing.said.contains(&fact) {
            self.show_here(severity, span, |finding| build(finding, count));
            if let Some(showing) = &mut self.showing {
                showing.said.push(fact);
            }
        }
    }

    /// Whether the finding would be about a key or value that is cut off, and not about the cut.
    fn is_cut(&self, span: Span) -> bool {
        self.cuts.contains(&span.start()) && self.rule.rule().scope == Scope::TuningFile
    }

    /// Whether the baseline has the finding that this rule would make at `span`.
    fn is_accepted(&self, span: Span) -> bool {
        !self.accepted.is_empty() && self.is_in_baseline(span)
    }

    #[cold]
    fn is_in_baseline(&self, span: Span) -> bool {
        let (code, pointer) = (self.rule.rule().code, pointer_at(self.record, span));
        self.accepted.iter().any(|accepted| accepted.0 == code && accepted.1 == pointer)
    }

    /// Shows a finding on this record that depends on the rest of the file, and whose fact was noted by
    /// [`Self::fact_at`]; does nothing while counting.
    #[cold]
    pub fn show_here<R>(&mut self, severity: Severity, span: Span, build: impl FnOnce(&mut Finding) -> R) {
        if !self.is_accepted(span) {
            self.show_finding(severity, span, false, build);
        }
    }

    /// Shows a finding about the whole file, or about other records too, which no baseline hides; does
    /// nothing while counting.
    #[cold]
    pub fn show<R>(&mut self, severity: Severity, span: Span, build: impl FnOnce(&mut Finding) -> R) {
        self.show_finding(severity, span, true, build);
    }

    #[cold]
    fn show_finding<R>(
        &mut self,
        severity: Severity,
        span: Span,
        of_file: bool,
        build: impl FnOnce(&mut Finding) -> R,
    ) {
        if self.is_cut(span) {
            return;
        }
        let Some(showing) = &mut self.showing else { return };
        let Some(severity) = self.levels.severity(self.rule, severity) else { return };
        let rule = self.rule.rule();
        if !showing.verdict.speaks(rule) {
            return;
        }
        let mut finding = Finding {
            rule,
            severity,
            span,
            pointer: pointer_at(self.record, span),
            of_file,
            message: String::new(),
            related: Vec::new(),
            tag: None,
            fixes: Vec::new(),
            wants_fixes: showing.fixes,
        };
        build(&mut finding);
        showing.findings.push(finding);
    }
}
