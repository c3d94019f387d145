//! One record through the rules: parse, walk, and ask each rule.

use crate::analysis::looked::Looked;
use crate::analysis::records::{Scan, Scanner};
use crate::json::{Fault, Kind, Layouts, Parser, Record, Tree};
use crate::rules::report::{Form, Showing};
use crate::rules::{Asked, Context, Fact, Finding, Input, Levels, Needs, Relations, Report, RuleId, Verdict};
use crate::schema::Format;
use crate::schema::canonical::Canonical;
use crate::schema::detect::{self, Mark};
use crate::schema::example::Example;
use crate::schema::fit::Fit;
use crate::schema::index;
use crate::schema::meaning::{self, Meaning};
use crate::settings::{Detection, Settings};
use smallvec::SmallVec;
use std::hint::cold_path;

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

/// Looks at records one after another; its memory is used again from record to record, and what follows from
/// the layout of a record is found out once for all of that layout.
#[derive(Debug, Default)]
pub struct Analyst {
    parser: Parser,
    layouts: Layouts<Layout>,
    /// Of a record whose layout is not kept.
    unkept: Layout,
    /// The last long one that was counted.
    counted: Counted,
    facts: Vec<(Fact, u32)>,
    settings: Settings,
    levels: Levels,
    asked: Asked,
    scanner: Scanner,
    /// Whether the record that was looked at last is well-formed and says what format it is in.
    certain: bool,
    /// Whether the layout of that record is not kept, and `parser` has the tree of its very text.
    is_unkept: bool,
    /// How many records were parsed to be counted or shown.
    #[cfg(test)]
    parsed: usize,
}

/// A record of fewer bytes is read anew when it is shown.
const LONG: usize = 16 << 10;

/// A long record whose layout is not kept, and what was found when it was counted: it is probably shown next, perhaps
/// behind others.
#[derive(Debug, Default)]
struct Counted {
    text: String,
    parser: Parser,
    layout: Layout,
}

/// What is known of all records of one layout, and the rest of what is known of the last of them.
#[derive(Debug, Default)]
struct Layout {
    /// What it says about its format, if that is Gemini's, which only keys say.
    mark: Option<Mark>,
    /// The format that its walk and its example are of, once they are there.
    walked: Option<Format>,
    fit: Fit,
    example: Example,
    canonical: Option<Canonical>,
    needs: Option<Needs>,
}

impl Layout {
    /// Forgets all; keeps the memory.
    fn clear(&mut self) {
        (self.mark, self.walked, self.canonical, self.needs) = (None, None, None, None);
        self.fit.clear();
        self.example.clear();
    }

    fn mark(&mut self, record: Record<'_>) -> Mark {
        let mark = self.mark.unwrap_or_else(|| detect::mark(record));
        self.mark = Some(mark).filter(|mark| matches!(mark, Mark::Gemini(_)));
        mark
    }

    /// Walks the record along its format and reads its example.
    fn walk(&mut self, record: Record<'_>, mark: Mark) -> Format {
        let format = if let Mark::Gemini(format) = mark { format } else { Format::Supervised };
        if self.walked != Some(format) {
            // Most records are laid out like one before.
            cold_path();
            (self.walked, self.canonical, self.needs) = (Some(format), None, None);
            self.fit.walk_layout(record, format.root());
            self.example.read_layout(record, &self.fit);
        }
        self.fit.check_values(record);
        self.example.read_values(record);
        format
    }

    /// The one form of the record that was walked last, and its example.
    fn canonical(&mut self, record: Record<'_>) -> (&Canonical, &Example) {
        let Self { canonical, fit, example, .. } = self;
        (canonical.get_or_insert_with(|| Canonical::of_layout(record, fit, meaning::target(example))), example)
    }
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

impl Analyst {
    /// An analyst under these settings.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let layouts = Layouts::new(index::has_few_values);
        Self { settings: settings.clone(), levels: Levels::new(settings).0, layouts, ..Self::default() }
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

    /// Counts: what the record contributes to its file. A pure function of the input and the settings.
    pub fn contribution(&mut self, input: &Input<'_>) -> Contribution {
        let (mut facts, mut meanings) = (std::mem::take(&mut self.facts), Vec::new());
        facts.clear();
        self.count(input, &mut facts, &mut meanings);
        // Lines that are looked at in a row are shown by others: of them no copy is made.
        if self.is_unkept && input.text.len() >= LONG {
            self.swap_counted();
            input.text.clone_into(&mut self.counted.text);
        }
        let contribution = Contribution { facts: SmallVec::from_slice(&facts), meaning: meanings.pop() };
        self.facts = facts;
        contribution
    }

    fn swap_counted(&mut self) {
        std::mem::swap(&mut self.parser, &mut self.counted.parser);
        std::mem::swap(&mut self.unkept, &mut self.counted.layout);
    }

    /// Looks at a line by itself: adds the same scan and contribution as come of it one by one, in one reading
    /// of it where it is well-formed.
    pub fn look(&mut self, line: &Input<'_>, looked: &mut Looked) {
        looked.push(|facts, meanings| {
            self.count(line, facts, meanings);
            if self.certain { Scan::of_marked(line.text) } else { self.scanner.scan(line.text) }
        });
    }

    /// Adds the facts of a record behind others, each once and in ascending order, and what it means, if it means
    /// anything.
    fn count(&mut self, input: &Input<'_>, facts: &mut Vec<(Fact, u32)>, meanings: &mut Vec<Meaning>) {
        let first = facts.len();
        self.run(input, facts, meanings, false, None);
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

    /// The input and the target of the example in its one form, for comparing. Both are empty unless the record
    /// is an example that the service can read.
    pub fn canonical(&mut self, input: &Input<'_>) -> (Vec<u8>, Vec<u8>) {
        if self.contribution(input).meaning.is_none() {
            return Default::default();
        }
        let text = input.text.strip_prefix('\u{FEFF}').unwrap_or(input.text);
        self.parser.parse(text);
        let record = self.parser.record(text);
        self.unkept.clear();
        let mark = self.unkept.mark(record);
        self.unkept.walk(record, mark);
        let (canonical, example) = self.unkept.canonical(record);
        canonical.bytes(record, &example.segments)
    }

    /// Shows: the findings of the record, by place, once the verdict on its file is known.
    pub fn findings(&mut self, input: &Input<'_>, shown: Shown<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut facts = std::mem::take(&mut self.facts);
        let is_counted = input.text.len() >= LONG && self.counted.text == input.text && !begins_with_mark(input);
        // Should a rule panic, it counts as unknown.
        let text = if is_counted { std::mem::take(&mut self.counted.text) } else { String::new() };
        if is_counted {
            self.swap_counted();
        }
        self.run(
            input,
            &mut facts,
            &mut Vec::new(),
            is_counted,
            Some(Showing {
                verdict: shown.verdict,
                line: shown.line,
                relations: shown.relations,
                findings: &mut findings,
                fixes: shown.fixes,
                all: shown.all,
                said: Vec::new(),
            }),
        );
        self.facts = facts;
        if is_counted {
            self.swap_counted();
            self.counted.text = text;
        }
        findings.sort_by_key(|finding| finding.span);
        findings
    }

    /// Parses and walks a record for an editor's question about it. The tree and the walk stay until
    /// the next record.
    pub fn read<'a>(&'a mut self, text: &'a str) -> Reading<'a> {
        let Self { parser, layouts, unkept, .. } = self;
        unkept.clear();
        let kept = layouts.parse(parser, text);
        let (tree, layout) = kept.unwrap_or_else(|| (parser.tree(), unkept));
        let record = Record { text, tree };
        let mark = layout.mark(record);
        let format = layout.walk(record, mark);
        Reading { record, mark, format, fit: &layout.fit, example: &layout.example, errors: parser.errors() }
    }

    /// Counts facts of a record, and says what it means, behind what is there; or shows its findings. Of one that
    /// `is_known` all is in `parser` and `unkept` already.
    fn run(
        &mut self,
        input: &Input<'_>,
        facts: &mut Vec<(Fact, u32)>,
        meanings: &mut Vec<Meaning>,
        is_known: bool,
        showing: Option<Showing<'_>>,
    ) {
        let Self { parser, layouts, unkept, settings, asked, .. } = self;
        let empty = Tree::default();
        // A byte order mark is the file's, not the record's; the spans count it.
        let bom = if begins_with_mark(input) { '\u{FEFF}'.len_utf8() } else { 0 };
        let blank = input.text[bom..].bytes().all(crate::json::lexer::is_space);
        let mut form = if blank {
            Form::Blank
        } else if input.lines > 1 {
            Form::MultiLine
        } else {
            Form::Single
        };
        let blanked;
        let text = if bom > 0 {
            // Once in a file.
            cold_path();
            // The parser sees spaces in its place, so that every span stays right.
            blanked = format!("   {}", &input.text[bom..]);
            blanked.as_str()
        } else {
            input.text
        };
        let mut mark = Mark::Unmarked;
        let mut record = Record { text, tree: &empty };
        let mut layout = None;
        #[cfg(test)]
        {
            self.parsed += usize::from(!is_known);
        }
        if !blank {
            let kept = if is_known { None } else { layouts.parse(parser, text) };
            record.tree = kept.as_ref().map_or(parser.tree(), |(tree, _)| tree);
            layout = kept.map(|(_, layout)| layout);
            if layout.is_none() && !is_known {
                // It is of the last record without a kept layout.
                unkept.clear();
            }
            if settings.format != Detection::Other {
                mark = layout.as_deref_mut().unwrap_or(unkept).mark(record);
            }
            if parser.errors().iter().any(|error| error.fault == Fault::SeveralValues) && form == Form::Single {
                form = Form::Several;
            }
        }
        let fault_count = if blank { 0 } else { parser.fault_count() };
        let object = record.root().is_some_and(|root| record.kind(root) == Kind::Object);
        self.is_unkept = layout.is_none() && !blank && bom == 0;
        self.certain = form == Form::Single && fault_count == 0 && object && mark != Mark::Unmarked;
        let judged = form == Form::Single && object && !matches!(mark, Mark::Foreign(_));
        if !judged && !is_known {
            // Of a record that is not walked rules see nothing, least of all what another one has.
            unkept.clear();
        }
        let layout = layout.filter(|_| judged).unwrap_or(unkept);
        if judged {
            layout.walk(record, mark);
        }
        if showing.is_none() {
            if matches!(mark, Mark::Gemini(_)) {
                facts.push((Fact::GEMINI, 1));
            }
            // Tuning records: not blank, not foreign, and something the service could parse.
            if judged && fault_count == 0 {
                facts.push((Fact::EXAMPLE, 1));
                if !layout.example.media.is_empty() {
                    facts.push((Fact::MULTIMODAL, 1));
                }
            }
            if judged && fault_count == 0 && matches!(mark, Mark::Gemini(_)) {
                let (canonical, example) = layout.canonical(record);
                meanings.push(Meaning::of(record, example, canonical));
                if canonical.has_target() {
                    facts.push((Fact::TARGET, 1));
                }
            }
        }
        let errors = if blank || form == Form::MultiLine { &[][..] } else { parser.errors() };
        let context = Context {
            input,
            form,
            record,
            errors,
            fault_count,
            mark,
            fit: &layout.fit,
            example: &layout.example,
            settings,
            profile: settings.profile(),
        };
        let cuts = if judged { parser.cuts() } else { &[] };
        let mut report = Report {
            rule: RuleId(0),
            levels: &self.levels,
            facts,
            cuts,
            record,
            accepted: settings.baseline.as_ref().map_or(&[], |baseline| baseline.of(input.text)),
            showing,
        };
        let by_layout = *layout.needs.get_or_insert_with(|| Needs::of_layout(&layout.example, mark));
        let has = Needs::of(&context, by_layout, report.showing.is_some());
        for (rule, check) in asked.rules(has) {
            report.rule = *rule;
            check(&context, &mut report);
        }
    }
}

/// Whether the file's byte order mark stands before the record.
fn begins_with_mark(input: &Input<'_>) -> bool {
    input.first && input.text.starts_with('\u{FEFF}')
}

/// A record as an editor's question sees it.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// The record.
    pub record: Record<'a>,
    /// What its top level says about its format.
    pub mark: Mark,
    /// The format it is read in.
    pub format: Format,
    /// Its walk along the schema.
    pub fit: &'a Fit,
    /// What it means.
    pub example: &'a Example,
    /// Its faults of grammar.
    pub errors: &'a [crate::json::SyntaxError],
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
