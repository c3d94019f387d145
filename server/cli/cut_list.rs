//! `tuning-ls cut-list`: a script that cuts the segments of a dataset out of their files, and the dataset for the cut files.

use crate::analysis::Analyst;
use crate::cli::command::{Outcome, Program, Run, fail};
use crate::cli::cut_script::{Cuts, script, visible};
use crate::cli::destination::{Color, Destination};
use crate::cli::inputs::{InputArguments, Stop, sound};
use crate::cli::project::SettingsArguments;
use crate::cli::shift_segments::{TimesArguments, refusals};
use crate::disk::check::analyze;
use crate::disk::edited::{self, Replacement};
use crate::disk::{FileText, Input, Reading, media};
use crate::ide::cut::{Cut, use_cuts};
use crate::ide::fixes::{File, rewrite_records};
use crate::ide::shift::Times;
use crate::settings::Settings;
use crate::settings::media::Lookup;
use clap::Args;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Write a script that cuts the segments of a dataset out of their files with FFmpeg
///
/// For services and trainers that don't read the offsets of segments. The script has one command for each segment, even if several
/// examples use it. It reads the local copies that `[[media.mirror]]` in tuning-ls.toml names, or the location itself if
/// it begins with http:// or https://. Read the script, then run it: `sh cut.sh`. With --rewritten and --prefix, the datasets are
/// also written for the cut files: with their locations, without offsets, and with times in the answers that count from
/// their start.
#[derive(Args, Debug)]
#[allow(rustdoc::broken_intra_doc_links, reason = "this is the help of the command, which has no links")]
pub struct CutListArguments {
    #[command(flatten)]
    pub inputs: InputArguments,
    /// Write the script to this file instead of stdout
    #[arg(long, short, value_name = "FILE")]
    pub output_file: Option<PathBuf>,
    /// The folder for the cut files, in the script
    #[arg(long, value_name = "FOLDER", default_value = "clips")]
    pub folder: String,
    /// Write the datasets for the cut files into this folder, under their names
    #[arg(long, value_name = "FOLDER", requires = "prefix")]
    pub rewritten: Option<PathBuf>,
    /// Where the cut files will be, such as gs://bucket/clips/
    #[arg(long, value_name = "LOCATION", requires = "rewritten")]
    pub prefix: Option<String>,
    #[command(flatten)]
    pub times: TimesArguments,
    #[command(flatten)]
    pub settings: SettingsArguments,
}

impl Run for CutListArguments {
    fn run(&self, program: &mut Program<'_>) -> io::Result<Outcome> {
        let problems = &mut *program.problems;
        if self.folder.contains('\0') {
            return fail(problems, "the name of the folder has a zero byte");
        }
        let mut projects = match self.settings.open(media::Options::default()) {
            Ok(projects) => projects,
            Err(problem) => return fail(problems, problem),
        };
        let file = self.output_file.as_deref().filter(|file| *file != Path::new("-"));
        let mut destination = Destination::open(file, Color::Never)?;
        let found = self.inputs.find();
        if let Some(lost) = found.inputs.iter().filter_map(Input::file).find(|path| destination.replaces(path)) {
            return fail(problems, format_args!("{}: the output would replace a dataset", lost.display()));
        }
        if let Err(problem) = self.check_targets(&found.inputs) {
            return fail(problems, problem);
        }
        let (mut cuts, mut messages, mut notes) = (Cuts::new(), Vec::new(), BTreeSet::new());
        let outcome = self.inputs.each(problems, |input| {
            let text = input.read(&Reading::TO_READ)?;
            let settings = self.settings.settings_of(&mut projects, input.path());
            let loaded =
                projects.project_of(input.path()).and_then(|project| project.media.clone()).unwrap_or_default();
            notes.extend(loaded.problems.into_iter().map(|(_, problem)| problem).chain(loaded.absent));
            let changes = self.rewrite(input, &text, &settings, &mut cuts, &mut messages);
            sound(input, &text)?;
            self.write_rewritten(input, &text, &changes)?;
            Ok(Outcome::Clean)
        })?;
        for message in notes.iter().chain(&messages) {
            writeln!(problems, "warning: {message}")?;
        }
        destination.write_all(script(&cuts, &self.folder).as_bytes())?;
        destination.finish()?;
        Ok(if messages.is_empty() { outcome } else { outcome.max(Outcome::Findings) })
    }
}

impl CutListArguments {
    /// Notes the pieces in a dataset. Returns the changes that make it use the cut files.
    fn rewrite(
        &self,
        input: &Input,
        text: &FileText,
        settings: &Settings,
        cuts: &mut Cuts,
        messages: &mut Vec<String>,
    ) -> Vec<Replacement> {
        let (lines, verdict) = analyze(text, settings);
        let file = File { source: text, lines: &lines, verdict: &verdict };
        let mut analyst = Analyst::new(settings);
        analyst.set_fallback(verdict.format);
        let prefix = self.prefix.as_deref().unwrap_or("");
        let slash = if prefix.is_empty() || prefix.ends_with('/') { "" } else { "/" };
        // Without new lines, the times in answers don't matter.
        let times = if self.rewritten.is_some() { self.times.which() } else { Times::Keep };
        let mut new_location = |cut: &Cut| {
            let found = source_of(cut, settings);
            let location = format!("{prefix}{slash}{}", cut.name());
            let found = cuts.entry(cut.clone()).or_insert(found);
            found.as_ref().map(|_| location).map_err(|reason| format!("{reason}: {}", visible(&cut.location)))
        };
        let rewritten =
            rewrite_records(&file, &mut analyst, |text, analyst| use_cuts(text, times, &mut new_location, analyst));
        messages.extend(refusals(input, &rewritten));
        edited::replacements(text, rewritten.edits)
    }

    /// The file for the rewritten lines of an input.
    fn target(&self, input: &Input) -> Option<PathBuf> {
        let name = input.path().file_name()?.to_string_lossy().into_owned();
        let plain = if input.is_compressed() { name.rsplit_once('.').map_or(&*name, |(name, _)| name) } else { &name };
        Some(self.rewritten.as_ref()?.join(plain))
    }

    /// Makes sure that no dataset is lost. The error is a message for the user.
    fn check_targets(&self, inputs: &[Input]) -> Result<(), String> {
        let Some(folder) = &self.rewritten else { return Ok(()) };
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let datasets: BTreeSet<_> = inputs.iter().filter_map(Input::file).map(real).collect();
        let mut targets = BTreeSet::new();
        for target in inputs.iter().filter_map(|input| self.target(input)) {
            if datasets.contains(&real(&target)) {
                return Err(format!("{}: the rewritten lines would replace a dataset", target.display()));
            }
            if !targets.insert(target.clone()) {
                return Err(format!("{}: two datasets have this name; rewrite them one by one", target.display()));
            }
        }
        Ok(())
    }

    fn write_rewritten(&self, input: &Input, text: &FileText, changes: &[Replacement]) -> Result<(), Stop> {
        let Some(target) = self.target(input) else { return Ok(()) };
        let mut destination = Destination::open(Some(&target), Color::Never)?;
        edited::write(text, changes, &mut destination)?;
        Ok(destination.finish()?)
    }
}

/// The file that FFmpeg reads to cut a piece, or the reason why there is none.
fn source_of(cut: &Cut, settings: &Settings) -> Result<String, String> {
    let location = &cut.location;
    match settings.media.as_ref().map_or(Lookup::Unknown, |media| media.of(location)) {
        // FFmpeg takes what is before a colon for a protocol.
        Lookup::Known(facts) if facts.is_copy => Ok(format!("file:{}", facts.origin)),
        Lookup::Unreadable(reason) => Err(format!("the local copy cannot be read: {reason}")),
        _ if is_web(location) => Ok(location.clone()),
        _ => Err("there is no local copy; name its folder in a `[[media.mirror]]` of tuning-ls.toml".to_owned()),
    }
}

/// Whether FFmpeg can read a location from the web.
fn is_web(location: &str) -> bool {
    let is_plain = !location.contains(|letter: char| letter.is_control() || letter.is_whitespace());
    is_plain && (location.starts_with("https://") || location.starts_with("http://"))
}
