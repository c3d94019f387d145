//! Collects the facts of a project: reads its manifest, and the files of its mirrors that have changed.

use super::cache::{self, Entries, Entry, Stamp};
use super::manifest::Manifest;
use super::{ffprobe, file, manifest, mirror};
use crate::settings::media::Facts;
use crate::settings::{MediaFacts, MediaSources};
use rayon::prelude::*;
use std::collections::hash_map::Entry as Place;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// So many problems of a manifest are listed. The last one says how many more there are.
const MAX_PROBLEMS: usize = 10;

/// Called with the number of files that have been read, and of those to read.
pub type Progress = Arc<dyn Fn(usize, usize) + Send + Sync>;

/// How to read media files.
#[derive(Clone, Default)]
pub struct Options {
    /// Whether to ask `ffprobe` for what our libraries can't read.
    pub ffprobe: bool,
    /// Shows how much is done.
    pub progress: Option<Progress>,
    /// Set when the result is no longer needed.
    pub stop: Arc<AtomicBool>,
}

impl Options {
    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Options").field("ffprobe", &self.ffprobe).finish_non_exhaustive()
    }
}

/// A place in the settings, and what is wrong there, in a sentence.
pub type Problem = (Range<usize>, String);

/// What is known about the media files of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// The facts.
    pub facts: Arc<MediaFacts>,
    /// What is wrong with the manifest and the folders.
    pub problems: Vec<Problem>,
    /// Says that the manifest disagrees with copies.
    pub outdated: Option<Problem>,
    /// Folders that can't be read although a manifest has facts, so that nothing may be wrong.
    pub absent: Vec<String>,
}

/// Collects the facts. Facts from local copies override those of the manifest.
#[must_use]
pub fn load(sources: &MediaSources, options: &Options) -> Loaded {
    let (mut loaded, mut facts) = (Loaded::default(), MediaFacts::default());
    let manifest = loaded.read_manifest(sources);
    let cached = cache::folder();
    for mirror in &sources.mirrors {
        let listing = match mirror::list(mirror) {
            Ok(listing) => listing,
            // Whoever has only the manifest, such as a job in continuous integration, needs no copies.
            Err(problem) if !manifest.rows.is_empty() => {
                loaded.absent.push(problem);
                continue;
            }
            Err(problem) => {
                loaded.problems.push((mirror.span.clone(), problem));
                continue;
            }
        };
        // Relative locations may be relative to another folder.
        // A prefix is a folder.
        let is_folder = mirror.prefix.is_empty() || mirror.prefix.ends_with('/');
        let prefix = if is_folder { mirror.prefix.clone() } else { format!("{}/", mirror.prefix) };
        if listing.problem.is_none() && !prefix.is_empty() {
            facts.complete.push(prefix.clone());
        }
        loaded.problems.extend(listing.problem.map(|problem| (mirror.span.clone(), problem)));
        let read = read(&listing.root, listing.files, cached.as_deref(), options);
        for (name, path, read) in read {
            let origin = path.unwrap_or_else(|| mirror.folder.join(&name)).display().to_string();
            if let Place::Vacant(place) = facts.by_location.entry(format!("{prefix}{name}")) {
                place.insert(read.map(|facts| Facts { origin, is_copy: true, ..facts }));
            }
        }
    }
    loaded.outdated = add_manifest(&mut facts, sources, manifest);
    loaded.facts = Arc::new(facts);
    loaded
}

impl Loaded {
    fn read_manifest(&mut self, sources: &MediaSources) -> Manifest {
        let Some((path, span)) = &sources.manifest else { return Manifest::default() };
        // `tuning-ls media` writes it when there are copies.
        if !path.exists() && !sources.mirrors.is_empty() {
            return Manifest::default();
        }
        let mut manifest = manifest::read(path).unwrap_or_else(|problem| {
            self.problems.push((span.clone(), problem));
            Manifest::default()
        });
        let mut problems = std::mem::take(&mut manifest.problems);
        let more = problems.len().saturating_sub(MAX_PROBLEMS);
        problems.truncate(MAX_PROBLEMS);
        if more > 0 {
            problems.push(format!("{}: {more} more problems like these", path.display()));
        }
        self.problems.extend(problems.into_iter().map(|problem| (span.clone(), problem)));
        manifest
    }
}

/// Adds the facts of the manifest that no copy has. Says once that a copy has others.
fn add_manifest(known: &mut MediaFacts, sources: &MediaSources, manifest: Manifest) -> Option<Problem> {
    let mut disagreeing: Vec<(usize, String)> = Vec::new();
    for (uri, (line, listed)) in manifest.rows {
        match known.by_location.entry(uri) {
            Place::Vacant(place) => {
                place.insert(Ok(listed));
            }
            Place::Occupied(mut place) => {
                let uri = place.key().clone();
                // Nothing is known about a copy that can't be read, even if it could be when the manifest was written.
                let Ok(facts) = place.get_mut() else { continue };
                match disagreement(facts, &listed) {
                    Some(what) => disagreeing.push((line, format!("`{uri}`: {what}"))),
                    None => complete(facts, listed),
                }
            }
        }
    }
    disagreeing.sort();
    let ((line, first), (path, span)) = (disagreeing.first()?, sources.manifest.as_ref()?);
    let more = match disagreeing.len() - 1 {
        0 => String::new(),
        1 => " The same is true for 1 more file.".to_owned(),
        more => format!(" The same is true for {more} more files."),
    };
    let path = path.display();
    let message =
        format!("{path}, line {line}: {first}. The copy counts.{more} `tuning-ls media` updates the manifest");
    Some((span.clone(), message))
}

/// How the facts of a copy differ from those of a manifest.
fn disagreement(copy: &Facts, listed: &Facts) -> Option<String> {
    if let (Some(bytes), Some(other)) = (copy.bytes, listed.bytes)
        && bytes != other
    {
        return Some(format!("the size is {other} in the manifest and {bytes} in the copy"));
    }
    let (length, other) = (copy.duration?, listed.duration?);
    let (nanos, difference) = (length.nanos(), (length.nanos() - other.nanos()).abs());
    // Programs round lengths, and count the last frame or not.
    (difference > nanos / 100 && difference > 200_000_000)
        .then(|| format!("the length is {other} s in the manifest and {length} s in the copy"))
}

/// Adds what the manifest knows in addition, perhaps from another program.
fn complete(facts: &mut Facts, listed: Facts) {
    facts.duration = facts.duration.or(listed.duration);
    facts.mime_type = facts.mime_type.take().or(listed.mime_type);
    facts.frame_rate = facts.frame_rate.or(listed.frame_rate);
    facts.has_audio = facts.has_audio.or(listed.has_audio);
    facts.pages = facts.pages.or(listed.pages);
    facts.size = facts.size.or(listed.size);
}

/// A file of a mirror: its name, its path, and what was read.
type Read = (String, Option<PathBuf>, Result<Facts, String>);

/// Reads the files of a mirror that have changed, and updates the cache.
fn read(
    root: &Path,
    files: Vec<(String, Result<PathBuf, String>)>,
    cached: Option<&Path>,
    options: &Options,
) -> Vec<Read> {
    let before = cached.map(|folder| cache::read(folder, root)).unwrap_or_default();
    let (count, done) = (files.len(), AtomicUsize::new(0));
    let one = |(name, path): (String, Result<PathBuf, String>)| {
        let path = match path {
            Ok(path) => path,
            Err(reason) => return ((name, None, Err(reason)), None),
        };
        if options.is_stopped() {
            return ((name, Some(path), Err("reading was stopped".to_owned())), None);
        }
        let (read, entry) = entry(&path, before.get(&name), options);
        if let Some(progress) = &options.progress {
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, count);
        }
        let kept = entry.map(|entry| (name.clone(), entry));
        ((name, Some(path), read), kept)
    };
    let all = || files.into_par_iter().map(one).unzip();
    // A slow disk must not delay other work that is done in parallel.
    let pool = rayon::ThreadPoolBuilder::new().thread_name(|number| format!("media-{number}")).build();
    let (read, kept): (Vec<Read>, Vec<Option<(String, Entry)>>) = match pool {
        Ok(pool) => pool.install(all),
        Err(_) => all(),
    };
    let kept: Entries = kept.into_iter().flatten().collect();
    if let Some(folder) = cached.filter(|_| kept != before && !options.is_stopped())
        && let Err(error) = cache::write(folder, root, &kept)
    {
        tracing::warn!("{}: the facts about media files cannot be kept: {error}", folder.display());
    }
    read
}

/// Reads a file, unless it is as before. The second value is what to keep in the cache.
fn entry(path: &Path, before: Option<&Entry>, options: &Options) -> (Result<Facts, String>, Option<Entry>) {
    let stamp = path.metadata().ok().and_then(|metadata| Stamp::of(&metadata));
    let before = before.filter(|before| Some(before.stamp) == stamp);
    let (mut read, by_content) = match before {
        Some(before) => (before.read.clone(), true),
        None => file::read(path),
    };
    let mut probed = before.is_some_and(|before| before.probed);
    if options.ffprobe && !probed && by_content && is_incomplete(&read) {
        read = ffprobe::ask(path, &read).map_or(read, Ok);
        probed = true;
    }
    let kept = stamp.filter(|_| by_content).map(|stamp| Entry { stamp, read: read.clone(), probed });
    (read, kept)
}

/// Whether another program may know more: nothing was read, or a recording has no length.
fn is_incomplete(read: &Result<Facts, String>) -> bool {
    match read {
        Ok(facts) => facts.duration.is_none() && facts.pages.is_none() && facts.size.is_none(),
        Err(_) => true,
    }
}
