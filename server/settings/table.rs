//! Every setting, declared once: for the client, for `tuning-ls.toml`, and for what describes them.

use crate::settings::Settings;

/// A setting as users see it.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name with the client, in camelCase.
    pub name: &'static str,
    /// What it does, in Markdown: one sentence, begun in lower case.
    pub summary: &'static str,
    /// Which values it takes.
    pub values: Values,
    /// Whether the table it stands in has to have it.
    pub required: bool,
}

impl Setting {
    /// Its name in `tuning-ls.toml`, in kebab-case.
    #[must_use]
    pub fn key(&self) -> String {
        let mut key = String::with_capacity(self.name.len() + 2);
        for letter in self.name.chars() {
            if letter.is_ascii_uppercase() {
                key.push('-');
            }
            key.push(letter.to_ascii_lowercase());
        }
        key
    }
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
    /// One of these names, each with what it means; the first is the default.
    Choice(Choices),
    /// One of these names, or any that begins with [`NEW_MODELS`]; the first is the default.
    Model(Choices),
    /// One of these resolutions, by its whole name or, in any case, what stands behind `MEDIA_RESOLUTION_`;
    /// the first is the default.
    Resolution(Choices),
    /// Any text; empty by default.
    Text,
    /// A glob pattern, or a list of them.
    Globs,
    /// A list of tables, each with these settings; empty by default.
    Tables(&'static [Setting]),
}

/// Names, each with what it means, begun in lower case. An empty name is the same as no value.
pub type Choices = &'static [(&'static str, &'static str)];

/// How the names of models begin that need not be listed, because there are new ones all the time.
pub const NEW_MODELS: &str = "gemini-3";

const fn setting(name: &'static str, values: Values, summary: &'static str) -> Setting {
    Setting { name, summary, values, required: false }
}

const fn required(name: &'static str, values: Values, summary: &'static str) -> Setting {
    Setting { name, summary, values, required: true }
}

const RULES: Setting =
    setting("rules", Values::Levels, "the level of a rule, by its code; it replaces the severity of all its findings");

const MEDIA_RESOLUTION: Setting = setting(
    "mediaResolution",
    Values::Resolution(&[
        ("", "the value that most examples of the file have"),
        ("MEDIA_RESOLUTION_LOW", "64 tokens a frame; segments of up to 20 minutes"),
        ("MEDIA_RESOLUTION_MEDIUM", "256 tokens a frame; segments of up to 5 minutes"),
        ("MEDIA_RESOLUTION_HIGH", "as MEDIUM for video under Gemini 2.5; more for images"),
    ]),
    "the `mediaResolution` that every example is to have",
);

const MODEL: Setting = setting(
    "model",
    Values::Model(&[
        ("", "`gemini-2.5-flash`"),
        ("gemini-2.5-pro", "the limits of Gemini 2.5"),
        ("gemini-2.5-flash", "the limits of Gemini 2.5"),
        ("gemini-2.5-flash-lite", "the limits of Gemini 2.5"),
        ("gemini-3.1-flash-lite", "the limits of Gemini 3, as far as they are documented"),
    ]),
    "the model that is tuned, whose limits hold",
);

const FORMAT: Setting = setting(
    "format",
    Values::Choice(&[
        ("", "by content: a file is a tuning file when a line of it looks like one"),
        ("gemini", "a tuning file: every line is judged as one"),
        ("other", "something else: only its JSON is judged"),
    ]),
    "what a file is",
);

/// All settings.
pub const SETTINGS: [Setting; 9] = [
    RULES,
    setting(
        "maxDiagnostics",
        Values::Count { default: Settings::MAX_DIAGNOSTICS },
        "how many findings of one file are shown at most; what is left out is counted in one finding",
    ),
    MEDIA_RESOLUTION,
    MODEL,
    FORMAT,
    setting(
        "diagnosticMode",
        Values::Choice(&[
            ("openFilesOnly", "only files that are open"),
            ("workspace", "all datasets of the workspace"),
        ]),
        "which files an editor shows findings of",
    ),
    setting(
        "baseline",
        Values::Text,
        "the path of a file with findings that are accepted and not shown, as `tuning-ls check --write-baseline` writes it",
    ),
    setting(
        "override",
        Values::Tables(&[required("files", Values::Globs, "which files: one glob pattern or several"), RULES, FORMAT]),
        "other settings for some files",
    ),
    setting(
        "dataset",
        Values::Tables(&[
            required("train", Values::Globs, "the training files: one glob pattern or several"),
            setting("validation", Values::Globs, "the validation files: one glob pattern or several"),
            setting("name", Values::Text, "what the dataset is called"),
            MODEL,
            MEDIA_RESOLUTION,
        ]),
        "which files make up a dataset; they are tuning files, whatever they contain",
    ),
];
