//! Reads files, compressed files, pipes and stdin.

use crate::disk::bytes::Reading;
use crate::disk::source::FileText;
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

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
            let unpacked = MultiGzDecoder::new(BufReader::with_capacity(1 << 16, File::open(path)?));
            return spooled(unpacked, reading).map_err(|error| match error.kind() {
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
