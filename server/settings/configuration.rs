//! What the client and the project wrote together, and what of it applies to one file.

use crate::settings::given::{Given, Value};
use crate::settings::read::{Reader, Writer};
use crate::settings::written::{Layer, Written, relative};
use crate::settings::{Dataset, Detection, DiagnosticMode, Role, Settings};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// All that was written: the settings for all files, those for some, and the datasets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration {
    /// One for each writer; a later one goes before those before it.
    layers: Vec<Layer>,
}

impl Configuration {
    pub(super) fn of(layer: Layer) -> Self {
        Self { layers: vec![layer] }
    }

    /// Reads a settings object, as `initializationOptions` or `didChangeConfiguration` carries it.
    ///
    /// A wrong value keeps its default and is said in one sentence; all others apply. Anything but
    /// an object gives the defaults. Names that are no setting of the server are passed over: the
    /// clients keep settings of their own beside them.
    #[must_use]
    pub fn from_json(value: &serde_json::Value) -> (Self, Vec<String>) {
        let members = match Given::from_json(value).value {
            Value::Table(members) => members,
            Value::Nothing => Vec::new(),
            // What Lua and others make of an empty table.
            Value::List(items) if items.is_empty() => Vec::new(),
            _ => return (Self::default(), vec!["the settings are no object; the defaults apply".to_owned()]),
        };
        let mut reader = Reader::new(Writer::Client);
        let layer = reader.layer(&members);
        (Self::of(layer), reader.problems.into_iter().map(|problem| problem.message).collect())
    }

    /// The same settings, whose paths and patterns count from `folder`. Without a folder they count from
    /// wherever the paths count from that are asked about.
    #[must_use]
    pub fn in_folder(mut self, folder: &Path) -> Self {
        for layer in &mut self.layers {
            layer.folder = Some(folder.to_path_buf());
            for dataset in &mut layer.datasets {
                dataset.folder = Some(folder.to_path_buf());
            }
        }
        self
    }

    /// Both, of which `self` goes before `below`, key by key and rule by rule: the project's file before
    /// the client's settings.
    #[must_use]
    pub fn merge(self, below: Configuration) -> Self {
        let mut layers = below.layers;
        layers.extend(self.layers);
        Self { layers }
    }

    /// What holds for files that nothing is said about.
    #[must_use]
    pub fn base(&self) -> Settings {
        let mut settings = Settings::default();
        for layer in &self.layers {
            settings.apply(&layer.written);
        }
        settings
    }

    /// What holds for the file at `path`. Overrides go before the settings of their writer, later ones
    /// before earlier ones, and a dataset's model and resolution before both. A file of a dataset is a
    /// tuning file unless a `format` is set.
    ///
    /// The baseline is not read: see [`Self::baseline`].
    #[must_use]
    pub fn for_file(&self, path: &Path) -> Settings {
        let mut settings = Settings::default();
        for layer in &self.layers {
            settings.apply(&layer.written);
            let Some(path) = relative(path, layer.folder.as_deref()) else { continue };
            for other in layer.overrides.iter().filter(|other| other.files.matches(path)) {
                settings.rules.extend(other.rules.clone());
                settings.format = other.format.unwrap_or(settings.format);
                settings.service = other.service.or(settings.service);
                settings.model = other.model.clone().or(settings.model);
            }
        }
        if let Some((dataset, _)) = self.dataset_of(path) {
            settings.model = dataset.model.clone().or(settings.model);
            settings.service = dataset.service.or(settings.service);
            settings.set_shared(&dataset.shared);
            settings.format = dataset.format.unwrap_or(settings.format);
            settings.in_dataset = true;
            if settings.format == Detection::ByContent && settings.service.is_some() {
                settings.format = Detection::Is(settings.fallback());
            }
        }
        settings
    }

    /// The datasets: the project's, or the client's when the project has none.
    #[must_use]
    pub fn datasets(&self) -> &[Dataset] {
        let of_layers = self.layers.iter().rev().map(|layer| layer.datasets.as_slice());
        of_layers.into_iter().find(|datasets| !datasets.is_empty()).unwrap_or_default()
    }

    /// The dataset that the file at `path` belongs to, and what it is to it; the first of several.
    #[must_use]
    pub fn dataset_of(&self, path: &Path) -> Option<(&Dataset, Role)> {
        self.datasets().iter().find_map(|dataset| Some((dataset, dataset.role_of(path)?)))
    }

    /// Which files an editor shows findings of.
    #[must_use]
    pub fn diagnostic_mode(&self) -> DiagnosticMode {
        self.layers.iter().rev().find_map(|layer| layer.written.diagnostic_mode).unwrap_or_default()
    }

    /// The path of the baseline file, when one is set, and where that stands in `tuning-ls.toml`.
    #[must_use]
    pub fn baseline(&self) -> Option<(PathBuf, Range<usize>)> {
        self.layers.iter().rev().find_map(|layer| {
            let (path, span) = layer.written.baseline.clone()?;
            let path = layer.folder.as_ref().map_or_else(|| PathBuf::from(&path), |folder| folder.join(&path));
            Some((path, span))
        })
    }

    /// Every code that a level was given to, for all files or some, and its place in `tuning-ls.toml`.
    pub fn named_rules(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        let named = self.layers.iter().flat_map(|layer| &layer.named_rules);
        named.map(|(code, span)| (code.as_str(), span.clone()))
    }
}

impl Settings {
    /// What a client's settings object makes hold for files that nothing is said about; see
    /// [`Configuration::from_json`].
    #[must_use]
    pub fn from_json(value: &serde_json::Value) -> (Self, Vec<String>) {
        let (configuration, problems) = Configuration::from_json(value);
        (configuration.base(), problems)
    }

    fn apply(&mut self, written: &Written) {
        let Written { rules, max_diagnostics, shared, service, model, format, diagnostic_mode: _, baseline: _ } =
            written;
        self.rules.extend(rules.clone());
        self.max_diagnostics = max_diagnostics.unwrap_or(self.max_diagnostics);
        self.set_shared(shared);
        self.service = service.or(self.service);
        self.model = model.clone().or(self.model.take());
        self.format = format.unwrap_or(self.format);
    }
}
