//! The bytes of a file: in memory when there are few, else read from disk where they are asked for.

use crate::disk::starts::Starts;
use rayon::prelude::*;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::ops::Range;
use std::time::SystemTime;
use xxhash_rust::xxh3::xxh3_64;

/// How a file is read.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// A file of at most so many bytes is kept in memory.
    pub most_in_memory: usize,
    /// About so many bytes of a larger one are read at once.
    pub block: usize,
    /// Whether it is to be known later if the file has changed meanwhile; costs a digest of all its bytes.
    pub compare: bool,
}

impl Reading {
    /// For looking only: up to 16 MiB in memory, else a MiB at once.
    pub const TO_LOOK: Self = Self { most_in_memory: 16 << 20, block: 1 << 20, compare: false };

    /// For writing the file anew.
    pub const TO_WRITE: Self = Self { compare: true, ..Self::TO_LOOK };
}

/// What tells whether a file is still the one that was read.
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

    /// Of a file as it is now.
    #[must_use]
    pub fn of(metadata: &Metadata) -> Self {
        Self { len: metadata.len(), modified: metadata.modified().ok() }
    }
}

/// The bytes of a file.
#[derive(Debug)]
pub(super) enum Bytes {
    /// All of them.
    Memory(Vec<u8>),
    /// A file that stays open.
    Disk {
        /// The open file.
        file: File,
        /// How many bytes of it count; what is added later does not.
        len: usize,
        /// A digest of each block, when they are to be compared.
        digests: Vec<u64>,
    },
}

impl Bytes {
    /// The bytes of an open file. O(n) when they are kept in memory or are to be compared.
    ///
    /// # Errors
    /// When it cannot be read, or becomes shorter meanwhile.
    pub fn of_file(mut file: File, reading: &Reading) -> io::Result<Self> {
        let len = usize::try_from(file.metadata()?.len()).map_err(|_| io::ErrorKind::FileTooLarge)?;
        if len <= reading.most_in_memory {
            let mut bytes = Vec::with_capacity(len);
            file.read_to_end(&mut bytes)?;
            return Ok(Self::Memory(bytes));
        }
        let mut digests = Vec::new();
        if reading.compare {
            look_at(&file, len, reading.block, digest, |_, digest| digests.push(digest))?;
        }
        Ok(Self::Disk { file, len, digests })
    }

    /// Where lines begin. O(n).
    ///
    /// # Errors
    /// When the bytes cannot be read, or are no longer there.
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
        look_at(file, len, reading.block, starts_of, |at, block| {
            block.iter().for_each(|start| starts.push(at + *start as usize));
        })?;
        starts.shrink();
        Ok(starts)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Memory(bytes) => bytes.len(),
            Self::Disk { len, .. } => *len,
        }
    }

    /// These bytes; `buffer` may be used to hold them.
    ///
    /// # Errors
    /// When they cannot be read, or are no longer there.
    pub fn get<'a>(&'a self, range: Range<usize>, buffer: &'a mut Vec<u8>) -> io::Result<&'a [u8]> {
        match self {
            Self::Memory(bytes) => Ok(bytes.get(range).unwrap_or_default()),
            Self::Disk { file, .. } => {
                read_range(file, range, buffer)?;
                Ok(buffer)
            }
        }
    }

    /// Whether the bytes of `other` are the same as these were when they were read first.
    ///
    /// # Errors
    /// When `other` cannot be read.
    pub fn are_those_of(&self, other: File, reading: &Reading) -> io::Result<bool> {
        if other.metadata()?.len() != self.len() as u64 {
            return Ok(false);
        }
        match self {
            Self::Memory(bytes) => {
                let mut now = Vec::with_capacity(bytes.len());
                let most = bytes.len() as u64 + 1;
                other.take(most).read_to_end(&mut now)?;
                Ok(now == *bytes)
            }
            Self::Disk { len, digests, .. } => {
                let mut now = Vec::with_capacity(digests.len());
                look_at(&other, *len, reading.block, digest, |_, digest| now.push(digest))?;
                Ok(now == *digests)
            }
        }
    }
}

/// Looks at all blocks of a file, and gives where each lies and what was seen in it to `visit`, in order. `look`
/// gets a block with the byte behind it, and its length.
fn look_at<T: Send>(
    file: &File,
    len: usize,
    block: usize,
    look: impl Fn(&[u8], usize) -> T + Sync,
    mut visit: impl FnMut(usize, T),
) -> io::Result<()> {
    /// So many are known at once: what is known of all takes as much memory as what is kept.
    const BLOCKS_AT_ONCE: usize = 32;
    let block = block.max(1);
    let look = |buffer: &mut Vec<u8>, place: usize| {
        let start = place * block;
        let end = (start + block).min(len);
        // Whether a CR at its end ends a line is for the next byte to say.
        read_range(file, start..(end + 1).min(len), buffer)?;
        Ok(look(buffer, end - start))
    };
    let count = len.div_ceil(block);
    for first in (0..count).step_by(BLOCKS_AT_ONCE) {
        let blocks = (first..count.min(first + BLOCKS_AT_ONCE)).into_par_iter();
        let seen: io::Result<Vec<T>> = blocks.map_init(Vec::new, look).collect();
        seen?.into_iter().zip(first..).for_each(|(seen, place)| visit(place * block, seen));
    }
    Ok(())
}

fn digest(block: &[u8], _: usize) -> u64 {
    xxh3_64(block)
}

/// Where lines begin behind the first `len` of these bytes: lines are ended by LF, CRLF or CR.
fn starts_in(bytes: &[u8], len: usize) -> impl Iterator<Item = usize> {
    let (searched, nothing) = (&bytes[..len], &[][..]);
    // To look for one byte takes less, and nearly no text has a CR.
    let has_cr = memchr::memchr(b'\r', searched).is_some();
    let (both, lf) = if has_cr { (searched, nothing) } else { (nothing, searched) };
    let ends = memchr::memchr2_iter(b'\n', b'\r', both).chain(memchr::memchr_iter(b'\n', lf));
    ends.filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n')).map(|at| at + 1)
}

/// Reads the lines that begin in `range`; `buffer` gets their bytes. Gives the byte at which `buffer` begins, where
/// each of the lines does, and where the last of them ends; no places when there is no such line. A line is read
/// on to its end, however long.
///
/// # Errors
/// When the bytes cannot be read, or are no longer there.
pub(super) fn read_lines(
    file: &File,
    len: usize,
    range: Range<usize>,
    buffer: &mut Vec<u8>,
) -> io::Result<(usize, Vec<usize>)> {
    /// Within so many bytes, or as many as the range has, most lines end that go beyond it.
    const BEHIND: usize = 8 << 10;
    // A line end right before the range begins a line in it, one at its end does not, but for the last line.
    let before = range.start.saturating_sub(1);
    let end = if range.end >= len { len } else { range.end - 1 };
    let mut to = range.end.saturating_add(BEHIND.min(range.len())).min(len);
    buffer.reserve((to - before + MOST_AHEAD).saturating_sub(buffer.len()));
    let from = before.saturating_sub(bytes_ahead(buffer, before));
    read_range(file, from..to, buffer)?;
    let mut places: Vec<usize> = if range.start == 0 { vec![0] } else { Vec::new() };
    places.extend(starts_in(&buffer[before - from..], end - before).map(|start| before + start));
    let Some(&last) = places.last() else { return Ok((from, places)) };
    let mut searched = last - from;
    loop {
        let ends = starts_in(&buffer[searched..], buffer.len() - searched);
        // A CR at the end of what was read may be half a line end.
        let next = ends.map(|next| from + searched + next).next().filter(|next| *next < to || to == len);
        if next.is_some() || to == len {
            places.push(next.unwrap_or(len));
            return Ok((from, places));
        }
        searched = buffer.len().saturating_sub(1).max(searched);
        let more = to..(to + buffer.len()).min(len);
        read_behind(file, more.clone(), buffer)?;
        to = more.end;
    }
}

/// More bytes than [`bytes_ahead`] asks for.
const MOST_AHEAD: usize = 32;

/// How many bytes before `at` are to be read into `buffer` too. Where memory lies 1 to 31 bytes behind what is
/// copied to it, as places in their pages, some processors take each load for one of what was just stored, and the
/// copy takes five times as long (seen on Zen 3, with the kernel's `rep movsb`).
fn bytes_ahead(buffer: &[u8], at: usize) -> usize {
    const PAGE: usize = 4096;
    match buffer.as_ptr().addr().wrapping_sub(at) % PAGE {
        behind @ 1..MOST_AHEAD => MOST_AHEAD - behind,
        _ => 0,
    }
}

/// Reads a range of a file into `buffer`, whose memory is used again.
fn read_range(file: &File, range: Range<usize>, buffer: &mut Vec<u8>) -> io::Result<()> {
    // Only what was not there before is filled with zeros.
    buffer.resize(range.len(), 0);
    fill(file, range.start, buffer)
}

/// Reads a range of a file into `buffer`, behind what is there. A line may be very long: no more memory is taken
/// than it needs.
fn read_behind(file: &File, range: Range<usize>, buffer: &mut Vec<u8>) -> io::Result<()> {
    let before = buffer.len();
    buffer.reserve_exact(range.len());
    buffer.resize(before + range.len(), 0);
    fill(file, range.start, &mut buffer[before..])
}

/// Reads as many bytes as there is room for, from `start` on.
fn fill(file: &File, start: usize, buffer: &mut [u8]) -> io::Result<()> {
    let mut done = 0;
    while done < buffer.len() {
        match read_at(file, &mut buffer[done..], (start + done) as u64) {
            Ok(0) => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it became shorter while it was read")),
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
    fn nothing_is_copied_to_memory_a_little_behind_it() {
        let buffer = vec![0; 1];
        for at in 0..8192 {
            let ahead = bytes_ahead(&buffer, at);
            let behind = buffer.as_ptr().addr().wrapping_sub(at.wrapping_sub(ahead)) % 4096;
            assert!(ahead < MOST_AHEAD && !(1..MOST_AHEAD).contains(&behind), "{at}: {ahead}, {behind}");
        }
    }
}
