//! What is known about the media files of an example beyond its line.

use crate::schema::scalar::Duration;

/// What is known about a media file. Without facts, everything is unknown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    /// Whether there is a file.
    pub standing: Standing,
    /// How long it plays.
    pub length: Option<Duration>,
    /// Its size.
    pub bytes: Option<u64>,
    /// Pages of a document.
    pub pages: Option<u32>,
    /// Whether it certainly has no sound.
    pub silent: bool,
}

/// Whether there is a file at a location.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// Unknown.
    #[default]
    Unknown,
    /// There is.
    Present,
    /// There is, but it can't be read as media.
    Unreadable,
    /// There is none.
    Missing,
}
