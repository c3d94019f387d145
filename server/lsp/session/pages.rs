//! Writes the pages of rules to the user's cache, so that a diagnostic's code opens its page offline.

use crate::disk::write::Draft;
use crate::rules::pages;
use lsp_types::Uri;
use std::collections::HashMap;
use std::io::Write;

#[derive(Debug, Default)]
pub struct Pages {
    written: HashMap<&'static str, Option<Uri>>,
}

impl Pages {
    /// The `file:` URI of a rule's page, which the first call writes; `None` if it can't be written.
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
    // Another server of the same user must never read half a page.
    let written = std::fs::create_dir_all(&folder).and_then(|()| {
        let mut draft = Draft::of(&path)?;
        draft.write_all(page.as_bytes())?;
        draft.replace()
    });
    if let Err(error) = written {
        tracing::warn!("cannot write the page of {code} to {}: {error}", path.display());
        return None;
    }
    Uri::from_file_path(path).ok()
}
