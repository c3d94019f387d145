//! How the verdict on a file is reached: what each rule about the whole makes of the counts.

use crate::rules::verdict::TooMany;
use crate::rules::{Fact, FileIndex, Levels, Role, Rule, RuleId, Severity, Siblings, Verdict, by_code};
use crate::schema::media::{Profile, Resolution};
use std::sync::LazyLock;

/// How many lines a finding about the whole file names as related at most.
const MOST_RELATED: usize = 20;

/// So many different labels are no classes any more.
const MOST_CLASSES: usize = 50;

/// Below so many targets a share of them says nothing.
const FEWEST_TARGETS: u32 = 50;

/// So many labels are named that are out of balance.
const MOST_LABELS: usize = 5;

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
    token_limit: RuleId,
    drop_rate: RuleId,
    array: RuleId,
    duplicate: RuleId,
    conflicting: RuleId,
    overlap: RuleId,
    too_many: RuleId,
    too_few: RuleId,
    too_large: RuleId,
    balance: RuleId,
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
        token_limit: id("token-limit"),
        drop_rate: id("drop-rate"),
        array: id("array-file"),
        duplicate: id("duplicate-example"),
        conflicting: id("conflicting-targets"),
        overlap: id("train-validation-overlap"),
        too_many: id("too-many-examples"),
        too_few: id("too-few-examples"),
        too_large: id("file-too-large"),
        balance: id("label-balance"),
    }
});

/// The resolution most examples set; among equals the one that stands first.
#[must_use]
pub fn majority(index: &dyn FileIndex) -> Option<Resolution> {
    let counted = [Resolution::Low, Resolution::Medium, Resolution::High].map(|resolution| {
        let fact = Fact::resolution(resolution)?;
        let count = index.counts().of_all(fact);
        (count > 0).then_some((count, fact, resolution))
    });
    let most = counted.iter().flatten().map(|(count, ..)| *count).max()?;
    let mut leaders = counted.into_iter().flatten().filter(|(count, ..)| *count == most);
    let first = leaders.next()?;
    let mut best = (None, first.2);
    for (_, fact, resolution) in std::iter::once(first).chain(leaders) {
        let line = first_of_all(index, fact);
        if best.0.is_none() || line < best.0 {
            best = (line, resolution);
        }
    }
    Some(best.1)
}

/// The first record that holds `fact`, whether or not the baseline has its finding.
#[must_use]
pub fn first_of_all(index: &dyn FileIndex, fact: Fact) -> Option<usize> {
    let accepted = fact.accepted().and_then(|accepted| index.first(accepted));
    index.first(fact).into_iter().chain(accepted).min()
}

/// Adds up what each rule says.
pub(super) struct Judge<'a> {
    /// What is counted.
    pub index: &'a dyn FileIndex,
    /// How loud each rule is.
    pub levels: &'a Levels,
    /// The model whose limits hold.
    pub profile: &'static Profile,
    /// The verdict so far.
    pub verdict: Verdict,
}

impl Judge<'_> {
    /// The verdict, with all that is found.
    pub fn verdict(mut self) -> Verdict {
        self.record_findings();
        self.once_findings();
        self.resolutions();
        self.drops();
        self.repeats();
        self.sizes();
        self.labels();
        self.line_ends();
        if self.verdict.array {
            self.at_first_line(IDS.array, Severity::Error);
        }
        self.verdict
    }

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

    /// Whether another file of the dataset has another resolution. Where one is configured, each line is
    /// held to it already.
    fn differs_from_siblings(&self) -> bool {
        !self.verdict.configured && !self.verdict.borrowed && self.verdict.siblings.other_resolution.is_some()
    }

    fn resolutions(&mut self) {
        for other in [Resolution::Low, Resolution::Medium, Resolution::High] {
            if let Some(fact) = Fact::resolution(other)
                && self.verdict.resolution.is_some_and(|resolution| resolution != other)
            {
                self.on_each(fact, IDS.mixed, Severity::Error);
            }
        }
        if self.differs_from_siblings()
            && let Some(line) = self.verdict.resolution_line
        {
            let severity = if self.verdict.siblings.configured { Severity::Error } else { Severity::Warning };
            if let Some(severity) = self.add(IDS.mixed, severity, 1) {
                self.verdict.single_lines.push((severity, line));
            }
        }
        if self.verdict.resolution.is_some() {
            self.on_each(Fact::NO_RESOLUTION, IDS.missing, Severity::Warning);
        } else {
            self.on_first(Fact::NO_RESOLUTION, IDS.missing, Severity::Information);
        }
        if self.verdict.drops(true, false) {
            self.on_each(Fact::TOO_LONG_AT_LOW, IDS.too_long, Severity::Warning);
            self.on_each(Fact::TOO_MANY_TOKENS_AT_LOW, IDS.token_limit, Severity::Warning);
        }
        if self.verdict.drops(false, true) {
            self.on_each(Fact::TOO_LONG_ABOVE_LOW, IDS.too_long, Severity::Warning);
            self.on_each(Fact::TOO_MANY_TOKENS_ABOVE_LOW, IDS.token_limit, Severity::Warning);
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

    fn repeats(&mut self) {
        self.on_each(Fact::REPEATS, IDS.duplicate, Severity::Warning);
        self.on_each(Fact::OTHER_LABEL, IDS.conflicting, Severity::Warning);
        self.on_each(Fact::OTHER_TARGET, IDS.conflicting, Severity::Information);
        self.on_each(Fact::LEAKS, IDS.overlap, Severity::Warning);
    }

    fn sizes(&mut self) {
        let profile = self.profile;
        let Siblings { role, training_examples, validation_examples, .. } = self.verdict.siblings;
        // Several files of one kind are one to the limits.
        let training = training_examples.unwrap_or(self.verdict.examples);
        let validation = validation_examples.unwrap_or(self.verdict.examples);
        let is_over = |count: u32, most: u64| u64::from(count) > most;
        let multimodal = self.index.counts().of(Fact::MULTIMODAL);
        self.verdict.too_many = match role {
            Role::Training if is_over(multimodal, profile.multimodal_examples) => Some(TooMany::Multimodal(multimodal)),
            Role::Training if is_over(training, profile.text_examples) => Some(TooMany::Examples(training)),
            Role::Validation if is_over(validation, profile.validation_examples) => {
                Some(TooMany::Validation(validation))
            }
            Role::Validation
                if training_examples.is_some()
                    && is_over(validation, profile.free_validation_examples)
                    && u64::from(validation) * 100 > u64::from(training) * profile.validation_percent =>
            {
                Some(TooMany::ValidationShare { validation, training })
            }
            _ => None,
        };
        if self.verdict.too_many.is_some() {
            self.at_first_line(IDS.too_many, Severity::Error);
        }
        let bytes = self.index.bytes();
        if bytes > profile.file_bytes {
            self.verdict.too_large = Some(bytes);
            self.at_first_line(IDS.too_large, Severity::Error);
        }
        // Where no line can be read, that is what there is to say.
        let learned = if role == Role::Training && !self.verdict.array { training } else { 0 };
        self.verdict.too_few = (learned > 0 && u64::from(learned) < profile.advised_examples).then_some(learned);
        if self.verdict.too_few.is_some() {
            self.at_first_line(IDS.too_few, Severity::Hint);
        }
    }

    fn labels(&mut self) {
        let targets = self.verdict.targets;
        if targets < FEWEST_TARGETS || self.verdict.siblings.role != Role::Training {
            return;
        }
        let mut labels = self.index.labels(MOST_CLASSES);
        let labelled: u32 = labels.iter().map(|(_, count)| count).sum();
        // A few odd answers among labels are no reason to be silent; labels among prose are no classes.
        if u64::from(labelled) * 10 < u64::from(targets) * 9 {
            return;
        }
        self.verdict.classes = labels.len();
        labels.retain(|&(_, count)| {
            let percent = u64::from(count) * 100;
            percent < u64::from(targets) || percent > u64::from(targets) * 90
        });
        labels.sort_by(|(a, fewer), (b, more)| fewer.cmp(more).then_with(|| a.cmp(b)));
        labels.truncate(MOST_LABELS);
        self.verdict.unbalanced = labels;
        if !self.verdict.unbalanced.is_empty() {
            self.at_first_line(IDS.balance, Severity::Information);
        }
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
