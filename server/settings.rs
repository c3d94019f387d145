//! Every setting, declared once: what the client sends under these names, in camelCase.
//!
//! Settings are data. What a rule's level means is the rules' business, so this file must not know
//! which rules there are.

use crate::schema::media::Resolution;
use serde_json::Value;
use std::collections::BTreeMap;

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
    /// The names of the levels, as a setting gives them.
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

    fn named(name: &str) -> Option<Level> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, level)| *level)
    }
}

/// A setting as users see it.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name, in camelCase.
    pub name: &'static str,
    /// What it does, in Markdown: one sentence, begun in lower case.
    pub summary: &'static str,
    /// Which values it takes.
    pub values: Values,
}

/// The values that a setting takes.
#[derive(Clone, Copy, Debug)]
pub enum Values {
    /// An object from rule codes to the names of levels; empty by default.
    Levels,
    /// A whole number above 0.
    Count {
        /// What it is when nothing is set.
        default: usize,
    },
    /// One of these names, each with what it means; the first, which is empty, is the default.
    Choice(&'static [(&'static str, &'static str)]),
}

/// All settings.
pub const SETTINGS: [Setting; 3] = [
    Setting {
        name: "rules",
        summary: "the level of a rule, by its code; it replaces the severity of all its findings",
        values: Values::Levels,
    },
    Setting {
        name: "maxDiagnostics",
        summary: "how many findings of one file are shown at most; what is left out is counted in one finding",
        values: Values::Count { default: Settings::MAX_DIAGNOSTICS },
    },
    Setting {
        name: "mediaResolution",
        summary: "the `mediaResolution` that every example is to have",
        values: Values::Choice(&[
            ("", "the value that most examples of the file have"),
            ("MEDIA_RESOLUTION_LOW", "64 tokens a frame; segments of up to 20 minutes"),
            ("MEDIA_RESOLUTION_MEDIUM", "256 tokens a frame; segments of up to 5 minutes"),
            ("MEDIA_RESOLUTION_HIGH", "as MEDIUM for video under Gemini 2.5; more for images"),
        ]),
    },
];

/// What a user has set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `rules`: the level of a rule by its code; it replaces all severities of that rule.
    pub rules: BTreeMap<String, Level>,
    /// `maxDiagnostics`: how many findings of one file are shown at most.
    pub max_diagnostics: usize,
    /// `mediaResolution`: the value every example is to have.
    pub media_resolution: Option<Resolution>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { rules: BTreeMap::new(), max_diagnostics: Self::MAX_DIAGNOSTICS, media_resolution: None }
    }
}

impl Settings {
    /// The default of `maxDiagnostics`. VS Code lists no more than 1,000 problems of a file.
    pub const MAX_DIAGNOSTICS: usize = 900;

    /// Reads a settings object, as `initializationOptions` or `didChangeConfiguration` carries it.
    ///
    /// A wrong value keeps its default and is said in one sentence; all others apply. Anything but
    /// an object gives the defaults. Names that are no setting of the server are passed over: the
    /// clients keep settings of their own beside them.
    #[must_use]
    pub fn from_json(value: &Value) -> (Self, Vec<String>) {
        let mut settings = Self::default();
        let mut problems = Vec::new();
        let Value::Object(members) = value else {
            if !value.is_null() && !value.as_array().is_some_and(Vec::is_empty) {
                problems.push("the settings are no object; the defaults apply".to_owned());
            }
            return (settings, problems);
        };
        for (key, value) in members {
            match key.as_str() {
                _ if value.is_null() => {}
                "rules" => settings.read_rules(value, &mut problems),
                "maxDiagnostics" => match value.as_u64().and_then(|count| usize::try_from(count).ok()) {
                    Some(count) if count > 0 => settings.max_diagnostics = count,
                    _ => problems.push(format!("`maxDiagnostics` has to be a whole number above 0, not {value}")),
                },
                "mediaResolution" => match value.as_str().map(Resolution::from_setting) {
                    Some(Some(resolution)) => settings.media_resolution = Some(resolution),
                    _ if value == "" => {}
                    _ => problems.push(format!(
                        "`mediaResolution` has to be MEDIA_RESOLUTION_LOW, MEDIA_RESOLUTION_MEDIUM or \
                         MEDIA_RESOLUTION_HIGH, not {value}"
                    )),
                },
                _ => {}
            }
        }
        (settings, problems)
    }

    fn read_rules(&mut self, value: &Value, problems: &mut Vec<String>) {
        // What Lua and others make of an empty table.
        if value.as_array().is_some_and(Vec::is_empty) {
            return;
        }
        let Value::Object(rules) = value else {
            problems.push(format!("`rules` has to be an object of rule codes and levels, not {value}"));
            return;
        };
        for (code, level) in rules {
            match level.as_str().and_then(Level::named) {
                Some(level) => {
                    self.rules.insert(code.clone(), level);
                }
                None => problems.push(format!(
                    "the level of rule `{code}` has to be off, hint, information, warning or error, not {level}"
                )),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_declared_setting_is_read() {
        for Setting { name, values, .. } in SETTINGS {
            let (value, wrong) = match values {
                Values::Levels => (json!({"bad-uri": "off"}), json!({"bad-uri": 1})),
                Values::Count { default } => (json!(default + 1), json!(0)),
                Values::Choice(choices) => (json!(choices[1].0), json!("no such choice")),
            };
            let (set, problems) = Settings::from_json(&json!({ name: value }));
            assert!(set != Settings::default() && problems.is_empty(), "{name}");
            let (set, problems) = Settings::from_json(&json!({ name: wrong }));
            assert_eq!((set, problems.len()), (Settings::default(), 1), "{name}");
            if let Values::Choice([(default, _), ..]) = values {
                assert_eq!(Settings::from_json(&json!({ name: default })), (Settings::default(), Vec::new()));
            }
        }
    }

    #[test]
    fn an_empty_list_is_an_empty_object() {
        for value in [json!([]), json!({ "rules": [] })] {
            assert_eq!(Settings::from_json(&value), (Settings::default(), Vec::new()));
        }
    }

    #[test]
    fn a_wrong_value_is_said_and_the_rest_applies() {
        let (settings, problems) = Settings::from_json(&json!({
            "maxDiagnostics": "many",
            "rules": {"blank-line": "off", "bad-uri": "loud"},
            "mediaResolution": "LOW",
            "serverPath": "/somewhere",
        }));
        assert_eq!(settings.max_diagnostics, Settings::MAX_DIAGNOSTICS);
        assert_eq!(settings.rules.get("blank-line"), Some(&Level::Off));
        assert_eq!(settings.rules.get("bad-uri"), None);
        assert_eq!(settings.media_resolution, Some(Resolution::Low));
        assert_eq!(problems.len(), 2, "{problems:?}");
    }
}
