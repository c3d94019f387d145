//! PDF files: counts their pages.

use super::Content;
use super::limited::Limited;
use crate::disk::input::sentence;
use hayro_syntax::{LoadPdfError, Pdf};
use std::io::{Read, Seek, SeekFrom};

/// A file has to be in memory for its pages to be counted; those of a larger one stay unknown.
const MAX_PDF: u64 = 64 << 20;

/// The end of a file, which says where its table of objects is.
const TAIL: u64 = 2 << 10;

/// Reads the content of a file. The error is a clause about "it".
pub(super) fn read<R: Read + Seek>(file: &mut Limited<R>) -> Result<Content, String> {
    let start = file.len().saturating_sub(TAIL);
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(start)).map_err(|error| sentence(&error))?;
    file.read_to_end(&mut tail).map_err(|error| sentence(&error))?;
    let end = memchr::memmem::rfind(&tail, b"%%EOF").ok_or("it is cut off: the end of a PDF (`%%EOF`) is missing")?;
    let pages = if file.len() > MAX_PDF { None } else { pages(file, &tail[..end])? };
    Ok(Content { extension: "pdf", pages, ..Content::default() })
}

/// The number of pages; `None` if the table of objects isn't where the end of the file says. The library would repair
/// the table, and perhaps not find all pages.
fn pages<R: Read + Seek>(file: &mut Limited<R>, tail: &[u8]) -> Result<Option<u32>, String> {
    let mut bytes = Vec::new();
    file.rewind().map_err(|error| sentence(&error))?;
    file.read_to_end(&mut bytes).map_err(|error| sentence(&error))?;
    let is_whole = table(tail).and_then(|place| bytes.get(place..)).is_some_and(is_table);
    let pdf = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(_) => "it is encrypted".to_owned(),
        LoadPdfError::Invalid => "it is not a valid PDF".to_owned(),
    })?;
    Ok(u32::try_from(pdf.pages().len()).ok().filter(|pages| is_whole && *pages > 0))
}

/// The place of the table of objects.
fn table(tail: &[u8]) -> Option<usize> {
    let place = memchr::memmem::rfind(tail, b"startxref")?;
    let digits = tail[place + b"startxref".len()..].trim_ascii_start();
    let digits = digits.split(|byte| !byte.is_ascii_digit()).next()?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// Whether a table of objects begins here, or an object that may be one.
fn is_table(bytes: &[u8]) -> bool {
    let bytes = bytes.trim_ascii_start();
    let mut words = bytes.get(..bytes.len().min(40)).unwrap_or_default().split(u8::is_ascii_whitespace);
    let mut is_number = || words.next().is_some_and(|word| !word.is_empty() && word.iter().all(u8::is_ascii_digit));
    bytes.starts_with(b"xref")
        || (is_number() && is_number() && words.next().is_some_and(|word| word.starts_with(b"obj")))
}
