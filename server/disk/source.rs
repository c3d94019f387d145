//! The bytes of a file as lines of text.

use crate::analysis::Source;
use crate::analysis::lines::source::{strip_line_end, too_long};
use crate::disk::bytes::{self, Bytes, Reading, Stamp};
use crate::disk::starts::Starts;
use crate::json::Span;
use crate::rules::input::Unreadable;
use crate::rules::{Input, LineEnd};
use std::fs::File;
use std::io::{self, Seek, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::OnceLock;
use tempfile::SpooledData;

/// The text of a file and where its lines begin. A byte that is not UTF-8 is read as one U+FFFD.
///
/// A large file is not kept in memory: its lines are read when they are needed. A line that cannot be read then is
/// empty, and [`FileText::problem`] returns the error.
#[derive(Debug)]
pub struct FileText {
    bytes: Bytes,
    /// Where each line begins, found when it is first needed. The last line may be empty.
    starts: OnceLock<Starts>,
    utf16: bool,
    reading: Reading,
    stamp: Option<Stamp>,
    problem: OnceLock<io::Error>,
    /// The first line of a record that is not part of the results.
    left_out: OnceLock<usize>,
}

impl FileText {
    /// The text of these bytes. O(n).
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self::of(Bytes::Memory(bytes), Reading::TO_READ, None)
    }

    /// The text of a regular file. A large file is read when its lines are needed, and a later error is returned by
    /// [`problem`](Self::problem).
    ///
    /// # Errors
    /// The file cannot be opened; or it is small or to be [compared](Reading::compare), and cannot be read.
    pub fn open(path: &Path, reading: &Reading) -> io::Result<Self> {
        let file = File::open(path)?;
        let stamp = Stamp::of(&file.metadata()?);
        Ok(Self::of(Bytes::of_file(file, reading)?, *reading, Some(stamp)))
    }

    /// The text that `fill` writes. A large text is kept in a temporary file.
    ///
    /// # Errors
    /// `fill` fails, or the temporary file cannot be written or read.
    pub fn written(reading: &Reading, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Self> {
        let mut spool = tempfile::SpooledTempFile::new(reading.max_in_memory);
        fill(&mut spool)?;
        match spool.into_inner() {
            SpooledData::InMemory(bytes) => Ok(Self::new(bytes.into_inner())),
            SpooledData::OnDisk(mut file) => {
                file.rewind()?;
                Ok(Self::of(Bytes::of_file(file, reading)?, *reading, None))
            }
        }
    }

    fn of(bytes: Bytes, reading: Reading, stamp: Option<Stamp>) -> Self {
        let (starts, problem) = (OnceLock::new(), OnceLock::new());
        let left_out = OnceLock::new();
        let mut text = Self { bytes, starts, utf16: false, reading, stamp, problem, left_out };
        let mut buffer = Vec::new();
        if is_utf16(text.bytes(0..text.len().min(4), &mut buffer)) {
            text.utf16 = true;
            text.starts = OnceLock::from(std::iter::once(0).collect::<Starts>());
        }
        text
    }

    fn starts(&self) -> &Starts {
        self.starts.get_or_init(|| {
            self.bytes.line_starts(&self.reading).unwrap_or_else(|error| {
                let _ = self.problem.set(error);
                std::iter::once(0).collect()
            })
        })
    }

    /// The number of pieces for [`read_piece`](Self::read_piece); 0 if the line starts are known or cheap to find.
    pub(super) fn pieces(&self) -> usize {
        match &self.bytes {
            Bytes::Disk { len, .. } if self.starts.get().is_none() => len.div_ceil(self.piece()).max(1),
            _ => 0,
        }
    }

    /// The length of a piece: short, because each thread keeps one in memory.
    fn piece(&self) -> usize {
        self.reading.block.clamp(1, 256 << 10)
    }

    /// Reads the lines that begin in a piece into `raw`; none if they cannot be read. After all pieces,
    /// [`set_starts`](Self::set_starts) must be called with the starts of their lines.
    pub(super) fn read_piece<'a>(&self, piece: usize, raw: &'a mut Vec<u8>) -> Piece<'a> {
        let Bytes::Disk { file, len, .. } = &self.bytes else {
            return Piece { raw, at: 0, places: Vec::new(), long: None };
        };
        let start = piece * self.piece();
        let read = bytes::read_lines(file, *len, start..start + self.piece(), self.reading.max_record, raw);
        let (at, mut places) = read.unwrap_or_else(|error| {
            let _ = self.problem.set(error);
            (0, Vec::new())
        });
        let long = match places[..] {
            [.., start, end] if end - start > self.reading.max_record => {
                places.pop();
                Some((start, end - start, self.line_end_at(end)))
            }
            _ => None,
        };
        Piece { raw, at, places, long }
    }

    /// Sets where lines begin, found while all pieces were read.
    pub(super) fn set_starts(&self, mut starts: Starts) {
        starts.shrink();
        let _ = self.starts.set(starts);
    }

    /// Whether both were read from files with the same length and time.
    #[must_use]
    pub fn is_same(&self, other: &FileText) -> bool {
        self.stamp.is_some() && self.stamp == other.stamp
    }

    /// The number of bytes.
    #[must_use]
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The first error of a late read. The results of an analysis are wrong if there is one.
    #[must_use]
    pub fn problem(&self) -> Option<&io::Error> {
        self.problem.get()
    }

    /// Notes that a record, which begins at this 0-based line, is not part of the results: a rule panicked.
    pub(super) fn leave_out(&self, line: usize) {
        let _ = self.left_out.set(line);
    }

    /// What to say if a record is not part of the results.
    #[must_use]
    pub fn omission(&self) -> Option<String> {
        let line = self.left_out.get()? + 1;
        Some(format!("line {line} can't be checked because of a bug in tuning-ls. Please report it"))
    }

    /// Whether the file at `path` is still the same. The text must have been read with [`Reading::compare`].
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn is_unchanged(&self, path: &Path) -> io::Result<bool> {
        let file = File::open(path)?;
        let same_stamp = self.stamp.is_some_and(|stamp| file.metadata().is_ok_and(|now| Stamp::of(&now) == stamp));
        Ok(same_stamp && self.bytes.are_equal(file, &self.reading)?)
    }

    /// The bytes of the file in `range`. `buffer` is scratch memory.
    pub fn bytes<'a>(&'a self, range: Range<usize>, buffer: &'a mut Vec<u8>) -> &'a [u8] {
        self.bytes.get(range, buffer).unwrap_or_else(|error| {
            let _ = self.problem.set(error);
            &[]
        })
    }

    /// Writes the bytes of the file in `range`. O(n).
    ///
    /// # Errors
    /// The file cannot be read, or `out` cannot be written.
    pub fn copy(&self, range: Range<usize>, out: &mut dyn Write) -> io::Result<()> {
        let mut buffer = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let end = range.end.min(at.saturating_add(self.reading.block.max(1)));
            out.write_all(self.bytes.get(at..end, &mut buffer)?)?;
            at = end;
        }
        Ok(())
    }

    /// The byte at which a line begins; after the last line, the end of the text.
    #[must_use]
    pub fn start_of(&self, line: usize) -> usize {
        let end = if self.utf16 { 0 } else { self.len() };
        self.starts().get(line).unwrap_or(end)
    }

    /// The offset in the file of a byte of a line's text, 0-based. The text has other lengths where bytes are not UTF-8.
    /// O(line).
    #[must_use]
    pub fn offset(&self, line: usize, byte: usize) -> usize {
        let range = self.start_of(line)..self.start_of(line + 1);
        if byte == 0 {
            return range.start;
        }
        let (mut offset, mut left) = (range.start, byte);
        let mut buffer = Vec::new();
        let bytes = self.bytes(range, &mut buffer);
        // Almost always true, and fast, because a record may have thousands of findings.
        if bytes.get(..byte).is_some_and(|before| simdutf8::basic::from_utf8(before).is_ok()) {
            return offset + byte;
        }
        for chunk in bytes.utf8_chunks() {
            if left <= chunk.valid().len() {
                break;
            }
            left -= chunk.valid().len();
            offset += chunk.valid().len();
            let shown = char::REPLACEMENT_CHARACTER.len_utf8();
            for _ in chunk.invalid() {
                if left < shown {
                    return offset;
                }
                left -= shown;
                offset += 1;
            }
        }
        offset + left
    }

    /// The line end before this byte.
    fn line_end_at(&self, end: usize) -> LineEnd {
        let mut buffer = Vec::new();
        match self.bytes(end.saturating_sub(2)..end, &mut buffer) {
            b"\r\n" => LineEnd::CrLf,
            [.., b'\n'] => LineEnd::Lf,
            [.., b'\r'] => LineEnd::Cr,
            _ => LineEnd::Missing,
        }
    }

    /// The record of one line in this range, if it is too long to be read.
    fn too_long(&self, range: &Range<usize>) -> Option<Input<'static>> {
        let is_long = range.len() > self.reading.max_record;
        is_long.then(|| Input { first: range.start == 0, ..too_long(range.len(), self.line_end_at(range.end)) })
    }

    /// The record of these lines, whose bytes, with the last line end, are `whole`.
    fn input<'a>(&self, whole: &'a [u8], lines: Range<usize>, buffer: &'a mut String) -> Input<'a> {
        match simdutf8::basic::from_utf8(whole) {
            Ok(text) => self.input_of_text(text, lines, None),
            Err(_) => self.input_of_bytes(whole, lines, buffer),
        }
    }

    fn input_of_bytes<'a>(&self, whole: &[u8], lines: Range<usize>, buffer: &'a mut String) -> Input<'a> {
        let invalid = decode(whole, self.start_of(lines.start), buffer);
        self.input_of_text(buffer, lines, invalid)
    }

    fn input_of_text<'a>(&self, whole: &'a str, lines: Range<usize>, invalid: Option<Unreadable>) -> Input<'a> {
        let last = lines.end >= self.starts().len();
        let (text, end) = if last { (whole, LineEnd::Missing) } else { strip_line_end(whole) };
        let invalid = if self.utf16 { Some(Unreadable::Utf16) } else { invalid };
        Input { text, end, lines: lines.len(), first: lines.start == 0, invalid }
    }
}

/// The lines that begin in a piece of a file.
#[derive(Debug)]
pub(super) struct Piece<'a> {
    /// The bytes of the lines, and a few around them.
    raw: &'a [u8],
    /// The offset of `raw` in the file.
    at: usize,
    /// Where each line begins, and where the last one ends that is in `raw`.
    places: Vec<usize>,
    /// A last line that is too long to be read: its start, its length and its end.
    long: Option<(usize, usize, LineEnd)>,
}

impl Piece<'_> {
    /// Where the lines begin in the file.
    pub fn starts(&self) -> &[usize] {
        match self.long {
            Some(_) => &self.places,
            None => self.places.split_last().map_or(&[], |(_, starts)| starts),
        }
    }

    /// Visits the lines in order, each as a record of one line.
    pub fn visit(&self, visit: &mut dyn FnMut(&Input<'_>)) {
        self.visit_read(visit);
        if let Some((start, bytes, end)) = self.long {
            visit(&Input { first: start == 0, ..too_long(bytes, end) });
        }
    }

    fn visit_read(&self, visit: &mut dyn FnMut(&Input<'_>)) {
        let (Some(&first), Some(&last)) = (self.places.first(), self.places.last()) else { return };
        let raw = self.raw.get(first - self.at..last - self.at).unwrap_or_default();
        // Checking all lines at once is faster, and most are UTF-8.
        let text = simdutf8::basic::from_utf8(raw).ok();
        let mut buffer = String::new();
        for (&start, &end) in self.places.iter().zip(&self.places[1..]) {
            let (first, place) = (start == 0, start - first..end - first);
            // Each input is built where it is passed: moving one that was just written takes longer than all the rest.
            if let Some(whole) = text.and_then(|text| text.get(place.clone())) {
                let (text, end) = strip_line_end(whole);
                visit(&Input { text, end, lines: 1, first, invalid: None });
            } else {
                let invalid = decode(raw.get(place).unwrap_or_default(), start, &mut buffer);
                let (text, end) = strip_line_end(&buffer);
                visit(&Input { text, end, lines: 1, first, invalid });
            }
        }
    }
}

/// Decodes bytes at an offset of the file into `buffer`, and returns those that are not UTF-8.
fn decode(bytes: &[u8], mut at: usize, buffer: &mut String) -> Option<Unreadable> {
    buffer.clear();
    let mut first = None;
    let mut count = 0;
    for chunk in bytes.utf8_chunks() {
        buffer.push_str(chunk.valid());
        at += chunk.valid().len();
        for &byte in chunk.invalid() {
            let start = buffer.len();
            buffer.push(char::REPLACEMENT_CHARACTER);
            first.get_or_insert((Span::new(start, buffer.len()), byte, at));
            count += 1;
            at += 1;
        }
    }
    first.map(|(span, byte, offset)| Unreadable::Bytes { span, byte, offset, count })
}

impl Source for FileText {
    fn line_count(&self) -> usize {
        self.starts().len()
    }

    fn line<'a>(&'a self, line: usize, buffer: &'a mut String) -> &'a str {
        self.record(line..line + 1, buffer).text
    }

    fn read(&self, lines: Range<usize>, visit: &mut dyn FnMut(usize, &Input<'_>) -> bool) {
        let (mut raw, mut buffer) = (Vec::new(), String::new());
        let end = lines.end.min(self.line_count());
        let mut line = lines.start;
        while line < end {
            let start = self.start_of(line);
            // As many lines as fit into a block, but at least one.
            if let Some(input) = self.too_long(&(start..self.start_of(line + 1))) {
                if !visit(line, &input) {
                    return;
                }
                line += 1;
                continue;
            }
            let full = start.saturating_add(self.reading.block);
            let mut next = line + 1;
            let is_short = |line| self.start_of(line + 1) - self.start_of(line) <= self.reading.max_record;
            while next < end && self.start_of(next + 1) <= full && is_short(next) {
                next += 1;
            }
            let block = self.bytes(start..self.start_of(next), &mut raw);
            // Checking all lines at once is faster, and most are UTF-8.
            let text = simdutf8::basic::from_utf8(block).ok();
            let mut at = start;
            for line in line..next {
                let before = std::mem::replace(&mut at, self.start_of(line + 1));
                let place = before - start..at - start;
                let input = match text.and_then(|text| text.get(place.clone())) {
                    Some(whole) => self.input_of_text(whole, line..line + 1, None),
                    None => self.input(block.get(place).unwrap_or_default(), line..line + 1, &mut buffer),
                };
                if !visit(line, &input) {
                    return;
                }
            }
            line = next;
        }
    }

    fn record<'a>(&'a self, lines: Range<usize>, buffer: &'a mut String) -> Input<'a> {
        let range = self.start_of(lines.start)..self.start_of(lines.end);
        if let Some(input) = self.too_long(&range).filter(|_| lines.len() == 1) {
            return input;
        }
        if let Bytes::Memory(bytes) = &self.bytes {
            return self.input(bytes.get(range).unwrap_or_default(), lines, buffer);
        }
        let mut raw = std::mem::take(buffer).into_bytes();
        if let Err(error) = self.bytes.get(range, &mut raw) {
            let _ = self.problem.set(error);
            raw.clear();
        }
        match String::from_utf8(raw) {
            Ok(text) => {
                *buffer = text;
                self.input_of_text(buffer, lines, None)
            }
            Err(error) => self.input_of_bytes(error.as_bytes(), lines, buffer),
        }
    }
}

/// Whether the bytes look like UTF-16: a byte order mark, or ASCII characters.
fn is_utf16(bytes: &[u8]) -> bool {
    match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => true,
        [a, b, c, d, ..] => (*a != 0 && *b == 0 && *c != 0 && *d == 0) || (*a == 0 && *b != 0 && *c == 0 && *d != 0),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_in_an_editor() {
        let file = FileText::new(b"a\r\nb\rc\nd".to_vec());
        let mut buffer = String::new();
        let ends: Vec<_> = (0..4).map(|line| file.record(line..line + 1, &mut buffer).end).collect();
        assert_eq!(ends, [LineEnd::CrLf, LineEnd::Cr, LineEnd::Lf, LineEnd::Missing]);
        assert_eq!(file.record(0..3, &mut buffer).text, "a\r\nb\rc");
        assert_eq!(file.line(3, &mut buffer), "d");
    }

    #[test]
    fn a_byte_that_is_not_utf_8_is_one_character() {
        let file = FileText::new(b"ok\n\"\xFF\xFE\" \xC3".to_vec());
        let mut buffer = String::new();
        let input = file.record(1..2, &mut buffer);
        assert_eq!(input.text, "\"\u{FFFD}\u{FFFD}\" \u{FFFD}");
        let expected = Unreadable::Bytes { span: Span::new(1, 4), byte: 0xFF, offset: 4, count: 3 };
        assert_eq!(input.invalid, Some(expected));
        let offsets = [0, 1, 4, 7, 8, 9, 12].map(|byte| file.offset(1, byte));
        assert_eq!(offsets, [3, 4, 5, 6, 7, 8, 9]);
    }
}
