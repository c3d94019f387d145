//! A row of a family's table: a rule with what it does.

use crate::rules::judge::Judge;
use crate::rules::needs::Needs;
use crate::rules::rule::{Fixes, Rule, Scope, Severity};
use crate::rules::{Context, Report};

/// A rule with what it does.
#[derive(Debug)]
pub struct Row {
    /// The rule.
    pub rule: Rule,
    /// What a record has to have for the rule to have anything to say of it.
    pub needs: Needs,
    /// Looks at one record and reports.
    pub check: Check,
    /// Looks at the counts of the whole file and decides what there is to show.
    pub judge: Option<fn(&mut Judge<'_>)>,
}

/// Looks at one record and reports.
pub type Check = fn(&Context<'_>, &mut Report<'_>);

/// Rules about the same thing.
#[derive(Debug)]
pub struct Family {
    /// Its name.
    pub name: &'static str,
    /// What its rules are about.
    pub summary: &'static str,
    /// The rules, in the order in which they look at a record.
    pub rules: &'static [Row],
}

impl Row {
    /// The rule, asked only about records that have this.
    #[must_use]
    pub const fn needs(mut self, needs: Needs) -> Self {
        self.needs = needs;
        self
    }

    /// The rule, with what it makes of the whole file.
    #[must_use]
    pub const fn judged(mut self, judge: fn(&mut Judge<'_>)) -> Self {
        self.judge = Some(judge);
        self
    }

    /// The rule, in other files.
    #[must_use]
    pub const fn scope(mut self, scope: Scope) -> Self {
        self.rule.scope = scope;
        self
    }

    /// The rule, also in a file that is one JSON array.
    #[must_use]
    pub const fn in_arrays(mut self) -> Self {
        self.rule.in_arrays = true;
        self
    }
}

/// A row of a family's table: a rule that speaks in tuning files.
#[must_use]
pub const fn row(
    code: &'static str,
    severities: &'static [Severity],
    fixes: Fixes,
    summary: &'static str,
    check: Check,
) -> Row {
    let rule = Rule { code, severities, scope: Scope::Example, fixes, summary, in_arrays: false };
    Row { rule, needs: Needs::NOTHING, check, judge: None }
}

/// The same, for a rule about the whole file alone: `judge` says what is shown on its first record.
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
