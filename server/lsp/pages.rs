//! The rules' pages as files in the user's cache, so that a diagnostic's code opens one offline.

use crate::rules::pages;
use lsp_types::Uri;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Where the pages are.
#[derive(Debug, Default)]
pub(super) struct Pages {
    written: HashMap<&'static str, Option<Uri>>,
}

impl Pages {
    /// The `file:` URI of the page of a rule; it is written when first asked for. `None` when there is
    /// no place for it.
    pub fn uri(&mut self, code: &'static str) -> Option<Uri> {
        self.written.entry(code).or_insert_with(|| write(code)).clone()
    }
}

fn write(code: &str) -> Option<Uri> {
    let page = pages::reading(code)?;
    let folder = cache_folder()?.join("tuning-ls").join(env!("CARGO_PKG_VERSION"));
    let path = folder.join(format!("{code}.md"));
    if std::fs::read_to_string(&path).is_ok_and(|written| written == page) {
        return Uri::from_file_path(path).ok();
    }
    match place(&folder, &path, &page) {
        Ok(()) => Uri::from_file_path(path).ok(),
        Err(error) => {
            tracing::warn!("the page of {code} cannot be written to {}: {error}", path.display());
            None
        }
    }
}

/// Writes beside and renames, so that another server of the user never reads half a page.
fn place(folder: &Path, path: &Path, page: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let beside = path.with_extension(format!("{}.new", std::process::id()));
    std::fs::write(&beside, page)?;
    std::fs::rename(&beside, path)
}

fn cache_folder() -> Option<PathBuf> {
    dirs::cache_dir().filter(|folder| folder.is_absolute())
}
