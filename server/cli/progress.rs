//! A progress bar for long work, on a terminal only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};
use std::path::Path;
use std::time::Duration;

/// Less than so many bytes are checked before a bar can be read.
const LONG_WORK: u64 = 32 << 20;

/// How far a check has come.
#[derive(Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar over `bytes` bytes on stderr; nothing at all when that is no terminal, in
    /// continuous integration, for short work, or when it is not wanted.
    #[must_use]
    pub fn new(bytes: u64, wanted: bool) -> Self {
        let shown = wanted && bytes >= LONG_WORK && io::stderr().is_terminal() && std::env::var_os("CI").is_none();
        if !shown {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {binary_bytes}/{binary_total_bytes} {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Self(bar)
    }

    /// The file that is checked now, the `number`th of `files`.
    pub fn file(&self, path: &Path, number: usize, files: usize) {
        if !self.0.is_hidden() {
            self.0.set_message(format!("{number} of {files}: {}", path.display().to_string().escape_debug()));
        }
    }

    /// So many bytes more have been checked.
    pub fn advance(&self, bytes: u64) {
        self.0.inc(bytes);
    }

    /// Takes the bar away while `print` prints, so that the two do not mix on the screen.
    pub fn aside<R>(&self, print: impl FnOnce() -> R) -> R {
        self.0.suspend(print)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
