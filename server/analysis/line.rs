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
    /// The text of such a record, if it is long and was counted last: all is still known of it when it is shown.
    counted: String,
    facts: Vec<(Fact, u32)>,
    settings: Settings,
    levels: Levels,
    asked: Asked,
    scanner: Scanner,
    /// Whether the record that was looked at last is well-formed and says what format it is in.
    certain: bool,
    /// Whether the layout of that record is not kept, and `parser` has the tree of its very text.
    is_unkept: bool,
}

/// A record of fewer bytes is read anew when it is shown.
const LONG: usize = 16 << 10;

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
            self.counted.push_str(input.text);
        }
        let contribution = Contribution { facts: SmallVec::from_slice(&facts), meaning: meanings.pop() };
        self.facts = facts;
        contribution
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
        self.run(input, facts, meanings, None);
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
        self.counted.clear();
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
        self.run(
            input,
            &mut facts,
            &mut Vec::new(),
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
        findings.sort_by_key(|finding| finding.span);
        findings
    }

    /// Parses and walks a record for an editor's question about it. The tree and the walk stay until
    /// the next record.
    pub fn read<'a>(&'a mut self, text: &'a str) -> Reading<'a> {
        let Self { parser, layouts, unkept, counted, .. } = self;
        unkept.clear();
        counted.clear();
        let kept = layouts.parse(parser, text);
        let (tree, layout) = kept.unwrap_or_else(|| (parser.tree(), unkept));
        let record = Record { text, tree };
        let mark = layout.mark(record);
        let format = layout.walk(record, mark);
        Reading { record, mark, format, fit: &layout.fit, example: &layout.example, errors: parser.errors() }
    }

    /// Counts facts of a record, and says what it means, behind what is there; or shows its findings.
    fn run(
        &mut self,
        input: &Input<'_>,
        facts: &mut Vec<(Fact, u32)>,
        meanings: &mut Vec<Meaning>,
        showing: Option<Showing<'_>>,
    ) {
        let Self { parser, layouts, unkept, counted, settings, asked, .. } = self;
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
        let mut layout = None;
        let is_known = showing.is_some() && bom == 0 && text.len() >= LONG && counted == text;
        if !is_known {
            unkept.clear();
            counted.clear();
        }
        if !blank {
            let kept = if is_known { None } else { layouts.parse(parser, text) };
            record.tree = kept.as_ref().map_or(parser.tree(), |(tree, _)| tree);
            layout = kept.map(|(_, layout)| layout);
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
mod tests {
    use super::*;
    use std::path::Path;

    /// All lines of all files below a folder, whatever they are.
    fn lines_below(folder: &Path, lines: &mut Vec<String>) {
        for entry in folder.read_dir().into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                lines_below(&entry.path(), lines);
            } else if let Ok(text) = std::fs::read_to_string(entry.path()) {
                lines.extend(text.lines().map(str::to_owned));
            }
        }
    }

    #[test]
    fn a_layout_is_walked_along_the_format_that_is_asked_for() {
        // Where no line is a tuning line, an editor's question still takes a line for what it says it is.
        let settings = Settings { format: Detection::Other, ..Settings::default() };
        let text = r#"{"contents":[],"completions":[{"score":1,"completion":{"role":"model","parts":[]}}]}"#;
        let input = Input { text, lines: 1, ..Input::default() };
        let mut analyst = Analyst::new(&settings);
        let contribution = analyst.contribution(&input);
        let pairs = analyst.read(text).fit.pairs.len();
        assert_eq!(pairs, Analyst::new(&settings).read(text).fit.pairs.len());
        assert_eq!(analyst.contribution(&input), contribution);
    }

    #[test]
    fn a_long_record_that_was_counted_is_shown_like_any_other() {
        let (settings, mut verdict) = (Settings::default(), Verdict::default());
        (verdict.tuning, verdict.too_few, verdict.dropped, verdict.examples) = (true, Some(3), 1, 3);
        let mut lines = Vec::new();
        lines_below(Path::new("fixtures"), &mut lines);
        let mut lines: Vec<_> = lines.into_iter().step_by(6).collect();
        // More values than those of a layout that is kept.
        let part = r#"{"text":"a","videoMetadata":{"startOffset":"5","endOffset":"2s"}},"#;
        lines.push(format!(r#"{{"contents":[{{"role":"usr","parts":[{}{{}}]}}]}}"#, part.repeat(2_000)));
        lines.iter_mut().for_each(|line| line.push_str(&" ".repeat(LONG)));
        let input = |line: usize| Input { text: &lines[line], lines: 1, first: line == 0, ..Input::default() };
        let show = |analyst: &mut Analyst, line: usize| {
            let shown = Shown { verdict: &verdict, line, relations: Relations::NONE, fixes: true, all: false };
            let findings = analyst.findings(&input(line), shown).into_iter();
            findings.map(|finding| (finding.span, finding.message, finding.fixes)).collect::<Vec<_>>()
        };
        let (mut analyst, mut other, mut found) = (Analyst::new(&settings), Analyst::new(&settings), 0);
        for line in 0..lines.len() {
            let expected = show(&mut other, line);
            let contribution = analyst.contribution(&input(line));
            assert_eq!(show(&mut analyst, line), expected, "{}", lines[line]);
            // What is known of it is not changed by that, and not taken for what is known of another one.
            assert_eq!(show(&mut analyst, line), expected);
            let before = line.saturating_sub(1);
            assert_eq!(show(&mut analyst, before), show(&mut other, before));
            assert_eq!(analyst.contribution(&input(line)), contribution);
            analyst.read(&lines[before]);
            assert_eq!(show(&mut analyst, line), expected);
            found += expected.len();
        }
        assert!(found > 200, "{found}");
    }

    #[test]
    fn rules_that_are_not_asked_have_nothing_to_say() {
        let settings = Settings::default();
        let (mut analyst, mut thorough) = (Analyst::new(&settings), Analyst::new(&settings));
        thorough.asked.about_everything = true;
        let mut lines = Vec::new();
        lines_below(Path::new("fixtures"), &mut lines);
        assert!(lines.len() > 1_000);
        // A file of which there is something to say on its first record.
        let mut verdict = Verdict::default();
        (verdict.tuning, verdict.too_few, verdict.dropped, verdict.examples) = (true, Some(3), 1, 3);
        let (mut found, mut said) = (0, 0);
        for (place, text) in lines.iter().enumerate() {
            let input = Input { text, lines: 1, first: place % 2 == 0, ..Input::default() };
            let contribution = analyst.contribution(&input);
            assert_eq!(contribution, thorough.contribution(&input), "{text}");
            found += contribution.facts.iter().filter(|(fact, _)| fact.as_finding().is_some()).count();
            let shown = Shown { verdict: &verdict, line: place, relations: Relations::NONE, fixes: false, all: true };
            let [findings, all] = [&mut analyst, &mut thorough].map(|analyst| {
                let findings = analyst.findings(&input, shown).into_iter();
                findings.map(|finding| (finding.rule.code, finding.span, finding.message)).collect::<Vec<_>>()
            });
            assert_eq!(findings, all, "{text}");
            said += findings.len();
        }
        assert!(found > 500 && said > found, "{found} counted, {said} shown");
    }
}
