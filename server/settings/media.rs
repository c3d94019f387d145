//! What is known about media files beyond their lines, by location.
//!
//! The facts are read elsewhere: from local copies of the files, or from a manifest.

use crate::example::known::{Known, Standing};
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
            None if self.folder(location).is_some() => Lookup::Missing(self.nearest(location)),
            None => Lookup::Unknown,
        }
    }

    /// What is known about a location, in short, and the MIME type of the content. O(1).
    #[must_use]
    pub fn known(&self, location: &str) -> (Known, Option<&str>) {
        let of = |standing| (Known { standing, ..Known::default() }, None);
        match self.by_location.get(location) {
            Some(Ok(facts)) => (facts.known(), facts.content()),
            Some(Err(_)) => of(Standing::Unreadable),
            None if self.folder(location).is_some() => of(Standing::Missing),
            None => of(Standing::Unknown),
        }
    }

    /// The longest prefix of a location among those whose files have all been listed.
    #[must_use]
    pub fn folder(&self, location: &str) -> Option<&str> {
        let folders = self.complete.iter().filter(|prefix| location.starts_with(*prefix));
        folders.max_by_key(|prefix| prefix.len()).map(String::as_str)
    }

    /// The known location that is most similar to this one, in the same folder. A name that differs only in case or in
    /// percent escapes comes first. Names with other numbers are not similar: they are usually other clips.
    fn nearest(&self, location: &str) -> Option<&str> {
        const MAX_DISTANCE: usize = 3;
        let (folder, name) = location.rsplit_once('/')?;
        let stem = |name: &str| name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase().replace("%20", " ");
        let own = stem(name);
        let most = MAX_DISTANCE.min(own.chars().count() / 4);
        let names =
            self.by_location.keys().filter_map(|other| Some((other, other.strip_prefix(folder)?.strip_prefix('/')?)));
        let others = names.filter(|(_, other)| !other.contains('/') && digits(other).eq(digits(name)));
        let near = others.filter_map(|(other, its_name)| {
            let its = stem(its_name);
            let is_near = its.len().abs_diff(own.len()) <= most * char::MAX_LEN_UTF8;
            let distance = if is_near { strsim::osa_distance(&own, &its) } else { usize::MAX };
            (distance <= most).then_some((distance, other.as_str()))
        });
        near.min().map(|(_, other)| other)
    }
}

impl Facts {
    /// The MIME type of the content.
    #[must_use]
    pub fn content(&self) -> Option<&str> {
        self.mime_type.as_deref()
    }

    fn known(&self) -> Known {
        // A line can say no more than milliseconds, and a person wants no more.
        let whole_millis = |length: Duration| Duration::from_nanos(length.nanos() / 1_000_000 * 1_000_000);
        Known {
            standing: Standing::Present,
            length: self.duration.and_then(whole_millis),
            bytes: self.bytes,
            pages: self.pages,
            silent: self.has_audio == Some(false),
        }
    }
}

/// The digits of a location without its extension.
fn digits(location: &str) -> impl Iterator<Item = u8> + '_ {
    let stem = location.rsplit_once('.').map_or(location, |(stem, _)| stem);
    stem.bytes().filter(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_may_have_a_similar_name_with_the_same_numbers() {
        let names =
            ["gs://clips/match-1.mp4", "gs://clips/match-12.MP4", "gs://other/match-2.mp4", "gs://clips/goal.mov"];
        let facts = MediaFacts {
            by_location: names.map(|name| (name.to_owned(), Ok(Facts::default()))).into(),
            complete: vec!["gs://clips/".to_owned()],
        };
        let near = |location: &str| facts.of(location);
        assert_eq!(near("gs://clips/match_12.mp4"), Lookup::Missing(Some(names[1])));
        assert_eq!(near("gs://clips/match-12.mp4"), Lookup::Missing(Some(names[1])));
        assert_eq!(near("gs://clips/macth-1.mp4"), Lookup::Missing(Some(names[0])));
        assert_eq!(near("gs://clips/goal.mp4"), Lookup::Missing(Some(names[3])));
        assert_eq!(near("gs://clips/match-2.mp4"), Lookup::Missing(None));
        assert_eq!(near("gs://clips/match-21.mp4"), Lookup::Missing(None));
        assert_eq!(near("gs://others/match-1.mp4"), Lookup::Unknown);
    }
}
