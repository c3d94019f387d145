//! Where the output goes: stdout, or a file that is replaced only when everything is written.

use crate::cli::diff::Look;
use crate::disk::write::{Draft, reason};
use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

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
    File(Draft),
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
        match path.metadata() {
            Ok(metadata) if !metadata.is_file() => {
                Ok(Sink::Stream(BufWriter::new(Box::new(File::options().write(true).open(path)?))))
            }
            _ => Draft::of(path).map(Sink::File),
        }
    }

    /// How a diff looks here.
    pub fn look(&self) -> Look {
        match (self.color, self.terminal) {
            (false, _) => Look::Plain,
            (true, false) => Look::Colored,
            (true, true) => Look::Screen { columns: self.columns },
        }
    }

    /// Writes what is left, and replaces the file.
    pub fn finish(self) -> io::Result<()> {
        match self.sink {
            Sink::Stream(mut out) => out.flush(),
            Sink::File(draft) => {
                let path = draft.path().to_path_buf();
                draft.finish().map_err(|error| of_file(&path, &error))
            }
        }
    }
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.sink {
            Sink::Stream(out) => out.write(bytes),
            Sink::File(draft) => draft.write(bytes).map_err(|error| of_file(draft.path(), &error)),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Sink::Stream(out) => out.flush(),
            Sink::File(draft) => draft.flush().map_err(|error| of_file(draft.path(), &error)),
        }
    }
}

fn of_file(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {}", path.display(), reason(error)))
}
