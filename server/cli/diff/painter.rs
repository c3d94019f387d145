//! Writes the lines of a diff: unchanged, in color, or for a screen.

use super::words::{Piece, cut, pieces};
use crate::cli::output::printable::picture;
use annotate_snippets::renderer::{AnsiColor, Style};
use std::io::{self, Write};

/// A screen shows this many old and new lines as one old and one new line if they can't be paired.
const MAX_TOGETHER: usize = 4;

const NO_NEWLINE: &[u8] = b"\\ No newline at end of file\n";

/// How a diff looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// A patch.
    Plain,
    /// A patch in color: without the color, it is the same.
    Colored,
    /// Color, marked words, and long lines cut to the places that change, for a terminal.
    Screen {
        /// Its width.
        columns: usize,
    },
}

/// Writes the lines of a diff.
pub(super) struct Painter<'a> {
    pub look: Look,
    pub out: &'a mut dyn Write,
}

#[derive(Clone, Copy)]
enum Sign {
    Same,
    Old,
    New,
}

impl Sign {
    fn letter(self) -> char {
        match self {
            Self::Same => ' ',
            Self::Old => '-',
            Self::New => '+',
        }
    }

    fn style(self) -> Style {
        match self {
            Self::Same => Style::new(),
            Self::Old => AnsiColor::Red.on_default(),
            Self::New => AnsiColor::Green.on_default(),
        }
    }
}

impl Painter<'_> {
    /// Writes the lines before the first hunk. `name` is quoted as `patch` expects it.
    pub fn header(&mut self, name: &str) -> io::Result<()> {
        self.styled(Style::new().bold(), &format!("--- {name}"))?;
        self.styled(Style::new().bold(), &format!("+++ {name}"))
    }

    /// Writes the first line of a hunk.
    pub fn hunk(&mut self, line: &str) -> io::Result<()> {
        self.styled(AnsiColor::Cyan.on_default(), line)
    }

    fn styled(&mut self, style: Style, line: &str) -> io::Result<()> {
        let style = if self.look == Look::Plain { Style::new() } else { style };
        writeln!(self.out, "{style}{line}{style:#}")
    }

    /// Writes lines that stay.
    pub fn context(&mut self, text: &[u8]) -> io::Result<()> {
        self.lines(Sign::Same, text)
    }

    /// Writes lines that are replaced by others. A screen shows each line next to the one that replaces it, if there are
    /// as many, perhaps without blank lines.
    pub fn change(&mut self, old: &[u8], new: &[u8]) -> io::Result<()> {
        if let Look::Screen { columns } = self.look {
            let (mut after, count) = (lines(new).peekable(), lines(new).count());
            let keeps_blank = lines(old).count() == count;
            let is_kept = |line: &&[u8]| keeps_blank || !line.trim_ascii().is_empty();
            if lines(old).filter(is_kept).count() == count {
                return lines(old).try_for_each(|old| match after.next_if(|_| is_kept(&old)) {
                    Some(new) => self.pair(old, new, columns),
                    None => self.lines(Sign::Old, old),
                });
            }
            // A line that is split, or a few that are joined: the line breaks are marked.
            if !old.is_empty() && !new.is_empty() && lines(old).count() + count <= MAX_TOGETHER {
                return self.pair(old, new, columns);
            }
        }
        self.lines(Sign::Old, old)?;
        self.lines(Sign::New, new)
    }

    fn lines(&mut self, sign: Sign, text: &[u8]) -> io::Result<()> {
        for line in lines(text) {
            let body = line.strip_suffix(b"\n").unwrap_or(line);
            match self.look {
                Look::Plain => {
                    write!(self.out, "{}", sign.letter())?;
                    self.out.write_all(body)?;
                }
                Look::Colored => {
                    let style = sign.style();
                    write!(self.out, "{style}{}", sign.letter())?;
                    self.out.write_all(body)?;
                    write!(self.out, "{style:#}")?;
                }
                Look::Screen { columns } => {
                    let body = String::from_utf8_lossy(body.strip_suffix(b"\r").unwrap_or(body));
                    let style = sign.style();
                    let shown = cut(&body, columns.saturating_sub(1));
                    write!(self.out, "{style}{}{}{style:#}", sign.letter(), harmless(&shown))?;
                }
            }
            self.end(line)?;
        }
        Ok(())
    }

    /// Writes a line and the one that replaces it, with the changed words marked.
    fn pair(&mut self, old: &[u8], new: &[u8], columns: usize) -> io::Result<()> {
        let body = |line: &[u8]| String::from_utf8_lossy(line.strip_suffix(b"\n").unwrap_or(line)).into_owned();
        let (before, after) = (body(old), body(new));
        let (mut texts, both) =
            ((before.as_str(), after.as_str()), (before.strip_suffix('\r'), after.strip_suffix('\r')));
        if let (Some(before), Some(after)) = both {
            texts = (before, after);
        }
        let (before, after) = pieces(texts.0, texts.1, columns.saturating_sub(1));
        self.marked(Sign::Old, &before)?;
        self.end(old)?;
        self.marked(Sign::New, &after)?;
        self.end(new)
    }

    fn marked(&mut self, sign: Sign, pieces: &[Piece<'_>]) -> io::Result<()> {
        let style = sign.style();
        write!(self.out, "{style}{}{style:#}", sign.letter())?;
        for Piece { text, changed } in pieces {
            let style = if *changed { style.invert() } else { style };
            write!(self.out, "{style}{}{style:#}", harmless(text))?;
        }
        Ok(())
    }

    fn end(&mut self, line: &[u8]) -> io::Result<()> {
        self.out.write_all(b"\n")?;
        if line.ends_with(b"\n") { Ok(()) } else { self.out.write_all(NO_NEWLINE) }
    }
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split_inclusive(|byte| *byte == b'\n')
}

/// The text without characters that a terminal would obey.
fn harmless(text: &str) -> String {
    text.chars().map(picture).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn shows(old: &str, new: &str, expected: &str) {
        let mut out = Vec::new();
        let mut painter = Painter { look: Look::Screen { columns: 30 }, out: &mut out };
        painter.change(old.as_bytes(), new.as_bytes()).expect("a vector takes everything");
        let shown = anstream::adapter::strip_bytes(&out).into_vec();
        assert_eq!(String::from_utf8(shown).expect("it is text"), expected);
    }

    #[test]
    fn each_line_is_next_to_the_one_that_replaces_it() {
        shows("a,\nb,\n", "a\nb\n", "-a,\n+a\n-b,\n+b\n");
        shows("\na,\n  \nb,\n", "a\nb\n", "-\n-a,\n+a\n-  \n-b,\n+b\n");
        shows("\na\n", "b\na\n", "-\n+b\n-a\n+a\n");
    }

    #[test]
    fn lines_without_a_counterpart_are_cut() {
        let long = "x".repeat(100);
        let cut = format!("{}…", "x".repeat(28));
        let few = format!("-{cut}\n-a\n-b\n-c\n+d\n\\ No newline at end of file\n");
        shows(&format!("{long}\na\nb\nc\n"), "d", &few);
    }

    #[test]
    fn a_line_that_is_split_shows_where() {
        shows("{a}{b}\n", "{a}\n{b}\n", "-{a}{b}\n+{a}␊{b}\n");
        let long = "x ".repeat(50);
        let side = "x ".repeat(8);
        let shown = format!("-…{side}{side}…\n+…{side}␊{side}…\n");
        shows(&format!("{long}{long}\n"), &format!("{long}\n{long}\n"), &shown);
    }

    #[test]
    fn a_terminal_gets_no_harmful_characters_and_no_final_cr() {
        shows("a\u{1b}[2J\r\n", "b\r\n", "-a␛[2J\n+b\n");
        shows("a\r\n", "a\n", "-a␍\n+a\n");
    }
}
