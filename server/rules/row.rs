//! A row of a family's table: a rule with its functions.

use crate::formats::service::FaultKind;
use crate::rules::judge::Judge;
use crate::rules::needs::Needs;
use crate::rules::rule::{Fixes, Rule, Scope, Severity};
use crate::rules::{Context, Report};

/// A rule with its functions.
#[derive(Debug)]
pub struct Row {
    /// The rule.
    pub rule: Rule,
    /// What a record must have for the rule to run on it.
    pub needs: Needs,
    /// Checks one record.
    pub check: Check,
    /// Judges the whole file by its counts.
    pub judge: Option<fn(&mut Judge<'_>)>,
}

/// Checks one record.
pub type Check = fn(&Context<'_>, &mut Report<'_>);

/// Rules about the same subject.
#[derive(Debug)]
pub struct Family {
    /// Its name.
    pub name: &'static str,
    /// Its subject.
    pub summary: &'static str,
    /// The rules, in the order in which they run.
    pub rules: &'static [Row],
}

impl Row {
    /// Runs the rule only on records that have this.
    #[must_use]
    pub const fn needs(mut self, needs: Needs) -> Self {
        self.needs = needs;
        self
    }

    /// Adds a function that judges the whole file.
    #[must_use]
    pub const fn judged(mut self, judge: fn(&mut Judge<'_>)) -> Self {
        self.judge = Some(judge);
        self
    }

    /// Sets where the rule applies, instead of [`Scope::Example`].
    #[must_use]
    pub const fn scope(mut self, scope: Scope) -> Self {
        self.rule.scope = scope;
        self
    }

    /// Sets the kind of fault, instead of [`FaultKind::Shape`].
    #[must_use]
    pub const fn fault(mut self, fault: FaultKind) -> Self {
        self.rule.fault = fault;
        self
    }

    /// Says that the job may fail because of the fault: no source says that it does.
    #[must_use]
    pub const fn may_fail(mut self) -> Self {
        self.rule.may_fail = true;
        self
    }

    /// Says that one line with the fault makes the service reject the whole file.
    #[must_use]
    pub const fn rejects_file(mut self) -> Self {
        self.rule.rejects_file = true;
        self
    }

    /// Runs the rule also in a file that is one JSON array.
    #[must_use]
    pub const fn in_arrays(mut self) -> Self {
        self.rule.in_arrays = true;
        self
    }
}

/// A row for a rule that checks records: by default, the lines of a tuning file that are in the format of the file.
#[must_use]
pub const fn row(
    code: &'static str,
    severities: &'static [Severity],
    fixes: Fixes,
    summary: &'static str,
    check: Check,
) -> Row {
    let (scope, fault) = (Scope::Example, FaultKind::Shape);
    let (in_arrays, may_fail, rejects_file) = (false, false, false);
    let rule = Rule { code, severities, scope, fixes, summary, in_arrays, fault, may_fail, rejects_file };
    Row { rule, needs: Needs::NOTHING, check, judge: None }
}

/// A row for a rule that only judges the whole file: the findings that `judge` adds are shown on the first record.
#[must_use]
pub const fn file_row(
    code: &'static str,
    severities: &'static [Severity],
    fixes: Fixes,
    summary: &'static str,
    judge: fn(&mut Judge<'_>),
) -> Row {
    row(code, severities, fixes, summary, on_first_record).needs(Needs::FIRST).judged(judge)
}

fn on_first_record(context: &Context<'_>, report: &mut Report<'_>) {
    if context.input.first {
        report.show_file_findings(context.file_span());
    }
}
