//! Reads a rule page into blocks: the text of each, and its marks.

use crate::support::frames::{Frame, frame};
use crate::support::manifest;
use std::ops::Range;
use std::path::Path;
use tuning_ls::settings::MediaFacts;

/// What is expected of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Exactly the marked findings.
    Firing,
    /// No finding at all.
    Clean,
    /// The firing block before it, after the fixes.
    Fixed,
}

/// A mark: carets under a line, and the finding that they describe.
#[derive(Clone, Debug)]
pub struct Mark {
    /// The line of the page, 1-based.
    pub line: usize,
    /// The marked range in the block's text, in bytes.
    pub bytes: Range<usize>,
    /// Whether the span may continue on the next line of a pretty-printed record.
    pub open: bool,
    /// The code in brackets.
    pub code: String,
    /// What the message must contain; can be empty.
    pub message: String,
}

/// A line of the page that belongs to a block's text.
#[derive(Clone, Debug)]
pub struct Row {
    /// The line of the page, 1-based.
    pub line: usize,
    /// The offset in the block's text for each character of the line, and for its end.
    pub bytes: Vec<usize>,
    /// The number of characters of indentation, which is left out.
    pub indentation: usize,
}

impl Row {
    /// The column of an offset in the block's text; the end of the line if the offset is after it.
    pub fn column(&self, byte: usize) -> usize {
        self.bytes.partition_point(|&at| at < byte).clamp(self.indentation, self.bytes.len() - 1)
    }
}

/// The language of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// The text of a dataset.
    JsonLines,
    /// The text of a `tuning-ls.toml`.
    Toml,
}

/// A fenced block of the page.
#[derive(Clone, Debug)]
pub struct Block {
    pub language: Language,
    /// The line of its fence, 1-based.
    pub line: usize,
    pub kind: Kind,
    /// The text of the file.
    pub text: Vec<u8>,
    /// The marks, in the order of the page.
    pub marks: Vec<Mark>,
    /// The lines of the page that the text comes from.
    pub rows: Vec<Row>,
    /// The range of the copies that `repeat` made. They are not on the page.
    pub copies: Range<usize>,
    /// The settings of the block, as JSON.
    pub settings: Option<String>,
    /// What is known about media files.
    pub media: Option<MediaFacts>,
    /// The file name, if the block is the second file of a dataset.
    pub file: Option<String>,
}

/// A rule page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The file name without its extension, which must be a rule's code.
    pub code: String,
    /// The whole text.
    pub text: String,
    /// The JSON Lines and TOML blocks.
    pub blocks: Vec<Block>,
    /// Mistakes in the page itself.
    pub problems: Vec<String>,
}

/// The words after ```` ```jsonl ````.
#[derive(Debug, Default)]
struct Words {
    kind: Option<Kind>,
    record: bool,
    frame: Option<Frame>,
    escaped: bool,
    no_newline: bool,
    repeat: usize,
    named: bool,
    file: Option<String>,
}

impl Page {
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(path: &Path) -> std::io::Result<Self> {
        let code = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let text = std::fs::read_to_string(path)?;
        let mut page = Self { code, text: text.clone(), blocks: Vec::new(), problems: Vec::new() };
        let (mut settings, mut media) = (None, None);
        let mut lines = (1..).zip(text.lines());
        while let Some((line, info)) = lines.next() {
            let Some(info) = info.strip_prefix("```") else { continue };
            let mut inside = Vec::new();
            let closed = loop {
                match lines.next() {
                    Some((_, "```")) => break true,
                    Some(row) => inside.push(row),
                    None => break false,
                }
            };
            if !closed {
                page.problem(line, "the block is not closed");
            }
            let (language, words) = info.split_once(' ').unwrap_or((info, ""));
            match (language, words.trim()) {
                ("json", "settings") => {
                    settings = Some(inside.iter().map(|(_, text)| *text).collect::<Vec<_>>().join("\n"));
                }
                ("csv", words) => {
                    let rows: Vec<_> = inside.iter().map(|(_, row)| *row).collect();
                    match manifest::read(&rows, words) {
                        Ok(facts) => media = Some(facts),
                        Err(problem) => page.problem(line, &problem),
                    }
                }
                ("jsonl" | "toml", words) => {
                    let language = if language == "toml" { Language::Toml } else { Language::JsonLines };
                    match Words::read(words) {
                        Ok(words) => {
                            let named = words.named.then(|| r#"{"named": true}"#.to_owned());
                            let mut block = page.block(language, line, &words, &inside);
                            (block.settings, block.media) = (settings.take().or(named), media.take());
                            page.blocks.push(block);
                        }
                        Err(problem) => page.problem(line, &problem),
                    }
                }
                _ => {}
            }
        }
        if settings.is_some() || media.is_some() {
            page.problem(1, "the last settings or manifest block has no block after it");
        }
        Ok(page)
    }

    fn problem(&mut self, line: usize, problem: &str) {
        self.problems.push(format!("fixtures/rules/{}.md:{line}: {problem}", self.code));
    }

    fn block(&mut self, language: Language, line: usize, words: &Words, inside: &[(usize, &str)]) -> Block {
        let mut block = Block {
            language,
            line,
            kind: words.kind.unwrap_or(Kind::Firing),
            text: Vec::new(),
            marks: Vec::new(),
            rows: Vec::new(),
            copies: 0..0,
            settings: None,
            media: None,
            file: words.file.clone(),
        };
        let mut copies_wanted = words.repeat > 1;
        let mut in_record = false;
        for &(line, text) in inside {
            if is_marks(text) {
                match block.rows.last().map(|row| marks(line, text, row, words)) {
                    Some(Ok(mut marks)) => block.marks.append(&mut marks),
                    Some(Err(problem)) => self.problem(line, &problem),
                    None => self.problem(line, "a mark without a line above it"),
                }
                continue;
            }
            let ends_record = words.record && text.trim().is_empty();
            if ends_record && in_record {
                block.close(words);
            }
            if !in_record && !ends_record {
                block.open(words);
            }
            if words.record && in_record && !ends_record {
                // The pretty-printed record continues, so there is no line end.
                block.text.pop();
            }
            // Copy once the first record or line is complete.
            if copies_wanted && !block.rows.is_empty() && (!words.record || ends_record) {
                block.copy(words.repeat);
                copies_wanted = false;
            }
            in_record = !ends_record;
            if !ends_record {
                block.append(line, text, words);
            }
        }
        if in_record {
            block.close(words);
        }
        if copies_wanted {
            block.copy(words.repeat);
        }
        if words.no_newline {
            block.text.pop();
        }
        block
    }
}

impl Block {
    /// Adds a line of the page, with a line end.
    fn append(&mut self, line: usize, text: &str, words: &Words) {
        let start = if words.record { text.chars().take_while(|letter| *letter == ' ').count() } else { 0 };
        let mut bytes = vec![self.text.len(); start];
        let mut rest = &text[start..];
        while let Some(letter) = rest.chars().next() {
            let (len, unit) = if words.escaped { unit(rest) } else { None }
                .unwrap_or_else(|| (letter.len_utf8(), letter.to_string().into_bytes()));
            bytes.extend(std::iter::repeat_n(self.text.len(), rest[..len].chars().count()));
            self.text.extend(unit);
            rest = &rest[len..];
        }
        bytes.push(self.text.len());
        self.text.push(b'\n');
        self.rows.push(Row { line, bytes, indentation: start });
    }

    /// Starts the frame around a fragment.
    fn open(&mut self, words: &Words) {
        if let Some(frame) = words.frame {
            self.text.extend(frame.before.bytes());
        }
    }

    /// Ends the frame around a fragment.
    fn close(&mut self, words: &Words) {
        if let Some(frame) = words.frame {
            self.text.pop();
            self.text.extend(frame.after.bytes());
            self.text.push(b'\n');
        }
    }

    /// Repeats the text so far, so that there are `count` copies of it.
    fn copy(&mut self, count: usize) {
        let (start, copy) = (self.text.len(), self.text.clone());
        for _ in 1..count {
            self.text.extend(&copy);
        }
        self.copies = start..self.text.len();
    }
}

impl Words {
    fn read(text: &str) -> Result<Self, String> {
        let mut words = Self { repeat: 1, ..Self::default() };
        for word in text.split_whitespace() {
            match word {
                "clean" => words.kind = Some(Kind::Clean),
                "fixed" => words.kind = Some(Kind::Fixed),
                "record" => words.record = true,
                "escaped" => words.escaped = true,
                "no-newline" => words.no_newline = true,
                "named" => words.named = true,
                _ => match word.split_once('=') {
                    Some(("repeat", count)) => {
                        words.repeat = count.parse().map_err(|_| format!("`{word}` needs a number"))?;
                    }
                    Some(("file", name)) => words.file = Some(name.to_owned()),
                    Some(("in", name)) => {
                        words.record = true;
                        words.frame = Some(frame(name).ok_or_else(|| format!("there is no frame `{name}`"))?);
                    }
                    _ => return Err(format!("`{word}` is not a word of a block")),
                },
            }
        }
        Ok(words)
    }
}

/// The escape at the start of `text`: its length and its bytes. The only JSON escape that counts is `\r`.
fn unit(text: &str) -> Option<(usize, Vec<u8>)> {
    if text.starts_with("\\r") {
        return Some((2, vec![b'\r']));
    }
    let (byte, hex) = match text.strip_prefix("\\x{") {
        Some(hex) => (true, hex),
        None => (false, text.strip_prefix("\\u{")?),
    };
    let (hex, _) = hex.split_once('}')?;
    let number = u32::from_str_radix(hex, 16).ok()?;
    let bytes = if byte { vec![u8::try_from(number).ok()?] } else { char::from_u32(number)?.to_string().into_bytes() };
    Some((hex.len() + 4, bytes))
}

/// Whether a line of a block has marks.
fn is_marks(text: &str) -> bool {
    text.trim_start_matches(' ').starts_with('^')
}

/// The marks in a line of carets under `row`.
fn marks(line: usize, text: &str, row: &Row, words: &Words) -> Result<Vec<Mark>, String> {
    let wrong = "a mark is spaces, carets and `[code]`, then text that the message must contain";
    let (carets, rest) = text.split_once('[').ok_or(wrong)?;
    let (code, message) = rest.split_once(']').ok_or(wrong)?;
    if !carets.bytes().all(|byte| matches!(byte, b' ' | b'^')) {
        return Err(wrong.to_owned());
    }
    let end_of_line = row.bytes.len() - 1;
    let mut marks = Vec::new();
    let mut at = 0;
    for run in carets.split(' ') {
        let (start, end) = (at, at + run.len());
        at = end + 1;
        if run.is_empty() {
            continue;
        }
        if start > end_of_line {
            return Err(format!("the carets at column {} are after the end of their line", start + 1));
        }
        let byte_at = |column: usize| row.bytes[column.min(end_of_line)];
        marks.push(Mark {
            line,
            bytes: byte_at(start)..byte_at(end),
            open: words.record && end == end_of_line,
            code: code.to_owned(),
            message: message.trim().to_owned(),
        });
    }
    Ok(marks)
}
