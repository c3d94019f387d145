//! What is generated from the table of settings: a Markdown table, the settings of the VS Code extension, and the JSON
//! Schema of `tuning-ls.toml`.

use crate::support::reference::sentence;
use serde_json::{Map, Value, json};
use std::fmt::Write;
use tuning_ls::example::shared::SharedValue;
use tuning_ls::rules;
use tuning_ls::settings::toml::FILE_NAME;
use tuning_ls::settings::{Choices, Level, SETTINGS, Setting, Values, new_models};

/// The settings as a table in Markdown.
pub fn markdown() -> String {
    let mut out = "| setting | in `tuning-ls.toml` | what it is | default |\n|---|---|---|---|\n".to_owned();
    for setting in SETTINGS.iter() {
        let Setting { name, summary, values, .. } = setting;
        let (more, default) = described(values);
        let _ = writeln!(out, "| `{name}` | `{}` | {summary}{more} | {default} |", setting.key());
    }
    out
}

/// The values of a setting, as the end of a sentence, and its default.
fn described(values: &Values) -> (String, String) {
    let quoted = |choices: &Choices| {
        let named = choices.iter().filter(|(value, _)| !value.is_empty());
        named.map(|(value, _)| format!("`\"{value}\"`")).collect::<Vec<_>>().join(", ")
    };
    let default = |choices: &Choices| match choices.first() {
        Some(("", meaning)) => (*meaning).to_owned(),
        Some((value, _)) => format!("`\"{value}\"`"),
        None => String::new(),
    };
    match values {
        Values::Levels => {
            let levels: Vec<_> = levels().iter().map(|(name, _)| format!("`\"{name}\"`")).collect();
            (format!("; levels are {}", levels.join(", ")), "`{}`".to_owned())
        }
        Values::Count { default } => (String::new(), format!("`{default}`")),
        Values::Choice(choices) => (format!(": {}", quoted(choices)), default(choices)),
        Values::Shared(field) => {
            let choices = field.summaries.to_vec();
            (format!(": {}", quoted(&choices)), default(&choices))
        }
        Values::Model(choices) => {
            let new: Vec<_> = new_models().map(|begins| format!("`{begins}`")).collect();
            let new = new.join(", ");
            (format!(": {}; or any name that begins with one of {new}", quoted(choices)), default(choices))
        }
        Values::Text | Values::Globs => (String::new(), "none".to_owned()),
        Values::Table(settings) => {
            let names: Vec<_> = settings.iter().map(|setting| format!("`{}`", setting.name)).collect();
            (format!("; an object with {}", names.join(" and ")), "`{}`".to_owned())
        }
        Values::Tables(settings) => {
            let names: Vec<_> = settings.iter().map(|setting| format!("`{}`", setting.name)).collect();
            (format!("; a list of objects with {}", names.join(", ")), "`[]`".to_owned())
        }
    }
}

/// The levels, each with its main name.
fn levels() -> Vec<(&'static str, Level)> {
    Level::NAMES.into_iter().filter(|(name, level)| level.name() == *name).collect()
}

/// Where the settings are written, which decides their names and the keywords that the editor understands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Writer {
    Client,
    Project,
}

impl Writer {
    /// The key under which an editor looks for a description.
    fn description(self) -> &'static str {
        if self == Writer::Client { "markdownDescription" } else { "description" }
    }

    fn name(self, setting: &Setting) -> String {
        if self == Writer::Client { setting.name.to_owned() } else { setting.key() }
    }
}

/// The settings as properties of VS Code's `contributes.configuration`.
pub fn client_properties() -> Map<String, Value> {
    let property = |setting: &Setting| {
        let mut property = schema_of(setting, Writer::Client);
        property["scope"] = "window".into();
        (format!("tuning-ls.{}", setting.name), property)
    };
    SETTINGS.iter().map(property).collect()
}

/// The JSON Schema of `tuning-ls.toml`.
pub fn file_schema() -> Value {
    let mut schema = table(&SETTINGS, Writer::Project);
    schema["$schema"] = "http://json-schema.org/draft-07/schema#".into();
    schema["title"] = FILE_NAME.into();
    schema["description"] = "The settings of a project with fine-tuning datasets.".into();
    schema["definitions"] = json!({ "rules": levels_by_code(Writer::Project) });
    schema
}

fn table(settings: &[Setting], writer: Writer) -> Value {
    let properties: Map<_, _> =
        settings.iter().map(|setting| (writer.name(setting), schema_of(setting, writer))).collect();
    let required: Vec<_> =
        settings.iter().filter(|setting| setting.required).map(|setting| writer.name(setting)).collect();
    let mut table = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        table["required"] = required.into();
    }
    table
}

fn schema_of(setting: &Setting, writer: Writer) -> Value {
    let choices_of = |choices: &Choices| {
        let (values, meanings): (Vec<_>, Vec<_>) = choices.iter().copied().unzip();
        let meanings: Vec<_> = meanings.into_iter().map(sentence).collect();
        json!({ "enum": values, "enumDescriptions": meanings })
    };
    let default = |choices: &Choices| choices.first().map_or("", |(value, _)| value);
    let one_of = |choices: &Choices| {
        let mut schema = choices_of(choices);
        schema["type"] = "string".into();
        schema["default"] = default(choices).into();
        schema
    };
    let mut schema = match &setting.values {
        Values::Levels if writer == Writer::Client => levels_by_code(writer),
        // In draft 7, other keywords next to `$ref` are ignored.
        Values::Levels => json!({ "allOf": [{ "$ref": "#/definitions/rules" }] }),
        Values::Count { default } => json!({ "type": "integer", "minimum": 1, "default": default }),
        Values::Shared(field) if writer == Writer::Project => {
            let choices = field.summaries.to_vec();
            let short: Vec<_> = SharedValue::ALL.iter().map(|value| field.label(*value)).collect();
            let known = [choices_of(&choices), json!({ "enum": short })];
            json!({ "type": "string", "anyOf": known, "default": default(&choices) })
        }
        Values::Shared(field) => one_of(&field.summaries.to_vec()),
        Values::Choice(choices) => one_of(choices),
        Values::Model(choices) => {
            let new: Vec<_> = new_models().map(|begins| begins.replace('.', "\\.")).collect();
            let new = json!({ "pattern": format!("^({})", new.join("|")) });
            json!({ "type": "string", "anyOf": [choices_of(choices), new], "default": default(choices) })
        }
        Values::Text => json!({ "type": "string", "default": "" }),
        Values::Globs => {
            let pattern = json!({ "type": "string", "minLength": 1 });
            json!({ "anyOf": [pattern, { "type": "array", "items": pattern, "minItems": 1 }] })
        }
        Values::Table(settings) => {
            let mut table = table(settings, writer);
            table["default"] = json!({});
            table
        }
        Values::Tables(settings) => json!({ "type": "array", "items": table(settings, writer), "default": [] }),
    };
    schema[writer.description()] = sentence(setting.summary).into();
    schema
}

/// The schema of the setting that maps rule codes to levels, with the summary of each rule.
fn levels_by_code(writer: Writer) -> Value {
    let levels = if writer == Writer::Client { levels() } else { Level::NAMES.to_vec() };
    let (names, meanings): (Vec<_>, Vec<_>) =
        levels.into_iter().map(|(name, level)| (name, sentence(level.meaning()))).unzip();
    let rules = rules::all().map(|rule| {
        let mut level = json!({ "type": "string", "enum": names, "enumDescriptions": meanings });
        level[writer.description()] = sentence(rule.summary).into();
        (rule.code.to_owned(), level)
    });
    json!({ "type": "object", "properties": rules.collect::<Map<_, _>>(), "additionalProperties": false, "default": {} })
}
