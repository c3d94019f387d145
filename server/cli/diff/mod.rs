//! A unified diff of known changes, so that no search for differences is needed.
//!
//! Lines are those of `patch`: they end with LF only.
//!
//! This folder must not know why a text changes, nor where the diff goes.

mod painter;
mod words;

pub use painter::Look;

use crate::cli::output::printable::is_harmful;
use crate::disk::FileText;
use crate::disk::edited::Replacement;
use painter::Painter;
use std::io::{self, Write};
use std::ops::Range;

/// Unchanged lines around a change.
const CONTEXT: usize = 3;

/// The number of bytes to read at once.
const BLOCK: usize = 1 << 20;

/// Lines that are replaced by others.
struct Region {
    old: Range<usize>,
    /// The new lines. All but the last end with LF.
    new: Vec<u8>,
}

/// Writes a diff of the replacements, and returns whether they change anything. Unless it is for a screen, it is for
/// `patch -p0` and `git apply -p0`. Without a change, it writes nothing. If the text can't be read, [`FileText::problem`] has the error. O(text).
pub fn write(
    name: &str,
    source: &FileText,
    replacements: &[Replacement],
    look: Look,
    out: &mut dyn Write,
) -> io::Result<bool> {
    let file = Lines::new(source);
    let regions = regions(&file, replacements);
    if regions.is_empty() {
        return Ok(false);
    }
    let name = quoted(name);
    let mut painter = Painter { look, out };
    painter.header(&name)?;
    // The number of lines that the new text has gained.
    let mut moved: isize = 0;
    let mut rest = regions.as_slice();
    while !rest.is_empty() {
        let together = rest.windows(2).take_while(|pair| pair[1].old.start - pair[0].old.end <= 2 * CONTEXT).count();
        let hunk;
        (hunk, rest) = rest.split_at(together + 1);
        moved += file.write_hunk(hunk, moved, &mut painter)?;
    }
    Ok(true)
}

/// The name as it appears in the header of a diff.
fn quoted(name: &str) -> String {
    let name = name.strip_prefix("./").unwrap_or(name);
    // `##[` is a command for a CI service.
    if name.contains("##") || name.contains(|letter| is_harmful(letter) || matches!(letter, '"' | '\\')) {
        let mut quoted = String::from("\"");
        for byte in name.bytes() {
            match byte {
                b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
                b' '..=b'~' if byte != b'#' => quoted.push(char::from(byte)),
                _ => quoted.push_str(&format!("\\{byte:03o}")),
            }
        }
        return quoted + "\"";
    }
    // A tab ends the name, so that it can contain spaces.
    if name.contains(' ') { format!("{name}\t") } else { name.to_owned() }
}

/// The lines of the old text.
struct Lines<'a> {
    source: &'a FileText,
    /// Where each line starts, and where the last one ends.
    starts: Vec<usize>,
    /// Whether the last line has no LF.
    open: bool,
}

impl<'a> Lines<'a> {
    fn new(source: &'a FileText) -> Self {
        let mut starts = vec![0];
        let mut buffer = Vec::new();
        let len = source.len();
        for block in (0..len).step_by(BLOCK) {
            let bytes = source.bytes(block..(block + BLOCK).min(len), &mut buffer);
            starts.extend(memchr::memchr_iter(b'\n', bytes).map(|at| block + at + 1));
        }
        let open = starts.last() != Some(&len);
        if open {
            starts.push(len);
        }
        Self { source, starts, open }
    }

    fn count(&self) -> usize {
        self.starts.len() - 1
    }

    /// The line that contains a byte, or that it would be appended to. After a final LF, the number of lines.
    fn line_of(&self, byte: usize) -> usize {
        let line = self.starts.partition_point(|&start| start <= byte) - 1;
        if self.open && line == self.count() { line - 1 } else { line }
    }

    fn bytes<'b>(&'b self, lines: Range<usize>, buffer: &'b mut Vec<u8>) -> &'b [u8] {
        self.source.bytes(self.starts[lines.start]..self.starts[lines.end], buffer)
    }

    /// Writes the regions as one hunk, and returns the number of lines that it adds.
    fn write_hunk(&self, regions: &[Region], moved: isize, painter: &mut Painter<'_>) -> io::Result<isize> {
        let (Some(first), Some(last)) = (regions.first(), regions.last()) else { return Ok(0) };
        let start = first.old.start.saturating_sub(CONTEXT);
        let end = (last.old.end + CONTEXT).min(self.count());
        let change: isize =
            regions.iter().map(|region| lines_in(&region.new) as isize - region.old.len() as isize).sum();
        let (old, new) = (end - start, (end - start).saturating_add_signed(change));
        let range = |start: usize, count: usize| match count {
            // An empty range names the line before it.
            0 => format!("{start},0"),
            1 => format!("{}", start + 1),
            _ => format!("{},{count}", start + 1),
        };
        let new_start = start.saturating_add_signed(moved);
        painter.hunk(&format!("@@ -{} +{} @@", range(start, old), range(new_start, new)))?;
        let mut buffer = Vec::new();
        let mut at = start;
        for region in regions {
            painter.context(self.bytes(at..region.old.start, &mut buffer))?;
            painter.change(self.bytes(region.old.clone(), &mut buffer), &region.new)?;
            at = region.old.end;
        }
        painter.context(self.bytes(at..end, &mut buffer))?;
        Ok(change)
    }
}

fn lines_in(text: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', text).count() + usize::from(text.last().is_some_and(|last| *last != b'\n'))
}

/// The lines that change.
fn regions(file: &Lines<'_>, replacements: &[Replacement]) -> Vec<Region> {
    let mut regions = Vec::new();
    let mut rest = replacements;
    while let Some(first) = rest.first() {
        // Take all replacements on the same lines, or on the lines where these end.
        let start = file.line_of(first.range.start);
        let mut end = start;
        let mut count = 0;
        for replacement in rest {
            if count > 0 && file.line_of(replacement.range.start) >= end {
                break;
            }
            count += 1;
            end = end.max((file.line_of(replacement.range.end) + 1).min(file.count()));
        }
        let together;
        (together, rest) = rest.split_at(count.max(1));
        regions.extend(trimmed(file, start.min(file.count())..end, together));
    }
    regions
}

/// Applies the replacements to these lines, and drops equal lines at both ends.
fn trimmed(file: &Lines<'_>, mut old: Range<usize>, replacements: &[Replacement]) -> Option<Region> {
    let mut buffer = Vec::new();
    let from = file.starts[old.start];
    let text = file.bytes(old.clone(), &mut buffer);
    let mut new = Vec::with_capacity(text.len());
    let mut at = 0;
    for Replacement { range, text: instead } in replacements {
        new.extend_from_slice(text.get(at..range.start - from).unwrap_or_default());
        new.extend_from_slice(instead.as_bytes());
        at = range.end - from;
    }
    new.extend_from_slice(text.get(at..).unwrap_or_default());
    let lines = |text| -> Vec<&[u8]> { <[u8]>::split_inclusive(text, |byte| *byte == b'\n').collect() };
    let (before, after) = (lines(text), lines(&new));
    let start = before.iter().zip(&after).take_while(|(line, other)| line == other).count();
    let (before, after) = (&before[start..], &after[start..]);
    let end = before.iter().rev().zip(after.iter().rev()).take_while(|(line, other)| line == other).count();
    (old.start, old.end) = (old.start + start, old.end - end);
    let new = after[..after.len() - end].concat();
    (!old.is_empty() || !new.is_empty()).then_some(Region { old, new })
}
