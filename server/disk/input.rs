//! Something to read, and how its text is got: a file, a compressed one, a pipe.

use crate::disk::bytes::Reading;
use crate::disk::source::FileText;
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

/// Something to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file.
    File(PathBuf),
    /// What comes in on stdin.
    Stdin {
        /// What it is called.
        name: String,
    },
}

impl Input {
    /// What it is called in findings and messages.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Stdin { name } => name.clone(),
        }
    }

    /// The path that stands for it in the output.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::File(path) => path,
            Self::Stdin { name } => Path::new(name),
        }
    }

    /// The file that can be written anew: not of stdin, nor of a pipe.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            // One that is gone by now is no pipe either.
            Self::File(path) if path.metadata().is_ok_and(|metadata| !metadata.is_file()) => None,
            Self::File(path) => Some(path),
            Self::Stdin { .. } => None,
        }
    }

    /// Whether its text is compressed, by its name.
    #[must_use]
    pub fn is_compressed(&self) -> bool {
        let Self::File(path) = self else { return false };
        path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"))
    }

    /// Reads it. What does not come from a regular file, or is compressed, is kept in memory, or in a file
    /// without a name when it is large.
    ///
    /// # Errors
    /// A sentence for the user, which begins with its name.
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
            return Err(io::Error::other("it is a device, not a file"));
        }
        if self.is_compressed() {
            let unpacked = MultiGzDecoder::new(BufReader::with_capacity(1 << 16, File::open(path)?));
            return spooled(unpacked, reading).map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => io::Error::other("it is not a whole gzip file: it ends too early"),
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
                    io::Error::other(format!("it is not a sound gzip file: {error}"))
                }
                _ => error,
            });
        }
        if kind.is_file() { FileText::open(path, reading) } else { spooled(File::open(path)?, reading) }
    }
}

/// The text of a stream that can be read only once.
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

/// What went wrong with a file, for the user.
#[must_use]
pub fn sentence(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "there is no permission to read it".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::StorageFull => "there is no room on the disk for a temporary copy".to_owned(),
        _ => error.to_string(),
    }
}
