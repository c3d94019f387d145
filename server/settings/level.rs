//! How loud a rule is.

/// How loud a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The rule does not speak.
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
    /// The names of the levels, as a setting gives them; where there are two, the first is the usual one.
    pub const NAMES: [(&'static str, Level); 6] = [
        ("off", Level::Off),
        ("hint", Level::Hint),
        ("information", Level::Information),
        ("info", Level::Information),
        ("warning", Level::Warning),
        ("error", Level::Error),
    ];

    /// What a rule at this level does, in one sentence.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Level::Off => "the rule does not speak",
            Level::Hint => "its findings are hints: a few dots, and nothing fails",
            Level::Information => "its findings are information, and nothing fails",
            Level::Warning => "its findings are warnings: the command line fails",
            Level::Error => "its findings are errors: the command line fails",
        }
    }

    /// The level of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Level> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, level)| *level)
    }

    /// Its usual name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, level)| *level == self).map_or("off", |(name, _)| name)
    }
}
