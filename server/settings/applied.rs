//! The settings that apply to one file.

use crate::example::limits::Limits;
use crate::example::shared::{SharedField, SharedValue};
use crate::formats::{FORMATS, Format, Service};
use crate::settings::{Baseline, Level};
use std::collections::BTreeMap;
use std::sync::Arc;

/// `format`: what a file is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detection {
    /// A tuning file when a line of it looks like one.
    #[default]
    ByContent,
    /// A tuning file of this format.
    Is(&'static Format),
    /// Something else, of which only the JSON is judged.
    Other,
}

impl Detection {
    pub(super) fn named(name: &str) -> Option<Self> {
        if name == "other" { Some(Self::Other) } else { Format::named(name).map(Self::Is) }
    }
}

/// `diagnosticMode`: which files an editor shows findings of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DiagnosticMode {
    /// Those that are open.
    #[default]
    OpenFilesOnly,
    /// All datasets of the workspace.
    Workspace,
}

impl DiagnosticMode {
    pub(super) fn named(name: &str) -> Option<Self> {
        let modes = [("openFilesOnly", Self::OpenFilesOnly), ("workspace", Self::Workspace)];
        modes.into_iter().find(|(known, _)| *known == name).map(|(_, mode)| mode)
    }
}

/// A value that every example is to have.
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

/// What holds for one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `rules`: the level of a rule by its code; it replaces all severities of that rule.
    pub rules: BTreeMap<String, Level>,
    /// `maxDiagnostics`: how many findings of one file are shown at most.
    pub max_diagnostics: usize,
    /// The values that every example is to have, by their fields.
    pub shared: Vec<Shared>,
    /// `service`: who reads the file, when one is named.
    pub service: Option<&'static Service>,
    /// `model`: the model that is tuned, when one is named.
    pub model: Option<String>,
    /// `format`: what the file is.
    pub format: Detection,
    /// Whether the file is named as one of a dataset, so that it is a tuning file whatever is in it.
    pub in_dataset: bool,
    /// The findings that are accepted: neither counted nor shown.
    pub baseline: Option<Arc<Baseline>>,
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
            baseline: None,
        }
    }
}

impl Settings {
    /// The default of `maxDiagnostics`. VS Code lists no more than 1,000 problems of a file.
    pub const MAX_DIAGNOSTICS: usize = 900;

    /// The format of files that say nothing of it: that of the service that is set, else the first.
    #[must_use]
    pub fn fallback(&self) -> &'static Format {
        let reads = |format: &&'static Format| self.service.is_some_and(|service| format.services.contains(&service));
        FORMATS.into_iter().find(reads).unwrap_or(FORMATS[0])
    }

    /// The service that reads files of a format.
    #[must_use]
    pub fn service(&self, format: &'static Format) -> &'static Service {
        self.service.filter(|service| format.services.contains(service)).unwrap_or(format.default_service())
    }

    /// The figures of the model that is tuned with files of a format.
    #[must_use]
    pub fn limits(&self, format: &'static Format) -> &'static Limits {
        let service = self.service(format);
        self.model.as_deref().and_then(|model| service.limits_of(model)).unwrap_or(service.limits[0])
    }

    /// The value that every example of a format is to have.
    #[must_use]
    pub fn shared(&self, format: &'static Format) -> Option<SharedValue> {
        let field = format.words.shared?;
        self.shared.iter().find(|shared| std::ptr::eq(shared.field, field)).map(|shared| shared.value)
    }

    /// Each value takes the place of the one of its field.
    pub(super) fn set_shared(&mut self, shared: &[Shared]) {
        for new in shared {
            self.shared.retain(|old| !std::ptr::eq(old.field, new.field));
            self.shared.push(*new);
        }
    }
}
