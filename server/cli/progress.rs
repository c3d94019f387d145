//! A progress bar for long work, on a terminal only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};
use std::path::Path;
use std::time::Duration;

/// Fewer bytes are checked too fast to show a bar.
const LONG_WORK: u64 = 32 << 20;

#[derive(Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar over this number of bytes on stderr. It is hidden if stderr isn't a terminal, in continuous integration, for
    /// short work, and if it isn't wanted.
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

    /// Shows the file that is being checked, the `number`th of `files`.
    pub fn file(&self, path: &Path, number: usize, files: usize) {
        if !self.0.is_hidden() {
            self.0.set_message(format!("{number} of {files}: {}", path.display().to_string().escape_debug()));
        }
    }

    pub fn advance(&self, bytes: u64) {
        self.0.inc(bytes);
    }

    /// Hides the bar while `print` prints, so that they don't mix on the screen.
    pub fn aside<R>(&self, print: impl FnOnce() -> R) -> R {
        self.0.suspend(print)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
