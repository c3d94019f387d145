//! Reads settings from what was written, by their table. What is wrong keeps its default and is said;
//! all else applies.

use crate::example::shared::SharedField;
use crate::formats::{FORMATS, Service};
use crate::settings::given::{Given, Member, Value};
use crate::settings::globs::{Globs, Pattern};
use crate::settings::table::{SETTINGS, Setting, Values, new_models};
use crate::settings::written::{Layer, Override};
use crate::settings::{Dataset, Detection, DiagnosticMode, Level, Shared};
use std::collections::BTreeMap;
use std::ops::Range;

/// Something that is wrong in a `tuning-ls.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The bytes at fault.
    pub span: Range<usize>,
    /// What is wrong, in one sentence.
    pub message: String,
}

/// Who wrote the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writer {
    /// A client: names are in camelCase, and it keeps settings of its own beside the server's.
    Client,
    /// The author of a `tuning-ls.toml`: names are in kebab-case, and each has to be known.
    Project,
}

/// Names of a list as a person reads them: `a, b or c`.
pub(super) fn one_of<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.into_iter().collect();
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// `; did you mean …?` when a name is near enough to be meant.
fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let near = |known: &'a str| {
        let prefix = known.len() > name.len() && name.len() >= 4 && known.starts_with(name);
        (if prefix { 1 } else { strsim::damerau_levenshtein(known, name) }, known)
    };
    let nearest = known.into_iter().filter(|known| !known.is_empty()).map(near).min();
    let most = name.chars().count().div_ceil(3).min(3);
    nearest
        .filter(|(distance, _)| *distance <= most)
        .map_or_else(String::new, |(_, near)| format!("; did you mean `{near}`?"))
}

pub(super) struct Reader {
    pub writer: Writer,
    pub problems: Vec<Problem>,
}

impl Reader {
    pub fn new(writer: Writer) -> Self {
        Self { writer, problems: Vec::new() }
    }

    fn problem(&mut self, span: &Range<usize>, message: String) {
        self.problems.push(Problem { span: span.clone(), message });
    }

    fn name(&self, setting: &Setting) -> String {
        match self.writer {
            Writer::Client => setting.name.to_owned(),
            Writer::Project => setting.key(),
        }
    }

    /// Says that `given` is not what the setting takes.
    fn wrong(&mut self, name: &str, given: &Given, wanted: &str) {
        self.problem(&given.span, format!("`{name}` has to be {wanted}, not {}", given.shown));
    }

    /// All settings.
    pub fn layer(&mut self, members: &[Member]) -> Layer {
        let mut layer = Layer::default();
        for (setting, member) in self.known(&SETTINGS, members, None) {
            let (name, given) = (member.key.as_str(), &member.given);
            match (setting.name, &setting.values) {
                ("rules", _) => layer.written.rules = self.levels(name, given, &mut layer.named_rules),
                ("maxDiagnostics", _) => layer.written.max_diagnostics = self.count(name, given),
                (_, Values::Shared(field)) => layer.written.shared.extend(self.shared(field, name, given)),
                ("service", _) => layer.written.service = self.service(setting, name, given),
                ("model", _) => layer.written.model = self.choice(setting, name, given),
                ("format", _) => layer.written.format = self.format(setting, name, given),
                ("diagnosticMode", _) => {
                    let mode = self.choice(setting, name, given);
                    layer.written.diagnostic_mode = mode.as_deref().and_then(DiagnosticMode::named);
                }
                ("baseline", _) => {
                    layer.written.baseline = self.text(name, given).map(|text| (text, given.span.clone()));
                }
                ("override", Values::Tables(members)) => {
                    for (table, span) in self.tables(name, given) {
                        let read = self.an_override(members, &table, &span, &mut layer.named_rules);
                        layer.overrides.extend(read);
                    }
                }
                ("dataset", Values::Tables(members)) => {
                    for (table, span) in self.tables(name, given) {
                        layer.datasets.extend(self.dataset(members, &table, span));
                    }
                }
                _ => {}
            }
        }
        layer
    }

    fn an_override(
        &mut self,
        settings: &'static [Setting],
        members: &[Member],
        span: &Range<usize>,
        named_rules: &mut Vec<(String, Range<usize>)>,
    ) -> Option<Override> {
        let mut read = Override::default();
        for (setting, member) in self.known(settings, members, Some(span)) {
            let (name, given) = (member.key.as_str(), &member.given);
            match setting.name {
                "files" => read.files = self.globs(name, given),
                "rules" => read.rules = self.levels(name, given, named_rules),
                "format" => read.format = self.format(setting, name, given),
                "service" => read.service = self.service(setting, name, given),
                "model" => read.model = self.choice(setting, name, given),
                _ => {}
            }
        }
        (!read.files.is_empty()).then_some(read)
    }

    fn dataset(&mut self, settings: &'static [Setting], members: &[Member], span: Range<usize>) -> Option<Dataset> {
        let mut read = Dataset { span: span.clone(), ..Dataset::default() };
        for (setting, member) in self.known(settings, members, Some(&span)) {
            let (name, given) = (member.key.as_str(), &member.given);
            match (setting.name, &setting.values) {
                (_, Values::Shared(field)) => read.shared.extend(self.shared(field, name, given)),
                ("name", _) => read.name = self.text(name, given),
                ("train", _) => read.train = self.globs(name, given),
                ("validation", _) => read.validation = self.globs(name, given),
                ("format", _) => read.format = self.format(setting, name, given),
                ("service", _) => read.service = self.service(setting, name, given),
                ("model", _) => read.model = self.choice(setting, name, given),
                _ => {}
            }
        }
        (!read.train.is_empty()).then_some(read)
    }

    /// The members that are settings and have a value; says which are none, and which are missing from the
    /// table at `span`.
    fn known<'a>(
        &mut self,
        settings: &'static [Setting],
        members: &'a [Member],
        span: Option<&Range<usize>>,
    ) -> Vec<(&'static Setting, &'a Member)> {
        let named: Vec<_> = settings.iter().map(|setting| (self.name(setting), setting)).collect();
        let mut known = Vec::new();
        for member in members {
            match named.iter().find(|(name, _)| *name == member.key) {
                Some((_, setting)) if !matches!(member.given.value, Value::Nothing) => known.push((*setting, member)),
                Some(_) => {}
                // Beside the server's settings a client keeps its own.
                None if self.writer == Writer::Client && span.is_none() => {}
                None => {
                    let near = did_you_mean(&member.key, named.iter().map(|(name, _)| name.as_str()));
                    self.problem(&member.span, format!("there is no setting `{}` here{near}", member.key));
                }
            }
        }
        if let Some(span) = span {
            for (name, setting) in named.iter().filter(|(_, setting)| setting.required) {
                if !known.iter().any(|(other, _)| other.name == setting.name) {
                    self.problem(span, format!("`{name}` is missing here: {}", setting.summary));
                }
            }
        }
        known
    }

    fn levels(
        &mut self,
        name: &str,
        given: &Given,
        named_rules: &mut Vec<(String, Range<usize>)>,
    ) -> BTreeMap<String, Level> {
        let mut levels = BTreeMap::new();
        let members = match &given.value {
            Value::Table(members) => members,
            // What Lua and others make of an empty table.
            Value::List(items) if items.is_empty() && self.writer == Writer::Client => return levels,
            _ => {
                self.wrong(name, given, "a table of rule codes and levels");
                return levels;
            }
        };
        for Member { key, span, given } in members {
            named_rules.push((key.clone(), span.clone()));
            let level = if let Value::Text(text) = &given.value { Level::named(text) } else { None };
            match level {
                Some(level) => {
                    levels.insert(key.clone(), level);
                }
                None => {
                    let names = Level::NAMES.iter().map(|(name, _)| *name).filter(|name| *name != "info");
                    let near = match &given.value {
                        Value::Text(text) => did_you_mean(text, names.clone()),
                        _ => String::new(),
                    };
                    let (wanted, shown) = (one_of(names), &given.shown);
                    let message = format!("the level of rule `{key}` has to be {wanted}, not {shown}{near}");
                    self.problem(&given.span, message);
                }
            }
        }
        levels
    }

    fn count(&mut self, name: &str, given: &Given) -> Option<usize> {
        match given.value {
            Value::Count(count) if count > 0 => Some(count),
            _ => {
                self.wrong(name, given, "a whole number above 0");
                None
            }
        }
    }

    /// A text that is not empty.
    fn text(&mut self, name: &str, given: &Given) -> Option<String> {
        match &given.value {
            Value::Text(text) => Some(text.clone()).filter(|text| !text.is_empty()),
            _ => {
                self.wrong(name, given, "a string");
                None
            }
        }
    }

    /// One of the setting's names; `None` also for the empty one.
    fn choice(&mut self, setting: &Setting, name: &str, given: &Given) -> Option<String> {
        let (choices, is_model) = match &setting.values {
            Values::Choice(choices) => (choices, false),
            Values::Model(choices) => (choices, true),
            _ => return None,
        };
        if let Value::Text(text) = &given.value {
            let named = choices.iter().any(|(choice, _)| choice == text);
            if named || (is_model && new_models().any(|begins| text.starts_with(begins))) {
                return Some(text.clone()).filter(|text| !text.is_empty());
            }
        }
        self.no_choice(choices.iter().map(|(choice, _)| *choice), name, given);
        None
    }

    fn no_choice<'a>(&mut self, choices: impl Iterator<Item = &'a str> + Clone, name: &str, given: &Given) {
        let names = choices.filter(|choice| !choice.is_empty());
        let near = match &given.value {
            Value::Text(text) => did_you_mean(text, names.clone()),
            _ => String::new(),
        };
        let (wanted, shown) = (one_of(names), &given.shown);
        self.problem(&given.span, format!("`{name}` has to be {wanted}, not {shown}{near}"));
    }

    /// A shared value, whose label in any case will do too.
    fn shared(&mut self, field: &'static SharedField, name: &str, given: &Given) -> Option<Shared> {
        let text = if let Value::Text(text) = &given.value { text.as_str() } else { "-" };
        let value = field.from_setting(text);
        if value.is_none() && !text.is_empty() {
            self.no_choice(field.values.into_iter(), name, given);
        }
        value.map(|value| Shared { field, value })
    }

    fn service(&mut self, setting: &Setting, name: &str, given: &Given) -> Option<&'static Service> {
        let id = self.choice(setting, name, given)?;
        FORMATS.iter().flat_map(|format| format.services).copied().find(|service| service.id == id)
    }

    fn format(&mut self, setting: &Setting, name: &str, given: &Given) -> Option<Detection> {
        let is_empty = matches!(&given.value, Value::Text(text) if text.is_empty());
        if is_empty {
            Some(Detection::ByContent)
        } else {
            self.choice(setting, name, given).and_then(|name| Detection::named(&name))
        }
    }

    fn globs(&mut self, name: &str, given: &Given) -> Globs {
        let items = match &given.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(given),
        };
        let mut patterns = Vec::new();
        for item in items {
            match &item.value {
                Value::Text(text) => patterns.push(Pattern { text: text.clone(), span: item.span.clone() }),
                _ => self.wrong(name, item, "a glob pattern or a list of them"),
            }
        }
        if items.is_empty() {
            self.wrong(name, given, "a glob pattern or a list of them");
        }
        let (globs, problems) = Globs::new(patterns);
        for (span, problem) in problems {
            self.problem(&span, format!("`{name}`: {problem}"));
        }
        globs
    }

    /// The tables of a list, with their places.
    fn tables(&mut self, name: &str, given: &Given) -> Vec<(Vec<Member>, Range<usize>)> {
        let wanted = match self.writer {
            Writer::Client => "a list of objects".to_owned(),
            Writer::Project => format!("a list of tables, each headed `[[{name}]]`"),
        };
        let items = match &given.value {
            Value::List(items) => items.as_slice(),
            Value::Table(members) if members.is_empty() && self.writer == Writer::Client => &[],
            _ => {
                self.wrong(name, given, &wanted);
                return Vec::new();
            }
        };
        let mut tables = Vec::new();
        for item in items {
            match &item.value {
                Value::Table(members) => tables.push((members.clone(), item.span.clone())),
                _ => self.wrong(name, item, &wanted),
            }
        }
        tables
    }
}
