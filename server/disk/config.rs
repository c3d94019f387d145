//! Finds and reads the `tuning-ls.toml` of a file: the nearest one in its folder or above.

use crate::disk::datasets::{self, Dataset, Finder};
use crate::disk::input::read_text;
use crate::disk::media;
use crate::disk::paths::{leads_out, real};
use crate::rules::configuration::{ConfigFinding, finding, read_configuration};
use crate::settings::toml::FILE_NAME;
use crate::settings::{self, Baseline, Configuration, Settings};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A project, by its `tuning-ls.toml`.
#[derive(Debug)]
pub struct Project {
    /// The path of the settings file.
    pub path: PathBuf,
    /// Its text; empty if it cannot be read.
    pub text: String,
    /// Its settings, which override the client's.
    pub configuration: Configuration,
    /// The findings on its text.
    pub findings: Vec<ConfigFinding>,
    /// Why it cannot be read, in one sentence.
    pub unread: Option<String>,
    /// The baseline file that it names, even if it is refused.
    pub baseline_file: Option<PathBuf>,
    baseline: Option<Arc<Baseline>>,
    /// What is known about its media files, if they are [read](Projects::reading_media).
    pub media: Option<media::Loaded>,
}

/// Finds the projects of files. Each settings file is read once, until [`forget`](Self::forget).
#[derive(Debug, Default)]
pub struct Projects {
    client: Configuration,
    which: Which,
    /// The project of the files in a folder.
    by_folder: HashMap<PathBuf, Option<Arc<Project>>>,
    datasets: Finder,
    /// The baseline that the client's settings name, once it is read.
    client_baseline: Option<ClientBaseline>,
    baseline: Option<Arc<Baseline>>,
    /// How to read facts about media files, if they are wanted.
    media: Option<media::Options>,
}

/// The baseline that the client's settings name, for files whose project names none.
#[derive(Clone, Debug, Default)]
pub struct ClientBaseline {
    /// Its path.
    pub file: Option<PathBuf>,
    /// Why it can't be read.
    pub problem: Option<String>,
    baseline: Option<Arc<Baseline>>,
}

/// The `tuning-ls.toml` of a file.
#[derive(Debug, Default)]
enum Which {
    #[default]
    Nearest,
    This(Arc<Project>),
    None,
}

impl Projects {
    /// Uses the nearest `tuning-ls.toml` of each file. It overrides the client's settings, whose paths are relative to
    /// `folder`.
    #[must_use]
    pub fn new(client: Configuration, folder: Option<&Path>) -> Self {
        let client = if let Some(folder) = folder { client.in_folder(&real(folder)) } else { client };
        Self { client, ..Self::default() }
    }

    /// Uses the same settings file for all files.
    ///
    /// # Errors
    /// A sentence for the user: the file cannot be read.
    pub fn with_file(path: &Path) -> Result<Self, String> {
        let project = Project::read(path, &Configuration::default(), None);
        if let Some(problem) = project.unread {
            return Err(format!("{}: {problem}", path.display()));
        }
        Ok(Self { which: Which::This(Arc::new(project)), ..Self::default() })
    }

    /// Uses no settings file.
    #[must_use]
    pub fn without_files() -> Self {
        Self { which: Which::None, ..Self::default() }
    }

    /// Uses one baseline for all files, instead of those in the settings.
    #[must_use]
    pub fn with_baseline(self, baseline: Arc<Baseline>) -> Self {
        Self { baseline: Some(baseline), ..self }
    }

    /// Also reads manifests and media files, when a file needs the settings.
    #[must_use]
    pub fn reading_media(mut self, options: media::Options) -> Self {
        self.media = Some(options);
        self.forget();
        self
    }

    /// Reads settings and baseline files again when they are needed, because they may have changed.
    pub fn forget(&mut self) {
        self.by_folder.clear();
        self.datasets.forget();
        self.client_baseline = None;
        if let Which::This(project) = &self.which {
            self.which = Which::This(Arc::new(Project::read(&project.path, &self.client, self.media.as_ref())));
        }
    }

    /// The project of the file at `path`. The file need not exist, but its folder must.
    pub fn project_of(&mut self, path: &Path) -> Option<Arc<Project>> {
        match &self.which {
            Which::Nearest => {}
            Which::This(project) => return Some(Arc::clone(project)),
            Which::None => return None,
        }
        let path = real(path);
        let folder = path.parent()?;
        if let Some(project) = self.by_folder.get(folder) {
            return project.clone();
        }
        let nearest =
            folder.ancestors().map(|folder| folder.join(FILE_NAME)).find(|path| path.symlink_metadata().is_ok());
        let project = nearest.map(|nearest| {
            // Several folders may have the same nearest file.
            let before = self.by_folder.values().flatten().find(|project| project.path == nearest);
            before.map_or_else(|| Arc::new(Project::read(&nearest, &self.client, self.media.as_ref())), Arc::clone)
        });
        self.by_folder.insert(folder.to_path_buf(), project.clone());
        project
    }

    /// The dataset of the file at `path`. Reads folders.
    pub fn dataset_of(&mut self, path: &Path) -> Option<Arc<Dataset>> {
        let project = self.project_of(path);
        let configuration = project.as_ref().map_or(&self.client, |project| &project.configuration);
        let settings = project.as_ref().map_or(Path::new(""), |project| &project.path);
        self.datasets.find(&real(path), configuration, settings)
    }

    /// How many folders were read to find datasets.
    #[must_use]
    pub fn dataset_reads(&self) -> usize {
        self.datasets.reads
    }

    /// The baseline that the client's settings name. Reads it.
    pub fn client_baseline(&mut self) -> &ClientBaseline {
        let Self { client, client_baseline, .. } = self;
        client_baseline.get_or_insert_with(|| {
            let Some((file, _)) = client.baseline() else { return ClientBaseline::default() };
            let read = if is_new(&file) { Ok(Baseline::default()) } else { read_baseline(&file) };
            match read {
                Ok(read) => ClientBaseline { file: Some(file), problem: None, baseline: Some(Arc::new(read)) },
                Err(problem) => ClientBaseline { file: Some(file), problem: Some(problem), baseline: None },
            }
        })
    }

    /// The baseline file that the settings of the file at `path` name.
    pub fn baseline_file_of(&mut self, path: &Path) -> Option<PathBuf> {
        let named = self.project_of(path).and_then(|project| project.baseline_file.clone());
        named.or_else(|| self.client_baseline().file.clone())
    }

    /// Finds these files in datasets, too, even if they don't exist yet.
    #[must_use]
    pub fn with_open(mut self, open: impl IntoIterator<Item = PathBuf>) -> Self {
        self.datasets.open = open.into_iter().collect();
        self
    }

    /// The client's settings.
    #[must_use]
    pub fn client(&self) -> &Configuration {
        &self.client
    }

    /// The configuration for the file at `path`.
    pub fn configuration_of(&mut self, path: &Path) -> Configuration {
        self.project_of(path).map_or_else(|| self.client.clone(), |project| project.configuration.clone())
    }

    /// The settings of the file at `path`, with its baseline.
    pub fn settings_of(&mut self, path: &Path) -> Settings {
        let project = self.project_of(path);
        let configuration = project.as_ref().map_or(&self.client, |project| &project.configuration);
        let mut settings = configuration.for_file(&real(path));
        if let Some(project) = &project {
            settings.baseline = project.baseline.clone();
            settings.media = project.media.as_ref().map(|media| Arc::clone(&media.facts));
        }
        if project.is_none_or(|project| project.baseline_file.is_none()) {
            settings.baseline = self.client_baseline().baseline.clone();
        }
        settings.baseline = self.baseline.clone().or(settings.baseline);
        settings
    }
}

impl Project {
    /// Reads a settings file and its baseline, and with `media`, the facts about its media files.
    fn read(path: &Path, client: &Configuration, media: Option<&media::Options>) -> Self {
        let path = real(path);
        let (text, unread) = match read_text(&path) {
            Ok(text) => (text, None),
            Err(problem) => (String::new(), Some(format!("the settings cannot be read: {problem}"))),
        };
        let (configuration, mut findings) = read_configuration(&text);
        let folder = path.parent().unwrap_or(&path);
        let mut configuration = configuration.in_folder(folder);
        let baseline_file = configuration.baseline().map(|(file, _)| file);
        for (name, span) in configuration.refuse(|named| leads_out(named, folder)) {
            findings.extend(finding(&configuration, span, outside(name)));
        }
        let mut baseline = None;
        let named = configuration.baseline();
        if let Some((file, span)) = named.filter(|(file, _)| !is_new(file)) {
            match read_baseline(&file) {
                Ok(read) => baseline = Some(Arc::new(read)),
                Err(problem) => findings.extend(finding(&configuration, span, problem)),
            }
        }
        findings.extend(unread_files(&configuration));
        let configuration = configuration.merge(client.clone());
        let sources = Some(configuration.media()).filter(|sources| !sources.is_empty());
        let media = media.zip(sources).map(|(options, sources)| media::load(&sources, options));
        findings.extend(media.iter().flat_map(|media| media_findings(&configuration, media)));
        findings.sort_by_key(|finding| (finding.span.start, finding.span.end));
        Self { path, text, configuration, findings, unread, baseline_file, baseline, media }
    }
}

/// Whether a file is empty: an editor makes an empty file before it fills it.
fn is_new(file: &Path) -> bool {
    file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() == 0)
}

/// The findings on files of datasets that are never read: pipes and devices, whose reading might never end, and links out of
/// the folder. Reads the folders.
fn unread_files(configuration: &Configuration) -> Vec<ConfigFinding> {
    let of_dataset = |dataset: &settings::Dataset| {
        let folder = dataset.folder.clone().unwrap_or_default();
        let problem = |pattern: &str| {
            let path = folder.join(pattern);
            if path.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
                return Some(format!("`{pattern}` is a pipe or a device, not a file; it is not read"));
            }
            let (_, refused) = datasets::matches(dataset, [pattern].into_iter());
            let name = |path: &Path| path.strip_prefix(&folder).unwrap_or(path).display().to_string();
            match refused.as_slice() {
                [] => None,
                [link] => Some(outside(&name(link))),
                [first, others @ ..] => Some(format!(
                    "`{}` and {} more leave the folder of this file by symbolic links; their targets are not read",
                    name(first),
                    others.len()
                )),
            }
        };
        let placed = dataset.train.placed().chain(dataset.validation.placed());
        placed.filter_map(|(pattern, span)| finding(configuration, span, problem(pattern)?)).collect::<Vec<_>>()
    };
    configuration.datasets().iter().flat_map(of_dataset).collect()
}

fn outside(name: &str) -> String {
    format!("`{name}` leaves the folder of this file by a symbolic link; its target is not read")
}

/// The findings on the settings that name a manifest or folders.
pub fn media_findings(configuration: &Configuration, media: &media::Loaded) -> Vec<ConfigFinding> {
    let problems = media.problems.iter().chain(&media.outdated).cloned();
    problems.filter_map(|(span, message)| finding(configuration, span, message)).collect()
}

/// Reads a baseline file.
///
/// # Errors
/// A sentence for the user.
pub fn read_baseline(path: &Path) -> Result<Baseline, String> {
    let text = read_text(path).map_err(|problem| format!("the baseline cannot be read: {problem}"));
    text.and_then(|text| Baseline::read(&text)).map_err(|problem| format!("{}: {problem}", path.display()))
}
