//! The settings that apply to one file.

use crate::example::limits::Limits;
use crate::example::shared::{SharedField, SharedValue};
use crate::formats::{FORMATS, Foreign, Format, LineKind, Mark, Service, Target, of_bare_text};
use crate::json::Record;
use crate::settings::{Baseline, Level, MediaFacts};
use std::collections::BTreeMap;
use std::sync::Arc;

/// `format`: the format of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detection {
    /// A tuning file if one of its lines looks like one.
    #[default]
    ByContent,
    /// A tuning file in this format.
    Is(&'static Format),
    /// Not a tuning file: only its JSON is checked.
    Other,
}

impl Detection {
    /// The names of formats, with a description of each: the values of the setting, but for "by content".
    #[must_use]
    pub fn names() -> Vec<(&'static str, &'static str)> {
        let mut names: Vec<_> = FORMATS.iter().map(|format| (format.id, format.summary)).collect();
        names.push(("other", "not a tuning file: only its JSON is checked"));
        names
    }

    /// The value with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        if name == "other" { Some(Self::Other) } else { Format::named(name).map(Self::Is) }
    }
}

/// `diagnosticMode`: the files whose findings an editor shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DiagnosticMode {
    /// Only open files.
    #[default]
    OpenFilesOnly,
    /// All datasets of the workspace.
    Workspace,
}

impl DiagnosticMode {
    pub(super) fn named(name: &str) -> Option<Self> {
        let modes = [("openFilesOnly", Self::OpenFilesOnly), ("workspace", Self::Workspace)];
        modes.into_iter().find(|(other, _)| *other == name).map(|(_, mode)| mode)
    }
}

/// A value that every example should have.
#[derive(Clone, Copy, Debug)]
pub struct Shared {
    /// The field.
    pub field: &'static SharedField,
    /// Its value.
    pub value: SharedValue,
}

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.field, other.field) && self.value == other.value
    }
}

impl Eq for Shared {}

/// The settings of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `rules`: the level of each rule by its code. It overrides all severities of the rule.
    pub rules: BTreeMap<String, Level>,
    /// `maxDiagnostics`: the maximum number of findings.
    pub max_diagnostics: usize,
    /// The values that every example should have, at most one for each field.
    pub shared: Vec<Shared>,
    /// `service`: the service that reads the file.
    pub service: Option<&'static Service>,
    /// `model`: the model to tune.
    pub model: Option<String>,
    /// `format`: the format of the file.
    pub format: Detection,
    /// Whether a configured dataset has the file, so that it is a tuning file whatever it contains.
    pub in_dataset: bool,
    /// Whether the user named the file itself, as an argument.
    pub named: bool,
    /// The accepted findings, which are neither counted nor shown.
    pub baseline: Option<Arc<Baseline>>,
    /// What is known about media files.
    pub media: Option<Arc<MediaFacts>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rules: BTreeMap::new(),
            max_diagnostics: Self::MAX_DIAGNOSTICS,
            shared: Vec::new(),
            service: None,
            model: None,
            format: Detection::ByContent,
            in_dataset: false,
            named: false,
            baseline: None,
            media: None,
        }
    }
}

impl Settings {
    /// The default of `maxDiagnostics`. VS Code lists at most 1,000 problems of a file.
    pub const MAX_DIAGNOSTICS: usize = 900;

    /// The format of the configured service, or else of the configured model. A service that reads several formats
    /// implies none.
    #[must_use]
    pub fn implied(&self) -> Option<&'static Format> {
        match (self.service, self.model.as_deref()) {
            (Some(service), _) => format_of_service(service),
            (None, model) => model.and_then(format_of_model),
        }
    }

    /// Whether a file has the same format with either settings.
    #[must_use]
    pub fn is_read_alike(&self, other: &Self) -> bool {
        let of = |settings: &Self| (settings.format, settings.service, settings.in_dataset);
        of(self) == of(other) && self.model == other.model
    }

    /// The format of a file without marks: that of the configured service or model, else the first format.
    #[must_use]
    pub fn fallback(&self) -> &'static Format {
        let of_service = self.service.and_then(|service| formats_of(service).next_back());
        self.implied().or(of_service).unwrap_or(FORMATS[0])
    }

    /// The formats that a file without marks may be meant to have, as far as the settings say.
    #[must_use]
    pub fn expected(&self) -> Vec<&'static Format> {
        let configured = if let Detection::Is(format) = self.format { Some(format) } else { self.implied() };
        match (configured, self.service) {
            (Some(format), _) => vec![format],
            (None, Some(service)) => formats_of(service).collect(),
            (None, None) => FORMATS.to_vec(),
        }
    }

    /// The service that reads files in a format.
    #[must_use]
    pub fn service(&self, format: &'static Format) -> &'static Service {
        let same = self.service.and_then(|own| format.services.iter().find(|service| **service == own));
        same.copied().unwrap_or(format.default_service())
    }

    /// The mark of a line that has none by itself, for the configured service.
    #[must_use]
    pub fn mark_of_bare(&self, record: Record<'_>) -> Mark {
        let service = self.service.filter(|service| !service.also_reads.is_empty());
        let is_read = |foreign: &Foreign| service.is_some_and(|service| service.also_reads.contains(&foreign.name()));
        let found = service.and_then(|_| of_bare_text(record)).filter(is_read);
        found.map_or(Mark::Unmarked, Mark::Foreign)
    }

    /// The mark of a line for the configured service. A service that allows other fields doesn't take them for data of a
    /// grader.
    #[must_use]
    pub fn mark(&self, mark: Mark) -> Mark {
        match mark {
            Mark::Known(kind) if kind.target == Target::Nothing && self.service(kind.format).takes_other_fields => {
                Mark::Known(kind.format.kinds[0])
            }
            mark => mark,
        }
    }

    /// The limits of the model that is tuned with files in a format.
    #[must_use]
    pub fn limits(&self, format: &'static Format) -> &'static Limits {
        self.limits_at(self.service(format))
    }

    /// The limits of the model that is tuned at a service.
    #[must_use]
    pub fn limits_at(&self, service: &'static Service) -> &'static Limits {
        self.model.as_deref().and_then(|model| service.limits_of(model)).unwrap_or(service.limits[0])
    }

    /// The figures that hold for lines of a kind.
    #[must_use]
    pub fn limits_of(&self, kind: &'static LineKind) -> &'static Limits {
        kind.limits.unwrap_or_else(|| self.limits(kind.format))
    }

    /// The value that every example in a format should have.
    #[must_use]
    pub fn shared(&self, format: &'static Format) -> Option<SharedValue> {
        let field = format.words.shared?;
        self.shared.iter().find(|shared| std::ptr::eq(shared.field, field)).map(|shared| shared.value)
    }
}

/// The formats that a service reads.
fn formats_of(service: &Service) -> impl DoubleEndedIterator<Item = &'static Format> {
    FORMATS.into_iter().filter(move |format| format.services.contains(&service))
}

/// The only format that a service reads.
pub(super) fn format_of_service(service: &Service) -> Option<&'static Format> {
    let mut formats = formats_of(service);
    formats.next().filter(|_| formats.next().is_none())
}

/// The format that the services of a model read.
pub(super) fn format_of_model(model: &str) -> Option<&'static Format> {
    let is_listed =
        |limits: &Limits| limits.are_of(model) || limits.listed_models.iter().any(|(name, _)| *name == model);
    FORMATS.into_iter().find(|format| {
        let mut limits = format.services.iter().flat_map(|service| service.limits);
        format.new_models.iter().any(|prefix| model.starts_with(prefix)) || limits.any(|limits| is_listed(limits))
    })
}
