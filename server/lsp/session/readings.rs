//! When facts about media files were read.

use crate::disk::bytes::Stamp;
use crate::settings::MediaSources;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Clients don't report changes to media files, so folders are listed again, but not for every change of another file.
const LISTING_INTERVAL: Duration = Duration::from_secs(10);

/// When the facts of each project were read. The key is its settings file, empty for the client's settings.
#[derive(Default)]
pub struct Readings(BTreeMap<PathBuf, Reading>);

struct Reading {
    sources: MediaSources,
    manifest: Option<Stamp>,
    started: Instant,
    running: bool,
    stop: Arc<AtomicBool>,
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl Readings {
    /// Whether the facts have to be read, perhaps again.
    pub fn is_due(&self, key: &Path, sources: &MediaSources, manifest: Option<Stamp>) -> bool {
        let Some(last) = self.0.get(key).filter(|last| last.sources == *sources) else { return true };
        let is_old = !sources.mirrors.is_empty() && last.started.elapsed() > LISTING_INTERVAL;
        !last.running && (last.manifest != manifest || is_old)
    }

    /// Notes that reading starts. True if it is the first time from these sources; earlier ones are stopped.
    pub fn start(
        &mut self,
        key: &Path,
        sources: &MediaSources,
        manifest: Option<Stamp>,
        stop: Arc<AtomicBool>,
    ) -> bool {
        let reading = Reading { sources: sources.clone(), manifest, started: Instant::now(), running: true, stop };
        let earlier = self.0.insert(key.to_path_buf(), reading);
        earlier.is_none_or(|earlier| earlier.sources != *sources)
    }

    /// Notes that reading has ended.
    pub fn end(&mut self, key: &Path) {
        if let Some(reading) = self.0.get_mut(key) {
            reading.running = false;
        }
    }

    /// Stops reading for all other projects.
    pub fn keep(&mut self, wanted: impl Fn(&Path) -> bool) {
        self.0.retain(|key, _| wanted(key));
    }
}
