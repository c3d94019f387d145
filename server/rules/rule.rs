//! The properties of a rule that users see: its code, severities, scope and fixes.

use crate::formats::service::FaultKind;
use crate::settings::Level;
use std::fmt;

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The service rejects the line, or training goes wrong.
    Error,
    /// It probably hurts training, or the service drops the example.
    Warning,
    /// Worth knowing.
    Information,
    /// Advice.
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

/// The lines that a rule checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All lines of every JSON Lines file.
    AnyFile,
    /// All lines of a tuning file, whatever format each line is in.
    TuningFile,
    /// The lines of a tuning file that are in the format of the file.
    Example,
}

/// What kind of fixes a rule has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixes {
    /// No fixes.
    None,
    /// Fixes that certainly keep the meaning: applied when fixing everything.
    Safe,
    /// Fixes that only `--unsafe-fixes` or a person applies. Some findings may have manual fixes instead.
    Suggested,
    /// Safe in some cases, suggested in others.
    Both,
    /// Fixes that only a person applies, one by one.
    Manual,
}

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name, in kebab-case. Stable, and never reused for another rule.
    pub code: &'static str,
    /// The severities its findings can have, the usual one first.
    pub severities: &'static [Severity],
    /// The lines that it checks.
    pub scope: Scope,
    /// What kind of fixes it has.
    pub fixes: Fixes,
    /// What it finds, as a noun phrase.
    pub summary: &'static str,
    /// Whether it also runs in a file that is one JSON array.
    pub in_arrays: bool,
    /// The kind of fault that it finds; the service decides what follows from it.
    pub fault: FaultKind,
    /// Whether the job only may fail, where this kind of fault makes it fail.
    pub may_fail: bool,
    /// Whether the service rejects the whole file because of one line, where it rejects a line with this kind of fault.
    pub rejects_file: bool,
}

/// The index of a rule in the list of all rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(pub u16);

/// The configured level of each rule.
#[derive(Clone, Debug, Default)]
pub struct Levels(pub(super) Vec<Option<Level>>);

impl Levels {
    /// The severity of a finding of `rule`, given its own severity; `None` if the rule is off.
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
