//! A reader that gives up on files whose indexes would take too long to read.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

/// The maximum number of bytes to read. Indexes of long recordings have a few megabytes.
const MAX_BYTES: u64 = 256 << 20;

/// The maximum number of steps, so that an index that refers to itself comes to an end.
const MAX_STEPS: u64 = 10_000_000;

/// Reads a file up to a limit, and remembers whether the disk failed.
#[derive(Debug)]
pub(super) struct Limited<R> {
    inner: BufReader<R>,
    position: u64,
    len: u64,
    bytes: u64,
    steps: u64,
    /// Whether reading failed for another reason than the content of the file.
    pub failed: bool,
}

impl<R: Read + Seek> Limited<R> {
    /// Reads from the start of a file of this length.
    pub fn new(inner: R, len: u64) -> Self {
        let inner = BufReader::with_capacity(4 << 10, inner);
        Self { inner, position: 0, len, bytes: 0, steps: 0, failed: false }
    }

    pub fn len(&self) -> u64 {
        self.len
    }

    fn step(&mut self) -> io::Result<()> {
        self.steps += 1;
        if self.steps > MAX_STEPS || self.bytes > MAX_BYTES {
            return Err(io::Error::other("its index is too large, or refers to itself"));
        }
        Ok(())
    }

    fn noted<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        self.failed |= result.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::UnexpectedEof);
        result
    }
}

impl<R: Read + Seek> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.step()?;
        let read = self.inner.read(buffer);
        let read = self.noted(read)?;
        self.position += read as u64;
        self.bytes += read as u64;
        Ok(read)
    }
}

impl<R: Read + Seek> BufRead for Limited<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.step()?;
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.position += amount as u64;
        self.bytes += amount as u64;
        self.inner.consume(amount);
    }
}

impl<R: Read + Seek> Seek for Limited<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.step()?;
        let target = match to {
            SeekFrom::Start(target) => Some(target),
            SeekFrom::End(offset) => self.len.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        let outside = || io::Error::new(io::ErrorKind::InvalidInput, "it refers to a place outside of the file");
        let target = target.filter(|target| i64::try_from(*target).is_ok()).ok_or_else(outside)?;
        // Stays in the buffer if it can.
        let distance = i64::try_from(i128::from(target) - i128::from(self.position)).map_err(|_| outside())?;
        let moved = self.inner.seek_relative(distance);
        self.noted(moved)?;
        self.position = target;
        Ok(target)
    }
}
