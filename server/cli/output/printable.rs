//! Makes text from data safe for a terminal, so that it can't move the cursor or change the text direction, and for the log of a
//! CI service, so that it isn't a command there.

use crate::rules::secrets;
use std::borrow::Cow;
use std::fmt::Write;
use std::io;

/// Whether a terminal might interpret the character as a command, or reorder the text after it, or XML doesn't allow it.
#[must_use]
pub fn is_harmful(letter: char) -> bool {
    letter.is_control()
        || is_line_separator(letter)
        || is_direction(letter)
        || matches!(letter, '\u{FFFE}' | '\u{FFFF}')
}

fn is_line_separator(letter: char) -> bool {
    matches!(letter, '\u{2028}' | '\u{2029}')
}

/// Whether this is an invisible control character of the Unicode bidirectional algorithm.
fn is_direction(letter: char) -> bool {
    matches!(letter, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether a text begins with what a CI service obeys anywhere in a line: `##[add-mask]` (GitHub), `##vso[…]` (Azure Pipelines)
/// or `##teamcity[…]`.
#[must_use]
pub fn is_command(text: &str) -> bool {
    const LONGEST: usize = "##teamcity[".len();
    let text = &text[..text.floor_char_boundary(LONGEST)];
    let named =
        text.strip_prefix("##").map(|text| text.trim_start_matches(|letter: char| letter.is_ascii_alphabetic()));
    named.is_some_and(|text| text.starts_with('['))
}

/// Whether a line begins with a command of GitHub, such as `::error::x`.
fn is_command_of_line(line: &str) -> bool {
    line.trim_start().starts_with("::")
}

/// Replaces harmful characters with escapes such as `\u{1b}`, and the first character of a command. `text` may be the start
/// of a line.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains("##") && !is_command_of_line(text) {
        return without_harm(text);
    }
    let command = is_command_of_line(text).then(|| text.len() - text.trim_start().len());
    let begins = |at: usize| command == Some(at) || is_command(&text[at..]);
    let mut shown = String::with_capacity(text.len() + 8);
    let mut kept = 0;
    for (at, letter) in text.char_indices().filter(|(at, _)| begins(*at)) {
        let _ = write!(shown, "{}{}", &text[kept..at], letter.escape_unicode());
        kept = at + letter.len_utf8();
    }
    shown.push_str(&text[kept..]);
    Cow::Owned(without_harm(&shown).into_owned())
}

/// Replaces harmful characters with escapes. This is for text inside a command, where no other command can begin.
#[must_use]
pub fn without_harm(text: &str) -> Cow<'_, str> {
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if is_harmful(letter) {
            let _ = write!(shown, "{}", letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    Cow::Owned(shown)
}

/// Writes sentences for people: harmful characters as escapes, and no secrets. Each piece must be whole characters.
#[derive(Debug)]
pub struct Printable<W>(pub W);

impl<W: io::Write> io::Write for Printable<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let text = secrets::masked(&text);
        for (place, line) in text.split('\n').enumerate() {
            if place > 0 {
                self.0.write_all(b"\n")?;
            }
            self.0.write_all(printable(line).as_bytes())?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Writes JSON with escapes for harmful characters and for the first one of a command. Each piece must be whole characters.
#[derive(Debug)]
pub struct PrintableJson<W>(pub W);

impl<W: io::Write> io::Write for PrintableJson<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let is_plain = |byte: &u8| (b' '..0x7F).contains(byte) && *byte != b'#' || *byte == b'\n';
        if bytes.iter().all(is_plain) {
            self.0.write_all(bytes)?;
            return Ok(bytes.len());
        }
        let text = String::from_utf8_lossy(bytes);
        // Control characters of ASCII are escaped already, but for DEL, and the line breaks between values.
        let is_escaped = |at: usize, letter: char| letter != '\n' && (is_harmful(letter) || is_command(&text[at..]));
        let mut kept = 0;
        for (at, letter) in text.char_indices().filter(|(at, letter)| is_escaped(*at, *letter)) {
            write!(self.0, "{}\\u{:04x}", &text[kept..at], u32::from(letter))?;
            kept = at + letter.len_utf8();
        }
        self.0.write_all(&text.as_bytes()[kept..])?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A harmless character to show for `letter` where columns must not shift: a control picture for an ASCII control
/// character, and U+FFFD for another harmful one.
#[must_use]
pub fn picture(letter: char) -> char {
    match letter {
        '\0'..='\x1F' => char::from_u32(0x2400 + u32::from(letter)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\x7F' => '\u{2421}',
        letter if is_harmful(letter) => char::REPLACEMENT_CHARACTER,
        letter => letter,
    }
}
