//! The level of a rule.

/// The level that settings give a rule. It overrides the severity of the rule's findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The rule is off.
    Off,
    /// Its findings are hints.
    Hint,
    /// Its findings are information.
    Information,
    /// Its findings are warnings.
    Warning,
    /// Its findings are errors.
    Error,
}

impl Level {
    /// The names of the levels in settings. If a level has two, the first is the usual one.
    pub const NAMES: [(&'static str, Level); 6] = [
        ("off", Level::Off),
        ("hint", Level::Hint),
        ("information", Level::Information),
        ("info", Level::Information),
        ("warning", Level::Warning),
        ("error", Level::Error),
    ];

    /// What the level means, in one sentence.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Level::Off => "the rule is off",
            Level::Hint => "the findings are hints; `tuning-ls check` doesn't fail",
            Level::Information => "the findings are information; `tuning-ls check` doesn't fail",
            Level::Warning => "the findings are warnings; `tuning-ls check` fails",
            Level::Error => "the findings are errors; `tuning-ls check` fails",
        }
    }

    /// The level with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Level> {
        Self::NAMES.iter().find(|(other, _)| *other == name).map(|(_, level)| *level)
    }

    /// The usual name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, level)| *level == self).map_or("off", |(name, _)| name)
    }
}
