//! The settings and the baseline that a command works under: its arguments, and what is said about them.

use crate::cli::command::Outcome;
use crate::disk::FileText;
use crate::disk::baseline;
use crate::disk::config::{Project, Projects, read_baseline};
use crate::disk::datasets::Dataset;
use crate::settings::baseline::Entry;
use crate::settings::{Baseline, Settings};
use clap::Args;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Which settings hold, and which findings are accepted.
#[derive(Debug, Args)]
#[command(next_help_heading = "Settings")]
pub struct ProjectArguments {
    /// The settings of all files, instead of the nearest tuning-ls.toml of each
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Passes over every tuning-ls.toml
    #[arg(long)]
    pub no_config: bool,
    /// Findings that are accepted: neither printed nor counted
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Accepts the findings on single examples: writes them to this file instead of printing them
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fix", "diff"])]
    pub write_baseline: Option<PathBuf>,
}

/// The settings of files while a command runs.
#[derive(Debug)]
pub struct Governed<'a> {
    arguments: &'a ProjectArguments,
    projects: Projects,
    baseline: Option<Arc<Baseline>>,
    /// The entries that the files have, as far as they are asked for.
    entries: BTreeSet<Entry>,
}

impl ProjectArguments {
    /// Reads the files that are named.
    ///
    /// # Errors
    /// A sentence: one of them cannot be read, or a baseline would replace what is none.
    pub fn open(&self) -> Result<Governed<'_>, String> {
        let mut projects = match &self.config {
            Some(path) => Projects::with_file(path)?,
            None if self.no_config => Projects::without_files(),
            None => Projects::default(),
        };
        if let Some(path) = self.write_baseline.as_deref().filter(|path| path.exists()) {
            read_baseline(path).map_err(|problem| format!("{problem}; it is not replaced"))?;
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
    /// What holds for a file.
    pub fn settings_of(&mut self, path: &Path) -> Settings {
        self.projects.settings_of(path)
    }

    /// The dataset that a file belongs to.
    pub fn dataset_of(&mut self, path: &Path) -> Option<Dataset> {
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

    /// Whether findings are written to a baseline instead of printed.
    #[must_use]
    pub fn writes_baseline(&self) -> bool {
        self.arguments.write_baseline.is_some()
    }

    /// Notes what a file has for a baseline that is written, or of the one that was named.
    pub fn note(&mut self, source: &FileText, settings: &Settings) {
        if self.writes_baseline() {
            self.entries.extend(baseline::entries(source, settings, None));
        } else if let Some(named) = &self.baseline {
            self.entries.extend(baseline::entries(source, settings, Some(named)));
        }
    }

    /// Writes the baseline that was asked for; unless it is to be quiet, says how many entries that has, or
    /// how many of the named one match nothing in the files.
    ///
    /// # Errors
    /// Only of writing to `problems`.
    pub fn finish(&mut self, quiet: bool, problems: &mut dyn Write) -> io::Result<Outcome> {
        if let Some(path) = &self.arguments.write_baseline {
            if let Err(error) = std::fs::write(path, Baseline::text(&self.entries)) {
                writeln!(problems, "tuning-ls: {}: the baseline cannot be written: {error}", path.display())?;
                return Ok(Outcome::Failed);
            }
            self.projects.forget();
            if !quiet {
                writeln!(problems, "tuning-ls: {}: {} accepted", path.display(), findings(self.entries.len()))?;
            }
        } else if let (Some(named), Some(path)) = (&self.baseline, &self.arguments.baseline) {
            let stale = named.entries().difference(&self.entries).count();
            if stale > 0 && !quiet {
                let path = path.display();
                writeln!(
                    problems,
                    "tuning-ls: {path}: {} of the baseline not met in these files any more; `--write-baseline {path}` \
                     writes it anew",
                    findings(stale)
                )?;
            }
        }
        Ok(Outcome::Clean)
    }
}

fn findings(count: usize) -> String {
    if count == 1 { "1 finding".to_owned() } else { format!("{count} findings") }
}

/// The path of a settings file as a person at the prompt would write it.
#[must_use]
pub fn shown(project: &Project) -> PathBuf {
    from_here(&project.path).to_path_buf()
}

/// Where another file of the dataset is, as a person at the prompt would write it.
#[must_use]
pub fn located(path: &Path) -> String {
    from_here(path).display().to_string()
}

/// A path as a person at the prompt would write it.
fn from_here(path: &Path) -> &Path {
    let here = std::env::current_dir().and_then(std::fs::canonicalize).unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path)
}
