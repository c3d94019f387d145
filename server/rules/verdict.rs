//! The verdict on a file: what follows from its counts, decided anew after every edit in constant time.

use crate::rules::{Counts, Fact, Levels, Rule, RuleId, Scope, Severity, by_code};
use crate::schema::media::Resolution;
use crate::settings::Settings;
use std::sync::LazyLock;

/// The counts of a file, and which of its lines hold a fact.
pub trait FileIndex {
    /// How often each fact holds in the file.
    fn counts(&self) -> &Counts;
    /// The first line of the first record that holds `fact`, 0-based.
    fn first(&self, fact: Fact) -> Option<usize>;
    /// The first lines of the records that hold `fact`, the first `most` of them.
    fn lines(&self, fact: Fact, most: usize) -> Vec<usize>;
}

/// How many lines a finding about the whole file names as related at most.
const MOST_RELATED: usize = 20;

/// What is true of the file as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is a tuning file: a line of it is marked as one.
    pub tuning: bool,
    /// Whether it is one JSON array instead of a record a line.
    pub array: bool,
    /// The resolution its examples are to have: the configured one, else the majority's, else the first.
    pub resolution: Option<Resolution>,
    /// Whether that one was configured.
    pub configured: bool,
    /// Whether another one is set as often, so that the first example decided.
    pub tied: bool,
    /// The first line that has it, 0-based.
    pub resolution_line: Option<usize>,
    /// How many examples would be dropped.
    pub dropped: u32,
    /// How many examples there are.
    pub examples: u32,
    /// The lines that would be dropped, the first of them, 0-based.
    pub dropped_lines: Vec<usize>,
    /// The first line that ends unlike most, when CRLF and LF are mixed, and whether it ends with CRLF.
    pub odd_line_end: Option<(usize, bool)>,
    /// The findings that are not shown because there are too many: how many, and of which rules.
    pub hidden: Vec<(RuleId, u32)>,
    /// Facts that are told once: the first line and the count of each.
    firsts: Vec<(Fact, usize, u32)>,
    /// The severity at which each fact is shown on every record that holds it.
    shown: Vec<Option<Severity>>,
    /// How many findings there are of each rule at each severity.
    pub totals: Vec<(RuleId, Severity, u32)>,
    /// The lines of findings that stand only there, with their severities.
    pub single_lines: Vec<(Severity, usize)>,
}

/// The rules whose findings hang on the whole file.
struct Ids {
    foreign: RuleId,
    snake_case: RuleId,
    undocumented: RuleId,
    inline_data: RuleId,
    line_ending: RuleId,
    mixed: RuleId,
    missing: RuleId,
    too_long: RuleId,
    drop_rate: RuleId,
    array: RuleId,
}

static IDS: LazyLock<Ids> = LazyLock::new(|| {
    let id = |code| by_code(code).map_or(RuleId(0), Rule::id);
    Ids {
        foreign: id("foreign-format"),
        snake_case: id("snake-case-field"),
        undocumented: id("undocumented-field"),
        inline_data: id("inline-data"),
        line_ending: id("line-ending"),
        mixed: id("mixed-media-resolution"),
        missing: id("missing-media-resolution"),
        too_long: id("segment-too-long"),
        drop_rate: id("drop-rate"),
        array: id("array-file"),
    }
});

impl Verdict {
    /// Decides. `array` says whether the file is one array. The work depends on how many facts there
    /// are, not on the file.
    #[must_use]
    pub fn new(index: &dyn FileIndex, array: bool, settings: &Settings, levels: &Levels) -> Self {
        let counts = index.counts();
        let mut verdict = Self {
            tuning: counts.of(Fact::GEMINI) > 0,
            array,
            configured: settings.media_resolution.is_some(),
            examples: counts.of(Fact::EXAMPLE),
            shown: vec![None; Fact::count()],
            ..Self::default()
        };
        verdict.resolution = settings.media_resolution.or_else(|| majority(index));
        let times = |resolution| Fact::resolution(resolution).map_or(0, |fact| counts.of(fact));
        verdict.tied = verdict
            .resolution
            .is_some_and(|own| Resolution::ALL.into_iter().any(|other| other != own && times(other) == times(own)));
        if let Some(fact) = verdict.resolution.and_then(Fact::resolution) {
            verdict.resolution_line = index.first(fact);
        }
        let mut judge = Judge { index, levels, verdict };
        judge.record_findings();
        judge.once_findings();
        judge.resolutions();
        judge.drops();
        judge.line_ends();
        if array {
            judge.at_first_line(IDS.array, Severity::Error);
        }
        judge.verdict
    }

    /// Whether `rule` has a say in this file.
    #[must_use]
    pub fn speaks(&self, rule: &'static Rule) -> bool {
        // Until an array is unwrapped, only what is wrong with its bytes, blank lines and the array itself.
        let in_time = !self.array
            || matches!(
                rule.code,
                "array-file"
                    | "findings-capped"
                    | "byte-order-mark"
                    | "invalid-utf8"
                    | "blank-line"
                    | "unusual-line-terminator"
            );
        in_time && (rule.scope == Scope::AnyFile || self.tuning)
    }

    /// The first line and the count of a fact that is told once per file.
    #[must_use]
    pub fn first(&self, fact: Fact) -> Option<(usize, u32)> {
        self.firsts.iter().find(|(known, ..)| *known == fact).map(|&(_, line, count)| (line, count))
    }

    /// The severity at which a fact is shown on every record that holds it; `None` when it is not.
    #[must_use]
    pub fn shown(&self, fact: Fact) -> Option<Severity> {
        self.shown.get(fact.index()).copied().flatten()
    }

    /// Whether so many examples would be dropped that the job fails: over 10 %.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.dropped * 10 > self.examples
    }

    /// The share of the examples that would be dropped, such as `11.0 %`.
    #[must_use]
    pub fn dropped_percent(&self) -> String {
        format!("{:.1} %", f64::from(self.dropped) * 100.0 / f64::from(self.examples.max(1)))
    }

    /// How many findings the file has.
    #[must_use]
    pub fn total(&self) -> usize {
        self.totals.iter().map(|&(.., count)| count as usize).sum()
    }

    /// Whether a segment of a line without a resolution of its own is too long under the file's.
    #[must_use]
    pub fn drops(&self, at_low: bool, above_low: bool) -> bool {
        match self.resolution {
            Some(Resolution::Low) => at_low,
            Some(Resolution::Medium | Resolution::High) => above_low,
            _ => false,
        }
    }
}

/// The resolution most examples set; among equals the one that stands first.
fn majority(index: &dyn FileIndex) -> Option<Resolution> {
    let counted = [Resolution::Low, Resolution::Medium, Resolution::High].map(|resolution| {
        let fact = Fact::resolution(resolution)?;
        let count = index.counts().of(fact);
        (count > 0).then_some((count, fact, resolution))
    });
    let most = counted.iter().flatten().map(|(count, ..)| *count).max()?;
    let mut leaders = counted.into_iter().flatten().filter(|(count, ..)| *count == most);
    let first = leaders.next()?;
    let mut best = (None, first.2);
    for (_, fact, resolution) in std::iter::once(first).chain(leaders) {
        let line = index.first(fact);
        if best.0.is_none() || line < best.0 {
            best = (line, resolution);
        }
    }
    Some(best.1)
}

struct Judge<'a> {
    index: &'a dyn FileIndex,
    levels: &'a Levels,
    verdict: Verdict,
}

impl Judge<'_> {
    /// Adds findings of a rule, unless it is off or has no say; gives their severity.
    fn add(&mut self, rule: RuleId, severity: Severity, count: u32) -> Option<Severity> {
        let severity = self.levels.severity(rule, severity)?;
        if count == 0 || !self.verdict.speaks(rule.rule()) {
            return None;
        }
        let totals = &mut self.verdict.totals;
        match totals.iter_mut().find(|(known, level, _)| (*known, *level) == (rule, severity)) {
            Some((.., total)) => *total += count,
            None => totals.push((rule, severity, count)),
        }
        Some(severity)
    }

    /// A finding on every record that holds `fact`.
    fn on_each(&mut self, fact: Fact, rule: RuleId, severity: Severity) {
        let count = self.index.counts().of(fact);
        let severity = self.add(rule, severity, count);
        self.verdict.shown[fact.index()] = severity;
    }

    /// One finding for all that hold `fact`, on the first of them.
    fn on_first(&mut self, fact: Fact, rule: RuleId, severity: Severity) {
        let count = self.index.counts().of(fact);
        let Some(line) = self.index.first(fact) else { return };
        if let Some(severity) = self.add(rule, severity, 1) {
            self.verdict.firsts.push((fact, line, count));
            self.verdict.single_lines.push((severity, line));
        }
    }

    fn at_first_line(&mut self, rule: RuleId, severity: Severity) {
        if let Some(severity) = self.add(rule, severity, 1) {
            self.verdict.single_lines.push((severity, 0));
        }
    }

    fn record_findings(&mut self) {
        for (fact, count) in self.index.counts().iter() {
            if let Some((rule, severity)) = fact.as_finding()
                && self.verdict.speaks(rule.rule())
            {
                // The user's level is in the fact already.
                self.verdict.shown[fact.index()] = Some(severity);
                let totals = &mut self.verdict.totals;
                totals.push((rule, severity, count));
            }
        }
    }

    fn once_findings(&mut self) {
        let counts = self.index.counts();
        for (fact, _) in counts.iter() {
            if fact.as_foreign().is_some() {
                let severity = if self.verdict.tuning { Severity::Error } else { Severity::Information };
                self.on_first(fact, IDS.foreign, severity);
            } else if let Some((_, undocumented)) = fact.as_field() {
                let rule = if undocumented { IDS.undocumented } else { IDS.snake_case };
                self.on_first(fact, rule, Severity::Information);
            }
        }
        if counts.of(Fact::INLINE_DATA) > 0 {
            self.on_first(Fact::INLINE_DATA, IDS.inline_data, Severity::Warning);
        }
    }

    fn resolutions(&mut self) {
        for other in [Resolution::Low, Resolution::Medium, Resolution::High] {
            if let Some(fact) = Fact::resolution(other)
                && self.verdict.resolution.is_some_and(|resolution| resolution != other)
            {
                self.on_each(fact, IDS.mixed, Severity::Error);
            }
        }
        if self.verdict.resolution.is_some() {
            self.on_each(Fact::NO_RESOLUTION, IDS.missing, Severity::Warning);
        } else {
            self.on_first(Fact::NO_RESOLUTION, IDS.missing, Severity::Information);
        }
        if self.verdict.drops(true, false) {
            self.on_each(Fact::TOO_LONG_AT_LOW, IDS.too_long, Severity::Warning);
        }
        if self.verdict.drops(false, true) {
            self.on_each(Fact::TOO_LONG_ABOVE_LOW, IDS.too_long, Severity::Warning);
        }
    }

    fn drops(&mut self) {
        let mut facts = vec![Fact::DROPPED];
        if self.verdict.drops(true, false) {
            facts.push(Fact::DROPPED_AT_LOW);
        }
        if self.verdict.drops(false, true) {
            facts.push(Fact::DROPPED_ABOVE_LOW);
        }
        self.verdict.dropped = facts.iter().map(|&fact| self.index.counts().of(fact)).sum();
        if self.verdict.dropped == 0 {
            return;
        }
        let mut lines: Vec<usize> = facts.iter().flat_map(|&fact| self.index.lines(fact, MOST_RELATED)).collect();
        lines.sort_unstable();
        lines.dedup();
        lines.truncate(MOST_RELATED);
        self.verdict.dropped_lines = lines;
        let severity = if self.verdict.fails() { Severity::Error } else { Severity::Warning };
        self.at_first_line(IDS.drop_rate, severity);
    }

    fn line_ends(&mut self) {
        let (lf, crlf) = (self.index.counts().of(Fact::ENDS_LF), self.index.counts().of(Fact::ENDS_CRLF));
        if lf == 0 || crlf == 0 || self.verdict.array {
            return;
        }
        // Of as many of each, those unlike the first line are the odd ones.
        let odd_is_crlf = crlf < lf || (crlf == lf && self.index.first(Fact::ENDS_LF) == Some(0));
        let odd = if odd_is_crlf { Fact::ENDS_CRLF } else { Fact::ENDS_LF };
        if let Some(line) = self.index.first(odd) {
            self.verdict.odd_line_end = Some((line, odd_is_crlf));
            self.at_first_line(IDS.line_ending, Severity::Information);
        }
    }
}
