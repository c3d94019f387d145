//! Reads settings by their table. An invalid value is reported and keeps its default; all others apply.

use crate::example::shared::{SharedField, SharedValue};
use crate::formats::{FORMATS, Service};
use crate::settings::applied::{format_of_model, format_of_service};
use crate::settings::given::{Given, Member, Value, shortened};
use crate::settings::globs::Globs;
use crate::settings::layer::{Layer, Override, Scoped};
use crate::settings::sources::Mirror;
use crate::settings::table::{SETTINGS, Setting, Values, new_models};
use crate::settings::{Dataset, Detection, DiagnosticMode, Level, Shared};
use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Component, Path};

/// A problem in a `tuning-ls.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The bytes of the text that it is about.
    pub span: Range<usize>,
    /// What is wrong, in one sentence.
    pub message: String,
}

/// Who wrote the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writer {
    /// A client: names are in camelCase, and the object may have other settings of the client.
    Client,
    /// The author of a `tuning-ls.toml`: names are in kebab-case, and unknown names are problems.
    Project,
}

/// A list of alternatives: `a, b or c`.
fn one_of<T: Borrow<str>>(names: impl IntoIterator<Item = T>) -> String {
    let names: Vec<_> = names.into_iter().collect();
    match names.split_last() {
        Some((last, [])) => last.borrow().to_owned(),
        Some((last, rest)) => format!("{} or {}", rest.join(", "), last.borrow()),
        None => String::new(),
    }
}

/// `; did you mean …?` if one of the names is similar.
fn did_you_mean<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let distance = |other: &'a str| {
        let is_prefix = other.len() > name.len() && name.len() >= 4 && other.starts_with(name);
        (if is_prefix { 1 } else { strsim::damerau_levenshtein(other, name) }, other)
    };
    let max = name.chars().count().div_ceil(3).min(3);
    match names.into_iter().filter(|other| !other.is_empty()).map(distance).min() {
        Some((distance, nearest)) if distance <= max => format!("; did you mean `{nearest}`?"),
        _ => String::new(),
    }
}

pub(super) struct Reader {
    writer: Writer,
    pub problems: Vec<Problem>,
    /// Every rule code with a level, and its place.
    named_rules: Vec<(String, Range<usize>)>,
}

impl Reader {
    pub fn new(writer: Writer) -> Self {
        Self { writer, problems: Vec::new(), named_rules: Vec::new() }
    }

    fn problem(&mut self, span: &Range<usize>, message: String) {
        self.problems.push(Problem { span: span.clone(), message });
    }

    fn wrong(&mut self, name: &str, given: &Given, expected: &str) {
        self.problem(&given.span, format!("`{name}` must be {expected}, not {}", given.shown));
    }

    fn wrong_choice<'a>(&mut self, what: &str, given: &Given, names: impl Iterator<Item = &'a str> + Clone) {
        let names = names.filter(|name| !name.is_empty());
        let near = given.text().map_or_else(String::new, |text| did_you_mean(text, names.clone()));
        self.problem(&given.span, format!("{what} must be {}, not {}{near}", one_of(names), given.shown));
    }

    /// Reports an unknown model. Lists the known ones, and the beginnings of the names of newer ones.
    fn wrong_model<'a>(&mut self, name: &str, given: &Given, names: impl Iterator<Item = &'a str> + Clone) {
        let starts: Vec<_> = new_models().collect();
        let listed =
            names.clone().filter(|name| !name.is_empty() && !starts.iter().any(|start| name.starts_with(start)));
        let expected = one_of(listed.chain(["a name that begins with"]));
        let starts = one_of(starts.iter().map(|start| format!("`{start}`")));
        let near = given.text().map_or_else(String::new, |text| did_you_mean(text, names));
        self.problem(&given.span, format!("`{name}` must be {expected} {starts}, not {}{near}", given.shown));
    }

    /// Reads all settings.
    pub fn layer(&mut self, members: &[Member]) -> Layer {
        let mut layer = Layer::default();
        for (setting, Member { key, given, .. }) in self.members(&SETTINGS, members, None) {
            match (setting.name, &setting.values) {
                ("maxDiagnostics", _) => layer.max_diagnostics = self.count(key, given),
                ("diagnosticMode", _) => {
                    let mode = self.choice(setting, key, given);
                    layer.diagnostic_mode = mode.as_deref().and_then(DiagnosticMode::named);
                }
                ("inlayHints", _) => layer.inlay_hints = self.choice(setting, key, given).map(|choice| choice == "on"),
                ("baseline", _) => layer.baseline = self.path(key, given).map(|path| (path, given.span.clone())),
                ("media", Values::Table(settings)) => self.media(settings, key, given, &mut layer),
                ("override", Values::Tables(settings)) => {
                    for (table, span) in self.tables(key, given) {
                        let read = self.override_table(settings, table, span);
                        layer.overrides.extend(Some(read).filter(|read| !read.files.is_empty()));
                    }
                }
                ("dataset", Values::Tables(settings)) => {
                    for (table, span) in self.tables(key, given) {
                        let read = self.dataset(settings, table, span);
                        layer.datasets.extend(Some(read).filter(|read| !read.train.is_empty()));
                    }
                }
                _ => self.scoped(setting, key, given, &mut layer.scoped),
            }
        }
        self.contradictions(members, &layer.scoped);
        layer.named_rules = std::mem::take(&mut self.named_rules);
        layer
    }

    fn media(&mut self, settings: &'static [Setting], name: &str, given: &Given, layer: &mut Layer) {
        let members = match &given.value {
            Value::Table(members) => members.as_slice(),
            Value::List(items) if items.is_empty() && self.writer == Writer::Client => &[],
            _ => return self.wrong(name, given, "a table with `manifest` and `mirror`"),
        };
        for (setting, Member { key, given, .. }) in self.members(settings, members, Some(&given.span)) {
            match &setting.values {
                Values::Tables(settings) => {
                    for (table, span) in self.tables(&format!("{name}.{key}"), given) {
                        layer.mirrors.extend(self.mirror(settings, table, span));
                    }
                }
                _ => layer.manifest = self.path(key, given).map(|path| (path, given.span.clone())),
            }
        }
    }

    fn mirror(&mut self, settings: &'static [Setting], members: &[Member], span: &Range<usize>) -> Option<Mirror> {
        let (mut prefix, mut folder) = (None, None);
        for (setting, Member { key, given, .. }) in self.members(settings, members, Some(span)) {
            match setting.name {
                // An empty prefix is for relative locations.
                "prefix" => prefix = self.text(key, given).or(given.text().map(str::to_owned)),
                _ if given.text() == Some("") => {
                    let message = format!("`{key}` is empty; expected the path of a folder, or `.` for this one");
                    self.problem(&given.span, message);
                }
                _ => folder = self.path(key, given).map(|path| (path, given.span.clone())),
            }
        }
        let (folder, span) = folder?;
        Some(Mirror { prefix: prefix?, folder: folder.into(), span })
    }

    /// A path. Those of a project must not leave its folder, because others wrote them.
    fn path(&mut self, name: &str, given: &Given) -> Option<String> {
        let path = self.text(name, given)?;
        let stays = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        if self.writer == Writer::Project && !Path::new(&path).components().all(stays) {
            let mut message = format!("`{name}` leaves the folder of this file; expected a path below it");
            if name == "folder" {
                message.push_str(". A symbolic link there may lead elsewhere");
            }
            self.problem(&given.span, message);
            return None;
        }
        Some(path)
    }

    fn override_table(&mut self, settings: &'static [Setting], members: &[Member], span: &Range<usize>) -> Override {
        let mut read = Override::default();
        for (setting, Member { key, given, .. }) in self.members(settings, members, Some(span)) {
            match setting.name {
                "files" => read.files = self.globs(key, given),
                _ => self.scoped(setting, key, given, &mut read.scoped),
            }
        }
        self.contradictions(members, &read.scoped);
        read
    }

    fn dataset(&mut self, settings: &'static [Setting], members: &[Member], span: &Range<usize>) -> Dataset {
        let mut read = Dataset { is_confined: self.writer != Writer::Client, ..Dataset::default() };
        for (setting, Member { key, given, .. }) in self.members(settings, members, Some(span)) {
            match setting.name {
                "name" => read.name = self.text(key, given),
                "train" => read.train = self.globs(key, given),
                "validation" => read.validation = self.globs(key, given),
                _ => self.scoped(setting, key, given, &mut read.scoped),
            }
        }
        self.contradictions(members, &read.scoped);
        read
    }

    /// Reports a service that doesn't read the format of its table, and a model that goes with neither.
    fn contradictions(&mut self, members: &[Member], read: &Scoped) {
        let format = if let Some(Detection::Is(format)) = read.format { Some(format) } else { None };
        let of_service = read.service.and_then(format_of_service);
        let of_model = read.model.as_deref().and_then(format_of_model);
        let (key, setting, wanted) = match (format, of_service, of_model) {
            (Some(format), Some(other), _) if format != other => ("service", "format", format.id),
            (Some(format), _, Some(other)) if format != other => ("model", "format", format.id),
            (_, Some(format), Some(other)) if format != other => {
                ("model", "service", read.service.map_or("", |service| service.id))
            }
            _ => return,
        };
        if let Some(member) = members.iter().find(|member| member.key == key) {
            let shown = &member.given.shown;
            let message = format!("the {key} {shown} doesn't go with `{setting}`, which is `{wanted}`");
            self.problem(&member.given.span, message);
        }
    }

    fn scoped(&mut self, setting: &Setting, name: &str, given: &Given, read: &mut Scoped) {
        match (setting.name, &setting.values) {
            ("rules", _) => read.rules = self.levels(name, given),
            (_, Values::Shared(field)) => read.shared.extend(self.shared(field, name, given)),
            ("service", _) => read.service = self.service(setting, name, given),
            ("model", _) => read.model = self.choice(setting, name, given),
            ("format", _) => read.format = self.format(setting, name, given),
            _ => {}
        }
    }

    /// The members that are settings with a value. Reports unknown names, and required settings that the table at `span`
    /// lacks.
    fn members<'a>(
        &mut self,
        settings: &'static [Setting],
        members: &'a [Member],
        span: Option<&Range<usize>>,
    ) -> Vec<(&'static Setting, &'a Member)> {
        let name_of = |setting: &Setting| match self.writer {
            Writer::Client => setting.name.to_owned(),
            Writer::Project => setting.key(),
        };
        let named: Vec<_> = settings.iter().map(|setting| (name_of(setting), setting)).collect();
        let mut found = Vec::new();
        for member in members {
            match named.iter().find(|(name, _)| *name == member.key) {
                Some((_, setting)) if !matches!(member.given.value, Value::Nothing) => found.push((*setting, member)),
                Some(_) => {}
                None if self.writer == Writer::Client && span.is_none() => {}
                None => {
                    let near = did_you_mean(&member.key, named.iter().map(|(name, _)| name.as_str()));
                    self.problem(&member.span, format!("unknown setting `{}`{near}", shortened(&member.key)));
                }
            }
        }
        for (name, setting) in named.iter().filter(|(_, setting)| setting.required) {
            if let Some(span) = span
                && !found.iter().any(|(other, _)| other.name == setting.name)
            {
                self.problem(span, format!("`{name}` is missing; expected {}", setting.summary));
            }
        }
        found
    }

    fn levels(&mut self, name: &str, given: &Given) -> BTreeMap<String, Level> {
        let members = match &given.value {
            Value::Table(members) => members.as_slice(),
            Value::List(items) if items.is_empty() && self.writer == Writer::Client => &[],
            _ => {
                self.wrong(name, given, "a table of rule codes and levels");
                &[]
            }
        };
        let mut levels = BTreeMap::new();
        for Member { key, span, given } in members {
            self.named_rules.push((key.clone(), span.clone()));
            if let Some(level) = given.text().and_then(Level::named) {
                levels.insert(key.clone(), level);
            } else {
                let names = Level::NAMES.iter().map(|(name, _)| *name).filter(|name| *name != "info");
                self.wrong_choice(&format!("the level of rule `{}`", shortened(key)), given, names);
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

    /// A string; `None` also for the empty one.
    fn text(&mut self, name: &str, given: &Given) -> Option<String> {
        if given.text().is_none() {
            self.wrong(name, given, "a string");
        }
        given.text().filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// One of the setting's names; `None` also for the empty one.
    fn choice(&mut self, setting: &Setting, name: &str, given: &Given) -> Option<String> {
        let (choices, is_model) = match &setting.values {
            Values::Choice(choices) => (choices, false),
            Values::Model(choices) => (choices, true),
            _ => return None,
        };
        let is_new = |text: &str| is_model && new_models().any(|prefix| text.starts_with(prefix));
        match given.text() {
            Some(text) if is_new(text) || choices.iter().any(|(choice, _)| *choice == text) => {
                Some(text.to_owned()).filter(|text| !text.is_empty())
            }
            _ => {
                let names = choices.iter().map(|(choice, _)| *choice);
                if is_model {
                    self.wrong_model(name, given, names);
                } else {
                    self.wrong_choice(&format!("`{name}`"), given, names);
                }
                None
            }
        }
    }

    /// A shared value, by its name or its label in any case.
    fn shared(&mut self, field: &'static SharedField, name: &str, given: &Given) -> Option<Shared> {
        let value = given.text().and_then(|text| field.from_setting(text));
        if value.is_none() && given.text() != Some("") {
            self.wrong_choice(&format!("`{name}`"), given, SharedValue::ALL.map(|value| field.name(value)).into_iter());
        }
        value.map(|value| Shared { field, value })
    }

    fn service(&mut self, setting: &Setting, name: &str, given: &Given) -> Option<&'static Service> {
        let id = self.choice(setting, name, given)?;
        FORMATS.iter().flat_map(|format| format.services).copied().find(|service| service.id == id)
    }

    fn format(&mut self, setting: &Setting, name: &str, given: &Given) -> Option<Detection> {
        if given.text() == Some("") {
            return Some(Detection::ByContent);
        }
        self.choice(setting, name, given).and_then(|name| Detection::named(&name))
    }

    fn globs(&mut self, name: &str, given: &Given) -> Globs {
        const EXPECTED: &str = "a glob pattern or a list of them";
        let items = match &given.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(given),
        };
        let mut patterns = Vec::new();
        for item in items {
            match item.text() {
                Some(text) => patterns.push((text.to_owned(), item.span.clone())),
                None => self.wrong(name, item, EXPECTED),
            }
        }
        if items.is_empty() {
            self.wrong(name, given, EXPECTED);
        }
        let (globs, problems) = Globs::new(patterns);
        for (span, problem) in problems {
            self.problem(&span, format!("`{name}`: {problem}"));
        }
        globs
    }

    /// The tables of a list, with their places.
    fn tables<'a>(&mut self, name: &str, given: &'a Given) -> Vec<(&'a [Member], &'a Range<usize>)> {
        let expected = match self.writer {
            Writer::Client => "a list of objects".to_owned(),
            Writer::Project => format!("a list of tables, each headed `[[{name}]]`"),
        };
        let items = match &given.value {
            Value::List(items) => items.as_slice(),
            Value::Table(members) if members.is_empty() && self.writer == Writer::Client => &[],
            _ => {
                self.wrong(name, given, &expected);
                &[]
            }
        };
        let mut tables = Vec::new();
        for item in items {
            match &item.value {
                Value::Table(members) => tables.push((members.as_slice(), &item.span)),
                _ => self.wrong(name, item, &expected),
            }
        }
        tables
    }
}
