//! Files that are being written. A signal that ends the program removes them first.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use tempfile::NamedTempFile;

static FILES: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn files() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    FILES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Remembers that a file is unfinished, until this is dropped.
#[derive(Debug)]
pub(super) struct Unfinished(PathBuf);

impl Unfinished {
    /// Makes a file, and remembers it.
    pub fn make(make: impl FnOnce() -> io::Result<NamedTempFile>) -> io::Result<(NamedTempFile, Self)> {
        static WATCHED: Once = Once::new();
        WATCHED.call_once(watch);
        // A signal waits until the file is known.
        let mut files = files();
        let file = make()?;
        files.insert(file.path().to_path_buf());
        let path = file.path().to_path_buf();
        Ok((file, Self(path)))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        files().remove(&self.0);
    }
}

/// Removes the files when a signal comes, then lets it end the program as usual.
#[cfg(unix)]
fn watch() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    let ending = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|signal| !is_ignored(*signal));
    let started = Signals::new(ending).and_then(|mut signals| {
        let run = move || {
            for signal in signals.forever() {
                // The lock is held until the end, so that no file is made meanwhile.
                let files = files();
                files.iter().for_each(|file| drop(std::fs::remove_file(file)));
                let _ = emulate_default_handler(signal);
            }
        };
        std::thread::Builder::new().name("signals".to_owned()).spawn(run)
    });
    if let Err(error) = started {
        tracing::warn!("a signal would leave a temporary file: {error}");
    }
}

#[cfg(not(unix))]
fn watch() {}

/// Whether the signal was ignored when the program started, or may have been by `nohup`: only Linux tells.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else {
        return signal == signal_hook::consts::SIGHUP;
    };
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    ignored >> (signal - 1) & 1 == 1
}
