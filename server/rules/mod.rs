//! Every opinion the server has: one row, one function and one page for each.
//!
//! This room must not know a document, an editor or a file system: a rule sees one record and, once
//! the file has been counted, the verdict on the whole.
//!
//! A rule is a [`Rule`] row in its family's table with its function under the table, and the page
//! `fixtures/rules/<code>.md`, which is its documentation and its test. One about something that most records
//! do not have says so in its row, and is asked only about those that have it.

pub mod config;
pub mod dataset;
pub mod facts;
pub mod fix;
pub mod json;
pub mod judge;
pub mod media;
pub mod moves;
pub mod needs;
pub mod pages;
pub mod relations;
pub mod report;
pub mod segment;
pub mod shape;
pub mod text;
pub mod turns;
pub mod verdict;

pub use facts::{Counts, Fact};
pub use fix::{Change, Extent, Fix, Operation};
pub use needs::{Asked, Needs};
pub use relations::{OtherFile, Relations, Role, Siblings};
pub use report::{Context, Finding, Input, LineEnd, Related, Report, Tag};
pub use verdict::{FileIndex, Verdict};

use crate::settings::{Level, Settings};
use std::fmt;
use std::sync::LazyLock;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The service would reject it, or the training would be wrong.
    Error,
    /// It probably hurts, or the example would be dropped.
    Warning,
    /// Worth knowing.
    Information,
    /// A piece of advice.
    Hint,
}

impl Severity {
    /// All severities, worst first.
    pub const ALL: [Severity; 4] = [Severity::Error, Severity::Warning, Severity::Information, Severity::Hint];
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Information => "information",
            Severity::Hint => "hint",
        })
    }
}

/// In which files a rule speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// In every JSON Lines file.
    AnyFile,
    /// In files with at least one tuning line.
    TuningFile,
}

/// What a rule's fixes promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixes {
    /// It has none.
    None,
    /// The meaning is certainly kept: applied when fixing everything.
    Safe,
    /// Offered, never applied unasked.
    Suggested,
    /// Safe in some cases, suggested in others.
    Both,
}

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name: kebab-case, stable, never used again for something else.
    pub code: &'static str,
    /// The severities its findings can have, the usual one first.
    pub severities: &'static [Severity],
    /// In which files it speaks.
    pub scope: Scope,
    /// What its fixes promise.
    pub fixes: Fixes,
    /// What it says, in one line.
    pub summary: &'static str,
    /// What a record has to have for the rule to have anything to say of it.
    pub needs: Needs,
    /// Looks at one record and reports.
    pub check: fn(&Context<'_>, &mut Report<'_>),
}

/// A row of a family's table: a rule that speaks in tuning files.
#[must_use]
pub const fn row(
    code: &'static str,
    severities: &'static [Severity],
    fixes: Fixes,
    summary: &'static str,
    check: fn(&Context<'_>, &mut Report<'_>),
) -> Rule {
    Rule { code, severities, scope: Scope::TuningFile, fixes, summary, needs: Needs::NOTHING, check }
}

/// Rules about the same thing.
#[derive(Debug)]
pub struct Family {
    /// Its name.
    pub name: &'static str,
    /// What its rules are about.
    pub summary: &'static str,
    /// The rules, in the order in which they look at a record.
    pub rules: &'static [Rule],
}

/// All families, in the order in which they look at a record.
pub static FAMILIES: [&Family; 8] = [
    &text::FAMILY,
    &json::FAMILY,
    &shape::FAMILY,
    &turns::FAMILY,
    &media::FAMILY,
    &segment::FAMILY,
    &dataset::FAMILY,
    &config::FAMILY,
];

/// The place of a rule among [`all`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(pub u16);

impl RuleId {
    /// The rule itself.
    #[must_use]
    pub fn rule(self) -> &'static Rule {
        static RULES: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| all().collect());
        RULES[usize::from(self.0)]
    }
}

/// All rules, family by family.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().flat_map(|family| family.rules)
}

/// The rule of this code.
#[must_use]
pub fn by_code(code: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.code == code)
}

/// The code most like `code`, when one is near enough to be meant.
#[must_use]
pub fn nearest_code(code: &str) -> Option<&'static str> {
    all()
        .map(|rule| (strsim::damerau_levenshtein(rule.code, code), rule.code))
        .min()
        .filter(|(distance, _)| *distance <= 3)
        .map(|(_, code)| code)
}

/// Says that no rule has this code, and which one may be meant.
#[must_use]
pub fn no_such_rule(code: &str) -> String {
    match nearest_code(code) {
        Some(near) => format!("there is no rule `{code}`; did you mean `{near}`?"),
        None => format!("there is no rule `{code}`"),
    }
}

impl Rule {
    /// The rule, asked only about records that have this.
    #[must_use]
    const fn needs(mut self, needs: Needs) -> Self {
        self.needs = needs;
        self
    }

    /// Its place among [`all`].
    #[must_use]
    pub fn id(&'static self) -> RuleId {
        let place = all().position(|rule| std::ptr::eq(rule, self)).unwrap_or(0);
        RuleId(u16::try_from(place).unwrap_or(u16::MAX))
    }
}

/// The level of each rule, looked up once per settings.
#[derive(Clone, Debug, Default)]
pub struct Levels(Vec<Option<Level>>);

impl Levels {
    /// The levels that `settings` give, and a sentence for every code that is no rule's.
    #[must_use]
    pub fn new(settings: &Settings) -> (Self, Vec<String>) {
        let levels = all().map(|rule| settings.rules.get(rule.code).copied()).collect();
        let problems = settings.rules.keys().filter(|code| by_code(code).is_none()).map(|code| no_such_rule(code));
        (Self(levels), problems.collect())
    }

    /// The severity a finding of `rule` gets whose own is `severity`; `None` when the rule is off.
    #[must_use]
    pub fn severity(&self, rule: RuleId, severity: Severity) -> Option<Severity> {
        match self.0.get(usize::from(rule.0)).copied().flatten() {
            None => Some(severity),
            Some(Level::Off) => None,
            Some(Level::Hint) => Some(Severity::Hint),
            Some(Level::Information) => Some(Severity::Information),
            Some(Level::Warning) => Some(Severity::Warning),
            Some(Level::Error) => Some(Severity::Error),
        }
    }
}
