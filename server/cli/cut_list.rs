//! `tuning-ls cut-list`: a script that cuts the segments of a dataset out of their files, and the dataset for the cut files.

use crate::analysis::Analyst;
use crate::cli::command::{Outcome, Program, Run, fail, tell};
use crate::cli::cut_script::{Cuts, script};
use crate::cli::destination::{Color, Destination};
use crate::cli::inputs::{InputArguments, Stop, sound};
use crate::cli::kept::Kept;
use crate::cli::output::printable::is_harmful;
use crate::cli::project::SettingsArguments;
use crate::cli::segments::{TimesArguments, refusals};
use crate::disk::check::analyze;
use crate::disk::config::Projects;
use crate::disk::edited::{self, Replacement};
use crate::disk::paths::{canonical, real};
use crate::disk::{self, FileText, Input, media};
use crate::formats::FORMATS;
use crate::ide::cut::{Cut, use_cuts};
use crate::ide::fixes::{File, rewrite_records};
use crate::ide::shift::Times;
use crate::schema::scalar::{lower_scheme, web_page};
use crate::settings::Settings;
use crate::settings::media::Lookup;
use clap::Args;
use std::collections::BTreeSet;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use url::Url;

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
        if self.folder.contains(is_harmful) {
            return fail(problems, "the name of the folder has a control character");
        }
        let mut projects = match self.settings.open(media::Options::default()) {
            Ok(projects) => projects,
            Err(problem) => return fail(problems, problem),
        };
        let file = self.output_file.as_deref().filter(|file| *file != Path::new("-"));
        let found = self.inputs.find();
        let kept = Kept::of(&found.inputs, &mut projects);
        if let Some(problem) = file.and_then(|file| kept.lost(file)) {
            return fail(problems, problem);
        }
        if let Some(lost) = file.filter(|file| is_no_script(file)) {
            return fail(
                problems,
                format_args!("{}: the output would replace a file that is no script", lost.display()),
            );
        }
        if let Err(problem) = self.check_targets(&found.inputs, &kept, &mut projects, file) {
            return fail(problems, problem);
        }
        let mut destination = Destination::open(file, Color::Never)?;
        let (mut cuts, mut messages, mut notes, mut written) = (Cuts::new(), Vec::new(), BTreeSet::new(), Vec::new());
        let outcome = self.inputs.each(problems, |input| {
            let text = input.read(&disk::Reading::TO_READ)?;
            let settings = self.settings.settings_of(&mut projects, input.path());
            let loaded =
                projects.project_of(input.path()).and_then(|project| project.media.clone()).unwrap_or_default();
            notes.extend(loaded.problems.into_iter().map(|(_, problem)| problem).chain(loaded.absent));
            let changes = self.rewrite(input, &text, &settings, &mut cuts, &mut messages);
            sound(input, &text)?;
            written.extend(self.rewritten(input, &text, &changes)?);
            Ok(Outcome::Clean)
        })?;
        for message in notes.iter().chain(&messages) {
            tell(problems, format_args!("warning: {message}"))?;
        }
        if outcome == Outcome::Failed {
            return fail(problems, "nothing was written, because the script would not be complete");
        }
        for rewritten in written {
            rewritten.finish()?;
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
        let mut new_location = |cut: &Cut, location: &str| {
            let found = source_of(location, settings);
            let location = format!("{prefix}{slash}{}", cut.name());
            // Another dataset's settings may know a copy that the first one's don't.
            let noted = cuts.entry(cut.clone()).or_insert_with(|| found.clone());
            if noted.is_err() {
                noted.clone_from(&found);
            }
            noted.as_ref().map(|_| location).map_err(|reason| format!("{reason}: {}", cut.location))
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

    /// Makes sure that the rewritten lines replace no file that is read, nor each other, nor the script. The error is a message
    /// for the user.
    fn check_targets(
        &self,
        inputs: &[Input],
        kept: &Kept,
        projects: &mut Projects,
        script: Option<&Path>,
    ) -> Result<(), String> {
        let Some(folder) = &self.rewritten else { return Ok(()) };
        if self.inputs.stdin_filename.is_none() && inputs.iter().any(|input| matches!(input, Input::Stdin { .. })) {
            return Err("the rewritten lines of stdin need the name of a file; add --stdin-filename".to_owned());
        }
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        // The files that don't exist yet are told apart by their folders.
        let place = |path: &Path| canonical(path).unwrap_or_else(|_| real(path));
        let script = script.map(place);
        let mut targets = BTreeSet::new();
        for (input, target) in inputs.iter().filter_map(|input| Some((input, self.target(input)?))) {
            if let Some(problem) = kept.lost(&target) {
                return Err(problem);
            }
            let is_there = target.is_file();
            if is_there && projects.dataset_of(&target).is_some_and(|dataset| dataset.configured) {
                return Err(format!("{}: the output would replace a file of the dataset", target.display()));
            }
            // What was compressed may have changed since.
            if is_there && input.file().is_some_and(|file| real(file).parent() == real(&target).parent()) {
                return Err(format!(
                    "{}: the output would replace the file next to {}",
                    target.display(),
                    input.name()
                ));
            }
            if script.as_ref() == Some(&place(&target)) {
                return Err(format!("{}: the script would replace the rewritten lines", target.display()));
            }
            if !targets.insert(place(&target)) {
                return Err(format!("{}: two datasets have this name; rewrite them one by one", target.display()));
            }
        }
        Ok(())
    }

    /// The rewritten lines of an input, which replace their file when they are finished.
    fn rewritten(&self, input: &Input, text: &FileText, changes: &[Replacement]) -> Result<Option<Destination>, Stop> {
        let Some(target) = self.target(input) else { return Ok(None) };
        let mut destination = Destination::open(Some(&target), Color::Never)?;
        edited::write(text, changes, &mut destination)?;
        Ok(Some(destination))
    }
}

/// Whether a file has content that doesn't begin as a script does.
fn is_no_script(path: &Path) -> bool {
    let mut start = Vec::new();
    let is_file = path.metadata().is_ok_and(|metadata| metadata.is_file());
    let read = is_file && std::fs::File::open(path).and_then(|file| file.take(2).read_to_end(&mut start)).is_ok();
    read && !start.is_empty() && start != b"#!"
}

/// The file that FFmpeg reads to cut a piece, or the reason why there is none.
fn source_of(location: &str, settings: &Settings) -> Result<String, String> {
    match settings.media.as_ref().map_or(Lookup::Unknown, |media| media.of(location)) {
        Lookup::Known(facts) if facts.is_copy && facts.origin.ends_with('\n') => {
            Err("the name of the local copy ends with a line break, which the script can't have".to_owned())
        }
        // FFmpeg takes what is before a colon for a protocol.
        Lookup::Known(facts) if facts.is_copy => Ok(format!("file:{}", facts.origin)),
        Lookup::Unreadable(reason) => Err(format!("the local copy cannot be read: {reason}")),
        _ if is_page(location) => {
            Err("this is a page of a site, which FFmpeg cannot read; download the file, and name its folder in a \
                 `[[media.mirror]]` of tuning-ls.toml"
                .to_owned())
        }
        // FFmpeg knows protocols in lowercase only.
        _ if is_web(location) => Ok(lower_scheme(location).into_owned()),
        _ => Err("there is no local copy; name its folder in a `[[media.mirror]]` of tuning-ls.toml".to_owned()),
    }
}

/// Whether a location is a page that shows a file, on a site for videos or for files.
fn is_page(location: &str) -> bool {
    let Ok(url) = Url::parse(location) else { return false };
    let mut services = FORMATS.iter().flat_map(|format| format.services);
    web_page(&url).is_some() || services.any(|service| service.reads.page_for_inference(&url).is_some())
}

/// Whether FFmpeg can read a location from the web.
fn is_web(location: &str) -> bool {
    let is_plain = !location.contains(|letter: char| letter.is_control() || letter.is_whitespace());
    let location = lower_scheme(location);
    is_plain && (location.starts_with("https://") || location.starts_with("http://"))
}
