//! What is known about media files beyond their lines, by location.
//!
//! The facts are read elsewhere: from local copies of the files, or from a manifest.

use super::sources::covers;
use crate::example::known::{Known, Standing};
use crate::example::mime::{self, MediaKind};
use crate::schema::scalar::{Duration, lower_scheme, percent_decoded};
use icu_normalizer::ComposingNormalizerBorrowed;
use std::borrow::Cow;
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
    /// There is a local copy that cannot be opened, for this reason, so nothing is known.
    Unopened(&'a str),
    /// The folder for local copies doesn't have it, but may have one with a similar name: its location.
    Missing(Option<&'a str>),
}

/// What is known about the media files of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MediaFacts {
    /// By location.
    pub by_location: HashMap<String, Result<Facts, String>>,
    /// The local copies that cannot be opened, and why.
    pub unopened: HashMap<String, String>,
    /// The prefixes of locations whose files have all been listed, with schemes in lowercase.
    pub complete: Vec<String>,
    /// The prefixes of locations of which only some files have been listed.
    pub incomplete: Vec<String>,
    /// Locations of the first two, by the plain form of their names, where that is another one.
    pub other_names: HashMap<String, String>,
}

impl MediaFacts {
    /// What is known about a location. O(1), but O(files) for one that is missing.
    #[must_use]
    pub fn of(&self, location: &str) -> Lookup<'_> {
        match self.entry(location) {
            Some((_, lookup)) => lookup,
            None if self.folder(location).is_some() => Lookup::Missing(self.nearest(&plain_name(location))),
            None => Lookup::Unknown,
        }
    }

    /// What is known about a location, in short, and the MIME type of the content. O(1).
    #[must_use]
    pub fn known(&self, location: &str) -> (Known, Option<&str>) {
        let of = |standing| (Known { standing, ..Known::default() }, None);
        match self.entry(location) {
            Some((_, Lookup::Known(facts))) => (facts.known(), facts.content()),
            Some((_, Lookup::Unreadable(_))) => of(Standing::Unreadable),
            None if self.folder(location).is_some() => of(Standing::Missing),
            _ => of(Standing::Unknown),
        }
    }

    /// The longest prefix of a location among those whose files have all been listed; `None` if other files may be in the
    /// same place. Hidden files are not listed.
    #[must_use]
    pub fn folder(&self, location: &str) -> Option<&str> {
        let location = lower_scheme(location);
        let folders = self.complete.iter().filter(|prefix| location.starts_with(*prefix));
        let longest = folders.max_by_key(|prefix| prefix.len())?;
        let is_hidden = |name: &str| name.starts_with('.') && !matches!(name, "." | "..");
        let is_open = self.incomplete.iter().any(|prefix| covers(prefix, &location))
            || location[longest.len()..].split('/').any(is_hidden);
        (!is_open).then_some(longest)
    }

    /// Whether the copy of a file is gone: its folder has been listed completely, and only something else knows the file.
    #[must_use]
    pub fn is_gone(&self, location: &str) -> bool {
        let has_copy = match self.of(location) {
            Lookup::Known(facts) => facts.is_copy,
            Lookup::Unreadable(_) | Lookup::Unopened(_) => true,
            Lookup::Missing(_) | Lookup::Unknown => false,
        };
        !has_copy && self.folder(location).is_some()
    }

    /// The location of the same file under which something is known. Names in other Unicode forms are the same, and so are
    /// web addresses with other escapes or another query.
    #[must_use]
    pub fn location_of(&self, location: &str) -> Option<&str> {
        self.entry(location).map(|(name, _)| name)
    }

    fn entry(&self, location: &str) -> Option<(&str, Lookup<'_>)> {
        self.exactly(location).or_else(|| {
            let plain = plain_name(location);
            self.exactly(&plain).or_else(|| self.exactly(self.other_names.get(&*plain)?))
        })
    }

    fn exactly(&self, location: &str) -> Option<(&str, Lookup<'_>)> {
        if let Some((name, read)) = self.by_location.get_key_value(location) {
            return Some((name, read.as_ref().map_or_else(|reason| Lookup::Unreadable(reason), Lookup::Known)));
        }
        self.unopened.get_key_value(location).map(|(name, reason)| (name.as_str(), Lookup::Unopened(reason)))
    }

    /// Remembers the plain form of the location of a copy: its folder as in the settings, and its name as on the disk.
    pub fn name_copy(&mut self, prefix: &str, name: &str) {
        self.name(plain_name_of_copy(prefix, name), format!("{prefix}{name}"));
    }

    /// Remembers the plain form of a location in a manifest. A query may be a part of the name, unless it is a signature.
    pub fn name_row(&mut self, location: &str) {
        let query = location.split_once('?').map_or("", |(_, query)| query).to_ascii_lowercase();
        let mut keys = query.split('&').map(|pair| pair.split('=').next().unwrap_or_default());
        if query.is_empty() || keys.any(|key| key == "sig" || key.ends_with("signature")) {
            self.name(plain_name(location).into_owned(), location.to_owned());
        }
    }

    fn name(&mut self, plain: String, location: String) {
        if plain != location {
            self.other_names.entry(plain).or_insert(location);
        }
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
    /// Adds what another source knows in addition.
    pub fn complete(&mut self, other: Self) {
        self.duration = self.duration.or(other.duration);
        self.mime_type = self.mime_type.take().or(other.mime_type);
        self.frame_rate = self.frame_rate.or(other.frame_rate);
        self.has_audio = self.has_audio.or(other.has_audio);
        self.pages = self.pages.or(other.pages);
        self.size = self.size.or(other.size);
    }

    /// Whether the length of a recording, the pages of a document or the size of an image is known.
    #[must_use]
    pub fn is_measured(&self) -> bool {
        let is_video = self.content().and_then(mime::kind_of) == Some(MediaKind::Video);
        self.duration.is_some() || self.pages.is_some() || self.size.is_some() && !is_video
    }

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

/// The name of the file at a location: a web address without its query and its escapes, in the usual Unicode form.
#[must_use]
pub fn plain_name(location: &str) -> Cow<'_, str> {
    match lower_scheme(location) {
        Cow::Borrowed(location) => plain_name_of(location),
        Cow::Owned(location) => Cow::Owned(plain_name_of(&location).into_owned()),
    }
}

fn plain_name_of(location: &str) -> Cow<'_, str> {
    if !["http://", "https://"].iter().any(|scheme| location.starts_with(scheme)) {
        return normal(location);
    }
    let path = location.split(['?', '#']).next().unwrap_or(location);
    match Some(path).filter(|path| path.contains('%')).and_then(percent_decoded) {
        Some(decoded) => Cow::Owned(normal(&decoded).into_owned()),
        None => normal(path),
    }
}

/// The plain form of the location of a copy, whose name on the disk has no escapes.
#[must_use]
pub fn plain_name_of_copy(prefix: &str, name: &str) -> String {
    format!("{}{}", plain_name(prefix), normal(name))
}

/// macOS writes letters and their accents as separate characters.
fn normal(name: &str) -> Cow<'_, str> {
    if name.is_ascii() { Cow::Borrowed(name) } else { ComposingNormalizerBorrowed::new_nfc().normalize(name) }
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
            ..MediaFacts::default()
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

    #[test]
    fn a_location_is_found_by_another_form_of_its_name() {
        let mut facts = MediaFacts { complete: vec!["https://h/c/".to_owned()], ..MediaFacts::default() };
        let copies = [
            ("https://h/c/", "a b.mp4"),
            ("https://h/c/", "get?id=5"),
            ("https://h/c/", "x%20y.mp4"),
            ("https://h/my%20clips/", "e\u{301}.mp4"),
            ("gs://b/", "e\u{301}.mp4"),
            ("gs://b/", "a%20b.mp4"),
        ];
        for (prefix, name) in copies {
            facts.by_location.insert(format!("{prefix}{name}"), Ok(Facts::default()));
            facts.name_copy(prefix, name);
        }
        for row in ["https://m/a%20b.mp4?X-Goog-Signature=1", "https://m/get?id=5", "https://m/plain.mp4"] {
            facts.by_location.insert(row.to_owned(), Ok(Facts::default()));
            facts.name_row(row);
        }
        for (location, name) in [
            ("https://h/c/a%20b.mp4", "https://h/c/a b.mp4"),
            ("https://h/c/a%20b.mp4?X-Amz-Signature=1/2", "https://h/c/a b.mp4"),
            ("https://h/c/a b.mp4#t=5", "https://h/c/a b.mp4"),
            ("https://h/c/x%20y.mp4", "https://h/c/x%20y.mp4"),
            ("https://h/my%20clips/%C3%A9.mp4", "https://h/my%20clips/e\u{301}.mp4"),
            ("https://h/my clips/\u{e9}.mp4", "https://h/my%20clips/e\u{301}.mp4"),
            ("gs://b/\u{e9}.mp4", "gs://b/e\u{301}.mp4"),
            ("gs://b/a%20b.mp4", "gs://b/a%20b.mp4"),
            ("GS://b/a%20b.mp4", "gs://b/a%20b.mp4"),
            ("HTTPS://h/c/a%20b.mp4", "https://h/c/a b.mp4"),
            ("https://m/a%20b.mp4?X-Goog-Signature=2", "https://m/a%20b.mp4?X-Goog-Signature=1"),
            ("https://m/plain.mp4?token=1", "https://m/plain.mp4"),
        ] {
            assert_eq!(facts.location_of(location), Some(name), "{location}");
        }
        // The query tells which file it is, and in other places an escape is a part of the name.
        for location in ["https://h/c/get?id=6", "https://m/get?id=6", "gs://b/a b.mp4", "https://h/c/%zz"] {
            assert_eq!(facts.location_of(location), None, "{location}");
        }
        assert_eq!(facts.of("https://h/c/a%20bb.mp4?x=1/2"), Lookup::Missing(Some("https://h/c/a b.mp4")));
    }

    #[test]
    fn nothing_is_missing_where_not_all_files_are_listed() {
        let complete = vec!["gs://b/".to_owned()];
        let incomplete = vec!["gs://b/day-1/".to_owned(), String::new()];
        let facts = MediaFacts { complete, incomplete, ..MediaFacts::default() };
        assert_eq!(facts.of("gs://b/day-2/a.mp4"), Lookup::Missing(None));
        assert_eq!(facts.of("gs://b/day-1/a.mp4"), Lookup::Unknown);
        assert_eq!(facts.known("gs://b/day-1/a.mp4").0.standing, Standing::Unknown);
        assert_eq!(facts.of("Gs://b/day-2/a.mp4"), Lookup::Missing(None));
        assert_eq!(facts.of("Gs://b/day-1/a.mp4"), Lookup::Unknown);
        // Hidden files are not listed.
        for hidden in ["gs://b/.a.mp4", "gs://b/.day/a.mp4"] {
            assert_eq!(facts.of(hidden), Lookup::Unknown);
        }
        assert_eq!(facts.of("gs://b/./a.mp4"), Lookup::Missing(None));
    }
}
