//! Reads files, compressed files, pipes and stdin.

use crate::disk::bytes::Reading;
use crate::disk::source::FileText;
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// The most bytes of a file with settings, a baseline or a manifest. A larger one is probably another file.
pub const MAX_TEXT: u64 = 256 << 20;

/// An input of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file.
    File(PathBuf),
    /// Stdin.
    Stdin {
        /// Its name in messages.
        name: String,
    },
}

impl Input {
    /// The name in findings and messages.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Stdin { name } => name.clone(),
        }
    }

    /// The path in the output.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::File(path) => path,
            Self::Stdin { name } => Path::new(name),
        }
    }

    /// The file that can be replaced; `None` for stdin and pipes.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            // A file that no longer exists is not a pipe.
            Self::File(path) if path.metadata().is_ok_and(|metadata| !metadata.is_file()) => None,
            Self::File(path) => Some(path),
            Self::Stdin { .. } => None,
        }
    }

    /// Whether the name says that the file is compressed.
    #[must_use]
    pub fn is_compressed(&self) -> bool {
        let Self::File(path) = self else { return false };
        path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"))
    }

    /// Reads the text. Text from stdin, a pipe or a compressed file is kept in memory, or in a temporary file if it is
    /// large.
    ///
    /// # Errors
    /// A sentence for the user that begins with the name.
    pub fn read(&self, reading: &Reading) -> Result<FileText, String> {
        self.text(reading).map_err(|error| format!("{}: {}", self.name(), sentence(&error)))
    }

    fn text(&self, reading: &Reading) -> io::Result<FileText> {
        let path = match self {
            Self::Stdin { .. } => return spooled(io::stdin().lock(), reading),
            Self::File(path) => path,
        };
        let kind = std::fs::metadata(path)?.file_type();
        if kind.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if !kind.is_file() && is_device(kind) {
            return Err(io::Error::other("this is a device, not a file"));
        }
        if self.is_compressed() {
            let packed = File::open(path)?;
            let left = packed.metadata()?.len().saturating_mul(MAX_RATIO).max(MAX_UNPACKED);
            let mut packed = BufReader::with_capacity(1 << 16, packed);
            if !packed.fill_buf()?.starts_with(&GZIP) {
                return Err(io::Error::other("the name ends in .gz, but the file is not compressed with gzip"));
            }
            let unpacked = MultiGzDecoder::new(packed);
            return spooled(Bounded { inner: unpacked, left }, reading).map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => io::Error::other("the gzip file is incomplete"),
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
                    io::Error::other(format!("the gzip file is invalid: {error}"))
                }
                _ => error,
            });
        }
        if kind.is_file() { FileText::open(path, reading) } else { spooled(File::open(path)?, reading) }
    }
}

/// Reads a small text file, such as one with settings.
///
/// # Errors
/// A sentence for the user: it is larger than [`MAX_TEXT`], is not a file, is not UTF-8, or cannot be read.
pub fn read_text(path: &Path) -> Result<String, String> {
    let metadata = path.metadata().map_err(|error| sentence(&error))?;
    if metadata.is_dir() {
        return Err(sentence(&io::ErrorKind::IsADirectory.into()));
    }
    // Opening a named pipe would wait for its writer.
    if !metadata.is_file() {
        return Err("this is not a file".to_owned());
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_TEXT + 1).read_to_end(&mut bytes));
    read.map_err(|error| sentence(&error))?;
    if bytes.len() as u64 > MAX_TEXT {
        return Err(format!("it is larger than {} MiB", MAX_TEXT >> 20));
    }
    String::from_utf8(bytes).map_err(|_| "the file is not UTF-8".to_owned())
}

/// The first bytes of a compressed file.
const GZIP: [u8; 2] = [0x1F, 0x8B];

/// A text of more unpacked bytes must not be more than [`MAX_RATIO`] times as long as the compressed file.
const MAX_UNPACKED: u64 = 1 << 30;

/// JSON Lines seldom become more than 50 times shorter.
const MAX_RATIO: u64 = 200;

/// Reads at most some bytes, and fails if there are more.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| {
            io::Error::other(format!("the gzip file becomes more than {MAX_RATIO} times as long; unpack it first"))
        })?;
        Ok(count)
    }
}

/// Copies a stream, which can be read only once.
fn spooled(mut stream: impl Read, reading: &Reading) -> io::Result<FileText> {
    FileText::written(reading, |out| io::copy(&mut stream, out).map(|_| ()))
}

#[cfg(unix)]
fn is_device(kind: std::fs::FileType) -> bool {
    use std::os::unix::fs::FileTypeExt;
    kind.is_char_device() || kind.is_block_device()
}

#[cfg(not(unix))]
fn is_device(_: std::fs::FileType) -> bool {
    false
}

/// Describes an error of reading a file to the user.
#[must_use]
pub fn sentence(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "this is a folder, not a file".to_owned(),
        io::ErrorKind::StorageFull => "no space left on the disk for a temporary copy".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_read_up_to_its_bound() {
        let read = |left| io::copy(&mut Bounded { inner: &b"12345"[..], left }, &mut io::sink());
        assert_eq!(read(5).ok(), Some(5));
        assert!(read(4).unwrap_err().to_string().contains("unpack it first"));
        let mut endless = Bounded { inner: io::repeat(0), left: 1 << 20 };
        assert!(io::copy(&mut endless, &mut io::sink()).is_err());
    }
}
