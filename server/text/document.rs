//! A document: a rope and a version, and the effect of edits on its lines.

use crate::text::position::{self, Encoding, Position};
use ropey::{Rope, RopeSlice};
use std::ops::Range;
use std::panic::resume_unwind;
use std::thread;

/// The minimum and maximum number of bytes that a thread builds at once: a thread for fewer is not worthwhile.
const PIECE: Range<usize> = 256 << 10..4 << 20;

/// One edit from a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The range to replace; `None` for the whole text.
    pub range: Option<Range<Position>>,
    /// The new text.
    pub text: String,
}

/// The effect of an edit on the lines of a document: `new` lines replaced `old` lines from `start` on. All other lines
/// keep their text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Splice {
    /// The first line that changed, 0-based.
    pub start: usize,
    /// The number of lines before the edit.
    pub old: usize,
    /// The number of lines after the edit.
    pub new: usize,
}

/// The text of one open document and its version.
///
/// Lines are those of the protocol: only LF, CRLF and CR end a line, and an empty line follows a final line end.
/// Cloning is O(1) and shares the text.
#[derive(Clone, Debug)]
pub struct Document {
    rope: Rope,
    version: i32,
}

impl Document {
    /// A document with this text. O(n).
    #[must_use]
    pub fn new(text: &str, version: i32) -> Self {
        reserve(text.len());
        Self { rope: Rope::from_str(text), version }
    }

    /// A document with this text, built by this many threads. The text is freed piece by piece from its end as the
    /// document grows, so memory never holds two copies. O(n).
    #[must_use]
    pub fn of(text: String, version: i32, threads: usize) -> Self {
        Self::of_pieces(text, version, threads, PIECE)
    }

    fn of_pieces(mut text: String, version: i32, threads: usize, piece: Range<usize>) -> Self {
        let (mut rope, threads) = (Rope::new(), threads.max(1));
        while !text.is_empty() {
            let length = text.len().div_ceil(threads).clamp(piece.start, piece.end);
            // From the last piece to the first.
            let mut ends = vec![text.len()];
            while let Some(&end) = ends.last().filter(|end| **end > 0 && ends.len() <= threads) {
                ends.push(piece_start(&text, end.saturating_sub(length)));
            }
            let mut pieces = ends.windows(2).map(|ends| &text[ends[1]..ends[0]]);
            let build = |piece: &str| Self::new(piece, version).rope;
            thread::scope(|scope| {
                let last = pieces.next().unwrap_or_default();
                let others: Vec<_> = pieces.map(|piece| scope.spawn(move || build(piece))).collect();
                put_before(&mut rope, build(last));
                for other in others {
                    put_before(&mut rope, other.join().unwrap_or_else(|panic| resume_unwind(panic)));
                }
            });
            text.truncate(ends.last().copied().unwrap_or_default());
            text.shrink_to_fit();
        }
        Self { rope, version }
    }

    /// The client's version.
    #[must_use]
    pub fn version(&self) -> i32 {
        self.version
    }

    /// Sets the client's version.
    pub fn set_version(&mut self, version: i32) {
        self.version = version;
    }

    /// The text.
    #[must_use]
    pub fn rope(&self) -> &Rope {
        &self.rope
    }

    /// The number of lines; at least one.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.rope.len_lines()
    }

    /// Line `line` with its line end; empty beyond the last line.
    #[must_use]
    pub fn line_with_end(&self, line: usize) -> RopeSlice<'_> {
        self.rope.get_line(line).unwrap_or_else(|| self.rope.slice(0..0))
    }

    /// Line `line` without its line end; empty beyond the last line.
    #[must_use]
    pub fn line(&self, line: usize) -> RopeSlice<'_> {
        let whole = self.line_with_end(line);
        whole.slice(..whole.len_chars() - line_end_len(whole))
    }

    /// The text of some lines with their line ends.
    #[must_use]
    pub fn lines_text(&self, lines: Range<usize>) -> String {
        let start = self.rope.line_to_char(lines.start.min(self.line_count()));
        let end = self.rope.line_to_char(lines.end.min(self.line_count()));
        self.rope.slice(start..end.max(start)).to_string()
    }

    /// Visits lines in order, each with its line end, until `visit` returns false. Much faster than getting each line,
    /// because it walks the rope once. O(text read).
    pub fn read_lines(&self, lines: Range<usize>, mut visit: impl FnMut(usize, &str) -> bool) {
        let mut line = lines.start;
        if line >= lines.end.min(self.line_count()) {
            return;
        }
        let start = self.rope.line_to_byte(line);
        let (chunks, chunk_start, ..) = self.rope.chunks_at_byte(start);
        let mut skip = start - chunk_start;
        // The start of a line that continues in the next chunk. A single line may be very long.
        let length = if lines.len() == 1 { self.line_with_end(line).len_bytes() } else { 0 };
        let mut begun = String::with_capacity(length);
        let mut emit = |text: &str| {
            line += 1;
            visit(line - 1, text) && line != lines.end
        };
        for chunk in chunks {
            let mut rest = &chunk[std::mem::take(&mut skip)..];
            // A CR at the end of the last chunk ends its line, together with an LF at the start of this one.
            if begun.ends_with('\r') && !rest.is_empty() {
                if let Some(after) = rest.strip_prefix('\n') {
                    begun.push('\n');
                    rest = after;
                }
                if !emit(&begun) {
                    return;
                }
                begun.clear();
            }
            while let Some(at) = memchr::memchr2(b'\n', b'\r', rest.as_bytes()) {
                let end = match &rest.as_bytes()[at..] {
                    [b'\r', b'\n', ..] => at + 2,
                    // The next chunk may begin with an LF.
                    [b'\r'] => break,
                    _ => at + 1,
                };
                let (text, after) = rest.split_at(end);
                let go_on = if begun.is_empty() {
                    emit(text)
                } else {
                    begun.push_str(text);
                    let go_on = emit(&begun);
                    begun.clear();
                    go_on
                };
                if !go_on {
                    return;
                }
                rest = after;
            }
            begun.push_str(rest);
        }
        if begun.ends_with('\r') {
            if !emit(&begun) {
                return;
            }
            begun.clear();
        }
        emit(&begun);
    }

    /// The character offset of `position` in the document. A line after the last gives the end of the document, a
    /// column after a line's end gives the end of that line.
    fn char_of(&self, position: Position, encoding: Encoding) -> usize {
        let (line, byte) = self.byte_in_line(position, encoding);
        self.rope.line_to_char(line) + self.line(line).byte_to_char(byte)
    }

    /// The line of `position` and the byte in that line, both clamped to the document.
    #[must_use]
    pub fn byte_in_line(&self, position: Position, encoding: Encoding) -> (usize, usize) {
        let line = (position.line as usize).min(self.line_count() - 1);
        let column = if line == position.line as usize { position.character } else { u32::MAX };
        (line, position::byte_of_column(self.line(line), column, encoding))
    }

    /// Applies one edit and returns its effect on the lines. A range whose end is before its start is swapped. O(log n)
    /// plus the length of the edit.
    pub fn apply(&mut self, change: &Change, encoding: Encoding) -> Splice {
        let Some(range) = &change.range else {
            let old = self.line_count();
            reserve(change.text.len());
            self.rope = Rope::from_str(&change.text);
            return Splice { start: 0, old, new: self.line_count() };
        };
        let (a, b) = (self.char_of(range.start, encoding), self.char_of(range.end, encoding));
        let (from, to) = (a.min(b), a.max(b));
        // A CR just before the edit may gain or lose an LF, which changes the end of its line.
        let after_cr = from > 0 && self.rope.char(from - 1) == '\r';
        let start = self.rope.char_to_line(from - usize::from(after_cr));
        let end = self.rope.char_to_line(to);
        let before = self.line_count();
        self.rope.remove(from..to);
        reserve(change.text.len());
        self.rope.insert(from, &change.text);
        let old = end + 1 - start;
        Splice { start, old, new: old + self.line_count() - before }
    }
}

fn put_before(rope: &mut Rope, mut before: Rope) {
    before.append(std::mem::take(rope));
    *rope = before;
}

/// The start of a piece near `about`: between characters, and not inside a line end.
fn piece_start(text: &str, about: usize) -> usize {
    let start = text.floor_char_boundary(about);
    if text[..start].ends_with('\r') && text[start..].starts_with('\n') { start - 1 } else { start }
}

/// The number of characters in the line end of `line`: 0, 1 or 2.
fn line_end_len(line: RopeSlice<'_>) -> usize {
    let chars = line.len_chars();
    match chars.checked_sub(1).map(|last| line.char(last)) {
        Some('\n') if chars > 1 && line.char(chars - 2) == '\r' => 2,
        Some('\n' | '\r') => 1,
        _ => 0,
    }
}

/// Makes the allocator request this many bytes from the system in a few large steps. Except in the main thread, glibc's
/// allocator requests one page at a time, which is once for every four nodes of a rope.
fn reserve(bytes: usize) {
    /// Blocks of 128 KiB or more have their own memory mapping.
    const BLOCK: usize = 120 << 10;
    if cfg!(target_env = "gnu") {
        let blocks: Vec<Vec<u8>> = (0..bytes / BLOCK).map(|_| Vec::with_capacity(BLOCK)).collect();
        drop(std::hint::black_box(blocks));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(from: (u32, u32), to: (u32, u32), text: &str) -> Change {
        let at = |(line, character)| Position { line, character };
        Change { range: Some(at(from)..at(to)), text: text.to_owned() }
    }

    #[test]
    fn a_document_built_in_pieces_is_the_same() {
        let line_ends = "a\r\n\r\n\n\r\r\né\r\n😀\r";
        for text in ["", "\n", "\r\n", "😀", line_ends, &line_ends.repeat(500)] {
            let whole = Document::new(text, 3);
            for threads in 0..4 {
                for piece in [1..1, 1..7, 5..5, 300..1000, 5000..5000] {
                    let document = Document::of_pieces(text.to_owned(), 3, threads, piece.clone());
                    assert_eq!((document.rope(), document.version()), (whole.rope(), 3), "{threads} {piece:?}");
                    let lines = |document: &Document| {
                        let mut lines = Vec::new();
                        document.read_lines(0..document.line_count(), |line, text| {
                            lines.push((line, text.to_owned(), document.line_with_end(line).to_string()));
                            true
                        });
                        lines
                    };
                    assert_eq!(lines(&document), lines(&whole), "{threads} {piece:?}");
                }
            }
        }
    }

    #[test]
    fn only_the_line_ends_of_the_protocol_end_a_line() {
        let document = Document::new("a\u{2028}b\u{85}c\u{b}d\r\ne\rf\n", 1);
        assert_eq!(document.line_count(), 4);
        assert_eq!(document.line(0).to_string(), "a\u{2028}b\u{85}c\u{b}d");
        assert_eq!(document.line(1).to_string(), "e");
        assert_eq!(document.line(2).to_string(), "f");
        assert_eq!(document.line(3).to_string(), "");
        assert_eq!(document.line(9).to_string(), "");
    }

    #[test]
    fn visiting_lines_is_the_same_as_getting_each() {
        // Long enough for many chunks, with line ends at their borders.
        for text in ["a\r\n".repeat(3_000), "\r".repeat(3_000), "é\r\n\n\r".repeat(2_000), "x".repeat(5_000)] {
            for text in [text.clone(), format!("{text}end")] {
                let document = Document::new(&text, 0);
                let count = document.line_count();
                for lines in [0..count, 1..count, count / 2..count / 2 + 7, count..count + 1, 3..3] {
                    let mut read = Vec::new();
                    document.read_lines(lines.clone(), |line, text| {
                        read.push((line, text.to_owned()));
                        true
                    });
                    let asked =
                        lines.filter(|&line| line < count).map(|line| (line, document.line_with_end(line).to_string()));
                    assert!(read.into_iter().eq(asked));
                }
            }
        }
    }

    #[test]
    fn positions_after_the_end_are_clamped() {
        let mut document = Document::new("ab\ncd", 1);
        document.apply(&change((0, 99), (0, 99), "!"), Encoding::Utf16);
        document.apply(&change((7, 3), (9, 0), "?"), Encoding::Utf16);
        assert_eq!(document.rope().to_string(), "ab!\ncd?");
    }

    #[test]
    fn a_splice_has_the_lines_that_changed() {
        let mut document = Document::new("a\nb\nc\n", 1);
        let splice = document.apply(&change((1, 1), (1, 1), "x\ny"), Encoding::Utf16);
        assert_eq!(splice, Splice { start: 1, old: 1, new: 2 });
        let splice = document.apply(&Change { range: None, text: String::new() }, Encoding::Utf8);
        assert_eq!(splice, Splice { start: 0, old: 5, new: 1 });
    }

    #[test]
    fn joining_a_cr_with_an_lf_changes_both_lines() {
        let mut document = Document::new("a\rb\nc", 1);
        // Remove the b: CR and LF become one line end.
        let splice = document.apply(&change((1, 0), (1, 1), ""), Encoding::Utf16);
        assert_eq!(document.line_count(), 2);
        assert_eq!((splice.start, splice.old as i64 - splice.new as i64), (0, 1));
    }
}
