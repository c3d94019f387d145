//! The rules' pages as files in the user's cache, so that a diagnostic's code opens one offline.

use crate::rules::pages;
use lsp_types::Uri;
use std::collections::HashMap;

/// Where the pages are.
#[derive(Debug, Default)]
pub struct Pages {
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
    let cache = dirs::cache_dir().filter(|folder| folder.is_absolute())?;
    let folder = cache.join("tuning-ls").join(env!("CARGO_PKG_VERSION"));
    let path = folder.join(format!("{code}.md"));
    if std::fs::read_to_string(&path).is_ok_and(|written| written == page) {
        return Uri::from_file_path(path).ok();
    }
    // Another server of the user must never read half a page.
    let new = path.with_extension(format!("{}.new", std::process::id()));
    let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&new, page));
    if let Err(error) = written.and_then(|()| std::fs::rename(&new, &path)) {
        tracing::warn!("the page of {code} cannot be written to {}: {error}", path.display());
        return None;
    }
    Uri::from_file_path(path).ok()
}
