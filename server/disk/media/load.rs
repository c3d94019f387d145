//! Collects the facts of a project: reads its manifest, and the files of its mirrors that have changed.

use super::cache::{self, Entries, Entry, Stamp};
use super::manifest::Manifest;
use super::{ffprobe, file, manifest, mirror};
use crate::schema::scalar::lower_scheme;
use crate::settings::media::Facts;
use crate::settings::{MediaFacts, MediaSources, Mirror};
use rayon::prelude::*;
use std::collections::HashMap;
use std::collections::hash_map::Entry as Place;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

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
    /// Whether `ffprobe` did not answer in time, and was not asked about other files.
    pub late: bool,
}

/// A copy that can't be opened: its path, and why.
type Unopened = (String, String);

/// Collects the facts. Facts from local copies override those of the manifest. If several mirrors have a copy, the one with
/// the longest prefix counts, and then the first one.
#[must_use]
pub fn load(sources: &MediaSources, options: &Options) -> Loaded {
    let (mut loaded, mut facts) = (Loaded::default(), MediaFacts::default());
    let manifest = loaded.read_manifest(sources);
    let cached = cache::folder();
    let late = AtomicBool::new(false);
    let mut mirrors: Vec<_> = sources.mirrors.iter().collect();
    mirrors.sort_by_key(|mirror| std::cmp::Reverse(mirror.prefix.len()));
    let mut unopened: Vec<(&Mirror, HashMap<String, Unopened>)> = Vec::new();
    for mirror in mirrors {
        // A prefix is a folder.
        let is_folder = mirror.prefix.is_empty() || mirror.prefix.ends_with('/');
        let prefix = lower_scheme(&mirror.prefix);
        let prefix = if is_folder { prefix.into_owned() } else { format!("{prefix}/") };
        let listing = match mirror::list(mirror) {
            Ok(listing) => listing,
            Err(problem) => {
                facts.incomplete.push(prefix);
                // Whoever has only the manifest, such as a job in continuous integration, needs no copies.
                if manifest.rows.is_empty() {
                    loaded.problems.push((mirror.span.clone(), problem));
                } else {
                    loaded.absent.push(problem);
                }
                continue;
            }
        };
        let is_complete = listing.problem.is_none();
        // Relative locations may be relative to another folder.
        if !prefix.is_empty() || !is_complete {
            let prefixes = if is_complete { &mut facts.complete } else { &mut facts.incomplete };
            prefixes.push(prefix.clone());
        }
        loaded.problems.extend(listing.problem.map(|problem| (mirror.span.clone(), problem)));
        let mut failed = HashMap::new();
        for (name, path, read) in read(&listing.root, listing.files, cached.as_deref(), options, &late) {
            let origin = path.unwrap_or_else(|| mirror.folder.join(&name));
            let origin = mirror::shown(&origin);
            let location = format!("{prefix}{name}");
            let read = match read {
                Ok(facts) => Ok(Facts { origin, is_copy: true, ..facts }),
                Err(Fault::Content(reason)) => Err(reason),
                Err(Fault::Access(reason)) => {
                    failed.insert(location, (origin, reason));
                    continue;
                }
            };
            if let Place::Vacant(place) = facts.by_location.entry(location) {
                place.insert(read);
                facts.name_copy(&prefix, &name);
            }
        }
        unopened.push((mirror, failed));
    }
    loaded.outdated = add_manifest(&mut facts, sources, manifest);
    for (mirror, failed) in unopened {
        loaded.add_unopened(&mut facts, mirror, failed);
    }
    loaded.late = late.into_inner();
    loaded.facts = Arc::new(facts);
    loaded
}

impl Loaded {
    /// Notes the copies in a mirror that can't be opened. That is a problem if nothing else has facts about them.
    fn add_unopened(&mut self, facts: &mut MediaFacts, mirror: &Mirror, failed: HashMap<String, Unopened>) {
        let mut unknown = Vec::new();
        for (location, (path, reason)) in failed {
            if facts.location_of(&location).is_none() {
                unknown.push((path, reason.clone()));
            }
            facts.unopened.entry(location).or_insert(reason);
        }
        unknown.sort();
        let Some((path, reason)) = unknown.first() else { return };
        let more = match unknown.len() - 1 {
            0 => String::new(),
            1 => ". The same is true for 1 more copy".to_owned(),
            more => format!(". The same is true for {more} more copies"),
        };
        let message = format!("{path}: the copy cannot be opened: {reason}. Nothing is known about it{more}");
        self.problems.push((mirror.span.clone(), message));
    }

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
            problems.push(format!("{}: {more} more problems like these", mirror::shown(path)));
        }
        self.problems.extend(problems.into_iter().map(|problem| (span.clone(), problem)));
        manifest
    }
}

/// Adds the facts of the manifest that no copy has. Says once that a copy has others.
fn add_manifest(known: &mut MediaFacts, sources: &MediaSources, manifest: Manifest) -> Option<Problem> {
    let mut disagreeing: Vec<(usize, String)> = Vec::new();
    let mut rows: Vec<_> = manifest.rows.into_iter().collect();
    rows.sort_by_key(|(_, (line, _))| *line);
    for (uri, (line, listed)) in rows {
        let name = known.location_of(&uri).unwrap_or(&uri).to_owned();
        match known.by_location.get_mut(&name) {
            Some(Ok(facts)) if facts.is_copy => match disagreement(facts, &listed) {
                Some(what) => disagreeing.push((line, format!("`{uri}`: {what}"))),
                None => facts.complete(listed),
            },
            // Nothing is known about a copy that can't be read, even if it could be when the manifest was written.
            Some(Err(_)) => {}
            // Of several forms of a location, each may have its row.
            _ => {
                known.name_row(&uri);
                known.by_location.insert(uri, Ok(listed));
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
    let path = mirror::shown(path);
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

/// Why nothing was read.
enum Fault {
    /// Because of what the file contains.
    Content(String),
    /// It can't be opened here, which says nothing about the file.
    Access(String),
}

/// A file of a mirror: its name, its path, and what was read.
type Read = (String, Option<PathBuf>, Result<Facts, Fault>);

/// Reads the files of a mirror that have changed, and updates the cache.
fn read(
    root: &Path,
    files: Vec<(String, Result<PathBuf, String>)>,
    cached: Option<&Path>,
    options: &Options,
    late: &AtomicBool,
) -> Vec<Read> {
    let before = cached.map(|folder| cache::read(folder, root)).unwrap_or_default();
    let (count, done) = (files.len(), Mutex::new(0));
    let one = |(name, path): (String, Result<PathBuf, String>)| {
        let path = match path {
            Ok(path) => path,
            Err(reason) => return ((name, None, Err(Fault::Access(reason))), None),
        };
        if options.is_stopped() {
            return ((name, Some(path), Err(Fault::Access("reading was stopped".to_owned()))), None);
        }
        let (read, entry) = entry(&path, before.get(&name), options, late);
        if let Some(progress) = &options.progress {
            // The lock keeps the numbers in order.
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            *done += 1;
            progress(*done, count);
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
        // Everything still works, only slower the next time.
        tracing::debug!("{}: the facts about media files cannot be kept: {error}", folder.display());
    }
    read
}

/// Reads a file, unless it is as before. The second value is what to keep in the cache.
fn entry(
    path: &Path,
    before: Option<&Entry>,
    options: &Options,
    late: &AtomicBool,
) -> (Result<Facts, Fault>, Option<Entry>) {
    let stamp = path.metadata().ok().and_then(|metadata| Stamp::of(&metadata));
    let before = before.filter(|before| Some(before.stamp) == stamp);
    let (mut read, by_content) = match before {
        Some(before) => (before.read.clone(), true),
        None => file::read(path),
    };
    let mut probed = before.is_some_and(|before| before.probed);
    let may_ask = options.ffprobe && !probed && by_content && is_incomplete(&read);
    if may_ask && !late.load(Ordering::Relaxed) {
        match ffprobe::ask(path, &read) {
            // A failure is not kept: another version may know more.
            Ok(None) => {}
            Ok(Some(answer)) => (read, probed) = (Ok(answer), true),
            Err(ffprobe::Late) => late.store(true, Ordering::Relaxed),
        }
    }
    let kept = stamp.filter(|_| by_content).map(|stamp| Entry { stamp, read: read.clone(), probed });
    (read.map_err(if by_content { Fault::Content } else { Fault::Access }), kept)
}

/// Whether another program may know more: nothing was read, or a recording has no length.
fn is_incomplete(read: &Result<Facts, String>) -> bool {
    match read {
        Ok(facts) => !facts.is_measured(),
        Err(_) => true,
    }
}
