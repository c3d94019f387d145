//! One record through the rules: parse, walk, and ask each rule.

use crate::analysis::records::{Scan, Scanner};
use crate::json::Fault;
use crate::json::{Kind, Parser, Record, Tree};
use crate::rules::report::{Form, Showing};
use crate::rules::{Context, FAMILIES, Fact, Finding, Input, Levels, Relations, Report, RuleId, Verdict};
use crate::schema::Format;
use crate::schema::detect::{self, Mark};
use crate::schema::example::Example;
use crate::schema::fit::Fit;
use crate::schema::meaning::{Canonical, Meaning};
use crate::settings::{Detection, Settings};
use smallvec::SmallVec;

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

/// A line as it was looked at by itself.
#[derive(Debug)]
pub struct Looked {
    /// What is kept of it to find records.
    pub scan: Scan,
    /// What it contributes, if it is a record by itself; `None` when it was only scanned.
    pub contribution: Option<Contribution>,
}

/// Looks at records one after another; its memory is used again from record to record.
#[derive(Debug, Default)]
pub struct Analyst {
    parser: Parser,
    fit: Fit,
    example: Example,
    facts: Vec<(Fact, u32)>,
    canonical: Canonical,
    meaning: Option<Meaning>,
    settings: Settings,
    levels: Levels,
    scanner: Scanner,
    /// Whether the record that was looked at last is well-formed and says what format it is in.
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

impl Analyst {
    /// An analyst under these settings.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self { settings: settings.clone(), levels: Levels::new(settings).0, ..Self::default() }
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
        self.facts.clear();
        self.meaning = None;
        self.run(input, None);
        if self.facts.len() > 1 {
            self.facts.sort_unstable();
            self.facts.dedup_by(|next, kept| {
                let same = next.0 == kept.0;
                kept.1 = kept.1.saturating_add(if same { next.1 } else { 0 });
                same
            });
        }
        Contribution { facts: SmallVec::from_slice(&self.facts), meaning: self.meaning.take() }
    }

    /// Looks at a line by itself: the same scan and contribution as come of it one by one, in one reading
    /// of it where it is well-formed.
    pub fn look(&mut self, line: &Input<'_>) -> Looked {
        let contribution = self.contribution(line);
        let scan = if self.certain { Scan::of_marked(line.text) } else { self.scanner.scan(line.text) };
        Looked { scan, contribution: Some(contribution) }
    }

    /// The example in its one form, for comparing. Nothing is in it unless the record is an example that
    /// the service can read.
    pub fn canonical(&mut self, input: &Input<'_>) -> &Canonical {
        self.contribution(input);
        &self.canonical
    }

    /// Shows: the findings of the record, by place, once the verdict on its file is known.
    pub fn findings(&mut self, input: &Input<'_>, shown: Shown<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.run(
            input,
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
        findings.sort_by_key(|finding| finding.span);
        findings
    }

    /// Parses and walks a record for an editor's question about it. The tree and the walk stay until
    /// the next record.
    pub fn read<'a>(&'a mut self, text: &'a str) -> Reading<'a> {
        self.parser.parse(text);
        let record = self.parser.record(text);
        let mark = detect::mark(record);
        let format = if let Mark::Gemini(format) = mark { format } else { Format::Supervised };
        self.fit.walk(record, format.root());
        self.example.read(record, &self.fit);
        Reading { record, mark, format, fit: &self.fit, example: &self.example, errors: self.parser.errors() }
    }

    fn run(&mut self, input: &Input<'_>, showing: Option<Showing<'_>>) {
        self.fit.clear();
        self.example.clear();
        let empty = Tree::default();
        // A byte order mark is the file's, not the record's; the spans count it.
        let bom = if input.first && input.text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
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
            // The parser sees spaces in its place, so that every span stays right.
            blanked = format!("   {}", &input.text[bom..]);
            blanked.as_str()
        } else {
            input.text
        };
        let mut mark = Mark::Unmarked;
        let mut record = Record { text, tree: &empty };
        let mut fault_count = 0;
        if !blank {
            self.parser.parse(text);
            record = self.parser.record(text);
            fault_count = self.parser.fault_count();
            if self.settings.format != Detection::Other {
                mark = detect::mark(record);
            }
            if self.parser.errors().iter().any(|error| error.fault == Fault::SeveralValues) && form == Form::Single {
                form = Form::Several;
            }
        }
        let object = record.root().is_some_and(|root| record.kind(root) == Kind::Object);
        self.certain = form == Form::Single && fault_count == 0 && object && mark != Mark::Unmarked;
        let judged = form == Form::Single && object && !matches!(mark, Mark::Foreign(_));
        if judged {
            let format = if let Mark::Gemini(format) = mark { format } else { Format::Supervised };
            self.fit.walk(record, format.root());
            self.example.read(record, &self.fit);
        }
        let counting = showing.is_none();
        if counting {
            if matches!(mark, Mark::Gemini(_)) {
                self.facts.push((Fact::GEMINI, 1));
            }
            // Tuning records: not blank, not foreign, and something the service could parse.
            if judged && fault_count == 0 {
                self.facts.push((Fact::EXAMPLE, 1));
                if !self.example.media.is_empty() {
                    self.facts.push((Fact::MULTIMODAL, 1));
                }
            }
            self.canonical.clear();
            if judged && fault_count == 0 && matches!(mark, Mark::Gemini(_)) {
                self.canonical.read(record, &self.fit, &self.example);
                let meaning = self.canonical.meaning(record, &self.example);
                if meaning.has_target {
                    self.facts.push((Fact::TARGET, 1));
                }
                self.meaning = Some(meaning);
            }
        }
        let errors = if form == Form::MultiLine { &[][..] } else { self.parser.errors() };
        let context = Context {
            input,
            form,
            record,
            errors: if blank { &[] } else { errors },
            fault_count,
            mark,
            fit: &self.fit,
            example: &self.example,
            settings: &self.settings,
            profile: self.settings.profile(),
        };
        let cuts = if judged { self.parser.cuts() } else { &[] };
        let mut report = Report {
            rule: RuleId(0),
            levels: &self.levels,
            facts: &mut self.facts,
            cuts,
            record,
            accepted: self.settings.baseline.as_ref().map_or(&[], |baseline| baseline.of(input.text)),
            showing,
        };
        for family in FAMILIES {
            for rule in family.rules {
                (rule.check)(&context, &mut report);
                report.rule = RuleId(report.rule.0 + 1);
            }
        }
    }
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
