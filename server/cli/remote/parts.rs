//! The parts of a file that were fetched, as a file to read.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

/// The first request. The index of a short clip is usually in it, if the file begins with its index.
pub(super) const HEAD: u64 = 64 << 10;

/// The lengths of the next requests.
const NEXT: [u64; 2] = [256 << 10, 2 << 20];

/// The end of a file is fetched at once if it isn't longer than this. The index of a recording of hours has this length.
const MAX_TAIL: u64 = 8 << 20;

/// The end of a file is looked for from here, because some formats search backward for its last part.
const TAIL: u64 = 64 << 10;

/// A document has to be read completely for its pages to be counted.
const MAX_DOCUMENT: u64 = 16 << 20;

/// The parts of a file that are here.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// The length of the whole file.
    pub len: u64,
    parts: Vec<(u64, Vec<u8>)>,
    /// Where a reader needed a byte that isn't here.
    missing: Cell<Option<u64>>,
}

impl Parts {
    pub fn new(len: u64) -> Self {
        Self { len, ..Self::default() }
    }

    /// Adds a part that begins here.
    pub fn add(&mut self, start: u64, bytes: Vec<u8>) {
        self.parts.push((start, bytes));
    }

    /// The first bytes.
    pub fn head(&self) -> &[u8] {
        self.parts.first().map_or(&[], |(_, bytes)| bytes)
    }

    /// A reader of the whole file. It fails where nothing is here.
    pub fn reader(&self) -> Reader<'_> {
        self.missing.set(None);
        Reader { parts: self, position: 0 }
    }

    /// Where the last reader failed, if it did.
    pub fn missing(&self) -> Option<u64> {
        self.missing.get()
    }

    /// Whether the rest of the file would take too many requests.
    pub fn is_long(&self, missing: u64) -> bool {
        self.len.saturating_sub(missing) > NEXT[0]
    }

    /// What to fetch next if a byte is missing.
    pub fn next(&self, missing: u64) -> Range<u64> {
        let rest = self.len.saturating_sub(missing);
        let is_document = self.head().starts_with(b"%PDF");
        if is_document && self.len <= MAX_DOCUMENT {
            return missing..self.len;
        }
        let is_tail = rest <= MAX_TAIL && missing > self.len / 2;
        if is_tail || rest <= NEXT[0] {
            let here = self.parts.iter().map(|(start, bytes)| start + bytes.len() as u64);
            let before = here.filter(|end| *end <= missing).max().unwrap_or(0);
            return self.len.saturating_sub(TAIL).min(missing).max(before)..self.len;
        }
        let length = NEXT[usize::from(self.parts.len() > 1)];
        missing..missing.saturating_add(length).min(self.len)
    }
}

/// Reads a file of which only parts are here.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    parts: &'a Parts,
    position: u64,
}

impl Read for Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.parts.len || buffer.is_empty() {
            return Ok(0);
        }
        let here = self.parts.parts.iter().find_map(|(start, bytes)| {
            let at = usize::try_from(self.position.checked_sub(*start)?).ok()?;
            bytes.get(at..).filter(|rest| !rest.is_empty())
        });
        let Some(here) = here else {
            let missing = self.parts.missing.get().unwrap_or(self.position);
            self.parts.missing.set(Some(missing));
            return Err(io::Error::other("this part of the file was not asked for"));
        };
        let count = here.len().min(buffer.len());
        buffer[..count].copy_from_slice(&here[..count]);
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Reader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(target) => Some(target),
            SeekFrom::End(offset) => self.parts.len.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_stops_at_the_first_byte_that_is_not_here() {
        let mut parts = Parts::new(20);
        parts.add(0, (0..4).collect());
        parts.add(12, (12..20).collect());
        let mut read = Vec::new();
        let mut reader = parts.reader();
        assert!(reader.read_to_end(&mut read).is_err());
        assert_eq!((read.as_slice(), parts.missing()), ([0, 1, 2, 3].as_slice(), Some(4)));
        let mut reader = parts.reader();
        reader.seek(SeekFrom::End(-2)).unwrap();
        read.clear();
        reader.read_to_end(&mut read).unwrap();
        assert_eq!((read.as_slice(), parts.missing()), ([18, 19].as_slice(), None));
    }

    #[test]
    fn the_end_is_fetched_at_once_and_a_document_completely() {
        let parts = |len: u64, head: &[u8]| {
            let mut parts = Parts::new(len);
            parts.add(0, [head, &vec![1; HEAD as usize - head.len()]].concat());
            parts
        };
        // An index at the end.
        assert_eq!(parts(100 << 20, b"").next(99 << 20), 99 << 20..100 << 20);
        // A search backward from the end.
        assert_eq!(parts(100 << 20, b"").next((100 << 20) - 128), (100 << 20) - TAIL..100 << 20);
        assert_eq!(parts(HEAD + 10, b"").next(HEAD + 2), HEAD..HEAD + 10);
        // A long index at the start.
        let mut long = parts(100 << 20, b"");
        assert_eq!(long.next(HEAD), HEAD..HEAD + NEXT[0]);
        long.add(HEAD, vec![1; NEXT[0] as usize]);
        assert_eq!(long.next(HEAD + NEXT[0]), HEAD + NEXT[0]..HEAD + NEXT[0] + NEXT[1]);
        assert_eq!(parts(9 << 20, b"%PDF").next(HEAD), HEAD..9 << 20);
        assert_eq!(parts(20 << 20, b"%PDF").next(HEAD), HEAD..HEAD + NEXT[0]);
    }
}
