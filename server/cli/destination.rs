//! Where the output goes: stdout, or a file that is replaced only when everything is written.

use crate::cli::diff::Look;
use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// The width to assume if there is no terminal.
const COLUMNS: usize = 120;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// Use color on a terminal
    #[default]
    Auto,
    /// Always use color, even in a file or pipe
    Always,
    /// Never use color
    Never,
}

/// A place to write to. A file is only replaced by [`Destination::finish`].
pub struct Destination {
    sink: Sink,
    pub color: bool,
    pub columns: usize,
    terminal: bool,
}

enum Sink {
    /// Stdout, or a special file such as a named pipe, which can't be replaced.
    Stream(BufWriter<Box<dyn Write>>),
    File {
        written: BufWriter<NamedTempFile>,
        path: PathBuf,
    },
}

impl Destination {
    pub fn open(file: Option<&Path>, color: Color) -> io::Result<Self> {
        let Some(path) = file else {
            let stdout = io::stdout();
            let color = match color {
                Color::Auto => AutoStream::choice(&stdout) != ColorChoice::Never,
                chosen => chosen == Color::Always,
            };
            let terminal = stdout.is_terminal();
            let size = if terminal { console::Term::stdout().size_checked() } else { None };
            let columns = size.map_or(COLUMNS, |(_, columns)| columns.into());
            // Without color, write everything unchanged, even escape sequences in the data.
            let stream = if color { AutoStream::always(stdout) } else { AutoStream::always_ansi(stdout) };
            return Ok(Self { sink: Sink::Stream(BufWriter::new(Box::new(stream))), color, columns, terminal });
        };
        let sink = Self::open_file(path).map_err(|error| of_file(path, &error))?;
        Ok(Self { sink, color: color == Color::Always, columns: COLUMNS, terminal: false })
    }

    fn open_file(path: &Path) -> io::Result<Sink> {
        let path = match path.metadata() {
            Ok(metadata) if metadata.is_file() => path.canonicalize()?,
            Ok(_) => return Ok(Sink::Stream(BufWriter::new(Box::new(File::options().write(true).open(path)?)))),
            Err(_) => path.to_path_buf(),
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As for any new file, the user's mask applies.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let file = builder.prefix(".tuning-ls-").tempfile_in(folder)?;
        if let Ok(metadata) = path.metadata() {
            file.as_file().set_permissions(metadata.permissions())?;
        }
        Ok(Sink::File { written: BufWriter::new(file), path })
    }

    /// How a diff looks here.
    pub fn look(&self) -> Look {
        match (self.color, self.terminal) {
            (false, _) => Look::Plain,
            (true, false) => Look::Colored,
            (true, true) => Look::Screen { columns: self.columns },
        }
    }

    /// Whether this is the file at `path`, which would be lost.
    pub fn replaces(&self, path: &Path) -> bool {
        let Sink::File { path: own, .. } = &self.sink else { return false };
        own.canonicalize().is_ok_and(|own| path.canonicalize().is_ok_and(|path| path == own))
    }

    /// Writes what is left, and replaces the file.
    pub fn finish(self) -> io::Result<()> {
        match self.sink {
            Sink::Stream(mut out) => out.flush(),
            Sink::File { written, path } => {
                let file = written.into_inner().map_err(|error| of_file(&path, error.error()))?;
                file.persist(&path).map(drop).map_err(|error| of_file(&path, &error.error))
            }
        }
    }

    fn writer(&mut self) -> &mut dyn Write {
        match &mut self.sink {
            Sink::Stream(out) => out,
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
