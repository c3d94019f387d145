//! What is known about media files beyond their lines, by location.
//!
//! The facts are read elsewhere: from local copies of the files, or from a manifest.

use crate::schema::scalar::Duration;
use std::collections::HashMap;

/// What is known about one media file; `None` where a fact is unknown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Its size.
    pub bytes: Option<u64>,
    /// How long it plays.
    pub duration: Option<Duration>,
    /// Its MIME type, by its content.
    pub mime_type: Option<String>,
    /// Frames per second of a video.
    pub frame_rate: Option<f64>,
    /// Whether a video or audio file has sound.
    pub has_audio: Option<bool>,
    /// Pages of a document.
    pub pages: Option<u32>,
    /// Width and height of an image or video, in pixels.
    pub size: Option<(u32, u32)>,
    /// Where the facts come from, for a person: the path of a file or manifest.
    pub origin: String,
    /// Whether `origin` is the path of a local copy.
    pub is_copy: bool,
}

impl Eq for Facts {}

/// What is known about a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// Nothing: no local copy or manifest covers it.
    Unknown,
    /// The facts.
    Known(&'a Facts),
    /// There is a local copy, but it cannot be read as media, for this reason.
    Unreadable(&'a str),
    /// The folder for local copies doesn't have it, but may have one with a similar name: its location.
    Missing(Option<&'a str>),
}

/// What is known about the media files of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MediaFacts {
    /// By location.
    pub by_location: HashMap<String, Result<Facts, String>>,
    /// The prefixes of locations whose files have all been listed.
    pub complete: Vec<String>,
}

impl MediaFacts {
    /// What is known about a location. O(1), but O(files) for one that is missing.
    #[must_use]
    pub fn of(&self, location: &str) -> Lookup<'_> {
        match self.by_location.get(location) {
            Some(Ok(facts)) => Lookup::Known(facts),
            Some(Err(reason)) => Lookup::Unreadable(reason),
            None if self.complete.iter().any(|prefix| location.starts_with(prefix)) => {
                Lookup::Missing(self.nearest(location))
            }
            None => Lookup::Unknown,
        }
    }

    /// The known location that is most similar to this one.
    fn nearest(&self, location: &str) -> Option<&str> {
        let distance = |other: &&String| strsim::osa_distance(location, other);
        let nearest = self.by_location.keys().min_by_key(|other| (distance(other), (*other).clone()))?;
        (distance(&nearest) <= 3).then_some(nearest)
    }
}
