//! One record through the rules: read it, and ask each rule. A record is *counted* first: which facts hold, whatever
//! the rest of the file is like. Once the verdict on the file is known, it is *shown*: the findings themselves.

use crate::analysis::lines::batch::Batch;
use crate::analysis::lines::records::{Scan, Scanner};
use crate::analysis::reader::{Layout, Parsed, Reader};
use crate::example::Example;
use crate::example::meaning::Meaning;
use crate::formats::{FORMATS, Format, LineKind, Mark};
use crate::json::{Record, SyntaxError, Tree};
use crate::rules::context::Form;
use crate::rules::facts::Within;
use crate::rules::report::Showing;
use crate::rules::{
    Asked, Context, FAMILIES, Fact, Finding, Input, Levels, Needs, Relations, Report, RuleId, Scope, Verdict, What,
};
use crate::schema::fit::Fit;
use crate::settings::{Detection, Settings};
use smallvec::SmallVec;
use std::borrow::Cow;

/// The facts of one record, each with how often it holds, in ascending order.
pub type Facts = SmallVec<[(Fact, u32); 14]>;

/// What one record contributes to its file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contribution {
    /// What is counted.
    pub facts: Facts,
    /// What it means, when it is an example that the service can read.
    pub meaning: Option<Meaning>,
}

/// Analyzes records one after another; its memory is used again from record to record.
#[derive(Debug)]
pub struct Analyst {
    reader: Reader,
    facts: Vec<(Fact, u32)>,
    settings: Settings,
    levels: Levels,
    asked: Asked,
    scanner: Scanner,
    /// The format in which a record without a mark is read for an editor.
    fallback: &'static Format,
    /// Whether the record that was analyzed last is well-formed and says what format it is in.
    certain: bool,
}

/// How findings are to be shown.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// The verdict on the file.
    pub verdict: &'a Verdict,
    /// The first line of the record, 0-based.
    pub line: usize,
    /// What other records have to do with it.
    pub relations: &'a Relations,
    /// Whether fixes are wanted.
    pub fixes: bool,
    /// Whether everything is wanted that can be fixed, also beyond what is reported.
    pub all: bool,
}

/// A record as an editor's question sees it.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// The record.
    pub record: Record<'a>,
    /// What its top level says about its format.
    pub mark: Mark,
    /// The kind of line it is read as.
    pub kind: &'static LineKind,
    /// Its walk along the schema.
    pub fit: &'a Fit,
    /// What it means.
    pub example: &'a Example,
    /// Its faults of grammar.
    pub errors: &'a [SyntaxError],
}

impl Default for Analyst {
    fn default() -> Self {
        Self::new(&Settings::default())
    }
}

impl Analyst {
    /// An analyst under these settings.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let fallback = if let Detection::Is(format) = settings.format { format } else { settings.fallback() };
        Self {
            reader: Reader::default(),
            facts: Vec::new(),
            settings: settings.clone(),
            levels: Levels::new(settings).0,
            asked: Asked::default(),
            scanner: Scanner::default(),
            fallback,
            certain: false,
        }
    }

    /// The settings it works under.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The levels it works under.
    #[must_use]
    pub fn levels(&self) -> &Levels {
        &self.levels
    }

    /// The format in which a record without a mark is read when an editor [asks](Self::read).
    #[must_use]
    pub fn fallback(&self) -> &'static Format {
        self.fallback
    }

    /// Reads records without a mark in this format, the one of their file, when an editor [asks](Self::read).
    pub fn set_fallback(&mut self, format: &'static Format) {
        self.fallback = format;
    }

    /// Counts: what the record contributes to its file. A pure function of the input and the settings.
    pub fn contribution(&mut self, input: &Input<'_>) -> Contribution {
        let (mut facts, mut meanings) = (std::mem::take(&mut self.facts), Vec::new());
        facts.clear();
        self.count(input, &mut facts, &mut meanings);
        // Lines that are analyzed in a row are shown by others: of them no copy is made.
        if !begins_with_mark(input) && !is_blank(input.text) {
            self.reader.keep_counted(input.text);
        }
        let contribution = Contribution { facts: SmallVec::from_slice(&facts), meaning: meanings.pop() };
        self.facts = facts;
        contribution
    }

    /// Analyzes a line by itself: adds the same scan and contribution as come of it one by one, in one reading
    /// of it where it is well-formed.
    pub fn analyze(&mut self, line: &Input<'_>, batch: &mut Batch) {
        batch.push(|facts, meanings| {
            self.count(line, facts, meanings);
            if self.certain { Scan::of_marked(line.text) } else { self.scanner.scan(line.text) }
        });
    }

    /// Appends the facts of a record, each once and in ascending order, and what the record means, if anything.
    fn count(&mut self, input: &Input<'_>, facts: &mut Vec<(Fact, u32)>, meanings: &mut Vec<Meaning>) {
        let first = facts.len();
        self.note(input, facts, meanings);
        let own = &mut facts[first..];
        // Most come in order.
        if own.is_sorted_by(|(one, _), (next, _)| one < next) {
            return;
        }
        own.sort_unstable_by_key(|(fact, _)| *fact);
        let mut last = 0;
        for at in 1..own.len() {
            if own[at].0 == own[last].0 {
                own[last].1 = own[last].1.saturating_add(own[at].1);
            } else {
                last += 1;
                own[last] = own[at];
            }
        }
        facts.truncate(first + last + 1);
    }

    /// Appends the facts of a record in any order, and what the record means.
    fn note(&mut self, input: &Input<'_>, facts: &mut Vec<(Fact, u32)>, meanings: &mut Vec<Meaning>) {
        let Self { reader, settings, levels, asked, certain, .. } = self;
        let mut rules = Rules { input, settings, levels, asked };
        let text = visible_text(input);
        *certain = false;
        // Facts come in the order of their numbers, as far as it costs nothing: they have to be sorted.
        facts.extend(Fact::line_end(input.end).map(|fact| (fact, 1)));
        if is_blank(&text) {
            rules.ask(&mut Look::blank(&text), None, facts, None);
            return;
        }
        let mut parsed = reader.parse(&text);
        let mut look = Look::new(&mut parsed, input, settings);
        *certain =
            look.form == Form::Single && look.fault_count() == 0 && look.is_object && look.mark != Mark::Unmarked;
        facts.extend(Fact::mark(look.mark).filter(|_| look.mark.format().is_some()).map(|fact| (fact, 1)));
        let kinds: &[&'static LineKind] = match (look.mark, settings.format) {
            _ if !look.is_example() => &[],
            (Mark::Known(kind), Detection::Is(format)) if kind.format() != format => &[],
            (Mark::Known(kind), Detection::ByContent | Detection::Is(_)) => &[kind],
            (_, Detection::Is(format)) => &format.kinds[..1],
            // It may turn out to be a line of any.
            (_, Detection::ByContent) => UNMARKED_KINDS,
            (_, Detection::Other) => &[],
        };
        if kinds.is_empty() {
            rules.ask(&mut look, None, facts, None);
        }
        for (place, kind) in kinds.iter().enumerate() {
            look.walk(kind);
            look.is_again = place > 0;
            look.note_example(kind, facts, meanings);
            rules.ask(&mut look, Some(kind), facts, None);
        }
    }

    /// The input and the target of the example in its one form, for comparing. Both are empty unless the record
    /// is an example that the service can read.
    pub fn canonical(&mut self, input: &Input<'_>) -> (Vec<u8>, Vec<u8>) {
        if self.contribution(input).meaning.is_none() {
            return Default::default();
        }
        let text = input.text.strip_prefix('\u{FEFF}').unwrap_or(input.text);
        let mut parsed = self.reader.parse(text);
        let Mark::Known(kind) = parsed.mark() else { return Default::default() };
        parsed.walk(kind);
        let record = parsed.record;
        let (canonical, example) = parsed.layout.canonical(record);
        canonical.bytes(record, example)
    }

    /// Shows: the findings of the record, by place, once the verdict on its file is known.
    pub fn findings(&mut self, input: &Input<'_>, shown: Shown<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let showing = Showing {
            verdict: shown.verdict,
            line: shown.line,
            relations: shown.relations,
            findings: &mut findings,
            fixes: shown.fixes,
            all: shown.all,
            said: Vec::new(),
        };
        self.show(input, showing);
        findings.sort_by_key(|finding| finding.span);
        findings
    }

    fn show(&mut self, input: &Input<'_>, showing: Showing<'_>) {
        let Self { reader, settings, levels, asked, .. } = self;
        let mut rules = Rules { input, settings, levels, asked };
        let verdict = showing.verdict;
        let text = visible_text(input);
        if is_blank(&text) {
            return rules.ask(&mut Look::blank(&text), None, &mut Vec::new(), Some(showing));
        }
        let is_counted = !begins_with_mark(input) && reader.has_counted(input.text);
        let mut parsed = if is_counted { reader.counted(&text) } else { reader.parse(&text) };
        let mut look = Look::new(&mut parsed, input, settings);
        let kind = match look.mark {
            _ if !look.is_example() || settings.format == Detection::Other => None,
            Mark::Known(kind) => Some(kind).filter(|kind| kind.format() == verdict.format),
            _ => Some(verdict.format.kinds[0]),
        };
        if let Some(kind) = kind {
            look.walk(kind);
        }
        rules.ask(&mut look, kind, &mut Vec::new(), Some(showing));
    }

    /// Parses and walks a record for an editor's question about it. The tree and the walk stay until
    /// the next record.
    pub fn read<'a>(&'a mut self, text: &'a str) -> Reading<'a> {
        let fallback = self.fallback.kinds[0];
        let mut parsed = self.reader.parse(text);
        let mark = parsed.mark();
        let kind = if let Mark::Known(kind) = mark { kind } else { fallback };
        parsed.walk(kind);
        let Parsed { record, layout, errors, .. } = parsed;
        Reading { record, mark, kind, fit: &layout.fit, example: &layout.example, errors }
    }
}

/// A kind of line of each format: what a line without a mark may be.
static UNMARKED_KINDS: &[&LineKind] = &{
    let mut kinds = [FORMATS[0].kinds[0]; FORMATS.len()];
    let mut at = 0;
    while at < kinds.len() {
        kinds[at] = FORMATS[at].kinds[0];
        at += 1;
    }
    kinds
};

/// A record that rules look at.
struct Look<'a, 'p> {
    record: Record<'a>,
    form: Form,
    mark: Mark,
    is_object: bool,
    /// Whether it was analyzed under another format already, so that only what depends on the format is new.
    is_again: bool,
    parsed: Option<&'p mut Parsed<'a>>,
}

impl<'a, 'p> Look<'a, 'p> {
    fn blank(text: &'a str) -> Self {
        static EMPTY: Tree = Tree { nodes: Vec::new(), ascii: true };
        let record = Record { text, tree: &EMPTY };
        Self { record, form: Form::Blank, mark: Mark::Unmarked, is_object: false, is_again: false, parsed: None }
    }

    fn new(parsed: &'p mut Parsed<'a>, input: &Input<'_>, settings: &Settings) -> Self {
        let form = match input.lines {
            0 | 1 if parsed.has_several_values() => Form::Several,
            0 | 1 => Form::Single,
            _ => Form::MultiLine,
        };
        let mark = if settings.format == Detection::Other { Mark::Unmarked } else { parsed.mark() };
        let (record, is_object) = (parsed.record, parsed.is_object());
        Self { record, form, mark, is_object, is_again: false, parsed: Some(parsed) }
    }

    /// Whether it can be read as an example of some format.
    fn is_example(&self) -> bool {
        self.form == Form::Single && self.is_object && !matches!(self.mark, Mark::Foreign(_))
    }

    fn fault_count(&self) -> usize {
        self.parsed.as_ref().map_or(0, |parsed| parsed.fault_count)
    }

    fn walk(&mut self, kind: &'static LineKind) {
        if let Some(parsed) = &mut self.parsed {
            parsed.walk(kind);
        }
    }

    /// What an example contributes that the service can parse.
    fn note_example(&mut self, kind: &'static LineKind, facts: &mut Vec<(Fact, u32)>, meanings: &mut Vec<Meaning>) {
        let Some(parsed) = self.parsed.as_deref_mut().filter(|parsed| parsed.fault_count == 0) else { return };
        let format = kind.format().id();
        facts.push((What::EXAMPLE.of(format), 1));
        if !parsed.layout.example.media.is_empty() {
            facts.push((What::MULTIMODAL.of(format), 1));
        }
        if self.mark == Mark::Known(kind) {
            let (canonical, example) = parsed.layout.canonical(self.record);
            meanings.push(Meaning::of(self.record, example, canonical));
            if canonical.has_target() {
                facts.push((What::TARGET.of(format), 1));
            }
        }
    }
}

/// All that rules are asked with, whatever the record.
struct Rules<'a> {
    input: &'a Input<'a>,
    settings: &'a Settings,
    levels: &'a Levels,
    asked: &'a mut Asked,
}

impl Rules<'_> {
    /// Asks each rule that may have something to say of a record, which was walked along the format of `kind`, if
    /// of any.
    fn ask(
        &mut self,
        look: &mut Look<'_, '_>,
        kind: Option<&'static LineKind>,
        facts: &mut Vec<(Fact, u32)>,
        showing: Option<Showing<'_>>,
    ) {
        let mut unread;
        let (mut errors, mut fault_count, mut cuts): (&[SyntaxError], _, &[usize]) = (&[], 0, &[]);
        let parsed = look.parsed.as_deref_mut();
        if let Some(parsed) = &parsed {
            fault_count = parsed.fault_count;
            errors = if look.form == Form::MultiLine { &[] } else { parsed.errors };
        }
        let layout = match parsed.filter(|_| kind.is_some()) {
            Some(parsed) => {
                cuts = parsed.cuts;
                &mut *parsed.layout
            }
            // What is not read as an example shows nothing of another record.
            None => {
                unread = Layout::default();
                &mut unread
            }
        };
        let by_layout = layout.needs();
        let fallback = showing.as_ref().map_or(FORMATS[0], |showing| showing.verdict.format);
        let format = kind.map_or(fallback, |kind| kind.format());
        let context = Context {
            input: self.input,
            form: look.form,
            record: look.record,
            errors,
            fault_count,
            mark: look.mark,
            format,
            kind: kind.unwrap_or(format.kinds[0]),
            fit: &layout.fit,
            example: &layout.example,
            settings: self.settings,
            service: self.settings.service(format),
            limits: self.settings.limits(format),
        };
        let has = Needs::of(&context, by_layout, showing.is_some());
        let mut report = Report {
            rule: &FAMILIES[0].rules[0].rule,
            id: RuleId(0),
            within: if kind.is_some() { Within::Format(format.id()) } else { Within::AnyFormat },
            format: format.id(),
            levels: self.levels,
            facts,
            cuts,
            record: look.record,
            accepted: self.settings.baseline.as_ref().map_or(&[], |baseline| baseline.of(self.input.text)),
            showing,
        };
        for (id, row) in self.asked.rules(has) {
            if look.is_again && row.rule.scope != Scope::Example {
                continue;
            }
            (report.rule, report.id) = (&row.rule, *id);
            (row.check)(&context, &mut report);
        }
    }
}

/// The text as the parser sees it: a byte order mark is the file's, not the record's, and spaces stand in its place,
/// so that every span stays right.
fn visible_text<'a>(input: &Input<'a>) -> Cow<'a, str> {
    if begins_with_mark(input) {
        Cow::Owned(format!("   {}", &input.text['\u{FEFF}'.len_utf8()..]))
    } else {
        Cow::Borrowed(input.text)
    }
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(crate::json::lexer::is_space)
}

/// Whether the file's byte order mark stands before the record.
fn begins_with_mark(input: &Input<'_>) -> bool {
    input.first && input.text.starts_with('\u{FEFF}')
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
