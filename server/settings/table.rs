//! The table of all settings, for clients, for `tuning-ls.toml`, and for the documentation.

use crate::example::shared::SharedField;
use crate::formats::{FORMATS, Service};
use crate::settings::{Detection, Settings};
use std::sync::LazyLock;

/// A setting as users see it.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The name in clients, in camelCase.
    pub name: &'static str,
    /// What it does: one Markdown sentence that begins in lower case.
    pub summary: &'static str,
    /// The values that it takes.
    pub values: Values,
    /// Whether its table must have it.
    pub required: bool,
}

impl Setting {
    /// The name in `tuning-ls.toml`, in kebab-case.
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
    /// An object from rule codes to names of levels; empty by default.
    Levels,
    /// A whole number above 0.
    Count {
        /// The default.
        default: usize,
    },
    /// One of these names; the first is the default.
    Choice(Choices),
    /// One of these names, or a name that begins with one of [`new_models`]; the first is the default.
    Model(Choices),
    /// A value of this field, by its name or its label in any case; the first is the default.
    Shared(&'static SharedField),
    /// Any text; empty by default.
    Text,
    /// A glob pattern or a list of them.
    Globs,
    /// A table with these settings; empty by default.
    Table(Vec<Setting>),
    /// A list of tables, each with these settings; empty by default.
    Tables(Vec<Setting>),
}

/// Names, each with a description that begins in lower case. An empty name is the same as no value.
pub type Choices = Vec<(&'static str, &'static str)>;

/// The prefixes of model names that need not be listed, because new models appear all the time.
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
    setting("rules", Values::Levels, "the level of each rule, by its code; overrides the severity of all its findings")
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
    setting("model", Values::Model(choices), "the model to tune; its limits apply")
}

fn format() -> Setting {
    let mut choices = vec![("", "by content: a file is a tuning file if one of its lines looks like one")];
    choices.extend(Detection::names());
    setting("format", Values::Choice(choices), "the format of the file")
}

fn service() -> Setting {
    let mut choices = vec![("", "the default service of the format")];
    for service in services() {
        if choices.iter().all(|(id, _)| *id != service.id) {
            choices.push((service.id, service.title));
        }
    }
    setting("service", Values::Choice(choices), "the tuning service or trainer that reads the file; its limits apply")
}

fn media() -> Setting {
    let mirror = vec![
        required("prefix", Values::Text, "the start of the locations; the rest is the path in the folder"),
        required("folder", Values::Text, "the folder with the copies"),
    ];
    let settings = vec![
        setting(
            "manifest",
            Values::Text,
            "the path of a file with lengths, sizes and types of media files; `tuning-ls media` writes it",
        ),
        setting(
            "mirror",
            Values::Tables(mirror),
            "local copies of the media files whose locations begin with a prefix",
        ),
    ];
    setting("media", Values::Table(settings), "where the lengths, sizes and types of media files come from")
}

/// All settings.
pub static SETTINGS: LazyLock<Vec<Setting>> = LazyLock::new(|| {
    let count = Values::Count { default: Settings::MAX_DIAGNOSTICS };
    let modes = vec![("openFilesOnly", "only open files"), ("workspace", "all datasets of the workspace")];
    let hints =
        vec![("on", "the number, the segment length and the estimated tokens of each example"), ("off", "no notes")];
    let mut settings = vec![
        rules(),
        setting(
            "maxDiagnostics",
            count,
            "the maximum number of findings shown for a file; if there are more, a finding `findings-capped` at the start says how \
             many are left out",
        ),
    ];
    settings.extend(shared());
    settings.extend([
        model(),
        format(),
        service(),
        setting("diagnosticMode", Values::Choice(modes), "the files whose findings an editor shows"),
        setting("inlayHints", Values::Choice(hints), "whether an editor shows notes at the start of lines"),
        setting(
            "baseline",
            Values::Text,
            "the path of a baseline: a file of accepted findings, which are not shown; \
             `tuning-ls check --write-baseline` writes it",
        ),
        media(),
        setting(
            "override",
            Values::Tables(vec![
                required("files", Values::Globs, "the files: a glob pattern or a list of them"),
                rules(),
                format(),
                service(),
                model(),
            ]),
            "settings for some files",
        ),
    ]);
    let mut dataset = vec![
        required("train", Values::Globs, "the training files: a glob pattern or a list of them"),
        setting("validation", Values::Globs, "the validation files: a glob pattern or a list of them"),
        setting("name", Values::Text, "the name of the dataset"),
        format(),
        service(),
        model(),
    ];
    dataset.extend(shared());
    let summary = "the files that form a dataset; they are tuning files whatever they contain";
    settings.push(setting("dataset", Values::Tables(dataset), summary));
    settings
});
