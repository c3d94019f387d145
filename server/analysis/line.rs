//! Analyzes one record. *Reading* finds out what the record is. *Counting* collects the facts that hold whatever the
//! rest of the file says. *Showing* makes the findings, once the file has a verdict.

use crate::analysis::lines::batch::Batch;
use crate::analysis::lines::records::{Scan, Scanner};
use crate::analysis::reader::{Layout, Parsed, Reader};
use crate::example::Example;
use crate::example::meaning::Meaning;
use crate::formats::{ArrayOf, FORMATS, Format, LineKind, Mark, array_of};
use crate::json::{Fault, Kind, Parser, Record, SyntaxError, lexer, python, values};
use crate::rules::context::{Form, Known};
use crate::rules::facts::Within;
use crate::rules::report::Showing;
use crate::rules::{
    Asked, Context, FAMILIES, Fact, Finding, Input, Levels, Loss, Needs, Relations, Report, RuleId, Scope, Verdict,
    What,
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
    /// The facts to count.
    pub facts: Facts,
    /// The meaning, if the record is an example that the service can read.
    pub meaning: Option<Meaning>,
}

/// Analyzes records one after another, and reuses its memory.
#[derive(Debug)]
pub struct Analyst {
    reader: Reader,
    facts: Vec<(Fact, u32)>,
    settings: Settings,
    levels: Levels,
    asked: Asked,
    scanner: Scanner,
    fallback: &'static Format,
    /// Whether the last counted record is a well-formed object with a mark.
    certain: bool,
}

/// How to show the findings of a record.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// The verdict on the file.
    pub verdict: &'a Verdict,
    /// The first line of the record, 0-based.
    pub line: usize,
    /// How the record relates to others.
    pub relations: &'a Relations,
    /// Whether to add fixes.
    pub fixes: bool,
    /// Whether to show everything that can be fixed, even beyond the reported findings.
    pub all: bool,
}

/// A record, read for a question of an editor.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// The record.
    pub record: Record<'a>,
    /// The mark of its format.
    pub mark: Mark,
    /// The kind of line that it is read as.
    pub kind: &'static LineKind,
    /// Its walk along the schema.
    pub fit: &'a Fit,
    /// Its example.
    pub example: &'a Example,
    /// Its syntax errors.
    pub errors: &'a [SyntaxError],
}

impl Default for Analyst {
    fn default() -> Self {
        Self::new(&Settings::default())
    }
}

impl Analyst {
    /// An analyst with these settings.
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

    /// The settings that it applies.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The levels of the rules under these settings.
    #[must_use]
    pub fn levels(&self) -> &Levels {
        &self.levels
    }

    /// The format in which [`read`](Self::read) reads records without a mark.
    #[must_use]
    pub fn fallback(&self) -> &'static Format {
        self.fallback
    }

    /// Sets the format in which [`read`](Self::read) reads records without a mark.
    pub fn set_fallback(&mut self, format: &'static Format) {
        self.fallback = format;
    }

    /// Parses a record, and walks it along its format. The result stays until the next record is read.
    pub fn read<'a>(&'a mut self, text: &'a str) -> Reading<'a> {
        let mut parsed = self.reader.parse(text);
        let mark = self.settings.mark(parsed.mark());
        let kind = if let Mark::Known(kind) = mark { kind } else { self.fallback.kinds[0] };
        parsed.walk(kind, &self.settings);
        let Parsed { record, layout, errors, .. } = parsed;
        Reading { record, mark, kind, fit: &layout.fit, example: &layout.example, errors }
    }

    /// The input and the target of an example in canonical form. Both are empty unless the record is an example that
    /// the service can read.
    pub fn canonical(&mut self, input: &Input<'_>) -> (Vec<u8>, Vec<u8>) {
        if self.contribution(input).meaning.is_none() {
            return Default::default();
        }
        let text = input.text.strip_prefix('\u{FEFF}').unwrap_or(input.text);
        let mut parsed = self.reader.parse(text);
        let Mark::Known(kind) = self.settings.mark(parsed.mark()) else { return Default::default() };
        parsed.walk(kind, &self.settings);
        let record = parsed.record;
        let (canonical, _) = parsed.layout.canonical(record);
        canonical.bytes(record)
    }

    /// Counts a record. The result depends only on the record and the settings.
    pub fn contribution(&mut self, input: &Input<'_>) -> Contribution {
        let (mut facts, mut meanings) = (std::mem::take(&mut self.facts), Vec::new());
        facts.clear();
        self.count(input, &mut facts, &mut meanings);
        self.reader.keep_counted(&visible_text(input));
        let contribution = Contribution { facts: SmallVec::from_slice(&facts), meaning: meanings.pop() };
        self.facts = facts;
        contribution
    }

    /// Scans and counts a line as a record of its own, and adds it to the batch. A well-formed line is parsed once for
    /// both.
    pub fn analyze(&mut self, line: &Input<'_>, batch: &mut Batch) {
        batch.push(|facts, meanings| {
            self.count(line, facts, meanings);
            if self.certain { Scan::of_marked(line.text) } else { self.scanner.scan(line.text) }
        });
    }

    /// Appends the facts of a record, each once and in ascending order, and its meaning, if it has one.
    fn count(&mut self, input: &Input<'_>, facts: &mut Vec<(Fact, u32)>, meanings: &mut Vec<Meaning>) {
        let Self { reader, settings, levels, asked, certain, .. } = self;
        let mut rules = Rules { input, settings, levels, asked };
        let text = visible_text(input);
        let first = facts.len();
        // Facts are added in ascending order where that is free, because they are sorted at the end.
        if let Some(fact) = Fact::line_end(input.end) {
            facts.push((fact, 1));
        }
        let mut subject = Subject::new(parse(reader, &text), input, settings);
        *certain = subject.form == Form::Single
            && subject.parsed.fault_count == 0
            && subject.is_object
            && subject.mark != Mark::Unmarked;
        if let Some(fact) = Fact::mark(subject.mark).filter(|_| subject.mark.format().is_some()) {
            facts.push((fact, 1));
        }
        let kinds: &[&'static LineKind] = match (subject.mark, settings.format) {
            _ if !subject.is_example() => &[],
            (Mark::Known(kind), Detection::Is(format)) if kind.format != format => &[],
            (Mark::Known(kind), Detection::ByContent | Detection::Is(_)) => &[kind],
            (_, Detection::Is(format)) => &format.kinds[..1],
            // The verdict decides which format it is read in.
            (_, Detection::ByContent) => &FORMATS.map(|format| format.kinds[0]),
            (_, Detection::Other) => &[],
        };
        if subject.form != Form::Blank && (subject.parsed.fault_count > 0 || !subject.is_example()) {
            let unread = subject.mark.format().map_or(Fact::UNREAD, |format| What::UNREAD.of(format.id()));
            facts.extend(Some(subject.unread_examples()).filter(|count| *count > 0).map(|count| (unread, count)));
        }
        facts.extend(input.is_too_long().then_some((Fact::UNREAD, 1)));
        if kinds.is_empty() {
            rules.ask(&mut subject, None, facts, None);
        }
        for (place, kind) in kinds.iter().enumerate() {
            subject.is_again = place > 0;
            subject.parsed.walk(kind, settings);
            subject.count_example(kind, facts, meanings);
            let loss = rules.ask(&mut subject, Some(kind), facts, None);
            if subject.parsed.fault_count == 0 {
                facts.extend(loss.facts().map(|what| (what.of(kind.format.id()), 1)));
            }
        }
        merge(facts, first);
    }

    /// Shows the findings of a record, by place.
    pub fn findings(&mut self, input: &Input<'_>, shown: Shown<'_>) -> Vec<Finding> {
        let Self { reader, settings, levels, asked, .. } = self;
        let Shown { verdict, line, relations, fixes, all } = shown;
        let text = visible_text(input);
        let parsed = match reader.counted(&text) {
            Some(parsed) => parsed,
            None => parse(reader, &text),
        };
        let mut subject = Subject::new(parsed, input, settings);
        let kind = match subject.mark {
            _ if !subject.is_example() || settings.format == Detection::Other => None,
            Mark::Known(kind) => Some(kind).filter(|kind| kind.format == verdict.format),
            _ => Some(verdict.format.kinds[0]),
        };
        if let Some(kind) = kind {
            subject.parsed.walk(kind, settings);
        }
        let mut findings = Vec::new();
        let showing = Showing { verdict, line, relations, findings: &mut findings, fixes, all, said: Vec::new() };
        Rules { input, settings, levels, asked }.ask(&mut subject, kind, &mut Vec::new(), Some(showing));
        findings.sort_by_key(|finding| finding.span);
        findings
    }
}

/// A record that rules are asked about.
struct Subject<'a> {
    parsed: Parsed<'a>,
    form: Form,
    mark: Mark,
    is_object: bool,
    /// Whether it is in another notation that the parser misread, so that its tree has no meaning.
    is_misread: bool,
    /// Whether it was already counted in another format, so that only rules on examples have something to add.
    is_again: bool,
}

impl<'a> Subject<'a> {
    fn new(mut parsed: Parsed<'a>, input: &Input<'_>, settings: &Settings) -> Self {
        let form = match input.lines {
            _ if is_blank(parsed.record.text) => Form::Blank,
            0 | 1 if parsed.has_several_values() => Form::Several,
            0 | 1 => Form::Single,
            // A comment.
            _ if parsed.record.root().is_none() => Form::Single,
            _ => Form::MultiLine,
        };
        if form == Form::MultiLine {
            parsed.errors = &[];
        }
        let mark = match form {
            Form::Blank => Mark::Unmarked,
            _ if settings.format == Detection::Other => Mark::Unmarked,
            _ => match settings.mark(parsed.mark()) {
                Mark::Unmarked => settings.mark_of_bare(parsed.record),
                mark => mark,
            },
        };
        let is_misread = form == Form::Single && is_misread(&parsed);
        Self { form, mark, is_object: parsed.is_object(), is_misread, is_again: false, parsed }
    }

    /// Whether it can be read as an example of some format.
    fn is_example(&self) -> bool {
        self.form == Form::Single && self.is_object && !self.is_misread && !matches!(self.mark, Mark::Foreign(_))
    }

    /// How many examples the record stands for that can't be read as one.
    fn unread_examples(&self) -> u32 {
        let Parsed { record, errors, .. } = self.parsed;
        let is_bracket = |byte: u8| lexer::is_space(byte) || b"[]},".contains(&byte);
        let is_open = |root| !record.raw(record.span(root)).ends_with(']');
        let split = || values::split(&mut Parser::default(), record.text).len();
        let count = match record.root() {
            _ if matches!(self.form, Form::Several | Form::MultiLine) => split(),
            root if record.text.bytes().all(is_bracket) && root.is_none_or(is_open) => 0,
            // A comment on a line of its own.
            None => usize::from(errors.is_empty() || errors.iter().any(|error| error.fault != Fault::Comment)),
            Some(root) if record.kind(root) == Kind::Array => match array_of(record, root) {
                ArrayOf::Objects(_) => record.children(root).filter(|id| record.kind(*id) == Kind::Object).count(),
                ArrayOf::Turns(_) | ArrayOf::Messages | ArrayOf::Other => 1,
            },
            Some(_) => 1,
        };
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Counts an example that the service can parse.
    fn count_example(&mut self, kind: &'static LineKind, facts: &mut Vec<(Fact, u32)>, meanings: &mut Vec<Meaning>) {
        let Parsed { record, layout, fault_count, .. } = &mut self.parsed;
        if *fault_count > 0 {
            return;
        }
        let format = kind.format.id();
        facts.push((What::EXAMPLE.of(format), 1));
        if !layout.example.media.is_empty() {
            facts.push((What::MULTIMODAL.of(format), 1));
        }
        if self.mark == Mark::Known(kind) {
            let has_content = layout.has_content(*record);
            let (canonical, example) = layout.canonical(*record);
            if has_content {
                let meaning = Meaning::of(*record, example, canonical, meanings.last());
                meanings.push(meaning);
            }
            if canonical.has_target() {
                facts.push((What::TARGET.of(format), 1));
            }
        }
    }
}

/// The rules, and what they are asked with for every record.
struct Rules<'a> {
    input: &'a Input<'a>,
    settings: &'a Settings,
    levels: &'a Levels,
    asked: &'a mut Asked,
}

impl Rules<'_> {
    /// Asks the rules that may report something on a record. The record must be walked along `kind`, if that is given.
    fn ask(
        &mut self,
        subject: &mut Subject<'_>,
        kind: Option<&'static LineKind>,
        facts: &mut Vec<(Fact, u32)>,
        showing: Option<Showing<'_>>,
    ) -> Loss {
        let Subject { form, mark, is_again, .. } = *subject;
        let Parsed { record, errors, fault_count, cuts, .. } = subject.parsed;
        let mut unread;
        let (layout, cuts) = if kind.is_some() {
            (&mut *subject.parsed.layout, cuts)
        } else {
            // The layout may still hold the results of another record.
            unread = Layout::default();
            (&mut unread, &[][..])
        };
        let fallback = showing.as_ref().map_or(FORMATS[0], |showing| showing.verdict.format);
        let format = kind.map_or(fallback, |kind| kind.format);
        let service = self.settings.service(format);
        let limits = kind.and_then(|kind| kind.limits).unwrap_or_else(|| self.settings.limits_at(service));
        let by_layout = layout.needs(record, service, limits);
        let context = Context {
            input: self.input,
            form,
            record,
            errors,
            fault_count,
            mark,
            format,
            kind: kind.unwrap_or(format.kinds[0]),
            fit: &layout.fit,
            example: &layout.example,
            settings: self.settings,
            service,
            limits,
            known: Known::default(),
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
            record,
            accepted: self.settings.baseline.as_ref().map_or(&[], |baseline| baseline.of(self.input.text)),
            showing,
            service: context.service,
            loss: Loss::default(),
        };
        for (id, row) in self.asked.rules(has) {
            if is_again && row.rule.scope != Scope::Example {
                continue;
            }
            (report.rule, report.id) = (&row.rule, *id);
            (row.check)(&context, &mut report);
        }
        report.loss
    }
}

/// Whether the record is in another notation whose structure the parser can't read.
fn is_misread(parsed: &Parsed<'_>) -> bool {
    parsed.errors.iter().any(|error| error.fault.hides_structure()) && python::edits(parsed.record.text).is_some()
}

fn parse<'a>(reader: &'a mut Reader, text: &'a str) -> Parsed<'a> {
    if is_blank(text) { reader.blank(text) } else { reader.parse(text) }
}

/// The text for the parser. A byte order mark belongs to the file, not to the record: spaces replace it, so that all
/// spans stay right.
fn visible_text<'a>(input: &Input<'a>) -> Cow<'a, str> {
    match input.text.strip_prefix('\u{FEFF}') {
        Some(text) if input.first => Cow::Owned(format!("   {text}")),
        _ => Cow::Borrowed(input.text),
    }
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(lexer::is_space)
}

/// Sorts the facts from `first` on, and adds up those that occur several times.
fn merge(facts: &mut Vec<(Fact, u32)>, first: usize) {
    let own = &mut facts[first..];
    // Most are in order.
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

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
