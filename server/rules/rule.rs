//! What users see of a rule: its name, how bad its findings are, where it speaks, what its fixes promise.

use crate::settings::Level;
use std::fmt;

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
    /// On every line of a file with at least one tuning line, whatever format the line is in.
    TuningFile,
    /// On the lines that are in the format of such a file.
    Example,
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
    /// Whether it also speaks in a file that is one JSON array.
    pub in_arrays: bool,
}

/// The place of a rule among all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(pub u16);

/// The level of each rule, looked up once per settings.
#[derive(Clone, Debug, Default)]
pub struct Levels(pub(super) Vec<Option<Level>>);

impl Levels {
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
