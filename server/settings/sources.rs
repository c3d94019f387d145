//! Where facts about media files come from, as the settings say.

use crate::schema::scalar::lower_scheme;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The name of a manifest that editors watch.
pub const FILE_NAME: &str = "media.csv";

/// Where facts about media files come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MediaSources {
    /// The manifest file, and its place in the settings.
    pub manifest: Option<(PathBuf, Range<usize>)>,
    /// The local copies.
    pub mirrors: Vec<Mirror>,
}

impl MediaSources {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.manifest.is_none() && self.mirrors.is_empty()
    }
}

/// A folder with local copies of media files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mirror {
    /// The start of the locations.
    pub prefix: String,
    /// The folder for the rest of the locations.
    pub folder: PathBuf,
    /// The place of the folder in the settings.
    pub span: Range<usize>,
}

impl Mirror {
    /// Whether the copy of the file at `location` would be in the folder. An empty prefix is for relative paths.
    #[must_use]
    pub fn covers(&self, location: &str) -> bool {
        covers(&self.prefix, location)
    }

    /// The location of the file or folder at a path whose copy is in the folder: the start, with a slash at its end, and
    /// the name. Both paths must be canonical.
    #[must_use]
    pub fn location_of(&self, folder: &Path, path: &Path) -> Option<(String, String)> {
        let parts: Option<Vec<&str>> =
            path.strip_prefix(folder).ok()?.components().map(|part| part.as_os_str().to_str()).collect();
        let name = parts?.join("/");
        let slash = if self.prefix.is_empty() || self.prefix.ends_with('/') { "" } else { "/" };
        (!name.is_empty()).then(|| (format!("{}{slash}", self.prefix), name))
    }
}

pub(super) fn covers(prefix: &str, location: &str) -> bool {
    lower_scheme(location).starts_with(&*lower_scheme(prefix)) && (!prefix.is_empty() || !location.contains("://"))
}
