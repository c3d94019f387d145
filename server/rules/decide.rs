//! Computes the verdict on a file from its counts: the format, the shared value and the findings about the file.

use crate::example::shared::SharedValue;
use crate::formats::{Format, FormatId, LineKind, Mark};
use crate::rules::catalogue::rows;
use crate::rules::facts::Within;
use crate::rules::judge::{Judge, first_of_all, kind_of, majority};
use crate::rules::{ArrayFile, Fact, FileIndex, Levels, Outlook, RuleId, Verdict, What};
use crate::settings::{Detection, Settings};

/// The format of a file, and whether it is a tuning file. The settings decide; without a setting, the format of most
/// lines wins, and on a tie the one that occurs first.
#[must_use]
pub fn format_of(index: &dyn FileIndex, settings: &Settings) -> (&'static Format, bool) {
    let fallback = (settings.fallback(), settings.in_dataset);
    match settings.format {
        Detection::Is(format) => return (format, true),
        Detection::Other => return (fallback.0, false),
        Detection::ByContent => {}
    }
    let marked: Vec<(FormatId, u32)> = index.counts().marked().filter(|(_, lines)| *lines > 0).collect();
    let Some(most) = marked.iter().map(|(_, lines)| *lines).max() else { return fallback };
    if let Some(implied) = settings.implied() {
        return (implied, true);
    }
    let mut leaders = marked.iter().filter(|(_, lines)| *lines == most).map(|(format, _)| format.format());
    let first_line = |format: &&'static Format| {
        let of_kind = |kind: &&'static LineKind| index.first(Fact::mark(Mark::Known(kind))?);
        format.kinds.iter().filter_map(of_kind).min()
    };
    let first = leaders.next();
    let rest: Vec<_> = leaders.collect();
    let leader = if rest.is_empty() { first } else { first.into_iter().chain(rest).min_by_key(first_line) };
    leader.map_or(fallback, |format| (format, true))
}

impl Verdict {
    /// Computes the verdict; `array` says what the file contains if it is one JSON array. The time depends on the number
    /// of facts, not on the size of the file.
    #[must_use]
    pub fn new(index: &dyn FileIndex, array: Option<ArrayFile>, settings: &Settings, levels: &Levels) -> Self {
        let counts = index.counts();
        let (format, tuning) = format_of(index, settings);
        let of = |what: What| counts.of(what.of(format.id()));
        let mut verdict = Self {
            format,
            service: settings.service(format),
            limits: settings.limits_of(kind_of(index, format)),
            expected: settings.expected(),
            tuning,
            array,
            named: (settings.named || settings.in_dataset) && settings.format != Detection::Other,
            examples: of(What::EXAMPLE),
            targets: of(What::TARGET),
            siblings: index.siblings(),
            shown: vec![None; Fact::count()],
            ..Self::default()
        };
        verdict.decide_shared(index, settings);
        verdict.outlook = Outlook::new(counts, (format, verdict.service), verdict.shared, array);
        with_findings(index, levels, verdict)
    }

    fn decide_shared(&mut self, index: &dyn FileIndex, settings: &Settings) {
        let configured = settings.shared(self.format);
        self.configured = configured.is_some();
        self.shared = configured.or_else(|| majority(index, self.format));
        if self.shared.is_none() {
            self.shared = self.siblings.other_shared.as_ref().map(|(_, value, _)| *value);
            self.borrowed = self.shared.is_some();
        }
        let Some(own) = self.shared else { return };
        let times = |value| index.counts().of_all(self.format.id(), What::shared(value));
        self.tied = SharedValue::ALL.into_iter().any(|other| other != own && times(other) == times(own));
        self.shared_line = first_of_all(index, self.format, What::shared(own));
    }
}

/// Adds the findings, of records and of the whole file, to the verdict.
fn with_findings(index: &dyn FileIndex, levels: &Levels, verdict: Verdict) -> Verdict {
    let rows: Vec<_> = rows().collect();
    let mut judge = Judge { index, levels, verdict, rule: &rows[0].1.rule, id: RuleId(0) };
    add_record_findings(&mut judge);
    for (id, row) in rows {
        if let Some(of_file) = row.judge {
            (judge.rule, judge.id) = (&row.rule, id);
            of_file(&mut judge);
        }
    }
    judge.verdict
}

/// Adds the findings on records that count in a file of this format.
fn add_record_findings(judge: &mut Judge<'_>) {
    let own = judge.verdict.format.id();
    for (fact, count) in judge.index.counts().iter() {
        let Some((within, rule, severity)) = fact.as_finding() else { continue };
        let counts = match within {
            Within::AnyFile | Within::AnyFormat => true,
            Within::Format(format) => format == own,
        };
        if counts && judge.verdict.speaks(rule.rule()) {
            // The severity in the fact already follows the user's levels.
            judge.verdict.shown[fact.index()] = Some(severity);
            judge.add_total(rule, severity, count);
            judge.conclude(rule.rule(), severity);
        }
    }
}
