//! The settings and the baseline of a command: their arguments, and messages about them.

use crate::cli::command::{Outcome, fail, tell};
use crate::cli::kept::Kept;
use crate::disk::baseline;
use crate::disk::config::{Project, Projects, read_baseline};
use crate::disk::datasets::Dataset;
use crate::disk::media;
use crate::disk::paths::canonical;
use crate::disk::write::{Draft, reason};
use crate::disk::{FileText, Input};
use crate::settings::baseline::Entry;
use crate::settings::{Baseline, Detection, Settings};
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Debug, Args)]
#[command(next_help_heading = "Settings")]
pub struct SettingsArguments {
    /// Use this settings file for all files, instead of the nearest tuning-ls.toml of each
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Ignore all tuning-ls.toml files
    #[arg(long)]
    pub no_config: bool,
    /// Read all files in this format, instead of the one that is set or detected
    #[arg(long, value_name = "NAME", value_parser = detection())]
    pub format: Option<Detection>,
}

impl SettingsArguments {
    /// Reads the settings file, if one is named. The error is a message for the user.
    pub fn open(&self, media: media::Options) -> Result<Projects, String> {
        let projects = match &self.config {
            Some(path) => Projects::with_file(path)?,
            None if self.no_config => Projects::without_files(),
            None => Projects::default(),
        };
        Ok(projects.reading_media(media))
    }

    /// The settings of a file.
    pub fn settings_of(&self, projects: &mut Projects, path: &Path) -> Settings {
        let mut settings = projects.settings_of(path);
        settings.format = self.format.unwrap_or(settings.format);
        settings
    }
}

fn detection() -> impl TypedValueParser<Value = Detection> {
    let names = Detection::names().into_iter().map(|(name, help)| PossibleValue::new(name).help(help));
    PossibleValuesParser::new(names).map(|name| Detection::named(&name).unwrap_or_default())
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Settings")]
pub struct ProjectArguments {
    #[command(flatten)]
    pub settings: SettingsArguments,
    /// Don't report the findings listed in this file (see --write-baseline)
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write the findings about one example each to this baseline instead of printing them; findings about the whole
    /// file or several examples can't be accepted
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fix", "diff"])]
    pub write_baseline: Option<PathBuf>,
}

/// The settings of files while a command runs.
#[derive(Debug)]
pub struct Governed<'a> {
    arguments: &'a ProjectArguments,
    projects: Projects,
    baseline: Option<Arc<Baseline>>,
    /// The baseline entries of the files, if they are needed.
    entries: BTreeSet<Entry>,
}

impl ProjectArguments {
    /// Reads the settings file and the baseline. The error is a message for the user: one of them can't be read, or writing
    /// the baseline would replace another kind of file.
    pub fn open(&self, media: media::Options) -> Result<Governed<'_>, String> {
        let mut projects = self.settings.open(media)?;
        if let Some(path) = self.write_baseline.as_deref().filter(|path| path.exists()) {
            read_baseline(path).map_err(|problem| format!("{problem}; not replacing it"))?;
        }
        let mut baseline = None;
        if let Some(path) = &self.baseline {
            let read = Arc::new(read_baseline(path)?);
            projects = projects.with_baseline(Arc::clone(&read));
            baseline = Some(read);
        }
        Ok(Governed { arguments: self, projects, baseline, entries: BTreeSet::new() })
    }
}

impl Governed<'_> {
    pub fn settings_of(&mut self, path: &Path) -> Settings {
        self.arguments.settings.settings_of(&mut self.projects, path)
    }

    pub fn dataset_of(&mut self, path: &Path) -> Option<Arc<Dataset>> {
        self.projects.dataset_of(path)
    }

    /// The projects of these files, each once.
    pub fn projects_of(&mut self, files: &[PathBuf]) -> Vec<Arc<Project>> {
        let mut projects: Vec<Arc<Project>> = Vec::new();
        for file in files {
            let project = self.projects.project_of(file);
            projects.extend(project.filter(|project| projects.iter().all(|known| known.path != project.path)));
        }
        projects
    }

    /// The files that are read for these inputs.
    pub fn kept(&mut self, inputs: &[Input]) -> Kept {
        let mut kept = Kept::of(inputs, &mut self.projects);
        let ProjectArguments { baseline, write_baseline, .. } = self.arguments;
        baseline.iter().chain(write_baseline).for_each(|file| kept.add_baseline(file));
        kept
    }

    /// Whether findings are written to a baseline instead of printed.
    pub fn writes_baseline(&self) -> bool {
        self.arguments.write_baseline.is_some()
    }

    /// Collects the entries of a file for the baseline to write, or those that are in the given baseline.
    pub fn note(&mut self, source: &FileText, settings: &Settings) {
        if self.writes_baseline() {
            self.entries.extend(baseline::entries(source, settings, None));
        } else if let Some(named) = &self.baseline {
            self.entries.extend(baseline::entries(source, settings, Some(named)));
        }
    }

    /// Writes the baseline, if requested. Unless `quiet`, reports the number of its entries, or the number of entries in the
    /// given baseline that match nothing in the files.
    pub fn finish(&mut self, quiet: bool, problems: &mut dyn Write) -> io::Result<Outcome> {
        if let Some(path) = &self.arguments.write_baseline {
            let text = Baseline::text(&self.entries);
            let written = Draft::of(path).and_then(|mut draft| {
                draft.write_all(text.as_bytes())?;
                draft.finish()
            });
            if let Err(error) = written {
                let why = reason(&error);
                return fail(problems, format_args!("{}: cannot write the baseline: {why}", path.display()));
            }
            self.projects.forget();
            if !quiet {
                tell(problems, format_args!("{}: accepted {}", path.display(), findings(self.entries.len())))?;
            }
        } else if let (Some(named), Some(path)) = (&self.baseline, &self.arguments.baseline) {
            let stale = named.entries().difference(&self.entries).count();
            if stale > 0 && !quiet {
                let path = path.display();
                let message = format_args!(
                    "warning: {path}: {} of the baseline not in these files; `--write-baseline {path}` with the same files \
                     replaces the baseline with their current findings",
                    findings(stale)
                );
                tell(problems, message)?;
            }
        }
        Ok(Outcome::Clean)
    }
}

fn findings(count: usize) -> String {
    if count == 1 { "1 finding".to_owned() } else { format!("{count} findings") }
}

/// The path of a settings file, relative to the current folder if possible.
pub fn shown(project: &Project) -> PathBuf {
    from_here(&project.path).to_path_buf()
}

/// The path of another file of the dataset, relative to the current folder if possible.
pub fn located(path: &Path) -> String {
    from_here(path).display().to_string()
}

fn from_here(path: &Path) -> &Path {
    let here = std::env::current_dir().and_then(|folder| canonical(&folder)).unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path)
}
