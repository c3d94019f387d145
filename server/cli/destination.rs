//! Where the output goes: stdout, or a file that is replaced only when all of it has been written.

use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Columns that are taken for granted where there is no terminal.
const COLUMNS: usize = 120;

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal
    #[default]
    Auto,
    /// Always, also into a file or a pipe
    Always,
    /// Never
    Never,
}

/// A place to write to. Nothing is kept that was written to a file unless [`Destination::finish`] is
/// called.
#[derive(Debug)]
pub struct Destination {
    sink: Sink,
    /// Whether colour may be used.
    pub color: bool,
    /// How many columns there are.
    pub columns: usize,
}

#[derive(Debug)]
enum Sink {
    Stdout(BufWriter<AutoStream<io::Stdout>>),
    /// What is no regular file, such as a named pipe, cannot be replaced.
    Device(BufWriter<File>),
    File {
        written: BufWriter<NamedTempFile>,
        path: PathBuf,
    },
}

impl Destination {
    /// Opens `file`, or stdout.
    ///
    /// # Errors
    /// The file cannot be made; the error names it.
    pub fn open(file: Option<&Path>, color: Color) -> io::Result<Self> {
        let Some(path) = file else {
            let stdout = io::stdout();
            let color = match color {
                Color::Auto => AutoStream::choice(&stdout) != ColorChoice::Never,
                chosen => chosen == Color::Always,
            };
            let columns = stdout
                .is_terminal()
                .then(|| console::Term::stdout().size_checked())
                .flatten()
                .map_or(COLUMNS, |(_, columns)| columns.into());
            // Without colour nothing is to be taken out, whatever stands in the data.
            let stream = if color { AutoStream::always(stdout) } else { AutoStream::always_ansi(stdout) };
            return Ok(Self { sink: Sink::Stdout(BufWriter::new(stream)), color, columns });
        };
        let sink = Self::open_file(path).map_err(|error| of_file(path, &error))?;
        Ok(Self { sink, color: color == Color::Always, columns: COLUMNS })
    }

    fn open_file(path: &Path) -> io::Result<Sink> {
        let path = match path.metadata() {
            Ok(metadata) if metadata.is_file() => path.canonicalize()?,
            Ok(_) => return Ok(Sink::Device(BufWriter::new(File::options().write(true).open(path)?))),
            Err(_) => path.to_path_buf(),
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As of any new file: less the user's mask.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let file = builder.prefix(".tuning-ls-").tempfile_in(folder)?;
        if let Ok(metadata) = path.metadata() {
            file.as_file().set_permissions(metadata.permissions())?;
        }
        Ok(Sink::File { written: BufWriter::new(file), path })
    }

    /// Whether this is the file at `path`, whose text would be lost.
    #[must_use]
    pub fn replaces(&self, path: &Path) -> bool {
        let Sink::File { path: own, .. } = &self.sink else { return false };
        own.canonicalize().is_ok_and(|own| path.canonicalize().is_ok_and(|path| path == own))
    }

    /// Writes what is left, and puts the file in its place.
    ///
    /// # Errors
    /// Of writing.
    pub fn finish(self) -> io::Result<()> {
        match self.sink {
            Sink::Stdout(mut out) => out.flush(),
            Sink::Device(mut out) => out.flush(),
            Sink::File { written, path } => {
                let file = written.into_inner().map_err(|error| of_file(&path, error.error()))?;
                file.persist(&path).map(drop).map_err(|error| of_file(&path, &error.error))
            }
        }
    }

    fn writer(&mut self) -> &mut dyn Write {
        match &mut self.sink {
            Sink::Stdout(out) => out,
            Sink::Device(out) => out,
            Sink::File { written, .. } => written,
        }
    }
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer().flush()
    }
}

fn of_file(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
