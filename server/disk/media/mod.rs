//! Facts about media files: reads them from local copies and manifests.
//!
//! Only headers and indexes of media files are read. This folder must not know the rules that use the facts.

mod cache;
mod ffprobe;
mod file;
#[cfg(test)]
mod file_tests;
mod limited;
mod load;
pub mod locations;
pub mod manifest;
mod mirror;
mod mp4;
mod mpeg;
mod pdf;
mod rows;
mod wav;

pub use ffprobe::is_installed as has_ffprobe;
#[cfg(feature = "remote")]
pub use file::read_start;
pub use file::{is_media, read_from};
pub use load::{Loaded, Options, Problem, Progress, load};

use crate::schema::scalar::Duration;

/// What the headers of a file say.
#[derive(Clone, Debug, Default)]
struct Content {
    /// The extension that tells the type.
    extension: &'static str,
    /// The type, if no extension tells it.
    mime_type: Option<&'static str>,
    duration: Option<Duration>,
    frame_rate: Option<f64>,
    has_audio: Option<bool>,
    pages: Option<u32>,
    size: Option<(u32, u32)>,
}

/// A length in units of a time scale, in whole microseconds.
fn seconds(units: u64, scale: u32) -> Option<Duration> {
    let nanos = (i128::from(units) * 1_000_000_000).checked_div(i128::from(scale))?;
    Duration::from_nanos(round(nanos))
}

/// Nanoseconds as whole microseconds. Files are not more exact, and manifests easier to read.
fn round(nanos: i128) -> i128 {
    (nanos.saturating_add(500) / 1_000).saturating_mul(1_000)
}

/// A number of frames per second, with at most three decimals.
fn rate(frames: f64, length: Duration) -> Option<f64> {
    let rate = (frames * 1e12 / length.nanos() as f64).round() / 1e3;
    (rate.is_finite() && rate > 0.0).then_some(rate)
}
