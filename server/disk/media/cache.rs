//! Facts that were read before, in the user's cache folder: one file for each mirror.
//!
//! It is always safe to delete them. A line that can't be read is ignored.

use crate::disk::write::Draft;
use crate::schema::scalar::Duration;
use crate::settings::media::Facts;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs::Metadata;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use xxhash_rust::xxh3::xxh3_128;

/// The first line. Another version may read files differently.
const HEADER: &str = concat!("tuning-ls ", env!("CARGO_PKG_VERSION"), " media 2");

/// The size and the time of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    bytes: u64,
    /// Nanoseconds since 1970.
    modified: u64,
}

impl Stamp {
    /// `None` if the time is unknown, so that changes would not be noticed.
    pub fn of(metadata: &Metadata) -> Option<Self> {
        let since = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(Self { bytes: metadata.len(), modified: since.as_nanos().try_into().ok()? })
    }
}

/// What was read from a file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub stamp: Stamp,
    /// The facts, without their origin.
    pub read: Result<Facts, String>,
    /// Whether `ffprobe` was asked.
    pub probed: bool,
}

/// The entries of a mirror, by name.
pub(super) type Entries = HashMap<String, Entry>;

#[derive(Serialize, Deserialize)]
struct Line {
    name: String,
    #[serde(flatten)]
    stamp: Stamp,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    probed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unreadable: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    micros: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mime: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rate: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    audio: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pages: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    size: Option<(u32, u32)>,
}

impl Line {
    fn new(name: &str, entry: &Entry) -> Self {
        let facts = entry.read.clone().unwrap_or_default();
        Self {
            name: name.to_owned(),
            stamp: entry.stamp,
            probed: entry.probed,
            unreadable: entry.read.clone().err(),
            micros: facts.duration.and_then(Duration::micros),
            mime: facts.mime_type,
            rate: facts.frame_rate,
            audio: facts.has_audio,
            pages: facts.pages,
            size: facts.size,
        }
    }

    fn entry(self) -> (String, Entry) {
        let duration = self.micros.and_then(|micros| Duration::from_nanos(i128::from(micros) * 1_000));
        let facts = Facts {
            bytes: Some(self.stamp.bytes),
            duration,
            mime_type: self.mime,
            frame_rate: self.rate,
            has_audio: self.audio,
            pages: self.pages,
            size: self.size,
            origin: String::new(),
            is_copy: false,
        };
        let read = self.unreadable.map_or(Ok(facts), Err);
        (self.name, Entry { stamp: self.stamp, read, probed: self.probed })
    }
}

/// The folder of this program in the user's cache.
pub(super) fn folder() -> Option<PathBuf> {
    let cache = dirs::cache_dir().filter(|folder| folder.is_absolute())?;
    Some(cache.join("tuning-ls").join("media"))
}

/// The file for a mirror.
fn file(folder: &Path, root: &Path) -> PathBuf {
    folder.join(format!("{:032x}.jsonl", xxh3_128(root.as_os_str().as_encoded_bytes())))
}

/// The entries of the mirror at `root`; none if there is no cache.
pub(super) fn read(folder: &Path, root: &Path) -> Entries {
    let bytes = std::fs::read(file(folder, root)).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    match text.split_once('\n') {
        Some((HEADER, lines)) => {
            let lines = lines.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
            lines.map(Line::entry).collect()
        }
        _ => Entries::new(),
    }
}

/// Replaces the entries of the mirror at `root`.
pub(super) fn write(folder: &Path, root: &Path, entries: &Entries) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut out = Draft::of(&file(folder, root))?;
    writeln!(out, "{HEADER}")?;
    for (name, entry) in entries {
        writeln!(out, "{}", serde_json::to_string(&Line::new(name, entry))?)?;
    }
    out.replace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_back_and_damaged_lines_ignored() {
        let folder = tempfile::tempdir().unwrap();
        let root = Path::new("/clips");
        let stamp = Stamp { bytes: 5, modified: 1_700_000_000_123_456_789 };
        let facts = Facts {
            bytes: Some(5),
            duration: Duration::from_nanos(400_200_000_000),
            mime_type: Some("video/mp4".to_owned()),
            frame_rate: Some(29.97),
            has_audio: Some(false),
            pages: Some(3),
            size: Some((1, 2)),
            origin: String::new(),
            is_copy: false,
        };
        let entries: Entries = [
            ("a.mp4".to_owned(), Entry { stamp, read: Ok(facts), probed: false }),
            ("b\n\".mp4".to_owned(), Entry { stamp, read: Err("it is empty".to_owned()), probed: true }),
        ]
        .into();
        write(folder.path(), root, &entries).unwrap();
        assert_eq!(read(folder.path(), root), entries);
        assert_eq!(read(folder.path(), Path::new("/other")), Entries::new());
        let file = file(folder.path(), root);
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, format!("{text}{{\"name\"\n\u{0}\n")).unwrap();
        assert_eq!(read(folder.path(), root), entries);
        std::fs::write(&file, text.replacen(HEADER, "tuning-ls 0.0.0", 1)).unwrap();
        assert_eq!(read(folder.path(), root), Entries::new());
        std::fs::write(&file, [0xFF; 100]).unwrap();
        assert_eq!(read(folder.path(), root), Entries::new());
    }
}
