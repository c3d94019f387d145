//! `tuning-ls media`: writes a manifest of the media files of datasets.

use crate::cli::command::{Outcome, Program, Run, fail, tell};
use crate::cli::destination::{Color, Destination};
use crate::cli::inputs::{InputArguments, sound};
use crate::cli::kept::Kept;
use crate::cli::progress;
use crate::cli::project::SettingsArguments;
use crate::cli::remote::{self, Answers};
use crate::disk::check::analyze;
use crate::disk::config::Projects;
use crate::disk::media::manifest::{Manifest, Others};
use crate::disk::media::{Options, has_ffprobe, locations, manifest};
use crate::disk::{Input, Reading};
use crate::example::tokens::grouped;
use crate::settings::MediaFacts;
use crate::settings::media::{Facts, Lookup};
use clap::Args;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is wrong with a row whose copy is gone.
const GONE: &str = "there is no local copy anymore; the row of the manifest stays";

/// Write a manifest: the lengths, sizes and types of the media files that datasets use
///
/// The facts come from local copies ([[media.mirror]] in tuning-ls.toml) and, for other files, from the manifest in the
/// settings. Rows about other files stay in the manifest. Files that have not changed since the last time are not read
/// again. Nothing is sent anywhere without --remote. The exit code is 0 if every local copy, and every file
/// that a server is asked for, exists and can be read; 1 if a file, a folder or a manifest is missing or broken; and 2 if an
/// argument is wrong or a dataset can't be read.
#[derive(Args, Debug)]
#[allow(rustdoc::broken_intra_doc_links, reason = "this is the help of the command, which has no links")]
pub struct MediaArguments {
    #[command(flatten)]
    pub inputs: InputArguments,
    /// Write to this file instead of stdout: JSON Lines if its name ends in .jsonl or .ndjson, else CSV
    #[arg(long, short, value_name = "FILE")]
    pub output_file: Option<PathBuf>,
    /// Ask an installed ffprobe for the lengths of files that can't be read otherwise
    #[arg(long)]
    pub ffprobe: bool,
    /// Ask Cloud Storage, S3 and web servers for the facts about files without a local copy, except those that the manifest
    /// in the settings has
    #[arg(long)]
    pub remote: bool,
    /// With --remote, also ask for files that the manifest has
    #[arg(long, requires = "remote")]
    pub refresh: bool,
    /// Print only what is wrong, and no summary or progress
    #[arg(long, short)]
    pub quiet: bool,
    #[command(flatten)]
    pub settings: SettingsArguments,
}

/// What is known about the locations in the datasets.
#[derive(Debug, Default)]
struct Collected {
    known: BTreeMap<String, Facts>,
    /// The copies that are missing or can't be read, and why.
    faulty: BTreeMap<String, String>,
    unknown: BTreeSet<String>,
    /// The locations for which servers are asked, and what they say.
    asked: BTreeSet<String>,
    answers: Answers,
    /// Whether settings name a mirror or manifest.
    configured: bool,
    /// What is wrong with the settings, or with what they name.
    notes: BTreeSet<String>,
    /// What is known to the projects of the datasets.
    media: Vec<Arc<MediaFacts>>,
    /// The number of rows about other files.
    kept: usize,
    /// What the earlier manifest has besides facts.
    others: Others,
}

impl Run for MediaArguments {
    fn run(&self, program: &mut Program<'_>) -> io::Result<Outcome> {
        let problems = &mut *program.problems;
        if self.ffprobe && !has_ffprobe() {
            return fail(problems, "`ffprobe` cannot be started; install FFmpeg, or leave out --ffprobe");
        }
        let options = Options { ffprobe: self.ffprobe, ..progress::of_media(!self.quiet) };
        let mut projects = match self.settings.open(options) {
            Ok(projects) => projects,
            Err(problem) => return fail(problems, problem),
        };
        let file = self.output_file.as_deref().filter(|file| *file != Path::new("-"));
        if let Some(pipe) = file.filter(|file| is_named_pipe(file)) {
            return fail(problems, format_args!("{}: this is a named pipe; use -o - with a pipe", pipe.display()));
        }
        if let Some(file) = file {
            // Only a manifest is replaced, see below.
            let kept = Kept::of(&self.inputs.find().inputs, &mut projects).without_media();
            if let Some(problem) = kept.lost(file) {
                return fail(problems, problem);
            }
        }
        let mut destination = Destination::open(file, Color::Never)?;
        let mut collected = Collected::default();
        let outcome = self.inputs.each(problems, |input| {
            self.collect(input, &mut projects, &mut collected)?;
            Ok(Outcome::Clean)
        })?;
        if self.remote {
            match remote::ask(&collected.asked, progress::of_media(!self.quiet).progress) {
                Ok(answers) => collected.add(answers),
                Err(problem) => return fail(problems, problem),
            }
        }
        if let Some(file) = file {
            match manifest::read_earlier(file) {
                Ok(earlier) => match &earlier.loss {
                    // A row or value that can't be read would be lost.
                    Some(problem) => return fail(problems, format_args!("{problem}; not replacing the file")),
                    None => collected.keep(earlier),
                },
                Err(problem) => return fail(problems, format_args!("{problem}; not replacing it")),
            }
        }
        for note in collected.notes.iter().chain(&collected.answers.warnings) {
            tell(problems, format_args!("warning: {note}"))?;
        }
        if !collected.configured && !self.remote {
            let hint = "name the folder with local copies in a `[[media.mirror]]` of tuning-ls.toml";
            return fail(problems, format_args!("no settings say where the media files are; {hint}"));
        }
        for (location, reason) in &collected.faulty {
            tell(problems, format_args!("warning: {location}: {reason}"))?;
        }
        let json = file.is_some_and(manifest::is_json);
        let rows = collected.known.iter().map(|(location, facts)| (location.as_str(), facts));
        manifest::write(&mut destination, json, rows, &collected.others)?;
        destination.finish()?;
        if !self.quiet {
            tell(problems, collected.summary())?;
        }
        let is_fine = collected.faults() == 0 && collected.notes.is_empty();
        Ok(if is_fine { outcome } else { outcome.max(Outcome::Findings) })
    }
}

impl MediaArguments {
    /// Whether to ask a server for a location, of which this is known.
    fn is_to_ask(&self, location: &str, lookup: Lookup<'_>) -> bool {
        self.remote
            && remote::is_askable(location)
            && match lookup {
                Lookup::Known(facts) => {
                    !facts.is_copy && (self.refresh || facts.bytes.is_none() || !facts.is_measured())
                }
                Lookup::Unreadable(_) => false,
                Lookup::Missing(_) | Lookup::Unopened(_) | Lookup::Unknown => true,
            }
    }

    /// Adds what is known about the locations in a dataset.
    fn collect(&self, input: &Input, projects: &mut Projects, collected: &mut Collected) -> Result<(), String> {
        let source = input.read(&Reading::TO_READ)?;
        let settings = self.settings.settings_of(projects, input.path());
        let locations = locations::locations(&source, &analyze(&source, &settings), &settings);
        sound(input, &source)?;
        let loaded = projects.project_of(input.path()).and_then(|project| project.media.clone()).unwrap_or_default();
        collected.notes.extend(loaded.problems.into_iter().map(|(_, problem)| problem));
        collected.notes.extend(loaded.absent);
        collected.notes.extend(loaded.late.then(|| "`ffprobe` does not answer; it was not asked again".to_owned()));
        if let Some(media) =
            settings.media.as_ref().filter(|own| !collected.media.iter().any(|it| Arc::ptr_eq(it, own)))
        {
            collected.media.push(Arc::clone(media));
        }
        collected.configured |= settings.media.is_some();
        for location in locations {
            let lookup = settings.media.as_ref().map_or(Lookup::Unknown, |media| media.of(&location));
            let is_gone = settings.media.as_ref().is_some_and(|media| media.is_gone(&location));
            if self.is_to_ask(&location, lookup) {
                collected.asked.insert(location.clone());
            }
            match lookup {
                Lookup::Known(facts) => {
                    if is_gone {
                        collected.faulty.insert(location.clone(), GONE.to_owned());
                    }
                    collected.known.insert(location, facts.clone());
                }
                Lookup::Unreadable(reason) => {
                    collected.faulty.insert(location, reason.to_owned());
                }
                Lookup::Unopened(reason) => {
                    collected.faulty.insert(location, format!("the local copy cannot be opened: {reason}"));
                }
                Lookup::Missing(near) => {
                    let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                    collected.faulty.insert(location, format!("there is no local copy{near}"));
                }
                Lookup::Unknown => {
                    collected.unknown.insert(location);
                }
            }
        }
        Ok(())
    }
}

/// Whether opening a file would wait for its reader.
#[cfg(unix)]
fn is_named_pipe(file: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    // Those of the shell have a reader.
    !file.starts_with("/dev") && file.metadata().is_ok_and(|metadata| metadata.file_type().is_fifo())
}

/// On Windows, named pipes have paths such as `\\.\pipe\name`, which are never those of a manifest.
#[cfg(not(unix))]
fn is_named_pipe(_: &Path) -> bool {
    false
}

impl Collected {
    /// Keeps the rows of the earlier manifest that this run has no facts about.
    fn keep(&mut self, earlier: Manifest) {
        self.others = earlier.others;
        for (location, (_, facts)) in earlier.rows {
            let is_asked = self.faulty.contains_key(&location) || self.unknown.contains(&location);
            let is_broken = self.is_broken(&location);
            if self.known.contains_key(&location) || is_broken && !self.others.has(&location) {
                continue;
            }
            let facts = if is_broken { Facts::default() } else { facts };
            if !is_asked && self.media.iter().any(|media| media.is_gone(&location)) {
                self.faulty.insert(location.clone(), GONE.to_owned());
            }
            let copy = self.media.iter().find_map(|media| match media.of(&location) {
                Lookup::Known(facts) if facts.is_copy => Some(facts.clone()),
                _ => None,
            });
            self.kept += 1;
            self.known.insert(location, copy.unwrap_or(facts));
        }
    }

    /// Whether what a manifest says about a file is certainly wrong now.
    fn is_broken(&self, location: &str) -> bool {
        self.media.iter().any(|media| matches!(media.of(location), Lookup::Unreadable(_)))
    }

    /// Adds what servers say.
    fn add(&mut self, mut answers: Answers) {
        for location in &self.asked {
            self.unknown.remove(location);
            self.faulty.remove(location);
        }
        for (location, mut facts) in std::mem::take(&mut answers.facts) {
            // The manifest may know what a server needs too many requests for.
            let before = self.known.remove(&location);
            if let Some(before) = before.filter(|it| it.bytes.is_none_or(|bytes| facts.bytes == Some(bytes))) {
                facts.complete(before);
            }
            self.known.insert(location, facts);
        }
        self.answers = answers;
    }

    /// The number of files that are missing or can't be read.
    fn faults(&self) -> usize {
        self.faulty.len() + self.answers.failed
    }

    fn summary(&self) -> String {
        let count = |count: usize, what: &str| {
            let plural = if count == 1 { "" } else { "s" };
            format!("{} {what}{plural}", grouped(count as u64))
        };
        let found = self.known.len() - self.kept;
        let mut summary = count(found, "media file");
        if self.faults() > 0 {
            let (more, verb) = (if found > 0 { " more" } else { "" }, if self.faults() == 1 { "is" } else { "are" });
            summary.push_str(&format!("; {}{more} {verb} missing or unreadable", grouped(self.faults() as u64)));
        }
        if !self.unknown.is_empty() {
            summary.push_str(&format!(
                "; {} without a local copy or manifest",
                count(self.unknown.len(), "other location")
            ));
        }
        if let Some(requests) = self.answers.requests {
            summary.push_str(&format!("; {}", count(requests, "request")));
        }
        if self.kept > 0 {
            summary.push_str(&format!("; {} kept", count(self.kept, "other row")));
        }
        summary
    }
}
