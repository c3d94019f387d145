//! The bytes of a file: a small file is kept in memory, a large one is read when its bytes are needed.

use crate::disk::starts::Starts;
use crate::rules::input::MAX_RECORD;
use rayon::prelude::*;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::ops::Range;
use std::time::SystemTime;
use xxhash_rust::xxh3::xxh3_64;

/// The most bytes of a file. Reading a larger one would take many minutes; it is probably sparse.
const MAX_FILE: usize = 256 << 30;

/// How to read a file.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// A file of at most this many bytes is kept in memory.
    pub max_in_memory: usize,
    /// A larger file is read in blocks of about this many bytes.
    pub block: usize,
    /// A line of more bytes is not read. At least as many as a block.
    pub max_record: usize,
    /// Whether changes of the file must be detected later. This costs a digest of all its bytes.
    pub compare: bool,
}

impl Reading {
    /// For files that are only read: up to 16 MiB in memory, else blocks of 1 MiB.
    pub const TO_READ: Self = Self { max_in_memory: 16 << 20, block: 1 << 20, max_record: MAX_RECORD, compare: false };

    /// For files that may be replaced.
    pub const TO_WRITE: Self = Self { compare: true, ..Self::TO_READ };
}

/// The length and the time of a file, to detect changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    len: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    /// The length of the file in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.len
    }

    /// The stamp of a file with this metadata.
    #[must_use]
    pub fn of(metadata: &Metadata) -> Self {
        Self { len: metadata.len(), modified: metadata.modified().ok() }
    }
}

/// The bytes of a file.
#[derive(Debug)]
pub(super) enum Bytes {
    Memory(Vec<u8>),
    /// A file that stays open.
    Disk {
        file: File,
        /// The length when the file was opened; bytes that are added later are not read.
        len: usize,
        /// A digest of each block, with [`Reading::compare`].
        digests: Vec<u64>,
    },
}

impl Bytes {
    /// The bytes of an open file. O(n) if they are kept in memory or compared later.
    ///
    /// # Errors
    /// The file cannot be read, or becomes shorter while it is read.
    pub fn of_file(mut file: File, reading: &Reading) -> io::Result<Self> {
        let len = usize::try_from(file.metadata()?.len()).map_err(|_| io::ErrorKind::FileTooLarge)?;
        if len > MAX_FILE {
            return Err(io::Error::other(format!("the file has {len} bytes; expected at most {} GiB", MAX_FILE >> 30)));
        }
        if len <= reading.max_in_memory {
            let mut bytes = Vec::with_capacity(len);
            file.read_to_end(&mut bytes)?;
            return Ok(Self::Memory(bytes));
        }
        let mut digests = Vec::new();
        if reading.compare {
            scan_blocks(&file, len, reading.block, digest, |_, digest| digests.push(digest))?;
        }
        Ok(Self::Disk { file, len, digests })
    }

    /// Where the lines begin. O(n).
    ///
    /// # Errors
    /// The file cannot be read, or became shorter.
    pub fn line_starts(&self, reading: &Reading) -> io::Result<Starts> {
        let (file, len) = match self {
            Self::Memory(bytes) => return Ok(std::iter::once(0).chain(starts_in(bytes, bytes.len())).collect()),
            Self::Disk { file, len, .. } => (file, *len),
        };
        let mut starts: Starts = std::iter::once(0).collect();
        let starts_of = |block: &[u8], len| {
            let starts = starts_in(block, len).map(|start| u32::try_from(start).unwrap_or(u32::MAX));
            starts.collect::<Vec<_>>()
        };
        scan_blocks(file, len, reading.block, starts_of, |at, block| {
            block.iter().for_each(|start| starts.push(at + *start as usize));
        })?;
        starts.shrink();
        Ok(starts)
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Memory(bytes) => bytes.len(),
            Self::Disk { len, .. } => *len,
        }
    }

    /// The bytes in `range`. `buffer` is scratch memory.
    ///
    /// # Errors
    /// The file cannot be read, or became shorter.
    pub fn get<'a>(&'a self, range: Range<usize>, buffer: &'a mut Vec<u8>) -> io::Result<&'a [u8]> {
        match self {
            Self::Memory(bytes) => Ok(bytes.get(range).unwrap_or_default()),
            Self::Disk { file, .. } => {
                read_range(file, range, buffer)?;
                Ok(buffer)
            }
        }
    }

    /// Whether the bytes of `other` are the same as these were when they were first read.
    ///
    /// # Errors
    /// `other` cannot be read.
    pub fn are_equal(&self, other: File, reading: &Reading) -> io::Result<bool> {
        if other.metadata()?.len() != self.len() as u64 {
            return Ok(false);
        }
        match self {
            Self::Memory(bytes) => {
                let mut now = Vec::with_capacity(bytes.len());
                other.take(bytes.len() as u64 + 1).read_to_end(&mut now)?;
                Ok(now == *bytes)
            }
            Self::Disk { len, digests, .. } => {
                let mut now = Vec::with_capacity(digests.len());
                scan_blocks(&other, *len, reading.block, digest, |_, digest| now.push(digest))?;
                Ok(now == *digests)
            }
        }
    }
}

/// Scans all blocks of a file, and passes the start and the result of each to `visit`, in order. `scan` gets a block
/// with the byte after it, and the length of the block.
fn scan_blocks<T: Send>(
    file: &File,
    len: usize,
    block: usize,
    scan: impl Fn(&[u8], usize) -> T + Sync,
    mut visit: impl FnMut(usize, T),
) -> io::Result<()> {
    /// All results at once would take as much memory as what is kept of them.
    const BLOCKS_AT_ONCE: usize = 32;
    let block = block.max(1);
    let scan = |buffer: &mut Vec<u8>, place: usize| {
        let start = place * block;
        let end = (start + block).min(len);
        // The next byte decides whether a CR at the end is a line end.
        read_range(file, start..(end + 1).min(len), buffer)?;
        Ok(scan(buffer, end - start))
    };
    let count = len.div_ceil(block);
    for first in (0..count).step_by(BLOCKS_AT_ONCE) {
        let blocks = (first..count.min(first + BLOCKS_AT_ONCE)).into_par_iter();
        let results: io::Result<Vec<T>> = blocks.map_init(Vec::new, scan).collect();
        results?.into_iter().zip(first..).for_each(|(result, place)| visit(place * block, result));
    }
    Ok(())
}

fn digest(block: &[u8], _: usize) -> u64 {
    xxh3_64(block)
}

/// The starts of the lines after each line end in the first `len` bytes. Lines end with LF, CRLF or CR.
fn starts_in(bytes: &[u8], len: usize) -> impl Iterator<Item = usize> {
    let (searched, nothing) = (&bytes[..len], &[][..]);
    // Searching for one byte is faster, and few texts have a CR.
    let has_cr = memchr::memchr(b'\r', searched).is_some();
    let (both, lf) = if has_cr { (searched, nothing) } else { (nothing, searched) };
    let ends = memchr::memchr2_iter(b'\n', b'\r', both).chain(memchr::memchr_iter(b'\n', lf));
    ends.filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n')).map(|at| at + 1)
}

/// Reads the lines that begin in `range` into `buffer`, each up to its end. Returns the offset of `buffer` in the file,
/// and the starts of the lines followed by the end of the last one. There are none if no line begins in `range`. Of a last
/// line of more than `max` bytes, `buffer` has only a part.
///
/// # Errors
/// The file cannot be read, or became shorter.
pub(super) fn read_lines(
    file: &File,
    len: usize,
    range: Range<usize>,
    max: usize,
    buffer: &mut Vec<u8>,
) -> io::Result<(usize, Vec<usize>)> {
    /// Most lines that continue after the range end within this many bytes, or within the length of the range.
    const AFTER: usize = 8 << 10;
    // A line end right before the range begins a line in it. A line end at its end does so only at the file's end.
    let before = range.start.saturating_sub(1);
    let end = if range.end >= len { len } else { range.end - 1 };
    let mut to = range.end.saturating_add(AFTER.min(range.len())).min(len);
    buffer.reserve((to - before + MAX_AHEAD).saturating_sub(buffer.len()));
    let from = before.saturating_sub(bytes_ahead(buffer, before));
    read_range(file, from..to, buffer)?;
    let mut places: Vec<usize> = if range.start == 0 { vec![0] } else { Vec::new() };
    places.extend(starts_in(&buffer[before - from..], end - before).map(|start| before + start));
    let Some(&last) = places.last() else { return Ok((from, places)) };
    let mut searched = last - from;
    loop {
        let ends = starts_in(&buffer[searched..], buffer.len() - searched);
        // A CR at the end of the buffer may be half of a line end.
        let next = ends.map(|next| from + searched + next).next().filter(|next| *next < to || to == len);
        if next.is_some() || to == len {
            places.push(next.unwrap_or(len));
            return Ok((from, places));
        }
        if to - last > max {
            places.push(line_end_after(file, len, to - 1)?);
            return Ok((from, places));
        }
        searched = buffer.len().saturating_sub(1).max(searched);
        let more = to..(to + buffer.len()).min(len);
        read_after(file, more.clone(), buffer)?;
        to = more.end;
    }
}

/// Where the line ends that has no end before `at`.
fn line_end_after(file: &File, len: usize, mut at: usize) -> io::Result<usize> {
    const BLOCK: usize = 1 << 20;
    let mut block = Vec::new();
    while at < len {
        let end = (at + BLOCK).min(len);
        // The next byte decides whether a CR at the end is a line end.
        read_range(file, at..(end + 1).min(len), &mut block)?;
        if let Some(start) = starts_in(&block, end - at).next() {
            return Ok(at + start);
        }
        at = end;
    }
    Ok(len)
}

/// [`bytes_ahead`] returns less than this.
const MAX_AHEAD: usize = 32;

/// The number of bytes before `at` to read into `buffer` too. If the destination of a copy is 1 to 31 bytes after the
/// source, by their offsets in a page, some processors take each load for one of the bytes just stored, and the copy
/// takes five times as long (measured on Zen 3 with the kernel's `rep movsb`).
fn bytes_ahead(buffer: &[u8], at: usize) -> usize {
    const PAGE: usize = 4096;
    match buffer.as_ptr().addr().wrapping_sub(at) % PAGE {
        after @ 1..MAX_AHEAD => MAX_AHEAD - after,
        _ => 0,
    }
}

/// Reads a range of a file into `buffer`, and reuses its memory.
fn read_range(file: &File, range: Range<usize>, buffer: &mut Vec<u8>) -> io::Result<()> {
    // Only new bytes are filled with zeros.
    buffer.resize(range.len(), 0);
    fill(file, range.start, buffer)
}

/// Appends a range of a file to `buffer`. Reserves no spare memory, because a line may be very long.
fn read_after(file: &File, range: Range<usize>, buffer: &mut Vec<u8>) -> io::Result<()> {
    let before = buffer.len();
    buffer.reserve_exact(range.len());
    buffer.resize(before + range.len(), 0);
    fill(file, range.start, &mut buffer[before..])
}

/// Fills `buffer` with the bytes from `start` on.
fn fill(file: &File, start: usize, buffer: &mut [u8]) -> io::Result<()> {
    let mut done = 0;
    while done < buffer.len() {
        match read_at(file, &mut buffer[done..], (start + done) as u64) {
            Ok(0) => {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file became shorter while it was read"));
            }
            Ok(count) => done += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_copy_goes_to_memory_just_after_its_source() {
        let buffer = vec![0; 1];
        for at in 0..8192 {
            let ahead = bytes_ahead(&buffer, at);
            let after = buffer.as_ptr().addr().wrapping_sub(at.wrapping_sub(ahead)) % 4096;
            assert!(ahead < MAX_AHEAD && !(1..MAX_AHEAD).contains(&after), "{at}: {ahead}, {after}");
        }
    }
}
