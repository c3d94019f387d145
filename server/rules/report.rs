//! What a rule is given and what it gives back.

use crate::json::{Edit, NodeId, Record, Span, SyntaxError};
use crate::rules::{Fact, Levels, OtherFile, Relations, Rule, RuleId, Scope, Severity, Verdict};
use crate::schema::detect::Mark;
use crate::schema::example::Example;
use crate::schema::fit::Fit;
use crate::schema::media::Resolution;
use crate::settings::Settings;
use serde::{Deserialize, Serialize};
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

/// A whole-line or whole-file repair that has a name instead of edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operation {
    /// Join an example over several lines into one.
    Join,
    /// Give each value of the line a line of its own.
    Split,
    /// Turn a file that is one array into one record a line.
    Unwrap,
    /// Delete the line.
    DeleteLine,
    /// Give every line the majority's line end, or this line, where it ends with a lone CR.
    LineEnds,
    /// End the last line.
    FinalNewline,
    /// Delete the examples that mean the same as an earlier one of this record's.
    DeleteCopies,
    /// Set `generationConfig.mediaResolution`.
    SetResolution {
        /// The value.
        resolution: Resolution,
        /// Which examples get it.
        extent: Extent,
    },
}

/// How far an operation reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Extent {
    /// The record.
    Line,
    /// Every record of the file.
    File,
    /// Every record of every file of the dataset.
    Dataset,
}

/// What a fix changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// These bytes of the record, in order and apart from each other.
    Edits(Vec<Edit>),
    /// A named operation.
    Operation(Operation),
}

/// A repair for one finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a menu entry.
    pub title: String,
    /// Whether the meaning is certainly kept.
    pub safe: bool,
    /// What it changes.
    pub change: Change,
}

impl Fix {
    /// A fix that certainly keeps the meaning.
    pub fn safe(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { title: title.into(), safe: true, change: Change::Edits(edits) }
    }

    /// A fix that is likely what was meant.
    pub fn suggested(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { title: title.into(), safe: false, change: Change::Edits(edits) }
    }

    /// A fix by a named operation.
    pub fn operation(title: impl Into<String>, safe: bool, operation: Operation) -> Self {
        Self { title: title.into(), safe, change: Change::Operation(operation) }
    }
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
        if !self.is_cut(span) {
            self.fact(fact);
        }
    }

    /// Reports something that is wrong whatever the rest of the file is like.
    pub fn find<R>(&mut self, severity: Severity, span: Span, build: impl FnOnce(&mut Finding) -> R) {
        if self.showing.is_some() {
            self.show(severity, span, build);
        } else if !self.is_cut(span)
            && let Some(severity) = self.levels.severity(self.rule, severity)
        {
            self.facts.push((Fact::finding(self.rule, severity), 1));
        }
    }

    /// Reports something once per file, at its first place; `build` is told how often it holds.
    pub fn once<R>(&mut self, fact: Fact, severity: Severity, span: Span, build: impl FnOnce(&mut Finding, u32) -> R) {
        if self.is_cut(span) {
            return;
        }
        self.fact(fact);
        let Some(showing) = &self.showing else { return };
        let Some((line, count)) = showing.verdict.first(fact) else { return };
        if showing.all {
            return self.show(severity, span, |finding| build(finding, count));
        }
        // A record may hold the fact several times: its first place is the one to show.
        if line == showing.line && !showing.said.contains(&fact) {
            self.show(severity, span, |finding| build(finding, count));
            if let Some(showing) = &mut self.showing {
                showing.said.push(fact);
            }
        }
    }

    /// Whether the finding would be about a key or value that is cut off, and not about the cut.
    fn is_cut(&self, span: Span) -> bool {
        self.cuts.contains(&span.start()) && self.rule.rule().scope == Scope::TuningFile
    }

    /// Shows a finding that depends on the rest of the file; does nothing while counting.
    pub fn show<R>(&mut self, severity: Severity, span: Span, build: impl FnOnce(&mut Finding) -> R) {
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
