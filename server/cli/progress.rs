//! A progress bar for long work, on a terminal only.

use crate::disk::media;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Fewer bytes are checked too fast to show a bar.
const LONG_WORK: u64 = 32 << 20;

/// Fewer media files are read too fast to show a bar.
const MANY_FILES: usize = 200;

/// Whether progress can be shown: on a terminal, and not in continuous integration.
fn can_show() -> bool {
    io::stderr().is_terminal() && std::env::var_os("CI").is_none()
}

fn bar(length: u64, template: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// Reads media files with a bar, if it is wanted and can be shown.
pub fn of_media(wanted: bool) -> media::Options {
    let shown = OnceLock::new();
    let progress: media::Progress = Arc::new(move |done, all| {
        if all >= MANY_FILES {
            let bar: &ProgressBar = shown.get_or_init(|| bar(all as u64, "{bar:30} {pos}/{len} media files"));
            bar.set_length(all as u64);
            if done >= all { bar.finish_and_clear() } else { bar.set_position(done as u64) }
        }
    });
    media::Options { progress: Some(progress).filter(|_| wanted && can_show()), ..media::Options::default() }
}

#[derive(Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar over this number of bytes on stderr. It is hidden if stderr isn't a terminal, in continuous integration, for
    /// short work, and if it isn't wanted.
    pub fn new(bytes: u64, wanted: bool) -> Self {
        if !(wanted && bytes >= LONG_WORK && can_show()) {
            return Self(ProgressBar::hidden());
        }
        let bar = bar(bytes, "{bar:30} {binary_bytes}/{binary_total_bytes} {wide_msg}");
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
