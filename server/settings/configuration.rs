//! The settings of the client and the project together, and which of them apply to a file.

use crate::settings::given::{Given, Value};
use crate::settings::layer::{Layer, Scoped, relative};
use crate::settings::read::{Reader, Writer};
use crate::settings::sources::{MediaSources, Mirror};
use crate::settings::{Dataset, Detection, DiagnosticMode, Role, Settings};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The settings for all files, the settings for some files, and the datasets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration {
    /// One for each writer. A later layer overrides the earlier ones.
    layers: Vec<Layer>,
}

impl Configuration {
    pub(super) fn of(layer: Layer) -> Self {
        Self { layers: vec![layer] }
    }

    /// Reads a settings object from `initializationOptions` or `didChangeConfiguration`.
    ///
    /// Returns a sentence for each invalid value, which keeps its default; all others apply. Unknown names are ignored,
    /// because clients add settings of their own. Anything but an object gives the defaults.
    #[must_use]
    pub fn from_json(value: &serde_json::Value) -> (Self, Vec<String>) {
        let members = match Given::from_json(value).value {
            Value::Table(members) => members,
            Value::Nothing => Vec::new(),
            // Lua and other languages send an empty table as a list.
            Value::List(items) if items.is_empty() => Vec::new(),
            _ => return (Self::default(), vec!["the settings are not an object; the defaults apply".to_owned()]),
        };
        let mut reader = Reader::new(Writer::Client);
        let layer = reader.layer(&members);
        (Self::of(layer), reader.problems.into_iter().map(|problem| problem.message).collect())
    }

    /// Makes paths and patterns relative to `folder`. Without a folder, patterns match whole paths.
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

    /// Both configurations. `self` overrides `below`, key by key and rule by rule.
    #[must_use]
    pub fn merge(self, below: Configuration) -> Self {
        let mut layers = below.layers;
        layers.extend(self.layers);
        Self { layers }
    }

    /// The settings of files without an override or a dataset.
    #[must_use]
    pub fn base(&self) -> Settings {
        self.settings(None)
    }

    /// The settings of the file at `path`, without the [baseline](Self::baseline).
    ///
    /// An override overrides the other settings of its layer and earlier overrides. The settings of a dataset override
    /// them all. A file of a dataset is a tuning file unless a `format` is set.
    #[must_use]
    pub fn for_file(&self, path: &Path) -> Settings {
        self.settings(Some(path))
    }

    fn settings(&self, path: Option<&Path>) -> Settings {
        let mut settings = Settings::default();
        for layer in &self.layers {
            settings.apply(&layer.scoped);
            settings.max_diagnostics = layer.max_diagnostics.unwrap_or(settings.max_diagnostics);
            if let Some(path) = path.and_then(|path| relative(path, layer.folder.as_deref())) {
                let matching = layer.overrides.iter().filter(|other| other.files.matches(path));
                matching.for_each(|other| settings.apply(&other.scoped));
            }
        }
        if let Some((dataset, _)) = path.and_then(|path| self.dataset_of(path)) {
            settings.apply(&dataset.scoped);
            settings.in_dataset = true;
            if let Some(format) = settings.implied().filter(|_| settings.format == Detection::ByContent) {
                settings.format = Detection::Is(format);
            }
        }
        settings
    }

    /// The datasets of the project; those of the client if the project has none.
    #[must_use]
    pub fn datasets(&self) -> &[Dataset] {
        let of_layers = self.layers.iter().rev().map(|layer| layer.datasets.as_slice());
        of_layers.into_iter().find(|datasets| !datasets.is_empty()).unwrap_or_default()
    }

    /// The first dataset that the file at `path` belongs to, and the file's role.
    #[must_use]
    pub fn dataset_of(&self, path: &Path) -> Option<(&Dataset, Role)> {
        self.datasets().iter().find_map(|dataset| Some((dataset, dataset.role_of(path)?)))
    }

    /// The place of that dataset among all [`datasets`](Self::datasets).
    #[must_use]
    pub fn place_of_dataset(&self, path: &Path) -> Option<usize> {
        self.datasets().iter().position(|dataset| dataset.role_of(path).is_some())
    }

    /// The files whose findings an editor shows.
    #[must_use]
    pub fn diagnostic_mode(&self) -> DiagnosticMode {
        self.layers.iter().rev().find_map(|layer| layer.diagnostic_mode).unwrap_or_default()
    }

    /// Whether an editor shows notes at the start of lines.
    #[must_use]
    pub fn inlay_hints(&self) -> bool {
        self.layers.iter().rev().find_map(|layer| layer.inlay_hints).unwrap_or(true)
    }

    /// The path of the baseline file, and its place in `tuning-ls.toml`.
    #[must_use]
    pub fn baseline(&self) -> Option<(PathBuf, Range<usize>)> {
        self.layers.iter().rev().find_map(|layer| {
            let (path, span) = layer.baseline.clone()?;
            Some((layer.folder.clone().unwrap_or_default().join(path), span))
        })
    }

    /// Leaves out each baseline and manifest whose path is refused. Gives the name of its setting, and its place in
    /// `tuning-ls.toml`.
    pub fn refuse(&mut self, is_refused: impl Fn(&Path) -> bool) -> Vec<(&'static str, Range<usize>)> {
        let mut refused = Vec::new();
        for layer in &mut self.layers {
            let folder = layer.folder.clone().unwrap_or_default();
            for (name, place) in [("baseline", &mut layer.baseline), ("manifest", &mut layer.manifest)] {
                let named = place.take_if(|(path, _)| is_refused(&folder.join(path)));
                refused.extend(named.map(|(_, span)| (name, span)));
            }
        }
        refused
    }

    /// Where facts about media files come from: the last manifest, and the last mirrors.
    #[must_use]
    pub fn media(&self) -> MediaSources {
        let placed = |layer: &Layer, path: &Path| layer.folder.clone().unwrap_or_default().join(path);
        let manifest = self.layers.iter().rev().find_map(|layer| {
            let (path, span) = layer.manifest.clone()?;
            Some((placed(layer, Path::new(&path)), span))
        });
        let with_mirrors = self.layers.iter().rev().find(|layer| !layer.mirrors.is_empty());
        let mirrors = with_mirrors.into_iter().flat_map(|layer| {
            layer.mirrors.iter().map(|mirror| Mirror { folder: placed(layer, &mirror.folder), ..mirror.clone() })
        });
        MediaSources { manifest, mirrors: mirrors.collect() }
    }

    /// Every rule code with a level, and its place in `tuning-ls.toml`.
    pub fn named_rules(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        let named = self.layers.iter().flat_map(|layer| &layer.named_rules);
        named.map(|(code, span)| (code.as_str(), span.clone()))
    }
}

impl Settings {
    /// The settings that a client's settings object gives all files; see [`Configuration::from_json`].
    #[must_use]
    pub fn from_json(value: &serde_json::Value) -> (Self, Vec<String>) {
        let (configuration, problems) = Configuration::from_json(value);
        (configuration.base(), problems)
    }

    fn apply(&mut self, scoped: &Scoped) {
        let Scoped { rules, shared, service, model, format } = scoped;
        self.rules.extend(rules.clone());
        for new in shared {
            self.shared.retain(|old| !std::ptr::eq(old.field, new.field));
            self.shared.push(*new);
        }
        self.service = service.or(self.service);
        self.model = model.clone().or(self.model.take());
        self.format = format.unwrap_or(self.format);
    }
}
