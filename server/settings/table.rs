//! Every setting, declared once: for the client, for `tuning-ls.toml`, and for what describes them.

use crate::example::shared::SharedField;
use crate::formats::{FORMATS, Service};
use crate::settings::Settings;
use std::sync::LazyLock;

/// A setting as users see it.
#[derive(Clone, Debug)]
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
#[derive(Clone, Debug)]
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
    /// One of these names, or any that begins with one of [`new_models`]; the first is the default.
    Model(Choices),
    /// A value of this field, by its whole name or, in any case, by its label; the first is the default.
    Shared(&'static SharedField),
    /// Any text; empty by default.
    Text,
    /// A glob pattern, or a list of them.
    Globs,
    /// A list of tables, each with these settings; empty by default.
    Tables(Vec<Setting>),
}

/// Names, each with what it means, begun in lower case. An empty name is the same as no value.
pub type Choices = Vec<(&'static str, &'static str)>;

/// How the names of models begin that need not be listed, because there are new ones all the time.
pub fn new_models() -> impl Iterator<Item = &'static str> {
    FORMATS.iter().flat_map(|format| format.new_models).copied()
}

fn setting(name: &'static str, values: Values, summary: &'static str) -> Setting {
    Setting { name, summary, values, required: false }
}

fn required(name: &'static str, values: Values, summary: &'static str) -> Setting {
    Setting { required: true, ..setting(name, values, summary) }
}

fn rules() -> Setting {
    setting("rules", Values::Levels, "the level of a rule, by its code; it replaces the severity of all its findings")
}

fn shared() -> impl Iterator<Item = Setting> {
    let fields = FORMATS.iter().filter_map(|format| format.words.shared);
    fields.map(|field| setting(field.name, Values::Shared(field), field.setting))
}

fn services() -> impl Iterator<Item = &'static Service> {
    FORMATS.iter().flat_map(|format| format.services).copied()
}

fn model() -> Setting {
    let mut choices = vec![("", FORMATS[0].default_model)];
    let limits = services().flat_map(|service| service.limits).flat_map(|limits| limits.listed_models);
    choices.extend(limits.copied());
    setting("model", Values::Model(choices), "the model that is tuned, whose limits hold")
}

fn format() -> Setting {
    let mut choices = vec![("", "by content: a file is a tuning file when a line of it looks like one")];
    choices.extend(FORMATS.iter().map(|format| (format.id, format.summary)));
    choices.push(("other", "something else: only its JSON is judged"));
    setting("format", Values::Choice(choices), "the format of a file")
}

fn service() -> Setting {
    let mut choices = vec![("", "the usual service of the format")];
    choices.extend(services().map(|service| (service.id, service.title)));
    setting("service", Values::Choice(choices), "the tuning service or trainer that reads the file; its limits apply")
}

/// All settings.
pub static SETTINGS: LazyLock<Vec<Setting>> = LazyLock::new(|| {
    let count = Values::Count { default: Settings::MAX_DIAGNOSTICS };
    let modes = vec![("openFilesOnly", "only files that are open"), ("workspace", "all datasets of the workspace")];
    let mut settings = vec![
        rules(),
        setting(
            "maxDiagnostics",
            count,
            "how many findings of one file are shown at most; what is left out is counted in one finding",
        ),
    ];
    settings.extend(shared());
    settings.extend([
        model(),
        format(),
        service(),
        setting("diagnosticMode", Values::Choice(modes), "which files an editor shows findings of"),
        setting(
            "baseline",
            Values::Text,
            "the path of a file with findings that are accepted and not shown, as `tuning-ls check --write-baseline` \
             writes it",
        ),
        setting(
            "override",
            Values::Tables(vec![
                required("files", Values::Globs, "which files: one glob pattern or several"),
                rules(),
                format(),
                service(),
                model(),
            ]),
            "other settings for some files",
        ),
    ]);
    let mut dataset = vec![
        required("train", Values::Globs, "the training files: one glob pattern or several"),
        setting("validation", Values::Globs, "the validation files: one glob pattern or several"),
        setting("name", Values::Text, "what the dataset is called"),
        format(),
        service(),
        model(),
    ];
    dataset.extend(shared());
    let summary = "which files make up a dataset; they are tuning files, whatever they contain";
    settings.push(setting("dataset", Values::Tables(dataset), summary));
    settings
});
